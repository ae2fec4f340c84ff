"""What both languages know of marks: quotes that close, abbreviations that end in a dot."""

from __future__ import annotations

import re

CLOSERS = "\"'”’」』）)》】\\]"
OPENERS = "\"'“‘「『（(《【\\["

# Those that a name or number follows never end a sentence; the others do before a capital.
_NEVER_LAST = frozenset((
    "mr", "mrs", "ms", "dr", "prof", "st", "sen", "rep", "gov", "gen", "col", "capt", "lt", "sgt", "rev", "hon", "pres",
    "vs", "no", "nos", "fig", "vol", "e.g", "i.e", "cf",
))
_MAY_BE_LAST = frozenset((
    "inc", "ltd", "co", "corp", "jr", "sr", "etc", "u.s", "u.k", "u.n", "d.c", "e.u", "a.m", "p.m", "ph.d", "b.c",
    "a.d", "approx", "dept", "est", "min", "max", "sec", "hr", "hrs", "jan", "mar", "apr", "jun", "jul", "aug", "sep",
    "feb", "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
))
_GOES_ON = re.compile(r"\s*[，、,：:]")


def is_abbreviation(word: str, following: str = "") -> bool:
    """True if the dot after `word` belongs to it: a title, an initial, or an abbreviation before a lower-case word."""
    bare = word.strip("\"'“”‘’([").lower().rstrip(".")
    if bare in _NEVER_LAST:
        # "no" is an answer far more often than a number.
        return bare not in ("no", "nos") or following[:1].isdigit()
    if len(bare) == 1 and bare.isalpha():
        return bare != "i" and following[:1].isupper()
    return bare in _MAY_BE_LAST and not following[:1].isupper()


def goes_on(text: str, offset: int) -> bool:
    """True if a comma or colon follows: the quotation that ended here is part of a longer sentence."""
    return bool(_GOES_ON.match(text, offset))
