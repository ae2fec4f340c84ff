"""Where Chinese sentences end when nobody wrote the marks.

A text without its marks is cut into words by jieba; a small network (`boundary_network.py`) says for each word which
mark follows: none, a minor one (comma, colon, semicolon), a full stop, a question mark. Marks and line breaks that are
there are told to it as "something stands here"; pauses are joined to its word by Bayes' rule. The sentences are those
that are likeliest together, with their lengths. Trained by `boundary_training.py`; scores and limits: `BOUNDARIES.md`.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING

from rhetoric.models.boundary_network import MINOR, QUESTION, STOP, load, probabilities
from rhetoric.models.chinese_words import cutter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

RAISE = 1.8  # added to the log odds: the best F1 wants more ends, and every end costs what its length is worth
LENGTH_WEIGHT = 0.25  # of a sentence's length beside the network's word, which knows of lengths already
SURE_COMMA = 0.6  # probability of a comma that is put in: 78 % then stand where some mark stood, 60 % for a comma
FAINT = -2.0  # log odds below which no end is weighed
LONGEST = 100  # characters without a place that is weighed

# Natural logarithms of how much likelier a silence of so many seconds (from `PAUSE_S` on) is at a sentence's end than
# between two other words, counted in five minutes of a real keynote (docs/experiments-sentences.md) and drawn towards
# 0: the count is small, and a recogniser's word times are less sure than the sound.
PAUSE_S = (0.0, 0.15, 0.3, 0.6, 0.9)
PAUSE_WEIGHT = (-1.2, 0.5, 1.9, 2.3, 3.5)

COMMA, FULL, QUERY = "，。？"

_NO_PAUSES: Mapping[int, float] = MappingProxyType({})
_MARK = re.compile(r"[，、；：,;:。！？!?…—]|\s|(?<!\w)-{2,}")
_OPEN = " \n\t\"'“‘「『（(《【["
_KEPT = re.compile(r"[^\W_]|[%℃]|(?<=[A-Za-z0-9])[ .,'’&+:/@_-](?=[A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Bare:
    """A text without marks: `places[i]` is where its character i stands in the text, `gaps[i]` the marks after it."""

    text: str
    places: tuple[int, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that a text lacks: "。", "？" or "，", and between which offsets it belongs.

    `start` is where a word ends; `end` lies behind the marks and quotes that are there and close after it.
    """

    start: int
    end: int
    mark: str


def strip_marks(text: str) -> Bare:
    """The letters, digits and characters of a text; Latin words keep the spaces, points and hyphens inside them."""
    places = [match.start() for match in _KEPT.finditer(text)]
    gaps = tuple(text[a + 1 : b] for a, b in itertools.pairwise([*places, len(text)]))
    return Bare("".join(text[at] for at in places), tuple(places), gaps)


def sentence_ends(text: str, *, breaks: Collection[int] = (),
                  pauses: Mapping[int, float] = _NO_PAUSES) -> list[int]:
    """Offsets where the sentences of a Chinese text end, in order; the end of the text is not among them.

    `breaks` are offsets where a line or segment begins. `pauses` are seconds of silence by the offset of the character
    after it, where they are known. An end lies behind all marks and quotes that close after its word, and never inside
    a number or between Latin words, which are one name more often than two sentences.
    """
    return [mark.end for mark in missing_marks(text, breaks=breaks, pauses=pauses) if mark.mark != COMMA]


def missing_marks(text: str, *, breaks: Collection[int] = (),
                  pauses: Mapping[int, float] = _NO_PAUSES) -> list[Mark]:
    """The marks that a Chinese text lacks inside, in order; see `sentence_ends`. Commas only where no mark stands."""
    bare = strip_marks(text)
    spans = [(start, end) for word, start, end in cutter().tokenize(bare.text) if not word.isspace()]
    if len(spans) < 2:
        return []
    noted = _noted(bare, spans, sorted(breaks))
    marks = probabilities(load(), [bare.text[start:end] for start, end in spans], noted)
    scores = _scores(bare, spans, marks, pauses)
    chosen = set(likeliest([end for _, end in spans], scores, load().lengths))
    found = []
    for k in sorted(chosen | set((marks[:, MINOR] > SURE_COMMA).nonzero()[0].tolist())):
        end = spans[k][1]
        start, gap = bare.places[end - 1] + 1, bare.gaps[end - 1]
        stop = start + len(gap.rstrip(_OPEN))
        if k in chosen:
            found.append(Mark(start, stop, QUERY if marks[k, QUESTION] > marks[k, STOP] else FULL))
        elif k < len(spans) - 1 and isfinite(scores[k]) and not _MARK.search(gap):
            found.append(Mark(start, stop, COMMA))
    return found


