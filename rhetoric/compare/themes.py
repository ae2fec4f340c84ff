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

FEWEST = 3
NEAR = 2
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
    whole = len(wanted) == 1 or material.card.language == "en"
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


def generality(material: Material, theme: Theme, others: Sequence[Material]) -> float | None:
    """The share of other speeches that say the theme; None where there is no other."""
    rest = [other for other in others if other is not material]
    wanted = bare(theme.word)
    # Most speeches do not say it at all, which their whole text tells at once.
    says = sum(wanted in other.bare_text and any(_uses(other, theme.word)) for other in rest)
    return says / len(rest) if rest else None
