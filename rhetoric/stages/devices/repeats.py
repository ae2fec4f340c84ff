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
        yield from _between(left, right, language, plain)


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
    for left, right in pairwise(clauses):
        rule = _clause_rule(left, right, language, plain)
        if rule:
            name, words = rule
            yield _mark(line, left.char_start, right.char_end, name, words, language)
            return
    word = _insistent(line, language, plain)
    if word:
        spans = [span for w, span in zip(line.words, line.spans, strict=True) if w == word]
        yield _mark(line, spans[0][0], spans[-1][1], "a word again and again", (word,), language)


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
