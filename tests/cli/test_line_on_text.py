"""The whole line on talks that are only text, by public commands, as a newcomer types them."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def archive(rhetoric, talks, tmp_path):
    """An archive of three Chinese talks, analysed, compared and reported."""
    folder = tmp_path / "archive"
    folder.mkdir()
    files = sorted(talks.glob("launch-*.txt"))
    rhetoric("add", *files, "--speaker", "林知远", "--organisation", "灯塔", cwd=folder)
    done = rhetoric("run", cwd=folder)
    return folder, done


def test_two_commands_make_a_report(archive, rhetoric):
    folder, done = archive
    page = folder / "reports" / "by-year" / "index.html"
    assert done.stdout.strip() == str(page)
    text = page.read_text(encoding="utf-8")
    assert "林知远" in text
    comparison = json.loads((page.parent / "comparison.json").read_bytes())
    assert comparison["groups"] == ["2021", "2022", "2023"]


def test_a_second_run_does_nothing_and_gives_the_same_bytes(archive, rhetoric):
    folder, _ = archive
    files = sorted(p for p in folder.rglob("*") if p.is_file() and ".lock" not in p.name)
    before = {p: p.read_bytes() for p in files}
    times = {p: p.stat().st_mtime_ns for p in (folder / "analysis").rglob("*.parquet")}
    rhetoric("run", cwd=folder)
    assert {p: p.read_bytes() for p in files} == before
    assert {p: p.stat().st_mtime_ns for p in (folder / "analysis").rglob("*.parquet")} == times


def test_an_analysis_done_again_is_the_same_to_the_byte(archive, rhetoric):
    folder, _ = archive
    files = sorted((folder / "analysis").rglob("*.parquet"))
    before = {p: p.read_bytes() for p in files}
    rhetoric("analyze", "--force", cwd=folder)
    assert {p: p.read_bytes() for p in files} == before


def test_a_changed_catalog_row_makes_only_its_speech_anew(archive, rhetoric):
    folder, _ = archive
    catalog = folder / "audio" / "catalog.csv"
    catalog.write_text(catalog.read_text(encoding="utf-8").replace("launch-2022,,林知远", "launch-2022,,林先生"),
                       encoding="utf-8")
    done = rhetoric("analyze", cwd=folder)
    assert "launch-2022" in done.stderr
    assert "launch-2021" not in done.stderr


def test_status_tells_what_is_done(archive, rhetoric):
    folder, _ = archive
    rows = json.loads(rhetoric("status", "--json", cwd=folder).stdout)
    assert {row["analysis"] for row in rows} == {"done"}
    assert {row["transcript"] for row in rows} == {"import:text"}
    assert "launch-2021" in rhetoric("status", cwd=folder).stdout


def test_an_analysis_that_was_interrupted_is_made_again(archive, rhetoric):
    folder, _ = archive
    (folder / "analysis" / "done" / "launch-2021.json").unlink()  # written last: a killed run has tables but not this
    assert json.loads(rhetoric("status", "--json", cwd=folder).stdout)[0]["analysis"] == "missing"
    assert "launch-2021" in rhetoric("run", cwd=folder).stderr


def test_a_damaged_transcript_fails_alone_and_is_told(archive, rhetoric):
    folder, _ = archive
    (folder / "transcripts" / "launch-2022.json").write_text("{broken", encoding="utf-8")
    done = rhetoric("run", cwd=folder, code=1)
    assert "launch-2022" in done.stderr
    assert "not valid JSON" in done.stderr
    comparison = json.loads((folder / "reports" / "by-year" / "comparison.json").read_bytes())
    assert [card["speech_id"] for card in comparison["speeches"]] == ["launch-2021", "launch-2023"]
    problem = json.loads(rhetoric("status", "--json", cwd=folder).stdout)[1]["problem"]
    assert "not valid JSON" in problem


def test_compare_prints_and_gives_json(archive, rhetoric):
    folder, _ = archive
    assert "story" in rhetoric("compare", cwd=folder).stdout
    comparison = json.loads(rhetoric("compare", "--by", "speaker", "--json", cwd=folder).stdout)
    assert comparison["groups"] == ["林知远"]
    done = rhetoric("compare", "--by", "weather", cwd=folder, code=2)
    assert "weather" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_report_never_overwrites_what_is_no_report(archive, rhetoric, tmp_path):
    folder, _ = archive
    mine = tmp_path / "thesis"
    mine.mkdir()
    (mine / "chapter.txt").write_text("years of work")
    done = rhetoric("report", "--out", mine, cwd=folder, code=2)
    assert "is no report of ours" in done.stderr
    assert (mine / "chapter.txt").read_text() == "years of work"
    fresh = tmp_path / "new" / "page"
    rhetoric("report", "--out", fresh, cwd=folder)
    rhetoric("report", "--out", fresh, cwd=folder)  # one of ours is replaced
    assert (fresh / "index.html").is_file()


def test_export_of_a_transcript(archive, rhetoric):
    folder, _ = archive
    assert "工厂门口" in rhetoric("export", "launch-2021", "--format", "txt", cwd=folder).stdout


def test_a_reader_of_ones_own(archive, rhetoric, tmp_path):
    """`rhetoric train --out` writes a reader; named in the configuration, it reads the archive."""
    from pathlib import Path

    folder, _ = archive
    gold = tmp_path / "gold"
    gold.mkdir()
    for path in (Path(__file__).parents[1] / "gold").glob("shen-*.tsv"):
        (gold / path.name).write_bytes(path.read_bytes())
    done = rhetoric("train", "--gold", gold, "--out", folder / "reader", "--json", cwd=folder)
    scores = json.loads(done.stdout[: done.stdout.rindex("}") + 1])
    assert 0 < scores["zh"]["unseen_speeches"]["accuracy"] < 1
    assert scores["zh"].keys() == {"before", "unseen_speeches"}
    config = folder / "rhetoric.toml"
    config.write_text('reader = "reader"\n' + config.read_text(encoding="utf-8"), encoding="utf-8")
    before = (folder / "analysis" / "sentences" / "launch-2021.parquet").read_bytes()
    assert "analyze launch-2021" in rhetoric("analyze", cwd=folder).stderr  # another reader: everything is stale
    assert (folder / "analysis" / "sentences" / "launch-2021.parquet").read_bytes() != before


def test_a_bad_gold_row_is_named_by_path_and_line(rhetoric, tmp_path):
    gold = tmp_path / "gold"
    gold.mkdir()
    rows = "id\ttext\tfunction\n0\tHello there.\tstage\n1\tWe lost it.\tsaga\n"
    (gold / "one.tsv").write_text(rows, encoding="utf-8")
    message = rhetoric("train", "--gold", gold, code=2).stderr.splitlines()[-1]
    assert "one.tsv:3" in message
    assert "saga" in message
