"""`rhetoric` against everything that stops it, with real processes: after the next run all is as if nothing was.

The archives are small texts; what is heard is tested in `test_transcribe_faults.py`.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from rhetoric.archive import Archive
from tests.archives import build_archive, environment, is_alive, made, put_speech

WORDS = ("One", "Two", "Three", "Four", "Five", "Six")
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


def start(archive: Archive, *arguments: str, **options) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "rhetoric", *arguments], cwd=archive.root, env=environment(),
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", **options)


def finish(archive: Archive, *arguments: str, code: int = 0, **options) -> str:
    """What a run said on stderr."""
    running = start(archive, *arguments, **options)
    _, said = running.communicate(timeout=300)
    assert running.returncode == code, said
    assert "Traceback" not in said, said
    return said


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def left_behind(archive: Archive) -> list[str]:
    return [path.name for path in archive.root.rglob("*") if path.name.endswith((".part", ".owner"))]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory) -> tuple[dict[str, bytes], float]:
    """What an unbroken run makes, and how long it takes."""
    archive = build_archive(tmp_path_factory.mktemp("unbroken") / "a", *WORDS)
    began = time.monotonic()
    finish(archive, "analyze", "--engine", "processes", "--workers", "2")
    return made(archive), time.monotonic() - began


# How often; `pytest -m kills` kills fifty times, or as often as RHETORIC_KILLS says.
KILLS = int(os.environ.get("RHETORIC_KILLS", "50"))


@pytest.mark.parametrize("kills", [4, pytest.param(KILLS, marks=[pytest.mark.kills, pytest.mark.timeout(7200)])])
def test_killed_at_random_moments_it_ends_the_same(tmp_path, unbroken, kills):
    expected, takes_s = unbroken
    archive = build_archive(tmp_path / "a", *WORDS)
    moments = random.Random(13)
    killed = 0
    while killed < kills:
        running = start(archive, "analyze", "--engine", "processes", "--workers", "2")
        victim = moments.choice(["main", "worker"])
        ends_at = time.monotonic() + moments.uniform(0.2, 1.1) * takes_s
        workers: list[int] = []
        while time.monotonic() < ends_at and running.poll() is None:
            workers = children(running.pid) or workers
            time.sleep(0.005)
        if running.poll() is None:
            alive = [running.pid] if victim == "main" else children(running.pid)
            with suppress(ProcessLookupError):  # it ended just now
                if alive:
                    os.kill(moments.choice(alive), signal.SIGKILL)
                    killed += 1
        _, said = running.communicate(timeout=300)
        assert running.returncode in (0, -signal.SIGKILL), said  # a dead worker's speech is tried again
        for name, content in made(archive).items():
            assert name.endswith(".part") or expected[name] == content, name
        if running.returncode == 0:
            assert made(archive) == expected
            shutil.rmtree(archive.analysis)  # from the beginning
        assert not [pid for pid in workers if is_alive(pid) and not wait_for_end(pid)]
    finish(archive, "analyze", "--engine", "processes", "--workers", "2")
    assert made(archive) == expected
    assert not left_behind(archive)


def actors(pid: int) -> list[int]:
    """The actors of a Ray that a process has started: below it, and called by their class."""
    below, waiting = [], [pid]
    while waiting:
        found = [child for one in waiting for child in children(one)]
        below, waiting = below + found, found
    named = []
    for one in below:
        with suppress(OSError):
            if b"_Doer" in Path(f"/proc/{one}/cmdline").read_bytes():
                named.append(one)
    return named


@pytest.mark.ray
@pytest.mark.kills
@pytest.mark.timeout(7200)
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed: pip install 'rhetoric[ray]'")
def test_rays_actors_and_its_main_process_killed_at_random_moments_end_the_same(tmp_path, unbroken):
    expected, takes_s = unbroken
    archive = build_archive(tmp_path / "a", *WORDS)
    moments = random.Random(14)
    killed = {"main": 0, "actor": 0}
    while sum(killed.values()) < KILLS:
        running = start(archive, "analyze", "--engine", "ray", "--workers", "2")
        seen: list[int] = []
        while running.poll() is None and not (seen := actors(running.pid)):
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 1.0) * takes_s)  # it is killed in the middle of anything
        victim = moments.choice(["main", "actor"])
        alive = [running.pid] if victim == "main" else actors(running.pid)
        if running.poll() is None and alive:
            with suppress(ProcessLookupError):
                os.kill(moments.choice(alive), signal.SIGKILL)
                killed[victim] += 1
        _, said = running.communicate(timeout=600)
        assert running.returncode in (0, -signal.SIGKILL), said
        assert not [pid for pid in seen if is_alive(pid) and not wait_for_end(pid)]
        for name, content in made(archive).items():
            assert name.endswith(".part") or expected[name] == content, name
        if running.returncode == 0:
            assert made(archive) == expected
            shutil.rmtree(archive.analysis)
    assert min(killed.values()) > 0 or KILLS < 8
    finish(archive, "analyze", "--engine", "ray", "--workers", "2")
    assert made(archive) == expected
    assert not left_behind(archive)


def wait_for_end(pid: int) -> bool:
    deadline = time.monotonic() + 60
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.005)
    return not is_alive(pid)


def test_a_full_disk_is_told_and_costs_nothing(tmp_path, unbroken):
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    archive = build_archive(tmp_path / "a", *WORDS)
    said = finish(archive, "analyze", "--engine", "processes", code=1, preexec_fn=limited)
    assert "cannot be written (File too large); free space" in said
    assert not left_behind(archive)
    finish(archive, "analyze")
    assert made(archive) == unbroken[0]


def test_a_full_disk_while_adding_and_reporting_leaves_what_was_there(tmp_path):
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    archive = build_archive(tmp_path / "a", *WORDS)
    finish(archive, "run")
    catalog, analysed = archive.catalog_path.read_bytes(), made(archive)
    page = archive.reports / "by-year" / "index.html"
    before = page.read_bytes()
    long = tmp_path / "long.txt"
    long.write_text("We waited at the gate. " * 200, encoding="utf-8")
    assert "cannot be written (File too large)" in finish(archive, "add", str(long), code=1, preexec_fn=limited)
    assert "cannot be written (File too large)" in finish(archive, "report", "--by", "year", code=2, preexec_fn=limited)
    assert (archive.catalog_path.read_bytes(), page.read_bytes(), made(archive)) == (catalog, before, analysed)
    assert not left_behind(archive)
    assert "✓ add long" in finish(archive, "add", str(long))


def as_anybody() -> None:
    """Root may write everywhere, unless this right is taken from it."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def test_a_folder_that_cannot_be_written(tmp_path):
    archive = build_archive(tmp_path / "a", "One")
    for folder in (archive.root, archive.analysis):
        folder.chmod(0o555)
        try:
            said = finish(archive, "analyze", code=2, preexec_fn=as_anybody)
        finally:
            folder.chmod(0o755)
        assert "cannot be written (Permission denied)" in said
    finish(archive, "analyze")


