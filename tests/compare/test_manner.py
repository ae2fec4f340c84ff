"""Manner: Burrows' Delta, the map, sentences at home with another speaker, percentiles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.compare import compare
from rhetoric.compare.material import gather
from rhetoric.compare.norms import mid_rank, wilson
from rhetoric.compare.style import delta, scaled
from tests.builders import founder, make_tables
from tests.compare.speeches import tables_of

HABITS = {
    "Ann Ash": "and so it is that we do this and that for all of them, and it is good, and we will do it again.",
    "Bob Birch": "You can take the tool, but you must not think about what they want or how much you need of it now.",
}


def _speeches():
    rng = np.random.default_rng(3)
    made = []
    for who, habit in HABITS.items():
        other = HABITS["Bob Birch" if who == "Ann Ash" else "Ann Ash"]
        for year in ("2020", "2021", "2022", "2023"):
            said = [("values", habit if rng.random() < 0.8 else other) for _ in range(40)]
            said += [("values", f"{who.split()[0]} talks about rivers, boats and bridges in {year} once more.")]
            made.append({"speech_id": f"{who[0].lower()}{year}", "speaker": who, "date": year, "said": said})
    return made


@pytest.fixture(scope="module")
def comparison():
    return compare(tables_of(_speeches()), by="speaker")


def test_speeches_of_one_speaker_lie_nearest(comparison):
    speeches = next(m for m in comparison.style if m.kind == "speech")
    assert "8 of 8 speeches stand nearest" in speeches.text.en
    near = {frozenset((d.a[0], d.b[0])): d.value for d in speeches.distances}
    assert near[frozenset("a")] < near[frozenset("ab")]
    assert 0 < speeches.kept <= 1


def test_the_words_that_drive_a_distance_are_those_of_the_habits(comparison):
    speakers = next(m for m in comparison.style if m.kind == "speaker")
    pair, = speakers.distances
    assert pair.low is not None
    assert pair.low <= pair.value * 1.05
    assert {f.feature for f in pair.features} & {"and", "you", "it", "we", "this", "or", "but", "not"}
    said = {name: set(habit.casefold().replace(",", " ").replace(".", " ").split()) for name, habit in HABITS.items()}
    for feature in pair.features:
        if feature.feature not in said[pair.a] & said[pair.b]:
            assert (feature.difference > 0) == (feature.feature in said[pair.a])


def test_the_words_of_a_distance_are_not_told_from_six_speeches():
    few = compare(tables_of([speech for speech in _speeches() if speech["date"] < "2023"]), by="speaker")
    assert not any(pair.features for found in few.style for pair in found.distances)
    speakers = next(m for m in few.style if m.kind == "speaker")
    assert "6 speeches are too few to say by which words" in speakers.text.en
    assert "仅凭 6 场" in speakers.text.zh


def test_no_manner_stands_apart_among_six_speeches():
    own = [speech | {"date": f"{year}"} for year, speech in zip(range(2014, 2022), _speeches(), strict=True)]
    own = [speech | {"speaker": "Ann Ash"} for speech in own]
    few = compare(tables_of(own[:6])).style[0].text
    assert few.en.startswith("6 speeches are too few to say whose manner stands apart")
    assert few.zh.startswith("只有 6 场演讲")
    assert compare(tables_of(own)).style[0].text.en.startswith("The manner of 20")


def test_a_sentence_of_the_other_ones_habit_is_at_home_there(comparison):
    home = next(h for h in comparison.at_home if (h.host, h.guest) == ("Ann Ash", "Bob Birch"))
    assert home.quotes[0].text == HABITS["Ann Ash"]
    assert home.quotes[0].speech_id.startswith("b")
    assert home.quotes[0].score > 0


def test_a_sentence_of_a_speaker_who_said_little_can_be_at_home_with_another():
    """Its own words do not speak against it: lanterns and winter rivers are in no other sentence of either."""
    mixed = "And so it is that we carry paper lanterns over frozen winter rivers."
    said = [("values", HABITS["Bob Birch"])] * 4 + [("values", mixed)]
    few = [speech for speech in _speeches() if speech["speaker"] == "Ann Ash"]
    few.append({"speech_id": "b", "speaker": "Bob Birch", "date": "2020", "said": said})
    found = compare(tables_of(few), by="speaker").at_home
    home = next(h for h in found if (h.host, h.guest) == ("Ann Ash", "Bob Birch"))
    assert home.quotes[0].text == mixed


def test_delta_is_the_mean_absolute_difference_of_scores():
    z = np.array([[0.0, 1.0], [2.0, -1.0], [0.0, 1.0]])
    assert delta(z).tolist() == [[0, 2, 0], [2, 0, 2], [0, 2, 0]]


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=3, max_size=9))
def test_a_map_of_points_in_a_plane_keeps_their_distances(points):
    places = np.array(points)
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    found, kept = scaled(distances)
    again = np.linalg.norm(found[:, None] - found[None], axis=2)
    assert np.allclose(again, distances, atol=1e-5)
    assert kept == pytest.approx(1.0) or distances.max() < 1e-6


def test_a_rank_counts_equals_half_and_its_interval_shrinks_with_n():
    assert mid_rank(3.0, [1, 2, 3, 4]) == 2.5
    few, many = wilson(0.5, 5), wilson(0.5, 500)
    assert few[1] - few[0] > many[1] - many[0]
    assert wilson(0.0, 10)[0] == pytest.approx(0.0)
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_norms_say_where_a_year_stands_among_others():
    others = make_tables([founder(year, speech_id=f"ref-{year}") for year in range(2020, 2026)])
    found = compare(make_tables([founder(2025)]), reference=others)
    story = next(n for n in found.norms if n.metric == "share_story")
    assert story.n_speeches == 6
    assert story.percentile > 0.7
    assert story.low < story.percentile < story.high
    assert "6 reference speeches" in story.text.en
    assert not compare(make_tables([founder(2025)]), reference=make_tables([founder(2021)])).norms
    assert gather(others, "year").materials
