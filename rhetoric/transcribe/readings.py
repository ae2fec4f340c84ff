"""How a text sounds: Chinese characters, digits and spelled letters as pinyin syllables, Latin words as folded letters.

The table of readings is made from pypinyin's (MIT) by `tools/build_readings.py`: 30 kB read when first asked for, where
the package itself costs 4 MB and a third of a second. All usual readings of a character count, since a recogniser that
mishears a name picks characters by sound alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path

TABLE = Path(__file__).with_name("readings.tsv")
DIGITS = ("ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu")
DIGITS_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# How Mandarin speakers name Latin letters, written as syllables.
LETTERS = {
    "A": "ei", "B": "bi", "C": "xi", "D": "di", "E": "yi", "F": "ai fu", "G": "ji", "H": "ai chi", "I": "ai",
    "J": "jie", "K": "kei", "L": "ai lou", "M": "ai mu", "N": "en", "O": "ou", "P": "pi", "Q": "qiu", "R": "a",
    "S": "ai si", "T": "ti", "U": "you", "V": "wei", "W": "da bu liu", "X": "ai ke si", "Y": "wai", "Z": "zei",
}
LETTERS_EN = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    "ei", "bi", "si", "di", "i", "ef", "ji", "eich", "ai", "jei", "kei", "el", "em", "en", "o", "pi", "kiu", "ar", "es",
    "ti", "iu", "vi", "dabliu", "eks", "vai", "si"), strict=True))
SPELLED = 4  # a longer run of Latin letters is a word, not letters
MANY_WAYS = 8  # readings of one name or span that are tried

_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]")
_RETROFLEX = {"zh": "z", "ch": "c", "sh": "s", "n": "l"}
_CLASSES = ("bpmfw", "dt", "lnr", "gkh", "jqxzcs", "hf", "yw")
_NASAL = re.compile(r"ng$")
# What pairs of sounds cost, 0 = the same sound, 1 = nothing alike. Set by ear, not fitted.
FUZZY, NEAR, FAR = 0.1, 0.4, 1.0
GAP = 0.8  # a syllable too many or too few

_FOLDS = tuple((re.compile(pattern), to) for pattern, to in (
    (r"ph", "f"), (r"ck|q|c(?![eiyh])", "k"), (r"c(?=[eiy])", "s"), (r"x", "ks"), (r"z", "s"), (r"w", "v"),
    (r"th", "t"), (r"ee|ea|ie|y", "i"), (r"oo|ou", "u"), (r"(?:er|or|ar|re|ah)\b", "a"), (r"e\b", ""),
    (r"(?<=\w)h", ""), (r"(\w)\1+", r"\1")))


@functools.cache
def _readings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        syllable, characters = line.split("\t")
        for char in characters:
            found[char] = (*found.get(char, ()), syllable)
    return found


@functools.cache
def _syllables() -> frozenset[str]:
    return frozenset(syllable for ways in _readings().values() for syllable in ways)


def ways_of(char: str) -> tuple[tuple[str, ...], ...]:
    """How a character can be read aloud in Chinese, each way as syllables; empty for what has no sound."""
    if char.isascii() and char.isdigit():
        return ((DIGITS[int(char)],),)
    if char.upper() in LETTERS:
        return (tuple(LETTERS[char.upper()].split()),)
    return tuple((syllable,) for syllable in _readings().get(char, ()))


def readings_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read a name or a span in Chinese, up to `MANY_WAYS`; empty where a part of it has no sound.

    A short run of Latin letters is spelled, and read as pinyin where it is that: SU7 is `ai si you qi` and `su qi`.
    """
    parts: list[tuple[tuple[str, ...], ...]] = []
    for piece in re.findall(r"[A-Za-z]+|[^\W_]", text):
        ways = ways_of(piece)
        if 1 < len(piece) <= SPELLED:
            ways = (tuple(" ".join(LETTERS[letter] for letter in piece.upper()).split()),)
        if piece.isascii() and piece.lower() in _syllables():
            ways = ((piece.lower(),), *ways)
        if not ways:
            return ()
        parts.append(ways)
    found: dict[tuple[str, ...], None] = {}
    for ways in product(*parts):
        found[tuple(syllable for way in ways for syllable in way)] = None
        if len(found) == MANY_WAYS:
            break
    return tuple(found)


