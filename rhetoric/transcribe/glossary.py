"""Names that a recogniser mishears: each alias is replaced by its name, and every replacement can be undone.

Only what stands letter for letter in the glossary is replaced, longest alias first. A Latin alias must stand alone as a
word and in its case (a small first letter also matches a capital at a sentence's start). A Chinese alias must not be a
part of a longer word of jieba's dictionary, so that 初七 is left alone in 正月初七; one of two characters must also
begin and end where words do. Near misses are never replaced: `suggestions.py` finds them, a person decides.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rhetoric.config import GlossaryTerm
from rhetoric.models.chinese_words import cutter
from rhetoric.transcribe.clean import is_han
from rhetoric.types import Option, Repair, Segment, Transcript, Word

Glossary = Sequence[GlossaryTerm]

FLAG = "repaired"
MOST_PROMPT = 120  # characters of names before a window; more would push out the speech before it
# Chinese only: told of names in English, Whisper base got 96 % of them right instead of 27 %, but in talks of three
# minutes it passed over stretches of speech, in each of three wordings of the prompt (docs/names.md).
TOLD = frozenset({"zh", "yue"})
# How often jieba's corpus of some 60 million words must hold a word for it to be no odd name, and to be a daily word.
RARE, DAILY = 3, 10_000


# --- what the recogniser is told, and what the transcript records ----------------------------------------------------


def names_of(glossary: Glossary) -> tuple[str, ...]:
    """The names, in the order of the glossary."""
    return tuple(term.term for term in glossary)


def with_names(prompt: str, names: Sequence[str], language: str) -> str:
    """A prompt with the names that may be said, as many as fit, the first ones first; unchanged outside `TOLD`."""
    kept: list[str] = []
    for name in names:
        if sum(map(len, kept)) + len(name) > MOST_PROMPT:
            break
        kept.append(name)
    return f"{prompt}演讲中提到：{'、'.join(kept)}。" if kept and language in TOLD else prompt


def glossary_sha256(glossary: Glossary) -> str:
    """The first 16 digits of a hash over names and aliases; empty without a glossary."""
    if not glossary:
        return ""
    rows = sorted((term.term, sorted(term.aliases)) for term in glossary)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:16]


def glossary_record(glossary: Glossary) -> dict[str, Option]:
    """What `Transcript.options` say of a glossary: the names it held, the hash of what was replaced."""
    if not glossary:
        return {}
    return {"glossary_names": "; ".join(names_of(glossary)), "glossary_sha256": glossary_sha256(glossary)}


# --- repair ----------------------------------------------------------------------------------------------------------


def repair_transcript(transcript: Transcript, glossary: Glossary) -> Transcript:
    """Undo all repairs of a transcript and make those of this glossary; nothing is heard again."""
    options = {key: value for key, value in transcript.options.items() if key != "glossary_sha256"}
    if glossary:
        options["glossary_sha256"] = glossary_sha256(glossary)
    return replace(transcript, options=dict(sorted(options.items())),
                   segments=repair_segments(transcript.segments, glossary))


def repair_segments(segments: Iterable[Segment], glossary: Glossary) -> tuple[Segment, ...]:
    """Segments with the repairs of this glossary and no others, in text and words; times are kept."""
    written = {alias: term.term for term in glossary for alias in term.aliases}
    pattern = _pattern(tuple(sorted(written, key=_longest_first)))
    bare = tuple(undo_repairs(segment) for segment in segments)
    return bare if pattern is None else tuple(_repaired(segment, pattern, written) for segment in bare)


def find_aliases(text: str, aliases: Iterable[str]) -> list[tuple[int, int, str]]:
    """Where an alias would be replaced: (char_start, char_end, alias), in order, none inside another."""
    pattern = _pattern(tuple(sorted(set(aliases), key=_longest_first)))
    return _matches(text, pattern, set(aliases)) if pattern else []


def undo_repairs(segment: Segment) -> Segment:
    """The segment as it was heard, letter for letter. What was edited by hand since stays as it was edited."""
    if not segment.repairs:
        return segment
    text, words = segment.text, segment.words
    for repair in reversed(segment.repairs):
        end = repair.char_start + len(repair.written)
        if text[repair.char_start : end] != repair.written:
            continue
        text = text[: repair.char_start] + repair.said + text[end:]
        if repair.words and any(repair.written in w.text for w in words[repair.word_index : repair.word_index + 1]):
            words = (*words[: repair.word_index], *repair.words, *words[repair.word_index + 1 :])
    return replace(segment, text=text, words=words, repairs=(), flags=tuple(f for f in segment.flags if f != FLAG))


def _longest_first(alias: str) -> tuple[int, str]:
    return -len(alias), alias


@functools.lru_cache(maxsize=8)
def _pattern(aliases: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{_alias_pattern(alias)})" for alias in aliases)) if aliases else None


def _alias_pattern(alias: str) -> str:
    """An alias with its borders: nothing that a word could go on with may touch a Latin end of it."""
    first, rest = re.escape(alias[0]), r"\s+".join(map(re.escape, alias[1:].split(" ")))
    if "a" <= alias[0] <= "z":
        first = f"(?:{first}|(?<![^.!?。！？…\\s])(?<![^.!?。！？…]\\s){re.escape(alias[0].upper())})"
    latin = "[^\\W_\u3400-\u9fff]"
    before = rf"(?<!{latin})(?<!{latin}[-.'’&])" if not is_han(alias[0]) else ""
    after = rf"(?!{latin})(?![-.&]{latin})(?!['’](?!s\b){latin})" if not is_han(alias[-1]) else ""
    return before + first + rest + after


def _matches(text: str, pattern: re.Pattern[str], aliases: Iterable[str]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    borders: tuple[int, ...] = ()
    known = {alias.casefold(): alias for alias in sorted(aliases)} | {alias: alias for alias in aliases}
    at = 0
    while match := pattern.search(text, at):
        start, end = match.span()
        if any(map(is_han, match[0])):
            borders = borders or word_borders(text)
            if not stands_free(start, end, borders):
                at = start + 1
                continue
        said = " ".join(match[0].split())
        found.append((start, end, known.get(said) or known[said.casefold()]))
        at = end
    return found


def stands_free(start: int, end: int, borders: Sequence[int]) -> bool:
    """True if a Chinese span is no part of a longer word.

    Two characters meet by chance at the seam of two words, so both ends must be borders. Three that are not a part of
    one word do not; a misheard name often looks like half a word (罗文声 before 带: 声带).
    """
    left, right = bisect_right(borders, start) - 1, bisect_left(borders, end)
    exact = borders[left] == start and right < len(borders) and borders[right] == end
    return exact or (end - start > 2 and right - left > 1)


def word_borders(text: str) -> tuple[int, ...]:
    """Offsets at which a word of jieba's dictionary, or a character that is in none, begins or ends, in order."""
    return (0, *(end for _, _, end in cutter().tokenize(text, HMM=False)))


