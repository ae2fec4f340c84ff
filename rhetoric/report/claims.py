"""What a chart's title says: the trend, the largest change, or that nothing can be told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rhetoric.report import formats
from rhetoric.report.measures import measure
from rhetoric.report.multiples import Multiple, Rows
from rhetoric.types import Difference, Row, Text

_SMALL_PRINT = (re.compile(r"^(?P<head>.+?) \((?P<small>.+)\)\.$"), re.compile(r"^(?P<head>.+?)（(?P<small>.+)）。$"))


def split_small_print(text: Text) -> tuple[Text, Text | None]:
    """A sentence that ends in brackets -> the finding and its small print, so that the title stays short."""
    found = [pattern.match(words) for pattern, words in zip(_SMALL_PRINT, (text.en, text.zh), strict=True)]
    if not found[0] or not found[1]:
        return text, None
    return (
        Text(en=found[0]["head"] + ".", zh=found[1]["head"] + "。"),
        Text(en=found[0]["small"], zh=found[1]["small"]),
    )


def trend_text(rows: Rows, metric: str, multiple: Multiple) -> Text | None:
    """What the comparison says of a metric over the years of a series, or of the difference of two series."""
    comparison = rows.comparison
    for trend in comparison.trends:
        if trend.metric == metric and multiple.name and trend.series == multiple.name:
            return trend.text
    names = {slot.series for slot in multiple.slots}
    return next(
        (
            d.text
            for d in comparison.differences
            if d.metric == metric and (d.series == multiple.name if multiple.name else {d.a, d.b} <= names)
        ),
        None,
    )


def biggest_change(rows: Rows, metrics: Sequence[str], multiple: Multiple) -> Text | None:
    """The largest told difference among some metrics, first against last group (or series against series).

    Told is a difference whose interval leaves zero out; where none is, the text says that, and the largest told step
    between two neighbouring years. None: nothing to compare.
    """
    ends = [slot for slot in multiple.slots if rows.of(metrics, Multiple(key="", name="", slots=(slot,)))]
    if len(ends) < 2:
        return None
    pair = (ends[0].group, ends[-1].group) if multiple.name else (ends[0].series, ends[-1].series)
    between = [
        d
        for d in rows.comparison.differences
        if d.metric in metrics and (d.a, d.b) == pair and d.series == multiple.name and d.value is not None
    ]
    told = [d for d in between if d.low is not None and d.high is not None and (d.low > 0 or d.high < 0)]
    if told:
        return max(told, key=_size).text
    steps = [d for d in rows.comparison.differences
             if rows.ordered and d.metric in metrics and multiple.name and d.series == multiple.name
             and d.low is not None and d.high is not None and (d.low > 0 or d.high < 0)]
    if between and steps:
        step = max(steps, key=_size)
        said = step.text.en.replace("The ", "the ", 1) if step.text.en.startswith("The ") else step.text.en
        return Text(en=f"From {pair[0]} to {pair[1]} no part clearly grew or shrank, but between: {said}",
                    zh=f"{pair[0]} 与 {pair[1]} 相比，没有哪一部分明显变大或变小；但其间：{step.text.zh}")
    return (
        Text(
            en=f"No part is clearly larger or smaller in {pair[1]} than in {pair[0]}.",
            zh=f"{pair[0]} 与 {pair[1]} 相比，没有哪一部分明显变大或变小。",
        )
        if between
        else None
    )


def largest_part(rows: Rows, metrics: Sequence[str], names: Sequence[Text], multiple: Multiple) -> Text:
    """Where nothing can be compared: the largest part of the first group."""
    parts = [
        (row.value or 0.0, row, name)
        for metric, name in zip(metrics, names, strict=True)
        if (row := rows.at(metric, multiple.slots[0]))
    ]
    value, row, name = max(parts, key=_first)
    shown = formats.percent(value, row.n_sentences)
    return Text(en=f"The largest part: {name.en} ({shown}).", zh=f"占比最大的部分：{name.zh}（{shown}）。")


def figure_title(rows: Rows, metric: str, multiple: Multiple) -> Text:
    """A figure of speech with what its years say, short enough for a small chart: "contrast: no clear trend"."""
    name = measure(metric).name
    for trend in rows.comparison.trends:
        if trend.metric == metric and trend.series == multiple.name and trend.slope_per_year is not None:
            fate, fate_zh = ("no clear trend", "看不出趋势")
            if trend.told:
                fate, fate_zh = ("rising", "上升") if trend.slope_per_year > 0 else ("falling", "下降")
            return Text(en=f"{name.en}: {fate}", zh=f"{name.zh}：{fate_zh}")
    return name


def _first(part: tuple[float, Row, Text]) -> float:
    return part[0]


def _size(difference: Difference) -> float:
    return abs(difference.value or 0.0)


def sample_size(found: Sequence[Row]) -> Text:
    """n of a cell: speeches, and from how few to how many sentences a dot."""
    if not found:
        return Text(en="", zh="")
    speeches = sum({(row.series, row.group): row.n_speeches for row in found}.values())
    low, high = min(row.n_sentences for row in found), max(row.n_sentences for row in found)
    span = formats.count(low) if low == high else f"{formats.count(low)}\u2013{formats.count(high)}"
    bounded = all(row.low is not None for row in found if row.value is not None)
    noun, each = "speech" if speeches == 1 else "speeches", " each" if len(found) > 1 else ""
    return Text(
        en=f"n = {speeches} {noun}, {span} {'sentence' if high == 1 else 'sentences'}{each}"
        + ("" if bounded else "; too few for some intervals"),
        zh=f"n = {speeches} 场，{'每点 ' if len(found) > 1 else ''}{span} 句"
        + ("" if bounded else "；部分点句子太少，没有区间"),
    )
