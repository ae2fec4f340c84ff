"""What every speech recogniser looks like from here: decoded sound in, segments with times out."""

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

BUILT_IN = "faster-whisper"
ENTRY_POINTS = "rhetoric.engines"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscribeOptions:
    """What may differ from recording to recording. `language` is "zh", "en" or "" = to be detected."""

    language: str = ""
    beam_size: int = 5
    vad: bool = True
    script: str = "simplified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What an engine heard. Times count from the start of the recording; `options` are all that shaped the text."""

    language: str
    language_probability: float | None
    segments: tuple[Segment, ...]
    options: Mapping[str, Option] = field(default_factory=dict)


@runtime_checkable
class Engine(Protocol):
    """A loaded recogniser. It is loaded once and used for many recordings."""

    name: str
    version: str
    model: str

    def transcribe(self, audio: NDArray[np.float32], options: TranscribeOptions,
                   on_progress: Callable[[float], None]) -> Heard:
        """Hear 16 kHz mono samples in -1..1, shape (n,); tell the seconds that are done as they are done."""
        ...


def load_engine(config: TranscribeConfig, model_folder: Path) -> Engine:
    """Load the engine that the configuration names, with the model in `model_folder`.

    Others than the built-in one come from installed packages: an entry point of the group `rhetoric.engines` whose
    object is called with `(config, model_folder)` and returns an `Engine`.

    Raises:
        ConfigError: no engine has this name, or what a package offers is none.
        ModelError: the model cannot be loaded.
    """
    if config.engine == BUILT_IN:
        from rhetoric.transcribe.faster_whisper import FasterWhisper

        return FasterWhisper(config, model_folder)
    return _load_installed(config, model_folder)


def _load_installed(config: TranscribeConfig, model_folder: Path) -> Engine:
    from importlib.metadata import entry_points

    found = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if config.engine not in found:
        raise ConfigError(f"no engine is called {config.engine!r}; there are {', '.join([BUILT_IN, *sorted(found)])} "
                          "(others come with packages)")
    try:
        engine = found[config.engine].load()(config, model_folder)
    except ImportError as error:
        raise ConfigError(f"engine {config.engine}: its package cannot be imported ({error}); reinstall it") from error
    if not isinstance(engine, Engine):
        raise ConfigError(f"engine {config.engine}: what its package offers has no name, version, model or transcribe()"
                          ", so it is no engine; update the package")
    return engine
