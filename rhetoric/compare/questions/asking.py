"""What every question is asked of, and the sentences that all of them write alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rhetoric.compare.differences import interval_of
from rhetoric.compare.estimates import Counted, Estimate, estimate, estimate_all
from rhetoric.compare.known import Known
from rhetoric.compare.measures import Measure
from rhetoric.compare.rows import row, unit_of
from rhetoric.compare.themes import Theme
from rhetoric.compare.trends import Line
from rhetoric.compare.wording import bare, bounds, quantity
from rhetoric.plurals import counted
from rhetoric.types import Question, Quote, Row, Text, Trend

QUOTES = 3
WIDEST = 0.5  # of a share's interval: a wider one says nothing


class Draft(NamedTuple):
    """A question before its tests: the yearly values to be tested, and how to write the answer with their trends."""

    lines: tuple[Line, ...]
    write: Callable[[tuple[Trend, ...]], Question]


@dataclass(frozen=True, eq=False, kw_only=True)
class Asked:
    """A series with its speeches and their counts for the questions."""

    known: Known
    series: str
    speeches: tuple[Counted, ...]
    themes: Mapping[str, Theme]

    @cached_property
    def groups(self) -> dict[str, list[Counted]]:
        """The speeches of each group, in the order of the groups."""
        made: dict[str, list[Counted]] = {group: [] for group in self.known.archive.groups}
        for speech in self.speeches:
            made[speech.material.card.group].append(speech)
        return {group: members for group, members in made.items() if members}

    @cached_property
    def years(self) -> dict[int, list[Counted]]:
        """The dated speeches of each year, ascending."""
        made: dict[int, list[Counted]] = {}
        for speech in self.speeches:
            if speech.material.card.year is not None:
                made.setdefault(speech.material.card.year, []).append(speech)
        return {year: made[year] for year in sorted(made)}

    def prepare(self, of_groups: Sequence[Measure], of_all: Sequence[Measure]) -> None:
        """Estimate what will be asked for in one go, which is much cheaper than one by one."""
        for members in (*self.groups.values(), *self.years.values()):
            estimate_all(members, of_groups)
        estimate_all(self.speeches, of_all)

    def whole(self, measure: Measure) -> Estimate | None:
        """The measure over all speeches of the series."""
        return estimate(self.speeches, measure)

    def rows(self, measures: Iterable[Measure]) -> tuple[Row, ...]:
        """A row for each measure and group."""
        return tuple(made[0] for measure in measures for group, members in self.groups.items()
                     if (made := row(members, group, measure)))

    def line(self, measure: Measure) -> Line | None:
        """The yearly values of a measure; None without a year that has one."""
        found = {year: value for year, members in self.years.items()
                 if (value := estimate(members, measure)) is not None and value.value is not None}
        if not found:
            return None
        unit = unit_of(measure, self.speeches[0].material.card.size_unit)
        return Line(measure, unit, tuple(found), tuple(found.values()))

    def sample(self) -> Text:
        """How many speeches and sentences."""
        n = sum(len(speech.material.labels) for speech in self.speeches)
        return Text(en=f"{counted(len(self.speeches), 'speech', 'speeches')} · {counted(n, 'sentence')}",
                    zh=f"{len(self.speeches)} 场演讲 · {n:,} 句")


def span(line: Line, trend: Trend | None) -> Text:
    """First against last year, and whether that can be told: "12% in 2020 and 31% in 2025, a steady rise"."""
    (first, last), kind = (line.values[0], line.values[-1]), line.measure.kind
    a, b = (quantity(v.value or 0.0, kind, v.n) for v in (first, last))
    if len(line.years) == 1:
        return Text(en=f"{a} in {line.years[0]}", zh=f"{line.years[0]} 年为 {a}")
    band = interval_of(first, last)
    rises = (last.value or 0.0) > (first.value or 0.0)
    if trend is not None and trend.told:
        fate, fate_zh = (", a steady rise", "，稳步上升") if (trend.slope_per_year or 0) > 0 else \
            (", a steady fall", "，稳步下降")
    elif band is None:
        fate, fate_zh = "; too little to compare", "；数量太少，无法比较"
    elif band[0] <= 0 <= band[1]:
        fate, fate_zh = ": too close to call", "：差距太小，不能说有变化"
    else:
        fate, fate_zh = (": more", "：有所增加") if rises else (": less", "：有所减少")
        if trend is not None and trend.low is not None and trend.high is not None and trend.low <= 0 <= trend.high:
            fate, fate_zh = f"{fate}, but no steady trend", f"{fate_zh}，但没有稳定的趋势"
    return Text(en=f"{a} in {line.years[0]} and {b} in {line.years[-1]}{fate}",
                zh=f"{line.years[0]} 年为 {a}，{line.years[-1]} 年为 {b}{fate_zh}")


def small_print(asked: Asked, whole: Estimate | None, kind: str, trends: Sequence[Trend],
                more: Text | None = None) -> Text:
    """The interval of the whole, each trend in words, what else there is to say, and n."""
    parts = []
    if whole is not None and whole.value is not None:
        band = bounds(whole, kind)
        value = bare(whole.value, kind, whole.n) + ("%" if kind == "share" else "")
        parts.append(Text(en=f"all together {value} {band.en}", zh=f"合计 {value}{band.zh}"))
    parts += [trend.text for trend in trends]
    parts += [more] if more is not None else []
    parts.append(asked.sample())
    return Text(en=" · ".join(p.en.rstrip(".") for p in parts), zh=" · ".join(p.zh.rstrip("。") for p in parts))


def placed(whole: Estimate) -> bool:
    """True where a share has an interval that says something: not wider than half of all that is possible."""
    return whole.low is not None and whole.high is not None and whole.high - whole.low <= WIDEST


def first_and_last(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """At most `QUOTES` quotes: of the first and the last places, different ones."""
    kept = list(dict.fromkeys(quotes))
    return tuple(kept) if len(kept) <= QUOTES else (kept[0], kept[len(kept) // 2], kept[-1])
