"""Where terms of several words stand in the speeches of a series, minute by minute (a dispersion plot)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rhetoric.compare.hinges import elapsed
from rhetoric.compare.keyness import dispersion
from rhetoric.compare.material import Material
from rhetoric.compare.wording import sentence
from rhetoric.compare.words import Words
from rhetoric.plurals import counted
from rhetoric.types import SpeechPlaces, Spread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

MOST = 8
FEWEST = 3
MOST_SPEECHES = 40  # of a series, those with most uses; what is left out is in the counts


def spreads(series: str, words: Words) -> tuple[Spread, ...]:
    """The terms of two words or more that most speeches of a series use, then the most frequent; longer ones first."""
    import numpy as np

    uses = words.uses
    if not len(uses.term):
        return ()
    length = np.array([len(term) for term in words.terms])
    count = np.bincount(uses.term, minlength=len(length))
    pairs = np.unique(uses.term * len(words.materials) + words.speech[uses.at])
    speeches = np.bincount(pairs // len(words.materials), minlength=len(length))
    several = np.flatnonzero((length > 1) & (count >= FEWEST) & (speeches >= min(2, len(words.materials))))
    order = several[np.lexsort((several, -count[several], -speeches[several]))]
    chosen: list[int] = []
    for term in order[:200]:
        own = set(words.terms[term])
        if not any(own <= set(words.terms[other]) or own >= set(words.terms[other]) for other in chosen):
            chosen.append(int(term))
        if len(chosen) == MOST:
            break
    return tuple(_spread(series, words, term) for term in chosen)


def _spread(series: str, words: Words, term: int) -> Spread:
    import numpy as np

    everyone = list(range(len(words.materials)))
    speech, rows, _ = words.uses_of(term, everyone)
    observed = np.bincount(speech, minlength=len(everyone)).astype(float)
    even = dispersion(observed, words.sizes.astype(float))
    used = sorted(sorted(set(speech.tolist()), key=lambda s: (-observed[s], s))[:MOST_SPEECHES])
    places = tuple(_places(words.materials[s], rows[speech == s]) for s in used)
    name, n = words.shown(term), int((observed > 0).sum())
    text = sentence(f"“{name}”: {counted(len(speech), 'time')} in {n} of {len(everyone)} speeches.",
                    f"“{name}”：{len(everyone)} 场中的 {n} 场，共 {len(speech)} 次。")
    return Spread(term=name, series=series, count=len(speech), dispersion=None if even is None else round(even, 3),
                  speeches=places, text=text)


def _places(material: Material, rows: Ints) -> SpeechPlaces:
    shares = elapsed(material)
    return SpeechPlaces(speech_id=material.card.speech_id, places=tuple(round(float(shares[row]), 4) for row in rows))
