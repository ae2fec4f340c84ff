"""Three or more items named in a row: 顿号 runs (A、B和C), "A, B, and C", "A and B and C"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rhetoric.stages.devices import Clause, Line, Mark
from rhetoric.stages.devices.repeats import plain_words

MAX_ALIKE = {"zh": 10, "en": 40}  # characters of a clause
MAX_TAIL = 6  # last words of a Chinese clause in which a run may begin
_ZH_ITEM = r"[^，。！？；：、,.!?;:\s]{1,12}"
_ZH_PAUSES = re.compile(rf"(?!\d{{1,2}}、|[一二三四五六七八九十]、){_ZH_ITEM}(?:、\s*{_ZH_ITEM}){{2,}}")
_ZH_LAST = re.compile(rf"(?!\d{{1,2}}、"
                      rf"|[一二三四五六七八九十]、){_ZH_ITEM}、\s*[^，。！？；：、,.!?;:\s]{{1,8}}?(?:和|以及|还有"
                      rf"|及|与|或|甚至)[^，。！？；：、,.!?;:\s]{{1,12}}")
_ZH_NAMED = re.compile(r"(?:比如说?|例如|包括|像是?|诸如|譬如|支持)\s*[^，。！？；：、,.!?;:\s]{1,10}"
                       r"(?:[，,\s]+[^，。！？；：、,.!?;:\s]{1,8}){1,4}[，,\s]*"
                       r"(?:和|以及|还有|甚至|或者?)\s*[^，。！？；：、,.!?;:\s]{1,10}")
_EN_WORD = r"[\w'\u2019%&/.+-]{0,40}[\w%+]"  # bounded: a word without an end must not cost its square
_EN_ITEM = rf"(?:{_EN_WORD})(?:\s+{_EN_WORD}){{0,4}}"
_EN_COMMAS = re.compile(rf"{_EN_ITEM},\s+(?:{_EN_ITEM},\s+)+(?:(?:and|or|to|even)\s+)?{_EN_ITEM}", re.I)
_EN_LAST = re.compile(rf"{_EN_ITEM},\s+{_EN_ITEM},?\s+(?:and|or)\s+{_EN_ITEM}", re.I)
_EN_SHORT = rf"{_EN_WORD}(?:\s{_EN_WORD}){{0,2}}"
_EN_ANDS = re.compile(rf"{_EN_SHORT} and {_EN_SHORT} and {_EN_WORD}", re.I)
_EN_FILLER = re.compile(r"^(?:so|well|now|and|but|yeah|yes|no|ok|okay|you know|i mean|of course|for example|however"
                        r"|today|then"
                        r"|again|first|right|in fact|actually|here|look|please|see|also|finally|tonight|thank you"
                        r"|let's see)$",
                        re.I)
_EN_TURN = re.compile(r"(?:but|so|because|then|including|especially|which|not|let|see|say)\b", re.I)
_EN_VERB = re.compile(r"\b(?:i|we|you|they|he|she|it|that's|it's|we're|i'm|you're|there|this|let's|i've|we've|can|is"
                      r"|are|was|will|have|has|i'll|we'll|don't|doesn't)\b", re.I)


def find(lines: Sequence[Line], language: str) -> Iterator[Mark]:
    """Mark every sentence that names three or more items as a run."""
    span = _zh_span if language == "zh" else _en_span
    for line in lines:
        found = span(line.text)
        rule = "items in a row"
        if not found:
            found, rule = _begun_alike(line, language), "three begun alike"
        if found:
            start, end = found
            yield Mark(index=line.index, char_start=line.char_start + start, char_end=line.char_start + end,
                       rule=rule, words=" ".join(line.text[start:end].split()))


def _begun_alike(line: Line, language: str) -> tuple[int, int] | None:
    """Three short neighbouring clauses with the same first word (没有药，没有水，没有床); in Chinese the first of them
    may be the end of a longer one, and the same last word will do as well (看到信心的力量，看到榜样的力量，…)."""
    for one, two, three in zip(line.clauses, line.clauses[1:], line.clauses[2:], strict=False):
        run = (one, two, three)
        most = MAX_ALIKE[language]
        if len({clause.words for clause in run}) < 3 or max(two.size, three.size) > most:
            continue
        short = one.size <= most and min(len(clause.core) for clause in run) > 1
        if short and one.core[0] == two.core[0] == three.core[0]:
            return one.char_start - line.char_start, three.char_end - line.char_start
        start = _end_alike(one, two, three) if language == "zh" else None
        if start is not None:
            return start - line.char_start, three.char_end - line.char_start
    return None


def _end_alike(one: Clause, two: Clause, three: Clause) -> int | None:
    """Where a Chinese run begins whose second and third clause are like the end of the first."""
    last = two.words[-1]
    several = min(len(clause.words) for clause in (one, two, three)) > 1
    if several and len(last) > 1 and one.words[-1] == last == three.words[-1]:
        return one.char_start
    first = two.core[0]
    tail = one.words[-MAX_TAIL:]
    several = min(len(two.core), len(three.core)) > 1
    if several and len(first) > 1 and first == three.core[0] and first in tail and first not in plain_words("zh"):
        return one.char_end - sum(map(len, tail[tail.index(first) :]))
    return None


def _zh_span(text: str) -> tuple[int, int] | None:
    for pattern in (_ZH_PAUSES, _ZH_LAST, _ZH_NAMED):
        hit = pattern.search(text)
        if hit:
            return hit.span()
    return None


def _en_span(text: str) -> tuple[int, int] | None:
    for pattern in (_EN_COMMAS, _EN_LAST):
        for hit in pattern.finditer(text):
            if _are_items(hit.group()):
                return hit.span()
    ands = _EN_ANDS.search(text)
    return ands.span() if ands else None


def _are_items(run: str) -> bool:
    """Whether a run of commas names things: three or more, no clause, the last one joined or all short."""
    items = [item for item in re.split(r",\s+(?:and\s+|or\s+)?|\s+(?:and|or)\s+", run) if item]
    real = [item for item in items if not _EN_FILLER.match(item)]
    if len(real) < 3 or any(_EN_VERB.search(item) or _EN_TURN.match(item) for item in real[1:]):
        return False
    joined = re.search(r"(?:,\s*|\s)(?:and|or)\s[^,]*$", run)
    return bool(joined) or len(real) >= 4 or all(len(item.split()) <= 2 for item in real[1:])
