"""How the marks of a line and the encoder's probability of a slogan are joined: a logistic regression a language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from kept_out import Read
from logistic import logistic_regression

from rhetoric.evaluation.counts import FAR, average_precision
from rhetoric.stages import slogans
from rhetoric.stages.devices import join

FLOORS = Path(__file__).parents[1] / "tests" / "floors.json"
SHIFTED = (1.0, 0.9, 1.1, 0.8, 1.2, 0.7, 1.4, 0.6, 1.6, 0.5)  # times of the marks' factor
# Above the floors: of average precision, and of recall, where scores rounded to a tenth may swap a line.
ROOM, A_LINE = 0.005, 0.003
WEIGHT, PENALTY = 8.0, 3.0  # of a slogan; L2, on standardised features


@dataclass(frozen=True, eq=False, kw_only=True)
class Ranked:
    """The lines of a coded speech: log odds by marks and by encoder (lines, 2), and which are slogans; `coded` counts
    all slogans, those that are no line among them."""

    read: Read
    rows: Any
    hits: Any
    coded: int


def ranked(read: Read) -> Ranked:
    """The lines of a speech as the join sees them."""
    setting = slogans.setting_of(read.speech)
    rows, hits = [], []
    for line in setting.lines.values():
        best, probability = slogans.best_of(line, setting), read.speech.readings[line.index].slogan
        if best and probability is not None:
            rows.append((join.log_odds(best[0] / 100), join.log_odds(probability)))
            hits.append(read.gold.slogans[line.index])
    return Ranked(read=read, rows=np.array(rows).reshape(-1, 2), hits=np.array(hits, bool),
                  coded=sum(read.gold.slogans))


def fit(speeches: list[Ranked]) -> Any:
    """Factors of both, by a logistic regression with L2 penalty, slogans weighed `WEIGHT`-fold."""
    x, y = np.concatenate([s.rows for s in speeches]), np.concatenate([s.hits for s in speeches]).astype(float)
    factors, _ = logistic_regression(x, y, PENALTY, np.where(y > 0, WEIGHT, 1.0))
    return factors


def score(pairs: list[tuple[Any, Ranked]]) -> str:
    """Recall among the first 20 and mean average precision."""
    kept = [(s.hits[np.argsort(-found, kind="stable")], s.coded) for found, s in pairs if s.coded]
    recall = sum(int(hits[:FAR].sum()) for hits, _ in kept) / sum(coded for _, coded in kept)
    precision = np.mean([average_precision(list(hits), coded) for hits, coded in kept])
    return f"recall {recall:.3f}, average precision {precision:.3f}"


def held(speeches: list[Ranked], factors: Any, language: str) -> bool:
    """Whether the invented speeches keep their floors, by the first `FAR` lines that are shown."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["gold"]["installed"][language]["slogans"]
    own = [s for s in speeches if s.read.invented and s.coded]
    least = join.log_odds(slogans.RANKED / 100) - offset(speeches, factors)
    hits = []
    for s in own:
        value = s.rows @ factors
        order = np.argsort(-value, kind="stable")[:FAR]
        hits.append(list(s.hits[order[value[order] >= least]]))
    recall = sum(sum(found) for found in hits) / max(1, sum(s.coded for s in own))
    precision = float(np.mean([average_precision(found, s.coded) for found, s in zip(hits, own, strict=True)] or [1]))
    return recall >= floors["recall_at_20"] + A_LINE and precision >= floors["average_precision"] + ROOM


def shifted(speeches: list[Ranked], factors: Any, language: str) -> Any:
    """The same factors, that of the marks moved as little as keeps the floors; as they are where nothing does."""
    tried = [factors * np.array([times, 1.0]) for times in SHIFTED]
    return next((found for found in tried if held(speeches, found, language)), factors)


def offset(speeches: list[Ranked], factors: Any) -> float:
    """Such that as many lines reach `slogans.COUNTED` as by the marks alone."""
    bar = join.log_odds(slogans.COUNTED / 100)
    by_marks = np.concatenate([s.rows[:, 0] for s in speeches])
    joined = np.sort(np.concatenate([s.rows @ factors for s in speeches]))[::-1]
    return float(bar - joined[max(0, int((by_marks >= bar).sum()) - 1)])


def fit_slogans(reads: list[Read]) -> dict[str, dict[str, float]]:
    """What `join.json` says; prints how it does on each event when it is fitted on the others."""
    data = {}
    for language in sorted({read.gold.language for read in reads}):
        own = [ranked(read) for read in reads if read.gold.language == language]
        across = [(s.rows @ fit([o for o in own if o.read.gold.event != s.read.gold.event]), s) for s in own]
        for invented in (False, True):
            print(language, "slogans,", "tests/gold:" if invented else "others:",
                  score([(found, s) for found, s in across if s.read.invented == invented]))
        factors = shifted(own, fit(own), language)
        numbers = (*(float(factor) for factor in factors), offset(own, factors))
        data[language] = dict(zip(join.Join._fields, (round(number, 3) for number in numbers), strict=True))
    return data
