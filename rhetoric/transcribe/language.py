"""Which language a recording is in, asked in several places of its speech, never of its opening alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rhetoric.transcribe.decode import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from rhetoric.transcribe.chunks import Chunk, Part
    from rhetoric.transcribe.engine import DetectsLanguage
    from rhetoric.transcribe.sound import Sound

WINDOW = 30 * SAMPLE_RATE_HZ
PLACES = 4
SURE = 0.9


def detect(engine: DetectsLanguage, sound: Sound, chunks: Sequence[Chunk]) -> tuple[str, float, int]:
    """The language with the highest mean probability over windows spread over all speech, that mean, their number.

    Two windows that agree are enough: each costs as much as a few seconds of transcription.
    """
    parts = [part for chunk in chunks for part in chunk.parts]
    total: dict[str, float] = {}
    best, mean, asked = "", 0.0, 0
    for start in places(sum(end - start for start, end in parts)):
        for language, probability in engine.detect_language(_window(sound, parts, start)).items():
            total[language] = total.get(language, 0.0) + probability
        asked += 1
        best = max(sorted(total), key=total.__getitem__)
        mean = total[best] / asked
        if asked > 1 and mean >= SURE:
            break
    return best, round(mean, 4), asked


def places(length: int) -> list[int]:
    """Starts of up to `PLACES` windows spread evenly over `length` samples of speech: the ends first, then between."""
    count = max(1, min(PLACES, length // WINDOW))
    last = max(0, length - WINDOW)
    starts = [round(last * place / max(1, count - 1)) for place in range(count)]
    return starts[:1] + starts[:0:-1]


def _window(sound: Sound, parts: Sequence[Part], start: int) -> NDArray[np.float32]:
    """`WINDOW` samples of joined speech from a place on."""
    import numpy as np

    pieces, wanted = [], WINDOW
    for first, last in parts:
        skipped = min(start, last - first)
        taken = min(wanted, last - first - skipped)
        pieces.append(sound.read(first + skipped, first + skipped + taken))
        start, wanted = start - skipped, wanted - taken
    return np.concatenate(pieces)
