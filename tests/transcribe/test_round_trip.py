"""What is exported comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rhetoric.errors import FormatError
from rhetoric.transcribe.clean import clean_text
from rhetoric.transcribe.formats import export_transcript, import_transcript
from rhetoric.types import Segment, Transcript

WORDS = ["lamp", "灯", "evening", "我们", "2024", "it's", "5%", "very", "。", "a,", "谢谢", "café", "so:", "GPT-4o",
         "7"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
EVENTS = st.sampled_from([("[Applause]", "event:applause"), ("（笑声）", "event:laughter"), ("♪ la ♪", "event:music")])
SPEAKERS = st.sampled_from(["", "ANNA LIND", "Bo Ek", "林远", "Speaker 3"])
PARTS = st.lists(st.tuples(st.booleans(), TEXTS, EVENTS, SPEAKERS, st.integers(1, 9000), st.integers(0, 5000)),
                 min_size=1, max_size=8)


def build(parts: list[tuple[bool, str, tuple[str, str], str, int, int]]) -> Transcript:
    """Segments one after the other, each some milliseconds long, with pauses; at least one is spoken."""
    segments, at = [], 0
    for number, (is_event, text, (mark, flag), speaker, length, pause) in enumerate(parts):
        at += pause
        spoken = number == 0 or not is_event
        segments.append(Segment(text=text if spoken else mark, start_s=at / 1000, end_s=(at + length) / 1000,
                                speaker=speaker if spoken else "", flags=() if spoken else (flag,)))
        at += length
    return Transcript(speech_id="x", engine="e", language="en", segments=tuple(segments))


def back(transcript: Transcript, form: str, folder: Path) -> Transcript:
    path = folder / f"x.{form}"
    path.write_text(export_transcript(transcript, form), encoding="utf-8")
    return import_transcript(path, speech_id="x", language="en")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PARTS)
@pytest.mark.parametrize("form", ["srt", "vtt", "txt", "csv", "json"])
def test_round_trip(tmp_path: Path, form: str, parts: list[tuple[bool, str, tuple[str, str], str, int, int]]) -> None:
    transcript = build(parts)
    found = back(transcript, form, tmp_path).segments
    expected = transcript.segments
    if form == "txt":
        expected = tuple(replace(segment, start_s=None, end_s=None) for segment in expected)
    assert found == expected


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(blacklist_characters="[]()（）【】♪♫"), min_size=1).map(clean_text).filter(
    lambda text: any(char.isalpha() for char in text) and not text.startswith((">>", "**")) and " >>" not in text
    and ":" not in text and "：" not in text))
def test_vtt_keeps_any_text(tmp_path: Path, text: str) -> None:
    transcript = Transcript(speech_id="x", engine="e", language="en",
                            segments=(Segment(text=text, start_s=0, end_s=1),))
    assert [segment.text for segment in back(transcript, "vtt", tmp_path).segments] == [text]


def as_ass(segments: tuple[Segment, ...]) -> str:
    def clock(at_s: float | None) -> str:
        whole, hundredths = divmod(round((at_s or 0) * 100), 100)
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}.{hundredths:02}"

    lines = [f"Dialogue: 0,{clock(s.start_s)},{clock(s.end_s)},Default,{s.speaker},0,0,0,,{s.text}" for s in segments]
    return "\n".join(["[Script Info]", "", "[Events]", *lines]) + "\n"


def as_whisperx(segments: tuple[Segment, ...]) -> str:
    return json.dumps({"segments": [{"start": s.start_s, "end": s.end_s, "text": f" {s.text}", "speaker": s.speaker,
                                     "words": []} for s in segments]})


def as_funasr(segments: tuple[Segment, ...]) -> str:
    return json.dumps([{"key": "a", "text": "", "sentence_info": [
        {"text": s.text, "start": round(s.start_s * 1000), "end": round(s.end_s * 1000), "spk": s.speaker}
        for s in segments if s.start_s is not None and s.end_s is not None]}])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PARTS)
@pytest.mark.parametrize(("write", "name"), [(as_ass, "x.ass"), (as_whisperx, "x.json"), (as_funasr, "y.json")])
def test_what_other_programs_write_comes_in_whole(
        tmp_path: Path, write: Callable[[tuple[Segment, ...]], str], name: str,
        parts: list[tuple[bool, str, tuple[str, str], str, int, int]]) -> None:
    segments = build([(event, text, mark, speaker, length * 10, pause * 10)
                      for event, text, mark, speaker, length, pause in parts]).segments
    (tmp_path / name).write_text(write(segments), encoding="utf-8")
    found = import_transcript(tmp_path / name, speech_id="x", language="en").segments
    assert found == segments


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(min_size=1).map(clean_text).filter(lambda text: any(map(str.isalpha, text))), min_size=1))
def test_csv_keeps_any_text(tmp_path: Path, texts: list[str]) -> None:
    transcript = Transcript(speech_id="x", engine="e", language="en", segments=tuple(
        Segment(text=text, start_s=n, end_s=n + 1, speaker=text) for n, text in enumerate(texts)))
    assert back(transcript, "csv", tmp_path).segments == transcript.segments


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PARTS, st.sampled_from(["srt", "vtt", "csv"]))
def test_windows_line_ends_change_nothing(
        tmp_path: Path, parts: list[tuple[bool, str, tuple[str, str], str, int, int]], form: str) -> None:
    path = tmp_path / f"x.{form}"
    path.write_bytes(export_transcript(build(parts), form).replace("\n", "\r\n").encode())
    assert import_transcript(path, speech_id="x", language="en").segments == build(parts).segments


def test_times_at_every_length(tmp_path: Path) -> None:
    times = (0.0, 0.001, 59.999, 60.0, 3599.9996, 3661.5, 36_000.25)
    transcript = Transcript(speech_id="x", engine="e", language="en", segments=tuple(
        Segment(text=f"number {n}", start_s=start, end_s=start) for n, start in enumerate(times)))
    for form in ("srt", "vtt"):
        assert [s.start_s for s in back(transcript, form, tmp_path).segments] == [round(at, 3) for at in times]


def test_what_cannot_be_exported_says_why() -> None:
    untimed = Transcript(speech_id="lin-2024", engine="e", language="en", segments=(Segment(text="a"),))
    for form in ("srt", "vtt"):
        with pytest.raises(FormatError, match="lin-2024: has no times"):
            export_transcript(untimed, form)
    with pytest.raises(FormatError, match="there are srt, vtt, txt, csv, json"):
        export_transcript(untimed, "docx")
    assert export_transcript(replace(untimed, segments=()), "srt") == ""


LEAVES = st.none() | st.booleans() | st.integers(-5, 5000) | st.floats() | st.just("1.5") | st.just([1, 2])
SAID = st.sampled_from(["大家好。", "Good evening.", "Good evening to 2024.", "<|zh|>好。", "", "[Applause]"])
PAIRS = st.lists(st.lists(st.integers(0, 5000), min_size=2, max_size=2), max_size=5)


Strategy = st.SearchStrategy[object]


def nearly(value: Strategy) -> Strategy:
    """One time in forty something else."""
    return st.integers(0, 39).flatmap(lambda n: LEAVES if n == 0 else value)


def fields(required: dict[str, Strategy], **more: Strategy) -> Strategy:
    """Objects that are nearly right: a field may be absent or of any kind."""
    return nearly(st.fixed_dictionaries({key: nearly(value) for key, value in required.items()},
                                        optional={key: nearly(value) for key, value in more.items()}))


SECONDS = st.floats(0, 50)
VOICES = st.sampled_from(["A", "B"])
SPOKEN_WORDS = st.lists(fields({"word": st.sampled_from(["Good", "evening", "to", "2024.", "大"])}, start=SECONDS,
                               end=SECONDS, score=SECONDS, speaker=VOICES), max_size=5)
SEGMENT = fields({"text": SAID, "start": SECONDS, "end": SECONDS}, words=SPOKEN_WORDS, speaker=VOICES,
                 avg_logprob=SECONDS)
MILLISECONDS = st.integers(0, 9000)
SENTENCE = fields({"text": SAID, "start": MILLISECONDS, "end": MILLISECONDS}, timestamp=PAIRS, spk=MILLISECONDS)
TREES = st.one_of(
    fields({"segments": st.lists(SEGMENT, min_size=1, max_size=4)}, language=SAID, words=SPOKEN_WORDS),
    st.lists(fields({"text": SAID, "timestamp": PAIRS}), min_size=1, max_size=3),
    fields({"sentence_info": st.lists(SENTENCE, min_size=1, max_size=3)}, text=SAID, result=SAID),
    st.lists(st.tuples(MILLISECONDS, MILLISECONDS, SECONDS, SECONDS, SAID, PAIRS).map(list), min_size=1, max_size=3),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES)
def test_hostile_json_is_read_or_refused_in_a_line(tmp_path: Path, data: object) -> None:
    (tmp_path / "x.json").write_text(json.dumps(data), encoding="utf-8")
    try:
        found = import_transcript(tmp_path / "x.json", speech_id="x")
    except FormatError as refused:
        found = Transcript(speech_id=str(refused), engine="", language="")
    assert "\n" not in found.speech_id
    times = [(s.start_s or 0.0, s.end_s or 0.0) for s in found.segments]
    assert all(0 <= start_s <= end_s for start_s, end_s in times)
    assert times == sorted(times)


LINES = st.lists(st.sampled_from([
    "[Events]", "[Script Info]", "Format: Start, End, Text", "Format:", "Dialogue: 0:00:01.00,0:00:00.50,Hi",
    "Dialogue: 0,0:00:01.00,0:00:02.00,D,Bo,0,0,0,,{\\p1}m 0 0", "Dialogue: 0,,", "start_s,text", "1,=a", '2,"b',
    "Dialogue: 0,0:00:00.00,0:00:02.00,D,Bo,0,0,0,,Yes, {no", "text;speaker", "c;d", "-1;x", ";",
]), min_size=1, max_size=8)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.sampled_from(["x.ass", "x.csv", "x.txt"]))
def test_hostile_lines_are_read_or_refused_in_a_line(tmp_path: Path, lines: list[str], name: str) -> None:
    (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    try:
        said = import_transcript(tmp_path / name, speech_id="x").speech_id
    except FormatError as refused:
        said = str(refused)
    assert "\n" not in said
