"""Caption files and texts -> Transcript, and back. One format a file; content decides which, the name comes second."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

from rhetoric.errors import FormatError
from rhetoric.transcribe.clean import guess_language
from rhetoric.transcribe.formats.ass import parse_ass
from rhetoric.transcribe.formats.cues import Parsed, is_event
from rhetoric.transcribe.formats.encoding import read_text
from rhetoric.transcribe.formats.funasr import is_funasr, parse_funasr
from rhetoric.transcribe.formats.srt import LIKE_TIMING, parse_srt, to_srt
from rhetoric.transcribe.formats.table import is_table, parse_table, to_csv
from rhetoric.transcribe.formats.text import parse_text, to_text
from rhetoric.transcribe.formats.vtt import parse_vtt, to_vtt
from rhetoric.transcribe.formats.whisper_json import parse_whisper_json
from rhetoric.transcribe.script import TABLES, convert_segments
from rhetoric.transcribe.transcript_file import transcript_from_json, transcript_to_json
from rhetoric.types import Option, Transcript

ExportFormat = Literal["srt", "vtt", "txt", "csv", "json"]
EXPORT_FORMATS: tuple[str, ...] = get_args(ExportFormat)
# Not spoken, and nobody's mistake: transcriber's notes, headings, text given once more without times.
LEFT_OUT = ("headings", "notes", "untimed")
IMPORT_SUFFIXES = (".srt", ".vtt", ".ass", ".ssa", ".txt", ".md", ".markdown", ".csv", ".json", ".jsonl")
_ASS = re.compile(r"\[Script Info\]|\[V4\+? Styles\]|\[Events\]", re.IGNORECASE)
_OTHER_CAPTIONS = ((re.compile(r"^<\?xml|^<tt[\s>]"), "XML (TTML) captions"),
                   (re.compile(r"^<!doctype|^<html", re.IGNORECASE), "HTML"))


_TIMED = {"srt": parse_srt, "vtt": parse_vtt, "ass": parse_ass, "csv": parse_table}


def import_transcript(path: Path, *, speech_id: str, language: str = "", script: str = "as-heard") -> Transcript:
    """Read a caption file, a text, or the JSON of a Whisper program or of rhetoric, in whatever encoding.

    `language` is "zh", "en" or "" = by what the text is written in. `script` converts Chinese (`script.convert_text`).

    Raises:
        FormatError: it cannot be read, or holds not a word; the message names the file and, where it can, the line.
    """
    text, encoding = read_text(path)
    found = _sniff(text, path)
    if found == "json":
        data = _json(text, path)
        if isinstance(data, dict) and "schema_version" in data:
            return replace(transcript_from_json(text, str(path)), speech_id=speech_id)
        found = "funasr-json" if is_funasr(data) else "whisper-json"
        parsed = (parse_funasr if found == "funasr-json" else parse_whisper_json)(data, str(path))
    elif found == "text":
        parsed = parse_text(text, str(path), suffix=path.suffix.lower())
    else:
        parsed = _TIMED[found](text, str(path))
    if not any(not is_event(segment) for segment in parsed.segments):
        raise FormatError(f"{path}: not a spoken word in it; give the text of the speech")
    options: dict[str, Option] = {"source": path.name, "encoding": encoding, **_repairs(parsed.counts)}
    return _transcript(parsed, found, speech_id, language, script, options)


def _transcript(parsed: Parsed, form: str, speech_id: str, language: str, script: str,
                options: dict[str, Option]) -> Transcript:
    from rhetoric.transcribe.quarantine import flag_captions  # it needs a part of this package

    spoken = " ".join(segment.text for segment in parsed.segments if not is_event(segment))
    language = language or parsed.language or guess_language(spoken)
    segments = flag_captions(parsed.segments)
    if language == "zh" and script in TABLES:
        segments = convert_segments(segments, script)
        options["script"] = script
    ends = [segment.end_s for segment in segments if segment.end_s is not None]
    return Transcript(speech_id=speech_id, engine=f"import:{form}", options=dict(sorted(options.items())),
                      language=language, duration_s=max(ends) if ends else None, segments=segments)


def _repairs(counts: Counter[str]) -> dict[str, Option]:
    """How many things were put right, and what was left out, by kind."""
    repaired = {kind: count for kind, count in sorted(counts.items()) if count and kind not in LEFT_OUT}
    left_out = {kind: counts[kind] for kind in LEFT_OUT if counts[kind]}
    told: dict[str, Option] = {}
    if repaired:
        told = {"repairs": sum(repaired.values()), "repaired": _listed(repaired)}
    return told | ({"left_out": _listed(left_out)} if left_out else {})


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in counts.items())


def _sniff(text: str, path: Path) -> str:
    """The format by content; a file that is nothing else is text."""
    head = text.lstrip("\ufeff \t\n")
    if not head:
        raise FormatError(f"{path}: empty; give a file with the words of the speech")
    for form, kind in _OTHER_CAPTIONS:
        if form.match(head):
            raise FormatError(f"{path}: {kind}, which cannot be read; save it as SRT, WebVTT or plain text")
    if head.startswith("WEBVTT"):
        return "vtt"
    if _ASS.match(head):
        return "ass"
    if path.suffix.lower() in (".json", ".jsonl") or re.match(r'[\[{]\s*(?:["{\]}]|$)', head):
        return "json"
    if any(LIKE_TIMING.search(line) for line in head.split("\n", 60)[:60]):
        return "vtt" if path.suffix.lower() == ".vtt" else "srt"
    if is_table(head):
        return "csv"
    return {".srt": "srt", ".vtt": "vtt", ".ass": "ass", ".ssa": "ass", ".csv": "csv"}.get(path.suffix.lower(), "text")


def _json(text: str, path: Path) -> Any:
    import json

    lines = [line for line in text.split("\n") if line.strip()]
    try:
        if len(lines) > 1 and all(line.strip().startswith(("{", "[")) and line.strip().endswith(("}", "]"))
                                  for line in lines):
            return [json.loads(line) for line in lines]  # one segment a line
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise FormatError(f"{path}:{line}: not valid JSON ({error}); export it again") from error


def export_transcript(transcript: Transcript, format: str) -> str:
    """Write a transcript as "srt", "vtt", "txt", "csv" or "json" (its own format, the only one with what was invented).

    Raises:
        FormatError: another format, or captions of a transcript without times.
    """
    if format == "json":
        return transcript_to_json(transcript)
    segments = tuple(segment for segment in transcript.segments if not segment.quarantined)
    if format == "txt":
        return to_text(segments)
    if format == "csv":
        return to_csv(segments)
    if format not in EXPORT_FORMATS:
        raise FormatError(f"no format is called {format!r}; there are {', '.join(EXPORT_FORMATS)}")
    if any(segment.start_s is None or segment.end_s is None for segment in segments):
        raise FormatError(f"{transcript.speech_id}: has no times, which {format} needs; export it as txt or json")
    return (to_vtt if format == "vtt" else to_srt)(segments)
