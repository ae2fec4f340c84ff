"""The library in a few names: `rhetoric.open_archive(folder).tables()` gives pandas data frames."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rhetoric import archive as archives
from rhetoric.types import Comparison, Recording, Tables


@dataclass(frozen=True, slots=True)
class OpenArchive:
    """An archive as a program uses it; `archive` has its paths and its configuration."""

    archive: archives.Archive

    def recordings(self) -> tuple[Recording, ...]:
        """The rows of the catalog.

        Raises:
            CatalogError: the catalog cannot be used as written.
        """
        return self.archive.recordings()

    def tables(self, *speech_ids: str) -> Tables:
        """The tables of these speeches (of all, where none is named) as pandas data frames; see `docs/tables.md`.

        Raises:
            CatalogError: an id is not in the catalog.
            ArchiveError: none of the speeches is analysed.
            FormatError: a table is damaged or was written by another version.
        """
        from rhetoric.pipeline import load_tables

        return load_tables(self.archive, archives.select(self.recordings(), speech_ids))

    def read_draft(self, path: Path, *, language: str = "") -> Tables:
        """The tables of one transcript file that is not in the archive, read as the archive's speeches are.

        Raises:
            FormatError, SpeechError, ConfigError: the file cannot be read, is empty, or a stage cannot be loaded.
        """
        from rhetoric.pipeline import analyze_file
        from rhetoric.tables import tabulate

        stages = self.archive.config.stages
        return tabulate([analyze_file(path, language=language, stages=stages, archive=self.archive)])

    def compare(self, *speech_ids: str, by: str = "") -> Comparison:
        """These speeches (all, where none is named) side by side, by a column of the catalog.

        Raises:
            ConfigError: there is no such column; see also `tables`.
        """
        from rhetoric.pipeline import compare_archive

        recordings = archives.select(self.recordings(), speech_ids)
        return compare_archive(self.archive, recordings, by=by or self.archive.config.compare.by)[0]


def open_archive(folder: str | Path = ".") -> OpenArchive:
    """Open the archive in `folder` or the nearest one above it.

    Raises:
        ArchiveError: there is none.
        ConfigError: its `rhetoric.toml` cannot be used.
    """
    return OpenArchive(archives.open_archive(Path(folder)))
