"""Commands that hear and read: transcribe, analyze."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli.options import ArchiveFolder, Force, Json, Model, Offline, Speaker, SpeechIds, chosen
from rhetoric.cli.output import audio_progress, exit_code, print_json, report_outcomes, say
from rhetoric.errors import ArchiveError
from rhetoric.pipeline import SKIPPED, Outcome

if TYPE_CHECKING:
    from rhetoric.archive import Archive
    from rhetoric.types import Recording, Tables


def transcribe_all(archive: Archive, recordings: Sequence[Recording], *, force: bool, offline: bool) -> list[Outcome]:
    """Transcribe with a progress bar."""
    from rhetoric.pipeline import reason_to_keep_transcript, transcribe_archive

    waiting = [r for r in recordings if r.file and (force or not reason_to_keep_transcript(archive, r))]
    with audio_progress(sum(r.duration_s or 0.0 for r in waiting)) as watch:
        return report_outcomes(transcribe_archive(archive, recordings, force=force, offline=offline, watch=watch))


def analyze_all(archive: Archive, recordings: Sequence[Recording], *, force: bool) -> list[Outcome]:
    """Analyse, saying what was done."""
    from rhetoric.pipeline import analyze_archive

    return report_outcomes(analyze_archive(archive, recordings, force=force))


def transcribe(
    speeches: SpeechIds = None,
    model: Model = None,
    language: Annotated[str | None, typer.Option(help="zh or en; none: the catalog's, else detected.")] = None,
    speaker: Speaker = "",
    force: Force = False,
    offline: Offline = False,
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Turn recordings into transcripts with Whisper. Finished ones are skipped."""
    from dataclasses import replace

    from rhetoric.config import with_flags
    from rhetoric.files import locked

    archive, recordings = chosen(archive_folder, speeches, speaker)
    archive = archive.with_config(with_flags(archive.config, "transcribe", model=model))
    if language:
        recordings = tuple(replace(recording, language=language) for recording in recordings)
    with locked(archive.root):
        outcomes = transcribe_all(archive, recordings, force=force, offline=offline)
    _say_if_nothing(outcomes)
    return exit_code(outcomes)


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
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Find functions, emotion, slogans, figures, patterns and voice. A file (TXT, SRT, VTT, JSON) needs no archive."""
    for name in speeches or ():
        if Path(name).suffix and not Path(name).is_file():
            raise ArchiveError(f"{name}: no such file; give one transcript file, or ids of speeches")
    if speeches and len(speeches) == 1 and Path(speeches[0]).is_file():
        return _analyze_file(Path(speeches[0]), language, voice or "", as_json=as_json, csv=csv)
    from rhetoric.files import locked
    from rhetoric.pipeline import load_tables

    archive, recordings = chosen(archive_folder, speeches, speaker)
    with locked(archive.root):
        if voice is not None:
            from rhetoric.cli.voices import choose_voice

            recordings = choose_voice(archive, recordings, voice)
        outcomes = analyze_all(archive, recordings, force=force)
    _say_if_nothing(outcomes)
    try:
        tables = load_tables(archive, recordings)
    except ArchiveError:
        if exit_code(outcomes):
            return 1  # each failure has been told
        raise
    _show(tables, as_json=as_json, csv=csv, full=bool(speeches) and len(speeches or ()) <= 3)
    return exit_code(outcomes)


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
    from rhetoric.cells import MARK, write_csv
    from rhetoric.files import write_atomic
    from rhetoric.tables import SCHEMAS

    for name in SCHEMAS:
        table = getattr(tables, name).astype(object)
        rows = table.where(table.notna(), None).itertuples(index=False, name=None)
        write_atomic(folder / f"{name}.csv", (MARK + write_csv(list(table.columns), rows)).encode("utf-8"))
    say(f"wrote {', '.join(f'{name}.csv' for name in SCHEMAS)} into {folder}")


def _say_if_nothing(outcomes: Sequence[Outcome]) -> None:
    if outcomes and all(outcome.status == SKIPPED for outcome in outcomes):
        say(f"nothing to do: {', '.join(sorted({outcome.detail for outcome in outcomes}))} (--force does it again)")
