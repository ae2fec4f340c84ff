"""How far a share that a reader counted lies off the share that a careful coder would count, as shifts of a bootstrap.

A reader errs in one direction within a speech: all stories of a kind that he does not know are missed. Errors of its
sentences are therefore not independent, and drawing each label from its probability gives far too narrow an interval.
So the error of a whole share is described, on the angle arcsin(sqrt(share)), where the spread of a share hardly hangs
on its size (M. S. Bartlett 1936; F. J. Anscombe, "The transformation of Poisson, binomial and negative-binomial data",
1948):

    angle(coded share) - angle(counted share)  ~  sqrt(between^2 + within / n) * Student's t

with n sentences below the line, and as many degrees of freedom as speeches that both numbers were fitted on, since a
spread that few speeches show is itself in doubt (W. S. Gosset 1908). `between` is what the speeches differ in however
long they are, `within` what fades with length. They are fitted on speeches that the reader had not seen
(`rhetoric.models.encoder.misreading`). Correcting the
count itself (G. Forman, "Quantifying counts and costs via classification", 2008; M. Saerens, P. Latinne and C.
Decaestecker, 2002) was tried and is worse here: `docs/experiments-shares.md`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rhetoric.types import ShareError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEED = 19480101
_NUMBERS = re.compile(r"(\d{1,3}(?:\.\d{1,9})?) (\d{1,3}(?:\.\d{1,9})?) ([1-9]\d{0,6})")
ERROR_PREFIX = "reader_share_error_"  # of the entries of a comparison's provenance: metric -> "between within speeches"


def told_errors(provenance: Mapping[str, str]) -> tuple[ShareError, ...]:
    """The errors that a comparison's provenance tells; entries that are not three numbers are left out."""
    found = []
    for key, text in sorted(provenance.items()):
        numbers = _NUMBERS.fullmatch(text) if key.startswith(ERROR_PREFIX) else None
        if numbers:
            found.append(ShareError(metric=key.removeprefix(ERROR_PREFIX), between=float(numbers[1]),
                                    within=float(numbers[2]), speeches=int(numbers[3])))
    return tuple(found)


def error_of(errors: Iterable[ShareError], metric: str) -> ShareError | None:
    """What is known of a metric's error; None where nothing is."""
    return next((error for error in errors if error.metric == metric), None)


def angle(share: Floats | float) -> Floats:
    """arcsin(sqrt(share)), 0 to pi / 2."""
    import numpy as np

    return np.asarray(np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0))))


def share_at(angles: Floats) -> Floats:
    """The share of an angle, going on beyond 0 and 1 as it came: so that shifts of many speeches add up to none."""
    import numpy as np

    squared = np.sin(angles) ** 2
    return np.where(angles < 0, -squared, np.where(angles > np.pi / 2, 2 - squared, squared))


def sentences_in(below: Floats) -> float:
    """Sentences below the line, each by its weight: (sum of weights)^2 / sum of squares (L. Kish 1965); 0 of none."""
    total = float(below.sum())
    return total**2 / float((below**2).sum()) if total else 0.0


def shifts(above: Floats, below: Floats, read: Floats, error: ShareError, speech_id: str, draws: int) -> Floats:
    """What the reader's errors may do to sum(above) / sum(below), one shift a draw, shape (draws,), mean 0.

    `above` and `below` are weights of the sentences of one speech; `read` is 1 for each that the reader labelled, 0 for
    one that a person did, whose label has no such error. Each speech has its own chance, by its id.
    """
    import numpy as np

    n, total = sentences_in(below), float(below.sum())
    if not total:
        return np.zeros(draws)
    unsure = float((below * read).sum()) / total
    spread = np.sqrt(unsure**2 * error.between**2 + unsure * error.within / n)
    chance = np.random.default_rng([SEED, zlib.crc32(speech_id.encode())]).standard_t(error.speeches, draws)
    moved = share_at(angle(float(above.sum()) / total) + spread * chance)
    return np.asarray(moved - moved.mean())
