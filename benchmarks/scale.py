"""What a run costs from ten to ten thousand speeches, and what the engines cost beside each other.

    python benchmarks/scale.py sizes [--speeches 10,100,1000,10000] [--folder FOLDER]
    python benchmarks/scale.py engines [--speeches 16] [--sentences 400] [--rounds 1]
    python benchmarks/scale.py ray [--speeches 100]

`sizes`: seconds and peak memory of a run that has nothing to do, of the plan, of reading the tables, of comparison and
report, each in a process of its own, on generated texts (`generated.py`; above a hundred, forty are analysed and their
tables copied). `engines`: analysis by one process of one thread, by one of two threads, and by two workers of one
thread each, in turns (400 sentences are some 9,000 characters of Chinese or 24,000 of English). `ray`: what a speech
costs beside its work by Ray and by processes, one worker each. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNIQUE = 40

LOAD = """
from pathlib import Path
from rhetoric.archive import open_archive
from rhetoric.pipeline import load_tables
archive = open_archive(Path())
load_tables(archive, archive.recordings())
"""
STEPS = {
    "run that has nothing to do": ["-m", "rhetoric", "run"],
    "run --dry-run": ["-m", "rhetoric", "run", "--dry-run"],
    "reading the tables": ["-c", LOAD],
    "compare": ["-m", "rhetoric", "compare", "--json"],
    "compare and report": ["-m", "rhetoric", "report"],
}


def call(arguments: list[str], folder: Path, threads: int = 1) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of a process."""
    began = time.perf_counter()
    child = subprocess.Popen([sys.executable, *arguments], cwd=folder, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE,
                             env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": str(threads)})
    assert child.stderr is not None
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{arguments}: {said.decode()[-2000:]}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def generate(folder: Path, speeches: int, sentences: int) -> None:
    """An archive whose analyses are there."""
    analysed = min(speeches, UNIQUE) if speeches > 100 else speeches
    call([str(ROOT / "benchmarks" / "generated.py"), str(folder), "--speeches", str(speeches), "--sentences",
          str(sentences), "--analysed", str(analysed)], ROOT)


def sizes(given: argparse.Namespace) -> None:
    """Cost by size of the archive."""
    print("| speeches | step | wall s | CPU s | peak MiB |\n|---|---|---|---|---|")
    for count in map(int, given.speeches.split(",")):
        folder = given.folder / f"speeches-{count}"
        if not folder.exists():
            generate(folder, count, given.sentences)
        call(["-m", "rhetoric", "run"], folder)  # writes the report and what is known of the files
        for name, arguments in STEPS.items():
            wall_s, cpu_s, mib = call(arguments, folder)
            print(f"| {count:,} | {name} | {wall_s:.2f} | {cpu_s:.2f} | {mib:.0f} |", flush=True)


def analyse(folder: Path, engine: str, threads: int) -> tuple[float, float]:
    """Wall and CPU seconds of one analysis of everything, by an engine, the start of its workers included."""
    shutil.rmtree(folder / "analysis", ignore_errors=True)
    wall_s, cpu_s, _ = call(["-m", "rhetoric", "analyze", "--engine", engine, "--workers", "2"], folder, threads)
    return wall_s, cpu_s


def engines(given: argparse.Namespace) -> None:
    """Two workers beside one process, in turns."""
    ways = {"serial, 1 thread": ("serial", 1), "processes, 2 workers": ("processes", 1),
            "serial, 2 threads": ("serial", 2)}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "archive"
        call([str(ROOT / "benchmarks" / "generated.py"), str(folder), "--speeches", given.speeches, "--sentences",
              str(given.sentences)], ROOT)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for number in range(given.rounds):
            for name in list(ways)[:: 1 if number % 2 == 0 else -1]:
                found[name].append(analyse(folder, *ways[name]))
                print(f"{name}: {found[name][-1][0]:.1f} s", file=sys.stderr, flush=True)
    print("| engine | wall s, best | CPU s, best | wall s, all rounds |\n|---|---|---|---|")
    best = {engine: [min(column) for column in zip(*rounds, strict=True)] for engine, rounds in found.items()}
    for engine, rounds in found.items():
        wall_s, cpu_s = best[engine]
        print(f"| {engine} | {wall_s:.2f} | {cpu_s:.2f} | {', '.join(f'{wall:.2f}' for wall, _ in rounds)} |")
    one, two = best["serial, 1 thread"], best["processes, 2 workers"]
    print(f"\n1 thread / 2 workers: {one[0] / two[0]:.2f} of the clock, {one[1] / two[1]:.2f} of the CPU "
          "(1: two workers cost no more than one process)")


def ray(given: argparse.Namespace) -> None:
    """What an engine takes of a speech beside the work: from answer to answer of one worker, less what it was busy.

    The median, so that a busy machine's pauses count little; and all memory of this process's children at the end.
    """
    sys.path.insert(0, str(ROOT))
    from statistics import median

    from rhetoric.archive import open_archive
    from rhetoric.config import RunConfig
    from rhetoric.engines import open_engine
    from rhetoric.pipeline import analyze_archive

    print("| engine | s until the first | busy, ms a speech | beside it, ms a speech | memory, MiB |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "archive"
        call([str(ROOT / "benchmarks" / "generated.py"), str(folder), "--speeches", given.speeches, "--sentences",
              str(given.sentences)], ROOT)
        archive = open_archive(folder)
        for name in ("processes", "ray"):
            shutil.rmtree(archive.analysis, ignore_errors=True)
            times, busy, mib = [time.perf_counter()], [], 0.0
            for outcome in analyze_archive(archive, archive.recordings(),
                                           run=open_engine(RunConfig(engine=name, workers=1)).map):
                times.append(time.perf_counter())
                busy.append(outcome.busy_s)
                mib = max(mib, children_mib(os.getpid())) if len(busy) == 2 else mib
            beside = [after - before - worked for before, after, worked in zip(times[1:], times[2:], busy[1:],
                                                                               strict=False)]
            print(f"| {name} | {times[1] - times[0]:.1f} | {1000 * median(busy[1:]):.0f} | "
                  f"{1000 * median(beside):.1f} | {mib:.0f} |", flush=True)


def children_mib(pid: int) -> float:
    """Memory of all processes below one, what they share counted in parts (PSS), in MiB; 0 where the system has no
    /proc."""
    found, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            below = [int(child) for task in Path(f"/proc/{one}/task").iterdir()
                     for child in (task / "children").read_text().split()]
            if one != pid:
                lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
                found += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
        except OSError:
            continue
        waiting += below
    return found


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("part", choices=["sizes", "engines", "ray"], nargs="?", default="engines")
    options.add_argument("--speeches", default="")
    options.add_argument("--sentences", type=int, default=0)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--folder", type=Path, default=None)
    given = options.parse_args()
    speeches, sentences = {"sizes": ("10,100,1000,10000", 12), "engines": ("16", 400), "ray": ("100", 12)}[given.part]
    given.speeches, given.sentences = given.speeches or speeches, given.sentences or sentences
    if given.part != "sizes":
        (engines if given.part == "engines" else ray)(given)
    elif given.folder:
        sizes(given)
    else:
        with tempfile.TemporaryDirectory() as place:
            given.folder = Path(place)
            sizes(given)


if __name__ == "__main__":
    main()
