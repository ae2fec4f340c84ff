"""The line on recordings, with real Whisper base: good ones, bad ones, and runs that are stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import pytest

pytestmark = pytest.mark.whisper

AUDIO = Path(__file__).parents[2] / "audio"


@pytest.fixture(scope="session")
def opening(tmp_path_factory) -> Path:
    """The first twenty seconds of a sample recording, as WAV."""
    from rhetoric.transcribe.clips import cut

    path = tmp_path_factory.mktemp("sound") / "opening-2021.wav"
    cut(AUDIO / "shen-2021.opus", path, start_s=0, end_s=20)
    return path


def write_wav(path: Path, seconds: float, amplitude: int = 0) -> Path:
    """A mono WAV of silence, or of a square wave of 220 Hz."""
    period = 16000 // 220
    one = b"".join(int(amplitude if n < period // 2 else -amplitude).to_bytes(2, "little", signed=True)
                   for n in range(period))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes((one * (int(16000 * seconds) // period + 1))[: int(32000 * seconds)])
    return path


def transcript(folder: Path, speech_id: str) -> dict:
    return json.loads((folder / "transcripts" / f"{speech_id}.json").read_bytes())


def test_a_recording_becomes_a_report_that_plays_it(rhetoric, tmp_path, opening):
    rhetoric("add", opening, "--speaker", "沈远", "--language", "zh")
    done = rhetoric("run")
    page = Path(done.stdout.strip())
    assert "opening-2021.wav" in page.read_text(encoding="utf-8")
    assert (page.parent / "../../audio/opening-2021.wav").resolve().is_file()
    heard = transcript(tmp_path, "opening-2021")
    assert heard["language"] == "zh"
    assert heard["duration_s"] == pytest.approx(20, abs=0.1)
    assert "大家" in "".join(segment["text"] for segment in heard["segments"])
    assert rhetoric("transcribe").stderr.startswith("nothing to do: up to date")


def test_an_exchanged_recording_is_heard_anew(rhetoric, tmp_path, opening):
    rhetoric("add", opening)
    rhetoric("transcribe")
    before = transcript(tmp_path, "opening-2021")
    shutil.copy(AUDIO / "whitfield-2021.opus", tmp_path / "other.opus")
    rhetoric("clip", "opening-2021", "--from", "0", "--to", "8", "--out", "cut.wav")
    shutil.move(tmp_path / "cut.wav", tmp_path / "audio" / "opening-2021.wav")
    assert "(stale)" in rhetoric("status").stdout
    assert "transcribe opening-2021" in rhetoric("transcribe").stderr
    after = transcript(tmp_path, "opening-2021")
    assert after["audio_sha256"] != before["audio_sha256"]
    assert after["duration_s"] == pytest.approx(8, abs=0.1)


def test_bad_recordings_fail_alone_and_say_why(rhetoric, tmp_path, opening):
    write_wav(tmp_path / "silence.wav", 5)
    write_wav(tmp_path / "tone.wav", 5, 8000)
    (tmp_path / "zero.mp3").write_bytes(b"")
    (tmp_path / "text.mp3").write_text("this is no sound")
    renamed = tmp_path / "renamed.mp3"
    shutil.copy(opening, renamed)
    done = rhetoric("add", "silence.wav", "tone.wav", "zero.mp3", "text.mp3", "renamed.mp3", code=1)
    assert "zero.mp3" in done.stderr
    assert "text.mp3" in done.stderr
    # One that turns bad after it was added: cut off in its header.
    broken = tmp_path / "audio" / "renamed.mp3"
    rhetoric("add", opening, "--id", "good", code=1)  # the same bytes are there already, as renamed
    good = tmp_path / "good.wav"
    rhetoric("clip", "renamed", "--from", "0", "--to", "12", "--out", good)
    rhetoric("add", good)
    broken.write_bytes(broken.read_bytes()[:20])
    done = rhetoric("run", code=1)
    assert "renamed" in done.stderr
    rows = {row["speech_id"]: row for row in json.loads(rhetoric("status", "--json").stdout)}
    assert rows["good"]["analysis"] == "done"
    assert "renamed" in rows["renamed"]["problem"]
    assert rows["silence"]["analysis"] == "missing"
    assert "no speech" in rows["silence"]["problem"]
    assert transcript(tmp_path, "silence")["segments"] == []
    assert transcript(tmp_path, "tone")["segments"] == []


def test_an_interrupted_run_goes_on_where_it_was(rhetoric, tmp_path, opening):
    rhetoric("add", opening, "--id", "a")
    rhetoric("clip", "a", "--from", "0", "--to", "15", "--out", "b.wav")
    rhetoric("add", "b.wav")
    running = subprocess.Popen([sys.executable, "-m", "rhetoric", "run"], cwd=tmp_path, stderr=subprocess.PIPE,
                               text=True, encoding="utf-8", start_new_session=True)
    deadline = time.monotonic() + 120
    while not (tmp_path / "transcripts" / "a.json").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode in (130, 0), errors  # 0 where it was done before the signal came
    if running.returncode == 130:
        assert errors.splitlines()[-1].startswith("rhetoric: interrupted")
    assert not list(tmp_path.rglob("*.part"))
    first = (tmp_path / "transcripts" / "a.json").stat().st_mtime_ns
    rhetoric("run")
    assert (tmp_path / "transcripts" / "a.json").stat().st_mtime_ns == first
    assert (tmp_path / "reports" / "by-year" / "index.html").is_file()


def test_a_second_run_at_the_same_time_is_refused(rhetoric, tmp_path, opening):
    rhetoric("add", opening)
    running = subprocess.Popen([sys.executable, "-m", "rhetoric", "run"], cwd=tmp_path, stderr=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL)
    owner = tmp_path / ".rhetoric.lock.owner"
    deadline = time.monotonic() + 60
    while not owner.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    done = rhetoric("run", code=2)
    assert f"another run (process {running.pid})" in done.stderr
    assert running.wait(timeout=120) == 0


def test_scores_against_a_script(rhetoric, tmp_path, opening):
    rhetoric("add", opening, "--language", "zh")
    rhetoric("transcribe")
    scripts = tmp_path / "audio" / "scripts"
    scripts.mkdir()
    heard = "".join(segment["text"] for segment in transcript(tmp_path, "opening-2021")["segments"])
    (scripts / "opening-2021.txt").write_text(heard.replace(heard[3], "龘", 1), encoding="utf-8")
    result = json.loads(rhetoric("score", "--json").stdout)["opening-2021"]
    assert result["errors"] == 1
    assert result["misheard"] == [["龘", heard[3]]]