def test_an_archive_of_which_nothing_can_be_written_is_still_read(tmp_path):
    """A CD, a snapshot, somebody else's share: what needs no writing works, what does says so in a line."""
    archive = build_archive(tmp_path / "a", "One", "Two")
    talk = tmp_path / "talk.txt"
    talk.write_text("We waited at the gate for three hours.", encoding="utf-8")
    finish(archive, "analyze")
    folders = [archive.root, *(path for path in archive.root.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        plan = start(archive, "run", "--dry-run", preexec_fn=as_anybody)
        assert "nothing to do" in plan.communicate()[0]
        assert plan.returncode == 0
        finish(archive, "status", preexec_fn=as_anybody)
        assert "nothing to do" in finish(archive, "analyze", preexec_fn=as_anybody)
        for command, code in ((["analyze", "--force"], 1), (["add", str(talk)], 1), (["run"], 2)):
            said = finish(archive, *command, code=code, preexec_fn=as_anybody)
            assert "cannot be written (Permission denied)" in said
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_a_table_of_an_earlier_schema_is_not_read_as_if_it_were_ours(tmp_path, unbroken):
    """Tables are rebuilt, not migrated: what they were made from names the schema."""
    import pyarrow.parquet as pq

    archive = build_archive(tmp_path / "a", *WORDS)
    finish(archive, "analyze")
    table = archive.analysis / "sentences" / "s0-one.parquet"
    older = pq.read_table(table)
    pq.write_table(older.drop_columns([older.column_names[-1]]).replace_schema_metadata(
        {b"rhetoric.schema_version": b"0"}), table)
    done = archive.analysis / "done" / "s0-one.json"
    done.write_text(done.read_text(encoding="utf-8").replace('"schema": "', '"schema": "0.'), encoding="utf-8")
    assert "✓ analyze s0-one" in finish(archive, "analyze")
    assert made(archive) == unbroken[0]


def test_a_transcript_of_another_schema_is_told_and_costs_only_itself(tmp_path):
    """One that was imported cannot be made again by us; the line says what to do."""
    archive = build_archive(tmp_path / "a", "One", "Two")
    path = archive.transcript_path("s0-one")
    path.write_text(path.read_text(encoding="utf-8").replace('"schema_version": 1', '"schema_version": 99'),
                    encoding="utf-8")
    said = finish(archive, "analyze", code=1)
    assert "schema_version is 99, this rhetoric reads 1" in said
    assert "import it again" in said
    assert "✓ analyze s1-two" in said


def test_two_runs_at_once_and_a_lock_whose_owner_is_dead(tmp_path):
    archive = build_archive(tmp_path / "a", "Hang")
    first = start(archive, "analyze", "--engine", "processes")
    while not (archive.root / "hanging").exists():
        assert first.poll() is None
        time.sleep(0.01)
    said = finish(archive, "analyze", code=2)
    assert f"another run (process {first.pid}) is at work in this archive" in said
    first.kill()
    first.communicate()
    put_speech(archive, "s0-hang", "Now it is another text.", "It can be read to its end.")
    finish(archive, "analyze")
    assert not left_behind(archive)


def test_interrupted_it_says_so_and_leaves_nobody_behind(tmp_path):
    def interruptible() -> None:  # whatever the shell that started the tests made of it
        signal.signal(signal.SIGINT, signal.default_int_handler)

    archive = build_archive(tmp_path / "a", "One", "Hang")
    running = start(archive, "analyze", "--engine", "processes", "--workers", "1", preexec_fn=interruptible)
    while not ((mark := archive.root / "hanging").exists() and mark.read_text()):
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 130
    assert "what was finished is kept" in said
    assert wait_for_end(int(mark.read_text()))
    assert (archive.analysis / "done" / "s0-one.json").exists()
    assert not left_behind(archive)


def test_a_clock_that_jumps(tmp_path, unbroken):
    archive = build_archive(tmp_path / "a", *WORDS)
    ahead = time.time() + 10 * 365 * 86400
    for path in archive.transcripts.iterdir():
        os.utime(path, (ahead, ahead))
    finish(archive, "analyze")
    assert made(archive) == unbroken[0]
    assert "nothing to do" in finish(archive, "analyze")
    path = archive.transcript_path("s1-two")
    before = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("three", "seven"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # of the same size, and as old as it was
    assert "✓ analyze s1-two" in finish(archive, "analyze")


def test_what_an_earlier_version_left_is_made_anew(tmp_path, unbroken):
    archive = build_archive(tmp_path / "a", *WORDS)
    finish(archive, "analyze")
    done = archive.analysis / "done" / "s0-one.json"
    older = done.read_text(encoding="utf-8").replace('"schema": "', '"schema": "0.')
    assert older != done.read_text(encoding="utf-8")
    done.write_text(older, encoding="utf-8")
    table = archive.analysis / "metrics" / "s1-two.parquet"
    table.write_bytes(table.read_bytes()[:100])
    (archive.analysis / "done" / "s1-two.json").unlink()
    for folder in (archive.analysis / "metrics", archive.transcripts):
        (folder / ".s1-two.json.abc.part").write_text("half", encoding="utf-8")
    mine = archive.transcripts / "download.part"
    mine.write_text("the user's own", encoding="utf-8")
    plan = start(archive, "run", "--dry-run").communicate()[0]
    assert "another version of rhetoric" in plan
    said = finish(archive, "analyze")
    assert "✓ analyze s0-one" in said
    assert "✓ analyze s1-two" in said
    assert "s2-three" not in said
    assert made(archive) == unbroken[0]
    assert mine.exists()
    mine.unlink()
    assert not left_behind(archive)
