"""Intervals for ratios of sums over sentences, by a block bootstrap.

Every share and density of the product is sum(numerator_i) / sum(denominator_i) over sentences, so one estimator
serves them all. Neighbouring sentences are alike (a story runs for many of them), so single sentences must not be
resampled: whole blocks of consecutive sentences are, in a circle (circular block bootstrap; D. N. Politis and
J. P. Romano, "A circular block-resampling procedure for stationary data", 1992). Several speeches are resampled
first as speeches and then as blocks within each (A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their
Application", 1997, section 3.8).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DRAWS = 2000
LEVEL = 0.95
SEED = 20200811
MIN_SENTENCES = 10
LANES, PAIRWISE = 8, 128  # of NumPy's sum over an axis that lies together


def block_length(n: int) -> int:
    """Sentences a block: the square root of n, at least 5; longer than the usual n^(1/3), since stories run long."""
    return min(n, max(5, math.ceil(math.sqrt(n))))


def drawn_blocks(n: int, draws: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """First and last (exclusive) sentence of each block of each draw, on a circle of n: (draws, blocks) each."""
    import numpy as np

    length = block_length(n)
    blocks = math.ceil(n / length)
    starts = rng.integers(0, n, size=(draws, blocks))
    # The last block is cut so that each resample has n sentences again.
    lengths = np.full(blocks, length)
    lengths[-1] = n - length * (blocks - 1)
    return starts, starts + lengths


def sums_in_blocks(column: Floats, starts: Ints, ends: Ints) -> Floats:
    """The sum of a column over the blocks of each draw, shape (draws,)."""
    import numpy as np

    if not column.any():  # most speeches lack most labels
        return np.zeros(len(starts))
    running = np.concatenate([[0.0], np.cumsum(np.concatenate([column, column]))])
    sums: Floats = (running[ends] - running[starts]).sum(axis=1)
    return sums


def sums_of_columns(columns: Floats, starts: Ints) -> Floats:
    """`sums_in_blocks` of many columns to the last bit: `columns` (k, n), `starts` (draws, blocks) -> (k, draws).

    What a block holds is looked up by its start, and blocks are added in the order of NumPy's pairwise sum.
    """
    import numpy as np

    n, blocks = columns.shape[1], starts.shape[1]
    length = block_length(n)
    running = np.zeros((len(columns), 2 * n + 1))
    np.cumsum(np.concatenate([columns, columns], axis=1), axis=1, out=running[:, 1:])
    begins = np.ascontiguousarray(starts.T)
    if blocks > PAIRWISE:
        ends = starts + np.append(np.full(blocks - 1, length), n - length * (blocks - 1))
        return np.array([(row[ends] - row[starts]).sum(axis=1) for row in running])
    whole, last = (running[:, size : size + n] - running[:, :n] for size in (length, n - length * (blocks - 1)))

    def held(block: int) -> Floats:
        found: Floats = np.take(last if block == blocks - 1 else whole, begins[block], axis=1)
        return found

    return _pairwise(held, blocks)


def _pairwise(part: Callable[[int], Floats], count: int) -> Floats:
    """part(0) + part(1) + ... in the order in which NumPy adds up to `PAIRWISE` numbers: eight sums side by side."""
    first = count - count % LANES if count >= LANES else 1
    lanes = [part(at) for at in range(min(LANES, first))]
    for at in range(len(lanes), first):
        lanes[at % LANES] += part(at)
    while len(lanes) > 1:
        lanes = [a + b for a, b in zip(lanes[::2], lanes[1::2], strict=True)]
    for at in range(first, count):
        lanes[0] += part(at)
    return lanes[0]


def resampled_sums(columns: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Sums of every column in `draws` resamples of a speech: `columns` (sentences, k) -> (draws, k).

    All columns of a draw come from the same blocks, so that any column may be divided by any other.
    """
    import numpy as np

    starts, ends = drawn_blocks(len(columns), draws, rng)
    return np.column_stack([sums_in_blocks(columns[:, k], starts, ends) for k in range(columns.shape[1])])


