"""The report as Markdown and Word, and its charts as files: all there, and nothing from outside is markup."""

from __future__ import annotations

import io
import re
import sys
from xml.etree import ElementTree as ET

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rhetoric.compare import compare
from rhetoric.errors import FormatError, MissingExtraError
from rhetoric.report import render_charts, render_document, require
from rhetoric.report.chapter_texts import CHAPTERS
from rhetoric.report.drawings import LINE, _cut
from rhetoric.report.markdown import escaped
from tests.builders import founder, make_tables, presenter
from tests.report.conftest import HOSTILE

MARKDOWN = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def markdown(comparison, tables, lang="en", charts="") -> str:
    return render_document(comparison, tables, "md", lang=lang, charts=charts, version="9.9.9").decode()


@pytest.fixture(scope="module")
def hostile():
    """A comparison in which every word from outside tries to break out."""
    columns = {"title": HOSTILE, "file": HOSTILE}
    tables = make_tables([founder(2020, speaker=HOSTILE, event=HOSTILE, columns=columns), presenter(2021)])
    tables.sentences["text"] = HOSTILE + " | a\n# b\n- c ![x](http://x.test/a.png) <b>"
    return compare(tables, title=HOSTILE, provenance={HOSTILE: "|" + HOSTILE}), tables


@given(st.text(max_size=40))
def test_escaped_text_is_read_back_as_it_was(text):
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    html = MARKDOWN.render(f"x {escaped(line)}")
    assert html == f"<p>x {line.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace(chr(34), '&quot;')}".rstrip() + "</p>\n"  # noqa: E501


@pytest.mark.parametrize("text", ["- a", "+ a", "# a", "1. a", "12) a", "> a", "=== a", "---", "* * *", "~~~ a", "`a`"])
def test_nothing_at_the_beginning_of_a_line_is_a_block(text):
    html = MARKDOWN.render(escaped(text))
    assert html.startswith("<p>")
    assert re.sub("<.*?>", "", html).strip().replace("&gt;", ">") == text


def test_markdown_holds_answers_doubts_numbers_lines_and_methods(comparison, tables):
    text = markdown(comparison, tables)
    html = MARKDOWN.render(text)
    assert html.count("<h1>") == 1
    headings = re.findall("<h2>(.*?)</h2>", html)
    assert {"The answer", "What to doubt", "Story, product and the rest", "Methods and limits"} <= set(headings)
    for answer in comparison.answers:
        assert escaped(answer.text.en) in text
    row = next(row for row in comparison.rows if row.metric == "share_story")
    assert f"| {row.group} | story, share of the stage | {100 * row.value:.0f}% |" in text
    assert f"| {row.n_sentences} | {row.n_speeches} |" in text
    assert escaped(comparison.slogans[0].text) in text


def test_the_document_holds_the_questions_and_the_words(comparison, tables):
    text = markdown(comparison, tables)
    for question in comparison.questions:
        assert escaped(question.text.en) in text
    assert "## " + CHAPTERS["keywords"].en in text
    assert comparison.keyness[0].terms[0].term in text


def test_a_number_in_a_table_is_no_list(comparison, tables):
    text = markdown(comparison, tables)
    density = next(row for row in comparison.rows if row.metric == "emotion_density")
    assert f"| {density.value:.1f} |" in text


def test_the_small_print_of_a_file_fits_its_line():
    assert _cut("short") == "short"
    assert len(_cut("a" * 200)) == LINE
    assert len(_cut("字" * 200)) == LINE // 2


def test_both_languages(comparison, tables):
    text = markdown(comparison, tables, lang="zh")
    assert "## 结论" in text
    assert "The answer" not in text


