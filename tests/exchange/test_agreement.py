"""Agreement of the models with people, on codings whose answer is known."""

from __future__ import annotations

import pytest

from rhetoric.exchange.agreement import Pair, agreement

NOTHING: frozenset[str] = frozenset()


def pair(function: str, model: str, **marks: tuple[set[str], set[str]]) -> Pair:
    return Pair(function, model, {stage: frozenset(a) for stage, (a, _) in marks.items()},
                {stage: frozenset(b) for stage, (_, b) in marks.items()})


def found(pairs):
    return {row.name: row for row in agreement(pairs)}


def test_kappa_is_cohens_on_labels_and_on_groups():
    """Observed 0.75; the person says values 2/4, stage 2/4, the model values 1/4, stage 3/4: expected 0.5."""
    rows = found([pair("values", "values"), pair("values", "stage"), pair("stage", "stage"), pair("stage", "stage")])
    assert rows["function"].kappa == pytest.approx(0.5)
    assert rows["function: values"].f1 == pytest.approx(2 / 3)
    assert (rows["function: values"].person, rows["function: values"].model, rows["function: values"].n) == (2, 1, 4)


def test_a_wrong_owner_is_an_error_of_the_label_and_none_of_the_group():
    rows = found([pair("founder_story", "company_story"), pair("values", "values")])
    assert rows["group"].kappa == 1
    assert rows["function"].kappa == pytest.approx(1 / 3)
    assert rows["function: founder_story"].f1 == 0


def test_marks_count_only_where_their_stage_was_judged():
    rows = found([pair("", "", emotion=({"hope"}, {"hope"})), pair("", "", emotion=({"hope"}, set())),
                  pair("", "", emotion=(set(), {"hope"})), pair("values", "values")])
    hope = rows["emotion: hope"]
    assert (hope.n, hope.person, hope.model, hope.f1) == (3, 2, 2, pytest.approx(0.5))
    assert "figures: list" not in rows


def test_where_there_is_only_one_answer_chance_cannot_be_told():
    rows = found([pair("values", "values"), pair("values", "values")])
    assert rows["function"].kappa is None
    assert rows["function: values"].kappa is None


def test_nothing_judged_gives_nothing():
    assert agreement([]) == ()


def test_each_score_has_an_interval_where_there_are_sentences_enough():
    """Of two hundred sentences eight in ten agree; half of each are values."""
    said = [pair("values", "values") if at % 10 < 4 else pair("stage", "stage") if at % 10 < 8 else
            pair("values", "stage") if at % 10 == 8 else pair("stage", "values") for at in range(200)]
    row = found(said)["function: values"]
    assert row.kappa == pytest.approx(0.6)
    assert row.kappa_interval is not None
    assert 0.4 < row.kappa_interval[0] < 0.6 < row.kappa_interval[1] < 0.8
    assert row.f1_interval is not None
    assert row.f1_interval[0] < row.f1 < row.f1_interval[1]
    assert found(said)["function"].kappa_interval == found(list(said))["function"].kappa_interval
    assert found(said[:9])["function"].kappa_interval is None


def test_perfect_agreement_has_no_interval_since_all_draws_are_alike():
    rows = found([pair("values", "values"), pair("stage", "stage")] * 20)
    assert rows["function"].kappa == 1
    assert rows["function"].kappa_interval is None
