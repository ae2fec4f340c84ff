"""Spans of transcripts that sound like a name of the glossary: what a person may accept as an alias.

Chinese text is read as syllables (`readings.py`) and searched for each name's reading; Latin words are compared by
letters and by sound. A span begins and ends where a repair could, so that what is accepted is repaired at the very
place that was quoted. Nothing here changes a transcript.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from rhetoric.config import GlossaryTerm
from rhetoric.transcribe import readings
from rhetoric.transcribe.clean import is_han
from rhetoric.transcribe.glossary import find_aliases, stands_free, why_ordinary, word_borders
from rhetoric.types import Segment, Transcript

# Below these a listener would not take one for the other; chosen on texts without any of the names (docs/names.md).
NEAR_CHINESE = 0.8
NEAR_SHORT = 0.85  # of two syllables, which many words are near
NEAR_LATIN = 0.7
QUOTE_LENGTH = 30  # characters on each side of the span

Ways = tuple[tuple[str, ...], ...]
"""How one character can be read, each way as syllables."""

_LATIN_WORD = re.compile(r"[^\W_\u3400-\u9fff]+(?:['’-][^\W_\u3400-\u9fff]+)*")
_LATIN_LETTERS = re.compile(rf"[A-Za-z]{{{readings.SPELLED + 1},}}")
_MARK = re.compile(r"[^\w\s'’-]|_")
_POSSESSIVE = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a span was heard; `start_s` is None where the transcript has no times."""

    speech_id: str
    text: str
    start_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A span that may be a name misheard. `score` is how alike they sound, 0..1; `ordinary` why it had better stay."""

    term: str
    said: str
    score: float
    count: int
    ordinary: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Near:
    score: float
    start: int
    end: int
    term: str

    def order(self) -> tuple[float, int, int, str]:
        """The likest first, then the longest, then the first in the text."""
        return -self.score, self.start - self.end, self.start, self.term


def suggest(transcripts: Iterable[Transcript], glossary: Sequence[GlossaryTerm]) -> tuple[Suggestion, ...]:
    """Spans that sound like a name, by name, likest and most frequent first; never a name or an alias itself."""
    score: dict[tuple[str, str], float] = {}
    places: dict[tuple[str, str], list[Place]] = {}
    texts: list[str] = []
    for transcript in transcripts:
        for segment in transcript.segments:
            texts.append(segment.text)
            for near in near_spans(segment.text, glossary):
                key = near.term, segment.text[near.start : near.end]
                score[key] = max(near.score, score.get(key, 0.0))
                places.setdefault(key, []).append(_place(transcript.speech_id, segment, near))
    found = [Suggestion(term=term, said=said, score=round(score[term, said], 3), count=len(where),
                        ordinary=why_ordinary(said, term, texts), places=tuple(where))
             for (term, said), where in places.items()]
    order = {term.term: number for number, term in enumerate(glossary)}

    def rank(suggestion: Suggestion) -> tuple[int, bool, float, int, str]:
        return (order[suggestion.term], bool(suggestion.ordinary), -suggestion.score, -suggestion.count,
                suggestion.said)

    return tuple(sorted(found, key=rank))


def _place(speech_id: str, segment: Segment, near: _Near) -> Place:
    left, right = max(0, near.start - QUOTE_LENGTH), near.end + QUOTE_LENGTH
    text = ("…" if left else "") + segment.text[left:right] + ("…" if right < len(segment.text) else "")
    at, start_s = 0, segment.start_s
    for word in segment.words:
        place = segment.text.find(word.text, at)
        if place < 0 or place > near.start:
            break
        at, start_s = place + len(word.text), word.start_s
    return Place(speech_id=speech_id, text=text, start_s=start_s)


def near_spans(text: str, glossary: Sequence[GlossaryTerm]) -> list[_Near]:
    """Spans of one segment that sound like a name, none overlapping another or a name that is written right."""
    taken = [(start, end) for start, end, _ in find_aliases(
        text, [name for term in glossary for name in (term.term, *term.aliases)])]
    found = [*_near_chinese(text, glossary), *_near_latin(text, glossary)]
    kept: list[_Near] = []
    for near in sorted(found, key=_Near.order):
        if all(near.end <= start or end <= near.start for start, end in taken):
            taken.append((near.start, near.end))
            kept.append(near)
    return sorted(kept, key=_by_place)


def _by_place(near: _Near) -> int:
    return near.start


# --- Chinese ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One way to read a name. `slurred` letters may come out a syllable longer or shorter; Chinese names do not."""

    term: str
    reading: tuple[str, ...]
    least: float
    slurred: bool

    def fits(self, length: int) -> bool:
        """True for spans of so many syllables."""
        return length == len(self.reading) or (self.slurred and abs(length - len(self.reading)) == 1)

    def may_begin(self, ways: Ways) -> bool:
        """False where the first syllable alone is too far off."""
        allowed = (1 - self.least) * len(self.reading) + 1e-9
        return self.slurred or any(readings.syllable_distance(self.reading[0], way[0]) <= allowed for way in ways)


