"""`rhetoric align`: the words of an official script with the times of the recording."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli.media import OneSpeech
from rhetoric.cli.options import ArchiveFolder, Json, chosen
from rhetoric.cli.output import print_json, say
from rhetoric.plurals import counted

if TYPE_CHECKING:
    from rhetoric.archive import Archive
    from rhetoric.transcribe.alignment import Alignment
    from rhetoric.types import Recording, Transcript

COVERED = 0.7  # below this the user hears that the recording holds much that the script lacks


@dataclass(frozen=True, slots=True)
class Aligned:
    """What `rhetoric align` did: the fit, and whether the sound itself was listened to for the words' borders."""

    alignment: Alignment
    transcript: Transcript
    by_sound: bool


def align(
    speech: OneSpeech,
    script: Annotated[Path, typer.Argument(help="The text that was spoken: TXT, Markdown, or captions.")],
    as_json: Json = False,
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Give the words of an official script the times of the recording, and take them as the transcript.

    What was heard is kept in transcripts/heard/. A script of another recording is refused.
    """
    from rhetoric.files import locked

    archive, recordings = chosen(archive_folder, [speech])
    with locked(archive.root):
        done = align_speech(archive, recordings[0], script)
    found = done.alignment
    if as_json:
        print_json({"speech_id": speech, "share": round(found.share, 4), "covered": round(found.covered, 4),
                    "tokens": found.tokens, "heard": found.heard, "matched": found.matched,
                    "unspoken": list(found.unspoken), "by_sound": done.by_sound})
        return 0
    unit = "characters" if done.transcript.language == "zh" else "words"
    say(f"✓ align {speech}: {found.matched:,} of {found.tokens:,} {unit} of the script were heard so "
        f"({found.matched / found.tokens:.0%}); "
        f"{counted(sum(not s.flags for s in found.segments), 'sentence')} with times")
    if found.covered < COVERED:
        say(f"▲ the script has only {found.covered:.0%} of what was heard: the rest is no longer in the transcript, it "
            f"is kept in transcripts/heard/{speech}.json")
    for text in found.unspoken[:5]:
        say(f"▲ not spoken in the recording, left out: {text[:80]}")
    if len(found.unspoken) > 5:
        say(f"▲ ... and {counted(len(found.unspoken) - 5, 'sentence')} more")
    return 0


def align_speech(archive: Archive, recording: Recording, script: Path) -> Aligned:
    """Align a script with what was heard and write the result as the speech's transcript.

    Raises:
        FormatError: the script cannot be read, is of another recording, or nothing with times was heard.
        AudioError: the recording is there and cannot be decoded.
        ArchiveError: a file cannot be written.
    """
    from dataclasses import replace

    from rhetoric.errors import FormatError
    from rhetoric.files import write_atomic
    from rhetoric.transcribe.alignment import SAME_TEXT, align
    from rhetoric.transcribe.formats import import_transcript
    from rhetoric.transcribe.transcript_file import transcript_to_json

    speech_id = recording.speech_id
    text = import_transcript(script, speech_id=speech_id)
    heard = heard_transcript(archive, recording)
    listened = _by_sound(archive, recording, heard)
    found = align(text.segments, listened or heard)
    if not found.heard:
        raise FormatError(f"{speech_id}: its transcript has no words with times; run `rhetoric transcribe --force "
                          f"{speech_id}` first")
    if found.share < SAME_TEXT:
        languages = "" if text.language == heard.language else f", in another language ({text.language})"
        raise FormatError(f"{script}: only {found.share:.0%} of it fits what was heard in {speech_id}: a script of "
                          f"another recording{languages}; nothing was changed")
    transcript = replace(
        heard, engine=f"align:{heard.engine}", segments=found.segments, options=dict(sorted({
            "source": script.name, "encoding": text.options["encoding"], "script_tokens": found.tokens,
            "heard_tokens": found.heard, "matched": found.matched, "not_spoken": len(found.unspoken),
            "by_sound": listened is not None}.items())))
    keep_heard(archive, heard)
    write_atomic(archive.transcript_path(speech_id), transcript_to_json(transcript).encode())
    return Aligned(found, transcript, listened is not None)


def heard_path(archive: Archive, speech_id: str) -> Path:
    """Where what was heard is kept, once a script or captions took its place."""
    return archive.transcripts / "heard" / f"{speech_id}.json"


def keep_heard(archive: Archive, heard: Transcript) -> None:
    """Write what was heard beside the transcript that takes its place."""
    from rhetoric.files import write_atomic
    from rhetoric.transcribe.transcript_file import transcript_to_json

    write_atomic(heard_path(archive, heard.speech_id), transcript_to_json(heard).encode())


def heard_transcript(archive: Archive, recording: Recording) -> Transcript:
    """What a recogniser heard (or captions with times say): the transcript, or what an earlier script replaced.

    Raises:
        FormatError: there is none, or it is damaged.
    """
    from rhetoric.errors import FormatError
    from rhetoric.pipeline import read_transcript

    speech_id = recording.speech_id
    path, kept = archive.transcript_path(speech_id), heard_path(archive, speech_id)
    if not path.exists():
        raise FormatError(f"{speech_id}: nothing was heard yet to align with; run `rhetoric transcribe {speech_id}` "
                          "first")
    transcript = read_transcript(path)
    timed = any(segment.start_s is not None for segment in transcript.segments)
    if transcript.engine.startswith("align:") or (not timed and kept.exists()):
        return read_transcript(kept)
    return transcript


def _by_sound(archive: Archive, recording: Recording, heard: Transcript) -> Transcript | None:
    """What was heard, its words without the silence at their ends; None where the sound is not there."""
    from dataclasses import replace

    from rhetoric.storage import is_url

    if not recording.file or not (is_url(recording.file) or archive.audio_path(recording).is_file()):
        return None
    from rhetoric.transcribe.decode import SAMPLE_RATE_HZ, Stream, to_float
    from rhetoric.transcribe.onsets import levels_db, tighten

    with archive.sound(recording) as (path, _):
        levels = levels_db(map(to_float, Stream(path)), SAMPLE_RATE_HZ)
    return replace(heard, segments=tighten(heard.segments, levels))
