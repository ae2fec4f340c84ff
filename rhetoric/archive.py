"""An archive: a folder with `rhetoric.toml`, `audio/` and its catalog, `transcripts/`, `analysis/`, `reports/`.

The catalog is a CSV that people edit in spreadsheets, so it is read with tolerance (byte-order mark, GB18030,
semicolons) and checked with none: every bad row is named with its line.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path, PurePosixPath

from rhetoric.config import CONFIG_NAME, Config, read_config
from rhetoric.errors import ArchiveError, CatalogError
from rhetoric.files import write_atomic
from rhetoric.storage import State, Storage, is_url, name_of, url_faults
from rhetoric.types import Option, Recording

COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Recording) if f.name != "extra")
MAX_DURATION_S = 1e6
MAX_ID_BYTES = 160  # with room for the endings of the files that are named by it
CACHE_VARIABLE = "RHETORIC_CACHE"
ID_PATTERN = re.compile(r"\w[\w.-]{0,79}")
DATE_PATTERN = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
LANGUAGE_PATTERN = re.compile(r"[a-z]{2,3}")
# Names that Windows refuses whatever their ending.
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)

CONFIG_TEMPLATE = """\
# A rhetoric archive. `rhetoric config` prints every key with its value.

[archive]
name = {name}

[transcribe]
model = "base"          # base is quick; large-v3 hears names better: rhetoric models list
"""


@dataclass(frozen=True, slots=True)
class Archive:
    """Where everything of an archive lies, and how it is configured."""

    root: Path
    config: Config

    @property
    def catalog_path(self) -> Path:
        """The list of recordings."""
        return self.root / "audio" / "catalog.csv"

    @property
    def audio(self) -> Path:
        """The folder of the recordings."""
        return self.root / "audio"

    @property
    def transcripts(self) -> Path:
        """The folder of the transcripts."""
        return self.root / "transcripts"

    @property
    def analysis(self) -> Path:
        """The folder of the analyses' tables."""
        return self.root / "analysis"

    def codes_path(self, speech_id: str) -> Path:
        """What people coded in a speech."""
        return self.root / "codes" / f"{speech_id}.tsv"

    @property
    def reader(self) -> Path | None:
        """The folder of a sentence reader of the archive's own; None: the installed one."""
        return self.root / self.config.reader if self.config.reader else None

    @property
    def word_lists(self) -> tuple[str, ...]:
        """The word lists that the options of stages name, as written, each once."""
        named = (value for options in self.config.options.values() for value in options.values() if _is_list(value))
        return tuple(dict.fromkeys(map(str, named)))

    @property
    def options(self) -> dict[str, dict[str, Option]]:
        """The options of each stage; the path of a word list (`.tsv`) begins at the archive, wherever one stands."""
        return {stage: {name: str(self.root / str(value)) if _is_list(value) else value
                        for name, value in options.items()} for stage, options in self.config.options.items()}

    @property
    def reports(self) -> Path:
        """The folder of the reports."""
        return self.root / "reports"

    def with_config(self, config: Config) -> Archive:
        """The same folder under another configuration."""
        return replace(self, config=config)

    def audio_path(self, recording: Recording) -> Path:
        """The file of a recording.

        Raises:
            CatalogError: the speech has no recording, or its path leads out of `audio/` through a link.
        """
        if not recording.file:
            raise CatalogError(f"{self.catalog_path}: {recording.speech_id} has no recording; it was added as text")
        if is_url(recording.file):
            raise CatalogError(f"{self.catalog_path}: {recording.speech_id} lies at {recording.file}, not in audio/")
        path = self.audio / recording.file
        if not path.resolve().is_relative_to(self.audio.resolve()):
            raise CatalogError(f"{self.catalog_path}: {recording.speech_id}: {recording.file} leads out of audio/; "
                               "put the recording itself there")
        return path

    def storage(self, *, offline: bool = False) -> Storage:
        """What may be read at URLs."""
        return Storage(self.config.storage.allow, offline=offline)

    @property
    def fetched(self) -> Path:
        """Where recordings from elsewhere lie while they are heard: here, or on a disk of each machine's own."""
        if not (elsewhere := os.environ.get(CACHE_VARIABLE)):
            return self.audio / ".fetched"
        return Path(elsewhere) / hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]

    @contextmanager
    def sound(self, recording: Recording, storage: Storage | None = None) -> Iterator[tuple[Path, State | None]]:
        """The file of a recording, fetched first where it lies at a URL; then with what it was like there.

        Raises:
            CatalogError: see `audio_path`.
            StorageError, ArchiveError: see `Storage.fetched`.
        """
        if not is_url(recording.file):
            yield self.audio_path(recording), None
            return
        part = self.fetched / f".{recording.speech_id}{PurePosixPath(name_of(recording.file)).suffix}.part"
        with (storage or self.storage()).fetched(recording.file, part) as state:
            yield part, state

    def transcript_path(self, speech_id: str) -> Path:
        """The transcript of a speech."""
        return self.transcripts / f"{speech_id}.json"

    def journal_path(self, speech_id: str) -> Path:
        """What is heard so far of a speech whose transcript is not finished."""
        return self.transcripts / ".journal" / f"{speech_id}.jsonl"

    def recordings(self) -> tuple[Recording, ...]:
        """The rows of the catalog.

        Raises:
            CatalogError: see `read_catalog`.
        """
        return read_catalog(self.catalog_path)


