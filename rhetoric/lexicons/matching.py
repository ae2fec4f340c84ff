"""Find the terms of a list in a text, longest first and without overlap.

Notation of a term. Chinese: `…` stands for up to six characters (下…决心). English: `~` after a verb stands for its
regular and irregular forms (worry~: worry, worries, worried, worrying); `one's` for my, your, his ...;
`oneself` likewise. Case does not matter, a curly apostrophe equals a straight one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from rhetoric.lexicons import Entry, Lexicon

GAP = "…"
GAP_CHARACTERS = 6
SHORT_TERM = 3  # Chinese terms up to this length must not cut a word
EN_WORD = re.compile(r"[A-Za-z0-9]+(?:['\u2019-][A-Za-z0-9]+)*")
POSSESSIVES = frozenset(("my", "your", "his", "her", "its", "our", "their", "one's"))
REFLEXIVES = frozenset(("myself", "yourself", "himself", "herself", "itself", "ourselves", "yourselves", "themselves",
                        "oneself"))
# base: past, participle; only verbs that the lists use
_IRREGULAR = {
    "hold": "held", "stand": "stood", "live": "lived", "make": "made", "take": "took taken", "swell": "swelled swollen",
    "burst": "burst", "prove": "proved proven", "pay": "paid", "tip": "tipped tipping", "give": "gave given",
    "lose": "lost", "hit": "hit hitting", "let": "let letting", "break": "broke broken", "weep": "wept",
    "sleep": "slept", "hang": "hung", "freak": "freaked", "keep": "kept", "bite": "bit bitten", "swear": "swore sworn",
    "fight": "fought", "rise": "rose risen", "meet": "met", "bet": "bet betting", "get": "got gotten getting",
    "come": "came come", "lay": "laid", "set": "set setting", "see": "saw seen", "feel": "felt", "blow": "blew blown",
    "fall": "fell fallen", "do": "did done", "hug": "hugged hugging", "grin": "grinned grinning", "forge": "forged",
    "sob": "sobbed sobbing", "grit": "gritted gritting", "commit": "committed committing", "choose": "chose chosen",
    "step": "stepped stepping", "begin": "began begun", "die": "died dying", "have": "had has", "lie": "lied lying",
    "overcome": "overcame", "shake": "shook shaken", "burn": "burned burnt", "run": "ran running",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A term found: its span in the text and its row."""

    char_start: int
    char_end: int
    entry: Entry


def inflected(verb: str) -> frozenset[str]:
    """The forms of an English verb by spelling rule, irregular ones from a table."""
    stem = verb[:-1] if verb.endswith("e") else verb
    if re.search(r"[^aeiou]y$", verb):
        regular = {verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
    elif re.search(r"(?:s|x|z|ch|sh)$", verb):
        regular = {verb, verb + "es", verb + "ed", verb + "ing"}
    else:
        regular = {verb, verb + "s", stem + "ed", stem + "ing"}
    if verb in _IRREGULAR:
        regular = {form for form in regular if not form.endswith("ed")} | set(_IRREGULAR[verb].split())
    return frozenset(regular)


def _choices(word: str) -> frozenset[str]:
    if word == "one's":
        return POSSESSIVES
    if word == "oneself":
        return REFLEXIVES
    return inflected(word[:-1]) if word.endswith("~") else frozenset((word,))


def chosen(found: Iterable[Match]) -> list[Match]:
    """Of matches that overlap the longest, and of equal ones the first, in the order of the text."""
    taken: list[Match] = []
    for match in sorted(found, key=_by_length):
        if all(match.char_end <= other.char_start or match.char_start >= other.char_end for other in taken):
            taken.append(match)
    return sorted(taken, key=_by_place)


def _by_length(match: Match) -> tuple[int, int]:
    return match.char_start - match.char_end, match.char_start


def _by_place(match: Match) -> int:
    return match.char_start


class ChineseTerms:
    """The terms of a list, ready to be found in Chinese text."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._plain: dict[str, list[Entry]] = defaultdict(list)
        self._gapped: list[tuple[re.Pattern[str], Entry]] = []
        for entry in entries:
            if GAP in entry.term:
                gap = rf"[^，。！？；、,.!?;\s]{{0,{GAP_CHARACTERS}}}?"
                parts = (re.escape(part) for part in entry.term.split(GAP))
                self._gapped.append((re.compile(gap.join(parts)), entry))
            else:
                self._plain[entry.term[0]].append(entry)

    def find(self, text: str, borders: Set[int]) -> list[Match]:
        """Matches in `text`; `borders` are the offsets where its words begin and end."""
        return chosen(match for match in self._all(text) if _at_border(match, borders))

    def _all(self, text: str) -> Iterator[Match]:
        for start, character in enumerate(text):
            for entry in self._plain.get(character, ()):
                if text.startswith(entry.term, start):
                    yield Match(char_start=start, char_end=start + len(entry.term), entry=entry)
        for pattern, entry in self._gapped:
            for hit in pattern.finditer(text):
                yield Match(char_start=hit.start(), char_end=hit.end(), entry=entry)


def _at_border(match: Match, borders: Set[int]) -> bool:
    """False where a short term would cut words: 动人 in 打动|人心, 怕 in 恐怕. Long terms are what they say."""
    length = match.char_end - match.char_start
    if length > SHORT_TERM or not borders:
        return True
    ends = (match.char_start in borders) + (match.char_end in borders)
    if length == 1:
        return ends == 2
    inner = any(offset in borders for offset in range(match.char_start + 1, match.char_end))
    return ends == 2 or (ends == 1 and not inner)


class EnglishTerms:
    """The terms of a list, ready to be found in English text."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_first: dict[str, list[tuple[tuple[frozenset[str], ...], Entry]]] = defaultdict(list)
        for entry in entries:
            words = tuple(_choices(word) for word in entry.term.lower().replace(",", "").split())
            for first in sorted(words[0]):
                self._by_first[first].append((words[1:], entry))

    def find(self, text: str, borders: Set[int] = frozenset()) -> list[Match]:
        """Matches in `text`. Words are found by their letters, so `borders` are not needed."""
        return chosen(self._all(text))

    def _all(self, text: str) -> Iterator[Match]:
        hits = list(EN_WORD.finditer(text))
        words = [hit.group().lower().replace("\u2019", "'") for hit in hits]
        for index, word in enumerate(words):
            for rest, entry in self._by_first.get(word, ()):
                last = index + len(rest)
                if last < len(words) and all(w in ok for w, ok in zip(words[index + 1 : last + 1], rest, strict=True)):
                    yield Match(char_start=hits[index].start(), char_end=hits[last].end(), entry=entry)


Terms = ChineseTerms | EnglishTerms


def terms_of(language: str, *lists: Lexicon) -> Terms:
    """The terms of several lists together; where two name the same term the later list wins."""
    merged = {entry.term.casefold(): entry for lexicon in lists for entry in lexicon.entries}
    return terms_from(language, merged.values())


def terms_from(language: str, entries: Iterable[Entry]) -> Terms:
    """Some rows of a list, ready to be found in a language."""
    return ChineseTerms(entries) if language == "zh" else EnglishTerms(entries)
