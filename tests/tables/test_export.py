"""The five tables as files: read back by pandas, DuckDB, openpyxl and json, none of which knows us."""

from __future__ import annotations

import io
import json
import sys

import duckdb
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.errors import FormatError, MissingExtraError
from rhetoric.tables import SCHEMAS, TABLE_SCHEMA, frame
from rhetoric.tables.columns import MEANINGS, ROWS
from rhetoric.tables.export import EXCEL_CHARACTERS, WORKBOOK, export, rows_of, to_csv, to_jsonl, to_xlsx
from rhetoric.types import Tables
from tests.builders import founder, make_tables, presenter

HOSTILE = '=HYPERLINK("http://x.test")'


@pytest.fixture(scope="module")
def tables() -> Tables:
    return make_tables([founder(2020), presenter(2021, speaker=HOSTILE)])


def test_every_column_is_explained_with_its_unit():
    assert set(ROWS) == set(SCHEMAS)
    for table, schema in SCHEMAS.items():
        missing = set(schema) - set(MEANINGS[table])
        assert not missing, (table, missing)


def test_pandas_reads_the_parquet_with_its_types(tables):
    files = dict(export(tables, "parquet"))
    assert set(files) == {f"{name}.parquet" for name in SCHEMAS}
    back = pd.read_parquet(io.BytesIO(files["sentences.parquet"]))
    assert back["function"].tolist() == tables.sentences["function"].tolist()
    assert back["start_s"].dtype.kind == "f"
    assert pq.read_schema(io.BytesIO(files["speeches.parquet"])).metadata[b"rhetoric.schema_version"] == str(
        TABLE_SCHEMA).encode()


def test_duckdb_joins_the_parquet(tables, tmp_path):
    for name, content in export(tables, "parquet"):
        (tmp_path / name).write_bytes(content)
    rows = duckdb.sql(
        f"select s.language, count(*) from '{tmp_path}/sentences.parquet' n join '{tmp_path}/speeches.parquet' s "
        "using (speech_id) where n.function_group = 'story' group by s.language order by 1").fetchall()
    joined = tables.sentences.merge(tables.speeches, on="speech_id")
    story = joined[joined["function_group"] == "story"]
    assert rows == [(language, int((story["language"] == language).sum())) for language in ("en", "zh")]


def test_csv_is_read_back_and_holds_no_formula(tables):
    content = dict(export(tables, "csv"))
    assert content["speeches.csv"].startswith(b"\xef\xbb\xbf")
    speeches = pd.read_csv(io.BytesIO(content["speeches.csv"]), encoding="utf-8-sig")
    assert speeches["speaker"].tolist()[1] == "'" + HOSTILE
    assert speeches["size"].tolist() == tables.speeches["size"].tolist()


def test_a_workbook_has_numbers_as_numbers_and_texts_as_texts(tables):
    files = dict(export(tables, "xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(files[WORKBOOK]))
    assert book.sheetnames == list(SCHEMAS)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    sheet = book["speeches"]
    header = [cell.value for cell in sheet[1]]
    assert header == list(SCHEMAS["speeches"])
    row = dict(zip(header, sheet[3], strict=True))
    assert (row["speaker"].value, row["speaker"].data_type) == (HOSTILE, "s")
    assert row["size"].data_type == "n"
    assert row["timed"].value is True


def test_what_excel_cannot_hold_is_told():
    table = frame("runs", [{"speech_id": "a", "step": "x", "error": "字" * (EXCEL_CHARACTERS + 1)}])
    with pytest.raises(FormatError, match="row 1, error: 32,768 characters"):
        to_xlsx({"runs": table})


def test_without_its_library_a_workbook_names_the_line_that_installs_it(tables, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rhetoric\[xlsx\]'"):
        list(export(tables, "xlsx"))


def test_an_unknown_format_is_told(tables):
    with pytest.raises(FormatError, match="tables are written as parquet, csv, jsonl, xlsx"):
        list(export(tables, "sav"))


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl", "xlsx"])
def test_the_same_tables_give_the_same_bytes(tables, form):
    assert list(export(tables, form)) == list(export(tables, form))


texts = st.text(max_size=20)
numbers = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))


@settings(max_examples=50)
@given(st.lists(st.tuples(texts, numbers), max_size=5))
def test_json_lines_keep_every_number_to_the_last_digit(rows):
    table = frame("metrics", [{"speech_id": "x", "name": name, "value": value} for name, value in rows])
    back = [json.loads(line) for line in to_jsonl("metrics", table).decode().split("\n") if line]
    assert [(row["name"], row["value"]) for row in back] == [
        (name.encode("utf-8", "replace").decode(), value) for name, value in rows]


def test_unknown_values_are_none_and_flags_are_booleans():
    table = frame("speeches", [{"speech_id": "x", "timed": False, "size": 3}])
    row = dict(zip(table.columns, next(rows_of(table)), strict=True))
    assert (row["timed"], row["size"], row["duration_s"], row["speaker"]) == (False, 3, None, None)
    assert b"False" in to_csv("speeches", table)
