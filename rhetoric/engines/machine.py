"""What this machine has, and how a job's workers share it."""

from __future__ import annotations

import os
from pathlib import Path

from rhetoric.config import TranscribeConfig
from rhetoric.errors import ModelError
from rhetoric.jobs import TRANSCRIBE, Job

MEMINFO = Path("/proc/meminfo")
PROGRAM_BYTES = 350 << 20  # a worker with its libraries, without a model
WEIGHTS_FACTOR = 1.5  # weights in memory and what they need to compute, per byte of the model's file


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def free_bytes() -> int:
    """Memory that can be had without swapping; half of all where the system does not say."""
    try:
        lines = dict(line.split(":", 1) for line in MEMINFO.read_text(encoding="ascii").splitlines())
        return int(lines["MemAvailable"].split()[0]) << 10
    except (OSError, KeyError, ValueError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (ValueError, AttributeError, OSError):
        return 8 << 30


def devices(config: TranscribeConfig) -> int:
    """CUDA devices that the recogniser will use; 0: it runs on the CPU."""
    if config.device == "cpu":
        return 0
    import ctranslate2

    return int(ctranslate2.get_cuda_device_count())


def worker_bytes(config: TranscribeConfig) -> int:
    """Memory that one recogniser needs on the CPU, by the size of its weights."""
    from rhetoric.models.weights import find_model

    try:
        folder = find_model(config.model)
    except ModelError:
        folder = None  # one of an engine that has models of its own
    weights = sum(file.stat().st_size for file in folder.glob("*.bin")) if folder else 0
    return PROGRAM_BYTES + int(WEIGHTS_FACTOR * weights)


def share(job: Job, items: int, workers: int = 0) -> tuple[int, int]:
    """Workers and threads of each, so that together they have no more than the cores.

    Analysis: a worker of one thread a core. Recognisers on the CPU: as many as cores and free memory allow, each with
    its part of the cores (several of one thread hear more in an hour than one of several, see docs/scaling.md);
    `threads` in `[transcribe]` says otherwise. On CUDA: one a device.
    """
    config = job.config.transcribe
    if job.step != TRANSCRIBE:
        return max(1, min(workers or cores(), items)), 1
    if on_cuda := devices(config):
        return max(1, min(workers or on_cuda, items)), config.threads or max(1, cores() // (workers or on_cuda))
    at_most = max(1, cores() // (config.threads or 1))
    fitting = max(1, int(free_bytes() * 0.8) // worker_bytes(config))
    chosen = max(1, min(workers or min(at_most, fitting), items))
    return chosen, config.threads or max(1, cores() // chosen)
