"""Dots with intervals over the groups: the value beside its dot, the track's name beside its last dot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rhetoric.report.charts.labels import ASCENT, DIGIT, NARROWEST, Box, Place, places
from rhetoric.report.charts.labels import Mark as LabelMark
from rhetoric.report.charts.svg import Point, Track, both, chart, label, share, tag

TOP, BOTTOM, FOOT = 26.0, 8.0, 24.0
HEIGHT = 236.0
LEFT = 0.06  # of the width, for the numbers of the axis
RIGHT = 0.24  # of the width, for the names of two tracks
FITTING = 6  # groups that a phone holds without scrolling
EDGE = 0.05  # of the width, for the last number of a single track
LINE = 15.0  # pixels between two labels
APART = 6.0  # pixels between two tracks at one group


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The axis of values, from `floor` to `top`, on a chart of some height in pixels."""

    floor: float
    top: float
    height: float

    def y(self, value: float) -> float:
        """The pixel of a value; what lies beyond an end is drawn at the end."""
        part = (min(max(value, self.floor), self.top) - self.floor) / (self.top - self.floor)
        return TOP + (self.height - TOP - BOTTOM - FOOT) * (1 - part)

    def text_y(self, value: float) -> float:
        """The base line of words beside a value; they never lie on the axis."""
        return min(self.y(value) + 4.5, self.height - BOTTOM - FOOT - 4)


def _middles(n: int, right: float) -> list[float]:
    """The middles of n groups between the numbers of the axis and the names of the tracks, as parts of the width."""
    return [LEFT + (1 - LEFT - right) * (i + 0.5) / n for i in range(n)]


def _grid(axis: Axis, tick_labels: Sequence[tuple[float, str]]) -> str:
    parts = []
    for value, words in tick_labels:
        y = axis.y(value)
        parts.append(tag("line", x1="0", x2="100%", y1=y, y2=y, class_="base" if value == axis.floor else "grid"))
        parts.append(label(words, x="0", y=y - 4, class_="tick"))
    return "".join(parts)


def _dot(key: str, shape: int, x: str, y: float) -> str:
    if shape == 0:
        return tag("circle", cx=x, cy=y, r=5.5, class_=f"dot f-{key}")
    return tag("rect", x=x, y=y - 5, width="10", height="10", transform="translate(-5 0)", class_=f"dot f-{key}")


def _value(point: Point, key: str, x: str, place: Place | None) -> str:
    """The number of a dot, where there was room for it."""
    if place is None:
        return ""
    return label(point.label, x=x, y=place.y, dx=place.dx or None, text_anchor=place.anchor, class_=f"value t-{key}")


def _mark(point: Point, track: Track, shape: int, x: str, axis: Axis) -> str:
    """A whisker and a dot."""
    if point.value is None:
        return ""
    y, parts = axis.y(point.value), []
    if point.low is not None and point.high is not None:
        parts.append(
            tag("line", x1=x, x2=x, y1=axis.y(point.high), y2=axis.y(point.low), class_=f"whisker s-{track.key}")
        )
    return "".join([*parts, _dot(track.key, shape, x, y)])


def _thread(track: Track, places: Sequence[str], axis: Axis) -> str:
    """The thin line that joins the dots of a track; it has a gap where a value is missing."""
    parts = []
    for (a, b), (x1, x2) in zip(pairwise(track.points), pairwise(places), strict=True):
        if a.value is not None and b.value is not None:
            parts.append(
                tag("line", x1=x1, x2=x2, y1=axis.y(a.value), y2=axis.y(b.value), class_=f"thread s-{track.key}")
            )
    return "".join(parts)


