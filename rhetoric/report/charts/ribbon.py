"""The shape of a speech: its sentences in order, as wide as they last and as high as their group says.

Above the base line stands every sentence; colour and height both tell its group, so that nothing hangs on colour. Below
lie the chapters: the same sentences, each replaced by the group that fills most of the time around it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rhetoric.report.charts.svg import share, tag

HEIGHTS = {"story": 30, "values": 23, "product": 16, "results": 10, "other": 5, "none": 0}
SKY = 30
GRAIN = 4000  # units over the width of a strip
SMALLEST_CHAPTER = 0.02
WINDOW_SHARE = 1 / 30  # of the sentences lie on each side of a chapter's window


@dataclass(frozen=True, slots=True, kw_only=True)
class Bit:
    """A sentence on the strip: where it starts and ends, as fractions of the strip, and its function group."""

    start: float
    end: float
    group: str


def runs(bits: Sequence[Bit]) -> list[Bit]:
    """Neighbours of one group joined; a pause between two of a group belongs to the group."""
    joined: list[Bit] = []
    for bit in bits:
        if joined and joined[-1].group == bit.group:
            joined[-1] = Bit(start=joined[-1].start, end=max(joined[-1].end, bit.end), group=bit.group)
        else:
            joined.append(bit)
    return joined


def _majority(bits: Sequence[Bit], middle: int, reach: int) -> str:
    weights: dict[str, float] = defaultdict(float)
    for i in range(max(0, middle - reach), min(len(bits), middle + reach + 1)):
        weights[bits[i].group] += (bits[i].end - bits[i].start) / (1 + abs(i - middle))
    return max(sorted(weights), key=weights.__getitem__)


def chapters(bits: Sequence[Bit]) -> list[Bit]:
    """The strip without its flicker: each sentence takes the group that weighs most around it; slivers are absorbed.

    A neighbour weighs its length / (1 + its distance in sentences); the window is a thirtieth of the speech each way.
    """
    spoken = [bit for bit in bits if bit.group != "none"]
    reach = max(1, round(len(spoken) * WINDOW_SHARE))
    smooth = runs([Bit(start=b.start, end=b.end, group=_majority(spoken, i, reach)) for i, b in enumerate(spoken)])
    whole: list[Bit] = []
    for small, pieces in groupby(smooth, key=_is_sliver):
        if small:
            whole.append(_mixed(list(pieces), spoken, whole))
        else:
            whole += pieces
    return runs(whole)


def _is_sliver(chapter: Bit) -> bool:
    return chapter.end - chapter.start < SMALLEST_CHAPTER


def _mixed(slivers: Sequence[Bit], spoken: Sequence[Bit], before: Sequence[Bit]) -> Bit:
    """Slivers in a row as one chapter: the group that fills most of it, or the chapter before where it is short."""
    start, end = slivers[0].start, slivers[-1].end
    if before and end - start < SMALLEST_CHAPTER:
        return Bit(start=start, end=end, group=before[-1].group)
    inside = [bit for bit in spoken if start <= bit.start < end]
    return Bit(
        start=start, end=end, group=_majority(inside, len(inside) // 2, len(inside)) if inside else slivers[0].group
    )


def skyline(bits: Sequence[Bit]) -> str:
    """All sentences as one path a group, stretched to the width of the strip; what is no speech leaves a gap."""
    paths: dict[str, list[str]] = defaultdict(list)
    for run in runs(bits):
        x, width, height = round(run.start * GRAIN), max(1, round((run.end - run.start) * GRAIN)), HEIGHTS[run.group]
        if height:
            paths[run.group].append(f"M{x} {SKY - height}h{width}v{height}h-{width}z")
        else:
            paths["none"].append(f"M{x} {SKY - 2}h{width}v1h-{width}z")
    shapes = [tag("path", d="".join(paths[group]), class_=f"f-{group}") for group in HEIGHTS if group in paths]
    return tag(
        "svg", *shapes, class_="skyline", viewBox=f"0 0 {GRAIN} {SKY}", preserveAspectRatio="none", aria_hidden="true"
    )


def marks(slogans: Sequence[float], applause: Sequence[float], hinge: tuple[float, float, float] | None) -> str:
    """The row over a strip: a triangle a slogan, a bar a burst of applause; the hinge as a line with its interval."""
    parts = [tag("line", x1=share(at), x2=share(at), y1="25", y2="30", class_="clap") for at in applause]
    # A nested svg is the only thing that can be moved by a percentage and keep its shape.
    parts += [
        tag("svg", tag("path", d="M-4 18h8l-4 6.5z", class_="slogan"), x=share(at), overflow="visible")
        for at in slogans
    ]
    if hinge:
        at, low, high = hinge
        parts.append(tag("line", x1=share(low), x2=share(high), y1="15", y2="15", class_="turn"))
        parts += [tag("line", x1=share(end), x2=share(end), y1="12", y2="18", class_="turn") for end in (low, high)]
        parts.append(tag("line", x1=share(at), x2=share(at), y1="12", y2="80", class_="hinge"))
    return tag("svg", *parts, class_="marks", width="100%", height="80", aria_hidden="true")
