"""The report as a Word document, by python-docx: every text is a run of its own, so that nothing can be markup."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rhetoric.errors import MissingExtraError
from rhetoric.report.document import Bullets, Grid, Heading, Image, Paragraph, Part

EAST_ASIAN = "Microsoft YaHei"
THEN = (1980, 1, 1, 0, 0, 0)  # the same report gives the same bytes


def require_docx() -> None:
    """Raises MissingExtraError where python-docx is not installed."""
    try:
        import docx  # noqa: F401 - asked for, not used
    except ImportError as error:
        raise MissingExtraError("a Word document", "docx") from error


def to_docx(parts: Sequence[Part], *, title: str) -> bytes:
    """The document as the bytes of a `.docx` file; charts stay on the page, for Word reads no SVG of ours.

    Raises:
        MissingExtraError: python-docx is not installed.
    """
    require_docx()
    import docx
    from docx.oxml.ns import qn

    made = docx.Document()
    made.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), EAST_ASIAN)
    properties = made.core_properties
    properties.title, properties.author, properties.comments = title[:250], "rhetoric", ""
    properties.created = properties.modified = datetime(2000, 1, 1)
    for part in parts:
        _write(made, part)
    out = io.BytesIO()
    made.save(out)
    return _dated(out.getvalue())


def _write(made: Any, part: Part) -> None:
    if isinstance(part, Heading):
        made.add_heading(part.text, level=part.level - 1)
    elif isinstance(part, Paragraph):
        made.add_paragraph().add_run(part.text).bold = part.strong
    elif isinstance(part, Bullets):
        for item in part.items:
            made.add_paragraph(item, style="List Bullet")
    elif isinstance(part, Grid):
        _table(made, part)
    else:
        assert isinstance(part, Image)  # noqa: S101  the last kind of part there is


def _table(made: Any, grid: Grid) -> None:
    """A table whose first row repeats on every page."""
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    table = made.add_table(rows=1 + len(grid.rows), cols=len(grid.header), style="Light List Accent 1")
    for line, row in zip(table.rows, (grid.header, *grid.rows), strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.font.size = Pt(8.5)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    made.add_paragraph()


def _dated(content: bytes) -> bytes:
    """The same zip without the time of day."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=THEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()
