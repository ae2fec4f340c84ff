"""Small recordings made on the spot, a stretch of a real one, and Whisper base."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from rhetoric.transcribe.decode import SAMPLE_RATE_HZ, decode

RECORDINGS = Path(__file__).parents[2] / "audio"
FORMS = {"wav": "pcm_s16le", "mp3": "libmp3lame", "ogg": "libopus", "opus": "libopus", "m4a": "aac", "flac": "flac",
         "mkv": "libopus"}


def sine(seconds: float, rate: int = SAMPLE_RATE_HZ, hertz: float = 440.0, level: float = 0.5) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def write_sound(path: Path, samples: np.ndarray, rate: int = SAMPLE_RATE_HZ, *, form: str = "",
                channels: int = 1) -> Path:
    """Encode mono samples in -1..1 (copied to each channel) as what the suffix or `form` says."""
    form = form or path.suffix[1:]
    container_name = {"opus": "ogg", "m4a": "mp4", "mkv": "matroska"}.get(form, form)
    layout = "mono" if channels == 1 else "stereo"
    with av.open(str(path), "w", format=container_name) as container:
        stream = container.add_stream(FORMS[form], rate=rate, layout=layout)
        pcm = np.repeat((np.clip(samples, -1, 1) * 32767).astype(np.int16), channels)[None]
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout=layout)
        frame.rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_silent_film(path: Path) -> Path:
    """A video of one second without an audio stream."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    return path


def samples_of(speech_id_part: str, start_s: float, end_s: float) -> np.ndarray:
    """A stretch of a recording of the sample archive, by a part of its name."""
    found = sorted(path for path in RECORDINGS.glob("*.opus") if speech_id_part in path.name)
    if not found:
        pytest.skip(f"audio/ holds no *{speech_id_part}*.opus (the sample archive is not complete)")
    return decode(found[0]).samples[int(start_s * SAMPLE_RATE_HZ) : int(end_s * SAMPLE_RATE_HZ)]


@pytest.fixture(scope="session")
def base_model() -> Path:
    """The folder of Whisper base; fetched the first time."""
    from rhetoric.models.weights import find_model, get_model

    return find_model("base") or get_model("base", offline=False)


@pytest.fixture(scope="session")
def whisper(base_model: Path) -> Any:
    """Whisper base, loaded once."""
    from rhetoric.config import TranscribeConfig
    from rhetoric.transcribe import load_engine

    return load_engine(TranscribeConfig(device="cpu", threads=1), base_model)


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a file and return its path."""
    def write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write
