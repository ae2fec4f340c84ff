"""The transcript's own file: what is written is read, what is wrong is named."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.errors import ArchiveError, FormatError
from rhetoric.transcribe.transcript_file import (
    read_transcript,
    transcript_from_json,
    transcript_to_json,
    write_transcript,
)
from rhetoric.types import Segment, Transcript, Word

TEXT = st.text(alphabet=st.characters(blacklist_categories=("Cs",)))
TIME = st.floats(0, 1e5, allow_nan=False)
WORDS = st.builds(Word, text=TEXT, start_s=TIME, end_s=TIME, probability=st.floats(0, 1))
SEGMENTS = st.builds(Segment, text=TEXT, start_s=st.none() | TIME, end_s=st.none() | TIME, speaker=TEXT,
                     words=st.lists(WORDS, max_size=3).map(tuple), flags=st.lists(TEXT, max_size=2).map(tuple))
TRANSCRIPTS = st.builds(
    Transcript, speech_id=TEXT, audio_sha256=TEXT, engine=TEXT, engine_version=TEXT, model=TEXT, language=TEXT,
    options=st.dictionaries(TEXT, TEXT | st.booleans() | st.integers(-2**53, 2**53) | st.floats(-1e9, 1e9), max_size=4),
    language_probability=st.none() | st.floats(0, 1), duration_s=st.none() | TIME,
    segments=st.lists(SEGMENTS, max_size=4).map(tuple))


@given(TRANSCRIPTS)
def test_what_is_written_is_read(transcript: Transcript) -> None:
    text = transcript_to_json(transcript)
    assert transcript_from_json(text, "x") == transcript
    assert transcript_to_json(transcript_from_json(text, "x")) == text
    json.loads(text)


EXAMPLE = Transcript(speech_id="lin-2024", engine="faster-whisper", language="zh",
                     options={"vad": True, "beam_size": 5},
                     segments=(Segment(text="大家好", start_s=0.5, end_s=1.25, words=(
                         Word(text="大家", start_s=0.5, end_s=0.9, probability=0.98),
                         Word(text="好", start_s=0.9, end_s=1.25, probability=0.99))),
                         Segment(text="【掌声】", start_s=1.25, end_s=3.0, flags=("event:applause",))))


def test_the_file_is_for_people_too(tmp_path: Path) -> None:
    path = tmp_path / "lin-2024.json"
    write_transcript(EXAMPLE, path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert '   {"start_s":0.5,"end_s":0.9,"text":"大家","probability":0.98},' in lines
    assert lines.index('  "beam_size": 5,') < lines.index('  "vad": true')
    assert len(lines) < 30
    assert read_transcript(path) == EXAMPLE
    assert [child.name for child in tmp_path.iterdir()] == ["lin-2024.json"]


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(ArchiveError, match=r"folder\.json: cannot be written"):
        write_transcript(EXAMPLE, tmp_path / "folder.json")
    assert [child.name for child in tmp_path.iterdir()] == ["folder.json"]


def spoilt(change: Callable[[dict[str, object]], object]) -> str:
    data = json.loads(transcript_to_json(EXAMPLE))
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize(("text", "said"), [
    ("", "not valid JSON"), ("{", "not valid JSON"), ("[]", "schema_version is None"),
    (spoilt(lambda d: d.pop("schema_version")), "schema_version is None"),
    (spoilt(lambda d: d.update(schema_version=99)), "schema_version is 99"),
    (spoilt(lambda d: d.pop("language")), "missing required field `language`"),
    (spoilt(lambda d: d.update(langauge="zh")), r"unknown field `langauge` - at `\$`"),
    (spoilt(lambda d: d["segments"][0].update(speeker="x")), r"`speeker` - at `\$.segments\[0\]`"),
    (spoilt(lambda d: d["segments"][0]["words"][1].update(start="x")), r"`start` - at `\$.segments\[0\].words\[1\]`"),
    (spoilt(lambda d: d["segments"][1].update(end_s="soon")), r"\$.segments\[1\].end_s"),
    (spoilt(lambda d: d.update(segments={"a": 1})), "segments"),
    (spoilt(lambda d: d.update(segments=["a"])), "segments"),
    (spoilt(lambda d: d.update(segments=None)), "segments|NoneType"),
    (spoilt(lambda d: d["segments"][0].update(end_s=math.nan)), "not valid JSON"),
])
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=said) as caught:
        read_transcript(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        read_transcript(tmp_path / "none.json")
