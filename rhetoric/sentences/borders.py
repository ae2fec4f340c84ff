"""Where sentences begin and end: by marks; where marks are missing, by what a language's module says of the words, the

pauses and the segments; where it says nothing, by pauses, by segments and by length.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from rhetoric.sentences.joined import PARAGRAPH, Joined

HEARD_S = 0.15  # a silence that is more than the closure of a consonant
PAUSE_S = 0.6  # a silence that parts two sentences where no marks do
UNITS_A_MARK = 70  # a text with fewer sentence marks than one in so many characters or words counts as unpunctuated

_COMMA = re.compile(r"[，,、：:;；—]\s*")
_WHOLE = re.compile(r"(?:https?://|www\.)\S+|[^\W\u3007-\u9fff\uf900-\ufaff]+(?:[.,:/@'’&+_-][^\W\u3007-\u9fff\uf900-\ufaff]+)*")

Span = tuple[int, int]


class Language(Protocol):
    """What `zh.py` and `en.py` both offer."""

    LONG: int
    LONG_MARKED: int
    SHORT: int
    SPACED: bool

    def split(self, text: str) -> list[int]:
        """Offsets after each mark that ends a sentence."""

    def tokenize(self, text: str) -> list[Span]:
        """Words and marks as spans."""

    def size(self, text: str) -> int:
        """Characters or words."""

    def glue(self, left: str, right: str) -> str:
        """What stands between two segments."""

    def unmarked_ends(self, text: str, breaks: Collection[int], pauses: Mapping[int, float]) -> list[int] | None:
        """Offsets where sentences of a stretch without marks end; None where the language has no model of it.

        `breaks` are offsets where a segment begins, `pauses` seconds of silence by the offset of what follows it.
        """


def is_punctuated(texts: Sequence[str], language: Language) -> bool:
    """True if sentence marks are there, about as many as sentences."""
    units = sum(language.size(text) for text in texts)
    found = sum(len(language.split(text + " x")) for text in texts)
    return found * UNITS_A_MARK >= units


def sentence_spans(joined: Joined, language: Language, punctuated: bool) -> list[Span]:
    """Spans of the sentences: in order, free of outer spaces, each with a letter or digit; all text lies in one."""
    text = joined.text
    hard = {*joined.turns, *(m.end() for m in re.finditer(PARAGRAPH, text))}
    pieces = _cut(text, (0, len(text)), sorted({*hard, *language.split(text)}))
    spans: list[Span] = []
    for piece in pieces:
        if language.size(text[slice(*piece)]) <= (language.LONG_MARKED if punctuated else language.SHORT):
            spans.append(piece)
        elif (ends := _unmarked_ends(joined, piece, language)) is not None:
            for part in _cut(text, piece, ends):
                spans += _by_length(joined, part, language, language.LONG_MARKED)
        elif punctuated:
            spans += _by_length(joined, piece, language, language.LONG_MARKED)
        else:
            spans += _by_pieces(joined, piece, language)
    return _with_words(text, [_trim(text, span) for span in spans])


def _cut(text: str, span: Span, offsets: Sequence[int]) -> list[Span]:
    inner = [o for o in offsets if span[0] < o < span[1]]
    return list(itertools.pairwise([span[0], *inner, span[1]]))


def _trim(text: str, span: Span) -> Span:
    shown = text[slice(*span)]
    start = span[0] + len(shown) - len(shown.lstrip())
    return start, start + len(shown.strip())


def _with_words(text: str, spans: list[Span]) -> list[Span]:
    """Hang pieces of mere marks on the sentence before them (the first one on the sentence after)."""
    kept: list[Span] = []
    for start, end in spans:
        if start == end:
            continue
        wordless = not any(ch.isalnum() for ch in text[start:end])
        first_is_wordless = len(kept) == 1 and not any(ch.isalnum() for ch in text[slice(*kept[0])])
        if kept and (wordless or first_is_wordless):
            kept[-1] = (kept[-1][0], end)
        else:
            kept.append((start, end))
    return kept


def _unmarked_ends(joined: Joined, span: Span, language: Language) -> list[int] | None:
    """Where the language's model says that sentences end in a stretch, told of its segments and pauses."""
    start, end = span
    borders = {offset - start for offset in joined.borders if start < offset < end}
    ends = language.unmarked_ends(joined.text[start:end], borders, _pauses(joined, span, borders))
    return None if ends is None else [start + offset for offset in ends]


