"""Who says what in a transcript, and the transcript of one voice alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from rhetoric.errors import SpeechError
from rhetoric.sentences.joined import event_kind
from rhetoric.types import Transcript

COLUMN = "voice"  # of the catalog
EVERYONE = "all"
SHOWN = 8


def key_of(name: str) -> str:
    """How names are compared: without regard to case and spaces around."""
    return " ".join(name.split()).casefold()


def voices(transcript: Transcript) -> dict[str, float]:
    """Each speaker tag with its share of the letters and characters, the largest first; "" is what has no tag."""
    said: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for segment in transcript.segments:
        if not event_kind(segment):
            name = shown.setdefault(key_of(segment.speaker), segment.speaker)
            said[name] += sum(map(str.isalnum, segment.text))
    total = said.total() or 1
    return {name: count / total for name, count in sorted(said.items(), key=_most_first) if count}


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def only_voice(transcript: Transcript, voice: str) -> Transcript:
    """The transcript with the segments that are tagged with `voice`; all of it for "" and "all". Events stay.

    Names must be the same but for case: a part of a name is not enough, and what has no tag is nobody's.

    Raises:
        SpeechError: nobody is tagged so; the message lists who is.
    """
    if key_of(voice) in ("", EVERYONE):
        return transcript
    kept = tuple(segment for segment in transcript.segments
                 if event_kind(segment) or key_of(segment.speaker) == key_of(voice))
    if all(event_kind(segment) for segment in kept):
        found = voices(transcript)
        tags = ", ".join(f"{name or 'no tag'} ({share:.0%})" for name, share in list(found.items())[:SHOWN])
        if set(found) <= {""}:
            raise SpeechError(f"{transcript.speech_id}: its transcript has no speaker tags, so none can be chosen "
                              f"({voice!r}); take `voice` out of audio/catalog.csv, or add captions that have them")
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise SpeechError(f"{transcript.speech_id}: nobody is tagged {voice!r} in its transcript; the tags are "
                          f"{tags}{more}")
    return replace(transcript, segments=kept)
