"""The stage `figures`: spans, evidence, runs, metrics."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.codebook import FIGURES, FUNCTIONS
from rhetoric.sentences import from_sentences
from rhetoric.stages import run_stage
from rhetoric.stages.devices import witnesses
from rhetoric.stages.devices.contrasts import opposed_words
from rhetoric.stages.devices.parallels import common_words
from rhetoric.stages.devices.witnesses import Weights
from rhetoric.stages.figures import STAGE, run
from rhetoric.types import Finding, Reading


def figures(language: str, *sentences: str) -> dict[str, list[int]]:
    result = run(from_sentences("s", sentences, language), {})
    found: dict[str, list[int]] = {}
    for finding in result.findings:
        found.setdefault(finding.label, []).append(finding.sentence_index)
    return found


def test_all_but_hyperbole_is_declared():
    assert set(FIGURES) - set(STAGE.labels) == {"hyperbole"}
    assert STAGE.metrics == tuple(f"figure_{label}" for label in STAGE.labels)


def test_each_sentence_of_a_run_is_marked():
    zh = figures("zh", "我们相信手艺的力量。", "我们相信时间的力量。", "我们相信耐心的力量。", "后来天亮了。")
    assert zh["parallel"] == [0, 1, 2]
    assert zh["repetition"] == [0, 1, 2]
    en = figures("en", "Every boat needs a harbour.", "Every boat needs a storm.", "Every boat needs a name.",
                 "It was May.")
    assert en["parallel"] == [0, 1, 2]
    assert en["repetition"] == [0, 1, 2]


def test_evidence_gives_the_rule_and_the_words():
    speech = from_sentences("s", ["难的不是技术，而是等待。"], "zh")
    (contrast,) = [finding for finding in run(speech, {}).findings if finding.label == "contrast"]
    assert contrast.evidence == ("not A but B", "不是技术，而是")
    assert speech.text[contrast.char_start : contrast.char_end] == "不是技术，而是"
    (items,) = run(from_sentences("s", ["He bought timber, nails, and glue."], "en"), {}).findings
    assert items.evidence[0] == "items in a row"
    assert "timber, nails, and glue" in items.evidence[1]


def test_a_sentence_has_a_figure_once():
    assert figures("zh", "木头、铁钉、胶水，还有绳子、锤子、地图。")["list"] == [0]


@pytest.mark.parametrize(("language", "sentence"), [
    ("zh", "我们我们后来换了工厂"), ("zh", "就是就是那样"), ("en", "we we tested the the hinge"),
    ("en", "and and so it it broke"),
])
def test_stutters_are_no_figures(language: str, sentence: str):
    assert figures(language, sentence) == {}


def test_questions_are_read_without_marks():
    assert figures("zh", "我们为什么要造一盏灯呢")["question"] == [0]
    assert figures("en", "so why do we count them")["question"] == [0]
    assert "question" not in figures("en", "we know why we count them")


def test_what_is_no_speech_has_no_figures():
    speech = from_sentences("s", ["木头、铁钉、胶水。", "绳子、锤子、地图。"], "zh")
    sure = {label: Reading(function=tuple(float(name == label) for name in FUNCTIONS)) for label in FUNCTIONS}
    result = run(replace(speech, readings=(sure["noncontent"], sure["values"])), {})
    assert {finding.sentence_index for finding in result.findings} == {1}


def heard(function: str = "values", **figures: float) -> Reading:
    """A reading whose encoder gives these figures these probabilities, and all others none."""
    return Reading(function=tuple(float(name == function) for name in FUNCTIONS),
                   figures=tuple(figures.get(name, 0.0) for name in FIGURES))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_rule_and_the_model_are_joined(language: str, monkeypatch: pytest.MonkeyPatch):
    """A rule and the model speak together; where only the model does the whole sentence is marked."""
    # log odds: of 0.2 -1.39, of 0.6 0.41; marked from 0.2 on with the rule, from 0.6 on without
    weights = Weights(**{**dict.fromkeys(Weights._fields, 0.0), "model": 1.0, "rule": 1.792, "offset": -0.405})
    monkeypatch.setattr(witnesses, "fitted", lambda: {language: dict.fromkeys(STAGE.labels, weights)})
    pairs = {"zh": ("木头、铁钉、胶水。", "天亮了。"), "en": ("He bought timber, nails, and glue.", "It was May.")}
    listed, plain = pairs[language]
    speech = from_sentences("s", [listed, plain], language)

    def lists(first: float, second: float) -> list[Finding]:
        read = replace(speech, readings=(heard(list=first), heard(list=second)))
        return [finding for finding in run(read, {}).findings if finding.label == "list"]

    assert lists(0.1, 0.5) == []
    (ruled, alone) = lists(0.3, 0.7)
    assert (ruled.evidence[0], ruled.evidence[-1]) == ("items in a row", "model 0.30")
    assert alone.evidence == ("model 0.70",)
    assert 0.5 < ruled.score < 1
    assert alone.score == pytest.approx(1 / (1 + math.exp(-(math.log(0.7 / 0.3) - 0.405))), abs=1e-4)
    assert speech.text[alone.char_start : alone.char_end] == plain


@pytest.mark.parametrize(("column", "offset", "marked"),
                         [("model_beside", -2.0, True), ("model_around", 3.0, True), ("signs_beside", -2.0, False)])
def test_what_stands_beside_speaks_too(column: str, offset: float, marked: bool, monkeypatch: pytest.MonkeyPatch):
    """The model is sure of the neighbour alone: that marks a sentence where the neighbour's probability counts."""
    weights = Weights(**{**dict.fromkeys(Weights._fields, 0.0), column: 1.0, "offset": offset})
    monkeypatch.setattr(witnesses, "fitted", lambda: {"en": dict.fromkeys(STAGE.labels, weights)})
    speech = replace(from_sentences("s", ["It was May.", "He bought glue."], "en"),
                     readings=(heard(metaphor=0.01), heard(metaphor=0.99)))
    found = [finding.sentence_index for finding in run(speech, {}).findings if finding.label == "metaphor"]
    assert found == ([0] if marked else [])


