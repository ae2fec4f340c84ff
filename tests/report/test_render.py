"""The report as files: complete, self-contained, honest, and safe against every word from outside."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest
from markupsafe import escape

from rhetoric.compare import boards, compare
from rhetoric.report import render
from rhetoric.report.html import BESIDE
from rhetoric.report.marks import MARKS_ZH, mark_text, shown_marks
from rhetoric.report.page import PANELS, panel_of
from rhetoric.report.texts import NOTHING, PAGE, SCRIPT
from rhetoric.stages.slogans import WEIGHTS
from rhetoric.types import Answer, Comparison, Hinge, Tables, Text
from tests.builders import founder, make_tables, presenter
from tests.report.conftest import HOSTILE, Files, data_of, page_of

VOID = {"meta", "link", "input", "br", "img", "path", "rect", "line", "circle"}
CODE = {"script", "style"}


class Page(HTMLParser):
    """Elements of a page in order, with what is needed to check them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not CODE & set(self.open):
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_report_is_a_page_and_a_file_a_figure(report: Files) -> None:
    assert next(iter(report)) == "index.html"
    assert all(name == "index.html" or re.fullmatch(r"data/[a-z]+\.csv", name) for name in report)
    linked = {a["href"] for a in Page(page_of(report)).all("a") if a.get("class") == "csv"}
    assert linked == set(report) - {"index.html"}


def test_same_input_same_bytes(comparison: Comparison, tables: Tables, report: Files) -> None:
    assert render(comparison, tables, version="9.9.9") == report


def test_the_answer_comes_first_and_every_answer_reaches_its_panel(comparison: Comparison, report: Files) -> None:
    text = page_of(report)
    page = Page(text)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    places = [text.index(str(escape(answer.text.en))) for answer in comparison.answers]
    assert places == sorted(places)
    assert text.index('id="answer"') < text.index('id="shape"') < text.index('id="reader"') < text.index('id="methods"')
    for link in page.all("a"):
        if link["href"].startswith("#") and "data-speech" not in link:
            assert link["href"][1:] in ids, link


@pytest.mark.parametrize("panel", sorted(PANELS | {"emotions", "lines", "no-such-panel", "javascript:alert(1)"}))
def test_a_panel_of_an_answer_is_always_on_the_page(panel: str) -> None:
    empty = Text(en="", zh="")
    assert panel_of(Answer(key="k", panel=panel, text=empty, detail=empty)) in PANELS


def test_everything_is_said_in_both_languages(comparison: Comparison, report: Files) -> None:
    words = "".join(Page(page_of(report)).words)
    for texts in (comparison.answers, comparison.alerts):
        for said in texts:
            assert said.text.en in words
            assert said.text.zh in words
    for text in (*PAGE.values(), *SCRIPT.values()):
        assert text.en.strip()
        assert text.zh.strip()
    assert page_of(report).count('class="l-en"') == page_of(report).count('class="l-zh"')


def test_marks_that_fired_are_said_in_both_languages() -> None:
    shown, more = shown_marks(("antithesis", "against: talk", "my own mark", "brief"), 2)
    assert shown == (Text(en="antithesis", zh="对照"), Text(en="my own mark", zh="my own mark"))
    assert more == 2
    assert mark_text("against: talk").zh == "反向：口语"


def test_every_mark_of_the_slogan_stage_has_a_chinese_name() -> None:
    assert set(WEIGHTS) <= set(MARKS_ZH)


def test_it_opens_in_the_language_asked_for(comparison: Comparison, tables: Tables) -> None:
    page = page_of(render(comparison, tables, lang="zh", version="1"))
    assert '<html lang="zh-Hans" data-lang="zh">' in page
    assert f"<title>{comparison.title.zh}</title>" in page


def test_headings_go_down_one_step_at_a_time(report: Files) -> None:
    levels = [int(tag[1]) for tag, _ in Page(page_of(report)).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_nothing_is_fetched_and_only_this_script_runs(report: Files) -> None:
    text = page_of(report)
    page = Page(text)
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}';" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"https?:(?!//www\.w3\.org/)", text.replace("http-equiv", ""))
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        if "src" in attributes or tag == "link":
            assert attributes.get("href", "").startswith("data:")


def test_recordings_on_the_web_are_allowed_by_name_only(comparison: Comparison, tables: Tables) -> None:
    page = page_of(render(comparison, tables, media="https://example.org/talks", version="1"))
    assert "media-src 'self' file: data: blob: https://example.org; base-uri" in page


def test_charts_are_named_and_have_a_table_beside_them(report: Files) -> None:
    page = Page(page_of(report))
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    charts = [s for s in page.all("svg") if s.get("role") == "img"]
    assert len(charts) >= 12
    assert all(chart["aria-labelledby"] in ids for chart in charts)
    hidden = [s for s in page.all("svg") if s.get("role") != "img"]
    assert all("aria-hidden" in svg or svg.get("overflow") for svg in hidden)


