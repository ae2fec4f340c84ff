"""Coded speeches: one TSV a speech, `id text function` and, where coded, `emotion slogan figures`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS, MAX_INTENSITY
from rhetoric.errors import FormatError

REQUIRED = ("id", "text", "function")
OPTIONAL = ("emotion", "slogan", "figures")
NONE = "-"
SILVER = "silver"  # a folder beside the gold files: speeches to learn from only, some coded for function alone

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")
_PART = re.compile(r"(?:-(?:zh|en))?(?:-b|(?<=\d)b|-(?:zh|en)b)?$")


class Feeling(NamedTuple):
    """The emotion of a sentence: its class and how strong it is (1..3)."""

    label: str
    intensity: int


class CodedSentence(NamedTuple):
    """A row of a gold file; None where the file has no such column."""

    text: str
    function: str
    emotion: Feeling | None
    slogan: bool | None
    figures: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSpeech:
    """A coded speech: its sentences in spoken order and the labels of each. `silver`: trained on, never scored on.

    `emotions` (None: no feeling), `slogans` and `figures` are empty where the file does not code them, else as long as
    `sentences`.
    """

    name: str
    language: str
    sentences: tuple[str, ...]
    functions: tuple[str, ...]
    silver: bool = False
    emotions: tuple[Feeling | None, ...] = ()
    slogans: tuple[bool, ...] = ()
    figures: tuple[frozenset[str], ...] = ()

    @property
    def event(self) -> str:
        """The occasion, see `event_of`."""
        return event_of(self.name)

    @property
    def speaker(self) -> str:
        """The first part of the name: a speaker, a company, or a kind of talk."""
        return self.name.split("-")[0]


def event_of(name: str) -> str:
    """The occasion of a coded speech: parts of one ("x", "x-b") and a keynote in two languages ("x-zh") share it."""
    return _PART.sub("", name)


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
        FormatError: not UTF-8, a column is missing or unknown, a row is short, a text empty, a label unknown, an
            intensity or a slogan out of range; the message names file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read ({error}); it must be a UTF-8 text file") from error
    columns = lines[0].rstrip("\r").split("\t")
    _check_header(f"{path}:1", columns)
    rows = [_row(f"{path}:{number}", columns, line.rstrip("\r").split("\t"))
            for number, line in enumerate(lines[1:], start=2) if line.strip()]
    if not rows:
        raise FormatError(f"{path}: holds no sentence; leave it out or code it")
    sentences = tuple(row.text for row in rows)
    return GoldSpeech(
        name=path.stem, language=language_of(sentences), sentences=sentences,
        functions=tuple(row.function for row in rows), silver=silver,
        emotions=tuple(row.emotion for row in rows) if "emotion" in columns else (),
        slogans=tuple(row.slogan for row in rows if row.slogan is not None),
        figures=tuple(row.figures for row in rows if row.figures is not None))


def _check_header(where: str, columns: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name for name in columns if name not in REQUIRED + OPTIONAL]
    if missing:
        raise FormatError(f"{where}: column {missing[0]!r} is missing; the header is {' '.join(REQUIRED)} "
                          f"[{' '.join(OPTIONAL)}], parted by tabs")
    if unknown or len(set(columns)) < len(columns):
        raise FormatError(f"{where}: column {(unknown or columns)[0]!r} is unknown or given twice")


def _row(where: str, columns: list[str], cells: list[str]) -> CodedSentence:
    if len(cells) != len(columns):
        raise FormatError(f"{where}: {len(cells)} cells where the header has {len(columns)}; part them by single tabs")
    row = dict(zip(columns, cells, strict=True))
    if not row["text"].strip():
        raise FormatError(f"{where}: the text is empty; leave the row out")
    if row["function"] not in FUNCTIONS:
        raise FormatError(f"{where}: unknown function {row['function']!r}; known are {', '.join(FUNCTIONS)}")
    return CodedSentence(text=row["text"], function=row["function"], emotion=_emotion(where, row),
                         slogan=_slogan(where, row), figures=_figures(where, row))


def _emotion(where: str, row: Mapping[str, str]) -> Feeling | None:
    """`-` or `class:intensity`."""
    cell = row.get("emotion", NONE)
    if cell == NONE:
        return None
    label, _, intensity = cell.partition(":")
    if label not in EMOTIONS:
        raise FormatError(f"{where}: unknown emotion {label!r}; write {NONE} for none, or one of {', '.join(EMOTIONS)}")
    if intensity not in {str(k) for k in range(1, MAX_INTENSITY + 1)}:
        raise FormatError(f"{where}: intensity {intensity!r} of {label!r}; write {label}:1, {label}:2 or {label}:3")
    return Feeling(label, int(intensity))


def _slogan(where: str, row: Mapping[str, str]) -> bool | None:
    """0 or 1."""
    if "slogan" not in row:
        return None
    if row["slogan"] not in ("0", "1"):
        raise FormatError(f"{where}: slogan {row['slogan']!r}; write 1 for a slogan, else 0")
    return row["slogan"] == "1"


def _figures(where: str, row: Mapping[str, str]) -> frozenset[str] | None:
    """`-` or a comma list."""
    if "figures" not in row:
        return None
    names = frozenset() if row["figures"] == NONE else frozenset(row["figures"].split(","))
    unknown = sorted(names - set(FIGURES))
    if unknown:
        raise FormatError(f"{where}: unknown figure {unknown[0]!r}; write {NONE} for none, or a comma list of "
                          f"{', '.join(FIGURES)}")
    return names


def language_of(sentences: Sequence[str]) -> str:
    """ "zh" where Chinese characters outnumber Latin words, else "en"."""
    text = "\n".join(sentences)
    return "zh" if len(_HAN.findall(text)) > len(_LATIN.findall(text)) else "en"
