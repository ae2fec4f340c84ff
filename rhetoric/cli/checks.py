"""A speech held to conditions, for a writer's desk or a build: check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli.options import ArchiveFolder, Json, chosen
from rhetoric.cli.output import clean, console, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rhetoric.archive import Archive
    from rhetoric.checks import Check
    from rhetoric.compare.verdicts import Verdict
    from rhetoric.types import Tables


def check(
    speech: Annotated[str, typer.Argument(metavar="SPEECH|FILE", help="An id of the archive, or a draft as a file.")],
    against: Annotated[str, typer.Option(metavar="GROUP", help="The norm: a value of --by; none: all speeches.")] = "",
    by: Annotated[str | None, typer.Option(help="Column that makes the groups (default: rhetoric.toml).")] = None,
    conditions: Annotated[Path | None, typer.Option(
        "--checks", metavar="FILE", help="The conditions (default: checks.toml in the archive).")] = None,
    as_json: Json = False,
    archive_folder: ArchiveFolder = Path(),
) -> int:
    """Hold a speech to the conditions of checks.toml; exit code 1 where one fails or cannot be told."""
    from rhetoric.checks import CHECKS_NAME, read_checks
    from rhetoric.compare.verdicts import HOLDS, verdicts

    if by and not against:
        raise typer.BadParameter("--by needs a group of that column; name one with --against")
    archive, _ = chosen(archive_folder)
    checks = read_checks(conditions or archive.root / CHECKS_NAME)
    found = verdicts(_speech(archive, speech), _norm(archive, against, by or archive.config.compare.by), checks)
    if as_json:
        print_json(found)
    else:
        _print_verdicts(found)
    return int(any(verdict.verdict != HOLDS for verdict in found))


def _speech(archive: Archive, speech: str) -> Tables:
    """The tables of one speech: of the archive, or of a file that is in none."""
    from rhetoric.api import OpenArchive
    from rhetoric.errors import CatalogError

    opened = OpenArchive(archive)
    if Path(speech).is_file():
        return opened.read_draft(Path(speech))
    if all(recording.speech_id != speech for recording in archive.recordings()):
        raise CatalogError(f"{speech}: no such file, and no speech {speech} in the catalog; "
                           "`rhetoric status` lists the ids")
    return opened.tables(speech)


def _norm(archive: Archive, group: str, by: str) -> Tables | None:
    """The tables of the group that a speech is held against; all analysed speeches where none is named.

    Raises:
        CatalogError: there is no such group.
        ConfigError: there is no such column.
    """
    from rhetoric.errors import ArchiveError, CatalogError, ConfigError
    from rhetoric.pipeline import load_tables
    from rhetoric.types import Recording

    recordings = archive.recordings()
    if group:
        if by not in Recording.__slots__ and by != "year" and not any(by in r.extra for r in recordings):
            raise ConfigError(f"no column {by!r} in the catalog; choose another with --by")
        values = {r.speech_id: str(r.extra.get(by, getattr(r, by, "")) or "") for r in recordings}
        recordings = tuple(r for r in recordings if values[r.speech_id].casefold() == group.casefold())
        if not recordings:
            known = ", ".join(sorted(set(values.values()) - {""}))
            raise CatalogError(f"no speech with {by} {group!r} in the catalog; there are {known}")
    try:
        return load_tables(archive, recordings)
    except ArchiveError:
        return None


def _print_verdicts(found: Sequence[Verdict]) -> None:
    """The table of verdicts, and under it what needs a sentence."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in ("metric", "value", "95 % interval", "condition", "norm: median", "middle half", "n", "percentile",
                   "verdict"):
        table.add_column(column, overflow="fold")
    styles = {"holds": "green", "fails": "red"}
    for row in found:
        norm = row.norm
        unit = "" if row.value.unit == "share" else f", {row.value.unit}"
        cells = (row.check.metric + unit, _number(row.value.value), _span(row.value.low, row.value.high),
                 _condition(row.check), _number(norm.median), _span(norm.q1, norm.q3), str(norm.n),
                 "–" if row.percentile is None else f"{row.percentile:.0f}")
        table.add_row(*(Text(clean(cell)) for cell in cells),
                      Text(row.verdict + _doubt(row), style=styles.get(row.verdict, "yellow")))
    out = console()
    out.print(table)
    for row in found:
        for words in filter(None, (row.reason, row.check.why if row.verdict != "holds" else "")):
            out.print(Text(f"  {clean(row.check.metric)}: {clean(words)}"))


def _doubt(row: Verdict) -> str:
    if row.verdict == "cannot be told" or row.sure:
        return ""
    return ", no interval" if row.value.low is None else ", not surely"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _span(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{_number(low)} to {_number(high)}"


def _condition(check: Check) -> str:
    bounds = ((check.at_least, "≥ {:g}"), (check.at_most, "≤ {:g}"), (check.percentile_at_least, "≥ {:g}th"),
              (check.percentile_at_most, "≤ {:g}th"))
    return ", ".join(form.format(bound) for bound, form in bounds if bound is not None)
