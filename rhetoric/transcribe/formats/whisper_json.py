"""JSON of Whisper programs: openai-whisper, faster-whisper, WhisperX (`segments` of start, end, text), whisper.cpp."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rhetoric.errors import FormatError
from rhetoric.transcribe.clean import clean_text
from rhetoric.transcribe.doubt import doubts
from rhetoric.transcribe.formats.cues import Cue, Parsed, cues_to_segments
from rhetoric.types import Word

LANGUAGES = {"english": "en", "chinese": "zh", "mandarin": "zh", "cantonese": "zh", "yue": "zh", "cmn": "zh"}


def parse_whisper_json(data: Any, path: str) -> Parsed:
    """Read what a Whisper program wrote, already decoded from JSON.

    Raises:
        FormatError: no list of segments, or one whose fields are not what they should be.
    """
    segments = data if isinstance(data, list) else _first(data, "segments", "transcription")
    if not isinstance(segments, list):
        raise FormatError(f"{path}: JSON without a list `segments`; give the JSON of a Whisper program or of rhetoric")
    counts: Counter[str] = Counter()
    cues = [_cue(segment, f"{path}: segments[{number}]") for number, segment in enumerate(segments)]
    return Parsed(cues_to_segments(cues, counts), counts, _language(data))


def _first(data: Any, *names: str) -> Any:
    return next((data[name] for name in names if isinstance(data, Mapping) and name in data), None)


def _language(data: Any) -> str:
    named = _first(data, "language")
    if named is None:
        named = _first(_first(data, "result", "info"), "language")
    if not isinstance(named, str):
        return ""
    code = named.lower().replace("_", "-").split("-")[0]
    return LANGUAGES.get(code, code if len(code) <= 3 else "")


def _cue(segment: Any, where: str) -> Cue:
    if not isinstance(segment, Mapping) or not isinstance(segment.get("text"), str):
        raise FormatError(f"{where} has no text; give the JSON of a Whisper program")
    if isinstance(offsets := segment.get("offsets"), Mapping):  # whisper.cpp: milliseconds
        start_s, end_s = (_number(offsets.get(key), f"{where}.offsets.{key}") / 1000 for key in ("from", "to"))
    else:
        start_s, end_s = (_number(segment.get(key), f"{where}.{key}") for key in ("start", "end"))
    speaker = segment.get("speaker")
    return Cue(start_s, end_s, clean_text(segment["text"]), speaker if isinstance(speaker, str) else None,
               _words(segment.get("words"), where), _flags(segment))


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise FormatError(f"{where} is {value!r:.40}, not a time in seconds; correct it")
    return round(float(value), 3)


def _words(words: Any, where: str) -> tuple[Word, ...]:
    """Words that have both times; WhisperX leaves them out of numbers."""
    found = []
    for number, word in enumerate(words if isinstance(words, Sequence) and not isinstance(words, str) else ()):
        if not isinstance(word, Mapping) or word.get("start") is None or word.get("end") is None:
            continue
        text = _first(word, "word", "text")
        at = f"{where}.words[{number}]"
        start_s, end_s = (_number(word[key], f"{at}.{key}") for key in ("start", "end"))
        if isinstance(text, str) and clean_text(text):
            found.append(Word(text=clean_text(text), start_s=start_s, end_s=max(start_s, end_s),
                              probability=_probability(_first(word, "probability", "score"))))
    return tuple(found)


def _probability(value: Any) -> float:
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return round(float(value), 4) if known else 1.0


def _flags(segment: Mapping[str, Any]) -> tuple[str, ...]:
    sure = {"avg_logprob": 0.0, "no_speech_prob": 0.0, "compression_ratio": 1.0}
    values = {key: segment.get(key) for key in sure}
    return doubts(*(value if isinstance(value := values[key], int | float) else sure[key] for key in sure))
