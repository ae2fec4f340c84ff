"""The ratio stage: story against product, by seconds and by size, with an interval; and who owns the stories."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from rhetoric.codebook import FUNCTIONS
from rhetoric.stages import run_stage
from rhetoric.stages.ratio import STAGE
from rhetoric.types import Metric, Reading, Speech

MakeSpeech = Callable[..., Speech]


def labelled(speech: Speech, labels: list[str]) -> Speech:
    """The speech read by hand, each sentence with one sure label."""
    readings = tuple(Reading(function=tuple(float(label == own) for label in FUNCTIONS)) for own in labels)
    return dataclasses.replace(speech, readings=readings)


def metrics_of(speech: Speech) -> dict[str, Metric]:
    run = run_stage(STAGE, speech)
    assert run.error == ""
    return {metric.name: metric for metric in run.result.metrics}


def test_ratio_by_hand(make_speech: MakeSpeech) -> None:
    speech = labelled(make_speech("zh", "一二三四", "一二三四五六", "一二", "一二三四五六七八九", "一"),
                      ["founder_story", "product_fact", "product_claim", "values", "borrowed_story"])
    metrics = metrics_of(speech)
    ratio = metrics["story_to_product"]
    assert (ratio.numerator, ratio.denominator, ratio.unit) == (5.0, 13.0, "characters")
    assert metrics["story_to_product_by_size"].value == ratio.value
    assert metrics["owner_founder_story"].value == pytest.approx(0.8)
    assert metrics["owner_company_story"].value == 0.0
    assert metrics["owner_borrowed_story"].value == pytest.approx(0.2)


def test_seconds_count_where_there_are_times(make_speech: MakeSpeech) -> None:
    speech = make_speech("en", "one two three", "one")
    timed = tuple(dataclasses.replace(s, start_s=t, end_s=t + 10.0 * (k + 1))
                  for k, (s, t) in enumerate(zip(speech.sentences, (0.0, 10.0), strict=True)))
    metrics = metrics_of(labelled(dataclasses.replace(speech, sentences=timed), ["company_story", "product_fact"]))
    assert (metrics["story_to_product"].value, metrics["story_to_product"].unit) == (pytest.approx(1 / 3), "seconds")
    assert metrics["story_to_product_by_size"].value == pytest.approx(0.75)
    assert metrics["story_to_product_by_size"].unit == "words"


def test_the_interval_holds_the_value_and_narrows_with_length(make_speech: MakeSpeech) -> None:
    widths = []
    for n in (40, 400):
        labels = ["founder_story" if k % 10 < 5 else "product_fact" for k in range(n)]
        ratio = metrics_of(labelled(make_speech("en", *["one two three"] * n), labels))["story_to_product"]
        assert ratio.low is not None
        assert ratio.high is not None
        assert ratio.value is not None
        assert ratio.low <= ratio.value <= ratio.high
        widths.append(ratio.high - ratio.low)
    assert widths[1] < widths[0]


def test_a_few_sentences_have_no_interval(make_speech: MakeSpeech) -> None:
    ratio = metrics_of(labelled(make_speech("zh", "一", "二"), ["founder_story", "product_fact"]))["story_to_product"]
    assert (ratio.value, ratio.low, ratio.high) == (0.5, None, None)


def test_without_story_and_product_there_is_no_ratio(make_speech: MakeSpeech) -> None:
    metrics = metrics_of(labelled(make_speech("zh", *["一"] * 20), ["values"] * 20))
    assert all(metric.value is None for metric in metrics.values())
    assert metrics["story_to_product"].low is None


def test_intervals_are_the_same_each_time(invented: Speech) -> None:
    assert run_stage(STAGE, invented) == run_stage(STAGE, invented)
    assert metrics_of(invented)["story_to_product"].low is not None
