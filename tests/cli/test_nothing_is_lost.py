"""What a user has is never lost: not by a report, a clip, a second file of one name, or a stage that misbehaves."""

from __future__ import annotations

import json
import os
import shutil
import sys

import pytest


@pytest.fixture
def archive(rhetoric, talks, tmp_path):
    """Two analysed talks."""
    folder = tmp_path / "archive"
    folder.mkdir()
    rhetoric("add", talks / "launch-2021.txt", talks / "launch-2022.txt", "--speaker", "林知远", cwd=folder)
    rhetoric("run", cwd=folder)
    return folder


@pytest.mark.parametrize("place", [".", "..", "audio", "transcripts/new", "analysis"])
def test_a_report_is_never_written_over_the_archive(archive, rhetoric, place):
    before = sorted(archive.rglob("*"))
    (archive / "comparison.json").write_text("{}")  # looks a little like a report
    done = rhetoric("report", "--out", archive / place, cwd=archive, code=2)
    assert "name another folder" in done.stderr
    (archive / "comparison.json").unlink()
    assert sorted(archive.rglob("*")) == before


def test_a_note_beside_a_report_stays(archive, rhetoric):
    report = archive / "reports" / "by-year"
    (report / "notes.txt").write_text("thesis")
    (report / "data" / "mine.csv").write_text("mine")
    rhetoric("report", cwd=archive)
    assert (report / "notes.txt").read_text() == "thesis"
    assert (report / "data" / "mine.csv").read_text() == "mine"


def test_two_files_of_one_name_are_two_speeches(rhetoric, talks, tmp_path):
    for year in ("2021", "2022"):
        (tmp_path / year).mkdir()
        shutil.copy(talks / f"launch-{year}.txt", tmp_path / year / "talk.txt")
    rhetoric("add", "2021/talk.txt", "2022/talk.txt")
    rows = json.loads(rhetoric("status", "--json").stdout)
    assert [row["speech_id"] for row in rows] == ["talk", "talk-2"]


def test_a_taken_id_is_refused_whatever_its_case(rhetoric, talks, tmp_path):
    rhetoric("add", talks / "launch-2021.txt", "--id", "Foo")
    before = (tmp_path / "transcripts" / "Foo.json").read_bytes()
    for taken in ("Foo", "foo"):
        done = rhetoric("add", talks / "launch-2022.txt", "--id", taken, code=1)
        assert "has a transcript already" in done.stderr
    assert (tmp_path / "transcripts" / "Foo.json").read_bytes() == before
    rhetoric("status")  # the catalog is still one that can be read


def test_a_copied_transcript_counts_for_its_own_speech(archive, rhetoric):
    shutil.copy(archive / "transcripts" / "launch-2021.json", archive / "transcripts" / "launch-2022.json")
    rhetoric("run", cwd=archive)
    comparison = json.loads((archive / "reports" / "by-year" / "comparison.json").read_bytes())
    sizes = {card["speech_id"]: card["n_sentences"] for card in comparison["speeches"]}
    assert sizes["launch-2021"] == sizes["launch-2022"] > 0


def test_a_lost_table_is_made_again(archive, rhetoric):
    (archive / "analysis" / "sentences" / "launch-2021.parquet").unlink()
    assert "analyze launch-2021" in rhetoric("run", cwd=archive).stderr


@pytest.mark.parametrize(("body", "reason"), [
    ("import sys; sys.exit(0)", "SystemExit"),
    ("return StageResult(findings=(Finding(label='x', sentence_index=0, char_start=0, char_end=1, score=1.0,"
     " evidence=(1, 2)),))", "must be printable"),
    ("return StageResult(metrics=(Metric(name='m', numerator=1, denominator=1, unit=5),))", "is no text"),
    ("print('noise'); raise KeyError('gone')", "KeyError"),
])
def test_a_stage_cannot_end_the_run(archive, rhetoric, body, reason):
    (archive / "bad.py").write_text(
        "from rhetoric.types import Finding, Metric, Stage, StageResult\n"
        f"def run(speech, options):\n    {body}\n"
        "STAGE = Stage(name='bad', version='1', languages=('zh', 'en'), labels=('x',), metrics=('m',), run=run)\n")
    (archive / "rhetoric.toml").write_text('stages = ["function", "ratio", "emotion", "bad.py"]\n')
    done = rhetoric("run", cwd=archive, code=1)
    assert done.stderr.count("bad: ") == 2  # both speeches were tried
    assert reason in done.stderr
    assert "noise" not in done.stdout
    assert done.stdout.strip().endswith("index.html")  # the other stages' findings make a report


@pytest.mark.parametrize("setting", ["beam_size = 0", "beam_size = 100000", "threads = -5"])
def test_absurd_settings_are_refused(archive, rhetoric, setting):
    (archive / "rhetoric.toml").write_text(f"[transcribe]\n{setting}\n")
    assert "$.transcribe" in rhetoric("run", cwd=archive, code=2).stderr


def test_a_folder_that_is_not_there_is_no_archive(archive, rhetoric):
    assert "no such folder" in rhetoric("status", "-a", "nonexist", cwd=archive, code=2).stderr


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are a matter of Linux")
def test_a_name_that_is_no_text_does_not_stop_the_rest(rhetoric, talks, tmp_path):
    odd = os.fsencode(tmp_path) + b"/b\xff.txt"
    shutil.copy(talks / "launch-2021.txt", odd)
    rhetoric("add", os.fsdecode(odd), talks / "launch-2022.txt", code=None)
    ids = [row["speech_id"] for row in json.loads(rhetoric("status", "--json").stdout)]
    assert "launch-2022" in ids


def test_a_recording_added_later_meets_its_transcript(rhetoric, talks, tmp_path):
    import wave

    rhetoric("add", talks / "launch-2021.txt")
    with wave.open(str(tmp_path / "launch-2021.wav"), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(bytes(32000 * 60))
    rhetoric("add", "launch-2021.wav")
    rows = json.loads(rhetoric("status", "--json").stdout)
    assert [row["speech_id"] for row in rows] == ["launch-2021"]
    assert (tmp_path / "audio" / "launch-2021.wav").is_file()


def test_a_clip_never_replaces_a_file(archive, rhetoric):
    target = archive / "transcripts" / "launch-2021.json"
    before = target.read_bytes()
    rhetoric("clip", "launch-2021", "--from", "0", "--to", "1", "--out", target, cwd=archive, code=None)
    assert target.read_bytes() == before
