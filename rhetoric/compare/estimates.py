"""A metric of some speeches: counts added over speeches, divided last, with its bootstrap distribution and interval."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.compare.material import Material
from rhetoric.compare.measures import Measure
from rhetoric.intervals import (
    DRAWS,
    MIN_SENTENCES,
    SEED,
    block_length,
    drawn_blocks,
    percentile_interval,
    sums_of_columns,
    unseen_rates,
    unseen_shares,
    within_share,
)
from rhetoric.share_errors import error_of, shifts
from rhetoric.types import ShareError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WITHIN = "moving blocks within one speech"
BETWEEN = "speeches, then blocks"
UNSEEN = "exact limit of what was never or always seen"
ALL = 1 - 1e-12  # a share of all, but for rounding
WEIGHTED = frozenset({"content", "story", "story_or_product"})  # denominators in seconds or size, not in cases
MANY = 256  # speeches from which on a resample is summed speech by speech
ROOM = 8_000_000  # numbers in memory at a time
MISREAD = "misread:"  # names a column that is made of the reader's errors: misread:metric:numerator:denominator


class Estimate(NamedTuple):
    """`draws` is the bootstrap distribution of `value`, shape (DRAWS,); `n` the sentences that the value rests on.

    `draws` hold the reader's errors where they are known, `sampled` the choice of passages alone.
    """

    value: float | None
    low: float | None
    high: float | None
    numerator: float
    denominator: float
    n: int
    n_speeches: int
    interval: str
    draws: Floats
    sampled: Floats

    @property
    def bounded(self) -> bool:
        """True if there is an interval."""
        return self.low is not None and self.high is not None


class Columns(Mapping[str, "Floats"]):
    """The counts of a speech by name, an array a sentence each; columns of zeros, which are many, take no room."""

    def __init__(self, counts: Mapping[str, Floats]) -> None:
        import numpy as np

        length = len(next(iter(counts.values())))
        used = [name for name, column in counts.items() if column.any()]
        self.table = np.array([counts[name] for name in used], dtype=float).reshape(len(used), length)
        self.table.setflags(write=False)
        self.used = _shared(tuple(used))
        self._names = _shared(tuple(counts))

    def __getitem__(self, name: str) -> Floats:
        import numpy as np

        if name in self.used:
            column: Floats = self.table[self.used[name]]
            return column
        if name not in self._names:
            raise KeyError(name)
        return np.zeros(self.table.shape[1])

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@lru_cache(maxsize=4096)
def _shared(names: tuple[str, ...]) -> dict[str, int]:
    """Name -> place; speeches with the same columns share one."""
    return {name: place for place, name in enumerate(names)}


class Counted:
    """A speech with its counts; made once and used for every metric and group.

    Each speech has its own random numbers: with common ones, two speeches built alike would move together and the
    interval of their difference would come out too narrow.
    """

    def __init__(self, material: Material, counts: Mapping[str, Floats], errors: tuple[ShareError, ...] = ()) -> None:
        self.material = material
        self.columns = Columns(counts)
        self.errors = errors  # of the reader, in shares of functions
        self.made: dict[tuple[Measure, tuple[Counted, ...]], Estimate] = {}  # of groups that begin with this speech

    def sums(self, names: Sequence[str]) -> Floats:
        """Sums of some columns in each resample, (names, DRAWS); all columns of a draw come from the same blocks.

        A column of the reader's errors (`MISREAD`) is what they may add to the numerator of a share.
        """
        import numpy as np

        misread = {name: name.removeprefix(MISREAD).split(":") for name in names if name.startswith(MISREAD)}
        if not misread:
            return self._resampled(names)
        below = [parts[2] for parts in misread.values()]
        plain = list(dict.fromkeys([*(name for name in names if name not in misread), *below]))
        rows = dict(zip(plain, self._resampled(plain), strict=True))
        return np.array([rows[misread[name][2]] * self._shifts(*misread[name]) if name in misread else rows[name]
                         for name in names])

    def _shifts(self, metric: str, numerator: str, denominator: str) -> Floats:
        import numpy as np

        error = error_of(self.errors, metric)
        if error is None:
            return np.zeros(DRAWS)
        parts = self.columns[numerator], self.columns[denominator]
        return shifts(*parts, self.material.read, error, self.material.card.speech_id, DRAWS)

    def _resampled(self, names: Sequence[str]) -> Floats:
        import numpy as np

        found = np.zeros((len(names), DRAWS))
        used = [(at, self.columns.used[name]) for at, name in enumerate(names) if name in self.columns.used]
        if used:
            rng = np.random.default_rng([SEED, zlib.crc32(self.material.card.speech_id.encode())])
            starts, _ = drawn_blocks(len(self.material.labels), DRAWS, rng)
            places, rows = (list(part) for part in zip(*used, strict=True))
            found[places] = sums_of_columns(self.columns.table[rows], starts)
        return found

    def total(self, name: str) -> float:
        """The sum of a column."""
        return float(self.columns[name].sum()) if name in self.columns.used else 0.0

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
    return estimate_all(speeches, (measure,))[0]


def estimate_all(speeches: Sequence[Counted], measures: Sequence[Measure]) -> list[Estimate | None]:
    """`estimate` of many metrics of the same speeches: each speech is resampled once for all of them."""
    having = {measure: tuple(speech for speech in speeches if speech.has(measure)) for measure in measures}
    missing: dict[tuple[Counted, ...], list[Measure]] = {}
    for measure, members in having.items():
        if members and (measure, members) not in members[0].made:
            missing.setdefault(members, []).append(measure)
    for members, wanted in missing.items():
        names = list(dict.fromkeys(
            name for m in wanted for name in (m.numerator, m.denominator, *_misread(members, m))))
        sums = dict(zip(names, group_sums(members, names), strict=True))
        for measure in wanted:
            members[0].made[measure, members] = _estimate(members, measure, sums)
    return [members[0].made[measure, members] if members else None for measure, members in having.items()]


def _misread(having: Sequence[Counted], measure: Measure) -> tuple[str, ...]:
    """The column of the reader's errors in a metric, where any of the speeches knows of them."""
    known = any(error_of(speech.errors, measure.name) for speech in having)
    return (f"{MISREAD}{measure.name}:{measure.numerator}:{measure.denominator}",) if known else ()


