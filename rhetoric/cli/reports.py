"""Commands that set speeches side by side: compare, report, kwic."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli.options import ArchiveFolder, Json, Speaker, between, chosen
from rhetoric.cli.output import print_json, say
from rhetoric.plurals import counted

if TYPE_CHECKING:
    from rhetoric.archive import Archive
    from rhetoric.types import Recording

By = Annotated[str | None, typer.Option(help="year, speaker, event, or any other column of the catalog "
                                             "(default: rhetoric.toml).")]
Since = Annotated[str, typer.Option("--from", metavar="DATE", help="Only speeches from this date on (2020, 2020-08).")]
Until = Annotated[str, typer.Option("--to", metavar="DATE", help="Only speeches up to this date, it included.")]
Only = Annotated[list[str] | None, typer.Option(
    help="Count only sentences of this function group: story, product, results, values or other; may be repeated.")]
Norms = Annotated[Path | None, typer.Option(
    metavar="ARCHIVE", help="Say where each value stands among the speeches of this other archive (its percentile).")]


def compare(by: By = None, speaker: Speaker = "", since: Since = "", until: Until = "", only: Only = None,
            norms: Norms = None, as_json: Json = False, archive_folder: ArchiveFolder = Path()) -> int:
    """Compare the analysed speeches: metrics with intervals, trends, words, retold passages, manner, six questions."""
    from rhetoric.cli.summary import print_comparison
    from rhetoric.compare.comparison_file import parts
    from rhetoric.pipeline import compare_archive

    archive, recordings = chosen(archive_folder, speaker=speaker)
    comparison, _ = compare_archive(archive, between(recordings, since, until), by=by or archive.config.compare.by,
                                    only=only or (), reference=_reference(norms))
    if as_json:
        for part in parts(comparison):
            sys.stdout.buffer.write(part)
    else:
        print_comparison(comparison, lang=archive.config.report.lang)
    return 0


def report(
    out: Annotated[Path | None, typer.Option(help="The report's folder (default: reports/by-year, ...).")] = None,
    by: By = None,
    speaker: Speaker = "",
    since: Since = "",
    until: Until = "",
    only: Only = None,
    norms: Norms = None,
    lang: Annotated[str | None, typer.Option(help="The language first shown: en or zh; the page holds both.")] = None,
    title: Annotated[str | None, typer.Option(help="The report's title.")] = None,
    media: Annotated[str | None, typer.Option(help="Where the recordings lie: URL or folder.")] = None,
    form: Annotated[str, typer.Option("--format", help="html, md (Markdown) or docx (Word).")] = "html",
    figures: Annotated[Path | None, typer.Option(help="Write the charts as SVG files into this folder, too.")] = None,
    png: Annotated[bool, typer.Option("--png", help="With --figures: as PNG files, too (rhetoric[png]).")] = False,
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Write the report: one page that opens offline, with the data behind every figure; or a document."""
    from rhetoric.errors import ConfigError

    if png and figures is None:
        raise ConfigError("--png draws the charts of --figures: say where they go, as --figures charts --png")
    archive, recordings = chosen(archive_folder, speaker=speaker)
    typer.echo(str(make_report(archive, between(recordings, since, until), by=by, only=only or (), lang=lang,
                               title=title, out=out, media=media, reference=_reference(norms), form=form,
                               figures=figures, png=png)))
    return 0


def _reference(folder: Path | None) -> Archive | None:
    """The archive of the norms, where one is named."""
    from rhetoric.archive import open_archive

    return open_archive(folder) if folder else None


def safe_name(column: str) -> str:
    """A column's name as part of a folder's name."""
    return re.sub(r"[^\w-]+", "-", column).strip("-") or "column"


def make_report(archive: Archive, recordings: Sequence[Recording], *, by: str | None = None, only: Sequence[str] = (),
                lang: str | None = None, title: str | None = None, out: Path | None = None, media: str | None = None,
                reference: Archive | None = None, keep: bool = False, form: str = "html",
                figures: Path | None = None, png: bool = False) -> Path:
    """Compare and write the report (its page or a document), unless one of the same is there and may be kept.

    What cannot be written is refused before anything is: a report without its charts is half a report.
    """
    from rhetoric.config import with_flags
    from rhetoric.documents import refuse_outputs, write_charts, write_document, write_report
    from rhetoric.pipeline import compare_archive
    from rhetoric.plan import is_fresh_report, report_inputs
    from rhetoric.report import require

    config = with_flags(with_flags(archive.config, "report", lang=lang, title=title), "compare", by=by)
    archive = archive.with_config(config)
    target = out or archive.reports / f"by-{safe_name(config.compare.by)}"
    made_from = report_inputs(archive, recordings, by=config.compare.by)
    if keep and is_fresh_report(target, made_from):
        return target.resolve() / "index.html"
    require(form, png=png)
    refuse_outputs(archive, target, figures)
    comparison, tables = compare_archive(archive, recordings, by=config.compare.by, only=only, reference=reference)
    if form != "html":
        made = write_document(archive, comparison, tables, target, form, lang=config.report.lang, charts=figures)
    else:
        # What is made of a part, or with another archive, or of recordings elsewhere is never taken for this one.
        made = write_report(archive, comparison, tables, target, lang=config.report.lang, media=media,
                            made_from="" if media or only or reference else made_from)
        say(f"report of {counted(len(comparison.speeches), 'speech', 'speeches')}: open it in a browser, it needs no "
            "network")
    if figures:
        written = write_charts(archive, comparison, tables, figures, lang=config.report.lang, png=png)
        say(f"{counted(len(written), 'chart')} in {figures}")
    return made


def kwic(
    pattern: Annotated[str, typer.Argument(help="A word or phrase; with --regex a regular expression.")],
    speech: Annotated[list[str] | None, typer.Option(help="Only this speech; may be repeated.")] = None,
    speaker: Speaker = "",
    since: Since = "",
    until: Until = "",
    regex: Annotated[bool, typer.Option("--regex", help="Read the pattern as a regular expression.")] = False,
    width: Annotated[int, typer.Option(min=4, max=400, help="Columns of context on each side.")] = 36,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV that no spreadsheet runs.")] = False,
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Show a word or phrase in its context wherever the analysed speeches say it, with speech and time."""
    from rhetoric.cli.concordance import limited, print_csv, print_lines
    from rhetoric.errors import ConfigError
    from rhetoric.pipeline import search_archive

    if as_json and as_csv:
        raise ConfigError("choose one of --json and --csv")
    archive, recordings = chosen(archive_folder, speech, speaker)
    with limited(pattern):
        hits = search_archive(archive, between(recordings, since, until), pattern, regex=regex)
    if as_json:
        print_json([hit._asdict() for hit in hits])
    elif as_csv:
        print_csv(hits)
    else:
        print_lines(hits, width)
    say(f"{counted(len(hits), 'hit')} in {counted(len({hit.speech_id for hit in hits}), 'speech', 'speeches')}")
    return 0
