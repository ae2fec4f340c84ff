"""Products of matrices that come out the same to the last bit, however many threads the linear algebra has.

A BLAS shares its work out by the number of threads, and adds in another order at the borders of the parts: one speech
read by one thread and by two then differs in the seventh digit, and now and then in a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


def product(left: Floats, right: Floats) -> Floats:
    """`left @ right` of (rows, columns) or (columns,) with (columns, outputs), each sum in the order of the columns."""
    import numpy as np

    found: Floats = np.einsum("...j,jk->...k", left, right, optimize=False)
    return found
