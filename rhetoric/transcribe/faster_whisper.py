"""The built-in engine: Whisper by CTranslate2 (faster-whisper, MIT).

Same bytes and options give the same transcript: decoding is beam search at temperature 0 only. Whisper's usual
fallback to sampling is left out, since its random numbers depend on what the process decoded before. A window that
loops is decoded once more with repeated word groups forbidden; what is doubtful even so is flagged, and forgotten, so
that one loop does not feed the next. Voice activity is detected first, and only speech is given to the model: on
silence it would invent.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.config import TranscribeConfig
from rhetoric.errors import ModelError
from rhetoric.transcribe.clean import clean_text
from rhetoric.transcribe.decode import SAMPLE_RATE_HZ
from rhetoric.transcribe.doubt import LOOP_RATIO, LOW_LOGPROB, NO_SPEECH, doubts, is_invention
from rhetoric.transcribe.engine import Heard, TranscribeOptions
from rhetoric.types import Option, Segment, Word

if TYPE_CHECKING:
    import numpy as np
    from faster_whisper import WhisperModel
    from faster_whisper.vad import SpeechTimestampsMap
    from numpy.typing import NDArray

LOG = logging.getLogger(__name__)

WINDOW_S = 30
MIN_SPEECH_MS = 250  # a shorter burst is a click or a drum; Whisper makes words of it
LOOP_NGRAM = 5  # tokens
LANGUAGE_PLACES = 4
SURE_OF_LANGUAGE = 0.9
# Without an example Whisper writes Mandarin now in one script, now in the other, and often without punctuation.
PROMPTS = {("zh", "simplified"): "以下是普通话演讲的实录，使用简体中文和标点符号。",
           ("zh", "traditional"): "以下是普通話演講的實錄，使用繁體中文和標點符號。"}
# Languages in which a window is decoded in the light of the text before it. On three Mandarin recordings that took a
# tenth off the character errors and kept the punctuation; on a real English one it added three tenths to the errors.
CONDITIONED = frozenset({"zh", "yue"})
# Cantonese is written Chinese to the stages; names of languages are those of Whisper.
SAME_LANGUAGE = {"yue": "zh"}


class FasterWhisper:
    """Whisper in `model_folder`: int8 on the CPU, float16 on CUDA, unless the configuration says otherwise."""

    name = "faster-whisper"

    def __init__(self, config: TranscribeConfig, model_folder: Path) -> None:
        import ctranslate2
        import faster_whisper

        device = config.device
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        self.compute_type = config.compute_type
        if self.compute_type == "auto":
            self.compute_type = "float16" if device == "cuda" else "int8"
        self.version = f"{faster_whisper.__version__} (ctranslate2 {ctranslate2.__version__})"
        self.model = config.model
        self._whisper = _load(model_folder, device, self.compute_type, config.threads or _cores())

    def transcribe(self, audio: NDArray[np.float32], options: TranscribeOptions,
                   on_progress: Callable[[float], None]) -> Heard:
        """See `Engine.transcribe`."""
        parts = _speech_parts(audio, options.vad)
        inventions: list[str] = []
        record: dict[str, Option] = {"beam_size": options.beam_size, "vad": options.vad, "temperature": 0.0,
                                     "compute_type": self.compute_type}
        if options.vad:
            record["speech_s"] = round(sum(end - start for start, end in parts) / SAMPLE_RATE_HZ, 2)
        if not parts:
            return Heard(language=options.language, language_probability=None, segments=(), options=record)
        speech = _joined(audio, parts)
        language, probability = options.language, None
        if not language:
            language, probability, record["language_places"] = self._detect_language(speech)
        record["condition_on_previous_text"] = language in CONDITIONED
        prompt = PROMPTS.get((language, options.script), "")
        if prompt:
            record["prompt"] = prompt
        found = self._decode(speech, language, prompt, options)
        segments = tuple(_segments(found, _Clock(parts), prompt, inventions, on_progress))
        if inventions:
            record["inventions_dropped"] = len(inventions)
        return Heard(language=SAME_LANGUAGE.get(language, language), language_probability=probability,
                     segments=segments, options=record)

    def _decode(self, speech: NDArray[np.float32], language: str, prompt: str,
                options: TranscribeOptions) -> Iterable[Any]:
        found: Iterable[Any]
        found, _ = self._whisper.transcribe(
            speech, language=language, beam_size=options.beam_size, temperature=[0.0], word_timestamps=True,
            condition_on_previous_text=language in CONDITIONED, prompt_reset_on_temperature=0.5, vad_filter=False,
            log_prob_threshold=LOW_LOGPROB, no_speech_threshold=NO_SPEECH, compression_ratio_threshold=LOOP_RATIO,
            # `hotwords` stand before every window; an `initial_prompt` only before the first.
            hotwords=prompt or None)
        return found

    def _detect_language(self, speech: NDArray[np.float32]) -> tuple[str, float, int]:
        """The language with the highest mean probability over windows spread over all speech, and their number.

        Two windows that agree are enough: each costs as much as a few seconds of transcription.
        """
        total: dict[str, float] = {}
        best, mean = "", 0.0
        for count, start in enumerate(_places(len(speech)), 1):
            window = speech[start : start + WINDOW_S * SAMPLE_RATE_HZ]
            for language, probability in self._whisper.detect_language(window)[2]:
                total[language] = total.get(language, 0.0) + probability
            best, mean = min(total.items(), key=_most_first)
            mean /= count
            if count > 1 and mean >= SURE_OF_LANGUAGE:
                break
        return best, round(mean, 4), count


def _load(folder: Path, device: str, compute_type: str, threads: int) -> WhisperModel:
    import dataclasses

    from faster_whisper import WhisperModel

    class SteadyWhisper(WhisperModel):  # type: ignore[misc]  # the library has no types
        """Whisper that leaves a loop without rolling dice."""

        def generate_with_fallback(self, encoder_output: Any, prompt: Any, tokenizer: Any, options: Any) -> Any:
            found = super().generate_with_fallback(encoder_output, prompt, tokenizer, options)
            if found[3] > LOOP_RATIO:
                strict = dataclasses.replace(options, no_repeat_ngram_size=LOOP_NGRAM)
                again = super().generate_with_fallback(encoder_output, prompt, tokenizer, strict)
                found = min(found, again, key=_compression_ratio)
            result, logprob, temperature, ratio = found
            # A temperature above `prompt_reset_on_temperature` tells the caller to forget the text so far.
            doubtful = logprob < LOW_LOGPROB or ratio > LOOP_RATIO
            return result, logprob, 1.0 if doubtful else temperature, ratio

    try:
        return SteadyWhisper(str(folder), device=device, compute_type=compute_type, cpu_threads=threads,
                            local_files_only=True)
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(f"{folder}: the model cannot be loaded on {device} as {compute_type} "
                         f"({' '.join(str(error).split())}); check device and compute_type in rhetoric.toml") from error


def _compression_ratio(result: Any) -> float:
    return float(result[3])


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _speech_parts(audio: NDArray[np.float32], vad: bool) -> list[tuple[int, int]]:
    """Start and end samples of speech, by Silero VAD; the whole recording without VAD."""
    if not vad:
        return [(0, len(audio))] if len(audio) else []
    from faster_whisper.vad import get_speech_timestamps

    return [(part["start"], part["end"]) for part in get_speech_timestamps(audio, min_speech_duration_ms=MIN_SPEECH_MS)]


def _joined(audio: NDArray[np.float32], parts: list[tuple[int, int]]) -> NDArray[np.float32]:
    import numpy as np

    return np.concatenate([audio[start:end] for start, end in parts])


def _most_first(item: tuple[str, float]) -> tuple[float, str]:
    return -item[1], item[0]


def _places(length: int) -> list[int]:
    """Starts of up to `LANGUAGE_PLACES` windows spread evenly over `length` samples: the ends first, then between."""
    window = WINDOW_S * SAMPLE_RATE_HZ
    count = max(1, min(LANGUAGE_PLACES, length // window))
    last = max(0, length - window)
    starts = [round(last * place / max(1, count - 1)) for place in range(count)]
    return starts[:1] + starts[:0:-1]


class _Clock:
    """From seconds of joined speech to seconds of the recording."""

    def __init__(self, parts: list[tuple[int, int]]) -> None:
        from faster_whisper.vad import SpeechTimestampsMap

        chunks = [{"start": start, "end": end} for start, end in parts]
        self._map: SpeechTimestampsMap = SpeechTimestampsMap(chunks, SAMPLE_RATE_HZ)

    def word(self, start_s: float, end_s: float) -> tuple[float, float]:
        """Both ends by the part in which the middle lies, so that a word is never stretched over a pause."""
        chunk = self._map.get_chunk_index((start_s + end_s) / 2)
        start, end = (float(self._map.get_original_time(at, chunk)) for at in (start_s, end_s))
        return start, max(start, end)


def _segments(found: Iterable[Any], clock: _Clock, prompt: str, inventions: list[str],
              on_progress: Callable[[float], None]) -> Iterable[Segment]:
    for heard in found:
        words = tuple(_words(heard.words or (), clock))
        text = clean_text(heard.text)
        start_s, end_s = (words[0].start_s, words[-1].end_s) if words else clock.word(heard.start, heard.end)
        on_progress(end_s)
        flags = doubts(heard.avg_logprob, heard.no_speech_prob, heard.compression_ratio)
        if _is_echo(text, prompt) or is_invention(heard.no_speech_prob, heard.compression_ratio):
            LOG.info("%.2f s: taken for invented and left out: %.60s", start_s, text)
            inventions.append(text)
        elif text:
            yield Segment(text=text, start_s=start_s, end_s=end_s, words=words, flags=flags)


def _words(found: Iterable[Any], clock: _Clock) -> Iterable[Word]:
    for word in found:
        text = clean_text(word.word)
        if text:
            start_s, end_s = clock.word(word.start, word.end)
            yield Word(text=text, start_s=start_s, end_s=end_s, probability=round(float(word.probability), 4))


def _is_echo(text: str, prompt: str) -> bool:
    """Where there is little to hear, Whisper may repeat what it was prompted with."""
    return bool(prompt) and len(text) > 3 and text.strip("，。, .") in prompt

