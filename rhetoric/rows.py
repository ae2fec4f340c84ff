"""The rows of a catalog while thousands are added: found at once, written now and then and at the end."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from rhetoric.archive import RESERVED, read_catalog, write_catalog
from rhetoric.storage import is_url
from rhetoric.types import Recording

WRITE_EVERY_S = 2.0  # what a killed `rhetoric add` loses at most: it is added again by the same command


def key_of(speech_id: str) -> str:
    """What two ids must differ in: some file systems know no case."""
    return unicodedata.normalize("NFC", speech_id).casefold()


def id_of(stem: str) -> str:
    """An id made from a file name."""
    base = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", stem)).strip("-_")[:60] or "speech"
    return f"speech-{base}" if RESERVED.fullmatch(base) else base


class Rows:
    """A catalog that is being added to."""

    def __init__(self, path: Path) -> None:
        """Read the catalog.

        Raises:
            CatalogError: see `archive.read_catalog`.
        """
        self._path = path
        self._by_id: dict[str, Recording] = {}
        self._by_hash: dict[str, str] = {}
        self._next: dict[str, int] = {}
        self._changed = False
        for recording in read_catalog(path):
            self._hold(recording)
        self._written = time.monotonic()

    def __iter__(self) -> Iterator[Recording]:
        """All rows, in order."""
        return iter(self._by_id.values())

    def find(self, speech_id: str) -> Recording | None:
        """The row of an id, whatever its case."""
        return self._by_id.get(key_of(speech_id))

    def twin(self, sha256: str) -> str:
        """The id of a recording with these bytes, or at this URL; empty where there is none."""
        return self._by_hash.get(sha256, "")

    def free_id(self, stem: str) -> str:
        """An id made from a file name that is not taken yet."""
        base = id_of(stem)
        number = self._next.get(base, 1)
        while (candidate := base if number == 1 else f"{base}-{number}") and key_of(candidate) in self._by_id:
            number += 1
        self._next[base] = number
        return candidate

    def put(self, recording: Recording) -> None:
        """Add a row, or replace the one of its id."""
        self._hold(recording)
        self._changed = True
        if time.monotonic() - self._written >= WRITE_EVERY_S:
            self.write()

    def write(self) -> None:
        """Write the catalog, if anything changed.

        Raises:
            ArchiveError: it cannot be written.
        """
        if self._changed:
            write_catalog(self._path, self._by_id.values())
            self._changed, self._written = False, time.monotonic()

    def _hold(self, recording: Recording) -> None:
        self._by_id[key_of(recording.speech_id)] = recording
        if recording.file and recording.sha256:
            self._by_hash[recording.sha256] = recording.speech_id
        if is_url(recording.file):
            self._by_hash[recording.file] = recording.speech_id
