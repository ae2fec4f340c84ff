"""What a user gets wrong: one clear line, the right exit code, nothing lost."""

from __future__ import annotations

import json

import pytest


def line(done) -> str:
    """The one line of an error."""
    lines = [text for text in done.stderr.splitlines() if text.startswith("rhetoric: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_no_archive(rhetoric):
    assert "rhetoric init" in line(rhetoric("status", code=2))


def test_an_unknown_key_in_the_configuration(rhetoric, tmp_path):
    rhetoric("init")
    (tmp_path / "rhetoric.toml").write_text('[transcribe]\nmodle = "x"\n')
    assert "unknown field `modle`" in line(rhetoric("run", code=2))


def test_an_empty_archive(rhetoric):
    rhetoric("init")
    assert "add some with `rhetoric add FILES`" in line(rhetoric("run", code=2))
    assert line(rhetoric("run", "--dry-run", code=2)) == line(rhetoric("run", code=2))


@pytest.mark.parametrize("content", [b"", b"   \n\n", b"\xef\xbb\xbf"])
def test_an_empty_transcript_is_not_added(rhetoric, tmp_path, content):
    (tmp_path / "empty.txt").write_bytes(content)
    done = rhetoric("add", "empty.txt", code=1)
    assert "empty" in done.stderr
    assert (tmp_path / "audio" / "catalog.csv").read_text().count("\n") == 1
    assert not list((tmp_path / "transcripts").glob("*.json"))


def test_one_bad_file_does_not_stop_the_rest(rhetoric, tmp_path, talks):
    (tmp_path / "bad.txt").write_bytes(b"")
    done = rhetoric("add", "bad.txt", "missing.mp3", talks / "launch-2021.txt", code=1)
    assert "no such file" in done.stderr
    assert [row["speech_id"] for row in json.loads(rhetoric("status", "--json").stdout)] == ["launch-2021"]


@pytest.mark.parametrize(("flag", "value", "complaint"), [
    ("--date", "10/8/2021", "is not YYYY"),
    ("--language", "Chinese!", "is not a code"),
    ("--id", "../up", "cannot name a file"),
])
def test_a_bad_fact_is_refused_before_anything_is_written(rhetoric, talks, tmp_path, flag, value, complaint):
    done = rhetoric("add", talks / "launch-2021.txt", flag, value, code=None)
    assert done.returncode in (1, 2)
    assert complaint in done.stderr
    assert not list((tmp_path / "transcripts").glob("*.json"))


def test_the_same_id_cannot_name_two_files(rhetoric, talks):
    assert "add them one by one" in line(
        rhetoric("add", talks / "launch-2021.txt", talks / "launch-2022.txt", "--id", "x", code=2))


def test_a_language_we_do_not_know_fails_alone(rhetoric, tmp_path, talks):
    (tmp_path / "talk-2020.txt").write_text("Buenas noches a todos. Hoy hablamos de luz.", encoding="utf-8")
    rhetoric("add", "talk-2020.txt", "--language", "es")
    rhetoric("add", talks / "launch-2021.txt")
    done = rhetoric("run", code=1)
    assert "talk-2020" in done.stderr
    assert "es" in done.stderr
    assert (tmp_path / "reports" / "by-year" / "index.html").is_file()


def test_a_duplicate_in_the_catalog(rhetoric, tmp_path, talks):
    rhetoric("add", talks / "launch-2021.txt")
    catalog = tmp_path / "audio" / "catalog.csv"
    text = catalog.read_text(encoding="utf-8")
    catalog.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    assert "is already on line 2" in line(rhetoric("run", code=2))


def test_names_from_outside_cannot_move_the_cursor(rhetoric, talks):
    done = rhetoric("add", talks / "launch-2021.txt", "--speaker", "Eve\x1b[2J[bold]\u202eevil")
    rhetoric("run")
    for command in (("status",), ("compare",), ("analyze",)):
        done = rhetoric(*command)
        assert "\x1b" not in done.stdout + done.stderr
        assert "\u202e" not in done.stdout + done.stderr
    assert "[bold]" in rhetoric("status").stdout


def test_a_stage_that_breaks_costs_only_its_own_findings(rhetoric, tmp_path, talks):
    rhetoric("add", talks / "launch-2021.txt")
    (tmp_path / "mine.py").write_text(
        "from rhetoric.types import Stage\n"
        "def run(speech, options):\n    raise RuntimeError('out of luck')\n"
        "STAGE = Stage(name='mine', version='1', languages=('zh', 'en'), labels=(), metrics=(), run=run)\n")
    (tmp_path / "rhetoric.toml").write_text('stages = ["function", "ratio", "mine.py"]\n')
    done = rhetoric("analyze", "--json", code=1)
    assert "mine: RuntimeError: out of luck" in done.stderr
    data = json.loads(done.stdout)[0]
    assert {f["stage"] for f in data["findings"]} == {"function"}
    assert {"story_to_product"} <= {m["name"] for m in data["metrics"]}


def test_an_unknown_stage_is_named_with_the_known_ones(rhetoric, tmp_path, talks):
    rhetoric("add", talks / "launch-2021.txt")
    (tmp_path / "rhetoric.toml").write_text('stages = ["funktion"]\n')
    message = line(rhetoric("analyze", code=2))
    assert "funktion" in message
    assert "slogans" in message


@pytest.mark.parametrize("command", ["run", "analyze"])
def test_options_of_an_unknown_stage_are_refused_before_any_work(rhetoric, tmp_path, talks, command):
    rhetoric("add", talks / "launch-2021.txt")
    (tmp_path / "rhetoric.toml").write_text('[options.emotoin]\nextra = "mine.tsv"\n')
    message = line(rhetoric(command, code=2))
    assert "[options.emotoin]" in message
    assert "emotion" in message


def test_an_unknown_model_is_named_with_the_known_ones(rhetoric):
    message = line(rhetoric("models", "path", "gigantic", code=2))
    assert "gigantic" in message
    assert "base" in message


def test_a_missing_model_offline_says_what_to_do(rhetoric):
    message = line(rhetoric("models", "get", "large-v3", "--offline", code=2))
    assert "rhetoric models get large-v3" in message


@pytest.mark.parametrize(("start", "end"), [("5", "3"), ("a", "b"), ("1:2:3:4", "9")])
def test_impossible_times_are_refused(rhetoric, start, end):
    rhetoric("init")
    assert rhetoric("clip", "x", "--from", start, "--to", end, code=2).stderr


def test_a_file_analysed_without_any_archive(rhetoric, talks, tmp_path):
    done = rhetoric("analyze", talks / "keynote_2022.txt")
    assert "story / (story + product)" in done.stdout
    assert not (tmp_path / "rhetoric.toml").exists()
    data = json.loads(rhetoric("analyze", talks / "launch-2021.txt", "--json").stdout)
    assert data[0]["speech"]["language"] == "zh"


def test_tables_as_csv_that_no_spreadsheet_runs(rhetoric, tmp_path):
    import csv

    (tmp_path / "talk.txt").write_text("=HYPERLINK(1) is what we typed.\n@SUM(A1) was afraid of \"us\", too.\n",
                                       encoding="utf-8")
    done = rhetoric("analyze", "talk.txt", "--csv", tmp_path / "out" / "tables")
    assert "sentences.csv" in done.stderr
    tables = {path.stem: path.read_text(encoding="utf-8-sig") for path in (tmp_path / "out" / "tables").glob("*.csv")}
    assert set(tables) == {"speeches", "sentences", "findings", "metrics", "runs"}
    sentences = list(csv.DictReader(tables["sentences"].splitlines()))
    assert [row["text"][:2] for row in sentences] == ["'=", "'@"]
    assert '"us", too' in sentences[1]["text"]
    assert {row["speech_id"] for row in csv.DictReader(tables["findings"].splitlines())} == {"talk"}
    assert "story_to_product" in {row["name"] for row in csv.DictReader(tables["metrics"].splitlines())}
