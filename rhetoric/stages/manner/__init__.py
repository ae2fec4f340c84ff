"""What the stage `voice` is made of: stance words, persons and agents, comparatives, numbers, promises.

Each module sees the words of a sentence and what the reader says of it. Hedges and certainty are what K. Hyland calls
hedges and boosters ("Metadiscourse", 2005, chapter 3); the lists are our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rhetoric.codebook import GROUP_OF
from rhetoric.lexicons import NO_CLASS, VOICE, read_lexicon
from rhetoric.lexicons.matching import Match, Terms, terms_from
from rhetoric.stages.devices import Line, label_of, lines_of
from rhetoric.types import Speech

STANCE = ("hedge", "certainty", "superlative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence as these modules see it: its line, where its words begin and end in its text, its label by the reader.

    `group` is "" where nothing was read.
    """

    line: Line
    borders: frozenset[int]
    function: str
    group: str

    @property
    def text(self) -> str:
        """The words of the sentence."""
        return self.line.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Something found: its span in the text of the sentence, and the marks that fired."""

    label: str
    start: int
    end: int
    evidence: tuple[str, ...]
    score: float = 1.0


def said(speech: Speech) -> tuple[Said, ...]:
    """The sentences of a speech that have content, in order."""
    made = []
    for line in lines_of(speech):
        function = label_of(speech, line.index)
        tokens = speech.sentences[line.index].tokens
        borders = frozenset(edge - line.char_start for token in tokens for edge in (token.char_start, token.char_end))
        made.append(Said(line=line, borders=borders, function=function, group=GROUP_OF.get(function, "")))
    return tuple(made)


@lru_cache(maxsize=32)
def terms(language: str, classes: tuple[str, ...]) -> Terms:
    """The words of these classes of the list `voice.<language>`, ready to be found."""
    entries = read_lexicon(f"voice.{language}", VOICE).entries
    return terms_from(language, [entry for entry in entries if entry.label in classes])


def matches(sentence: Said, language: str, *classes: str) -> list[Match]:
    """Words of these classes in a sentence, longest first where they overlap."""
    return terms(language, classes).find(sentence.text, sentence.borders)


# Chinese 最 makes a superlative of nearly every adjective; these say something else. English: "the most" likewise.
_ZH_MOST = re.compile(r"最(?![后近终初新为多少早晚起低])(?!高可|大程度|大化|大限度)[\u4e00-\u9fff]{1,2}")
_EN_MOST = re.compile(r"(?:\b(?:the|our|its|my|your)|['\u2019]s)\s+(?:\w+\s+)?most\s+(?!of\b|likely\b|part\b|people\b)"
                      r"\w+", re.I)


def stance(sentence: Said, language: str) -> Iterator[Spot]:
    """Hedges, words of certainty and superlatives; a hedge inside a longer phrase that is none does not count."""
    found = matches(sentence, language, *STANCE, NO_CLASS)
    for match in found:
        if match.entry.label != NO_CLASS and not _is_month(sentence.text, match):
            yield Spot(label=match.entry.label, start=match.char_start, end=match.char_end,
                       evidence=(sentence.text[match.char_start : match.char_end],))
    for hit in (_ZH_MOST if language == "zh" else _EN_MOST).finditer(sentence.text):
        if not _taken(hit.start(), hit.end(), found):
            yield Spot(label="superlative", start=hit.start(), end=hit.end(), evidence=(hit.group(),))


def _is_month(text: str, match: Match) -> bool:
    """Whether a word that begins with "may" is the month: a capital inside the sentence."""
    return match.char_start > 0 and text[match.char_start : match.char_start + 3] == "May"


def _taken(start: int, end: int, found: Sequence[Match]) -> bool:
    return any(start < match.char_end and match.char_start < end for match in found)
