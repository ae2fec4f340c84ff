"""Comparison -> the panels with charts: which numbers stand in which figure, under which finding, with which quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rhetoric.codebook import FIGURES, GROUP_NAMES, GROUPS, STORY_OWNERS
from rhetoric.report.charts.bars import bar_chart
from rhetoric.report.charts.dots import FITTING, dot_chart
from rhetoric.report.charts.stacked import stacked_chart
from rhetoric.report.charts.svg import Track, round_top, short, top_of
from rhetoric.report.claims import (
    biggest_change,
    figure_title,
    largest_part,
    sample_size,
    split_small_print,
    trend_text,
)
from rhetoric.report.measures import measure, unit_name
from rhetoric.report.multiples import Multiple, Rows, by_unit, track
from rhetoric.report.texts import DENSITY_OF_MIXED_UNITS, NOTHING, OWNERS_DOUBTED, PANELS
from rhetoric.types import Quote, Row, Text

QUOTES_A_CELL = 2
Parts = Sequence[Multiple]
Ticks = Sequence[tuple[float, str]]

HALF_SHARE: Ticks = ((0.0, "0"), (0.25, "25"), (0.5, "50%"))
FULL_SHARE: Ticks = ((0.0, "0"), (0.5, "50"), (1.0, "100%"))
INTENSITY: Ticks = ((1.0, "1"), (2.0, "2"), (3.0, "3"))
OWNER_NAMES = (
    Text(en="founder's", zh="创始人"),
    Text(en="company's", zh="公司"),
    Text(en="other people's", zh="他人"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One chart under its finding: `detail` is the finding's small print, `note` says unit and n.

    Where there is nothing to count, the title says so and the chart is empty.
    """

    key: str
    name: str
    title: Text
    note: Text
    chart: str
    detail: Text | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A figure of one or more cells with one line how to read it, its numbers and its file.

    `small` cells stand many in a row; a `wide` panel needs the whole width of the page.
    """

    key: str
    name: Text
    how: Text
    cells: tuple[Cell, ...]
    rows: tuple[Row, ...]
    small: bool = False
    wide: bool = False


def panel(key: str, cells: Sequence[Cell], rows: Rows, metrics: Sequence[str], parts: Parts, *, how: Text | None = None,
          small: bool = False, wide: bool = False) -> Panel:
    """A panel with its words, and the rows of its metrics behind it."""
    name, reading = PANELS[key]
    return Panel(key=key, name=name, how=how or reading, cells=tuple(cells), small=small, wide=wide,
                 rows=tuple(row for part in parts for row in rows.of(metrics, part)))


def _joined(*texts: Text) -> Text:
    return Text(en=" · ".join(t.en for t in texts if t.en), zh=" · ".join(t.zh for t in texts if t.zh))


def _quotes(rows: Rows, metric: str, part: Multiple) -> tuple[Quote, ...]:
    """One quote of the first and one of the last group that has any."""
    found = [row.quotes for row in rows.of([metric], part) if row.quotes]
    if len(found) < 2:
        return found[0][:QUOTES_A_CELL] if found else ()
    return tuple(dict.fromkeys((found[0][0], found[-1][0])))


def _empty(key: str, part: Multiple, found: Sequence[Row]) -> Cell:
    """A cell that says that none of its groups has anything to count: no axis without a mark, no share of nothing."""
    speeches = sum({(row.series, row.group): row.n_speeches for row in found}.values())
    return Cell(key=f"{key}-{part.key}", name=part.name, title=NOTHING[key], chart="",
                note=Text(en=f"n = {speeches} {'speech' if speeches == 1 else 'speeches'}", zh=f"n = {speeches} 场"))


def _told(row: Row | None) -> bool:
    """True where a row has a value: something was there to count."""
    return row is not None and row.value is not None and row.denominator > 0


def _dots(rows: Rows, key: str, metric: str, tracks: Sequence[Track], part: Multiple, *, top: float, ticks: Ticks,
          floor: float = 0.0, unit: str = "", quoted: bool = False) -> Cell:
    """A cell of dots over the groups of a multiple, titled by the trend of `metric`."""
    cell = f"{key}-{part.key}"
    if not any(map(_told, rows.of([metric], part))):
        return _empty(key, part, rows.of([metric], part))
    title, detail = split_small_print(trend_text(rows, metric, part) or measure(metric).name)
    size = sample_size(rows.of([metric], part))
    return Cell(key=cell, name=part.name, title=title, detail=detail,
                quotes=_quotes(rows, metric, part) if quoted else (),
                note=_joined(unit_name(unit), size) if unit else size,
                chart=dot_chart(part.labels, tracks, top=top, ticks=ticks, titled_by=f"{cell}-title", floor=floor,
                                joined=rows.ordered))


def _share_panel(rows: Rows, key: str, metrics: Sequence[str], names: Sequence[Text], parts: Parts) -> Panel:
    """Dots for shares: all on one axis, to 50 % or to 100 %."""
    tracks = {part.key: [track(rows, m, part, n) for m, n in zip(metrics, names, strict=True)] for part in parts}
    half = max((top_of(found) for found in tracks.values()), default=1.0) <= 0.5
    top, ticks = (0.5, HALF_SHARE) if half else (1.0, FULL_SHARE)
    cells = [_dots(rows, key, metrics[0], tracks[part.key], part, top=top, ticks=ticks, quoted=len(metrics) > 1)
             for part in parts if rows.of(metrics, part)]
    crowded = len(metrics) > 1 and max((len(part.slots) for part in parts), default=0) > FITTING
    return panel(key, cells, rows, metrics, parts, wide=crowded)


def story_panel(rows: Rows, parts: Parts) -> Panel:
    """Story and product as shares of the stage."""
    names = [Text(en=GROUP_NAMES[group][0], zh=GROUP_NAMES[group][1]) for group in ("story", "product")]
    return _share_panel(rows, "story", ("share_story", "share_product"), names, parts)


def ratio_panel(rows: Rows, parts: Parts) -> Panel:
    """Story as a part of story and product together."""
    return _share_panel(rows, "ratio", ("story_to_product",), (measure("story_to_product").name,), parts)


def _stacked_panel(rows: Rows, key: str, metrics: Sequence[str], names: Sequence[Text], parts: Parts) -> Panel:
    """Bars of shares that make a whole, titled by the part that changed most."""
    cells = []
    for part in parts:
        held = part.without(slot for slot in part.slots if not any(rows.at(m, slot) for m in metrics))
        if not held.slots:
            continue
        told = held.without(slot for slot in held.slots if not any(_told(rows.at(m, slot)) for m in metrics))
        if not told.slots:
            cells.append(_empty(key, part, rows.of(metrics[:1], held)))
            continue
        cell = f"{key}-{part.key}"
        claim = biggest_change(rows, metrics, told) or largest_part(rows, metrics, names, told)
        title, detail = split_small_print(claim)
        tracks = [track(rows, m, held, n) for m, n in zip(metrics, names, strict=True)]
        cells.append(Cell(key=cell, name=part.name, title=title, detail=detail,
                          note=sample_size(rows.of(metrics[:1], told)),
                          chart=stacked_chart(held.labels, tracks, titled_by=f"{cell}-title")))
    return panel(key, cells, rows, metrics, parts)


def composition_panel(rows: Rows, parts: Parts) -> Panel:
    """All five groups as one bar a group."""
    names = [Text(en=GROUP_NAMES[group][0], zh=GROUP_NAMES[group][1]) for group in GROUPS]
    return _stacked_panel(rows, "composition", [f"share_{group}" for group in GROUPS], names, parts)


def owners_panel(rows: Rows, parts: Parts) -> Panel:
    """Whose stories are told; where the reader is known to be bad at it, no title claims what the bars show."""
    found = _stacked_panel(rows, "owners", [f"owner_{owner}" for owner in STORY_OWNERS], OWNER_NAMES, parts)
    raised = {alert.key for alert in rows.comparison.alerts}
    mistaken = {card.series for card in rows.comparison.speeches if f"owners_{card.language}" in raised}
    doubted = {f"owners-{part.key}" for part in parts if mistaken & {slot.series for slot in part.slots}}
    return replace(found, cells=tuple(replace(cell, title=OWNERS_DOUBTED, detail=None)
                                      if cell.chart and cell.key in doubted else cell for cell in found.cells))


def density_panel(rows: Rows, parts: Parts) -> Panel:
    """How often emotion is spoken, one axis a unit."""
    metric = "emotion_density"
    split = by_unit(rows, metric, parts)
    tops: dict[str, float] = {}
    for unit, part in split:
        tops[unit] = max(tops.get(unit, 0.0), top_of([track(rows, metric, part)]))
    cells = []
    for unit, part in split:
        top = round_top(tops[unit])
        ticks = ((0.0, "0"), (top / 2, short(top / 2)), (top, short(top)))
        cells.append(_dots(rows, "density", metric, [track(rows, metric, part)], part, top=top, ticks=ticks, unit=unit,
                           quoted=True))
    return panel("density", cells, rows, (metric, "emotion_per_minute"), parts,
                 how=DENSITY_OF_MIXED_UNITS if len(tops) > 1 else None)


def intensity_panel(rows: Rows, parts: Parts) -> Panel:
    """How strong emotion is where it is spoken."""
    metric = "emotion_intensity"
    cells = [_dots(rows, "intensity", metric, [track(rows, metric, part)], part, top=3.0, floor=1.0, ticks=INTENSITY,
                   unit="intensity 1-3") for part in parts if rows.of([metric], part)]
    return panel("intensity", cells, rows, (metric, "emotion_strong"), parts)


def _figure_order(metric: str) -> tuple[int, str]:
    key = metric.removeprefix("figure_")
    return (FIGURES.index(key) if key in FIGURES else len(FIGURES), key)


def figures_panel(rows: Rows, parts: Parts) -> Panel:
    """Each figure of speech over the groups, many small bars on one axis a unit."""
    metrics = sorted((m for m in rows.metrics if m.startswith("figure_")), key=_figure_order)
    split = [(unit, part, metric) for metric in metrics for unit, part in by_unit(rows, metric, parts)]
    highest: dict[str, float] = {}
    for unit, part, metric in split:
        highest[unit] = max(highest.get(unit, 0.0), top_of([track(rows, metric, part)]))
    cells = []
    for unit, part, metric in split:
        cell = f"figures-{metric.removeprefix('figure_')}-{part.key}"
        chart = bar_chart(part.labels, track(rows, metric, part), top=round_top(highest[unit]),
                          titled_by=f"{cell}-title")
        cells.append(Cell(key=cell, name=part.name, title=figure_title(rows, metric, part), note=unit_name(unit),
                          chart=chart))
    return panel("figures", cells, rows, metrics, parts, small=True)
