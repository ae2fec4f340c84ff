"""The work behind run, transcribe and analyze: plan, hand out, watch, sum up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.cli.output import clean, clock, console, print_json, say
from rhetoric.cli.progress import EventLog, watched
from rhetoric.jobs import ANALYZE, DONE, FAILED, SKIPPED, TRANSCRIBE, Job, Map, Outcome
from rhetoric.notebook import Notebook
from rhetoric.plan import Plan, plan_analyses, plan_transcripts

if TYPE_CHECKING:
    from rhetoric.archive import Archive
    from rhetoric.jobs import Watch
    from rhetoric.types import Recording

EXAMPLES = 3


@dataclass(slots=True)
class Session:
    """One call of the command line on an archive: how it runs, and what came of it so far."""

    archive: Archive
    log: EventLog
    force: bool = False
    offline: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def transcribe(self, recordings: Sequence[Recording], language: str = "") -> None:
        """Transcribe what is due, in the language given or the catalog's."""
        from rhetoric.pipeline import fetch_model, transcribe_archive

        notebook = Notebook(self.archive.analysis)
        plan = plan_transcripts(self.archive, recordings, notebook, force=self.force, offline=self.offline)
        notebook.write()
        if plan.tasks:
            fetch_model(self.archive.config.transcribe, offline=self.offline)  # once, not by every worker
        self._follow(plan, lambda run, watch: transcribe_archive(
            self.archive, recordings, language=language, offline=self.offline, run=run, watch=watch, plan=plan))

    def analyze(self, recordings: Sequence[Recording]) -> None:
        """Analyse what is due."""
        from rhetoric.pipeline import analyze_archive
        from rhetoric.stages import load_stages

        notebook = Notebook(self.archive.analysis)
        stages = load_stages(self.archive.config.stages, self.archive.root, self.archive.config.options)
        plan = plan_analyses(self.archive, recordings, stages, notebook, force=self.force)
        notebook.write()
        self._follow(plan, lambda run, watch: analyze_archive(self.archive, recordings, run=run, watch=watch,
                                                              plan=plan))

    def _follow(self, plan: Plan, work: Callable[[Map, Watch], Iterator[Outcome]]) -> None:
        from rhetoric import speed
        from rhetoric.engines import open_engine

        self.log.write("plan", step=plan.step, due=len(plan.tasks), kept=len(plan.kept), size=round(plan.size, 1))
        began = time.monotonic()
        seen: list[Outcome] = []
        with watched(plan, self.log) as watcher:
            for outcome in work(open_engine(self.archive.config.run).map, watcher.progress):
                seen.append(outcome)
                watcher.outcome(outcome)
        self.outcomes += seen
        self.seconds[plan.step] = time.monotonic() - began
        speed.note(self.archive.analysis, speed.kind_of(plan.step, self.archive.config.transcribe), seen,
                   {task.speech_id: task.size for task in plan.tasks})

    @property
    def exit_code(self) -> int:
        """1 where anything failed, else 0."""
        return int(any(outcome.status == FAILED for outcome in self.outcomes))

    def end(self, **values: Any) -> dict[str, Any]:
        """Sum up on stderr and in the log; returns the sums."""
        steps = {step: {status: sum(o.step == step and o.status == status for o in self.outcomes)
                        for status in (DONE, FAILED, SKIPPED)} | {"seconds": round(seconds, 2)}
                 for step, seconds in self.seconds.items()}
        self.log.write("end", exit_code=self.exit_code, steps=steps, **values)
        if any(counts[DONE] or counts[FAILED] for counts in steps.values()):
            say_table(("step", "done", "failed", "kept", "time"),
                      [(step, f"{counts[DONE]:,}", f"{counts[FAILED]:,}", f"{counts[SKIPPED]:,}",
                        clock(counts["seconds"])) for step, counts in steps.items()])
        return {"steps": steps, **values}

    def say_if_nothing(self) -> None:
        """A run that found nothing to do says why."""
        if self.outcomes and all(outcome.status == SKIPPED for outcome in self.outcomes):
            reasons = ", ".join(sorted({outcome.detail for outcome in self.outcomes}))
            say(f"nothing to do: {reasons} (--force does it again)")


def flagged(archive: Archive, flags: Mapping[str, Any], model: str | None = None) -> Archive:
    """The archive with the flags of the command line put over its configuration.

    Raises:
        ConfigError: a flag has a value that is not allowed.
    """
    from rhetoric.config import with_flags

    return archive.with_config(with_flags(with_flags(archive.config, "transcribe", model=model), "run", **flags))


