"""Recordings by worker processes: the same bytes with real Whisper, and a recogniser that dies on one recording."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rhetoric.archive import init_archive, open_archive, write_catalog
from rhetoric.config import RunConfig
from rhetoric.engines import open_engine
from rhetoric.pipeline import transcribe_archive
from rhetoric.transcribe.clips import cut
from rhetoric.types import Recording
from tests.archives import environment

AUDIO = Path(__file__).parents[2] / "audio"

# An installed package whose recogniser needs no weights, and crashes on a recording of more than four seconds.
FRAGILE = """\
import os, signal
from rhetoric.transcribe import Heard
from rhetoric.types import Segment

class Fragile:
    name, version, model = "fragile", "1", "none"

    def transcribe(self, audio, options, on_progress):
        if len(audio) > 4 * 16_000:
            os.kill(os.getpid(), signal.SIGSEGV)
        length_s = len(audio) / 16_000
        return Heard(language="en", language_probability=1.0, segments=(
            Segment(text="Good evening, everyone.", start_s=0.0, end_s=length_s),))

def make(config, folder):
    return Fragile()
"""


def make_archive(folder: Path, lengths_s: dict[str, float], config: str):
    archive = init_archive(folder)
    (folder / "rhetoric.toml").write_text(config, encoding="utf-8")
    rows = []
    for speech_id, length_s in lengths_s.items():
        cut(AUDIO / "whitfield-2023.opus", folder / "audio" / f"{speech_id}.wav", start_s=5, end_s=5 + length_s)
        rows.append(Recording(speech_id=speech_id, file=f"{speech_id}.wav", language="en"))
    write_catalog(archive.catalog_path, rows)
    return open_archive(folder)


def test_a_recogniser_that_crashes_costs_its_own_recording(tmp_path):
    package = tmp_path / "site"
    (package / "fragile-1.dist-info").mkdir(parents=True)
    (package / "fragile-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: fragile\nVersion: 1\n")
    (package / "fragile-1.dist-info" / "entry_points.txt").write_text("[rhetoric.engines]\nfragile = fragile:make\n")
    (package / "fragile.py").write_text(FRAGILE, encoding="utf-8")
    model = tmp_path / "model"
    model.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (model / name).write_bytes(b"{}")
    config = f'[transcribe]\nengine = "fragile"\nmodel = "{model}"\nvad = false\n[run]\nworkers = 2\n'
    archive = make_archive(tmp_path / "archive", {"a": 2, "b": 6, "c": 3}, config)
    paths = environment()
    paths["PYTHONPATH"] += f":{package}"
    done = subprocess.run([sys.executable, "-m", "rhetoric", "run"], cwd=archive.root, env=paths, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "✗ transcribe b: b: its worker crashed (SIGSEGV), 2 times" in done.stderr
    assert sorted(path.stem for path in archive.transcripts.glob("*.json")) == ["a", "c"]
    assert (archive.reports / "by-year" / "index.html").exists()
    assert [row.duration_s for row in archive.recordings()] == [2.0, None, 3.0]


@pytest.mark.whisper
def test_two_workers_hear_what_one_process_hears(tmp_path):
    config = '[transcribe]\ndevice = "cpu"\nthreads = 1\nbeam_size = 1\n'
    heard = {}
    for engine in ("serial", "processes"):
        archive = make_archive(tmp_path / engine, {"a": 6, "b": 8}, config)
        run = open_engine(RunConfig(engine=engine, workers=2)).map
        seen = []
        outcomes = list(transcribe_archive(archive, archive.recordings(), offline=True, run=run, watch=seen.append))
        assert {o.status for o in outcomes} == {"done"}
        assert {progress.speech_id for progress in seen} == {"a", "b"}
        heard[engine] = {i: archive.transcript_path(i).read_bytes() for i in "ab"}
        assert [row.duration_s for row in archive.recordings()] == [6.0, 8.0]
    assert heard["processes"] == heard["serial"]