def test_small_multiples_stand_in_the_order_of_the_series(comparison: Comparison, report: Files) -> None:
    panel = page_of(report).split('id="figures"')[1].split("</section>")[0]
    names = re.findall(r'<p class="kicker"><bdi>(.*?)</bdi>', panel)
    assert names == list(comparison.series)


def test_rows_and_their_intervals_are_printed(comparison: Comparison, report: Files) -> None:
    words = "".join(Page(page_of(report)).words)
    row = next(r for r in comparison.rows if r.metric == "share_story" and r.group == "2025" and r.low is not None)
    assert row.value is not None
    assert row.high is not None
    assert f"{100 * row.value:.0f}%" in words
    assert f"{100 * row.low:.0f} to {100 * row.high:.0f}%" in words
    assert "n = 6 speeches" in words


def test_what_cannot_be_told_is_said_in_its_place(report: Files) -> None:
    titles = re.findall(r'<h4 id="story-\d-title">(.*?)</h4>', page_of(report), re.DOTALL)
    assert any("cannot be told" in title for title in titles)


def _table(report: Files, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report[f"data/{name}.csv"].decode("utf-8-sig"))))


def test_files_hold_the_numbers_and_can_be_added_again(comparison: Comparison, report: Files) -> None:
    rows = _table(report, "story")
    wanted = [r for r in comparison.rows if r.metric in ("share_story", "share_product")]
    assert len(rows) == len(wanted)
    for row in rows:
        assert float(row["value"]) == pytest.approx(float(row["numerator"]) / float(row["denominator"]))
    assert len(_table(report, "metrics")) == len(comparison.rows)
    assert len(_table(report, "board")) == len(comparison.slogans)
    assert {row["series"] for row in _table(report, "speakers")} >= {"", comparison.series[0]}


def test_runs_in_the_file_cover_all_sentences(tables: Tables, report: Files) -> None:
    rows = _table(report, "ribbons")
    assert rows[0]["first_sentence"] == "1"
    assert sum(int(r["last_sentence"]) - int(r["first_sentence"]) + 1 for r in rows) == len(tables.sentences)
    assert sum(int(r["size"]) for r in rows) == tables.sentences["size"].sum()


def test_embedded_files_are_the_files_beside_the_page(report: Files) -> None:
    embedded = data_of(report)["files"]
    assert {f"data/{name}": text.encode() for name, text in embedded.items()} == {
        name: content for name, content in report.items()
        if name != "index.html" and name.removeprefix("data/") not in BESIDE
    }


def test_transcripts_are_carried_whole_with_their_marks(tables: Tables, report: Files) -> None:
    data = data_of(report)
    for speech in data["speeches"]:
        rows = tables.sentences[tables.sentences["speech_id"] == speech["id"]]
        assert speech["text"] == rows["text"].tolist()
        assert speech["t"] == [round(10 * s) for s in rows["start_s"]]
        assert len(speech["fn"]) == len(speech["p"]) == len(rows)
        assert speech["url"] == f"../../audio/{speech['id']}.opus"
    found = tables.findings[tables.findings["stage"].isin(["emotion", "slogans", "figures"])]
    found = found[(found["stage"] != "slogans") | (found["score"] >= 60)]
    marks = [(s["id"], m) for s in data["speeches"] for m in s["marks"]]
    quotes = sorted(next(s for s in data["speeches"] if s["id"] == i)["text"][m[0]][m[2] : m[3]] for i, m in marks)
    assert quotes == sorted(found["quote"].tolist())


def test_sentences_count_from_one_on_the_page_and_in_the_files() -> None:
    tables = make_tables([founder(year, timed=False) for year in (2020, 2021)])
    report = render(compare(tables), tables, version="1")
    text = page_of(report)
    for name in ("board", "phrases", "lineage", "hinges"):
        for row in _table(report, name):
            if row["sentence"]:
                assert int(row["sentence"]) == int(row["sentence_index_from_0"]) + 1
    row = _table(report, "board")[0]
    link = re.search(rf'href="#speech={row["speech_id"]}&amp;s=(\d+)"[^>]*data-s="(\d+)"(?:(?!</a>).)*§ (\d+)<',
                     text.split('id="board"')[1])
    assert link
    assert link.groups() == (row["sentence"], row["sentence_index_from_0"], row["sentence"])


