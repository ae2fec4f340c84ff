"""Signs of figures: what they say of single lines and of neighbours, and that the fitted weights fit them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.sentences import from_sentences
from rhetoric.stages import figures
from rhetoric.stages.devices import lines_of, witnesses
from rhetoric.stages.devices.signs import signs_of
from rhetoric.stages.devices.signs.within import likeness

ROPE, PAINT = ("every", "boat", "needs", "rope"), ("every", "boat", "needs", "paint")


def signs(language: str, *sentences: str) -> list[dict[str, float]]:
    lines = lines_of(from_sentences("s", sentences, language))
    return signs_of(lines, language, figures.names_of(figures.marks_of(lines, language)))


@pytest.mark.parametrize(("language", "sentences", "at", "name", "value"), [
    ("en", ("Every boat needs a harbour.", "Every boat needs a storm."), 0, "begins as the one after by 3", 1.0),
    ("en", ("Every boat needs a harbour.", "Some need none."), 0, "begins as the one after by 1", 0.0),
    ("en", ("Every boat needs oars.", "It rained.", "Every boat needs rope."), 2, "begins as one two away by 3", 1.0),
    ("en", ("We sold none.", "We gave them away."), 1, "denied before", 1.0),
    ("en", ("We sold none.", "We gave none away."), 1, "denied before", 0.0),
    ("en", ("Once we rowed.", "Now we sail."), 0, "then here, now after", 1.0),
    ("en", ("We row, we sail, we walk.",), 0, "three begun alike", 1.0),
    ("en", ("We row and they sail.",), 0, "three begun alike", 0.0),
    ("en", ("He bought timber, nails, and glue.",), 0, "list by: items in a row", 1.0),
    ("zh", ("他相信木头，木头不相信他。",), 0, "a clause turns the other", 1.0),
    ("zh", ("他相信木头，木头也相信他。",), 0, "a clause turns the other", 0.0),
    ("zh", ("以前靠风。", "现在靠帆。"), 1, "then before, now here", 1.0),
    ("zh", ("木头、铁钉、胶水。",), 0, "pause marks", 2 / 3),
    ("zh", ("灯亮了，船来了。",), 0, "rhymes", 1.0),
])
def test_what_a_sign_says(language: str, sentences: tuple[str, ...], at: int, name: str, value: float):
    assert signs(language, *sentences)[at].get(name, 0.0) == pytest.approx(value)


def test_likeness_counts_words_in_the_same_order():
    assert likeness(ROPE, PAINT, frozenset())[0] == 0.75
    assert likeness(("rope", "needs"), ("needs", "rope"), frozenset())[0] == 0.5
    assert likeness(("rope",), ("rope", "needs"), frozenset()) == (0.0, 0.0)


def test_the_words_they_share_weigh_less_where_plain():
    assert likeness(ROPE, PAINT, frozenset())[1] == 1.0
    assert likeness(ROPE, PAINT, frozenset(("every", "needs")))[1] == pytest.approx(1 / 3)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_weights_are_those_of_signs_that_there_are(language: str):
    """A weight of a sign that no line can have would be a misspelling; rules name themselves."""
    sentences = {"zh": ("木头、铁钉、胶水。", "天亮了。"), "en": ("He bought timber, nails, and glue.", "It was May.")}
    known = set().union(*signs(language, *sentences[language]))
    for label, weights in witnesses.sign_weights()[language].items():
        strange = {name for name in weights.factors if name not in known and " by: " not in name}
        assert not strange, label
    assert set(witnesses.fitted()[language]) == set(witnesses.sign_weights()[language]) == set(figures.LABELS)


def test_signs_sum_to_log_odds():
    weights = witnesses.SignWeights(factors={"a": 2.0, "b": -1.0}, offset=-0.5)
    assert witnesses.by_signs({"a": 1.0, "b": 0.5, "c": 9.0}, weights) == pytest.approx(1.0)
    assert witnesses.by_signs({"b": 1.0}, witnesses.SignWeights(factors={"b": -99.0}, offset=0.0)) == witnesses.FARTHEST


def test_around_is_the_mean_of_the_others_within_reach():
    values = [float(k) for k in range(witnesses.REACH + 3)]
    common = witnesses.COMMON * witnesses.USUAL
    assert witnesses.around([4.0, 9.0, 2.0], 1) == pytest.approx((6.0 + common) / (2 + witnesses.COMMON))
    near = values[1 : witnesses.REACH + 1]
    assert witnesses.around(values, 0) == pytest.approx((sum(near) + common) / (len(near) + witnesses.COMMON))


def test_a_line_alone_has_nothing_beside_it():
    assert witnesses.beside([3.0], 0) == witnesses.FARTHEST
    assert witnesses.around([3.0], 0) == witnesses.USUAL
    assert witnesses.beside([1.0, 3.0, 2.0], 1) == 2.0


@given(st.sampled_from(["zh", "en"]), st.lists(st.text("我们不是而，、？ abc,'-", min_size=1, max_size=30), max_size=6))
@settings(max_examples=60, deadline=None)
def test_signs_are_small_numbers(language: str, sentences: list[str]):
    spoken = [sentence for sentence in sentences if any(ch.isalnum() for ch in sentence)]
    if spoken:
        for line in signs(language, *spoken):
            assert all(math.isfinite(value) and 0 <= value <= 1 for value in line.values()), line
