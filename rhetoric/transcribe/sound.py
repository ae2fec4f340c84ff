"""Decoded sound that is kept out of memory, so that three hours need no more of it than ten minutes.

A recording is decoded once, into a temporary file of 16-bit samples (115 MB an hour) that has no name and vanishes with
the process, however it ends. Short recordings stay in memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rhetoric.errors import ArchiveError
from rhetoric.transcribe.decode import PATIENCE_S, SAMPLE_RATE_HZ, AudioInfo, Stream, check_length, to_float

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MEMORY_BYTES = 8 << 20  # four minutes


class Sound:
    """The samples of a recording, to be read in any order. It is a context manager: its file is closed at the end."""

    def __init__(self, path: Path, folder: Path | None = None, patience_s: float = PATIENCE_S) -> None:
        """Decode a recording; the temporary file lies in `folder`, or where the system keeps such files.

        Raises:
            AudioError: as `decode`.
            ArchiveError: the disk is full.
        """
        stream = Stream(path, patience_s)
        self.info: AudioInfo = stream.info
        self.length = 0
        where = None if folder is None else str(folder)
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            self._file = tempfile.SpooledTemporaryFile(MEMORY_BYTES, dir=where)  # noqa: SIM115  # closed by close()
        except OSError as error:
            raise _no_room(path, folder, error) from error
        try:
            for block in stream:
                self._write(path, folder, block)
            self.truncated = check_length(path, self.info, self.length)
        except BaseException:
            self.close()
            raise
        self.damaged = stream.damaged

    def _write(self, path: Path, folder: Path | None, block: NDArray[np.int16]) -> None:
        try:
            self._file.write(block.tobytes())
            self._file.flush()
        except OSError as error:
            raise _no_room(path, folder, error) from error
        self.length += len(block)

    @property
    def duration_s(self) -> float:
        """Seconds of decoded sound."""
        return self.length / SAMPLE_RATE_HZ

    def read(self, start: int, end: int) -> NDArray[np.float32]:
        """Samples `start` to `end` in -1..1."""
        import numpy as np

        self._file.seek(2 * start)
        return to_float(np.frombuffer(self._file.read(2 * max(0, end - start)), dtype=np.int16))

    def blocks(self, size: int) -> Iterator[NDArray[np.float32]]:
        """The whole sound in blocks of `size` samples; the last may be shorter."""
        for start in range(0, self.length, size):
            yield self.read(start, min(start + size, self.length))

    def close(self) -> None:
        """Give the samples up."""
        self._file.close()

    def __enter__(self) -> Sound:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _no_room(path: Path, folder: Path | None, error: OSError) -> ArchiveError:
    return ArchiveError(f"{path}: its sound cannot be put down in {folder or tempfile.gettempdir()} "
                        f"({error.strerror}); free space there (115 MB an hour of sound) and run again")
