"""Commands on a whole archive: init, add, run, status, config."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli.options import ArchiveFolder, Force, Json, Model, Offline, chosen
from rhetoric.cli.output import clean, clock, console, exit_code, print_json, report_outcomes, say


def init(folder: Annotated[Path, typer.Argument(help="The folder; it is made where it is not there.")] = Path(),
         name: Annotated[str, typer.Option(help="What the archive is called in reports.")] = "") -> None:
    """Make an archive: a folder for recordings, transcripts, analyses and reports."""
    from rhetoric.archive import init_archive

    archive = init_archive(folder, name)
    say(f"made an archive in {archive.root}; next: rhetoric add FILES --speaker NAME, then rhetoric run")


def add(
    files: Annotated[list[Path], typer.Argument(help="Recordings, captions, scripts, or folders of them.")],
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
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Add recordings (any audio or video file) or transcripts (SRT, VTT, ASS, TXT, Markdown, CSV, JSON).

    A recording and a transcript of the same name belong together. Where there is no archive yet, one is made.
    """
    from rhetoric.cli.adding import Facts, add_files, open_or_init

    facts = Facts(speaker=speaker, organisation=organisation, event=event, date=date, language=language,
                  title=title, source=source, licence=licence, voice=voice)
    archive = open_or_init(archive_folder)
    outcomes = report_outcomes(add_files(archive, files, facts, speech_id), show_skipped=True)
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
) -> int:
    """Do everything that is not yet done: transcribe, analyse, compare, report."""
    from rhetoric.cli.findings import analyze_all, transcribe_all
    from rhetoric.cli.reports import make_report
    from rhetoric.config import with_flags
    from rhetoric.errors import ArchiveError
    from rhetoric.files import locked

    archive, recordings = chosen(archive_folder)
    archive = archive.with_config(with_flags(archive.config, "transcribe", model=model))
    with locked(archive.root):
        outcomes = transcribe_all(archive, recordings, force=force, offline=offline)
        outcomes += analyze_all(archive, recordings, force=force)
        try:
            page = make_report(archive, recordings, by=by, lang=lang)
        except ArchiveError:
            if exit_code(outcomes):
                return 1  # nothing could be analysed, and each failure has been told
            raise
    typer.echo(str(page))
    return exit_code(outcomes)


def status(archive_folder: ArchiveFolder = Path(), as_json: Json = False) -> int:
    """Say what is there, what is done, what failed and why."""
    from rhetoric.cli.adding import state_of

    archive, recordings = chosen(archive_folder)
    rows = [state_of(archive, recording) for recording in recordings]
    if as_json:
        print_json(rows)
        return 0
    from rich.table import Table
    from rich.text import Text

    title = f"{clean(archive.config.archive.name or archive.root.name)}: {len(rows)} speeches"
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


def config(archive_folder: ArchiveFolder = Path()) -> None:
    """Print the configuration in force: every key, with the file's value or the default."""
    from rhetoric.archive import open_archive
    from rhetoric.config import to_toml

    typer.echo(to_toml(open_archive(archive_folder).config), nl=False)
