"""Floors: what falls is told, what could be raised is told, and what is no floor is an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rhetoric.errors import FormatError
from rhetoric.evaluation.floors import held, read_floors

SCORES = {"zh": {"emotion": {"f1": 0.70}, "story_share": {"mean_abs_error": 0.06}, "slogans": {"recall_at_20": None}}}


@pytest.mark.parametrize(("floors", "rooms"), [
    ({"zh": {"emotion": {"f1": 0.70}}}, [0.0]),
    ({"zh": {"emotion": {"f1": 0.75}}}, [-0.05]),
    ({"zh": {"story_share": {"mean_abs_error": 0.05}}}, [-0.01]),
    ({"zh": {"story_share": {"mean_abs_error": 0.10}}}, [0.04]),
    ({"zh": {"slogans": {"recall_at_20": 0.5}}, "en": {"emotion": {"f1": 0.5}}}, [-1.0, -1.0]),
])
def test_room_above_a_floor(floors: dict[str, Any], rooms: list[float]) -> None:
    found = list(held(SCORES, floors))
    assert [score.room for score in found] == pytest.approx(rooms)
    assert [score.holds for score in found] == [room >= 0 for room in rooms]


def test_a_fallen_score_names_its_place() -> None:
    (fallen,) = held(SCORES, {"zh": {"emotion": {"f1": 0.75}}})
    assert str(fallen) == "zh.emotion.f1: 0.700, its floor is 0.750"


def test_floors_are_those_of_the_folder_and_the_way_of_reading(tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    path = tmp_path / "floors.json"
    path.write_text(json.dumps({"gold": {"installed": {"zh": {"emotion": {"f1": 0.5}}}}}), encoding="utf-8")
    assert read_floors(path, tmp_path / "gold", "installed") == {"zh": {"emotion": {"f1": 0.5}}}
    assert read_floors(path, tmp_path / "gold", "speech") == {}
    assert read_floors(path, tmp_path, "installed") == {}


@pytest.mark.parametrize("text", ["", "[]", '{"gold": 3}', '{"gold": {"installed": 3}}'])
def test_a_file_that_holds_no_floors_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "floors.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=r"floors\.json"):
        read_floors(path, tmp_path / "gold", "installed")


def test_a_floor_must_be_a_number() -> None:
    with pytest.raises(FormatError, match=r"floor of zh\.emotion\.f1 is 'high'"):
        list(held(SCORES, {"zh": {"emotion": {"f1": "high"}}}))
