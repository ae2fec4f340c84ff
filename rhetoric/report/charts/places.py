"""Two charts of places: strips with a tick wherever something stands, and dots on a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rhetoric.report.charts.labels import ASCENT, BESIDE, DIGIT, DOT, NARROWEST, Box, Place
from rhetoric.report.charts.svg import chart, label, share, tag, tips
from rhetoric.types import Text

ROW, HEAD, FOOT = 26.0, 6.0, 20.0
GRAIN = 2000  # units over the width of a row of ticks
LEFT = 0.2  # of the width, for the names of the rows
MAP_HEIGHT = 320.0
MARGIN = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A row: its name, its ticks as parts of the width, and the words that pointing at it shows."""

    name: str
    places: tuple[float, ...]
    tip: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPoint:
    """A dot at 0..1, y upwards; its colour class and shape tell its speaker."""

    x: float
    y: float
    label: str
    key: str
    shape: int
    tip: Text


def strip_chart(strips: Sequence[Strip], ticks: Sequence[tuple[float, str]], *, titled_by: str,
                dots: bool = False) -> str:
    """Rows of ticks (or of dots) over one axis from 0 to 1."""
    parts = []
    bottom = HEAD + ROW * len(strips)
    for at, words in ticks:
        x = share(LEFT + (1 - LEFT) * at)
        parts.append(tag("line", x1=x, x2=x, y1=HEAD, y2=bottom, class_="grid"))
        anchor = "end" if at > 0.9 else "start" if at < 0.1 else "middle"
        parts.append(label(words, x=x, y=bottom + 15, text_anchor=anchor, class_="tick"))
    for i, strip in enumerate(strips):
        middle = HEAD + ROW * (i + 0.5)
        parts.append(label(_short(strip.name), x="0", y=middle + 4.5, class_="group"))
        parts.append(tag("line", x1=share(LEFT), x2="100%", y1=middle, y2=middle, class_="grid"))
        if strip.places:
            marks = _dots(strip, middle) if dots else _ticks(strip, middle)
            parts.append(tag("g", marks, **tips(strip.tip)))
    return chart(*parts, height=bottom + FOOT, titled_by=titled_by)


def _dots(strip: Strip, middle: float) -> str:
    return "".join(tag("circle", cx=share(LEFT + (1 - LEFT) * min(1.0, at) * 0.985), cy=middle, r=4.5,
                       class_="dot dense f-story") for at in strip.places)


def _ticks(strip: Strip, middle: float) -> str:
    """All ticks of a row as one path, stretched to the width: a term said a thousand times must stay light."""
    path = "".join(f"M{round(GRAIN * min(1.0, at))} 0v18" for at in strip.places)
    return tag("svg", tag("path", d=path, class_="tickmark", vector_effect="non-scaling-stroke"), x=share(LEFT),
               width=share(1 - LEFT), y=middle - 9, height="18", viewBox=f"0 0 {GRAIN} 18",
               preserveAspectRatio="none", overflow="visible")


def _short(name: str) -> str:
    return name if len(name) <= 16 else name[:15] + "…"


def map_chart(points: Sequence[MapPoint], *, titled_by: str, named: bool = True) -> str:
    """Dots on a map without axes: only how near two of them lie has a meaning."""
    parts = [tag("rect", x="0", y="0", width="100%", height=MAP_HEIGHT, class_="ground")]
    ordered = sorted(points, key=_from_top)
    at = [(MARGIN + (1 - 2 * MARGIN) * p.x, MAP_HEIGHT * (MARGIN + (1 - 2 * MARGIN) * (1 - p.y))) for p in ordered]
    taken = [Box(left=x * NARROWEST - DOT, right=x * NARROWEST + DOT, top=y - DOT, bottom=y + DOT) for x, y in at]
    for point, (x, y) in zip(ordered, at, strict=True):
        words = _short(point.label)
        if named and (place := _map_place(x, y, words, taken)) is not None:
            parts.append(label(words, x=share(x), y=place.y, dx=place.dx, text_anchor=place.anchor,
                               class_=f"value t-{point.key}"))
    return chart(*parts, *(_dot(p, x, y) for p, (x, y) in zip(ordered, at, strict=True)), height=MAP_HEIGHT,
                 titled_by=titled_by)


def _map_place(x: float, y: float, words: str, taken: list[Box]) -> Place | None:
    """Where a name stands beside, over or under its dot on a phone; None where it would lie on another one."""
    width = sum(DIGIT if c.isascii() else 1.5 * DIGIT for c in words)
    for dx, base, anchor, start in ((BESIDE, y + 4.5, "start", BESIDE), (-BESIDE, y + 4.5, "end", -BESIDE - width),
                                    (-DOT, y - 10, "start", -DOT), (-DOT, y + 20, "start", -DOT),
                                    (DOT, y - 10, "end", DOT - width), (DOT, y + 20, "end", DOT - width)):
        left = x * NARROWEST + start
        box = Box(left=left, right=left + width, top=base - ASCENT, bottom=base + 2)
        if left >= 0 and box.right <= NARROWEST and not any(box.meets(other) for other in taken):
            taken.append(box)
            return Place(dx=dx, y=base, anchor=anchor)
    return None


def _from_top(point: MapPoint) -> tuple[float, float, str]:
    return -point.y, point.x, point.label


def _dot(point: MapPoint, x: float, y: float) -> str:
    if point.shape % 2 == 0:
        return tag("circle", cx=share(x), cy=y, r=5.5, class_=f"dot f-{point.key}", **tips(point.tip))
    return tag("rect", x=share(x), y=y - 5, width="10", height="10", transform="translate(-5 0)",
               class_=f"dot f-{point.key}", **tips(point.tip))
