"""Speeches kept out of the training -> temperatures, slopes, the share of each model, and honest scores.

Everything here is fitted on speeches that neither model has seen. What is reported of a fitted number is measured
across: fitted on one half of these speeches, tried on the other, and the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS
from rhetoric.models.encoder.heads import HEADS
from rhetoric.models.encoder.model import function_probabilities
from rhetoric.models.gold import GoldSpeech
from rhetoric.models.scoring import Scores, best_temperature, score
from rhetoric.models.word_reader import calibrated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)  # of the encoder in the mean with the word reader
ROUNDS = 50  # of Newton's method


@dataclass(frozen=True, eq=False, kw_only=True)
class Unseen:
    """A coded speech as both models read it without having seen it: `rows` (sentences, heads) are the encoder's scores,
    `words` (sentences, functions) the word reader's probabilities, `sizes` (sentences,) characters or words."""

    gold: GoldSpeech
    rows: NDArray[Any]
    words: Floats
    sizes: Floats

    @property
    def labels(self) -> NDArray[np.int64]:
        """The coded functions as numbers."""
        import numpy as np

        return np.array([FUNCTIONS.index(label) for label in self.gold.functions])

    def mixed(self, share: float) -> Floats:
        """The mean of both models' probabilities."""
        return share * function_probabilities(self.rows) + (1 - share) * self.words


def best_share(speeches: Sequence[Unseen]) -> float:
    """The share of the encoder with the least log loss at its own best temperature."""
    losses = {share: temperature_and_loss(speeches, share)[1] for share in SHARES}
    return min(losses, key=losses.__getitem__)


def temperature_and_loss(speeches: Sequence[Unseen], share: float) -> tuple[float, float]:
    """The best temperature of a mean, and the log loss with it."""
    import numpy as np

    from rhetoric.models.scoring import log_loss

    labels = np.concatenate([speech.labels for speech in speeches])
    mixed = np.concatenate([speech.mixed(share) for speech in speeches])
    temperature = best_temperature(mixed, labels)
    return temperature, log_loss(calibrated(mixed, temperature), labels)


def halves(speeches: Sequence[Unseen]) -> tuple[list[Unseen], list[Unseen]]:
    """Two halves with about equally many sentences; parts of one event stay together."""
    parts: tuple[list[Unseen], list[Unseen]] = ([], [])
    events = sorted({speech.gold.event for speech in speeches})
    members = {event: [speech for speech in speeches if speech.gold.event == event] for event in events}
    for event in sorted(events, key=lambda name: (-sum(len(s.rows) for s in members[name]), name)):
        smaller = min(parts, key=lambda part: sum(len(speech.rows) for speech in part))
        smaller += members[event]
    return parts


def scores_across(speeches: Sequence[Unseen], share: float, scored: Sequence[Unseen] | None = None) -> Scores:
    """Scores of the mean, each half at the temperature of the other; `scored` restricts what is counted."""
    first, second = halves(speeches)
    wanted = {speech.gold.name for speech in (scored or speeches)}
    found = [(calibrated(speech.mixed(share), temperature_and_loss(other, share)[0]), speech)
             for half, other in ((first, second), (second, first)) for speech in half if speech.gold.name in wanted]
    return score([p for p, _ in found], [speech.labels for _, speech in found], [speech.sizes for _, speech in found])


def rounded(scores: Scores) -> dict[str, float]:
    """Scores as they are written into the data."""
    return {name: round(value, 4) for name, value in asdict(scores).items()}


# --- the other heads ------------------------------------------------------------------------------------------------


def calibration(speeches: Sequence[Unseen]) -> dict[str, Any]:
    """Temperature of `emotion` and `intensity`, slope and offset of `slogan` and of each figure, for one language."""
    import numpy as np

    rows = np.concatenate([speech.rows for speech in speeches]).astype(np.float64)
    feelings = [felt for speech in speeches for felt in speech.gold.emotions]
    emotion = np.array([0 if felt is None else 1 + EMOTIONS.index(felt.label) for felt in feelings])
    felt = emotion > 0
    strength = np.array([0 if feeling is None else feeling.intensity - 1 for feeling in feelings])
    figures = [found for speech in speeches for found in speech.gold.figures]
    slogans = np.array([float(slogan) for speech in speeches for slogan in speech.gold.slogans])
    return {
        "emotion": _temperature(rows[:, HEADS["emotion"]], emotion),
        "intensity": _temperature(rows[felt][:, HEADS["intensity"]], strength[felt]),
        "slogan": [round(value, 4) for value in platt(rows[:, HEADS["slogan"]][:, 0], slogans)],
        "figures": [[round(value, 4) for value in
                     platt(rows[:, HEADS["figures"]][:, k], np.array([float(name in found) for found in figures]))]
                    for k, name in enumerate(FIGURES)],
    }


def _temperature(scores: Floats, labels: NDArray[np.int64]) -> float:
    import numpy as np

    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return best_temperature(exponents / exponents.sum(axis=1, keepdims=True), labels)


