"""Marks and encoder joined: the log odds that a line is a slogan, from what both say, by a logistic regression.

The numbers lie in `join.json`, written by `tools/refit.py` from speeches that their reader had not learned from. More
features (figures, functions, size and share of the sentence) were tried and gave nothing across speeches:
`docs/experiments-shares.md`.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

PATH = Path(__file__).with_name("join.json")
LEAST = 1e-3  # probabilities nearer to 0 or 1 say no more than this one


class Join(NamedTuple):
    """Factors of the log odds by the marks and by the encoder, and an offset: such that as many lines are counted as
    slogans (`codebook.SLOGAN_SCORE`) as by the marks alone."""

    marks: float
    model: float
    offset: float


@lru_cache(maxsize=1)
def fitted() -> dict[str, Join]:
    """What `join.json` says, by language."""
    data = json.loads(PATH.read_text(encoding="utf-8"))
    return {language: Join(**numbers) for language, numbers in data.items()}


def log_odds(probability: float) -> float:
    """ln(p / (1 - p)), p kept off 0 and 1."""
    kept = min(max(probability, LEAST), 1 - LEAST)
    return math.log(kept / (1 - kept))


def joined(by_marks: float, by_model: float, language: str) -> float:
    """The probability-like score, 0 to 1, of a line from that of its marks and that of the encoder."""
    join = fitted()[language]
    return 1 / (1 + math.exp(-(join.marks * log_odds(by_marks) + join.model * log_odds(by_model) + join.offset)))
