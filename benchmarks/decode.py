"""Decoding one hour of MP3 and AAC: this project's stream beside `faster_whisper.decode_audio`, in one run.

    python benchmarks/decode.py [--minutes 60] [--rounds 3]

Prints a Markdown table. Time is CPU seconds of user and system (a shared machine disturbs the clock), the smallest of
all rounds, taken in turns; memory is how far a process of its own rises above where it stood before decoding.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

WORKER = """
import resource, sys, time
from pathlib import Path
import av, numpy, faster_whisper.audio
from rhetoric.transcribe import sound
path, how = Path(sys.argv[1]), sys.argv[2]
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
before, began, clock = peak(), used(), time.perf_counter()
if how == "ours":
    with sound.Sound(path) as found:
        count = sum(len(block) for block in found.blocks(16_000 * 300))
else:
    count = len(faster_whisper.audio.decode_audio(str(path)))
print(used() - began, time.perf_counter() - clock, peak() - before, count)
"""


def write_hour(path: Path, minutes: float) -> Path:
    """A talk of this length, from a recording of the sample archive over and over, in stereo at 44.1 kHz."""
    import av
    import numpy as np

    from rhetoric.transcribe.decode import decode

    voice = decode(ROOT / "audio" / "whitfield-2023.opus").samples[: 60 * 16_000]
    at = np.arange(60 * 44_100) * (16_000 / 44_100)
    pcm = np.repeat((np.interp(at, np.arange(len(voice)), voice) * 32767).astype(np.int16), 2)[None]
    with av.open(str(path), "w", format={".mp3": "mp3", ".m4a": "mp4"}[path.suffix]) as container:
        stream = container.add_stream({".mp3": "libmp3lame", ".m4a": "aac"}[path.suffix], rate=44_100, layout="stereo")
        stream.bit_rate = 128_000
        for _ in range(round(minutes)):
            frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="stereo")
            frame.rate = 44_100
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def measure(path: Path, how: str) -> tuple[float, float, float, int]:
    """CPU seconds, wall seconds, MiB above the start, and samples, of one decoder in a process of its own."""
    done = subprocess.run([sys.executable, "-c", WORKER, str(path), how], capture_output=True, text=True, check=True,
                          cwd=ROOT)
    cpu_s, wall_s, mib, count = done.stdout.split()
    return float(cpu_s), float(wall_s), float(mib), int(count)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    print("| file | decoder | CPU s | wall s | memory, MiB | CPU ratio | memory ratio |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("hour.mp3", "hour.m4a"):
            path = write_hour(Path(folder) / name, given.minutes)
            found: dict[str, list[tuple[float, float, float, int]]] = {"faster_whisper.decode_audio": [], "ours": []}
            for _ in range(given.rounds):
                for how, rounds in found.items():
                    rounds.append(measure(path, how))
            best = {how: [min(column) for column in zip(*rounds, strict=True)] for how, rounds in found.items()}
            bare = best["faster_whisper.decode_audio"]
            for how, (cpu_s, wall_s, mib, count) in best.items():
                print(f"| {name}, {count / 16_000 / 60:.0f} min | {how} | {cpu_s:.2f} | {wall_s:.2f} | {mib:.0f} | "
                      f"{cpu_s / bare[0]:.2f} | {mib / bare[2]:.2f} |")


if __name__ == "__main__":
    main()
