"""Shingles: every run of neighbouring characters (zh) or words (en) of some speeches, hashed the same everywhere.

A. Z. Broder, "On the resemblance and containment of documents", Proc. Compression and Complexity of Sequences, 1997.
Case, width and punctuation are left out, and so is what is no part of the speech; a shingle runs over the borders of
sentences (recognisers set them differently) and never over those of speeches.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rhetoric.compare.likeness import units
from rhetoric.compare.material import Material

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Ints = NDArray[np.int64]

_MARKS = re.compile(r"[\W_]+")
_MULTIPLIER = 0x9E3779B97F4A7C15  # 2^64 / golden ratio, odd: the usual step of multiplicative hashing


def mixed(values: Hashes) -> Hashes:
    """A well mixed 64-bit hash of each value (finaliser of SplitMix64; G. Steele et al., OOPSLA 2014)."""
    import numpy as np

    z = values + np.uint64(_MULTIPLIER)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def codes_of(text: str, language: str) -> Hashes:
    """A number for each character (zh) or word (en) of a text, without punctuation and case."""
    import numpy as np

    if language == "zh":
        bare = _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())
        return np.frombuffer(bare.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    return np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in units(text, language)], dtype=np.uint64)


class Units:
    """The characters or words of some speeches in a row: a hash each, with its speech and the row of its sentence."""

    def __init__(self, materials: Sequence[Material], language: str) -> None:
        import numpy as np

        self.materials, self.language = tuple(materials), language
        lines = [(number, row, codes_of(text, language)) for number, material in enumerate(self.materials)
                 for row, (text, label) in enumerate(zip(material.texts, material.labels, strict=True))
                 if label not in ("", "noncontent")]
        lengths = np.array([len(codes) for *_, codes in lines], dtype=np.int64)
        rows = np.array([(number, row) for number, row, _ in lines], dtype=np.int64).reshape(-1, 2)
        self.codes: Hashes = mixed(np.concatenate([codes for *_, codes in lines] or [np.zeros(0, dtype=np.uint64)]))
        self.speech: Ints = np.repeat(rows[:, 0], lengths)
        self.sentence: Ints = np.repeat(rows[:, 1], lengths)
        begins = np.cumsum(lengths) - lengths
        self.starts: Ints = np.column_stack([rows, begins])  # speech, row and first unit of each sentence

    def shingles(self, length: int) -> tuple[Hashes, NDArray[np.bool_]]:
        """The hash of the shingle that begins at each unit, and whether it lies within one speech."""
        import numpy as np

        count = len(self.codes)
        hashes = np.zeros(count, dtype=np.uint64)
        whole = np.zeros(count, dtype=bool)
        if count < length:
            return hashes, whole
        for k in range(length):
            hashes[: count - length + 1] = (hashes[: count - length + 1] * np.uint64(_MULTIPLIER)
                                            + self.codes[k : count - length + 1 + k])
        whole[: count - length + 1] = self.speech[: count - length + 1] == self.speech[length - 1 :]
        return mixed(hashes), whole
