"""Keyword in context: every place where a speech says something, with what stands before and after it.

H. P. Luhn, "Key word-in-context index for technical literature (kwic index)", American Documentation 11, 1960.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from rhetoric.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

CONTEXT = 200  # characters kept on each side


class Hit(NamedTuple):
    """A place: `left` and `right` are at most `CONTEXT` characters of the speech on both sides of `match`."""

    speech_id: str
    sentence_index: int
    start_s: float | None
    left: str
    match: str
    right: str


def kwic(sentences: pd.DataFrame, pattern: str, *, regex: bool = False) -> list[Hit]:
    """The places of a pattern in the table `sentences`, speech by speech, in the order of the text.

    A plain pattern ignores case; its Latin words are whole words, and a space stands for any white space. Hits run over
    the borders of sentences, never over those of speeches.

    Raises:
        ConfigError: the pattern is empty, or no regular expression.
    """
    wanted = _compiled(pattern, regex)
    made = []
    for speech_id, rows in sentences.groupby("speech_id", sort=False):
        made += _in_speech(str(speech_id), rows.sort_values("sentence_index", kind="stable"), wanted)
    return made


def _compiled(pattern: str, regex: bool) -> re.Pattern[str]:
    if not pattern.strip():
        raise ConfigError("the pattern is empty; give a word or a phrase")
    if regex:
        try:
            return re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            raise ConfigError(f"{pattern!r} is no regular expression ({error}); leave --regex out for plain words"
                              ) from error
    words = r"\s+".join(re.escape(word) for word in pattern.split())
    head = r"(?<![A-Za-z0-9])" if re.match(r"[A-Za-z0-9]", pattern.strip()) else ""
    tail = r"(?![A-Za-z0-9])" if re.search(r"[A-Za-z0-9]$", pattern.strip()) else ""
    return re.compile(head + words + tail, re.IGNORECASE)


def _in_speech(speech_id: str, rows: pd.DataFrame, wanted: re.Pattern[str]) -> list[Hit]:
    text, starts = "", []
    for sentence, first in zip(rows["text"].fillna(""), rows["char_start"], strict=True):
        text += " " * max(0, int(first) - len(text))
        starts.append(len(text))
        text += str(sentence)
    hits = []
    for found in wanted.finditer(text):
        if found.end() > found.start():
            at = max(0, bisect_right(starts, found.start()) - 1)
            hits.append(_hit(speech_id, rows.iloc[at], text, found))
    return hits


def _hit(speech_id: str, row: pd.Series[Any], text: str, found: re.Match[str]) -> Hit:
    import pandas as pd

    start_s = None if pd.isna(row["start_s"]) else float(row["start_s"])
    return Hit(speech_id, int(row["sentence_index"]), start_s, text[max(0, found.start() - CONTEXT) : found.start()],
               found[0], text[found.end() : found.end() + CONTEXT])
