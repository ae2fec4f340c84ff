"""recording -> Transcript -> Speech -> Analysis -> Tables -> Comparison -> report, on one page. Read this second.

Each function here is one arrow; the folders beside this file do the work. This is the only place that decides what to
skip: a result is kept with a fingerprint of everything it was made from, and made again only when that changed. A
speech that fails is an `Outcome` with its reason, never the end of the batch.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import rhetoric
from rhetoric import records
from rhetoric.archive import Archive, put, write_catalog
from rhetoric.config import Config, TranscribeConfig
from rhetoric.errors import ArchiveError, FormatError, RhetoricError, SpeechError
from rhetoric.files import sha256_of, write_atomic
from rhetoric.types import Analysis, Comparison, Option, Recording, Stage, Tables, Transcript

if TYPE_CHECKING:
    from rhetoric.transcribe import Engine

LOG = logging.getLogger(__name__)

DONE, SKIPPED, FAILED = "done", "skipped", "failed"
REPORT_MARK = ".rhetoric-report"  # names the files of a report, so that no file of the user's is ever touched


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one step went for one speech; `detail` is the reason of a failure, or a word on what was done."""

    speech_id: str
    step: str
    status: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a running step is with one speech, in seconds of its audio."""

    speech_id: str
    done_s: float
    total_s: float


Watch = Callable[[Progress], None]


def watch_nothing(progress: Progress) -> None:
    """The watcher that looks away."""


# --- recording -> Transcript ---------------------------------------------------------------------------------------


def transcribe_archive(archive: Archive, recordings: Sequence[Recording], *, force: bool = False,
                       offline: bool = False, watch: Watch = watch_nothing) -> Iterator[Outcome]:
    """Transcribe what has a recording and no fresh transcript; yields one outcome a speech, as soon as it is known.

    Raises:
        ModelError: the model is not there and cannot be had: nothing could be transcribed without it.
    """
    engine: Engine | None = None
    for recording in recordings:
        reason = "" if force else reason_to_keep_transcript(archive, recording)
        if not recording.file or reason:
            _forget_journal(archive, recording)
            yield _repair_names(archive, recording) or Outcome(
                speech_id=recording.speech_id, step="transcribe", status=SKIPPED, detail=reason or "added as text")
            continue
        engine = engine or load_engine(archive.config.transcribe, offline=offline)
        try:
            detail = _transcribe(archive, recording, engine, watch)
        except Exception as error:  # an engine may fail in any way; the other recordings go on
            yield _failed(archive, recording, "transcribe", error)
        else:
            records.forget_failure(archive.analysis, recording.speech_id, "transcribe")
            yield Outcome(speech_id=recording.speech_id, step="transcribe", status=DONE, detail=detail)


def load_engine(config: TranscribeConfig, *, offline: bool) -> Engine:
    """The engine the configuration names, with its model, fetched first where it is not there.

    Raises:
        ModelError, ConfigError, MissingExtraError: see `transcribe.engine.get_model` and `load_engine`.
    """
    from rhetoric.transcribe import engine

    return engine.load_engine(config, engine.get_model(config, offline=offline))


def reason_to_keep_transcript(archive: Archive, recording: Recording) -> str:
    """Why the transcript that is there stands; empty where there is none or it is stale."""
    path = archive.transcript_path(recording.speech_id)
    if not path.exists():
        return ""
    try:
        transcript = read_transcript(path)
    except RhetoricError:
        return ""  # a damaged transcript of a recording is made again
    if transcript.engine.startswith("import:"):
        return "imported"
    if transcript.engine.startswith("align:"):
        return "aligned with its script"
    wanted = _shaping_options(archive.config, transcript.language)
    same_options = all(transcript.options.get(key) == value for key, value in wanted.items())
    same_model = (transcript.engine, transcript.model) == (archive.config.transcribe.engine,
                                                          archive.config.transcribe.model)
    try:
        same_audio = transcript.audio_sha256 == sha256_of(archive.audio_path(recording))
    except RhetoricError:
        return "its recording is gone"
    return "up to date" if same_options and same_model and same_audio else ""


def _shaping_options(config: Config, language: str) -> dict[str, Option]:
    """The options that shape what is heard; a change of one makes a transcript stale. Only Chinese has a script.

    Of the glossary only the names count, which the model was told; a new alias repairs what is there.
    """
    from rhetoric.transcribe.glossary import glossary_record

    chosen = config.transcribe
    script = chosen.script if language == "zh" else "as-heard"
    mode = {} if chosen.mode == "auto" else {"mode": chosen.mode}  # the machine decides: what it chose stays right
    names = {"glossary_names": glossary_record(config.glossary)["glossary_names"]} if config.glossary else {}
    return {"beam_size": chosen.beam_size, "vad": chosen.vad, "script": script, **mode, **names}


def _transcribe(archive: Archive, recording: Recording, engine: Engine, watch: Watch) -> str:
    from rhetoric.transcribe import transcribe_recording
    from rhetoric.transcribe.transcript_file import write_transcript

    path = archive.audio_path(recording)
    recording = replace(recording, sha256=sha256_of(path))

    def report(done_s: float, total_s: float) -> None:
        watch(Progress(speech_id=recording.speech_id, done_s=done_s, total_s=total_s))

    transcript = transcribe_recording(recording, path, archive.config.transcribe, engine, progress=report,
                                      journal=archive.journal_path(recording.speech_id),
                                      glossary=archive.config.glossary)
    write_transcript(transcript, archive.transcript_path(recording.speech_id))
    _forget_journal(archive, recording)
    _remember_audio(archive, replace(recording, duration_s=transcript.duration_s))
    heard = sum(len(segment.text) for segment in transcript.segments)
    mode = transcript.options.get("mode", "")
    cut_off = "; the recording is cut off or damaged: part of it could not be decoded" if is_damaged(transcript) else ""
    if not heard:
        return f"no speech was heard in it{cut_off}"
    return f"{transcript.language}, {heard:,} characters, {mode}".strip(", ") + cut_off


def is_damaged(transcript: Transcript) -> bool:
    """True if not all of its recording could be decoded."""
    return bool(transcript.options.get("truncated") or transcript.options.get("damaged_packets"))


def _repair_names(archive: Archive, recording: Recording) -> Outcome | None:
    """Bring a kept transcript's names up to date with the glossary; None where nothing changes."""
    from rhetoric.transcribe.glossary import repair_transcript
    from rhetoric.transcribe.transcript_file import write_transcript

    path = archive.transcript_path(recording.speech_id)
    if not archive.config.glossary or not path.exists():
        return None
    try:
        transcript = read_transcript(path)
        repaired = repair_transcript(transcript, archive.config.glossary)
    except RhetoricError:
        return None  # the next step tells what is wrong with it
    if repaired.segments == transcript.segments:
        return None
    write_transcript(repaired, path)
    count = sum(len(segment.repairs) for segment in repaired.segments)
    return Outcome(speech_id=recording.speech_id, step="transcribe", status=DONE, detail=f"{count} names repaired")


