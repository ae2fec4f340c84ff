"""Plain text and Markdown: paragraphs, and what times they carry.

A paragraph may begin with its time (`[00:27] ...`, `**[13:41.8 → 13:43.7]** ...`) or end with it (`... [00:00:17]`);
so may a heading. Each such time pins a place in the text; paragraphs between two pins share the time by their length,
those after the last go on at the pace of the whole. A text without times gives segments without times.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from rhetoric.errors import FormatError
from rhetoric.transcribe.clean import clean_text, join_lines
from rhetoric.transcribe.formats.cues import Parsed, is_event
from rhetoric.transcribe.formats.marks import Piece, split_marks
from rhetoric.transcribe.formats.srt import seconds
from rhetoric.types import Segment

_CLOCK = r"(?:(\d{1,2}):)?(\d{1,3}):(\d\d)(?:[.,](\d{1,3}))?"
_RANGE = re.compile(rf"^(?:\*\*)?\[{_CLOCK}\s*(?:→|->|-->|–|-)\s*{_CLOCK}\](?:\*\*)?:?\s*")
_LEAD = re.compile(rf"^(?:\*\*)?[\[(]{_CLOCK}[\])](?:\*\*)?:?\s*")
_TRAIL = re.compile(rf"\s*[\[(]{_CLOCK}[\])]\s*$")
_LINK = re.compile(r"!?\[(\[[^\[\]]*\]|[^\[\]]*)\]\([^()\s]*\)")
_HEADING = re.compile(r"^#{1,6}\s+")
_RULE = re.compile(r"^\s*([-*_])(?:\s*\1){2,}\s*$")
_LIST = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,300}?)(?<=\S)\1")
_METADATA = re.compile(r"^(?:[-*]\s+)?\*\*[^*:：]{1,40}[:：]\*\*\s")
MARKDOWN_SUFFIXES = (".md", ".markdown")
RANGES = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of one paragraph with the times it carries. A heading has no words, but may pin a time."""

    text: str
    start_s: float | None = None
    end_s: float | None = None


def parse_text(text: str, path: str, *, suffix: str = ".txt") -> Parsed:
    """Read plain text or Markdown.

    Raises:
        FormatError: not a word in it.
    """
    counts: Counter[str] = Counter()
    markdown = suffix in MARKDOWN_SUFFIXES or len(re.findall(r"^#{1,6} \S", text, re.MULTILINE)) > 1
    paragraphs = _markdown(text, counts) if markdown else [_paragraph(p) for p in _blocks(text)]
    if sum(p.start_s is not None and p.end_s is not None for p in paragraphs) >= RANGES:
        # A file that gives every line its span often gives the whole text once more without.
        counts["untimed"] += sum(p.end_s is None and bool(p.text) for p in paragraphs)
        paragraphs = [p for p in paragraphs if p.end_s is not None]
    segments = _segments(paragraphs, counts, captions=markdown)
    if not segments:
        raise FormatError(f"{path}: not a word in it; give the text of the speech")
    return Parsed(segments, counts)


def _blocks(text: str) -> list[str]:
    """Paragraphs are parted by blank lines; in a text without any, each line is one."""
    lines = text.strip("\n").split("\n")
    if not any(not line.strip() for line in lines):
        return lines
    blocks, block = [], []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line)
        elif block:
            blocks.append(join_lines(block))
            block = []
    return blocks


def _markdown(text: str, counts: Counter[str]) -> list[Paragraph]:
    """The spoken paragraphs: no headings, rules, contents, nor the `**Date:** ...` lines above the first section."""
    found: list[Paragraph] = []
    sections = bool(re.search(r"^## ", text, re.MULTILINE))
    spoken = not sections and not any(_RULE.match(line) for line in text.split("\n"))
    contents = False
    for block in _lines_apart(_LINK.sub(r"\1", text)):
        if _HEADING.match(block):
            title = _paragraph(_HEADING.sub("", block))
            contents = bool(re.match(r"(?:table of )?contents|metadata|目录", title.text, re.IGNORECASE))
            spoken = spoken or block.startswith("##")
            found.append(Paragraph("", title.start_s))
            counts["headings"] += 1
        elif _RULE.match(block):
            spoken = True
        elif contents or (not spoken and _is_preamble(block, sections)):
            counts["notes"] += 1
        else:
            found.append(_paragraph(_LIST.sub("", block)))
    return found


def _is_preamble(block: str, sections: bool) -> bool:
    """Above the first section: a line of metadata, or a title (no sentence ends in it)."""
    return bool(_METADATA.match(block)) or (sections and not re.search(r"[.!?。！？…]", block))


