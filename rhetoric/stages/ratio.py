"""How much story a speech tells for its product, with an interval, and whose stories they are.

story_to_product = weight of story / (weight of story + weight of product), as the codebook defines it. The weight of
a sentence is its seconds where the speech has times, else its size; the same by size alone is always given beside it.
What belongs to a label is counted as in `rhetoric.stages.function`. The interval joins two doubts
(`rhetoric.stages.shares`): how much the number hangs on which passages the speech happens to have, and how far the
reader's count lies off a careful coder's.
"""

from __future__ import annotations

from collections.abc import Mapping

from rhetoric import weights
from rhetoric.codebook import STORY_OWNERS
from rhetoric.stages.shares import share_metric
from rhetoric.types import Option, Speech, Stage, StageResult

RATIO = "story_to_product"


def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
    """Give the ratio, the ratio by size, and the share of each owner in all story."""
    masses = weights.label_masses(speech)
    weight, unit = weights.main_weights(speech)
    by_size = share_metric(speech, RATIO, masses, weights.size_weights(speech), speech.size_unit, f"{RATIO}_by_size")
    owners = (share_metric(speech, f"owner_{owner}", masses, weight, unit) for owner in STORY_OWNERS)
    return StageResult(metrics=(share_metric(speech, RATIO, masses, weight, unit), by_size, *owners))


STAGE = Stage(
    name="ratio",
    version="2",
    languages=("zh", "en"),
    labels=(),
    metrics=(RATIO, f"{RATIO}_by_size", *(f"owner_{owner}" for owner in STORY_OWNERS)),
    run=run,
)
