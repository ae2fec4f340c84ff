"""Writing SVG: elements, escaped text in one or both languages, and round axis ends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from rhetoric.report.outside import plain
from rhetoric.types import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A value to draw with its interval and the label printed beside it; a value of None is a gap."""

    value: float | None
    low: float | None = None
    high: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One thing measured over the groups: a colour class, a name, and a point a group."""

    key: str
    name: Text
    points: tuple[Point, ...]


def short(value: float) -> str:
    """A coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def tag(name: str, *children: str, **attributes: object) -> str:
    """An element; `class_` and the like lose the underscore, floats are shortened, None is left out."""
    parts = [name]
    for key, value in attributes.items():
        if value is None or value == "":
            continue
        shown = short(value) if isinstance(value, float) else escape(str(value))
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{shown}"')
    opening = " ".join(parts)
    return f"<{opening}>{''.join(children)}</{name}>" if children else f"<{opening}/>"


def share(value: float) -> str:
    """A fraction of the width as a percentage."""
    return short(100 * value) + "%"


def _told(words: str) -> str:
    """Words from outside for an attribute, line by line."""
    return "\n".join(plain(line) for line in words.split("\n"))


def tips(text: Text) -> dict[str, str]:
    """Attributes with what pointing at an element shows, in both languages: a head line, then a body line."""
    return {"data_en": _told(text.en), "data_zh": _told(text.zh)}


def label(content: str, **attributes: object) -> str:
    """A text element of words from outside."""
    return tag("text", escape(plain(content)), **attributes)


def both(text: Text, class_: str = "", **attributes: object) -> str:
    """A text in both languages; the style sheet shows one."""
    return "".join(
        label(words, class_=f"{class_} l-{lang}".strip(), lang=lang, **attributes)
        for lang, words in (("en", text.en), ("zh", text.zh))
    )


def chart(*children: str, height: float, titled_by: str, min_width: int = 0) -> str:
    """The root: full width, fixed height, named by the element `titled_by`; wide ones scroll inside their own box."""
    style = f"min-width:{min_width}px" if min_width > 320 else None
    return tag(
        "svg",
        *children,
        class_="chart",
        width="100%",
        height=height,
        role="img",
        aria_labelledby=titled_by,
        style=style,
    )


def round_top(highest: float) -> float:
    """The next round number above the highest value: 1, 2, 2.5, 4, 5 or 8 times a power of ten."""
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in (1, 2, 2.5, 4, 5, 8, 10) if step * power >= highest * 0.999)


def top_of(tracks: tuple[Track, ...] | list[Track]) -> float:
    """The highest end of any interval or value of the tracks."""
    return max(
        (end for track in tracks for p in track.points for end in (p.value, p.high) if end is not None), default=0.0
    )
