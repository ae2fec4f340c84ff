"""A reader says what it was trained on; parts of an event count as seen with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rhetoric.errors import ModelError
from rhetoric.evaluation import is_seen, trained_on
from rhetoric.models.gold import GoldSpeech


def coded(name: str) -> GoldSpeech:
    return GoldSpeech(name=name, language="en", sentences=("a",), functions=("values",))


def test_an_encoder_lists_its_speeches(tmp_path: Path) -> None:
    (tmp_path / "encoder.json").write_text(json.dumps({"trained_on": ["x-2020"], "held_out": ["y-2021"]}))
    names = trained_on(tmp_path)
    assert names == {"x-2020"}
    assert [is_seen(coded(name), names) for name in ("x-2020", "x-2020b", "x-2020-zh", "y-2021", "new")] == [
        True, True, True, False, False]


def test_a_reader_that_says_nothing_leaves_it_open(tmp_path: Path) -> None:
    assert trained_on(tmp_path) is None
    assert is_seen(coded("x-2020"), None) is None
    (tmp_path / "encoder.json").write_text("{}")
    assert trained_on(tmp_path) is None


def test_a_damaged_list_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "encoder.json").write_text("{")
    with pytest.raises(ModelError, match=r"encoder\.json: cannot be read"):
        trained_on(tmp_path)
