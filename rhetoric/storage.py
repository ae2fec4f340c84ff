"""Recordings and texts at a URL: in object storage (`s3://`) or in a folder elsewhere (`file://`), by fsspec.

A URL comes out of a catalog, and so from anybody. Only the protocols listed here are read, and only what lies under a
folder that `allow` in `[storage]` of rhetoric.toml names. Credentials are the business of fsspec and the AWS libraries
(environment, profile, role); what these libraries say when something fails is never passed on, for the same reason.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from rhetoric.errors import ArchiveError, MissingExtraError, StorageError

PROTOCOLS = ("s3", "file")
MAX_URL = 1000
# A bucket, or nothing for `file`; then a path. No query (it may hold a signature), no pattern, no chain (`::`).
_SHAPE = re.compile(r"(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|file://)/[^?*\[\]\\]*")
_OUR_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
MANY = 8  # so many files of one folder are looked at by one listing
CONNECT_S, READ_S, ATTEMPTS = 10, 60, 3


@dataclass(frozen=True, slots=True)
class State:
    """What tells a file at a URL from another version of it: its size in bytes, and its ETag or time of change."""

    size: int
    version: str


def is_url(file: str) -> bool:
    """True for what is meant as a URL, whether it can be used or not."""
    return "://" in file


def as_url(argument: str) -> str:
    """An argument of the command line that may have become a path on its way (`s3:/bucket/x`), as it was written."""
    found = re.fullmatch(r"([a-z0-9]{2,10}):/+(.*)", argument.replace("\\", "/"))
    if not found:
        return argument
    return f"{found[1]}://{'/' if found[1] == 'file' else ''}{found[2]}"


def url_faults(url: str) -> list[str]:
    """What is wrong with a URL: empty where nothing is."""
    protocol = url.split("://", 1)[0]
    if protocol not in PROTOCOLS:
        return [f"{url!r}: only {' and '.join(f'{name}://' for name in PROTOCOLS)} are read"]
    parts = url.split("://", 1)[1].removesuffix("/").split("/")[1:]
    if (len(url) > MAX_URL or not url.isprintable() or not _SHAPE.fullmatch(url) or "::" in url
            or any(part in ("", ".", "..") for part in parts)):
        return [f"{url!r} is no address of a file: it needs a bucket or a full path, and no ?, *, [, ], .. or ::"]
    return []


def folder_faults(folder: str) -> list[str]:
    """What is wrong with a URL of a folder, as `allow` takes it."""
    ended = [] if folder.endswith("/") else [f"{folder!r} is no folder: it must end with /"]
    return url_faults(folder.removesuffix("/") + "/x") or ended


def name_of(url: str) -> str:
    """The last part of a URL."""
    return PurePosixPath(url).name


class Storage:
    """What may be read. Connections are made when they are needed."""

    def __init__(self, allow: Sequence[str] = (), *, offline: bool = False) -> None:
        """`allow`: URLs of folders, with their last slash; `offline`: nothing that needs a network."""
        self._allow, self._offline = tuple(allow), offline
        self._systems: dict[str, Any] = {}
        self._seen: dict[str, State | None] = {}

    def check(self, url: str) -> None:
        """Refuse a URL that may not be read.

        Raises:
            StorageError: its form, its protocol, or its folder is not allowed; or it needs a network.
        """
        if faults := url_faults(url):
            raise StorageError(faults[0])
        within = [folder for folder in self._allow if url.startswith(folder)]
        if url.startswith("file://"):  # a link may lead out of an allowed folder
            found = Path(url.removeprefix("file://")).resolve()
            within = [folder for folder in within
                      if found.is_relative_to(Path(folder.removeprefix("file://")).resolve())]
        if not within:
            line = f'allow = ["{url.rpartition("/")[0]}/"]'
            raise StorageError(f"{url}: lies in no folder that may be read; put `{line}` under [storage] of "
                               "rhetoric.toml, if you know it")
        if self._offline and not url.startswith("file://"):
            raise StorageError(f"{url}: lies on the network, which --offline forbids")

    def look(self, urls: Iterable[str]) -> None:
        """Look at many files at once, for `state`: folder by folder. What is not there, or cannot be asked, is told
        when it is asked for by itself."""
        folders: dict[str, list[str]] = {}
        for url in urls:
            folders.setdefault(url.rpartition("/")[0] + "/", []).append(url)
        for folder, wanted in folders.items():
            if len(wanted) < MANY:
                continue
            try:
                self.check(wanted[0])
                there = dict(self._listed(folder))
            except StorageError:
                continue
            self._seen |= {url: there.get(url) for url in wanted}

    def state(self, url: str) -> State:
        """What a file at a URL is like now, or was when `look` looked.

        Raises:
            StorageError: it may not be read, is not there, or cannot be reached.
        """
        self.check(url)
        known = self._seen.get(url)
        return known if known is not None else self._now(url)

    def files(self, folder: str) -> list[str]:
        """The URLs of the files directly in a folder, sorted.

        Raises:
            StorageError: see `state`.
        """
        folder = folder.removesuffix("/") + "/"
        self.check(folder + "x")
        found = dict(self._listed(folder))
        self._seen |= found
        return sorted(found)

    @contextmanager
    def fetched(self, url: str, part: Path) -> Iterator[State]:
        """The bytes of a URL, in the file `part`, as long as they are needed; then it is removed.

        Raises:
            StorageError: see `state`; or the file changed while it was fetched.
            ArchiveError: `part` cannot be written.
        """
        self.check(url)
        before = self._now(url)
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)  # a link there would be written through
        except OSError as error:
            raise ArchiveError(f"{part.parent}: cannot be written ({error.strerror}); check permissions") from error
        try:
            system = self._system(url)
            _reached(url, lambda: system.get_file(_path(url), str(part)))
            if part.stat().st_size != before.size or self._now(url) != before:
                raise StorageError(f"{url}: changed while it was fetched; run again")
            yield before
        finally:
            part.unlink(missing_ok=True)

    def _now(self, url: str) -> State:
        system = self._system(url)
        found = _reached(url, lambda: system.info(_path(url)))
        if found.get("type") != "file":
            raise StorageError(f"{url}: is no file")
        return _state(found)

    def _listed(self, folder: str) -> Iterator[tuple[str, State]]:
        system = self._system(folder)
        entries = _reached(folder, lambda: system.ls(_path(folder.removesuffix("/")), detail=True))
        for entry in entries:
            url = folder + name_of(str(entry["name"]))
            if entry.get("type") == "file" and not url_faults(url):
                yield url, _state(entry)

    def _system(self, url: str) -> Any:
        protocol = url.split("://", 1)[0]
        if protocol not in self._systems:
            self._systems[protocol] = open_system(protocol)
        return self._systems[protocol]


def open_system(protocol: str) -> Any:
    """fsspec's file system of a protocol, with no memory of what it listed.

    Raises:
        MissingExtraError: the extra `s3` is not installed.
    """
    try:
        import fsspec

        if protocol != "s3":
            return fsspec.filesystem(protocol)
        patience = {"connect_timeout": CONNECT_S, "read_timeout": READ_S, "retries": {"max_attempts": ATTEMPTS}}
        return fsspec.filesystem(protocol, use_listings_cache=False, config_kwargs=patience)
    except ImportError as error:
        raise MissingExtraError(f"a {protocol}:// address", "s3") from error


def put(system: Any, path: Path, url: str) -> None:
    """Write a file to a URL.

    Raises:
        StorageError: it cannot be written there.
    """
    if url.startswith("file://"):
        _reached(url, lambda: system.makedirs(_path(url.rpartition("/")[0]), exist_ok=True))
    _reached(url, lambda: system.put_file(str(path), _path(url)))


def read(system: Any, url: str) -> bytes | None:
    """The bytes of a small file at a URL; None where it is not there.

    Raises:
        StorageError: it cannot be reached.
    """
    try:
        return bytes(_reached(url, lambda: system.cat_file(_path(url)), absent=True))
    except FileNotFoundError:
        return None


def remove(system: Any, url: str) -> None:
    """Remove a file at a URL; one that is not there is removed already.

    Raises:
        StorageError: it cannot be reached.
    """
    try:
        _reached(url, lambda: system.rm_file(_path(url)), absent=True)
    except FileNotFoundError:
        return


def _path(url: str) -> str:
    """A URL as its file system names it; nothing is parsed, so nothing in it has a meaning of its own."""
    return url.split("://", 1)[1]


def _state(entry: dict[str, Any]) -> State:
    version = entry.get("ETag") or entry.get("mtime") or ""
    return State(int(entry.get("size") or 0), str(version).strip('"'))


def _reached(url: str, ask: Any, *, absent: bool = False) -> Any:
    """What a file system answers. Its own words are dropped: they may hold what nobody should read in a log."""
    try:
        return ask()
    except Exception as error:  # fsspec and the libraries below it raise anything
        if absent and isinstance(error, FileNotFoundError):
            raise
        if isinstance(error, OSError) and error.errno in _OUR_DISK:
            raise ArchiveError(f"{url}: cannot be written ({os.strerror(error.errno)}); free space or check permissions"
                               ) from None
        reason = _reason(error)
    raise StorageError(f"{url}: {reason}")


def _reason(error: Exception) -> str:
    kind = type(error).__name__
    if isinstance(error, FileNotFoundError):
        return "is not there; check bucket and path"
    if isinstance(error, PermissionError):
        return "access is denied; check the credentials and their rights"
    if kind in ("NoCredentialsError", "PartialCredentialsError", "ProfileNotFound"):
        return "no credentials found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
    return f"cannot be reached ({kind}); check the network and AWS_ENDPOINT_URL"