def platt(scores: Floats, labels: Floats) -> tuple[float, float]:
    """Slope and offset of a logistic regression on one score, by Newton's method, with Platt's smoothed targets (1999)
    and a slope that is not negative."""
    import numpy as np

    positive = labels.sum()
    targets = np.where(labels > 0, (positive + 1) / (positive + 2), 1 / (len(labels) - positive + 2))
    design = np.column_stack([scores, np.ones(len(scores))])
    weights = np.array([0.0, np.log(targets.mean() / (1 - targets.mean()))])
    loss = _logistic_loss(design @ weights, targets)
    for _ in range(ROUNDS):
        guess = 1 / (1 + np.exp(-(design @ weights)))
        curve = (design * (guess * (1 - guess))[:, None]).T @ design + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, design.T @ (guess - targets))
        while (tried := _logistic_loss(design @ (weights - step), targets)) > loss and np.abs(step).max() > 1e-9:
            step = step / 2
        weights, loss = weights - step, tried
    return max(0.0, float(weights[0])), float(weights[1])


def head_scores(speeches: Sequence[Unseen]) -> dict[str, Any]:
    """How well the heads alone find emotion (F1 of any, accuracy of the class where there is one), slogans (mean
    average precision, recall among the first 20 of a speech) and figures (F1), thresholds fitted across halves."""
    import numpy as np

    first, second = halves(speeches)
    pairs = ((first, second), (second, first))

    def f1(truth: Callable[[Unseen], NDArray[Any]], column: Callable[[Unseen], Floats]) -> float:
        counts = np.zeros(3)
        for half, other in pairs:
            scores, labels = (np.concatenate([read(s) for s in other]) for read in (column, truth))
            at = best_threshold(scores, labels)
            predicted, coded = (np.concatenate([read(s) for s in half]) for read in (column, truth))
            counts += [(coded & (predicted >= at)).sum(), (predicted >= at).sum(), coded.sum()]
        return round(float(2 * counts[0] / max(1.0, counts[1] + counts[2])), 3)

    ranked = [np.array(s.gold.slogans)[np.argsort(-s.rows[:, HEADS["slogan"]][:, 0], kind="stable")]
              for s in speeches if any(s.gold.slogans)]
    feelings = [(row, felt.label) for s in speeches for row, felt in
                zip(s.rows[:, HEADS["emotion"]], s.gold.emotions, strict=True) if felt is not None]
    return {
        "emotion_f1": f1(lambda s: np.array([felt is not None for felt in s.gold.emotions]), _felt),
        "emotion_class_accuracy": round(float(np.mean([EMOTIONS[int(row[1:].argmax())] == label
                                                       for row, label in feelings])), 3),
        "slogans_average_precision": round(float(np.mean([
            (np.cumsum(hits) / np.arange(1, len(hits) + 1) * hits).sum() / hits.sum() for hits in ranked])), 3),
        "slogans_recall_at_20": round(float(sum(h[:20].sum() for h in ranked) / sum(h.sum() for h in ranked)), 3),
        "figures_f1": {name: f1(partial(_has, name), partial(_figure, name)) for name in FIGURES},
    }


def _has(figure: str, speech: Unseen) -> NDArray[np.bool_]:
    import numpy as np

    return np.array([figure in found for found in speech.gold.figures])


def _figure(figure: str, speech: Unseen) -> Floats:
    scores: Floats = speech.rows[:, HEADS["figures"]][:, FIGURES.index(figure)].astype("f8")
    return scores


def _felt(speech: Unseen) -> Floats:
    """How much more any emotion speaks than none, shape (sentences,)."""
    import numpy as np

    rows = speech.rows[:, HEADS["emotion"]].astype(np.float64)
    top = rows[:, 1:].max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(rows[:, 1:] - top).sum(axis=1)) + top[:, 0] - rows[:, 0])


def best_threshold(scores: Floats, labels: NDArray[Any]) -> float:
    """The score from which on a yes gives the highest F1."""
    import numpy as np

    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + labels.sum())
    return float(scores[order[int(f1.argmax())]])


def _logistic_loss(odds: Floats, targets: Floats) -> float:
    import numpy as np

    return float((np.logaddexp(0, odds) - targets * odds).sum())


def about_language(speeches: Sequence[Unseen], share: float, unseen_speakers: Sequence[str]) -> Mapping[str, Any]:
    """What `encoder.json` says of a language: fitted numbers and scores; names of speeches whose speaker is unseen."""
    strangers = [speech for speech in speeches if speech.gold.name in unseen_speakers]
    return {"share": share, "temperature": temperature_and_loss(speeches, share)[0],
            "calibration": calibration(speeches), "heads": head_scores(speeches),
            "scores": {"unseen_speeches": rounded(scores_across(speeches, share)),
                       "unseen_speakers": rounded(scores_across(speeches, share, strangers)) if strangers else {}}}
