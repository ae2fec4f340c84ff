"""The small statistics against brute force and against published examples; the hinge against planted turns."""

from __future__ import annotations

import importlib
import math
from dataclasses import replace
from itertools import combinations, permutations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.compare import compare
from rhetoric.compare.estimates import Estimate
from rhetoric.compare.hinges import best_split
from rhetoric.compare.measures import Measure
from rhetoric.compare.robust import benjamini_hochberg, holm, kendall_s, mann_kendall_p, theil_sen
from rhetoric.compare.trends import Line, slope_interval
from rhetoric.compare.trends import _text as trend_text
from rhetoric.types import Comparison, Text
from tests.builders import Plan, founder, make_tables

VALUES = st.lists(st.integers(0, 5), min_size=2, max_size=6)


@given(VALUES)
@settings(deadline=None, max_examples=60)
def test_mann_kendall_is_the_share_of_all_orders_that_are_as_extreme(values: list[int]) -> None:
    s = abs(kendall_s(values))
    orders = [abs(kendall_s(order)) >= s for order in permutations(values)]
    assert mann_kendall_p(values) == pytest.approx(sum(orders) / len(orders))


def test_mann_kendall_known_values() -> None:
    """Kendall's table: S = 6 of n = 4 has one-sided p 0.042, S = 13 of n = 6 has 0.0083; n = 10, S = 25: 0.0143."""
    assert mann_kendall_p([1, 2, 3, 4]) == pytest.approx(2 / 24)
    assert mann_kendall_p([1, 2, 3, 4, 6, 5]) == pytest.approx(2 * 0.00833, abs=1e-4)
    ten = [1, 2, 3, 10, 4, 5, 9, 6, 8, 7]
    assert kendall_s(ten) == 25
    assert mann_kendall_p(ten) == pytest.approx(2 * 0.0143, abs=1e-3)


def test_mann_kendall_with_ties_in_a_long_series_uses_the_normal_approximation() -> None:
    values = [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    p = mann_kendall_p(values)
    assert 0 < p < 1e-4
    assert mann_kendall_p([3.0] * 20) == 1.0


@given(st.lists(st.tuples(st.integers(2000, 2010), st.integers(-9, 9)), min_size=2, max_size=8))
@settings(deadline=None, max_examples=60)
def test_theil_sen_is_the_median_of_all_slopes(points: list[tuple[int, int]]) -> None:
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2) if a[0] != b[0]]
    years, values = (np.array(x, dtype=float) for x in zip(*points, strict=True))
    found = float(theil_sen(years, values))
    assert (math.isnan(found) and not slopes) or found == pytest.approx(float(np.median(slopes)))


def test_theil_sen_is_not_moved_by_one_wild_year() -> None:
    years = np.arange(7.0)
    values = 2 * years
    values[5] = 90
    assert float(theil_sen(years, values)) == pytest.approx(2)


def test_holm_steps_down() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([0.5, 0.9]) == pytest.approx((1.0, 1.0))
    assert holm([]) == ()


@given(st.lists(st.floats(0, 1), max_size=9))
def test_holm_never_lowers_a_p_and_keeps_the_order(ps: list[float]) -> None:
    corrected = holm(ps)
    assert all(c >= p and c <= 1 for c, p in zip(corrected, ps, strict=True))
    assert all(corrected[i] <= corrected[j] for i in range(len(ps)) for j in range(len(ps)) if ps[i] < ps[j])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 1)), min_size=3, max_size=20))
@settings(deadline=None, max_examples=60)
def test_best_split_is_the_best_by_brute_force(pairs: list[tuple[float, float]]) -> None:
    share, both = (np.array(x) for x in zip(*pairs, strict=True))
    story = share * both

    def gain(at: int) -> float:
        w1, w2 = both[:at].sum(), both[at:].sum()
        fall = story[:at].sum() / w1 - story[at:].sum() / w2
        return w1 * w2 / (w1 + w2) * max(fall, 0) ** 2

    found = best_split(story[None], both[None])
    assert float(found.gain[0]) == pytest.approx(max(gain(at) for at in range(1, len(both))), abs=1e-9)


