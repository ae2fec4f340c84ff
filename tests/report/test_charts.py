"""Charts: well-formed, escaped, and drawn where the numbers say."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.report.charts import labels, ribbon
from rhetoric.report.charts.bars import bar_chart
from rhetoric.report.charts.dots import Axis, dot_chart
from rhetoric.report.charts.ribbon import Bit, chapters, marks, runs, skyline
from rhetoric.report.charts.stacked import LEFT, stacked_chart
from rhetoric.report.charts.svg import Point, Track, both, label, round_top
from rhetoric.types import Text

NAME = Text(en="story", zh="故事")
TICKS = ((0.0, "0"), (1.0, "100%"))
GROUPS = st.sampled_from(("story", "product", "values", "results", "other", "none"))


def _track(*values: float | None, key: str = "story", half: float | None = 0.1) -> Track:
    return Track(
        key=key,
        name=NAME,
        points=tuple(
            Point(
                value=v,
                low=None if v is None or half is None else v - half,
                high=None if v is None or half is None else v + half,
                label="" if v is None else f"{100 * v:.0f}",
            )
            for v in values
        ),
    )


def _read(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def _all(root: ElementTree.Element, tag: str, class_: str) -> list[ElementTree.Element]:
    return [e for e in root.iter(tag) if class_ in e.get("class", "").split()]


def test_dots_stand_at_their_values_with_their_intervals() -> None:
    root = _read(dot_chart(["2020", "2021"], [_track(0.25, 0.75)], top=1.0, ticks=TICKS, titled_by="t", height=240))
    axis = Axis(floor=0.0, top=1.0, height=240)
    assert [float(d.get("cy", "")) for d in _all(root, "circle", "dot")] == pytest.approx(
        [axis.y(0.25), axis.y(0.75)], abs=0.01
    )
    assert [(float(w.get("y1", "")), float(w.get("y2", ""))) for w in _all(root, "line", "whisker")] == [
        pytest.approx((axis.y(0.35), axis.y(0.15)), abs=0.01),
        pytest.approx((axis.y(0.85), axis.y(0.65)), abs=0.01),
    ]
    assert [v.text for v in _all(root, "text", "value")] == ["25", "75"]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "t"


def test_a_missing_value_is_a_gap_and_no_interval_no_whisker() -> None:
    root = _read(dot_chart(["1", "2", "3"], [_track(0.2, None, 0.4, half=None)], top=1.0, ticks=TICKS, titled_by="t"))
    assert len(_all(root, "circle", "dot")) == 2
    assert not _all(root, "line", "whisker")
    assert not _all(root, "line", "thread")


def test_speakers_are_not_joined_by_a_line() -> None:
    drawn = {
        joined: dot_chart(["a", "b"], [_track(0.2, 0.4)], top=1.0, ticks=TICKS, titled_by="t", joined=joined)
        for joined in (True, False)
    }
    assert len(_all(_read(drawn[True]), "line", "thread")) == 1
    assert not _all(_read(drawn[False]), "line", "thread")


def test_two_tracks_differ_in_shape_and_their_labels_never_share_a_place() -> None:
    groups = [str(year) for year in range(2016, 2026)]
    story, product = (
        _track(*[0.1 + 0.05 * i for i in range(10)]),
        _track(*[0.6 - 0.05 * i for i in range(10)], key="product"),
    )
    root = _read(dot_chart(groups, [story, product], top=1.0, ticks=TICKS, titled_by="t"))
    assert len(_all(root, "circle", "dot")) == len(_all(root, "rect", "dot")) == 10
    names = _all(root, "text", "name")
    assert {n.text for n in names} == {"story", "故事"}
    ys = sorted({float(n.get("y", "")) for n in names})
    assert len(ys) == 2
    assert ys[1] - ys[0] >= 14.9


def test_bars_start_at_zero_and_share_an_axis() -> None:
    heights = []
    for value in (2.0, 4.0):
        root = _read(bar_chart(["2020"], _track(value, key="ink"), top=8.0, titled_by="t"))
        (bar,) = _all(root, "rect", "f-ink")
        (base,) = _all(root, "line", "base")
        heights.append(float(bar.get("height", "")))
        assert float(bar.get("y", "")) + heights[-1] == pytest.approx(float(base.get("y1", "")), abs=0.02)
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.02)


def test_stacked_parts_fill_the_bar_in_proportion() -> None:
    tracks = [_track(0.5, key="story"), _track(0.3, key="product"), _track(0.2, key="other")]
    root = _read(stacked_chart(["2020"], tracks, titled_by="t"))
    widths = [float(r.get("width", "").rstrip("%")) for r in root.iter("rect")]
    assert sum(widths) == pytest.approx(100 * (1 - LEFT), abs=0.05)
    assert widths[0] / widths[1] == pytest.approx(5 / 3, abs=0.01)
    assert {n.text for n in _all(root, "text", "name")} == {"story", "故事"}


def test_every_stacked_part_is_named_once_in_each_language() -> None:
    names = ["story", "product", "results", "values", "other"]
    tracks = [
        Track(key=n, name=Text(en=n, zh=f"zh-{n}"), points=(Point(value=v, label="1"),))
        for n, v in zip(names, (0.05, 0.8, 0.05, 0.05, 0.05), strict=True)
    ]
    found = [n.text for n in _all(_read(stacked_chart(["2020"], tracks, titled_by="t")), "text", "name")]
    assert sorted(found) == sorted(names + [f"zh-{n}" for n in names])


def test_a_part_that_only_later_bars_have_is_named() -> None:
    tracks = [_track(1.0, 0.7, key="story"), Track(key="results", name=Text(en="results", zh="业绩"),
                                                   points=(Point(value=0.0), Point(value=0.3, label="30")))]
    names = {n.text for n in _all(_read(stacked_chart(["2020", "2021"], tracks, titled_by="t")), "text", "name")}
    assert names == {"story", "故事", "results", "业绩"}


def test_a_part_carries_its_interval_for_pointing_and_no_line() -> None:
    root = _read(stacked_chart(["<2020>\u202e"], [_track(0.4), _track(0.6, half=None)], titled_by="t"))
    first, second = _all(root, "rect", "part")
    # An XML parser turns a line end inside an attribute into a space, an HTML parser keeps it.
    assert " ".join(first.get("data-en", "").split()) == "story · <2020>: 40% 95% interval: 30 to 50%"
    assert " ".join(first.get("data-zh", "").split()) == "故事 · <2020>：40% 95% 区间：30～50%"
    assert "cannot be told" in second.get("data-en", "")
    assert not list(root.iter("line"))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6))
def test_numbers_stand_on_no_dot_of_a_phone_chart(values: list[tuple[float, float]]) -> None:
    axis = Axis(floor=0.0, top=1.0, height=236)
    marks = [
        labels.Mark(x=60.0 + 44 * i + 6 * side, y=axis.y(value), text_y=axis.text_y(value), high=axis.y(value) - 3,
                    low=axis.y(value) + 3, words=f"{100 * value:.0f}", side=side)
        for i, pair in enumerate(values) for side, value in zip((-1, 1), pair, strict=True)
    ]
    placed = labels.places(marks, [], 205.0)
    assert placed == labels.places(marks, [], 205.0)
    boxes = [labels._box(mark, place) for mark, place in zip(marks, placed, strict=True)]
    dots = [mark.boxes[0] for mark in marks]
    assert not [(box, dot) for box in boxes for dot in dots if box.meets(dot)]
    alone = labels.places(marks[:1], [], 205.0)[0]
    assert (alone.dx, alone.anchor) == (-labels.BESIDE, "end")


def test_a_number_moves_off_the_dot_beside_it() -> None:
    """Two tracks: the 50 of the square once stood on the circle of 25, under the square's line."""
    root = _read(dot_chart(["2020", "2021"], [_track(0.25, 0.44), _track(0.5, 0.32, key="product", half=0.16)], top=1.0,
                           ticks=TICKS, titled_by="t", height=236))
    axis = Axis(floor=0.0, top=1.0, height=236)
    fifty = next(v for v in _all(root, "text", "value") if v.text == "50")
    assert abs(float(fifty.get("y", "")) - 5 - axis.y(0.25)) > 12