def test_metrics_count_sentences_over_size():
    speech = from_sentences("s", ["木头、铁钉、胶水。", "天亮了。"], "zh")
    metrics = {metric.name: metric for metric in run(speech, {}).metrics}
    assert metrics["figure_list"].numerator == 1
    assert metrics["figure_list"].denominator == pytest.approx(9 / 1000)
    assert metrics["figure_list"].unit == "sentences per 1,000 characters"
    assert metrics["figure_contrast"].value == 0


def test_opposed_words_must_stand_on_different_sides():
    pairs = {"fast": frozenset({"slow"}), "slow": frozenset({"fast"})}
    assert opposed_words(("go", "fast"), ("go", "slow"), pairs) == ("fast", "slow")
    assert opposed_words(("fast", "slow"), ("fast", "slow"), pairs) is None


@given(st.lists(st.sampled_from("abcd"), max_size=8), st.lists(st.sampled_from("abcd"), max_size=8))
def test_common_words_is_a_subsequence_of_both(left: list[str], right: list[str]):
    shared = common_words(left, right)
    for words in (left, right):
        rest = iter(words)
        assert all(word in rest for word in shared)
    assert len(common_words(right, left)) == len(shared)
    assert common_words(left, left) == left


PIECES = st.text("我们的灯不是而，、？。 abc,'-—…\"", min_size=1, max_size=40)


@given(st.sampled_from(["zh", "en"]), st.lists(PIECES, max_size=6))
@settings(max_examples=80, deadline=None)
def test_any_text_is_borne(language: str, sentences: list[str]):
    spoken = [sentence for sentence in sentences if any(ch.isalnum() for ch in sentence)]
    if spoken:
        assert not run_stage(STAGE, from_sentences("s", spoken, language)).error
