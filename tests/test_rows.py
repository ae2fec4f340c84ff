"""A catalog while it is added to."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.archive import id_faults, read_catalog, write_catalog
from rhetoric.rows import Rows
from rhetoric.types import Recording


@pytest.fixture
def path(tmp_path) -> Path:
    write_catalog(tmp_path / "catalog.csv", [Recording(speech_id=i) for i in ("a", "B", "c")])
    return tmp_path / "catalog.csv"


def test_a_row_is_replaced_in_its_place_and_a_new_one_comes_last(path):
    rows = Rows(path)
    rows.put(Recording(speech_id="b", title="new"))
    rows.put(Recording(speech_id="d"))
    rows.write()
    assert [(r.speech_id, r.title) for r in read_catalog(path)] == [("a", ""), ("b", "new"), ("c", ""), ("d", "")]


def test_nothing_is_written_where_nothing_changed(path):
    before = path.stat().st_mtime_ns
    Rows(path).write()
    assert path.stat().st_mtime_ns == before


def test_rows_are_found_whatever_their_case_and_recordings_by_their_bytes(path):
    rows = Rows(path)
    rows.put(Recording(speech_id="Ö", file="o.mp3", sha256="f00"))
    assert rows.find("o\u0308") is not None
    assert rows.find("x") is None
    assert (rows.twin("f00"), rows.twin("bar")) == ("Ö", "")


@given(stems=st.lists(st.one_of(st.text(max_size=100), st.sampled_from(["a", "a-2", "A", "con"])), max_size=8))
def test_free_ids_can_name_files_and_are_all_different(stems):
    with tempfile.TemporaryDirectory() as folder:
        write_catalog(Path(folder) / "catalog.csv", [Recording(speech_id="a")])
        rows = Rows(Path(folder) / "catalog.csv")
        for stem in stems:
            new = rows.free_id(stem)
            assert not id_faults(new)
            assert rows.find(new) is None
            rows.put(Recording(speech_id=new))
