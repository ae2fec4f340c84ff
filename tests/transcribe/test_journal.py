"""The journal: whatever is left of it after a crash, what is whole is used and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rhetoric.errors import ArchiveError
from rhetoric.transcribe.chunks import Chunk
from rhetoric.transcribe.engine import Heard
from rhetoric.transcribe.journal import Journal, remove, seconds_done
from rhetoric.types import Segment, Word

KEY = {"audio_sha256": "abc", "beam_size": 5, "vad": True}
times = st.floats(0, 1e5, allow_nan=False)
words = st.builds(Word, text=st.text(), start_s=times, end_s=times, probability=st.floats(0, 1))
segments = st.builds(Segment, text=st.text(), start_s=st.none() | times, end_s=times, words=st.tuples(words),
                     flags=st.tuples(st.text()))
heard = st.builds(Heard, language=st.sampled_from(["zh", "en"]), language_probability=st.none() | st.floats(0, 1),
                  segments=st.lists(segments, max_size=3).map(tuple), counts=st.just({"dropped": 2}),
                  options=st.dictionaries(st.text(), st.text() | st.booleans() | st.integers(-9, 9) | times,
                                          max_size=3))
CHUNKS = tuple(Chunk(((n * 100, n * 100 + 50), (n * 100 + 60, n * 100 + 99))) for n in range(4))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(heard, min_size=4, max_size=4), st.data())
def test_torn_anywhere_it_goes_on_after_the_last_whole_line(tmp_path: Path, found: list[Heard],
                                                            data: st.DataObject) -> None:
    path = tmp_path / "j" / "a.jsonl"
    path.unlink(missing_ok=True)
    journal = Journal.open(path, KEY, 31.0)
    for chunk, one in zip(CHUNKS, found, strict=True):
        journal.add(chunk, one)
    whole = path.read_bytes()
    assert Journal.open(path, KEY, 31.0).done == dict(zip(CHUNKS, found, strict=True))
    assert path.read_bytes() == whole
    kept = whole[: data.draw(st.integers(0, len(whole)))]
    path.write_bytes(kept + data.draw(st.sampled_from([b"", b"\0\0\0", b'{"sha2', b"\n"])))
    again = Journal.open(path, KEY, 31.0)
    # The first line is no chunk; a line feed that comes after the torn end may make one more line whole.
    assert kept.count(b"\n") - 1 <= len(again.done) <= kept.count(b"\n")
    assert all(again.done[chunk] == one for chunk, one in zip(CHUNKS, found, strict=True) if chunk in again.done)
    for chunk, one in zip(CHUNKS, found, strict=True):
        if chunk not in again.done:
            again.add(chunk, one)
    assert path.read_bytes() == whole


def test_a_changed_line_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    journal = Journal.open(path, KEY, 31.0)
    for chunk in CHUNKS:
        journal.add(chunk, Heard(language="zh", language_probability=0.5, segments=(Segment(text="三千"),)))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:2], lines[2].replace("三千", "三万"), *lines[3:]]), encoding="utf-8")
    assert list(Journal.open(path, KEY, 31.0).done) == [CHUNKS[0]]


@pytest.mark.parametrize(("key", "duration_s"), [
    (KEY | {"beam_size": 1}, 31.0), (KEY | {"audio_sha256": "abd"}, 31.0), (KEY | {"vad": False}, 31.0),
    (KEY | {"more": 1}, 31.0), (KEY, 32.0)])
def test_made_from_anything_else_it_is_begun_anew(tmp_path: Path, key: dict, duration_s: float) -> None:
    path = tmp_path / "a.jsonl"
    Journal.open(path, KEY, 31.0).add(CHUNKS[0], Heard(language="zh", language_probability=None, segments=()))
    assert Journal.open(path, key, duration_s).done == {}
    assert Journal.open(path, KEY, 31.0).done == {}


def test_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    assert seconds_done(path) is None
    journal = Journal.open(path, KEY, 31.0)
    assert seconds_done(path) == (0.0, 31.0)
    chunk = Chunk(((0, 16_000), (32_000, 12 * 16_000)))
    journal.add(chunk, Heard(language="zh", language_probability=None, segments=()))
    assert seconds_done(path) == (12.0, 31.0)
    path.write_text("no journal")
    assert seconds_done(path) is None


def test_without_a_path_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    journal = Journal.open(None, KEY, 31.0)
    journal.add(CHUNKS[0], Heard(language="zh", language_probability=None, segments=()))
    assert list(journal.done) == [CHUNKS[0]]
    assert list(tmp_path.iterdir()) == []


def test_removed_with_its_folder_when_it_was_the_last(tmp_path: Path) -> None:
    for name in ("a", "b"):
        Journal.open(tmp_path / ".journal" / name, KEY, 1.0)
    remove(tmp_path / ".journal" / "a")
    assert [path.name for path in (tmp_path / ".journal").iterdir()] == ["b"]
    remove(tmp_path / ".journal" / "b")
    remove(tmp_path / ".journal" / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "j").write_text("no folder")
    with pytest.raises(ArchiveError, match=r"a\.jsonl: cannot be written .*free space") as caught:
        Journal.open(tmp_path / "j" / "a.jsonl", KEY, 1.0)
    assert "\n" not in str(caught.value)
