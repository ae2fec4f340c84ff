"""What every speech recogniser looks like from here: decoded speech in, segments with times out.

An engine is given a recording chunk by chunk: some minutes of speech, silence already left out (`chunks.py`). So it
needs no memory for long files, and what it heard survives the process (`journal.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from rhetoric.config import TranscribeConfig
from rhetoric.errors import ConfigError
from rhetoric.types import Option, Segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BUILT_IN = ("faster-whisper", "whisper")
ENTRY_POINTS = "rhetoric.engines"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscribeOptions:
    """What may differ from recording to recording. `language` is "zh", "en" or "" = to be detected.

    `vad` says whether silence was left out of what the engine is given; `hotwords` are names that may be said in it.
    """

    language: str = ""
    beam_size: int = 5
    vad: bool = True
    script: str = "simplified"
    hotwords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an engine heard in a chunk. Times count from the start of what it was given.

    `options` are all that shaped the text, the same for every chunk; `counts` are added up over the chunks.
    """

    language: str
    language_probability: float | None
    segments: tuple[Segment, ...]
    options: Mapping[str, Option] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


@runtime_checkable
class Engine(Protocol):
    """A loaded recogniser. It is loaded once and used for many recordings.

    It must answer the same to the same chunk, whatever it was given before. Two more attributes are used if they are
    there: `fingerprint`, a hash of the weights, and `detect_language` (see `DetectsLanguage`).
    """

    name: str
    version: str
    model: str

    def transcribe(self, audio: NDArray[np.float32], options: TranscribeOptions,
                   on_progress: Callable[[float], None]) -> Heard:
        """Hear 16 kHz mono samples in -1..1, shape (n,); tell the seconds that are done as they are done."""
        ...


@runtime_checkable
class DetectsLanguage(Protocol):
    """An engine that can tell a language from a short stretch, so that several places of a recording are asked."""

    def detect_language(self, audio: NDArray[np.float32]) -> Mapping[str, float]:
        """Languages (`zh`, `en`, ...) with their probabilities, heard in at most 30 seconds of 16 kHz mono samples."""
        ...


def get_model(config: TranscribeConfig, *, offline: bool) -> Path:
    """Where the model is that the configuration names, fetched first where it is not there.

    By the manifest (`models.weights.get_model`), unless what makes the engine has a `get_model(name, *, offline)` of
    its own, for models that the manifest does not know.

    Raises:
        ConfigError: no engine has this name.
        ModelError: the model is unknown, or cannot be had.
    """
    from rhetoric.models import weights

    find: Callable[..., Path] = getattr(_maker(config.engine), "get_model", weights.get_model)
    return find(config.model, offline=offline)


def load_engine(config: TranscribeConfig, model_path: Path) -> Engine:
    """Load the engine that the configuration names, with the model in `model_path`.

    Others than the built-in ones come from installed packages: an entry point of the group `rhetoric.engines` whose
    object is called with `(config, model_path)` and returns an `Engine` (docs/engines.md).

    Raises:
        ConfigError: no engine has this name, or what a package offers is none.
        MissingExtraError: the engine is an optional part that is not installed.
        ModelError: the model cannot be loaded.
    """
    engine = _maker(config.engine)(config, model_path)
    if not isinstance(engine, Engine):
        raise ConfigError(f"engine {config.engine}: what its package offers has no name, version, model or transcribe()"
                          ", so it is no engine; update the package")
    return engine


def _maker(name: str) -> Callable[[TranscribeConfig, Path], Engine]:
    if name == "faster-whisper":
        from rhetoric.transcribe.faster_whisper import FasterWhisper

        return FasterWhisper
    if name == "whisper":
        from rhetoric.transcribe.openai_whisper import OpenAIWhisper

        return OpenAIWhisper
    return _installed(name)


def _installed(name: str) -> Callable[[TranscribeConfig, Path], Engine]:
    from importlib.metadata import entry_points

    found = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if name not in found:
        raise ConfigError(f"no engine is called {name!r}; there are {', '.join([*BUILT_IN, *sorted(found)])} "
                          "(others come with packages)")
    try:
        maker: Callable[[TranscribeConfig, Path], Engine] = found[name].load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"engine {name}: its package cannot be imported ({error}); reinstall it") from error
    return maker
