"""A metric of some speeches: counts added over speeches, divided last, with its bootstrap distribution and interval."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.compare.material import Material
from rhetoric.compare.measures import Measure
from rhetoric.intervals import (
    DRAWS,
    MIN_SENTENCES,
    SEED,
    drawn_blocks,
    percentile_interval,
    sums_in_blocks,
    within_share,
)
from rhetoric.share_errors import error_of, shifts
from rhetoric.types import ShareError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

WITHIN = "moving blocks within one speech"
BETWEEN = "speeches, then blocks"


class Estimate(NamedTuple):
    """`draws` is the bootstrap distribution of `value`, shape (DRAWS,); `n` the sentences that the value rests on."""

    value: float | None
    low: float | None
    high: float | None
    numerator: float
    denominator: float
    n: int
    n_speeches: int
    interval: str
    draws: Floats

    @property
    def bounded(self) -> bool:
        """True if there is an interval."""
        return self.low is not None and self.high is not None


class Counted:
    """A speech with its counts, and their sums in `DRAWS` resamples; made once and used for every metric and group.

    Each speech has its own random numbers: with common ones, two speeches built alike would move together and the
    interval of their difference would come out too narrow.
    """

    def __init__(self, material: Material, counts: Mapping[str, Floats], errors: tuple[ShareError, ...] = ()) -> None:
        self.material = material
        self.columns = counts
        self.errors = errors  # of the reader, in shares of functions
        self._sums: dict[str, Floats] = {}
        self.made: dict[tuple[Measure, tuple[Counted, ...]], Estimate] = {}  # of groups that begin with this speech

    @cached_property
    def _blocks(self) -> tuple[Ints, Ints]:
        import numpy as np

        rng = np.random.default_rng([SEED, zlib.crc32(self.material.card.speech_id.encode())])
        return drawn_blocks(len(self.material.labels), DRAWS, rng)

    def sums(self, name: str) -> Floats:
        """The sum of a column in each resample, shape (DRAWS,): all columns of a draw come from the same blocks."""
        if name not in self._sums:
            self._sums[name] = sums_in_blocks(self.columns[name], *self._blocks)
        return self._sums[name]

    def drawn(self, measure: Measure) -> tuple[Floats, Floats]:
        """Numerator and denominator of a metric in each resample, moved by the reader's errors where they are known."""
        above, below = self.sums(measure.numerator), self.sums(measure.denominator)
        error = error_of(self.errors, measure.name)
        if error is None:
            return above, below
        parts = self.columns[measure.numerator], self.columns[measure.denominator]
        return above + below * shifts(*parts, self.material.read, error, self.material.card.speech_id, DRAWS), below

    def has(self, measure: Measure) -> bool:
        """False where the stage of the metric failed here, or where it needs times that are not there."""
        if measure.stage in self.material.failed:
            return False
        return measure.numerator in self.columns and measure.denominator in self.columns


def estimate(speeches: Sequence[Counted], measure: Measure) -> Estimate | None:
    """The metric over the speeches that have it, or None where none has.

    Value = sum of the numerator / sum of the denominator over all sentences; interval = percentiles of the circular
    block bootstrap (`rhetoric.intervals`), of speeches first where there are several. Shares of functions are moved by
    the reader's errors as well (`rhetoric.share_errors`), each speech by its own.
    """
    having = tuple(speech for speech in speeches if speech.has(measure))
    if not having:
        return None
    made = having[0].made
    if (measure, having) not in made:
        made[measure, having] = _estimate(having, measure)
    return made[measure, having]


def _estimate(having: Sequence[Counted], measure: Measure) -> Estimate:
    import numpy as np

    numerator = float(sum(speech.columns[measure.numerator].sum() for speech in having))
    denominator = float(sum(speech.columns[measure.denominator].sum() for speech in having))
    n = int(sum(np.count_nonzero(speech.columns[measure.counted]) for speech in having))
    draws = _draws(having, measure)
    value = numerator / denominator if denominator > 0 and n else None
    bounds = percentile_interval(draws) if value is not None and n >= MIN_SENTENCES else None
    if bounds and measure.kind == "share":
        bounds = within_share(bounds)  # errors may carry a draw beyond what a share can be
    method = "" if bounds is None else WITHIN if len(having) == 1 else BETWEEN
    low, high = bounds if bounds else (None, None)
    return Estimate(value, low, high, numerator, denominator, n, len(having), method, draws)


@lru_cache(maxsize=32)
def _drawn_speeches(seed: int, speeches: int, draws: int) -> Ints:
    """Which speeches make up each resample of a group, shape (draws, speeches): the same for all of its metrics."""
    import numpy as np

    chosen = np.random.default_rng([SEED, seed]).integers(0, speeches, size=(draws, speeches))
    chosen.setflags(write=False)
    return chosen


def _draws(speeches: Sequence[Counted], measure: Measure) -> Floats:
    import numpy as np

    above, below = (np.array(part) for part in zip(*(speech.drawn(measure) for speech in speeches), strict=True))
    if len(speeches) > 1:
        ids = "\n".join(speech.material.card.speech_id for speech in speeches)
        chosen = _drawn_speeches(zlib.crc32(ids.encode()), len(speeches), above.shape[1])
        # A draw reads one row of the turned table, which is small enough for the cache.
        above, below = (np.take_along_axis(np.ascontiguousarray(part.T), chosen, axis=1).sum(axis=1)
                        for part in (above, below))
    else:
        above, below = above[0], below[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)
