"""Decoded frames -> blocks of 16 kHz mono samples.

Frames (some 1000 samples each) are gathered into blocks of five seconds before they are resampled: resampling frame by
frame costs twice the time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import av
    import numpy as np
    from numpy.typing import NDArray

LOG = logging.getLogger(__name__)

SAMPLE_RATE_HZ = 16_000
BLOCK_S = 5


class Frames:
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


def sound_blocks(frames: Frames) -> Iterator[NDArray[np.int16]]:
    """The sound as blocks of int16, shape (n,), mono at `SAMPLE_RATE_HZ`."""
    return _resampled(_blocks(frames))


def _blocks(frames: Frames) -> Iterator[av.AudioFrame]:
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
