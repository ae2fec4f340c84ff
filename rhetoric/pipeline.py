"""recording -> Transcript -> Speech -> Analysis -> Tables -> Comparison, on one page. Read this second.

Each function here is one arrow; the folders beside this file do the work, and `documents.py` writes what comes of it.
`plan.py` says what is to be done and why: a result is kept with a fingerprint of everything it was made from, and made
again only when that changed. `open_job` is what a worker does, and `engines` run it anywhere. A speech that fails is an
`Outcome` with its reason, never the end of the batch.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rhetoric import records
from rhetoric.archive import Archive, write_catalog
from rhetoric.codes import fitting, read_codes, with_codes
from rhetoric.config import TranscribeConfig
from rhetoric.errors import ArchiveError, FormatError, RhetoricError, SpeechError
from rhetoric.files import sha256_of, sweep
from rhetoric.jobs import (
    ANALYZE,
    DONE,
    FAILED,
    SKIPPED,
    TRANSCRIBE,
    Job,
    Map,
    Outcome,
    Progress,
    Watch,
    Work,
    watch_nothing,
)
from rhetoric.notebook import Notebook
from rhetoric.plan import Plan, facts_of, note_fetched, own_inputs, plan_analyses, plan_transcripts, shared_inputs
from rhetoric.plurals import counted
from rhetoric.provenance import provenance
from rhetoric.types import Analysis, Code, Comparison, Option, Recording, Stage, Tables, Transcript

if TYPE_CHECKING:
    from rhetoric.compare.kwic import Hit
    from rhetoric.transcribe import Engine

LOG = logging.getLogger(__name__)


def tidy(archive: Archive) -> None:
    """Remove what a killed run left half-written. To be called under the archive's lock, which keeps others out."""
    sweep((archive.audio, archive.transcripts, archive.analysis, archive.fetched))


# --- what one worker does, wherever it runs ------------------------------------------------------------------------


def open_job(job: Job) -> Work:
    """Load what a job needs, once; what it returns does one speech by its id, writes the result and never raises.

    Raises:
        ModelError, ConfigError, CatalogError: nothing could be done without what cannot be loaded.
    """
    archive = Archive(Path(job.root), job.config)
    recordings = {recording.speech_id: recording for recording in archive.recordings()}
    one = _transcriber(archive, job) if job.step == TRANSCRIBE else _analyzer(archive)

    def work(speech_id: str, watch: Watch) -> Outcome:
        began = time.perf_counter()
        outcome = one(recordings[speech_id], watch)
        return replace(outcome, busy_s=round(time.perf_counter() - began, 6))

    return work


def in_this_process(job: Job, speech_ids: Sequence[str], watch: Watch = watch_nothing) -> Iterator[Outcome]:
    """The plainest map: one speech after the other, here."""
    work = open_job(job)
    for speech_id in speech_ids:
        yield work(speech_id, watch)


def _transcriber(archive: Archive, job: Job) -> Callable[[Recording, Watch], Outcome]:
    engine = load_engine(archive.config.transcribe, offline=job.offline)

    def one(recording: Recording, watch: Watch) -> Outcome:
        recording = replace(recording, language=job.language or recording.language)
        try:
            detail = _transcribe(archive, recording, engine, watch, offline=job.offline)
        except Exception as error:  # an engine may fail in any way; the other recordings go on
            return failed(archive, recording.speech_id, TRANSCRIBE, error)
        records.forget_failure(archive.analysis, recording.speech_id, TRANSCRIBE)
        return Outcome(speech_id=recording.speech_id, step=TRANSCRIBE, status=DONE, detail=detail)

    return one


def _analyzer(archive: Archive) -> Callable[[Recording, Watch], Outcome]:
    from rhetoric.stages import load_stages

    stages = load_stages(archive.config.stages, archive.root, archive.config.options)
    shared = shared_inputs(archive, stages)

    def one(recording: Recording, _: Watch) -> Outcome:
        try:
            return _analyze(archive, recording, stages, shared)
        except (SpeechError, FormatError) as error:
            records.drop_analysis(archive.analysis, recording.speech_id)  # no report may show what is no longer there
            return failed(archive, recording.speech_id, ANALYZE, error)
        except Exception as error:  # anything may be wrong with one speech; the others go on
            return failed(archive, recording.speech_id, ANALYZE, error)

    return one