def _forget_journal(archive: Archive, recording: Recording) -> None:
    """What was heard chunk by chunk is of no use once the transcript is there."""
    from rhetoric.transcribe.journal import remove

    remove(archive.journal_path(recording.speech_id))


def seconds_heard(archive: Archive, recording: Recording) -> tuple[float, float] | None:
    """How far an unfinished transcript is, and the length of its recording; None where none was begun."""
    from rhetoric.transcribe.journal import seconds_done

    return seconds_done(archive.journal_path(recording.speech_id))


def _remember_audio(archive: Archive, recording: Recording) -> None:
    """Note a recording's hash and length in the catalog, where they are not there yet or the file was exchanged."""
    rows = archive.recordings()
    known = next(row for row in rows if row.speech_id == recording.speech_id)
    if (known.sha256, known.duration_s is None) != (recording.sha256, False):
        write_catalog(archive.catalog_path, put(rows, replace(known, sha256=recording.sha256,
                                                              duration_s=recording.duration_s)))


def read_transcript(path: Path) -> Transcript:
    """Read a transcript of ours.

    Raises:
        FormatError: it is damaged or not one.
    """
    from rhetoric.transcribe.transcript_file import read_transcript as read

    return read(path)


def _failed(archive: Archive, recording: Recording, step: str, error: Exception) -> Outcome:
    LOG.debug("%s of %s failed", step, recording.speech_id, exc_info=error)
    known = isinstance(error, RhetoricError)
    reason = " ".join((str(error) if known else f"{type(error).__name__}: {error}").split())
    try:
        records.remember_failure(archive.analysis, recording.speech_id, step, reason)
    except ArchiveError as full:
        LOG.warning("%s", full)
    return Outcome(speech_id=recording.speech_id, step=step, status=FAILED, detail=reason)


# --- Transcript -> Speech -> Analysis ------------------------------------------------------------------------------