def _estimate(having: Sequence[Counted], measure: Measure, sums: Mapping[str, Floats]) -> Estimate:
    import numpy as np

    numerator = float(sum(speech.total(measure.numerator) for speech in having))
    denominator = float(sum(speech.total(measure.denominator) for speech in having))
    n = int(sum(np.count_nonzero(speech.columns[measure.counted]) for speech in having))
    above, below = sums[measure.numerator], sums[measure.denominator]
    with np.errstate(divide="ignore", invalid="ignore"):
        draws = sampled = np.where(below > 0, above / below, np.nan)
        for name in _misread(having, measure):
            draws = np.where(below > 0, (above + sums[name]) / below, np.nan)
    value = numerator / denominator if denominator > 0 and n else None
    extreme = None if value is None or _misread(having, measure) else _extreme(having, measure, value, denominator, n)
    if extreme is not None:
        draws = sampled = extreme
    bounds = percentile_interval(draws) if value is not None and n >= MIN_SENTENCES else None
    if bounds and measure.kind == "share":
        bounds = within_share(bounds)  # errors may carry a draw beyond what a share can be
    if bounds and extreme is not None:
        bounds = (0.0, bounds[1]) if value == 0 else (bounds[0], 1.0)
    method = "" if bounds is None else UNSEEN if extreme is not None else WITHIN if len(having) == 1 else BETWEEN
    low, high = bounds if bounds else (None, None)
    return Estimate(value, low, high, numerator, denominator, n, len(having), method, draws, sampled)


def _extreme(having: Sequence[Counted], measure: Measure, value: float, denominator: float, n: int) -> Floats | None:
    """The draws of what was never seen, or of a share that holds all; None for everything between.

    All resamples of such a speech are alike, and would call a slogan impossible because fourteen minutes had none.
    Of a weighted share the cases are blocks of sentences, since a story runs for many.
    """
    import numpy as np

    share = measure.kind == "share"
    if measure.kind == "intensity" or not (value == 0 or (share and value >= ALL)):
        return None
    rng = np.random.default_rng([*_seed(having), zlib.crc32(measure.name.encode())])
    if not share:
        return unseen_rates(denominator, DRAWS, rng)
    cases = n / block_length(n) if measure.denominator in WEIGHTED else denominator
    drawn = unseen_shares(cases, DRAWS, rng)
    return drawn if value == 0 else 1 - drawn


def group_sums(speeches: Sequence[Counted], names: Sequence[str]) -> Iterator[Floats]:
    """The sums of some columns over the speeches that each resample draws, (DRAWS,) a column.

    Of many speeches what each gives is added up and forgotten: it would not fit into memory. This adds in another order
    and may differ in the last bit.
    """
    if len(speeches) == 1:
        yield from speeches[0].sums(names)
    elif len(speeches) <= MANY:
        step = max(1, ROOM // (len(speeches) * DRAWS))
        for at in range(0, len(names), step):
            yield from _sums_by_draw(speeches, names[at : at + step])
    else:
        yield from _sums_by_speech(speeches, names)


def _seed(speeches: Sequence[Counted]) -> list[int]:
    return [SEED, zlib.crc32("\n".join(speech.material.card.speech_id for speech in speeches).encode())]


def _sums_by_draw(speeches: Sequence[Counted], names: Sequence[str]) -> Iterator[Floats]:
    """Each draw picks its speeches out of the table of all."""
    import numpy as np

    chosen = np.random.default_rng(_seed(speeches)).integers(0, len(speeches), size=(DRAWS, len(speeches)))
    chosen += np.arange(DRAWS)[:, None] * len(speeches)
    table = np.empty((len(names), len(speeches), DRAWS))
    for place, speech in enumerate(speeches):
        table[:, place] = speech.sums(names)
    for column in table:
        # A draw reads one row of the turned table, which is small enough for the cache.
        yield np.take(np.ascontiguousarray(column.T), chosen).sum(axis=1)


def _sums_by_speech(speeches: Sequence[Counted], names: Sequence[str]) -> Floats:
    """Each speech adds to the draws that hold it, as often as they do."""
    import numpy as np

    rng = np.random.default_rng(_seed(speeches))
    times = np.empty((DRAWS, len(speeches)), dtype=np.uint8)  # a speech is drawn once in the mean
    for row in times:
        row[:] = np.bincount(rng.integers(0, len(speeches), size=len(speeches)), minlength=len(speeches))
    times = np.ascontiguousarray(times.T)
    total = np.zeros((len(names), DRAWS))
    for speech, drawn in zip(speeches, times, strict=True):
        total += speech.sums(names) * drawn
    return total
