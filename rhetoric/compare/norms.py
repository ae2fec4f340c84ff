"""Where a value stands among the speeches of a reference archive: its percentile.

Percentile = (reference speeches below + half of those equal) / all of them with the metric, of the same language; a
speech of the reference counts once, however long it is. Interval: Wilson's for a proportion of n speeches (E. Wilson,
"Probable inference, the law of succession, and statistical inference", JASA 22, 1927). It holds the doubt of the
reference's size, not that of the value, which has its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rhetoric.compare.material import Archive
from rhetoric.compare.measures import Measure, columns
from rhetoric.compare.naming import metric_name
from rhetoric.compare.wording import quantity, sentence
from rhetoric.plurals import counted
from rhetoric.types import Norm, Row, Text

MIN_SPEECHES = 5
Z = 1.959964


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a proportion of n."""
    middle = share + Z * Z / (2 * n)
    reach = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    whole = 1 + Z * Z / n
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def mid_rank(value: float, reference: Sequence[float]) -> float:
    """How many of the reference lie below a value, equal ones counted half."""
    return sum(other < value for other in reference) + 0.5 * sum(other == value for other in reference)


def norms(rows: Iterable[Row], languages: dict[str, str], reference: Archive, measures: Sequence[Measure]
          ) -> tuple[Norm, ...]:
    """The percentile of each row with a value; `languages` is that of each series.

    Fewer than `MIN_SPEECHES` reference speeches of a language: none.
    """
    known = _values(reference, measures)
    made = []
    for row in rows:
        language = languages[row.series]
        others = known.get((language, row.metric), [])
        if row.value is None or len(others) < MIN_SPEECHES:
            continue
        share = mid_rank(row.value, others) / len(others)
        low, high = wilson(share, len(others))
        made.append(Norm(metric=row.metric, series=row.series, group=row.group, language=language, value=row.value,
                         unit=row.unit, percentile=round(share, 4), low=round(low, 4), high=round(high, 4),
                         n_speeches=len(others), text=_text(row, share, low, high, len(others))))
    return tuple(made)


def _values(reference: Archive, measures: Sequence[Measure]) -> dict[tuple[str, str], list[float]]:
    """The value of each metric in each speech of the reference, by language and metric."""
    made: dict[tuple[str, str], list[float]] = {}
    for material in reference.materials:
        found = columns(material, [m.name.removeprefix("figure_") for m in measures if m.name.startswith("figure_")])
        for measure in measures:
            if measure.stage in material.failed or not {measure.numerator, measure.denominator} <= set(found):
                continue
            below = float(found[measure.denominator].sum())
            if below > 0:
                value = float(found[measure.numerator].sum()) / below
                made.setdefault((material.card.language, measure.name), []).append(value)
    return made


def _text(row: Row, share: float, low: float, high: float, n: int) -> Text:
    name = metric_name(row.metric)
    kind = "share" if row.unit == "share" else "density"
    value = quantity(row.value or 0.0, kind, row.n_sentences)
    per = "" if kind == "share" else f" {row.unit}"
    return sentence(
        f"{name.en} ({value}{per}) lies above {share:.0%} [{100 * low:.0f} to {high:.0%}] of "
        f"{counted(n, 'reference speech', 'reference speeches')}.",
        f"{name.zh}（{value}）高于 {n} 场参照演讲中的 {share:.0%}［{100 * low:.0f}～{high:.0%}］。")