def test_the_definitions_say_how_sentences_count(
    comparison: Comparison, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"labels": ("whose likeliest label is story;", "最可能的标签为故事的句子"),
            "probabilities": ("by its probability of being story:", "按其属于故事的概率计入")}
    for counting, words in said.items():
        monkeypatch.setattr("rhetoric.codebook.COUNT_BY", counting)
        methods = page_of(render(comparison, tables, version="1")).split('id="methods"')[1]
        other = said["labels" if counting == "probabilities" else "probabilities"]
        assert all(w in methods for w in words)
        assert not any(w in methods for w in other)


def test_boards_say_that_they_are_capped(report: Files, comparison: Comparison) -> None:
    for words in (PAGE["board_how"].en, PAGE["board_how"].zh):
        assert {str(boards.MOST), str(boards.MOST_A_SPEECH)} <= set(re.findall(r"\d+", words))
    assert str(boards.MOST_A_SPEECH) in PAGE["strongest_how"].en
    n = len(comparison.emotions)
    assert n > 12
    assert f"The {n} best: the other {n - 12}" in page_of(report)
    assert "All of them" not in page_of(report)


def test_the_key_holds_only_marks_that_are_drawn(comparison: Comparison, tables: Tables) -> None:
    def key(found: pd.DataFrame, **changes: object) -> str:
        shown = replace(tables, findings=found)
        text = page_of(render(replace(comparison, **changes), shown, version="1"))  # type: ignore[arg-type]
        return text.split('<ul class="key">')[1].split("</ul>")[0]

    every = tables.findings
    bare = every[~every["stage"].isin(["events", "slogans"])]
    without = key(bare, hinges=())
    assert not any(name in without for name in ("applause", "slogan", "turn from"))
    assert "story" in without
    assert "slogan (a speech" in key(every)
    clap = every.iloc[:1].assign(stage="events", label="laughter", score=1.0)
    heard = key(pd.concat([bare, clap], ignore_index=True), hinges=())
    assert "laughter" in heard
    assert "applause" not in heard
    turn = Hinge(speech_id="shen-2024", told=True, sentence_index=9, at_s=60.0, at_share=0.5, low_share=0.4,
                 high_share=0.6, p=0.01, before=0.8, after=0.1, text=Text(en="t", zh="t"))
    assert "turn from" in key(bare, hinges=(turn,))


def test_where_nothing_can_be_counted_it_is_said_plainly(comparison: Comparison, tables: Tables) -> None:
    gone = ("owner_", "story_to_product", "emotion_intensity")
    rows = tuple(
        replace(row, value=None, low=None, high=None, numerator=0.0, denominator=0.0, n_sentences=0, quotes=())
        if row.metric.startswith(gone) else row
        for row in comparison.rows
    )
    text = page_of(render(replace(comparison, rows=rows, differences=(), trends=()), tables, version="1"))
    for panel in ("owners", "ratio", "intensity"):
        part = text.split(f'id="{panel}"')[1].split('class="foot"')[0]
        assert NOTHING[panel].en in part
        assert NOTHING[panel].zh in part
        assert "0 sentences" not in part
        assert "largest part" not in part
        assert "<svg" not in part
    assert NOTHING["owners"].en == "No story was found."


def test_the_largest_part_is_told_of_the_first_group_that_has_one(comparison: Comparison, tables: Tables) -> None:
    first = comparison.groups[0]
    rows = tuple(
        replace(row, value=None, low=None, high=None, numerator=0.0, denominator=0.0, n_sentences=0, quotes=())
        if row.metric.startswith("owner_") and row.group == first else row
        for row in comparison.rows
    )
    text = page_of(render(replace(comparison, rows=rows, differences=()), tables, version="1"))
    title = text.split('id="owners-1-title"')[1].split("</h4>")[0]
    assert "The largest part: " in title
    assert "founder" in title or "company" in title


# --- Hostile words ---------------------------------------------------------------------------------------------------


def test_hostile_words_make_no_element(hostile_report: Files) -> None:
    page = Page(page_of(hostile_report))
    assert len(page.all("script")) == 2
    assert not page.all("img")
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert "alert(1)" in "".join(page.words)


def test_hostile_words_cannot_leave_the_data(hostile_report: Files) -> None:
    text = page_of(hostile_report)
    start = text.index('id="data">') + len('id="data">')
    block = text[start : text.index("</script>", start)]
    assert not set("<>&\u2028\u2029") & set(block)
    data = data_of(hostile_report)
    shown = HOSTILE.replace("\x1b[31m", "").replace("\x1b[0m", "").replace("\x00", "").replace("\u2028\u2029", " ")
    assert any(line == shown for speech in data["speeches"] for line in speech["text"])


