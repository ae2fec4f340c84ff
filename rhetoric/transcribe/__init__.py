"""1  recording -> Transcript: by a speech recogniser, or from a caption file.

`containers.py` opens a file, `decode.py` and `sound.py` give its samples, `chunks.py` cuts their speech into pieces of
some minutes, `language.py` tells what is spoken, an engine hears piece by piece (`engine.py` says what an engine is;
one engine a file), `rehearing.py` has it hear again where times collapsed, `journal.py` keeps what it heard, and
`quarantine.py` flags what was never said. One caption format a file (`formats/`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import rhetoric
from rhetoric.config import GlossaryTerm, TranscribeConfig
from rhetoric.files import sha256_of
from rhetoric.transcribe.decode import SAMPLE_RATE_HZ
from rhetoric.transcribe.engine import DetectsLanguage, Engine, Heard, TranscribeOptions, load_engine
from rhetoric.transcribe.formats import export_transcript, import_transcript
from rhetoric.transcribe.glossary import glossary_record, names_of, repair_segments
from rhetoric.transcribe.journal import Journal
from rhetoric.transcribe.punctuation import restore_marks
from rhetoric.transcribe.script import convert_segments, widen_segments
from rhetoric.transcribe.transcript_file import read_transcript, write_transcript
from rhetoric.types import Option, Recording, Segment, Transcript

if TYPE_CHECKING:
    from rhetoric.transcribe.chunks import Chunk, Clock
    from rhetoric.transcribe.sound import Sound

__all__ = ["Engine", "Heard", "TranscribeOptions", "export_transcript", "import_transcript", "load_engine",
           "read_transcript", "transcribe_recording", "write_transcript"]

TIME_DIGITS = 3

Progress = Callable[[float, float], None]
"""Called with the seconds of sound that are done and those there are."""


def transcribe_recording(recording: Recording, path: Path, config: TranscribeConfig, engine: Engine, *,
                         glossary: Sequence[GlossaryTerm] = (), progress: Progress | None = None,
                         journal: Path | None = None) -> Transcript:
    """Hear a recording. `engine` is one from `load_engine`, loaded once and used for many recordings.

    A recording without speech gives a transcript without segments. The language is `recording.language`, or what the
    engine detects; the names of the `glossary` are told to it. With a `journal`, a file for this one recording, chunks
    that a stopped call had finished are taken from there, and the result is the same to the byte; removing it is left
    to who keeps the transcript.

    Raises:
        AudioError: the file cannot be decoded.
        ArchiveError: the disk is full.
    """
    from rhetoric.transcribe.chunks import STEP, plan, speech_probabilities
    from rhetoric.transcribe.decode import SAMPLE_RATE_HZ
    from rhetoric.transcribe.onsets import levels_db, tighten
    from rhetoric.transcribe.quarantine import flag_heard
    from rhetoric.transcribe.sound import Sound

    sha256 = recording.sha256 or sha256_of(path)
    options = TranscribeOptions(language=recording.language, beam_size=config.beam_size, vad=config.vad,
                                script=config.script, hotwords=names_of(glossary))
    with Sound(path, journal.parent if journal else None) as sound:
        total_s = sound.duration_s

        def on_progress(done_s: float) -> None:
            if progress is not None:
                progress(min(done_s, total_s), total_s)

        on_progress(0.0)
        voice = speech_probabilities(sound)
        chunks = plan(sound, voice, vad=options.vad)
        kept = Journal.open(journal, _made_from(sha256, engine, options), total_s)
        heard = _hear(sound, chunks, engine, options, kept, on_progress)
        # By the times of the recogniser: a word that is made shorter would be said too fast.
        segments = flag_heard(heard.segments, voice, STEP / SAMPLE_RATE_HZ)
        # Whisper lets a word after a pause begin in the pause; the sound tells where it begins.
        segments = tighten(segments, levels_db(sound.blocks(60 * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ))
        on_progress(total_s)
        record = {**heard.options, **heard.counts, **_record(sound, chunks, options, heard),
                  **glossary_record(glossary)}
    if heard.language == "zh":
        segments = widen_segments(convert_segments(segments, config.script))
        record["punctuation"] = config.punctuation
        if config.punctuation == "restore":
            segments, record["marks_restored"] = restore_marks(segments)
    segments = repair_segments(segments, glossary)
    return Transcript(
        speech_id=recording.speech_id, audio_sha256=sha256, engine=engine.name, engine_version=engine.version,
        model=engine.model, options=dict(sorted(record.items())), language=heard.language,
        language_probability=heard.language_probability, duration_s=round(total_s, TIME_DIGITS),
        segments=tuple(_rounded(s) for s in segments))


def _made_from(sha256: str, engine: Engine, options: TranscribeOptions) -> dict[str, Option]:
    """Everything that what is heard in a chunk depends on."""
    from rhetoric.transcribe import chunks, rehearing

    return {"audio_sha256": sha256, "engine": engine.name, "engine_version": engine.version, "model": engine.model,
            "model_sha256": getattr(engine, "fingerprint", ""), "rhetoric": rhetoric.__version__,
            "chunks": chunks.VERSION, "rehearing": rehearing.VERSION, **asdict(options),
            "hotwords": "; ".join(options.hotwords)}


def _hear(sound: Sound, chunks: Sequence[Chunk], engine: Engine, options: TranscribeOptions, journal: Journal,
          on_progress: Callable[[float], None]) -> Heard:
    """Hear chunk after chunk, and put together what was heard."""
    from rhetoric.transcribe import language
    from rhetoric.transcribe.chunks import Clock
    from rhetoric.transcribe.rehearing import hear_again

    probability: float | None = None
    counts: Counter[str] = Counter()
    if chunks and not options.language and isinstance(engine, DetectsLanguage):
        found, probability, counts["language_places"] = language.detect(engine, sound, chunks)
        options = replace(options, language=found)
    shared: dict[str, Option] = {}
    segments: list[Segment] = []
    languages: list[tuple[Heard, int]] = []
    for chunk in chunks:
        clock = Clock(chunk.parts)
        heard = journal.done.get(chunk)
        if heard is None:
            def on_chunk(done_s: float, clock: Clock = clock) -> None:
                on_progress(clock.span(done_s, done_s)[1])

            audio = chunk.read(sound)
            heard = hear_again(engine.transcribe(audio, options, on_chunk), audio, engine, options)
            journal.add(chunk, heard)
        on_progress(chunk.end_s)
        segments += [_on_clock(segment, clock) for segment in heard.segments]
        counts.update(heard.counts)
        shared.update(heard.options)
        languages.append((heard, chunk.length))
    spoken, heard_probability = _main_language(languages, options.language)
    return Heard(language=spoken, language_probability=heard_probability if probability is None else probability,
                 segments=tuple(segments), options=shared, counts=counts)


def _main_language(heard: Sequence[tuple[Heard, int]], given: str) -> tuple[str, float | None]:
    """The language of most speech, with the highest probability that it was heard with."""
    share: Counter[str] = Counter()
    for found, length in heard:
        share[found.language] += length
    if not share:
        return given, None
    main = max(sorted(share), key=share.__getitem__)
    sure = [found.language_probability for found, _ in heard
            if found.language == main and found.language_probability is not None]
    return main, max(sure, default=None)


def _on_clock(segment: Segment, clock: Clock) -> Segment:
    """A segment with the times of the recording."""
    words = []
    for word in segment.words:
        start_s, end_s = clock.span(word.start_s, word.end_s)
        words.append(replace(word, start_s=start_s, end_s=end_s))
    if segment.start_s is None or segment.end_s is None:
        return replace(segment, words=tuple(words))
    start_s, end_s = (words[0].start_s, words[-1].end_s) if words else clock.span(segment.start_s, segment.end_s)
    return replace(segment, start_s=start_s, end_s=end_s, words=tuple(words))


def _record(sound: Sound, chunks: Sequence[Chunk], options: TranscribeOptions, heard: Heard) -> dict[str, Option]:
    """What shaped the text beside the engine."""
    record: dict[str, Option] = {"beam_size": options.beam_size, "vad": options.vad, "chunks": len(chunks)}
    if options.vad:
        record["speech_s"] = round(sum(chunk.length for chunk in chunks) / SAMPLE_RATE_HZ, 2)
    record["script"] = options.script if heard.language == "zh" else "as-heard"
    record["language_given"] = bool(options.language)
    if sound.truncated:
        record["truncated"] = True
        record["promised_s"] = round(sound.info.duration_s or 0.0, TIME_DIGITS)
    if sound.damaged:
        record["damaged_packets"] = sound.damaged
    return record


def _rounded(segment: Segment) -> Segment:
    """Milliseconds: an engine's floats are no truer than that, and differ in their last digits."""
    words = tuple(replace(w, start_s=round(w.start_s, TIME_DIGITS), end_s=round(w.end_s, TIME_DIGITS))
                  for w in segment.words)
    start_s, end_s = (None if at is None else round(at, TIME_DIGITS) for at in (segment.start_s, segment.end_s))
    return replace(segment, start_s=start_s, end_s=end_s, words=words)
