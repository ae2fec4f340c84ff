"""`rhetoric glossary` as a user meets it: suggest, accept, list, and the way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Rhetoric = Callable[..., CompletedProcess[str]]
TALK = """\
大家晚上好，欢迎来到今年的发布会。今天只有一个主角，它叫蓝影。
蓝影是我们做了三年的手机。正月初七那天，古停栏把它放在我桌上。我们的新车下个月交付。
谢谢大家。
"""
NAMES = """

[[glossary]]
term = "岚影"  # our phone
kind = "product"

[[glossary]]
term = "顾听澜"
kind = "person"

[[glossary]]
term = "星澈"
"""


@pytest.fixture
def archive(tmp_path: Path, rhetoric: Rhetoric) -> Path:
    """An archive of one talk in text, with three names in its glossary."""
    (tmp_path / "talk-2024.txt").write_text(TALK, encoding="utf-8")
    rhetoric("add", "talk-2024.txt", "--speaker", "林")
    path = tmp_path / "rhetoric.toml"
    path.write_text(path.read_text(encoding="utf-8") + NAMES, encoding="utf-8")
    return tmp_path


def text_of(archive: Path) -> str:
    data = json.loads((archive / "transcripts" / "talk-2024.json").read_text(encoding="utf-8"))
    return "".join(segment["text"] for segment in data["segments"])


def test_from_suggestion_to_repair_and_back(archive: Path, rhetoric: Rhetoric) -> None:
    before = (archive / "transcripts" / "talk-2024.json").read_bytes()
    rhetoric("analyze")
    done = rhetoric("glossary", "suggest")
    assert "蓝影 → 岚影  1.00  ×2" in done.stdout
    assert "古停栏 → 顾听澜" in done.stdout
    assert "今天只有一个主角，它叫蓝影" in done.stdout
    assert "新车" not in done.stdout.replace("我们的新车下个月", "")
    assert "1 more are ordinary words" in done.stderr
    assert (archive / "transcripts" / "talk-2024.json").read_bytes() == before  # nothing changes by itself

    done = rhetoric("glossary", "accept", "岚影", "蓝影")
    assert "2 names repaired; 1 transcript changed" in done.stderr
    assert "它叫岚影" in text_of(archive)
    assert 'term = "岚影"  # our phone' in (archive / "rhetoric.toml").read_text(encoding="utf-8")
    done = rhetoric("analyze")
    assert "✓ analyze talk-2024" in done.stderr  # the analysis of the text before is stale
    done = rhetoric("glossary", "list")
    row = next(line for line in done.stdout.splitlines() if "岚影" in line)
    assert row.split() == ["岚影", "product", "蓝影", "2"]

    config = archive / "rhetoric.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('aliases = ["蓝影"]', ""), encoding="utf-8")
    assert "0 names repaired; 1 transcript changed" in rhetoric("glossary", "repair").stderr
    assert text_of(archive) == "".join(json.loads(before)["segments"][n]["text"]
                                       for n in range(len(json.loads(before)["segments"])))


def test_an_ordinary_word_is_refused_unless_meant(archive: Path, rhetoric: Rhetoric) -> None:
    before = (archive / "rhetoric.toml").read_bytes()
    done = rhetoric("glossary", "accept", "星澈", "新车", code=2)
    assert "would rewrite ordinary speech: it is a word of its own" in done.stderr
    assert (archive / "rhetoric.toml").read_bytes() == before
    assert "新车 → 星澈" in rhetoric("glossary", "suggest", "--all").stdout
    rhetoric("glossary", "accept", "星澈", "新车", "--anyway")
    assert "我们的星澈下个月交付" in text_of(archive)


def test_a_new_name_comes_with_its_alias(archive: Path, rhetoric: Rhetoric) -> None:
    rhetoric("glossary", "accept", "SU7", "初七", "--kind", "product", "--anyway")
    assert "正月初七那天" in text_of(archive)
    listed = json.loads(rhetoric("glossary", "list", "--json").stdout)
    assert listed[-1] == {"term": "SU7", "kind": "product", "aliases": ["初七"]}


def test_suggestions_for_machines(archive: Path, rhetoric: Rhetoric) -> None:
    found = json.loads(rhetoric("glossary", "suggest", "talk-2024", "--json").stdout)
    assert [(s["term"], s["said"], s["count"]) for s in found] == [("岚影", "蓝影", 2), ("顾听澜", "古停栏", 1)]
    assert found[0]["places"][0]["speech_id"] == "talk-2024"


@pytest.mark.parametrize(("arguments", "complaint"), [
    (("suggest", "nothing"), "no speech nothing in the catalog"),
    (("accept", "岚影", "岚影"), "alias of itself"), (("accept", "岚影", " "), "is no name"),
    (("accept", "x\x1b[2J", "y1"), "is no name"),
    (("accept", "新", "老7", "--kind", "car"), "Invalid enum value 'car'"),
])
def test_wrong_use_is_one_line(archive: Path, rhetoric: Rhetoric, arguments: tuple[str, ...], complaint: str) -> None:
    done = rhetoric("glossary", *arguments, code=2)
    assert complaint in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "\x1b" not in done.stderr


def test_an_archive_without_names_or_transcripts_says_what_to_do(tmp_path: Path, rhetoric: Rhetoric) -> None:
    rhetoric("init")
    assert "has no glossary; add a table [[glossary]]" in rhetoric("glossary", "suggest", code=2).stderr
    path = tmp_path / "rhetoric.toml"
    path.write_text(path.read_text(encoding="utf-8") + NAMES, encoding="utf-8")
    assert "there is no transcript yet" in rhetoric("glossary", "suggest", code=2).stderr
    assert "岚影" in rhetoric("glossary", "list").stdout