def analyze_archive(archive: Archive, recordings: Sequence[Recording], *, force: bool = False) -> Iterator[Outcome]:
    """Analyse every speech that has a transcript and no fresh analysis; yields one outcome a speech.

    Raises:
        ConfigError: a stage that the configuration names cannot be loaded.
    """
    from rhetoric.stages import load_stages

    stages = load_stages(archive.config.stages, archive.root, archive.config.options)
    for recording in recordings:
        try:
            yield _analyze_one(archive, recording, stages, force=force)
        except (SpeechError, FormatError) as error:
            records.drop_analysis(archive.analysis, recording.speech_id)  # no report may show what is no longer there
            yield _failed(archive, recording, "analyze", error)
        except Exception as error:  # anything may be wrong with one speech; the others go on
            yield _failed(archive, recording, "analyze", error)


def _analyze_one(archive: Archive, recording: Recording, stages: Sequence[Stage], *, force: bool) -> Outcome:
    from rhetoric.tables import has_tables, tabulate, write_tables

    speech_id = recording.speech_id
    path = archive.transcript_path(speech_id)
    if not path.exists():
        return Outcome(speech_id=speech_id, step="analyze", status=SKIPPED, detail="no transcript yet")
    inputs = analysis_inputs(archive, recording, stages)
    if not force and records.is_fresh(archive.analysis, speech_id, inputs) and has_tables(archive.analysis, speech_id):
        return Outcome(speech_id=speech_id, step="analyze", status=SKIPPED, detail="up to date")
    # The file's name says whose transcript it is: a copied or renamed one must not count for another speech.
    transcript = replace(read_transcript(path), speech_id=speech_id)
    check_words(transcript)
    analysis = analyze_transcript(recording, transcript, stages, archive.config.options, archive.reader)
    write_tables(archive.analysis, speech_id, tabulate([analysis]))
    # The fingerprint is written last: an analysis without one was interrupted, and is made again. A stage that failed
    # makes the fingerprint differ: the others' findings stand, and the next run tries it again.
    broken = "; ".join(f"{run.stage}: {run.error}" for run in analysis.runs if run.error)
    records.remember_inputs(archive.analysis, speech_id, inputs | ({"failed": broken} if broken else {}))
    if broken:
        records.remember_failure(archive.analysis, speech_id, "analyze", broken)
        return Outcome(speech_id=speech_id, step="analyze", status=FAILED, detail=broken)
    records.forget_failure(archive.analysis, speech_id, "analyze")
    detail = f"{len(analysis.speech.sentences)} sentences"
    return Outcome(speech_id=speech_id, step="analyze", status=DONE, detail=detail)


