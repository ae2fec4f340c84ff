"""`rhetoric evaluate` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

GOLD = Path(__file__).parents[1] / "gold"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Four short coded speeches: two events a language, one of them in two parts."""
    folder = tmp_path / "gold"
    folder.mkdir()
    for source, name in (("shen-2020", "shen-2020"), ("shen-2021", "shen-2020b"), ("shen-2022", "lin-2022"),
                         ("whitfield-2021", "ann-2021"), ("whitfield-2023", "bob-2023")):
        lines = (GOLD / f"{source}.tsv").read_text(encoding="utf-8").splitlines()
        (folder / f"{name}.tsv").write_text("\n".join(lines[:36]) + "\n", encoding="utf-8")
    return folder


def test_scores_by_language_and_by_speech(rhetoric, gold):
    data = json.loads(rhetoric("evaluate", "--gold", gold, "--json").stdout)
    assert data["readings"] == "installed"
    for language in ("zh", "en"):
        part = data[language]
        assert set(part["function"]) == {"accuracy", "kappa", "group_kappa"}
        assert {"mean_abs_error", "max_abs_error", "interval_coverage"} <= set(part["story_share"])
        assert {"f1", "class_accuracy", "intensity_error"} <= set(part["emotion"])
        assert set(part["slogans"]) == {"average_precision", "recall_at_10", "recall_at_20"}
        assert {"question", "list", "contrast", "parallel", "repetition", "metaphor"} <= set(part["figures"])
        low, high = part["intervals"]["function.accuracy"]
        assert low <= part["function"]["accuracy"] <= high
    assert data["zh"]["speeches"] == 3
    share = data["by_speech"]["ann-2021"]["story_share"]
    assert share["mean_abs_error"] == pytest.approx(abs(share["coded"] - share["predicted"]), abs=2e-4)
    assert set(data["by_speech"]) == {"shen-2020", "shen-2020b", "lin-2022", "ann-2021", "bob-2023"}
    again = rhetoric("evaluate", "--gold", gold, "--json").stdout
    assert json.loads(again) == data


def test_leaving_speeches_out_reads_otherwise_and_says_how(rhetoric, gold):
    done = rhetoric("evaluate", "--gold", gold, "--cross-validate", "speech")
    assert "word readers trained without the speech scored" in done.stdout.replace("\n", " ")
    assert "zh: fold 2 of 2 done" in done.stderr
    assert "unseen" in done.stdout
    message = rhetoric("evaluate", "--gold", gold, "--cross-validate", "fold", code=2).stderr
    assert "speaker" in message
    assert "say what is left out" in rhetoric("evaluate", "--gold", gold, "--base", gold / "x.bin", code=2).stderr
    done = rhetoric("evaluate", "--gold", gold, "--cross-validate", "speech", "--folds", gold / "f", code=2)
    assert "--folds go with --base" in done.stderr


def test_an_encoder_for_each_fold_wants_the_base_encoder(rhetoric, tmp_path, gold):
    (tmp_path / "x.bin").write_bytes(b"no weights")
    done = rhetoric("evaluate", "--gold", gold, "--cross-validate", "speech", "--base", tmp_path / "x.bin", code=2)
    assert "x.bin" in done.stderr or "rhetoric[train]" in done.stderr


def test_one_speaker_cannot_be_left_out(rhetoric, tmp_path, gold):
    for path in gold.glob("[!s]*.tsv"):
        path.unlink()
    done = rhetoric("evaluate", "--gold", gold, "--cross-validate", "speaker", code=2)
    assert "only one speaker is coded in 'zh'" in done.stderr


def test_a_score_below_its_floor_fails(rhetoric, tmp_path, gold):
    floors = tmp_path / "floors.json"
    floors.write_text(json.dumps({"gold": {"installed": {"zh": {"emotion": {"f1": 1.1, "recall": 0.1}}}}}))
    done = rhetoric("evaluate", "--gold", gold, "--floors", floors, code=1)
    assert "✗ zh.emotion.f1: " in done.stderr
    assert "↑ zh.emotion.recall: " in done.stderr
    floors.write_text(json.dumps({"gold": {"installed": {"zh": {"emotion": {"f1": 0.1}}}}}))
    assert "✓ 1 floors hold" in rhetoric("evaluate", "--gold", gold, "--floors", floors).stderr
    floors.write_text("{}")
    assert "has no floors for" in rhetoric("evaluate", "--gold", gold, "--floors", floors).stderr


def test_a_bad_row_is_named_by_path_and_line(rhetoric, gold):
    path = gold / "ann-2021.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace("\t0\t-\n", "\t2\t-\n", 1), encoding="utf-8")
    message = rhetoric("evaluate", "--gold", gold, code=2).stderr.splitlines()[-1]
    assert "ann-2021.tsv:2: slogan '2'; write 1 for a slogan, else 0" in message
    assert "holds no coded speeches" in rhetoric("evaluate", "--gold", gold / "none", code=2).stderr
