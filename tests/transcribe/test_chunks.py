"""Where speech is and how it is cut: the detector's answers block by block, borders that only the sound decides."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.errors import ArchiveError, AudioError
from rhetoric.transcribe import chunks
from rhetoric.transcribe.chunks import NO_SPEECH, STEP, Chunk, Clock, plan, speech_parts, speech_probabilities
from rhetoric.transcribe.decode import SAMPLE_RATE_HZ, decode
from rhetoric.transcribe.language import WINDOW, detect, places
from rhetoric.transcribe.sound import Sound

from .conftest import RECORDINGS, samples_of, sine, write_sound


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of speech with pauses of several lengths, and noise at its end."""
    quiet = [np.zeros(round(seconds * SAMPLE_RATE_HZ)) for seconds in (3, 1.2, 5, 2.5)]
    noise = np.random.default_rng(5).normal(0, 0.05, 4 * SAMPLE_RATE_HZ)
    pieces = [samples_of("shen-2021", 0, 20), samples_of("whitfield-2021", 10, 25), samples_of("shen-2023", 30, 50)]
    return write_sound(tmp_path_factory.mktemp("speech") / "a.flac", np.concatenate([
        quiet[0], pieces[0], quiet[1], pieces[1], quiet[2], pieces[2], quiet[3], noise]))


def test_samples_are_read_in_any_order_and_never_all_in_memory(speech: Path) -> None:
    whole = decode(speech).samples
    with Sound(speech) as sound:
        assert sound.length == len(whole)
        assert sound.duration_s == pytest.approx(len(whole) / SAMPLE_RATE_HZ)
        for start, end in ((500_000, 500_100), (0, 7), (len(whole) - 3, len(whole)), (9, 9)):
            assert np.array_equal(sound.read(start, end), whole[start:end])
        assert np.array_equal(np.concatenate(list(sound.blocks(70_001))), whole)


def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_sound(tmp_path / "a.wav", sine(2))
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(ArchiveError, match=r"a\.wav: its sound cannot be put down in .*free space"):
        Sound(path, blocked)


@pytest.mark.parametrize("name", ["shen-2022", "whitfield-2023"])
def test_speech_is_found_as_the_library_finds_it(name: str) -> None:
    from faster_whisper.vad import get_speech_timestamps, get_vad_model

    path = RECORDINGS / f"{name}.opus"
    whole = decode(path).samples
    with Sound(path) as sound:
        probabilities = speech_probabilities(sound)
    padded = np.pad(whole, (0, -len(whole) % STEP))
    expected = get_vad_model()(padded).ravel()
    assert np.allclose(probabilities, expected, atol=1e-4)
    wanted = get_speech_timestamps(whole, min_speech_duration_ms=250)
    assert speech_parts(probabilities, len(whole)) == [(part["start"], part["end"]) for part in wanted]


@pytest.mark.parametrize("vad", [True, False])
@pytest.mark.parametrize("chunk_s", [1000.0, 30.0, 9.0])
def test_chunks_are_short_enough_and_hold_every_sample_once(speech: Path, vad: bool, chunk_s: float) -> None:
    with Sound(speech) as sound:
        voice = speech_probabilities(sound)
        whole = plan(sound, voice, vad=vad, chunk_s=10_000)
        found = plan(sound, voice, vad=vad, chunk_s=chunk_s)
        assert plan(sound, voice, vad=vad, chunk_s=chunk_s) == found
        joined = np.concatenate([chunk.read(sound) for chunk in found])
        assert np.array_equal(joined, whole[0].read(sound))
    assert all(0 < chunk.length <= chunk_s * SAMPLE_RATE_HZ for chunk in found)
    parts = [part for chunk in found for part in chunk.parts]
    assert all(start < end for start, end in parts)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(parts))


@pytest.mark.parametrize(("level", "lead_s"), [(0.0, 0.0), (0.003, 0.0), (0.2, 4.5)])
def test_a_greeting_under_applause_is_not_cut_off(tmp_path: Path, level: float, lead_s: float) -> None:
    """Noise is no speech to the detector, but may cover some: loud noise before the first words is heard as well."""
    noise = np.random.default_rng(9).normal(0, max(level, 1e-6), 8 * SAMPLE_RATE_HZ)
    voice = samples_of("whitfield-2021", 0.8, 8)
    path = write_sound(tmp_path / "a.flac", np.concatenate([noise, voice, noise[: 5 * SAMPLE_RATE_HZ], voice]))
    with Sound(path) as sound:
        voice = speech_probabilities(sound)
        without = speech_parts(voice, sound.length)
        found = plan(sound, voice, vad=True)[0].parts
    assert len(found) == 2
    assert (without[0][0] - found[0][0]) / SAMPLE_RATE_HZ == pytest.approx(lead_s)
    assert found[1] == without[1]


def test_borders_lie_in_the_longest_pause(speech: Path) -> None:
    with Sound(speech) as sound:
        halves = plan(sound, speech_probabilities(sound), vad=False, chunk_s=60)
    assert [chunk.parts[0][0] / SAMPLE_RATE_HZ for chunk in halves[1:]] == [pytest.approx(41.5, abs=1.5)]
    assert sum(len(chunk.parts) for chunk in halves) == 2


