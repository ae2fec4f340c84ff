"""Dots with intervals over the groups: the value beside its dot, the track's name beside its last dot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rhetoric.report.charts.svg import Point, Track, both, chart, label, share, tag

TOP, BOTTOM, FOOT = 26.0, 8.0, 24.0
HEIGHT = 236.0
LEFT = 0.06  # of the width, for the numbers of the axis
RIGHT = 0.2  # of the width, for the names of two tracks
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


def _places(n: int, right: float) -> list[str]:
    """The middles of n groups between the numbers of the axis and the names of the tracks."""
    return [share(LEFT + (1 - LEFT - right) * (i + 0.5) / n) for i in range(n)]


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


def _value(point: Point, key: str, side: int, x: str, axis: Axis, crowded: bool) -> str:
    """The number beside its dot, on the outer side; under or over the whisker where the next group's number stands."""
    if point.value is None:
        return ""
    if not crowded:
        return label(
            point.label,
            x=x,
            y=axis.text_y(point.value),
            dx=(9 if side >= 0 else -9),
            text_anchor="start" if side >= 0 else "end",
            class_=f"value t-{key}",
        )
    high, low = (point.value if end is None else end for end in (point.high, point.low))
    under = axis.y(low) + LINE
    y = under if under < axis.height - FOOT - BOTTOM else axis.y(high) - 6
    return label(point.label, x=x, y=y, text_anchor="middle", class_=f"value t-{key}")


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


def _crowded(tracks: Sequence[Track], axis: Axis) -> set[int]:
    """Groups whose right number would run into the left number of the next group."""
    if len(tracks) < 2:
        return set()
    pairs = zip(tracks[1].points, tracks[0].points[1:], strict=False)
    return {
        i
        for i, (a, b) in enumerate(pairs)
        if a.value is not None and b.value is not None and abs(axis.y(a.value) - axis.y(b.value)) < LINE
    }


def _names(tracks: Sequence[Track], x: str, axis: Axis) -> str:
    """The names of the tracks right of the last group, as high as their last dots, pushed apart if they touch."""
    ends = [
        (axis.text_y(known[-1]), track)
        for track in tracks
        if (known := [p.value for p in track.points if p.value is not None])
    ]
    if len(ends) == 2 and abs(ends[0][0] - ends[1][0]) < LINE:
        middle = (ends[0][0] + ends[1][0]) / 2
        ends = [
            (middle + (LINE if y > other else -LINE) / 2, track)
            for (y, track), (other, _) in zip(ends, ends[::-1], strict=True)
        ]
    return "".join(both(track.name, class_=f"name t-{track.key}", x=x, dx=39, y=y) for y, track in ends)


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
    places, crowded = _places(n, RIGHT if two else EDGE), _crowded(tracks, axis)
    layers = [
        [_thread(t, places, axis) if joined else "" for t in tracks],
        [
            "".join(_mark(p, t, shape, x, axis) for p, x in zip(t.points, places, strict=True))
            for shape, t in enumerate(tracks)
        ],
        [
            "".join(
                _value(p, t.key, side, x, axis, side == 1 and i in crowded)
                for i, (p, x) in enumerate(zip(t.points, places, strict=True))
            )
            for t, side in zip(tracks, (-1, 1) if two else (0,), strict=True)
        ],
    ]
    parts = [_grid(axis, ticks)]
    for layer in layers:
        parts += [
            tag("g", content, transform=f"translate({APART * side:g} 0)" if two else None)
            for content, side in zip(layer, (-1, 1), strict=False)
            if content
        ]
    parts += [_names(tracks, places[-1], axis) if two and groups else ""]
    parts += [
        label(group, x=x, y=height - 6, text_anchor="middle", class_="group")
        for group, x in zip(groups, places, strict=True)
    ]
    widest = max((len(group) for group in groups), default=4)
    return chart(
        *parts, height=height, titled_by=titled_by, min_width=n * max(60 if two and n > FITTING else 40, 8 * widest)
    )
