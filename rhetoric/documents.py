"""What `rhetoric report` writes: the page with its data, the report as a document, its charts as files."""

from __future__ import annotations

import os
from pathlib import Path

import rhetoric
from rhetoric.archive import Archive
from rhetoric.errors import ArchiveError
from rhetoric.files import write_atomic
from rhetoric.plan import MADE_FROM, REPORT_MARK, written_before
from rhetoric.types import Comparison, Tables

DOCUMENT = "report"  # the stem of a report in Markdown or Word
CHARTS_MARK = ".rhetoric-charts"  # names the charts in a folder, so that no file of the user's is ever touched


def write_report(archive: Archive, comparison: Comparison, tables: Tables, out: Path, *, lang: str,
                 media: str | None = None, made_from: str = "") -> Path:
    """Write the report into a folder and return the path of its page; `made_from` is kept for `is_fresh_report`.

    A folder that holds something other than a report of ours is never written to; files that the user put beside a
    report stay.

    Raises:
        ArchiveError: `out` is something else, or cannot be written.
    """
    from rhetoric.compare.comparison_file import to_json
    from rhetoric.report import render

    out = out.resolve()
    refuse_folder(archive, out)
    files = render(comparison, tables, lang=lang, media=media or _relative_media(archive, out),
                   version=rhetoric.__version__) | {"comparison.json": to_json(comparison)}
    # The page comes last and holds everything: a run that is stopped leaves the old page or the new one, whole.
    for name, content in sorted(files.items(), key=_page_last):
        write_atomic(out / name, content)
    documents = {name for name in written_before(out) if name.startswith(f"{DOCUMENT}.")}
    for name in set(written_before(out)) - set(files) - documents:
        (out / name).unlink(missing_ok=True)
    mark = [f"{MADE_FROM}{made_from}", *sorted({*files, *documents})]
    write_atomic(out / REPORT_MARK, "\n".join(mark).encode() + b"\n")
    return out / "index.html"


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


def write_charts(archive: Archive, comparison: Comparison, tables: Tables, folder: Path, *, lang: str,
                 png: bool = False) -> list[Path]:
    """Write each chart of the report as an SVG (and a PNG) file into a folder of their own, and return their paths.

    Charts that an earlier report left there and that this one has not are removed.

    Raises:
        ArchiveError: see `refuse_charts`; or it cannot be written.
        MissingExtraError: `png` without its library.
    """
    from rhetoric.report import render_charts

    folder = folder.resolve()
    refuse_own(archive, folder)
    files = render_charts(comparison, tables, lang=lang, png=png)
    before = written_before(folder, CHARTS_MARK)
    # The mark comes first: a folder with charts and without it would be taken for the user's own.
    write_atomic(folder / CHARTS_MARK, "\n".join(sorted({*before, *files})).encode() + b"\n")
    for name, content in files.items():
        write_atomic(folder / name, content)
    for name in set(before) - set(files):
        (folder / name).unlink(missing_ok=True)
    write_atomic(folder / CHARTS_MARK, "\n".join(sorted(files)).encode() + b"\n")
    return [folder / name for name in files]


def refuse_outputs(archive: Archive, out: Path, charts: Path | None) -> None:
    """Refuse the folders of a report and of its charts before anything is computed or written.

    Raises:
        ArchiveError: one of them is the archive or a folder of it, holds something else, or both are one.
    """
    refuse_folder(archive, out.resolve())
    if charts is None:
        return
    folder = charts.resolve()
    if folder == out.resolve():
        raise ArchiveError(f"{folder}: is the folder of the report; name one of their own for the charts")
    refuse_own(archive, folder)
    if not _free(folder, CHARTS_MARK):
        raise ArchiveError(f"{folder}: is there and holds no charts of ours; name another folder with --figures")


def _page_last(item: tuple[str, bytes]) -> tuple[bool, str]:
    return item[0] == "index.html", item[0]


def refuse_folder(archive: Archive, out: Path) -> None:
    """A report goes into a folder of its own: new, empty, or one that holds a report of ours."""
    refuse_own(archive, out)
    if not _free(out, REPORT_MARK):
        raise ArchiveError(f"{out}: is there and is no report of ours; name another folder with --out")


def _free(folder: Path, mark: str) -> bool:
    """True for a folder that is new, empty, or marked as ours."""
    return not folder.exists() or (folder.is_dir() and (not any(folder.iterdir()) or (folder / mark).is_file()))


def refuse_own(archive: Archive, out: Path) -> None:
    """The archive and the folders that hold its own things are no place for results."""
    own = (archive.audio, archive.transcripts, archive.analysis, archive.codes_path("x").parent)
    if archive.root.resolve().is_relative_to(out) or any(out.is_relative_to(folder.resolve()) for folder in own):
        raise ArchiveError(f"{out}: is the archive itself or a folder of it; name another folder")


def _relative_media(archive: Archive, out: Path) -> str:
    """Where the recordings lie, seen from the report: a relative path, so that an archive can be moved as a whole."""
    return Path(os.path.relpath(archive.audio.resolve(), out.resolve())).as_posix()
