"""A set against B: fixed turns (不是…而是, "not … but", "less … more") and halves that hold the two words of a pair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rhetoric.lexicons import PAIRS, read_lexicon
from rhetoric.stages.devices import Clause, Line, Mark

MAX_SINGLE = {"zh": 16, "en": 40}  # characters of a line of one clause
MAX_EVEN = 12  # characters of a clause
_IN = r"[^。！？!?]"
_CLAUSE = r"[^，。！？!?,；;]"  # within one clause
_ZH_TURNS = (
    ("not A but B", rf"(?:不是|并非|不在于|不取决于|不为|不靠|不求|不只|不仅|不光|不单|不再是|不止|岂止|何止"
                    rf"|不意味着|不需要|不希望|不想){_IN}{{1,30}}?"
                    r"(?:而是|更是|而在于|在于|而取决于|只为|而靠|只求|更在于|更要|要靠|靠的是|就是要"
                    r"|[，,；;\s](?:它|他|我|我们|这)?(?:就?是|需要|希望|必须))"),
    ("A and not B", rf"(?:是|要|靠|为了|在于|看重|从){_IN}{{1,25}}?[，,\s]?(?:而不是|而非|并不是)"),
    ("A, not B", rf"(?:是|为了|靠){_CLAUSE}{{1,15}}[，,\s]\s*(?:而|也|并)?(?:不是|并非|不在于|不靠|不为)"
                 rf"{_CLAUSE}{{1,15}}"),
    ("not A, B is", rf"(?:不是|并非){_CLAUSE}{{1,25}}[，,]\s*{_CLAUSE}{{1,20}}才是"),
    ("not for A but for B", rf"不([^，。,不是]{{1,3}}){_CLAUSE}{{0,20}}[，,]?而(?:是)?\1"),
    ("not A, only B", rf"不(?:是|在|在于|为|来自|取决于){_CLAUSE}{{1,20}}[，,\s]\s*"
                      r"(?:而)?(?:只是|关键|只有|来自|取决于|在于|为了)"),
    ("rather than", rf"(?:与其|宁可|宁愿|宁肯){_IN}{{1,25}}?(?:不如|也不|也要|也绝不)"),
    ("then and now", rf"(?:曾经|从前|原来|以前|过去|当年){_IN}{{1,25}}?(?:如今|而今|但现在|但今天|现在却|今天却"
                     rf"|可是今天|不再)"),
    ("what looks and what is", rf"(?:看似|表面上|说起来|听起来|看上去){_IN}{{1,25}}?(?:其实|实际上|却|做起来|实则)"),
    ("few and many", r"(?:少|多|慢|小|旧|难|苦|轻|短)(?:即是|就是|才是|才能)(?:多|少|快|大|新|易|甜|重|长)"),
    ("less and more", r"少(?:一)?[点些分].{1,8}[，,\s]多(?:一)?[点些分]"
                      r"|多(?:一)?[点些分].{1,8}[，,\s]少(?:一)?[点些分]|可以没有.{1,8}不能没有"),
    ("more and less", rf"越来越{_IN}{{1,12}}?(?:却|但|而){_IN}{{0,8}}?越来越"),
    ("before, now", rf"(?:以前|原来|过去|当年|从前|曾经|传统上?){_IN}{{2,40}}?[，,；;\s](?:而|但|但是|可是)?"
                    r"(?:现在|今天|如今|这一次|这次|今年)"),
    ("both this and that", r"既[^，。；！？]{2,14}[，,]?又[^，。；！？]{1,14}"),
    ("first and last", r"先(?!有)[^，。先]{1,4}[，,]?(?:才能?|再)?后[^，。来面续]{1,4}"),
    ("to this, not to that", rf"([从为靠求看认对讲]){_CLAUSE}{{1,3}}[，,、]?(?:而)?不\1{_CLAUSE}{{1,3}}"),
    ("must not, must", rf"(?:不能|不应该?|不该){_CLAUSE}{{1,16}}[，,\s](?:而)?(?:是)?"
                       r"(?:必须|只能|应该|应当|要靠|而要)"),
    ("what is needed", rf"(?:不需要|不要|不想要?|不是要){_IN}{{2,30}}(?:需要的是|要的是|想要的是|是要)"),
    ("no longer this", r"(?:不再|不再只)是[^，。]{2,25}[，,\s](?:而)?(?:是|成为|变成)"),
    ("a thousand and one", rf"(?:[一两几]?[千百万]|无数)个?{_CLAUSE}{{1,14}}[，,\s]{_CLAUSE}{{0,4}}"
                           r"(?:只有|只要|只需)一"),
    ("many, only one", rf"[百千万亿多]{_CLAUSE}{{0,8}}[，,](?:最后|其实|但|却)?"
                       rf"(?:只|仅)[有用剩要花]{_CLAUSE}{{0,6}}[一几]"),
    ("that may be, but", r"(\w{1,2})是\1(?:了)?(?:点|些)?[，,]但"),
    ("rather like this", r"像[^，。]{1,8}(?:多过|胜过|甚于)像"),
    ("this is, that is only", rf"是{_CLAUSE}{{1,16}}[，,\s](?:而|但){_CLAUSE}{{1,8}}(?:只是|却是|则是|不过是)"),
    ("this, and not", rf"{_CLAUSE}{{3,20}}[，,\s]?而不(?:能|会|要|只)"),
    ("easy and hard", rf"(?:很|挺|非常)?(?:容易|简单){_IN}{{1,16}}?(?:很|挺|太|最)?(?:难|不容易|不简单)"),
)
_EN_TURNS = (
    ("not A but B", r"\b(?:not|never|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|won't|can't"
                    r"|cannot)\b[^.!?]{1,90}?"
                    r"(?:\bbut\b(?! (?:i|we|you|they|he|she|it|there|then|now|also|if|when|in|at|today|this|the"
                    r"|that)\b)"
                    r"|\bbut rather\b|[,;:\u2014-]+ ?(?:it's|it is|they're|they are|we are|we're|he is|she is|i'm"
                    r"|this is|that's) )"),
    ("not just A but B", r"\b(?:not (?:just|only|merely|simply|about)|isn't (?:just|only|about)|aren't (?:just|only"
                         r"|about)"
                         r"|more than (?:just|merely|simply)|no longer (?:just|only))\b[^.!?]{1,90}?"
                         r"(?:\bbut\b|\bit's\b|\bit is\b|\balso\b|\bit can\b|\bthey're\b|\bthey are\b|[\u2014]|--|;)"),
    ("rather than", r"(?<!^)\b(?:instead of|rather than|as opposed to|in contrast to)\b|\bfar from being\b"),
    ("A but not B", r"\bbut (?:not|never)\b"),
    ("its A is not this; its A is that", r"\b(\w+) [^.!?;]{0,30}(?:\bnot\b|n't\b)[^.!?;]{1,60}(?:;|--|\u2014)\s*\1\b"),
    ("stop A, start B", r"\bstop \w+ing\b[^.!?]{1,30}\bstart \w+ing\b"),
    ("less and more", r"\bless\b[^.!?]{1,60}\bmore\b|\bmore\b[^.!?]{1,60}\bless\b|\bfewer\b[^.!?]{1,60}\bmore\b"),
    ("then and now", r"\b(?:used to|once was|once were|in the past|back then)\b[^.!?]{1,120}?\b(?:now|today|tomorrow"
                     r"|no longer|tonight)\b"),
    ("from A to B", r"\bgo(?:es|ing|ne)? from (?:a |an |being |just |having )[^.!?,]{2,50}\bto (?:a |an |being "
                    r"|truly )|\bfrom being\b[^.!?,]{2,50}\bto\b"),
    ("not this", r"^(?:and |but |so )?(?:it|this|that|we|they|he|she)(?:'s| is|'re"
                             r"| are) not\b[^.!?]{2,60}$|\bno longer\b[^.!?]{2,80}"),
    ("A, not B", r"[,\u2014-] ?not (?:just |only |merely )?(?:a|an|the|by|in|for|to|from|of|with|because|on|about|as"
                 r"|easy|false|at|through|our|their)\b"),
    ("on the one hand", r"\bon the one hand\b|\bon the other hand\b"),
    ("some and others", r"\bsome\b[^.!?]{2,60}\b(?:but )?others\b"),
)


MAX_DENIED = 16  # words of a sentence that is denied, and of the one that says what is so instead
_EN_JOIN = r"^(?:(?:so|and|but|now|no|well|look|actually|again|instead|in fact)\b,? ?)*"
_EN_DENIES = re.compile(rf"{_EN_JOIN}(it|this|that|these|those|we|they|he|she|i|you|there)\b"
                        r"(?P<verb>'s|'re|'m| is| are| was| were| do| does| did| am|)(?: not\b|n't\b)", re.I)
_EN_SAYS = re.compile(rf"{_EN_JOIN}(it|this|that|these|those|we|they|he|she|i|you)\b(?P<verb>'s|'re|'m|'ve| is| are"
                      r"| was| were| do| does| did|)(?! not\b|n't\b| ?can't\b| won't\b)", re.I)
_ZH_DENIES = re.compile(r"不是|并非|不在于|不仅|不只|不需要")
_ZH_GOES_ON = re.compile(r"\s*(?:而是|而在于|更是)")
_BE = frozenset(("'s", "'re", "'m", "is", "are", "was", "were", "am"))


@lru_cache(maxsize=2)
def _turns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((rule, re.compile(pattern, re.I)) for rule, pattern in (_ZH_TURNS if language == "zh" else _EN_TURNS))


@lru_cache(maxsize=4)
def _pairs(language: str, kind: str = "pair") -> dict[str, frozenset[str]]:
    """Word -> the words that oppose it, from the list `pairs.<language>` (terms as 快/慢)."""
    opposed: dict[str, set[str]] = {}
    for term in read_lexicon(f"pairs.{language}", PAIRS).terms(kind):
        left, right = term.split("/")
        opposed.setdefault(left, set()).add(right)
        opposed.setdefault(right, set()).add(left)
    return {word: frozenset(others) for word, others in opposed.items()}


def find(lines: Sequence[Line], language: str) -> Iterator[Mark]:
    """Mark every sentence with a turn, then halves of one sentence with a pair, then neighbours of which one denies."""
    for line in lines:
        for rule, pattern in _turns(language):
            hit = pattern.search(line.text)
            if hit:
                yield Mark(index=line.index, char_start=line.char_start + hit.start(),
                           char_end=line.char_start + hit.end(), rule=rule, words=" ".join(hit.group().split()))
                break
        else:
            yield from _halves(line, language)
    for left, right in pairwise(lines):
        yield from _denied(left, right) if language == "en" else _gone_on(left, right)


def _gone_on(left: Line, right: Line) -> Iterator[Mark]:
    """Two Chinese neighbours of which the first denies and the second goes on with 而是: one sentence cut in two."""
    first, second = _ZH_DENIES.search(left.text), _ZH_GOES_ON.match(right.text)
    if first and second:
        for line in (left, right):
            yield Mark(index=line.index, char_start=line.char_start, char_end=line.char_start + len(line.text.rstrip()),
                       rule="not this. But that", words=f"{first.group()} / {second.group().strip()}")


def _denied(left: Line, right: Line) -> Iterator[Mark]:
    """Two short neighbours, "It's not this." and "It's that.": the same subject, or both say what something is."""
    if max(len(left.words), len(right.words)) > MAX_DENIED or right.text.rstrip().endswith("?"):
        return
    first, second = (pattern.match(line.text.strip().replace("\u2019", "'"))
                     for pattern, line in ((_EN_DENIES, left), (_EN_SAYS, right)))
    if not first or not second:
        return
    same = first[1].lower() == second[1].lower()
    both_are = first["verb"].strip().lower() in _BE and second["verb"].strip().lower() in _BE
    if same or both_are:
        for line in (left, right):
            yield Mark(index=line.index, char_start=line.char_start, char_end=line.char_start + len(line.text.rstrip()),
                       rule="not this. It is that", words=f"{first.group()} / {second.group()}")


def _halves(line: Line, language: str) -> Iterator[Mark]:
    """Two neighbouring clauses of like length that each hold one word of a pair."""
    pairs = _pairs(language)
    if len(line.clauses) == 1 and line.clauses[0].size <= MAX_SINGLE[language]:
        pair = _both(line.words, pairs)
        if pair:
            yield Mark(index=line.index, char_start=line.clauses[0].char_start, char_end=line.clauses[0].char_end,
                       rule="opposed words", words=" / ".join(pair))
    for left, right in zip(line.clauses, line.clauses[1:], strict=False):
        if min(left.size, right.size) * 2 < max(left.size, right.size):
            continue
        pair = opposed_words(left.words, right.words, pairs) or _aligned(left, right, language)
        if pair:
            yield Mark(index=line.index, char_start=left.char_start, char_end=right.char_end, rule="opposed words",
                       words=" / ".join(pair))
            return


def holds_a_pair(words: Sequence[str], language: str) -> bool:
    """Whether a run of words holds a word and its opposite, however far apart."""
    return _both(words, _pairs(language)) is not None


def _both(words: Sequence[str], pairs: dict[str, frozenset[str]]) -> tuple[str, str] | None:
    """A word and its opposite in one run of words ("quiet tools for loud days")."""
    present = set(words)
    for word in words:
        found = pairs.get(word, frozenset()) & present
        if found:
            return word, min(found)
    return None


def _aligned(left: Clause, right: Clause, language: str) -> tuple[str, str] | None:
    """Opposed characters at the same place of two Chinese clauses of equal length (小处不马虎，大处不后悔)."""
    if language != "zh" or left.size != right.size or left.size > MAX_EVEN:
        return None
    pairs = _pairs(language, "aligned")
    for a, b in zip("".join(left.words), "".join(right.words), strict=True):
        if b in pairs.get(a, frozenset()):
            return a, b
    return None


def opposed_words(left: Sequence[str], right: Sequence[str],
                  pairs: dict[str, frozenset[str]]) -> tuple[str, str] | None:
    """A word of `left` and its opposite in `right`, neither of which stands on both sides."""
    only_right = set(right) - set(left)
    for word in left:
        found = pairs.get(word, frozenset()) & only_right
        if found and word not in right:
            return word, min(found)
    return None
