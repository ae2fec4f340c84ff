"""Any container -> 16 kHz mono samples, as a stream, by the FFmpeg libraries inside PyAV.

A thread decodes ahead of whoever reads, a few blocks and no more, so that a decoder that hangs is an error and not the
end of the batch.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.errors import AudioError
from rhetoric.transcribe.containers import AudioInfo, info_of, kind_of, open_container
from rhetoric.transcribe.frames import SAMPLE_RATE_HZ, Frames, sound_blocks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["PATIENCE_S", "SAMPLE_RATE_HZ", "Audio", "AudioInfo", "Stream", "check_length", "decode", "to_float"]

LOG = logging.getLogger(__name__)

TRUNCATED_SHARE = 0.02
TRUNCATED_S = 1.0
AHEAD = 4  # blocks
# The slowest real file gives a block every few seconds; a broken network disk never does.
PATIENCE_S = 120.0


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
            with open_container(self._path) as container:
                info = info_of(container, self._path)
                if not info.has_audio:
                    raise AudioError(f"{self._path}: holds no sound ({kind_of(container)}); give a recording with an "
                                     "audio stream")
                self._put(info)
                frames = Frames(container, self._path)
                for block in sound_blocks(frames):
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
