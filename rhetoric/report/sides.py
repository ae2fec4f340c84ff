"""Speakers side by side: their key metrics over all years, and how far they are apart."""

from __future__ import annotations

from dataclasses import dataclass

from rhetoric.report import formats
from rhetoric.report.measures import measure, unit_name
from rhetoric.report.outside import clean
from rhetoric.types import Comparison, Difference, Row, Text

KEY_METRICS = (
    "share_story",
    "share_product",
    "story_to_product",
    "share_results",
    "share_values",
    "owner_founder_story",
    "owner_company_story",
    "owner_borrowed_story",
    "emotion_density",
    "emotion_per_minute",
    "emotion_intensity",
    "emotion_strong",
    "slogan_density",
    "voice_hedge",
    "voice_certainty",
    "voice_superlative",
    "voice_promise",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What one speaker has in a metric: the value over all years, and its lowest and highest group."""

    value: str
    spread: Text
    n: int
    unit: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A metric over the speakers, in the order of the comparison, and the differences of pairs of them."""

    name: Text
    spans: tuple[tuple[str, Span | None], ...]
    differences: tuple[Difference, ...]


def _span(rows: list[Row], pooled: Row | None) -> Span | None:
    """The value over all speeches of a series with its interval, and its lowest and highest group."""
    if pooled is None or pooled.value is None:
        return None
    unit, n = pooled.unit, pooled.n_sentences
    groups = sorted((row.value, row.group) for row in rows if row.value is not None)
    spread = formats.interval_text(pooled)
    if len(groups) > 1:
        low, high = groups[0], groups[-1]
        low_text, high_text = (formats.value_text(v, unit, n) for v in (low[0], high[0]))
        spread = Text(
            en=f"[{spread.en}] · {low_text} ({clean(low[1])}) to {high_text} ({clean(high[1])})",
            zh=f"［{spread.zh}］· {low_text}（{clean(low[1])}）～{high_text}（{clean(high[1])}）",
        )
    return Span(value=formats.value_text(pooled.value, unit, n), spread=spread, n=n, unit=unit_name(unit))


def sides(comparison: Comparison) -> tuple[Side, ...]:
    """The table, empty where there is one series."""
    if len(comparison.series) < 2:
        return ()
    made = []
    for metric in KEY_METRICS:
        spans = tuple(
            (name, _span([r for r in comparison.rows if r.metric == metric and r.series == name],
                         next((r for r in comparison.pooled if r.metric == metric and r.series == name), None)))
            for name in comparison.series
        )
        between = tuple(d for d in comparison.differences if d.metric == metric and not d.series)
        if any(span for _, span in spans):
            made.append(Side(name=measure(metric).name, spans=spans, differences=between))
    return tuple(made)