def test_speech_without_any_pause_is_cut_all_the_same(speech: Path) -> None:
    probabilities = np.full(3000, 0.9, dtype=np.float32)
    probabilities[1400] = 0.6
    parts = [(0, 3000 * STEP)]
    found = list(chunks._cut(parts, probabilities, 2000 * STEP))
    assert found == [[(0, 1400 * STEP + STEP // 2)], [(1400 * STEP + STEP // 2, 3000 * STEP)]]


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 900), st.sampled_from([0.1, 0.6, 0.9])), min_size=1),
       st.integers(40, 500))
def test_every_plan_holds_every_sample_once(stretches: list[tuple[int, int, float]], limit: int) -> None:
    parts, at, values = [], 0, []
    for gap, steps, probability in stretches:
        values += [0.0] * gap + [probability] * steps
        parts.append(((at + gap) * STEP + 7, (at + gap + steps) * STEP))
        at += gap + steps
    found = list(chunks._cut(parts, np.array(values, dtype=np.float32), limit * STEP))
    assert all(0 < sum(end - start for start, end in chunk) <= limit * STEP for chunk in found)
    flat = [part for chunk in found for part in chunk]
    merged: list[tuple[int, int]] = []
    for start, end in flat:
        if merged and merged[-1][1] == start and (start, end) not in parts:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    assert sum(end - start for start, end in flat) == sum(end - start for start, end in parts)
    assert {start for start, _ in parts} <= {start for start, _ in flat}
    assert merged[0][0] == parts[0][0]
    assert merged[-1][1] == parts[-1][1]


@pytest.mark.parametrize(("probabilities", "expected"), [
    ([0.1] * 200, []),
    ([0.1] * 50 + [0.9] * 5 + [0.1] * 150, []),  # 0.16 s: a click
    ([0.1] * 50 + [0.9] * 50 + [0.1] * 150, [(50 * STEP - 6400, 100 * STEP + 6400)]),
    ([0.9] * 50 + [0.1] * 30 + [0.9] * 50, [(0, 130 * STEP)]),  # a pause of a second is no border
    ([0.9] * 50 + [NO_SPEECH + 0.05] * 100 + [0.9] * 50, [(0, 200 * STEP)]),
])
def test_speech_parts(probabilities: list[float], expected: list[tuple[int, int]]) -> None:
    assert speech_parts(np.array(probabilities, dtype=np.float32), len(probabilities) * STEP) == expected


def test_clock_leads_back_to_the_recording() -> None:
    clock = Clock(((16_000, 48_000), (80_000, 96_000)))
    assert clock.span(0.5, 1.0) == (1.5, 2.0)
    assert clock.span(2.1, 2.5) == (5.1, 5.5)
    assert clock.span(1.8, 2.1) == pytest.approx((2.8, 3.1))  # it began before the pause and is not stretched over it
    assert clock.span(9.0, 8.0) == (12.0, 12.0)


class Guesser:
    """Detects what a table says of the window that starts with this sample."""

    def __init__(self, *guesses: dict[str, float]) -> None:
        self.guesses, self.asked = guesses, 0

    def detect_language(self, audio: np.ndarray) -> dict[str, float]:
        self.asked += 1
        assert len(audio) <= WINDOW
        return self.guesses[round(float(audio[0]) * 8)]


@pytest.mark.parametrize(("guesses", "expected"), [
    # A greeting in English does not make the speech English; the ends are asked first, then between.
    (({"en": 0.95, "zh": 0.05}, {"zh": 0.9}, {"zh": 0.9}, {"zh": 0.9}), ("zh", 0.6875, 4)),
    (({"zh": 0.99}, {"zh": 0.9}, {"ja": 0.9}, {"zh": 0.97}), ("zh", 0.98, 2)),
    (({"zh": 0.5, "en": 0.5},) * 4, ("en", 0.5, 4)),
])
def test_language_is_asked_in_several_places(tmp_path: Path, guesses: tuple[dict[str, float], ...],
                                             expected: tuple[str, float, int]) -> None:
    levels = np.repeat(np.arange(4, dtype=np.float32) / 8, WINDOW)
    path = write_sound(tmp_path / "a.wav", np.concatenate([np.full(WINDOW, 0.9), levels]))
    guesser = Guesser(*guesses)
    with Sound(path) as sound:
        # The first window is music that holds no speech, and is never asked.
        speech = (Chunk(((WINDOW, 2 * WINDOW + 99),)), Chunk(((2 * WINDOW + 99, sound.length),)))
        assert detect(guesser, sound, speech) == expected
    assert guesser.asked == expected[2]


@pytest.mark.parametrize(("length", "expected"), [
    (0, [0]), (100, [0]), (WINDOW, [0]), (2 * WINDOW + 5, [0, WINDOW + 5]),
    (100 * WINDOW, [0, 99 * WINDOW, 66 * WINDOW, 33 * WINDOW])])
def test_places(length: int, expected: list[int]) -> None:
    assert places(length) == expected


def test_a_decoder_that_hangs_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                          hang: Callable[[], None]) -> None:
    path = write_sound(tmp_path / "a.wav", sine(12))
    hang()
    with pytest.raises(AudioError, match=r"a\.wav: the decoder hangs: no sound came in 0 s; copy"):
        Sound(path, patience_s=0.3)


@pytest.fixture
def hang(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the decoder stop after its second frame, for ten seconds."""
    import time

    from rhetoric.transcribe import frames as module

    frames = module.Frames.__iter__

    def slow(self: module.Frames):  # type: ignore[no-untyped-def]
        for number, frame in enumerate(frames(self)):
            yield frame
            if number == 1:
                time.sleep(10)

    return lambda: monkeypatch.setattr(module.Frames, "__iter__", slow)
