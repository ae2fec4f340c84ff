"""A page of very many speeches: what it leaves out, that it says so, and that small comparisons stay whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.compare import compare
from rhetoric.report import render
from rhetoric.report.charts.labels import Box, Mark, _box, _candidates, _cost, places
from rhetoric.report.shortening import GROUPS, LINE_ENDS, PHRASES, SERIES, left_out, shortened
from rhetoric.types import Comparison, Tables
from tests.compare.speeches import tables_of

LARGEST = 4_000_000  # bytes of a page, whatever it is made from


def _invented(speeches: int, speakers: int = 1) -> Tables:
    """Speeches that tell, sell and thank in words of their own."""
    rng = np.random.default_rng(speeches)
    words = [a + b for a in ("river", "lamp", "stone", "road", "night") for b in ("side", "work", "ing", "less")]

    def said(label: str) -> tuple[str, str]:
        return label, f"We {' '.join(rng.choice(words, 8))} and it is good for all of them."

    labels = ("company_story", "founder_story", "product_fact", "values", "results", "borrowed_story")
    return tables_of([{"speech_id": f"s{i:04}", "speaker": f"Speaker {i % speakers}", "date": f"{2000 + i % 25}-02",
                       "event": f"Event {i % 200}", "title": "Riverside",
                       "said": [said(str(rng.choice(labels))) for _ in range(12)]}
                      for i in range(speeches)])


def test_a_small_comparison_stays_whole(comparison: Comparison) -> None:
    assert shortened(comparison) == comparison
    assert left_out(comparison, shortened(comparison)) == ()


def test_three_hundred_speeches_stay_below_four_megabytes() -> None:
    tables = _invented(300)
    found = compare(tables)
    files = render(found, tables, version="1")
    page = files["index.html"].decode()
    assert len(files["index.html"]) <= LARGEST
    assert "There are 300 speeches; the strips and the reader hold the 40 most quoted of them." in page
    assert "each dot of a group is its middle speech" in page
    assert len(files["data/ribbons.csv"].decode().splitlines()) > 300 * 2  # the files hold all


def test_many_groups_and_speakers_are_left_out_and_said_to_be(comparison: Comparison) -> None:
    tables = _invented(200, speakers=SERIES + 6)
    found = compare(tables, by="event")
    drawn = shortened(found)
    assert (len(drawn.series), len(drawn.groups)) == (SERIES, GROUPS)
    page = render(found, tables, version="1")["index.html"].decode()
    assert f"Shown: {SERIES:,} of {SERIES + 6:,} speakers; {GROUPS:,} of {len(found.groups):,} groups." in page
    line = replace(comparison.lineages[0], quotes=comparison.lineages[0].quotes[:1] * (2 * LINE_ENDS + 1))
    phrases = comparison.emotions[:1] * (PHRASES + 1)
    much = replace(comparison, lineages=(line,), emotions=phrases)
    assert len(shortened(much).lineages[0].quotes) == 2 * LINE_ENDS
    (alert,) = left_out(much, shortened(much))
    assert f"{PHRASES:,} of {PHRASES + 1:,} emotional phrases" in alert.text.en
    assert f"{PHRASES + 1:,} 处情感表达" in alert.text.zh


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 90), st.integers(0, 30), st.sampled_from((-1, 1))),
                min_size=1, max_size=14))
@settings(max_examples=80, deadline=None)
def test_numbers_held_against_their_neighbours_stand_where_all_dots_would_put_them(drawn) -> None:
    marks = [Mark(x=float(x), y=float(y), text_y=y + 4.0, high=float(y - half), low=float(y + half), words="12",
                  side=side) for x, y, half, side in drawn]
    names = [Box(left=300.0, right=420.0, top=10.0, bottom=22.0)]
    taken, plain = list(names), []
    for i, mark in enumerate(marks):
        others = [box for k, other in enumerate(marks) if k != i for box in other.boxes]
        costs = [_cost(box, 100.0) + sum(o.cost for o in (*taken, *others) if box.meets(o))
                 for box in (_box(mark, place) for place in _candidates(mark))]
        plain.append(_candidates(mark)[costs.index(min(costs))])
        taken.append(_box(mark, plain[-1]))
    assert places(marks, names, 100.0) == plain
