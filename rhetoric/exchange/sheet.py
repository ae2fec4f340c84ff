"""A table of codes for any spreadsheet: one sentence a row, UTF-8 with a byte-order mark.

| column | what it holds |
|---|---|
| `speech_id`, `key` | which sentence it is: its number from 0 and a hash of its words; leave both as they are |
| `start`, `text` | where it is said, and the words, to read; changes are not read back |
| `function` | one of the ten labels |
| `emotion` | `class:intensity`, several parted by commas; `none` |
| `slogans` | 1 or 0 |
| `figures` | labels parted by commas; `none` |
| `judged` | write x where you judged the sentence, changed or not: only these rows count |
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from rhetoric.cells import MARK, bare, write_csv
from rhetoric.codes import MARKED, format_marks, parse_function, parse_marks, text_hash
from rhetoric.errors import FormatError
from rhetoric.exchange import Answer, Answers, Line
from rhetoric.types import Code, Mark

COLUMNS = ("speech_id", "key", "start", "text", "function", *MARKED, "judged")
_KEY = re.compile(r"s(\d{1,7})-([0-9a-f]{12})")


def write(lines: Mapping[str, Sequence[Line]]) -> bytes:
    """The table: texts are never formulas."""
    rows = ((speech_id, f"s{line.at}-{text_hash(line.text)}", _clock(line.start_s), line.text, line.function,
             *(_cell(stage, line.marks.get(stage)) for stage in MARKED), "")
            for speech_id, found in lines.items() for line in found)
    return (MARK + write_csv(COLUMNS, rows)).encode("utf-8")


def _cell(stage: str, marks: tuple[Mark, ...] | None) -> str:
    """Marks without their spans, each label once: a coder should not have to count characters."""
    if stage == "slogans":
        return "" if marks is None else str(int(bool(marks)))
    strongest: dict[str, int] = {}
    for mark in marks or ():
        strongest[mark.label] = max(strongest.get(mark.label, 0), mark.intensity)
    short = tuple(Mark(label=label, intensity=intensity) for label, intensity in strongest.items())
    return format_marks(None if marks is None else short)


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def read(text: str, where: str, *, all_judged: bool) -> Answers:
    """The answers in a table; commas, semicolons or tabs part its cells.

    Raises:
        FormatError: a column is missing, or a cell cannot be read; the message names the line.
    """
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    header = [name.strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in ("speech_id", "key", "function") if name not in header]
    if missing:
        raise FormatError(f"{where}: no column {missing[0]!r}; give the table that `rhetoric export-codes` wrote")
    reader.fieldnames = header
    answers = Answers()
    seen: set[tuple[str, int]] = set()
    try:
        for row in reader:
            speech_id, answer = _answer({key: value or "" for key, value in row.items() if isinstance(key, str)},
                                        f"{where}:{reader.line_num}", all_judged=all_judged)
            if (speech_id, answer.code.sentence_index) in seen:
                raise FormatError(f"{where}:{reader.line_num}: the sentence stands twice in the table; keep one row")
            seen.add((speech_id, answer.code.sentence_index))
            answers.by_speech.setdefault(speech_id, []).append(answer)
    except csv.Error as error:
        raise FormatError(f"{where}:{reader.line_num}: not a readable row ({error}); check its quotes") from error
    return answers


def _answer(row: Mapping[str, str], where: str, *, all_judged: bool) -> tuple[str, Answer]:
    key = _KEY.fullmatch(row["key"].strip())
    if not key:
        raise FormatError(f"{where}: {row['key']!r} is no key; leave that column as `rhetoric export-codes` wrote it")
    marks = {stage: found for stage in MARKED
             if (found := parse_marks(stage, row.get(stage, ""), where)) is not None}
    code = Code(sentence_index=int(key[1]), text_sha256=key[2], marks=marks,
                function=parse_function(row["function"], where))
    judged = bool((all_judged or row.get("judged", "").strip()) and (code.function or marks))
    return bare(row["speech_id"].strip()), Answer(code=code, judged=judged)