def _lines_apart(text: str) -> list[str]:
    """Blocks, with headings, rules, list items and metadata lines each a block of their own."""
    blocks: list[str] = []
    block: list[str] = []
    for line in [*text.split("\n"), ""]:
        alone = any(form.match(line) for form in (_HEADING, _RULE, _LIST, _METADATA))
        if block and (alone or not line.strip()):
            blocks.append(join_lines(block))
            block = []
        if alone:
            blocks.append(line.strip())
        elif line.strip():
            block.append(line)
    return blocks


def _paragraph(block: str) -> Paragraph:
    text, start_s, end_s = clean_text(block), None, None
    if match := _RANGE.match(text):
        start_s, end_s = seconds(match.groups()[:4]), seconds(match.groups()[4:])
        text = text[match.end() :]
    elif match := _LEAD.match(text):
        start_s = seconds(match.groups())
        text = text[match.end() :]
    if end_s is None and (match := _TRAIL.search(text)):
        end_s = seconds(match.groups())
        text = text[: match.start()]
    return Paragraph(text, start_s, end_s)


def _segments(paragraphs: list[Paragraph], counts: Counter[str], *, captions: bool) -> tuple[Segment, ...]:
    pieces: list[Piece] = []
    pins: list[Pin] = []
    at = 0
    for paragraph in paragraphs:
        if paragraph.start_s is not None:
            pins.append(Pin(at, paragraph.start_s, starts=True))
        for piece in split_marks(paragraph.text, captions=captions, counts=counts):
            text = clean_text(piece.text if piece.flags else _EMPHASIS.sub(r"\2", piece.text))
            pieces.append(piece._replace(text=text))
            at += len(text)
        if paragraph.end_s is not None:
            pins.append(Pin(at, paragraph.end_s, starts=False))
    clock = _Clock(_in_order(pins, counts), at, counts)
    segments, speaker, done = [], "", 0
    for piece in pieces:
        begin, done = done, done + len(piece.text)
        speaker = speaker if piece.speaker is None else clean_text(piece.speaker)
        if piece.text:
            segments.append(Segment(text=piece.text, start_s=clock.at(begin, start=True),
                                    end_s=clock.at(done, start=False), speaker="" if piece.flags else speaker,
                                    flags=piece.flags))
    return tuple(segments)


class Pin(NamedTuple):
    """A place in the text (characters) whose time is known. `starts`: it is where a paragraph starts, not ends."""

    place: int
    at_s: float
    starts: bool


def _in_order(pins: list[Pin], counts: Counter[str]) -> list[Pin]:
    """Pins whose times rise. Of paragraphs with the same time none is left without any: they will share."""
    kept: list[Pin] = []
    for pin in pins:
        if kept and pin.at_s < kept[-1].at_s:
            counts["backward"] += 1
        elif kept and pin.at_s == kept[-1].at_s and pin.place > kept[-1].place:
            if not pin.starts and not kept[-1].starts:
                kept[-1] = pin
        else:
            kept.append(pin)
    return kept


class _Clock:
    """From a place in the text (characters) to seconds, through pins (place, seconds)."""

    def __init__(self, pins: list[Pin], length: int, counts: Counter[str]) -> None:
        self.pins = [(pin.place, pin.at_s) for pin in pins]
        if not self.pins:
            return
        (first, first_s), (last, last_s) = self.pins[0], self.pins[-1]
        pace = (last_s - first_s) / (last - first) if last > first else 0.0
        if first > 0:
            self.pins.insert(0, (0, max(0.0, round(first_s - first * pace, 3))))
        if last < length:
            counts["end estimated"] += 1
            self.pins.append((length, round(last_s + (length - last) * pace, 3)))
        self.places = [place for place, _ in self.pins]

    def at(self, place: int, *, start: bool) -> float | None:
        """Seconds of a place. Two pins at one place are a pause: what ends there ends before it, what starts, after."""
        if not self.pins:
            return None
        after = bisect_right(self.places, place)
        same = [at_s for pin, at_s in self.pins if pin == place]
        if same:
            return round(same[-1] if start else same[0], 3)
        (low, low_s), (high, high_s) = self.pins[after - 1], self.pins[min(after, len(self.pins) - 1)]
        share = (place - low) / (high - low) if high > low else 0.0
        return round(low_s + (high_s - low_s) * share, 3)


def to_text(segments: tuple[Segment, ...]) -> str:
    """One paragraph a segment, without times; a speaker stands where it changes, as `**Name:**`."""
    blocks, speaker = [], ""
    for segment in segments:
        text = segment.text
        if not is_event(segment) and segment.speaker != speaker:
            speaker = segment.speaker
            text = f"**{speaker}:** {text}" if speaker else f">> {text}"
        blocks.append(text)
    return "\n\n".join(blocks) + "\n" if blocks else ""