def test_hostile_words_stay_words_in_markdown(hostile):
    html = MARKDOWN.render(markdown(*hostile))
    tags = set(re.findall(r"<(/?[a-zA-Z][^\s>]*)", html))
    assert tags <= {f"{slash}{tag}" for slash in ("", "/") for tag in (
        "h1", "h2", "h3", "p", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td")}
    assert "\x1b" not in html
    rows = [len(re.findall("<t[hd]", row)) for row in re.findall("<tr>.*?</tr>", html, re.DOTALL)]
    assert set(rows) <= {2, 5, 8}, "a cell broke out of its table"


def test_word_holds_the_same(comparison, tables):
    content = render_document(comparison, tables, "docx", version="9.9.9")
    made = docx.Document(io.BytesIO(content))
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert comparison.answers[0].text.en in texts
    assert "Methods and limits" in texts
    cells = {cell.text for table in made.tables for row in table.rows for cell in row.cells}
    assert {"95% interval", "story, share of the stage"} <= cells
    assert made.core_properties.title == comparison.title.en
    assert content == render_document(comparison, tables, "docx", version="9.9.9")


def test_hostile_words_stay_words_in_word(hostile):
    made = docx.Document(io.BytesIO(render_document(*hostile, "docx", version="9.9.9")))
    assert any("<script>" in paragraph.text for paragraph in made.paragraphs)


def test_without_its_library_word_names_the_line_that_installs_it(comparison, tables, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rhetoric\[docx\]'"):
        render_document(comparison, tables, "docx", version="9.9.9")


def test_an_unknown_format_is_told(comparison, tables):
    with pytest.raises(FormatError, match="html, md or docx"):
        render_document(comparison, tables, "pdf", version="9.9.9")


def test_charts_are_files_that_need_nothing_else(comparison, tables):
    files = render_charts(comparison, tables, lang="en")
    assert {"story-1.svg", "density-1.svg"} <= set(files)
    for name, content in files.items():
        root = ET.fromstring(content)
        assert root.tag == "{http://www.w3.org/2000/svg}svg", name
        assert b"var(" not in content
        assert not re.search(rb"(?:href|src|url)\s*[=(]\s*[\"']?(?!#hatch)", content), name
        assert float(root.get("width")) == 768


def test_a_chart_as_png_has_the_size_and_the_colours_of_its_drawing(comparison, tables):
    """Chinese letters are drawn where the machine has them: a heading of boxes would be the same for every speaker."""
    import io

    import av

    pytest.importorskip("resvg_py")
    files = render_charts(comparison, tables, lang="zh", png=True)
    assert {name.removesuffix(".png") for name in files if name.endswith(".png")} == {
        name.removesuffix(".svg") for name in files if name.endswith(".svg")}
    root = ET.fromstring(files["story-1.svg"])
    with av.open(io.BytesIO(files["story-1.png"])) as picture:
        pixels = next(picture.decode(video=0)).to_ndarray(format="rgb24")
    assert pixels.shape[:2] == (round(2 * float(root.get("height"))), round(2 * float(root.get("width"))))
    assert pixels[0, 0].tolist() == [0xFD, 0xFC, 0xFA]
    assert (abs(pixels.astype(int) - [0xD2, 0x60, 0x0F]).sum(axis=2) < 12).any()  # the colour of stories
    assert (pixels[60:100].min(axis=2) < 128).any()  # the heading


def test_png_without_its_library_is_told(comparison, tables, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(MissingExtraError, match=r"PNG needs an optional part: pip install 'rhetoric\[png\]'"):
        require("html", png=True)
    with pytest.raises(FormatError, match="html, md or docx"):
        require("pdf")


def test_markdown_shows_the_charts_that_were_written(comparison, tables):
    files = render_charts(comparison, tables)
    shown = re.findall(r"!\[.*\]\((.*?)\)", markdown(comparison, tables, charts="my charts"))
    assert {name.removeprefix("my%20charts/") for name in shown} == set(files)


def test_hostile_words_stay_words_in_charts(hostile):
    for content in render_charts(*hostile).values():
        assert not {element.tag for element in ET.fromstring(content).iter()} & {
            "{http://www.w3.org/2000/svg}script", "{http://www.w3.org/2000/svg}image"}


def test_the_report_says_who_coded(tables):
    said = {"coded_by_people": "12 of 90 sentences", "coders": "Ann, Bo", "coded_by_people_kappa": "0.71"}
    text = markdown(compare(tables, provenance=said), tables)
    assert "12 of 90 sentences were coded by people (Ann, Bo, with whom the model agrees at kappa 0.71)." in text
    zh = markdown(compare(tables, provenance=said), tables, lang="zh")
    assert "90 句中有 12 句由人编码（Ann, Bo，模型与其一致性 kappa 0.71）" in zh
