"""A speech held to conditions: verdicts and percentiles on invented speeches whose numbers are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rhetoric.checks import Check, read_checks
from rhetoric.compare import compare
from rhetoric.compare.verdicts import FAILS, HOLDS, UNTOLD, percentile, verdicts
from rhetoric.errors import ConfigError
from rhetoric.types import Tables
from tests.builders import founder, make_tables, presenter

YEARS = range(2020, 2026)


@pytest.fixture(scope="module")
def archive() -> Tables:
    return make_tables([*(founder(year) for year in YEARS), presenter(2021)])


@pytest.fixture(scope="module")
def speech() -> Tables:
    return make_tables([founder(2022)])


def one(speech: Tables, archive: Tables | None, **bounds: float):
    (found,) = verdicts(speech, archive, [Check(metric="share_story", **bounds)])
    return found


def test_value_and_interval_are_those_of_a_comparison(speech, archive):
    (row,) = [row for row in compare(speech, by="speech_id").rows if row.metric == "share_story"]
    found = one(speech, archive, at_least=0.0)
    assert (found.value.value, found.value.low, found.value.high) == (row.value, row.low, row.high)


def test_a_bound_far_from_the_interval_gives_a_sure_verdict(speech, archive):
    found = one(speech, archive, at_least=0.0)
    value = found.value.value
    assert (found.verdict, found.sure) == (HOLDS, True)
    assert (one(speech, archive, at_least=0.99).verdict, one(speech, archive, at_least=0.99).sure) == (FAILS, True)
    near = one(speech, archive, at_least=value - 0.001)
    assert (near.verdict, near.sure) == (HOLDS, False)
    band = one(speech, archive, at_least=value + 0.001, at_most=value + 0.002)
    assert (band.verdict, band.sure) == (FAILS, False), "a value inside the interval would hold"


def test_the_norm_is_the_other_speeches_in_the_same_language(speech, archive):
    found = one(speech, archive, percentile_at_most=100)
    rows = [row for row in compare(archive, by="speech_id").rows if row.metric == "share_story"]
    others = sorted(row.value for row in rows if row.group.startswith("shen") and row.group != "shen-2022")
    assert found.norm.n == len(YEARS) - 1
    assert found.norm.median == pytest.approx(others[2])
    assert found.percentile == 100 * sum(other < found.value.value for other in others) / len(others)


def test_a_percentile_needs_speeches(speech):
    few = make_tables([founder(year) for year in (2020, 2021, 2022)])
    found = one(speech, few, percentile_at_least=50)
    assert (found.verdict, found.percentile) == (UNTOLD, None)
    assert "there are 2" in found.reason
    assert one(speech, None, percentile_at_least=50).verdict == UNTOLD
    assert one(speech, None, at_least=0.0).verdict == HOLDS


def test_a_draft_without_times_is_held_against_lengths(archive):
    draft = make_tables([replace(founder(2022), timed=False)])
    untimed = make_tables([replace(founder(year), timed=False) for year in YEARS])
    assert one(draft, archive, at_least=0.0).norm == one(draft, untimed, at_least=0.0).norm


def test_metrics_of_a_stage_of_ones_own_can_be_conditions(speech):
    from rhetoric.tables import frame

    metrics = frame("metrics", [{"speech_id": "shen-2022", "stage": "mine", "name": "hums", "numerator": 3.0,
                                 "denominator": 2.0, "value": 1.5, "unit": "a minute"}])
    own = Tables(speeches=speech.speeches, sentences=speech.sentences, findings=speech.findings, metrics=metrics,
                 runs=speech.runs)
    (found,) = verdicts(own, None, [Check(metric="hums", at_most=1.0)])
    assert (found.value.value, found.verdict, found.sure) == (1.5, FAILS, False)


def test_an_unknown_metric_is_told_with_the_known_ones(speech):
    with pytest.raises(ConfigError, match=r"no metric 'charm'; this speech has .*share_story"):
        verdicts(speech, None, [Check(metric="charm", at_least=1)])


@pytest.mark.parametrize(("value", "rank"), [(0, 0), (1, 12.5), (2, 50), (3, 87.5), (9, 100)])
def test_percentiles_are_mid_ranks(value, rank):
    assert percentile(value, [1, 2, 2, 3]) == rank


@pytest.mark.parametrize(("text", "reason"), [
    ("", "missing required field `check`"), ("check = []", "length >= 1"), ("[[check]", "not valid TOML"),
    ("[[check]]\nmetric = 'a'", "no bound"), ("[[check]]\nmetric = 'a'\nat_lest = 1", "unknown field `at_lest`"),
    ("[[check]]\nmetric = 'a'\nat_least = 2\nat_most = 1", "at least 2 and at most 1"),
    ("[[check]]\nmetric = 'a'\nat_least = nan", "no finite number"),
    ("[[check]]\nmetric = 'a'\npercentile_at_most = 101", "<= 100"),
])
def test_conditions_that_cannot_be_meant_are_told(tmp_path, text, reason):
    (tmp_path / "checks.toml").write_text(text)
    with pytest.raises(ConfigError, match=reason) as caught:
        read_checks(tmp_path / "checks.toml")
    assert "checks.toml" in str(caught.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigError, match="name another file with --checks"):
        read_checks(tmp_path / "none.toml")


def test_owners_are_told_in_the_language_in_which_they_are_read_well():
    tables = make_tables([*(founder(year) for year in YEARS), presenter(2021)])
    found = compare(tables, provenance={"reader_owner_kappa_zh": "0.72", "reader_owner_kappa_en": "0.58"})
    doubts = [alert.text.en for alert in found.alerts if alert.key.startswith("owners")]
    assert len(doubts) == 1
    assert "English: kappa 0.58" in doubts[0]
    assert any(answer.key == "owners" for answer in found.answers)
    other = compare(tables, provenance={"reader_owner_kappa_zh": "0.58", "reader_owner_kappa_en": "0.72"})
    assert not any(answer.key == "owners" for answer in other.answers)
