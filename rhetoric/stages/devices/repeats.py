"""Words said again on purpose: the same opening (anaphora), the same end (epiphora), a phrase again.

Stutters of speech recognition ("the the", 我们我们) and habits of talk ("so we", 我觉得) are none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rhetoric.lexicons import PLAIN, read_lexicon
from rhetoric.stages.devices import Clause, Line, Mark

TWICE = {"zh": 4, "en": 2}  # weight from which the same clause twice is no stutter
MAX_CLAUSE = {"zh": 14, "en": 60}  # characters of a clause whose end is heard
ZH_PHRASE = 5  # characters from which on two clauses that begin alike repeat a phrase
ZH_SHORT, ZH_ENDING, ZH_AGAIN = 16, 3, 4  # characters of a short sentence, an end that is heard, a part said again
MAX_LINE = {"zh": 12, "en": 16}  # words of a sentence whose end is heard


@lru_cache(maxsize=2)
def plain_words(language: str) -> frozenset[str]:
    """Words that any two sentences may share by chance, from the list `plain.<language>`: they make no figure alone."""
    return frozenset(read_lexicon(f"plain.{language}", PLAIN).terms("plain"))


def find(lines: Sequence[Line], language: str) -> Iterator[Mark]:
    """Mark repetition inside sentences and between neighbours; of neighbours both are marked."""
    plain = plain_words(language)
    for line in lines:
        yield from _inside(line, language, plain)
    for left, right in pairwise(lines):
        yield from _between_zh(left, right) if language == "zh" else _between(left, right, language, plain)


def _mark(line: Line, start: int, end: int, rule: str, words: Sequence[str], language: str) -> Mark:
    return Mark(index=line.index, char_start=start, char_end=end, rule=rule,
                words=("" if language == "zh" else " ").join(words))


def _weight(words: Sequence[str], plain: frozenset[str], language: str) -> int:
    """How much a shared run of words says: characters (zh) or words (en), plain words left out."""
    heavy = [word for word in words if word not in plain]
    return sum(map(len, heavy)) if language == "zh" else len(heavy)


def shared_opening(left: Sequence[str], right: Sequence[str]) -> int:
    """How many words two runs begin with in common."""
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def _inside(line: Line, language: str, plain: frozenset[str]) -> Iterator[Mark]:
    clauses = [clause for clause in line.clauses if clause.words]
    runs = set(_zh_runs(clauses)) if language == "zh" else set()
    for at, (left, right) in enumerate(pairwise(clauses)):
        rule = _clause_rule(left, right, language, plain)
        if rule and (rule[0] != "same opening" or language == "en" or at in runs or _insists(left, right, rule[1])):
            name, words = rule
            yield _mark(line, left.char_start, right.char_end, name, words, language)
            return
    word = _insistent(line, language, plain)
    if word:
        spans = [span for w, span in zip(line.words, line.spans, strict=True) if w == word]
        yield _mark(line, spans[0][0], spans[-1][1], "a word again and again", (word,), language)


def _size(words: Sequence[str]) -> int:
    return sum(map(len, words))


def _insists(left: Clause, right: Clause, words: Sequence[str]) -> bool:
    """Two Chinese clauses that begin with the same short word are parallel, not more: it takes a phrase, or half of
    both clauses (坚持到天亮，坚持到雪停)."""
    size = _size(words)
    return size >= ZH_PHRASE or (size >= 3 and 2 * size >= max(left.size, right.size))


def _zh_runs(clauses: Sequence[Clause]) -> Iterator[int]:
    """The first of each three neighbouring clauses that begin with the same two characters or more."""
    for at, (one, two, three) in enumerate(zip(clauses, clauses[1:], clauses[2:], strict=False)):
        count = min(shared_opening(one.core, two.core), shared_opening(two.core, three.core))
        if _size(one.core[:count]) >= 2:
            yield at


def _between_zh(left: Line, right: Line) -> Iterator[Mark]:
    """Chinese neighbours: two short sentences with the same end (…怎么样？…怎么样？), or one that says a part of the
    one before it again. The same beginning is habit of talk far more often than a figure, and is not marked."""
    one, two = "".join(left.words), "".join(right.words)
    count = shared_opening(left.words[::-1], right.words[::-1])
    ending = right.words[len(right.words) - count :]
    short = max(len(one), len(two)) <= ZH_SHORT
    if short and _size(ending) >= ZH_ENDING and min(len(left.words), len(right.words)) > count:
        yield from _both(left, right, "same ending as its neighbour", ending, slice(-count, None), "zh")
    elif ZH_AGAIN <= len(two) <= ZH_SHORT and two in one and one != two:
        yield _mark(right, right.spans[0][0], right.spans[-1][1], "a phrase again", right.words, "zh")


def _clause_rule(left: Clause, right: Clause, language: str, plain: frozenset[str]) -> tuple[str, Sequence[str]] | None:
    """The figure that two neighbouring clauses make, with the words they share."""
    if left.words == right.words:
        # The same clause twice is stress where it is long enough, else a stutter.
        return ("said twice", left.words) if _weight(left.words, plain, language) >= TWICE[language] else None
    count = shared_opening(left.core, right.core)
    rest = min(len(left.core), len(right.core)) - count
    if rest > 0 and _opening_counts(left.core[:count], plain, language):
        return "same opening", left.core[:count]
    count = shared_opening(left.words[::-1], right.words[::-1])
    end = left.words[len(left.words) - count :]
    longer, shorter = max(left.size, right.size), min(left.size, right.size)
    close = longer <= 2 * shorter and longer <= MAX_CLAUSE[language]
    if close and min(len(left.words), len(right.words)) > count and _ending_counts(end, plain, language):
        return "same ending", end
    return None


def _opening_counts(words: Sequence[str], plain: frozenset[str], language: str) -> bool:
    if language == "zh":
        return sum(map(len, words)) >= 2 and _weight(words, plain, language) >= 1
    return len(words) >= 2


def _ending_counts(words: Sequence[str], plain: frozenset[str], language: str) -> bool:
    if language == "zh":
        return len(words) >= 2 and _weight(words, plain, language) >= 2
    return _weight(words, plain, language) >= 1


def _line_ending_counts(words: Sequence[str], plain: frozenset[str], language: str) -> bool:
    return len(words) >= 2 and _weight(words, plain, language) >= (2 if language == "zh" else 1)


def _insistent(line: Line, language: str, plain: frozenset[str]) -> str:
    """A heavy word that stands three times in a sentence, not directly after itself."""
    words = [word for i, word in enumerate(line.words) if i == 0 or word != line.words[i - 1]]
    counts = Counter(word for word in words if word not in plain and len(word) >= (2 if language == "zh" else 3))
    best = max(counts, key=lambda word: (counts[word], word), default="")
    return best if best and counts[best] >= (4 if language == "zh" else 3) else ""


def _between(left: Line, right: Line, language: str, plain: frozenset[str]) -> Iterator[Mark]:
    count = shared_opening(left.words, right.words)
    opening = left.words[:count]
    if count and len(right.words) > count and _line_opening_counts(opening, plain, language):
        yield from _both(left, right, "same opening as its neighbour", opening, slice(0, count), language)
        return
    count = shared_opening(left.words[::-1], right.words[::-1])
    ending = right.words[len(right.words) - count :]
    heard = max(len(left.words), len(right.words)) <= MAX_LINE[language]
    if count and heard and len(right.words) > count and _line_ending_counts(ending, plain, language):
        tail = slice(-count, None)
        yield from _both(left, right, "same ending as its neighbour", ending, tail, language)
        return
    phrase = _shared_phrase(left.words, right.words, language, plain)
    if phrase:
        start, size = phrase
        span = right.spans[start][0], right.spans[start + size - 1][1]
        yield _mark(right, *span, "a phrase again", right.words[start : start + size], language)


def _line_opening_counts(words: Sequence[str], plain: frozenset[str], language: str) -> bool:
    if language == "zh":
        return sum(map(len, words)) >= 3 and _weight(words, plain, language) >= 1
    return len(words) >= 3 or (len(words) == 2 and _weight(words, plain, language) >= 1)


def _both(left: Line, right: Line, rule: str, words: Sequence[str], at: slice, language: str) -> Iterator[Mark]:
    for line in (left, right):
        spans = line.spans[at]
        yield _mark(line, spans[0][0], spans[-1][1], rule, words, language)


def _shared_phrase(left: Sequence[str], right: Sequence[str], language: str,
                   plain: frozenset[str]) -> tuple[int, int] | None:
    """Start and length in `right` of a run of words that `left` has too, long and heavy enough to be meant."""
    size = 4 if language == "en" else 5
    known = {tuple(left[i : i + size]) for i in range(len(left) - size + 1)}
    for start in range(len(right) - size + 1):
        run = tuple(right[start : start + size])
        if run in known and _weight(run, plain, language) >= (2 if language == "en" else 6):
            return start, size
    return None
