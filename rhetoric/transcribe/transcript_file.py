"""`transcripts/<speech_id>.json`: readable UTF-8, the same order of keys always, one line a word."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from rhetoric.errors import FormatError
from rhetoric.files import write_atomic
from rhetoric.types import TRANSCRIPT_SCHEMA, Repair, Segment, Transcript, Word


def transcript_to_json(transcript: Transcript) -> str:
    """The text of a transcript file."""
    head = {field.name: getattr(transcript, field.name) for field in dataclasses.fields(transcript)}
    head["options"] = dict(sorted(transcript.options.items()))
    del head["segments"]
    lines = msgspec.json.format(msgspec.json.encode(head), indent=1).decode().removesuffix("\n}")
    return f'{lines},\n "segments": [{_rows([_segment(s) for s in transcript.segments], " ")}]\n}}\n'


def _rows(rows: list[str], indent: str) -> str:
    return "\n" + ",\n".join(f"{indent} {row}" for row in rows) + f"\n{indent}" if rows else ""


def _segment(segment: Segment) -> str:
    fields = {"start_s": segment.start_s, "end_s": segment.end_s, "text": segment.text}
    if segment.speaker:
        fields["speaker"] = segment.speaker
    head = msgspec.json.encode(fields).decode().removesuffix("}")
    if segment.flags:
        head += f',"flags":{msgspec.json.encode(segment.flags).decode()}'
    if segment.repairs:
        head += f',"repairs":[{_rows([_repair(repair) for repair in segment.repairs], "  ")}]'
    if segment.words:
        head += f',"words":[{_rows([_word(word) for word in segment.words], "  ")}]'
    return head + "}"


def _word(word: Word) -> str:
    return msgspec.json.encode({"start_s": word.start_s, "end_s": word.end_s, "text": word.text,
                                "probability": word.probability}).decode()


def _repair(repair: Repair) -> str:
    head = msgspec.json.encode({"said": repair.said, "written": repair.written, "char_start": repair.char_start,
                                "word_index": repair.word_index}).decode().removesuffix("}")
    return f'{head},"words":[{",".join(map(_word, repair.words))}]}}'


def transcript_from_json(text: str | bytes, where: str) -> Transcript:
    """Read the text of a transcript file; `where` is named in errors.

    Raises:
        FormatError: not JSON, another schema, an unknown or absent field, or a value that cannot be.
    """
    try:
        data = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise FormatError(f"{where}: not valid JSON ({error}); transcribe or import it again") from error
    version = data.get("schema_version") if isinstance(data, dict) else None
    if version != TRANSCRIPT_SCHEMA:
        raise FormatError(f"{where}: schema_version is {version!r}, this rhetoric reads {TRANSCRIPT_SCHEMA}; update "
                          "rhetoric, or transcribe or import it again")
    try:
        _only_known(data, Transcript, "$")
        for number, segment in enumerate(data.get("segments", ())):
            _only_known(segment, Segment, f"$.segments[{number}]")
            for place, word in enumerate(segment.get("words", ()) if isinstance(segment, dict) else ()):
                _only_known(word, Word, f"$.segments[{number}].words[{place}]")
            for place, repair in enumerate(segment.get("repairs", ()) if isinstance(segment, dict) else ()):
                _only_known(repair, Repair, f"$.segments[{number}].repairs[{place}]")
        transcript = msgspec.convert(data, Transcript)
    except (msgspec.ValidationError, ValueError, TypeError, AttributeError) as error:
        raise FormatError(f"{where}: {error}; correct it, or transcribe or import it again") from error
    return transcript


def _only_known(data: Any, kind: type[Any], at: str) -> None:
    """An unknown field is a misspelt one: it would be lost in silence."""
    if isinstance(data, Mapping):
        unknown = sorted(set(data) - {field.name for field in dataclasses.fields(kind)})
        if unknown:
            raise ValueError(f"unknown field `{unknown[0]}` - at `{at}`")


def read_transcript(path: Path) -> Transcript:
    """Read a transcript file.

    Raises:
        FormatError: it cannot be read, or see `transcript_from_json`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); transcribe or import it again") from error
    return transcript_from_json(data, str(path))


def write_transcript(transcript: Transcript, path: Path) -> None:
    """Write a transcript file, all of it or nothing.

    Raises:
        ArchiveError: it cannot be written.
    """
    write_atomic(path, transcript_to_json(transcript).encode("utf-8"))
