"""JSON of FunASR (Paraformer, SenseVoice; its Python package, servers and ONNX programs): times in milliseconds.

A result holds `text` and `timestamp`, a pair for each token (a Chinese character or a word; marks have none), and often
sentences: `sentence_info` (text, start, end, timestamp, spk), `sentences` or `stamp_sents` (text_seg, punc, ts_list).
Some versions give a sentence the start of its last character (modelscope/FunASR, issue 1971), so the times of its
tokens count first. SenseVoice's marks (`<|zh|><|HAPPY|>`) are left out; its `<|Applause|>` and the like are events.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rhetoric.errors import FormatError
from rhetoric.transcribe.clean import clean_text, is_han
from rhetoric.transcribe.formats.cues import Cue, Parsed, cues_to_segments
from rhetoric.transcribe.formats.tokens import tokenize
from rhetoric.types import Word

SENTENCES = ("sentence_info", "sentences", "stamp_sents")
_TAG = re.compile(r"<\|([^|<>]*)\|>")
_EVENTS = {"Applause": "[applause]", "Laughter": "[laughter]", "BGM": "[music]", "Cry": "[crying]"}
_ENDS = re.compile(r"[。！？!?；;]+[”’」』）)\"]*|\.(?=\s|$)")

Span = tuple[float, float]


def is_funasr(data: Any) -> bool:
    """True for a result of FunASR, or a list of them."""
    first = data[0] if isinstance(data, list) and data else data
    if not isinstance(first, Mapping):
        return False
    inner = _inner(first)
    if any(name in inner for name in SENTENCES):
        return True
    times, text = inner.get("timestamp"), inner.get("text")
    # transformers has one pair of seconds there, FunASR a list of pairs.
    pairs = isinstance(times, list) and all(isinstance(pair, list) for pair in times)
    return isinstance(text, str) and (pairs or _TAG.match(text) is not None)


def _inner(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Some servers put the result into a field of that name."""
    inner = result.get("result")
    return inner if isinstance(inner, Mapping) and "language" not in inner else result


def parse_funasr(data: Any, path: str) -> Parsed:
    """Read a result of FunASR, already decoded from JSON; a list of results is one recording after another's parts.

    Raises:
        FormatError: a field is not what it should be.
    """
    counts: Counter[str] = Counter()
    cues: list[Cue] = []
    language = ""
    for number, result in enumerate(data if isinstance(data, list) else [data]):
        where = f"{path}: result {number}"
        if not isinstance(result, Mapping):
            raise FormatError(f"{where} is no result of FunASR; give the JSON that it wrote")
        inner = _inner(result)
        cues += _cues(inner, where)
        tags = _TAG.findall(str(inner.get("text", "")))
        language = language or next((tag for tag in tags if tag in ("zh", "en", "yue")), "")
    return Parsed(cues_to_segments(cues, counts), counts, "zh" if language == "yue" else language)


def _cues(result: Mapping[str, Any], where: str) -> Iterator[Cue]:
    sentences = next((result[name] for name in SENTENCES if result.get(name)), None)
    if sentences is None:
        yield from _whole(result, where)
        return
    if not isinstance(sentences, list):
        raise FormatError(f"{where}: its sentences are no list; give the JSON that FunASR wrote")
    for number, sentence in enumerate(sentences):
        at = f"{where}, sentence {number}"
        text = _text(sentence, at)
        spans = _spans(_first(sentence, "timestamp", "ts_list"), at)
        if spans:
            start_s, end_s = spans[0][0], spans[-1][1]
        else:
            start_s, end_s = (_seconds(sentence.get(key), f"{at}.{key}") for key in ("start", "end"))
        yield Cue(start_s, end_s, text, _speaker(sentence.get("spk")), _words(text, spans))


def _first(data: Mapping[str, Any], *names: str) -> Any:
    return next((data[name] for name in names if data.get(name) is not None), None)


def _text(sentence: Any, where: str) -> str:
    text = _first(sentence, "text", "sentence", "text_seg") if isinstance(sentence, Mapping) else None
    if not isinstance(text, str):
        raise FormatError(f"{where} has no text; give the JSON that FunASR wrote")
    if "text_seg" in sentence:  # tokens with spaces between, the mark apart
        text = re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", text) + str(sentence.get("punc", ""))
    return clean_text(_marks(text))


def _marks(text: str) -> str:
    return _TAG.sub(_event_of, text)


def _event_of(match: re.Match[str]) -> str:
    return _EVENTS.get(match[1], "")


def _whole(result: Mapping[str, Any], where: str) -> Iterator[Cue]:
    """A result without sentences: its text is cut where a sentence ends, and each part takes its tokens' times."""
    text, spans = _text(result, where), _spans(result.get("timestamp"), where)
    if not spans:
        raise FormatError(f"{where} has no times; have FunASR write them (a model with timestamps), or give its text "
                          "as .txt")
    tokens = _timed_tokens(text, spans)
    start = 0
    for end in [*(match.end() for match in _ENDS.finditer(text)), len(text)]:
        inside = [(a, b, span) for a, b, span in tokens if start <= a < end]
        if inside:
            part = text[start:end]
            words = tuple(Word(text=text[a:b], start_s=s, end_s=e) for a, b, (s, e) in inside)
            yield Cue(inside[0][2][0], inside[-1][2][1], clean_text(part), None, words)
        start = end


def _words(text: str, spans: Sequence[Span]) -> tuple[Word, ...]:
    return tuple(Word(text=text[a:b], start_s=s, end_s=e) for a, b, (s, e) in _timed_tokens(text, spans))


def _timed_tokens(text: str, spans: Sequence[Span]) -> list[tuple[int, int, Span]]:
    """(start, end, times) of each token; where the numbers differ (digits, contractions) by their places in the row."""
    if not spans:
        return []
    tokens = _joined([(token.start, token.end) for token in tokenize(text)], text)
    n = len(tokens)
    if n == len(spans):
        return [(a, b, span) for (a, b), span in zip(tokens, spans, strict=True)]
    found = []
    for place, (start, end) in enumerate(tokens):
        low = place * len(spans) // n
        high = max(low, (place + 1) * len(spans) // n - 1)
        found.append((start, end, (spans[low][0], spans[high][1])))
    return found


def _joined(tokens: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Letters and digits without a space between are one token to FunASR: "su7"."""
    joined: list[tuple[int, int]] = []
    for start, end in tokens:
        if joined and joined[-1][1] == start and not is_han(text[start]) and not is_han(text[start - 1]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _spans(pairs: Any, where: str) -> list[Span]:
    """Milliseconds -> seconds, never backward."""
    spans: list[Span] = []
    for pair in pairs if isinstance(pairs, list) else ():
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) < 2:
            raise FormatError(f"{where}: {str(pair)[:40]!r} among its timestamps is no pair of "
                              "milliseconds; correct it")
        start_s, end_s = (_seconds(value, where) for value in pair[:2])
        start_s = max(start_s, spans[-1][1] if spans else 0.0)
        spans.append((start_s, max(start_s, end_s)))
    return spans


def _seconds(value: Any, where: str) -> float:
    """Milliseconds, as a number or (older ONNX programs) as text."""
    try:
        number = float("nan" if isinstance(value, bool) else value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise FormatError(f"{where} is {value!r:.40}, not a time in milliseconds; correct it")
    return round(number / 1000, 3)


def _speaker(spk: Any) -> str | None:
    """FunASR numbers the speakers from 0; people count from 1."""
    if isinstance(spk, bool) or spk is None:
        return None
    return f"Speaker {spk + 1}" if isinstance(spk, int) else clean_text(str(spk))
