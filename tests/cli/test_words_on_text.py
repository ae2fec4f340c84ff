"""kwic, and compare by any column, between dates, of one function and against norms: on an archive of text."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from rhetoric.cli import run

SAID = {
    2019: "We built the harbour lamp in a shed. I slept under the bench that winter. The lamp weighs two pounds.",
    2021: "The lamp is brighter than the last one. You can fold it with one hand. Come with us and try the lamp.",
    2023: "My aunt carried the lamp across the ice in 2014. I still have her letter. The lamp costs ninety dollars.",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three short talks of one speaker, with a column of the user's own."""
    root = tmp_path_factory.mktemp("words")
    for year, text in SAID.items():
        (root / f"talk-{year}.txt").write_text(text + "\n" + "We go on with the work of the day. " * 8, "utf-8")
    made = root / "archive"
    files = [str(root / f"talk-{year}.txt") for year in SAID]
    assert run(["-q", "add", *files, "--speaker", "Ann Ash", "--language", "en", "--archive", str(made)]) == 0
    catalog = made / "audio" / "catalog.csv"
    rows = list(csv.DictReader(io.StringIO(catalog.read_text("utf-8"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, [*rows[0], "mood"])
    writer.writeheader()
    writer.writerows(row | {"mood": "calm" if "2019" in row["speech_id"] else "bold"} for row in rows)
    catalog.write_text(out.getvalue(), "utf-8")
    assert run(["-q", "analyze", "--archive", str(made)]) == 0
    return made


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run(["-q", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_kwic_lines_stand_one_under_the_other(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["-q", "kwic", "the lamp", "--width", "12", "--archive", str(archive)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert len({line.lower().index("the lamp") for line in lines}) == 1
    assert all("talk-" in line and "§" in line for line in lines)


def test_kwic_as_data(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hits = _json(capsys, "kwic", r"\bl[ae]\w+", "--regex", "--json", "--from", "2021", "--archive", str(archive))
    assert {hit["match"] for hit in hits} == {"lamp", "last", "letter"}
    assert {hit["speech_id"][-4:] for hit in hits} == {"2021", "2023"}
    assert run(["-q", "kwic", "lamp", "--csv", "--archive", str(archive)]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["match"] for row in rows].count("lamp") == 6


def test_compare_by_a_column_of_the_users_own_between_dates(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = _json(capsys, "compare", "--by", "mood", "--json", "--archive", str(archive))
    assert set(whole["groups"]) == {"calm", "bold"}
    assert [q["key"] for q in whole["questions"]][:2] == ["hinge", "borrowed"]
    part = _json(capsys, "compare", "--from", "2020", "--to", "2021-12", "--json", "--archive", str(archive))
    assert [card["year"] for card in part["speeches"]] == [2021]


@pytest.mark.parametrize(("arguments", "message"), [
    (["compare", "--by", "colour"], "no such column"), (["compare", "--only", "jokes"], "no function group jokes"),
    (["compare", "--from", "yesterday"], "is no date"), (["compare", "--from", "2031"], "no speech is dated"),
    (["kwic", "a", "--json", "--csv"], "choose one of"),
    (["kwic", "(", "--regex"], "no regular expression"), (["compare", "--norms", "nowhere"], "no such folder"),
])
def test_wrong_use_is_one_line(archive: Path, capsys: pytest.CaptureFixture[str], arguments: list[str],
                               message: str) -> None:
    capsys.readouterr()
    assert run([*arguments, "--archive", str(archive)]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1


def test_a_pattern_that_explodes_is_given_up(archive: Path, capsys: pytest.CaptureFixture[str],
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rhetoric.cli.concordance.SEARCH_S", 0.2)
    capsys.readouterr()
    assert run(["kwic", r"(\w+\s?)+\d{9}!", "--regex", "--archive", str(archive)]) == 2
    told = capsys.readouterr().err
    assert "no end after 0.2 s" in told
    assert told.count("\n") == 1


def test_norms_may_have_figures_that_the_archive_has_not(archive: Path, tmp_path: Path,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    plain, rich = tmp_path / "plain.txt", tmp_path / "rich.txt"
    plain.write_text("The lamp costs ninety dollars. " * 3, "utf-8")
    rich.write_text("Why did we go on? We came for the work, we came for the people, we came for the light. "
                    "Not the lamp, but the hand that holds it. " * 2, "utf-8")
    for talk in (plain, rich):
        where = ["--archive", str(tmp_path / talk.stem)]
        assert run(["-q", "add", str(talk), "--language", "en", *where]) == 0
        assert run(["-q", "analyze", *where]) == 0
    capsys.readouterr()
    assert run(["-q", "compare", "--norms", str(tmp_path / "rich"), "--archive", str(tmp_path / "plain")]) == 0
    assert not capsys.readouterr().err
