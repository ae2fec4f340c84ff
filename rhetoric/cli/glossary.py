"""Commands on names: list, suggest, accept, repair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli.options import ArchiveFolder, Json, Speaker, SpeechIds, chosen
from rhetoric.cli.output import clean, clock, console, one_line, print_json, say
from rhetoric.errors import ArchiveError, ConfigError
from rhetoric.plurals import counted

if TYPE_CHECKING:
    from rhetoric.archive import Archive
    from rhetoric.transcribe.suggestions import Suggestion
    from rhetoric.types import Recording, Transcript

app = typer.Typer(help="Names that are misheard: suggestions, and what was accepted.", no_args_is_help=True)

SHOWN = 2  # quotes a suggestion


@app.command("list")
def list_names(archive_folder: ArchiveFolder = Path(), as_json: Json = False) -> None:
    """List the names of the glossary in rhetoric.toml, their aliases, and how often each was repaired."""
    from rich.table import Table

    archive, recordings = chosen(archive_folder)
    if as_json:
        print_json(archive.config.glossary)
        return
    repaired = [repair.written for _, transcript in _transcripts(archive, recordings)
                for segment in transcript.segments for repair in segment.repairs]
    table = Table(box=None, pad_edge=False)
    for column in ("name", "kind", "aliases", "repaired"):
        table.add_column(column)
    for term in archive.config.glossary:
        table.add_row(term.term, term.kind, ", ".join(term.aliases) or "–", str(repaired.count(term.term)))
    console().print(table)


@app.command()
def suggest(speeches: SpeechIds = None, speaker: Speaker = "",
            show_all: Annotated[bool, typer.Option("--all", help="Also ordinary words, which are left out.")] = False,
            archive_folder: ArchiveFolder = Path(), as_json: Json = False) -> None:
    """Find what sounds like a name of the glossary in the transcripts. Nothing is changed: `accept` does that."""
    from rhetoric.transcribe.suggestions import suggest as suggest_aliases

    archive, recordings = chosen(archive_folder, speeches, speaker)
    if not archive.config.glossary:
        raise ConfigError(f"{archive.root}: rhetoric.toml has no glossary; add a table [[glossary]] with a line "
                          "term = \"NAME\" for each name")
    transcripts = [transcript for _, transcript in _transcripts(archive, recordings)]
    if not transcripts:
        raise ArchiveError(f"{archive.root}: there is no transcript yet; `rhetoric transcribe` makes them")
    found = suggest_aliases(transcripts, archive.config.glossary)
    shown = [suggestion for suggestion in found if show_all or not suggestion.ordinary]
    if as_json:
        print_json(shown)
        return
    _print_suggestions(shown)
    if len(shown) < len(found):
        say(f"{len(found) - len(shown)} more are ordinary words (--all shows them)")
    if shown:
        say("listen: rhetoric clip SPEECH --from TIME --to TIME; then: rhetoric glossary accept NAME ALIAS")
    else:
        say("nothing sounds like a name of the glossary")


def _print_suggestions(suggestions: Sequence[Suggestion]) -> None:
    for suggestion in suggestions:
        why = f"  ({suggestion.ordinary})" if suggestion.ordinary else ""
        typer.echo(f"{clean(suggestion.said)} → {suggestion.term}  {suggestion.score:.2f}  ×{suggestion.count}"
                   + clean(why))
        for place in suggestion.places[:SHOWN]:
            typer.echo(f"    {place.speech_id} {clock(place.start_s)}  {one_line(place.text)}")


@app.command()
def accept(
    term: Annotated[str, typer.Argument(help="The name as it is written; it is added where it is not there yet.")],
    alias: Annotated[str, typer.Argument(help="How it is misheard, letter for letter.")],
    kind: Annotated[str, typer.Option(help="For a new name: product, person, organisation, place or other.")] = "other",
    anyway: Annotated[bool, typer.Option("--anyway", help="Also where the alias is an ordinary word.")] = False,
    archive_folder: ArchiveFolder = Path(),
) -> None:
    """Take an alias into rhetoric.toml and write the name in its place in every transcript."""
    from rhetoric.archive import open_archive
    from rhetoric.config import CONFIG_NAME, add_alias, read_config
    from rhetoric.files import locked, write_atomic
    from rhetoric.transcribe.glossary import why_ordinary

    archive, recordings = chosen(archive_folder)
    path = archive.root / CONFIG_NAME
    with locked(archive.root):
        read_config(path)
        changed = add_alias(path.read_text(encoding="utf-8-sig"), str(path), term, alias, kind)
        texts = [segment.text for _, transcript in _transcripts(archive, recordings) for segment in transcript.segments]
        why = why_ordinary(alias, term, texts)
        if why and not anyway:
            raise ConfigError(f"{alias!r} would rewrite ordinary speech: {why}; leave it, or say --anyway")
        write_atomic(path, changed.encode())
        _repair(open_archive(archive.root), recordings)


@app.command()
def repair(speeches: SpeechIds = None, archive_folder: ArchiveFolder = Path()) -> None:
    """Make the repairs of the glossary as it is now, and undo all others, after rhetoric.toml was edited."""
    from rhetoric.files import locked

    archive, recordings = chosen(archive_folder, speeches)
    with locked(archive.root):
        _repair(archive, recordings)


def _repair(archive: Archive, recordings: Sequence[Recording]) -> None:
    from rhetoric.transcribe.glossary import repair_transcript
    from rhetoric.transcribe.transcript_file import write_transcript

    changed = repairs = 0
    for recording, transcript in _transcripts(archive, recordings):
        repaired = repair_transcript(transcript, archive.config.glossary)
        repairs += sum(len(segment.repairs) for segment in repaired.segments)
        # A transcript without a change keeps its bytes, so that its analysis stays fresh.
        if repaired.segments != transcript.segments:
            changed += 1
            write_transcript(repaired, archive.transcript_path(recording.speech_id))
    say(f"{counted(repairs, 'name')} repaired; {counted(changed, 'transcript')} changed"
        + ("; next: rhetoric run" if changed else ""))


def _transcripts(archive: Archive, recordings: Sequence[Recording]) -> Iterator[tuple[Recording, Transcript]]:
    """The transcripts that are there."""
    from rhetoric.transcribe.transcript_file import read_transcript

    for recording in recordings:
        path = archive.transcript_path(recording.speech_id)
        if path.exists():
            yield recording, read_transcript(path)
