"""WebVTT (`.vtt`), after the W3C's "WebVTT: The Web Video Text Tracks Format", and as HLS packagers write it.

Cue settings, identifiers, notes, styles and inline tags are left out; `<v Name>` names a speaker. A file joined from
HLS parts repeats its header; an `X-TIMESTAMP-MAP` there shifts the cues below it (RFC 8216, 3.5) by what it differs
from the first. Captions that roll up (each cue repeats the line before it, as automatic ones do) are unrolled.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from rhetoric.errors import FormatError
from rhetoric.transcribe.clean import clean_text, join_lines
from rhetoric.transcribe.formats.cues import Cue, Parsed, cues_to_segments, is_event
from rhetoric.transcribe.formats.srt import TIME, seconds, stamp, timing
from rhetoric.types import Segment

MPEG_CLOCK = 90_000
_MAP = re.compile(rf"^X-TIMESTAMP-MAP=(?=.*MPEGTS:(\d{{1,12}}))(?=.*LOCAL:{TIME})")
_WORD_TIME = re.compile(r"<\d{1,3}:\d\d(?::\d\d)?\.\d{3}>")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)*\s+([^<>]*)>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[\d:.]+>")
_SKIPPED = ("WEBVTT", "NOTE", "STYLE", "REGION", "X-TIMESTAMP-MAP")


def parse_vtt(text: str, path: str) -> Parsed:
    """Read WebVTT.

    Raises:
        FormatError: a time line that cannot be read, or no cue at all.
    """
    counts: Counter[str] = Counter()
    cues = list(_unrolled(list(_raw_cues(text.split("\n"), path)), counts))
    if not cues:
        raise FormatError(f"{path}: no cue in it (a line like 01:02.500 --> 01:04.000); is it a caption file?")
    named = any(_VOICE.search(cue.text) for cue in cues)
    return Parsed(cues_to_segments([part for cue in cues for part in _voices(cue, named)], counts), counts)


def _raw_cues(lines: list[str], path: str) -> Iterator[tuple[float, float, list[str]]]:
    """(start_s, end_s, lines with tags) of each cue, in file order."""
    first: float | None = None
    shift, at = 0.0, 0
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if match := _MAP.match(line):
            offset = int(match[1]) / MPEG_CLOCK - seconds(match.groups()[1:])
            first = offset if first is None else first
            shift = offset - first
        elif line.startswith(_SKIPPED[1:4]) and line.split(" ")[0].split("\t")[0] in _SKIPPED:
            while at < len(lines) and lines[at].strip():
                at += 1
        elif found := timing(line, f"{path}:{at}"):
            begin = at
            while at < len(lines) and lines[at] and not timing(lines[at], f"{path}:{at + 1}"):
                at += 1
            yield round(found[0] + shift, 3), round(found[1] + shift, 3), lines[begin:at]


def _unrolled(raw: list[tuple[float, float, list[str]]], counts: Counter[str]) -> Iterator[Cue]:
    """Cues with tags still in them. Only a file with times inside its cues rolls up; else a line said twice stays."""
    rolls = any(_WORD_TIME.search(line) for _, _, lines in raw for line in lines)
    shown: list[str] = []
    for start_s, end_s, lines in raw:
        lines = [line for line in lines if line.strip()]
        plain = [_plain(line) for line in lines]
        fresh = [line for line, words in zip(lines, plain, strict=True) if words not in shown] if rolls else lines
        counts["rolled up"] += len(lines) - len(fresh)
        shown = plain
        if fresh:
            yield Cue(start_s, end_s, "\n".join(fresh))


def _voices(cue: Cue, named: bool) -> Iterator[Cue]:
    """One cue a voice: the parts of a cue with several `<v>` share its time. `named`: the file uses `<v>` at all."""
    text, parts = cue.text, list(_VOICE.finditer(cue.text))
    if not parts:
        yield replace(cue, text=_plain(text), speaker="" if named else None)
        return
    if head := _plain(text[: parts[0].start()]):
        yield replace(cue, text=head, speaker="")
    for part, end in zip(parts, [part.start() for part in parts[1:]] + [len(text)], strict=True):
        speaker = clean_text(html.unescape(part[1]))
        yield replace(cue, text=_plain(text[part.end() : end]), speaker=speaker)


def _plain(text: str) -> str:
    return join_lines([html.unescape(_TAG.sub("", line)) for line in text.split("\n")], captions=True)


def to_vtt(segments: tuple[Segment, ...]) -> str:
    """Segments with times as WebVTT, speakers as `<v Name>`."""
    blocks = ["WEBVTT\n"]
    for segment in segments:
        text = html.escape(segment.text, quote=False)
        if segment.speaker and not is_event(segment):
            text = f"<v {html.escape(segment.speaker, quote=False)}>{text}"
        blocks.append(f"{stamp(segment.start_s, '.')} --> {stamp(segment.end_s, '.')}\n{text}\n")
    return "\n".join(blocks)