def _noted(bare: Bare, spans: Sequence[tuple[int, int]], breaks: Sequence[int]) -> NDArray[np.bool_]:
    """For each word, whether a mark, a space between characters or a line break is known to follow it."""
    import numpy as np

    found = []
    for _, end in spans:
        at, gap = bare.places[end - 1], bare.gaps[end - 1]
        after = bare.places[end] if end < len(bare.places) else at + 1 + len(gap)
        marked = bool(gap and _MARK.search(gap))
        found.append(marked or (bool(breaks) and bisect_right(breaks, after) > bisect_right(breaks, at)))
    return np.array(found)


def _scores(bare: Bare, spans: Sequence[tuple[int, int]], marks: Floats,
            pauses: Mapping[int, float]) -> NDArray[np.float64]:
    """Log odds that a sentence ends after each word, shape (words,), raised by `RAISE`; -inf where none may end."""
    import numpy as np

    ends = np.clip(marks[:, STOP:].sum(axis=1, dtype=np.float64), 1e-6, 1 - 1e-6)
    scores: NDArray[np.float64] = np.log(ends / (1 - ends)) + RAISE
    for k, (_, end) in enumerate(spans[:-1]):
        if not bare.gaps[end - 1] and bare.text[end - 1].isascii() and bare.text[end].isascii():
            scores[k] = -np.inf
        elif bare.places[end] in pauses:
            scores[k] += PAUSE_WEIGHT[bisect_right(PAUSE_S, pauses[bare.places[end]]) - 1]
    scores[-1] = 0.0
    return scores


def likeliest(ends: Sequence[int], scores: NDArray[np.float64], lengths: Floats) -> list[int]:
    """The words after which sentences end, so that scores and lengths are likeliest together; the last is left out.

    `ends` are the lengths of the text up to each word, in characters; `lengths` (characters,) the log probability of a
    sentence's length, its last value for all that are longer. Exact (Viterbi) over the words whose score is above
    `FAINT`, and over the best one of each stretch of `LONGEST` characters without such a word.
    """
    score_of = scores.tolist()
    places = _worth_weighing(ends, score_of)
    longest = len(lengths) - 1
    log_of = [LENGTH_WEIGHT * value for value in lengths.tolist()]
    best, before, at = [0.0], [-1], [0]
    top = [0]  # the best of all places up to each: those too far back for their lengths to differ
    for k in places:
        reached, came = -float("inf"), 0
        for j in range(len(at) - 1, -1, -1):
            far = ends[k] - at[j] >= longest
            j = top[j] if far else j
            value = best[j] + log_of[min(ends[k] - at[j], longest)]
            if value > reached:
                reached, came = value, j
            if far:
                break
        best.append(reached + score_of[k])
        before.append(came)
        at.append(ends[k])
        top.append(len(best) - 1 if best[-1] > best[top[-1]] else top[-1])
    chosen, j = [], before[-1]
    while j > 0:
        chosen.append(places[j - 1])
        j = before[j]
    return chosen[::-1]


def _worth_weighing(ends: Sequence[int], scores: Sequence[float]) -> list[int]:
    """Indices of the words that may end a sentence, the last word always."""
    places: list[int] = []
    begin, reached = 0, 0  # the first word after the last place, and the characters before it
    for k in range(len(ends)):
        if scores[k] > FAINT or k == len(ends) - 1:
            places.append(k)
            begin, reached = k + 1, ends[k]
        elif ends[k] - reached >= LONGEST:
            k_best = max(range(begin, k + 1), key=lambda i: (scores[i], ends[i]))
            if scores[k_best] > -float("inf"):
                places.append(k_best)
            begin, reached = k_best + 1, ends[k_best]
    return places
