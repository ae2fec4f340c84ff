"""Figures of speech: question, list, contrast, repetition, parallel, metaphor. Definitions: the codebook.

Three witnesses are joined (`devices.witnesses`). Rules see words (`rhetoric.stages.devices`): they say where a figure
is and which words make it. Signs of the words say a little each. The reader's encoder gives the probability that a
sentence has a figure. A reader without an encoder leaves the rules alone. Metaphor needs meaning: no rule finds it.
Hyperbole is found by none (F1 below 0.1) and not declared. A sentence has each figure at most once; every sentence of a
run is marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
    witnesses,
)
from rhetoric.stages.devices.signs import Rules, signs_of
from rhetoric.types import Finding, Metric, Option, Speech, Stage, StageResult

RULES = {"question": questions.find, "list": lists.find, "contrast": contrasts.find, "repetition": repeats.find,
         "parallel": parallels.find}
LABELS = (*RULES, "metaphor")
METRICS = tuple(f"figure_{label}" for label in LABELS)
_SHOWN_CHARACTERS = 60

Marks = Mapping[str, Mapping[int, Mark]]
"""Figure -> index of a sentence -> the first mark of its rule there."""


def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
    """Find the figures of a speech; `score` is how sure the witnesses are together, from 0.5 to 1 (1 where there is no
    encoder); `evidence` the rule, the words that matched, and the encoder's probability."""
    lines = lines_of(speech)
    marks = marks_of(lines, speech.language)
    heard = bool(speech.readings) and bool(speech.readings[0].figures)
    found = _witnessed(speech, lines, marks) if heard else (
        _of_rule(label, mark, 1.0, ()) for label in RULES for mark in marks[label].values())
    kept = corrected("figures", speech, found, LABELS)
    return StageResult(findings=kept, metrics=tuple(_metrics(speech, kept)))


def marks_of(lines: Sequence[Line], language: str) -> Marks:
    """What the rules mark."""
    found: dict[str, dict[int, Mark]] = {}
    for label, rule in RULES.items():
        found[label] = {}
        for mark in rule(lines, language):
            found[label].setdefault(mark.index, mark)
    return found


def names_of(marks: Marks) -> Rules:
    """The names of the rules that fired."""
    return {label: {index: mark.rule for index, mark in by_index.items()} for label, by_index in marks.items()}


def probabilities_of(speech: Speech, lines: Sequence[Line], label: str) -> list[float]:
    """What the reader's encoder says of a figure, line by line."""
    place = FIGURES.index(label)
    return [speech.readings[line.index].figures[place] for line in lines]


def _witnessed(speech: Speech, lines: Sequence[Line], marks: Marks) -> Iterator[Finding]:
    signs = signs_of(lines, speech.language, names_of(marks))
    for label in LABELS:
        weights = witnesses.fitted()[speech.language][label]
        own = marks.get(label, {})
        probabilities = probabilities_of(speech, lines, label)
        values = witnesses.witnessed(
            witnesses.said_by(signs, witnesses.sign_weights()[speech.language][label]) if weights.asks_signs
            else [0.0] * len(lines), probabilities, [line.index in own for line in lines], weights)
        for line, value, probability in zip(lines, values, probabilities, strict=True):
            if value >= 0:
                yield _finding(speech, line, label, own.get(line.index), value, probability)


def _finding(speech: Speech, line: Line, label: str, mark: Mark | None, value: float, probability: float) -> Finding:
    """A figure where its rule says it is, or the whole sentence."""
    score, said = witnesses.as_probability(value), (model_mark(probability),)
    if mark:
        return _of_rule(label, mark, score, said)
    begin, end = whole_sentence(speech, line.index)
    return Finding(label=label, sentence_index=line.index, char_start=begin, char_end=end, score=score, evidence=said)


def _of_rule(label: str, mark: Mark, score: float, marks: tuple[str, ...]) -> Finding:
    words = mark.words if len(mark.words) <= _SHOWN_CHARACTERS else mark.words[: _SHOWN_CHARACTERS - 1] + "…"
    return Finding(label=label, sentence_index=mark.index, char_start=mark.char_start, char_end=mark.char_end,
                   score=score, evidence=(mark.rule, words, *marks))


def _metrics(speech: Speech, findings: Sequence[Finding]) -> Iterator[Metric]:
    size = sum(sentence.size for sentence in speech.sentences if is_content(speech, sentence))
    for label in LABELS:
        yield Metric(name=f"figure_{label}", numerator=sum(f.label == label for f in findings), denominator=size / 1000,
                     unit=f"sentences per 1,000 {speech.size_unit}")


STAGE = Stage(name="figures", version="4", languages=("zh", "en"), labels=LABELS, metrics=METRICS, run=run)
