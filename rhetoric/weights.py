"""How much each sentence counts, and how much of it belongs to each label. Shared by stages and comparison.

A share is sum(weight of a label) / sum(weight of the content) over sentences. Content is all that is not `noncontent`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rhetoric.codebook import COUNT_BY, FUNCTIONS, GROUP_OF, GROUPS, STORY_OWNERS
from rhetoric.errors import StageError
from rhetoric.types import Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SECONDS = "seconds"
NONCONTENT = "noncontent"
SURE = 1.0  # the probability of a label that a person gave


def _of_groups(*groups: str) -> tuple[str, ...]:
    return tuple(label for label in FUNCTIONS if GROUP_OF[label] in groups)


SHARES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **{f"share_{group}": (_of_groups(group), _of_groups(*GROUPS)) for group in GROUPS},
    "story_to_product": (_of_groups("story"), _of_groups("story", "product")),
    **{f"owner_{owner}": ((owner,), _of_groups("story")) for owner in STORY_OWNERS},
}
"""Every share that is counted from functions: the labels above the line and those below it."""


def size_weights(speech: Speech) -> Floats:
    """The size of each sentence in characters (zh) or words (en), shape (sentences,)."""
    import numpy as np

    return np.array([sentence.size for sentence in speech.sentences], dtype=np.float64)


def time_weights(speech: Speech) -> Floats | None:
    """The seconds of each sentence, shape (sentences,); None where the speech has no times."""
    import numpy as np

    if not speech.timed:
        return None
    return np.array([(s.end_s or 0.0) - (s.start_s or 0.0) for s in speech.sentences], dtype=np.float64)


def main_weights(speech: Speech) -> tuple[Floats, str]:
    """Weights and their unit: seconds where the speech has times, else its size unit."""
    seconds = time_weights(speech)
    return (size_weights(speech), speech.size_unit) if seconds is None else (seconds, SECONDS)


def label_masses(speech: Speech) -> Floats:
    """How much of each sentence belongs to each label, shape (sentences, labels), rows summing to 1.

    The reader's calibrated probabilities, or all for the likeliest label, as `codebook.COUNT_BY` says.

    Raises:
        StageError: the speech was not read.
    """
    import numpy as np

    if len(speech.readings) != len(speech.sentences):
        raise StageError(f"{speech.speech_id}: its sentences were not read; run rhetoric.models.reader.read first")
    masses = np.array([reading.function for reading in speech.readings], dtype=np.float64)
    masses = masses.reshape(len(speech.sentences), len(FUNCTIONS))
    return masses if COUNT_BY == "probabilities" else likeliest(masses)


def likeliest(probabilities: Floats) -> Floats:
    """1 for the likeliest label of each sentence, 0 for the others; same shape."""
    import numpy as np

    ones: Floats = np.eye(len(FUNCTIONS))[probabilities.argmax(axis=1)]
    return ones


def mass_of(masses: Floats, labels: Iterable[str]) -> Floats:
    """How much of each sentence belongs to any of these labels, shape (sentences,)."""
    chosen: Floats = masses[:, [FUNCTIONS.index(label) for label in labels]].sum(axis=1)
    return chosen


def read_by_model(speech: Speech) -> Floats:
    """1 for each sentence that the reader labelled, 0 where a person did, shape (sentences,)."""
    import numpy as np

    return np.array([max(reading.function) < SURE for reading in speech.readings], dtype=np.float64)


def group_mass(masses: Floats, group: str) -> Floats:
    """How much of each sentence belongs to a group of labels ("story", "product", ...), shape (sentences,)."""
    return mass_of(masses, [label for label in FUNCTIONS if GROUP_OF[label] == group])


def content_mass(masses: Floats) -> Floats:
    """How much of each sentence is content: everything but `noncontent`, shape (sentences,)."""
    return 1.0 - mass_of(masses, [NONCONTENT])
