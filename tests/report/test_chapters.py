"""The chapters of the page: their numbers come from the comparison; what a page of many speeches holds."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from rhetoric.codebook import STORY_OWNERS
from rhetoric.compare import compare
from rhetoric.report import render
from rhetoric.report.boards import Sources
from rhetoric.report.chapter_data import chapter_files
from rhetoric.report.chapters import NAME, SPEECHES_SHOWN, _named, chapters
from rhetoric.report.charts.places import MapPoint, Strip, map_chart, strip_chart
from rhetoric.report.claims import biggest_change, figure_title
from rhetoric.report.multiples import Rows, multiples
from rhetoric.report.page import held
from rhetoric.types import Comparison, Template, Text
from tests.builders import Plan, make_tables

QUESTIONS = ("hinge", "borrowed", "inflation", "founder", "participation")
TIP = Text(en="a", zh="甲")


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_question_has_a_panel_with_its_answer_in_both_languages(report, comparison: Comparison) -> None:
    html = report["index.html"].decode()
    for key in QUESTIONS:
        assert f'id="ask-{key}"' in html
    for question in comparison.questions:
        assert question.question.zh in html
        if not re.search("[&'’<>\"]", question.text.en):
            assert question.text.en in html


def test_files_hold_what_the_comparison_says(comparison: Comparison) -> None:
    files = chapter_files(comparison)
    terms = _rows(files["keywords.csv"])
    assert len(terms) == sum(len(k.terms) for k in comparison.keyness)
    assert {row["kind"] for row in terms} == {"group", "speech"}
    asked = _rows(files["questions.csv"])
    assert len(asked) == sum(len(q.rows) for q in comparison.questions)
    assert {row["question"] for row in asked} >= set(QUESTIONS)
    assert len(_rows(files["retold.csv"])) == len(comparison.retold)
    assert _rows(files["frames.csv"])[0]["first_text"] == comparison.templates[0].first.text


def test_a_word_of_one_speech_is_told(comparison: Comparison) -> None:
    found = chapters(comparison, Sources(comparison, {}))
    told = {(c.group, t.term): (t.one_speech, t.one_place) for c in found.columns for t in c.terms}
    for key in comparison.keyness:
        for term in key.terms[:8] if key.kind == "group" else ():
            one_speech, one_place = told[key.group, term.term]
            assert one_speech == (key.n_speeches > 1 and term.n_speeches == 1)
            assert not (one_speech and one_place)


def test_a_page_of_many_speeches_holds_the_most_quoted(comparison: Comparison) -> None:
    assert held(comparison) == comparison.speeches
    card = comparison.speeches[0]
    many = replace(comparison, speeches=(*comparison.speeches, *(replace(card, speech_id=f"more-{i:03}")
                                                                 for i in range(100))))
    kept = held(many)
    assert len(kept) == SPEECHES_SHOWN
    quoted = {q.speech_id for q in comparison.slogans}
    assert quoted <= {c.speech_id for c in kept}
    assert list(kept) == [c for c in many.speeches if c in kept]
    unheld = Sources(many, {}, {c.speech_id for c in kept}).said(replace(comparison.slogans[0], speech_id="more-099"))
    assert not unheld.held


@pytest.mark.parametrize("name", ["<b>&", "一场很长很长很长很长很长很长的演讲的名字"])
def test_names_in_charts_of_places_are_escaped_and_fit(name: str) -> None:
    svg = strip_chart([Strip(name=name, places=(0.0, 1.0), tip=TIP)], ((0.0, "0"), (1.0, "100%")), titled_by="x")
    assert "<b>" not in svg
    assert "M0 0v18M2000 0v18" in svg
    point = MapPoint(x=0.5, y=0.5, label=name, key="story", shape=0, tip=TIP)
    assert "<b>" not in map_chart([point, replace(point, shape=1)], titled_by="x")
    assert map_chart([point, point], titled_by="x").count("<circle") == 2


def test_names_of_near_dots_on_a_map_do_not_touch() -> None:
    points = [MapPoint(x=x, y=0.5, label=f"Speaker {i}", key="story", shape=0, tip=TIP)
              for i, x in enumerate((0.0, 0.04, 0.5, 1.0))]
    svg = map_chart(points, titled_by="x")
    names = re.findall(r'<text x="([\d.]+)%" y="([\d.]+)"', svg)
    assert len(names) == 4
    assert len({y for _, y in names[:2]}) == 2  # of two dots side by side one name goes over or under


def test_terms_of_one_speech_do_not_recur(comparison: Comparison, tables) -> None:
    one = replace(comparison, speeches=comparison.speeches[:1])
    assert not chapters(one, Sources(one, {})).spreads
    shown, rest = chapters(comparison, Sources(comparison, {})).spreads
    assert all(sum(d.name == name for d in shown) <= 4 for name in comparison.series)
    assert len(shown) + len(rest) == len(comparison.spreads)


def test_a_name_that_is_cut_on_a_map_keeps_its_year() -> None:
    assert _named("Ann Ash", "2020") == "Ann Ash 2020"
    assert _named("Annabella Ashworth and friends", "2020") == "Annabella … 2020"
    assert len(_named("Annabella Ashworth and friends", "2020")) == NAME


def test_the_bars_of_a_frame_are_as_high_as_its_rates(comparison: Comparison, tables) -> None:
    """Two uses in a long speech may be rarer than one in a short one."""
    quote = comparison.slogans[0]
    frame = Template(series=comparison.series[0], frame="not X but Y", count=3, n_speeches=2, first=quote, last=quote,
                     by_group=(("2020", 2, 0.1), ("2021", 1, 0.2)), text=TIP)
    html = render(replace(comparison, templates=(frame,)), tables, version="9")["index.html"].decode()
    heights = [float(value) for value in re.findall(r'<i style="height:([\d.]+)px"></i>', html)]
    assert heights == [22.0, 44.0]


def test_a_figure_of_speech_says_its_trend_where_there_are_years(comparison: Comparison) -> None:
    rows = Rows(comparison)
    part = next(m for m in multiples(comparison) if m.name == comparison.series[0])
    title = figure_title(rows, "figure_question", part)
    assert title.en.startswith("rhetorical question: ")
    assert title.en.partition(": ")[2] in ("no clear trend", "rising", "falling")
    assert "：" in title.zh


def test_the_page_says_the_command_that_makes_it(comparison: Comparison, tables) -> None:
    assert "<code>rhetoric report --by year</code>" in render(comparison, tables, version="9")["index.html"].decode()
    only = render(replace(comparison, by="event", only=("story",)), tables, version="9")["index.html"].decode()
    assert "<code>rhetoric report --by event --only story</code>" in only


def test_a_step_between_years_is_told_where_first_and_last_are_alike() -> None:
    """The middle year alone tells stories of the speaker."""
    plans = [Plan(speech_id=f"s-{year}", date=f"{year}-01-01", parts=({label: 60, "product_fact": 20},))
             for year, label in ((2020, "company_story"), (2021, "founder_story"), (2022, "company_story"))]
    found = compare(make_tables(plans))
    owners = tuple(f"owner_{owner}" for owner in STORY_OWNERS)
    text = biggest_change(Rows(found), owners, multiples(found)[0])
    assert text is not None
    assert text.en.startswith("From 2020 to 2022 no part clearly grew or shrank, but between: ")
    assert " 2021" in text.en
    assert "但其间：" in text.zh
