"""The comparison of the invented archive: its known story is found, its numbers are sums of its tables."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from rhetoric.codebook import GROUP_OF
from rhetoric.compare import compare
from rhetoric.compare.comparison_file import to_json
from rhetoric.compare.estimates import UNSEEN
from rhetoric.errors import ConfigError
from rhetoric.intervals import percentile_interval
from rhetoric.types import Comparison, Row, Tables
from tests.builders import founder, make_tables, presenter, sample_tables

FOUNDER, PRESENTER = "沈岸", "Mara Lindqvist"


def _row(comparison: Comparison, metric: str, series: str, group: str) -> Row:
    found, = (r for r in comparison.rows if (r.metric, r.series, r.group) == (metric, series, group))
    return found


def _speech(tables: Tables, speech_id: str):
    sentences = tables.sentences[tables.sentences["speech_id"] == speech_id]
    seconds = (sentences["end_s"] - sentences["start_s"]).astype(float)
    return sentences, seconds


def test_groups_are_years_and_series_are_speakers(comparison: Comparison) -> None:
    assert comparison.groups == ("2020", "2021", "2022", "2023", "2024", "2025")
    assert comparison.series == (FOUNDER, PRESENTER)
    assert [card.speech_id for card in comparison.speeches][:2] == ["shen-2020", "shen-2021"]
    assert comparison.title.en == "How 沈岸 and Mara Lindqvist spoke, 2020–2025"


def _weighed(tables: Tables, speech_id: str) -> tuple[Any, Any]:
    """Seconds of story and of content of each sentence, by its likeliest label."""
    sentences, seconds = _speech(tables, speech_id)
    groups = sentences["function"].map(GROUP_OF)
    return (groups == "story").to_numpy() * seconds, (groups != "none").to_numpy() * seconds


def test_a_share_is_the_sum_of_the_seconds_of_its_sentences(tables: Tables, comparison: Comparison) -> None:
    sentences, _ = _speech(tables, "shen-2022")
    story, content = (column.sum() for column in _weighed(tables, "shen-2022"))
    row = _row(comparison, "share_story", FOUNDER, "2022")
    assert row.value == pytest.approx(story / content)
    assert (row.basis, row.unit, row.n_speeches) == ("seconds", "share", 1)
    assert row.n_sentences == (sentences["function"] != "noncontent").sum()
    assert row.numerator / row.denominator == row.value


def test_densities_count_findings_of_what_is_spoken(tables: Tables, comparison: Comparison) -> None:
    sentences, _ = _speech(tables, "mara-2023")
    spoken = sentences[sentences["function"] != "noncontent"]
    phrases = tables.findings[(tables.findings["speech_id"] == "mara-2023") & (tables.findings["stage"] == "emotion")]
    row = _row(comparison, "emotion_density", PRESENTER, "2023")
    assert row.value == pytest.approx(1000 * len(phrases) / spoken["size"].sum())
    assert row.unit == "per 1,000 words"
    assert _row(comparison, "emotion_density", FOUNDER, "2023").unit == "per 1,000 characters"
    intensity = _row(comparison, "emotion_intensity", PRESENTER, "2023")
    assert intensity.value == pytest.approx(phrases["score"].mean())


def test_shares_of_a_group_add_to_one_and_owners_too(comparison: Comparison) -> None:
    for series in comparison.series:
        for group in {c.group for c in comparison.speeches if c.series == series}:
            rows = [r for r in comparison.rows if (r.series, r.group) == (series, group)]
            for prefix in ("share_", "owner_"):
                assert sum(r.value for r in rows if r.metric.startswith(prefix)) == pytest.approx(1.0)


def test_every_row_has_an_interval_around_its_value_and_quotes(comparison: Comparison) -> None:
    for row in comparison.rows:
        if row.low is not None:
            assert row.low <= row.value <= row.high or row.metric.startswith("figure_")
            if row.metric == "slogan_density" or row.metric.startswith(("figure_", "voice_", "emotion_")):
                extreme = row.value == 0 or (row.unit == "share" and row.value == 1)
                assert (row.interval == UNSEEN) == extreme
                assert row.low < row.high or row.unit == "intensity"
            else:
                assert row.interval == "moving blocks within one speech"
        else:
            assert row.n_sentences < 10 or row.numerator == 0
        assert len(row.quotes) <= 3
        assert len({q.text for q in row.quotes}) == len(row.quotes)
    assert all(r.quotes for r in comparison.rows if r.numerator and r.metric.startswith("share_"))


def test_the_known_story_is_found(comparison: Comparison) -> None:
    trend = {t.metric: t for t in comparison.trends if t.series == FOUNDER}
    assert trend["share_story"].told
    assert trend["share_story"].slope_per_year > 0 < trend["share_story"].low
    assert trend["owner_borrowed_story"].slope_per_year > 0
    first, last = (next(h for h in comparison.hinges if h.speech_id == f"shen-{y}") for y in (2020, 2025))
    assert first.told
    assert last.told
    assert first.high_share < last.low_share
    line = next(lin for lin in comparison.lineages if lin.quotes[0].text == "把灯留给赶路的人。")
    assert [q.speech_id for q in line.quotes] == ["shen-2020", "shen-2023", "shen-2025"]
    assert "returns in 2023 and 2025, changed" in line.text.en
    assert "变形再现" in line.text.zh


def test_no_trend_from_three_speeches(comparison: Comparison) -> None:
    trends = [t for t in comparison.trends if t.series == PRESENTER]
    assert trends
    assert not any(t.told for t in trends)
    assert all("cannot be told from 3 speeches" in t.text.en and "3 场演讲" in t.text.zh for t in trends)
    assert all(t.slope_per_year is None and t.p is None for t in trends)


def test_differences_by_year_are_ends_and_neighbours(comparison: Comparison) -> None:
    found = [(d.a, d.b) for d in comparison.differences if (d.metric, d.series) == ("share_story", FOUNDER)]
    assert found == [("2020", "2025"), ("2020", "2021"), ("2021", "2022"), ("2022", "2023"), ("2023", "2024"),
                     ("2024", "2025")]
    ends = next(d for d in comparison.differences if (d.metric, d.series, d.a, d.b) ==
                ("share_story", FOUNDER, "2020", "2025"))
    a, b = (_row(comparison, "share_story", FOUNDER, year).value for year in ("2020", "2025"))
    assert ends.value == pytest.approx(b - a)
    assert 0 < ends.low < ends.value < ends.high
    assert "rose by" in ends.text.en
    assert "上升" in ends.text.zh


def test_densities_are_never_set_against_each_other_across_languages(comparison: Comparison) -> None:
    across = [d for d in comparison.differences if not d.series]
    assert {d.metric for d in across} >= {"share_story", "emotion_intensity", "emotion_per_minute"}
    assert not any(d.unit.startswith("per 1,000") for d in across)


def test_a_difference_that_covers_zero_cannot_be_told_apart(comparison: Comparison) -> None:
    covering = [d for d in comparison.differences if d.low is not None and d.low <= 0 <= d.high]
    assert covering
    assert all("cannot be told apart" in d.text.en and "分不出高下" in d.text.zh for d in covering)


def test_the_interval_of_a_difference_needs_independent_draws() -> None:
    """The same speech under two names: with common random numbers their difference would have no width at all."""
    one = make_tables([founder(2020)])
    other = {name: getattr(one, name).assign(speech_id="twin") for name in ("sentences", "findings", "metrics", "runs")}
    other["speeches"] = one.speeches.assign(speech_id="twin", date="2021-08-11", year=2021)
    twins = Tables(**{name: pd.concat([getattr(one, name), rows], ignore_index=True) for name, rows in other.items()})
    found = next(d for d in compare(twins).differences if d.metric == "share_story")
    assert found.value == pytest.approx(0)
    assert found.high - found.low > 0.1


def test_by_speaker_pools_the_years_and_compares_every_pair(tables: Tables) -> None:
    by_speaker = compare(tables, by="speaker")
    assert by_speaker.groups == (FOUNDER, PRESENTER)
    row = _row(by_speaker, "share_story", FOUNDER, FOUNDER)
    assert (row.n_speeches, row.interval) == (6, "speeches, then blocks")
    assert {(d.a, d.b) for d in by_speaker.differences} == {(FOUNDER, PRESENTER)}
    assert by_speaker.trends == compare(tables).trends


@pytest.mark.parametrize("by", ["event", "organisation", "language"])
def test_any_column_makes_groups(tables: Tables, by: str) -> None:
    found = compare(tables, by=by)
    assert set(found.groups) == set(tables.speeches[by])
    assert {r.group for r in found.rows} == set(found.groups)


def test_an_unknown_column_is_an_error_that_names_the_known(tables: Tables) -> None:
    with pytest.raises(ConfigError, match=r"'city'.*speaker, organisation"):
        compare(tables, by="city")


def test_same_tables_same_bytes(comparison: Comparison) -> None:
    assert to_json(compare(sample_tables())) == to_json(comparison)


def test_the_order_of_rows_in_the_tables_does_not_matter_to_a_speech(tables: Tables, comparison: Comparison) -> None:
    from dataclasses import replace

    mixed = replace(tables, sentences=tables.sentences.sample(frac=1, random_state=1),
                    findings=tables.findings.sample(frac=1, random_state=2))
    assert to_json(compare(mixed)) == to_json(comparison)


def test_a_speaker_of_two_languages_makes_two_series() -> None:
    found = compare(make_tables([founder(2020), founder(2021), presenter(2023, speaker="沈岸")]))
    assert found.series == ("沈岸 (zh)", "沈岸 (en)")


def test_answers_are_few_and_have_evidence(comparison: Comparison) -> None:
    assert 4 <= len(comparison.answers) <= 7
    assert comparison.answers[0].key == "story"
    for answer in comparison.answers:
        assert answer.text.en[-1] == "."
        assert answer.text.zh[-1] == "。"
        assert "None" not in answer.text.en + answer.detail.en + answer.text.zh + answer.detail.zh
        assert answer.quotes
    assert "a steady rise" in comparison.answers[0].text.en
    assert "p = " in comparison.answers[0].detail.en


def test_draws_and_rows_agree(comparison: Comparison, tables: Tables) -> None:
    """The interval printed is the percentile interval of a block bootstrap of the same counts."""
    import numpy as np

    from rhetoric.intervals import resampled_ratios

    story, content = (np.array(column) for column in _weighed(tables, "shen-2022"))
    low, high = percentile_interval(resampled_ratios([(story, content)]))
    row = _row(comparison, "share_story", FOUNDER, "2022")
    assert row.low == pytest.approx(low, abs=0.02)  # other random numbers, same distribution
    assert row.high == pytest.approx(high, abs=0.02)


def test_boards_are_ranked_and_hold_few_of_a_speech(comparison: Comparison) -> None:
    scores = [q.score for q in comparison.slogans]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) <= 40
    strengths = [q.score for q in comparison.emotions]
    assert strengths == sorted(strengths, reverse=True)
    assert strengths[0] == 3
    for card in comparison.speeches:
        assert sum(q.speech_id == card.speech_id for q in comparison.slogans) <= 8
        assert sum(q.speech_id == card.speech_id for q in comparison.emotions) <= 8
    texts = [(q.speech_id[:4], q.text) for q in comparison.slogans]
    assert len(set(texts)) == len(texts)
