"""Atomic writes and the lock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rhetoric import files
from rhetoric.errors import ArchiveError
from rhetoric.files import locked, sha256_of, write_atomic


def test_a_file_is_whole_and_readable_by_others(tmp_path):
    path = tmp_path / "deep" / "file.json"
    write_atomic(path, b"one")
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o666 & ~files._umask()
    assert [p.name for p in path.parent.iterdir()] == ["file.json"]


def test_a_full_disk_leaves_the_old_file_and_no_part(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomic(path, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(ArchiveError, match="No space left on device"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_second_run_is_refused_with_the_first_ones_number(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", "import sys; from pathlib import Path; from rhetoric.files import locked\n"
         f"with locked(Path({str(tmp_path)!r})): print('held', flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        with pytest.raises(ArchiveError, match=f"process {holder.pid}"), locked(tmp_path):
            pass
    finally:
        holder.kill()
        holder.wait()
    with locked(tmp_path):  # the dead one's lock is free
        assert (tmp_path / ".rhetoric.lock.owner").read_text() == str(os.getpid())


def test_a_missing_file_has_no_hash(tmp_path):
    with pytest.raises(ArchiveError, match="cannot be read"):
        sha256_of(Path(tmp_path / "none"))


def test_a_changed_file_has_another_hash(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"one")
    first = sha256_of(path)
    assert sha256_of(path) == first
    path.write_bytes(b"four")
    assert sha256_of(path) != first
