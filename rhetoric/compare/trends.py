"""How a metric moves over the years of a series: Theil-Sen slope with interval, exact Mann-Kendall p, Holm corrected.

The interval holds two doubts: what each year's sentences leave open, and how far the years lie off a line. In each
of `DRAWS` draws a year's value is the line, plus a residual of some year, plus this year's bootstrap error; the slope
is fitted anew (residual bootstrap: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", 1997,
section 6.2; residuals widened by sqrt(n / (n - 2)) for the two fitted numbers).

A speech that tells stories first and shows products after is no even sequence: blocks drawn from it differ more than
speeches do. The years themselves say by how much: where they lie closer to a line than their errors allow, the errors
are drawn in to the largest that the residuals leave possible (one-sided 95 % limit of their variance by the chi-square
of n - 2), to a half at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.compare.differences import amounts
from rhetoric.compare.estimates import Estimate
from rhetoric.compare.measures import Measure
from rhetoric.compare.naming import metric_name
from rhetoric.compare.robust import holm, mann_kendall_p, theil_sen
from rhetoric.compare.wording import change_unit, p_text, sentence
from rhetoric.intervals import SEED, percentile_interval
from rhetoric.plurals import counted
from rhetoric.types import Text, Trend

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIN_YEARS = 4
LEVEL = 0.05
LEAST_OF_ERRORS = 0.5  # a few years lie on a line by chance, too
# The questions asked before any data were seen are corrected among themselves; all other metrics are a second family.
HEADLINES = ("share_story", "story_to_product", "owner_borrowed_story", "emotion_density", "emotion_intensity",
             "slogan_density")


class Line(NamedTuple):
    """The yearly values of one metric: estimates by year, ascending; only years with a value."""

    measure: Measure
    unit: str
    years: tuple[int, ...]
    values: tuple[Estimate, ...]

    @property
    def n_speeches(self) -> int:
        """Speeches behind the values."""
        return sum(value.n_speeches for value in self.values)


def trends(series: str, lines: Sequence[Line]) -> tuple[Trend, ...]:
    """One trend a metric of a series, in the order given; p is corrected within its family (headlines, others)."""
    raw = {line.measure.name: mann_kendall_p([_known(v) for v in line.values]) for line in lines
           if len(line.years) >= MIN_YEARS}
    corrected: dict[str, tuple[float, int]] = {}
    for headline in (True, False):
        family = [name for name in raw if (name in HEADLINES) == headline]
        for name, p in zip(family, holm([raw[name] for name in family]), strict=True):
            corrected[name] = (p, len(family))
    return tuple(_trend(series, line, *corrected.get(line.measure.name, (None, 0))) for line in lines)


def one_family(series: str, lines: Sequence[Line]) -> tuple[Trend, ...]:
    """One trend a line, in the order given; p is corrected for all of them together."""
    raw = [mann_kendall_p([_known(v) for v in line.values]) for line in lines if len(line.years) >= MIN_YEARS]
    corrected = iter(holm(raw))
    return tuple(_trend(series, line, next(corrected) if len(line.years) >= MIN_YEARS else None, len(raw))
                 for line in lines)


def _known(value: Estimate) -> float:
    return 0.0 if value.value is None else value.value


def _trend(series: str, line: Line, p: float | None, family: int) -> Trend:
    if p is None:
        return Trend(metric=line.measure.name, series=series, told=False, slope_per_year=None, low=None, high=None,
                     p=None, n_speeches=line.n_speeches, text=_too_few(line))
    slope, bounds = slope_interval(line)
    told = p <= LEVEL and bounds is not None and (bounds[0] > 0 or bounds[1] < 0)
    low, high = bounds if bounds else (None, None)
    return Trend(metric=line.measure.name, series=series, told=told, slope_per_year=slope, low=low, high=high, p=p,
                 n_speeches=line.n_speeches, text=_text(line, slope, bounds, p, family, told))


def slope_interval(line: Line) -> tuple[float, tuple[float, float] | None]:
    """Theil-Sen slope a year and its 95 % interval (module docstring).

    A year with too few sentences for an interval of its own is given the widest errors of the others, where
    `MIN_YEARS` of them have one; else the slope has no interval.
    """
    import numpy as np

    years = np.array(line.years, dtype=float)
    values = np.array([_known(v) for v in line.values])
    slope = float(theil_sen(years, values))
    bounded = np.array([value.bounded for value in line.values])
    if bounded.sum() < MIN_YEARS:
        return slope, None
    residuals = values - slope * years
    residuals = (residuals - np.median(residuals)) * np.sqrt(len(years) / (len(years) - 2))
    # Of the reader's errors, what differs from year to year is in the residuals, and what does not moves no slope.
    errors = np.array([value.sampled for value in line.values]).T - values
    errors[:, ~bounded] = _widest(errors[:, bounded], int((~bounded).sum()))
    errors *= _drawn_in(float(np.mean(residuals**2)), float(np.nanmean(np.nanvar(errors, axis=0))), len(years))
    picked = np.random.default_rng([SEED, len(years)]).integers(0, len(years), size=errors.shape)
    drawn = slope * years + residuals[picked] + errors
    slopes = theil_sen(np.broadcast_to(years, drawn.shape), drawn)
    slopes[np.isnan(errors).any(axis=1)] = np.nan
    return slope, percentile_interval(slopes)


def _widest(errors: Floats, times: int) -> Floats:
    """The column of (draws, years) that spreads most, so many times, each in another order of its draws."""
    import numpy as np

    widest = errors[:, int(np.nanvar(errors, axis=0).argmax())]
    return np.stack([np.roll(widest, turn + 1) for turn in range(times)], axis=1) if times else errors[:, :0]


def _drawn_in(residual: float, error: float, n: int) -> float:
    """What the errors of `n` years are multiplied by, of the variance of the residuals and the mean one of the errors.

    The quantile of chi-square is that of E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", 1931.
    """
    free = n - 2
    fifth = free * max(0.0, 1 - 2 / (9 * free) - 1.6449 * (2 / (9 * free)) ** 0.5) ** 3
    most = residual * free / fifth if fifth else float("inf")
    return 1.0 if error <= most else max(LEAST_OF_ERRORS, (most / error) ** 0.5)


def _too_few(line: Line) -> Text:
    """No trend from so few; speeches are named where each year has one."""
    name, years, speeches = metric_name(line.measure.name), len(line.years), line.n_speeches
    if years == speeches:
        some, some_zh = counted(speeches, "speech", "speeches"), f"{speeches} 场演讲"
    else:
        some = f"{counted(years, 'year')} ({counted(speeches, 'speech', 'speeches')})"
        some_zh = f"{years} 个年份（{speeches} 场演讲）"
    return sentence(f"{name.en}: a trend cannot be told from {some}; it takes {MIN_YEARS} years.",
                    f"{name.zh}：仅凭 {some_zh}看不出趋势，至少需要 {MIN_YEARS} 个年份。")


def _text(line: Line, slope: float, bounds: tuple[float, float] | None, p: float, family: int, told: bool) -> Text:
    name, kind = metric_name(line.measure.name), line.measure.kind
    per = change_unit(kind, line.unit)
    first, last = line.years[0], line.years[-1]
    small_en, small_zh = _small_print(slope, bounds, kind, per)
    tail_en = f"{small_en}; {p_text(p)} after correction for {counted(family, 'metric')}; {len(line.years)} years"
    tail_zh = f"{small_zh}；经 {family} 项指标校正后 {p_text(p)}；{len(line.years)} 个年份"
    if told:
        en, zh = ("rose", "上升") if slope > 0 else ("fell", "下降")
        return sentence(f"{name.en} {en} from {first} to {last} ({tail_en}).",
                        f"{first} 年到 {last} 年，{name.zh}逐年{zh}（{tail_zh}）。")
    if _perfect(line) and p > LEVEL:
        return sentence(f"{name.en} moved the same way every year from {first} to {last}, but "
                        f"{len(line.years)} years are too few to rule out chance ({tail_en}).",
                        f"{first} 年到 {last} 年，{name.zh}每年同向变化，但 {len(line.years)} 个年份太少，"
                        f"不能排除偶然（{tail_zh}）。")
    if bounds is not None and (bounds[0] > 0 or bounds[1] < 0):
        # The slope is not flat, but the years are too few or too uneven for the test: to say "no trend" would mislead.
        en, zh = ("upward", "上升") if slope > 0 else ("downward", "下降")
        return sentence(f"{name.en} leans {en} from {first} to {last}, but {len(line.years)} years cannot rule out "
                        f"chance ({tail_en}).",
                        f"{first} 年到 {last} 年，{name.zh}有{zh}之势，但仅凭 {len(line.years)} 个年份"
                        f"不能排除偶然（{tail_zh}）。")
    if p <= LEVEL and slope:
        en, zh = ("upward", "上升") if slope > 0 else ("downward", "下降")
        return sentence(f"{name.en} leans {en} from {first} to {last}: the order of the years is hardly chance, but "
                        f"the interval of the slope holds 0 ({tail_en}).",
                        f"{first} 年到 {last} 年，{name.zh}有{zh}之势：年份的次序不像偶然，"
                        f"但斜率的区间包含 0（{tail_zh}）。")
    return sentence(f"{name.en} shows no steady trend from {first} to {last} ({tail_en}).",
                    f"{first} 年到 {last} 年，{name.zh}没有稳定的趋势（{tail_zh}）。")


def _perfect(line: Line) -> bool:
    values = [_known(v) for v in line.values]
    return values == sorted(set(values)) or values == sorted(set(values), reverse=True)


def _small_print(slope: float, bounds: tuple[float, float] | None, kind: str, per: Text) -> tuple[str, str]:
    if bounds is None:
        amount, = _slopes([slope], kind)
        return f"{amount} {per.en} a year, no interval", f"每年 {amount} {per.zh}，无区间"
    amount, low, high = _slopes([slope, *bounds], kind)
    return f"{amount} {per.en} a year [{low} to {high}]", f"每年 {amount} {per.zh}［{low}～{high}］"


def _slopes(values: Iterable[float], kind: str) -> list[str]:
    """Slopes keep a decimal whatever n is: they are read as a rate."""
    return amounts(values, kind, 10_000)