def failed(archive: Archive, speech_id: str, step: str, error: Exception) -> Outcome:
    """A failure, kept until the step succeeds."""
    LOG.debug("%s of %s failed", step, speech_id, exc_info=error)
    known = isinstance(error, RhetoricError)
    reason = " ".join((str(error) if known else f"{type(error).__name__}: {error}").split())
    try:
        records.remember_failure(archive.analysis, speech_id, step, reason)
    except ArchiveError as full:
        LOG.warning("%s", full)
    return Outcome(speech_id=speech_id, step=step, status=FAILED, detail=reason)


# --- recording -> Transcript ---------------------------------------------------------------------------------------


def transcribe_archive(archive: Archive, recordings: Sequence[Recording], *, force: bool = False, language: str = "",
                       offline: bool = False, run: Map = in_this_process, watch: Watch = watch_nothing,
                       plan: Plan | None = None) -> Iterator[Outcome]:
    """Transcribe what has a recording and no fresh transcript; yields one outcome a speech, as soon as it is known.

    Raises:
        ModelError: the model is not there and cannot be had: nothing could be transcribed without it.
    """
    notebook = Notebook(archive.analysis)
    plan = plan or plan_transcripts(archive, recordings, notebook, force=force, offline=offline)
    yield from _keep_transcripts(archive, [r for r in recordings if r.speech_id in plan.kept], plan, notebook)
    job = Job(step=TRANSCRIBE, root=str(archive.root), config=archive.config, language=language, offline=offline)
    due = [task.speech_id for task in plan.tasks]
    try:
        yield from run(job, due, watch) if due else ()
    finally:
        _remember_audio(archive, recordings, notebook)
        notebook.write()


def fetch_model(config: TranscribeConfig, *, offline: bool) -> Path:
    """Where the model is that the configuration names, fetched first where it is not there.

    Raises:
        ConfigError, ModelError, MissingExtraError: see `transcribe.engine.get_model`.
    """
    from rhetoric.transcribe.engine import get_model

    return get_model(config, offline=offline)


def load_engine(config: TranscribeConfig, *, offline: bool) -> Engine:
    """The engine the configuration names, with its model, fetched first where it is not there.

    Raises:
        ModelError, ConfigError, MissingExtraError: see `fetch_model` and `transcribe.engine.load_engine`.
    """
    from rhetoric.transcribe.engine import load_engine as load

    return load(config, fetch_model(config, offline=offline))


def _transcribe(archive: Archive, recording: Recording, engine: Engine, watch: Watch, *, offline: bool) -> str:
    from rhetoric.transcribe import transcribe_recording
    from rhetoric.transcribe.transcript_file import write_transcript

    def report(done_s: float, total_s: float) -> None:
        watch(Progress(speech_id=recording.speech_id, done_s=done_s, total_s=total_s))

    with archive.sound(recording, archive.storage(offline=offline)) as (path, state):
        recording = replace(recording, sha256=sha256_of(path))
        transcript = transcribe_recording(recording, path, archive.config.transcribe, engine, progress=report,
                                          journal=archive.journal_path(recording.speech_id),
                                          glossary=archive.config.glossary)
    note_fetched(archive, recording, state, recording.sha256)
    write_transcript(transcript, archive.transcript_path(recording.speech_id))
    _forget_journal(archive, recording.speech_id)
    heard = sum(len(segment.text) for segment in transcript.segments if not segment.quarantined)
    invented = sum(segment.quarantined for segment in transcript.segments)
    mode = transcript.options.get("mode", "")
    cut_off = "; the recording is cut off or damaged: part of it could not be decoded" if is_damaged(transcript) else ""
    doubts = f"; {invented} {'segment' if invented == 1 else 'segments'} left out as invented" if invented else ""
    if not heard:
        return f"no speech was heard in it{doubts}{cut_off}"
    return f"{transcript.language}, {heard:,} characters, {mode}".strip(", ") + doubts + cut_off


def is_damaged(transcript: Transcript) -> bool:
    """True if not all of its recording could be decoded."""
    return bool(transcript.options.get("truncated") or transcript.options.get("damaged_packets"))


