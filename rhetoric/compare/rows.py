"""A row for each metric of each group of each series, with its interval and its quotes."""

from __future__ import annotations

from collections.abc import Sequence

from rhetoric.compare.estimates import Counted, Estimate, estimate
from rhetoric.compare.evidence import quotes_for
from rhetoric.compare.measures import Measure
from rhetoric.types import Row


def unit_of(measure: Measure, size_unit: str) -> str:
    """The unit of a metric: shares are 0..1; a density is per 1,000 characters or words."""
    return {"share": "share", "intensity": "intensity 1-3", "per_minute": "per minute"}.get(
        measure.kind, f"per 1,000 {size_unit}")


def basis_of(measure: Measure, speech: Counted) -> str:
    """By what a metric is counted: seconds or size for shares of the stage, phrases for those of emotion."""
    if measure.denominator == "phrases":
        return "phrases"
    if measure.kind == "share":
        return speech.material.basis
    return "minutes" if measure.kind == "per_minute" else speech.material.card.size_unit


def row(speeches: Sequence[Counted], group: str, measure: Measure) -> tuple[Row, Estimate] | None:
    """One metric of one group, or None where none of its speeches has it."""
    found = estimate(speeches, measure)
    if found is None:
        return None
    first = speeches[0].material.card
    seconds = [s.material.card.duration_s for s in speeches if s.material.card.timed]
    timed = len(seconds) == len(speeches)
    return Row(
        metric=measure.name, series=first.series, group=group, value=found.value, low=found.low, high=found.high,
        unit=unit_of(measure, first.size_unit), numerator=found.numerator, denominator=found.denominator,
        basis=basis_of(measure, speeches[0]), interval=found.interval, n_speeches=found.n_speeches,
        n_sentences=found.n, minutes=sum(s or 0.0 for s in seconds) / 60 if timed else None,
        size=int(sum(s.material.sizes.sum() for s in speeches)), quotes=quotes_for(speeches, measure)), found
