"""Appeals to be part of it: sentences that ask the hall to come along, stand by, witness, try or buy.

A sentence appeals if it has a cue of the list `appeals`, does not tell a story or state results, and gives no thanks:
"we walked together that winter" is no appeal, "let us walk on together" is. Cues of the class `hall` ("let's", "try
it") count only in sentences for the hall or of a belief, since of a product they direct a demonstration; and "let's"
before a word of the class `agenda` ("let's look", "let's merge windows") never counts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.codebook import GROUP_OF
from rhetoric.compare.material import Material
from rhetoric.lexicons import APPEALS, read_lexicon

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOR_THE_HALL = ("audience", "values")  # labels
# What others did, do or may do ("that has let us build", "she will join us", 一直默默支持我们), and greetings.
_TOLD = re.compile(r"\b(?:has|have|had|will|would|can|could|may|that|to|they|it)\s+(?:let|tell|help|support)\s+us\b"
                   r"|\b(?<!you )(?:has|have|had|will|would|can|could|may)\s+join\s+(?:us|me)\b"
                   r"|(?<!^)(?<![,.;:!?]\s)(?<!\bso )(?<!\band )(?<!\bbut )(?<!\bnow )(?<!\bthen )(?<!\bplease )"
                   r"\blet\s+us\b"
                   r"|\blet\s+us\s+(?:in|know)\b|\b(?:for|of|to|with)\s+all\s+of\s+us\b"
                   r"|一直[^，。]{0,8}(?:支持|相信|陪伴)我们|欢迎来到"
                   r"|(?:经过|通过|由于|因为|离不开)[^，。]{0,16}(?:共同|一起)努力|(?:共同|一起)努力(?:的结果|的成果|下|之下|出来)",
                   re.IGNORECASE)
_THANKS = re.compile(r"谢|\bthank", re.IGNORECASE)
_BEFORE = {"en": r"\b(?:let's|let us)(?:\s+(?:just|all|now|also|quickly|first|actually|go ahead and|not))*\s+",
           "zh": r"(?:让我们|我们一起|一起来|大家一起)(?:一起|先|再|首先|就|来)*"}


class Cues(NamedTuple):
    """The cues of a language: those that count wherever they stand, those for the hall, and what is no cue at all."""

    anywhere: re.Pattern[str]
    hall: re.Pattern[str]
    agenda: re.Pattern[str]


def appeal_of(material: Material, row: int) -> str:
    """The cue by which a sentence appeals, or "" where it does not."""
    label = material.labels[row]
    text = material.texts[row].replace("\u2019", "'")
    if label in ("", "noncontent") or GROUP_OF.get(label) in ("story", "results") or _THANKS.search(text):
        return ""
    cues = _cues(material.card.language)
    text = cues.agenda.sub(" ", _TOLD.sub(" ", text))
    found = cues.anywhere.search(text) or (cues.hall.search(text) if label in FOR_THE_HALL else None)
    return found[0] if found else ""


def appeal_columns(material: Material) -> dict[str, Floats]:
    """1 for each sentence that appeals."""
    import numpy as np

    return {"appeals": np.array([bool(appeal_of(material, row)) for row in range(len(material.labels))], dtype=float)}


@lru_cache(maxsize=4)
def _cues(language: str) -> Cues:
    def either(label: str, before: str = "") -> re.Pattern[str]:
        found = lexicon.terms(label) if lexicon else ()
        words = "|".join(re.escape(term) for term in sorted(found, key=lambda t: (-len(t), t))) or "(?!)"
        edges = "" if language == "zh" else r"\b"
        return re.compile(rf"{before or edges}(?:{words}){edges}", re.IGNORECASE)

    lexicon = read_lexicon(f"appeals.{language}", APPEALS) if language in _BEFORE else None
    return Cues(either("appeal"), either("hall"), either("agenda", _BEFORE.get(language, "")))
