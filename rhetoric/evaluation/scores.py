"""Counts of speeches -> scores, pooled, each with a bootstrap interval over speeches.

Speeches are drawn with replacement, as one draws other speeches of the same kind (B. Efron and R. J. Tibshirani, "An
Introduction to the Bootstrap", 1993, chapter 13); sentences of a speech stay together. A score is computed on all draws
at once: counts have the draws as their first axis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rhetoric.codebook import FIGURES, FUNCTIONS, GROUP_OF
from rhetoric.evaluation.counts import SHARES, Counts
from rhetoric.intervals import SEED, percentile_interval
from rhetoric.models.scoring import kappa_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS = 1000
DIGITS = 4
Scores = dict[str, float | None]
Intervals = dict[str, tuple[float, float]]


def pooled(speeches: Sequence[Counts]) -> tuple[Scores, Intervals]:
    """Scores of all speeches together, by dotted names (`function.accuracy`), and their 95 % intervals.

    A score without a case (no coded slogan, say) is None. There are no intervals for one speech, nor for maxima.
    """
    import numpy as np

    stacked = {name: np.stack([counts[name] for counts in speeches]) for name in speeches[0]}
    values = {name: _plain(value[0]) for name, value in scores_of({n: a.sum(axis=0)[None] for n, a in stacked.items()})}
    for share in SHARES:
        errors, counted = stacked[share][:, 0], stacked[share][:, 1] > 0
        values[f"{share}.max_abs_error"] = _plain(errors[counted].max()) if counted.any() else None
    return values, _intervals(stacked, len(speeches)) if len(speeches) > 1 else {}


def _intervals(stacked: Mapping[str, Floats], n: int) -> Intervals:
    import numpy as np

    chosen = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=DRAWS).astype(np.float64)
    drawn = {name: np.tensordot(chosen, array, axes=1) for name, array in stacked.items()}
    bounds = {name: percentile_interval(value) for name, value in scores_of(drawn)}
    return {name: (round(bound[0], DIGITS), round(bound[1], DIGITS)) for name, bound in bounds.items() if bound}


def _plain(value: float) -> float | None:
    """A number as it is printed; None where it is undefined."""
    return None if value != value else round(float(value), DIGITS)


def scores_of(counts: Mapping[str, Floats]) -> Iterator[tuple[str, Floats]]:
    """Every score that is a function of sums, by its dotted name; arrays of shape (draws,), NaN where undefined."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        yield from _function_scores(counts["function"])
        for share in SHARES:
            error, speeches, covered, bounded = np.moveaxis(counts[share], -1, 0)
            yield f"{share}.mean_abs_error", error / speeches
            yield f"{share}.interval_coverage", covered / bounded
        yield from _emotion_scores(counts["emotion"])
        precision, speeches, near, far, coded = np.moveaxis(counts["slogans"], -1, 0)
        yield "slogans.average_precision", precision / speeches
        yield "slogans.recall_at_10", near / coded
        yield "slogans.recall_at_20", far / coded
        for at, name in enumerate(FIGURES):
            both, predicted, missed = np.moveaxis(counts["figures"][:, at], -1, 0)
            yield f"figures.{name}", 2 * both / (2 * both + predicted + missed)
            yield f"figure_labels.{name}.precision", both / (both + predicted)
            yield f"figure_labels.{name}.recall", both / (both + missed)


def _function_scores(tables: Floats) -> Iterator[tuple[str, Floats]]:
    import numpy as np

    names = sorted(set(GROUP_OF.values()))
    member = np.array([[GROUP_OF[label] == name for name in names] for label in FUNCTIONS], dtype=float)
    yield "function.accuracy", np.trace(tables, axis1=1, axis2=2) / tables.sum(axis=(1, 2))
    yield "function.kappa", kappa_of(tables)
    yield "function.group_kappa", kappa_of(member.T @ tables @ member)
    for at, label in enumerate(FUNCTIONS):
        right, coded, predicted = tables[:, at, at], tables[:, at, :].sum(axis=1), tables[:, :, at].sum(axis=1)
        yield f"function_labels.{label}.precision", right / predicted
        yield f"function_labels.{label}.recall", right / coded
        yield f"function_labels.{label}.f1", 2 * right / (predicted + coded)


def _emotion_scores(counts: Floats) -> Iterator[tuple[str, Floats]]:
    import numpy as np

    both, predicted, missed, same, off = np.moveaxis(counts, -1, 0)
    yield "emotion.f1", 2 * both / (2 * both + predicted + missed)
    yield "emotion.precision", both / (both + predicted)
    yield "emotion.recall", both / (both + missed)
    yield "emotion.class_accuracy", same / both
    yield "emotion.intensity_error", off / both


def nested(scores: Mapping[str, object]) -> dict[str, object]:
    """Dotted names as objects in objects, for JSON."""
    made: dict[str, object] = {}
    for name, value in scores.items():
        *parents, last = name.split(".")
        place = made
        for parent in parents:
            place = place.setdefault(parent, {})  # type: ignore[assignment]  # every parent holds an object
        place[last] = value
    return made