def _keep_transcripts(archive: Archive, recordings: Sequence[Recording], plan: Plan, notebook: Notebook
                      ) -> Iterator[Outcome]:
    """What stands is not heard again; only its names are brought up to date with the glossary."""
    glossary = records.fingerprint(archive.config.glossary)
    for recording in recordings:
        speech_id = recording.speech_id
        path = archive.transcript_path(speech_id)
        if archive.journal_path(speech_id).exists():
            _forget_journal(archive, speech_id)
        if archive.config.glossary and path.exists() and not notebook.is_noted(path, glossary):
            if count := _repair_names(archive, path):
                yield Outcome(speech_id=speech_id, step=TRANSCRIBE, status=DONE,
                              detail=f"{counted(count, 'name')} repaired")
                continue
            notebook.note(path, glossary)
        yield Outcome(speech_id=speech_id, step=TRANSCRIBE, status=SKIPPED, detail=plan.kept[speech_id])


def _repair_names(archive: Archive, path: Path) -> int:
    """Bring a kept transcript's names up to date with the glossary; 0 where nothing changes."""
    from rhetoric.transcribe.glossary import repair_transcript
    from rhetoric.transcribe.transcript_file import write_transcript

    try:
        transcript = read_transcript(path)
        repaired = repair_transcript(transcript, archive.config.glossary)
    except RhetoricError:
        return 0  # the next step tells what is wrong with it
    if repaired.segments == transcript.segments:
        return 0
    write_transcript(repaired, path)
    return sum(len(segment.repairs) for segment in repaired.segments)


def _forget_journal(archive: Archive, speech_id: str) -> None:
    """What was heard chunk by chunk is of no use once the transcript is there."""
    from rhetoric.transcribe.journal import remove

    remove(archive.journal_path(speech_id))


def seconds_heard(archive: Archive, recording: Recording) -> tuple[float, float] | None:
    """How far an unfinished transcript is, and the length of its recording; None where none was begun."""
    from rhetoric.transcribe.journal import seconds_done

    return seconds_done(archive.journal_path(recording.speech_id))


def _remember_audio(archive: Archive, recordings: Sequence[Recording], notebook: Notebook) -> None:
    """Note the hashes and lengths of heard recordings in the catalog, where they are not there yet or were others.

    Once a run, by the one process that holds the lock; what a killed run did not note, the next one notes.
    """
    wanted = {recording.speech_id for recording in recordings if recording.file}
    rows = archive.recordings()
    noted = tuple(_noted(archive, row, notebook) if row.speech_id in wanted else row for row in rows)
    if noted != rows:
        write_catalog(archive.catalog_path, noted)


def _noted(archive: Archive, row: Recording, notebook: Notebook) -> Recording:
    try:
        known = notebook.facts(archive.transcript_path(row.speech_id), facts_of)
    except RhetoricError:
        return row  # not heard yet
    sha256, duration_s = str(known["audio_sha256"]), known["duration_s"]
    given = str(known["engine"]).startswith(("import:", "align:"))
    if given or not sha256 or (row.sha256 == sha256 and row.duration_s is not None):
        return row
    return replace(row, sha256=sha256, duration_s=duration_s if isinstance(duration_s, float) else row.duration_s)


def read_transcript(path: Path) -> Transcript:
    """Read a transcript of ours.

    Raises:
        FormatError: it is damaged or not one.
    """
    from rhetoric.transcribe.transcript_file import read_transcript as read

    return read(path)


# --- Transcript -> Speech -> Analysis ------------------------------------------------------------------------------


def analyze_archive(archive: Archive, recordings: Sequence[Recording], *, force: bool = False,
                    run: Map = in_this_process, watch: Watch = watch_nothing,
                    plan: Plan | None = None) -> Iterator[Outcome]:
    """Analyse every speech that has a transcript and no fresh analysis; yields one outcome a speech.

    Raises:
        ConfigError: a stage that the configuration names cannot be loaded.
    """
    from rhetoric.stages import load_stages

    if plan is None:
        notebook = Notebook(archive.analysis)
        plan = plan_analyses(archive, recordings, load_stages(archive.config.stages, archive.root,
                                                              archive.config.options), notebook, force=force)
        notebook.write()
    for speech_id, reason in plan.kept.items():
        yield Outcome(speech_id=speech_id, step=ANALYZE, status=SKIPPED, detail=reason)
    due = [task.speech_id for task in plan.tasks]
    yield from run(Job(step=ANALYZE, root=str(archive.root), config=archive.config), due, watch) if due else ()