def test_labels_are_escaped_and_isolated_words_cannot_turn_the_line() -> None:
    for svg in (label("<b>&\u202e\x1b[1m"), both(Text(en="<i>", zh="&"))):
        root = _read(f"<svg>{svg}</svg>")
        assert {e.tag for e in root.iter()} == {"svg", "text"}
    assert "\u202e" not in label("a\u202eb")


@given(st.floats(0.001, 1e6))
def test_axis_ends_are_round_and_above(highest: float) -> None:
    top = round_top(highest)
    assert highest * 0.999 <= top <= highest * 2.6
    assert f"{top:.0e}"[0] in "12458" or math.isclose(top / 10 ** math.floor(math.log10(top)), 2.5)


@st.composite
def _speech(draw: st.DrawFn) -> list[Bit]:
    groups = draw(st.lists(GROUPS, min_size=1, max_size=80))
    lengths = [draw(st.floats(0.1, 5)) for _ in groups]
    total, at, bits = sum(lengths), 0.0, []
    for group, length in zip(groups, lengths, strict=True):
        bits.append(Bit(start=at / total, end=(at + length) / total, group=group))
        at += length
    return bits


@given(_speech())
def test_runs_keep_all_time_and_join_neighbours(bits: list[Bit]) -> None:
    joined = runs(bits)
    assert all(a.group != b.group for a, b in pairwise(joined))
    for group in {bit.group for bit in bits}:
        assert sum(b.end - b.start for b in joined if b.group == group) == pytest.approx(
            sum(b.end - b.start for b in bits if b.group == group)
        )


