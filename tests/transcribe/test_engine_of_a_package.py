"""The engine of docs/engines.md, installed as a package, run by the command line against a server on this machine."""

from __future__ import annotations

import email
import email.policy
import io
import itertools
import json
import os
import re
import subprocess
import sys
import threading
import wave
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from rhetoric.archive import init_archive

from .conftest import samples_of, write_sound

ROOT = Path(__file__).parents[2]


class Transcriber(BaseHTTPRequestHandler):
    """Answers as OpenAI's service does: a word for every half second of sound, its text the loudness there."""

    fields: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        message = email.message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n"
                                           + body, policy=email.policy.HTTP)
        parts = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
                 for part in message.iter_parts()}
        with wave.open(io.BytesIO(parts.pop("file"))) as file:
            form = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            sound = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        self.fields.append({"form": str(form), **{key: value.decode() for key, value in parts.items()}})
        words = [{"word": f" {int(np.abs(sound[at : at + 8000]).max())}", "start": at / 16_000,
                  "end": at / 16_000 + 0.4} for at in range(0, len(sound) - 8000, 8000)]
        segments = [{"start": at / 16_000, "end": (at + 32_000) / 16_000, "text": f" at {at // 16_000} seconds"}
                    for at in range(0, len(sound) - 8000, 32_000)]
        answer = json.dumps({"language": "english", "words": words, "segments": segments}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Transcriber.fields = []
    with HTTPServer(("127.0.0.1", 0), Transcriber) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/v1/audio/transcriptions"
        running.shutdown()


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The page's example as pip leaves it: a module, and beside it what the package announces."""
    page = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    announced = re.search(r"```toml\n.*?\n(http = )\"(.*?)\"\n```", page, re.DOTALL)
    assert code
    assert announced
    site = tmp_path / "site"
    facts = site / "http_engine-1.0.dist-info"
    facts.mkdir(parents=True)
    (site / "http_engine.py").write_text(code[1], encoding="utf-8")
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: http-engine\nVersion: 1.0\n", encoding="utf-8")
    (facts / "entry_points.txt").write_text(f"[rhetoric.engines]\n{announced[1]}{announced[2]}\n", encoding="utf-8")
    return site


def rhetoric(*arguments: object, site: Path, archive: Path, url: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "rhetoric", *map(str, arguments)], cwd=archive, capture_output=True,
                          text=True, check=False, encoding="utf-8",
                          env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{site}", "TRANSCRIBE_URL": url})


@pytest.fixture
def archive(tmp_path: Path, installed: Path) -> Path:
    folder = tmp_path / "archive"
    init_archive(folder)
    (folder / "rhetoric.toml").write_text('[transcribe]\nengine = "http"\nmodel = "large-unheard-of"\n\n'
                                          '[[glossary]]\nterm = "Lane 3"\n', encoding="utf-8")
    talk = write_sound(tmp_path / "talk.wav", samples_of("whitfield-2023", 10, 22))
    added = rhetoric("add", talk, "--language", "en", site=installed, archive=folder)
    assert added.returncode == 0, added.stderr
    return folder


def test_the_engine_of_the_page_hears_through_its_server(archive: Path, installed: Path, server: str) -> None:
    done = rhetoric("transcribe", site=installed, archive=archive, url=server)
    assert done.returncode == 0, done.stderr
    asked = Transcriber.fields
    assert len(asked) == 1
    assert asked[0] == {"form": "(16000, 1, 2)", "model": "large-unheard-of", "language": "en", "temperature": "0",
                        "response_format": "verbose_json", "timestamp_granularities[]": "word", "prompt": "Lane 3"}
    found = json.loads((archive / "transcripts" / "talk.json").read_text(encoding="utf-8"))
    assert (found["engine"], found["model"], found["language"]) == ("http", "large-unheard-of", "en")
    assert [segment["text"] for segment in found["segments"]][:2] == ["at 0 seconds", "at 2 seconds"]
    words = [word for segment in found["segments"] for word in segment["words"]]
    assert len(words) > 15
    assert all(one["start_s"] < other["start_s"] for one, other in itertools.pairwise(words))
    again = rhetoric("transcribe", site=installed, archive=archive, url=server)
    assert again.returncode == 0, again.stderr
    assert len(Transcriber.fields) == 1  # its transcript is known as up to date


def test_a_server_that_is_down_costs_the_recording_and_says_so(archive: Path, installed: Path) -> None:
    done = rhetoric("transcribe", site=installed, archive=archive, url="http://127.0.0.1:9/v1")
    assert done.returncode == 1
    assert "http://127.0.0.1:9/v1: no transcript came" in done.stdout + done.stderr
    assert not (archive / "transcripts" / "talk.json").exists()


def test_without_the_package_the_engines_that_are_there_are_named(archive: Path, tmp_path: Path) -> None:
    done = rhetoric("transcribe", site=tmp_path / "empty", archive=archive)
    assert done.returncode == 2
    assert "no engine is called 'http'; there are faster-whisper, whisper" in done.stderr
