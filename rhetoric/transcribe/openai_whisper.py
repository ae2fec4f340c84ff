"""The engine `whisper`: OpenAI's own implementation in PyTorch (openai-whisper, MIT), the reference for the others.

It hears what `faster-whisper` hears, slower, by the same rules (`faster_whisper.py` says why they are so): temperature
0 only, a looping window decoded once more, the spoken one of our two languages, the prompt before every window. It runs
on the weights that are there already: a CTranslate2 folder is converted while it is loaded (`models/ct2.py`).
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from pickle import UnpicklingError
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from rhetoric.config import TranscribeConfig
from rhetoric.errors import ConfigError, MissingExtraError, ModelError
from rhetoric.files import sha256_of
from rhetoric.models import weights
from rhetoric.models.ct2 import Checkpoint, whisper_checkpoint
from rhetoric.transcribe.decode import SAMPLE_RATE_HZ
from rhetoric.transcribe.engine import Heard, TranscribeOptions
from rhetoric.transcribe.faster_whisper import (
    CONDITIONED,
    LOOP_NGRAM,
    PROMPTS,
    SAME_LANGUAGE,
    SURE_OF_SWITCH,
    SWITCHED,
    available_cores,
    segments_of,
)
from rhetoric.transcribe.glossary import with_names
from rhetoric.transcribe.quarantine import LOOP_RATIO, LOW_LOGPROB, NO_SPEECH
from rhetoric.types import Option

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOKEN_S = 0.02  # what a timestamp token counts
WINDOW_S = 30.0
SHORT_NAMES = {"large": "large-v3", "turbo": "large-v3-turbo"}  # as openai-whisper has them


class OpenAIWhisper:
    """Whisper from a CTranslate2 folder or a `.pt` file: float32 on the CPU, float16 on CUDA, or as configured."""

    name = "whisper"

    def __init__(self, config: TranscribeConfig, model_path: Path) -> None:
        torch, whisper = _import()
        device = config.device
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        self.compute_type = config.compute_type
        if self.compute_type == "auto":
            self.compute_type = "float16" if device == "cuda" else "float32"
        if self.compute_type not in ("float32", "float16") or (self.compute_type, device) == ("float16", "cpu"):
            raise ConfigError(f"engine whisper cannot compute in {self.compute_type} on {device}; set compute_type to "
                              "auto or float32 (on CUDA also float16)")
        if config.mode == "batched":
            raise ConfigError("engine whisper hears window after window; set mode to auto, or engine to faster-whisper")
        self.version = f"{whisper.__version__} (torch {torch.__version__})"
        self.model = config.model
        self._path = model_path
        torch.set_num_threads(config.threads or available_cores())
        self._whisper = _load(model_path, device)
        self._whisper.decode = self._windows = _Windows(self._whisper)

    @staticmethod
    def get_model(name: str, *, offline: bool) -> Path:
        """A `.pt` file, a name or folder of `models.weights.get_model`, or a name that only OpenAI has (`large-v2`).

        The last are fetched by openai-whisper itself when they are loaded.

        Raises:
            MissingExtraError: openai-whisper is not installed.
            ModelError: as `models.weights.get_model`.
        """
        _, whisper = _import()
        path = Path(name).expanduser()
        if path.is_file():
            return path
        name = SHORT_NAMES.get(name, name)
        if name in weights.manifest() or name not in whisper.available_models():
            return weights.get_model(name, offline=offline)
        path = _own_folder() / f"{name}.pt"
        if offline and not path.is_file():
            raise ModelError(f"model {name} is not here, and --offline forbids to fetch it; run once without, or put "
                             f"OpenAI's file at {path}")
        return path

    @cached_property
    def fingerprint(self) -> str:
        """The hash of the weights, and how they are used."""
        file = self._path / "model.bin" if self._path.is_dir() else self._path
        return f"{sha256_of(file)} {self.compute_type}"

    def detect_language(self, audio: NDArray[np.float32]) -> Mapping[str, float]:
        """See `DetectsLanguage`."""
        _, whisper = _import()
        window = whisper.pad_or_trim(audio[: whisper.audio.N_SAMPLES])
        mel = whisper.log_mel_spectrogram(window, self._whisper.dims.n_mels).to(self._whisper.device)
        found: dict[str, float] = self._whisper.detect_language(mel)[1]
        return found

    def transcribe(self, audio: NDArray[np.float32], options: TranscribeOptions,
                   on_progress: Callable[[float], None]) -> Heard:
        """See `Engine.transcribe`."""
        language, probability = options.language, None
        if not language:
            heard = self.detect_language(audio)
            language = max(sorted(heard), key=heard.__getitem__)
            probability = heard[language]
        prompt = with_names(PROMPTS.get((language, options.script), ""), options.hotwords, language)
        conditioned = language in CONDITIONED
        record: dict[str, Option] = {"temperature": 0.0, "compute_type": self.compute_type, "mode": "sequential",
                                     "condition_on_previous_text": conditioned}
        if prompt:
            record["prompt"] = prompt
        self._windows.begin(on_progress, len(audio) / SAMPLE_RATE_HZ)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numba's and torch's advice to programmers
            found = self._whisper.transcribe(
                audio, language=language, beam_size=options.beam_size if options.beam_size > 1 else None,
                temperature=0.0, word_timestamps=True, condition_on_previous_text=conditioned,
                initial_prompt=prompt or None, carry_initial_prompt=bool(prompt), verbose=None,
                fp16=self.compute_type == "float16", logprob_threshold=LOW_LOGPROB, no_speech_threshold=NO_SPEECH,
                compression_ratio_threshold=LOOP_RATIO)
        segments = tuple(segments_of(_as_objects(found["segments"]), prompt, options.hotwords, _told_already))
        return Heard(language=SAME_LANGUAGE.get(language, language), language_probability=probability,
                     segments=segments, options=record)


class _Windows:
    """Stands for `Whisper.decode`: leaves a loop without rolling dice, and follows a speaker into another language."""

    def __init__(self, whisper: Any) -> None:
        self._whisper = whisper
        self.begin(lambda done_s: None, 0.0)

    def begin(self, on_progress: Callable[[float], None], total_s: float) -> None:
        """The windows that follow are of another sound, of `total_s` seconds."""
        self._on_progress, self._total_s, self._done_s = on_progress, total_s, 0.0

    def __call__(self, mel: Any, options: Any) -> Any:
        import torch

        with torch.no_grad():
            features = self._whisper.embed_audio(mel[None])
            options = self._in_spoken_language(features[0], options)
            found = self._decode(features, options)
            if found.compression_ratio > LOOP_RATIO:
                found = min(found, self._decode(features, options, LOOP_NGRAM), key=_compression_ratio)
        self._tell(found.tokens)
        # At a temperature above 0.5 the caller forgets the text so far.
        doubtful = found.avg_logprob < LOW_LOGPROB or found.compression_ratio > LOOP_RATIO
        return replace(found, temperature=1.0) if doubtful else found

    def _decode(self, features: Any, options: Any, no_repeat: int = 0) -> Any:
        from whisper.decoding import DecodingTask

        task = DecodingTask(self._whisper, options)
        if no_repeat:
            task.logit_filters.insert(0, _NoRepeat(no_repeat, task.sample_begin))
        return task.run(features)[0]

    def _in_spoken_language(self, features: Any, options: Any) -> Any:
        """The options of a window; without its examples where the other language is spoken in it."""
        if not self._whisper.is_multilingual or options.language not in SWITCHED:
            return options
        heard = self._whisper.detect_language(features)[1]
        other = next(language for language in SWITCHED if language != options.language)
        return replace(options, language=other, prompt=[]) if heard[other] >= SURE_OF_SWITCH else options

    def _tell(self, tokens: list[int]) -> None:
        """A window is followed by the next at its last time; this is near enough for who watches."""
        first = self._whisper.dims.n_vocab - 1501  # the token of 0.00 s
        last_s = max((token - first for token in tokens), default=0) * TOKEN_S
        self._done_s = min(self._total_s, self._done_s + (last_s if last_s > 0 else WINDOW_S))
        self._on_progress(self._done_s)


class _NoRepeat:
    """Forbids a token that would end a group of `size` tokens which stands in the text already."""

    def __init__(self, size: int, begin: int) -> None:
        self._size, self._begin = size, begin

    def apply(self, logits: Any, tokens: Any) -> None:
        """Change the scores in place: logits (beams, vocabulary), tokens (beams, length)."""
        for row, text in zip(logits, tokens[:, self._begin :].tolist(), strict=True):
            tail = text[len(text) - self._size + 1 :]
            for at in range(len(text) - self._size + 1):
                if text[at : at + self._size - 1] == tail:
                    row[text[at + self._size - 1]] = -float("inf")


def _told_already(done_s: float) -> None:
    """Openai-whisper gives its segments when all are there: by then every window was told of."""


def _compression_ratio(result: Any) -> float:
    return float(result.compression_ratio)


def _as_objects(segments: Iterable[dict[str, Any]]) -> Iterator[Any]:
    """Segments in the form that faster-whisper gives them."""
    for segment in segments:
        yield SimpleNamespace(**{**segment, "words": [SimpleNamespace(**word) for word in segment["words"]]})


def _import() -> tuple[Any, Any]:
    try:
        import torch
        import whisper
        from whisper import load_model  # noqa: F401  # another package has the same name
    except ImportError as error:
        raise MissingExtraError("engine whisper", "whisper") from error
    return torch, whisper


def _own_folder() -> Path:
    """Where openai-whisper keeps what it fetches."""
    return weights.models_folder() / "openai"


def _load(path: Path, device: str) -> Any:
    _, whisper = _import()
    try:
        if path.is_dir():
            return _from_checkpoint(whisper_checkpoint(path)).to(device)
        with contextlib.redirect_stderr(io.StringIO()):  # its bar of progress
            if path.parent == _own_folder():
                return whisper.load_model(path.stem, device, str(path.parent))
            return whisper.load_model(str(path), device)
    except (RuntimeError, OSError, KeyError, TypeError, ValueError, EOFError, UnpicklingError) as error:
        raise ModelError(f"{path}: the model cannot be loaded on {device} ({' '.join(str(error).split())}); check "
                         "device and model in rhetoric.toml") from error


def _from_checkpoint(checkpoint: Checkpoint) -> Any:
    import torch
    from whisper.model import ModelDimensions, Whisper

    model = Whisper(ModelDimensions(**checkpoint.dims))
    model.load_state_dict({name: torch.tensor(values) for name, values in checkpoint.weights.items()})
    if checkpoint.alignment_heads is not None:
        mask = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
        for layer, head in checkpoint.alignment_heads:
            mask[layer, head] = True
        model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)
    return model
