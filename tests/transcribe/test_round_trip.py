"""What is exported comes back."""

from __future__ import annotations

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
@pytest.mark.parametrize("form", ["srt", "vtt", "txt", "json"])
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
    with pytest.raises(FormatError, match="there are srt, vtt, txt, json"):
        export_transcript(untimed, "docx")
    assert export_transcript(replace(untimed, segments=()), "srt") == ""
