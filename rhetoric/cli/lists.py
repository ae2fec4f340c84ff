"""A CSV of files to add, one a row: `file`, and what is known of it in columns named like the catalog's."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from rhetoric.archive import decode_text
from rhetoric.errors import CatalogError
from rhetoric.storage import is_url, name_of

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the user said of the files that are added."""

    speaker: str = ""
    organisation: str = ""
    event: str = ""
    date: str = ""
    language: str = ""
    title: str = ""
    source: str = ""
    licence: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A file to add. `speech_id` empty: made from its name. `extra` are columns of the user's own.

    Where `url` is given the file lies there, and `path` is only its name.
    """

    path: Path
    facts: Facts
    speech_id: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


def is_list(path: Path) -> bool:
    """True for a CSV whose first line names a column `file`; a transcript's names `text`."""
    if path.suffix.lower() not in (".csv", ".tsv"):
        return False
    try:
        with path.open("rb") as stream:
            head = decode_text(stream.read(HEAD_BYTES).split(b"\n", 1)[0] + b"\n", str(path))
        return "file" in _columns(head)
    except (OSError, CatalogError, csv.Error):
        return False  # and so read as a transcript, which says what is wrong


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _columns(head: str) -> list[str]:
    return [cell.strip().lower() for cell in next(csv.reader([head.strip()], delimiter=_delimiter(head)), [])]


def read_list(path: Path, facts: Facts) -> list[Given]:
    """The files of a list, relative to where it lies; what a row does not say, the command line's facts say.

    Raises:
        CatalogError: it is no table; the line is named.
    """
    try:
        text = decode_text(path.read_bytes(), str(path))
    except OSError as error:
        raise CatalogError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first), strict=True)
    found = []
    try:
        columns = [cell.strip().lower() for cell in next(reader, [])]
        for cells in reader:
            row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
            if len(cells) > len(columns):
                raise CatalogError(f"{path}:{reader.line_num}: more cells than columns; put quotes around commas")
            if row.get("file"):
                found.append(_given(path.parent, row, facts))
    except csv.Error as error:
        raise CatalogError(f"{path}:{reader.line_num}: not a readable CSV row ({error}); check its quotes") from error
    return found


def _given(folder: Path, row: Mapping[str, str], facts: Facts) -> Given:
    names = {known.name for known in fields(Facts)}
    said = asdict(facts) | {name: cell for name, cell in row.items() if name in names and cell}
    ours = names | {"file", "speech_id", "sha256", "duration_s", "note"}
    extra = {name: cell for name, cell in row.items() if name not in ours}
    file, speech_id = row["file"], row.get("speech_id", "")
    if is_url(file):
        return Given(Path(name_of(file)), Facts(**said), speech_id, extra, file)
    return Given(folder / file, Facts(**said), speech_id, extra)
