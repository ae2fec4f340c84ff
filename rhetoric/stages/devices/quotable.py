"""The marks that make a line quotable, each a yes or no that a user can read, and marks that speak against it.

For and against follow C. Danescu-Niculescu-Mizil et al., "You had me at hello: How phrasing affects memorability"
(ACL 2012): memorable lines are portable (few pointing words, general) and distinct in their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rhetoric.lexicons import CUES, read_lexicon
from rhetoric.stages.devices import Clause, Line, contrasts, lists, parallels
from rhetoric.stages.devices.candidates import Candidate
from rhetoric.stages.devices.repeats import plain_words

FRAME_LIKENESS = 0.4
# Marks that speak against a line; all others speak for it.
AGAINST = frozenset(("points to something", "begins by pointing", "product or figure", "runs the event", "talk",
                     "talk word", "first person"))
BRIEF = {"zh": 14, "en": 9}
SLIGHT = {"zh": 6, "en": 3}
RETURNING_SIZE = {"zh": 6, "en": 4}  # shorter ones return by chance
FAR_SENTENCES = 15
FAR_S = 60.0
PAUSE_S = 0.6
APPLAUSE_S = 20.0
_ZH_MAXIM = re.compile(r"只有.{1,14}才|只要.{1,14}就|没有.{1,14}(?:就没有|，?没有)|不.{1,8}就不|越.{1,10}越"
                       r"|[多少慢快小大]即是|莫过于|胜过|大于|高于"
                       r"|唯.{1,4}不|是.{0,8}最.{1,6}的|最.{1,8}(?:是|就是)|哪里有.{1,12}哪里|.{1,6}不是.{1,10}"
                       r"|为.{1,6}而|因.{1,8}而|不会.{1,8}不会")
_EN_MAXIM = re.compile(r"\bthe (?:best|only|greatest|real|true|surest) (?:way|thing|limit|test|proof|measure)\b"
                       r"|\bonly (?:if|when|then)\b|\b(?:if|when|where) (?:you|we|one|there)\b.*,"
                       r"|\bthere is (?:no|nothing|one)\b|\bno(?:thing|body| one| \w+) (?:is|can|will)\b"
                       r"|\bthe more\b|\bthe less\b|\b(?:never|always)\b|\bevery \w+ (?:is|has|can|must)\b"
                       r"|\b\w+ is not\b", re.I)
_ZH_CALL = re.compile(r"^(?:让|请|去|愿|别|不要|永远|把|向|为|做|敢|相信|改变|帮助|坚持|要|必须|一定要)")
_EN_CALL = re.compile(r"^(?:let us|let|never|always|don't|do not|ask|dare|think|stay|keep|make|be|believe|remember"
                      r"|build|dream|choose|join|stand|open|just|imagine|start|stop|go|come|give|take|hold"
                      r"|we (?:will|shall|must|can)|i will)\b", re.I)
_SET_UP = re.compile(r"[“\"「『‘：:]\s*$|(?:叫做?|就是|那就是|一句话|口号|常说|所谓|名言|格言|总结|我说|坚信|我相信"
                     r"|我们相信)[，,：: “\"]*$"
                     r"|\b(?:say|said|call it|called|motto|this:|believe that|conclusion:|simple:"
                     r"|that's why)[,: \"\u201c]*$", re.I)
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a candidate needs to know of its speech. `places` are the sentences where a line is said, by its key."""

    language: str
    lines: Mapping[int, Line]
    places: Mapping[str, Sequence[int]]
    starts: Mapping[int, float]
    set_off: frozenset[int]
    before_applause: frozenset[int]
    last_index: int


@lru_cache(maxsize=32)
def cues(language: str, kind: str) -> frozenset[str]:
    """The cue words of a kind."""
    return frozenset(read_lexicon(f"cues.{language}", CUES).terms(kind))


def marks(candidate: Candidate, setting: Setting) -> Iterator[str]:
    """Names of the marks that a candidate bears, for and against."""
    yield from _shape(candidate, setting.language)
    yield from _words(candidate, setting.language)
    yield from _turns(candidate, setting.language)
    yield from _deployed(candidate, setting)


def _shape(candidate: Candidate, language: str) -> Iterator[str]:
    clauses = candidate.clauses
    if candidate.whole:
        yield "a whole sentence"
    if candidate.size <= BRIEF[language]:
        yield "brief"
    if candidate.size <= SLIGHT[language]:
        yield "very short"
    if len(clauses) == 2:
        yield "two halves"
    if _is_triad(clauses) or any(lists.find((_as_line(candidate),), language)):
        yield "triad"
    pairs = list(pairwise(clauses))
    if any(parallels.frame(a.core, b.core, FRAME_LIKENESS, language) for a, b in pairs):
        yield "parallel halves"
    if any(parallels.is_even(a, b, language) or _as_long(a, b, language) for a, b in pairs):
        yield "even halves"
    if any(_rhyme(a, b, language) for a, b in pairs):
        yield "rhyme"
    if language == "en" and alliterates(candidate.words):
        yield "alliteration"


