"""What was done and what failed, one small JSON a speech, so that a stopped or failing batch loses nothing.

`analysis/done/<speech_id>.json` holds the fingerprint an analysis was made from and is written last;
`analysis/failed/<speech_id>.<step>.json` holds why a step failed, until it succeeds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from rhetoric.files import write_atomic


def fingerprint(value: Any) -> str:
    """A short hash of a value of ours: the same content gives the same letters on every machine."""
    text = json.dumps(msgspec.to_builtins(value), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(path: Path) -> dict[str, str] | None:
    """A record, or None where there is none or it is damaged (then the work is done again)."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return None


def _write(path: Path, record: Mapping[str, str]) -> None:
    write_atomic(path, json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n")


def _done(analysis: Path, speech_id: str) -> Path:
    return analysis / "done" / f"{speech_id}.json"


def remember_inputs(analysis: Path, speech_id: str, inputs: Mapping[str, str]) -> None:
    """Note that a speech is analysed, and from what."""
    _write(_done(analysis, speech_id), inputs)


def inputs_of(analysis: Path, speech_id: str) -> dict[str, str] | None:
    """What the analysis that is there was made from; None where none is whole."""
    return _read(_done(analysis, speech_id))


def has_analysis(analysis: Path, speech_id: str) -> bool:
    """True if a whole analysis is there, fresh or not."""
    return inputs_of(analysis, speech_id) is not None


def drop_analysis(analysis: Path, speech_id: str) -> None:
    """Forget an analysis whose speech can no longer be analysed, so that no report shows it."""
    with suppress(OSError):
        _done(analysis, speech_id).unlink(missing_ok=True)


def remember_fetched(analysis: Path, speech_id: str, what: Mapping[str, str]) -> None:
    """Note which version of a file at a URL was heard: `url`, `size`, `version` and the `sha256` of its bytes."""
    _write(analysis / "fetched" / f"{speech_id}.json", what)


def fetched(analysis: Path, speech_id: str) -> dict[str, str] | None:
    """Which version of a file at a URL was heard; None where nothing is known of it."""
    return _read(analysis / "fetched" / f"{speech_id}.json")


def remember_failure(analysis: Path, speech_id: str, step: str, reason: str) -> None:
    """Note why a step failed."""
    _write(analysis / "failed" / f"{speech_id}.{step}.json", {"step": step, "reason": reason})


def forget_failure(analysis: Path, speech_id: str, step: str) -> None:
    """A step that succeeded has no failure."""
    with suppress(OSError):
        (analysis / "failed" / f"{speech_id}.{step}.json").unlink(missing_ok=True)


def failure(analysis: Path, speech_id: str, step: str) -> str:
    """Why a step failed; empty where it did not."""
    record = _read(analysis / "failed" / f"{speech_id}.{step}.json")
    return (record or {}).get("reason", "")
