"""Whose sentences count: the column `voice` of the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rhetoric.archive import Archive
    from rhetoric.types import Recording


def choose_voice(archive: Archive, recordings: Sequence[Recording], voice: str) -> tuple[Recording, ...]:
    """Note in the catalog whose sentences count in these speeches; "all" takes it back. Nothing is noted on an error.

    Raises:
        SpeechError: a transcript that is there has nobody of this name.
        FormatError, ArchiveError: a transcript is damaged, or the catalog cannot be written.
    """
    from rhetoric.pipeline import read_transcript
    from rhetoric.rows import Rows
    from rhetoric.sentences.voices import COLUMN, EVERYONE, key_of, only_voice

    cell = "" if key_of(voice) == EVERYONE else voice.strip()
    for recording in recordings:
        path = archive.transcript_path(recording.speech_id)
        if path.exists():
            only_voice(read_transcript(path), cell)
    rows = Rows(archive.catalog_path)
    chosen = tuple(replace(r, extra={**r.extra, COLUMN: cell}) for r in recordings)
    for recording in chosen:
        rows.put(recording)
    rows.write()
    return chosen
