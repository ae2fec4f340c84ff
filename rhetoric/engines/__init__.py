"""How many speeches at once: here, in processes of this machine, or on many machines.

Engines move names, not objects: a worker is told the archive's folder and a speech's id, loads its model and stages
once, writes its result into the archive, and answers with a small row. So every engine leaves the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from rhetoric.config import RunConfig
from rhetoric.jobs import TRANSCRIBE, Job, Outcome, Watch, watch_nothing

FEW = 24  # short texts are analysed sooner than a process has started


class Engine(Protocol):
    """Does a job for many speeches."""

    name: str

    def map(self, job: Job, speech_ids: Sequence[str], watch: Watch = watch_nothing) -> Iterator[Outcome]:
        """One outcome a speech, as they come. Closing the iterator stops the work; what is finished is kept.

        Raises:
            ModelError, ConfigError: nothing can be done, whatever the speech.
            WorkerError: no worker can be started.
        """
        ...


def open_engine(config: RunConfig) -> Engine:
    """The engine that the configuration names.

    Raises:
        MissingExtraError: it is Ray, which is not installed.
        ConfigError: a Ray cluster is named, but another engine.
    """
    from rhetoric.engines.processes import Processes
    from rhetoric.engines.serial import Serial
    from rhetoric.errors import ConfigError

    if config.address and config.engine != "ray":
        raise ConfigError(f"a cluster at {config.address} needs the engine ray, not {config.engine}: --engine ray")
    if config.engine == "serial":
        return Serial()
    if config.engine == "processes":
        return Processes(config.workers, config.time_limit_s)
    if config.engine == "ray":
        from rhetoric.engines.ray_actors import RayActors

        return RayActors(config.workers, config.time_limit_s, config.address)
    return Auto(Serial(), Processes(config.workers, config.time_limit_s))


class Auto:
    """Processes, but for a few texts: whatever is worth starting a process for, or might take it down, has one."""

    name = "auto"

    def __init__(self, here: Engine, processes: Engine) -> None:
        self._here, self._processes = here, processes

    def map(self, job: Job, speech_ids: Sequence[str], watch: Watch = watch_nothing) -> Iterator[Outcome]:
        """See `Engine.map`."""
        worth_it = job.step == TRANSCRIBE or len(speech_ids) > FEW
        return (self._processes if worth_it else self._here).map(job, speech_ids, watch)
