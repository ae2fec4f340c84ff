"""The table of codes: there and back, as spreadsheets leave it, and rows that cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from rhetoric.errors import FormatError
from rhetoric.exchange import Line, lines_of
from rhetoric.exchange.sheet import read, write
from rhetoric.types import Mark
from tests.builders import founder, make_tables
from tests.exchange.conftest import lines

ROW = "talk,s0-0123456789ab,0:00:01,Hello.,stage,none,0,none,x"
HEADER = "speech_id,key,start,text,function,emotion,slogans,figures,judged"


def without_spans(marks):
    strongest: dict[str, int] = {}
    for mark in marks:
        strongest[mark.label] = max(strongest.get(mark.label, 0), mark.intensity)
    return tuple(Mark(label=label, intensity=intensity) for label, intensity in strongest.items())


@settings(max_examples=40)
@given(lines())
def test_a_table_comes_back_as_it_went(made):
    text = write({"=talk": made}).decode("utf-8-sig")
    answers = read(text, "x.csv", all_judged=True)
    assert [(a.code.sentence_index, a.code.function, dict(a.code.marks)) for a in answers.by_speech["=talk"]] == [
        (line.at, line.function, {stage: without_spans(marks) for stage, marks in line.marks.items()})
        for line in made]


def test_nothing_in_the_table_is_a_formula():
    text = write({"=1+1": [Line(0, "=HYPERLINK(1)", 61.0, "values", {})]}).decode("utf-8-sig")
    assert text.split("\n")[1].split(",")[:4:3] == ['"\'=1+1"', '"\'=HYPERLINK(1)"']


def test_a_blank_table_has_empty_cells_that_judge_nothing():
    text = write(lines_of(make_tables([founder(2020)]), blank=True)).decode("utf-8-sig")
    assert not any(a.judged or a.code.function or a.code.marks
                   for a in read(text, "x.csv", all_judged=True).by_speech["shen-2020"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_whatever_a_spreadsheet_parts_cells_with_is_read(delimiter):
    text = f"{HEADER}\r\n{ROW}\r\n".replace(",", delimiter)
    (answer,) = read(text, "x.csv", all_judged=False).by_speech["talk"]
    assert (answer.judged, answer.code.function, answer.code.marks["emotion"]) == (True, "stage", ())


def test_rows_without_a_mark_do_not_count():
    (answer,) = read(f"{HEADER}\n{ROW[:-1]}\n", "x.csv", all_judged=False).by_speech["talk"]
    assert not answer.judged


@pytest.mark.parametrize(("text", "reason"), [
    ("", "no column 'speech_id'"), ("a,b\n1,2\n", "no column 'speech_id'"),
    (f"{HEADER}\n{ROW}\n{ROW}\n", "x.csv:3: the sentence stands twice"),
    (f"{HEADER}\n{ROW.replace('stage', 'stags')}\n", "x.csv:2: unknown function 'stags'"),
    (f"{HEADER}\n{ROW.replace('s0-', '0-')}\n", "x.csv:2: '0-0123456789ab' is no key"),
    (f"{HEADER}\n{ROW.replace('none', 'rage:2', 1)}\n", "x.csv:2: 'rage:2' is nothing that emotion can be"),
    (f'{HEADER}\n"{ROW}\n', "not a readable row"),
])
def test_a_table_that_cannot_be_read_is_refused_with_its_line(text, reason):
    with pytest.raises(FormatError, match=reason):
        read(text, "x.csv", all_judged=False)
