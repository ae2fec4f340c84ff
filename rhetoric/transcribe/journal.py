"""What was heard of a recording so far, kept chunk by chunk, so that a run that was killed goes on where it was.

One line a finished chunk, with the hash of what it holds, on the disk before the next chunk is begun. Reading stops at
the first line that is not whole. The first line says what the chunks were made from; where that is anything else than
now (the recording's bytes, the model's, an option), the journal is begun anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from rhetoric.errors import ArchiveError
from rhetoric.files import refuse_link
from rhetoric.transcribe.chunks import Chunk
from rhetoric.transcribe.engine import Heard
from rhetoric.types import Option


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sha256: str
    entry: msgspec.Raw


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: dict[str, Option]
    duration_s: float


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    chunk: Chunk
    heard: Heard


@dataclass(slots=True)
class Journal:
    """The finished chunks in `path`; without a path nothing is kept beyond the process."""

    path: Path | None
    done: dict[Chunk, Heard] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path | None, key: Mapping[str, Option], duration_s: float) -> Journal:
        """Go on with the journal in `path`, if it was made from the same things, else begin it anew.

        Raises:
            ArchiveError: it cannot be written.
        """
        if path is None:
            return cls(None)
        head = _Head(key=dict(key), duration_s=duration_s)
        entries, whole = _read(path)
        if not entries or entries[0] != msgspec.json.encode(head):
            journal = cls(path)
            _put(path, _line(head), keep=0)
            return journal
        found = [msgspec.json.decode(entry, type=_Entry) for entry in entries[1:]]
        _put(path, b"", keep=whole)  # what was not written to its end goes
        return cls(path, {entry.chunk: entry.heard for entry in found})

    def add(self, chunk: Chunk, heard: Heard) -> None:
        """Keep what was heard in a chunk.

        Raises:
            ArchiveError: the disk is full; what was kept before stays.
        """
        if self.path is not None:
            _put(self.path, _line(_Entry(chunk=chunk, heard=heard)))
        self.done[chunk] = heard


def seconds_done(path: Path) -> tuple[float, float] | None:
    """Seconds that are heard and seconds that there are, or None where no journal is."""
    entries, _ = _read(path)
    if not entries:
        return None
    try:
        head = msgspec.json.decode(entries[0], type=_Head)
        done = [msgspec.json.decode(entry, type=_Entry).chunk.end_s for entry in entries[1:]]
    except msgspec.MsgspecError:
        return None
    return max(done, default=0.0), head.duration_s


def _line(entry: _Head | _Entry) -> bytes:
    content = msgspec.json.encode(entry)
    return msgspec.json.encode(_Line(sha256=_hash(content), entry=msgspec.Raw(content))) + b"\n"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(path: Path) -> tuple[list[bytes], int]:
    """The whole lines at the head of a journal, and how many bytes they are."""
    try:
        content = path.read_bytes()
    except OSError:
        return [], 0
    entries: list[bytes] = []
    whole = 0
    for line, entry in _whole_lines(content):
        entries.append(entry)
        whole += len(line)
    return entries, whole


def _whole_lines(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    for line in content.splitlines(keepends=True):
        try:
            found = msgspec.json.decode(line, type=_Line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return
        entry = bytes(found.entry)
        if not line.endswith(b"\n") or _hash(entry) != found.sha256:
            return
        yield line, entry


def _put(path: Path, line: bytes, keep: int | None = None) -> None:
    """Write a line at the end, after cutting the file to `keep` bytes if given, and wait until the disk has it."""
    refuse_link(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as stream:
            if keep is not None:
                stream.truncate(keep)
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be written ({error.strerror}); free space or check permissions; what is "
                           "heard so far is kept, and the next run goes on from there") from error


def remove(path: Path) -> None:
    """Forget a journal whose transcript is written, and the folder when it was the last.

    Raises:
        ArchiveError: it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be removed ({error.strerror}); check permissions") from error