def _analyze(archive: Archive, recording: Recording, stages: Sequence[Stage], shared: Mapping[str, str]) -> Outcome:
    from rhetoric.tables import tabulate, write_tables

    speech_id = recording.speech_id
    path = archive.transcript_path(speech_id)
    inputs = {**shared, **own_inputs(archive, recording, sha256_of)}
    # The file's name says whose transcript it is: a copied or renamed one must not count for another speech.
    transcript = replace(read_transcript(path), speech_id=speech_id)
    check_words(transcript)
    codes = read_codes(archive.codes_path(speech_id))
    analysis = analyze_transcript(recording, transcript, stages, archive.options, archive.reader, codes)
    # An analysis without a fingerprint was interrupted, and is made again: the old one goes before the first table is
    # written, the new one comes after the last. A stage that failed makes the fingerprint differ: the others' findings
    # stand, and the next run tries it again.
    records.drop_analysis(archive.analysis, speech_id)
    write_tables(archive.analysis, speech_id, tabulate([analysis]))
    broken = "; ".join(f"{run.stage}: {run.error}" for run in analysis.runs if run.error)
    records.remember_inputs(archive.analysis, speech_id, inputs | ({"failed": broken} if broken else {}))
    if broken:
        records.remember_failure(archive.analysis, speech_id, ANALYZE, broken)
        return Outcome(speech_id=speech_id, step=ANALYZE, status=FAILED, detail=broken)
    records.forget_failure(archive.analysis, speech_id, ANALYZE)
    detail = counted(len(analysis.speech.sentences), "sentence") + _codes_told(len(analysis.speech.codes), len(codes))
    return Outcome(speech_id=speech_id, step=ANALYZE, status=DONE, detail=detail)


def _codes_told(used: int, known: int) -> str:
    """How many sentences people coded, and how many codes are of words that are no longer there."""
    told = f", {used} coded by people" if used else ""
    return told + (f"; {known - used} of {known} codes no longer fit the transcript" if used < known else "")


def analyze_transcript(recording: Recording, transcript: Transcript, stages: Sequence[Stage],
                       options: Mapping[str, Mapping[str, Option]], reader_folder: Path | None = None,
                       codes: Sequence[Code] = ()) -> Analysis:
    """Make the speech, read it, put in what people coded, and run every stage; a failing one costs only its findings.

    Raises:
        SpeechError: there is nothing to analyse in the transcript, or its language is unknown to us.
        ModelError: the reader has no data for the language, or damaged data.
    """
    from rhetoric.models import reader
    from rhetoric.sentences import prepare
    from rhetoric.sentences.voices import COLUMN, only_voice
    from rhetoric.stages import run_stage

    spoken = only_voice(transcript, recording.extra.get(COLUMN, ""))
    speech = reader.read(prepare(spoken), reader_folder or reader.FOLDER)
    speech = with_codes(speech, fitting(codes, [speech.text_of(sentence) for sentence in speech.sentences]))
    runs = tuple(run_stage(stage, speech, options.get(stage.name, {})) for stage in stages)
    return Analysis(recording=recording, speech=speech, runs=runs, engine=transcript.engine, model=transcript.model)


def analyze_file(path: Path, *, language: str = "", voice: str = "", stages: Sequence[str],
                 archive: Archive | None = None) -> Analysis:
    """Analyse one transcript that is in no archive, or as `archive` reads its own; `voice` as in `only_voice`.

    Raises:
        FormatError, SpeechError, ConfigError: see `import_transcript`, `analyze_transcript`, `load_stages`.
    """
    from rhetoric.stages import load_stages
    from rhetoric.transcribe.formats import import_transcript

    transcript = import_transcript(path, speech_id=path.stem, language=language)
    recording = Recording(speech_id=path.stem, title=path.name, language=transcript.language,
                          extra={"voice": voice} if voice else {})
    if archive is None:
        return analyze_transcript(recording, transcript, load_stages(stages, path.parent), {})
    known = load_stages(stages, archive.root, archive.config.options)
    return analyze_transcript(recording, transcript, known, archive.options, archive.reader)


