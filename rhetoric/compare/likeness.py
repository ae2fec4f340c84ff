"""How alike two lines are, and whether they are one frame filled anew: by characters (zh) or by words (en)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

ROWS = 500  # lines that are compared with all others at a time
_FIRST_SIGN = 0x10000  # beyond the surrogates; there is room for a million units
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Overlap(NamedTuple):
    """What two lines share at both ends, in units, and what stands between in each."""

    head: int
    tail: int
    slot_a: tuple[str, ...]
    slot_b: tuple[str, ...]

    @property
    def fixed(self) -> int:
        """Units that both share."""
        return self.head + self.tail


def bare(text: str) -> str:
    """Words without case, width, punctuation and spaces: what makes two quotes the same."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def units(text: str, language: str) -> tuple[str, ...]:
    """The characters (zh) or words (en) of a line, without punctuation and case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if language == "zh":
        return tuple(c for c in plain if c.isalnum())
    return tuple(_WORD.findall(plain))


def similarity(a: Sequence[str], b: Sequence[str], least: float = 0.0) -> float:
    """1 - edit distance / length of the longer (V. I. Levenshtein, 1966); 0 where it cannot reach `least`."""
    from rapidfuzz.distance import Levenshtein

    return float(Levenshtein.normalized_similarity(a, b, score_cutoff=least)) if a or b else 0.0


def alike_pairs(lines: Sequence[Sequence[str]], least: float) -> list[tuple[int, int]]:
    """All pairs (i < j) of lines whose `similarity` is `least` or more, in order."""
    import numpy as np
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    signs: dict[str, str] = {}  # each unit as one character, so that words are as cheap to compare as characters
    for unit in (unit for line in lines for unit in line):
        signs.setdefault(unit, chr(_FIRST_SIGN + len(signs)))
    written = ["".join(signs[unit] for unit in line) for line in lines]
    pairs: list[tuple[int, int]] = []
    for at in range(0, len(written), ROWS):
        table = cdist(written[at : at + ROWS], written[at:], scorer=Levenshtein.normalized_similarity,
                      score_cutoff=least, dtype=np.float32)
        firsts, seconds = np.nonzero(np.triu(table >= np.float32(least), k=1))
        pairs += zip((firsts + at).tolist(), (seconds + at).tolist(), strict=True)
    return pairs


def overlap(a: Sequence[str], b: Sequence[str]) -> Overlap:
    """The common beginning and the common end of two lines, not overlapping each other."""
    shorter = min(len(a), len(b))
    head = next((k for k in range(shorter) if a[k] != b[k]), shorter)
    tail = next((k for k in range(shorter - head) if a[-1 - k] != b[-1 - k]), shorter - head)
    return Overlap(head, tail, tuple(a[head : len(a) - tail]), tuple(b[head : len(b) - tail]))


def same_frame(a: Sequence[str], b: Sequence[str], *, head: int, fixed: int) -> bool:
    """True if one slot is filled anew: `head` units shared at the start, `fixed` in all, half of each line or more.

    Both slots must be filled, else one line only continues the other.
    """
    if a[:head] != b[:head]:
        return False
    shared = overlap(a, b)
    return bool(shared.slot_a and shared.slot_b and shared.head >= head and shared.fixed >= fixed
                and 2 * shared.fixed >= max(len(a), len(b)))
