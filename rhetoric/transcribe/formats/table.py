"""CSV for spreadsheets and scripts: one segment a row, `start_s,end_s,speaker,event,text`.

Written with a byte-order mark, without which Excel takes Chinese for another encoding. A cell that a spreadsheet would
run as a formula begins with an apostrophe (OWASP, "CSV Injection"); read back, it is taken off again.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Mapping

from rhetoric.errors import FormatError
from rhetoric.transcribe.clean import clean_text
from rhetoric.transcribe.formats.cues import Cue, Parsed, cues_to_segments
from rhetoric.types import Segment

COLUMNS = ("start_s", "end_s", "speaker", "event", "text")
BYTE_ORDER_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "'")
_NAMES = {"start": "start_s", "end": "end_s", "begin": "start_s", "name": "speaker"}


def to_csv(segments: tuple[Segment, ...]) -> str:
    """Segments as CSV; times are empty where there are none."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for segment in segments:
        kinds = " ".join(flag.removeprefix("event:") for flag in segment.flags if flag.startswith("event:"))
        times = ("" if at is None else f"{at:.3f}" for at in (segment.start_s, segment.end_s))
        writer.writerow([*times, _guarded(segment.speaker), kinds, _guarded(segment.text)])
    return BYTE_ORDER_MARK + stream.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _bare(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def is_table(text: str) -> bool:
    """True where the first line names a column `text` and one of ours beside it."""
    header = _header(text)
    return "text" in header and bool({"start_s", "speaker"} & set(header))


def _header(text: str) -> list[str]:
    first = text.split("\n", 1)[0]
    names = [name.strip().strip('"').lower() for name in first.split(_delimiter(first))]
    return [_NAMES.get(name, name) for name in names]


def _delimiter(first: str) -> str:
    return max(",;\t", key=first.count)


def parse_table(text: str, path: str) -> Parsed:
    """Read a CSV with a column `text`; `start_s`, `end_s` (seconds), `speaker` and `event` may be there.

    Raises:
        FormatError: no column `text`, a broken row, or a time that is none.
    """
    header = _header(text)
    if "text" not in header:
        raise FormatError(f"{path}:1: no column `text`; the first line must name the columns: {','.join(COLUMNS)}")
    body = text.split("\n", 1)[1] if "\n" in text else ""
    reader = csv.DictReader(io.StringIO(body, newline=""), header, delimiter=_delimiter(text.split("\n", 1)[0]),
                            strict=True)
    try:
        rows = [(reader.line_num + 1, row) for row in reader if (row.get("text") or "").strip()]
    except csv.Error as error:
        where = f"{path}:{reader.line_num + 1}"
        raise FormatError(f"{where}: not a readable CSV row ({error}); check its quotes") from error
    return _parsed(rows, path)


def _parsed(rows: list[tuple[int, dict[str, str]]], path: str) -> Parsed:
    counts: Counter[str] = Counter()
    times = [tuple(_seconds(row, key, f"{path}:{line}") for key in ("start_s", "end_s")) for line, row in rows]
    if all(start is not None for start, _ in times):
        cues = [Cue(start or 0.0, start or 0.0 if end is None else end, *_said(row))
                for (start, end), (_, row) in zip(times, rows, strict=True)]
        # A table with a column for events, as ours, has none in its text.
        return Parsed(cues_to_segments(cues, counts, marks=not any("event" in row for _, row in rows)), counts)
    segments = []
    for _, row in rows:
        text, speaker, words, flags = _said(row)
        segments.append(Segment(text=text, speaker=speaker or "", words=words, flags=flags))
    return Parsed(tuple(segments), counts)


def _said(row: Mapping[str, str]) -> tuple[str, str | None, tuple[()], tuple[str, ...]]:
    flags = tuple(f"event:{kind}" for kind in (row.get("event") or "").split())
    speaker = clean_text(_bare((row.get("speaker") or "").strip())) if "speaker" in row and not flags else None
    return clean_text(_bare(row["text"].strip())), speaker, (), flags


def _seconds(row: Mapping[str, str], key: str, where: str) -> float | None:
    cell = (row.get(key) or "").strip()
    if not cell:
        return None
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise FormatError(f"{where}: {key} is {cell[:40]!r}, not a time in seconds; correct it")
    return round(number, 3)

