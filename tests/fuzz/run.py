"""`make fuzz`: every importer against mutated files for so many seconds each, other ones every time.

    python tests/fuzz/run.py --seconds 20 [--only srt,vtt] [--seed 1]

What is found is printed as the shortest file that does it, with the seed; it becomes a test.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hypothesis import HealthCheck, given, seed, settings

from tests.fuzz.importers import IMPORTERS, mutated, read

BATCH = 100


def fuzz(name: str, seconds: float, seeds: random.Random) -> int:
    """Try files until the time is up; returns how many. A fault is raised with the shortest file that has it."""
    tried, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        number = seeds.randrange(1 << 32)

        @seed(number)
        @settings(max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(content=mutated(IMPORTERS[name][2]))
        def attempt(content: bytes) -> None:
            nonlocal tried
            tried += 1
            read(name, content)

        attempt()
    return tried


def main() -> int:
    """Fuzz all; returns 1 where a fault was found."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--only", default=",".join(IMPORTERS))
    options.add_argument("--seed", type=int, default=None)
    given_ = options.parse_args()
    seeds = random.Random(given_.seed)
    faults = 0
    for name in given_.only.split(","):
        try:
            print(f"{name}: {fuzz(name, given_.seconds, seeds):,} files", flush=True)
        except Exception:  # a fault of any kind is what is looked for
            faults += 1
            print(f"{name}: FAULT", flush=True)
            traceback.print_exc()
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
