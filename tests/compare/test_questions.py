"""The six questions, agents, appeals, themes and frames: on speeches whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import pandas
import pytest

from rhetoric.codebook import FUNCTIONS
from rhetoric.compare import Names, compare
from rhetoric.compare.agents import agent_columns
from rhetoric.compare.appeals import appeal_of
from rhetoric.compare.material import gather
from rhetoric.compare.robust import holm, mann_kendall_p
from rhetoric.compare.templates import templates
from rhetoric.compare.themes import Theme, theme_columns, themes
from rhetoric.sentences import from_sentences
from rhetoric.stages import run_stage
from rhetoric.stages.patterns import STAGE as PATTERNS
from rhetoric.tables import frame, tabulate
from rhetoric.types import Analysis, Comparison, Reading, Recording, Tables
from tests.builders import founder, make_tables
from tests.compare.speeches import tables_of

KEYS = ("hinge", "borrowed", "inflation", "founder", "participation", "theme")


def _material(*said: tuple[str, str], language: str = "en", **speech):
    row = {"speech_id": "s", "date": "2020", "language": language, "said": list(said)} | speech
    return gather(tables_of([row]), "year").materials[0]


def _asked(comparison: Comparison, key: str, series: str = "沈岸"):
    return next(q for q in comparison.questions if (q.key, q.series) == (key, series))


def test_every_series_is_asked_all_six_in_both_languages(comparison: Comparison):
    for series in comparison.series:
        keys = [q.key for q in comparison.questions if q.series == series]
        assert keys == [key for key in KEYS if key in keys]
        assert keys == list(KEYS)
    for question in comparison.questions:
        for text in (question.question, question.text, question.detail):
            assert text.en
            assert text.zh
            assert "None" not in text.en + text.zh


def test_borrowed_stories_rise_in_the_archive_made_so(comparison: Comparison):
    found = _asked(comparison, "borrowed")
    values = [r.value for r in found.rows if r.metric == "owner_borrowed_story"]
    assert values[-1] > values[0]
    assert found.trends[0].slope_per_year > 0
    assert all(r.low is not None for r in found.rows)
    assert found.quotes


def test_the_turn_comes_later(comparison: Comparison):
    found = _asked(comparison, "hinge")
    assert "the turn comes later" in found.text.en
    assert all(r.low <= r.value <= r.high for r in found.rows)


def test_p_is_corrected_for_the_questions_together(comparison: Comparison):
    found = [q for q in comparison.questions if q.series == "沈岸"]
    metrics = [(q, t) for q in found for t in q.trends if t.p is not None]
    assert len(metrics) >= 5
    raw = [mann_kendall_p([r.value for r in q.rows if r.metric == t.metric and r.group.isdigit()]) for q, t in metrics]
    assert [t.p for _, t in metrics] == pytest.approx(list(holm(raw)))


def test_three_years_tell_no_trend(comparison: Comparison):
    assert not any(t.told for q in comparison.questions if q.series != "沈岸" for t in q.trends)


def test_louder_feelings_are_an_inflation():
    tables = make_tables([founder(year) for year in range(2020, 2026)])
    louder = tables.findings.copy()
    is_felt = louder["stage"] == "emotion"
    year = louder["speech_id"].str[-4:].astype(int) - 2019
    louder.loc[is_felt, "score"] = (0.5 * year[is_felt]).astype(float)
    found = _asked(compare(replace(tables, findings=louder)), "inflation")
    mean, peak = found.trends
    assert (mean.metric, peak.metric) == ("emotion_load", "emotion_load_p95")
    assert mean.slope_per_year > 0
    assert peak.slope_per_year > mean.slope_per_year
    assert mean.low > 0


@pytest.mark.parametrize(("text", "language", "expected"), [
    ("I drove home and we scrapped the boards.", "en", {"i": 1, "we": 1}),
    ("They gave me our prize.", "en", {}),
    ("The company kept its word.", "en", {"company": 1}),
    ("The company's word was kept.", "en", {}),
    ("Lumo Five opens twice as fast.", "en", {"product": 1}),
    ("我|推开|门|，|我们|都|笑了|。", "zh", {"i": 1, "we": 1}),
    ("我|的|门|和|我们|的|灯|。", "zh", {}),
    ("他|把|我|送到|车站|。", "zh", {}),
    ("公司|只剩下|两个月|的|工资|。", "zh", {"company": 1}),
    ("公司|的|门|开着|。", "zh", {}),
])
def test_who_acts(text: str, language: str, expected: dict[str, int]):
    material = _material(("values", text), language=language)
    counts = agent_columns(material, Names(products=("Lumo Five",)))
    assert {who.removeprefix("agent_"): int(v.sum()) for who, v in counts.items() if v.sum()} == expected


@pytest.mark.parametrize(("label", "text", "cue"), [
    ("audience", "Come with us, and bring your own lamp.", "Come with us"),
    ("founder_story", "They said: come with us.", ""),
    ("audience", "Thank you for being with us.", ""),
    ("stage", "Let us look at the hinge.", ""),
    ("values", "Let us build it for them.", "Let us"),
    ("values", "That has let us build it.", ""),
    ("audience", "She is here to tell us about it.", ""),
    ("product_fact", "Let's merge windows.", ""),
    ("values", "Let's merge all of these windows.", ""),
    ("values", "Let's just take a look at the lid.", ""),
    ("product_fact", "Try it with one hand.", ""),
    ("audience", "Try it with one hand.", "Try it"),
    ("product_fact", "Pre-order yours on Friday.", "Pre-order"),
    ("values", "This will help us see the river.", ""),
    ("values", "Please help us mend the river.", "help us"),
    ("stage", "Ada Moss will join us at noon.", ""),
    ("audience", "I hope that you will join us.", "join us"),
    ("values", "The lamps they sold let us read at night.", ""),
    ("values", "And so, let's not use a rope.", ""),
    ("values", "It is a better harbour for all of us.", ""),
    ("values", "All of us must carry a lamp.", "All of us"),
    ("product_fact", "When you sign up for a library, it keeps the card.", ""),
    ("stage", "Sign up today at the gate.", "Sign up today"),
])
def test_an_appeal_asks_the_hall(label: str, text: str, cue: str):
    assert appeal_of(_material((label, text)), 0) == cue


@pytest.mark.parametrize(("label", "text", "cue"), [
    ("values", "让我们一起走完这条路。", "让我们一起"),
    ("values", "让我们一起来看这盏灯。", ""),
    ("product_fact", "点击这里就能合上。", ""),
    ("audience", "请大家点击这里。", "请大家"),
    ("product_fact", "今晚八点开始预订。", "预订"),
    ("stage", "晚上好，欢迎大家。", ""),
    ("audience", "欢迎大家一起走进来。", "欢迎大家一起"),
    ("values", "这盏灯是几百个人共同努力的结果。", ""),
    ("values", "明年，我们再共同努力。", "共同努力"),
    ("values", "与河流同行是一种荣幸。", ""),
])
def test_a_chinese_appeal_asks_the_hall(label: str, text: str, cue: str):
    assert appeal_of(_material((label, text), language="zh"), 0) == cue


def test_a_speaker_who_never_asks_the_hall_is_told_to_be_one():
    said = [("values", "We wait for the fire.")] * 12
    years = [{"speech_id": f"s{year}", "date": str(year), "said": said} for year in (2020, 2021)]
    found = _asked(compare(tables_of(years)), "participation", "Ann Ash")
    assert found.text.en == "Ann Ash never calls on the hall to take part."
    assert found.text.zh == "Ann Ash 没有号召听众参与过。"


def test_an_english_theme_is_a_word_of_its_own():
    said = [("values", "I am here for live streaming of lamp oil."), ("values", "Lamp oil, a lamp of oil, lampoil.")]
    material = _material(*said)
    assert theme_columns(material, Theme("am", "theme"))["theme_uses"].tolist() == [1, 0]
    assert theme_columns(material, Theme("lamp oil", "theme"))["theme_uses"].tolist() == [1, 2]


def test_a_theme_is_held_against_all_sentences():
    said = [("founder_story", "I waited all night by the kiln."), *[("product_fact", "It opens quickly.")] * 36,
            *[("values", "Patience.")] * 12]
    found = _asked(compare(tables_of([{"speech_id": "s", "date": "2020", "title": "Patience", "said": said}])),
                   "theme", "Ann Ash")
    assert "0% of the uses" in found.text.en
    assert "as do 6% of all sentences" in found.text.en  # 3 of 49
    assert "这样的占 6%" in found.text.zh


def test_whose_stories_they_are_is_not_told_of_too_few():
    said = [("values", "We wait.")] * 40 + [("founder_story", "I waited."), ("borrowed_story", "She waited too.")]
    found = _asked(compare(tables_of([{"speech_id": "s", "date": "2020", "said": said}])), "borrowed", "Ann Ash")
    assert not found.told
    assert found.text.en == "Too few stories of Ann Ash to tell whose they are."


def test_nine_uses_of_a_theme_are_too_few_to_judge_it():
    said = [("founder_story", "I waited all night by the kiln."), *[("product_fact", "It opens quickly.")] * 9,
            *[("values", "Patience.")] * 9]
    found = _asked(compare(tables_of([{"speech_id": "s", "date": "2020", "title": "Patience", "said": said}])),
                   "theme", "Ann Ash")
    assert not found.told
    assert found.text.en == "Ann Ash’s theme is “Patience”; said 9 times, too few to tell whether stories show it."
    assert found.quotes


def test_a_theme_is_shown_by_a_story_and_else_invoked():
    said = [("values", "Patience is everything to us here."), *[("product_fact", "It opens quickly.")] * 4,
            ("founder_story", "I waited all night by the kiln."), ("values", "That was patience."),
            *[("product_fact", "It opens quickly.")] * 4, ("values", "So, patience!")]
    speech = {"speech_id": "s", "date": "2020", "title": "Patience", "said": said}
    other = {"speech_id": "t", "date": "2021", "said": [("values", "Patience again.")] * 12}
    comparison = compare(tables_of([speech, other]))
    found = _asked(comparison, "theme", "Ann Ash")
    shown = next(r for r in found.rows if (r.metric, r.group) == ("theme_shown", "2020"))
    assert (shown.numerator, shown.denominator) == (1, 3)
    general = next(r for r in found.rows if (r.metric, r.group) == ("theme_general", "2020"))
    assert general.value == 1.0
    materials = gather(tables_of([speech]), "year").materials
    assert themes(materials, {"s": "calm"})["s"] == ("calm", "theme")
    assert themes(materials, {})["s"] == ("Patience", "title")


@pytest.mark.parametrize(("columns", "expected"), [
    ({"title": "Spring Hall 2020: Patience"}, ("Patience", "title")),
    ({"title": "Keynote"}, None),
    ({"title": "The Kiln", "event": "The Kiln"}, None),
    ({"title": ""}, None),
])
def test_a_theme_is_what_a_title_names_and_never_the_occasion(columns: dict[str, str], expected):
    said = [("values", "Patience, said the keynote in the kiln.")] * 3
    assert themes((_material(*said, **columns),), {}).get("s") == expected


def test_a_slogan_that_is_said_again_and_again_is_a_theme_and_a_key_term_is_none():
    said = [("values", "Wait for the fire."), ("product_fact", "A ChIp is small, a ChIp is fast, a ChIp is cool.")] * 3
    tables = tables_of([{"speech_id": "s", "date": "2020", "said": said}])
    assert themes(gather(tables, "year").materials, {}) == {}
    question = _asked(compare(tables), "theme", "Ann Ash")
    assert not question.told
    assert "no theme of Ann Ash can be told" in question.text.en.lower().replace("ann ash", "Ann Ash")
    assert "看不出" in question.text.zh
    lines = [{"speech_id": "s", "stage": "slogans", "label": "slogan", "sentence_index": index, "char_start": at,
              "char_end": at + 17, "score": score, "quote": quote, "evidence": ""}
             for index, at, score, quote in ((0, 0, 80.0, "Wait for the fire"), (1, 18, 90.0, "A ChIp is small"))]
    found = themes(gather(replace(tables, findings=frame("findings", lines)), "year").materials, {})
    assert found == {"s": ("A ChIp is small", "slogan")}
    lines[1]["quote"] = "ChIp is a word said once"
    found = themes(gather(replace(tables, findings=frame("findings", lines)), "year").materials, {})
    assert found == {"s": ("Wait for the fire", "slogan")}


def _with_frames(said: dict[str, list[str]], *ran: str) -> Tables:
    """Speeches of some years whose sentences of four words are one frame; `ran`: the speeches looked at."""
    tables = tables_of([{"speech_id": f"s{y}", "date": y, "said": [("values", t) for t in texts]}
                        for y, texts in said.items()])
    found = [{"speech_id": f"s{y}", "stage": "patterns", "label": "frame", "sentence_index": index, "char_start": 0,
              "char_end": len(text) - 1, "score": 1.0, "quote": text[:-1],
              "evidence": "less X, more Y; X: a; Y: b; used once"}
             for y, texts in said.items() for index, text in enumerate(texts) if len(text.split()) == 4]
    runs = [{"speech_id": name, "step": "patterns", "version": "1", "status": "done", "error": ""} for name in ran]
    return replace(tables, findings=frame("findings", found), runs=pandas.concat([tables.runs, frame("runs", runs)]))


SAID = {"2020": ["Less noise, more craft."], "2021": ["A lamp."], "2023": ["Less haste, more light."]}


def test_a_frame_has_its_first_and_last_use_and_its_years():
    found, = templates(gather(_with_frames(SAID, "s2020", "s2021", "s2023"), "year"))
    assert (found.frame, found.count, found.n_speeches) == ("less X, more Y", 2, 2)
    assert (found.first.speech_id, found.last.speech_id) == ("s2020", "s2023")
    assert [uses for _, uses, _ in found.by_group] == [1, 0, 1]
    assert found.first.marks == ("Less noise, more craft",)


def test_frames_are_those_of_the_stage_alone():
    assert not templates(gather(_with_frames(SAID), "year"))
    both = {**SAID, "2021": ["Less fear, more bread."]}
    found, = templates(gather(_with_frames(both, "s2020", "s2021"), "year"))
    assert [group for group, *_ in found.by_group] == ["2020", "2021"]


@pytest.mark.parametrize(("language", "lines", "template"), [
    ("en", ("Less noise, more craft.", "A lamp.", "Less haste, more light."), "less X, more Y"),
    ("zh", ("难的不是开始，而是走完。", "一盏灯。", "重要的不是灯，而是光。"), "不是 X，而是 Y"),
])
def test_what_the_stage_finds_is_what_is_joined(language: str, lines: tuple[str, ...], template: str):
    speech = from_sentences("s", lines, language)
    speech = replace(speech, readings=(Reading(function=tuple(float(name == "values") for name in FUNCTIONS)),) * 3)
    analysis = Analysis(recording=Recording(speech_id="s", speaker="Ann Ash", date="2020-01-01", language=language),
                        speech=speech, runs=(run_stage(PATTERNS, speech),))
    found, = templates(gather(tabulate([analysis]), "year"))
    assert (found.frame, found.count, found.first.text, found.last.text) == (template, 2, lines[0], lines[2])
    assert found.first.marks[0] in lines[0]


def test_only_story_counts_only_story():
    tables = make_tables([founder(2020), founder(2023)])
    whole, story = compare(tables), compare(tables, only=["story"])
    assert story.only == ("story",)
    assert not story.hinges
    metrics = {r.metric for r in story.rows}
    assert "share_story" not in metrics
    assert "owner_founder_story" in metrics
    size = {r.group: r.size for r in story.rows}
    assert all(size[r.group] < r.size for r in whole.rows)
    assert any(a.key == "only" for a in story.alerts)


def test_pooled_values_have_an_interval_over_speeches(comparison: Comparison):
    row = next(r for r in comparison.pooled if (r.metric, r.series) == ("share_story", "沈岸"))
    assert (row.group, row.n_speeches, row.interval) == ("", 6, "speeches, then blocks")
    assert row.low < row.value < row.high
