"""JSON of Whisper programs: openai-whisper, faster-whisper, WhisperX, whisper.cpp, transformers, OpenAI's service.

All have a list of segments with start, end and text (`segments`; whisper.cpp: `transcription`; transformers:
`chunks`); it may also stand alone, or as one segment a line.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from rhetoric.errors import FormatError
from rhetoric.transcribe.clean import clean_text
from rhetoric.transcribe.formats.cues import Cue, Parsed, cues_to_segments
from rhetoric.types import Word

LANGUAGES = {"english": "en", "chinese": "zh", "mandarin": "zh", "cantonese": "zh", "yue": "zh", "cmn": "zh"}
# The heads of faster-whisper's tuples; what follows differs from version to version.
TUPLE = ("id", "seek", "start", "end", "text")
WORD_TUPLE = ("start", "end", "word", "probability")


def parse_whisper_json(data: Any, path: str) -> Parsed:
    """Read what a Whisper program wrote, already decoded from JSON.

    Raises:
        FormatError: no list of segments, or one whose fields are not what they should be.
    """
    segments = data if isinstance(data, list) else _first(data, "segments", "transcription", "chunks")
    if not isinstance(segments, list):
        raise FormatError(f"{path}: JSON without a list `segments`; give the JSON of a Whisper program, of FunASR, or "
                          "of rhetoric")
    counts: Counter[str] = Counter()
    segments = _with_words([_named(segment) for segment in segments], _first(data, "words", "word_segments"))
    cues = [cue for number, segment in enumerate(segments)
            for cue in _by_voice(_cue(segment, f"{path}: segments[{number}]"), segment)]
    return Parsed(cues_to_segments(cues, counts), counts, _language(data))


def _named(segment: Any) -> Any:
    """faster-whisper's segments were tuples once, and JSON made lists of them; transformers has `timestamp`."""
    if isinstance(segment, list) and len(segment) > len(TUPLE):
        named: dict[str, Any] = dict(zip(TUPLE, segment, strict=False))
        words = next((part for part in segment[len(TUPLE):] if isinstance(part, list) and part
                      and all(isinstance(word, list) and len(word) == len(WORD_TUPLE) for word in part)), [])
        return named | {"words": [dict(zip(WORD_TUPLE, word, strict=True)) for word in words]}
    if isinstance(segment, Mapping) and isinstance(pair := segment.get("timestamp"), list) and len(pair) == 2:
        return {**segment, "start": pair[0], "end": pair[0] if pair[1] is None else pair[1]}
    return segment


def _with_words(segments: list[Any], words: Any) -> list[Any]:
    """Words that stand in a list of their own go to the segment in whose time they start."""
    bare = all(isinstance(s, Mapping) and not s.get("words") and isinstance(s.get("start"), int | float)
               for s in segments)
    timed = [w for w in words if isinstance(w, Mapping) and isinstance(w.get("start"), int | float)] \
        if isinstance(words, list) else []
    if not (segments and timed and bare):
        return segments
    starts = [segment["start"] for segment in segments]
    shared: list[list[Any]] = [[] for _ in segments]
    for word in timed:
        shared[max(0, bisect_right(starts, word["start"]) - 1)].append(word)
    return [{**segment, "words": own} for segment, own in zip(segments, shared, strict=True)]


