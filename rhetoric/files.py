"""Files written whole or not at all, hashes, and the lock that keeps two runs out of one archive."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rhetoric.errors import ArchiveError

LOCK_NAME = ".rhetoric.lock"
PART = re.compile(r"\..+\.part")  # what a file is called until it is whole


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces, and once a process as long as its size and time of change stay.

    A run asks for the hash of a recording when it plans, when it hears and when it checks; reading gigabytes thrice
    would cost more than all the rest of a run that has nothing to do.

    Raises:
        ArchiveError: the file cannot be read.
    """
    try:
        state = path.stat()
        return _digest(path, state.st_size, state.st_mtime_ns)
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error


@functools.lru_cache(maxsize=4096)
def _digest(path: Path, size: int, changed_ns: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_atomic(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the whole new one, never a part.

    Raises:
        ArchiveError: the disk is full or the folder cannot be written; nothing is left behind.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be written ({error.strerror}); free space or check permissions") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def sweep(folders: Iterable[Path]) -> None:
    """Remove the parts of files that a killed process left in folders and below them."""
    for folder in folders:
        for here, _, names in os.walk(folder):
            for name in names:
                if PART.fullmatch(name):
                    with suppress(OSError):
                        os.unlink(os.path.join(here, name))


def refuse_link(*paths: Path) -> None:
    """Refuse to write through a link: in an archive from a stranger it may lead to any file of the user's.

    Raises:
        ArchiveError: one of the files is a link.
    """
    for path in paths:
        if path.is_symlink():
            raise ArchiveError(f"{path}: is a link to another file; remove it and run again")


def _umask() -> int:
    """The process's umask: mkstemp makes files private, an archive is shared like any other folder."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the archive's lock; it is freed by the system when the process ends, however it ends.

    Raises:
        ArchiveError: another run is at work in this archive, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(root / LOCK_NAME, timeout=0)
    owner = root / f"{LOCK_NAME}.owner"
    refuse_link(root / LOCK_NAME, owner)
    try:
        lock.acquire()
    except Timeout as error:
        who = owner.read_text(encoding="utf-8") if owner.exists() else "unknown"
        raise ArchiveError(f"{root}: another run (process {who}) is at work in this archive; "
                           "wait for it to end, or stop it, and run again") from error
    except OSError as error:
        raise ArchiveError(f"{root}: cannot be written ({error.strerror}); check permissions") from error
    try:
        with suppress(OSError):  # a full disk must not keep a run from saying so itself
            owner.write_text(str(os.getpid()), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            owner.unlink(missing_ok=True)
        lock.release()
