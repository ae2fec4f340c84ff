"""Options that several commands share, and how they choose speeches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rhetoric.archive import Archive
    from rhetoric.types import Recording

ArchiveFolder = Annotated[Path, typer.Option("--archive", "-a", help="The archive's folder (default: here or above).")]
SpeechIds = Annotated[list[str] | None, typer.Argument(metavar="[SPEECH]...", help="Ids of speeches; none: all.")]
Speaker = Annotated[str, typer.Option(help="Only this speaker.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Force = Annotated[bool, typer.Option("--force", help="Do again what is up to date.")]
Offline = Annotated[bool, typer.Option("--offline", help="Never use the network; a missing model is an error.")]
Model = Annotated[str | None, typer.Option(help="Whisper model: a name of `rhetoric models list`, or a folder.")]

EngineName = Annotated[str | None, typer.Option("--engine", help="auto, serial, processes or ray (default: "
                                                "rhetoric.toml).")]
Workers = Annotated[int | None, typer.Option(help="How many at once; 0: as many as cores and memory allow.")]
Address = Annotated[str | None, typer.Option(help="Of a Ray cluster, with --engine ray; none: this machine.")]
Log = Annotated[Path | None, typer.Option(help="A file for machines: every event as a line of JSON, as it happens.")]


def chosen(archive_folder: Path, ids: Sequence[str] | None = None, speaker: str = ""
           ) -> tuple[Archive, tuple[Recording, ...]]:
    """The archive and the recordings that the user named.

    Raises:
        ArchiveError, ConfigError, CatalogError: see `open_archive` and `select`.
    """
    from rhetoric.archive import open_archive, select
    from rhetoric.errors import CatalogError

    archive = open_archive(archive_folder)
    recordings = select(archive.recordings(), ids or ())
    if speaker:
        recordings = tuple(r for r in recordings if r.speaker.casefold() == speaker.casefold())
        if not recordings:
            raise CatalogError(f"no speech of {speaker!r} in the catalog; `rhetoric status` lists the speakers")
    return archive, recordings


def between(recordings: Sequence[Recording], since: str, until: str) -> tuple[Recording, ...]:
    """The recordings dated from `since` to `until`, both included, each as exact as it was given; all where neither is.

    Raises:
        CatalogError: no date at all, or no speech between the two.
    """
    from rhetoric.archive import DATE_PATTERN
    from rhetoric.errors import CatalogError

    for date in filter(None, (since, until)):
        if not DATE_PATTERN.fullmatch(date):
            raise CatalogError(f"{date!r} is no date; write 2020, 2020-08 or 2020-08-11")
    if not since and not until:
        return tuple(recordings)
    kept = tuple(r for r in recordings if r.date and (not since or r.date[: len(since)] >= since[: len(r.date)])
                 and (not until or r.date[: len(until)] <= until))
    if not kept:
        raise CatalogError(f"no speech is dated {f'from {since}' if since else ''}{' ' if since and until else ''}"
                           f"{f'to {until}' if until else ''}; `rhetoric status` lists the dates")
    return kept
