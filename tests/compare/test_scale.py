"""Ways for large archives: the same results as the plain ways on small ones, and limits that hold and are said."""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rhetoric.compare import compare, differences, estimates, likeness, style, themes
from rhetoric.compare.estimates import Columns, Counted
from rhetoric.compare.lineages import lineages as lineages_of
from rhetoric.compare.material import gather
from rhetoric.compare.measures import columns, measures
from rhetoric.compare.themes import Sayers, Theme
from rhetoric.intervals import PAIRWISE, drawn_blocks, sums_in_blocks, sums_of_columns
from rhetoric.types import Comparison, Tables
from tests.compare.speeches import tables_of

lineages = import_module("rhetoric.compare.lineages")  # the package has a function of this name
FLOATS = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(st.integers(1, 300).flatmap(lambda n: arrays(float, (3, n), elements=FLOATS)), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_many_columns_at_once_have_the_sums_of_each_alone(table, seed):
    starts, ends = drawn_blocks(table.shape[1], 40, np.random.default_rng(seed))
    plain = np.array([sums_in_blocks(column, starts, ends) for column in table])
    assert np.array_equal(sums_of_columns(table, starts), plain)


def test_a_speech_of_more_blocks_than_numpy_adds_at_once_has_the_same_sums():
    n = PAIRWISE**2 + 300
    table = np.random.default_rng(1).random((2, n))
    starts, ends = drawn_blocks(n, 5, np.random.default_rng(2))
    assert starts.shape[1] > PAIRWISE
    assert np.array_equal(sums_of_columns(table, starts),
                          np.array([sums_in_blocks(column, starts, ends) for column in table]))


def test_columns_of_zeros_are_kept_without_their_zeros():
    kept = Columns({"a": np.array([1.0, 0.0]), "none": np.zeros(2)})
    assert dict(kept).keys() == {"a", "none"}
    assert kept["none"].tolist() == [0.0, 0.0]
    assert kept.table.shape == (1, 2)
    assert "b" not in kept
    with pytest.raises(KeyError):
        kept["b"]


def test_speeches_added_one_by_one_make_the_same_interval(tables: Tables, monkeypatch: pytest.MonkeyPatch):
    archive = gather(tables, "year")
    known = measures(["contrast"])

    def all_of() -> list[estimates.Estimate | None]:
        members = [Counted(m, columns(m, ["contrast"])) for m in archive.of(archive.series[0])]
        return estimates.estimate_all(members, known)

    plain = all_of()
    monkeypatch.setattr(estimates, "MANY", 1)
    for one, other in zip(plain, all_of(), strict=True):
        assert (one is None) == (other is None)
        if one is None or other is None:  # no stage `voice` ran on these
            continue
        assert one.value == other.value
        assert np.allclose(one.draws, other.draws, rtol=1e-12, equal_nan=True)


def test_little_room_changes_nothing(tables: Tables, comparison: Comparison, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(estimates, "ROOM", 1)
    monkeypatch.setattr(likeness, "ROWS", 3)
    monkeypatch.setattr(themes, "MANY", 0)
    assert compare(tables) == comparison


@given(st.lists(st.tuples(st.text("abc", min_size=1, max_size=6), st.booleans()), min_size=1, max_size=9),
       st.text("abc", min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_theme_is_said_by_those_whose_words_hold_it(said, word):
    speeches = [{"speech_id": f"s{i}", "said": [("values", text if is_word else f"x{text}x")]}
                for i, (text, is_word) in enumerate(said)]
    archive = gather(tables_of([*speeches, {"speech_id": "own", "said": [("values", word)]}]), "year")
    own = next(m for m in archive.materials if m.card.speech_id == "own")
    wanted = sum(text == word and is_word for text, is_word in said) / len(said)
    assert Sayers(archive.materials).share_of_others(own, Theme(word, "theme")) == wanted


def test_a_chinese_theme_is_found_within_words_and_never_over_two_sentences():
    speeches = [{"speech_id": "own", "language": "zh", "said": [("values", "光明")]},
                {"speech_id": "in", "language": "zh", "said": [("values", "大光明灯")]},
                {"speech_id": "over", "language": "zh", "said": [("values", "有光"), ("values", "明天")]},
                {"speech_id": "left", "language": "zh", "said": [("values", "天"), ("noncontent", "光明")]}]
    archive = gather(tables_of(speeches), "year")
    own = next(m for m in archive.materials if m.card.speech_id == "own")
    assert Sayers(archive.materials).share_of_others(own, Theme("光明", "title")) == pytest.approx(1 / 3)


LINES = ("light the lamp for all of us", "light the lamp for none of us", "light a lamp for all of us tonight",
         "we walk on", "the long road is a good road", "the long night is a good night")


@given(st.lists(st.lists(st.sampled_from(LINES), max_size=4, unique=True), min_size=2, max_size=7))
@settings(max_examples=80, deadline=None)
def test_wordings_compared_once_join_the_lines_that_all_pairs_join(speeches):
    words = [(place, tuple(line.split())) for place, said in enumerate(speeches) for line in said]
    lines = [lineages.Line(None, None, own, place) for place, own in words]  # type: ignore[arg-type]
    alike = {(a, b) for a, b in likeness.alike_pairs([line.words for line in lines], lineages.ALIKE)}
    same = lineages._same_words(lines)
    groups = list(same.values())
    found = {pair for own in groups for pair in pairwise(own)}
    for one, other in likeness.alike_pairs(list(same), lineages.ALIKE):
        found |= lineages._linked(groups[one], groups[other], lines)
    assert list(lineages._joined(lines, found)) == list(lineages._joined(lines, alike))


def test_rows_of_the_table_of_distances_do_as_the_table_does():
    z = np.random.default_rng(4).normal(size=(30, 12))
    distances = style.delta(z)
    how = style.apart(z)
    places, kept = style.scaled(distances)
    assert np.array_equal(how.places, places)
    assert how.kept == kept
    assert np.array_equal(how.nearest, (distances + np.diag(np.full(30, np.inf))).argmin(axis=1))


def test_speeches_set_among_landmarks_lie_where_a_plane_has_them(monkeypatch: pytest.MonkeyPatch):
    """Points of a line have exact distances in one dimension: the landmarks must give the same places as all would."""
    z = np.random.default_rng(5).normal(size=(60, 1)) * np.ones((1, 4))
    whole = style.apart(z).places[:, 0]
    monkeypatch.setattr(style, "LANDMARKS", 20)
    some = style.apart(z).places[:, 0]
    assert abs(np.corrcoef(whole, some)[0, 1]) == pytest.approx(1.0)
    assert np.ptp(some) == pytest.approx(np.ptp(whole), rel=1e-6)


def test_of_very_many_groups_the_largest_are_paired():
    sizes = {f"g{i}": i for i in range(differences.PAIRED + 5)}
    found = differences.pairs(list(sizes), sizes, ordered=False)
    assert len(found) == differences.PAIRED * (differences.PAIRED - 1) // 2
    assert not {"g0", "g4"} & {name for pair in found for name in pair}


def test_it_is_said_where_not_all_are_paired_and_not_all_lines_looked_at(monkeypatch: pytest.MonkeyPatch):
    speeches = [{"speech_id": f"s{i:02}", "event": f"e{i}", "said": [("values", "we go on and on")] * 3}
                for i in range(differences.PAIRED + 1)]
    assert not [alert for alert in compare(tables_of(speeches)).alerts if alert.key == "limits"]
    monkeypatch.setattr(import_module("rhetoric.compare.alerts"), "MOST_LINES", 10)
    said = [alert.text.en for alert in compare(tables_of(speeches), by="event").alerts if alert.key == "limits"]
    assert len(said) == 2
    assert f"Only the {differences.PAIRED}" in said[0]


def test_no_more_lines_than_the_limit_and_the_best_of_them(tables: Tables, monkeypatch: pytest.MonkeyPatch):
    archive = gather(tables, "year")
    materials = archive.of(archive.series[0])
    monkeypatch.setattr(lineages, "MOST_LINES", 5)
    kept = lineages._lines(materials, lineages._is_slogan)
    assert len(kept) == 5
    monkeypatch.setattr(lineages, "MOST_LINES", 3000)
    every = lineages._lines(materials, lineages._is_slogan)
    assert min(line.found.score for line in kept) >= sorted((line.found.score for line in every), reverse=True)[4]
    assert lineages_of(archive.series[0], materials)
