"""What each sentence does: one of the ten labels of the codebook, with its probability and the words that spoke for it.

The labels are the reader's (`rhetoric.models.reader`); here they become findings and shares. One finding a sentence
spans the whole sentence; its score is the probability of its label.

Shares are counted as `codebook.COUNT_BY` says: by the likeliest label, so that a reader can count them himself, or by
probability, where a sentence that is 0.6 story and 0.4 values gives each its part. Mean absolute error of the story
share of a coded speech that the reader had not seen, by probabilities against by labels: zh 0.061 / 0.063 (9
speeches), en 0.091 / 0.079 (11); of the ratio of story to product zh 0.070 / 0.042, en 0.054 / 0.018
(`docs/experiments-encoder.md`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rhetoric import weights
from rhetoric.codebook import FUNCTIONS, GROUPS
from rhetoric.stages.shares import share_metric
from rhetoric.types import Finding, Metric, Option, Speech, Stage, StageResult

if TYPE_CHECKING:
    from rhetoric.weights import Floats


def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
    """Give one finding a sentence and the share of each group of labels in the content of the speech."""
    masses = weights.label_masses(speech)
    return StageResult(findings=tuple(_findings(speech)), metrics=tuple(_shares(speech, masses)))


def _findings(speech: Speech) -> Iterator[Finding]:
    for sentence, reading in zip(speech.sentences, speech.readings, strict=True):
        best = max(range(len(FUNCTIONS)), key=reading.function.__getitem__)
        yield Finding(label=FUNCTIONS[best], sentence_index=sentence.index, char_start=sentence.char_start,
                      char_end=sentence.char_end, score=reading.function[best], evidence=reading.reasons)


def _shares(speech: Speech, masses: Floats) -> Iterator[Metric]:
    weight, unit = weights.main_weights(speech)
    for group in GROUPS:
        yield share_metric(speech, f"share_{group}", masses, weight, unit)


STAGE = Stage(
    name="function",
    version="2",
    languages=("zh", "en"),
    labels=FUNCTIONS,
    metrics=tuple(f"share_{group}" for group in GROUPS),
    run=run,
)