def _pauses(joined: Joined, span: Span, borders: Collection[int]) -> dict[int, float]:
    """Seconds of silence before the characters of a stretch, by offset in it.

    Where words have no times of their own, no silence inside a segment is known, and none between captions that touch.
    """
    start, end = span
    known = {offset - start: joined.pause_before(offset) for offset in range(start + 1, end)
             if joined.starts[offset] is not None and joined.text[offset].isalnum()}
    if any(pause > 0 for offset, pause in known.items() if offset not in borders):
        return known
    return {offset: pause for offset, pause in known.items() if pause >= HEARD_S}


def _by_pieces(joined: Joined, span: Span, language: Language) -> list[Span]:
    """An unpunctuated stretch: cut at segments and pauses, join what is short, cut what is still long."""
    text = joined.text
    safe = _safe_offsets(text, span)
    offsets = [o for o in safe if joined.pause_before(o) >= PAUSE_S]
    segment_starts = [o for o in joined.borders if span[0] < o < span[1] and not _inside_whole(text, o)]
    pieces = _join_short(joined, _cut(text, span, sorted({*offsets, *segment_starts})), language)
    return [part for piece in pieces for part in _by_length(joined, piece, language, language.LONG)]


def _join_short(joined: Joined, pieces: list[Span], language: Language) -> list[Span]:
    """Join a short piece to the piece before it, unless a long pause parts them."""
    text = joined.text
    kept: list[Span] = []
    sizes: list[int] = []
    for piece in pieces:
        size = language.size(text[slice(*piece)])
        near = bool(kept) and joined.pause_before(piece[0]) < PAUSE_S
        if near and min(size, sizes[-1]) < language.SHORT and size + sizes[-1] <= language.LONG // 2:
            kept[-1], sizes[-1] = (kept[-1][0], piece[1]), sizes[-1] + size
        else:
            kept.append(piece)
            sizes.append(size)
    return kept


def _inside_whole(text: str, offset: int) -> bool:
    """True if `offset` lies inside a word, number or address that must stay whole."""
    return any(m.start() < offset < m.end() for m in _WHOLE.finditer(text, max(0, offset - 60), offset + 60))


def _safe_offsets(text: str, span: Span) -> list[int]:
    """All offsets of a span where a cut hits no Latin word, number or address, and no mark is torn from its word."""
    inside = bytearray(span[1] - span[0] + 1)
    for m in _WHOLE.finditer(text, *span):
        for k in range(m.start() + 1, m.end()):
            inside[k - span[0]] = 1
    return [o for o in range(span[0] + 1, span[1])
            if not inside[o - span[0]] and (text[o].isalnum() or text[o - 1].isspace()) and not text[o].isspace()]


def _by_length(joined: Joined, span: Span, language: Language, limit: int) -> list[Span]:
    """Cut a stretch until no part exceeds `limit`: at a long pause, else at a segment, a comma, a space, a word."""
    done: list[Span] = []
    todo = [span]
    ranks: dict[int, float] | None = None
    while todo:
        part = todo.pop()
        # The first stretch tells: counting all of a hundred thousand characters at each cut would be slow.
        if language.size(joined.text[part[0] : min(part[1], part[0] + 30 * limit)]) > limit:
            ranks = _ranked_offsets(joined, span, language) if ranks is None else ranks
            at = _best_offset(part, ranks, language, limit)
            if at is not None:
                todo += [(at, part[1]), (part[0], at)]
                continue
        done.append(part)
    return done


def _ranked_offsets(joined: Joined, span: Span, language: Language) -> dict[int, float]:
    """Offsets where a stretch may be cut, with how good a place each is."""
    text = joined.text
    commas = {m.end() for m in _COMMA.finditer(text, *span)}
    borders = set(joined.borders)
    words = {span[0] + start for start, _ in language.tokenize(text[slice(*span)])}
    ranks = {}
    for o in _safe_offsets(text, span):
        space = text[o - 1].isspace()
        if o in words or o in borders or o in commas or space:
            rank = (o in commas) * 1.0 + (o in borders) * 0.8 + (space and not language.SPACED) * 0.7
            ranks[o] = rank + min(joined.pause_before(o), 3.0)
    return ranks


def _best_offset(part: Span, ranks: dict[int, float], language: Language, limit: int) -> int | None:
    """The best place to cut, rather near the limit than at an edge; None where there is none."""
    start, end = part
    # Only a window ahead is looked at, so that a hundred thousand characters stay cheap.
    reach = min(end, start + (limit * 2 if not language.SPACED else limit * 12))
    best, best_score = None, float("-inf")
    for o in range(start + 1, reach):
        rank = ranks.get(o)
        if rank is None:
            continue
        centre = (o - start) / max(1, reach - start)
        score = rank + 1.6 * min(centre, 1 - centre)
        if score > best_score:
            best, best_score = o, score
    return best if best is not None else min((o for o in ranks if reach <= o < end), default=None)
