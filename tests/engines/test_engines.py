"""Every engine leaves the same bytes, and whatever happens to a worker costs one speech."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from rhetoric.config import RunConfig
from rhetoric.engines import open_engine
from rhetoric.engines.processes import Processes
from rhetoric.errors import ConfigError
from rhetoric.jobs import Job
from rhetoric.pipeline import analyze_archive
from tests.archives import build_archive, environment, is_alive, made

WORDS = ("One", "Two", "Three", "Four", "Five")


def analysed(archive, engine):
    return {o.speech_id: o for o in analyze_archive(archive, archive.recordings(), run=engine.map)}


def test_processes_leave_the_same_bytes_as_one_process(tmp_path):
    serial, processes = build_archive(tmp_path / "a", *WORDS), build_archive(tmp_path / "b", *WORDS)
    assert {o.status for o in analysed(serial, open_engine(RunConfig(engine="serial"))).values()} == {"done"}
    assert {o.status for o in analysed(processes, Processes(2)).values()} == {"done"}
    assert made(processes) == made(serial)
    assert len(made(serial)) >= 6 * len(WORDS)


@pytest.mark.ray
@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed: pip install 'rhetoric[ray]'")
def test_ray_leaves_the_same_bytes_and_outlives_a_dead_actor(tmp_path):
    words = ("One", "Once", "Crash", "Two")
    serial, spread = build_archive(tmp_path / "a", *words), build_archive(tmp_path / "b", *words)
    (serial.root / "once").touch()
    healthy = [row for row in serial.recordings() if row.speech_id != "s2-crash"]
    assert {o.status for o in analyze_archive(serial, healthy)} == {"done"}
    outcomes = analysed(spread, open_engine(RunConfig(engine="ray", workers=2)))
    assert {name: o.status for name, o in outcomes.items()} == {
        "s0-one": "done", "s1-once": "done", "s2-crash": "failed", "s3-two": "done"}
    assert "its worker died, 2 times" in outcomes["s2-crash"].detail
    failures = [name for name in made(spread) if "failed" in name]
    assert failures == ["analysis/failed/s2-crash.analyze.json"]
    assert {name: content for name, content in made(spread).items() if name not in failures} == made(serial)


def test_a_crash_a_kill_and_an_exit_cost_only_their_own_speech(tmp_path):
    archive = build_archive(tmp_path / "a", "One", "Crash", "Once", "Exit", "Two")
    half = archive.analysis / ".s2-once.parquet.abc.part"  # as a killed worker leaves it
    half.write_bytes(b"half")
    outcomes = analysed(archive, Processes(2))
    assert {name: o.status for name, o in outcomes.items()} == {
        "s0-one": "done", "s1-crash": "failed", "s2-once": "done", "s3-exit": "failed", "s4-two": "done"}
    assert outcomes["s1-crash"].detail == "s1-crash: its worker crashed (SIGSEGV), 2 times"
    assert outcomes["s3-exit"].detail == "s3-exit: its worker ended with code 3, 2 times"
    assert not half.exists()
    failed = sorted(path.name for path in (archive.analysis / "failed").iterdir())
    assert failed == ["s1-crash.analyze.json", "s3-exit.analyze.json"]


def test_a_hanging_stage_is_given_up(tmp_path):
    archive = build_archive(tmp_path / "a", "Hang")
    outcomes = analysed(archive, Processes(1, time_limit_s=0.5))
    assert outcomes["s0-hang"].status == "failed"
    assert "no progress for 0.5 s, given up" in outcomes["s0-hang"].detail
    assert not (archive.root / "hanging").exists() or not is_alive(int((archive.root / "hanging").read_text()))


def test_what_no_worker_can_start_with_is_the_users_error(tmp_path):
    archive = build_archive(tmp_path / "a", "One", stages='["function", "gone.py"]')
    job = Job(step="analyze", root=str(archive.root), config=archive.config)
    with pytest.raises(ConfigError, match="no such stage file"):
        list(Processes(1).map(job, ["s0-one"]))


def test_a_cluster_needs_its_engine():
    with pytest.raises(ConfigError, match="--engine ray"):
        open_engine(RunConfig(address="ray://head:10001"))


def test_workers_end_with_the_main_process(tmp_path):
    archive = build_archive(tmp_path / "a", "Hang")
    main = subprocess.Popen([sys.executable, "-m", "rhetoric", "analyze", "--engine", "processes"], cwd=archive.root,
                            env=environment(), stderr=subprocess.DEVNULL)
    mark = archive.root / "hanging"
    while not (mark.exists() and mark.read_text()):
        assert main.poll() is None
        time.sleep(0.01)
    worker = int(mark.read_text())
    assert is_alive(worker)
    os.kill(main.pid, signal.SIGKILL)
    main.wait()
    deadline = time.monotonic() + 60
    while is_alive(worker) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(worker)


def test_a_module_in_the_archive_is_not_imported(tmp_path):
    archive = build_archive(tmp_path / "a", "One")
    (archive.root / "msgspec.py").write_text("raise SystemExit('imported from the archive')\n", encoding="utf-8")
    code = ("from pathlib import Path; from rhetoric.archive import open_archive; from rhetoric.pipeline import "
            "analyze_archive; from rhetoric.engines.processes import Processes; a = open_archive(Path()); "
            "print([o.status for o in analyze_archive(a, a.recordings(), run=Processes(1).map)])")
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=archive.root, env=environment(), text=True,
                          capture_output=True, check=False)
    assert done.stdout == "['done']\n", done.stderr


def test_the_log_tells_machines_what_happened(tmp_path):
    archive = build_archive(tmp_path / "a", "One", "Exit")
    log = tmp_path / "log.jsonl"
    done = subprocess.run([sys.executable, "-m", "rhetoric", "run", "--engine", "processes", "--log", log, "--json"],
                          cwd=archive.root, env=environment(), text=True, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [event["event"] for event in events] == ["plan", "plan", "outcome", "outcome", "end"]
    assert {event["speech_id"]: event["status"] for event in events[2:4]} == {"s0-one": "done", "s1-exit": "failed"}
    result = json.loads(done.stdout)
    assert result["steps"]["analyze"]["failed"] == 1
    assert [failure["speech_id"] for failure in result["failed"]] == ["s1-exit"]