def test_no_control_character_reaches_the_page(hostile_report: Files) -> None:
    for name, content in hostile_report.items():
        text = content.decode("utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text), name


def test_hostile_file_names_become_addresses_or_nothing(hostile_report: Files) -> None:
    urls = {speech["url"] for speech in data_of(hostile_report)["speeches"]}
    assert urls == {"", "../../audio/a%20b%23%25%3F%27%22%3Cx%3E.opus"}
    assert "javascript:" not in page_of(hostile_report)


def test_no_cell_of_a_file_would_run(hostile_report: Files) -> None:
    seen = 0
    for name, content in hostile_report.items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
                for value in row:
                    if value[:1] in ("=", "+", "@", "\t", "\r"):
                        pytest.fail(f"{name}: {value!r}")
                    if value.startswith("-"):
                        float(value)
                    seen += value.startswith("'=HYPERLINK")
    assert seen


# --- Archives of other shapes ----------------------------------------------------------------------------------------


def test_one_speech_is_a_page(tables: Tables) -> None:
    one = make_tables([founder(2024)])
    page = Page(page_of(render(compare(one), one, version="1")))
    assert "speakers" not in {attributes.get("id") for _, attributes in page.tags}
    assert len([s for s in page.all("svg") if s.get("role") == "img"]) >= 6


def test_speeches_without_times_are_drawn_by_their_text() -> None:
    tables = make_tables([founder(year, timed=False) for year in (2020, 2021)])
    report = render(compare(tables), tables, version="1")
    page, data = Page(page_of(report)), data_of(report)
    assert all("t" not in speech and speech["c"][0] == 0 for speech in data["speeches"])
    scales = [float(a["data-scale"]) for _, a in page.tags if "data-scale" in a]
    sizes = tables.speeches["size"].tolist()
    assert scales == [max(sizes)] * 2
    assert not [a for a in page.all("a") if a.get("class") == "play"]


def test_speakers_as_groups_stand_in_one_chart_without_mixing_units() -> None:
    tables = make_tables([founder(2020), founder(2021), presenter(2021)])
    comparison = compare(tables, by="speaker")
    text = page_of(render(comparison, tables, version="1"))
    assert len(re.findall(r'id="story-[^"]*-title"', text)) == 1
    assert len(re.findall(r'id="density-[^"]*-title"', text)) == 2


def test_a_speech_without_findings_or_functions_is_still_a_page(tables: Tables) -> None:
    bare = make_tables([founder(2020), founder(2021)])
    sentences = bare.sentences.copy()
    sentences["function"] = None
    sentences["function_group"] = None
    sentences["probability"] = None
    empty = Tables(
        speeches=bare.speeches,
        sentences=sentences,
        findings=bare.findings.iloc[:0],
        metrics=bare.metrics,
        runs=bare.runs,
    )
    report = render(
        replace(compare(bare), answers=(), slogans=(), emotions=(), lineages=(), rows=(), hinges=()), empty, version="1"
    )
    assert PAGE["no_answer"].en in page_of(report)
    assert set(data_of(report)["speeches"][0]["fn"]) == {"-"}


@pytest.mark.slow
def test_ten_speeches_of_two_hours_stay_below_two_and_a_half_megabytes() -> None:
    tables = make_tables([founder(year, scale=13.2) for year in range(2016, 2026)])
    assert len(tables.sentences) >= 15_000
    assert len(render(compare(tables), tables, version="1")["index.html"]) <= 2_500_000


@pytest.mark.parametrize(("kappa", "doubted"), [("0.34", True), ("0.80", False)])
def test_nothing_is_claimed_of_owners_that_the_reader_mistakes(kappa: str, doubted: bool) -> None:
    tables = make_tables([founder(year) for year in (2020, 2021, 2022, 2023)])
    found = compare(tables, provenance={"reader_owner_kappa_zh": kappa})
    page = render(found, tables, version="9.9.9")["index.html"].decode()
    assert ("The reader often mistakes whose a story is" in page) is doubted
    assert any(answer.key == "owners" for answer in found.answers) is not doubted
    (borrowed,) = (question for question in found.questions if question.key == "borrowed")
    assert borrowed.told is not doubted
    assert ("cannot be told: the reader mistakes owners" in borrowed.text.en) is doubted


def test_bars_of_owners_are_doubted_only_in_the_language_in_which_they_are_mistaken() -> None:
    tables = make_tables([*(founder(year) for year in (2020, 2021, 2022)), *(presenter(year) for year in (2021, 2022))])
    provenance = {"reader_owner_kappa_zh": "0.72", "reader_owner_kappa_en": "0.58"}
    page = render(compare(tables, provenance=provenance), tables, version="9.9.9")["index.html"].decode()
    said = "The reader often mistakes whose a story is"
    assert said in page
    both = compare(tables, provenance=provenance | {"reader_owner_kappa_zh": "0.5"})
    assert render(both, tables, version="9.9.9")["index.html"].decode().count(said) == 2 * page.count(said)
