"""How the witnesses of a figure are joined: rules, signs of the words, encoder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fit_signs import signed
from kept_out import Read
from logistic import logistic_regression

from rhetoric.stages import figures
from rhetoric.stages.devices import join, lines_of, witnesses

FLOORS = Path(__file__).parents[1] / "tests" / "floors.json"
PENALTY = 10.0
GAIN = 0.01  # of F1 that a join must bring over the rules alone on events that it was not fitted on
SMOOTHED = 5  # neighbouring thresholds whose worth is averaged: the best single one fits the noise
DIGITS = 3
HELD = 10.0  # more than any worth: what is below its floor comes last
ROOM = 0.005  # above a floor, for processors that round otherwise
STEPS = 60  # thresholds that are tried
SURE = 20.0  # what says yes or no against all others
COLUMNS = witnesses.Weights._fields[:-1]
# Which of the columns a join may use: some hold by themselves where too few are coded to weigh all.
KINDS = {"all": COLUMNS, "line": ("model", "signs", "rule"), "signs": ("model", "signs"), "model": ("model", "rule"),
         "pair": ("model",), "pair of sums": ("model", "signs"), "pair of all": COLUMNS[:-1]}
PAIRS = ("pair", "pair of sums", "pair of all")  # joins with a threshold of their own where the rule fired
RULED, UNRULED = 8, 14  # thresholds that are tried for these: few, since two are fitted at once


@dataclass(frozen=True, eq=False, kw_only=True)
class Case:
    """A speech and a figure: what is joined (lines, `COLUMNS`), which lines are coded, and how many coded sentences are
    no line."""

    event: str
    invented: bool
    rows: Any
    coded: Any
    missed: int


def cases(reads: Sequence[Read], language: str, sign_weights: dict[str, Any]) -> dict[str, list[Case]]:
    """All cases of a language, by figure."""
    made: dict[str, list[Case]] = {label: [] for label in figures.LABELS}
    for read in reads:
        if read.gold.language != language:
            continue
        signs, lines = signed(read.gold, read.speech), lines_of(read.speech)
        marks = figures.marks_of(lines, language)
        for label, own in made.items():
            weights = witnesses.SignWeights(**sign_weights[label])
            by_signs = [witnesses.by_signs(one, weights) for one in signs.signs]
            model = [join.log_odds(p) for p in figures.probabilities_of(read.speech, lines, label)]
            rows = [(model[at], witnesses.beside(model, at), by_signs[at], witnesses.beside(by_signs, at),
                     float(line.index in marks.get(label, {}))) for at, line in enumerate(lines)]
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


def f1(found: Any) -> Any:
    """2 both / (2 both + marked only + coded only)."""
    both, marked, coded = np.moveaxis(np.asarray(found, float), -1, 0)
    return 2 * both / np.maximum(1.0, 2 * both + marked + coded)


def weigh(own: Sequence[Case], kind: str, floor: float = 0.0) -> witnesses.Weights:
    """The weights of a join by a logistic regression, and the offset worth most over both kinds of speeches, of those
    that keep F1 over the invented ones at its floor where any does."""
    columns = [COLUMNS.index(name) for name in KINDS[kind]]
    rows = np.concatenate([case.rows for case in own])
    coded = np.concatenate([case.coded for case in own])
    some, _ = logistic_regression(rows[:, columns], coded.astype(float), PENALTY)
    factors = np.zeros(len(COLUMNS))
    factors[columns] = np.maximum(some, 0.0)  # a witness for a figure that would speak against it is chance
    factors = np.round(factors, DIGITS)
    if kind in PAIRS:
        ruled, unruled = _two_thresholds(own, factors, floor)
        factors[COLUMNS.index("rule")], threshold = unruled - ruled, unruled
    else:
        threshold = _threshold(own, factors, floor)
    return witnesses.Weights(*(round(float(factor), DIGITS) for factor in factors), offset=round(-threshold, DIGITS))


def _two_thresholds(own: Sequence[Case], factors: Any, floor: float) -> tuple[float, float]:
    """The sums from which on a line is marked where the rule fired and where it did not; see `_threshold`."""
    values = [case.rows @ factors for case in own]
    fired = [case.rows[:, COLUMNS.index("rule")] > 0 for case in own]
    ruled = np.sort(np.concatenate([value[here] for value, here in zip(values, fired, strict=True)]))
    unruled = np.sort(np.concatenate([value[~here] for value, here in zip(values, fired, strict=True)]))[::-1]
    steps = np.linspace(0, len(ruled) / 2, RULED).astype(int)[: len(ruled)]
    with_rule = np.append(ruled[steps], SURE)[: RULED + 1] - 10.0**-DIGITS / 2 if len(ruled) else np.array([SURE])
    alone = np.append(unruled[np.geomspace(2, max(3, len(unruled) // 5), UNRULED).astype(int) - 1], SURE)
    alone -= 10.0**-DIGITS / 2
    kinds = []
    for invented in (False, True):
        tables = [(value, here, case) for value, here, case in zip(values, fired, own, strict=True)
                  if case.invented == invented]
        one = sum((_counted(value[here], case.coded[here], with_rule) for value, here, case in tables),
                  np.zeros((len(with_rule), 3)))
        two = sum((_counted(value[~here], case.coded[~here], alone) for value, here, case in tables),
                  np.zeros((len(alone), 3)))
        missed = np.array([0.0, 0.0, sum(case.missed for _, _, case in tables)])
        kinds.append(one[:, None] + two[None, :] + missed)
    worth = _worth(kinds, floor)
    first, second = np.unravel_index(int(worth.argmax()), worth.shape)
    return float(with_rule[first]), float(alone[second])


def _worth(kinds: Sequence[Any], floor: float) -> Any:
    """What thresholds are worth, from their counts over the speeches kept out and over the invented ones.

    The mean of F1 of both, and of both together. The first two alone would let a dozen coded sentences of the invented
    speeches decide; both together would forget that half of the coded English figures are presidential.
    """
    first, second, together = f1(kinds[0]), f1(kinds[1]), f1(kinds[0] + kinds[1])
    return np.where(second >= floor, 0.0, -HELD) + first + second + 2 * together


def _threshold(own: Sequence[Case], factors: Any, floor: float) -> float:
    """The sum from which on a line is marked: that which is worth most, a little smoothed."""
    values = [case.rows @ factors for case in own]
    pooled = np.sort(np.concatenate(values))[::-1]
    # Steps grow with the rank, as the worth changes less from line to line the more are marked.
    ranks = np.unique(np.geomspace(3, max(4, len(pooled) // 3), STEPS).astype(int))
    tried = pooled[np.minimum(ranks, len(pooled) - 1)] - 10.0**-DIGITS / 2
    kinds = [sum((_counted(value, case.coded, tried) + np.array([0, 0, case.missed])
                  for value, case in zip(values, own, strict=True) if case.invented == invented),
                 np.zeros((len(tried), 3))) for invented in (False, True)]
    held = _worth(kinds, floor)
    padded = np.pad(np.where(held > 0, held, held + HELD), SMOOTHED // 2, mode="edge")
    smooth = np.convolve(padded, np.full(SMOOTHED, 1 / SMOOTHED), "valid")
    return float(tried[np.where(held > 0, smooth, smooth - HELD).argmax()])


def _counted(value: Any, coded: Any, tried: Any) -> Any:
    """Both, marked only, coded only, for each threshold."""
    marked = value[None, :] >= tried[:, None]
    both, all_marked = (marked & coded).sum(axis=1), marked.sum(axis=1)
    return np.stack([both, all_marked - both, coded.sum() - both], axis=1).astype(float)


def rules_alone() -> witnesses.Weights:
    """Marks what the rule marks, whatever the others say."""
    return witnesses.Weights(model=0.0, model_beside=0.0, signs=0.0, signs_beside=0.0, rule=SURE, offset=-SURE / 2)


def tried(own: Sequence[Case], kind: str, floor: float) -> tuple[float, float]:
    """F1 over the speeches kept out and over the invented ones, each event with the join fitted on the others."""
    sums = {False: np.zeros(3), True: np.zeros(3)}
    for event in sorted({case.event for case in own}):
        weights = weigh([case for case in own if case.event != event], kind, floor)
        for case in own:
            if case.event == event:
                sums[case.invented] += counts(case, weights)
    return float(f1(sums[False])), float(f1(sums[True]))


def floor_of(language: str, label: str) -> float:
    """What F1 over the invented speeches must not fall below; 0 where nothing is said."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["gold"]["installed"]
    return float(floors.get(language, {}).get("figures", {}).get(label, 0.0))


