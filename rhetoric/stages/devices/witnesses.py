"""Three witnesses of a figure joined: the rules, the signs of the words (`devices.signs`), and the reader's encoder.

Two logistic regressions a figure and language, one upon the other. The signs are weighed first, fitted on the coded
speeches that were not kept out (the encoder has no part in this). Then their sum, the encoder's log odds, the larger of
both for the two lines beside, the mean of the encoder's for the lines about, and whether the rule fired are weighed,
fitted on speeches that their encoder had not learned from: on others it is too sure. The numbers lie in
`signs.json` and `witnesses.json`, written by `tools/refit.py`; the reasons in `docs/experiments-figures.md`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rhetoric.stages.devices.join import log_odds

SIGNS_PATH = Path(__file__).parent / "signs.json"
PATH = Path(__file__).parent / "witnesses.json"
REACH = 15  # lines to both sides that say how thick figures are about a line
COMMON, USUAL = 5, -4.0
FARTHEST = -8.0  # what stands for a line beside where there is none, and the least that the sum of signs says


class Weights(NamedTuple):
    """Factors of the six that are joined, and an offset such that a line is marked from 0 on."""

    model: float
    model_beside: float
    model_around: float
    signs: float
    signs_beside: float
    rule: float
    offset: float

    @property
    def asks_signs(self) -> bool:
        """Whether the signs have a say at all; if not, they need not be summed."""
        return bool(self.signs or self.signs_beside)


class SignWeights(NamedTuple):
    """Factors of the signs by name, and an offset: together the log odds of the figure by its signs."""

    factors: Mapping[str, float]
    offset: float


@lru_cache(maxsize=1)
def sign_weights() -> dict[str, dict[str, SignWeights]]:
    """What `signs.json` says, by language and figure."""
    data = json.loads(SIGNS_PATH.read_text(encoding="utf-8"))
    return {language: {label: SignWeights(**numbers) for label, numbers in labels.items()}
            for language, labels in data.items()}


@lru_cache(maxsize=1)
def fitted() -> dict[str, dict[str, Weights]]:
    """What `witnesses.json` says, by language and figure."""
    data = json.loads(PATH.read_text(encoding="utf-8"))
    return {language: {label: Weights(**numbers) for label, numbers in labels.items()}
            for language, labels in data.items()}


def by_signs(signs: Mapping[str, float], weights: SignWeights) -> float:
    """The log odds of a figure by the signs of a line."""
    factors = weights.factors
    said = [factors[name] * value for name, value in signs.items() if value and name in factors]
    return max(FARTHEST, weights.offset + math.fsum(said))


def said_by(signs: Sequence[Mapping[str, float]], weights: SignWeights) -> list[float]:
    """The same for all lines."""
    return [by_signs(line, weights) for line in signs]


def beside(values: Sequence[float], at: int) -> float:
    """The larger of the two values beside a place."""
    return max((values[k] for k in (at - 1, at + 1) if 0 <= k < len(values)), default=FARTHEST)


def around(values: Sequence[float], at: int) -> float:
    """The mean of the values up to `REACH` places away, the place itself left out: how thick figures are there.

    In a speech of a few lines they say little, and `COMMON` lines of the `USUAL` value are counted with them.
    """
    near = [*values[max(0, at - REACH) : at], *values[at + 1 : at + 1 + REACH]]
    return (math.fsum(near) + COMMON * USUAL) / (len(near) + COMMON)


def witnessed(signs: Sequence[float], probabilities: Sequence[float], fired: Sequence[bool],
              weights: Weights) -> list[float]:
    """For each line how far the witnesses are for the figure, all together: marked from 0 on.

    `signs` log odds by the signs, `probabilities` by the encoder, `fired` whether the figure's rule fired: one a line.
    """
    model = [log_odds(probability) for probability in probabilities]
    return [weights.offset + weights.model * model[at] + weights.model_beside * beside(model, at)
            + weights.model_around * around(model, at) + weights.signs * signs[at]
            + weights.signs_beside * beside(signs, at) + weights.rule * fired[at]
            for at in range(len(model))]


def as_probability(value: float) -> float:
    """0..1, a half where a line begins to be marked."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, value)))), 4)
