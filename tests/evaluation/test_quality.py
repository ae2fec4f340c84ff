"""The stages on our own coded speeches: no score may fall below its floor (`tests/floors.json`).

A floor is raised, never lowered: where a change makes one fall, the change is wrong, or the coding is.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rhetoric.evaluation import Evaluation, evaluate
from rhetoric.evaluation.floors import ROOM, Held, held, read_floors
from rhetoric.models import reader
from rhetoric.models.encoder.model import ABOUT
from rhetoric.models.gold import GoldSpeech, read_gold_folder
from rhetoric.sentences import from_sentences
from rhetoric.types import Speech

TESTS = Path(__file__).parents[1]
GOLD = TESTS / "gold"


def read(gold: GoldSpeech) -> Speech:
    return reader.read(from_sentences(gold.name, gold.sentences, gold.language))


@pytest.fixture(scope="module")
def golds() -> list[GoldSpeech]:
    return read_gold_folder(GOLD)


@pytest.fixture(scope="module")
def evaluation(golds: list[GoldSpeech]) -> Evaluation:
    return evaluate(golds, read)


@pytest.fixture(scope="module")
def scores(evaluation: Evaluation) -> list[Held]:
    floors = read_floors(TESTS / "floors.json", GOLD, "installed")
    return list(held(evaluation.as_data(), floors))


def test_no_score_is_below_its_floor(scores: list[Held], capsys: pytest.CaptureFixture[str]) -> None:
    assert len(scores) >= 26, "13 scores a language"
    assert not [str(score) for score in scores if not score.holds]
    rising = [str(score) for score in scores if score.room >= ROOM]
    with capsys.disabled():
        if rising:
            print("\ntests/floors.json, floors that could be raised:", *rising, sep="\n  ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_readers_data_say_how_it_reads_these_speeches(evaluation: Evaluation, language: str) -> None:
    """They are written by `tools/score_reader.py`, and decide if a report tells whose a story is."""
    written = json.loads((reader.FOLDER / ABOUT).read_text(encoding="utf-8"))["scores"][language]["invented_speeches"]
    found = evaluation.as_data()[language]["function"]
    assert {name: written[name] for name in found} == pytest.approx(found, abs=0.01)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_there_are_enough_coded_examples(golds: list[GoldSpeech], language: str) -> None:
    own = [gold for gold in golds if gold.language == language and gold.name.startswith("invented-")]
    assert sum(len(gold.sentences) for gold in own) >= 300
    assert len(own) >= 5, "several speakers"
    texts = [text for gold in golds for text in gold.sentences if len(text) > 12]
    assert len(set(texts)) > 0.95 * len(texts), "a sentence counts once"


def test_scores_do_not_depend_on_the_order_of_the_speeches(golds: list[GoldSpeech], evaluation: Evaluation) -> None:
    few = golds[:4]
    assert evaluate(few, read).pooled == evaluate(few[::-1], read).pooled
    assert {scored.name for scored in evaluation.by_speech} == {gold.name for gold in golds}
