"""Commands on one speech's words and sound: export, clip, score."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli.options import ArchiveFolder, Json, SpeechIds, chosen
from rhetoric.cli.output import clean, clock, console, in_quarantine, print_json, say

OneSpeech = Annotated[str, typer.Argument(metavar="SPEECH", help="The speech's id.")]


def export(
    speech: OneSpeech,
    form: Annotated[str, typer.Option("--format", help="srt, vtt, txt, csv or json.")] = "srt",
    archive_folder: ArchiveFolder = Path(),
) -> None:
    """Print a transcript as subtitles, text, a table or JSON. Only JSON holds what was left out as invented."""
    from rhetoric.pipeline import read_transcript
    from rhetoric.transcribe.formats import export_transcript

    archive, recordings = chosen(archive_folder, [speech])
    transcript = read_transcript(archive.transcript_path(recordings[0].speech_id))
    typer.echo(clean(export_transcript(transcript, form)), nl=False)
    if form != "json" and (doubts := in_quarantine(transcript)):
        say(f"{transcript.speech_id}: {doubts}; --format json has all")


def seconds_of(text: str) -> float:
    """Seconds from `95`, `1:35` or `0:01:35.5`.

    Raises:
        typer.BadParameter: it is none of these.
    """
    parts = text.split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if not 1 <= len(numbers) <= 3 or not all(0 <= number < 1e6 for number in numbers):
        raise typer.BadParameter(f"{text!r} is no time; write seconds, 1:35 or 0:01:35")
    total = 0.0
    for number in numbers:
        total = total * 60 + number
    return total


def clip(
    speech: OneSpeech,
    start: Annotated[str, typer.Option("--from", help="Where it begins: seconds, 1:35 or 0:01:35.")],
    end: Annotated[str, typer.Option("--to", help="Where it ends.")],
    out: Annotated[Path | None, typer.Option(help="The WAV file (default: SPEECH_FROM-TO.wav here).")] = None,
    archive_folder: ArchiveFolder = Path(),
) -> None:
    """Cut a piece out of a recording, to play or to send as evidence."""
    from rhetoric.transcribe.clips import cut

    start_s, end_s = seconds_of(start), seconds_of(end)
    if end_s <= start_s:
        raise typer.BadParameter(f"--to {end} does not lie after --from {start}")
    archive, recordings = chosen(archive_folder, [speech])
    target = out or Path(f"{speech}_{clock(start_s)}-{clock(end_s)}.wav".replace(":", "."))
    with archive.sound(recordings[0]) as (path, _):
        length_s = cut(path, target, start_s=start_s, end_s=end_s)
    say(f"{length_s:.1f} s of {speech}")
    typer.echo(str(target))


def score(
    speeches: SpeechIds = None,
    scripts: Annotated[Path | None, typer.Option(help="Folder of SPEECH.txt (default: audio/scripts).")] = None,
    as_json: Json = False,
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Compare transcripts with their scripts: character or word error rate, and what was misheard."""
    from rhetoric.errors import ArchiveError
    from rhetoric.pipeline import read_transcript
    from rhetoric.transcribe.accuracy import score_script

    archive, recordings = chosen(archive_folder, speeches)
    folder = scripts or archive.audio / "scripts"
    pairs = [(r.speech_id, folder / f"{r.speech_id}.txt") for r in recordings]
    pairs = [(i, script) for i, script in pairs if script.is_file() and archive.transcript_path(i).is_file()]
    if not pairs:
        raise ArchiveError(f"{folder}: no script of a transcribed speech there; scripts are named SPEECH.txt")
    results = {i: score_script(script.read_text(encoding="utf-8"), read_transcript(archive.transcript_path(i)))
               for i, script in pairs}
    if as_json:
        print_json({i: {"rate": r.rate, "errors": r.errors, "length": r.length, "unit": r.unit, "misheard": r.misheard}
                    for i, r in results.items()})
        return 0
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in ("speech", "error rate", "of", "misheard (script → heard)"):
        table.add_column(column, overflow="fold")
    for speech_id, result in results.items():
        misheard = "  ".join(f"{a or '∅'}→{b or '∅'}" for a, b in result.misheard[:12])
        more = f"  … and {len(result.misheard) - 12} more" if len(result.misheard) > 12 else ""
        table.add_row(speech_id, f"{result.rate:.3f}", f"{result.length:,} {result.unit}", Text(clean(misheard + more)))
    console().print(table)
    return 0
