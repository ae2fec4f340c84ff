"""Measure how leaders talk at launch events: from recordings to evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from rhetoric.api import OpenArchive

__version__ = "0.1.0"
__all__ = ["__version__", "open_archive"]


def open_archive(folder: str | Path = ".") -> OpenArchive:
    """Open the archive in `folder` or the nearest one above it; importing the package alone loads nothing heavy.

    Raises:
        ArchiveError: there is none.
        ConfigError: its `rhetoric.toml` cannot be used.
    """
    from rhetoric import api

    return api.open_archive(folder)
