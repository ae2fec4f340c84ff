"""What a recording is, before a sample of it is decoded: the container opened, and what its headers say.

Content decides, never the file name. Only files are opened: no other protocol, no list that points elsewhere.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rhetoric.errors import AudioError
from rhetoric.transcribe.locks import is_locked

if TYPE_CHECKING:
    import av

# Containers that only point to other files or hosts. A recording never does.
PLAYLISTS = frozenset({"hls", "concat", "dash", "sdp", "imf", "rtsp", "webvtt", "srt", "ass", "tty"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioInfo:
    """What a file says of itself, without decoding it. `duration_s` is None where the container does not tell."""

    container: str
    has_audio: bool
    codec: str = ""
    sample_rate: int = 0
    channels: int = 0
    duration_s: float | None = None


def probe(path: Path) -> AudioInfo:
    """Read the headers of a recording.

    Raises:
        AudioError: no such file, an empty one, or nothing that FFmpeg knows.
    """
    with open_container(path) as container:
        return info_of(container, path)


def open_container(path: Path) -> av.container.InputContainer:
    """Open for reading. An absolute path cannot be taken for a protocol, and no other protocol is allowed."""
    import av

    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:
        size = None
    if size is None:
        what = "is a folder" if path.is_dir() else "no such file"
        raise AudioError(f"{path}: {what}; correct the path or the catalog")
    if size == 0:
        raise AudioError(f"{path}: empty (0 bytes); fetch or export the recording again")
    if not os.access(path, os.R_OK):
        raise AudioError(f"{path}: not readable; change its permissions")
    if is_locked(path):
        raise AudioError(f"{path}: locked by its seller (DRM), so its sound cannot be read; give a recording without")
    try:
        container = av.open(str(path.absolute()), mode="r", metadata_errors="ignore",
                            options={"protocol_whitelist": "file"})
    except (av.FFmpegError, OSError, ValueError) as error:
        raise AudioError(f"{path}: not a recording that can be read, or damaged at its head; give an audio or video "
                         "file (transcripts are added by `rhetoric add`)") from error
    if PLAYLISTS.intersection(container.format.name.split(",")):
        container.close()
        raise AudioError(f"{path}: a text ({container.format.name}), not a recording; give the audio or video file")
    return container


def kind_of(container: av.container.InputContainer) -> str:
    """What is in a container, in words."""
    kinds = sorted({stream.type for stream in container.streams})
    return f"{container.format.name}: {', '.join(kinds)} only" if kinds else container.format.name


def info_of(container: av.container.InputContainer, path: Path) -> AudioInfo:
    """What an open container says of its first audio stream."""
    name = container.format.name
    if not container.streams.audio:
        return AudioInfo(container=name, has_audio=False)
    stream = container.streams.audio[0]
    context = stream.codec_context
    duration_s = None
    if stream.duration is not None and stream.time_base is not None:
        duration_s = float(stream.duration * stream.time_base)
    elif container.duration is not None:
        duration_s = container.duration / 1_000_000  # av.time_base: microseconds
    if duration_s is not None and name == "wav":
        duration_s *= _promised_by_wav(path)
    return AudioInfo(container=name, has_audio=True, codec=context.name, sample_rate=context.sample_rate or 0,
                     channels=context.channels or 0, duration_s=duration_s if duration_s and duration_s > 0 else None)


def _promised_by_wav(path: Path) -> float:
    """How many times its present size a WAV file says it has: FFmpeg believes the size, so it sees no truncation."""
    with path.open("rb") as stream:
        head = stream.read(8)
    size = path.stat().st_size
    promised = struct.unpack("<I", head[4:])[0] + 8 if head[:4] == b"RIFF" and len(head) == 8 else 0
    # Writers to a pipe cannot know the size and put the largest number.
    return promised / size if size < promised < 0xFFFF0000 else 1.0
