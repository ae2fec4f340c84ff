"""Coded speeches: one TSV a speech, `id text function` and, where coded, `emotion slogan figures`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from rhetoric.codebook import FUNCTIONS
from rhetoric.errors import FormatError

REQUIRED = ("id", "text", "function")
OPTIONAL = ("emotion", "slogan", "figures")
SILVER = "silver"  # a folder beside the gold files with speeches coded for function only

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")
_PART = re.compile(r"(?:-(?:zh|en))?(?:-b|(?<=\d)b|-(?:zh|en)b)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSpeech:
    """A coded speech: its sentences in spoken order and the label of each. `silver`: trained on, never scored on."""

    name: str
    language: str
    sentences: tuple[str, ...]
    functions: tuple[str, ...]
    silver: bool = False

    @property
    def event(self) -> str:
        """The occasion: parts of one speech ("x", "x-b") and a keynote in two languages ("x-zh") share it."""
        return _PART.sub("", self.name)

    @property
    def speaker(self) -> str:
        """The first part of the name: a speaker, a company, or a kind of talk."""
        return self.name.split("-")[0]


def read_gold_folder(folder: Path) -> list[GoldSpeech]:
    """All coded speeches of a folder and of its `silver/`, by name.

    Raises:
        FormatError: there is none, or one is not as it should be.
    """
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise FormatError(f"{folder}: holds no coded speeches; it should hold one .tsv a speech (see docs/codebook.md)")
    return [*(read_gold(path) for path in paths),
            *(read_gold(path, silver=True) for path in sorted((folder / SILVER).glob("*.tsv")))]


def read_gold(path: Path, *, silver: bool = False) -> GoldSpeech:
    """One coded speech.

    Raises:
        FormatError: not UTF-8, a column is missing or unknown, a row is short, a text empty, a label unknown; the
            message names file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read ({error}); it must be a UTF-8 text file") from error
    columns = lines[0].rstrip("\r").split("\t")
    _check_header(f"{path}:1", columns)
    sentences, functions = [], []
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            text, function = _row(f"{path}:{number}", columns, line.rstrip("\r").split("\t"))
            sentences.append(text)
            functions.append(function)
    if not sentences:
        raise FormatError(f"{path}: holds no sentence; leave it out or code it")
    return GoldSpeech(name=path.stem, language=language_of(sentences), sentences=tuple(sentences),
                      functions=tuple(functions), silver=silver)


def _check_header(where: str, columns: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name for name in columns if name not in REQUIRED + OPTIONAL]
    if missing:
        raise FormatError(f"{where}: column {missing[0]!r} is missing; the header is {' '.join(REQUIRED)} "
                          f"[{' '.join(OPTIONAL)}], parted by tabs")
    if unknown or len(set(columns)) < len(columns):
        raise FormatError(f"{where}: column {(unknown or columns)[0]!r} is unknown or given twice")


def _row(where: str, columns: list[str], cells: list[str]) -> tuple[str, str]:
    if len(cells) != len(columns):
        raise FormatError(f"{where}: {len(cells)} cells where the header has {len(columns)}; part them by single tabs")
    row = dict(zip(columns, cells, strict=True))
    if not row["text"].strip():
        raise FormatError(f"{where}: the text is empty; leave the row out")
    if row["function"] not in FUNCTIONS:
        raise FormatError(f"{where}: unknown function {row['function']!r}; known are {', '.join(FUNCTIONS)}")
    return row["text"], row["function"]


def language_of(sentences: list[str]) -> str:
    """ "zh" where Chinese characters outnumber Latin words, else "en"."""
    text = "\n".join(sentences)
    return "zh" if len(_HAN.findall(text)) > len(_LATIN.findall(text)) else "en"
