"""Every way a user can go wrong.

A message says what happened, where, and what to do. The CLI prints it in one line and turns the class into
an exit code. All classes hand every argument to `Exception`, so that they survive pickling between processes.
"""

from __future__ import annotations


class RhetoricError(Exception):
    """Base of all errors a user can cause or cure."""

    exit_code = 2


class ConfigError(RhetoricError):
    """`rhetoric.toml` cannot be used as written."""


class ArchiveError(RhetoricError):
    """There is no archive here, it is in use, or a file of it cannot be used."""


class CatalogError(RhetoricError):
    """`audio/catalog.csv` cannot be used as written."""


class FormatError(RhetoricError):
    """A transcript, gold file or table is not in the format it should have."""


class LexiconError(RhetoricError):
    """A word list has a bad row."""


class ModelError(RhetoricError):
    """A model is unknown, absent, not allowed to be fetched, or does not have its hash."""


class AudioError(RhetoricError):
    """A recording cannot be decoded, or holds nothing to transcribe."""

    exit_code = 1


class SpeechError(RhetoricError):
    """A transcript holds nothing that can be analysed."""

    exit_code = 1


class StageError(RhetoricError):
    """A stage failed or broke its contract on one speech."""

    exit_code = 1


class WorkerError(RhetoricError):
    """A worker process died, hangs, or cannot be started."""

    exit_code = 1


class StorageError(RhetoricError):
    """What lies at a URL may not be read, is not there, or cannot be reached."""

    exit_code = 1


class MissingExtraError(RhetoricError):
    """A feature needs an optional part that is not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(feature, extra)
        self.feature = feature
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.feature} needs an optional part: pip install 'rhetoric[{self.extra}]'"
