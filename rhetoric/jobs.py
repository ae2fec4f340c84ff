"""What passes between the pipeline, the engines that run it anywhere, and who watches: names and small rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rhetoric.config import Config

TRANSCRIBE, ANALYZE = "transcribe", "analyze"
DONE, SKIPPED, FAILED = "done", "skipped", "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one step went for one speech; `detail` is the reason of a failure, or a word on what was done.

    `busy_s` are the seconds that it took where it was done.
    """

    speech_id: str
    step: str
    status: str
    detail: str = ""
    busy_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a running step is with one speech, in seconds of its audio; `worker` counts from 0."""

    speech_id: str
    done_s: float
    total_s: float
    worker: int = 0


Watch = Callable[[Progress], None]


def watch_nothing(progress: Progress) -> None:
    """The watcher that looks away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A step that is due for some speeches, as a name: any process that sees the archive's folder can do it.

    `language` is what the user gave for this run, whatever the catalog says.
    """

    step: str
    root: str
    config: Config
    language: str = ""
    offline: bool = False


Work = Callable[[str, Watch], Outcome]
"""Does a job for one speech."""

Map = Callable[[Job, Sequence[str], Watch], Iterator[Outcome]]
"""Does a job for each of these speeches: an outcome each, as they come."""
