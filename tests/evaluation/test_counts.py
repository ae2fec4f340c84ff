"""What one speech adds to the scores, against counts made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rhetoric.codebook import FIGURES, FUNCTIONS
from rhetoric.evaluation.counts import average_precision, coded_share, counts_of
from rhetoric.evaluation.scores import pooled
from rhetoric.models.gold import Feeling, GoldSpeech
from rhetoric.sentences import from_sentences
from rhetoric.types import Finding, Metric, StageResult

LINES = ("We sold the house.", "It has two lenses.", "I was afraid.", "Be brave.", "Thank you.")
CODED = ("company_story", "product_fact", "founder_story", "values", "audience")
GOLD = GoldSpeech(
    name="ann-2020", language="en", sentences=LINES, functions=CODED,
    emotions=(None, None, Feeling("anxiety", 2), Feeling("resolve", 1), None),
    slogans=(False, False, False, True, False),
    figures=(frozenset(), frozenset({"list"}), frozenset({"contrast"}), frozenset({"contrast"}), frozenset()))
SPEECH = from_sentences("ann-2020", LINES, "en")


def finding(index: int, label: str, score: float) -> Finding:
    sentence = SPEECH.sentences[index]
    return Finding(label=label, sentence_index=index, char_start=sentence.char_start, char_end=sentence.char_end,
                   score=score)


def results(**findings: list[tuple[int, str, float]]) -> dict[str, StageResult]:
    made = {name: StageResult(findings=tuple(finding(*item) for item in found)) for name, found in findings.items()}
    return {name: made.get(name, StageResult()) for name in ("function", "ratio", "emotion", "slogans", "figures")}


def test_functions_are_counted_by_coded_and_found_label() -> None:
    table = counts_of(GOLD, SPEECH, results(function=[(0, "company_story", 0.9), (1, "values", 0.5)]))["function"]
    assert table.sum() == 2
    assert table[FUNCTIONS.index("company_story"), FUNCTIONS.index("company_story")] == 1
    assert table[FUNCTIONS.index("product_fact"), FUNCTIONS.index("values")] == 1


def test_the_strongest_phrase_stands_for_its_sentence() -> None:
    found = [(0, "joy", 1.0), (2, "joy", 1.0), (2, "anxiety", 3.0), (2, "hope", 1.0)]
    counts = counts_of(GOLD, SPEECH, results(emotion=found))["emotion"]
    # Found and coded: sentence 2, right class, intensity 3 for 2. Found only: 0. Coded only: 3.
    assert counts.tolist() == [1, 1, 1, 1, 1]


def test_slogans_are_ranked_by_the_best_score_of_a_sentence() -> None:
    found = [(0, "slogan", 80.0), (3, "slogan", 20.0), (3, "slogan", 60.0), (4, "slogan", 50.0)]
    assert counts_of(GOLD, SPEECH, results(slogans=found))["slogans"].tolist() == [0.5, 1, 1, 1, 1]


def test_figures_are_counted_by_sentence() -> None:
    found = [(1, "list", 1.0), (2, "contrast", 1.0), (2, "contrast", 1.0), (4, "contrast", 1.0)]
    counts = counts_of(GOLD, SPEECH, results(figures=found))["figures"]
    assert counts[FIGURES.index("list")].tolist() == [1, 0, 0]
    assert counts[FIGURES.index("contrast")].tolist() == [1, 1, 1]


def test_what_is_not_coded_adds_nothing() -> None:
    bare = replace(GOLD, emotions=(), slogans=(), figures=())
    counts = counts_of(bare, SPEECH, results(emotion=[(0, "joy", 1.0)], figures=[(0, "list", 1.0)]))
    assert not any(counts[name].any() for name in ("emotion", "slogans", "figures"))


@pytest.mark.parametrize(("metric", "share"), [("share_story", 7 / 15), ("story_to_product", 7 / 11)])
def test_coded_shares_weigh_sentences_by_their_size(metric: str, share: float) -> None:
    assert coded_share(GOLD, [s.size for s in SPEECH.sentences], metric) == pytest.approx(share)


def test_there_is_no_ratio_without_story_and_product() -> None:
    assert coded_share(replace(GOLD, functions=("values",) * 5), [1.0] * 5, "story_to_product") is None


def test_a_share_is_off_by_its_distance_and_its_interval_covers_or_not() -> None:
    long = replace(GOLD, sentences=LINES * 6, functions=CODED * 6, emotions=(), slogans=(), figures=())
    speech = from_sentences("ann-2020", LINES * 6, "en")
    metrics = (Metric(name="story_to_product", numerator=1, denominator=2, unit="words", low=0.4, high=0.6),)
    found = results() | {"ratio": StageResult(metrics=metrics)}
    error, *rest = counts_of(long, speech, found)["story_to_product"].tolist()
    assert error == pytest.approx(7 / 11 - 1 / 2)
    assert rest == [1, 0, 1]
    assert counts_of(GOLD, SPEECH, found)["story_to_product"].tolist() == [0, 0, 0, 0], "too short to say"


@pytest.mark.parametrize(("hits", "coded", "expected"), [
    ([True, False, True], 2, (1 + 2 / 3) / 2), ([False, True], 4, 0.5 / 4), ([], 3, 0.0), ([True], 0, 0.0),
])
def test_average_precision_against_a_hand_count(hits: list[bool], coded: int, expected: float) -> None:
    assert average_precision(hits, coded) == pytest.approx(expected)


def test_a_perfect_coder_gets_perfect_scores() -> None:
    perfect = results(
        function=[(at, label, 1.0) for at, label in enumerate(CODED)], slogans=[(3, "slogan", 90.0)],
        emotion=[(2, "anxiety", 2.0), (3, "resolve", 1.0)],
        figures=[(1, "list", 1.0), (2, "contrast", 1.0), (3, "contrast", 1.0)])
    scores, _ = pooled([counts_of(GOLD, SPEECH, perfect)])
    for name in ("function.accuracy", "function.kappa", "function.group_kappa", "emotion.f1", "emotion.class_accuracy",
                 "slogans.average_precision", "slogans.recall_at_20", "figures.list", "figures.contrast"):
        assert scores[name] == 1.0, name
    assert scores["emotion.intensity_error"] == 0.0
    assert scores["figures.metaphor"] is None, "neither coded nor found"


def test_pooling_adds_counts_not_scores() -> None:
    right = counts_of(GOLD, SPEECH, results(figures=[(2, "contrast", 1.0), (3, "contrast", 1.0)]))
    wrong = counts_of(GOLD, SPEECH, results(figures=[(0, "contrast", 1.0)]))
    scores, intervals = pooled([right, wrong])
    assert scores["figures.contrast"] == pytest.approx(4 / 7, abs=1e-4)  # 2 found, 1 wrong, 2 missed
    low, high = intervals["figures.contrast"]
    assert (low, high) == (0.0, 1.0), "one speech all right, one all wrong: anything may be drawn"
    assert pooled([right, wrong]) == pooled([right, wrong])
    assert pooled([right])[1] == {}, "one speech says nothing of others"


def test_kappa_is_that_of_the_readers_training() -> None:
    from rhetoric.models.scoring import kappa, kappa_of

    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 10, 200), rng.integers(0, 10, 200)
    b[:120] = a[:120]
    table = np.zeros((10, 10))
    np.add.at(table, (a, b), 1.0)
    assert kappa_of(table[None])[0] == pytest.approx(kappa(a, b, 10))
