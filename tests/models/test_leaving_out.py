"""The parts that cross-validation of the whole reader leaves out, and folds that are made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from rhetoric.errors import FormatError
from rhetoric.models.encoder import leaving_out, making, model
from rhetoric.models.gold import GoldSpeech
from rhetoric.sentences import from_sentences

HEADER = "id\ttext\tfunction\n"


def coded(name: str, n: int, language: str = "en", *, silver: bool = False) -> GoldSpeech:
    return GoldSpeech(name=name, language=language, sentences=("x",) * n, functions=("values",) * n, silver=silver)


def test_no_speaker_and_no_event_is_torn_apart_and_each_part_has_both_languages() -> None:
    golds = [*(coded(f"ann-{year}{part}", 10) for year in (2020, 2021) for part in ("", "b")), coded("bob-1", 20),
             coded("cy-1", 5), *(coded(f"{who}-{k}", 9, "zh") for who in ("li", "wang", "zhao") for k in (1, 2)),
             coded("old-1", 99, silver=True)]
    names = {gold.name for gold in golds if not gold.silver}
    for by in ("event", "speaker"):
        parts = leaving_out.parts_of(golds, by, 3)
        assert len(parts) == 3
        assert sorted(name for part in parts for name in part) == sorted(names), "each once, silver never"
        for key in {getattr(gold, by) for gold in golds if not gold.silver}:
            own = {gold.name for gold in golds if getattr(gold, by) == key and not gold.silver}
            assert sum(bool(own & set(part)) for part in parts) == 1, f"{key} is in one part"
        for part in parts:
            assert {gold.language for gold in golds if gold.name in part} == {"en", "zh"}


def test_there_are_no_more_parts_than_speakers_and_at_least_two() -> None:
    golds = [coded("ann-1", 5), coded("bob-1", 5), *(coded(f"li{k}-1", 5, "zh") for k in range(6))]
    assert len(leaving_out.parts_of(golds, "speaker", 4)) == 2
    with pytest.raises(FormatError, match="only one speaker is coded in 'en'"):
        leaving_out.parts_of(golds[1:], "speaker", 4)


def test_a_language_that_a_speaker_left_out_would_empty_is_told() -> None:
    golds = [coded("ann-1", 5), coded("bob-1", 5), coded("ann-zh", 5, "zh"), coded("li-1", 5, "zh")]
    with pytest.raises(FormatError, match="without ann, li no speech in 'zh' is left to learn from"):
        leaving_out._parted(golds, ["ann-1", "li-1"], "speaker")


def test_a_fold_is_made_once_and_again_when_a_coded_sentence_changes(tmp_path: Path, monkeypatch) -> None:
    gold, base, made = tmp_path / "gold", tmp_path / "base.bin", []
    gold.mkdir()
    base.write_bytes(b"weights")
    (gold / "silver").mkdir()
    (gold / "silver" / "ann-9.tsv").write_text(f"{HEADER}0\tShe slept.\tvalues\n", encoding="utf-8")
    for name, text in (("ann-1", "It rained."), ("bob-1", "We waited."), ("li-1", "天黑。"), ("wang-1", "走。")):
        (gold / f"{name}.tsv").write_text(f"{HEADER}0\t{text}\tvalues\n", encoding="utf-8")

    def learn(start: list[str], seen: list[GoldSpeech], unseen: list[GoldSpeech], out: Path, **given) -> None:
        assert start == ["untrained"], "every fold starts from the same"
        start.append("trained")
        names = {coded.name for coded in (*seen, *unseen)}
        assert names - {"ann-9"} == {"ann-1", "bob-1", "li-1", "wang-1"}
        assert not {coded.speaker for coded in seen} & {coded.speaker for coded in unseen}
        made.append((out.name, tuple(coded.name for coded in unseen), given["epochs"]))
        fitted = 0.2 if "1-of" in out.name else 0.6
        model.write_about({"version": model.VERSION, "share": {"en": fitted}, "temperature": {"en": 1.0},
                           "calibration": {"en": {"slogan": [fitted, 0.0]}}}, out)

    monkeypatch.setattr(making, "need_training", lambda: None)
    monkeypatch.setattr(making, "from_base", lambda *_: ["untrained"])
    monkeypatch.setattr(leaving_out, "read_base", lambda path: path.read_bytes())
    monkeypatch.setattr(making, "learn", learn)

    def run(epochs: int = 2) -> dict[str, Path]:
        return leaving_out.readers_of_folds(gold, base, tmp_path / "out", by="speaker", to_speech=from_sentences,
                                            epochs=epochs)

    found = run()
    assert set(found) == {"ann-1", "bob-1", "li-1", "wang-1"}
    assert len(made) == 2
    assert {name for _, names, _ in made for name in names} == set(found)
    assert all(found[name].name == folder for folder, names, _ in made for name in names)
    for _ in range(2):
        for folder, fitted_on_the_other in zip(sorted(set(found.values())), (0.6, 0.2), strict=True):
            about = model.read_about(folder)
            assert about["share"] == {"en": fitted_on_the_other}, "nothing is fitted on the speeches that are scored"
            assert about["calibration"] == {"en": {"slogan": [fitted_on_the_other, 0.0]}}
        assert run() == found
    assert len(made) == 2, "made before of the same bytes"
    (gold / "ann-1.tsv").write_text(f"{HEADER}0\tIt snowed.\tvalues\n", encoding="utf-8")
    run()
    assert len(made) == 4
    run(epochs=3)
    assert len(made) == 6
