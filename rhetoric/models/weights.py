"""Weights of speech recognisers by name: what exists, what is here, and how it gets here.

`manifest.toml` names every file with its size and SHA-256. Nothing is used before its hash was right: files are
gathered in a staging folder beside the model's own, hashed there, and the folder is renamed into place as a whole. A
marker file in it records what was verified, so that `find_model` need not read gigabytes again.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from rhetoric.errors import ModelError
from rhetoric.files import sha256_of

LOG = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes there will be."""

MANIFEST = Path(__file__).with_name("manifest.toml")
MARKER = ".verified.json"
FOLDER_VARIABLE = "RHETORIC_MODELS"
LOCK_WAIT_S = 3600
BLOCK = 1 << 20


class ModelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a model as it must be."""

    name: str
    size: int
    sha256: str


class MirrorMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member of a wheel that is a file of the model, or the next part of one."""

    file: str
    member: str


class MirrorWheel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data-only wheel of the user's package index; wheels are listed in the order in which parts are joined."""

    package: str
    version: str
    members: tuple[MirrorMember, ...]


class ModelEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model of the manifest."""

    about: str
    licence: str
    repo: str
    revision: str
    files: tuple[ModelFile, ...]
    mirror: tuple[MirrorWheel, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


class Marker(msgspec.Struct, frozen=True):
    """What was verified when a model was put in its folder."""

    source: str
    sha256: dict[str, str]


class ModelInfo(msgspec.Struct, frozen=True):
    """A line of `rhetoric models list`. `path` is None where the model is not here."""

    name: str
    about: str
    files: tuple[str, ...]
    size_bytes: int
    licence: str
    state: Literal["present", "absent"]
    path: Path | None


@cache
def manifest() -> dict[str, ModelEntry]:
    """All models by name, in the order of `manifest.toml`."""
    data = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))
    return msgspec.convert(data["models"], dict[str, ModelEntry])


def models_folder() -> Path:
    """Where models are kept: `RHETORIC_MODELS`, or the user's cache folder."""
    if given := os.environ.get(FOLDER_VARIABLE):
        return Path(given).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_path("rhetoric", appauthor=False)) / "models"


def list_models() -> tuple[ModelInfo, ...]:
    """Say of every model of the manifest what it is and whether it is here."""
    return tuple(_info(name, entry) for name, entry in manifest().items())


def _info(name: str, entry: ModelEntry) -> ModelInfo:
    here = find_model(name)
    return ModelInfo(name=name, about=entry.about, files=tuple(file.name for file in entry.files),
                     size_bytes=entry.size, licence=entry.licence, state="present" if here else "absent", path=here)


def find_model(name: str) -> Path | None:
    """Find a model that is already here, or None. `name` is one of the manifest or a folder with a model.

    Cheap: sizes and the marker of the verification are compared, files are not read.

    Raises:
        ModelError: the name is unknown, or the folder is no model.
    """
    if (folder := _as_folder(name)) is not None:
        return folder
    entry, folder = _entry(name), models_folder() / name
    try:
        marker = msgspec.json.decode((folder / MARKER).read_bytes(), type=Marker)
        whole = all(marker.sha256.get(file.name) == file.sha256 and (folder / file.name).stat().st_size == file.size
                    for file in entry.files)
    except (OSError, msgspec.DecodeError):
        return None
    return folder if whole else None


def get_model(name: str, *, offline: bool, source: Path | None = None, progress: Progress | None = None) -> Path:
    """Bring a model here if it is not, and check every hash. Returns its folder.

    `source` is a folder that holds the model's files; without it the hub's cache, the hub and the mirror are tried in
    this order. With `offline` nothing is fetched. Safe to call from several processes: one fetches, the others wait.

    Raises:
        ModelError: unknown name, no source has it, a wrong hash, or it is not here and `offline` forbids to fetch it.
    """
    if (folder := _as_folder(name)) is not None:
        return folder
    entry = _entry(name)
    from filelock import FileLock, Timeout

    root = _make_root()
    try:
        with FileLock(root / f".{name}.lock", timeout=LOCK_WAIT_S):
            if source is None and (here := find_model(name)) is not None and _is_whole(here, entry):
                return here
            return _bring(name, entry, root, offline=offline, source=source, progress=progress)
    except Timeout as error:
        raise ModelError(f"model {name}: another process has been fetching it for an hour; stop it, or delete "
                         f"{root / f'.{name}.lock'} if there is none") from error


def _make_root() -> Path:
    root = models_folder()
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"{root}: the models folder cannot be made ({error.strerror}); set {FOLDER_VARIABLE} to a "
                         "folder you can write to") from error
    return root


def _entry(name: str) -> ModelEntry:
    try:
        return manifest()[name]
    except KeyError:
        raise ModelError(f"unknown model {name!r}; known are {', '.join(manifest())}, or the path of a folder with a "
                         "CTranslate2 Whisper model") from None


def _as_folder(name: str) -> Path | None:
    """A model given by its path. Names of the manifest win over folders of the same name."""
    if name in manifest():
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir():
        return None
    absent = [needed for needed in ("model.bin", "config.json", "tokenizer.json") if not (folder / needed).is_file()]
    if not any(folder.glob("vocabulary.*")):
        absent.append("vocabulary.txt or .json")
    if absent:
        raise ModelError(f"{folder}: not a CTranslate2 Whisper model: {', '.join(absent)} absent; give a folder that "
                         f"holds one, or a name ({', '.join(manifest())})")
    return folder


def _bring(name: str, entry: ModelEntry, root: Path, *, offline: bool, source: Path | None,
           progress: Progress | None) -> Path:
    """Gather, verify, and put into place. Runs under the model's lock."""
    from rhetoric.models import sources

    # Left over by a process that was killed: nobody else can be working here, we hold the lock.
    for old in root.glob(f".{name}.staging-*"):
        shutil.rmtree(old, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{name}.staging-", dir=root))
    try:
        came_from = sources.gather(name, entry, staging, offline=offline, source=source, progress=progress)
        marker = Marker(source=came_from, sha256={file.name: file.sha256 for file in entry.files})
        (staging / MARKER).write_bytes(msgspec.json.format(msgspec.json.encode(marker), indent=1))
        return _put_in_place(staging, root / name)
    except OSError as error:
        raise ModelError(f"model {name}: {root}: {error.strerror or error}; it needs {entry.size / 1e6:.0f} MB of free "
                         f"space in a folder you can write to (set {FOLDER_VARIABLE} to choose another)") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _put_in_place(staging: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)  # damaged, or to be replaced from a folder the user named
    os.replace(staging, folder)
    return folder


def _is_whole(folder: Path, entry: ModelEntry) -> bool:
    """Read every file and compare hashes."""
    for file in entry.files:
        if (found := sha256_of(folder / file.name)) != file.sha256:
            LOG.warning("%s has SHA-256 %s, not %s: it is damaged and will be fetched again", folder / file.name,
                        found, file.sha256)
            return False
    return True