def _hinge(*parts: dict[str, int], language: str = "zh"):
    return compare(make_tables([Plan(speech_id="s", parts=parts, language=language)])).hinges[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_planted_turn_is_found(language: str) -> None:
    found = _hinge({"company_story": 30, "values": 4}, {"product_fact": 40}, language=language)
    assert found.told
    assert found.p <= 0.05
    assert 32 <= found.sentence_index <= 36
    assert found.low_share <= found.at_share <= found.high_share
    assert found.before > 0.8 > 0.2 > found.after


@pytest.mark.parametrize(("parts", "why"), [
    ([{"product_fact": 40}, {"company_story": 40}], "its stories come after its product"),
    ([{"product_fact": 40, "company_story": 40}], "no turn from story to product can be told"),
    ([{"values": 60}, {"company_story": 10}, {"product_fact": 60}],
     "too little of what comes before its product is story"),
    ([{"values": 50, "product_fact": 4, "company_story": 3}], "only 7 of its sentences"),
    ([{"company_story": 290}, {"product_fact": 6}], "only its close differs from the rest"),
    ([{"company_story": 6}, {"product_fact": 290}], "only its opening differs from the rest"),
    ([{"company_story": 40}, {"product_fact": 4}], "no part that is mostly story followed by one"),
], ids=["the other way round", "mixed", "an aside", "too few", "a thin close", "a thin opening", "few sentences"])
def test_no_turn_is_told_where_there_is_none(parts: list[dict[str, int]], why: str) -> None:
    found = _hinge(*parts)
    assert not found.told
    assert why in found.text.en
    assert "看不出" in found.text.zh


def test_no_turn_is_told_by_chance_however_many_speeches_are_asked() -> None:
    """Speeches without a turn, mixed in runs of four as the builder makes them: p is corrected for all of them."""
    plans = [Plan(speech_id=f"mixed-{k}", parts=({"product_fact": 40, "company_story": 40},)) for k in range(60)]
    found = compare(make_tables(plans)).hinges
    assert not any(h.told for h in found)
    assert any("after correction for 60 speeches" in h.text.en for h in found if h.p is not None)


def test_the_same_turn_is_judged_by_all_speeches_it_is_asked_with() -> None:
    """A weak turn that is told of one speech alone is not told beside many that have none."""
    weak = Plan(speech_id="weak", parts=({"company_story": 12}, {"product_fact": 12}))
    alone, = compare(make_tables([weak])).hinges
    others = [Plan(speech_id=f"mixed-{k}", parts=({"product_fact": 20, "company_story": 20},)) for k in range(12)]
    beside = next(h for h in compare(make_tables([weak, *others])).hinges if h.speech_id == "weak")
    assert alone.told
    assert not beside.told
    assert beside.p is not None
    assert alone.p is not None
    assert beside.p > alone.p


@given(st.lists(st.floats(0.001, 1.0), max_size=30))
def test_benjamini_hochberg_lies_between_the_raw_p_and_holm(p_values: list[float]) -> None:
    corrected, by_holm = benjamini_hochberg(p_values), holm(p_values)
    for raw, rate, family in zip(p_values, corrected, by_holm, strict=True):
        assert raw - 1e-12 <= rate <= family + 1e-12
    assert [corrected[i] for i in sorted(range(len(p_values)), key=p_values.__getitem__)] == sorted(corrected)


def test_benjamini_hochberg_on_their_own_example() -> None:
    """The fifteen p values of section 3.1 of the article: four are at or below 0.05."""
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
                 0.7590, 1.000]
    assert sum(p <= 0.05 for p in benjamini_hochberg(published)) == 4
    assert sum(p <= 0.05 for p in holm(published)) == 3


def test_a_slope_that_is_not_flat_is_not_called_no_trend():
    """Six years that rise but for one dip: too uneven for the test after correction, and still no standstill."""
    from rhetoric.compare import compare
    from tests.builders import sample_tables

    told = {trend.metric: trend for trend in compare(sample_tables()).trends}
    for trend in told.values():
        flat = trend.low is None or trend.high is None or trend.low <= 0 <= trend.high
        if not trend.told and not flat:
            assert "no steady trend" not in trend.text.en
            assert "没有稳定的趋势" not in trend.text.zh


def test_the_readers_errors_widen_shares_and_what_is_made_of_them() -> None:
    """Known errors are in the intervals of shares and their differences; counts of findings and trends stay as is."""
    plans = [Plan(speech_id=f"s-{year}", date=f"{year}-01-01",
                  parts=({"founder_story": 10 + 6 * place, "product_fact": 40},)) for place, year in
             enumerate(range(2019, 2025))]
    tables = make_tables(plans)
    plain = compare(tables)
    told = compare(tables, provenance={"reader_share_error_story_to_product": "0.15 0.5 20"})

    def widths(comparison: Comparison, part: str) -> dict[str, list[float]]:
        made: dict[str, list[float]] = {}
        for row in getattr(comparison, part):
            if row.low is not None:
                made.setdefault(row.metric, []).append(row.high - row.low)
        return made

    assert told.trends == plain.trends
    for part in ("rows", "pooled", "differences"):
        before, after = widths(plain, part), widths(told, part)
        pairs = zip(before.pop("story_to_product"), after.pop("story_to_product"), strict=True)
        assert all(wide > 1.1 * narrow for narrow, wide in pairs)
        assert before == after, part
    assert [r.value for r in told.rows] == [r.value for r in plain.rows]
    assert all(0 <= r.low <= r.value <= r.high <= 1 for r in told.rows if r.metric == "story_to_product")


