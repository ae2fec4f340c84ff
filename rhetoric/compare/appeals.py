"""Appeals to be part of it: sentences that ask the hall to come along, stand by, witness, try or buy.

A sentence appeals if it has a cue of the list `appeals`, does not tell a story, state results or announce what comes
next, and gives no thanks: "we walked together that winter" is no appeal, "let us walk on together" is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rhetoric.codebook import GROUP_OF
from rhetoric.compare.material import Material
from rhetoric.lexicons import APPEALS, read_lexicon

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# "Let us look at": it says what comes next, and is no appeal.
_AGENDA = re.compile(r"let['’]?s|let us|我们一起|让我们|来看看", re.IGNORECASE)
# What others did or may do: "that has let us build", "he is here to tell us", 一直默默支持我们.
_TOLD = re.compile(r"\b(?:has|have|had|will|would|that|to)\s+(?:let|tell)\s+us\b|"
                   r"一直[^，。]{0,8}(?:支持|相信|陪伴)我们",
                   re.IGNORECASE)
_THANKS = re.compile(r"谢|\bthank", re.IGNORECASE)


def appeal_of(material: Material, row: int) -> str:
    """The cue by which a sentence appeals, or "" where it does not."""
    label = material.labels[row]
    text = material.texts[row].replace("\u2019", "'")
    if label in ("", "noncontent") or GROUP_OF.get(label) in ("story", "results") or _THANKS.search(text):
        return ""
    found = _pattern(material.card.language).search(_TOLD.sub(" ", text))
    return found[0] if found and not (label == "stage" and _AGENDA.match(found[0])) else ""


def appeal_columns(material: Material) -> dict[str, Floats]:
    """1 for each sentence that appeals."""
    import numpy as np

    return {"appeals": np.array([bool(appeal_of(material, row)) for row in range(len(material.labels))], dtype=float)}


@lru_cache(maxsize=4)
def _pattern(language: str) -> re.Pattern[str]:
    terms = read_lexicon(f"appeals.{language}", APPEALS).terms("appeal") if language in ("zh", "en") else ()
    words = "|".join(re.escape(term) for term in sorted(terms, key=lambda t: (-len(t), t))) or "(?!)"
    return re.compile(rf"\b(?:{words})\b" if language == "en" else words, re.IGNORECASE)
