"""Archives that lack something: each is compared as far as it goes, and says what it lacks."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from rhetoric.compare import compare
from rhetoric.compare.comparison_file import from_json, to_json
from rhetoric.compare.differences import amounts
from rhetoric.compare.estimates import UNSEEN
from rhetoric.errors import SpeechError
from rhetoric.tables import frame
from rhetoric.types import Comparison, Tables
from tests.builders import Plan, founder, make_tables, presenter


def _keys(comparison: Comparison) -> set[str]:
    return {alert.key for alert in comparison.alerts}


def _alert(comparison: Comparison, key: str) -> str:
    return next(alert.text.en for alert in comparison.alerts if alert.key == key)


def test_one_speech() -> None:
    found = compare(make_tables([founder(2023)]))
    assert found.differences == ()
    assert not any(t.told for t in found.trends)
    assert "cannot be told from 1 speech;" in found.trends[0].text.en
    keys = [a.key for a in found.answers]
    assert 4 <= len(keys) <= 7
    assert keys[-1] == "no_change"
    assert found.answers[0].text.en.startswith("Stories take ")
    assert found.title.en == "How 沈岸 spoke, 2023"


def test_a_group_of_one_by_event() -> None:
    found = compare(make_tables([founder(2020), founder(2021), founder(2022, event="春季发布")]), by="event")
    assert "春季发布" in _alert(found, "group_of_one")
    assert {r.n_speeches for r in found.rows if r.group == "年度演讲"} == {2}
    assert [(d.a, d.b) for d in found.differences if d.metric == "share_story"] == [("年度演讲", "春季发布")]


def test_no_findings() -> None:
    tables = make_tables([founder(y) for y in (2020, 2021)])
    found = compare(replace(tables, findings=frame("findings", [])))
    density = [r for r in found.rows if r.metric == "emotion_density"]
    assert [r.value for r in density] == [0.0, 0.0]
    assert all(r.value is None and r.low is None for r in found.rows if r.metric == "emotion_intensity")
    assert found.slogans == found.emotions == found.lineages == ()
    assert not any(r.metric.startswith("figure_") for r in found.rows)
    assert found.answers


def test_what_was_never_said_is_not_certain_never_to_be_said() -> None:
    """Garwood's limit for a rate, Clopper and Pearson's for a share: a bootstrap of nothing would give 0 to 0."""
    short = Plan(speech_id="a", speaker="Mara", language="en", parts=({"product_fact": 40},))
    long = Plan(speech_id="b", speaker="Nora", language="en", parts=({"product_fact": 300, "values": 8},))
    calm = Plan(speech_id="c", speaker="沈岸", parts=({"audience": 60},))
    found = compare(make_tables([short, long, calm]), by="speaker")
    none, some = (next(r for r in found.rows if (r.metric, r.n_sentences) == ("slogan_density", n))
                  for n in (40, 308))
    assert (none.value, none.low, none.interval) == (0, 0, UNSEEN)
    assert none.high == pytest.approx(3.69 / none.denominator, rel=0.1)
    assert some.value > 0
    apart = next(d for d in found.differences if (d.metric, d.a, d.b) == ("slogan_density", "Mara", "Nora"))
    assert "cannot be told apart" in apart.text.en
    strong = next(r for r in found.rows if r.metric == "emotion_strong" and r.denominator >= 10 and r.value == 0)
    assert strong.high == pytest.approx(1 - 0.025 ** (1 / strong.denominator), rel=0.1)


def test_no_dates() -> None:
    found = compare(make_tables([founder(2020, date=""), founder(2021, date="")]))
    assert found.groups == ("undated",)
    assert found.trends == found.differences == ()
    assert {r.n_speeches for r in found.rows} == {2}
    assert "undated" in _keys(found)
    assert found.answers[0].text.en.startswith("Stories take ")


def test_undated_speeches_have_no_order() -> None:
    found = compare(make_tables([presenter(2021, date=""), presenter(2023, date="")]))
    assert "not all dated" in found.lineages[0].text.en
    hinge = next(a for a in found.answers if a.key == "hinge").text
    assert " to " in hinge.en
    assert "later" not in hinge.en + found.lineages[0].text.en
    assert found.title.zh == "Mara Lindqvist 怎样演讲"


def test_undated_speeches_come_last_and_have_no_place_between_years() -> None:
    found = compare(make_tables([founder(2020, date=""), founder(2021), founder(2022)]))
    assert found.groups == ("2021", "2022", "undated")
    assert {(d.a, d.b) for d in found.differences if d.series} == {("2021", "2022")}


@pytest.mark.parametrize("tables", [make_tables([]), make_tables([Plan(speech_id="silent")])],
                         ids=["none", "no sentence"])
def test_nothing_to_compare_is_one_line(tables: Tables) -> None:
    with pytest.raises(SpeechError) as error:
        compare(tables)
    assert "\n" not in str(error.value)


def test_a_speech_without_sentences_is_left_out_and_named() -> None:
    found = compare(make_tables([founder(2020), Plan(speech_id="silent")]))
    assert [c.speech_id for c in found.speeches] == ["shen-2020"]
    assert "silent" in _alert(found, "empty")


def test_unknown_speakers_are_one_series() -> None:
    found = compare(make_tables([founder(2020, speaker=""), founder(2021, speaker="")]))
    assert found.series == ("unknown speaker",)
    assert "an unknown speaker" in found.answers[0].text.en
    assert "未知演讲者" in found.answers[0].text.zh


def test_an_empty_cell_is_a_group_of_its_own() -> None:
    found = compare(make_tables([founder(2020, event=""), founder(2021)]), by="event")
    assert found.groups == ("unknown event", "年度演讲")


def test_zero_story() -> None:
    plan = Plan(speech_id="plain", date="2020-01-01", parts=({"product_fact": 40, "results": 5, "stage": 3},))
    found = compare(make_tables([plan]))
    owners = [r for r in found.rows if r.metric.startswith("owner_")]
    assert owners
    assert all(r.value is None and r.low is None and r.n_sentences == 0 for r in owners)
    assert next(a for a in found.answers if a.key == "owners").text.en == "沈岸 tells no story that could be counted."
    assert not found.hinges[0].told
    assert from_json(to_json(found)) == found


def test_text_without_times_is_counted_by_size() -> None:
    found = compare(make_tables([founder(y, timed=False) for y in (2020, 2021)]))
    share = next(r for r in found.rows if r.metric == "share_story")
    assert (share.basis, share.minutes) == ("characters", None)
    assert not any(r.metric == "emotion_per_minute" for r in found.rows)
    assert "no_times" in _keys(found)
    hinge = found.hinges[0]
    assert hinge.at_s is None
    assert hinge.at_share is not None
    assert "讲稿篇幅" in found.answers[0].text.zh
    assert "of 沈岸’s text" in found.answers[0].text.en


def test_one_speech_without_times_puts_its_series_on_size() -> None:
    found = compare(make_tables([founder(2020), founder(2021, timed=False), presenter(2021)]))
    assert {r.basis for r in found.rows if r.metric == "share_story" and r.series == "沈岸"} == {"characters"}
    assert {r.basis for r in found.rows if r.metric == "share_story" and r.series != "沈岸"} == {"seconds"}
    assert "counted by length, to keep one measure" in _alert(found, "no_times")


def test_nan_times_make_a_speech_untimed_and_reach_no_number() -> None:
    tables = make_tables([founder(2020)])
    tables.sentences.loc[3, "end_s"] = float("nan")
    found = compare(tables)
    assert not found.speeches[0].timed
    assert b"NaN" not in to_json(found)
    assert next(r for r in found.rows if r.metric == "share_story").basis == "characters"


def test_few_sentences_have_a_value_and_no_interval() -> None:
    plan = Plan(speech_id="short", date="2020-01-01", parts=({"company_story": 4, "product_fact": 3},))
    found = compare(make_tables([plan]))
    share = next(r for r in found.rows if r.metric == "share_story")
    assert share.value is not None
    assert (share.low, share.high, share.interval) == (None, None, "")
    assert "few_sentences" in _keys(found)
    assert "[no interval]" in found.answers[0].detail.en


def test_names_that_differ_in_case_or_spaces_are_one() -> None:
    plans = [presenter(2021), presenter(2023, speaker="mara  lindqvist"), presenter(2025, speaker="Mara Lindqvist ")]
    found = compare(make_tables(plans))
    assert found.series == ("Mara Lindqvist",)
    assert _alert(found, "respelled").startswith("“mara lindqvist” is counted as “Mara Lindqvist”")


def test_a_failed_stage_is_left_out_of_its_numbers_alone() -> None:
    tables = make_tables([founder(2020), founder(2021)])
    runs = tables.runs
    runs.loc[(runs["speech_id"] == "shen-2021") & (runs["step"] == "emotion"), "status"] = "failed"
    found = compare(tables)
    assert {r.group for r in found.rows if r.metric == "emotion_density"} == {"2020"}
    assert {r.group for r in found.rows if r.metric == "slogan_density"} == {"2020", "2021"}
    assert "emotion failed on shen-2021" in _alert(found, "failed_stage")


def test_a_stage_that_did_not_run_has_no_zero() -> None:
    tables = make_tables([founder(2020)])
    found = compare(replace(tables, runs=tables.runs[tables.runs["step"] != "slogans"]))
    assert not any(r.metric == "slogan_density" for r in found.rows)


def test_doubts_about_versions_models_years_and_the_reader() -> None:
    tables = make_tables([founder(2020), founder(2023, model="large-v3")])
    tables.runs.loc[0, "version"] = "2"
    tables.sentences["probability"] = 0.4
    found = compare(tables, provenance={"reader_kappa_zh": "0.57", "speeches_not_analysed": "2"})
    assert _keys(found) >= {"missing_years", "mixed_versions", "mixed_models", "unsure_reader", "agreement",
                            "not_analysed", "group_of_one"}
    assert "2021 and 2022 have no speech" in _alert(found, "missing_years")
    assert "kappa 0.57" in _alert(found, "agreement")
    assert found.provenance == {"reader_kappa_zh": "0.57", "speeches_not_analysed": "2"}


def test_what_was_left_out_as_invented_is_told() -> None:
    tables = make_tables([founder(2020), founder(2021)])
    row = tables.findings.iloc[[0]].assign(stage="events", label="invented", quote="", evidence="")
    found = compare(replace(tables, findings=pd.concat([tables.findings, row, row], ignore_index=True)))
    assert f"2 segments of the transcripts left out as invented by the recogniser: {row['speech_id'].iloc[0]} (2)" in (
        _alert(found, "invented"))
    assert not any(r.metric.startswith("events") for r in found.rows)


def test_a_sound_archive_has_no_such_doubts(comparison: Comparison) -> None:
    assert _keys(comparison) == {"missing_years", "group_of_one", "small_model"}


def test_a_user_label_of_a_figure_is_a_metric() -> None:
    tables = make_tables([founder(2020)])
    tables.findings.loc[tables.findings["label"] == "question", "label"] = "apostrophe"
    found = compare(tables)
    assert any(r.metric == "figure_apostrophe" for r in found.rows)
    assert not any(r.metric == "figure_question" for r in found.rows)


def test_sentences_without_a_reading_are_counted_by_their_label() -> None:
    tables = make_tables([founder(2020)])
    for column in [c for c in tables.sentences.columns if c.startswith("p_")]:
        tables.sentences[column] = None
    row = next(r for r in compare(tables).rows if r.metric == "owner_company_story")
    story = tables.sentences[tables.sentences["function_group"] == "story"]
    seconds = (story["end_s"] - story["start_s"]).astype(float)
    assert row.value == pytest.approx(seconds[story["function"] == "company_story"].sum() / seconds.sum())


def test_findings_in_what_is_not_the_speech_are_not_counted() -> None:
    tables = make_tables([founder(2020)])
    film = tables.sentences[tables.sentences["function"] == "noncontent"].iloc[0]
    findings = tables.findings
    moved = findings.index[findings["stage"] == "emotion"][0]
    before = next(r for r in compare(tables).rows if r.metric == "emotion_density")
    findings.loc[moved, "sentence_index"] = film["sentence_index"]
    after = next(r for r in compare(tables).rows if r.metric == "emotion_density")
    assert after.numerator == before.numerator - 1
    assert after.denominator == before.denominator


def test_counting_by_labels_is_one_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = make_tables([founder(2020)])
    monkeypatch.setattr("rhetoric.compare.material.COUNT_BY", "labels")
    row = next(r for r in compare(tables).rows if r.metric == "share_story")
    content = tables.sentences[tables.sentences["function_group"] != "none"]
    seconds = (content["end_s"] - content["start_s"]).astype(float)
    assert row.value == pytest.approx(seconds[content["function_group"] == "story"].sum() / seconds.sum())


def test_a_bound_that_leaves_out_zero_is_not_printed_as_zero() -> None:
    assert amounts([0.7, 0.03, 1.2], "per_minute", 900, plus=False) == ["0.70", "0.03", "1.20"]
    assert amounts([0.7, 0.3, 1.2], "per_minute", 900, plus=False) == ["0.7", "0.3", "1.2"]
    assert amounts([0.0, -0.3, 1.2], "per_minute", 900) == ["0.0", "−0.3", "+1.2"]
