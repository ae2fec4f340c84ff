"""The theme of a speech: how general it is, and whether it is shown in a story or only invoked.

The theme is the catalog's column `theme`; else the title, where the speech says it `FEWEST` times; else the speech's
first key term against its archive. *General*: the share of the other speeches of the series that say it too. *Shown*: a
use whose sentence, or one of the `NEAR` before or after it, tells a story; any other use only invokes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.codebook import GROUP_OF
from rhetoric.compare.likeness import bare
from rhetoric.compare.material import Material
from rhetoric.types import Keyness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FEWEST = 3
NEAR = 2
LETTERS = 2  # neighbouring ones, by which a word is looked for
BITS, FEW_BITS, MANY = 2**16, 2**13, 2500  # of a speech; fewer where there are many speeches
_STEP = 0x9E3779B97F4A7C15  # 2^64 / golden ratio, odd: multiplicative hashing


class Theme(NamedTuple):
    """The theme of a speech, and where it was taken from: "theme", "title" or "key term"."""

    word: str
    source: str


def themes(materials: Sequence[Material], given: Mapping[str, str], key: Sequence[Keyness]) -> dict[str, Theme]:
    """The theme of each speech that has one; `given` is the column `theme` by speech."""
    first = {k.group: k.terms[0].term for k in key if k.kind == "speech" and k.terms}
    made = {}
    for material in materials:
        speech_id, title = material.card.speech_id, material.card.title
        if given.get(speech_id):
            made[speech_id] = Theme(given[speech_id], "theme")
        elif title and sum(map(len, _uses(material, title))) >= FEWEST:
            made[speech_id] = Theme(title, "title")
        elif speech_id in first:
            made[speech_id] = Theme(first[speech_id], "key term")
    return made


def _uses(material: Material, word: str) -> Iterator[range]:
    """For each sentence, as many places as it says the word; one Chinese character must be a word of its own."""
    wanted = bare(word)
    whole = _whole(material, wanted)
    return (range(_count(wanted, text, tokens, whole) if wanted and label not in ("", "noncontent") else 0)
            for text, tokens, label in zip(material.bare_texts, material.tokens, material.labels, strict=True))


def _count(wanted: str, text: str, tokens: str, whole: bool) -> int:
    """How often a sentence says the word, both bare; `whole`: as words of its own ("am" is not in "streaming")."""
    said = text.count(wanted)
    if not said or not whole:
        return said
    words = [word for token in tokens.split(" ") if (word := bare(token))]
    return sum(_begins(words[at:], wanted) for at in range(len(words)))


def _begins(words: Sequence[str], wanted: str) -> bool:
    """True where the first words, written as one, are the wanted ones."""
    joined = ""
    for word in words:
        joined += word
        if len(joined) >= len(wanted):
            break
    return joined == wanted


def theme_columns(material: Material, theme: Theme | None) -> dict[str, Floats]:
    """Uses of the theme in each sentence, those that are shown, and whether any sentence there stands by a story."""
    import numpy as np

    uses = np.array([len(found) for found in _uses(material, theme.word)] if theme else [0] * len(material.labels),
                    dtype=float)
    story = np.array([GROUP_OF.get(label) == "story" for label in material.labels])
    near = story.copy()
    for step in range(1, NEAR + 1):
        near[step:] |= story[:-step]
        near[:-step] |= story[step:]
    counts = np.array([label not in ("", "noncontent") for label in material.labels])
    return {"theme_uses": uses, "theme_shown": uses * near, "by_story": (near & counts).astype(float),
            "n_counted": counts.astype(float)}


class Sayers:
    """Which speeches of a series say a word; each word is looked for once, however many speeches have it as theme.

    It is looked for only where all of its neighbouring letters stand, by a table of bits (B. H. Bloom, "Space/time
    trade-offs in hash coding with allowable errors", CACM 13, 1970): every speech against every other takes too long.
    """

    def __init__(self, materials: Sequence[Material]) -> None:
        import numpy as np

        self._materials = materials
        self._says: dict[str, frozenset[int]] = {}
        self._size = BITS if len(materials) <= MANY else FEW_BITS
        self._bits = np.zeros((len(materials), self._size // 8), dtype=np.uint8)
        for row, material in zip(self._bits, materials, strict=True):
            flags = np.zeros(self._size, dtype=bool)
            flags[self._places(material.bare_text)] = True
            row[:] = np.packbits(flags, bitorder="little")

    def _places(self, text: str) -> Ints:
        """Where each run of `LETTERS` letters of a text stands in the table."""
        import numpy as np

        codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
        hashed = np.zeros(max(0, len(codes) - LETTERS + 1), dtype=np.uint64)
        for at in range(LETTERS if len(hashed) else 0):
            hashed = hashed * np.uint64(_STEP) + codes[at : at + len(hashed)]
        return ((hashed * np.uint64(_STEP)) >> np.uint64(40)).astype(np.int64) % self._size

    def share_of_others(self, material: Material, theme: Theme) -> float | None:
        """How general a theme is: the share of the other speeches that say it; None where there is no other."""
        if theme.word not in self._says:
            self._says[theme.word] = frozenset(id(m) for m in self._near(bare(theme.word)) if _says(m, theme.word))
        rest = len(self._materials) - 1
        return len(self._says[theme.word] - {id(material)}) / rest if rest else None

    def _near(self, wanted: str) -> list[Material]:
        """The speeches that may say a word."""
        places = self._places(wanted)
        there = (self._bits[:, places >> 3] >> (places & 7).astype("uint8") & 1).all(axis=1)
        return [self._materials[at] for at in there.nonzero()[0].tolist()]


def _says(material: Material, word: str) -> bool:
    wanted = bare(word)
    if not wanted or wanted not in material.bare_text:  # most speeches do not say it, which their whole text tells
        return False
    return not _whole(material, wanted) or any(_uses(material, word))


def _whole(material: Material, wanted: str) -> bool:
    """True where the word counts only as a word of its own."""
    return len(wanted) == 1 or material.card.language == "en"
