"""From which probability on a figure is marked, where a rule fired and where none did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from kept_out import Read

from rhetoric.codebook import FIGURES
from rhetoric.stages import figures
from rhetoric.stages.devices import lines_of

# Few steps: more of them fit the noise of some dozens of coded sentences.
WITH_RULE = (0.0, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2)
ALONE = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, figures.NEVER)
GAIN = 0.01  # of F1 that the encoder must bring on other events to be asked at all
Pair = tuple[float, float]
RULES_ALONE: Pair = (0.0, figures.NEVER)


def cases(reads: Sequence[Read], label: str) -> list[tuple[Read, Any]]:
    """A speech with an array (sentences, 3): a rule fired, the probability, coded."""
    made = []
    for read in reads:
        lines = lines_of(read.speech)
        rule = figures.RULES.get(label)
        fired = {mark.index for mark in rule(lines, read.speech.language)} if rule else set()
        heard = {line.index for line in lines}
        made.append((read, np.array([
            (index in fired, read.speech.readings[index].figures[FIGURES.index(label)] if index in heard else -1.0,
             label in coded) for index, coded in enumerate(read.gold.figures)])))
    return made


def counts(table: Any, pair: Pair) -> Any:
    """Both, marked only, coded only."""
    fired, probability, coded = table[:, 0] > 0, table[:, 1], table[:, 2] > 0
    marked = np.where(fired, probability >= pair[0], probability >= pair[1])
    return np.array([(marked & coded).sum(), (marked & ~coded).sum(), (coded & ~marked).sum()], float)


def f1(found: Any) -> float:
    """2 both / (2 both + marked only + coded only)."""
    return float(2 * found[0] / max(1.0, 2 * found[0] + found[1] + found[2]))


def worth(tables: Sequence[tuple[Read, Any]], pair: Pair) -> float:
    """The mean of F1 over the speeches kept out and over the invented ones."""
    kinds = [[counts(table, pair) for read, table in tables if read.invented == kind] for kind in (False, True)]
    return float(np.mean([f1(sum(found)) for found in kinds if found]))


def best(tables: Sequence[tuple[Read, Any]], ruled: bool) -> Pair:
    """The pair worth most; of equal ones that which asks most of the encoder."""
    pairs = [(first, second) for first in (WITH_RULE if ruled else (figures.NEVER,)) for second in ALONE]
    return max(pairs, key=lambda pair: (worth(tables, pair), pair))


def tried(tables: Sequence[tuple[Read, Any]], ruled: bool) -> list[float]:
    """F1 over the speeches kept out and over the invented ones, each event with the pair fitted on the others."""
    across = [(read, counts(table, best([o for o in tables if o[0].gold.event != read.gold.event], ruled)))
              for read, table in tables]
    return [f1(sum(found for read, found in across if read.invented == kind)) for kind in (False, True)]


def fit_figures(reads: Sequence[Read]) -> dict[str, dict[str, Pair]]:
    """What `thresholds.json` says: rules alone, unless the pair brings `GAIN` on events that it was not fitted on."""
    data: dict[str, dict[str, Pair]] = {}
    for language in sorted({read.gold.language for read in reads}):
        for label in figures.LABELS:
            own = cases([read for read in reads if read.gold.language == language], label)
            ruled = label in figures.RULES
            joined = tried(own, ruled)
            alone = [f1(sum(counts(table, RULES_ALONE) for read, table in own if read.invented == kind))
                     for kind in (False, True)]
            keeps = ruled and sum(joined) / 2 < sum(alone) / 2 + GAIN
            pair = RULES_ALONE if keeps else best(own, ruled)
            data.setdefault(language, {})[label] = pair
            print(language, label, pair, *(f"{name} {one:.2f} (rules {other:.2f})" for name, one, other in
                                           zip(("kept out", "invented"), joined, alone, strict=True)))
    return data
