"""Cues of a caption file -> segments: times put in order, marks taken out of the text, speakers kept in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rhetoric.transcribe.clean import clean_text
from rhetoric.transcribe.formats.marks import Piece, split_marks
from rhetoric.types import Segment, Word


@dataclass(frozen=True, slots=True)
class Cue:
    """What a caption file shows from `start_s` to `end_s`. `speaker` is None where the format does not name one."""

    start_s: float
    end_s: float
    text: str
    speaker: str | None = None
    words: tuple[Word, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read from a file, and what was put right in it, counted by kind."""

    segments: tuple[Segment, ...]
    counts: Counter[str] = field(default_factory=Counter)
    language: str = ""


def is_event(segment: Segment) -> bool:
    """True for applause, laughter and the like: what a segment says then was not spoken."""
    return any(flag.startswith("event:") for flag in segment.flags)


def cues_to_segments(cues: Sequence[Cue], counts: Counter[str], *, marks: bool = True) -> tuple[Segment, ...]:
    """Make segments of cues; what is put right is added to `counts`. Without `marks` the text is taken as it is."""
    segments: list[Segment] = []
    speaker = ""
    for cue in in_order(cues, counts):
        pieces = split_marks(cue.text, captions=True, counts=counts) if marks else [Piece(cue.text)]
        if cue.speaker is not None:
            speaker = cue.speaker
        for piece, start_s, end_s in share_time(pieces, cue.start_s, cue.end_s):
            speaker = speaker if piece.speaker is None else clean_text(piece.speaker)
            if text := clean_text(piece.text):
                words = cue.words if len(pieces) == 1 and not piece.flags else ()
                segment = Segment(text=text, start_s=start_s, end_s=end_s, words=words, speaker=speaker,
                                  flags=tuple(dict.fromkeys(cue.flags + piece.flags)))
                segments.append(replace(segment, speaker="") if is_event(segment) else segment)
    return tuple(segments)


def share_time(pieces: Sequence[Piece], start_s: float, end_s: float) -> Iterator[tuple[Piece, float, float]]:
    """Divide a stretch of time among pieces by the length of their text."""
    total = sum(len(piece.text) for piece in pieces) or 1
    done = 0
    for piece in pieces:
        begin, done = done, done + len(piece.text)
        yield (piece, round(start_s + (end_s - start_s) * begin / total, 3),
               round(start_s + (end_s - start_s) * done / total, 3))


def in_order(cues: Iterable[Cue], counts: Counter[str]) -> list[Cue]:
    """Cues by time, each once, none over the next.

    A cue that ends before it starts ends where it starts; one that runs into the next is cut at the next's start; cues
    with the same start share their time by the length of their text.
    """
    kept: dict[tuple[float, float, str], Cue] = {}
    last_start = 0.0
    for cue in cues:
        if cue.start_s < last_start:
            counts["out of order"] += 1
        last_start = cue.start_s
        if cue.end_s < cue.start_s:
            counts["backward"] += 1
            cue = replace(cue, end_s=cue.start_s)
        if (key := (cue.start_s, cue.end_s, cue.text)) in kept:
            counts["repeated"] += 1
        else:
            kept[key] = cue
    groups: list[list[Cue]] = []
    for cue in sorted(kept.values(), key=_start):
        if groups and groups[-1][0].start_s == cue.start_s:
            groups[-1].append(cue)
        else:
            groups.append([cue])
    limits = [*(group[0].start_s for group in groups[1:]), float("inf")][: len(groups)]
    return [cue for group, limit in zip(groups, limits, strict=True) for cue in _within(group, limit, counts)]


def _start(cue: Cue) -> float:
    return cue.start_s


def _within(group: list[Cue], limit_s: float, counts: Counter[str]) -> Iterator[Cue]:
    end_s = max(cue.end_s for cue in group)
    if end_s > limit_s:
        counts["overlapping"] += 1
        end_s = limit_s
    if len(group) > 1:
        counts["overlapping"] += len(group) - 1
    pieces = [Piece(cue.text) for cue in group]
    for cue, (_, start, end) in zip(group, share_time(pieces, group[0].start_s, end_s), strict=True):
        words = tuple(replace(word, start_s=min(max(word.start_s, start), end), end_s=min(max(word.end_s, start), end))
                      for word in cue.words)
        yield replace(cue, start_s=start, end_s=end, words=words)
