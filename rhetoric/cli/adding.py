"""The work behind `rhetoric add` and `rhetoric status`: files into an archive, and what has become of them."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rhetoric import records
from rhetoric.archive import (
    Archive,
    free_id,
    id_faults,
    init_archive,
    open_archive,
    put,
    recording_faults,
    write_catalog,
)
from rhetoric.cli.captions import check_captions, check_length
from rhetoric.cli.output import say
from rhetoric.config import CONFIG_NAME
from rhetoric.errors import ArchiveError, AudioError, CatalogError, RhetoricError
from rhetoric.files import locked, sha256_of
from rhetoric.pipeline import (
    DONE,
    FAILED,
    Outcome,
    check_words,
    is_damaged,
    read_transcript,
    reason_to_keep_transcript,
    seconds_heard,
)
from rhetoric.transcribe.formats import IMPORT_SUFFIXES
from rhetoric.types import Recording

LOG = logging.getLogger(__name__)

TEXT_SUFFIXES = frozenset(IMPORT_SUFFIXES)
MEDIA_SUFFIXES = frozenset(
    f".{name}" for name in ("aac", "aif", "aiff", "avi", "flac", "m4a", "m4v", "mka", "mkv", "mov", "mp3", "mp4",
                            "mpeg", "mpg", "oga", "ogg", "opus", "ts", "wav", "webm", "wma", "wmv"))
YEAR_IN_NAME = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?:[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the user said of the files that are added."""

    speaker: str = ""
    organisation: str = ""
    event: str = ""
    date: str = ""
    language: str = ""
    title: str = ""
    source: str = ""
    licence: str = ""
    voice: str = ""


def open_or_init(folder: Path) -> Archive:
    """The archive in or above a folder; where there is none, the folder becomes one.

    Raises:
        ArchiveError, ConfigError: it cannot be made or opened.
    """
    try:
        return open_archive(folder)
    except ArchiveError:
        if (folder / CONFIG_NAME).exists():
            raise
        archive = init_archive(folder)
        say(f"made an archive in {archive.root}")
        return archive


def expand(files: Sequence[Path]) -> list[Path]:
    """The files named, and for a folder the recordings and transcripts directly in it, sorted by name."""
    found: list[Path] = []
    for file in files:
        if file.is_dir():
            found += sorted(path for path in file.iterdir() if path.is_file() and not path.name.startswith(".")
                            and path.suffix.lower() in TEXT_SUFFIXES | MEDIA_SUFFIXES)
        else:
            found.append(file)
    return found


def date_in_name(name: str) -> str:
    """A date in a file name (`launch_2021-08-10.mp3`, `keynote2021`), or nothing."""
    match = YEAR_IN_NAME.search(name)
    return "-".join(part for part in match.groups() if part) if match else ""


def add_files(archive: Archive, files: Sequence[Path], facts: Facts, speech_id: str = "") -> Iterator[Outcome]:
    """Add files one by one; a bad file is a failed outcome, and the rest go on.

    Raises:
        ArchiveError: another run holds the archive.
        CatalogError: a given id, date or language cannot be used.
    """
    paths = expand(files)
    if speech_id and len({path.stem for path in paths}) > 1:
        raise CatalogError(f"--id {speech_id} names one speech, but {len(paths)} files were given; add them one by one")
    if faults := id_faults(speech_id) if speech_id else []:
        raise CatalogError(f"--id: {'; '.join(faults)}")
    with locked(archive.root):
        for path in paths:
            try:
                recording, detail = _add_file(archive, path, facts, speech_id)
                yield Outcome(speech_id=recording.speech_id, step="add", status=DONE, detail=detail)
            except RhetoricError as error:
                yield Outcome(speech_id=path.name, step="add", status=FAILED, detail=str(error))
            except Exception as error:  # a file from outside may be wrong in any way; the others go on
                LOG.debug("adding %r failed", path, exc_info=True)
                reason = f"{path}: cannot be added ({type(error).__name__}: {error})"
                yield Outcome(speech_id=path.name, step="add", status=FAILED, detail=reason)


def stem_of(path: Path) -> str:
    """A file's name without its ending; bytes that are no UTF-8 are replaced, so that it can be written down."""
    return os.fsencode(path.stem).decode("utf-8", "replace")


def _partner(archive: Archive, rows: Sequence[Recording], path: Path, speech_id: str) -> Recording | None:
    """The speech that a file completes: a recording its transcript, or a transcript its recording.

    Raises:
        CatalogError: the id that the user gave is taken by a speech that has such a file already.
    """
    wanted = (speech_id or free_id(stem_of(path), ())).casefold()
    found = next((row for row in rows if row.speech_id.casefold() == wanted), None)
    if found is None:
        return None
    text = path.suffix.lower() in TEXT_SUFFIXES
    taken = _has_given_text(archive, found) if text else bool(found.file)
    if not taken:
        return found
    if speech_id:
        kind = "a transcript" if text else "a recording"
        raise CatalogError(f"{path}: {found.speech_id} has {kind} already; choose another --id, or first "
                           f"`rhetoric remove {found.speech_id}`")
    return None