def test_a_trend_whose_order_is_no_chance_is_not_called_none() -> None:
    """Six years in perfect order, each measured too roughly for the slope to leave 0 out."""
    draws = np.zeros(1)
    values = tuple(Estimate(value, 0.0, 1.0, 1.0, 1.0, 50, 1, "", draws, draws)
                   for value in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7))
    line = Line(Measure("share_story", "story", "content", "share", "", "n_content"), "share", tuple(range(2020, 2026)),
                values)
    text = trend_text(line, 0.08, (-0.004, 0.15), 0.017, 6, False)
    assert "leans upward from 2020 to 2025: the order of the years is hardly chance" in text.en
    assert "斜率的区间包含 0" in text.zh
    assert "moved the same way every year" in trend_text(line, 0.08, (-0.004, 0.15), 0.3, 6, False).en


def test_the_first_sentence_says_where_years_lean_and_are_measured_too_roughly(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `moved` would have it of speeches with large errors of the reader; the order of the years stays perfect."""
    found = compare(make_tables([founder(year) for year in range(2020, 2026)]))
    trend = next(t for t in found.trends if t.metric == "share_story")
    assert trend.p is not None
    assert trend.p <= 0.05
    answers = importlib.import_module("rhetoric.compare.answers")  # the package has a function of that name
    known = SimpleNamespace(archive=None)
    monkeypatch.setattr(answers, "moved", lambda line: False)
    monkeypatch.setattr(answers, "stage", lambda known, series: ("time on stage", "台上时间"))
    monkeypatch.setattr(answers, "span_detail", lambda *_: Text(en="", zh=""))
    values = tuple(Estimate(value, 0.0, 1.0, 1.0, 1.0, 50, 1, "", np.zeros(1), np.zeros(1)) for value in (0.2, 0.7))
    line = Line(Measure("share_story", "story", "content", "share", "", "n_content"), "share", (2020, 2025), values)
    known.span, known.quotes = (lambda *_: line), (lambda *_: ())
    known.pooled = {("Ann", "share_story"): values[0]}
    known.trends = {("Ann", "share_story"): replace(trend, told=False, low=-0.01)}
    told = answers.story_answer(known, "Ann")
    assert told.text.en.endswith("70% in 2025: the years lean upward, but each is measured too roughly to be sure.")
    assert "逐年有上升之势" in told.text.zh


def yearly(values: list[float], spread: float, seed: int = 3) -> Line:
    """A line of years, each with bootstrap draws that scatter about its value by `spread`."""
    rng = np.random.default_rng(seed)
    found = tuple(Estimate(value, value - 2 * spread, value + 2 * spread, value, 1.0, 50, 1, "", draws, draws)
                  for value in values for draws in [value + rng.normal(0, spread, 2000)])
    share = Measure(name="share_story", numerator="story", denominator="content", counted="content", kind="share",
                    stage="function")
    return Line(share, "", tuple(range(2020, 2020 + len(values))), found)


def test_errors_that_the_years_contradict_are_drawn_in_by_half_at_most(monkeypatch):
    """Years within 0.01 of a line cannot each be measured as roughly as 0.3; half of that width is left."""
    def width(values: list[float]) -> float:
        _, bounds = slope_interval(yearly(values, 0.3))
        assert bounds is not None
        return bounds[1] - bounds[0]

    smooth, rough = [0.31, 0.40, 0.52, 0.61, 0.70, 0.81], [0.31, 0.90, 0.12, 0.95, 0.20, 0.81]
    drawn_in, scattered = width(smooth), width(rough)
    monkeypatch.setattr(importlib.import_module("rhetoric.compare.trends"), "LEAST_OF_ERRORS", 1.0)
    assert 0.45 * width(smooth) < drawn_in < 0.65 * width(smooth)
    assert width(rough) == scattered, "years that scatter as their errors say stay so"


def test_a_year_too_short_for_an_interval_is_given_the_widest_errors_and_does_not_take_the_slope_its_interval():
    """Its own nine sentences may all be alike, and their draws hold no doubt at all."""
    values = [0.31, 0.45, 0.48, 0.65, 0.68, 0.83]
    line = yearly(values, 0.1)
    sure = np.full(2000, values[0])
    short = line.values[0]._replace(low=None, high=None, n=9, draws=sure, sampled=sure)

    def slope(*years):
        return slope_interval(line._replace(values=(*years, *line.values[len(years):])))[1]

    whole, without, certain = slope(), slope(short), slope(line.values[0]._replace(sampled=sure))
    assert without[1] - without[0] > 1.02 * (certain[1] - certain[0]), "less sure than its own draws say"
    assert abs((without[1] - without[0]) / (whole[1] - whole[0]) - 1) < 0.1
    unknown = [value._replace(low=None, high=None) for value in line.values]
    assert slope(*unknown[:2]) is not None
    assert slope(*unknown[:3]) is None, "four years bear an interval"


def test_drawing_errors_in_keeps_the_interval_of_a_flat_line():
    """Years that scatter as much as their errors say: the interval holds 0 in 95 of 100 series or more."""
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(100):
        _, bounds = slope_interval(yearly(list(0.5 + rng.normal(0, 0.1, 6)), 0.1, int(rng.integers(1 << 30))))
        assert bounds is not None
        held += bounds[0] <= 0 <= bounds[1]
    assert held >= 95
