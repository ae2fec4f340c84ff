"""How long work takes: measured on earlier runs of an archive, else a stated default.

`analysis/speed.json` holds, by kind of work, seconds that workers were busy and the size of what they did: seconds of
audio (transcribe) or bytes of transcript (analyze).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from rhetoric.config import TranscribeConfig
from rhetoric.files import write_atomic
from rhetoric.jobs import DONE, TRANSCRIBE, Outcome

NAME = "speed.json"
# Busy seconds of one core per second of audio, Whisper base, int8, beam 5 (docs/benchmarks.md); other models by the
# size of their weights.
BASE_FACTOR = 0.085
# Busy seconds of one core per byte of transcript: 120 sentences without word times (docs/benchmarks.md). Short speeches
# take more a byte, word times less; the first run measures.
BYTE_S = 1.1e-5


class _Kept(msgspec.Struct):
    size: float = 0.0
    busy_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Seconds that work will take, `measured` on this archive or not; `unknown` pieces of it have no known size."""

    seconds: float
    measured: bool
    unknown: int = 0


def kind_of(step: str, config: TranscribeConfig) -> str:
    """What makes work comparable: for transcription the recogniser, its model and where it runs."""
    return f"{step} {config.engine} {config.model} {config.device}" if step == TRANSCRIBE else step


def note(analysis: Path, kind: str, outcomes: Iterable[Outcome], sizes: dict[str, float | None]) -> None:
    """Add what a run took; only what went well and has a size counts.

    Raises:
        ArchiveError: it cannot be written.
    """
    done = [(outcome.busy_s, size) for outcome in outcomes
            if outcome.status == DONE and outcome.busy_s and (size := sizes.get(outcome.speech_id))]
    if not done:
        return
    speeds = _read(analysis)
    kept = speeds.setdefault(kind, _Kept())
    kept.busy_s += sum(busy_s for busy_s, _ in done)
    kept.size += sum(size for _, size in done)
    write_atomic(analysis / NAME, msgspec.json.format(msgspec.json.encode(speeds, order="sorted"), indent=1) + b"\n")


def estimate(analysis: Path, step: str, config: TranscribeConfig, sizes: Iterable[float | None], workers: int
             ) -> Estimate:
    """How long `workers` will need for pieces of these sizes; those without one count as the mean of the others."""
    listed = list(sizes)
    known = [size for size in listed if size is not None]
    unknown = len(listed) - len(known)
    total = sum(known) + unknown * (sum(known) / len(known) if known else 0.0)
    kept = _read(analysis).get(kind_of(step, config))
    measured = kept is not None and kept.size > 0
    each = kept.busy_s / kept.size if kept is not None and measured else default_s(step, config)
    return Estimate(seconds=total * each / max(1, workers), measured=measured, unknown=unknown)


def default_s(step: str, config: TranscribeConfig) -> float:
    """Busy seconds per second of audio, or per byte of transcript, where nothing was measured yet."""
    from rhetoric.models.weights import manifest

    if step != TRANSCRIBE:
        return BYTE_S
    sizes = {name: entry.size for name, entry in manifest().items()}
    return BASE_FACTOR * sizes.get(config.model, sizes["base"]) / sizes["base"]


def _read(analysis: Path) -> dict[str, _Kept]:
    try:
        return msgspec.json.decode((analysis / NAME).read_bytes(), type=dict[str, _Kept])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
