"""A segment whose times collapsed is heard again by itself; anything else stays as it was heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rhetoric.transcribe.decode import SAMPLE_RATE_HZ
from rhetoric.transcribe.engine import Heard, TranscribeOptions
from rhetoric.transcribe.quarantine import is_impossible
from rhetoric.transcribe.rehearing import LEAD_S, hear_again
from rhetoric.types import Segment, Word

LONG = "we built the bridge in the winter of that year and nobody had asked us to build it at all " * 3
OPTIONS = TranscribeOptions(language="en")


def said(text: str, start_s: float, end_s: float) -> Segment:
    words = text.split()
    step = (end_s - start_s) / len(words)
    return Segment(text=text.strip(), start_s=start_s, end_s=end_s, words=tuple(
        Word(text=word, start_s=start_s + n * step, end_s=start_s + (n + 1) * step, probability=0.9)
        for n, word in enumerate(words)))


class Answers:
    """An engine that gives one answer to every stretch, and remembers how long the stretches were."""

    name, version, model = "answers", "1", "none"

    def __init__(self, answer: Sequence[Segment]) -> None:
        self.answer, self.lengths_s = tuple(answer), list[float]()

    def transcribe(self, audio: NDArray[np.float32], options: TranscribeOptions,
                   on_progress: Callable[[float], None]) -> Heard:
        assert options is OPTIONS
        self.lengths_s.append(len(audio) / SAMPLE_RATE_HZ)
        return Heard(language="en", language_probability=None, segments=self.answer)


def again(segments: Sequence[Segment], engine: Answers, total_s: float = 60.0) -> Heard:
    heard = Heard(language="en", language_probability=0.9, segments=tuple(segments), counts={"x": 1})
    return hear_again(heard, np.zeros(round(total_s * SAMPLE_RATE_HZ), dtype=np.float32), engine, OPTIONS)


def test_a_collapsed_segment_gets_the_times_it_is_heard_with_by_itself() -> None:
    before, collapsed, after = said("Good evening.", 5, 6), said(LONG, 10, 11), said("Thank you.", 40, 41)
    engine = Answers([said(LONG, LEAD_S, 29.0)])
    found = again([before, collapsed, after], engine)
    assert engine.lengths_s == [40 - 10 + LEAD_S]
    assert (found.segments[0], found.segments[2]) == (before, after)
    assert found.segments[1].text == collapsed.text
    assert (found.segments[1].start_s, found.segments[1].end_s) == (10.0, 10 - LEAD_S + 29.0)
    assert found.segments[1].words[0].start_s == 10.0
    assert found.counts == {"x": 1, "reheard": 1}
    assert not is_impossible(found.segments[1])


def test_at_the_end_the_stretch_goes_on_to_the_end() -> None:
    engine = Answers([said(LONG, 0.5, 40)])
    assert again([said(LONG, 10, 11)], engine).counts["reheard"] == 1
    assert engine.lengths_s == [60 - 10 + LEAD_S]


def test_what_gives_no_better_times_or_another_text_stays() -> None:
    collapsed = said(LONG, 10, 11)
    for answer in ([], [said("Thank you.", 0, 1)], [said(LONG, 0, 1)]):
        engine = Answers(answer)
        found = again([collapsed], engine)
        assert engine.lengths_s, "it was tried"
        assert found.segments == (collapsed,)
        assert found.counts == {"x": 1}


def test_a_loop_without_a_gap_after_it_is_not_heard_again() -> None:
    engine = Answers([said(LONG, 0, 20)])
    assert again([said(LONG, 10, 11), said("On we go.", 11.5, 13)], engine).counts == {"x": 1}
    assert not engine.lengths_s


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 6)), max_size=8))
def test_segments_that_can_be_said_in_their_time_are_left_alone(spans: list[tuple[int, int]]) -> None:
    at, segments = 0.0, []
    for gap_s, length_s in spans:
        segments.append(said("so we went on", at + gap_s, at + gap_s + length_s))
        at += gap_s + length_s
    engine = Answers([said("never asked for", 0, 2)])
    assert again(segments, engine, at + 1).segments == tuple(segments)
    assert not engine.lengths_s
