"""Figures of speech that show in the words: question, list, contrast, repetition, parallel. Definitions: the codebook.

Rules that see words only (`rhetoric.stages.devices`). Metaphor and hyperbole need meaning: they are left for the
encoder and are not declared here. A sentence has each figure at most once; every sentence of a run is marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rhetoric.codes import corrected
from rhetoric.stages.devices import Mark, contrasts, is_content, lines_of, lists, parallels, questions, repeats
from rhetoric.types import Finding, Metric, Option, Speech, Stage, StageResult

RULES = {"question": questions.find, "list": lists.find, "contrast": contrasts.find, "repetition": repeats.find,
         "parallel": parallels.find}
LABELS = tuple(RULES)
METRICS = tuple(f"figure_{label}" for label in LABELS)
_SHOWN_CHARACTERS = 60


def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
    """Find the figures of a speech; `score` is 1, `evidence` the rule and the words that matched."""
    lines = lines_of(speech)
    findings: list[Finding] = []
    for label, find in RULES.items():
        first: dict[int, Mark] = {}
        for mark in find(lines, speech.language):
            first.setdefault(mark.index, mark)
        findings.extend(_finding(label, first[index]) for index in sorted(first))
    kept = corrected("figures", speech, findings, LABELS)
    return StageResult(findings=kept, metrics=tuple(_metrics(speech, kept)))


def _finding(label: str, mark: Mark) -> Finding:
    words = mark.words if len(mark.words) <= _SHOWN_CHARACTERS else mark.words[: _SHOWN_CHARACTERS - 1] + "…"
    return Finding(label=label, sentence_index=mark.index, char_start=mark.char_start, char_end=mark.char_end,
                   score=1.0, evidence=(mark.rule, words))


def _metrics(speech: Speech, findings: Sequence[Finding]) -> Iterator[Metric]:
    size = sum(sentence.size for sentence in speech.sentences if is_content(speech, sentence))
    for label in LABELS:
        yield Metric(name=f"figure_{label}", numerator=sum(f.label == label for f in findings), denominator=size / 1000,
                     unit=f"sentences per 1,000 {speech.size_unit}")


STAGE = Stage(name="figures", version="1", languages=("zh", "en"), labels=LABELS, metrics=METRICS, run=run)