def _block_sums(part: tuple[Floats, Floats], draws: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Sums of numerator and denominator of `draws` resampled speeches, shape (draws,) each."""
    import numpy as np

    sums = resampled_sums(np.column_stack(part), draws, rng)
    return sums[:, 0], sums[:, 1]


def resampled_ratios(parts: Sequence[tuple[Floats, Floats]], *, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Bootstrap distribution of sum(numerator) / sum(denominator), shape (draws,), NaN where a draw's denominator is 0.

    `parts` holds one (numerator, denominator) pair of equally long arrays a speech; empty speeches are left out.
    """
    import numpy as np

    parts = [part for part in parts if len(part[0])]
    if not parts:
        return np.full(draws, np.nan)
    rng = np.random.default_rng(seed)
    numerators, denominators = (np.array(x) for x in zip(*(_block_sums(p, draws, rng) for p in parts), strict=True))
    if len(parts) > 1:
        chosen = rng.integers(0, len(parts), size=(draws, len(parts)))
        rows = np.arange(draws)[:, None]
        numerators, denominators = numerators[chosen, rows].sum(axis=1), denominators[chosen, rows].sum(axis=1)
    else:
        numerators, denominators = numerators[0], denominators[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominators > 0, numerators / denominators, np.nan)


def unseen_shares(trials: float, draws: int, rng: np.random.Generator) -> Floats:
    """What the share of something may be that was seen in none of `trials` independent cases, shape (draws,).

    Resamples of nothing hold nothing, so a bootstrap would call it impossible. The upper 97.5 % of these draws is the
    exact limit of C. J. Clopper and E. S. Pearson ("The use of confidence or fiducial limits", 1934),
    1 - 0.025^(1 / trials).
    """
    drawn: Floats = 1 - rng.random(draws) ** (1 / trials)
    return drawn


def unseen_rates(exposure: float, draws: int, rng: np.random.Generator) -> Floats:
    """The same for a rate: the upper 97.5 % is the exact limit of F. Garwood ("Fiducial limits for the Poisson
    distribution", 1936), 3.69 / exposure; `exposure` in the rate's own unit (thousands of words, minutes)."""
    drawn: Floats = rng.standard_exponential(draws) / exposure
    return drawn


def percentile_interval(ratios: Floats, *, level: float = LEVEL) -> tuple[float, float] | None:
    """Percentile interval of a bootstrap distribution; None where more than one draw in twenty is undefined."""
    import numpy as np

    known = ratios[~np.isnan(ratios)]
    if len(known) < 0.95 * len(ratios) or not len(known):
        return None
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def ratio_interval(parts: Sequence[tuple[Floats, Floats]], *, draws: int = DRAWS,
                   seed: int = SEED) -> tuple[float, float] | None:
    """95 % interval of sum(numerator) / sum(denominator), or None below `MIN_SENTENCES` sentences."""
    if sum(len(numerator) for numerator, _ in parts) < MIN_SENTENCES:
        return None
    return percentile_interval(resampled_ratios(parts, draws=draws, seed=seed))


def share_interval(above: Floats, below: Floats, shifts: Floats | None) -> tuple[float, float] | None:
    """95 % interval of a share of one speech; None below `MIN_SENTENCES` sentences.

    `shifts` are what the reader's errors may do to it (`rhetoric.share_errors.shifts`), one each of `DRAWS` resamples:
    errors of reading and the choice of passages are independent, so a draw holds the sum of both. None: not known.
    """
    if len(above) < MIN_SENTENCES:
        return None
    draws = resampled_ratios([(above, below)])
    bounds = percentile_interval(draws if shifts is None else draws + shifts)
    return within_share(bounds) if bounds else None


def within_share(bounds: tuple[float, float]) -> tuple[float, float]:
    """An interval cut to what a share can be, 0 to 1."""
    low, high = bounds
    return max(0.0, min(1.0, low)), max(0.0, min(1.0, high))
