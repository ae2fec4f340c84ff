"""The sentence encoder at run time: cutting, odd sentences, same bytes, damaged files, calibration, honest lists."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS, MAX_INTENSITY
from rhetoric.errors import FormatError, ModelError
from rhetoric.models import reader
from rhetoric.models.encoder import base, calibrating, documents, making, model, tokens
from rhetoric.models.encoder.heads import HEADS, WIDTH
from rhetoric.models.gold import Feeling, GoldSpeech, event_of
from rhetoric.models.scoring import calibration_error
from rhetoric.types import Speech

MakeSpeech = Callable[..., Speech]
LIMIT_BYTES = 40_000_000
FILES = (model.ABOUT, model.WINDOWS, model.CONTEXT, model.HEADS_FILE, model.WORDS, model.TOKENIZER)


@pytest.fixture(scope="module")
def opened() -> model.EncoderModel:
    return model.open_encoder(reader.FOLDER)


@given(st.lists(st.integers(1, tokens.SENTENCE), max_size=60), st.integers(64, tokens.WINDOW))
def test_windows_hold_whole_sentences_in_order_and_fit(lengths: list[int], first: int) -> None:
    cut = list(tokens.windows(lengths, 4, first))
    assert [k for run in cut for k in run] == list(range(len(lengths)))
    for run in cut:
        assert 4 + sum(lengths[k] + 1 for k in run) <= tokens.WINDOW
    for run, after in pairwise(cut):
        limit = first if run is cut[0] else tokens.WINDOW
        assert 4 + sum(lengths[k] + 1 for k in (*run, after[0])) > limit, "no window ends before it must"


def test_heads_lie_side_by_side() -> None:
    widths = {"function": len(FUNCTIONS), "emotion": 1 + len(EMOTIONS), "slogan": 1, "figures": len(FIGURES),
              "intensity": MAX_INTENSITY}
    assert {name: place.stop - place.start for name, place in HEADS.items()} == widths
    assert sorted(k for place in HEADS.values() for k in range(place.start, place.stop)) == list(range(WIDTH))


def test_blocks_of_four_bits_are_numbers_again() -> None:
    scale = np.array([0.5], dtype="<f2").view(np.uint8)
    halves = np.array([0x80 + k % 16 for k in range(16)], dtype=np.uint8)  # low halves 0..15, high halves 8
    (row,) = base.unpack_blocks(np.concatenate([scale, halves]).reshape(1, 1, base.BLOCK_BYTES))
    assert row.tolist() == [0.5 * (k - 8) for k in range(16)] + [0.0] * 16


@pytest.mark.parametrize("text", ["", " ", "?", "\x00\x07", "\u202e\u200f👍🏽", "a" * 100_000, "好" * 100_000,
                                  "𝕳é你\ufeff", "星云X9 Ultra 上市"])
def test_odd_sentences_are_cut_safely(opened: model.EncoderModel, text: str) -> None:
    (pieces,) = tokens.pieces_of(opened.tokenizer, [text])
    assert 1 <= len(pieces) <= tokens.SENTENCE
    rows = model.scores(opened, [text, "Thank you."], "en")
    assert rows.shape == (2, WIDTH)
    assert np.isfinite(rows).all()


def test_no_sentences_no_scores(opened: model.EncoderModel) -> None:
    assert model.scores(opened, [], "zh").shape == (0, WIDTH)


def test_threads_and_stretches_change_nothing(opened: model.EncoderModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A speech longer than a stretch: its scores are those of a reading in one piece, whoever reads the windows."""
    lines = [f"In {1900 + k} we built lamp number {k}." for k in range(model.STRETCH + 40)]
    monkeypatch.delenv(model.THREADS_VARIABLE, raising=False)
    rows = model.scores(opened, lines, "en")
    monkeypatch.setattr(model, "THREADS", 1)
    assert (model.scores(opened, lines, "en") == rows).all()
    monkeypatch.setattr(model, "STRETCH", 10_000)
    assert np.abs(model.scores(opened, lines, "en") - rows).max() < 1e-4


@pytest.mark.parametrize(("allowed", "threads"), [("1", 1), ("0", 1), ("8", model.THREADS), ("", model.THREADS),
                                                  ("many", model.THREADS)])
def test_a_process_has_the_threads_it_may_have(monkeypatch: pytest.MonkeyPatch, allowed: str, threads: int) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    monkeypatch.setenv(model.THREADS_VARIABLE, allowed)
    assert model.threads() == threads


