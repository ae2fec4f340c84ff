"""Many speeches at once on this machine: fresh processes, one pipe each, so that the death of one is nobody else's.

The standard library's pool breaks as a whole when a worker dies, and cannot say which speech it had. Here every worker
has one speech at a time: a worker that dies costs its speech a second try in a fresh process, and where that one dies
too, the speech fails with the reason. A speech that shows no progress for too long is given up, its worker killed.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

import rhetoric
from rhetoric.archive import Archive
from rhetoric.engines.machine import devices, share
from rhetoric.engines.messages import CannotStart, Finished, Message, Ready, error_of, message_of, to_line
from rhetoric.errors import WorkerError
from rhetoric.jobs import TRANSCRIBE, Job, Outcome, Watch, watch_nothing
from rhetoric.pipeline import failed, tidy

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
TRIES = 2
MAX_FALSE_STARTS = 5
Event = tuple["_Worker", Message | None]  # None: its pipe has ended


class Processes:
    """See the module. `workers` 0: as many as cores and memory allow; `time_limit_s` 0: no limit."""

    name = "processes"

    def __init__(self, workers: int = 0, time_limit_s: float = 0.0) -> None:
        self.workers = workers
        self.time_limit_s = time_limit_s

    def map(self, job: Job, speech_ids: Sequence[str], watch: Watch = watch_nothing) -> Iterator[Outcome]:
        """See `engines.Engine.map`."""
        count, threads = share(job, len(speech_ids), self.workers)
        pool = _Pool(job, threads, self.time_limit_s, watch)
        try:
            yield from pool.run(speech_ids, count)
        finally:
            pool.close()
            if pool.lost_workers:  # no worker is left that could be writing
                tidy(Archive(Path(job.root), job.config))


@dataclass(eq=False, slots=True)
class _Worker:
    number: int
    process: subprocess.Popen[bytes]
    ready: bool = False
    speech_id: str = ""
    sign_at: float = 0.0  # when it last showed progress

    def give(self, speech_id: str) -> None:
        self.speech_id, self.sign_at = speech_id, time.monotonic()
        with suppress(OSError):  # it died just now: the end of its pipe tells
            self.send(speech_id)

    def send(self, message: Job | str) -> None:
        assert self.process.stdin is not None  # noqa: S101  # for mypy
        self.process.stdin.write(to_line(message))
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class _Pool:
    def __init__(self, job: Job, threads: int, time_limit_s: float, watch: Watch) -> None:
        self._job, self._limit_s, self._watch = job, time_limit_s, watch
        self._archive = Archive(Path(job.root), job.config)
        self._environment = environment(threads)
        self._devices = devices(job.config.transcribe) if job.step == TRANSCRIBE else 0
        threads_given = msgspec.structs.replace(job.config.transcribe, threads=threads)
        self._sent = replace(job, config=msgspec.structs.replace(job.config, transcribe=threads_given))
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._workers: dict[int, _Worker] = {}
        self._false_starts = 0
        self.lost_workers = False  # killed in the middle of something, which may have left half a file

    def run(self, speech_ids: Sequence[str], count: int) -> Iterator[Outcome]:
        waiting, tries = deque(speech_ids), dict.fromkeys(speech_ids, 0)
        left = len(waiting)
        for number in range(count):
            self._start(number)
        while left:
            for worker in self._workers.values():
                if waiting and worker.ready and not worker.speech_id:
                    worker.give(waiting.popleft())
            outcome = self._next(waiting, tries)
            if outcome is not None:
                left -= 1
                yield outcome

    def _next(self, waiting: deque[str], tries: dict[str, int]) -> Outcome | None:
        """Wait until something happens; an outcome where it is the last word on a speech."""
        try:
            worker, message = self._events.get(timeout=self._patience_s())
        except queue.Empty:
            return self._give_up()
        if self._workers.get(worker.number) is not worker:
            return None  # the last words of one that was given up
        worker.sign_at = time.monotonic()
        if message is None:
            return self._died(worker, waiting, tries)
        if isinstance(message, Ready):
            worker.ready, self._false_starts = True, 0
        elif isinstance(message, CannotStart):
            raise error_of(message)
        elif isinstance(message, Finished):
            worker.speech_id = ""
            return message.outcome
        else:
            self._watch(replace(message.progress, worker=worker.number))
        return None

    def _patience_s(self) -> float | None:
        """Until the first speech runs out of time; None: there is no limit."""
        signs = [worker.sign_at for worker in self._workers.values() if worker.speech_id]
        return max(0.0, min(signs) + self._limit_s - time.monotonic()) if self._limit_s and signs else None

    def _give_up(self) -> Outcome | None:
        """Kill the first worker that shows no progress any more."""
        late = time.monotonic() - self._limit_s
        hanging = next((w for w in self._workers.values() if w.speech_id and w.sign_at <= late), None)
        if hanging is None:
            return None
        speech_id = hanging.speech_id
        hanging.kill()
        self.lost_workers = True
        self._start(hanging.number)
        return self._failed(speech_id, f"no progress for {self._limit_s:g} s, given up; `time_limit_s` in [run] of "
                                       "rhetoric.toml allows more")

    def _died(self, worker: _Worker, waiting: deque[str], tries: dict[str, int]) -> Outcome | None:
        """What becomes of the speech that a dead worker had."""
        how = _how_it_ended(worker.process.wait())
        self.lost_workers = True
        self._false_starts += not worker.ready
        if self._false_starts > MAX_FALSE_STARTS:
            raise WorkerError(f"workers do not start: the last one {how}; `--engine serial` shows why")
        self._start(worker.number)
        speech_id = worker.speech_id
        if not speech_id:
            return None
        tries[speech_id] += 1
        if tries[speech_id] < TRIES:
            waiting.appendleft(speech_id)  # perhaps it was killed from outside, or for another's memory
            return None
        return self._failed(speech_id, f"its worker {how}, {TRIES} times")

    def _failed(self, speech_id: str, why: str) -> Outcome:
        return failed(self._archive, speech_id, self._job.step, WorkerError(f"{speech_id}: {why}"))

    def _start(self, number: int) -> None:
        environment = self._environment
        if self._devices > 1:
            environment = environment | {"CUDA_VISIBLE_DEVICES": _device(number % self._devices)}
        # -P: nothing is imported from the current folder, which may be an archive of somebody else's files.
        process = subprocess.Popen([sys.executable, "-P", "-m", "rhetoric.engines.worker"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, env=environment)
        worker = self._workers[number] = _Worker(number, process)
        threading.Thread(target=self._listen, args=(worker,), daemon=True).start()
        with suppress(OSError):
            worker.send(self._sent)

    def _listen(self, worker: _Worker) -> None:
        assert worker.process.stdout is not None  # noqa: S101  # for mypy
        with suppress(OSError, ValueError, msgspec.MsgspecError):
            for line in worker.process.stdout:
                self._events.put((worker, message_of(line)))
        self._events.put((worker, None))

    def close(self) -> None:
        """End all workers: idle ones see the end of their pipe, busy ones are killed."""
        for worker in self._workers.values():
            with suppress(OSError):
                if worker.process.stdin is not None:
                    worker.process.stdin.close()
            if worker.speech_id or not worker.ready:
                worker.process.kill()
                self.lost_workers = True
        for worker in self._workers.values():
            worker.process.wait()


def environment(threads: int) -> dict[str, str]:
    """This process's environment, with the threads that a worker may use, and where this package lies."""
    home = str(Path(rhetoric.__file__).parents[1])
    path = [home, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return os.environ | dict.fromkeys(THREAD_VARIABLES, str(threads)) | {"PYTHONPATH": os.pathsep.join(path)}


def _device(number: int) -> str:
    """The name of the n-th CUDA device that this process sees."""
    visible = [name for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name]
    return visible[number] if number < len(visible) else str(number)


def _how_it_ended(code: int) -> str:
    """What became of a process, in words."""
    if code >= 0:
        return f"ended with code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    memory = " (perhaps memory ran out: fewer --workers)" if name == "SIGKILL" else ""
    return f"was killed by {name}{memory}" if name == "SIGKILL" else f"crashed ({name})"
