"""How far groups are apart: `b` minus `a`, with an interval from the difference of two bootstrap distributions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise

from rhetoric.compare.estimates import Estimate
from rhetoric.compare.naming import metric_name, shown
from rhetoric.compare.wording import MANY, change_unit, in_zh, sentence, signed
from rhetoric.intervals import percentile_interval
from rhetoric.types import Difference, Text

FINEST = 4  # decimals
PAIRED = 30  # groups without an order, or series, that are set against each other, each against each


def pairs(groups: Sequence[str], sizes: Mapping[str, int], *, ordered: bool) -> list[tuple[str, str]]:
    """Which groups to set side by side: years - first with last, then neighbours; anything else - every pair.

    Of more than `PAIRED` groups without an order those with most speeches (`sizes`).
    """
    if not ordered:
        most = frozenset(sorted(groups, key=lambda group: -sizes[group])[:PAIRED])
        return list(combinations([group for group in groups if group in most], 2))
    ends = [(groups[0], groups[-1])] if len(groups) > 2 else []
    return ends + list(pairwise(groups))


def interval_of(a: Estimate, b: Estimate) -> tuple[float, float] | None:
    """95 % interval of `b` minus `a`; the draws of the two are independent. None where either has no interval."""
    return percentile_interval(b.draws - a.draws) if a.bounded and b.bounded else None


def difference(metric: str, kind: str, unit: str, series: str, names: tuple[str, str],
               values: tuple[Estimate, Estimate]) -> Difference:
    """`b` minus `a` in a metric; `names` are the groups (or, with an empty `series`, the series) `a` and `b`."""
    a, b = values
    value = None if a.value is None or b.value is None else b.value - a.value
    bounds = interval_of(a, b) if value is not None else None
    low, high = bounds if bounds else (None, None)
    text = _text(metric, kind, unit, names, value, bounds, min(a.n, b.n))
    return Difference(metric=metric, series=series, a=names[0], b=names[1], value=value, low=low, high=high, unit=unit,
                      text=text)


def told(found: Difference) -> bool:
    """True if the interval leaves 0 out."""
    return found.low is not None and found.high is not None and (found.low > 0 or found.high < 0)


def amounts(values: Iterable[float], kind: str, n: int, *, plus: bool = True) -> list[str]:
    """Changes as text, in percentage points for shares; a decimal more where a whole number would say too little.

    A bound beside 0 that is told to leave 0 out must not be printed as 0.
    """
    scaled = [value * (100 if kind == "share" else 1) for value in values]
    digits = 0 if kind == "share" and n < MANY and all(abs(v) >= 1 for v in scaled[:1]) else 1
    if max(abs(v) for v in scaled) < 1:
        digits = 2
    while not plus and digits < FINEST and any(v and not float(f"{v:.{digits}f}") for v in scaled):
        digits += 1
    return [signed(value, digits, plus=plus) for value in scaled]


def _text(metric: str, kind: str, unit: str, names: tuple[str, str], value: float | None,
          bounds: tuple[float, float] | None, n: int) -> Text:
    a, b = shown(names[0]), shown(names[1])
    a_zh, b_zh, name, per = in_zh(a.zh), in_zh(b.zh), metric_name(metric), change_unit(kind, unit)
    if value is None:
        return sentence(f"{name.en}: {a.en} and {b.en} cannot be compared, one of them has no value.",
                        f"{name.zh}：{a_zh}与{b_zh}无法比较，其中一方没有数值。")
    if bounds is None:
        amount, = amounts([value], kind, n)
        return sentence(f"{name.en}: {a.en} and {b.en} cannot be told apart, too few sentences ({amount} {per.en}).",
                        f"{name.zh}：{a_zh}与{b_zh}的句子太少，分不出高下（{amount} {per.zh}）。")
    if bounds[0] <= 0 <= bounds[1]:
        amount, low, high = amounts([value, *bounds], kind, n)
        return sentence(f"{name.en}: {a.en} and {b.en} cannot be told apart ({amount} {per.en} [{low} to {high}]).",
                        f"{name.zh}：{a_zh}与{b_zh}分不出高下（{amount} {per.zh}［{low}～{high}］）。")
    far = sorted(abs(bound) for bound in bounds)
    amount, low, high = amounts([abs(value), *far], kind, n, plus=False)
    if all(name.isdigit() for name in names):
        rose, rose_zh = ("rose", "上升") if value > 0 else ("fell", "下降")
        return sentence(f"{name.en} {rose} by {amount} {per.en} from {a.en} to {b.en} [{low} to {high}].",
                        f"{name.zh}从{a_zh}到{b_zh}{rose_zh} {amount} {per.zh}［{low}～{high}］。")
    more, more_zh = ("higher", "高") if value > 0 else ("lower", "低")
    return sentence(f"{name.en} is {amount} {per.en} {more} for {b.en} than for {a.en} [{low} to {high}].",
                    f"{name.zh}：{b_zh}比{a_zh}{more_zh} {amount} {per.zh}［{low}～{high}］。")
