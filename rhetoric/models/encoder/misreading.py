"""How far a reader's shares lie off the coded ones, fitted on speeches that it has not seen, and tried across them.

The model is that of `rhetoric.share_errors`: on the angle arcsin(sqrt(share)), the error of a speech with n sentences
below the line has the variance between^2 + within / n around 0. Both numbers are those of the highest likelihood on a
grid, over both languages, since a language has a dozen speeches; one more speech is made up (`PRIOR`), so that a few
lucky ones do not say that a reader never errs. What is reported of coverage leaves out the event that is scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from rhetoric.codebook import FUNCTIONS
from rhetoric.intervals import DRAWS, MIN_SENTENCES, share_interval
from rhetoric.models import scoring
from rhetoric.models.gold import GoldSpeech
from rhetoric.share_errors import angle, sentences_in, shifts
from rhetoric.types import ShareError
from rhetoric.weights import SHARES, mass_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIN_SPEECHES = 4  # with the share; below it nothing is fitted
PRIOR = (0.15, 50.0)  # the error in radians and the sentences of the speech that is made up
BETWEEN = [step / 100 for step in range(51)]
WITHIN = [step / 10 for step in range(51)]
DIGITS = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class Counted:
    """A share of one speech: weights above and below the line by the reader's labels, (sentences,), and as coded."""

    name: str
    event: str
    above: Floats
    below: Floats
    coded: float

    @property
    def counted(self) -> float:
        """The share by the reader's labels."""
        return float(self.above.sum() / self.below.sum())

    @property
    def error(self) -> float:
        """How far the coded share lies off the counted one, in radians."""
        return float(angle(self.coded) - angle(self.counted))


class Tried(NamedTuple):
    """A share whose error was fitted on other events: how far it is off, and if its interval holds the coded share."""

    name: str
    off: float
    covered: bool
    width: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Labelled:
    """A coded speech that the reader had not seen, as it labels it: `labels` (sentences, functions) 0 or 1, `sizes`
    (sentences,) characters or words."""

    gold: GoldSpeech
    labels: Floats
    sizes: Floats


def counted(speech: Labelled, metric: str) -> Counted | None:
    """A share of a speech by size; None where it is not defined by the labels or by the coding."""
    import numpy as np

    coding = np.eye(len(FUNCTIONS))[[FUNCTIONS.index(label) for label in speech.gold.functions]]
    above, below = (speech.sizes * mass_of(speech.labels, part) for part in SHARES[metric])
    coded_above, coded_below = (float(speech.sizes @ mass_of(coding, part)) for part in SHARES[metric])
    if not below.sum() or not coded_below:
        return None
    return Counted(name=speech.gold.name, event=speech.gold.event, above=above, below=below,
                   coded=coded_above / coded_below)


def fitted(metric: str, speeches: Sequence[Counted]) -> ShareError | None:
    """The error of a share with the highest likelihood; None from fewer than `MIN_SPEECHES` speeches."""
    import numpy as np

    if len(speeches) < MIN_SPEECHES:
        return None
    errors = np.array([*(speech.error for speech in speeches), PRIOR[0]])
    sentences = np.array([*(sentences_in(speech.below) for speech in speeches), PRIOR[1]])
    between, within = np.meshgrid(BETWEEN, WITHIN, indexing="ij")
    spread = between[..., None] ** 2 + within[..., None] / sentences + 1e-6
    loss = (np.log(spread) + errors**2 / spread).sum(axis=-1)
    row, column = np.unravel_index(int(loss.argmin()), loss.shape)
    return ShareError(metric=metric, between=BETWEEN[int(row)], within=WITHIN[int(column)],
                      speeches=len(speeches))


def tried(metric: str, speeches: Sequence[Counted]) -> list[Tried]:
    """Every speech of `scoring.MIN_SENTENCES` sentences or more, its error fitted on the other events."""
    found = []
    for speech in speeches:
        error = fitted(metric, [other for other in speeches if other.event != speech.event])
        if error is None or len(speech.above) < scoring.MIN_SENTENCES:
            continue
        moved = shifts(speech.above, speech.below, _ones(speech.above), error, speech.name, DRAWS)
        bounds = share_interval(speech.above, speech.below, moved)
        if bounds:
            found.append(Tried(speech.name, abs(speech.coded - speech.counted), bounds[0] <= speech.coded <= bounds[1],
                               bounds[1] - bounds[0]))
    return found


def _ones(like: Floats) -> Floats:
    import numpy as np

    return np.ones(len(like))


def share_errors(speeches: Sequence[Labelled]) -> dict[str, Any]:
    """What `encoder.json` says of shares: by metric, the fitted error, and how it does on events left out of the fit.

    `speeches` are those kept out of the training, of both languages. A share that too few of them have is left out.
    """
    made: dict[str, Any] = {}
    for metric in SHARES:
        cases = [case for speech in speeches if len(speech.sizes) >= MIN_SENTENCES
                 and (case := counted(speech, metric)) is not None]
        error = fitted(metric, cases)
        if error is None:
            continue
        made[metric] = {"between": error.between, "within": error.within, "speeches": len(cases),
                        **_summary(tried(metric, cases))}
    return made


def _summary(left_out: Sequence[Tried]) -> dict[str, float]:
    n = len(left_out)
    if not n:
        return {}
    return {"scored": n, "coverage_across": round(sum(one.covered for one in left_out) / n, DIGITS),
            "mean_error": round(sum(one.off for one in left_out) / n, DIGITS),
            "mean_width": round(sum(one.width for one in left_out) / n, DIGITS)}
