"""Small bars from zero over the groups, each with its interval and its value: for many multiples side by side."""

from __future__ import annotations

from collections.abc import Sequence

from rhetoric.report.charts.svg import Track, chart, label, share, tag

HEIGHT, TOP, FOOT = 120.0, 18.0, 20.0


def bar_chart(groups: Sequence[str], track: Track, *, top: float, titled_by: str, height: float = HEIGHT) -> str:
    """Bars of one track; `top` is the end of the axis, the same in all multiples."""
    n, room = max(1, len(groups)), height - TOP - FOOT
    floor = height - FOOT
    parts = [tag("line", x1="0", x2="100%", y1=floor, y2=floor, class_="base")]
    for i, (group, point) in enumerate(zip(groups, track.points, strict=True)):
        middle = share((i + 0.5) / n)
        parts.append(
            label(
                group if n <= 4 else f"\u2019{group[2:]}" if group.isdecimal() and len(group) == 4 else group,
                x=middle,
                y=height - 5,
                text_anchor="middle",
                class_="group",
            )
        )
        if point.value is None:
            continue
        tall = room * min(point.value, top) / top
        parts.append(
            tag(
                "rect",
                x=share((i + 0.2) / n),
                width=share(0.6 / n),
                y=floor - tall,
                height=tall,
                class_=f"f-{track.key}",
            )
        )
        ceiling = floor - tall
        if point.low is not None and point.high is not None:
            y1, y2 = (floor - room * min(end, top) / top for end in (point.high, point.low))
            parts.append(tag("line", x1=middle, x2=middle, y1=y1, y2=y2, class_="whisker s-ink"))
            ceiling = y1
        parts.append(label(point.label, x=middle, y=ceiling - 4, text_anchor="middle", class_="value"))
    return chart(*parts, height=height, titled_by=titled_by)
