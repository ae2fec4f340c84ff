"""What is known of the archive's files by their state, so that a run that has nothing to do need not read them.

Ten thousand recordings are a terabyte; a second run must not hash it again. A file whose size, times and inode are
those that were noted has the bytes that it had. The notebook is a cache: without it everything is read again, and
nothing else changes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from rhetoric.errors import ArchiveError
from rhetoric.files import sha256_of, write_atomic
from rhetoric.types import Option

NAME = "known-files.json"
# A clock ticks in steps: a file that was changed within the last moment may be changed again without a sign of it.
MOMENT_NS = 100_000_000

State = tuple[int, int, int, int]
Facts = dict[str, str | float | bool | None]


class _Entry(msgspec.Struct):
    state: State
    sha256: str = ""
    facts: Facts | None = None
    note: str = ""


class Notebook:
    """Hashes of files, and facts read from them. `write` keeps what was learned for the next run."""

    def __init__(self, analysis: Path) -> None:
        """Open the notebook of an archive's `analysis` folder; a damaged one counts as empty."""
        self._path = analysis / NAME
        self._root = f"{analysis.parent}{os.sep}"  # names are kept relative: an archive can be moved
        self._changed = False
        self._entries: dict[str, _Entry] = {}
        with suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            self._entries = msgspec.json.decode(self._path.read_bytes(), type=dict[str, _Entry])

    def sha256(self, file: Path) -> str:
        """SHA-256 of a file.

        Raises:
            ArchiveError: it cannot be read.
        """
        key, entry = self._entry(file)
        if not entry.sha256:
            entry.sha256 = sha256_of(file)
            self._keep(key, entry)
        return entry.sha256

    def facts(self, file: Path, read: Callable[[Path], Facts]) -> Mapping[str, Option | None]:
        """What `read` says of a file: asked once, as long as the file stays as it is.

        Raises:
            ArchiveError: the file cannot be read; and whatever `read` raises.
        """
        key, entry = self._entry(file)
        if entry.facts is None:
            entry.facts = read(file)
            self._keep(key, entry)
        return entry.facts

    def note(self, file: Path, note: str) -> None:
        """Write a word of the caller's own beside a file.

        Raises:
            ArchiveError: the file cannot be read.
        """
        key, entry = self._entry(file)
        entry.note = note
        self._keep(key, entry)

    def is_noted(self, file: Path, note: str) -> bool:
        """True if this word stands beside the file, and the file is as it was.

        Raises:
            ArchiveError: the file cannot be read.
        """
        return self._entry(file)[1].note == note

    def write(self) -> None:
        """Keep what was learned; files that are gone are forgotten.

        Raises:
            ArchiveError: it cannot be written.
        """
        if self._changed:
            here = {key: entry for key, entry in self._entries.items() if os.path.exists(os.path.join(self._root, key))}
            write_atomic(self._path, msgspec.json.encode(here))
            self._changed = False

    def _entry(self, file: Path) -> tuple[str, _Entry]:
        """The name of a file here, and what is known of it as it is now; its state is taken before it is read."""
        try:
            found = os.stat(file)
        except OSError as error:
            raise ArchiveError(f"{file}: cannot be read ({error.strerror}); check the path and its permissions"
                               ) from error
        key = str(file).removeprefix(self._root)
        state = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        entry = self._entries.get(key)
        return key, entry if entry is not None and entry.state == state else _Entry(state)

    def _keep(self, key: str, entry: _Entry) -> None:
        # A file from the future (the clock jumped) is never trusted either.
        if max(entry.state[1], entry.state[2]) < time.time_ns() - MOMENT_NS:
            self._entries[key] = entry
            self._changed = True