def chosen(own: Sequence[Case], kinds: Sequence[str],
           floor: float) -> tuple[str, witnesses.Weights, dict[str, tuple[float, float]]]:
    """The way of joining worth most on events that it was not fitted on, of those that keep to the floor; its weights;
    and what each way is worth. A join must bring `GAIN` over the rules alone."""
    alone = [sum((counts(case, rules_alone()) for case in own if case.invented == invented), np.zeros(3))
             for invented in (False, True)]
    worth = {"rules": (float(f1(alone[0])), float(f1(alone[1]))), **{kind: tried(own, kind, floor) for kind in kinds}}
    ways = sorted(worth, key=lambda way: -(sum(worth[way]) / 2 + GAIN * (way == "rules")))
    fitted = {way: rules_alone() if way == "rules" else weigh(own, way, floor + ROOM) for way in ways}
    keep = [way for way in ways if f1(sum((counts(case, fitted[way]) for case in own if case.invented),
                                          np.zeros(3))) >= floor + ROOM]
    best = (keep or ways)[0]
    return best, fitted[best], worth


def fit_figures(reads: Sequence[Read],
                sign_weights: dict[str, dict[str, Any]]) -> dict[str, dict[str, dict[str, float]]]:
    """What `witnesses.json` says; prints F1 on events left out, over the speeches kept out / the invented ones."""
    data: dict[str, dict[str, dict[str, float]]] = {}
    for language in sorted({read.gold.language for read in reads}):
        for label, own in cases(reads, language, sign_weights[language]).items():
            kinds = [kind for kind in KINDS if kind not in PAIRS or label in figures.RULES]
            way, weights, worth = chosen(own, kinds, floor_of(language, label))
            data.setdefault(language, {})[label] = weights._asdict()
            print(language, label, way + ";",
                  *(f"{name} {one:.2f}/{other:.2f}" for name, (one, other) in worth.items()))
    return data
