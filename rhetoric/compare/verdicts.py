"""A speech held to conditions: its value with its interval, where it stands among other speeches, and the verdict.

Percentile of a value = 100 * (speeches below it + half of those equal to it) / speeches, the mid-rank percentile. The
norm's median and quartiles are linear between order statistics (R. J. Hyndman and Y. Fan, "Sample quantiles in
statistical packages", 1996, type 7). A verdict is sure where the whole 95 % interval of the value gives the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rhetoric.cells import records
from rhetoric.checks import Check
from rhetoric.compare.estimates import Counted, estimate
from rhetoric.compare.material import gather
from rhetoric.compare.measures import columns, measures
from rhetoric.compare.norms import mid_rank
from rhetoric.compare.rows import unit_of
from rhetoric.errors import ConfigError
from rhetoric.types import Tables
from rhetoric.weights import SHARES

MIN_NORM = 5  # speeches below which no percentile is told
HOLDS, FAILS, UNTOLD = "holds", "fails", "cannot be told"


@dataclass(frozen=True, slots=True)
class Value:
    """A metric of one speech; `n` are the sentences it rests on."""

    value: float | None
    low: float | None
    high: float | None
    unit: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """What other speeches in the same language do: how many have the metric, their median and quartiles."""

    n: int
    median: float | None
    q1: float | None
    q3: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A condition and what became of it; `percentile` of the value in the norm, None where it cannot be told."""

    check: Check
    value: Value
    norm: Norm
    percentile: float | None
    verdict: str
    sure: bool
    reason: str = ""


def verdicts(speech: Tables, reference: Tables | None, checks: Sequence[Check]) -> tuple[Verdict, ...]:
    """Hold one speech to conditions. `reference` are the speeches of the norm; the speech itself is left out of it.

    Only speeches in its language count. A speech without times is held against others as if these had none: by length,
    not by seconds.

    Raises:
        ConfigError: a condition names a metric that the speech does not have.
        SpeechError: the speech has no sentence.
    """
    own = _values(speech)
    (row,) = speech.speeches.to_dict("records")
    others = [] if reference is None else _norm_values(reference, row)
    made = []
    for check in checks:
        if check.metric not in own:
            raise ConfigError(f"no metric {check.metric!r}; this speech has {', '.join(own)}")
        found = [values[check.metric] for values in others if check.metric in values]
        made.append(_verdict(check, own[check.metric], found))
    return tuple(made)


def _values(tables: Tables) -> dict[str, Value]:
    """Every metric of one speech with its interval: those of a comparison, then those of the stages alone."""
    (material,) = gather(tables, "speech_id").materials
    figures = _figures(tables)
    counted = Counted(material, columns(material, figures))
    made = {}
    for measure in measures(figures):
        found = estimate([counted], measure)
        if found is not None:
            unit = unit_of(measure, material.card.size_unit)
            made[measure.name] = Value(found.value, found.low, found.high, unit, found.n)
    for row in records(tables.metrics):
        if row["name"] in SHARES and row["name"] in made:  # the stage's interval knows the reader's errors
            made[row["name"]] = replace(made[row["name"]], low=row["low"], high=row["high"])
        made.setdefault(row["name"], Value(row["value"], row["low"], row["high"], row["unit"], len(material.texts)))
    return made


def _figures(tables: Tables) -> list[str]:
    """The figure labels to count: those found here, and those that a stage says it looked for and found none of."""
    looked_for = {name.removeprefix("figure_") for name in tables.metrics["name"] if name.startswith("figure_")}
    return sorted(set(tables.findings.loc[tables.findings["stage"] == "figures", "label"].dropna()) | looked_for)


def _norm_values(reference: Tables, speech: Mapping[Any, Any]) -> list[dict[str, float]]:
    """The values of each speech of the norm, without intervals: counts are summed and divided, nothing is drawn."""
    rows = reference.speeches
    others = rows[(rows["language"] == speech["language"]) & (rows["speech_id"] != speech["speech_id"])]
    wanted = others["speech_id"]
    if wanted.empty:
        return []
    parts = {name: table[table["speech_id"].isin(wanted)] for name, table in
             ((name, getattr(reference, name)) for name in ("speeches", "sentences", "findings", "metrics", "runs"))}
    if not speech["timed"]:
        parts["sentences"] = parts["sentences"].assign(start_s=None, end_s=None)
    tables = Tables(**parts)
    figures = _figures(tables)
    made: dict[str, dict[str, float]] = {speech_id: {} for speech_id in wanted}
    for row in records(tables.metrics):
        if row["value"] is not None:
            made[row["speech_id"]][row["name"]] = row["value"]
    known = measures(figures)
    for material in gather(tables, "speech_id").materials:
        values, counted = made[material.card.speech_id], Counted(material, columns(material, figures))
        for measure in known:
            values.pop(measure.name, None)
            if counted.has(measure) and (below := float(counted.columns[measure.denominator].sum())) > 0:
                values[measure.name] = float(counted.columns[measure.numerator].sum()) / below
    return list(made.values())


def _verdict(check: Check, value: Value, others: Sequence[float]) -> Verdict:
    """What becomes of one condition."""
    norm = _norm(others)
    told = len(others) >= MIN_NORM
    at = percentile(value.value, others) if told and value.value is not None else None
    made = Verdict(check=check, value=value, norm=norm, percentile=at, verdict=UNTOLD, sure=False)
    if value.value is None:
        return replace(made, reason="there is nothing to count")
    if check.ranked and not told:
        return replace(made, reason=f"a percentile needs {MIN_NORM} speeches in its language; there are {len(others)}")
    holds = _holds(check, value.value, others)
    ends = [end for end in (value.low, value.high) if end is not None]
    sure = len(ends) == 2 and all(_holds(check, end, others) == holds for end in ends)
    if holds is False and len(ends) == 2 and _holds_inside(check, value, others):
        sure = False
    return replace(made, verdict=HOLDS if holds else FAILS, sure=sure)


def _holds(check: Check, value: float, others: Sequence[float]) -> bool:
    ranked = percentile(value, others) if check.ranked else 0.0
    bounds = ((check.at_least, check.at_most, value), (check.percentile_at_least, check.percentile_at_most, ranked))
    return all((low is None or found >= low) and (high is None or found <= high) for low, high, found in bounds)


def _holds_inside(check: Check, value: Value, others: Sequence[float]) -> bool:
    """True if some bound of the condition lies inside the interval, so that a value in it may hold after all."""
    bounds = [bound for bound in (check.at_least, check.at_most) if bound is not None]
    return any(value.low is not None and value.high is not None and value.low <= bound <= value.high
               and _holds(check, bound, others) for bound in bounds)


def percentile(value: float, others: Sequence[float]) -> float:
    """Mid-rank percentile of a value among others, 0..100; 0 where there are none."""
    return 100 * mid_rank(value, others) / len(others) if others else 0.0


def _norm(others: Sequence[float]) -> Norm:
    import numpy as np

    if not others:
        return Norm(n=0, median=None, q1=None, q3=None)
    q1, median, q3 = (float(q) for q in np.quantile(np.array(others), [0.25, 0.5, 0.75]))
    return Norm(n=len(others), median=median, q1=q1, q3=q3)
