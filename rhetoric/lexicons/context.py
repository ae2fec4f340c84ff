"""What stands around a term: words of degree, negation, a praised product, and who feels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from rhetoric.lexicons import Lexicon
from rhetoric.lexicons.matching import Match

CLAUSE_END = re.compile(r"[，。！？；：、,.!?;:\n]")
_REACH = 24  # characters looked at on either side (Chinese); English looks at a clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Degree:
    """A term with its word of degree: span, step (2 strong, 1 ordinary, 0 none, -1 damped), word."""

    char_start: int
    char_end: int
    step: int
    words: str


class Context(Protocol):
    """What a language must be able to say of a term in its sentence."""

    def degree(self, text: str, match: Match) -> Degree:
        """The word of degree beside the term."""

    def is_negated(self, text: str, start: int, match: Match) -> bool:
        """Whether the phrase that begins at `start` is negated."""

    def is_praise(self, text: str, match: Match) -> bool:
        """Whether the term is an adjective that praises a product."""

    def who(self, text: str, match: Match) -> str:
        """`speaker`, `team`, `hall`, `others`, or "" where the clause does not say."""


def context_for(language: str, degree: Lexicon, negation: Lexicon, praise: Lexicon) -> Context:
    """The context reader of a language over its three lists."""
    return ChineseContext(degree, negation, praise) if language == "zh" else EnglishContext(degree, negation, praise)


def _alternatives(terms: tuple[str, ...]) -> str:
    return "|".join(re.escape(term) for term in sorted(terms, key=_longest_first))


def _longest_first(term: str) -> tuple[int, str]:
    return -len(term), term


def _clause_before(text: str, start: int) -> str:
    """The words of the clause before `start`."""
    cut = 0
    for end in CLAUSE_END.finditer(text, 0, start):
        cut = end.end()
    return text[cut:start]


def _clause_after(text: str, end: int) -> str:
    hit = CLAUSE_END.search(text, end)
    return text[end : hit.start() if hit else len(text)]


def _steps(degree: Lexicon, mode: str) -> dict[str, int]:
    """Word of degree -> step."""
    return {entry.term: entry.intensity if entry.label == "booster" else -entry.intensity
            for entry in degree.entries if entry.mode == mode}


def _nearest(pattern: re.Pattern[str], before: str) -> str:
    """The name of the group that matched last in `before`."""
    found = ""
    for hit in pattern.finditer(before):
        found = hit.lastgroup or ""
    return found


class ChineseContext:
    """Chinese: characters directly beside the term."""

    # 是不是, 能不能 ask; 不得不, 忍不住 affirm.
    _ASKS = re.compile(r"(是不是|能不能|会不会|要不要|有没有|想不想|敢不敢|好不好|可不可以|该不该)\w{0,4}$")
    _WHO = re.compile(r"(?P<team>我们|咱们|团队|同事|同学们|工程师|公司|全公司)|(?P<speaker>我|本人|自己)"
                      r"|(?P<hall>大家|各位|你们|你|您|在座|朋友们)|(?P<others>他们|她们|他|她|用户|人们|网友|孩子"
                      r"|人家|客户)")
    _FEELER = re.compile(r"我|大家|各位|他|她|人家|用户|人们|感到|觉得|令人|让人|心|倍感|深感")

    def __init__(self, degree: Lexicon, negation: Lexicon, praise: Lexicon) -> None:
        self._before, self._after = _steps(degree, "before"), _steps(degree, "after")
        self._degree_before = re.compile(rf"({_alternatives(tuple(self._before))})(?:的|地|得|之)?$")
        self._degree_after = re.compile(_alternatives(tuple(self._after)))
        fillers = _alternatives(negation.terms("filler"))
        negators = _alternatives(negation.terms("negator"))
        self._negation = re.compile(rf"(?:{negators})(?:{fillers})*$")
        self._adjectives = frozenset(praise.terms("adjective"))
        self._nouns = re.compile(_alternatives(praise.terms("noun")))

    def degree(self, text: str, match: Match) -> Degree:
        """See `Context.degree`."""
        low = max(0, match.char_start - _REACH)
        before = self._degree_before.search(text[low : match.char_start])
        after = self._degree_after.match(text, match.char_end)
        start = low + before.start() if before else match.char_start
        end = after.end() if after else match.char_end
        steps = [self._before[before.group(1)]] if before else []
        words = [before.group(1)] if before else []
        if after:
            steps.append(self._after[after.group()])
            words.append(after.group())
        step = max(steps, default=0) if max(steps, default=0) > 0 else min(steps, default=0)
        return Degree(char_start=start, char_end=end, step=step, words=" ".join(words))

    def is_negated(self, text: str, start: int, match: Match) -> bool:
        """See `Context.is_negated`. Two negations affirm (不是不害怕)."""
        before = text[max(0, start - _REACH) : start]
        if self._ASKS.search(before):
            return False
        count = 0
        while hit := self._negation.search(before):
            before, count = before[: hit.start()], count + 1
        return count % 2 == 1

    def is_praise(self, text: str, match: Match) -> bool:
        """See `Context.is_praise`: a product noun within eight characters and nobody named who feels."""
        if match.entry.term not in self._adjectives:
            return False
        before, after = _clause_before(text, match.char_start), _clause_after(text, match.char_end)
        if self._FEELER.search(before):
            return False
        return bool(self._nouns.search(before[-10:]) or self._nouns.search(after[:9]))

    def who(self, text: str, match: Match) -> str:
        """See `Context.who`: the last person named before the term in its clause."""
        return _nearest(self._WHO, _clause_before(text, match.char_start))


class EnglishContext:
    """English: words directly beside the term."""

    _AFFIRMS = re.compile(r"never (?:been|felt|had) (?:so|more|this|as|such)\b|not (?:only|just|merely)\b"
                          r"|no doubt", re.I)
    _WHO = re.compile(r"\b(?:(?P<speaker>i|i'm|i've|i'd|me|my|myself)|(?P<team>we|we're|we've|us|our|team|employees)"
                      r"|(?P<hall>you|you're|your|everyone|everybody)"
                      r"|(?P<others>he|she|they|they're|people|users|customers|his|her|their|developers))\b", re.I)
    _FEELER = re.compile(r"\b(?:i|i'm|i've|we|we're|us|me|he|she|they|feel|felt|people|everyone|find|found)\b", re.I)

    def __init__(self, degree: Lexicon, negation: Lexicon, praise: Lexicon) -> None:
        self._before, self._after = _steps(degree, "before"), _steps(degree, "after")
        self._degree_before = re.compile(rf"\b({_alternatives(tuple(self._before))})\s+$", re.I)
        self._degree_after = re.compile(rf"\s+({_alternatives(tuple(self._after))})\b", re.I)
        fillers = _alternatives(negation.terms("filler"))
        negators = _alternatives(negation.terms("negator"))
        self._negation = re.compile(rf"\b(?:{negators})\s+(?:(?:{fillers})\s+)*$", re.I)
        self._adjectives = frozenset(praise.terms("adjective"))
        self._nouns = re.compile(rf"\b(?:{_alternatives(praise.terms('noun'))})\b", re.I)

    def degree(self, text: str, match: Match) -> Degree:
        """See `Context.degree`."""
        low = max(0, match.char_start - _REACH)
        before = self._degree_before.search(text[low : match.char_start])
        after = self._degree_after.match(text, match.char_end)
        steps = [self._before[before.group(1).lower()]] if before else []
        words = [before.group(1)] if before else []
        if after:
            steps.append(self._after[after.group(1).lower()])
            words.append(after.group(1))
        step = max(steps, default=0) if max(steps, default=0) > 0 else min(steps, default=0)
        return Degree(char_start=low + before.start() if before else match.char_start,
                      char_end=after.end() if after else match.char_end, step=step, words=" ".join(words))

    def is_negated(self, text: str, start: int, match: Match) -> bool:
        """See `Context.is_negated`."""
        low = max(0, start - 3 * _REACH)
        straight = text[low:].replace("\u2019", "'")
        hit = self._negation.search(straight[: start - low])
        return bool(hit) and not self._AFFIRMS.match(straight, hit.start() if hit else 0)

    def is_praise(self, text: str, match: Match) -> bool:
        """See `Context.is_praise`: "exciting features", "the screen is stunning"."""
        if match.entry.term.replace("~", "") not in self._adjectives:
            return False
        before, after = _clause_before(text, match.char_start), _clause_after(text, match.char_end)
        near = " ".join(after.split()[:3])
        if self._nouns.search(near) and not re.match(r"\s+(?:about|by|with|to)\b", after):
            return True
        return not self._FEELER.search(before) and bool(self._nouns.search(" ".join(before.split()[-4:])))

    def who(self, text: str, match: Match) -> str:
        """See `Context.who`: the last person named before the term in its clause."""
        return _nearest(self._WHO, _clause_before(text, match.char_start))
