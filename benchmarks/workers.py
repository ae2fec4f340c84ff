"""Several recordings on the CPU: one process with all threads beside one process a core with one thread each.

    python benchmarks/workers.py [RECORDING ...] [--seconds 60] [--rounds 2] [--batches 8] [--model base]

Wall seconds from the moment when every worker has its model until the last recording is done; recordings are dealt out
in turns. Needs a quiet machine: the clock counts. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]

WORKER = """
import resource, sys
from pathlib import Path
from rhetoric.config import TranscribeConfig
from rhetoric.transcribe.decode import decode
from rhetoric.transcribe.engine import TranscribeOptions, get_model, load_engine
mode, threads, batch, seconds, model, *paths = sys.argv[1:]
config = TranscribeConfig(device="cpu", threads=int(threads), mode=mode, model=model, batch_size=int(batch))
engine = load_engine(config, get_model(config, offline=True))
sounds = [(decode(Path(path)).samples[: int(float(seconds) * 16_000)], "zh" if "shen" in path else "en")
          for path in paths]
print("ready", flush=True)
sys.stdin.readline()
for sound, language in sounds:
    engine.transcribe(sound, TranscribeOptions(language=language), lambda done_s: None)
usage = resource.getrusage(resource.RUSAGE_SELF)
print(usage.ru_maxrss / 1024, flush=True)
"""


def measure(mode: str, threads: int, batch: int, given: argparse.Namespace, processes: int) -> tuple[float, float]:
    """Wall seconds, and MiB of all processes together."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    shares = [[str(path) for path in given.recordings[number::processes]] for number in range(processes)]
    running = [subprocess.Popen([sys.executable, "-c", WORKER, mode, str(threads), str(batch), str(given.seconds),
                                 given.model, *share], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                cwd=ROOT, env=environment) for share in shares if share]
    for process in running:
        assert process.stdout
        process.stdout.readline()
    began = time.perf_counter()
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    mib = sum(float(process.stdout.readline()) for process in running if process.stdout)
    wall_s = time.perf_counter() - began
    for process in running:
        process.communicate()
    return wall_s, mib


def main() -> None:
    """Measure and print."""
    cores = len(os.sched_getaffinity(0))
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("recordings", nargs="*", type=Path,
                         default=[ROOT / "audio" / f"{name}.opus" for name in ("whitfield-2023", "whitfield-2021")])
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--batches", type=int, nargs="+", default=[8])
    options.add_argument("--model", default="base")
    given = options.parse_args()
    given.recordings = [path.absolute() for path in given.recordings]
    ways = {f"one process, sequential, {cores} threads": ("sequential", cores, 1, 1),
            f"{cores} processes, sequential, 1 thread": ("sequential", 1, 1, cores),
            **{f"{cores} processes, batched {batch}, 1 thread": ("batched", 1, batch, cores)
               for batch in given.batches}}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(given.rounds):
        for name, (mode, threads, batch, processes) in ways.items():
            found[name].append(measure(mode, threads, batch, given, processes))
            print(f"{name}: {found[name][-1][0]:.2f} s", file=sys.stderr, flush=True)
    best = {name: [min(column) for column in zip(*rounds, strict=True)] for name, rounds in found.items()}
    first = next(iter(best.values()))[0]
    print("| | wall s | memory, MiB | times as fast |\n|---|---|---|---|")
    for name, (wall_s, mib) in best.items():
        print(f"| {name} | {wall_s:.2f} | {mib:.0f} | {first / wall_s:.2f} |")


if __name__ == "__main__":
    main()