def _by_voice(cue: Cue, segment: Mapping[str, Any]) -> Iterator[Cue]:
    """WhisperX tags each word: a segment whose words change the speaker is cut there."""
    if not isinstance(tagged := segment.get("words"), list):
        yield cue
        return
    voices = [word.get("speaker") for word in tagged if isinstance(word, Mapping)]
    if len({voice for voice in voices if isinstance(voice, str)}) < 2 or len(voices) != len(cue.words):
        yield cue
        return
    voice, begin, at = cue.speaker, 0, 0
    borders: list[tuple[int, int, str | None]] = []  # (first word, offset in the text, speaker)
    for number, (word, tag) in enumerate(zip(cue.words, voices, strict=True)):
        found = cue.text.find(word.text, at)
        if found < 0:  # its words are not those of its text
            yield cue
            return
        if isinstance(tag, str) and (tag != voice or not number):
            borders.append((number, found if number else 0, tag))
            voice = tag
        at = found + len(word.text)
    if not borders or borders[0][0]:
        borders.insert(0, (0, 0, cue.speaker))
    for (begin, low, voice), (end, high, _) in pairwise([*borders, (len(cue.words), len(cue.text), None)]):
        words = cue.words[begin:end]
        yield Cue(words[0].start_s, words[-1].end_s, clean_text(cue.text[low:high]), voice, words, cue.flags)


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
    words = _words(segment.get("words"), where)
    if isinstance(offsets := segment.get("offsets"), Mapping):  # whisper.cpp: milliseconds
        start_s, end_s = (_number(offsets.get(key), f"{where}.offsets.{key}") / 1000 for key in ("from", "to"))
    elif words and segment.get("start") is None:
        start_s, end_s = words[0].start_s, words[-1].end_s
    else:
        start_s, end_s = (_number(segment.get(key), f"{where}.{key}") for key in ("start", "end"))
    speaker = segment.get("speaker")
    return Cue(start_s, end_s, clean_text(segment["text"]), speaker if isinstance(speaker, str) else None,
               words, _flags(segment))


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise FormatError(f"{where} is {value!r:.40}, not a time in seconds; correct it")
    return round(float(value), 3)


def _words(words: Any, where: str) -> tuple[Word, ...]:
    """Words with times. WhisperX gives none to numbers and prices: these share the time between their neighbours."""
    found: list[tuple[str, float | None, float | None, float]] = []
    for number, word in enumerate(words if isinstance(words, list) else ()):
        if not isinstance(word, Mapping) or not isinstance(text := _first(word, "word", "text"), str):
            continue
        at = f"{where}.words[{number}]"
        start_s, end_s = (None if word.get(key) is None else _number(word[key], f"{at}.{key}")
                          for key in ("start", "end"))
        if clean_text(text):
            found.append((clean_text(text), start_s, end_s, _probability(_first(word, "probability", "score"))))
    return _filled(found)


def _filled(found: Sequence[tuple[str, float | None, float | None, float]]) -> tuple[Word, ...]:
    """Words without a time, between those that have one; at the ends of a segment there is nothing to go by."""
    timed = [n for n, (_, start_s, end_s, _) in enumerate(found) if start_s is not None and end_s is not None]
    words: list[Word] = []
    for number, (text, start_s, end_s, probability) in enumerate(found):
        before = max((n for n in timed if n < number), default=None)
        after = min((n for n in timed if n > number), default=None)
        if number not in timed:
            if before is None or after is None:
                continue
            low, high = found[before][2] or 0.0, found[after][1] or 0.0
            lengths = [len(found[n][0]) for n in range(before + 1, after)]
            done = sum(lengths[: number - before - 1])
            share = max(0.0, high - low) / sum(lengths)
            start_s, end_s = round(low + done * share, 3), round(low + (done + len(text)) * share, 3)
            probability = 0.0
        start_s, end_s = start_s or 0.0, end_s or 0.0
        words.append(Word(text=text, start_s=start_s, end_s=max(start_s, end_s), probability=probability))
    return tuple(words)


def _probability(value: Any) -> float:
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return round(float(value), 4) if known else 1.0


def _flags(segment: Mapping[str, Any]) -> tuple[str, ...]:
    from rhetoric.transcribe.quarantine import measured  # it needs a part of this package

    sure = {"avg_logprob": 0.0, "no_speech_prob": 0.0, "compression_ratio": 1.0}
    values = {key: segment.get(key) for key in sure}
    return measured(*(value if isinstance(value := values[key], int | float) else sure[key] for key in sure))
