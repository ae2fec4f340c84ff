"""Fit how the marks of a line and the encoder's probability are joined, on speeches that the encoder has not seen.

    python tools/fit_slogans.py --gold FOLDER

Reads the speeches of FOLDER that `encoder.json` names as kept out and the invented ones of `tests/gold`, prints how the
join does on each event when it is fitted on the others, and writes `rhetoric/stages/devices/join.json` from all of
them. To be run after a new encoder.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rhetoric.evaluation.counts import FAR, average_precision
from rhetoric.models import reader
from rhetoric.models.encoder import model
from rhetoric.models.gold import GoldSpeech, read_gold_folder
from rhetoric.sentences import from_sentences
from rhetoric.stages import slogans
from rhetoric.stages.devices import join
from rhetoric.types import Speech

INVENTED = Path(__file__).parents[1] / "tests" / "gold"
WEIGHT, PENALTY, ROUNDS = 8.0, 3.0, 40  # of a slogan; L2, on standardised features; of Newton's method
Model = tuple[Any, Any, Any]  # means, deviations, weights with the constant last


@dataclass(frozen=True, eq=False, kw_only=True)
class Ranked:
    """The lines of a coded speech: log odds by marks and by encoder (lines, 2), and which are slogans; `coded` counts
    all slogans, those that are no line among them."""

    gold: GoldSpeech
    rows: Any
    hits: Any
    coded: int


def ranked(gold: GoldSpeech, speech: Speech) -> Ranked:
    """The lines of a speech as the join sees them."""
    setting = slogans.setting_of(speech)
    rows, hits = [], []
    for line in setting.lines.values():
        best = slogans.best_of(line, setting)
        probability = speech.readings[line.index].slogan
        if best and probability is not None:
            rows.append((join.log_odds(best[0] / 100), join.log_odds(probability)))
            hits.append(gold.slogans[line.index])
    return Ranked(gold=gold, rows=np.array(rows).reshape(-1, 2), hits=np.array(hits, bool),
                  coded=sum(gold.slogans))


def fit(speeches: list[Ranked]) -> Model:
    """Logistic regression with L2 penalty, slogans weighed `WEIGHT`-fold."""
    x, y = np.concatenate([s.rows for s in speeches]), np.concatenate([s.hits for s in speeches]).astype(float)
    mean, deviation, weight = x.mean(axis=0), x.std(axis=0) + 1e-9, np.where(y > 0, WEIGHT, 1.0)
    design = np.column_stack([(x - mean) / deviation, np.ones(len(x))])
    penalty = np.diag([PENALTY] * x.shape[1] + [1e-3])
    found = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-design @ found))
        curve = (design * (weight * p * (1 - p))[:, None]).T @ design + penalty
        found = found - np.linalg.solve(curve, design.T @ (weight * (p - y)) + penalty @ found)
    return mean, deviation, found


def scores(fitted: Model, speech: Ranked) -> Any:
    """Log odds of every line."""
    mean, deviation, weights = fitted
    return (speech.rows - mean) / deviation @ weights[:-1] + weights[-1]


def score(pairs: list[tuple[Any, Ranked]]) -> str:
    """Recall among the first 20 and mean average precision."""
    kept = [(s.hits[np.argsort(-found, kind="stable")], s.coded) for found, s in pairs if s.coded]
    recall = sum(int(hits[:FAR].sum()) for hits, _ in kept) / sum(coded for _, coded in kept)
    return f"recall {recall:.3f}, average precision {np.mean([average_precision(list(h), c) for h, c in kept]):.3f}"


def offset(speeches: list[Ranked], weights: Any) -> float:
    """Such that as many lines reach `slogans.COUNTED` as by the marks alone."""
    bar = join.log_odds(slogans.COUNTED / 100)
    by_marks = np.concatenate([s.rows[:, 0] for s in speeches])
    joined = np.sort(np.concatenate([s.rows @ weights for s in speeches]))[::-1]
    return float(bar - joined[max(0, int((by_marks >= bar).sum()) - 1)])


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description="Fit the join of marks and encoder.")
    parser.add_argument("--gold", type=Path, required=True)
    kept_out = set(model.read_about(reader.FOLDER)["held_out"])
    golds = {gold.name: gold for gold in read_gold_folder(parser.parse_args().gold) if gold.name in kept_out}
    invented = {gold.name: gold for gold in read_gold_folder(INVENTED)}
    read = {name: reader.read(from_sentences(name, gold.sentences, gold.language))
            for name, gold in (golds | invented).items()}
    write([ranked(gold, read[name]) for name, gold in (golds | invented).items()],
          {name: "kept out" if name in golds else "invented" for name in read})


def write(speeches: list[Ranked], folder_of: dict[str, str]) -> None:
    """Say how the join does on each event when it is fitted on the others, and write what is fitted on all."""
    data = {}
    for language in sorted({s.gold.language for s in speeches}):
        own = [s for s in speeches if s.gold.language == language]
        across = [(scores(fit([o for o in own if o.gold.event != s.gold.event]), s), s) for s in own]
        for name in dict.fromkeys(folder_of.values()):
            print(language, name, "fitted on other events:",
                  score([(found, s) for found, s in across if folder_of[s.gold.name] == name]))
        _, deviation, found = fit(own)
        weights = found[:-1] / deviation
        numbers = (*(float(weight) for weight in weights), offset(own, weights))
        data[language] = dict(zip(join.Join._fields, (round(number, 3) for number in numbers), strict=True))
        print(language, data[language])
    join.PATH.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
