"""Shares that make a whole, one bar a group; pointing at a part tells its interval.

The intervals are not drawn: a part begins where the one before it ends, and that end has an interval of its own, so
lines under the bars cannot be attributed. They stand in the table of numbers beside the chart.
"""

from __future__ import annotations

from collections.abc import Sequence

from rhetoric.report.charts.svg import Track, both, chart, label, share, tag, tips
from rhetoric.types import Text

BAR, GAP, HEAD = 24.0, 10.0, 20.0
NARROW = 5  # letters of the longest name that stands beside its bar, and not over it
LEFT = 0.12  # of the width, for the names of the groups
WIDE = 0.07  # the narrowest part that holds its number
LETTER = 0.026  # of the width of a bar, on a phone


def _x(left: float, value: float) -> str:
    return share(left + (1 - left) * min(1.0, value))


def _named(group: str | Text) -> Text:
    return Text(en=group, zh=group) if isinstance(group, str) else group


def _group_label(group: str | Text, x: str, y: float) -> str:
    """The name of a bar: as a user wrote it, or in both languages where it is ours."""
    if isinstance(group, str):
        return label(group, x=x, y=y, class_="group")
    return both(group, x=x, y=y, class_="group")


def _tip(track: Track, row: int, group: str | Text) -> Text:
    """What pointing at a part says: its name, group and value, and its interval."""
    point = track.points[row]
    shown = f"{point.label.removesuffix('%')}%"
    en, zh = (name.replace("\n", " ") for name in (_named(group).en, _named(group).zh))
    if point.low is None or point.high is None:
        spread = Text(en="interval cannot be told", zh="无法给出区间")
    else:
        low, high = f"{100 * point.low:.0f}", f"{100 * point.high:.0f}%"
        spread = Text(en=f"95% interval: {low} to {high}", zh=f"95% 区间：{low}～{high}")
    return Text(
        en=f"{track.name.en} · {en}: {shown}\n{spread.en}", zh=f"{track.name.zh} · {zh}：{shown}\n{spread.zh}"
    )


def _part(track: Track, row: int, group: str | Text, start: float, y: float, left: float) -> str:
    point = track.points[row]
    value = point.value or 0.0
    if not value:
        return ""
    parts = [
        tag(
            "rect",
            x=_x(left, start),
            width=share((1 - left) * value),
            y=y,
            height=BAR,
            class_=f"f-{track.key} part",
            **tips(_tip(track, row, group)),
        )
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
    return "".join(parts)


def _heads(tracks: Sequence[Track], row: int, y: float, left: float) -> tuple[str, list[Track]]:
    """Names at the left edge of their parts of a row, and the tracks for whose name there is no room."""
    parts, start, free, rest = [], 0.0, 0.0, []
    for track in tracks:
        value = track.points[row].value or 0.0
        room = LETTER * len(track.name.en)
        if value >= WIDE and start >= free and start + room <= 1:
            parts.append(both(track.name, class_=f"name t-{track.key}", x=_x(left, start), y=y))
            free = start + room
        elif any(point.value for point in track.points):
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


def stacked_chart(groups: Sequence[str | Text], tracks: Sequence[Track], *, titled_by: str) -> str:
    """Bars over the full width, the groups' names at the left, or above where they are long."""
    narrow = max((len(_named(group).en) for group in groups), default=0) <= NARROW
    left, over = (LEFT, 0.0) if narrow else (0.0, 18.0)
    heads, rest = _heads(tracks, 0, HEAD - 6, left)
    parts = [heads]
    for row, group in enumerate(groups):
        y = HEAD + over + row * (BAR + GAP + over)
        parts.append(_group_label(group, "0", y + BAR / 2 + 4.5 if narrow else y - 5))
        start = 0.0
        for track in tracks:
            parts.append(_part(track, row, group, start, y, left))
            start += track.points[row].value or 0.0
        if not start:
            parts.append(label("\u2013", x=_x(left, 0), y=y + BAR / 2 + 4.5, class_="group"))
    height = HEAD + len(groups) * (BAR + GAP + over)
    parts.append(_feet(tracks, rest, len(groups) - 1, height + 8, left))
    return chart(*parts, height=height + (14 if rest else 0), titled_by=titled_by)
