"""Simplified or Traditional characters, by OpenCC (Apache-2.0).

`t2s` and `s2t` convert character for character with phrase tables, so the text keeps its length and word times keep
their places. Regional vocabulary (`s2twp` would turn 软件 into 軟體) is left alone: what was said is not reworded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from rhetoric.types import Segment

if TYPE_CHECKING:
    import opencc

TABLES = {"simplified": "t2s", "traditional": "s2t"}
# What OpenCC's t2s leaves, found by benchmarks/script.py; 昇 is left on purpose: names keep it.
_LEFT_TRADITIONAL = str.maketrans("揹伕砲", "背夫炮")
_HALF_WIDTH = re.compile(r"(?<=[\u3400-\u9fff”》）])(?:[,?!:;]|\.(?![\w.]))")
_FULL_WIDTH = str.maketrans(",?!:;.", "，？！：；。")


@cache
def _converter(script: str) -> opencc.OpenCC:
    import opencc

    return opencc.OpenCC(TABLES[script])


def convert_text(text: str, script: str) -> str:
    """Write `text` in a script: "simplified", "traditional", or "as-heard" (unchanged)."""
    if script not in TABLES or not text:
        return text
    converted = str(_converter(script).convert(text))
    return converted.translate(_LEFT_TRADITIONAL) if script == "simplified" else converted


def full_width(text: str) -> str:
    """Punctuation after a Chinese character as Chinese is printed: engines write `,` and `，` as it comes."""
    return _HALF_WIDTH.sub(_widened, text)


def _widened(match: re.Match[str]) -> str:
    return match[0].translate(_FULL_WIDTH)


def widen_segments(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """`full_width` for text and words alike."""
    return tuple(_with_text(segment, full_width(segment.text)) or segment for segment in segments)


def convert_segments(segments: Sequence[Segment], script: str) -> tuple[Segment, ...]:
    """Convert text and words of each segment alike: a word is always the part of the text that it was before."""
    if script not in TABLES:
        return tuple(segments)
    return tuple(_with_text(segment, convert_text(segment.text, script)) or _convert_words(segment, script)
                 for segment in segments)


def _with_text(segment: Segment, text: str) -> Segment | None:
    """The segment with a text of the same length and its words cut from it; None where that cannot be done."""
    if not segment.words:
        return replace(segment, text=text)
    spans = _spans(segment)
    if spans is None or len(text) != len(segment.text):
        return None
    words = tuple(replace(word, text=text[start:end]) for word, (start, end) in zip(segment.words, spans, strict=True))
    return replace(segment, text=text, words=words)


def _spans(segment: Segment) -> list[tuple[int, int]] | None:
    """Where each word lies in the text, or None if they are not its parts in order."""
    spans, at = [], 0
    for word in segment.words:
        start = segment.text.find(word.text, at)
        if start < 0:
            return None
        at = start + len(word.text)
        spans.append((start, at))
    return spans


def _convert_words(segment: Segment, script: str) -> Segment:
    """Word by word, where the phrase tables changed the length: the text is rebuilt around the converted words."""
    words = tuple(replace(word, text=convert_text(word.text, script)) for word in segment.words)
    spans = _spans(segment)
    if spans is None:  # an imported file whose words are not those of its text
        return replace(segment, text=convert_text(segment.text, script), words=words)
    text, at = "", 0
    for word, (start, end) in zip(words, spans, strict=True):
        text += segment.text[at:start] + word.text
        at = end
    return replace(segment, text=text + segment.text[at:], words=words)
