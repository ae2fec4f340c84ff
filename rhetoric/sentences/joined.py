"""The segments of a transcript as one text, with what is known of each character: time, speaker, borders."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from rhetoric.types import Segment, Word

EVENT_PREFIX = "event:"
INVENTED = "invented"  # the kind of event that a segment in quarantine leaves behind
PARAGRAPH = "\n"

_BLANK_LINE = re.compile(r"\s*\n\s*\n\s*")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

Glue = Callable[[str, str], str]


@dataclass(slots=True)
class Joined:
    """One text. `starts` and `ends` hold seconds for each character, None where unknown; they never run backwards.

    `borders` are the offsets where a segment begins (but the first), `turns` those where another speaker begins.
    `speakers` has one name a character. `events` are (kind, offset, start_s, end_s): what the hall did at an offset.
    """

    text: str = ""
    starts: list[float | None] = field(default_factory=list)
    ends: list[float | None] = field(default_factory=list)
    speakers: list[str] = field(default_factory=list)
    borders: list[int] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)
    events: list[tuple[str, int, float | None, float | None]] = field(default_factory=list)

    def pause_before(self, offset: int) -> float:
        """Seconds of silence between what is spoken before `offset` and from it on; 0 where unknown."""
        left, right = offset - 1, offset
        while left > 0 and not self.text[left].isalnum():
            left -= 1
        while right < len(self.text) - 1 and self.text[right].isspace():
            right += 1
        end, start = self.ends[left], self.starts[right]
        return 0.0 if end is None or start is None else max(0.0, start - end)


def clean(text: str) -> str:
    """A segment's text with single spaces; a blank line becomes one line break (a paragraph); no lone surrogates."""
    paragraphs = _BLANK_LINE.split(_LONE_SURROGATE.sub("\ufffd", text).strip())
    return PARAGRAPH.join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())


def event_kind(segment: Segment) -> str:
    """The kind of an event segment ("applause"), or "" for speech."""
    kinds = [flag.removeprefix(EVENT_PREFIX) for flag in segment.flags if flag.startswith(EVENT_PREFIX)]
    return kinds[0] if kinds else ""


def _seconds(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _anchors(text: str, words: Sequence[Word]) -> Iterable[tuple[int, int, float, float]]:
    """Where each word lies in the text: (char_start, char_end, start_s, end_s). A word that is not there is left out.

    A word is looked for only near its place, so one that the text lacks cannot swallow those after it.
    """
    at = 0
    for word in words:
        shown, start_s, end_s = clean(word.text), _seconds(word.start_s), _seconds(word.end_s)
        if not shown or start_s is None or end_s is None:
            continue
        found = text.find(shown, at, at + 3 * len(shown) + 12)
        if found >= 0:
            at = found + len(shown)
            yield found, at, start_s, end_s


def character_times(segment: Segment, text: str) -> tuple[list[float | None], list[float | None]]:
    """Start and end of each character: inside its word, else between the words around, else linear in the segment."""
    start_s, end_s = _seconds(segment.start_s), _seconds(segment.end_s)
    spans = list(_anchors(text, segment.words))
    if start_s is None and spans:
        start_s = spans[0][2]
    if end_s is None and spans:
        end_s = spans[-1][3]
    if start_s is None or end_s is None:
        return [None] * len(text), [None] * len(text)
    starts: list[float | None] = []
    ends: list[float | None] = []

    def fill(until: int, low: float, high: float) -> None:
        n = until - len(starts)
        for k in range(n):
            starts.append(low + (high - low) * k / n)
            ends.append(low + (high - low) * (k + 1) / n)

    last_s = start_s
    for char_start, char_end, word_start_s, word_end_s in spans:
        # Marks and spaces between two words are silent: they take no time of the pause.
        silent = not any(ch.isalnum() for ch in text[len(starts) : char_start])
        fill(char_start, last_s, last_s if silent else word_start_s)
        fill(char_end, word_start_s, word_end_s)
        last_s = word_end_s
    rest_is_silent = bool(spans) and not any(ch.isalnum() for ch in text[len(starts) :])
    fill(len(text), last_s, last_s if rest_is_silent else end_s)
    return starts, ends


def _never_backwards(joined: Joined) -> None:
    """Make all times one rising line: captions of two speakers may overlap, and hostile files may run back."""
    latest = 0.0
    for i, (start_s, end_s) in enumerate(zip(joined.starts, joined.ends, strict=True)):
        if start_s is None or end_s is None:
            continue
        joined.starts[i] = latest = max(latest, start_s)
        joined.ends[i] = latest = max(latest, end_s)


def join(segments: Iterable[Segment], glue: Glue) -> Joined:
    """Join the segments that are speech; `glue(left, right)` gives what stands between two of them.

    Events stay as `events`; so do segments in quarantine (`types.QUARANTINE`), without their text.
    """
    joined, speaker, length = Joined(), "", 0
    parts: list[str] = []
    for segment in segments:
        kind, text = event_kind(segment), clean(segment.text)
        if segment.quarantined and text and not kind:
            kind = INVENTED
        if kind:
            joined.events.append((kind, length, _seconds(segment.start_s), _seconds(segment.end_s)))
            continue
        if not text:
            continue
        between = glue(parts[-1], text) if parts else ""
        name = segment.speaker or speaker
        if parts:
            joined.borders.append(length + len(between))
            if name != speaker:
                joined.turns.append(length + len(between))
        last_s = joined.ends[-1] if joined.ends else None
        starts, ends = character_times(segment, text)
        joined.starts += [last_s] * len(between) + starts
        joined.ends += [last_s] * len(between) + ends
        joined.speakers += [speaker] * len(between) + [name] * len(text)
        parts += [between, text]
        length += len(between) + len(text)
        speaker = name
    joined.text = "".join(parts)
    _never_backwards(joined)
    return joined
