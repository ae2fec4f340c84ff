"""SubRip (`.srt`): numbered cues with `00:01:02,500 --> 00:01:04,000` and text below."""

from __future__ import annotations

import re
from collections import Counter

from rhetoric.errors import FormatError
from rhetoric.transcribe.clean import join_lines
from rhetoric.transcribe.formats.cues import Cue, Parsed, cues_to_segments, is_event
from rhetoric.types import Segment

TIME = r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?"
TIMING = re.compile(rf"^\s*{TIME}\s*-->\s*{TIME}(?:\s.*)?$")
LIKE_TIMING = re.compile(r"^\s*[\d:.,]+\s*-->|-->\s*[\d:.,]+\s*$")
_TAGS = re.compile(r"</?(?:[ibus]|font|c|span|ruby|rt|br)(?:[ .][^<>]*)?/?>|\{\\[^{}]*\}", re.IGNORECASE)


def seconds(groups: tuple[str | None, ...]) -> float:
    """(hours, minutes, seconds, decimals) as matched by `TIME` -> seconds."""
    hours, minutes, whole, decimals = groups
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(whole or 0) + float(f"0.{decimals or 0}")


def timing(line: str, where: str) -> tuple[float, float] | None:
    """Start and end of a timing line; None for any other line.

    Raises:
        FormatError: it should be a timing line and cannot be read as one.
    """
    if "-->" not in line:
        return None
    match = TIMING.match(line)
    if match:
        return round(seconds(match.groups()[:4]), 3), round(seconds(match.groups()[4:]), 3)
    if LIKE_TIMING.search(line):
        raise FormatError(f"{where}: not a time line: {line.strip()[:60]!r}; write it as 00:01:02,500 --> 00:01:04,000")
    return None


def parse_srt(text: str, path: str) -> Parsed:
    """Read SubRip. Blank lines inside a cue and absent numbers are borne; a cue's text ends where the next begins.

    Raises:
        FormatError: a time line that cannot be read, or no cue at all.
    """
    lines = text.split("\n")
    times = [(number, found) for number, line in enumerate(lines) if (found := timing(line, f"{path}:{number + 1}"))]
    if not times:
        raise FormatError(f"{path}: no cue in it (a line like 00:01:02,500 --> 00:01:04,000); is it a caption file?")
    ends = [number for number, _ in times[1:]] + [len(lines)]
    counts: Counter[str] = Counter()
    cues = []
    for count, ((number, (start_s, end_s)), end) in enumerate(zip(times, ends, strict=True), 1):
        body = lines[number + 1 : end]
        if end < len(lines) and _ends_with_number(body, count + 1):
            body.pop()
        cues.append(Cue(start_s, end_s, join_lines([_TAGS.sub("", line) for line in body], captions=True)))
    return Parsed(cues_to_segments(cues, counts), counts)


def _ends_with_number(body: list[str], expected: int) -> bool:
    """True if the last line is the number of the next cue, not a year that was said."""
    last = body[-1].strip() if body else ""
    return last.isdigit() and (int(last) == expected or (len(body) > 1 and not body[-2].strip()))


def to_srt(segments: tuple[Segment, ...]) -> str:
    """Segments with times as SubRip; a speaker stands where it changes, as `>> Name:`."""
    cues, speaker = [], ""
    for number, segment in enumerate(segments, 1):
        text = segment.text.replace("-->", "→")
        if not is_event(segment) and segment.speaker != speaker:
            speaker = segment.speaker
            text = f">> {speaker}: {text}" if speaker else f">> {text}"
        cues.append(f"{number}\n{stamp(segment.start_s, ',')} --> {stamp(segment.end_s, ',')}\n{text}\n")
    return "\n".join(cues)


def stamp(at_s: float | None, point: str) -> str:
    """Seconds as 00:01:02,500."""
    milliseconds = round((at_s or 0.0) * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds // 1000:02}{point}{milliseconds % 1000:03}"
