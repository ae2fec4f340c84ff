"""Pieces of a recording, cut with pydub and written as WAV: evidence to play, or to send."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from rhetoric.errors import AudioError
from rhetoric.files import write_atomic

SAMPLE_WIDTH_BYTES = 2
FADE_MS = 10  # a cut inside a wave clicks without it


def cut(recording: Path, out: Path, *, start_s: float, end_s: float) -> float:
    """Write `recording` from `start_s` to `end_s` as a WAV file and return its length in seconds.

    Raises:
        AudioError: the piece lies beyond the end, the recording cannot be read, or `out` is there or no WAV.
        ArchiveError: the file cannot be written.
    """
    import numpy as np

    if out.exists():
        raise AudioError(f"{out}: is there already; name another file")
    if out.suffix.lower() != ".wav":
        raise AudioError(f"{out}: clips are WAV files; give it a name that ends in .wav")
    from rhetoric.transcribe.decode import SAMPLE_RATE_HZ, decode

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydub warns that there is no ffmpeg; cutting and WAV need none
        from pydub import AudioSegment
    samples = decode(recording).samples
    piece = samples[int(start_s * SAMPLE_RATE_HZ) : int(end_s * SAMPLE_RATE_HZ)]
    if not len(piece):
        raise AudioError(f"{recording}: has only {len(samples) / SAMPLE_RATE_HZ:.1f} s, nothing at {start_s:.1f} s")
    pcm = (np.clip(piece, -1, 1) * 32767).astype("<i2").tobytes()
    segment = AudioSegment(data=pcm, sample_width=SAMPLE_WIDTH_BYTES, frame_rate=SAMPLE_RATE_HZ, channels=1)
    sound = io.BytesIO()
    segment.fade_in(FADE_MS).fade_out(FADE_MS).export(sound, format="wav")
    write_atomic(out, sound.getvalue())
    return float(segment.duration_seconds)
