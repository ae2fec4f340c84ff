"""The function stage: a finding a sentence, shares that add up, words as evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from rhetoric import weights
from rhetoric.codebook import FUNCTIONS, GROUPS
from rhetoric.stages import run_stage
from rhetoric.stages.function import STAGE
from rhetoric.types import Reading, Speech

MakeSpeech = Callable[..., Speech]


def given(speech: Speech, *rows: dict[str, float]) -> Speech:
    """The speech with readings by hand: label -> probability."""
    readings = tuple(Reading(function=tuple(row.get(label, 0.0) for label in FUNCTIONS)) for row in rows)
    return dataclasses.replace(speech, readings=readings)


def test_each_sentence_gets_its_likeliest_label_and_reasons(invented: Speech) -> None:
    result = run_stage(STAGE, invented).result
    assert [f.sentence_index for f in result.findings] == list(range(len(invented.sentences)))
    for finding, sentence, reading in zip(result.findings, invented.sentences, invented.readings, strict=True):
        assert (finding.char_start, finding.char_end) == (sentence.char_start, sentence.char_end)
        assert finding.score == max(reading.function)
        assert FUNCTIONS[reading.function.index(finding.score)] == finding.label
    assert sum(bool(f.evidence) for f in result.findings) >= 0.9 * len(result.findings)


def test_probabilities_can_be_counted_instead(make_speech: MakeSpeech, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "COUNT_BY", "probabilities")
    speech = given(make_speech("en", "one two three four", "one two", "one two three four five six"),
                   {"founder_story": 0.75, "values": 0.25}, {"product_fact": 1.0}, {"noncontent": 0.5, "stage": 0.5})
    metrics = {m.name: m for m in run_stage(STAGE, speech).result.metrics}
    assert list(metrics) == [f"share_{group}" for group in GROUPS]
    content = 4 + 2 + 6 * 0.5
    assert metrics["share_story"].value == pytest.approx(4 * 0.75 / content)
    assert metrics["share_product"].value == pytest.approx(2 / content)
    assert metrics["share_values"].value == pytest.approx(1 / content)
    assert metrics["share_other"].value == pytest.approx(3 / content)
    assert {m.unit for m in metrics.values()} == {"words"}


def test_shares_sum_to_one_and_count_seconds_where_there_are_times(invented: Speech) -> None:
    metrics = run_stage(STAGE, invented).result.metrics
    assert sum(m.value or 0 for m in metrics) == pytest.approx(1.0)
    assert {m.unit for m in metrics} == {"seconds"}
    total = sum((s.end_s or 0) - (s.start_s or 0) for s in invented.sentences)
    assert metrics[0].denominator == pytest.approx(
        total - sum((s.end_s or 0) - (s.start_s or 0)
                    for s, r in zip(invented.sentences, invented.readings, strict=True)
                    if max(r.function) == r.function[0]))


def test_without_content_there_is_no_share(make_speech: MakeSpeech) -> None:
    speech = given(make_speech("zh", "啦啦啦"), {"noncontent": 1.0})
    assert [m.value for m in run_stage(STAGE, speech).result.metrics] == [None] * len(GROUPS)


def test_a_speech_that_was_not_read_is_an_error(make_speech: MakeSpeech) -> None:
    assert "were not read" in run_stage(STAGE, make_speech("zh")).error


def test_a_sentence_counts_for_its_likeliest_label(make_speech: MakeSpeech) -> None:
    speech = given(make_speech("en", "one two three four"), {"founder_story": 0.75, "values": 0.25})
    metrics = {m.name: m.value for m in run_stage(STAGE, speech).result.metrics}
    assert (metrics["share_story"], metrics["share_values"]) == (1.0, 0.0)
