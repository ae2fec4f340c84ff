"""Comparison -> small multiples: which rows stand side by side on one axis, as the points of charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rhetoric.report import formats
from rhetoric.report.charts.svg import Point, Track
from rhetoric.report.measures import measure
from rhetoric.types import Comparison, Row, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place on the axis of groups: what is printed there, and whose row stands there."""

    label: str
    series: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """One of the small multiples: a series over its groups (or all series, where each has but one group)."""

    key: str
    name: str
    slots: tuple[Slot, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """What is printed at the slots."""
        return tuple(slot.label for slot in self.slots)

    def without(self, empty: Iterable[Slot]) -> Multiple:
        """The same multiple with some slots left out."""
        gone = set(empty)
        return Multiple(key=self.key, name=self.name, slots=tuple(s for s in self.slots if s not in gone))


class Rows:
    """The rows of a comparison, found by metric, series and group."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self._rows = {(row.metric, row.series, row.group): row for row in comparison.rows}
        self.ordered = comparison.by == "year"
        self.metrics = tuple(dict.fromkeys(row.metric for row in comparison.rows))

    def at(self, metric: str, slot: Slot) -> Row | None:
        """The row of a metric at a place, or None."""
        return self._rows.get((metric, slot.series, slot.group))

    def of(self, metrics: Iterable[str], multiple: Multiple) -> list[Row]:
        """All rows of some metrics in one multiple, metric by metric."""
        return [row for metric in metrics for slot in multiple.slots if (row := self.at(metric, slot))]


def multiples(comparison: Comparison) -> tuple[Multiple, ...]:
    """A multiple a series; by year all share the axis of years. Series of one group each stand together in one."""
    known = {(card.series, card.group) for card in comparison.speeches}
    held = {name: [g for g in comparison.groups if (name, g) in known] for name in comparison.series}
    if len(comparison.series) > 1 and all(len(groups) == 1 for groups in held.values()):
        slots = tuple(Slot(label=groups[0], series=name, group=groups[0]) for name, groups in held.items())
        return (Multiple(key="all", name="", slots=slots),)
    return tuple(
        Multiple(
            key=str(i),
            name=name,
            slots=tuple(
                Slot(label=group, series=name, group=group)
                for group in (comparison.groups if comparison.by == "year" else held[name])
            ),
        )
        for i, name in enumerate(comparison.series, start=1)
    )


def track(rows: Rows, metric: str, multiple: Multiple, name: Text | None = None) -> Track:
    """The points of a metric over the slots of a multiple."""
    points = []
    for slot in multiple.slots:
        row = rows.at(metric, slot)
        points.append(
            Point(value=None)
            if row is None or row.value is None
            else Point(
                value=row.value,
                low=row.low,
                high=row.high,
                label=formats.value_text(row.value, row.unit).removesuffix("%"),
            )
        )
    return Track(key=measure(metric).colour, name=name or measure(metric).name, points=tuple(points))


def by_unit(rows: Rows, metric: str, parts: Sequence[Multiple]) -> list[tuple[str, Multiple]]:
    """Multiples with the unit of a metric; one that mixes units (characters and words) is split."""
    made = []
    for part in parts:
        units = dict.fromkeys(row.unit for row in rows.of([metric], part))
        for unit in units:
            slots = (
                part.slots
                if len(units) == 1
                else tuple(slot for slot in part.slots if (row := rows.at(metric, slot)) and row.unit == unit)
            )
            made.append(
                (
                    unit,
                    Multiple(
                        key=f"{part.key}-{list(units).index(unit)}" if len(units) > 1 else part.key,
                        name=part.name,
                        slots=slots,
                    ),
                )
            )
    return made
