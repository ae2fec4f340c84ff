"""The report as a document, and its charts as files: what `rhetoric report --format` and `--figures` write."""

from __future__ import annotations

import os
from pathlib import Path

import rhetoric
from rhetoric.archive import Archive
from rhetoric.files import write_atomic
from rhetoric.pipeline import DOCUMENT, refuse_folder, refuse_own
from rhetoric.plan import REPORT_MARK, written_before
from rhetoric.types import Comparison, Tables


def write_document(archive: Archive, comparison: Comparison, tables: Tables, out: Path, form: str, *, lang: str,
                   charts: Path | None = None) -> Path:
    """Write the report as one document ("md" or "docx") into its folder and return the document's path.

    Raises:
        ArchiveError: see `write_report`.
        FormatError, MissingExtraError: see `report.render_document`.
    """
    from rhetoric.report import render_document

    out = out.resolve()
    refuse_folder(archive, out)
    beside = Path(os.path.relpath(charts.resolve(), out)).as_posix() if charts else ""
    content = render_document(comparison, tables, form, lang=lang, charts=beside, version=rhetoric.__version__)
    path = out / f"{DOCUMENT}.{form}"
    # The mark comes first: a folder with a document and without it would be taken for the user's own.
    write_atomic(out / REPORT_MARK, "\n".join(sorted({*written_before(out), path.name})).encode() + b"\n")
    write_atomic(path, content)
    return path


def write_charts(archive: Archive, comparison: Comparison, tables: Tables, folder: Path, *, lang: str) -> list[Path]:
    """Write each chart of the report as an SVG file into a folder, and return their paths.

    Raises:
        ArchiveError: the folder is the archive itself or one of its own, or cannot be written.
    """
    from rhetoric.report import render_charts

    folder = folder.resolve()
    refuse_own(archive, folder)
    files = render_charts(comparison, tables, lang=lang)
    for name, content in files.items():
        write_atomic(folder / name, content)
    return [folder / name for name in files]
