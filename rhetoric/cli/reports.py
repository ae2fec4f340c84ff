"""Commands that set speeches side by side: compare, report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli.options import ArchiveFolder, Json, Speaker, chosen
from rhetoric.cli.output import print_json, say

if TYPE_CHECKING:
    from rhetoric.archive import Archive
    from rhetoric.types import Recording

By = Annotated[str | None, typer.Option(help="year, speaker, event, or another column (default: rhetoric.toml).")]


def compare(by: By = None, speaker: Speaker = "", as_json: Json = False, archive_folder: ArchiveFolder = Path()) -> int:
    """Compare the analysed speeches: each metric by group with its interval, differences and trends."""
    from rhetoric.cli.summary import print_comparison
    from rhetoric.pipeline import compare_archive

    archive, recordings = chosen(archive_folder, speaker=speaker)
    comparison, _ = compare_archive(archive, recordings, by=by or archive.config.compare.by)
    if as_json:
        print_json(comparison)
    else:
        print_comparison(comparison, lang=archive.config.report.lang)
    return 0


def report(
    out: Annotated[Path | None, typer.Option(help="The report's folder (default: reports/by-year, ...).")] = None,
    by: By = None,
    speaker: Speaker = "",
    lang: Annotated[str | None, typer.Option(help="The language first shown: en or zh; the page holds both.")] = None,
    title: Annotated[str | None, typer.Option(help="The report's title.")] = None,
    media: Annotated[str | None, typer.Option(help="Where the recordings lie: URL or folder.")] = None,
    form: Annotated[str, typer.Option("--format", help="html, md (Markdown) or docx (Word).")] = "html",
    figures: Annotated[Path | None, typer.Option(help="Write the charts as SVG files into this folder, too.")] = None,
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Write the report: one page that opens offline, with the data behind every figure; or a document."""
    archive, recordings = chosen(archive_folder, speaker=speaker)
    typer.echo(str(make_report(archive, recordings, by=by, lang=lang, title=title, out=out, media=media, form=form,
                               figures=figures)))
    return 0


def make_report(archive: Archive, recordings: Sequence[Recording], *, by: str | None = None, lang: str | None = None,
                title: str | None = None, out: Path | None = None, media: str | None = None, keep: bool = False,
                form: str = "html", figures: Path | None = None) -> Path:
    """Compare and write the report (its page or a document), unless one of the same is there and may be kept."""
    from rhetoric.config import with_flags
    from rhetoric.documents import write_charts, write_document
    from rhetoric.pipeline import compare_archive, write_report
    from rhetoric.plan import is_fresh_report, report_inputs

    config = with_flags(with_flags(archive.config, "report", lang=lang, title=title), "compare", by=by)
    archive = archive.with_config(config)
    target = out or archive.reports / f"by-{config.compare.by}"
    made_from = report_inputs(archive, recordings, by=config.compare.by)
    if keep and is_fresh_report(target, made_from):
        return target.resolve() / "index.html"
    comparison, tables = compare_archive(archive, recordings, by=config.compare.by)
    if figures:
        say(f"{len(write_charts(archive, comparison, tables, figures, lang=config.report.lang))} charts in {figures}")
    if form != "html":
        return write_document(archive, comparison, tables, target, form, lang=config.report.lang, charts=figures)
    page = write_report(archive, comparison, tables, target, lang=config.report.lang, media=media,
                        made_from="" if media else made_from)
    say(f"report of {len(comparison.speeches)} speeches: open it in a browser, it needs no network")
    return page
