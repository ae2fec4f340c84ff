"""An archive's results at a URL, for people and machines that do not share its folder.

Written are the catalog, transcripts, tables, codes and reports; recordings, `rhetoric.toml` and programs are not. A
list of what is there with its hashes lies beside it: while files are exchanged it names only those that stay. What did
not change is not sent again, and what is gone here is removed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from rhetoric.archive import Archive
from rhetoric.errors import StorageError
from rhetoric.files import PART, sha256_of, write_atomic
from rhetoric.notebook import NAME as NOTEBOOK
from rhetoric.storage import folder_faults, open_system, put, read, remove

LIST = "rhetoric-published.json"
PRIVATE = (NOTEBOOK, "speed.json", LIST)


@dataclass(frozen=True, slots=True)
class Published:
    """How many files were sent, removed there, and as they were."""

    sent: int
    removed: int
    kept: int


def publish(archive: Archive, url: str) -> Published:
    """Make the results at a URL those of the archive; to be called under its lock.

    Raises:
        StorageError: the URL cannot be used or written, or holds something else.
        ArchiveError: a file of the archive cannot be read.
        MissingExtraError: the extra `s3` is not installed.
    """
    url = url.removesuffix("/") + "/"
    if faults := folder_faults(url):
        raise StorageError(faults[0])
    system = open_system(url.split("://", 1)[0])
    before = _list_there(read(system, url + LIST), url)
    now = {path.relative_to(archive.root).as_posix(): sha256_of(path) for path in _results(archive)}
    # While files are exchanged the list names only what is the same before and after.
    changed = sorted(name for name in now if before.get(name) != now[name])
    gone = sorted(set(before) - set(now))
    if changed or gone:
        _write_list(archive, system, url, {name: now[name] for name in now if name not in changed})
        for name in changed:
            put(system, archive.root / name, url + name)
        for name in gone:
            remove(system, url + name)
        _write_list(archive, system, url, now)
    return Published(len(changed), len(gone), len(now) - len(changed))


def _results(archive: Archive) -> Iterator[Path]:
    """The files to send. No link is followed: in an archive from a stranger it may lead to any file of the user's."""
    folders = (archive.transcripts, archive.analysis, archive.codes_path("x").parent, archive.reports)
    files = [archive.catalog_path, *(path for folder in folders if not folder.is_symlink()
                                     for path in folder.rglob("*"))]
    for path in sorted(files):
        below = path.relative_to(archive.root).parts
        if (path.is_file() and not path.is_symlink() and path.name not in PRIVATE and not PART.fullmatch(path.name)
                and ".journal" not in below
                and path.resolve().is_relative_to(archive.root.resolve())):
            yield path


def _list_there(content: bytes | None, url: str) -> dict[str, str]:
    if content is None:
        return {}
    try:
        listed = msgspec.json.decode(content, type=dict[str, str])
    except msgspec.MsgspecError as error:
        raise StorageError(f"{url}{LIST}: is no list of ours ({error}); name another folder") from error
    # Nothing outside this folder is ever removed.
    bad = [name for name in listed if not name or name.startswith("/") or "\\" in name or ".." in name.split("/")]
    if bad:
        raise StorageError(f"{url}{LIST}: names {bad[0]!r}, which is no file of a folder; name another folder")
    return listed


def _write_list(archive: Archive, system: object, url: str, listed: dict[str, str]) -> None:
    path = archive.reports / LIST
    write_atomic(path, msgspec.json.format(msgspec.json.encode(dict(sorted(listed.items()))), indent=1))
    try:
        put(system, path, url + LIST)
    finally:
        path.unlink(missing_ok=True)
