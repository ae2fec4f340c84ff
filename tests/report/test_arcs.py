"""The arcs: where in a speech the feelings stand, on speeches whose answer is known."""

from __future__ import annotations

import re

import pytest

from rhetoric.report.charts.arcs import BINS, Said, arc_chart, highest, points, smooth
from rhetoric.report.page import build
from rhetoric.types import Comparison, Tables


def _speech(loads: dict[int, float], n: int = 100) -> list[Said]:
    return [Said(at=(i + 0.5) / n, size=10.0, load=loads.get(i, 0.0)) for i in range(n)]


def test_a_point_is_a_twentieth_of_the_speech_per_thousand() -> None:
    found = points(_speech({0: 2.0, 4: 1.0, 99: 3.0}))
    assert len(found) == BINS
    assert found[0] == (pytest.approx(0.025), pytest.approx(1000 * 3 / 50))
    assert found[-1][1] == pytest.approx(1000 * 3 / 50)
    assert sum(value for _, value in found[1:-1]) == 0


def test_the_line_is_level_where_the_feelings_are_even_and_highest_where_they_stand() -> None:
    assert {round(value, 6) for _, value in smooth(_speech(dict.fromkeys(range(100), 1.0)))} == {100.0}
    at, _ = max(smooth(_speech(dict.fromkeys(range(60, 70), 2.0))), key=lambda place: place[1])
    assert 0.6 <= at <= 0.7


def test_sentences_that_hold_no_words_give_no_point() -> None:
    assert points([Said(at=0.5, size=0.0, load=0.0)]) == smooth([Said(at=0.5, size=0.0, load=0.0)]) == []
    assert highest([]) == 0.0
    assert "<path" not in arc_chart([], top=1.0, titled_by="t")


def test_each_speech_with_ten_phrases_has_an_arc_on_one_axis_and_a_file(comparison: Comparison, tables: Tables) -> None:
    page, files = build(comparison, tables)
    emotions = tables.findings[tables.findings["stage"] == "emotion"].groupby("speech_id").size()
    cells = page.arcs.cells
    assert 0 < len(cells) <= int((emotions >= 10).sum())
    tops = {re.findall(r'class="tick">([\d.]+)<', cell.chart)[1] for cell in cells if "characters" in cell.note.en}
    assert len(tops) == 1
    assert files["arcs.csv"].startswith('"speech_id","at_share","load","per_1000"')
