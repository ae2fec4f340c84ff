"""The report as Markdown (CommonMark with tables as on GitHub): every word from outside is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from rhetoric.report.document import Bullets, Grid, Heading, Image, Paragraph, Part

# Any ASCII punctuation may be escaped by a backslash (CommonMark 0.31, 2.4): first what means something inside a
# line, then what means something at its beginning.
_INSIDE = re.compile(r"([\\`*_\[\]<>&|~$#@]|:(?=//))")
_FIRST = re.compile(r"^(\s*)([-+=]|\d{1,9}(?=[.)]))")


def escaped(text: str) -> str:
    """Text that stands as it is: no markup, no link, no HTML."""
    safe = _INSIDE.sub(r"\\\1", text)
    return _FIRST.sub(_first, safe)


def _first(match: re.Match[str]) -> str:
    """A number is parted from its full stop by an escape behind it, a sign by one before it."""
    return f"{match[1]}{match[2]}\\" if match[2].isdigit() else f"{match[1]}\\{match[2]}"


def to_markdown(parts: Sequence[Part]) -> bytes:
    """The document as UTF-8 text."""
    return ("\n\n".join(_written(part) for part in parts) + "\n").encode("utf-8", "replace")


def _written(part: Part) -> str:
    if isinstance(part, Heading):
        return f"{'#' * part.level} {escaped(part.text)}"
    if isinstance(part, Paragraph):
        return f"**{escaped(part.text)}**" if part.strong and part.text.strip() == part.text else escaped(part.text)
    if isinstance(part, Bullets):
        return "\n".join(f"- {escaped(item)}" for item in part.items)
    if isinstance(part, Image):
        return f"![{escaped(part.alt)}]({quote(part.file, safe='/.')})"
    return _grid(part)


def _grid(grid: Grid) -> str:
    rows = [grid.header, tuple("---" for _ in grid.header)]
    lines = ["| " + " | ".join(cell if row is rows[1] else _in_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join([*lines, *("| " + " | ".join(map(_in_cell, row)) + " |" for row in grid.rows)])


def _in_cell(text: str) -> str:
    """Text of a cell: no line begins there, so that 13.2 is no list."""
    return _INSIDE.sub(r"\\\1", text)