def test_readings_carry_what_the_heads_say(invented: Speech) -> None:
    for reading in invented.readings:
        assert len(reading.emotion) == 1 + len(EMOTIONS)
        assert len(reading.intensity) == MAX_INTENSITY
        assert sum(reading.emotion) == pytest.approx(1, abs=0.001)
        assert len(reading.figures) == len(FIGURES)
        assert reading.slogan is not None
        assert all(0 <= p <= 1 for p in (*reading.emotion, *reading.figures, reading.slogan))


def test_a_question_a_list_and_thanks_are_heard(make_speech: MakeSpeech) -> None:
    for language, question, thanks in (("zh", "为什么我们一定要自己做芯片呢？", "那一刻我特别感动，真的非常感谢大家。"),
                                       ("en", "So why do we do this?", "I am deeply grateful to every one of you.")):
        read = reader.read(make_speech(language, question, thanks)).readings
        assert read[0].figures[FIGURES.index("question")] > 0.5
        assert read[1].figures[FIGURES.index("question")] < 0.3
        assert read[1].emotion[1 + EMOTIONS.index("gratitude")] > 0.4


def test_a_folder_without_an_encoder_is_read_by_words(tmp_path: Path, make_speech: MakeSpeech) -> None:
    for language in reader.LANGUAGES:
        shutil.copy(reader.data_path(language), tmp_path)
    read = reader.read(make_speech("en"), tmp_path)
    assert all(r.emotion == () and r.figures == () and r.slogan is None for r in read.readings)
    assert reader.reader_version(tmp_path) != reader.reader_version()
    assert set(reader.reader_scores(tmp_path)) == {"reader_zh", "reader_en"}


# --- the data files ------------------------------------------------------------------------------------------------


def test_the_files_are_small() -> None:
    assert sum((reader.FOLDER / name).stat().st_size for name in FILES) <= LIMIT_BYTES


def test_no_event_is_both_learned_from_and_scored_on(opened: model.EncoderModel) -> None:
    learned = {event_of(name) for name in opened.about["trained_on"]}
    held_out = {event_of(name) for name in opened.about["held_out"]}
    assert learned
    assert held_out
    assert not learned & held_out
    for language in reader.LANGUAGES:
        assert set(reader.load(language).about["trained_on"]) <= set(opened.about["trained_on"])


def test_the_reader_keeps_its_promises(opened: model.EncoderModel) -> None:
    for scores in opened.about["scores"].values():
        assert scores["unseen_speeches"]["group_kappa"] > 0.55
        assert scores["unseen_speeches"]["calibration_error"] < 0.06


def test_changed_and_absent_files_are_errors_in_a_line(tmp_path: Path) -> None:
    for name in FILES:
        shutil.copy(reader.FOLDER / name, tmp_path)
    words = tmp_path / model.WORDS
    content = bytearray(words.read_bytes())
    content[-1] ^= 1
    words.write_bytes(content)
    with pytest.raises(ModelError, match=r"encoder-words\.npy: damaged \(its hash is wrong\)[^\n]*$"):
        model.open_encoder(tmp_path)
    words.unlink()
    with pytest.raises(ModelError, match=r"encoder-words\.npy: cannot be read[^\n]*$"):
        model.open_encoder(tmp_path)


@pytest.mark.parametrize(("text", "message"), [
    ("{", "damaged"), ("[]", "damaged"), (json.dumps({"version": 99}), "made for another version")])
def test_what_describes_an_encoder_is_checked(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / model.ABOUT).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=f"{message}[^\n]*$"):
        model.read_about(tmp_path)


# --- calibration and scores ----------------------------------------------------------------------------------------


