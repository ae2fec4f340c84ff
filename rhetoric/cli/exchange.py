"""Commands that hand results to other programs and take people's codes back: tables, export-codes, import-codes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli.options import ArchiveFolder, Json, Speaker, SpeechIds, chosen
from rhetoric.cli.output import clean, console, print_json, say
from rhetoric.plurals import counted

if TYPE_CHECKING:
    from rhetoric.coding import Imported
    from rhetoric.types import Tables

Blank = Annotated[bool, typer.Option("--blank", help="Without the models' codes, so that they sway nobody.")]


def tables(
    speeches: SpeechIds = None,
    out: Annotated[Path | None, typer.Option(help="The folder (default: tables/ in the archive).")] = None,
    form: Annotated[str, typer.Option("--format", help="parquet, csv, jsonl or xlsx.")] = "parquet",
    speaker: Speaker = "",
    archive_folder: ArchiveFolder = Path(),
) -> None:
    """Write the five tables for pandas, R, DuckDB or a spreadsheet: speeches, sentences, findings, metrics, runs."""
    from rhetoric.errors import ArchiveError
    from rhetoric.pipeline import load_tables

    archive, recordings = chosen(archive_folder, speeches, speaker)
    target = (out or archive.root / "tables").resolve()
    own = (archive.audio, archive.transcripts, archive.analysis, archive.reports, archive.codes_path("x").parent)
    if target == archive.root.resolve() or any(target.is_relative_to(folder.resolve()) for folder in own):
        raise ArchiveError(f"{target}: is the archive itself or a folder of it; name another folder with --out")
    for path in write_tables(load_tables(archive, recordings), target, form):
        typer.echo(str(path))


def write_tables(made: Tables, folder: Path, form: str) -> list[Path]:
    """Write the five tables over none but their like; returns the files.

    Raises:
        ArchiveError: a file of the same name is there and is no table of ours, or the folder cannot be written.
    """
    from rhetoric.errors import ArchiveError
    from rhetoric.files import write_atomic
    from rhetoric.tables.export import export

    files = {folder / name: content for name, content in export(made, form)}
    told = 12 if form in ("csv", "jsonl") else 4  # the first column's name; the format's magic number
    for path, content in files.items():
        try:
            with path.open("rb") as stream:
                ours = stream.read(told) in (b"", content[:told])
        except OSError:
            continue  # not there; what cannot be written is told when it is written
        if not ours:
            raise ArchiveError(f"{path}: is there and is no table of ours; name another folder, or move it away")
    for path, content in files.items():
        write_atomic(path, content)
    return list(files)


def export_codes(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="codes.qdpx (a REFI-QDA project) or codes.csv.")],
    speeches: SpeechIds = None,
    blank: Blank = False,
    speaker: Speaker = "",
    archive_folder: ArchiveFolder = Path(),
) -> None:
    """Write the sentences with their codes for people to correct: MAXQDA, ATLAS.ti, NVivo, or a spreadsheet."""
    from rhetoric.coding import export_codes as export
    from rhetoric.errors import ArchiveError
    from rhetoric.files import write_atomic

    archive, recordings = chosen(archive_folder, speeches, speaker)
    if out.exists() or out.is_symlink():  # it may hold hours of somebody's coding
        raise ArchiveError(f"{out}: is there already, and may hold people's codes; name another file, or move it away")
    write_atomic(out, export(archive, recordings, out.suffix.lower().lstrip("."), blank=blank))
    say("mark each sentence that you judged (code or column `judged`); then: rhetoric import-codes FILE --coder NAME")
    typer.echo(str(out))


def import_codes(
    path: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A .qdpx or .csv that came back.")] = None,
    coder: Annotated[str, typer.Option(help="Who coded; none: the one person whom a project names.")] = "",
    all_judged: Annotated[bool, typer.Option("--all", help="Every sentence in the file was judged.")] = False,
    remove: Annotated[list[str] | None, typer.Option(metavar="SPEECH", help="Forget the codes of a speech.")] = None,
    as_json: Json = False,
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Take corrected codes into the archive, where they win over the models; print how well these agree with them."""
    from rhetoric.coding import import_codes as take
    from rhetoric.coding import remove_codes
    from rhetoric.files import locked

    if (path is None) == (not remove):
        raise typer.BadParameter("give a FILE, or --remove SPEECH")
    archive, recordings = chosen(archive_folder, remove)
    with locked(archive.root):
        if path is None:
            gone = remove_codes(archive, recordings)
            say(f"forgot the codes of {', '.join(gone) or 'no speech: none had any'}; next: rhetoric run")
            return 0
        found = take(archive, path, coder=coder, all_judged=all_judged)
    for note in found.notes:
        say(note)
    if as_json:
        print_json(found)
    else:
        _print_imported(found)
    say("next: rhetoric run")
    return 0


def _print_imported(found: Imported) -> None:
    from rich.table import Table
    from rich.text import Text

    total, speeches = sum(found.sentences.values()), len(found.sentences)
    title = f"{counted(total, 'sentence')} of {counted(speeches, 'speech', 'speeches')} coded by {clean(found.coder)}"
    table = Table(title=Text(title, style="bold"), title_justify="left", box=None, pad_edge=False)
    for column in ("", "judged", "person", "model", "kappa", "F1"):
        table.add_column(column, justify="right" if column else "left")
    for row in found.agreement:
        table.add_row(row.name.replace("_", " "), *(f"{n:,}" for n in (row.n, row.person, row.model)),
                      Text(_with(row.kappa, row.kappa_interval)), Text(_with(row.f1, row.f1_interval)))
    console().print(table)
    if any(row.kappa_interval or row.f1_interval for row in found.agreement):
        console().print("in brackets: 95 % intervals over the judged sentences", markup=False)


def _with(value: float | None, bounds: tuple[float, float] | None) -> str:
    """A score with its interval, where it has them."""
    if value is None:
        return "–"
    return f"{value:.2f}" + (f" [{bounds[0]:.2f}, {bounds[1]:.2f}]" if bounds else "")
