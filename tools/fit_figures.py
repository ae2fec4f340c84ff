"""How the witnesses of a figure are joined: rules, signs of the words, encoder."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from fit_signs import signed
from kept_out import Read
from logistic import logistic_regression

from rhetoric.models.training import even_parts
from rhetoric.stages import figures
from rhetoric.stages.devices import join, lines_of, witnesses

FLOORS = Path(__file__).parents[1] / "tests" / "floors.json"
PENALTY = 10.0
GAIN = 0.01  # of F1 that a join must bring over the rules alone on events that it was not fitted on
ROOMS = (0.005, 0.02, 0.04)  # above a floor, for processors that round otherwise: the most that costs next to nothing
PRICE = 0.01  # of worth that more room may cost
DIGITS = 3
PARTS = 16  # of the events, each fitted on the others
SURE = 20.0  # what says yes or no against all others
NOTHING = witnesses.Weights(*(0.0 for _ in witnesses.Weights._fields))
COLUMNS = witnesses.Weights._fields[:-1]
# Which of the columns a join may use: some hold by themselves where too few are coded to weigh all.
KINDS = {"all": COLUMNS, "place": ("model", "model_around", "signs", "rule"), "line": ("model", "signs", "rule"),
         "model": ("model", "rule"), "pair": ()}
# The probabilities that a "pair" asks of the encoder where a rule fired and where none did; few steps, see `_pair`.
WITH_RULE = (0.0, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2)
ALONE = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0)


SignWeights = Mapping[Path | None, Mapping[str, Mapping[str, Mapping[str, Any]]]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Case:
    """A speech and a figure: what is joined (lines, `COLUMNS`), which lines are coded, and how many coded sentences are
    no line."""

    event: str
    invented: bool
    rows: Any
    coded: Any
    missed: int


def cases(reads: Sequence[Read], language: str, sign_weights: SignWeights) -> dict[str, list[Case]]:
    """All cases of a language, by figure; `sign_weights` are by reader, then as in `signs.json`."""
    made: dict[str, list[Case]] = {label: [] for label in figures.LABELS}
    for read in reads:
        if read.gold.language != language:
            continue
        signs, lines = signed(read.gold, read.speech), lines_of(read.speech)
        marks = figures.marks_of(lines, language)
        for label, own in made.items():
            weights = witnesses.SignWeights(**sign_weights[read.by][language][label])
            by_signs = [witnesses.by_signs(one, weights) for one in signs.signs]
            model = [join.log_odds(p) for p in figures.probabilities_of(read.speech, lines, label)]
            rows = [(model[at], witnesses.beside(model, at), witnesses.around(model, at), by_signs[at],
                     witnesses.beside(by_signs, at), float(line.index in marks.get(label, {})))
                    for at, line in enumerate(lines)]
            coded = signs.coded(label)
            everywhere = sum(label in found for found in read.gold.figures)
            own.append(Case(event=read.gold.event, invented=read.invented, coded=coded,
                            rows=np.array(rows).reshape(-1, len(COLUMNS)), missed=everywhere - int(coded.sum())))
    return made


def counts(case: Case, weights: witnesses.Weights) -> Any:
    """Both, marked only, coded only."""
    marked = case.rows @ np.array(weights[:-1]) + weights.offset >= 0
    return np.array([(marked & case.coded).sum(), (marked & ~case.coded).sum(),
                     (case.coded & ~marked).sum() + case.missed], float)


def counts_of(own: Sequence[Case], weights: witnesses.Weights) -> list[Any]:
    """The same, summed over the others and over those of `tests/gold`."""
    return [sum((counts(case, weights) for case in own if case.invented == invented), np.zeros(3))
            for invented in (False, True)]


def f1(found: Any) -> Any:
    """2 both / (2 both + marked only + coded only)."""
    both, marked, coded = np.moveaxis(np.asarray(found, float), -1, 0)
    return 2 * both / np.maximum(1.0, 2 * both + marked + coded)


def weigh(own: Sequence[Case], kind: str, floor: float = 0.0,
          others: Sequence[Sequence[Case]] = ()) -> witnesses.Weights:
    """The weights of a join by a logistic regression, and the threshold with the highest F1 that it expects itself.

    Expected F1 (Z. C. Lipton, C. Elkan, B. Naryanaswamy, "Optimal thresholding of classifiers to maximize F1 measure",
    2014) hangs on all lines; F1 itself on the few about the threshold, and moves with each of them. Of the thresholds
    only those count that keep F1 over the invented speeches at its floor, where any does; by `others`, too.
    """
    if kind == "pair":
        return _best_pair(own, floor, others)
    columns = [COLUMNS.index(name) for name in KINDS[kind]]
    rows = np.concatenate([case.rows for case in own])
    coded = np.concatenate([case.coded for case in own]).astype(float)
    factors = np.zeros(len(COLUMNS))
    factors[columns], offset = logistic_regression(rows[:, columns], coded, PENALTY)
    factors = np.round(factors, DIGITS)
    values = np.sort(rows @ factors)[::-1]
    likely = 1 / (1 + np.exp(-(values + offset)))
    expected = 2 * np.cumsum(likely) / (np.arange(1, len(likely) + 1) + likely.sum())
    invented = [case for case in own if case.invented]
    kept = np.ones(len(values), bool)
    for some in (invented, *others):
        kept &= f1(sum((_counted(case, factors, values) for case in some), np.zeros((len(values), 3)))) >= floor
    best = int(np.where(kept | (not kept.any()), expected, 0.0).argmax())
    return witnesses.Weights(*(float(factor) for factor in factors),
                             offset=round(10.0**-DIGITS / 2 - float(values[best]), DIGITS))


def _pair(with_rule: float, alone: float) -> witnesses.Weights:
    """The encoder must say one probability where the rule fired and another where it did not (0: none; 1: never)."""
    low, high = (join.log_odds(p) if 0 < p < 1 else math.copysign(SURE, p - 0.5) for p in (with_rule, alone))
    return NOTHING._replace(model=1.0, rule=round(high - low, DIGITS), offset=round(-high, DIGITS))


def _best_pair(own: Sequence[Case], floor: float, others: Sequence[Sequence[Case]]) -> witnesses.Weights:
    """The pair worth most, of those that keep to the floor; of equal ones that which asks most of the encoder."""
    best, most = rules_alone(), (-1.0, -1.0, ())
    for asked in itertools.product(WITH_RULE, ALONE):
        pair = _pair(*asked)
        kinds = counts_of(own, pair)
        here = (float(keeps((own, *others), pair, floor)), worth(kinds), asked)
        if here > most:
            best, most = pair, here
    return best


def keeps(readings: Sequence[Sequence[Case]], weights: witnesses.Weights, floor: float) -> bool:
    """Whether F1 over the invented speeches is at the floor or above by each of some readings."""
    return all(f1(counts_of(own, weights)[1]) >= floor for own in readings)


def _counted(case: Case, factors: Any, thresholds: Any) -> Any:
    """Both, marked only, coded only, for each threshold of falling ones."""
    value = case.rows @ factors
    order = np.argsort(-value, kind="stable")
    marked = np.searchsorted(-value[order], -thresholds, side="right")
    both = np.append(0, np.cumsum(case.coded[order]))[marked]
    return np.stack([both, marked - both, case.coded.sum() + case.missed - both], axis=1).astype(float)


def rules_alone() -> witnesses.Weights:
    """Marks what the rule marks, whatever the others say."""
    return NOTHING._replace(rule=SURE, offset=-SURE / 2)


def tried(own: Sequence[Case], kind: str, floor: float) -> list[Any]:
    """Counts over the others and over those of `tests/gold`, each part of the events with the join fitted on the
    others."""
    sums = [np.zeros(3), np.zeros(3)]
    for events in even_parts(Counter(case.event for case in own for _ in case.coded), PARTS):
        weights = weigh([case for case in own if case.event not in events], kind, floor)
        for case in own:
            if case.event in events:
                sums[case.invented] += counts(case, weights)
    return sums


def floor_of(language: str, label: str) -> float:
    """What F1 over the invented speeches must not fall below; 0 where nothing is said."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["gold"]["installed"]
    return float(floors.get(language, {}).get("figures", {}).get(label, 0.0))


