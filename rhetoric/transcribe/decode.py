"""Any container -> 16 kHz mono samples, as a stream, by the FFmpeg libraries inside PyAV.

Content decides, never the file name. Frames (some 1000 samples each) are gathered into blocks of five seconds before
they are resampled: resampling frame by frame costs twice the time. A thread decodes ahead of whoever reads, a few
blocks and no more, so that a decoder that hangs is an error and not the end of the batch.
"""

from __future__ import annotations

import logging
import os
import queue
import re
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from rhetoric.errors import AudioError

if TYPE_CHECKING:
    import av
    import numpy as np
    from numpy.typing import NDArray

LOG = logging.getLogger(__name__)

SAMPLE_RATE_HZ = 16_000
BLOCK_S = 5
TRUNCATED_SHARE = 0.02
TRUNCATED_S = 1.0
AHEAD = 4  # blocks
# The slowest real file gives a block every few seconds; a broken network disk never does.
PATIENCE_S = 120.0

# Containers that only point to other files or hosts. A recording never does.
PLAYLISTS = frozenset({"hls", "concat", "dash", "sdp", "imf", "rtsp", "webvtt", "srt", "ass", "tty"})
# How a locked file says so: the sample entry of MP4 (ISO/IEC 14496-12, 8.12: `enca`; iTunes: `drms`), Audible's brand,
# and the Content Encryption objects of ASF (ASF specification 1.2, 3.14 and 3.15).
LOCKED_MP4 = re.compile(rb"stsd.{12}(?:enca|drms)", re.DOTALL)
LOCKED_BRANDS = (b"aax ", b"aaxc")
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
LOCKED_ASF = (bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"), bytes.fromhex("14e68a292226174cb935dae07ee9289c"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioInfo:
    """What a file says of itself, without decoding it. `duration_s` is None where the container does not tell."""

    container: str
    has_audio: bool
    codec: str = ""
    sample_rate: int = 0
    channels: int = 0
    duration_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """Decoded sound: `samples` is float32 in -1..1, shape (n,), mono at `SAMPLE_RATE_HZ`.

    `truncated` is True where the container promises clearly more sound than could be decoded; `damaged` counts packets
    that could not be decoded and were left out.
    """

    samples: NDArray[np.float32]
    info: AudioInfo
    truncated: bool = False
    damaged: int = 0

    @property
    def duration_s(self) -> float:
        """Seconds of decoded sound."""
        return len(self.samples) / SAMPLE_RATE_HZ


def probe(path: Path) -> AudioInfo:
    """Read the headers of a recording.

    Raises:
        AudioError: no such file, an empty one, or nothing that FFmpeg knows.
    """
    with _open(path) as container:
        return _info(container, path)


class Stream:
    """The sound of a recording as blocks of int16, shape (n,), mono at `SAMPLE_RATE_HZ`, once and in order.

    `info` is known at once; `damaged` counts the packets that were left out, and is whole when the blocks are through.
    """

    def __init__(self, path: Path, patience_s: float = PATIENCE_S) -> None:
        """Open a recording.

        Raises:
            AudioError: as `probe`, and a file without an audio stream.
        """
        self._path = path
        self._patience_s = patience_s
        self._ahead: queue.Queue[Any] = queue.Queue(AHEAD)
        self._stopped = threading.Event()
        self.damaged = 0
        # The container is opened, read and closed in one thread: nothing else touches it if that thread hangs.
        threading.Thread(target=self._run, name="decode", daemon=True).start()
        self.info: AudioInfo = self._next()

    def __iter__(self) -> Iterator[NDArray[np.int16]]:
        """Raises AudioError where no block comes in time."""
        try:
            while (block := self._next()) is not None:
                yield block
        finally:
            self._stopped.set()

    def _next(self) -> Any:
        try:
            found = self._ahead.get(timeout=self._patience_s)
        except queue.Empty:
            self._stopped.set()
            raise AudioError(f"{self._path}: the decoder hangs: no sound came in {self._patience_s:.0f} s; copy the "
                             "file to this machine's disk, or convert it") from None
        if isinstance(found, BaseException):
            raise found
        return found

    def _run(self) -> None:
        try:
            with _open(self._path) as container:
                info = _info(container, self._path)
                if not info.has_audio:
                    raise AudioError(f"{self._path}: holds no sound ({_kind(container)}); give a recording with an "
                                     "audio stream")
                self._put(info)
                frames = _Frames(container, self._path)
                for block in _resampled(_blocks(frames)):
                    if not self._put(block):
                        return
                self.damaged = frames.damaged
            self._put(None)
        except BaseException as error:  # it belongs to whoever reads
            self._put(error)

    def _put(self, item: Any) -> bool:
        """Hand on, waiting for room; False where nobody reads any more."""
        while not self._stopped.is_set():
            try:
                self._ahead.put(item, timeout=1)
            except queue.Full:
                continue
            return True
        return False


def decode(path: Path, progress: Callable[[float], None] | None = None) -> Audio:
    """Decode a recording into memory; `progress` is called with the seconds that are decoded.

    Raises:
        AudioError: as `Stream`, and a file without a single sample that can be decoded.
    """
    stream = Stream(path)
    samples = _collect(stream, progress)
    truncated = check_length(path, stream.info, len(samples))
    return Audio(samples=samples, info=stream.info, truncated=truncated, damaged=stream.damaged)


def check_length(path: Path, info: AudioInfo, samples: int) -> bool:
    """True where the container promises clearly more sound than the samples that could be decoded.

    Raises:
        AudioError: there is not one sample.
    """
    if not samples:
        raise AudioError(f"{path}: not a sample of its sound could be decoded: the file is damaged; fetch it again")
    decoded_s, promised_s = samples / SAMPLE_RATE_HZ, info.duration_s or 0.0
    truncated = promised_s - decoded_s > TRUNCATED_SHARE * promised_s + TRUNCATED_S
    if truncated:
        LOG.warning("%s: truncated: it should hold %.1f s of sound, but only %.1f s could be decoded; they are used",
                    path, promised_s, decoded_s)
    return truncated


def _open(path: Path) -> av.container.InputContainer:
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
    if _is_locked(path):
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


def _is_locked(path: Path) -> bool:
    """True for an encrypted MP4, Audible or Windows Media file."""
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
        if head.startswith(ASF):
            return any(mark in head for mark in LOCKED_ASF)
        if head[4:8] != b"ftyp":
            return False
        return head[8:12] in LOCKED_BRANDS or LOCKED_MP4.search(_mp4_index(stream)) is not None


def _mp4_index(stream: BinaryIO) -> bytes:
    """The `moov` box of an MP4 file, found from box to box; empty where there is none."""
    at, end = 0, stream.seek(0, os.SEEK_END)
    while at < end:
        stream.seek(at)
        head = stream.read(16)
        size = int.from_bytes(head[:4], "big")
        if size == 1:  # the size is in the 64 bits that follow
            size = int.from_bytes(head[8:16], "big")
        if head[4:8] == b"moov":
            stream.seek(at)
            return stream.read(min(size or end, end - at))
        if size < 8:
            return b""
        at += size
    return b""


def _kind(container: av.container.InputContainer) -> str:
    kinds = sorted({stream.type for stream in container.streams})
    return f"{container.format.name}: {', '.join(kinds)} only" if kinds else container.format.name


def _info(container: av.container.InputContainer, path: Path) -> AudioInfo:
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


class _Frames:
    """The decoded frames of the first audio stream; what cannot be decoded is counted and left out."""

    def __init__(self, container: av.container.InputContainer, path: Path) -> None:
        self.container = container
        self.path = path
        self.damaged = 0

    def __iter__(self) -> Iterator[av.AudioFrame]:
        import av

        stream = self.container.streams.audio[0]
        stream.thread_type = "AUTO"
        packets = self.container.demux(stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError as error:  # the container breaks off: what came before is used
                LOG.warning("%s: reading stopped: %s", self.path, error)
                return
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self.damaged += 1


def _collect(stream: Stream, progress: Callable[[float], None] | None) -> NDArray[np.float32]:
    """Fill one array block by block: allocated once from the declared length, grown only if that was too short."""
    import numpy as np

    expected = int((stream.info.duration_s or 60.0) * SAMPLE_RATE_HZ) + SAMPLE_RATE_HZ
    samples: NDArray[np.float32] = np.empty(min(expected, 24 * 3600 * SAMPLE_RATE_HZ), dtype=np.float32)
    count = 0
    for block in stream:
        if count + len(block) > len(samples):
            samples = np.concatenate([samples, np.empty(len(samples) // 2 + len(block), dtype=np.float32)])
        samples[count : count + len(block)] = to_float(block)
        count += len(block)
        if progress is not None:
            progress(count / SAMPLE_RATE_HZ)
    return samples[:count]


def to_float(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """16-bit samples -> -1..1, as Whisper wants them."""
    import numpy as np

    return np.multiply(samples, 1 / 32768, dtype=np.float32)


def _blocks(frames: _Frames) -> Iterator[av.AudioFrame]:
    """Frames joined to blocks of `BLOCK_S` seconds. A stream may change its format on the way: that ends a block."""
    from av.audio.fifo import AudioFifo

    fifo, form = AudioFifo(), None
    for frame in frames:
        frame.pts = None  # gaps in the time stamps are not filled, so the fifo must not check them
        found = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form is not None and found != form:
            yield from _rest(fifo)
            fifo = AudioFifo()
        form = found
        fifo.write(frame)
        if fifo.samples >= BLOCK_S * frame.sample_rate:
            yield from _rest(fifo)
    yield from _rest(fifo)


def _rest(fifo: Any) -> Iterator[av.AudioFrame]:
    if fifo.samples:
        yield fifo.read()


def _resampler() -> av.AudioResampler:
    """To 16 bits, as Whisper was trained: in floats FFmpeg would mix stereo 3 dB louder and let it exceed 1."""
    from av.audio.resampler import AudioResampler

    return AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)


def _resampled(blocks: Iterator[av.AudioFrame]) -> Iterator[NDArray[np.int16]]:
    resampler, form = None, None
    for block in blocks:
        block.pts = None
        found = (block.format.name, block.layout.name, block.sample_rate)
        if resampler is None or found != form:
            if resampler is not None:
                yield from (frame.to_ndarray()[0] for frame in resampler.resample(None))
            resampler, form = _resampler(), found
        yield from (frame.to_ndarray()[0] for frame in resampler.resample(block))
    if resampler is not None:
        yield from (frame.to_ndarray()[0] for frame in resampler.resample(None))
