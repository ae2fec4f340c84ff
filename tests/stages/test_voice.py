"""The numbers of the stage `voice`: shares of persons and agents, numbers in talk of products, what counts as open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rhetoric.codebook import FUNCTIONS
from rhetoric.sentences import from_sentences
from rhetoric.stages import run_stage
from rhetoric.stages.voice import STAGE
from rhetoric.types import Metric, Reading, StageResult


def heard(language: str, *sentences: tuple[str, str]) -> StageResult:
    """The result over (function, sentence) pairs."""
    speech = from_sentences("s", [text for _, text in sentences], language)
    readings = tuple(Reading(function=tuple(float(label == name) for name in FUNCTIONS)) for label, _ in sentences)
    run = run_stage(STAGE, replace(speech, readings=readings))
    assert not run.error
    return run.result


def counts(result: StageResult, names: Sequence[str]) -> list[float]:
    by_name: dict[str, Metric] = {metric.name: metric for metric in result.metrics}
    return [by_name[name].numerator for name in names]


PERSONS = ("voice_i", "voice_we", "voice_you")
AGENTS = ("agent_i", "agent_we", "agent_company", "agent_product")


@pytest.mark.parametrize(("language", "sentence", "persons"), [
    ("zh", "我把我的钥匙给了你，我们一起走。", [2, 1, 1]),
    ("zh", "自我这个词，跟我国没有关系。", [0, 0, 0]),
    ("en", "I gave you my key, and we left with our coats.", [2, 2, 1]),
    ("en", "It's mine, isn't it yours?", [1, 0, 1]),
])
def test_persons_are_counted_in_any_case(language: str, sentence: str, persons: list[int]) -> None:
    result = heard(language, ("values", sentence))
    assert counts(result, PERSONS) == persons
    assert {metric.denominator for metric in result.metrics if metric.name in PERSONS} == {sum(persons)}


@pytest.mark.parametrize(("language", "function", "sentence", "agents"), [
    ("zh", "founder_story", "那天我一个人回家，我们后来吵了一架。", [1, 1, 0, 0]),
    ("zh", "product_fact", "手机可以充电，它也能发光。", [0, 0, 0, 2]),
    ("zh", "values", "手机可以充电。", [0, 0, 0, 0]),  # outside talk of products a thing is no agent
    ("zh", "company_story", "公司搬了三次家，员工都没走。", [0, 0, 2, 0]),
    ("zh", "product_fact", "给我一部手机。", [0, 0, 0, 0]),
    ("en", "founder_story", "That night I went home, and then we argued.", [1, 1, 0, 0]),
    ("en", "product_fact", "The phone charges itself, and it glows.", [0, 0, 0, 2]),
    ("en", "company_story", "The team moved twice.", [0, 0, 1, 0]),
    ("en", "values", "They told me about it.", [0, 0, 0, 0]),
])
def test_the_agent_is_the_first_actor_of_a_clause(language: str, function: str, sentence: str,
                                                  agents: list[int]) -> None:
    assert counts(heard(language, (function, sentence)), AGENTS) == agents


@pytest.mark.parametrize(("language", "sentence", "found"), [
    ("zh", "它重三百二十克，厚八点五毫米，有两个镜头。", 3),
    ("zh", "充满要45分钟，省电百分之三十。", 2),
    ("zh", "这是一个M2芯片，防水IP68。", 0),
    ("zh", "只要一秒。", 1),
    ("en", "It weighs three hundred and twenty grams and has two lenses.", 2),
    ("en", "It charges in 45 minutes and costs 1,299 dollars.", 2),
    ("en", "That one is the iPhone 4 with an M2 chip.", 0),
    ("en", "About twenty five percent of it is glass.", 1),
])
def test_numbers_of_product_talk(language: str, sentence: str, found: int) -> None:
    result = heard(language, ("product_fact", sentence), ("values", "三十年河东，三百年河西。" if language == "zh"
                                                          else "Thirty years ago we had two rooms."))
    assert counts(result, ["voice_numbers"]) == [found]
    (metric,) = (metric for metric in result.metrics if metric.name == "voice_numbers")
    speech = from_sentences("s", [sentence], language)
    assert metric.denominator == pytest.approx(speech.sentences[0].size / 100), "product talk only"


def test_open_comparatives_are_a_share_of_comparatives() -> None:
    result = heard("en", ("product_claim", "It is 30% faster."), ("stage", "Next."),
                   ("product_claim", "It is 20% lighter than the old one."), ("values", "Kinder people live longer."))
    (metric,) = (metric for metric in result.metrics if metric.name == "voice_open_comparative")
    assert (metric.numerator, metric.denominator) == (1, 2)


def test_a_we_that_tells_nothing_is_in_neither_count() -> None:
    result = heard("en", ("values", "Let's go."), ("company_story", "Our engineers stayed."), ("values", "We sang."))
    (metric,) = (metric for metric in result.metrics if metric.name == "voice_inclusive_we")
    assert (metric.numerator, metric.denominator) == (1, 2)


@pytest.mark.parametrize(("language", "sentence", "marks"), [
    ("zh", "明年三月之前，我们会开一百家店。", ("says: 会", "who: 我们", "by when: 明年三月之前")),
    ("en", "By Christmas we will open a hundred shops.", ("says: we will", "who: we", "by when: By Christmas")),
])
def test_a_promise_says_who_and_by_when(language: str, sentence: str, marks: tuple[str, ...]) -> None:
    (found,) = (f for f in heard(language, ("values", sentence)).findings if f.label == "promise")
    assert (found.evidence, found.score) == (marks, 2.0)
    told = heard(language, ("company_story", sentence))
    assert not [f for f in told.findings if f.label == "promise"], "what is told is no promise"
