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

FEWEST = 3
NEAR = 2


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
