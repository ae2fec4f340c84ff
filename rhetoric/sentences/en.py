"""English: where a sentence ends, what its words are, how long it is."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from rhetoric.sentences import marks

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer

LONG = 40  # words a sentence may have where marks are missing
LONG_MARKED = 100  # and where the text is punctuated
SHORT = 4  # a piece of fewer words is joined to a neighbour
SPACED = True

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W_]+(?:['’][^\W_]+)*")
# Possessive, and only from the first mark of a run, so that a run of thousands stays cheap.
_END = re.compile(rf"(?<![.!?…。！？])[.!?…。！？]++[{marks.CLOSERS}]*+(?=\s|$)")
_NEXT_WORD = re.compile(rf"[\s{marks.OPENERS}]*([^\s]+)")
_LAST_WORD = re.compile(r"[^\s(\[\"“‘]+$")
_ENUMERATOR = re.compile(r"(?:^|\n|[.!?:]\s)\s*\d{1,2}$")


def split(text: str) -> list[int]:
    """Offsets after each mark that ends a sentence (the end of the text is not among them)."""
    cased = _is_cased(text)
    return [m.end() for m in _END.finditer(text) if m.end() < len(text) and _ends(text, m, cased)]


def _is_cased(text: str) -> bool:
    """True if sentences begin with capitals here; captions in one case give no such hint."""
    following = [m.group(1)[0] for end in _END.finditer(text)
                 if not end.group().startswith("..") and (m := _NEXT_WORD.match(text, end.end()))]
    letters = [letter for letter in following if letter.isalpha()]
    return not letters or 2 * sum(1 for letter in letters if letter.isupper()) > len(letters)


def _ends(text: str, mark: re.Match[str], cased: bool) -> bool:
    following = _NEXT_WORD.match(text, mark.end())
    if following is None:
        return True
    # iPhone and macOS begin sentences too; a plain lower-case word after the mark goes on with the sentence.
    goes_on = cased and following.group(1)[0].islower() and following.group(1).islower()
    if not mark.group().startswith(".") or mark.group().startswith(".."):
        return not goes_on
    before = text[max(0, mark.start() - 40) : mark.start()]
    word = _LAST_WORD.search(before)
    if goes_on or _ENUMERATOR.search(before):
        return False
    return word is None or not marks.is_abbreviation(word.group(), following.group(1))


def tokenize(text: str) -> list[tuple[int, int]]:
    """Words and marks as (start, end); spaCy's rules for English, spaces left out."""
    spans = []
    for token in _cutter()(text):
        shown = token.text.strip()
        if shown:
            start = token.idx + token.text.index(shown)
            spans.append((start, start + len(shown)))
    return spans


def size(text: str) -> int:
    """Words; a number counts as one, a mark as none."""
    return sum(1 for _ in _WORD.finditer(text))


def glue(left: str, right: str) -> str:
    """What stands between two segments: a space."""
    return " "


def unmarked_ends(text: str, breaks: Collection[int], pauses: Mapping[int, float]) -> None:
    """None: there is no model of English without marks; pauses, segments and length part its sentences."""


@functools.cache
def _cutter() -> Tokenizer:
    """spaCy's English tokenizer; no model, no pipeline."""
    import spacy

    return spacy.blank("en").tokenizer
