"""A reader's errors in shares: what the shifts are, and that a fit gets back what errors were made with."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.codebook import FUNCTIONS
from rhetoric.intervals import DRAWS, share_interval
from rhetoric.models.encoder.misreading import Counted, fitted, tried
from rhetoric.share_errors import ERROR_PREFIX, angle, share_at, shifts, told_errors
from rhetoric.stages import run_stage
from rhetoric.stages.ratio import STAGE
from rhetoric.types import Reading, ShareError, Speech

ERROR = ShareError(metric="story_to_product", between=0.1, within=0.5, speeches=20)


def weights(share: float, n: int = 100) -> tuple[np.ndarray, np.ndarray]:
    """Equal weights of n sentences, of which the first ones are story."""
    below = np.ones(n)
    return (np.arange(n) < round(share * n)) * 1.0, below


@given(st.floats(0, 1))
@settings(deadline=None)
def test_an_angle_is_the_share_again(share: float) -> None:
    assert float(share_at(angle(share))) == pytest.approx(share, abs=1e-9)


@given(st.floats(0, 1), st.integers(5, 300))
@settings(deadline=None, max_examples=40)
def test_shifts_add_up_to_none(share: float, n: int) -> None:
    above, below = weights(share, n)
    found = shifts(above, below, np.ones(n), ERROR, "a", 500)
    assert abs(found.mean()) < 1e-12
    assert found.std() > 0.0


def test_shifts_fade_with_length_and_with_what_people_coded() -> None:
    long, short = (shifts(*weights(0.5, n), np.ones(n), ERROR, "a", DRAWS).std() for n in (900, 30))
    assert short > 1.3 * long
    half = np.arange(900) % 2
    assert shifts(*weights(0.5, 900), half, ERROR, "a", DRAWS).std() < 0.7 * long
    assert not shifts(*weights(0.5, 900), np.zeros(900), ERROR, "a", DRAWS).any()


def test_speeches_err_each_in_its_own_way() -> None:
    one, other = (shifts(*weights(0.5), np.ones(100), ERROR, name, DRAWS) for name in ("a", "b"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.1
    assert np.array_equal(one, shifts(*weights(0.5), np.ones(100), ERROR, "a", DRAWS))


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 1.0])
def test_an_interval_with_errors_is_wider_and_stays_a_share(share: float) -> None:
    above, below = weights(share)
    alone = share_interval(above, below, None)
    both = share_interval(above, below, shifts(above, below, np.ones(100), ERROR, "a", DRAWS))
    assert alone is not None
    assert both is not None
    assert 0.0 <= both[0] <= alone[0] <= share <= alone[1] <= both[1] <= 1.0
    assert both[1] - both[0] > alone[1] - alone[0]


def test_a_few_sentences_have_no_interval() -> None:
    assert share_interval(*weights(0.5, 4), None) is None


def test_the_stage_knows_the_errors_of_its_reader(make_speech) -> None:
    labels = ["founder_story" if k % 2 else "product_fact" for k in range(60)]
    readings = tuple(Reading(function=tuple(0.9 if label == own else 0.1 / 9 for label in FUNCTIONS)) for own in labels)
    plain = dataclasses.replace(make_speech("en", *["one two three"] * 60), readings=readings)
    sure = dataclasses.replace(plain, share_errors=(ERROR,), readings=tuple(
        Reading(function=tuple(float(p == max(r.function)) for p in r.function)) for r in readings))

    def width(speech: Speech) -> float:
        (ratio,) = (m for m in run_stage(STAGE, speech).result.metrics if m.name == "story_to_product")
        assert ratio.low is not None
        assert ratio.high is not None
        return ratio.high - ratio.low

    read = dataclasses.replace(plain, share_errors=(ERROR,))
    assert width(read) > 1.3 * width(plain)
    assert width(sure) == width(plain), "labels that people gave have no such error"


def test_a_comparison_reads_errors_from_its_provenance() -> None:
    told = {f"{ERROR_PREFIX}share_story": "0.15 0.5 20", f"{ERROR_PREFIX}share_values": "nonsense", "reader": "1-abc"}
    assert told_errors(told) == (ShareError(metric="share_story", between=0.15, within=0.5, speeches=20),)


def made(between: float, within: float, speeches: int) -> list[Counted]:
    """Speeches of 20 to 200 sentences whose coded shares lie off the counted ones by known errors."""
    dice = np.random.default_rng(3)
    found = []
    for k in range(speeches):
        n = int(dice.integers(20, 200))
        above, below = weights(float(dice.uniform(0.3, 0.7)), n)
        off = dice.standard_normal() * np.sqrt(between**2 + within / n)
        coded = float(np.clip(share_at(angle(above.sum() / n) + off), 0, 1))
        found.append(Counted(name=f"s-{k}", event=f"s-{k}", above=above, below=below, coded=coded))
    return found


@pytest.mark.parametrize(("between", "within"), [(0.2, 0.0), (0.05, 0.0), (0.0, 2.0)])
def test_a_fit_gets_back_the_errors(between: float, within: float) -> None:
    error = fitted("share_story", made(between, within, 80))
    assert error is not None
    spread = [np.sqrt(error.between**2 + error.within / n) for n in (60, 150)]
    assert spread == pytest.approx([np.sqrt(between**2 + within / n) for n in (60, 150)], rel=0.3, abs=0.02)
    assert error.speeches == 80


def test_too_few_speeches_fit_nothing_and_lucky_ones_some_error() -> None:
    assert fitted("share_story", made(0.1, 0.0, 3)) is None
    lucky = fitted("share_story", made(0.0, 0.0, 6))
    assert lucky is not None
    assert lucky.between > 0.03 or lucky.within > 0.05


def test_intervals_hold_the_coded_share_of_events_left_out() -> None:
    found = tried("share_story", made(0.15, 0.3, 30))
    assert len(found) == sum(len(s.above) >= 30 for s in made(0.15, 0.3, 30))
    assert sum(one.covered for one in found) >= 0.9 * len(found)
