"""Words whose times collapsed: the stretch they must lie in is heard once more, by itself.

Now and then Whisper writes half a minute of speech rightly and gives all of it the time of a breath, mostly where it
was led on by the text before. Such a segment says more than anybody can say in its time, and after it comes a stretch
without words. Read alone, from its beginning to the next segment's, it gets times that can be: then it stands in for
the first one. Where it does not, the first stays, for `quarantine.py` to flag.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rhetoric.transcribe.decode import SAMPLE_RATE_HZ
from rhetoric.transcribe.engine import Engine, Heard, TranscribeOptions
from rhetoric.transcribe.formats.tokens import tokenize
from rhetoric.transcribe.quarantine import FASTEST, is_impossible
from rhetoric.types import Segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

VERSION = 1  # of what is heard again
GAP_S = 2.0  # without words after a segment that is too fast: else it is a loop, not speech without its time
LEAD_S = 0.3  # before it that are heard with it
KEPT = 0.5  # of its text, by weight, that must be heard again


def hear_again(heard: Heard, audio: Floats, engine: Engine, options: TranscribeOptions) -> Heard:
    """`heard` with the segments heard anew whose times cannot be; `audio` is what it was heard in, 16 kHz, (n,).

    Their number is the count `reheard`, where it is not 0.
    """
    segments: list[Segment] = []
    reheard = 0
    for number, segment in enumerate(heard.segments):
        until_s = _next_start(heard, number, len(audio) / SAMPLE_RATE_HZ)
        again = _again(segment, until_s, segments, audio, engine, options)
        reheard += again is not None
        segments += again or (segment,)
    if not reheard:
        return heard
    return replace(heard, segments=tuple(segments), counts={**heard.counts, "reheard": reheard})


def _next_start(heard: Heard, number: int, end_s: float) -> float:
    after = heard.segments[number + 1 : number + 2]
    return end_s if not after or after[0].start_s is None else after[0].start_s


def _again(segment: Segment, until_s: float, before: list[Segment], audio: Floats, engine: Engine,
           options: TranscribeOptions) -> tuple[Segment, ...] | None:
    """The stretch of a segment heard by itself, if that is called for and gives times that can be."""
    if segment.start_s is None or segment.end_s is None or not is_impossible(segment):
        return None
    weight = _weight(segment)
    if until_s - segment.end_s < GAP_S or weight > FASTEST * (until_s - segment.start_s):
        return None
    ended_s = before[-1].end_s if before and before[-1].end_s is not None else 0.0
    from_s = max(ended_s, segment.start_s - LEAD_S)
    first, last = (round(at_s * SAMPLE_RATE_HZ) for at_s in (from_s, until_s))
    found = engine.transcribe(audio[first:last], options, lambda _: None)
    moved = tuple(_moved(found.segments, first / SAMPLE_RATE_HZ))
    if any(map(is_impossible, moved)) or sum(map(_weight, moved)) < KEPT * weight:
        return None
    return moved


def _moved(segments: tuple[Segment, ...], by_s: float) -> Iterator[Segment]:
    for segment in segments:
        words = tuple(replace(word, start_s=word.start_s + by_s, end_s=word.end_s + by_s) for word in segment.words)
        start_s, end_s = (None if at_s is None else at_s + by_s for at_s in (segment.start_s, segment.end_s))
        yield replace(segment, start_s=start_s, end_s=end_s, words=words)


def _weight(segment: Segment) -> float:
    return sum(token.weight for token in tokenize(segment.text))
