"""The theme of a speech: how general it is, and whether it is shown in a story or only invoked.

The theme is the catalog's column `theme`; else the title or a part of it, where the speech says it `FEWEST` times; else
its best slogan that it says `FEWEST` times. A word that only sets a speech apart is no theme, so other speeches have
none. *General*: the share of the other speeches of the series that say it too. *Shown*: a use whose sentence, or one of
the `NEAR` before or after it, tells a story; any other use only invokes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.codebook import GROUP_OF, SLOGAN_SCORE
from rhetoric.compare.likeness import bare
from rhetoric.compare.material import Material

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
_PARTS = re.compile(r"[:：|｜·—–\-/（）()《》「」“”\"]+")  # between the event and the theme in a title
_OCCASION = frozenset(map(bare, (
    "keynote", "the keynote", "opening keynote", "speech", "talk", "launch", "launch event", "event", "conference",
    "address", "annual speech", "annual address", "part", "演讲", "年度演讲", "主题演讲", "发布会", "新品发布会",
    "大会", "开幕演讲", "致辞", "讲话", "年会讲话")))


class Theme(NamedTuple):
    """The theme of a speech, and where it was taken from: "theme", "title" or "slogan"."""

    word: str
    source: str


def themes(materials: Sequence[Material], given: Mapping[str, str]) -> dict[str, Theme]:
    """The theme of each speech that has one; `given` is the column `theme` by speech."""
    made = {}
    for material in materials:
        word = given.get(material.card.speech_id, "")
        theme = Theme(word, "theme") if word else _titled(material) or _slogan(material)
        if theme:
            made[material.card.speech_id] = theme
    return made


def _titled(material: Material) -> Theme | None:
    """The title, or the part of it that is said most; names, occasion and numbers are no theme."""
    card = material.card
    no_theme = _OCCASION | {bare(name) for name in (card.speaker, card.organisation, card.event)}
    parts = [part.strip() for part in dict.fromkeys((card.title, *_PARTS.split(card.title)))]
    uses = {part: _said(material, part) for part in parts
            if bare(part) not in no_theme and any(c.isalpha() for c in part)}
    whole = uses.get(card.title.strip(), 0)
    best = card.title.strip() if whole >= FEWEST else max(uses, key=lambda part: uses[part], default="")
    return Theme(best, "title") if uses.get(best, 0) >= FEWEST else None


def _slogan(material: Material) -> Theme | None:
    """The best line made to be quoted that the speech says again and again."""
    for found in sorted(material.found("slogans"), key=lambda f: (-f.score, f.at, f.first)):
        if found.score < SLOGAN_SCORE:
            break
        if _said(material, found.quote) >= FEWEST:
            return Theme(found.quote.strip().rstrip("。.!！?？"), "slogan")
    return None


def _said(material: Material, words: str) -> int:
    """How often a speech says some words; most lines of an archive are said once, which the whole text tells fast."""
    wanted = bare(words)
    if not wanted or material.bare_text.count(wanted) < FEWEST:
        return 0
    return sum(map(len, _uses(material, words)))


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
