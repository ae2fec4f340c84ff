"""The built-in engine: Whisper by CTranslate2 (faster-whisper, MIT).

Same bytes and options give the same transcript: decoding is beam search at temperature 0 only. Whisper's usual
fallback to sampling is left out, since its random numbers depend on what the process decoded before, and the sound is
turned into Whisper's input in a way that the number of threads does not change (`mel.py`). A window that loops is
decoded once more with repeated word groups forbidden; what is doubtful even so is flagged (`quarantine.py`), and
forgotten, so that one loop does not feed the next. A window in which the other of our two languages is surely spoken is
decoded in that one: Whisper would translate it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.config import TranscribeConfig
from rhetoric.errors import ModelError
from rhetoric.files import sha256_of
from rhetoric.transcribe.clean import clean_text
from rhetoric.transcribe.engine import Heard, TranscribeOptions
from rhetoric.transcribe.glossary import with_names
from rhetoric.transcribe.mel import MelFilters
from rhetoric.transcribe.quarantine import LOOP_RATIO, LOW_LOGPROB, NO_SPEECH, measured
from rhetoric.types import Option, Segment, Word

if TYPE_CHECKING:
    import numpy as np
    from faster_whisper import WhisperModel
    from numpy.typing import NDArray

LOOP_NGRAM = 5  # tokens
# Without an example Whisper writes Mandarin now in one script, now in the other, and often without punctuation.
PROMPTS = {("zh", "simplified"): "以下是普通话演讲的实录，使用简体中文和标点符号。",
           ("zh", "traditional"): "以下是普通話演講的實錄，使用繁體中文和標點符號。"}
# Languages in which a window is decoded in the light of the text before it. On three Mandarin recordings that took a
# tenth off the character errors and kept the punctuation; on a real English one it added three tenths to the errors.
# It begins anew with each chunk: handing on the last lines of the chunk before made more errors (docs/benchmarks.md).
CONDITIONED = frozenset({"zh", "yue"})
# Cantonese is written Chinese to the stages; names of languages are those of Whisper.
SAME_LANGUAGE = {"yue": "zh"}
# Languages between which speakers switch, and how sure the model must be that one did.
SWITCHED = ("zh", "en")
SURE_OF_SWITCH = 0.9
# The question costs 2.4 % of a window on the CPU. Asked of every third frame (20 ms each) first, it costs a third of
# that, and the answers differ by some hundredths; only where the other language may be spoken are all frames asked.
THINNED, MAYBE_SWITCHED = 3, 0.5


class FasterWhisper:
    """Whisper in `model_folder`: int8 on the CPU, float16 on CUDA, unless the configuration says otherwise.

    `mode` is "sequential", window after window, each where the last one ended; or "batched", windows between pauses,
    several at a time. Batched is chosen on CUDA, which is idle otherwise.
    """

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
        self.mode = config.mode
        if self.mode == "auto":
            self.mode = "batched" if device == "cuda" else "sequential"
        self.version = f"{faster_whisper.__version__} (ctranslate2 {ctranslate2.__version__})"
        self.model = config.model
        self._folder = model_folder
        self._batch_size = config.batch_size
        self._whisper = _load(model_folder, device, self.compute_type, config.threads or available_cores())

    @cached_property
    def fingerprint(self) -> str:
        """The hash of the weights, and how they are used."""
        return f"{sha256_of(self._folder / 'model.bin')} {self.compute_type} {self.mode}"

    def detect_language(self, audio: NDArray[np.float32]) -> Mapping[str, float]:
        """See `DetectsLanguage`."""
        return dict(self._whisper.detect_language(audio)[2])

    def transcribe(self, audio: NDArray[np.float32], options: TranscribeOptions,
                   on_progress: Callable[[float], None]) -> Heard:
        """See `Engine.transcribe`."""
        language, probability = options.language, None
        if not language:
            language, probability, _ = self._whisper.detect_language(audio)
        prompt = with_names(PROMPTS.get((language, options.script), ""), options.hotwords, language)
        conditioned = self.mode == "sequential" and language in CONDITIONED
        record: dict[str, Option] = {"temperature": 0.0, "compute_type": self.compute_type, "mode": self.mode,
                                     "condition_on_previous_text": conditioned}
        if prompt:
            record["prompt"] = prompt
        decode = self._decode if self.mode == "sequential" else self._decode_batched
        segments = tuple(segments_of(decode(audio, language, prompt, options), prompt, options.hotwords, on_progress))
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

    def _decode_batched(self, speech: NDArray[np.float32], language: str, prompt: str,
                        options: TranscribeOptions) -> Iterable[Any]:
        from faster_whisper import BatchedInferencePipeline

        found: Iterable[Any]
        found, _ = BatchedInferencePipeline(self._whisper).transcribe(
            speech, language=language, beam_size=options.beam_size, temperature=[0.0], word_timestamps=True,
            vad_filter=True, batch_size=self._batch_size, hotwords=prompt or None)
        return found


def _load(folder: Path, device: str, compute_type: str, threads: int) -> WhisperModel:
    import dataclasses

    from faster_whisper import WhisperModel

    class SteadyWhisper(WhisperModel):  # type: ignore[misc]  # the library has no types
        """Whisper that leaves a loop without rolling dice, and follows a speaker into another language."""

        def generate_with_fallback(self, encoder_output: Any, prompt: Any, tokenizer: Any, options: Any) -> Any:
            prompt = self._in_spoken_language(encoder_output, prompt, tokenizer)
            found = super().generate_with_fallback(encoder_output, prompt, tokenizer, options)
            if found[3] > LOOP_RATIO:
                strict = dataclasses.replace(options, no_repeat_ngram_size=LOOP_NGRAM)
                again = super().generate_with_fallback(encoder_output, prompt, tokenizer, strict)
                found = min(found, again, key=_compression_ratio)
            result, logprob, temperature, ratio = found
            # A temperature above `prompt_reset_on_temperature` tells the caller to forget the text so far.
            doubtful = logprob < LOW_LOGPROB or ratio > LOOP_RATIO
            return result, logprob, 1.0 if doubtful else temperature, ratio

        def _in_spoken_language(self, encoder_output: Any, prompt: list[int], tokenizer: Any) -> list[int]:
            """The prompt of a window; without its examples where the other language is spoken in it."""
            given = vars(tokenizer).setdefault("given_language", tokenizer.language_code)
            spoken = self._spoken_language(encoder_output, given)
            if spoken == given == tokenizer.language_code:
                return prompt
            tokenizer.language_code, tokenizer.language = spoken, tokenizer.tokenizer.token_to_id(f"<|{spoken}|>")
            examples = [] if spoken != given else prompt[: len(prompt) - 1 - prompt[::-1].index(tokenizer.sot)]
            return [*examples, *tokenizer.sot_sequence]

        def _spoken_language(self, encoder_output: Any, given: str) -> str:
            if not self.model.is_multilingual or given not in SWITCHED:
                return given
            other = next(language for language in SWITCHED if language != given)
            for sound, enough in ((_thinned(encoder_output), MAYBE_SWITCHED), (encoder_output, SURE_OF_SWITCH)):
                if dict(self.model.detect_language(sound)[0]).get(f"<|{other}|>", 0.0) < enough:
                    return given
            return other

    try:
        whisper = SteadyWhisper(str(folder), device=device, compute_type=compute_type, cpu_threads=threads,
                                local_files_only=True)
        whisper.feature_extractor.mel_filters = MelFilters(whisper.feature_extractor.mel_filters)
        return whisper
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(f"{folder}: the model cannot be loaded on {device} as {compute_type} "
                         f"({' '.join(str(error).split())}); check device and compute_type in rhetoric.toml") from error


def _thinned(encoder_output: Any) -> Any:
    """Every `THINNED`-th frame of what the encoder made of a window; all where they are not at hand as floats."""
    import ctranslate2
    import numpy as np

    if encoder_output.device != "cpu" or encoder_output.dtype != ctranslate2.DataType.float32:
        return encoder_output
    return ctranslate2.StorageView.from_array(np.ascontiguousarray(np.asarray(encoder_output)[:, ::THINNED]))


def _compression_ratio(result: Any) -> float:
    return float(result[3])


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def segments_of(found: Iterable[Any], prompt: str, names: Collection[str],
                on_progress: Callable[[float], None]) -> Iterable[Segment]:
    """Whisper's segments as ours, with what its measures make one suspect; `names` are those in the prompt."""
    for heard in found:
        words = tuple(_words(heard.words or ()))
        text = clean_text(heard.text)
        start_s, end_s = (words[0].start_s, words[-1].end_s) if words else (float(heard.start), float(heard.end))
        on_progress(end_s)
        flags = measured(heard.avg_logprob, heard.no_speech_prob, heard.compression_ratio)
        if _is_echo(text, prompt, names):
            flags = (*flags, "echo")
        if text:
            yield Segment(text=text, start_s=start_s, end_s=end_s, words=words, flags=flags)


def _words(found: Iterable[Any]) -> Iterable[Word]:
    for word in found:
        text = clean_text(word.word)
        if text:
            yield Word(text=text, start_s=float(word.start), end_s=float(max(word.start, word.end)),
                       probability=round(float(word.probability), 4))


def _is_echo(text: str, prompt: str, names: Collection[str]) -> bool:
    """Where there is little to hear, Whisper may repeat what it was prompted with; a name alone may have been said."""
    bare = text.strip("，。, .")
    return bool(prompt) and len(bare) > 3 and bare in prompt and bare not in names
