"""Cells that no spreadsheet runs, whatever mark it parts cells at."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.cells import bare, cell, write_csv

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
HOSTILE = st.text(alphabet=st.sampled_from("=+-@＝＠;,\t\r\n\"' a字\x00\x1b[m|"), max_size=24)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", "＝1", "\x1b[31m=1"])
def test_cells_that_would_run_get_an_apostrophe(text):
    assert str(cell(text)).startswith("'")


def test_numbers_and_plain_words_stay_as_they_are():
    assert [cell(-1.5), cell(3), cell("a=b"), cell("好"), cell(None)] == [-1.5, 3, "a=b", "好", None]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(texts=st.lists(HOSTILE, min_size=1, max_size=3))
def test_no_reader_of_a_table_sees_a_formula(texts, delimiter):
    """A spreadsheet that parts cells at another mark than the comma must not find one either."""
    text = write_csv(["column"] * len(texts), [texts])
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        for found in row:
            assert not found.lstrip().startswith(SIGNS), (text, row)
    for piece in re.split(r"[;\t\n]", text):
        assert not piece.startswith(SIGNS), text


@given(st.text(alphabet=st.sampled_from("=+-@ab字 '"), max_size=12))
def test_a_cell_says_what_it_said_before(text):
    assert bare(str(cell(text))) == text or text.startswith("'")


def test_an_empty_value_is_an_empty_cell_and_every_text_is_in_quotes():
    assert write_csv(["a", "b"], [[None, "x"], [1.5, 'say "x"']]) == '"a","b"\n"","x"\n1.5,"say ""x"""\n'