# --- Analyses -> Tables -> Comparison ------------------------------------------------------------------------------


def load_tables(archive: Archive, recordings: Sequence[Recording], *, compared: bool = False) -> Tables:
    """The tables of all speeches that are analysed; `compared`: what a comparison reads of them (`read_tables`).

    Raises:
        ArchiveError: none is.
        FormatError: a table is damaged.
    """
    from rhetoric.tables import read_tables

    return read_tables(archive.analysis, analysed_speeches(archive, recordings), compared=compared)


def analysed_speeches(archive: Archive, recordings: Sequence[Recording]) -> list[str]:
    """The ids of the speeches that are analysed.

    Raises:
        ArchiveError: none is.
    """
    from rhetoric.tables import has_tables

    analysed = [r.speech_id for r in recordings if records.has_analysis(archive.analysis, r.speech_id)
                and has_tables(archive.analysis, r.speech_id)]
    require_speeches(archive, recordings)
    if not analysed:
        raise ArchiveError(f"{archive.root}: no speech is analysed yet; `rhetoric run` does all that is not yet done")
    return analysed


def require_speeches(archive: Archive, recordings: Sequence[Recording]) -> None:
    """Refuse an archive without a speech.

    Raises:
        ArchiveError: there is none.
    """
    if not recordings:
        raise ArchiveError(f"{archive.root}: no speech in it; add some with `rhetoric add FILES`")


def compare_archive(archive: Archive, recordings: Sequence[Recording], *, by: str, only: Sequence[str] = (),
                    reference: Archive | None = None) -> tuple[Comparison, Tables]:
    """Set the analysed speeches side by side by any column of the catalog.

    `only` counts the sentences of these function groups alone; each value gets its percentile among the speeches of the
    `reference` archive, where one is given.

    Raises:
        ArchiveError, FormatError, ConfigError, SpeechError: see `load_tables` and `compare.compare`.
    """
    from rhetoric.compare import Names, compare

    tables = with_catalog(load_tables(archive, recordings, compared=True), recordings)
    terms = archive.config.glossary
    names = Names(companies=tuple(t.term for t in terms if t.kind == "organisation"),
                  products=tuple(t.term for t in terms if t.kind == "product"))
    known = provenance(archive, tables)
    others = None
    if reference is not None:
        others = load_tables(reference, reference.recordings(), compared=True)
        known |= {"norms": f"{counted(len(others.speeches), 'speech', 'speeches')} of "
                           f"{reference.config.archive.name or reference.root.name}"}
    comparison = compare(tables, by=by, only=only, title=archive.config.report.title, names=names, reference=others,
                         provenance=known)
    return comparison, tables


def with_catalog(tables: Tables, recordings: Sequence[Recording]) -> Tables:
    """The tables with the catalog's own columns beside those of `speeches`; a column of ours keeps its values."""
    own = list(dict.fromkeys(name for recording in recordings for name in recording.extra))
    extra = {recording.speech_id: recording.extra for recording in recordings}
    speeches = tables.speeches.assign(**{
        name: [extra.get(str(speech_id), {}).get(name, "") for speech_id in tables.speeches["speech_id"]]
        for name in own if name not in tables.speeches.columns})
    return replace(tables, speeches=speeches)


def search_archive(archive: Archive, recordings: Sequence[Recording], pattern: str, *, regex: bool = False
                   ) -> list[Hit]:
    """Every place where the analysed speeches say a pattern, in their order.

    Raises:
        ConfigError: the pattern is empty or no regular expression.
        ArchiveError, FormatError: see `load_tables`.
    """
    from rhetoric.compare.kwic import kwic
    from rhetoric.tables import read_table

    analysed = analysed_speeches(archive, recordings)
    return kwic(read_table(archive.analysis, "sentences", analysed), pattern, regex=regex)


def check_words(transcript: Transcript) -> None:
    """Refuse a transcript without words.

    Raises:
        SpeechError: it has none.
    """
    if not any(segment.text.strip() for segment in transcript.segments):
        imported = transcript.engine.startswith("import:")
        what = "the file is empty" if imported else "no speech was heard in the recording"
        raise SpeechError(f"{transcript.speech_id}: nothing to analyse: {what}")