def _name_places(tracks: Sequence[Track], axis: Axis) -> list[tuple[float, Track]]:
    """How high the names of two tracks stand: as their last dots, pushed apart if they touch."""
    ends = [
        (axis.text_y(known[-1]), track)
        for track in tracks
        if (known := [p.value for p in track.points if p.value is not None])
    ]
    if len(ends) == 2 and abs(ends[0][0] - ends[1][0]) < LINE:
        middle = min((ends[0][0] + ends[1][0]) / 2, axis.text_y(axis.floor) - LINE / 2)
        ends = [
            (middle + (LINE if y > other or (y == other and i) else -LINE) / 2, track)
            for i, ((y, track), (other, _)) in enumerate(zip(ends, ends[::-1], strict=True))
        ]
    return ends


def _names(ends: Sequence[tuple[float, Track]]) -> str:
    """The names of the tracks at the right edge, where none is cut off."""
    return "".join(
        both(track.name, class_=f"name t-{track.key}", x="100%", y=y, text_anchor="end") for y, track in ends
    )


def _label_places(
    tracks: Sequence[Track], n: int, axis: Axis, names: Sequence[tuple[float, Track]], width: float
) -> list[list[Place | None]]:
    """A place for each number, track by track; all are chosen together, group by group."""
    two, found = len(tracks) > 1, {}
    for i, middle in enumerate(_middles(n, RIGHT if two else EDGE)):
        for side, (k, track) in zip((-1, 1) if two else (1,), enumerate(tracks), strict=True):
            point = track.points[i]
            if point.value is not None:
                high, low = (axis.y(point.value if end is None else end) for end in (point.high, point.low))
                x = middle * width + (APART * side if two else 0.0)
                found[k, i] = LabelMark(x=x, y=axis.y(point.value), text_y=axis.text_y(point.value), high=high, low=low,
                                        words=point.label, side=side)
    words = [Box(left=width - DIGIT * len(t.name.en), right=width, top=y - ASCENT, bottom=y + 2) for y, t in names]
    chosen = dict(zip(found, places(list(found.values()), words, axis.height - BOTTOM - FOOT + 1), strict=True))
    return [[chosen.get((k, i)) for i in range(n)] for k in range(len(tracks))]


def dot_chart(
    groups: Sequence[str],
    tracks: Sequence[Track],
    *,
    top: float,
    ticks: Sequence[tuple[float, str]],
    titled_by: str,
    floor: float = 0.0,
    joined: bool = True,
    height: float = HEIGHT,
) -> str:
    """One or two tracks of dots on an axis from `floor` to `top`, the same in all multiples.

    `joined` draws the thin line from group to group: for years, not for speakers.
    """
    n, axis = max(1, len(groups)), Axis(floor=floor, top=top, height=height)
    two = len(tracks) > 1
    middles = [share(middle) for middle in _middles(n, RIGHT if two else EDGE)]
    widest = max((len(group) for group in groups), default=4)
    min_width = n * max(60 if two and n > FITTING else 40, 8 * widest)
    names = _name_places(tracks, axis) if two and groups else []
    numbers = _label_places(tracks, len(groups), axis, names, max(NARROWEST, min_width))
    layers = [
        [_thread(t, middles, axis) if joined else "" for t in tracks],
        [
            "".join(_mark(p, t, shape, x, axis) for p, x in zip(t.points, middles, strict=True))
            for shape, t in enumerate(tracks)
        ],
        [
            "".join(_value(p, t.key, x, at) for p, x, at in zip(t.points, middles, placed, strict=True))
            for t, placed in zip(tracks, numbers, strict=True)
        ],
    ]
    parts = [_grid(axis, ticks)]
    for layer in layers:
        parts += [
            tag("g", content, transform=f"translate({APART * side:g} 0)" if two else None)
            for content, side in zip(layer, (-1, 1), strict=False)
            if content
        ]
    parts += [_names(names)]
    parts += [
        label(group, x=x, y=height - 6, text_anchor="middle", class_="group")
        for group, x in zip(groups, middles, strict=True)
    ]
    return chart(*parts, height=height, titled_by=titled_by, min_width=min_width)
