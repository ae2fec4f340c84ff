"""Advanced SubStation Alpha (`.ass`) and SubStation Alpha (`.ssa`): `Dialogue:` lines under `[Events]`.

The `Format:` line names the fields (libass's "ASS File Format Specification"); where it is absent, the usual ones of
v4+ hold. `Name` is the speaker. Override tags (`{\\an8}`), drawings (`{\\p1}`), comments and effects are left out.
"""

from __future__ import annotations

import re
from collections import Counter

from rhetoric.errors import FormatError
from rhetoric.transcribe.clean import clean_text, join_lines
from rhetoric.transcribe.formats.cues import Cue, Parsed, cues_to_segments

FIELDS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_TIME = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2})(?:[.,:](\d{1,3}))?")
_OVERRIDE = re.compile(r"\{[^{}]*\}")
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9]\d*[^{}]*\}.*?(?=\{[^{}]*\\p0[^{}]*\}|$)", re.DOTALL)
_BREAK = re.compile(r"\\[Nn]")


def parse_ass(text: str, path: str) -> Parsed:
    """Read ASS or SSA.

    Raises:
        FormatError: a dialogue line whose fields or times cannot be read, or no dialogue at all.
    """
    fields: tuple[str, ...] = FIELDS
    cues: list[Cue] = []
    inside = True
    for number, line in enumerate(text.split("\n"), 1):
        key, colon, rest = line.strip().partition(":")
        if key.startswith("["):
            inside = key.lower().startswith("[events]")
        elif inside and colon and key.lower() == "format":
            fields = tuple(name.strip().lower() for name in rest.split(","))
        elif inside and colon and key.lower() == "dialogue":
            cues.append(_cue(rest, fields, f"{path}:{number}"))
    if not cues:
        raise FormatError(f"{path}: no line `Dialogue:` in it; is it a caption file?")
    named = any(cue.speaker for cue in cues)
    counts: Counter[str] = Counter()
    return Parsed(cues_to_segments([cue if named else Cue(cue.start_s, cue.end_s, cue.text) for cue in cues], counts),
                  counts)


def _cue(rest: str, fields: tuple[str, ...], where: str) -> Cue:
    cells = rest.split(",", len(fields) - 1)  # the text is last, and may hold commas
    values = dict(zip(fields, cells, strict=False))
    if len(cells) < len(fields) or not {"start", "end", "text"} <= set(fields):
        raise FormatError(f"{where}: has {len(cells)} fields, not the {len(fields)} of `Format:` (Start, End, ..., "
                          "Text); export it again")
    return Cue(_seconds(values["start"], where), _seconds(values["end"], where), _plain(values["text"]),
               clean_text(values.get("name", values.get("actor", ""))))


def _seconds(text: str, where: str) -> float:
    match = _TIME.fullmatch(text.strip())
    if not match:
        raise FormatError(f"{where}: {text.strip()[:40]!r} is no time; write it as 0:01:02.50")
    hours, minutes, whole, decimals = match.groups()
    return round(int(hours) * 3600 + int(minutes) * 60 + int(whole) + float(f"0.{decimals or 0}"), 3)


def _plain(text: str) -> str:
    spoken = _OVERRIDE.sub("", _DRAWING.sub("", text)).replace("\\h", " ")
    return join_lines(_BREAK.split(spoken), captions=True)
