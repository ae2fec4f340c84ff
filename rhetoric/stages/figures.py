"""Figures of speech: question, list, contrast, repetition, parallel, metaphor. Definitions: the codebook.

Two witnesses are joined. Rules see words (`rhetoric.stages.devices`): they say where a figure is and which words make
it. The reader's encoder gives the probability that a sentence has a figure. A sentence in which a rule fired needs less
of it than one without (`THRESHOLDS`); a reader without an encoder leaves the rules alone. Metaphor needs meaning: only
the encoder finds it. Hyperbole is found by neither (F1 below 0.1) and not declared. A sentence has each figure at most
once; every sentence of a run is marked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rhetoric.codebook import FIGURES
from rhetoric.codes import corrected
from rhetoric.stages.devices import (
    Line,
    Mark,
    contrasts,
    is_content,
    lines_of,
    lists,
    model_mark,
    parallels,
    questions,
    repeats,
    whole_sentence,
)
from rhetoric.types import Finding, Metric, Option, Speech, Stage, StageResult

RULES = {"question": questions.find, "list": lists.find, "contrast": contrasts.find, "repetition": repeats.find,
         "parallel": parallels.find}
LABELS = (*RULES, "metaphor")
METRICS = tuple(f"figure_{label}" for label in LABELS)
_SHOWN_CHARACTERS = 60

NEVER = 2.0  # no probability reaches it
THRESHOLDS: dict[str, dict[str, tuple[float, float]]] = {
    language: {label: (float(pair[0]), float(pair[1])) for label, pair in labels.items()}
    for language, labels in json.loads(
        (Path(__file__).parent / "devices" / "thresholds.json").read_text(encoding="utf-8")).items()}
"""Language, figure -> the probability a sentence needs where a rule fired, and where none did (`NEVER`: no such one).

Set by `tools/refit.py` for the best F1 on speeches that the encoder had not seen, coded and invented ones counting
alike: the best thresholds for the coded ones, of which half are presidential in English, mark too much in launches
(`docs/experiments-encoder.md`).
"""


def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
    """Find the figures of a speech; `score` is the encoder's probability, 1 where there is none; `evidence` the rule,
    the words that matched, and the probability."""
    lines = lines_of(speech)
    findings: list[Finding] = []
    for label in LABELS:
        first: dict[int, Mark] = {}
        for mark in RULES[label](lines, speech.language) if label in RULES else ():
            first.setdefault(mark.index, mark)
        findings.extend(_findings(speech, lines, label, first))
    kept = corrected("figures", speech, findings, LABELS)
    return StageResult(findings=kept, metrics=tuple(_metrics(speech, kept)))


def _findings(speech: Speech, lines: tuple[Line, ...], label: str, marks: Mapping[int, Mark]) -> Iterator[Finding]:
    with_rule, alone = THRESHOLDS[speech.language][label]
    for line in lines:
        mark, probability = marks.get(line.index), _probability(speech, line.index, label)
        if probability is None:
            if mark:
                yield _of_rule(label, mark, 1.0, ())
        elif mark and probability >= with_rule:
            yield _of_rule(label, mark, probability, (model_mark(probability),))
        elif not mark and probability >= alone:
            begin, end = whole_sentence(speech, line.index)
            yield Finding(label=label, sentence_index=line.index, char_start=begin, char_end=end, score=probability,
                          evidence=(model_mark(probability),))


def _probability(speech: Speech, index: int, label: str) -> float | None:
    """What the reader's encoder says; None where there is none."""
    figures = speech.readings[index].figures if speech.readings else ()
    return figures[FIGURES.index(label)] if figures else None


def _of_rule(label: str, mark: Mark, score: float, marks: tuple[str, ...]) -> Finding:
    words = mark.words if len(mark.words) <= _SHOWN_CHARACTERS else mark.words[: _SHOWN_CHARACTERS - 1] + "…"
    return Finding(label=label, sentence_index=mark.index, char_start=mark.char_start, char_end=mark.char_end,
                   score=score, evidence=(mark.rule, words, *marks))


def _metrics(speech: Speech, findings: Sequence[Finding]) -> Iterator[Metric]:
    size = sum(sentence.size for sentence in speech.sentences if is_content(speech, sentence))
    for label in LABELS:
        yield Metric(name=f"figure_{label}", numerator=sum(f.label == label for f in findings), denominator=size / 1000,
                     unit=f"sentences per 1,000 {speech.size_unit}")


STAGE = Stage(name="figures", version="3", languages=("zh", "en"), labels=LABELS, metrics=METRICS, run=run)
