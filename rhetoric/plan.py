"""What is to be done, and why: the only place that decides what to skip.

A transcript is made again when its recording's bytes, the recogniser, the model or an option that shapes text changed;
an analysis when its transcript, its row of the catalog, a stage, the word lists, the reader or what people coded
changed. Nothing else makes work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

import rhetoric
from rhetoric import records
from rhetoric.archive import Archive
from rhetoric.config import Config, RunConfig, StorageConfig
from rhetoric.errors import MissingExtraError, RhetoricError, StorageError
from rhetoric.files import sha256_of
from rhetoric.jobs import ANALYZE, TRANSCRIBE
from rhetoric.notebook import Facts, Notebook
from rhetoric.storage import State, Storage, is_url
from rhetoric.types import ANALYSIS_SCHEMA, Option, Recording, Stage

WAITS = "its transcript is made first"
REPORT_MARK = ".rhetoric-report"  # names the files of a report, so that no file of the user's is ever touched
MADE_FROM = "# made from "


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One step that is due for one speech. `size` is seconds of audio (transcribe) or bytes of transcript (analyze)."""

    speech_id: str
    step: str
    reason: str
    size: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is due in one step, in the order of the catalog, and why the rest is not: reasons by speech."""

    step: str
    tasks: tuple[Task, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> float:
        """The sum of all known sizes."""
        return sum(task.size or 0.0 for task in self.tasks)


# --- transcripts ---------------------------------------------------------------------------------------------------


def plan_transcripts(archive: Archive, recordings: Sequence[Recording], notebook: Notebook, *,
                     force: bool = False, offline: bool = False) -> Plan:
    """Which recordings are to be heard. Those at URLs are looked at, folder by folder, but not read."""
    tasks, kept = [], {}
    storage = archive.storage(offline=offline)
    storage.look(r.file for r in recordings if is_url(r.file) and archive.transcript_path(r.speech_id).exists())
    for recording in recordings:
        speech_id = recording.speech_id
        if not recording.file:
            kept[speech_id] = "added as text"
            continue
        keep, reason = (False, "forced") if force else judge_transcript(archive, recording, notebook, storage)
        if keep:
            kept[speech_id] = reason
        else:
            tasks.append(Task(speech_id=speech_id, step=TRANSCRIBE, reason=reason, size=recording.duration_s))
    return Plan(step=TRANSCRIBE, tasks=tuple(tasks), kept=kept)


def judge_transcript(archive: Archive, recording: Recording, notebook: Notebook,
                     storage: Storage | None = None, *, look_only: bool = False) -> tuple[bool, str]:
    """Whether the transcript that is there stands, and why it does or does not.

    Who asks for thousands gives a `storage`, which has looked at those that lie at URLs. `look_only` fetches nothing.
    """
    path = archive.transcript_path(recording.speech_id)
    if not path.exists():
        return False, "new"
    try:
        known = notebook.facts(path, facts_of)
    except RhetoricError:
        return False, "its transcript is damaged or of another version"
    engine = str(known["engine"])
    if engine.startswith("import:"):
        return True, "imported"
    if engine.startswith("align:"):
        return True, "aligned with its script"
    if changed := _changed_options(archive.config, known):
        return False, changed
    try:
        if is_url(recording.file):
            if look_only and not _is_noted(archive, recording):
                return True, "not compared with its recording yet"
            same_audio = known["audio_sha256"] == _sha256_elsewhere(archive, recording, storage or archive.storage())
        else:
            same_audio = known["audio_sha256"] == notebook.sha256(archive.audio_path(recording))
    except (StorageError, MissingExtraError) as error:
        return True, str(error)
    except RhetoricError:
        return True, "its recording is gone"
    return (True, "up to date") if same_audio else (False, "changed audio")


def _sha256_elsewhere(archive: Archive, recording: Recording, storage: Storage) -> str:
    """The hash of what lies at a URL, by what was noted when it was heard; empty where it is another version now.

    Where nothing was noted (the recording was moved there, or the note is lost) its bytes are read once.

    Raises:
        StorageError, ArchiveError: it cannot be read.
    """
    now = storage.state(recording.file)
    if not _is_noted(archive, recording):
        with archive.sound(recording, storage) as (path, state):
            note_fetched(archive, recording, state, sha256_of(path))
    known = records.fetched(archive.analysis, recording.speech_id) or {}
    same = known.get("size") == str(now.size) and known.get("version") == now.version
    return known.get("sha256", "") if same else ""


def _is_noted(archive: Archive, recording: Recording) -> bool:
    return (records.fetched(archive.analysis, recording.speech_id) or {}).get("url") == recording.file


def note_fetched(archive: Archive, recording: Recording, state: State | None, sha256: str) -> None:
    """Remember which version of a recording was read, where it lies at a URL.

    Raises:
        ArchiveError: it cannot be written.
    """
    if state is not None:
        records.remember_fetched(archive.analysis, recording.speech_id, {
            "url": recording.file, "size": str(state.size), "version": state.version, "sha256": sha256})


def facts_of(path: Path) -> Facts:
    """What a plan needs to know of a transcript.

    Raises:
        FormatError: it is damaged or not one.
    """
    from rhetoric.transcribe.transcript_file import read_transcript

    transcript = read_transcript(path)
    # The options' names may not hide our own.
    options = {f"option {name}": value for name, value in transcript.options.items()}
    return {"engine": transcript.engine, "model": transcript.model, "language": transcript.language,
            "audio_sha256": transcript.audio_sha256, "duration_s": transcript.duration_s, **options}


def _changed_options(config: Config, known: Mapping[str, Option | None]) -> str:
    """What of the recogniser and the options is no longer as it was; empty where nothing is."""
    wanted = {"engine": config.transcribe.engine, "model": config.transcribe.model,
              **{f"option {name}": value for name, value in _shaping_options(config, str(known["language"])).items()}}
    changed = [f"{name.removeprefix('option ')} {known.get(name, '–')} → {value}" for name, value in wanted.items()
               if known.get(name) != value]
    return f"changed options: {', '.join(changed)}" if changed else ""


def _shaping_options(config: Config, language: str) -> dict[str, Option]:
    """The options that shape what is heard; a change of one makes a transcript stale. Only Chinese has a script.

    Of the glossary only the names count, which the model was told; a new alias repairs what is there.
    """
    from rhetoric.transcribe.glossary import glossary_record

    chosen = config.transcribe
    script = chosen.script if language == "zh" else "as-heard"
    marks = {"punctuation": chosen.punctuation} if language == "zh" else {}
    mode = {} if chosen.mode == "auto" else {"mode": chosen.mode}  # the machine decides: what it chose stays right
    names = {"glossary_names": glossary_record(config.glossary)["glossary_names"]} if config.glossary else {}
    return {"beam_size": chosen.beam_size, "vad": chosen.vad, "script": script, **marks, **mode, **names}


# --- analyses ------------------------------------------------------------------------------------------------------


def plan_analyses(archive: Archive, recordings: Sequence[Recording], stages: Sequence[Stage], notebook: Notebook, *,
                  force: bool = False, waiting: Plan | None = None) -> Plan:
    """Which speeches are to be analysed; those whose transcripts `waiting` makes first are due too."""
    from rhetoric.tables import has_tables

    shared = shared_inputs(archive, stages)
    made_first = {task.speech_id for task in waiting.tasks} if waiting else set()
    tasks, kept = [], {}
    for recording in recordings:
        speech_id = recording.speech_id
        path = archive.transcript_path(speech_id)
        size: float | None = None
        if speech_id in made_first:
            reason = WAITS
        elif not path.exists():
            kept[speech_id] = "no transcript yet"
            continue
        else:
            inputs = shared | own_inputs(archive, recording, notebook.sha256)
            reason = "forced" if force else why_analyze(records.inputs_of(archive.analysis, speech_id), inputs)
            if not reason and not has_tables(archive.analysis, speech_id):
                reason = "its tables are not there"
            size = path.stat().st_size if reason else None
        if reason:
            tasks.append(Task(speech_id=speech_id, step=ANALYZE, reason=reason, size=size))
        else:
            kept[speech_id] = "up to date"
    return Plan(step=ANALYZE, tasks=tuple(tasks), kept=kept)


def shared_inputs(archive: Archive, stages: Sequence[Stage]) -> dict[str, str]:
    """What all analyses of an archive are made from, by name."""
    from rhetoric.lexicons.version import lexicons_sha256
    from rhetoric.models import boundary_network, reader
    from rhetoric.tables import TABLE_SCHEMA

    config = archive.config
    files = [*(name for name in config.stages if name.endswith(".py")), *archive.word_lists]
    return {
        "rhetoric": rhetoric.__version__, "schema": f"{ANALYSIS_SCHEMA}.{TABLE_SCHEMA}",
        "reader": reader.reader_version(archive.reader or reader.FOLDER), "lexicons": lexicons_sha256(),
        "boundaries": boundary_network.version(),
        **{f"stage {s.name}": f"{s.version} {records.fingerprint(config.options.get(s.name, {}))}" for s in stages},
        **{f"file {name}": sha256_of(archive.root / name) for name in files},
    }


def own_inputs(archive: Archive, recording: Recording, sha256: Callable[[Path], str]) -> dict[str, str]:
    """What only this speech's analysis is made from, by name; `sha256` hashes a file."""
    codes = archive.codes_path(recording.speech_id)
    return {"recording": records.fingerprint(recording), "voice": recording.extra.get("voice", ""),
            "transcript": sha256(archive.transcript_path(recording.speech_id)),
            **({"codes": sha256(codes)} if codes.exists() else {})}


