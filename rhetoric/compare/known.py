"""What the answers are made from, and their small print: intervals, slope, p and n of a value or of a span of years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rhetoric.compare.differences import interval_of
from rhetoric.compare.estimates import Counted, Estimate
from rhetoric.compare.evidence import quotes_for
from rhetoric.compare.material import Archive
from rhetoric.compare.measures import Measure
from rhetoric.compare.trends import LEVEL, Line
from rhetoric.compare.wording import bounds, change_unit, p_text, quantity, signed
from rhetoric.plurals import counted
from rhetoric.types import Answer, Hinge, Lineage, Quote, Text, Trend

# Answer -> the part of the page that shows it
PANELS = {"story": "story", "owners": "owners", "emotion": "density", "hinge": "shape", "lineage": "lineage",
          "slogan": "board", "speakers": "speakers"}


@dataclass(frozen=True, eq=False, kw_only=True)
class Known:
    """What the answers choose from; `lines`, `pooled` and `trends` by (series, metric)."""

    archive: Archive
    by: str
    speeches: tuple[Counted, ...]
    measures: Mapping[str, Measure]
    lines: Mapping[tuple[str, str], Line]
    pooled: Mapping[tuple[str, str], Estimate]
    trends: Mapping[tuple[str, str], Trend]
    hinges: Mapping[str, Hinge]
    slogans: tuple[Quote, ...]
    lineages: tuple[Lineage, ...]
    owners_mistaken: frozenset[str] = frozenset()  # series of which the reader cannot tell whose a story is

    def of(self, series: str, year: int | None = None) -> tuple[Counted, ...]:
        """The speeches of a series, or those of one year."""
        return tuple(speech for speech in self.speeches if speech.material.card.series == series
                     and (year is None or speech.material.card.year == year))

    def span(self, series: str, metric: str) -> Line | None:
        """The yearly values of a metric, where there are two years or more."""
        line = self.lines.get((series, metric))
        return line if line is not None and len(line.years) > 1 else None

    def quotes(self, series: str, metric: str) -> tuple[Quote, ...]:
        """Evidence of a metric: one quote of the first year and two of the last, or three of any."""
        line, measure = self.span(series, metric), self.measures[metric]
        if line is None:
            return quotes_for(self.of(series), measure)
        first, last = (quotes_for(self.of(series, year), measure) for year in (line.years[0], line.years[-1]))
        return tuple(dict.fromkeys((*first[:1], *last[:2])))


def answer(key: str, text: Text, detail: Text, quotes: Iterable[Quote] = ()) -> Answer:
    """An answer with the anchor of its panel."""
    return Answer(key=key, panel=PANELS.get(key.split("_")[0], "story"), text=text, detail=detail, quotes=tuple(quotes))


def ends(line: Line) -> tuple[str, str]:
    """The first and the last value as text."""
    first, last = line.values[0], line.values[-1]
    return tuple(quantity(v.value or 0.0, line.measure.kind, v.n) for v in (first, last))  # type: ignore[return-value]


def shift(line: Line) -> float:
    """Last minus first value."""
    return (line.values[-1].value or 0.0) - (line.values[0].value or 0.0)


def moved(line: Line) -> bool:
    """True if the interval of last minus first leaves 0 out."""
    band = interval_of(line.values[0], line.values[-1])
    return band is not None and (band[0] > 0 or band[1] < 0)


def stage(known: Known, series: str) -> tuple[str, str]:
    """What shares are shares of: seconds on stage, or text."""
    timed = known.of(series)[0].material.basis == "seconds"
    return ("time on stage", "讲话时间") if timed else ("text", "讲稿篇幅")


def per_thousand(known: Known, series: str) -> Text:
    """The unit of a density inside a sentence."""
    words = known.of(series)[0].material.card.size_unit == "words"
    return Text(en="per 1,000 words" if words else "per 1,000 characters", zh="每千词" if words else "每千字")


def sample_detail(known: Known, series: str) -> Text:
    """How many speeches and sentences."""
    speeches = known.of(series)
    n = sum(len(speech.material.labels) for speech in speeches)
    return Text(en=f"{counted(len(speeches), 'speech', 'speeches')} · {counted(n, 'sentence')}",
                zh=f"{len(speeches)} 场演讲 · {n:,} 句")


def single_detail(known: Known, series: str, whole: Estimate, kind: str) -> Text:
    """The interval of one value, and n."""
    band, sample = bounds(whole, kind), sample_detail(known, series)
    return Text(en=f"{band.en} · {sample.en}", zh=f"{band.zh} · {sample.zh}")


def span_detail(known: Known, series: str, line: Line) -> Text:
    """Both intervals, the slope with its interval and p, and n; or why no trend can be told."""
    kind, (first, last) = line.measure.kind, (line.values[0], line.values[-1])
    a, b = bounds(first, kind), bounds(last, kind)
    parts = [Text(en=f"{a.en} and {b.en}", zh=f"{a.zh}与{b.zh}")]
    trend = known.trends.get((series, line.measure.name))
    if trend is not None and trend.slope_per_year is not None and trend.p is not None:
        per = change_unit(kind, f"per 1,000 {known.of(series)[0].material.card.size_unit}")
        values = [trend.slope_per_year, *(v for v in (trend.low, trend.high) if v is not None)]
        scale, digits = (100, 1) if kind == "share" else (1, 2)
        shown_values = [signed(v * scale, digits, plus=True) for v in values]
        band = f"[{shown_values[1]} to {shown_values[2]}]" if len(values) == 3 else "[no interval]"
        band_zh = f"［{shown_values[1]}～{shown_values[2]}］" if len(values) == 3 else "［无区间］"
        # A small p beside a verdict of "too close" wants its reason.
        why, why_zh = ("", "") if trend.told or trend.p > LEVEL or len(values) < 3 else \
            (", but the interval of the slope holds 0", "，但斜率的区间包含 0")
        parts.append(Text(en=f"{shown_values[0]} {per.en} a year {band}, {p_text(trend.p)}{why}",
                          zh=f"每年 {shown_values[0]} {per.zh}{band_zh}，{p_text(trend.p)}{why_zh}"))
    elif trend is not None:
        parts.append(trend.text)
    parts.append(sample_detail(known, series))
    return Text(en=" · ".join(p.en.rstrip(".") for p in parts), zh=" · ".join(p.zh.rstrip("。") for p in parts))