def _wanted(glossary: Sequence[GlossaryTerm]) -> tuple[_Wanted, ...]:
    return tuple(_Wanted(term.term, reading, NEAR_CHINESE if len(reading) > 2 else NEAR_SHORT,
                         len(reading) > 3 and not any(map(is_han, term.term)))
                 for term in glossary for reading in readings.readings_of(term.term) if len(reading) > 1)


def _near_chinese(text: str, glossary: Sequence[GlossaryTerm]) -> Iterator[_Near]:
    wanted = _wanted(glossary)
    if not wanted or not any(map(is_han, text)):
        return
    borders = word_borders(text)
    sounds: list[Ways] = [readings.ways_of(char) for char in text]
    for word in _LATIN_LETTERS.finditer(text):
        sounds[word.start() : word.end()] = [()] * len(word[0])  # a word, not letters
    hopeful: dict[Ways, list[_Wanted]] = {(): []}
    for start, first in enumerate(sounds):
        if first not in hopeful:
            hopeful[first] = [one for one in wanted if one.may_begin(first)]
        most = max((len(one.reading) + one.slurred for one in hopeful[first]), default=0)
        for end, ways in _spans(text, start, sounds, most):
            here = [one for one in hopeful[first] if one.fits(sum(len(way[0]) for way in ways))]
            if here and _whole(text, start, end, borders):
                yield from _scored(start, end, ways, here)


def _scored(start: int, end: int, ways: Sequence[Ways], wanted: Iterable[_Wanted]) -> Iterator[_Near]:
    heard = [tuple(syllable for way in reading for syllable in way)
             for reading in islice(product(*ways), readings.MANY_WAYS)]
    for one in wanted:
        score = max(readings.likeness(one.reading, other, one.least) for other in heard)
        if score >= one.least:
            yield _Near(score, start, end, one.term)


def _spans(text: str, start: int, sounds: Sequence[Ways], most: int) -> Iterator[tuple[int, list[Ways]]]:
    """Ends of spans from `start` without a mark inside, with how each character of them can be read.

    A space may stand beside Latin letters and digits; between Chinese characters it is a mark.
    """
    ways: list[Ways] = []
    for at in range(start, len(text)):
        if text[at] == " " and ways and at + 1 < len(text) and not (is_han(text[at - 1]) and is_han(text[at + 1])):
            continue
        if not sounds[at] or sum(len(way[0]) for way in ways) >= most:
            return
        ways.append(sounds[at])
        yield at + 1, list(ways)


def _whole(text: str, start: int, end: int, borders: Sequence[int]) -> bool:
    """True for a span with Chinese in it that is no part of a word, Chinese or Latin."""
    cuts_latin = any(text[at - 1 : at + 1].isascii() and text[at - 1 : at + 1].isalnum() and 0 < at < len(text)
                     for at in (start, end))
    return not cuts_latin and any(map(is_han, text[start:end])) and stands_free(start, end, borders)


# --- Latin -----------------------------------------------------------------------------------------------------------


def _near_latin(text: str, glossary: Sequence[GlossaryTerm]) -> Iterator[_Near]:
    words = [(m.start(), m.end() - len((_POSSESSIVE.search(m[0]) or [""])[0])) for m in _LATIN_WORD.finditer(text)]
    for term in glossary:
        if any(map(is_han, term.term)):
            continue
        spelled = any(map(str.isdigit, term.term)) or term.term.isupper()
        for count in range(1, len(term.term.split()) + (3 if spelled else 1) + 1):
            for first, last in zip(words, words[count - 1 :], strict=False):
                span = text[first[0] : last[1]]
                score = readings.latin_likeness(term.term, span)
                if score >= NEAR_LATIN and not _MARK.search(span):
                    yield _Near(score, first[0], last[1], term.term)