@given(_speech())
def test_chapters_lie_in_order_inside_the_speech(bits: list[Bit]) -> None:
    made = chapters(bits)
    assert all(a.end <= b.start + 1e-9 and a.group != b.group for a, b in pairwise(made))
    assert {c.group for c in made} <= {b.group for b in bits} - {"none"}
    spoken = [b for b in bits if b.group != "none"]
    assert (not made) == (not spoken)
    if spoken:
        assert (made[0].start, made[-1].end) == (spoken[0].start, spoken[-1].end)


def test_chapters_remove_flicker_but_not_parts() -> None:
    groups = ["story"] * 30 + ["product"] + ["story"] * 30 + ["product"] * 40
    bits = [Bit(start=i / 101, end=(i + 1) / 101, group=g) for i, g in enumerate(groups)]
    assert [c.group for c in chapters(bits)] == ["story", "product"]


def test_the_skyline_tells_groups_by_height_too() -> None:
    bits = [
        Bit(start=0, end=0.5, group="story"),
        Bit(start=0.5, end=0.75, group="product"),
        Bit(start=0.75, end=1, group="none"),
    ]
    root = _read(skyline(bits))
    paths = {e.get("class"): e.get("d", "") for e in root.iter("path")}
    assert paths["f-story"] == f"M0 0h{ribbon.GRAIN // 2}v{ribbon.SKY}h-{ribbon.GRAIN // 2}z"
    assert len(set(ribbon.HEIGHTS.values())) == len(ribbon.HEIGHTS)
    found = re.match(r"M(\d+) (\d+)h(\d+)v(\d+)", paths["f-product"])
    assert found
    assert [int(x) for x in found.groups()] == [2000, 14, 1000, ribbon.HEIGHTS["product"]]


def test_marks_show_the_turn_with_its_interval() -> None:
    root = _read(marks([0.1, 0.2], [0.5], (0.4, 0.3, 0.6)))
    assert len(_all(root, "path", "slogan")) == 2
    assert [e.get("x1") for e in _all(root, "line", "clap")] == ["50%"]
    assert [e.get("x1") for e in _all(root, "line", "hinge")] == ["40%"]
    assert (_all(root, "line", "turn")[0].get("x1"), _all(root, "line", "turn")[0].get("x2")) == ("30%", "60%")
    assert not _all(_read(marks([], [], None)), "line", "hinge")
