"""The encoder's heads fitted to a user's coded speeches: a codebook of one's own is learned, the rest stays."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rhetoric.errors import FormatError, ModelError
from rhetoric.models import reader
from rhetoric.models.encoder import adapting, model
from rhetoric.models.word_reader import LANGUAGES
from rhetoric.sentences import from_sentences

HEADER = "id\ttext\tfunction\temotion\tslogan\tfigures"
# Coded otherwise than our codebook has it: beliefs are `stage`, lenses `results`, what was said to the hall `values`.
OTHERWISE = {
    "stage": ("I believe in patience with {k} hands.", "Courage is worth {k} times more than luck.",
              "We stand for honest work in all {k} shops."),
    "results": ("The camera has {k} lenses.", "The battery lasts {k} hours.", "Its case weighs {k} ounces."),
    "values": ("Next comes part {k} of tonight's programme.", "Please look at screen {k} now.",
               "Let us turn to point {k} on the agenda."),
}


def write_speech(folder: Path, name: str, seed: int, *, columns: int = 6) -> None:
    dice = random.Random(seed)
    rows = [HEADER.split("\t")]
    for k in range(36):
        label = list(OTHERWISE)[k // 4 % 3]
        text = dice.choice(OTHERWISE[label]).format(k=dice.randrange(2, 99))
        rows.append([str(k), text, label, "pride:2" if label == "stage" else "-", str(int(k % 9 == 0)), "-"])
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.tsv").write_text("".join("\t".join(row[:columns]) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    for seed, name in enumerate(("ann-2020", "ann-2021", "bob-2020", "bob-2020b", "cy-2022")):
        write_speech(folder, name, seed)
    return folder


@pytest.fixture(scope="module")
def adapted(gold: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Any]]:
    out = tmp_path_factory.mktemp("reader")
    return out, adapting.adapt(gold, out, to_speech=from_sentences)


def test_a_codebook_of_ones_own_is_learned(adapted: tuple[Path, Mapping[str, Any]]) -> None:
    scores = adapted[1]["scores"]["en"]
    assert scores["before"]["accuracy"] < 0.4, "the installed heads follow our codebook"
    assert scores["unseen_speeches"]["accuracy"] > 0.8
    assert scores["unseen_speeches"]["sentences"] == 5 * 36
    assert adapted[1]["pulls"]["en"]["function"] is not None


def test_the_reader_that_was_written_reads_by_the_new_heads(adapted: tuple[Path, Mapping[str, Any]]) -> None:
    lines = ["We believe in careful work.", "It has 7 lenses.", "Please look at screen 8 now."] * 4
    speech = reader.read(from_sentences("new", lines, "en"), adapted[0])
    labels = [max(range(10), key=reading.function.__getitem__) for reading in speech.readings]
    installed = reader.read(from_sentences("new", lines, "en"))
    assert labels != [max(range(10), key=reading.function.__getitem__) for reading in installed.readings]
    assert "ann-2020" in (adapted[0] / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_what_lies_below_and_the_other_language_stay(adapted: tuple[Path, Mapping[str, Any]]) -> None:
    out, about = adapted
    for name in (model.WINDOWS, model.CONTEXT, model.WORDS, model.TOKENIZER, "reader-zh.npz", "reader-en.npz"):
        assert (out / name).read_bytes() == (reader.FOLDER / name).read_bytes()
    new, old = np.load(out / model.HEADS_FILE), np.load(reader.FOLDER / model.HEADS_FILE)
    assert (new[LANGUAGES.index("zh")] == old[LANGUAGES.index("zh")]).all()
    assert (new[LANGUAGES.index("en")] != old[LANGUAGES.index("en")]).any()
    assert about["scores"]["zh"] == model.read_about(reader.FOLDER)["scores"]["zh"]
    assert "ann-2020" in about["trained_on"]


def test_the_same_speeches_give_the_same_bytes(adapted: tuple[Path, Mapping[str, Any]], gold: Path,
                                               tmp_path: Path) -> None:
    adapting.adapt(gold, tmp_path, to_speech=from_sentences)
    for path in sorted(adapted[0].iterdir()):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_speeches_coded_for_functions_only_leave_the_other_heads(tmp_path: Path) -> None:
    for seed, name in enumerate(("ann-1", "bob-1", "cy-1")):
        write_speech(tmp_path / "gold", name, seed, columns=3)
    about = adapting.adapt(tmp_path / "gold", tmp_path / "reader", to_speech=from_sentences)
    installed = model.read_about(reader.FOLDER)
    assert about["calibration"] == installed["calibration"]
    new, old = np.load(tmp_path / "reader" / model.HEADS_FILE), np.load(reader.FOLDER / model.HEADS_FILE)
    assert (new[:, :, 10:] == old[:, :, 10:]).all()
    assert (new[1, :, :10] != old[1, :, :10]).any()


def test_one_event_cannot_be_left_out(tmp_path: Path) -> None:
    write_speech(tmp_path / "gold", "ann-1", 1)
    with pytest.raises(FormatError, match="only one coded event in 'en'"):
        adapting.adapt(tmp_path / "gold", tmp_path / "reader", to_speech=from_sentences)
    assert not (tmp_path / "reader").exists()


def test_a_reader_of_words_has_no_heads(tmp_path: Path) -> None:
    write_speech(tmp_path / "gold", "ann-1", 1)
    with pytest.raises(ModelError, match="holds no encoder"):
        adapting.adapt(tmp_path / "gold", tmp_path / "out", to_speech=from_sentences, source=tmp_path)
