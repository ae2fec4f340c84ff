"""Statistics for short series of years: Theil-Sen slope, exact Mann-Kendall p, corrections for many tests."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EXACT_WITH_TIES = 8  # up to here all orders of tied values are counted one by one


def theil_sen(years: Floats, values: Floats) -> Floats:
    """Median slope over all pairs of different years: `years`, `values` (..., n) -> (...), NaN where all years are one.

    H. Theil, "A rank-invariant method of linear and polynomial regression analysis", 1950; P. K. Sen, "Estimates of the
    regression coefficient based on Kendall's tau", JASA 63, 1968.
    """
    import numpy as np

    first, second = np.triu_indices(values.shape[-1], k=1)
    run = years[..., second] - years[..., first]
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.where(run != 0, (values[..., second] - values[..., first]) / run, np.nan)
    known = np.sort(slopes, axis=-1)  # NaN sorts last
    count = (~np.isnan(known)).sum(axis=-1)
    low = np.take_along_axis(known, np.maximum(0, (count - 1) // 2)[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(known, np.maximum(0, count // 2)[..., None], axis=-1)[..., 0]
    medians: Floats = (low + high) / 2
    return medians


def kendall_s(values: Sequence[float]) -> int:
    """Rising minus falling pairs of a series in the order of time."""
    return sum((b > a) - (b < a) for a, b in combinations(values, 2))


def mann_kendall_p(values: Sequence[float]) -> float:
    """Two-sided p of the Mann-Kendall test for a monotonic trend, exact for short series.

    Under no trend every order of the values is as likely. Without ties the number of orders with k inversions follows
    M. G. Kendall's recursion ("Rank Correlation Methods", 1948; H. B. Mann, Econometrica 13, 1945); with ties and up to
    eight values all orders are counted; beyond that the normal approximation with continuity and tie correction serves.
    """
    n, s = len(values), abs(kendall_s(values))
    if s == 0:
        return 1.0
    ties = [count for count in Counter(values).values() if count > 1]
    if not ties:
        return min(1.0, 2 * _orders_with_at_least(n, s) / math.factorial(n))
    if n <= EXACT_WITH_TIES:
        return _p_by_all_orders(values, s)
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    return math.erfc((s - 1) / math.sqrt(2 * variance)) if variance else 1.0


def _orders_with_at_least(n: int, s: int) -> int:
    """Orders of n different values whose S is at least s: those with at most (n(n-1)/2 - s) / 2 inversions."""
    counts = [1]
    for size in range(2, n + 1):
        longer = [0] * (len(counts) + size - 1)
        for inversions, orders in enumerate(counts):
            for more in range(size):
                longer[inversions + more] += orders
        counts = longer
    return sum(counts[: (n * (n - 1) // 2 - s) // 2 + 1])


def _p_by_all_orders(values: Sequence[float], s: int) -> float:
    """Share of all distinct orders of the values whose |S| is at least s, by the multiset of ranks."""
    ranks = [sorted(set(values)).index(value) for value in values]
    totals = _s_counts(tuple(sorted(Counter(ranks).items())))
    return sum(orders for total, orders in totals.items() if abs(total) >= s) / sum(totals.values())


def _s_counts(left: tuple[tuple[int, int], ...]) -> dict[int, int]:
    """S -> number of orders of a multiset of ranks, given as (rank, how many), choosing the first value each time."""
    if not left:
        return {0: 1}
    totals: dict[int, int] = {}
    for rank, _ in left:
        rest = tuple((r, c - (r == rank)) for r, c in left if c > (r == rank))
        step = sum(c * ((r > rank) - (r < rank)) for r, c in rest)
        for total, orders in _s_counts(rest).items():
            totals[total + step] = totals.get(total + step, 0) + orders
    return totals


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Step-down corrected p values, in the order given (S. Holm, Scandinavian Journal of Statistics 6, 1979)."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    corrected, running = [0.0] * len(p_values), 0.0
    for rank, at in enumerate(order):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[at]))
        corrected[at] = running
    return tuple(corrected)


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """p values corrected so that of those at or below a level that share at most are false, in the order given.

    Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate: a practical and powerful approach to multiple
    testing", Journal of the Royal Statistical Society B 57, 1995.
    """
    n = len(p_values)
    order = sorted(range(n), key=p_values.__getitem__)
    corrected, running = [1.0] * n, 1.0
    for rank in range(n, 0, -1):
        at = order[rank - 1]
        running = min(running, p_values[at] * n / rank)
        corrected[at] = running
    return tuple(corrected)
