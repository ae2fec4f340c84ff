"""Where speech is in a recording, and how it is cut into chunks of some minutes that are heard one by one.

Speech is found by Silero VAD (MIT), block by block with its state carried on, so that memory is flat. Borders come from
the sound alone, never from what was heard before: a stopped run finds the same chunks again. They lie in the longest
pause near the place where equal chunks would end.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rhetoric.transcribe.decode import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rhetoric.transcribe.sound import Sound

Part = tuple[int, int]
"""First sample of a stretch of speech, and the one after its last."""

VERSION = 1  # to be raised when borders change: journals of another version are not gone on with
STEP = 512  # samples that the detector judges at a time
CONTEXT = 64  # samples before them that it sees as well
STEPS_A_BLOCK = 1000
# Thresholds and pads as in faster-whisper's VAD filter.
SPEECH, NO_SPEECH = 0.5, 0.35
MIN_SPEECH_S = 0.25  # a shorter burst is a click or a drum; Whisper makes words of it
MIN_PAUSE_S = 2.0
PAD_S = 0.4
# The detector hears no speech under applause, which covers many a greeting: where what comes before the first stretch
# is loud, it begins earlier. Before every stretch, it made more errors than it mended (docs/benchmarks.md).
LEAD_S = 4.5
LOUD = 0.25  # as a share of the speech's own level (root mean square), -12 dB

CHUNK_S = 360.0  # at most: work that a stopped run loses, and memory, against windows that are cut short
SPREAD = 0.25  # how far a border may lie from where equal chunks would end, as a share of their length


@dataclass(frozen=True, slots=True)
class Chunk:
    """Stretches of speech that are heard together, joined."""

    parts: tuple[Part, ...]

    @property
    def length(self) -> int:
        """Samples of speech."""
        return sum(end - start for start, end in self.parts)

    @property
    def end_s(self) -> float:
        """Where it ends in the recording."""
        return self.parts[-1][1] / SAMPLE_RATE_HZ

    def read(self, sound: Sound) -> NDArray[np.float32]:
        """Its samples, joined."""
        import numpy as np

        return np.concatenate([sound.read(start, end) for start, end in self.parts])


def plan(sound: Sound, probabilities: NDArray[np.float32], *, vad: bool, chunk_s: float = CHUNK_S
         ) -> tuple[Chunk, ...]:
    """Cut the speech of a recording, or without `vad` all of it, into chunks of at most `chunk_s` seconds.

    `probabilities` are those of `speech_probabilities`.
    """
    limit = int(chunk_s * SAMPLE_RATE_HZ)
    parts = _with_lead(sound, speech_parts(probabilities, sound.length)) if vad else [(0, sound.length)]
    return tuple(Chunk(tuple(chunk)) for chunk in _cut(parts, probabilities, limit))


def speech_probabilities(sound: Sound) -> NDArray[np.float32]:
    """The probability of speech in every `STEP` samples, by Silero VAD; the last step is filled up with silence."""
    import numpy as np
    from faster_whisper.vad import get_vad_model

    session = get_vad_model().session
    h = c = np.zeros((1, 1, 128), dtype=np.float32)
    before = np.zeros(CONTEXT, dtype=np.float32)
    found = [np.zeros(0, dtype=np.float32)]
    for block in sound.blocks(STEP * STEPS_A_BLOCK):
        steps = np.pad(block, (0, -len(block) % STEP)).reshape(-1, STEP)
        context = np.vstack([before, steps[:-1, -CONTEXT:]])
        before = steps[-1, -CONTEXT:]
        output, h, c = session.run(None, {"input": np.hstack([context, steps]), "h": h, "c": c})
        found.append(output.ravel())
    return np.concatenate(found)


def speech_parts(probabilities: NDArray[np.float32], length: int) -> list[Part]:
    """Stretches of speech: `faster_whisper.vad.get_speech_timestamps`, from probabilities that are there already.

    Speech begins where its probability reaches `SPEECH` and ends where it stays below `NO_SPEECH` (or does not come
    back above `SPEECH`) for `MIN_PAUSE_S`; each stretch is given `PAD_S` of what is around it.
    """
    pause, least, pad = (round(s * SAMPLE_RATE_HZ) for s in (MIN_PAUSE_S, MIN_SPEECH_S, PAD_S))
    parts: list[Part] = []
    start: int | None = None
    quiet = 0
    for step, probability in enumerate(probabilities.tolist()):
        at = step * STEP
        if probability >= SPEECH:
            quiet = 0
            start = at if start is None else start
        elif probability < NO_SPEECH and start is not None:
            quiet = quiet or at
            if at - quiet >= pause:
                if quiet - start > least:
                    parts.append((start, quiet))
                start, quiet = None, 0
    if start is not None and length - start > least:
        parts.append((start, length))
    return [(max(0, start - pad), min(length, end + pad)) for start, end in parts]


def _with_lead(sound: Sound, parts: list[Part]) -> list[Part]:
    """Stretches of speech, of which the first begins up to `LEAD_S` earlier where the sound before it is loud."""
    if not parts:
        return parts
    start, end = parts[0]
    reach = round(LEAD_S * SAMPLE_RATE_HZ)
    lead = max(0, start - reach)
    loud = _level(sound, lead, start) >= LOUD * _level(sound, start, min(end, start + reach)) > 0
    return [(lead if loud else start, end), *parts[1:]]


def _level(sound: Sound, start: int, end: int) -> float:
    """Root mean square; 0 where there is nothing."""
    import numpy as np

    return float(np.sqrt(np.mean(sound.read(start, end) ** 2))) if start < end else 0.0


def _cut(parts: list[Part], probabilities: NDArray[np.float32], limit: int) -> Iterator[list[Part]]:
    """Take chunks from the front until the rest is one."""
    left = sum(end - start for start, end in parts)
    while left > limit:
        even = left / math.ceil(left / limit)
        at = _longest_pause(parts, probabilities, int(even * (1 - SPREAD)), min(limit, int(even * (1 + SPREAD))))
        head, parts = _split(parts, at)
        yield head
        left -= at
    if parts:
        yield parts


def _longest_pause(parts: Sequence[Part], probabilities: NDArray[np.float32], low: int, high: int) -> int:
    """The middle of the longest pause between two places, in samples of joined speech; the first of equal ones.

    Where there is no pause, the step that is the least like speech.
    """
    best, found = (0.0, -2.0), high
    joined = 0
    for number, (start, end) in enumerate(parts):
        if number and low <= joined <= high:
            pause = start - parts[number - 1][1] + STEP
            if (pause, 0.0) > best:
                best, found = (float(pause), 0.0), joined
        shift = start - joined
        for first, last, probability in _quiet(probabilities, max(start, low + shift), min(end, high + shift)):
            if (rank := (float(last - first), -probability)) > best:
                best, found = rank, (first + last) // 2 - shift
        joined += end - start
    return found


def _quiet(probabilities: NDArray[np.float32], start: int, end: int) -> Iterator[tuple[int, int, float]]:
    """Runs of steps without speech inside a stretch; and the quietest step alone, as a run of no length."""
    first: int | None = None
    steps = range(math.ceil(start / STEP), end // STEP)
    values = probabilities[steps.start : steps.stop].tolist() if steps else []
    for step, probability in zip(steps, values, strict=True):
        if probability < NO_SPEECH:
            first = step if first is None else first
        elif first is not None:
            yield first * STEP, step * STEP, 0.0
            first = None
    if first is not None:
        yield first * STEP, steps.stop * STEP, 0.0
    elif values:
        at = steps[values.index(min(values))] * STEP + STEP // 2
        yield at, at, min(values)


def _split(parts: list[Part], at: int) -> tuple[list[Part], list[Part]]:
    """The first `at` samples of joined speech, and the rest."""
    head: list[Part] = []
    for number, (start, end) in enumerate(parts):
        if at < end - start:
            if at:
                head.append((start, start + at))
            return head, [(start + at, end), *parts[number + 1 :]]
        head.append((start, end))
        at -= end - start
    return head, []


class Clock:
    """From seconds of joined speech to seconds of the recording."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._ends: list[float] = []
        self._shifts: list[float] = []
        joined = 0
        for start, end in parts:
            self._shifts.append((start - joined) / SAMPLE_RATE_HZ)
            joined += end - start
            self._ends.append(joined / SAMPLE_RATE_HZ)

    def span(self, start_s: float, end_s: float) -> tuple[float, float]:
        """Both ends by the part in which the middle lies, so that a word is never stretched over a pause."""
        part = min(bisect_right(self._ends, (start_s + end_s) / 2), len(self._ends) - 1)
        shift = self._shifts[part]
        return start_s + shift, max(start_s, end_s) + shift
