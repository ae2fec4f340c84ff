"""Where a word is really heard: its times without the silence that a recogniser lets it begin or end with.

Whisper's times come from its attention (20 ms steps, after T. Giorgino's dynamic time warping), and a word after a
pause tends to begin inside the pause. The sound itself knows better: a word begins where its level comes within
`DEPTH_DB` of the word's own peak. Times are only ever moved inwards, so that words stay in order; under noise or
applause, where there is no silence, nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rhetoric.types import Segment, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FRAME_S = 0.01
DEPTH_DB = 24.0  # unvoiced consonants are up to about 20 dB below the vowel beside them
STEADY = 3  # frames in a row, so that a click is no onset
PAUSE = 20  # quiet frames in a row: the closure of a consonant is shorter
SHORTEST_S = 0.06  # what a word keeps at least


def levels_db(blocks: Iterable[Floats], rate_hz: int) -> Floats:
    """Level of each 10 ms of sound in dB (full scale 0), shape (frames,), from blocks of samples in -1..1."""
    import numpy as np

    size = round(FRAME_S * rate_hz)
    rest, found = np.zeros(0, np.float32), []
    for block in blocks:
        samples = np.concatenate([rest, block])
        whole = len(samples) // size * size
        power = np.square(samples[:whole].reshape(-1, size)).mean(axis=1)
        found.append(10 * np.log10(power + 1e-10))
        rest = samples[whole:]
    return np.concatenate(found) if found else np.zeros(0, np.float32)


def tighten(segments: Sequence[Segment], levels: Floats) -> tuple[Segment, ...]:
    """Segments whose words begin and end where they are heard; `levels` are those of `levels_db`."""
    done = []
    for segment in segments:
        words = tuple(_tightened(word, levels) for word in segment.words)
        if words:
            segment = replace(segment, words=words, start_s=words[0].start_s, end_s=words[-1].end_s)
        done.append(segment)
    return tuple(done)


def _tightened(word: Word, levels: Floats) -> Word:
    first, last = int(word.start_s / FRAME_S), min(len(levels), int(word.end_s / FRAME_S))
    if (last - first) * FRAME_S <= SHORTEST_S:
        return word
    loud = levels[first:last] > levels[first:last].max() - DEPTH_DB
    begin, end = _longest_stretch(loud)
    if (end - begin) * FRAME_S < SHORTEST_S:
        return word
    start_s = word.start_s if begin == 0 else (first + begin) * FRAME_S
    end_s = word.end_s if end == len(loud) else (first + end) * FRAME_S
    return replace(word, start_s=round(start_s, 3), end_s=round(end_s, 3))


def _longest_stretch(loud: NDArray[np.bool_]) -> tuple[int, int]:
    """The longest stretch of frames without a pause in it, as (begin, end); blips shorter than `STEADY` are none.

    No word holds a pause: what lies beyond one is the end of the word before, or the start of the next.
    """
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
    runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= STEADY]
    stretches: list[tuple[int, int]] = []
    for begin, end in runs:
        if stretches and begin - stretches[-1][1] < PAUSE:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((begin, end))
    return max(stretches, key=_length, default=(0, 0))


def _length(stretch: tuple[int, int]) -> int:
    return stretch[1] - stretch[0]
