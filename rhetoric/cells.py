"""Cells of a CSV file that no spreadsheet runs as a formula.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is a formula to Excel, LibreOffice and others (so
are the full-width signs, where the system is set to Chinese or Japanese). A spreadsheet that parts cells at semicolons
or tabs also runs what follows such a mark *inside* a cell. An apostrophe before the sign makes it text (OWASP, "CSV
Injection").
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# ANSI sequences first (CSI and OSC), then what is left of the C0 and C1 controls, lone surrogates and non-characters.
UNWANTED = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]{0,200}(?:\x07|\x1b\\\\)"
    "|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufeff]")
_START = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_AFTER_A_MARK = re.compile(r"([;\t\n][\s\"]*)(?=[=+\-@＝＋－＠])")
MARK = "\ufeff"  # the byte-order mark by which spreadsheets know UTF-8


def records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of a table as plain values by column, None where a value is unknown."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def cell(value: object) -> object:
    """A value as a cell: text without control characters, and never a formula; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    clean = UNWANTED.sub("", value)
    starts = _START.match(value) or _START.match(clean)
    return ("'" if starts else "") + _AFTER_A_MARK.sub(r"\1'", clean)


def bare(text: str) -> str:
    """What a cell said before `cell` made it safe, for text that may begin with one apostrophe more."""
    return text[1:] if text.startswith("'") and _START.match(text, 1) else text


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV text with every text in quotes; None is an empty cell. `MARK` is left to the caller."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(columns)
    writer.writerows([["" if value is None else cell(value) for value in row] for row in rows])
    return out.getvalue()