@contextmanager
def session(archive: Archive, log: Path | None, flags: Mapping[str, Any], *, model: str | None = None,
            force: bool = False, offline: bool = False) -> Iterator[Session]:
    """A session that holds the archive's lock; what a killed one left half-written is removed first.

    Raises:
        ArchiveError: another run is at work in the archive, or it or the log cannot be written.
        ConfigError: a flag has a value that is not allowed.
    """
    from rhetoric.files import locked
    from rhetoric.pipeline import tidy

    archive = flagged(archive, flags, model)
    with locked(archive.root):
        tidy(archive)
        events = EventLog(log)
        try:
            yield Session(archive, events, force, offline)
        finally:
            events.close()


def say_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A small table on stderr, unless the user asked for quiet."""
    import logging

    from rich.table import Table
    from rich.text import Text

    if logging.getLogger("rhetoric").isEnabledFor(logging.WARNING):
        table = Table(box=None, pad_edge=False)
        for number, column in enumerate(head):
            table.add_column(column, justify="right" if number else "left")
        for row in rows:
            table.add_row(*(Text(clean(cell)) for cell in row))
        console(stderr=True).print(table)


# --- rhetoric run --dry-run ----------------------------------------------------------------------------------------


def show_plan(archive: Archive, recordings: Sequence[Recording], *, by: str, force: bool, as_json: bool) -> None:
    """Print what a run would do and why, with an estimate of how long; nothing is done."""
    from contextlib import suppress

    from rhetoric.errors import ArchiveError
    from rhetoric.pipeline import require_speeches
    from rhetoric.stages import load_stages

    require_speeches(archive, recordings)
    notebook = Notebook(archive.analysis)
    stages = load_stages(archive.config.stages, archive.root, archive.config.options)
    hear = plan_transcripts(archive, recordings, notebook, force=force)
    read = plan_analyses(archive, recordings, stages, notebook, force=force, waiting=hear)
    with suppress(ArchiveError):  # what was hashed on the way need not be hashed again; a plan must not fail for it
        notebook.write()
    estimates = {plan.step: _estimate(archive, plan) for plan in (hear, read)}
    report = report_reason(archive, recordings, by) if not hear.tasks and not read.tasks else "new analyses"
    if as_json:
        print_json({"steps": [{"step": plan.step, "tasks": plan.tasks, "kept": len(plan.kept),
                               "estimate": estimates[plan.step]} for plan in (hear, read)], "report": report})
        return
    _print_plan((hear, read), estimates, report)


def _estimate(archive: Archive, plan: Plan) -> Any:
    from rhetoric import speed
    from rhetoric.engines.machine import share

    config = archive.config
    workers = 1
    if plan.tasks and config.run.engine != "serial":
        job = Job(step=plan.step, root=str(archive.root), config=config)
        workers = share(job, len(plan.tasks), config.run.workers)[0]
    return speed.estimate(archive.analysis, plan.step, config.transcribe, [t.size for t in plan.tasks], workers)


def report_reason(archive: Archive, recordings: Sequence[Recording], by: str) -> str:
    """Why the report is to be written; empty where it is as it should be."""
    from rhetoric.plan import is_fresh_report, report_inputs

    out = archive.reports / f"by-{by}"
    if not out.is_dir():
        return "new"
    return "" if is_fresh_report(out, report_inputs(archive, recordings, by=by)) else "made from something else"


def _print_plan(plans: Sequence[Plan], estimates: dict[str, Any], report: str) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for column in ("step", "speeches", "why", "such as"):
        table.add_column(column, justify="right" if column == "speeches" else "left", overflow="fold")
    for plan in plans:
        groups: dict[str, list[str]] = {}
        for task in plan.tasks:
            groups.setdefault(task.reason, []).append(task.speech_id)
        for reason, ids in groups.items():
            more = ", …" if len(ids) > EXAMPLES else ""
            cells = (plan.step, f"{len(ids):,}", reason, ", ".join(ids[:EXAMPLES]) + more)
            table.add_row(*(Text(clean(cell)) for cell in cells))
        if plan.kept:
            table.add_row(plan.step, f"{len(plan.kept):,}", Text("nothing to do"), "")
    table.add_row("report", "", Text(report or "nothing to do"), "")
    out = console()
    out.print(table)
    for plan in plans:
        if plan.tasks:
            out.print(Text(_time_told(plan, estimates[plan.step])))


def _time_told(plan: Plan, found: Any) -> str:
    """The estimate in words, and what it rests on."""
    basis = "by the speed of earlier runs of this archive" if found.measured else \
        "by a default speed: this archive has not been measured yet"
    audio = f"{plan.size / 3600:.1f} hours of audio, " if plan.step == TRANSCRIBE else ""
    unknown = f"; {found.unknown:,} of unknown length counted as the mean of the others" if found.unknown else ""
    if plan.step == ANALYZE and found.unknown == len(plan.tasks):
        return f"{plan.step}: seconds to minutes, once the transcripts are there"
    return f"{plan.step}: {audio}about {clock(found.seconds)} ({basis}{unknown})"
