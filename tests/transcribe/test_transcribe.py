"""From a recording to a transcript: with an engine of our own for the plumbing, with Whisper base for the truth."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from rhetoric.config import TranscribeConfig
from rhetoric.errors import AudioError, ConfigError, ModelError
from rhetoric.transcribe import (
    Engine,
    Heard,
    TranscribeOptions,
    load_engine,
    read_transcript,
    transcribe_recording,
    write_transcript,
)
from rhetoric.transcribe.accuracy import score_script
from rhetoric.transcribe.decode import SAMPLE_RATE_HZ
from rhetoric.types import Recording, Segment, Transcript, Word

from .conftest import RECORDINGS, samples_of, sine, write_silent_film, write_sound

CONFIG = TranscribeConfig(device="cpu", threads=1)
WHOLE = TranscribeConfig(device="cpu", threads=1, vad=False)  # the parrot is given what is no speech as well
NOWHERE = Path("nowhere")


class Parrot:
    """An engine that always hears the same."""

    name = "parrot"
    version = "1"
    model = "none"

    def __init__(self, *segments: Segment, language: str = "zh") -> None:
        self.segments, self.language = segments, language
        self.options: list[TranscribeOptions] = []

    def transcribe(self, audio: Any, options: TranscribeOptions, on_progress: Callable[[float], None]) -> Heard:
        self.options.append(options)
        on_progress(len(audio) / SAMPLE_RATE_HZ / 2)
        return Heard(language=options.language or self.language, language_probability=0.75, segments=self.segments,
                     options={"squawk": True})


def test_engine_is_given_sound_and_options_and_its_answer_is_kept(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", sine(2))
    parrot = Parrot(Segment(text="頭髮,好", start_s=0.12345, end_s=1.0, words=(
        Word(text="頭", start_s=0.12345, end_s=0.5), Word(text="髮,", start_s=0.5, end_s=0.7),
        Word(text="好", start_s=0.7, end_s=1.0))))
    assert isinstance(parrot, Engine)
    told: list[tuple[float, float]] = []
    found = transcribe_recording(Recording(speech_id="a"), path, WHOLE, parrot,
                                 progress=lambda done, total: told.append((done, total)))
    assert told == [(0.0, 2.0), (1.0, 2.0), (2.0, 2.0), (2.0, 2.0)]
    assert parrot.options == [TranscribeOptions(language="", beam_size=5, vad=False, script="simplified")]
    assert (found.engine, found.engine_version, found.model, found.language) == ("parrot", "1", "none", "zh")
    assert found.language_probability == 0.75
    assert found.options == {"squawk": True, "beam_size": 5, "chunks": 1, "script": "simplified",
                             "language_given": False, "vad": False, "punctuation": "restore", "marks_restored": 0}
    assert found.audio_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.segments[0].text == "头发，好"
    words = [(word.text, word.start_s) for word in found.segments[0].words]
    assert words == [("头", 0.123), ("发，", 0.5), ("好", 0.7)]


def test_missing_chinese_marks_are_put_in_and_counted_unless_they_are_to_stay_away(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", sine(10))
    said = "大家晚上好欢迎来到我们的发布会你们知道做一辆车要多少钱吗我们当时账上只有三千万"
    words = tuple(Word(text=char, start_s=n * 0.2, end_s=n * 0.2 + 0.2, probability=0.9) for n, char in enumerate(said))
    parrot = Parrot(Segment(text=said, start_s=0.0, end_s=8.0, words=words))
    restored = transcribe_recording(Recording(speech_id="a"), path, WHOLE, parrot)
    assert "吗？" in restored.segments[0].text
    assert restored.options["marks_restored"] == len(restored.segments[0].text) - len(said) > 1
    untouched = msgspec.structs.replace(WHOLE, punctuation="keep")
    kept = transcribe_recording(Recording(speech_id="a"), path, untouched, parrot)
    assert kept.segments[0].text == said
    assert kept.options["punctuation"] == "keep"
    assert "marks_restored" not in kept.options


def test_what_is_given_is_not_detected_and_english_is_not_converted(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", sine(1))
    recording = Recording(speech_id="a", language="en", sha256="abc")
    found = transcribe_recording(recording, path, WHOLE, Parrot(Segment(text="The 頭髮 brand, ok")))
    assert (found.language, found.audio_sha256) == ("en", "abc")
    assert found.segments[0].text == "The 頭髮 brand, ok"
    assert found.options["script"] == "as-heard"
    assert found.options["language_given"] is True


def test_truncation_is_recorded(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", sine(20))
    path.write_bytes(path.read_bytes()[: 16_000 * 2 * 10])
    found = transcribe_recording(Recording(speech_id="a"), path, CONFIG, Parrot())
    assert found.options["truncated"] is True
    assert found.options["promised_s"] == pytest.approx(20, abs=0.01)
    assert found.duration_s == pytest.approx(10, abs=0.01)
    assert found.segments == ()


class Echo:
    """An engine that hears one word a second, told by the loudness of its middle, and knows nothing of languages."""

    name = "echo"
    version = "1"
    model = "none"
    fingerprint = "0"

    def __init__(self) -> None:
        self.heard: list[int] = []

    def transcribe(self, audio: Any, options: TranscribeOptions, on_progress: Callable[[float], None]) -> Heard:
        self.heard.append(len(audio))
        segments = []
        for second in range(len(audio) // SAMPLE_RATE_HZ):
            text = f"{float(audio[int((second + 0.5) * SAMPLE_RATE_HZ)]):.2f} "
            word = Word(text=text, start_s=second + 0.1, end_s=second + 0.9)
            segments.append(Segment(text=text, start_s=second + 0.1, end_s=second + 0.9, words=(word,)))
        language = "zh" if len(self.heard) == 1 else "en"
        return Heard(language=language, language_probability=0.5 + len(self.heard) / 10, segments=tuple(segments),
                     counts={"words": len(segments)})


@pytest.fixture
def stairs(tmp_path: Path) -> Path:
    """Forty seconds, each a step louder."""
    return write_sound(tmp_path / "stairs.wav", np.repeat(np.arange(40) / 50, SAMPLE_RATE_HZ))


@pytest.fixture
def short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    from rhetoric.transcribe import chunks

    monkeypatch.setitem(chunks.plan.__kwdefaults__, "chunk_s", 13.0)


@pytest.mark.usefixtures("short_chunks")
def test_chunks_are_put_together(stairs: Path) -> None:
    echo = Echo()
    told: list[float] = []
    found = transcribe_recording(Recording(speech_id="a"), stairs, WHOLE, echo,
                                 progress=lambda done, _: told.append(done))
    assert len(echo.heard) >= 4
    assert sum(echo.heard) == 40 * SAMPLE_RATE_HZ
    assert max(echo.heard) <= 13 * SAMPLE_RATE_HZ
    assert found.options["chunks"] == len(echo.heard)
    assert found.options["words"] == len(found.segments)
    assert (found.language, found.language_probability) == ("en", 0.5 + len(echo.heard) / 10)
    assert told == sorted(told)
    assert told[-1] == 40
    for segment in found.segments:  # each word stands where its loudness is
        assert float(segment.text) == pytest.approx(int(segment.start_s + 0.4) / 50, abs=0.011)
        assert segment.start_s == segment.words[0].start_s


@pytest.mark.usefixtures("short_chunks")
def test_what_was_finished_is_not_heard_again(stairs: Path, tmp_path: Path) -> None:
    journal = tmp_path / "j" / "a.jsonl"
    whole = transcribe_recording(Recording(speech_id="a"), stairs, WHOLE, Echo())

    class Stopped(Echo):
        def transcribe(self, *given: Any) -> Heard:
            if len(self.heard) == 2:
                raise KeyboardInterrupt
            return super().transcribe(*given)

    with pytest.raises(KeyboardInterrupt):
        transcribe_recording(Recording(speech_id="a"), stairs, WHOLE, Stopped(), journal=journal)
    again = Echo()
    again.heard += [0, 0]  # so that it answers as one that was not stopped
    found = transcribe_recording(Recording(speech_id="a"), stairs, WHOLE, again, journal=journal)
    assert found == whole
    assert len(again.heard) == whole.options["chunks"]  # two of them from the journal
    with_other_options = Echo()
    transcribe_recording(Recording(speech_id="a", language="en"), stairs, WHOLE, with_other_options, journal=journal)
    assert len(with_other_options.heard) == whole.options["chunks"]


def test_a_bad_file_never_comes_to_the_engine(tmp_path: Path) -> None:
    parrot = Parrot()
    with pytest.raises(AudioError, match="holds no sound"):
        transcribe_recording(Recording(speech_id="a"), write_silent_film(tmp_path / "a.mp4"), CONFIG, parrot)
    assert parrot.options == []


def test_engine_of_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint

    points = [EntryPoint("parrot", f"{__name__}:make_parrot", "rhetoric.engines"),
              EntryPoint("broken", "no_such_package:x", "rhetoric.engines"),
              EntryPoint("odd", "builtins:max", "rhetoric.engines")]
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points if group == "rhetoric.engines" else [])
    monkeypatch.setattr(sys.modules[__name__], "make_parrot", lambda config, folder: Parrot(), raising=False)
    assert load_engine(TranscribeConfig(engine="parrot"), NOWHERE).name == "parrot"
    with pytest.raises(ConfigError, match="there are faster-whisper, whisper, broken, odd, parrot"):
        load_engine(TranscribeConfig(engine="none"), NOWHERE)
    with pytest.raises(ConfigError, match="cannot be imported"):
        load_engine(TranscribeConfig(engine="broken"), NOWHERE)
    monkeypatch.setattr(sys.modules[__name__], "make_parrot", lambda config, folder: object())
    with pytest.raises(ConfigError, match="no name, version"):
        load_engine(TranscribeConfig(engine="parrot"), NOWHERE)


def test_a_folder_without_a_model_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded on cpu as int8") as caught:
        load_engine(CONFIG, tmp_path)
    assert "\n" not in str(caught.value)


def test_importing_costs_nothing_heavy() -> None:
    code = ("import sys, rhetoric.transcribe, rhetoric.transcribe.accuracy, rhetoric.models.weights; "
            "print(sorted({'numpy', 'av', 'faster_whisper', 'ctranslate2', 'opencc', 'rapidfuzz', 'huggingface_hub'} "
            "& set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "[]"


# --- with Whisper base ----------------------------------------------------------------------------------------------

def hear(path: Path, engine: Engine) -> Transcript:
    return transcribe_recording(Recording(speech_id="x"), path, CONFIG, engine)


@pytest.mark.whisper
def test_silence_noise_and_a_tone_give_no_words_and_no_model_is_asked(tmp_path: Path, whisper: Any,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the model was asked")

    monkeypatch.setattr(whisper._whisper, "transcribe", never)
    monkeypatch.setattr(whisper._whisper, "detect_language", never)
    chord = sum(sine(5, hertz=hertz, level=0.2) for hertz in (220, 277, 330))
    for samples in (np.zeros(80_000), np.random.default_rng(3).normal(0, 0.1, 80_000), sine(5), chord, np.zeros(100)):
        found = hear(write_sound(tmp_path / "a.wav", samples), whisper)
        assert found.segments == ()
        assert found.options["speech_s"] == 0.0
        assert found.language == ""


@pytest.fixture(scope="module", params=["zh", "en"])
def stretch(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, str]:
    """(language, file, script): some seconds of a sample recording between silences, and the whole script."""
    name = {"zh": "shen-2025", "en": "whitfield"}[request.param]
    quiet = np.zeros(3 * SAMPLE_RATE_HZ)
    path = tmp_path_factory.mktemp("stretch") / "a.flac"
    write_sound(path, np.concatenate([quiet, samples_of(name, 0, 25), quiet]))
    recording = sorted(found for found in RECORDINGS.glob("*.opus") if name in found.name)[0]
    return request.param, path, (RECORDINGS / "scripts" / f"{recording.stem}.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def heard(stretch: tuple[str, Path, str], whisper: Any) -> Transcript:
    return hear(stretch[1], whisper)


@pytest.mark.whisper
def test_speech_is_heard_right_with_times(stretch: tuple[str, Path, str], heard: Transcript) -> None:
    language, _, script = stretch
    found = heard
    assert found.language == language
    assert found.language_probability is not None
    assert found.language_probability > 0.8
    # The script goes on after the stretch: what is lost at its end is no error.
    best = min(score_script(script[:end], found).rate for end in range(40, min(len(script), 700), 10))
    assert best < 0.12, [segment.text for segment in found.segments]
    assert found.segments[0].start_s == pytest.approx(3, abs=1.2)  # after the silence
    times = [at for segment in found.segments for at in (segment.start_s, segment.end_s)]
    assert times == sorted(times)
    assert times[-1] <= found.duration_s
    for segment in found.segments:
        assert "".join(word.text for word in segment.words).replace(" ", "") == segment.text.replace(" ", "")
        assert all(segment.start_s <= word.start_s <= word.end_s <= segment.end_s for word in segment.words)


@pytest.mark.whisper
def test_the_same_sound_gives_the_same_bytes(stretch: tuple[str, Path, str], heard: Transcript, base_model: Path,
                                             tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    write_transcript(heard, one)
    write_transcript(hear(stretch[1], load_engine(CONFIG, base_model)), two)
    assert one.read_bytes() == two.read_bytes()
    assert read_transcript(one) == heard


@pytest.mark.whisper
def test_traditional_characters_if_asked(tmp_path: Path, whisper: Any) -> None:
    path = write_sound(tmp_path / "a.wav", samples_of("shen-2025", 0, 8))
    config = TranscribeConfig(device="cpu", threads=1, script="traditional")
    found = transcribe_recording(Recording(speech_id="x", language="zh"), path, config, whisper)
    text = "".join(segment.text for segment in found.segments)
    assert any(char in text for char in "們這來會過說時個為開學還")
    assert not any(char in text for char in "们这来会过说时个为开学还")


@pytest.mark.whisper
def test_another_language_in_the_speech_is_not_translated(tmp_path: Path, whisper: Any) -> None:
    """Whisper is told one language a recording, and would put English words into Chinese."""
    path = write_sound(tmp_path / "a.flac", np.concatenate([
        samples_of("shen-2025", 0, 62), samples_of("whitfield-2021", 0, 62)]))
    found = transcribe_recording(Recording(speech_id="x", language="zh"), path, CONFIG, whisper)
    last = " ".join(segment.text for segment in found.segments if segment.start_s > 90)
    assert found.language == "zh"
    assert sum(char.isascii() for char in last) > 0.9 * len(last), last


@pytest.mark.whisper
def test_windows_at_a_time_say_the_same(stretch: tuple[str, Path, str], heard: Transcript, base_model: Path) -> None:
    config = TranscribeConfig(device="cpu", threads=1, mode="batched")
    found = transcribe_recording(Recording(speech_id="x"), stretch[1], config, load_engine(config, base_model))
    assert (found.options["mode"], heard.options["mode"]) == ("batched", "sequential")
    texts = ["".join(segment.text for segment in one.segments) for one in (found, heard)]
    assert score_script(texts[1], found).rate < 0.12, texts


@pytest.mark.whisper
def test_every_third_frame_tells_the_language_as_all_of_them_do(whisper: Any) -> None:
    from rhetoric.transcribe.faster_whisper import _thinned

    model = whisper._whisper
    for part, language in (("shen-2021", "zh"), ("whitfield-2023", "en")):
        features = model.feature_extractor(samples_of(part, 20, 50))[:, :3000]
        encoded = model.encode(features)
        thinned = _thinned(encoded)
        assert thinned.shape[1] * 3 == encoded.shape[1]
        told = [dict(model.model.detect_language(sound)[0])[f"<|{language}|>"] for sound in (encoded, thinned)]
        assert told == pytest.approx([1, 1], abs=0.05)
