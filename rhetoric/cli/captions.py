"""Captions that are added beside a recording: are they of this recording?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rhetoric.cli.output import clock

if TYPE_CHECKING:
    from rhetoric.archive import Archive
    from rhetoric.types import Recording, Transcript

# Captions may outlast the sound a little: a last cue that stands on, a length that a container rounds.
OVERHANG_S, OVERHANG_SHARE = 5.0, 0.02
SHORT = 0.5
ENOUGH = 30  # words or characters, below which nothing can be said of a text


def check_captions(archive: Archive, recording: Recording, captions: Transcript, path: Path) -> str:
    """A remark on how captions fit their recording (or nothing); what was heard before is kept in transcripts/heard/.

    Raises:
        FormatError: they run on after the recording's end, or their words are others than those that were heard.
    """
    from rhetoric.cli.align import keep_heard
    from rhetoric.errors import FormatError, RhetoricError
    from rhetoric.pipeline import read_transcript

    if not recording.file:
        return ""
    remark = _length_remark(recording, captions, f"{path}: its captions end")
    try:
        heard = read_transcript(archive.transcript_path(recording.speech_id))
    except RhetoricError:
        return remark  # nothing was heard yet, or what was is damaged
    if heard.engine.startswith(("import:", "align:")):
        return remark
    from rhetoric.transcribe.alignment import SAME_TEXT, align
    from rhetoric.transcribe.clean import guess_language

    found = align(captions.segments, heard)
    share = found.share
    written = guess_language(" ".join(segment.text for segment in captions.segments))
    if share < SAME_TEXT and written == heard.language and min(found.tokens, found.heard) >= ENOUGH:
        raise FormatError(f"{path}: only {share:.0%} of its words fit what was heard in {recording.speech_id}: "
                          "captions of another recording; nothing was added (--id names another speech)")
    keep_heard(archive, heard)
    translated = share < SAME_TEXT and written != heard.language
    fit = f"a translation ({heard.language} was heard)" if translated else f"{share:.0%} as heard"
    return f"{remark}; {fit}, which is kept in transcripts/heard/"


def check_length(archive: Archive, recording: Recording, path: Path) -> None:
    """Refuse a recording that is shorter than the captions that are there already.

    Raises:
        FormatError: the captions run on after its end.
    """
    from rhetoric.errors import RhetoricError
    from rhetoric.pipeline import read_transcript

    try:
        captions = read_transcript(archive.transcript_path(recording.speech_id))
    except RhetoricError:
        return
    if captions.engine.startswith("import:"):
        _length_remark(recording, captions, f"{path}: the captions of {recording.speech_id} end")


def _length_remark(recording: Recording, captions: Transcript, head: str) -> str:
    from rhetoric.errors import FormatError

    ends_s, length_s = captions.duration_s, recording.duration_s
    if ends_s is None or length_s is None:
        return ""
    if ends_s > length_s + max(OVERHANG_S, OVERHANG_SHARE * length_s):
        raise FormatError(f"{head} at {clock(ends_s)}, but {recording.file} is {clock(length_s)} long: captions of "
                          "another recording; nothing was added (--id names another speech)")
    return f"; they end at {clock(ends_s)} of {clock(length_s)}" if ends_s < SHORT * length_s else ""