def _is_list(value: Option) -> bool:
    return isinstance(value, str) and value.endswith(".tsv")


def open_archive(folder: Path) -> Archive:
    """Open the archive in `folder` or the nearest one above it.

    Raises:
        ArchiveError: there is none.
        ConfigError: its `rhetoric.toml` cannot be used.
    """
    if not folder.is_dir():
        raise ArchiveError(f"{folder}: no such folder; make an archive there with `rhetoric init`")
    for root in (folder.resolve(), *folder.resolve().parents):
        if (root / CONFIG_NAME).is_file():
            return Archive(root, read_config(root / CONFIG_NAME))
    raise ArchiveError(f"{folder}: no {CONFIG_NAME} here or above; make an archive with `rhetoric init`, "
                       "or name one with --archive")


def init_archive(root: Path, name: str = "") -> Archive:
    """Make an empty archive. Files that are there already stay as they are.

    Raises:
        ArchiveError: the folder is an archive already or cannot be written.
    """
    import json

    if (root / CONFIG_NAME).exists():
        raise ArchiveError(f"{root}: is an archive already; add to it with `rhetoric add`")
    # A JSON string is a TOML basic string.
    config = CONFIG_TEMPLATE.format(name=json.dumps(name or root.resolve().name, ensure_ascii=False))
    if not (root / "audio" / "catalog.csv").exists():
        write_catalog(root / "audio" / "catalog.csv", ())
    try:
        for folder in ("transcripts", "analysis", "reports"):
            (root / folder).mkdir(exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{root}: cannot be written ({error.strerror}); check permissions") from error
    write_atomic(root / CONFIG_NAME, config.encode())
    return open_archive(root)


def decode_text(content: bytes, where: str) -> str:
    """Bytes of a text file -> text: UTF-8 with or without a mark, UTF-16 with one, else GB18030.

    Raises:
        CatalogError: none of them fits.
    """
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CatalogError(f"{where}: neither UTF-8 nor GB18030; save it as UTF-8")


def read_catalog(path: Path) -> tuple[Recording, ...]:
    """Read and check the catalog; columns that are not ours are kept in `Recording.extra`.

    Raises:
        CatalogError: it is missing, not a table, or has bad rows (all of them are named, with their lines).
    """
    try:
        text = decode_text(path.read_bytes(), str(path))
    except OSError as error:
        raise CatalogError(f"{path}: cannot be read ({error.strerror}); `rhetoric init` makes one") from error
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
    except csv.Error as error:
        raise CatalogError(f"{path}:1: its first line cannot be read ({error}); check its quotes") from error
    if "speech_id" not in header:
        raise CatalogError(f"{path}:1: no column `speech_id`; the first line must name the columns: "
                           f"{','.join(COLUMNS)}")
    reader.fieldnames = header
    recordings: list[Recording] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    try:
        for row in reader:
            line = reader.line_num
            if not any((value or "").strip() for value in row.values() if isinstance(value, str)):
                continue
            recording, faults = _recording_of(row)
            key = unicodedata.normalize("NFC", recording.speech_id).casefold()
            if key in seen:
                faults.append(f"speech_id {recording.speech_id!r} is already on line {seen[key]}")
            seen.setdefault(key, line)
            problems += [f"line {line}: {fault}" for fault in faults]
            recordings.append(recording)
    except csv.Error as error:
        raise CatalogError(f"{path}:{reader.line_num}: not a readable CSV row ({error}); check its quotes") from error
    if problems:
        raise CatalogError(f"{path}: {'; '.join(problems)}; correct the row{'s' if len(problems) > 1 else ''}")
    return tuple(recordings)


def _recording_of(row: dict[str, str]) -> tuple[Recording, list[str]]:
    """A row as a recording, and what is wrong with it."""
    faults: list[str] = []
    if None in row:
        faults.append("more cells than columns")
    values = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
    duration_s: float | None = None
    if given := values.get("duration_s"):
        try:
            duration_s = float(given)
        except ValueError:
            duration_s = math.nan
        if not 0 <= duration_s < MAX_DURATION_S:
            faults.append(f"duration_s {given!r} is no number of seconds")
            duration_s = None
    known = {key: values.get(key, "") for key in COLUMNS if key != "duration_s"}
    known["language"] = known["language"].replace("_", "-").split("-")[0].lower()
    extra = {key: value for key, value in values.items() if key not in COLUMNS and key}
    recording = Recording(**known, duration_s=duration_s, extra=extra)
    return recording, faults + recording_faults(recording)


def recording_faults(recording: Recording) -> list[str]:
    """What is wrong with a row of the catalog: empty where nothing is."""
    faults = id_faults(recording.speech_id) + _file_faults(recording.file)
    if recording.date and not DATE_PATTERN.fullmatch(recording.date):
        faults.append(f"date {recording.date!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    if recording.language and not LANGUAGE_PATTERN.fullmatch(recording.language):
        faults.append(f"language {recording.language!r} is not a code such as zh or en")
    return faults


def id_faults(speech_id: str) -> list[str]:
    """What is wrong with an id, which names files: empty where nothing is."""
    if not speech_id:
        return ["speech_id is empty"]
    if len(speech_id.encode("utf-8", "replace")) > MAX_ID_BYTES:
        return [f"speech_id {speech_id!r} is too long for a file name"]
    well_formed = ID_PATTERN.fullmatch(speech_id) and ".." not in speech_id and not speech_id.endswith(".")
    if not well_formed or RESERVED.fullmatch(speech_id):
        return [f"speech_id {speech_id!r} cannot name a file: use letters, digits, - and _"]
    return []


def _file_faults(file: str) -> list[str]:
    if is_url(file):
        return url_faults(file)
    parts = PurePosixPath(file.replace("\\", "/")).parts
    if file and (file.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", file) or "\0" in file):
        return [f"file {file!r} must be a path inside audio/"]
    return []


def write_catalog(path: Path, recordings: Iterable[Recording]) -> None:
    """Write the catalog as UTF-8, whole or not at all.

    Raises:
        ArchiveError: it cannot be written.
    """
    recordings = tuple(recordings)
    extra = sorted({key for recording in recordings for key in recording.extra})
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*COLUMNS, *extra])
    for recording in recordings:
        cells = [getattr(recording, name) for name in COLUMNS[:-1]]
        duration = "" if recording.duration_s is None else f"{recording.duration_s:.3f}"
        writer.writerow([*cells, duration, *(recording.extra.get(key, "") for key in extra)])
    write_atomic(path, stream.getvalue().encode())


def select(recordings: Sequence[Recording], ids: Sequence[str]) -> tuple[Recording, ...]:
    """The recordings with these ids, in catalog order; all where no id is given.

    Raises:
        CatalogError: an id is not in the catalog.
    """
    if not ids:
        return tuple(recordings)
    known = {recording.speech_id for recording in recordings}
    unknown = [speech_id for speech_id in ids if speech_id not in known]
    if unknown:
        raise CatalogError(f"no speech {', '.join(unknown)} in the catalog; `rhetoric status` lists the ids")
    return tuple(recording for recording in recordings if recording.speech_id in set(ids))
