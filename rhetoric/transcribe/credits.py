"""Credit formulas: what Whisper has learnt from subtitles, and writes where nothing is said.

The formulas are regular expressions in `credits.tsv`, our own list. Each stands for a whole sentence, in lower case and
Simplified characters; a space in one stands for any spaces or marks, or none. `always`: nobody says so from a stage.
`unheard`: people say it too ("thanks for watching"), so it counts only where no speech is heard.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from rhetoric.transcribe.clean import is_han
from rhetoric.transcribe.script import convert_text

TABLE = Path(__file__).with_name("credits.tsv")
COLUMNS = ("pattern", "where", "language")
ALWAYS, UNHEARD = "always", "unheard"
REACH = 160  # characters at the end of a segment that are looked at: hostile texts are long
# A sentence begins at the start, after a mark that ends one, or after a space or comma between Chinese characters.
_BEGIN = re.compile(r"^|[.!?。！？…]+ *|(?<=[\u3400-\u9fff])[ ,，、]+")
_BEFORE, _AFTER = " \"'“‘「-—*", re.compile(r"[\W_]+$")


def credit_at(text: str, *, heard: bool = True) -> int | None:
    """Where the credit formulas at the end of a text begin (0: it is nothing else); None where it does not end so.

    Without `heard`, what people say too counts as well.
    """
    skipped = max(0, len(text) - REACH)
    tail, formula = folded(text[skipped:]), _formulas(heard)
    # Sentence by sentence from the end: one expression for all of them would try every way to part a hostile text.
    ends, found = [len(tail)], None
    for start in sorted({match.end() for match in _BEGIN.finditer(tail)} - {len(tail)}, reverse=True):
        if any(formula.fullmatch(_AFTER.sub("", tail[start:end].lstrip(_BEFORE))) for end in ends):
            ends.append(start)
            found = start
    return None if found is None or (skipped and not found) else skipped + found


def folded(text: str) -> str:
    """Lower case and Simplified; the text itself where that would change its length."""
    plain = text.lower()
    if any(map(is_han, plain)):
        plain = convert_text(plain, "simplified")
    return plain if len(plain) == len(text) else text


@cache
def _formulas(heard: bool) -> re.Pattern[str]:
    """Any one formula."""
    wanted = {ALWAYS} if heard else {ALWAYS, UNHEARD}
    rows = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return re.compile("|".join(f"(?:{loosened(pattern)})" for pattern, where, _ in rows if where in wanted))


def loosened(pattern: str) -> str:
    """A formula in which a space stands for any marks: recognisers set them as they like."""
    return re.sub(r"\[[^\]]*\]|\\.|( )", _marks, pattern)


def _marks(match: re.Match[str]) -> str:
    return r"[\W_]*" if match[1] else match[0]
