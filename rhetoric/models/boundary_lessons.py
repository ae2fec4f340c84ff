"""Punctuated Chinese texts as lessons for `boundary_training.py`: words, and the mark that follows each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rhetoric.errors import FormatError
from rhetoric.models.boundaries import strip_marks
from rhetoric.models.boundary_network import MINOR, NONE, QUESTION, STOP
from rhetoric.models.chinese_words import cutter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HEADING = 40  # a line that is shorter and has no mark at its end is a heading, which nobody speaks
FEWEST_STOPS = 0.01  # a character; a text with fewer is not punctuated and teaches nothing

_ENDED = re.compile(r"[。！？…!?][”\"’」』）)》】]*$")
_STOP = re.compile(r"[。！｡!]")
_MINOR = re.compile(r"[，、；：,;:—…]")


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A text as words and the mark that follows each (`marks`, (words,)); `many` for one of a speaker's archive."""

    name: str
    words: tuple[str, ...]
    marks: NDArray[np.int64]
    many: bool = False


def read_lessons(paths: Sequence[Path]) -> list[Lesson]:
    """Texts of files and folders: `.txt` line by line, `.tsv` by their column `text`; the unpunctuated are left out.

    Raises:
        FormatError: there is none, or one cannot be read.
    """
    files = [(file, root) for root in paths
             for file in ([root] if root.is_file() else sorted(root.rglob("*.txt")))]
    lessons = [lesson for file, root in files if (lesson := _lesson(file, many=file.parent not in (root, root.parent)))]
    if not lessons:
        raise FormatError(f"{', '.join(map(str, paths))}: holds no punctuated Chinese text to learn from")
    return lessons


def read_lines(path: Path) -> tuple[str, ...]:
    """The lines of a text, or the cells of a table's column `text`.

    Raises:
        FormatError: it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        if path.suffix == ".tsv":
            column = lines[0].split("\t").index("text")
            lines = [line.split("\t")[column] for line in lines[1:] if line.strip()]
    except (OSError, UnicodeDecodeError, ValueError, IndexError) as error:
        raise FormatError(f"{path}: cannot be read ({error}); it must be UTF-8, a table with a column text") from error
    return tuple(line.strip() for line in lines)


def _lesson(path: Path, *, many: bool) -> Lesson | None:
    import numpy as np

    table = path.suffix == ".tsv"
    lines = [line for line in read_lines(path) if table or _ENDED.search(line) or len(line) >= HEADING]
    found = list(marked_words("\n".join(lines), whole_lines=not table))
    words, marks = tuple(word for word, _ in found), np.array([mark for _, mark in found], np.int64)
    if (marks >= STOP).sum() < FEWEST_STOPS * max(1, sum(map(len, words))):
        return None
    return Lesson(path.stem, words, marks, many)


def marked_words(text: str, *, whole_lines: bool = False) -> Iterator[tuple[str, int]]:
    """Each word of a text and the mark that follows it; the end of a line ends a sentence where `whole_lines`."""
    bare = strip_marks(text)
    for word, _, end in cutter().tokenize(bare.text):
        if not word.isspace():
            gap = bare.gaps[end - 1]
            last = "\n" in gap or end == len(bare.text)
            mark = mark_of(gap, last=last)
            yield word, max(mark, STOP) if whole_lines and last else mark


def mark_of(gap: str, *, last: bool) -> int:
    """What a run of marks is; an ellipsis ends a sentence only where it is the `last` of its line."""
    if "？" in gap or "?" in gap:
        return QUESTION
    if _STOP.search(gap) or (last and ("…" in gap or gap.startswith("."))):
        return STOP
    return MINOR if _MINOR.search(gap) else NONE
