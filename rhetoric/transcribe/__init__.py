"""1  recording -> Transcript: by a speech recogniser, or from a caption file.

One engine a file (`engine.py` says what an engine is), one caption format a file (`formats/`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rhetoric.config import TranscribeConfig
from rhetoric.files import sha256_of
from rhetoric.transcribe.engine import Engine, Heard, TranscribeOptions, load_engine
from rhetoric.transcribe.formats import export_transcript, import_transcript
from rhetoric.transcribe.script import convert_segments, widen_segments
from rhetoric.transcribe.transcript_file import read_transcript, write_transcript
from rhetoric.types import Option, Recording, Segment, Transcript

__all__ = ["Engine", "Heard", "TranscribeOptions", "export_transcript", "import_transcript", "load_engine",
           "read_transcript", "transcribe_recording", "write_transcript"]

TIME_DIGITS = 3

Progress = Callable[[float, float], None]
"""Called with the seconds of sound that are done and those there are."""


def transcribe_recording(recording: Recording, path: Path, config: TranscribeConfig, engine: Engine, *,
                         progress: Progress | None = None) -> Transcript:
    """Hear a recording. `engine` is one from `load_engine`, loaded once and used for many recordings.

    A recording without speech gives a transcript without segments. The language is `recording.language`, or what the
    engine detects.

    Raises:
        AudioError: the file cannot be decoded.
    """
    from rhetoric.transcribe.decode import decode

    audio = decode(path)
    options = TranscribeOptions(language=recording.language, beam_size=config.beam_size, vad=config.vad,
                                script=config.script)

    def on_progress(done_s: float) -> None:
        if progress is not None:
            progress(min(done_s, audio.duration_s), audio.duration_s)

    on_progress(0.0)
    heard = engine.transcribe(audio.samples, options, on_progress)
    on_progress(audio.duration_s)
    record: dict[str, Option] = {**heard.options, "script": config.script if heard.language == "zh" else "as-heard"}
    record["language_given"] = bool(recording.language)
    if audio.truncated:
        record["truncated"] = True
        record["promised_s"] = round(audio.info.duration_s or 0.0, TIME_DIGITS)
    if audio.damaged:
        record["damaged_packets"] = audio.damaged
    segments = heard.segments
    if heard.language == "zh":
        segments = widen_segments(convert_segments(segments, config.script))
    return Transcript(
        speech_id=recording.speech_id, audio_sha256=recording.sha256 or sha256_of(path), engine=engine.name,
        engine_version=engine.version, model=engine.model, options=dict(sorted(record.items())),
        language=heard.language, language_probability=heard.language_probability,
        duration_s=round(audio.duration_s, TIME_DIGITS), segments=tuple(_rounded(s) for s in segments))


def _rounded(segment: Segment) -> Segment:
    """Milliseconds: an engine's floats are no truer than that, and differ in their last digits."""
    words = tuple(replace(w, start_s=round(w.start_s, TIME_DIGITS), end_s=round(w.end_s, TIME_DIGITS))
                  for w in segment.words)
    start_s, end_s = (None if at is None else round(at, TIME_DIGITS) for at in (segment.start_s, segment.end_s))
    return replace(segment, start_s=start_s, end_s=end_s, words=words)
