"""Where the numbers of a chart of dots stand: beside their dot, or over or under its line where that place is taken.

Places are chosen on the narrowest chart (a phone); a wider one only moves the groups further apart.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

NARROWEST = 358.0  # pixels of a chart on a phone of 390
DIGIT, ASCENT = 9.0, 10.0  # of a bold number, in pixels
BESIDE, OVER, UNDER = 9.0, 6.0, 15.0  # from a dot to its number; from an end of its line to the base line
DOT = 6.5
STRIP = 48.0  # pixels of the chart that are looked at together


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels, y downwards; `cost` is what it costs to lie on it."""

    left: float
    right: float
    top: float
    bottom: float
    cost: float = 10.0

    def meets(self, other: Box) -> bool:
        """True where the two share some room."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A dot to be labelled, in pixels: its place, the ends of its line, its words, and the side its number prefers."""

    x: float
    y: float
    text_y: float
    high: float
    low: float
    words: str
    side: int  # -1 left, 1 right

    @property
    def boxes(self) -> tuple[Box, Box]:
        """The dot and its line; to lie on a line is bad, on a dot is worse."""
        return (
            Box(left=self.x - DOT, right=self.x + DOT, top=self.y - DOT, bottom=self.y + DOT),
            Box(left=self.x - 1.5, right=self.x + 1.5, top=self.high, bottom=self.low, cost=4.0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a number stands: `dx` from its dot, the base line `y`, and how it is anchored."""

    dx: float
    y: float
    anchor: str


def _candidates(mark: Mark) -> tuple[Place, ...]:
    sides = (mark.side, -mark.side)
    beside = [Place(dx=BESIDE * side, y=mark.text_y, anchor="start" if side > 0 else "end") for side in sides]
    over = Place(dx=0.0, y=mark.high - OVER, anchor="middle")
    under = Place(dx=0.0, y=mark.low + UNDER, anchor="middle")
    return beside[0], under, over, beside[1]


def _box(mark: Mark, place: Place) -> Box:
    width = DIGIT * len(mark.words)
    left = mark.x + place.dx - {"start": 0.0, "middle": width / 2, "end": width}[place.anchor]
    return Box(left=left, right=left + width, top=place.y - ASCENT, bottom=place.y + 1)


class _Ground:
    """What lies on a chart, by strips of its width: a number is held against its neighbours, not against all dots."""

    def __init__(self) -> None:
        self._strips: dict[int, list[tuple[int, int, Box]]] = defaultdict(list)
        self._count = 0

    def add(self, box: Box, owner: int = -1) -> None:
        """Lay a box down; `owner` is the mark that it belongs to."""
        for strip in self._strips_of(box):
            self._strips[strip].append((self._count, owner, box))
        self._count += 1

    def cost(self, box: Box, owner: int) -> float:
        """What it costs to lie on what is here; what belongs to the mark itself is free."""
        near = {number: (whose, other) for strip in self._strips_of(box)
                for number, whose, other in self._strips.get(strip, ())}
        return sum(other.cost for whose, other in near.values() if whose != owner and box.meets(other))

    @staticmethod
    def _strips_of(box: Box) -> range:
        ends = sorted((box.left, box.right))
        return range(math.floor(ends[0] / STRIP), math.floor(ends[1] / STRIP) + 1)


def _cost(box: Box, floor: float) -> float:
    return 8.0 * ((box.top < 0) + (box.bottom > floor) + (box.left < 0))


def places(marks: Sequence[Mark], names: Sequence[Box], floor: float) -> list[Place]:
    """A place for the number of each mark, in their order; `floor` is the lowest pixel, `names` are other words."""
    chosen: list[Place] = []
    ground = _Ground()
    for box in names:
        ground.add(box)
    for i, mark in enumerate(marks):
        for box in mark.boxes:
            ground.add(box, i)
    for i, mark in enumerate(marks):
        boxes = [_box(mark, place) for place in _candidates(mark)]
        offered = [(_cost(box, floor) + ground.cost(box, i), k) for k, box in enumerate(boxes)]
        best = min(offered)[1]
        chosen.append(_candidates(mark)[best])
        ground.add(boxes[best])
    return chosen