def _is_triad(clauses: Sequence[Clause]) -> bool:
    sizes = [clause.size for clause in clauses]
    return len(sizes) >= 3 and max(sizes) <= 2 * min(sizes)


def _as_line(candidate: Candidate) -> Line:
    return Line(index=candidate.index, char_start=candidate.char_start, text=candidate.text, words=candidate.words,
                spans=(), clauses=candidate.clauses)


def _as_long(left: Clause, right: Clause, language: str) -> bool:
    if language == "zh":
        return left.size == right.size and 3 <= left.size <= 10
    return len(left.words) == len(right.words) >= 2


def _rhyme(left: Clause, right: Clause, language: str) -> bool:
    """Chinese: the same last character. English: two last words that end in the same three letters."""
    a, b = left.words[-1], right.words[-1]
    if language == "zh":
        return a[-1] == b[-1]
    return a != b and len(a) > 3 and len(b) > 3 and a[-3:] == b[-3:] and any(ch in _VOWELS for ch in a[-3:])


def alliterates(words: Sequence[str]) -> bool:
    """Three heavy words, or two neighbours, that begin with the same consonant."""
    heavy = [word for word in words if word not in plain_words("en") and word[0].isalpha() and word[0] not in _VOWELS]
    first = [word[0] for word in dict.fromkeys(heavy)]
    return any(first.count(letter) >= 3 for letter in set(first)) or any(
        a[0] == b[0] and a != b and min(len(a), len(b)) > 3 for a, b in pairwise(heavy))


def _words(candidate: Candidate, language: str) -> Iterator[str]:
    words = candidate.words
    has = {kind: sum(is_cue(word, language, kind) for word in words)
           for kind in ("metaphor", "promise", "maxim", "grand", "deixis", "datum", "agenda", "story")}
    if has["metaphor"]:
        yield "image"
    if has["maxim"]:
        yield "general word"
    if has["grand"]:
        yield "big word"
    if has["grand"] >= 2:
        yield "big words"
    if has["promise"]:
        yield "call word"
    if has["deixis"]:
        yield "points to something"
    if is_cue(words[0], language, "deixis"):
        yield "begins by pointing"
    if has["datum"]:
        yield "product or figure"
    if has["agenda"]:
        yield "runs the event"
    if has["story"] * 3 >= len(words):
        yield "talk"
    if has["story"]:
        yield "talk word"
    if ("我" if language == "zh" else "i") in words:
        yield "first person"
    if len(set(words)) < len(words) and _heavy_twice(words, language):
        yield "a word twice"


def is_cue(word: str, language: str, kind: str) -> bool:
    """Chinese images may end a longer word (一盏灯), pointing words may begin one (它会)."""
    known = cues(language, kind)
    if word in known or language == "en":
        return word in known
    return (kind == "metaphor" and len(word) > 2 and word[-1] in known) or (kind == "deixis" and word[0] in "它这那")


def _heavy_twice(words: Sequence[str], language: str) -> bool:
    heavy = [word for word in words if word not in plain_words(language)]
    return len(set(heavy)) < len(heavy)


def _turns(candidate: Candidate, language: str) -> Iterator[str]:
    text = candidate.text
    if any(contrasts.find((_as_line(candidate),), language)):
        yield "antithesis"
    if (_ZH_MAXIM if language == "zh" else _EN_MAXIM).search(text):
        yield "maxim"
    if (_ZH_CALL if language == "zh" else _EN_CALL).match(text):
        yield "call or promise"
    if language == "zh" and re.search(r"是[^，,]{1,8}$", text) and len(candidate.clauses) == 1:
        yield "A is B"
    if language == "en" and re.match(r"^(?:the )?[\w ]{3,24} (?:is|are|becomes?) (?:the |a |an |our "
                                     r"|your )?[\w ]{3,30}$", text):
        yield "A is B"


def _deployed(candidate: Candidate, setting: Setting) -> Iterator[str]:
    line = setting.lines[candidate.index]
    before = line.text[: candidate.char_start - line.char_start]
    after = line.text[candidate.char_end - line.char_start :].strip()
    if _SET_UP.search(before):
        yield "set up"
    if before.rstrip().endswith(("“", '"', "「", "『", "‘")):
        yield "quoted"
    if after.startswith(("？", "?")):
        yield "question hook"
    if after.startswith(("！", "!")):
        yield "exclaimed"
    if far_repeats(candidate, setting):
        yield "returns later"
    if candidate.index in setting.set_off and candidate.whole:
        yield "set off by pauses"
    if candidate.index in setting.before_applause:
        yield "before applause"
    if candidate.index >= setting.last_index - 5:
        yield "near the end"


def far_repeats(candidate: Candidate, setting: Setting) -> bool:
    """Whether the same line is said elsewhere, at least 60 s or 15 sentences away."""
    if candidate.size < RETURNING_SIZE[setting.language]:
        return False
    here = setting.starts.get(candidate.index)
    for other in setting.places.get(candidate.key, ()):
        there = setting.starts.get(other)
        if abs(other - candidate.index) >= FAR_SENTENCES:
            return True
        if here is not None and there is not None and abs(there - here) >= FAR_S:
            return True
    return False