def why_analyze(known: Mapping[str, str] | None, wanted: Mapping[str, str]) -> str:
    """Why an analysis that was made from `known` is not one of `wanted`; empty where it is."""
    if known is None:
        return "new"
    if "failed" in known:
        return "failed before"
    changed = [name for name in sorted({*known, *wanted}) if known.get(name) != wanted.get(name)]
    return ", ".join(dict.fromkeys(_told(name, known.get(name), wanted.get(name)) for name in changed))


def _told(name: str, old: str | None, new: str | None) -> str:
    """A changed input in words."""
    if name in ("rhetoric", "schema"):
        return "another version of rhetoric"
    words = {"recording": "changed row of the catalog", "voice": "another voice", "transcript": "changed transcript",
             "reader": "another reader", "lexicons": "other word lists", "codes": "other codes by people"}
    if name in words:
        return words[name]
    if old is None or new is None:
        return f"{name} {'is new' if old is None else 'is gone'}"
    if name.startswith("stage "):
        versions = old.split()[0], new.split()[0]
        return f"changed options: {name}" if versions[0] == versions[1] else f"{name}: {' → '.join(versions)}"
    return f"changed {name}"


# --- reports -------------------------------------------------------------------------------------------------------


def report_inputs(archive: Archive, recordings: Sequence[Recording], *, by: str) -> str:
    """A fingerprint of everything that a report in the archive's own language and title is made from."""
    from rhetoric.tables import SCHEMAS

    digest = hashlib.sha256()
    parts = (Path(__file__).parent / part for part in ("compare", "report"))
    program = sorted(path for part in parts for path in part.rglob("*") if "__pycache__" not in path.parts)
    config = msgspec.structs.replace(archive.config, run=RunConfig(), storage=StorageConfig())  # where and how many
    for value in (rhetoric.__version__, by, config, SCHEMAS, len(archive.recordings()),
                  [(path.name, path.stat().st_mtime_ns) for path in program if path.is_file()]):
        digest.update(records.fingerprint(value).encode())
    for recording in recordings:
        made_from = records.inputs_of(archive.analysis, recording.speech_id)
        digest.update(f"{recording.speech_id} {records.fingerprint(made_from)}\n".encode())
    return digest.hexdigest()


def is_fresh_report(out: Path, made_from: str) -> bool:
    """True if the report in a folder is whole, and was made from exactly this."""
    try:
        head = (out / REPORT_MARK).read_text(encoding="utf-8").split("\n", 1)[0]
    except (OSError, UnicodeDecodeError):
        return False
    return head == f"{MADE_FROM}{made_from}" and all((out / name).is_file() for name in written_before(out))


def written_before(out: Path, mark: str = REPORT_MARK) -> list[str]:
    """The files that the last report put there; only plain names inside the folder count."""
    try:
        names = (out / mark).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [name for name in names if name and not name.startswith(MADE_FROM)
            and ".." not in Path(name).parts and not Path(name).is_absolute()]
