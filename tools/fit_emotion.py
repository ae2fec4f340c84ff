"""How much the word lists weigh beside the encoder in the class and the intensity of an emotional phrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from kept_out import Read

from rhetoric.stages import emotion
from rhetoric.stages.devices import is_content
from rhetoric.types import Finding, Reading

TRIED = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, emotion.STANDS)
GAIN = 0.02  # of the mean of both kinds of speeches that less of the list must bring: two sentences of a hundred

# What may be lost on the invented speeches: their class has a floor, their intensity is the list's author's own.
CLASS_LOSS, INTENSITY_LOSS = 0.01, 0.1


@dataclass(frozen=True, eq=False, kw_only=True)
class Phrase:
    """A sentence that has an emotion by the coding and a phrase by the list: its strongest phrase, its reading."""

    event: str
    invented: bool
    coded: tuple[str, int]
    listed: Finding
    reading: Reading


def phrases(reads: Sequence[Read], language: str) -> list[Phrase]:
    """The sentences in which both see an emotion, and the encoder lets the list's phrase through."""
    made = []
    for read in reads:
        if read.gold.language != language:
            continue
        strongest: dict[int, Finding] = {}
        for finding in emotion.run(replace(read.speech, readings=()), {}).findings:
            known = strongest.get(finding.sentence_index)
            if known is None or finding.score > known.score:
                strongest[finding.sentence_index] = finding
        for index, finding in sorted(strongest.items()):
            coded, reading = read.gold.emotions[index], read.speech.readings[index]
            heard = is_content(read.speech, read.speech.sentences[index])
            if coded and heard and 1 - reading.emotion[0] >= emotion.GATES[language][0]:
                made.append(Phrase(event=read.gold.event, invented=read.invented, coded=tuple(coded), listed=finding,
                                   reading=reading))
    return made


def same_class(phrase: Phrase, weight: float) -> float:
    """1 where the joined class is the coded one."""
    return float(emotion.joined_class(phrase.reading, phrase.listed.label, weight) == phrase.coded[0])


def nearness(phrase: Phrase, weight: float) -> float:
    """Minus the error of the joined intensity."""
    listed = phrase.listed.score
    joined = listed if emotion.has_degree(phrase.listed) else emotion.joined_intensity(phrase.reading, listed, weight)
    return -abs(joined - phrase.coded[1])


def best(worth: Any, invented: Any, loss: float) -> int:
    """The place of the weight worth most in the mean over the speeches kept out and over the invented ones, of those
    that lose no more than `loss` on the latter; the list stands unless less of it brings `GAIN`."""
    kinds = [worth[invented == kind].mean(axis=0) for kind in (False, True) if (invented == kind).any()]
    means = np.mean(kinds, axis=0)
    place = int(np.where(kinds[-1] >= kinds[-1][-1] - loss, means, -np.inf).argmax())
    return place if means[place] >= means[-1] + GAIN else len(TRIED) - 1


def fit(own: Sequence[Phrase], score: Callable[[Phrase, float], float], told: str, loss: float) -> float:
    """The weight worth most; prints what it is worth on events that it was not fitted on."""
    worth = np.array([[score(phrase, weight) for weight in TRIED] for phrase in own])
    invented = np.array([phrase.invented for phrase in own])
    events = np.array([phrase.event for phrase in own])
    across = np.array([worth[at, best(worth[events != event], invented[events != event], loss)]
                       for at, event in enumerate(events)])
    weight = TRIED[best(worth, invented, loss)]
    for name, kind in (("others", False), ("tests/gold", True)):
        print(f"{told} {weight}, {name} {across[invented == kind].mean():.3f}",
              f"(list {worth[invented == kind, -1].mean():.3f})")
    return weight


def fit_emotion(reads: Sequence[Read]) -> dict[str, dict[str, float]]:
    """What `emotion.json` says."""
    data = {}
    for language in sorted({read.gold.language for read in reads}):
        own = phrases(reads, language)
        data[language] = {"label": fit(own, same_class, f"{language} emotion, class:", CLASS_LOSS),
                          "intensity": fit(own, nearness, f"{language} emotion, intensity:",
                                         INTENSITY_LOSS)}
    return data
