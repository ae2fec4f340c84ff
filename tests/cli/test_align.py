"""`rhetoric align`, `--voice`, and captions that are those of another recording, as a user meets them."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import EN_TALK
from tests.transcribe.conftest import write_sound

Run = Callable[..., subprocess.CompletedProcess[str]]
LINES = [line for line in EN_TALK.replace(". ", ".\n").split("\n") if line]
OTHER = "Ladies and gentlemen, this is the yearly meeting of the harbour board. " * 5


def captions(lines: list[str], pace_s: float = 2.0) -> str:
    """SubRip, a cue a line."""
    return "\n".join(f"{n + 1}\n00:00:{n * pace_s:06.3f} --> 00:00:{(n + 1) * pace_s - 0.5:06.3f}\n{line}\n"
                     for n, line in enumerate(lines))


@pytest.fixture
def archive(tmp_path: Path, rhetoric: Run) -> Path:
    """An archive with a recording of 30 s and a transcript that an engine is said to have heard."""
    write_sound(tmp_path / "talk-2024.wav", np.zeros(30 * 16_000, np.float32) + 0.001)
    rhetoric("add", "talk-2024.wav")
    heard = tmp_path / "heard.srt"
    heard.write_text(captions([line.replace("lamp", "lump") for line in LINES]), encoding="utf-8")
    from rhetoric.transcribe.formats import import_transcript
    from rhetoric.transcribe.transcript_file import transcript_to_json

    data = json.loads(transcript_to_json(import_transcript(heard, speech_id="talk-2024")))
    data |= {"engine": "faster-whisper", "model": "base"}
    (tmp_path / "transcripts" / "talk-2024.json").write_text(json.dumps(data), encoding="utf-8")
    return tmp_path


def transcript(archive: Path, *folder: str) -> dict[str, object]:
    data: dict[str, object] = json.loads(archive.joinpath("transcripts", *folder, "talk-2024.json").read_text("utf-8"))
    return data


def test_the_words_of_the_script_with_the_times_of_the_recording(archive: Path, rhetoric: Run) -> None:
    (archive / "script.txt").write_text(EN_TALK, encoding="utf-8")
    heard = transcript(archive)
    done = rhetoric("align", "talk-2024", "script.txt")
    assert "of the script were heard so" in done.stderr
    found = transcript(archive)
    assert found["engine"] == "align:faster-whisper"
    assert found["options"]["source"] == "script.txt"  # type: ignore[index]
    texts = " ".join(segment["text"] for segment in found["segments"])  # type: ignore[attr-defined]
    assert "lump" not in texts
    assert "let us look at the lamp" in texts
    assert transcript(archive, "heard") == heard
    # It stands: transcribing leaves it alone, aligning again starts from what was heard.
    assert "aligned with its script" in rhetoric("transcribe", "--offline").stderr
    rhetoric("align", "talk-2024", "script.txt")
    assert transcript(archive) == found
    assert "align:faster-whisper" in rhetoric("status").stdout
    assert rhetoric("analyze", "talk-2024").returncode == 0


def test_the_fit_as_json(archive: Path, rhetoric: Run) -> None:
    (archive / "script.txt").write_text(EN_TALK, encoding="utf-8")
    found = json.loads(rhetoric("align", "talk-2024", "script.txt", "--json").stdout)
    assert found["matched"] == found["tokens"] - EN_TALK.lower().count("lamp")
    assert found["share"] > 0.8
    assert found["unspoken"] == []


def test_a_script_of_another_recording_is_refused(archive: Path, rhetoric: Run) -> None:
    (archive / "other.txt").write_text(OTHER, encoding="utf-8")
    before = transcript(archive)
    done = rhetoric("align", "talk-2024", "other.txt", code=2)
    assert "other.txt: only 0% of it fits what was heard in talk-2024: a script of another recording" in done.stderr
    assert transcript(archive) == before


def test_nothing_was_heard_yet(archive: Path, rhetoric: Run) -> None:
    (archive / "transcripts" / "talk-2024.json").unlink()
    (archive / "script.txt").write_text(EN_TALK, encoding="utf-8")
    done = rhetoric("align", "talk-2024", "script.txt", code=2)
    assert "run `rhetoric transcribe talk-2024` first" in done.stderr


def test_captions_of_the_recording_take_the_place_of_what_was_heard(archive: Path, rhetoric: Run) -> None:
    heard = transcript(archive)
    (archive / "good.srt").write_text(captions(LINES), encoding="utf-8")
    done = rhetoric("add", "good.srt", "--id", "talk-2024")
    assert "% as heard" in done.stderr
    assert transcript(archive)["engine"] == "import:srt"
    assert transcript(archive, "heard") == heard


def test_captions_of_another_recording_are_refused(archive: Path, rhetoric: Run) -> None:
    before = transcript(archive)
    (archive / "long.srt").write_text(captions(LINES, pace_s=4.0), encoding="utf-8")
    done = rhetoric("add", "long.srt", "--id", "talk-2024", code=1)
    assert "is 0:30 long: captions of another recording; nothing was added" in done.stderr
    (archive / "words.srt").write_text(captions([OTHER]), encoding="utf-8")
    done = rhetoric("add", "words.srt", "--id", "talk-2024", code=1)
    assert "only 0% of its words fit what was heard in talk-2024: captions of another recording" in done.stderr
    assert transcript(archive) == before


def test_a_recording_that_is_shorter_than_its_captions_is_refused(tmp_path: Path, rhetoric: Run) -> None:
    (tmp_path / "talk.srt").write_text(captions(LINES), encoding="utf-8")
    write_sound(tmp_path / "talk.wav", np.zeros(5 * 16_000, np.float32))
    rhetoric("add", "talk.srt")
    done = rhetoric("add", "talk.wav", "--id", "talk", code=1)
    assert "talk.wav: the captions of talk end at" in done.stderr


TAGGED = "WEBVTT\n\n" + "\n".join(
    f"00:{n * 2:02}.000 --> 00:{n * 2 + 1:02}.000\n<v {'Host' if n < 3 else 'Lin Yuan'}>{line}\n"
    for n, line in enumerate(LINES))


def test_only_one_voice_counts_until_all_do_again(tmp_path: Path, rhetoric: Run) -> None:
    (tmp_path / "talk-2024.vtt").write_text(TAGGED, encoding="utf-8")
    rhetoric("add", "talk-2024.vtt")

    def sentences(*arguments: str) -> int:
        rhetoric("analyze", *arguments)
        import pyarrow.parquet as pq

        return len(pq.read_table(tmp_path / "analysis" / "sentences" / "talk-2024.parquet"))

    everybody = sentences()
    assert sentences("talk-2024", "--voice", "lin yuan") == everybody - 3
    assert json.loads((tmp_path / "analysis" / "done" / "talk-2024.json").read_text())["voice"] == "lin yuan"
    assert sentences() == everybody - 3  # the catalog remembers
    with (tmp_path / "audio" / "catalog.csv").open(encoding="utf-8") as stream:
        assert [row["voice"] for row in csv.DictReader(stream)] == ["lin yuan"]
    done = rhetoric("analyze", "--voice", "Lin", code=1)
    assert "nobody is tagged 'Lin' in its transcript; the tags are Lin Yuan (" in done.stderr
    assert sentences("--voice", "all") == everybody


def test_one_voice_of_a_file_and_of_what_is_added(tmp_path: Path, rhetoric: Run) -> None:
    (tmp_path / "talk-2024.vtt").write_text(TAGGED, encoding="utf-8")
    shutil.copy(tmp_path / "talk-2024.vtt", tmp_path / "copy.vtt")
    whole = json.loads(rhetoric("analyze", "copy.vtt", "--json").stdout)
    one = json.loads(rhetoric("analyze", "copy.vtt", "--voice", "Lin Yuan", "--json").stdout)
    assert whole != one
    rhetoric("add", "talk-2024.vtt", "--voice", "Nobody")
    assert "nobody is tagged 'Nobody'" in rhetoric("analyze", code=1).stderr


def test_a_table_for_spreadsheets(archive: Path, rhetoric: Run) -> None:
    table = rhetoric("export", "talk-2024", "--format", "csv").stdout
    assert table.startswith("\ufeffstart_s,end_s,speaker,event,text\n0.000,1.500,,,")
