"""Codes to people and back: a project for programs of qualitative analysis (`qdpx`), or a table (`sheet`).

Both hold the sentences of some speeches with the codebook's labels. What comes back is an `Answers`: which sentences a
person judged, and what they say of them. Nothing here decides what counts: that is `rhetoric.codes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rhetoric.cells import records
from rhetoric.codebook import SLOGAN_SCORE
from rhetoric.codes import MARKED, plain_line
from rhetoric.types import Code, Mark, Tables

MODEL_CODER = "rhetoric"  # the name under which the models' codes are exchanged


class Line(NamedTuple):
    """A sentence as it goes out: one line of text and what the archive says of it now."""

    at: int
    text: str
    start_s: float | None
    function: str
    marks: Mapping[str, tuple[Mark, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a file says of one sentence; only a judged one counts as coded by a person."""

    code: Code
    judged: bool


@dataclass(slots=True, kw_only=True)
class Answers:
    """A file that came back: its answers by speech, who coded where the file says so, and what had to be left out."""

    by_speech: dict[str, list[Answer]] = field(default_factory=dict)
    coder: str = ""
    notes: list[str] = field(default_factory=list)


def lines_of(tables: Tables, *, blank: bool) -> dict[str, list[Line]]:
    """The sentences of every speech with their codes; without them where `blank`, so that nothing sways the coder."""
    marks: dict[tuple[str, int], dict[str, list[tuple[str, float, int, int]]]] = {}
    counted = tables.findings["stage"].isin(list(MARKED)) & (
        (tables.findings["stage"] != "slogans") | (tables.findings["score"] >= SLOGAN_SCORE))
    for row in [] if blank else records(tables.findings[counted]):
        place = marks.setdefault((row["speech_id"], row["sentence_index"]), {})
        place.setdefault(row["stage"], []).append((row["label"], row["score"], row["char_start"], row["char_end"]))
    made: dict[str, list[Line]] = {speech_id: [] for speech_id in tables.speeches["speech_id"]}
    for row in records(tables.sentences):
        found = marks.get((row["speech_id"], row["sentence_index"]), {})
        length, first = row["char_end"] - row["char_start"], row["char_start"]
        made[row["speech_id"]].append(Line(
            row["sentence_index"], plain_line(row["text"]), row["start_s"],
            "" if blank else row["function"] or "",
            {} if blank else {stage: tuple(_mark(stage, found_one, first, length) for found_one in found.get(stage, ()))
                              for stage in MARKED}))
    return made


def _mark(stage: str, found: tuple[str, float, int, int], first: int, length: int) -> Mark:
    label, score, start, end = found
    whole = (start, end) == (first, first + length)
    return Mark(label=label, intensity=round(score) if stage == "emotion" else 0,
                char_start=None if whole else start - first, char_end=None if whole else end - first)
