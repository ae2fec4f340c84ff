"""The work behind `rhetoric add` and `rhetoric status`: files into an archive, and what has become of them."""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from rhetoric import records
from rhetoric.archive import Archive, id_faults, init_archive, open_archive, recording_faults
from rhetoric.cli.captions import check_captions, check_length
from rhetoric.cli.lists import Facts, Given, is_list, read_list
from rhetoric.cli.output import in_quarantine, say
from rhetoric.config import CONFIG_NAME
from rhetoric.errors import ArchiveError, AudioError, CatalogError, FormatError, RhetoricError
from rhetoric.feeds import read_feed
from rhetoric.files import locked, sha256_of
from rhetoric.jobs import DONE, FAILED, SKIPPED, Outcome
from rhetoric.notebook import Notebook
from rhetoric.pipeline import (
    check_words,
    is_damaged,
    read_transcript,
    seconds_heard,
    tidy,
)
from rhetoric.plan import judge_transcript
from rhetoric.rows import Rows, id_of
from rhetoric.storage import Storage, as_url, is_url, name_of
from rhetoric.transcribe.formats import IMPORT_SUFFIXES
from rhetoric.types import Recording

LOG = logging.getLogger(__name__)

TEXT_SUFFIXES = frozenset(IMPORT_SUFFIXES)
MEDIA_SUFFIXES = frozenset(
    f".{name}" for name in ("aac", "aif", "aiff", "avi", "flac", "m4a", "m4v", "mka", "mkv", "mov", "mp3", "mp4",
                            "mpeg", "mpg", "oga", "ogg", "opus", "ts", "wav", "webm", "wma", "wmv"))
METADATA_SUFFIX = ".info.json"  # what yt-dlp writes beside a recording
YEAR_IN_NAME = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?:[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)")


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


def expand(files: Sequence[Path], facts: Facts, speech_id: str, storage: Storage) -> list[Given]:
    """What is to be added: the files named, those that a list names with what it says of them, and for a folder, here
    or at a URL, the recordings and transcripts directly in it, sorted by name.

    Raises:
        CatalogError: a list is no table.
        StorageError: a folder at a URL may not be read, or cannot be reached.
    """
    found: list[Given] = []
    for file in files:
        if is_url(url := as_url(str(file))):
            known = file.suffix.lower() in TEXT_SUFFIXES | MEDIA_SUFFIXES
            found += [Given(Path(name_of(one)), facts, speech_id, url=one)
                      for one in ([url] if known else storage.files(url))
                      if known or (Path(one).suffix.lower() in TEXT_SUFFIXES | MEDIA_SUFFIXES
                                   and not one.endswith(METADATA_SUFFIX))]
        elif file.is_dir():
            found += [Given(path, facts, speech_id) for path in sorted(file.iterdir())
                      if path.is_file() and not path.name.startswith(".")
                      and path.suffix.lower() in TEXT_SUFFIXES | MEDIA_SUFFIXES
                      and not path.name.endswith(METADATA_SUFFIX)]
        elif is_list(file):
            found += read_list(file, facts)
        else:
            found.append(Given(file, facts, speech_id))
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
    storage = archive.storage()
    given = expand(files, facts, speech_id, storage)
    if speech_id and len({one.path.stem for one in given}) > 1:
        raise CatalogError(f"--id {speech_id} names one speech, but {len(given)} files were given; add them one by one")
    if faults := id_faults(speech_id) if speech_id else []:
        raise CatalogError(f"--id: {'; '.join(faults)}")
    with locked(archive.root):
        tidy(archive)
        rows = Rows(archive.catalog_path)
        try:
            for one in given:
                yield _outcome(archive, rows, one, storage)
        finally:
            rows.write()


