"""Commands that hear and read: transcribe, analyze."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    Speaker,
    SpeechIds,
    Workers,
    chosen,
)
from rhetoric.cli.output import print_json, say
from rhetoric.errors import ArchiveError

if TYPE_CHECKING:
    from rhetoric.types import Tables


def transcribe(
    speeches: SpeechIds = None,
    model: Model = None,
    language: Annotated[str | None, typer.Option(help="zh or en; none: the catalog's, else detected.")] = None,
    speaker: Speaker = "",
    force: Force = False,
    offline: Offline = False,
    engine: EngineName = None,
    workers: Workers = None,
    address: Address = None,
    log: Log = None,
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Turn recordings into transcripts with Whisper. Finished ones are skipped."""
    from rhetoric.cli.running import session

    archive, recordings = chosen(archive_folder, speeches, speaker)
    flags = {"engine": engine, "workers": workers, "address": address}
    with session(archive, log, flags, model=model, force=force, offline=offline) as work:
        work.transcribe(recordings, language=language or "")
        work.say_if_nothing()
        work.end()
    return work.exit_code


def analyze(
    speeches: Annotated[list[str] | None, typer.Argument(
        metavar="[SPEECH|FILE]...", help="Ids of speeches, or one transcript file; none: all.")] = None,
    language: Annotated[str, typer.Option(help="zh or en, for a file; none: told from its text.")] = "",
    speaker: Speaker = "",
    voice: Annotated[str | None, typer.Option(
        help="Count only what is tagged with this speaker's name in the transcript; noted in the catalog, so that it "
             "holds from now on; all: everybody.")] = None,
    as_json: Json = False,
    csv: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Also write sentences, findings, metrics, speeches and runs there as CSV.")] = None,
    force: Force = False,
    engine: EngineName = None,
    workers: Workers = None,
    address: Address = None,
    log: Log = None,
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Find functions, emotion, slogans, figures, patterns and voice. A file (TXT, SRT, VTT, JSON) needs no archive."""
    for name in speeches or ():
        if Path(name).suffix and not Path(name).is_file():
            raise ArchiveError(f"{name}: no such file; give one transcript file, or ids of speeches")
    if speeches and len(speeches) == 1 and Path(speeches[0]).is_file():
        return _analyze_file(Path(speeches[0]), language, voice or "", as_json=as_json, csv=csv)
    from rhetoric.cli.running import session
    from rhetoric.pipeline import load_tables

    archive, recordings = chosen(archive_folder, speeches, speaker)
    flags = {"engine": engine, "workers": workers, "address": address}
    with session(archive, log, flags, force=force) as work:
        if voice is not None:
            from rhetoric.cli.voices import choose_voice

            recordings = choose_voice(archive, recordings, voice)
        work.analyze(recordings)
        work.say_if_nothing()
        work.end()
    try:
        tables = load_tables(archive, recordings)
    except ArchiveError:
        if work.exit_code:
            return 1  # each failure has been told
        raise
    _show(tables, as_json=as_json, csv=csv, full=bool(speeches) and len(speeches or ()) <= 3)
    return work.exit_code


def _analyze_file(path: Path, language: str, voice: str, *, as_json: bool, csv: Path | None) -> int:
    from rhetoric.config import Config
    from rhetoric.pipeline import analyze_file
    from rhetoric.tables import tabulate

    analysis = analyze_file(path, language=language, voice=voice, stages=Config().stages)
    _show(tabulate([analysis]), as_json=as_json, csv=csv, full=True)
    return int(any(run.error for run in analysis.runs))


def _show(tables: Tables, *, as_json: bool, csv: Path | None, full: bool) -> None:
    from rhetoric.cli.summary import print_summaries, summary_data

    if csv is not None:
        _write_csv(tables, csv)
    if as_json:
        print_json(summary_data(tables))
    else:
        print_summaries(tables, full=full)


def _write_csv(tables: Tables, folder: Path) -> None:
    """The five tables as CSV files that a spreadsheet opens and runs nothing of."""
    from rhetoric.cli.exchange import write_tables

    names = [path.name for path in write_tables(tables, folder, "csv")]
    say(f"wrote {', '.join(names)} into {folder}")