def analyze_transcript(recording: Recording, transcript: Transcript, stages: Sequence[Stage],
                       options: Mapping[str, Mapping[str, Option]], reader_folder: Path | None = None) -> Analysis:
    """Make the speech, read it, and run every stage on it; a failing stage costs only its own findings.

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
    runs = tuple(run_stage(stage, speech, options.get(stage.name, {})) for stage in stages)
    return Analysis(recording=recording, speech=speech, runs=runs, engine=transcript.engine, model=transcript.model)


def analyze_file(path: Path, *, language: str = "", voice: str = "", stages: Sequence[str]) -> Analysis:
    """Analyse one transcript outside any archive; `voice` as in `sentences.voices.only_voice`.

    Raises:
        FormatError, SpeechError, ConfigError: see `import_transcript`, `analyze_transcript`, `load_stages`.
    """
    from rhetoric.stages import load_stages
    from rhetoric.transcribe.formats import import_transcript

    transcript = import_transcript(path, speech_id=path.stem, language=language)
    recording = Recording(speech_id=path.stem, title=path.name, language=transcript.language,
                          extra={"voice": voice} if voice else {})
    return analyze_transcript(recording, transcript, load_stages(stages, path.parent), {})


def analysis_inputs(archive: Archive, recording: Recording, stages: Sequence[Stage]) -> dict[str, str]:
    """Everything an analysis is made from, by name: nothing else may make it stale."""
    from rhetoric.lexicons.version import lexicons_sha256
    from rhetoric.models import reader

    config = archive.config
    files = [name for name in config.stages if name.endswith(".py")]
    return {
        "rhetoric": rhetoric.__version__, "recording": records.fingerprint(recording),
        "voice": recording.extra.get("voice", ""),
        "transcript": sha256_of(archive.transcript_path(recording.speech_id)),
        "reader": reader.reader_version(archive.reader or reader.FOLDER), "lexicons": lexicons_sha256(),
        **{f"stage {s.name}": f"{s.version} {records.fingerprint(config.options.get(s.name, {}))}" for s in stages},
        **{f"file {name}": sha256_of(archive.root / name) for name in files},
    }


# --- Analyses -> Tables -> Comparison -> report --------------------------------------------------------------------


def load_tables(archive: Archive, recordings: Sequence[Recording]) -> Tables:
    """The tables of all speeches that are analysed.

    Raises:
        ArchiveError: none is.
        FormatError: a table is damaged.
    """
    from rhetoric.tables import has_tables, read_tables

    analysed = [r.speech_id for r in recordings if records.has_analysis(archive.analysis, r.speech_id)
                and has_tables(archive.analysis, r.speech_id)]
    if not analysed:
        cure = "`rhetoric run` does all that is not yet done" if recordings else "add some with `rhetoric add FILES`"
        raise ArchiveError(f"{archive.root}: no speech {'is analysed yet' if recordings else 'in it'}; {cure}")
    return read_tables(archive.analysis, analysed)


def compare_archive(archive: Archive, recordings: Sequence[Recording], *, by: str) -> tuple[Comparison, Tables]:
    """Set the analysed speeches side by side.

    Raises:
        ArchiveError, FormatError, ConfigError, SpeechError: see `load_tables` and `compare.compare`.
    """
    from rhetoric.compare import compare

    tables = load_tables(archive, recordings)
    comparison = compare(tables, by=by, title=archive.config.report.title, provenance=provenance(archive, tables))
    return comparison, tables


def provenance(archive: Archive, tables: Tables) -> dict[str, str]:
    """What the numbers were made with, for the methods page."""
    from rhetoric.lexicons.version import lexicons_sha256
    from rhetoric.models import reader

    folder = archive.reader or reader.FOLDER
    missing = len(archive.recordings()) - len(tables.speeches)
    engines = sorted({" ".join(filter(None, pair)) for pair in
                      zip(tables.speeches["engine"].fillna(""), tables.speeches["model"].fillna(""), strict=True)})
    stages = sorted({f"{step} {version}" for step, version in
                     zip(tables.runs["step"], tables.runs["version"], strict=True)})
    return {"rhetoric": rhetoric.__version__, "codebook": "1.2", "transcripts": ", ".join(engines),
            "reader": reader.reader_version(folder), "lexicons": lexicons_sha256()[:12], "stages": ", ".join(stages),
            "speeches_not_analysed": str(missing), **reader.reader_scores(folder),
            **reader.reader_agreement(folder)}


def write_report(archive: Archive, comparison: Comparison, tables: Tables, out: Path, *, lang: str,
                 media: str | None = None) -> Path:
    """Write the report into a folder and return the path of its page.

    A folder that holds something other than a report of ours is never written to; files that the user put beside a
    report stay.

    Raises:
        ArchiveError: `out` is something else, or cannot be written.
    """
    from rhetoric.compare.comparison_file import to_json
    from rhetoric.report import render

    out = out.resolve()
    _refuse_folder(archive, out)
    files = render(comparison, tables, lang=lang, media=media or _relative_media(archive, out),
                   version=rhetoric.__version__) | {"comparison.json": to_json(comparison)}
    # The page comes last and holds everything: a run that is stopped leaves the old page or the new one, whole.
    for name, content in sorted(files.items(), key=_page_last):
        write_atomic(out / name, content)
    for name in set(_written_before(out)) - set(files):
        (out / name).unlink(missing_ok=True)
    write_atomic(out / REPORT_MARK, "\n".join(sorted(files)).encode() + b"\n")
    return out / "index.html"


def _page_last(item: tuple[str, bytes]) -> tuple[bool, str]:
    return item[0] == "index.html", item[0]


def _refuse_folder(archive: Archive, out: Path) -> None:
    """A report goes into a folder of its own: new, empty, or one that holds a report of ours."""
    own = (archive.audio, archive.transcripts, archive.analysis)
    if archive.root.resolve().is_relative_to(out) or any(out.is_relative_to(folder.resolve()) for folder in own):
        raise ArchiveError(f"{out}: is the archive itself or a folder of it; name another folder with --out")
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / REPORT_MARK).is_file())):
        raise ArchiveError(f"{out}: is there and is no report of ours; name another folder with --out")


def _written_before(out: Path) -> list[str]:
    """The files that the last report put there; only plain names inside the folder count."""
    try:
        names = (out / REPORT_MARK).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [name for name in names if name and ".." not in Path(name).parts and not Path(name).is_absolute()]


def _relative_media(archive: Archive, out: Path) -> str:
    """Where the recordings lie, seen from the report: a relative path, so that an archive can be moved as a whole."""
    import os

    return Path(os.path.relpath(archive.audio.resolve(), out.resolve())).as_posix()


def check_words(transcript: Transcript) -> None:
    """Refuse a transcript without words.

    Raises:
        SpeechError: it has none.
    """
    if not any(segment.text.strip() for segment in transcript.segments):
        imported = transcript.engine.startswith("import:")
        what = "the file is empty" if imported else "no speech was heard in the recording"
        raise SpeechError(f"{transcript.speech_id}: nothing to analyse: {what}")
