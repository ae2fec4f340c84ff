"""Many speeches at once on many machines, by Ray (`pip install 'rhetoric[ray]'`).

Every worker is an actor that holds the model or the stages, as a process of `processes` does, and sees the archive's
folder under the same path (shared storage). It has one speech at a time, so that nothing piles up anywhere, and writes
its result itself; only ids and outcomes pass through Ray. An actor or machine that dies costs its speech a second try.
Between its own processes Ray pickles: name only a cluster that you trust.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from rhetoric.archive import Archive
from rhetoric.engines.messages import CannotStart, Finished, Ready, error_of, job_of, message_of, to_line
from rhetoric.engines.processes import MAX_FALSE_STARTS, THREAD_VARIABLES, TRIES, environment
from rhetoric.errors import MissingExtraError, RhetoricError, WorkerError
from rhetoric.jobs import TRANSCRIBE, Job, Outcome, Watch, Work, watch_nothing
from rhetoric.models.weights import FOLDER_VARIABLE
from rhetoric.pipeline import failed, tidy

LOOK_EVERY_S = 5.0
CONNECTS = 3  # Ray gives up on itself after half a minute, which a busy machine needs


class RayActors:
    """See the module. `address` empty: a Ray of this machine's own, which ends with the run.

    `workers` 0: one actor a GPU, or one for every `threads` cores of the cluster; analysis has one a core. More workers
    than GPUs share them: while one decodes, another computes.
    """

    name = "ray"

    def __init__(self, workers: int = 0, time_limit_s: float = 0.0, address: str = "") -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
        try:
            import ray  # noqa: F401
        except ImportError as error:
            raise MissingExtraError("the engine ray", "ray") from error
        self.workers = workers
        self.time_limit_s = time_limit_s
        self.address = address

    def map(self, job: Job, speech_ids: Sequence[str], watch: Watch = watch_nothing) -> Iterator[Outcome]:
        """See `engines.Engine.map`. Progress inside a speech does not come through."""
        import ray

        _connect(self.address)
        try:
            yield from _Actors(job, self.workers, self.time_limit_s, len(speech_ids)).run(speech_ids)
        finally:
            ray.shutdown()  # and with it the actors
            tidy(Archive(Path(job.root), job.config))  # of what one that died may have left half-written


def _connect(address: str) -> None:
    import logging

    import ray

    for attempt in range(1, CONNECTS + 1):
        try:
            ray.init(address=address or "local", include_dashboard=False, log_to_driver=False,
                     logging_level=logging.ERROR)
            return
        except Exception as error:  # Ray raises anything, bare Exceptions too
            ray.shutdown()
            if address or attempt == CONNECTS:
                where = f"the Ray cluster at {address}" if address else "a Ray on this machine"
                raise WorkerError(f"{where} cannot be reached or started ({error}); see `ray status`") from error


class _Doer:
    """What lives in an actor: a job, opened once. Lines of JSON go in and out, as between processes."""

    def __init__(self, job: bytes) -> None:
        self._job = job_of(job)
        self._work: Work | None = None

    def ready(self) -> bytes:
        from rhetoric.pipeline import open_job

        try:
            self._work = open_job(self._job)
        except RhetoricError as error:
            return to_line(CannotStart(kind=type(error).__name__, text=str(error)))
        return to_line(Ready())

    def do(self, speech_id: str) -> bytes:
        assert self._work is not None  # noqa: S101  # for mypy
        return to_line(Finished(outcome=self._work(speech_id, watch_nothing)))


@dataclass(slots=True)
class _Call:
    """What an actor is doing: opening its job (no speech yet), or one speech."""

    actor: Any
    speech_id: str = ""
    since: float = 0.0


class _Actors:
    def __init__(self, job: Job, workers: int, time_limit_s: float, items: int) -> None:
        import ray

        self._archive, self._job, self._limit_s = Archive(Path(job.root), job.config), job, time_limit_s
        has = ray.cluster_resources()
        gpus = int(has.get("GPU", 0)) if job.step == TRANSCRIBE and job.config.transcribe.device != "cpu" else 0
        self._count, threads = _shape(job, items, workers, gpus, int(has.get("CPU", 1)))
        chosen = msgspec.structs.replace(job.config.transcribe, threads=threads)
        self._line = to_line(replace(job, config=msgspec.structs.replace(job.config, transcribe=chosen)))
        variables = {key: value for key, value in environment(threads).items()
                     if key in (*THREAD_VARIABLES, "PYTHONPATH", FOLDER_VARIABLE)}
        self._make = ray.remote(_Doer).options(
            num_cpus=0 if gpus else threads, num_gpus=min(1.0, gpus / self._count) if gpus else 0, max_restarts=0,
            runtime_env={"env_vars": variables})
        self._calls: dict[Any, _Call] = {}
        self._idle: list[Any] = []
        self._false_starts = 0

    def run(self, speech_ids: Sequence[str]) -> Iterator[Outcome]:
        import ray

        waiting, tries = deque(speech_ids), dict.fromkeys(speech_ids, 0)
        left = len(waiting)
        for _ in range(self._count):
            self._start()
        while left:
            while waiting and self._idle:
                call = _Call(self._idle.pop(), waiting.popleft(), time.monotonic())
                self._calls[call.actor.do.remote(call.speech_id)] = call
            patience_s = min(LOOK_EVERY_S, self._limit_s or LOOK_EVERY_S)
            done, _ = ray.wait(list(self._calls), num_returns=1, timeout=patience_s)
            outcomes = [self._answer(reference, waiting, tries) for reference in done] + self._give_up()
            for outcome in filter(None, outcomes):
                left -= 1
                yield outcome

    def _start(self) -> None:
        actor = self._make.remote(self._line)
        self._calls[actor.ready.remote()] = _Call(actor)

    def _answer(self, reference: Any, waiting: deque[str], tries: dict[str, int]) -> Outcome | None:
        """What a call came to; an outcome where it is the last word on a speech."""
        import ray

        call = self._calls.pop(reference)
        try:
            message = message_of(ray.get(reference))
        except (ray.exceptions.RayActorError, ray.exceptions.RayTaskError) as error:
            return self._died(call, waiting, tries, " ".join(str(error).split())[:200])
        if isinstance(message, CannotStart):
            raise error_of(message)
        self._idle.append(call.actor)
        self._false_starts = 0
        return message.outcome if isinstance(message, Finished) else None

    def _died(self, call: _Call, waiting: deque[str], tries: dict[str, int], why: str) -> Outcome | None:
        self._false_starts += not call.speech_id
        if self._false_starts > MAX_FALSE_STARTS:
            raise WorkerError(f"Ray's workers do not start ({why}); is rhetoric installed on every machine?")
        self._start()
        if not call.speech_id:
            return None
        tries[call.speech_id] += 1
        if tries[call.speech_id] < TRIES:
            waiting.appendleft(call.speech_id)
            return None
        return self._failed(call.speech_id, f"its worker died, {TRIES} times")

    def _give_up(self) -> list[Outcome]:
        import ray

        late = [reference for reference, call in self._calls.items()
                if self._limit_s and call.speech_id and time.monotonic() - call.since > self._limit_s]
        outcomes = []
        for reference in late:
            call = self._calls.pop(reference)
            ray.kill(call.actor)
            self._start()
            outcomes.append(self._failed(call.speech_id, f"took more than {self._limit_s:g} s, given up; "
                                         "`time_limit_s` in [run] of rhetoric.toml allows more"))
        return outcomes

    def _failed(self, speech_id: str, why: str) -> Outcome:
        return failed(self._archive, speech_id, self._job.step, WorkerError(f"{speech_id}: {why}"))


def _shape(job: Job, items: int, workers: int, gpus: int, cpus: int) -> tuple[int, int]:
    """Actors and threads of each, by what the cluster has."""
    threads = job.config.transcribe.threads if job.step == TRANSCRIBE else 1
    if gpus:
        return max(1, min(workers or gpus, items)), threads or max(1, cpus // (workers or gpus))
    count = max(1, min(workers or max(1, cpus // (threads or 1)), items))
    return count, threads or max(1, cpus // count)
