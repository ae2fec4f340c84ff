"""The five tables as files for other programs: Parquet, CSV, Excel, JSON Lines."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rhetoric.cells import MARK, UNWANTED, write_csv
from rhetoric.errors import FormatError, MissingExtraError
from rhetoric.tables import SCHEMAS, to_parquet
from rhetoric.types import Tables

if TYPE_CHECKING:
    import pandas as pd
    import xlsxwriter

EXCEL_ROWS = 1_048_575  # below the header
EXCEL_CHARACTERS = 32_767
WORKBOOK = "tables.xlsx"


def export(tables: Tables, form: str) -> Iterator[tuple[str, bytes]]:
    """Files of the tables: name and content, one a table (one workbook with a sheet a table for "xlsx").

    Same tables, same bytes.

    Raises:
        FormatError: `form` is none of `FORMS`, or a table does not fit an Excel sheet.
        MissingExtraError: "xlsx" without its library.
    """
    if form not in FORMS:
        raise FormatError(f"no format {form!r}; tables are written as {', '.join(FORMS)}")
    if form == "xlsx":
        yield WORKBOOK, to_xlsx({name: getattr(tables, name) for name in SCHEMAS})
        return
    for name in SCHEMAS:
        yield f"{name}.{form}", FORMS[form](name, getattr(tables, name))


def rows_of(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows of a table as plain Python values, None where a value is unknown."""
    columns = [table[name].astype(object).where(table[name].notna(), None).tolist() for name in table.columns]
    return zip(*columns, strict=True)


def to_csv(name: str, table: pd.DataFrame) -> bytes:
    """UTF-8 with a byte-order mark, every text in quotes, no cell that a spreadsheet would run."""
    return (MARK + write_csv(list(table.columns), rows_of(table))).encode("utf-8")


def to_jsonl(name: str, table: pd.DataFrame) -> bytes:
    """A JSON object a line, null where a value is unknown; numbers as they are, to the last digit."""
    import msgspec

    columns = [str(column) for column in table.columns]
    objects = [{column: _sound(value) for column, value in zip(columns, row, strict=True)} for row in rows_of(table)]
    return msgspec.json.Encoder().encode_lines(objects)


def _sound(value: object) -> object:
    """Text without lone surrogates, which UTF-8 cannot hold."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def to_xlsx(sheets: dict[str, pd.DataFrame]) -> bytes:
    """A workbook with a sheet a table: numbers are numbers, every text is text, whatever it begins with.

    Raises:
        FormatError: a table or a text is larger than Excel can hold.
        MissingExtraError: XlsxWriter is not installed.
    """
    from datetime import datetime

    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtraError("an Excel workbook", "xlsx") from error
    out = io.BytesIO()
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {**never, "constant_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # the same tables give the same bytes
        for name, table in sheets.items():
            if len(table) > EXCEL_ROWS:
                raise FormatError(f"{name} has {len(table):,} rows, more than an Excel sheet holds; use parquet or csv")
            _write_sheet(book.add_worksheet(name), name, [str(column) for column in table.columns], rows_of(table))
    return out.getvalue()


def _write_sheet(sheet: xlsxwriter.worksheet.Worksheet, name: str, columns: Sequence[str],
                 rows: Iterable[Sequence[Any]]) -> None:
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column)
    for line, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(line, at, value)
            elif isinstance(value, str):
                text = UNWANTED.sub("", value)
                if len(text.encode("utf-16-le")) // 2 > EXCEL_CHARACTERS:
                    raise FormatError(f"{name}, row {line}, {columns[at]}: {len(text):,} characters, more than an "
                                      "Excel cell holds; use parquet or csv")
                sheet.write_string(line, at, text)
            elif value is not None:
                sheet.write_number(line, at, value)


FORMS: dict[str, Callable[[str, pd.DataFrame], bytes]] = {
    "parquet": to_parquet, "csv": to_csv, "jsonl": to_jsonl, "xlsx": lambda name, table: to_xlsx({name: table}),
}
