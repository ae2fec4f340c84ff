"""The sentence reader: what it gives, what it must get right, and that its data hold nobody's sentences."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rhetoric.codebook import FUNCTIONS, GROUP_OF
from rhetoric.errors import ModelError
from rhetoric.models import features, reader
from rhetoric.models.encoder.model import read_about
from rhetoric.types import Speech

MakeSpeech = Callable[..., Speech]
LIMIT_BYTES = 6 * 1024 * 1024


def groups(speech: Speech) -> list[str]:
    return [GROUP_OF[FUNCTIONS[int(np.argmax(r.function))]] for r in speech.readings]


def test_every_sentence_gets_probabilities_that_sum_to_one(invented: Speech) -> None:
    assert len(invented.readings) == len(invented.sentences)
    for reading in invented.readings:
        assert len(reading.function) == len(FUNCTIONS)
        assert sum(reading.function) == pytest.approx(1.0, abs=1e-9)
        assert min(reading.function) >= 0


def test_reading_changes_nothing_else(make_speech: MakeSpeech) -> None:
    speech = make_speech("zh")
    read = reader.read(speech)
    assert speech.readings == ()
    assert (read.text, read.sentences, read.language) == (speech.text, speech.sentences, speech.language)


def _read_again(language: str, lines: tuple[str, ...]) -> tuple[tuple[float, ...], ...]:
    from rhetoric.sentences import from_sentences

    return tuple(r.function for r in reader.read(from_sentences("invented", lines, language)).readings)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_another_process_reads_the_same(language: str, invented_lines: dict[str, tuple[str, ...]]) -> None:
    here = _read_again(language, invented_lines[language])
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        there = pool.apply(_read_again, (language, invented_lines[language]))
    assert here == there


def test_a_launch_speech_is_read_as_one(invented: Speech) -> None:
    """Lines 3-11 tell stories, 15-21 the product: mass, not single labels, is what the reader is good for."""
    mass = np.array([r.function for r in invented.readings])
    story = mass[:, [GROUP_OF[label] == "story" for label in FUNCTIONS]].sum(axis=1)
    product = mass[:, [GROUP_OF[label] == "product" for label in FUNCTIONS]].sum(axis=1)
    assert story[3:12].mean() > 0.5 > story[15:22].mean() + 0.2
    assert product[15:22].mean() > 0.4 > product[3:12].mean() + 0.2
    assert groups(invented)[-1] == "other"


@pytest.mark.parametrize(("language", "sentence", "group"), [
    ("zh", "那年冬天我一个人坐在办公室里，给妈妈打了电话，她哭了，我也哭了。", "story"),
    ("zh", "新手机的屏幕支持高刷新率，电池容量五千毫安时。", "product"),
    ("zh", "我相信，人生最重要的是坚持梦想。", "values"),
    ("en", "I remember that night, when my father called me and told me that he had lost his job.", "story"),
    ("en", "The new phone has a bigger screen, a faster chip and a better camera.", "product"),
    ("en", "We believe that freedom and justice are the values of our nation.", "values"),
    ("en", "Thank you so much for coming tonight, and let us begin.", "other"),
])
def test_plain_cases_are_read_right(make_speech: MakeSpeech, language: str, sentence: str, group: str) -> None:
    assert set(groups(reader.read(make_speech(language, *[sentence] * 5)))) == {group}


def test_reasons_are_words_of_the_sentence(invented: Speech) -> None:
    reasons = [reading.reasons for reading in invented.readings]
    assert len(reasons) == len(invented.sentences)
    given = 0
    for sentence, words in zip(invented.sentences, reasons, strict=True):
        known = [token.text.lower() for token in sentence.tokens]
        shown = "".join(known)
        assert len(words) <= reader.REASONS
        assert len(set(words)) == len(words)
        for word in words:
            given += 1
            assert word.replace(" ", "") in shown
    assert given >= len(reasons)


def test_an_empty_speech_stays_empty() -> None:
    speech = Speech(speech_id="s", language="zh", text="", sentences=())
    assert reader.read(speech) == speech


@pytest.mark.parametrize("text", ["?", "1234567890", "\x00\u202e👍", "a" * 50_000, "好" * 5_000])
def test_odd_sentences_are_read(make_speech: MakeSpeech, text: str) -> None:
    for language in ("zh", "en"):
        read = reader.read(make_speech(language, text, "ok"))
        assert np.isfinite([r.function for r in read.readings]).all()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_data_files_are_small_and_hold_words_not_sentences(language: str) -> None:
    path = reader.data_path(language)
    assert path.stat().st_size <= LIMIT_BYTES
    model = reader.load(language)
    longest = max((len(features.words_of_mark(mark)) for mark in model.marks), default=0)
    assert longest <= 3, "runs of at most three words"
    assert all(" " not in word for word in model.words)
    assert "text" not in json.dumps(model.about)


def test_the_card_says_what_the_data_say() -> None:
    card = (reader.FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
    joined = read_about(reader.FOLDER)["scores"]
    for language in reader.LANGUAGES:
        kappa = f"{joined[language]['unseen_speeches']['group_kappa']:.2f}"
        assert kappa in card
        assert kappa in reader.reader_scores()[f"reader_{language}"]
        assert reader.reader_agreement()[f"reader_kappa_{language}"] == kappa
        assert f"{reader.load(language).about['unseen_speeches']['group_kappa']:.2f}" in card, "the words alone"
    assert "not by people" in card
    assert reader.reader_version().startswith(f"{reader.VERSION}-")


def test_words_and_encoder_read_better_than_words_alone() -> None:
    joined = read_about(reader.FOLDER)["scores"]
    for language in reader.LANGUAGES:
        alone = reader.load(language).about["unseen_speeches"]
        assert alone["group_kappa"] > 0.5
        for score in ("accuracy", "kappa", "group_kappa"):
            assert joined[language]["unseen_speeches"][score] > alone[score]


def test_data_survive_a_round_and_give_the_same_bytes(tmp_path: Path, make_speech: MakeSpeech) -> None:
    model = reader.load("en")
    first = reader.save(model, tmp_path / "a").read_bytes()
    assert first == reader.save(reader.load("en", tmp_path / "a"), tmp_path / "b").read_bytes()
    speech = make_speech("en")
    assert (reader.predict(reader.load("en", tmp_path / "b"), speech) == reader.predict(model, speech)).all()


def test_absent_and_damaged_data_are_errors_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"reader-zh\.npz: the sentence reader has no data[^\n]+$"):
        reader.load("zh", tmp_path)
    reader.data_path("en", tmp_path).write_bytes(b"PK\x03\x04 not an archive")
    with pytest.raises(ModelError, match=r"damaged[^\n]*$"):
        reader.load("en", tmp_path)


def test_changed_data_are_found(tmp_path: Path) -> None:
    path = reader.save(reader.load("en"), tmp_path)
    with np.load(path) as data:
        arrays = {name: data[name] for name in data.files}
    arrays["bias"] = arrays["bias"] + 1
    np.savez_compressed(path, **arrays)
    with pytest.raises(ModelError, match="its hash is wrong"):
        reader.load("en", tmp_path)


def test_vectors_survive_packing() -> None:
    vectors = np.random.default_rng(1).normal(size=(50, 100)).astype(np.float32)
    vectors[3] = 0
    back = reader.unpack_vectors(*reader.pack_vectors(vectors))
    assert np.abs(back - vectors).max() < 0.03
