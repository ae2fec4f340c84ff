"""Transcribing against everything that stops it: kill -9 at any moment, a full disk, a decoder that hangs.

Every run is a process of its own, and works on a whole archive through the pipeline. Chunks are a few seconds here.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from rhetoric.archive import Archive, init_archive, write_catalog
from rhetoric.cli.adding import state_of
from rhetoric.transcribe.clips import cut
from rhetoric.types import Recording

ROOT = Path(__file__).parents[2]
AUDIO = ROOT / "audio"

# An engine that needs a moment a chunk, and says something of every second of it.
WORKER = """
import hashlib, os, sys, time
from pathlib import Path
from rhetoric import pipeline
from rhetoric.archive import open_archive
from rhetoric.transcribe import Heard, chunks
from rhetoric.types import Segment, Word

class Slow:
    name, version, model, fingerprint = "faster-whisper", "1", "base", "0"

    def transcribe(self, audio, options, on_progress):
        time.sleep({delay})
        print(len(audio), file=open("heard.log", "a"))
        segments = []
        for second in range(len(audio) // 16_000):
            text = hashlib.sha256(audio[second * 16_000 :][:16_000].tobytes()).hexdigest()[:8]
            words = (Word(text=text, start_s=second + 0.1, end_s=second + 1 / 3, probability=0.7),)
            segments.append(Segment(text=text, start_s=second + 0.1, end_s=second + 1 / 3, words=words))
        return Heard(language="en", language_probability=1 / 3, segments=tuple(segments), counts={{"seconds": second}})

chunks.plan.__kwdefaults__["chunk_s"] = {chunk_s}
archive = open_archive(Path())
if {slow}:
    pipeline.load_engine = lambda config, offline: Slow()
for outcome in pipeline.transcribe_archive(archive, archive.recordings(), offline=True):
    print(outcome.status, outcome.detail, flush=True)
"""


def make_archive(folder: Path, recording: Path, language: str = "en") -> Archive:
    archive = init_archive(folder)
    (folder / "rhetoric.toml").write_text('[transcribe]\ndevice = "cpu"\nthreads = 1\n', encoding="utf-8")
    os.link(recording, folder / "audio" / recording.name)
    write_catalog(archive.catalog_path, [Recording(speech_id="a", file=recording.name, language=language)])
    return archive


def start(archive: Archive, *, slow: bool = True, delay: float = 0.05, chunk_s: float = 6.0,
          limit_bytes: int = 0) -> subprocess.Popen:
    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    code = WORKER.format(slow=slow, delay=delay, chunk_s=chunk_s)
    return subprocess.Popen([sys.executable, "-c", code], cwd=archive.root, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, encoding="utf-8",
                            env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
                            preexec_fn=limited if limit_bytes else None)


def finish(archive: Archive, **options) -> bytes:
    running = start(archive, **options)
    said, errors = running.communicate(timeout=300)
    assert running.returncode == 0, errors
    assert said.startswith("done"), said
    return archive.transcript_path("a").read_bytes()


def lines_of(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


@pytest.fixture(scope="module")
def minute(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "minute.wav"
    cut(AUDIO / "whitfield-2023.opus", path, start_s=5, end_s=65)
    return path


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory, minute) -> bytes:
    return finish(make_archive(tmp_path_factory.mktemp("unbroken"), minute), delay=0.0)


def test_killed_at_random_moments_it_ends_the_same(tmp_path, minute, unbroken):
    archive = make_archive(tmp_path / "archive", minute)
    journal = archive.journal_path("a")
    moments = random.Random(7)
    kills, before = 0, 0
    while not archive.transcript_path("a").exists() and kills < 12:
        running = start(archive)
        deadline = time.monotonic() + 120
        while lines_of(journal) <= before + 1 and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)  # it has got somewhere, so that the test comes to an end
        time.sleep(moments.uniform(0, 0.15))
        running.kill()
        running.wait(timeout=60)
        running.communicate()
        assert not archive.transcript_path("a").exists() or archive.transcript_path("a").read_bytes() == unbroken
        kills, before = kills + 1, lines_of(journal)
    assert kills >= 3
    assert finish_or_keep(archive) == unbroken
    heard = (archive.root / "heard.log").read_text().splitlines()
    total = json.loads(unbroken)["options"]["chunks"]
    assert total >= 10
    assert len(heard) <= total + kills  # each kill costs the chunk that was being heard, no more
    assert not journal.exists()
    assert not list(archive.root.rglob("*.part"))


def finish_or_keep(archive: Archive) -> bytes:
    """The transcript, by one more run; where the last kill came after it was written, that run only tidies up."""
    running = start(archive)
    said, errors = running.communicate(timeout=300)
    assert running.returncode == 0, errors
    assert said.split()[0] in ("done", "skipped")
    return archive.transcript_path("a").read_bytes()


def test_status_tells_how_far_it_is(tmp_path, minute):
    archive = make_archive(tmp_path / "archive", minute)
    running = start(archive, delay=0.2)
    while lines_of(archive.journal_path("a")) < 5:
        assert running.poll() is None
        time.sleep(0.01)
    running.kill()
    running.communicate()
    assert state_of(archive, archive.recordings()[0])["transcript"] in ("in progress 0 of 1 min",
                                                                       "in progress 1 of 1 min")
    finish(archive, delay=0.0)
    assert "in progress" not in state_of(archive, archive.recordings()[0])["transcript"]


def test_an_exchanged_recording_is_not_gone_on_with(tmp_path, minute):
    archive = make_archive(tmp_path / "archive", minute)
    running = start(archive, delay=0.2)
    while lines_of(archive.journal_path("a")) < 4:
        assert running.poll() is None
        time.sleep(0.01)
    running.kill()
    running.communicate()
    other = tmp_path / "other.wav"
    cut(AUDIO / "whitfield-2021.opus", other, start_s=5, end_s=65)
    (archive.root / "audio" / minute.name).unlink()
    os.link(other, archive.root / "audio" / minute.name)
    assert finish(archive, delay=0.0) == finish(make_archive(tmp_path / "second", other), delay=0.0)


@pytest.mark.parametrize("limit_bytes", [100, 3000])
def test_a_full_disk_is_one_line_and_keeps_what_is_done(tmp_path, minute, unbroken, limit_bytes):
    archive = make_archive(tmp_path / "archive", minute)
    running = start(archive, delay=0.0, limit_bytes=limit_bytes)
    said, errors = running.communicate(timeout=120)
    journal = archive.journal_path("a")
    assert "cannot be written (File too large); free space" in said + errors
    assert not archive.transcript_path("a").exists()
    done = max(0, lines_of(journal) - 1)
    assert (done > 0) == (limit_bytes > 1000)
    (archive.root / "heard.log").unlink(missing_ok=True)
    assert finish(archive, delay=0.0) == unbroken
    heard = (archive.root / "heard.log").read_text().splitlines()
    assert len(heard) == json.loads(unbroken)["options"]["chunks"] - done


@pytest.mark.whisper
def test_real_whisper_killed_ends_the_same(tmp_path):
    path = tmp_path / "part.wav"
    cut(AUDIO / "shen-2021.opus", path, start_s=0, end_s=45)
    options = {"slow": False, "chunk_s": 12.0}
    whole = finish(make_archive(tmp_path / "whole", path, language=""), **options)
    archive = make_archive(tmp_path / "broken", path, language="")
    for wanted in (2, 3):
        running = start(archive, **options)
        while lines_of(archive.journal_path("a")) < wanted:
            assert running.poll() is None
            time.sleep(0.01)
        time.sleep(0.2)
        running.kill()
        running.communicate()
    assert lines_of(archive.journal_path("a")) == 3
    assert finish(archive, **options) == whole
    assert json.loads(whole)["options"]["chunks"] >= 4


# --- long files ------------------------------------------------------------------------------------------------------

MEASURE = """
import resource, sys
from pathlib import Path
from rhetoric.config import TranscribeConfig
from rhetoric.models.weights import find_model
from rhetoric.transcribe import load_engine, transcribe_recording
from rhetoric.types import Recording
config = TranscribeConfig(device="cpu", threads=1, beam_size=1)
engine = load_engine(config, find_model("base"))
found = transcribe_recording(Recording(speech_id="a", language="zh"), Path(sys.argv[1]), config, engine)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, found.duration_s, found.options["speech_s"])
"""


def write_long(path: Path, pieces: list[tuple[bytes, int]]) -> Path:
    """MP3 is frames in a row: pieces of it can be repeated without encoding them anew."""
    with path.open("wb") as stream:
        for piece, times in pieces:
            for _ in range(times):
                stream.write(piece)
    return path


def as_mp3(samples: np.ndarray, bit_rate: int = 32_000) -> bytes:
    import io

    import av

    memory = io.BytesIO()
    with av.open(memory, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as container:
        stream = container.add_stream("libmp3lame", rate=16_000, layout="mono")
        stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16)[None], format="s16", layout="mono")
        frame.rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return memory.getvalue()


def peak_of(path: Path, code: str = MEASURE) -> tuple[float, float, float]:
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True,
                          env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}, timeout=850)
    peak_kib, duration_s, speech_s = map(float, done.stdout.split())
    return peak_kib / 1024, duration_s, speech_s


@pytest.mark.whisper
@pytest.mark.hours
def test_three_hours_need_no_more_memory_than_ten_minutes(tmp_path):
    from rhetoric.transcribe.decode import decode

    speech = as_mp3(decode(AUDIO / "shen-2021.opus").samples[: 30 * 16_000])
    silence = as_mp3(np.zeros(30 * 16_000, dtype=np.float32))
    short = peak_of(write_long(tmp_path / "short.mp3", [(speech, 20)]))
    # Three hours: twelve minutes of dense speech, then half a minute in every quarter of an hour.
    long = peak_of(write_long(tmp_path / "long.mp3", [(speech, 24), *[(silence, 28), (speech, 1)] * 12]))
    assert short[1] == pytest.approx(600, rel=0.02)
    assert long[1] > 3 * 3600
    assert long[2] > 1.4 * short[2]
    assert long[0] <= 1.3 * short[0], (short, long)


FIVE_HOURS = """
import resource, sys
from pathlib import Path
from rhetoric.config import TranscribeConfig
from rhetoric.transcribe import Heard, transcribe_recording
from rhetoric.types import Recording, Segment, Word