def unseen(name: str, n: int = 60, seed: int = 0) -> calibrating.Unseen:
    """A speech whose encoder is three times too sure of a right label in two of three sentences."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, n)
    guess = np.where(rng.random(n) < 0.67, labels, rng.integers(0, 10, n))
    rows = np.zeros((n, WIDTH), dtype=np.float32)
    rows[np.arange(n), guess] = 9.0
    rows[:, HEADS["figures"]] = rng.normal(size=(n, len(FIGURES)))
    gold = GoldSpeech(name=name, language="en", sentences=("x",) * n, functions=tuple(FUNCTIONS[k] for k in labels),
                      emotions=tuple(Feeling("joy", 2) if k % 3 == 0 else None for k in range(n)),
                      slogans=(False,) * n, figures=(frozenset[str](),) * n)
    return calibrating.Unseen(gold=gold, rows=rows, words=np.full((n, 10), 0.1), sizes=np.ones(n))


def test_halves_keep_events_together_and_are_even() -> None:
    cases = [unseen(name, n) for name, n in (("a-2020", 50), ("a-2020b", 50), ("b-1", 60), ("c-1", 30))]
    first, second = calibrating.halves(cases)
    assert sorted(c.gold.name for c in (*first, *second)) == ["a-2020", "a-2020b", "b-1", "c-1"]
    assert {"a-2020", "a-2020b"} in ({c.gold.name for c in first}, {c.gold.name for c in second})


def test_scores_across_are_calibrated_and_can_be_restricted() -> None:
    cases = [unseen(f"t-{k}", 200, seed=k) for k in range(4)]
    raw = calibration_error(cases[0].mixed(1.0), cases[0].labels)
    whole = calibrating.scores_across(cases, 1.0)
    assert whole.calibration_error < raw / 2
    assert calibrating.scores_across(cases, 1.0, cases[:1]).sentences == 200
    assert calibrating.best_share(cases) == 1.0, "a word reader that knows nothing gets no say"


@given(st.integers(0, 50))
@settings(max_examples=10, deadline=None)
def test_platt_finds_the_slope_that_made_the_labels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=4000) * 2
    labels = (rng.random(4000) < 1 / (1 + np.exp(-(0.7 * scores - 1.0)))).astype(float)
    slope, offset = calibrating.platt(scores, labels)
    assert slope == pytest.approx(0.7, abs=0.12)
    assert offset == pytest.approx(-1.0, abs=0.15)
    assert calibrating.platt(scores, 1 - labels)[0] == 0.0, "a score that speaks against its label is not turned round"


def test_calibration_of_heads_has_one_pair_a_figure() -> None:
    fitted = calibrating.calibration([unseen("t-1"), replace(unseen("t-2", seed=1))])
    assert len(fitted["figures"]) == len(FIGURES)
    assert all(1 / (1 + np.exp(-offset)) < 0.1 for _, offset in fitted["figures"]), "figures that never occur are rare"


def test_texts_that_hold_an_unseen_speech_are_not_learned_from(tmp_path: Path) -> None:
    lines = [f"我们在第{k}天把灯塔的门漆成了深蓝色，然后数了数台阶。" for k in "一二三四五六七八"]
    gold = GoldSpeech(name="t-1", language="zh", sentences=tuple(lines), functions=("values",) * len(lines))
    (tmp_path / "same.txt").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "other.txt").write_text("山里的路很长。Snow fell. We waited.", encoding="utf-8")
    assert documents.read_documents(tmp_path, [gold]) == [["山里的路很长。", "Snow fell.", "We waited."]]
    with pytest.raises(FormatError, match=r"holds no \.txt file"):
        documents.read_documents(tmp_path / "none", [gold])


def coded(name: str, n: int, language: str = "en", *, silver: bool = False) -> GoldSpeech:
    return GoldSpeech(name=name, language=language, sentences=("x",) * n, functions=("values",) * n, silver=silver)


def test_a_sixth_of_the_events_is_kept_out_whole() -> None:
    golds = [*(coded(f"talk{k}-1", 20) for k in range(24)), coded("show-2020", 10), coded("show-2020b", 10),
             coded("old-1", 900, silver=True), *(coded(f"yan{k}-1", 5, "zh") for k in range(12))]
    held_out = making.one_part(golds)
    sizes = {language: sum(len(g.sentences) for g in golds if g.name in held_out and g.language == language)
             for language in ("zh", "en")}
    assert sizes["zh"] == 10
    assert 60 <= sizes["en"] <= 100
    seen, unseen = making.parted(golds, frozenset({"show-2020", "yan1-1"}))
    assert {g.name for g in unseen} == {"show-2020", "show-2020b", "yan1-1"}, "the other part of an event goes with it"
    assert len(seen) + len(unseen) == len(golds)


def test_what_cannot_be_parted_is_an_error() -> None:
    with pytest.raises(FormatError, match="no coded speech is named 'nobody-1'"):
        making.parted([coded("a-1", 3), coded("b-1", 3)], frozenset({"nobody-1"}))
    with pytest.raises(FormatError, match="in 'en' is left to score on"):
        making.parted([coded("a-1", 3), coded("yan-1", 3, "zh"), coded("bai-1", 3, "zh")], frozenset({"yan-1"}))
    with pytest.raises(FormatError, match="in 'zh' is left to learn from"):
        making.parted([coded("a-1", 3), coded("b-1", 3), coded("yan-1", 3, "zh")], frozenset({"a-1", "yan-1"}))