def worth(kinds: Sequence[Any]) -> float:
    """What counts over the others and over those of `tests/gold` are worth: the mean of F1 of both, and of both
    together.

    The first two alone would let a dozen coded sentences of the invented speeches decide; both together would forget
    that half of the coded English figures are presidential.
    """
    return float(f1(kinds[0]) + f1(kinds[1]) + 2 * f1(kinds[0] + kinds[1])) / 4


def chosen(own: Sequence[Case], floor: float,
           others: Sequence[Sequence[Case]]) -> tuple[str, witnesses.Weights, dict[str, list[Any]]]:
    """The way of joining worth most on events that it was not fitted on, of those that keep to the floor; its weights;
    and the counts of each way. A join must bring `GAIN` over the rules alone."""
    across = {"rules": counts_of(own, rules_alone()), **{kind: tried(own, kind, floor) for kind in KINDS}}
    ways = sorted(across, key=lambda way: -(worth(across[way]) + GAIN * (way == "rules")))
    best = _of_ways(own, ways, floor + ROOMS[0], others)
    for room in ROOMS[1:]:
        roomier = _of_ways(own, ways, floor + room, others)
        if roomier.kept and (not best.kept or roomier.worth >= best.worth - PRICE):
            best = roomier
    return best.way, best.weights, across


class Fitted(NamedTuple):
    """The best way that keeps F1 of the invented speeches at a floor (`kept`), or the best of all."""

    way: str
    weights: witnesses.Weights
    kept: bool
    worth: float


def _of_ways(own: Sequence[Case], ways: Sequence[str], floor: float, others: Sequence[Sequence[Case]]) -> Fitted:
    for way in ways:
        weights = rules_alone() if way == "rules" else weigh(own, way, floor, others)
        if keeps((own, *others), weights, floor):
            return Fitted(way, weights, True, worth(counts_of(own, weights)))
    weights = rules_alone() if ways[0] == "rules" else weigh(own, ways[0], floor)
    return Fitted(ways[0], weights, False, worth(counts_of(own, weights)))


def fit_figures(reads: Sequence[Read], sign_weights: SignWeights,
                others: Sequence[Sequence[Read]]) -> dict[str, dict[str, dict[str, float]]]:
    """What `witnesses.json` says; prints F1 on events left out, over the others / those of `tests/gold`."""
    data: dict[str, dict[str, dict[str, float]]] = {}
    for language in sorted({read.gold.language for read in reads}):
        also = [cases(other, language, sign_weights) for other in others]
        for label, own in cases(reads, language, sign_weights).items():
            way, weights, across = chosen(own, floor_of(language, label), [other[label] for other in also])
            data.setdefault(language, {})[label] = weights._asdict()
            print(language, label, way + ";",
                  *(f"{name} {f1(one):.2f}/{f1(other):.2f}" for name, (one, other) in across.items()))
    return data
