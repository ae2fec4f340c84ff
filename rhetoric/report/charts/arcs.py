"""The arc of a speech: how much feeling each stretch of it holds, as points, and a smooth line through them.

A point is a `BINS`th of the speech: intensities of its phrases per 1,000 characters or words. The line is the same
ratio at each place with Gaussian weights (a kernel estimate: E. A. Nadaraya, 1964; G. S. Watson, 1964).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rhetoric.report.charts.svg import chart, label, share, short, tag

BINS = 20
STEPS = 60  # places of the line
REACH = 0.05  # of the speech: the standard deviation of the weights
TOP, FOOT, HEIGHT = 10.0, 20.0, 120.0
GRAIN = 1000  # units over the width of the line
LEFT = 0.1  # of the width, for the numbers of the axis


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence: where its middle stands (0..1 of the speech), its size, and the sum of the intensities in it."""

    at: float
    size: float
    load: float


def points(said: Sequence[Said]) -> list[tuple[float, float]]:
    """The middle of each stretch and its load per 1,000; stretches without words are left out."""
    made = []
    for number in range(BINS):
        inside = [s for s in said if min(BINS - 1, int(s.at * BINS)) == number]
        size = sum(s.size for s in inside)
        if size:
            made.append(((number + 0.5) / BINS, 1000 * sum(s.load for s in inside) / size))
    return made


def smooth(said: Sequence[Said]) -> list[tuple[float, float]]:
    """The load per 1,000 at `STEPS` places, each sentence weighed by how near it is."""
    made = []
    for step in range(STEPS + 1):
        at = step / STEPS
        weights = [math.exp(-0.5 * ((s.at - at) / REACH) ** 2) for s in said]
        size = sum(w * s.size for w, s in zip(weights, said, strict=True))
        if size > 0:
            made.append((at, 1000 * sum(w * s.load for w, s in zip(weights, said, strict=True)) / size))
    return made


def highest(said: Sequence[Said]) -> float:
    """The end of the axis that a speech needs."""
    return max((value for _, value in (*points(said), *smooth(said))), default=0.0)


def arc_chart(said: Sequence[Said], *, top: float, titled_by: str) -> str:
    """One small chart over a speech from its beginning to its end; `top` is the same in all of a language."""
    floor = HEIGHT - FOOT

    def y(value: float) -> float:
        return TOP + (floor - TOP) * (1 - value / top)

    line = "L".join(f"{short(GRAIN * at)} {short(y(value))}" for at, value in smooth(said))
    drawn = tag("svg", tag("path", d=f"M{line}", class_="arc", vector_effect="non-scaling-stroke"), x=share(LEFT),
                y="0", width=share(1 - LEFT), height=HEIGHT, viewBox=f"0 0 {GRAIN} {short(HEIGHT)}",
                preserveAspectRatio="none", overflow="visible")
    parts = [tag("line", x1="0", x2="100%", y1=y(value), y2=y(value), class_="grid" if value else "base")
             for value in (0.0, top / 2, top)]
    parts += [label(short(value), x="0", y=y(value) - 3, class_="tick") for value in (top / 2, top)]
    parts += [tag("circle", cx=_x(at), cy=y(value), r=2.5, class_="dot dense f-ink") for at, value in points(said)]
    parts += [label(words, x=_x(at), y=HEIGHT - 4, text_anchor=anchor, class_="tick")
              for at, words, anchor in ((0.0, "0", "start"), (0.5, "50", "middle"), (1.0, "100%", "end"))]
    return chart(*parts, drawn if line else "", height=HEIGHT, titled_by=titled_by)


def _x(at: float) -> str:
    return share(LEFT + (1 - LEFT) * at)
