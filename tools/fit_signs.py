"""What the signs of a line say of each figure: weights from coded speeches, without the encoder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from kept_out import events_of
from logistic import logistic_regression

from rhetoric.codebook import FUNCTIONS
from rhetoric.models import reader
from rhetoric.models.encoder import model
from rhetoric.models.gold import GoldSpeech, event_of, read_gold_folder
from rhetoric.sentences import from_sentences
from rhetoric.stages import figures
from rhetoric.stages.devices import lines_of
from rhetoric.stages.devices.signs import signs_of
from rhetoric.types import Reading, Speech

PENALTY = 500.0
DIGITS = 3
LEAST = 0.02  # a weight below it is left out


@dataclass(frozen=True, eq=False, kw_only=True)
class Signed:
    """A coded speech: the indices of its lines, their signs, and the figures coded in them."""

    gold: GoldSpeech
    indices: tuple[int, ...]
    signs: Sequence[dict[str, float]]

    def coded(self, label: str) -> Any:
        """Which lines have a figure by the coding."""
        return np.array([label in self.gold.figures[index] for index in self.indices], bool)


def signed(gold: GoldSpeech, speech: Speech) -> Signed:
    """The signs of a speech; what its readings call `noncontent` is no line."""
    lines = lines_of(speech)
    return Signed(gold=gold, indices=tuple(line.index for line in lines),
                  signs=signs_of(lines, speech.language, figures.names_of(figures.marks_of(lines, speech.language))))


def as_coded(gold: GoldSpeech) -> Speech:
    """A speech whose readings are its coding: the encoder is not asked."""
    readings = tuple(Reading(function=tuple(float(name == label) for name in FUNCTIONS)) for label in gold.functions)
    return replace(from_sentences(gold.name, gold.sentences, gold.language), readings=readings)


def learned_from(folder: Path) -> list[Signed]:
    """The speeches of a folder that are coded for figures and were not kept out of the encoder's training."""
    kept_out = {event_of(name) for name in model.read_about(reader.FOLDER)["held_out"]}
    return [signed(gold, as_coded(gold)) for gold in read_gold_folder(folder)
            if gold.event not in kept_out and gold.figures]


def fit_by_reader(speeches: Sequence[Signed], readers: Iterable[Path | None]) -> dict[Path | None, dict[str, Any]]:
    """What `fit_signs` says, by reader: of the speeches that it has learned from, and under None of all."""
    learned = {by: events_of(by) if by else None for by in readers}
    return {by: fit_signs([speech for speech in speeches if events is None or speech.gold.event in events])
            for by, events in learned.items()}


def matrix(speeches: Iterable[Signed], names: Sequence[str]) -> Any:
    """The signs of all lines by name, shape (lines, names)."""
    return np.array([[signs.get(name, 0.0) for name in names] for speech in speeches for signs in speech.signs])


def fit_signs(speeches: Sequence[Signed]) -> dict[str, dict[str, dict[str, Any]]]:
    """What `signs.json` says."""
    data: dict[str, dict[str, dict[str, Any]]] = {}
    for language in sorted({speech.gold.language for speech in speeches}):
        own = [speech for speech in speeches if speech.gold.language == language]
        names = sorted({name for speech in own for signs in speech.signs for name in signs})
        x = matrix(own, names)
        for label in figures.LABELS:
            y = np.concatenate([speech.coded(label) for speech in own]).astype(float)
            factors, offset = logistic_regression(x, y, PENALTY)
            data.setdefault(language, {})[label] = {
                "factors": {name: round(float(factor), DIGITS) for name, factor in zip(names, factors, strict=True)
                            if abs(factor) >= LEAST},
                "offset": round(offset, DIGITS)}
    return data
