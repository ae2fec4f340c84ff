"""Training on invented coded speeches: strict reading, honest folds, same bytes, and a model that has learned."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from rhetoric.codebook import FUNCTIONS
from rhetoric.errors import FormatError, MissingExtraError
from rhetoric.models import reader, training
from rhetoric.models.gold import Feeling, GoldSpeech, read_gold, read_gold_folder
from rhetoric.models.scoring import best_temperature, calibration_error, kappa, score, story_share
from rhetoric.sentences import from_sentences

HEADER = "id\ttext\tfunction\temotion\tslogan\tfigures"
LINES = {
    "stage": ("Next, the agenda.", "Let us look at part {k} now.", "Roll film {k} please."),
    "founder_story": ("That night in {k} I drove home and cried.", "I called my mother when I was {k}.",
                      "I sat alone in the office until {k}."),
    "product_fact": ("The camera has {k} lenses.", "The battery lasts {k} hours.", "It weighs {k} ounces."),
    "values": ("I believe in patience.", "Courage is worth more than luck.", "Good work deserves trust."),
}


def write_speech(folder: Path, name: str, seed: int, n: int = 40) -> None:
    rng = random.Random(seed)
    rows = [HEADER]
    for k in range(n):
        label = list(LINES)[k * len(LINES) // n]
        rows.append(f"{k}\t{rng.choice(LINES[label]).format(k=rng.randrange(2, 99))}\t{label}\t-\t0\t-")
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    for seed, name in enumerate(["ann-2020", "ann-2021", "ann-2021b", "bob-2020", "bob-2022", "cy-2020"]):
        write_speech(folder, name, seed)
    write_speech(folder / "silver", "dan-2020", 9)
    return folder


@pytest.fixture(scope="module")
def result(gold: Path) -> training.TrainingResult:
    return training.train(gold, None, to_speech=from_sentences, folds=3)


def test_the_model_learns_what_the_coding_says(result: training.TrainingResult) -> None:
    assert list(result.models) == ["en"]
    assert result.by_event["en"].group_kappa > 0.8
    assert result.by_speaker["en"].group_kappa > 0.8
    assert result.by_event["en"].sentences == 6 * 40, "silver speeches are not scored on"
    assert result.models["en"].about["speeches"] == 7, "but trained on"
    assert result.models["en"].about["trained_on"][-1] == "dan-2020"
    speech = from_sentences("s", ["The camera has 7 lenses.", "I called my mother that night."] * 5, "en")
    best = reader.predict(result.models["en"], speech).argmax(axis=1)
    assert {FUNCTIONS[k] for k in best[::2]} == {"product_fact"}


def test_labels_torn_from_their_sentences_cannot_be_learned(tmp_path: Path, gold: Path) -> None:
    """The scores come from speeches the model has not seen: with shuffled labels they must fall to chance."""
    for path in gold.glob("*.tsv"):
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [line.split("\t") for line in lines[1:]]
        labels = [row[2] for row in rows]
        random.Random(path.name).shuffle(labels)
        shuffled = ["\t".join([*row[:2], label, *row[3:]]) for row, label in zip(rows, labels, strict=True)]
        (tmp_path / path.name).write_text("\n".join([lines[0], *shuffled]), encoding="utf-8")
    scores = training.train(tmp_path, None, to_speech=from_sentences, folds=3).by_event["en"]
    assert abs(scores.kappa) < 0.2


def test_the_same_gold_gives_the_same_bytes(tmp_path: Path, gold: Path, result: training.TrainingResult) -> None:
    again = training.train(gold, None, to_speech=from_sentences, folds=3)
    first, second = training.write_models(result, tmp_path / "a"), training.write_models(again, tmp_path / "b")
    assert [path.name for path in first] == ["reader-en.npz", "MODEL_CARD.md"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_written_models_hold_no_sentence_and_the_card_its_scores(tmp_path: Path,
                                                                 result: training.TrainingResult) -> None:
    data, card = training.write_models(result, tmp_path)
    model = reader.load("en", data.parent)
    learned = "\n".join(model.marks)
    assert "I believe in patience" not in learned
    assert "believe" in learned
    text = card.read_text(encoding="utf-8")
    assert f"| {result.by_event['en'].group_kappa:.2f} |" in text
    assert "not by people" in text
    assert re.search(r"\| `values` \| 70 \|", text)


def test_folds_keep_parts_of_an_event_and_a_speaker_together(gold: Path) -> None:
    golds = [g for g in read_gold_folder(gold) if not g.silver]
    vectors = training.vectors_for("en", None)
    speeches = [training.prepare(g, from_sentences, vectors) for g in golds]
    for by, wanted in (("event", "ann-2021"), ("speaker", "ann")):
        folds = training.group_folds(speeches, 3, by)
        assert sorted(k for fold in folds for k in fold) == list(range(len(speeches)))
        home = [n for n, fold in enumerate(folds) for k in fold if getattr(golds[k], by) == wanted]
        assert len(set(home)) == 1


@pytest.mark.parametrize(("name", "event"), [
    ("x-2018-zh", "x-2018"), ("x-2018-zh-b", "x-2018"), ("x-2018", "x-2018"), ("x-2024b", "x-2024"), ("club", "club"),
    ("talk-3", "talk-3"),
])
def test_names_tell_the_event(name: str, event: str) -> None:
    gold = GoldSpeech(name=name, language="en", sentences=("a",), functions=("values",))
    assert gold.event == event


@pytest.mark.parametrize(("text", "message"), [
    ("id\ttext\n0\tHello", r":1: column 'function' is missing"),
    ("id\ttext\tfunction\tmood\n0\tHello\tvalues\t-", r":1: column 'mood' is unknown"),
    ("id\ttext\tfunction\n0\tHello\tvalue", r":2: unknown function 'value'; known are noncontent, .*values$"),
    ("id\ttext\tfunction\n0\tHello\tvalues\n1\tvalues", r":3: 2 cells where the header has 3"),
    ("id\ttext\tfunction\n0\t \tvalues", r":2: the text is empty"),
    ("id\ttext\tfunction\n", r"holds no sentence"),
    (HEADER + "\n0\tHello\tvalues\tglee:1\t0\t-", r":2: unknown emotion 'glee'; write - for none, or one of pride"),
    (HEADER + "\n0\tHello\tvalues\tjoy:4\t0\t-", r":2: intensity '4' of 'joy'; write joy:1, joy:2 or joy:3"),
    (HEADER + "\n0\tHello\tvalues\tjoy\t0\t-", r":2: intensity '' of 'joy'"),
    (HEADER + "\n0\tHello\tvalues\t-\tyes\t-", r":2: slogan 'yes'; write 1 for a slogan, else 0"),
    (HEADER + "\n0\tHello\tvalues\t-\t0\tlist,rhyme", r":2: unknown figure 'rhyme'; .*contrast, list"),
])
def test_a_bad_gold_file_is_an_error_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=re.escape(str(path)) + f".*{message}"):
        read_gold(path)


def test_gold_may_have_a_mark_at_its_start_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_bytes("\ufeffid\ttext\tfunction\r\n0\t你好。\tstage\r\n".encode())
    assert read_gold(path).sentences == ("你好。",)
    assert read_gold(path).language == "zh"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(FormatError, match="must be a UTF-8 text file"):
        read_gold(path)


def test_gold_holds_what_is_coded_and_nothing_where_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(HEADER + "\n0\tWe wept.\tvalues\thardship:3\t1\tlist,contrast\n1\tNext.\tstage\t-\t0\t-\n",
                    encoding="utf-8")
    gold = read_gold(path)
    assert (gold.emotions, gold.slogans) == ((Feeling("hardship", 3), None), (True, False))
    assert gold.figures == (frozenset({"list", "contrast"}), frozenset())
    path.write_text("id\ttext\tfunction\n0\tWe wept.\tvalues\n", encoding="utf-8")
    assert (read_gold(path).emotions, read_gold(path).slogans, read_gold(path).figures) == ((), (), ())


def test_readings_of_a_fold_come_from_a_model_that_did_not_see_it(gold: Path) -> None:
    golds = read_gold_folder(gold)
    told: list[str] = []
    readings = training.unseen_readings(golds, None, to_speech=from_sentences, by="speaker", folds=2,
                                        watch=told.append)
    assert sorted(readings) == sorted(g.name for g in golds if not g.silver)
    assert [line.split(" done")[0] for line in told] == ["en: fold 1 of 2", "en: fold 2 of 2"]
    (found,) = (readings[g.name] for g in golds if g.name == "cy-2020")
    assert found.shape == (40, len(FUNCTIONS))
    assert np.allclose(found.sum(axis=1), 1.0)
    seen = reader.predict(training.train(gold, None, to_speech=from_sentences, folds=2).models["en"],
                          from_sentences("cy-2020", next(g for g in golds if g.name == "cy-2020").sentences, "en"))
    assert not np.allclose(found, seen), "a model that saw the speech reads it otherwise"


def test_too_little_gold_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="holds no coded speeches"):
        training.train(tmp_path, None, to_speech=from_sentences)
    write_speech(tmp_path, "only-2020", 1)
    with pytest.raises(FormatError, match="only one coded speech in 'en'"):
        training.train(tmp_path, None, to_speech=from_sentences)


def test_vectors_that_cannot_be_read_are_an_error(tmp_path: Path, gold: Path) -> None:
    with pytest.raises(FormatError, match=r"en\.npz: cannot be read"):
        training.train(gold, tmp_path, to_speech=from_sentences)


def test_without_the_extra_the_error_names_the_line_to_install(monkeypatch: pytest.MonkeyPatch, gold: Path) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(MissingExtraError, match=r"rhetoric\[train\]"):
        training.train(gold, None, to_speech=from_sentences)


def test_kappa_against_a_hand_count() -> None:
    a, b = np.array([0, 0, 1, 1, 1, 0, 0, 1, 0, 1]), np.array([0, 0, 1, 1, 0, 0, 1, 1, 0, 1])
    assert kappa(a, b, 2) == pytest.approx((0.8 - 0.5) / 0.5)


def test_temperature_cools_what_is_too_sure() -> None:
    labels = np.array([0] * 70 + [1] * 30)
    sure = np.full((100, len(FUNCTIONS)), 1e-6)
    sure[:, 0] = 1 - 1e-6 * (len(FUNCTIONS) - 1)
    assert best_temperature(sure, labels) == 3.0
    fair = np.full((100, len(FUNCTIONS)), 1e-6)
    fair[:, 0], fair[:, 1] = 0.7, 0.3
    assert best_temperature(fair, labels) == pytest.approx(1.0, abs=0.1)
    assert calibration_error(fair, labels) == pytest.approx(0.0, abs=0.01)
    assert calibration_error(sure, labels) == pytest.approx(0.3, abs=0.01)


def test_story_share_leaves_out_what_is_no_content() -> None:
    ones = np.eye(len(FUNCTIONS))
    masses = ones[[FUNCTIONS.index(label) for label in ("founder_story", "values", "noncontent")]]
    assert story_share(masses, np.array([10.0, 30.0, 500.0])) == pytest.approx(0.25)
    perfect = score([masses], [masses.argmax(axis=1)], [np.ones(3)])
    assert (perfect.accuracy, perfect.group_kappa) == (1.0, 1.0)
