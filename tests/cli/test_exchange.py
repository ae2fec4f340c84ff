"""Tables, codes and checks as a user meets them, from talks in text to exit codes."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import rhetoric as library
from rhetoric.errors import ArchiveError, CatalogError
from rhetoric.tables import SCHEMAS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    """An archive of three talks in Chinese and one in English, analysed once for all tests here."""
    from tests.cli.conftest import EN_TALK, ZH_TALK

    folder = tmp_path_factory.mktemp("analysed")
    for n, year in enumerate((2021, 2022, 2023)):
        (folder / f"launch-{year}.txt").write_text(ZH_TALK + "我记得那一天的雨。\n" * n, encoding="utf-8")
    (folder / "keynote_2022.txt").write_text(EN_TALK, encoding="utf-8")
    for command in (["add", *(f"launch-{year}.txt" for year in (2021, 2022, 2023)), "--speaker", "=林"],
                    ["add", "keynote_2022.txt", "--speaker", "Mara"], ["analyze"]):
        done = subprocess.run([sys.executable, "-m", "rhetoric", *command], cwd=folder, capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def archive(analysed, tmp_path):
    """A copy of it to change."""
    return shutil.copytree(analysed, tmp_path / "archive")


def test_tables_are_written_and_named(rhetoric, archive):
    done = rhetoric("tables", cwd=archive)
    written = [Path(line) for line in done.stdout.split()]
    assert [path.name for path in written] == [f"{name}.parquet" for name in SCHEMAS]
    assert len(pd.read_parquet(written[0])) == 4
    some = rhetoric("tables", "launch-2021", "--format", "csv", "--out", "here", cwd=archive)
    rows = list(csv.DictReader((archive / "here" / "speeches.csv").open(encoding="utf-8-sig")))
    assert [(row["speech_id"], row["speaker"]) for row in rows] == [("launch-2021", "'=林")]
    assert len(some.stdout.split()) == len(SCHEMAS)


@pytest.mark.parametrize(("arguments", "reason"), [
    (["tables", "--format", "sav"], "no format 'sav'"), (["tables", "--out", "."], "is the archive itself"),
    (["tables", "--out", "analysis/x"], "a folder of it"), (["tables", "nobody"], "no speech nobody"),
    (["export-codes", "codes.pdf"], "no format 'pdf'"), (["import-codes", "none.csv"], "none.csv: cannot be read"),
    (["import-codes"], "give a FILE, or --remove"),
    (["check", "launch-2021"], "checks.toml: no such file; write the conditions into it, each as `[[check]]`"),
    (["check", "launch-2021", "--by", "speaker"], "--against"),
    (["report", "--format", "pdf"], "no format 'pdf'"), (["report", "--figures", "audio"], "a folder of it"),
    (["report", "--png"], "say where they go"),
    (["report", "--figures", "r", "--out", "r"], "is the folder of the report"),
    (["kwic"], "Missing argument 'pattern'; `rhetoric kwic --help` says what there is"),
    (["report", "--figure"], "No such option: --figure"), (["compere"], "No such command 'compere'"),
])
def test_wrong_use_is_a_line_and_two(rhetoric, archive, arguments, reason):
    done = rhetoric(*arguments, cwd=archive, code=2)
    assert reason in done.stderr
    assert done.stderr.startswith("rhetoric: ")
    assert done.stderr.count("\n") == 1


def test_codes_of_people_win_and_are_redone_and_forgotten(rhetoric, archive):
    rhetoric("export-codes", "codes.csv", "launch-2021", cwd=archive)
    with (archive / "codes.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows[2:5]:
        row |= {"function": "borrowed_story", "emotion": "pride:3", "judged": "x"}
    rows[6]["function"] = "noncontent"  # changed, and not marked as judged
    with (archive / "back.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    rhetoric("import-codes", "back.csv", cwd=archive, code=2)  # nobody says who coded
    done = rhetoric("import-codes", "back.csv", "--coder", "Ann", cwd=archive)
    assert "3 sentences of 1 speech coded by Ann" in done.stdout
    assert re.search(r"function: borrowed story +3 +3 +0 ", done.stdout)
    assert "launch-2021: 1 sentence with another function than the model gives, not marked" in done.stderr

    again = rhetoric("analyze", cwd=archive)
    assert "launch-2021: 16 sentences, 3 coded by people" in again.stderr
    assert "launch-2022" not in again.stderr, "only what changed is done again"
    tables = library.open_archive(archive).tables("launch-2021")
    coded = tables.sentences[tables.sentences["coder"] != ""]
    assert set(coded["function"]) == {"borrowed_story"}
    assert set(coded["probability"]) == {1.0}
    assert re.fullmatch(r"Ann, file [0-9a-f]{12}", coded["coder"].iloc[0])
    pride = tables.findings[tables.findings["label"] == "pride"]
    assert pride["score"].tolist() == [3.0, 3.0, 3.0]
    owner = tables.metrics[tables.metrics["name"] == "owner_borrowed_story"]
    assert owner["numerator"].iloc[0] == coded["size"].sum()
    rhetoric("report", "--format", "md", cwd=archive)
    text = (archive / "reports" / "by-year" / "report.md").read_text(encoding="utf-8")
    assert "3 of 67 sentences were coded by people (Ann, with whom the model agrees at kappa 0.00)" in text

    rhetoric("import-codes", "--remove", "launch-2021", cwd=archive)
    rhetoric("analyze", cwd=archive)
    assert not (library.open_archive(archive).tables().sentences["coder"] != "").any()


def test_a_file_that_people_may_have_coded_is_not_written_over(rhetoric, archive):
    for name in ("codes.csv", "codes.qdpx"):
        (archive / name).write_text("hours of work", encoding="utf-8")
        done = rhetoric("export-codes", name, cwd=archive, code=2)
        assert f"{name}: is there already" in done.stderr
        assert (archive / name).read_text(encoding="utf-8") == "hours of work"


@pytest.mark.parametrize(("name", "arguments"), [
    ("sentences.csv", ["tables", "--format", "csv", "--out", "{}"]),
    ("runs.jsonl", ["tables", "--format", "jsonl", "--out", "{}"]),
    ("tables.xlsx", ["tables", "--format", "xlsx", "--out", "{}"]),
    ("runs.csv", ["analyze", "launch-2021", "--csv", "{}"]),
    ("run.log", ["run", "--log", "{}/run.log"]),
])
def test_a_file_of_the_users_own_is_not_written_over(rhetoric, archive, name, arguments):
    folder = archive / "own"
    folder.mkdir()
    (folder / name).write_text("name,place\nAnn,Oslo\n", encoding="utf-8")
    done = rhetoric(*(argument.format("own") for argument in arguments), cwd=archive, code=2)
    assert f"{name}: is there and is no" in done.stderr
    assert [path.read_text(encoding="utf-8") for path in folder.iterdir()] == ["name,place\nAnn,Oslo\n"]


def test_tables_and_logs_of_ours_are_made_again(rhetoric, archive):
    for form in ("csv", "jsonl", "parquet", "xlsx"):
        for _ in range(2):
            rhetoric("tables", "--format", form, "--out", "out", cwd=archive)
    for _ in range(2):
        rhetoric("analyze", "--log", "log", cwd=archive)
    assert (archive / "log").read_text(encoding="utf-8").count('"end"') == 2


def test_a_project_comes_back_and_a_changed_transcript_is_told(rhetoric, archive):
    rhetoric("export-codes", "codes.qdpx", cwd=archive)
    transcript = archive / "transcripts" / "launch-2021.json"
    transcript.write_text(transcript.read_text(encoding="utf-8").replace("三百克", "三百一十克"), encoding="utf-8")
    done = rhetoric("import-codes", "codes.qdpx", "--coder", "Bo", "--all", "--json", cwd=archive)
    found = json.loads(done.stdout)
    assert found["sentences"] == {"launch-2021": 15, "launch-2022": 17, "launch-2023": 18, "keynote_2022": 16}
    assert "launch-2021: 1 of 16 judged sentences are not in the transcript as it is now; left out" in found["notes"]
    # The changed sentence may turn the reading of a neighbour.
    assert {row["name"]: row["kappa"] for row in found["agreement"]}["function"] > 0.95
    transcript.write_text(transcript.read_text(encoding="utf-8").replace("五百家", "六百家"), encoding="utf-8")
    assert "1 of 15 codes no longer fit the transcript" in rhetoric("analyze", "launch-2021", cwd=archive).stderr


def test_nothing_judged_is_told(rhetoric, archive):
    rhetoric("export-codes", "codes.qdpx", "--blank", cwd=archive)
    done = rhetoric("import-codes", "codes.qdpx", "--coder", "Bo", cwd=archive, code=2)
    assert "no sentence in it is marked as judged" in done.stderr
    assert not (archive / "codes").exists()


def test_a_check_says_what_fails_and_ends_with_one(rhetoric, archive):
    (archive / "checks.toml").write_text(
        "[[check]]\nmetric = 'share_story'\nat_least = 0.1\n[[check]]\nmetric = 'figure_question'\nat_most = 0.5\n"
        "why = 'do not ask'\n", encoding="utf-8")
    done = rhetoric("check", "launch-2021", cwd=archive, code=1)
    assert "holds" in done.stdout
    assert "fails" in done.stdout
    assert "  figure_question: do not ask" in done.stdout
    (archive / "kind.toml").write_text("[[check]]\nmetric = 'share_story'\nat_least = 0.1\n", encoding="utf-8")
    draft = rhetoric("check", "launch-2021.txt", "--against", "2022", "--checks", "kind.toml", "--json", cwd=archive)
    (verdict,) = json.loads(draft.stdout)
    assert (verdict["verdict"], verdict["norm"]["n"]) == ("holds", 1)
    no_file = rhetoric("check", "draft.md", cwd=archive, code=2)
    assert "draft.md: no such file, and no speech" in no_file.stderr
    missing = rhetoric("check", "launch-2021", "--against", "1999", cwd=archive, code=2)
    assert "no speech with year '1999' in the catalog; there are 2021, 2022, 2023" in missing.stderr


def test_charts_are_written_in_a_folder_of_their_own_and_only_with_their_report(rhetoric, archive):
    (archive / "mine").mkdir()
    (archive / "mine" / "story-1.svg").write_text("keep")
    before = {path: path.stat().st_mtime_ns for path in (archive / "reports").rglob("*")}
    refused = rhetoric("report", "--figures", "mine", cwd=archive, code=2)
    assert "holds no charts of ours" in refused.stderr
    assert [path.name for path in (archive / "mine").iterdir()] == ["story-1.svg"]
    assert (archive / "mine" / "story-1.svg").read_text() == "keep"
    assert {path: path.stat().st_mtime_ns for path in (archive / "reports").rglob("*")} == before
    rhetoric("report", "--figures", "charts", "--out", "mine", cwd=archive, code=2)
    assert not (archive / "charts").exists()
    page = Path(rhetoric("report", "--figures", "reports/charts", "--png", "--out", "reports/r",
                         cwd=archive).stdout.strip())
    assert page.is_file()
    written = {path.name for path in (archive / "reports" / "charts").iterdir() if path.name[0] != "."}
    drawn = {name.removesuffix(".svg") for name in written if name.endswith(".svg")}
    assert drawn
    assert {name.removesuffix(".png") for name in written if name.endswith(".png")} == drawn
    assert (archive / "reports" / "charts" / f"{min(drawn)}.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    rhetoric("report", "--figures", "reports/charts", "--out", "reports/r", cwd=archive)  # PNGs of before go
    assert not list((archive / "reports" / "charts").glob("*.png"))


def test_documents_stand_beside_the_page_and_survive_it(rhetoric, archive):
    done = rhetoric("report", "--format", "docx", "--figures", "charts", "--lang", "zh", cwd=archive)
    assert Path(done.stdout.strip()).read_bytes()[:2] == b"PK"
    assert list((archive / "charts").glob("*.svg"))
    page = Path(rhetoric("report", cwd=archive).stdout.strip())
    assert sorted(path.name for path in page.parent.glob("*.*") if path.is_file() and path.name[0] != ".") == [
        "comparison.json", "index.html", "report.docx"]
    (archive / "mine").mkdir()
    (archive / "mine" / "notes.txt").write_text("keep")
    refused = rhetoric("report", "--format", "md", "--out", "mine", cwd=archive, code=2)
    assert "is no report of ours" in refused.stderr


def test_the_library_in_a_few_names(analysed):
    opened = library.open_archive(analysed)
    assert len(opened.tables().speeches) == len(opened.recordings()) == 4
    assert opened.compare("launch-2021", "launch-2022", by="speaker").groups == ("=林",)
    with pytest.raises(CatalogError):
        opened.tables("nobody")
    with pytest.raises(ArchiveError):
        library.open_archive(analysed / "nowhere")


def test_import_is_light():
    code = "import rhetoric, sys; rhetoric.open_archive; print([m for m in ('pandas', 'numpy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          check=True).stdout.strip() == "[]"


def test_the_examples_of_the_docs_run(rhetoric, archive, monkeypatch, capsys):
    rhetoric("tables", cwd=archive)
    monkeypatch.chdir(archive)
    page = (DOCS / "tables.md").read_text(encoding="utf-8")
    python = [code.replace("my-archive", ".").replace("talk-", "launch-")
              for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL)]
    assert len(python) == 2
    for code in python:
        exec(compile(code, "docs/tables.md", "exec"), {})
    assert "launch-2021" in capsys.readouterr().out
    (sql,) = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    rows = duckdb.sql(sql).fetchall()
    assert [year for year, _ in rows] == [2021, 2022, 2023]
    assert all(0 < value <= 1 for _, value in rows)


@pytest.mark.parametrize("tool", ["tables_page.py"])
def test_generated_docs_are_fresh(tool):
    done = subprocess.run([sys.executable, DOCS.parent / "tools" / tool, "--check"], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr


def test_the_conditions_in_the_docs_are_conditions(tmp_path):
    from rhetoric.checks import read_checks

    (toml,) = re.findall(r"```toml\n(.*?)```", (DOCS / "check.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "checks.toml").write_text(toml, encoding="utf-8")
    assert [check.metric for check in read_checks(tmp_path / "checks.toml")] == [
        "story_to_product", "figure_list", "emotion_density"]