def _outcome(archive: Archive, rows: Rows, given: Given, storage: Storage) -> Outcome:
    """Add a file, or say why not."""
    path = given.path
    try:
        recording, detail = _add_file(archive, rows, given, storage)
        return Outcome(speech_id=recording.speech_id, step="add", status=DONE, detail=detail)
    except RhetoricError as error:
        return Outcome(speech_id=path.name, step="add", status=FAILED, detail=str(error))
    except Exception as error:  # a file from outside may be wrong in any way; the others go on
        LOG.debug("adding %r failed", path, exc_info=True)
        reason = f"{path}: cannot be added ({type(error).__name__}: {error})"
        return Outcome(speech_id=path.name, step="add", status=FAILED, detail=reason)


def add_feed(archive: Archive, source: str, facts: Facts) -> Iterator[Outcome]:
    """Note what a feed or metadata file announces: rows with titles, dates and addresses. Nothing is fetched.

    Raises:
        FormatError: it cannot be read.
        ArchiveError: another run holds the archive.
    """
    entries = read_feed(source)
    with locked(archive.root):
        rows = Rows(archive.catalog_path)
        known = {row.source for row in rows}
        try:
            for entry in entries:
                if entry.source in known:
                    yield Outcome(speech_id=entry.title, step="add", status=SKIPPED, detail=f"{entry.source} is known")
                    continue
                known.add(entry.source)
                speech_id = rows.free_id(entry.name or entry.title)
                said = {key: value for key, value in asdict(facts).items() if key != "voice"}
                said |= {"title": facts.title or entry.title, "date": facts.date or entry.date, "source": entry.source}
                rows.put(Recording(**said, speech_id=speech_id, duration_s=entry.duration_s,
                                   extra={"voice": facts.voice} if facts.voice else {}))
                yield Outcome(speech_id=speech_id, step="add", status=DONE,
                              detail=f"noted, not fetched: {entry.source}")
        finally:
            rows.write()


def stem_of(path: Path) -> str:
    """A file's name without its ending; bytes that are no UTF-8 are replaced, so that it can be written down."""
    return os.fsencode(path.stem).decode("utf-8", "replace")


def _partner(archive: Archive, rows: Rows, given: Given) -> Recording | None:
    """The speech that a file completes: a recording its transcript, or a transcript its recording.

    Raises:
        CatalogError: the id that the user gave is taken by a speech that has such a file already.
    """
    path = given.path
    found = rows.find(given.speech_id or id_of(stem_of(path)))
    if found is None:
        return None
    text = path.suffix.lower() in TEXT_SUFFIXES
    taken = _has_given_text(archive, found) if text else bool(found.file)
    if not taken:
        return found
    if given.speech_id:
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


def _add_file(archive: Archive, rows: Rows, given: Given, storage: Storage) -> tuple[Recording, str]:
    path, facts = given.path, given.facts
    if not given.url and not path.is_file():
        raise ArchiveError(f"{path}: no such file; check the path")
    same = _partner(archive, rows, given)
    said = asdict(facts)
    voice = {"voice": voice} if (voice := said.pop("voice")) else {}
    stem = stem_of(path)
    recording = same or Recording(
        speech_id=given.speech_id or rows.free_id(stem), extra={**given.extra, **voice},
        **{**said, "date": facts.date or date_in_name(stem), "title": facts.title or stem})
    if faults := recording_faults(recording):
        raise CatalogError(f"{path}: {'; '.join(faults)}; nothing was added")
    if given.url:
        recording, detail = _add_url(archive, rows, given, recording, storage)
    elif path.suffix.lower() in TEXT_SUFFIXES:
        recording, detail = _add_text(archive, path, recording)
    else:
        recording, detail = _add_media(archive, rows, path, recording)
    rows.put(recording)
    return recording, detail