def _repaired(segment: Segment, pattern: re.Pattern[str], written: dict[str, str]) -> Segment:
    repairs: list[Repair] = []
    shift = 0
    for start, end, alias in _matches(segment.text, pattern, written):
        term = written[alias]
        segment, repair = _replaced(segment, start + shift, end + shift, term)
        repairs.append(repair)
        shift += len(term) - (end - start)
    return replace(segment, repairs=tuple(repairs), flags=(*segment.flags, FLAG)) if repairs else segment


def _replaced(segment: Segment, start: int, end: int, term: str) -> tuple[Segment, Repair]:
    """The segment with one span rewritten. The words that the span touches become one, with the times of all."""
    text = segment.text[:start] + term + segment.text[end:]
    said = segment.text[start:end]
    touched = _touched(segment, start, end)
    if touched is None:
        return replace(segment, text=text), Repair(said=said, written=term, char_start=start)
    first, last, char_start, char_end = touched
    old = segment.words[first : last + 1]
    word = Word(text=segment.text[char_start:start] + term + segment.text[end:char_end], start_s=old[0].start_s,
                end_s=old[-1].end_s, probability=min(word.probability for word in old))
    words = (*segment.words[:first], word, *segment.words[last + 1 :])
    return (replace(segment, text=text, words=words),
            Repair(said=said, written=term, char_start=start, word_index=first, words=old))


def _touched(segment: Segment, start: int, end: int) -> tuple[int, int, int, int] | None:
    """The first and last word that a span touches, and where these lie; None if words are no parts of the text."""
    at, spans = 0, []
    for number, word in enumerate(segment.words):
        place = segment.text.find(word.text, at)
        if place < 0:
            return None
        at = place + len(word.text)
        if place < end and at > start:
            spans.append((number, place, at))
    if not spans or spans[0][1] > start or spans[-1][2] < end:
        return None
    return spans[0][0], spans[-1][0], spans[0][1], spans[-1][2]


# --- what may become an alias ----------------------------------------------------------------------------------------


def why_ordinary(alias: str, term: str, texts: Iterable[str] = ()) -> str:
    """Why an alias would rewrite ordinary speech: empty where nothing says so.

    It is a word of jieba's dictionary, or nothing but daily words; or Latin and written without a capital or digit, as
    no name is; or `texts` also hold it in small letters, so that its capital is that of a sentence's start.
    """
    if all(map(is_han, alias)):
        return _why_ordinary_chinese(alias)
    if any(map(is_han, alias)) or alias.casefold() == term.casefold():
        return ""
    if alias == alias.lower() and not any(map(str.isdigit, alias)):
        return "it is written like ordinary words, without a capital"
    small = re.compile(rf"\b{re.escape(alias.lower())}\b")
    if alias != alias.lower() and any(small.search(text) for text in texts):
        return f"{alias.lower()!r} stands in the transcripts, too"
    return ""


def _why_ordinary_chinese(alias: str) -> str:
    frequency = cutter().FREQ
    if int(frequency.get(alias, 0)) > RARE:
        return "it is a word of its own"
    daily = all(int(frequency.get(word, 0)) > DAILY for word in cutter().cut(alias, HMM=False))
    return "it is made of daily words" if daily else ""
