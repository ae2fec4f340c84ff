"""The best local alignment of two sequences: which stretch of one is told again in the other, word for word or nearly.

T. F. Smith and M. S. Waterman, "Identification of common molecular subsequences", J. Molecular Biology 147, 1981, with
one cost for a gap. Rows are whole arrays: within a row the cost of a gap is a running maximum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

MATCH, MISMATCH, GAP = 2.0, -1.0, -1.0


class Aligned(NamedTuple):
    """The aligned stretches [a_start, a_end) and [b_start, b_end), and the share of equal pairs among all columns."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    identity: float


def align(a: Hashes, b: Hashes) -> Aligned:
    """The best local alignment of two sequences of units; an empty one where nothing is equal."""
    import numpy as np

    steps = np.arange(len(b) + 1) * GAP
    table = np.zeros((len(a) + 1, len(b) + 1))
    for i, unit in enumerate(a, 1):
        row = np.maximum(table[i - 1] + GAP, 0.0)
        row[1:] = np.maximum(row[1:], table[i - 1, :-1] + np.where(b == unit, MATCH, MISMATCH))
        table[i] = np.maximum.accumulate(row - steps) + steps
    i, j = (int(k) for k in np.unravel_index(int(table.argmax()), table.shape))
    a_end, b_end, equal, columns = i, j, 0, 0
    while table[i, j] > 0:
        columns += 1
        if i and j and table[i, j] == table[i - 1, j - 1] + (MATCH if a[i - 1] == b[j - 1] else MISMATCH):
            equal += int(a[i - 1] == b[j - 1])
            i, j = i - 1, j - 1
        elif i and table[i, j] == table[i - 1, j] + GAP:
            i -= 1
        else:
            j -= 1
    return Aligned(i, a_end, j, b_end, equal / columns if columns else 0.0)
