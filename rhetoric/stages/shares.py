"""A share of the functions of one speech as a metric, with its interval: for the stages `function` and `ratio`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rhetoric import weights
from rhetoric.intervals import DRAWS, share_interval
from rhetoric.share_errors import error_of, shifts
from rhetoric.types import Metric, Speech

if TYPE_CHECKING:
    from rhetoric.weights import Floats


def share_metric(speech: Speech, share: str, masses: Floats, weight: Floats, unit: str, name: str = "") -> Metric:
    """One share of `weights.SHARES` as a metric of that name, or of another; `masses` and `weight` as in `weights`.

    The interval holds the reader's errors where the speech knows them (`Speech.share_errors`), else the choice of
    passages alone.
    """
    above, below = (weight * weights.mass_of(masses, labels) for labels in weights.SHARES[share])
    error = error_of(speech.share_errors, share)
    read = weights.read_by_model(speech)
    moved = None if error is None else shifts(above, below, read, error, speech.speech_id, DRAWS)
    low, high = share_interval(above, below, moved) or (None, None)
    return Metric(name=name or share, numerator=float(above.sum()), denominator=float(below.sum()), unit=unit, low=low,
                  high=high)
