"""Commands on a whole archive: init, add, run, status, config."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli.options import (
    Address,
    ArchiveFolder,
    EngineName,
    Force,
    Json,
    Log,
    Model,
    Offline,
    Workers,
    chosen,
)
from rhetoric.cli.output import clean, clock, console, exit_code, print_json, report_outcomes, say
from rhetoric.jobs import FAILED
from rhetoric.plurals import speeches


def init(folder: Annotated[Path, typer.Argument(help="The folder; it is made where it is not there.")] = Path(),
         name: Annotated[str, typer.Option(help="What the archive is called in reports.")] = "") -> None:
    """Make an archive: a folder for recordings, transcripts, analyses and reports."""
    from rhetoric.archive import init_archive

    archive = init_archive(folder, name)
    say(f"made an archive in {archive.root}; next: rhetoric add FILES --speaker NAME, then rhetoric run")


def add(
    files: Annotated[list[Path] | None, typer.Argument(
        help="Recordings, captions, scripts, folders of them (here or at an s3:// or file:// URL), or a CSV that lists "
             "them in a column `file`.")] = None,
    speaker: Annotated[str, typer.Option(help="Who speaks.")] = "",
    organisation: Annotated[str, typer.Option(help="For whom.")] = "",
    event: Annotated[str, typer.Option(help="At what event.")] = "",
    date: Annotated[str, typer.Option(help="YYYY, YYYY-MM or YYYY-MM-DD; none: the year in each file's name.")] = "",
    language: Annotated[str, typer.Option(help="zh or en; none: detected.")] = "",
    title: Annotated[str, typer.Option(help="What the speech is called.")] = "",
    source: Annotated[str, typer.Option(help="Where it comes from.")] = "",
    licence: Annotated[str, typer.Option(help="Under which licence.")] = "",
    voice: Annotated[str, typer.Option(help="Whose sentences count, where the captions tag several speakers.")] = "",
    speech_id: Annotated[str, typer.Option("--id", help="The speech's id (one file only); none: from its name.")] = "",
    feed: Annotated[str, typer.Option(
        help="A podcast feed (RSS: a file or an address) or yt-dlp's JSON: what it announces becomes rows of the "
             "catalog; no recording is fetched.")] = "",
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Add recordings (any audio or video file) or transcripts (SRT, VTT, ASS, TXT, Markdown, CSV, JSON).

    A recording and a transcript of the same name belong together. Where there is no archive yet, one is made. A list's
    other columns are named like the catalog's (speech_id, speaker, date, ...).
    """
    from itertools import chain

    from rhetoric.cli.adding import add_feed, add_files, open_or_init
    from rhetoric.cli.lists import Facts

    if not files and not feed:
        raise typer.BadParameter("name files, folders or a list of them, or a feed with --feed")
    facts = Facts(speaker=speaker, organisation=organisation, event=event, date=date, language=language,
                  title=title, source=source, licence=licence, voice=voice)
    archive = open_or_init(archive_folder)
    added = add_files(archive, files, facts, speech_id) if files else ()
    announced = add_feed(archive, feed, facts) if feed else ()
    outcomes = report_outcomes(chain(added, announced), show_skipped=True)
    if not exit_code(outcomes):
        say("next: rhetoric run")
    return exit_code(outcomes)


def run(
    archive_folder: Annotated[Path, typer.Argument(metavar="[ARCHIVE]", help="The archive's folder.")] = Path(),
    by: Annotated[str | None, typer.Option(help="What to compare by: year, speaker, or a catalog column.")] = None,
    lang: Annotated[str | None, typer.Option(help="The report's language first shown: en or zh.")] = None,
    model: Model = None,
    force: Force = False,
    offline: Offline = False,
    engine: EngineName = None,
    workers: Workers = None,
    address: Address = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done, why, and how long it would "
                                                            "take.")] = False,
    log: Log = None,
    as_json: Json = False,
) -> int:
    """Do everything that is not yet done: transcribe, analyse, compare, report."""
    from rhetoric.cli.reports import make_report
    from rhetoric.cli.running import flagged, session, show_plan
    from rhetoric.errors import ArchiveError
    from rhetoric.stages import load_stages

    archive, recordings = chosen(archive_folder)
    # A slip in the configuration is told now, not after hours of hearing.
    load_stages(archive.config.stages, archive.root, archive.config.options)
    flags = {"engine": engine, "workers": workers, "address": address}
    if dry_run:
        show_plan(flagged(archive, flags, model), recordings, by=by or archive.config.compare.by, force=force,
                  as_json=as_json)
        return 0
    with session(archive, log, flags, model=model, force=force, offline=offline) as work:
        work.transcribe(recordings)
        recordings = archive.recordings()  # with the lengths of what was heard
        work.analyze(recordings)
        try:
            page = make_report(work.archive, recordings, by=by, lang=lang, keep=not force)
        except ArchiveError:
            if work.exit_code:
                return 1  # nothing could be analysed, and each failure has been told
            raise
        sums = work.end(page=str(page))
    if as_json:
        print_json(sums | {"failed": [o for o in work.outcomes if o.status == FAILED]})
    else:
        typer.echo(str(page))
    return work.exit_code


def status(archive_folder: ArchiveFolder = Path(), as_json: Json = False) -> int:
    """Say what is there, what is done, what failed and why."""
    from rhetoric.cli.adding import state_of
    from rhetoric.notebook import Notebook
    from rhetoric.storage import is_url

    archive, recordings = chosen(archive_folder)
    notebook, storage = Notebook(archive.analysis), archive.storage()
    storage.look(recording.file for recording in recordings if is_url(recording.file))
    rows = [state_of(archive, recording, notebook, storage) for recording in recordings]
    if as_json:
        print_json(rows)
        return 0
    from rich.table import Table
    from rich.text import Text

    title = f"{clean(archive.config.archive.name or archive.root.name)}: {speeches(len(rows))}"
    table = Table(title=Text(title), title_justify="left", box=None, pad_edge=False)
    for column in ("speech", "speaker", "date", "lang", "length", "transcript", "analysis", "what is wrong"):
        table.add_column(column, overflow="fold")
    for recording, row in zip(recordings, rows, strict=True):
        cells = (recording.speech_id, recording.speaker, recording.date, row["language"],
                 clock(recording.duration_s), row["transcript"], row["analysis"],
                 "; ".join(filter(None, (row["problem"], row["quarantine"]))))
        table.add_row(*(Text(clean(cell)) for cell in cells))  # Text: brackets in a name are no markup
    console().print(table)
    return 0


def publish(url: Annotated[str, typer.Argument(metavar="URL", help="A folder: s3://bucket/path or file:///path.")],
            archive_folder: ArchiveFolder = Path(), as_json: Json = False) -> int:
    """Copy catalog, transcripts, tables, codes and reports to a URL; only what changed is sent. Recordings stay."""
    from rhetoric.archive import open_archive
    from rhetoric.files import locked
    from rhetoric.publishing import publish as send

    archive = open_archive(archive_folder)
    with locked(archive.root):
        done = send(archive, url)
    if as_json:
        print_json(done)
    say(f"{done.sent} files sent, {done.removed} removed, {done.kept} as they were")
    return 0


def config(archive_folder: ArchiveFolder = Path()) -> None:
    """Print the configuration in force: every key, with the file's value or the default."""
    from rhetoric.archive import open_archive
    from rhetoric.config import to_toml

    typer.echo(to_toml(open_archive(archive_folder).config), nl=False)