def _split(syllable: str) -> tuple[str, str]:
    match = _INITIAL.match(syllable)
    initial = match[0] if match else ""
    return initial, syllable[len(initial) :]


@functools.cache
def syllable_distance(one: str, other: str) -> float:
    """0 (the same) to 1: the mean of initials and finals; zh/z, ch/c, sh/s, n/l, in/ing, en/eng, an/ang cost little."""
    (start, end), (other_start, other_end) = _split(one), _split(other)
    return (_initial_distance(start, other_start) + _final_distance(end, other_end)) / 2


def _initial_distance(one: str, other: str) -> float:
    if one == other:
        return 0.0
    one, other = _RETROFLEX.get(one, one), _RETROFLEX.get(other, other)
    if one == other:
        return FUZZY
    return NEAR if any(one in letters and other in letters for letters in _CLASSES if one and other) else FAR


def _final_distance(one: str, other: str) -> float:
    if one == other:
        return 0.0
    one, other = _NASAL.sub("n", one), _NASAL.sub("n", other)
    if one == other:
        return FUZZY
    from rapidfuzz.distance import Levenshtein

    return max(NEAR, float(Levenshtein.normalized_distance(one, other)))


def likeness(one: Sequence[str], other: Sequence[str], least: float = 0.0) -> float:
    """How alike two readings sound, 0..1: one minus their edit distance over syllables, by the longer one's length.

    What is less than `least` may come out as 0, sooner.
    """
    longer = max(len(one), len(other), 1)
    allowed = (1 - least) * longer + 1e-9
    if len(one) != len(other):
        few = GAP * abs(len(one) - len(other)) > allowed
        return 0.0 if few else 1 - _edit_distance(one, other) / longer
    total = 0.0
    for mine, theirs in zip(one, other, strict=True):
        total += syllable_distance(mine, theirs)
        if total > allowed:
            return 0.0
    return 1 - total / longer


def _edit_distance(one: Sequence[str], other: Sequence[str]) -> float:
    row = [GAP * column for column in range(len(other) + 1)]
    for number, left in enumerate(one, 1):
        above, row = row, [GAP * number]
        for column, right in enumerate(other):
            row.append(min(above[column] + syllable_distance(left, right), above[column + 1] + GAP, row[column] + GAP))
    return row[-1]


@functools.lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """A Latin name or span as it sounds in English, roughly: `QX7` is `kiueksseven`, `Kestriva` `kestriva`."""
    spelled = re.sub(r"\b(?:[A-Z]\d*){1,4}\b", _spell, text)
    spelled = re.sub(r"\d", _digit, spelled).lower()
    for pattern, to in _FOLDS:
        spelled = pattern.sub(to, spelled)
    return re.sub(r"\W", "", spelled)


def _spell(match: re.Match[str]) -> str:
    return "".join(LETTERS_EN.get(char, char) for char in match[0])


def _digit(match: re.Match[str]) -> str:
    return DIGITS_EN[int(match[0])]


def latin_likeness(one: str, other: str) -> float:
    """How alike two Latin spans are, 0..1: the mean of their likeness as written and as they sound (edit distance).

    Where one of them has digits only the sound counts: `see you seven` is written nothing like `CU7`.
    """
    from rapidfuzz.distance import Levenshtein

    if _letters(one) == _letters(other):
        return 1.0
    sound = float(Levenshtein.normalized_similarity(folded(one), folded(other)))
    if any(char.isdigit() for char in one + other):
        return sound
    written = float(Levenshtein.normalized_similarity(_letters(one), _letters(other)))
    return (max(sound, written) + written) / 2


@functools.lru_cache(maxsize=1 << 16)
def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
