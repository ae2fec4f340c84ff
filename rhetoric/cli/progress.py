"""What is seen of long work: a bar of the whole, a line a worker, and a log for machines."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rhetoric.cli.output import clean, clock, console, say
from rhetoric.errors import ArchiveError
from rhetoric.jobs import FAILED, SKIPPED, Outcome, Progress
from rhetoric.plan import Plan

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

MANY = 40  # speeches, above which only failures get a line of their own
LOG_EVERY_S = 1.0
SAY_EVERY_S = 10.0


def _beginning(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(6)


class EventLog:
    """One JSON object a line, written as it happens: for machines. Without a file it writes nothing."""

    def __init__(self, path: Path | None) -> None:
        """Go on with the file, or begin it.

        Raises:
            ArchiveError: it cannot be written, or is a file of another kind.
        """
        self._stream: IO[str] | None = None
        self._last: dict[int, float] = {}
        if path is not None:
            try:
                if path.is_file() and _beginning(path) not in (b"", b'{"at":'):
                    raise ArchiveError(f"{path}: is there and is no log of ours; name another file with --log")
                self._stream = path.open("a", encoding="utf-8", buffering=1)
            except OSError as error:
                raise ArchiveError(f"{path}: cannot be written ({error.strerror}); name another file with --log"
                                   ) from error

    def write(self, event: str, **values: Any) -> None:
        """One event with its time."""
        import json

        if self._stream is not None:
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            self._stream.write(json.dumps({"at": at, "event": event, **values}, ensure_ascii=False) + "\n")

    def progress(self, progress: Progress) -> None:
        """How far a worker is, once a second at most."""
        now = time.monotonic()
        if now - self._last.get(progress.worker, -LOG_EVERY_S) >= LOG_EVERY_S:
            self._last[progress.worker] = now
            self.write("progress", speech_id=progress.speech_id, worker=progress.worker,
                       done_s=round(progress.done_s, 1), total_s=round(progress.total_s, 1))

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()


class Watcher:
    """Follows one step: hands events to the log, moves the bars, prints what deserves a line."""

    def __init__(self, plan: Plan, log: EventLog, bars: Bars | None) -> None:
        self._plan, self._log, self._bars = plan, log, bars
        self._sizes: Mapping[str, float] = {task.speech_id: task.size or 1.0 for task in plan.tasks}
        self._all = sum(self._sizes.values())
        self._done = 0.0
        self._count = 0
        self._began = self._said = time.monotonic()
        self._lines: dict[int, Any] = {}
        self._total = bars.add_task(plan.step, total=self._all, note="") if bars else None

    def progress(self, progress: Progress) -> None:
        """A worker got somewhere."""
        self._log.progress(progress)
        if self._bars is None:
            return
        if progress.worker not in self._lines:
            self._lines[progress.worker] = self._bars.add_task("", total=1.0, note="")
        self._bars.update(self._lines[progress.worker], description=f"  {clean(progress.speech_id)}",
                          total=progress.total_s, completed=progress.done_s,
                          note=f"{clock(progress.done_s)} of {clock(progress.total_s)}")

    def outcome(self, outcome: Outcome) -> None:
        """A speech is done with."""
        if outcome.speech_id in self._sizes:
            self._count += 1
            self._done += self._sizes[outcome.speech_id]
        if outcome.status == SKIPPED:
            return
        self._log.write("outcome", speech_id=outcome.speech_id, step=outcome.step, status=outcome.status,
                        detail=outcome.detail, busy_s=outcome.busy_s)
        if outcome.status == FAILED or len(self._sizes) <= MANY:
            mark = "✗" if outcome.status == FAILED else "✓"
            say(f"{mark} {outcome.step} {outcome.speech_id}: {outcome.detail}")
        note = f"{self._count:,} of {len(self._sizes):,}"
        if self._bars is not None and self._total is not None:
            self._bars.update(self._total, completed=self._done, note=note)
        elif len(self._sizes) > MANY and time.monotonic() - self._said >= SAY_EVERY_S:
            self._said = time.monotonic()
            left_s = (self._said - self._began) * (self._all - self._done) / self._done if self._done else None
            say(f"{self._plan.step}: {note}, {clock(left_s)} left")


@contextmanager
def watched(plan: Plan, log: EventLog) -> Iterator[Watcher]:
    """A watcher of one step, with bars where there is a terminal and something to do."""
    screen = console(stderr=True)
    if not plan.tasks or not screen.is_terminal or not logging.getLogger("rhetoric").isEnabledFor(logging.WARNING):
        yield Watcher(plan, log, None)
        return
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[note]}"), TimeRemainingColumn())
    with Bars(*columns, console=screen, transient=True) as bars:
        yield Watcher(plan, log, bars)