class Deaf:
    # everything but Whisper: decoding, voice, chunks, the journal, the exact times of words
    name, version, model = "deaf", "1", "none"

    def transcribe(self, audio, options, on_progress):
        words = tuple(Word(text=f"w{second}", start_s=second + 0.1, end_s=second + 0.9)
                      for second in range(len(audio) // 16_000))
        return Heard(language="en", language_probability=None, segments=(Segment(
            text=" ".join(word.text for word in words), start_s=0.0, end_s=len(audio) / 16_000, words=words),))

found = transcribe_recording(Recording(speech_id="a", language="en"), Path(sys.argv[1]), TranscribeConfig(), Deaf(),
                             journal=Path(sys.argv[1]).with_suffix(".jsonl"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, found.duration_s, found.options["speech_s"])
"""


@pytest.mark.hours
def test_five_hours_of_speech_need_no_more_memory_than_ten_minutes(tmp_path):
    """All but Whisper, whose memory does not depend on the length: it hears chunk by chunk (see above)."""
    from rhetoric.transcribe.decode import decode

    talk = as_mp3(decode(AUDIO / "whitfield-2021.opus").samples[: 120 * 16_000], bit_rate=16_000)
    short = peak_of(write_long(tmp_path / "short.mp3", [(talk, 5)]), FIVE_HOURS)
    long = peak_of(write_long(tmp_path / "long.mp3", [(talk, 150)]), FIVE_HOURS)
    assert long[1] == pytest.approx(5 * 3600, rel=0.02)
    assert long[2] > 25 * short[2]
    assert long[0] <= 1.3 * short[0], (short, long)