def _has_given_text(archive: Archive, recording: Recording) -> bool:
    """True if a transcript is there that the user gave; what was heard can be heard again, and may be replaced."""
    path = archive.transcript_path(recording.speech_id)
    if not path.exists():
        return False
    try:
        return not recording.file or read_transcript(path).engine.startswith(("import:", "align:"))
    except RhetoricError:
        return True


def _add_file(archive: Archive, path: Path, facts: Facts, speech_id: str) -> tuple[Recording, str]:
    if not path.is_file():
        raise ArchiveError(f"{path}: no such file; check the path")
    rows = archive.recordings()
    same = _partner(archive, rows, path, speech_id)
    said = asdict(facts)
    voice = {"voice": voice} if (voice := said.pop("voice")) else {}
    stem = stem_of(path)
    recording = same or Recording(
        speech_id=speech_id or free_id(stem, (r.speech_id for r in rows)), extra=voice,
        **{**said, "date": facts.date or date_in_name(stem), "title": facts.title or stem})
    if faults := recording_faults(recording):
        raise CatalogError(f"{path}: {'; '.join(faults)}; nothing was added")
    recording, detail = (_add_text if path.suffix.lower() in TEXT_SUFFIXES else _add_media)(archive, path, recording)
    write_catalog(archive.catalog_path, put(rows, recording))
    return recording, detail


def _add_media(archive: Archive, path: Path, recording: Recording) -> tuple[Recording, str]:
    from rhetoric.transcribe.containers import probe

    info = probe(path)
    if not info.has_audio:
        raise AudioError(f"{path}: holds no sound; give a recording with an audio stream")
    check_length(archive, replace(recording, file=path.name, duration_s=info.duration_s), path)
    _refuse_same(archive, sha256 := sha256_of(path), path)
    audio, here = archive.audio.resolve(), path.resolve()
    if here.is_relative_to(audio):
        file = here.relative_to(audio).as_posix()
    else:
        file = f"{recording.speech_id}{path.suffix.lower()}"
        _copy(path, audio / file)
    return (replace(recording, file=file, sha256=sha256, duration_s=info.duration_s),
            f"recording, {info.duration_s or 0:,.0f} s of {info.codec}")


def _refuse_same(archive: Archive, sha256: str, path: Path) -> None:
    twin = next((r.speech_id for r in archive.recordings() if r.file and r.sha256 == sha256), "")
    if twin:
        raise CatalogError(f"{path}: is in the archive already, as {twin}; nothing was added")


def _copy(path: Path, target: Path) -> None:
    """Copy a recording in: whole or not at all, never over another file."""
    part = target.with_name(f".{target.name}.part")
    if target.exists():
        raise ArchiveError(f"{target}: is there already; name the speech with --id")
    try:
        shutil.copyfile(path, part)
        part.replace(target)
    except OSError as error:
        raise ArchiveError(f"{target}: cannot be written ({error.strerror}); free space or check permissions"
                           ) from error
    finally:
        part.unlink(missing_ok=True)


def _add_text(archive: Archive, path: Path, recording: Recording) -> tuple[Recording, str]:
    from rhetoric.transcribe.formats import import_transcript
    from rhetoric.transcribe.transcript_file import write_transcript

    transcript = import_transcript(path, speech_id=recording.speech_id, language=recording.language)
    check_words(transcript)
    remark = check_captions(archive, recording, transcript, path)
    write_transcript(transcript, archive.transcript_path(recording.speech_id))
    characters = sum(len(segment.text) for segment in transcript.segments)
    timed = transcript.segments[0].start_s is not None
    detail = f"transcript, {transcript.language}, {characters:,} characters, "
    detail += f"{'timed' if timed else 'without times'}{remark}"
    return replace(recording, language=transcript.language,
                   duration_s=recording.duration_s or transcript.duration_s), detail


def state_of(archive: Archive, recording: Recording) -> dict[str, str]:
    """What has become of a speech: its language, transcript, analysis, and what is wrong with it."""
    speech_id = recording.speech_id
    path = archive.transcript_path(speech_id)
    language, transcript, problem = recording.language, "missing", ""
    if path.exists():
        try:
            found = read_transcript(path)
            given = found.engine.startswith(("import:", "align:"))
            language, transcript = found.language, found.engine if given else found.model
            if recording.file and not reason_to_keep_transcript(archive, recording):
                transcript += " (stale)"
            if is_damaged(found):
                problem = "the recording is cut off or damaged: part of it could not be decoded"
        except RhetoricError as error:
            transcript, problem = "damaged", str(error)
    if begun := seconds_heard(archive, recording):
        done, total = (round(seconds / 60) for seconds in begun)
        transcript = f"in progress {done} of {total} min"
    if recording.file and not (archive.audio / recording.file).is_file():
        problem = f"audio/{recording.file} is not there"
    elif not recording.file and transcript == "missing":
        problem = "neither recording nor transcript; add one with `rhetoric add --id`"
    analysed = records.has_analysis(archive.analysis, speech_id)
    failures = [f"{step}: {reason}" for step in ("transcribe", "analyze")
                if (reason := records.failure(archive.analysis, speech_id, step))]
    return {"speech_id": speech_id, "language": language, "transcript": transcript,
            "analysis": "done" if analysed else "missing", "problem": "; ".join(filter(None, (problem, *failures)))}
