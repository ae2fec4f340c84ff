"""Chinese: where a sentence ends, what its words are, how long it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from rhetoric.models.boundaries import sentence_ends
from rhetoric.models.chinese_words import cutter
from rhetoric.sentences import marks

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
LONG = 60  # characters a sentence may have where marks are missing
LONG_MARKED = 110  # and where the text is punctuated: a run of commas longer than this is cut at one of them
SHORT = 10  # a piece of fewer characters is joined to a neighbour
SPACED = False  # a space between Chinese characters stands for a mark (subtitles)

_HAN = re.compile(f"[{HAN}]")
_UNIT = re.compile(f"[{HAN}]|[^\\W_{HAN}]+(?:[.,'’][^\\W_{HAN}]+)*")
_LATIN_EDGE = re.compile(rf"[^\W_{HAN}]|[%+#&@$€£)]")
# Possessive, and only from the first mark of a run, so that a run of thousands stays cheap.
_END = re.compile(rf"(?:[。！？；｡…]|(?<![!?;])[!?;]++(?![^\W_{HAN}]))++[{marks.CLOSERS}]*+")
_DOT = re.compile(rf"(?<!\.)\.++[{marks.CLOSERS}]*+(?=\s|$|[{HAN}])")
_DOTTED = re.compile(r"[A-Za-z][A-Za-z.'’-]*$")


def split(text: str) -> list[int]:
    """Offsets after each mark that ends a sentence (the end of the text is not among them)."""
    ends = [m.end() for m in _END.finditer(text) if not marks.goes_on(text, m.end())]
    ends += [m.end() for m in _DOT.finditer(text) if _dot_ends(text, m.start())]
    return sorted(set(ends))


def _dot_ends(text: str, dot: int) -> bool:
    """True for a Western full stop after a Chinese character or a Latin word; not after a number or abbreviation."""
    if not dot:
        return False
    if _HAN.match(text[dot - 1]):
        return True
    word = _DOTTED.search(text, max(0, dot - 30), dot)
    return word is not None and not marks.is_abbreviation(word.group())


def tokenize(text: str) -> list[tuple[int, int]]:
    """Words and marks as (start, end); jieba's cut, spaces left out."""
    return [(start, end) for word, start, end in cutter().tokenize(text) if not word.isspace()]


def size(text: str) -> int:
    """Chinese characters; a Latin word or a number counts as one."""
    return sum(1 for _ in _UNIT.finditer(text))


def glue(left: str, right: str) -> str:
    """What stands between two segments: nothing, but a space between two Latin words or numbers."""
    return " " if _LATIN_EDGE.match(left[-1]) and _LATIN_EDGE.match(right[0]) else ""


def unmarked_ends(text: str, breaks: Collection[int], pauses: Mapping[int, float]) -> list[int]:
    """Offsets where sentences of a stretch without marks end, by the boundary model (`models/boundaries.py`)."""
    return sentence_ends(text, breaks=breaks, pauses=pauses)
