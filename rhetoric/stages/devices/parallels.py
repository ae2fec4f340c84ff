"""The same frame filled anew in neighbouring clauses or sentences (排比, 对偶): the same words in the same order.

Likeness of two runs of words is the length of their longest common subsequence over the mean of their lengths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rhetoric.stages.devices import Clause, Line, Mark
from rhetoric.stages.devices.repeats import plain_words, shared_opening

MAX_WORDS = 24
# Likeness from which two clauses or two sentences share a frame; less is asked of clauses that begin alike.
CLAUSE_LIKENESS = {"zh": 0.5, "en": 0.4}
CLAUSE_LIKENESS_BEGUN_ALIKE = {"zh": 0.4, "en": 0.3}
BEGUN_ALIKE = {"zh": 1, "en": 2}  # words
LINE_LIKENESS = {"zh": 0.5, "en": 0.45}
PAIR_LIKENESS = 0.6  # of two pairs of clauses
OPENING_WORDS = 3  # so many first words alike make a frame of two English sentences


def common_words(left: Sequence[str], right: Sequence[str]) -> list[str]:
    """The longest common subsequence of two runs of words."""
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        row, below = table[i], table[i + 1]
        for j in range(len(right) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if left[i] == right[j] else max(below[j], row[j + 1])
    found, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            found.append(left[i])
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def frame(left: Sequence[str], right: Sequence[str], likeness: float, language: str) -> list[str]:
    """The words that two runs share as a frame, or none: like enough, of like length, and not the same."""
    short, long = sorted((len(left), len(right)))
    if short < 2 or short * 2 < long or long > MAX_WORDS or left == right or not set(left) & set(right):
        return []
    shared = common_words(left, right)
    if len(shared) * 2 < likeness * (short + long) or len(shared) >= short:
        return []
    if language == "en" and len(shared) < 2:
        return []
    return shared


def find(lines: Sequence[Line], language: str) -> Iterator[Mark]:
    """Mark frames between the clauses of a sentence, and both sentences of neighbours that share one."""
    for line in lines:
        yield from _inside(line, language)
    for left, right in pairwise(lines):
        shared = _line_frame(left.words, right.words, language)
        if shared:
            for line in (left, right):
                yield Mark(index=line.index, char_start=line.char_start, char_end=line.char_start + len(line.text),
                           rule="same frame as its neighbour", words=" … ".join(shared))


def _line_frame(left: Sequence[str], right: Sequence[str], language: str) -> list[str]:
    opening = list(left[: shared_opening(left, right)])
    if language == "en" and len(opening) >= OPENING_WORDS and left != right:
        return opening
    shared = frame(left, right, LINE_LIKENESS[language], language)
    return shared if len(shared) > 2 or any(word not in plain_words(language) for word in shared) else []


def _inside(line: Line, language: str) -> Iterator[Mark]:
    for left, right in pairwise(line.clauses):
        begun_alike = shared_opening(left.core, right.core) >= BEGUN_ALIKE[language]
        likeness = CLAUSE_LIKENESS_BEGUN_ALIKE if begun_alike else CLAUSE_LIKENESS
        shared = frame(left.core, right.core, likeness[language], language)
        # Two-word halves are heard as halves only where the line has no more.
        alone = len(line.clauses) == 2
        # Two-word halves, and halves that share one place, are heard as such only where the line has no more.
        even = is_even(left, right, language) and (alone or len(left.words) > 2)
        if shared or even or (alone and _share_a_place(left, right, language)):
            yield _mark(line, left, right, shared)
            return
    for i in range(len(line.clauses) - 3):
        # A a, A b: 一个人…，是…，一群人…，是…
        left, right = (_joined(*line.clauses[j : j + 2]) for j in (i, i + 2))
        shared = frame(left.core, right.core, PAIR_LIKENESS, language)
        if len(shared) > 2:
            yield _mark(line, left, right, shared)
            return


def _mark(line: Line, left: Clause, right: Clause, shared: Sequence[str]) -> Mark:
    return Mark(index=line.index, char_start=left.char_start, char_end=right.char_end, rule="same frame",
                words=" … ".join(shared) or "equal halves")


def _share_a_place(left: Clause, right: Clause, language: str) -> bool:
    """Two short Chinese halves with a word at the same character, or with the same end (会老去，不会老去)."""
    if language != "zh" or max(left.size, right.size) > 10 or abs(left.size - right.size) > 1:
        return False
    if left.words[0] == right.words[0] or min(len(left.words), len(right.words)) < 2:
        return False
    same_end = left.words[-1] == right.words[-1] and len(left.words[-1]) > 1
    return same_end or (left.size == right.size and bool(_placed(left) & _placed(right)))


def _placed(clause: Clause) -> set[tuple[int, str]]:
    """The words of a clause, each with the character it begins at."""
    places, at = set(), 0
    for word in clause.words:
        places.add((at, word))
        at += len(word)
    return places


def _joined(left: Clause, right: Clause) -> Clause:
    return Clause(char_start=left.char_start, char_end=right.char_end, words=left.words + right.words)


def is_even(left: Clause, right: Clause, language: str) -> bool:
    """Two short clauses of equal length and like cut: 文字放大，声音调高; "less waiting, more making"."""
    if left.words == right.words:
        return False
    if language == "en":
        alike = [a[-3:] == b[-3:] and min(len(a), len(b)) > 4 for a, b in zip(left.words, right.words, strict=False)]
        return len(left.words) == len(right.words) and 2 <= len(left.words) <= 4 and any(alike)
    if not 4 <= left.size <= 10 or left.size != right.size or len(left.words) < 2:
        return False
    return [len(word) for word in left.words] == [len(word) for word in right.words]
