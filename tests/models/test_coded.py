"""The speeches in `tools/coded` are valid, no line of them is one that is scored; labels find their sentences."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS
from rhetoric.models.gold import read_gold, read_gold_folder

ROOT = Path(__file__).parents[2]
CODED = ROOT / "tools" / "coded"


def plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("join_codes", ROOT / "tools" / "join_codes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_invented_speeches_are_whole_and_share_no_long_sentence_with_those_that_scores_are_held_on() -> None:
    golds = read_gold_folder(CODED / "invented")
    sizes = Counter(dict.fromkeys(("zh", "en"), 0))
    held = {plain(sentence) for gold in read_gold_folder(ROOT / "tests" / "gold") for sentence in gold.sentences}
    for gold in golds:
        sizes[gold.language] += len(gold.sentences)
        assert len(gold.sentences) == len(gold.emotions) == len(gold.slogans) == len(gold.figures), gold.name
        assert not {s for s in map(plain, gold.sentences) if len(s) > (30 if gold.language == "en" else 12)} & held
    assert min(sizes.values()) > 1000, sizes


def test_every_label_file_has_a_source_and_no_words() -> None:
    module = tool()
    names = {row["name"] for row in module.rows_of(CODED / "sources.tsv")}
    files = sorted((CODED / "labels").glob("*.tsv"))
    assert {path.stem for path in files} == names
    for path in files:
        for row in module.rows_of(path):
            assert re.fullmatch(r"\d+", row["id"])
            assert re.fullmatch(r"[0-9a-f]{12}", row["key"])
            assert set(row) == {"id", "key", *module.LABELS}
            assert row["function"] in FUNCTIONS
            assert re.fullmatch(rf"-|({'|'.join(EMOTIONS)}):[123]", row["emotion"])
            assert row["slogan"] in {"0", "1"}
            assert row["figures"] == "-" or set(row["figures"].split(",")) <= set(FIGURES)


def test_labels_find_their_sentences_or_say_which_is_missing(tmp_path: Path, monkeypatch, capsys) -> None:
    module = tool()
    monkeypatch.setattr(module, "CODED", tmp_path)
    (tmp_path / "labels").mkdir()
    (tmp_path / "texts").mkdir()
    text = tmp_path / "texts" / "own.txt"
    text.write_text("We waited.  It rained.\nThen we waited no more. We waited.", encoding="utf-8")
    sentences = module.sentences_of(text, "en")
    assert sentences == ["We waited.", "It rained.", "Then we waited no more.", "We waited."]

    def label(*places: int) -> None:
        rows = "".join(f"{at}\t{module.key_of(sentences[at])}\tvalues\t-\t0\t-\n" for at in places)
        (tmp_path / "labels" / "own.tsv").write_text("id\tkey\tfunction\temotion\tslogan\tfigures\n" + rows,
                                                     encoding="utf-8")

    def source() -> None:
        digest = module.hashlib.sha256(text.read_bytes()).hexdigest()
        (tmp_path / "sources.tsv").write_text(f"name\tlanguage\tfile\tsha256\nown\ten\town.txt\t{digest}\n",
                                              encoding="utf-8")

    label(1, 3)
    source()
    assert module.join(tmp_path / "texts", tmp_path / "out") == 0
    assert read_gold(tmp_path / "out" / "own.tsv").sentences == ("It rained.", "We waited.")

    text.write_text("It rained.", encoding="utf-8")
    assert module.join(tmp_path / "texts", tmp_path / "other") == 1
    assert "not the text that was coded" in capsys.readouterr().err
    source()
    assert module.join(tmp_path / "texts", tmp_path / "other") == 1
    assert "sentence 3 with key" in capsys.readouterr().err
    assert not list((tmp_path / "other").iterdir()), "nothing half written"
