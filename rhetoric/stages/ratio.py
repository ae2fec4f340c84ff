"""How much story a speech tells for its product, with an interval, and whose stories they are.

story_to_product = weight of story / (weight of story + weight of product), as the codebook defines it. The weight of
a sentence is its seconds where the speech has times, else its size; the same by size alone is always given beside it.
What belongs to a label is counted as in `rhetoric.stages.function`. The interval is a block bootstrap over the
sentences of this speech (`rhetoric.intervals`): it says how much the number hangs on which passages the speech
happens to have, not how well the sentences were labelled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rhetoric import weights
from rhetoric.codebook import STORY_OWNERS
from rhetoric.intervals import ratio_interval
from rhetoric.types import Metric, Option, Speech, Stage, StageResult

if TYPE_CHECKING:
    from rhetoric.weights import Floats


def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
    """Give the ratio, the ratio by size, and the share of each owner in all story."""
    masses = weights.label_masses(speech)
    weight, unit = weights.main_weights(speech)
    metrics = [_ratio("story_to_product", masses, weight, unit),
               _ratio("story_to_product_by_size", masses, weights.size_weights(speech), speech.size_unit),
               *_owners(masses, weight, unit)]
    return StageResult(metrics=tuple(metrics))


def _ratio(name: str, masses: Floats, weight: Floats, unit: str) -> Metric:
    story = weight * weights.group_mass(masses, "story")
    product = weight * weights.group_mass(masses, "product")
    interval = ratio_interval([(story, story + product)])
    low, high = interval if interval else (None, None)
    return Metric(name=name, numerator=float(story.sum()), denominator=float((story + product).sum()), unit=unit,
                  low=low, high=high)


def _owners(masses: Floats, weight: Floats, unit: str) -> Iterator[Metric]:
    story = float((weight * weights.group_mass(masses, "story")).sum())
    for owner in STORY_OWNERS:
        part = float((weight * weights.mass_of(masses, [owner])).sum())
        yield Metric(name=f"owner_{owner}", numerator=part, denominator=story, unit=unit)


STAGE = Stage(
    name="ratio",
    version="1",
    languages=("zh", "en"),
    labels=(),
    metrics=("story_to_product", "story_to_product_by_size", *(f"owner_{owner}" for owner in STORY_OWNERS)),
    run=run,
)