def _add_media(archive: Archive, rows: Rows, path: Path, recording: Recording) -> tuple[Recording, str]:
    from rhetoric.transcribe.containers import probe

    info = probe(path)
    if not info.has_audio:
        raise AudioError(f"{path}: holds no sound; give a recording with an audio stream")
    check_length(archive, replace(recording, file=path.name, duration_s=info.duration_s), path)
    sha256 = sha256_of(path)
    if twin := rows.twin(sha256):
        raise CatalogError(f"{path}: is in the archive already, as {twin}; nothing was added")
    audio, here = archive.audio.resolve(), path.resolve()
    if here.is_relative_to(audio):
        file = here.relative_to(audio).as_posix()
    else:
        file = f"{recording.speech_id}{path.suffix.lower()}"
        _copy(path, audio / file, sha256)
    return (replace(recording, file=file, sha256=sha256, duration_s=info.duration_s),
            f"recording, {info.duration_s or 0:,.0f} s of {info.codec}")


def _add_url(archive: Archive, rows: Rows, given: Given, recording: Recording, storage: Storage
             ) -> tuple[Recording, str]:
    """A recording at a URL is noted, and fetched when it is heard; a transcript is fetched and read now."""
    url = given.url
    if given.path.suffix.lower() in TEXT_SUFFIXES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / given.path.name
            with storage.fetched(url, path):
                try:
                    return _add_text(archive, path, recording)
                except FormatError as error:
                    raise FormatError(str(error).replace(str(path), url)) from error
    state = storage.state(url)
    if twin := rows.twin(url):
        raise CatalogError(f"{url}: is in the archive already, as {twin}; nothing was added")
    return replace(recording, file=url), f"recording of {state.size / 1e6:,.1f} MB at its URL, not fetched yet"


def _copy(path: Path, target: Path, sha256: str) -> None:
    """Copy a recording in: whole or not at all, never over another file."""
    part = target.with_name(f".{target.name}.part")
    if target.is_file() and sha256_of(target) == sha256:
        return  # a killed run had copied it, and not yet noted it
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


def state_of(archive: Archive, recording: Recording, notebook: Notebook | None = None,
             storage: Storage | None = None) -> dict[str, str]:
    """What has become of a speech: its language, transcript, analysis, invented text, and what is wrong with it.

    Who asks for thousands gives a `notebook`, opened once, and a `storage` that has looked at what lies at URLs.
    """
    storage = storage or archive.storage()
    speech_id = recording.speech_id
    path = archive.transcript_path(speech_id)
    language, transcript, problem, doubts = recording.language, "missing", "", ""
    if path.exists():
        try:
            found = read_transcript(path)
            given = found.engine.startswith(("import:", "align:"))
            language, transcript = found.language, found.engine if given else found.model
            known = notebook or Notebook(archive.analysis)
            if recording.file and not judge_transcript(archive, recording, known, storage, look_only=True)[0]:
                transcript += " (stale)"
            doubts = in_quarantine(found)
            if is_damaged(found):
                problem = "the recording is cut off or damaged: part of it could not be decoded"
        except RhetoricError as error:
            transcript, problem = "damaged", str(error)
    if begun := seconds_heard(archive, recording):
        done, total = (round(seconds / 60) for seconds in begun)
        transcript = f"in progress {done} of {total} min"
    if is_url(recording.file):
        problem = _fault_of_url(storage, recording.file) or problem
    elif recording.file and not (archive.audio / recording.file).is_file():
        problem = f"audio/{recording.file} is not there"
    elif not recording.file and transcript == "missing":
        problem = "neither recording nor transcript; add one with `rhetoric add --id`"
    analysed = records.has_analysis(archive.analysis, speech_id)
    failures = [f"{step}: {reason}" for step in ("transcribe", "analyze")
                if (reason := records.failure(archive.analysis, speech_id, step))]
    return {"speech_id": speech_id, "language": language, "transcript": transcript,
            "analysis": "done" if analysed else "missing", "quarantine": doubts,
            "problem": "; ".join(filter(None, (problem, *failures)))}


def _fault_of_url(storage: Storage, url: str) -> str:
    """What is wrong with a recording at a URL; empty where nothing is."""
    try:
        storage.state(url)
    except RhetoricError as error:
        return str(error)
    return ""
