"""Shares that make a whole, one bar a group; under each part a thin line shows how far its interval reaches."""

from __future__ import annotations

from collections.abc import Sequence

from rhetoric.report.charts.svg import Track, both, chart, label, share, tag

BAR, GAP, HEAD = 24.0, 20.0, 20.0
LEFT = 0.12  # of the width, for the names of the groups
WIDE = 0.07  # the narrowest part that holds its number
LETTER = 0.026  # of the width of a bar, on a phone


def _x(left: float, value: float) -> str:
    return share(left + (1 - left) * min(1.0, value))


def _reach(track: Track, row: int, start: float, y: float, left: float, lane: int) -> str:
    """The interval of a part: from where it might end at the least to where it might end at the most.

    Neighbours lie in two lanes, since the end of one part is near the beginning of the next.
    """
    point = track.points[row]
    if point.low is None or point.high is None or (point.value or 0.0) < WIDE:
        return ""
    under = y + BAR + 4 + 4 * (lane % 2)
    return tag(
        "line",
        x1=_x(left, start + point.low),
        x2=_x(left, start + point.high),
        y1=under,
        y2=under,
        class_=f"reach s-{track.key}",
    )


def _part(track: Track, row: int, start: float, y: float, left: float, lane: int) -> str:
    point = track.points[row]
    value = point.value or 0.0
    if not value:
        return ""
    parts = [
        tag("rect", x=_x(left, start), width=share((1 - left) * value), y=y, height=BAR, class_=f"f-{track.key} part")
    ]
    if value >= WIDE:
        parts.append(
            label(
                point.label.removesuffix("%"),
                x=_x(left, start + value / 2),
                y=y + BAR / 2 + 4.5,
                text_anchor="middle",
                class_=f"on-{track.key}",
            )
        )
    return "".join(parts) + _reach(track, row, start, y, left, lane)


def _heads(tracks: Sequence[Track], row: int, y: float, left: float) -> tuple[str, list[Track]]:
    """Names at the left edge of their parts of a row, and the tracks for whose name there is no room."""
    parts, start, free, rest = [], 0.0, 0.0, []
    for track in tracks:
        value = track.points[row].value or 0.0
        room = LETTER * len(track.name.en)
        if value >= WIDE and start >= free and start + room <= 1:
            parts.append(both(track.name, class_=f"name t-{track.key}", x=_x(left, start), y=y))
            free = start + room
        elif value:
            rest.append(track)
        start += value
    return "".join(parts), rest


def _feet(tracks: Sequence[Track], rest: Sequence[Track], row: int, y: float, left: float) -> str:
    """The names that found no room over the first bar, under the last one, from the right."""
    parts, edge = [], 1.0
    for track in reversed(rest):
        middle = (
            sum(t.points[row].value or 0.0 for t in tracks[: tracks.index(track)])
            + (track.points[row].value or 0.0) / 2
        )
        room = LETTER * len(track.name.en)
        right = max(room, min(edge, middle + room / 2))
        parts.append(both(track.name, class_=f"name t-{track.key}", x=_x(left, right), y=y, text_anchor="end"))
        edge = right - room - LETTER
    return "".join(parts)


def stacked_chart(groups: Sequence[str], tracks: Sequence[Track], *, titled_by: str) -> str:
    """Bars over the full width, the groups' names at the left, or above where they are long."""
    narrow = max((len(group) for group in groups), default=0) <= 5
    left, over = (LEFT, 0.0) if narrow else (0.0, 18.0)
    heads, rest = _heads(tracks, 0, HEAD - 6, left)
    parts = [heads]
    for row, group in enumerate(groups):
        y = HEAD + over + row * (BAR + GAP + over)
        parts.append(label(group, x="0", y=y + BAR / 2 + 4.5 if narrow else y - 5, class_="group"))
        start = 0.0
        for lane, track in enumerate(tracks):
            parts.append(_part(track, row, start, y, left, lane))
            start += track.points[row].value or 0.0
        if not start:
            parts.append(label("\u2013", x=_x(left, 0), y=y + BAR / 2 + 4.5, class_="group"))
    height = HEAD + len(groups) * (BAR + GAP + over)
    parts.append(_feet(tracks, rest, len(groups) - 1, height + 8, left))
    return chart(*parts, height=height + (14 if rest else 0), titled_by=titled_by)
