"""The units that have a time of their own: a Chinese character, a run of letters, a run of digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from rhetoric.transcribe.clean import is_han

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
# How long a letter takes beside a Chinese character or a spoken digit (about 0.07 s and 0.22 s at a speaker's pace).
LETTER_WEIGHT = 0.3


class Token(NamedTuple):
    """A unit of a text: `key` is how it is compared, `start` and `end` are offsets, `weight` how long it takes."""

    key: str
    start: int
    end: int
    weight: float


def tokenize(text: str) -> Iterator[Token]:
    """The units of a text in their order; marks and spaces are none. "GPT-4o 好的" -> gpt 4 o 好 的."""
    for match in _TOKEN.finditer(text):
        begin = match.start()
        for at, char in enumerate(match[0], match.start()):
            if is_han(char):
                if begin < at:
                    yield _token(text, begin, at)
                yield _token(text, at, at + 1)
                begin = at + 1
        if begin < match.end():
            yield _token(text, begin, match.end())


def _token(text: str, start: int, end: int) -> Token:
    key = unicodedata.normalize("NFKC", text[start:end]).casefold().replace("’", "'")
    short = not is_han(text[start]) and not text[start].isdigit()
    return Token(key, start, end, (end - start) * (LETTER_WEIGHT if short else 1.0))
