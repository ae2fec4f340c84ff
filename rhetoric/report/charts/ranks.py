"""Percentiles: one row a metric, a dot on a line from 0 to 100 with its interval, the middle half shaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rhetoric.report.charts.svg import both, chart, label, share, tag
from rhetoric.types import Text

ROW, HEAD, FOOT = 30.0, 8.0, 20.0
LEFT = 0.42


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """A metric with its percentile 0..1 and the interval of that."""

    name: Text
    at: float
    low: float
    high: float


def rank_chart(ranks: Sequence[Rank], *, titled_by: str) -> str:
    """The rows under each other on one axis."""
    bottom = HEAD + ROW * len(ranks)
    half = share((1 - LEFT) * 0.5 * 0.97)
    parts = [tag("rect", x=_x(0.25), width=half, y=HEAD, height=bottom - HEAD, class_="ground")]
    for at, words in ((0.0, "0"), (0.5, "50"), (1.0, "100")):
        parts.append(tag("line", x1=_x(at), x2=_x(at), y1=HEAD, y2=bottom, class_="grid"))
        parts.append(label(words, x=_x(at), y=bottom + 15, text_anchor="middle" if at < 1 else "end", class_="tick"))
    for i, rank in enumerate(ranks):
        y = HEAD + ROW * (i + 0.5)
        parts.append(both(rank.name, class_="group", x="0", y=y + 4.5))
        parts.append(tag("line", x1=_x(rank.low), x2=_x(rank.high), y1=y, y2=y, class_="whisker s-story"))
        parts.append(tag("circle", cx=_x(rank.at), cy=y, r=5.5, class_="dot f-story"))
        value = f"{100 * rank.at:.0f}"
        parts.append(label(value, x=_x(rank.at), y=y - 8, text_anchor="middle", class_="value t-story"))
    return chart(*parts, height=bottom + FOOT, titled_by=titled_by)


def _x(at: float) -> str:
    return share(LEFT + (1 - LEFT) * at * 0.97)
