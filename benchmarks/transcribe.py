"""Transcribing beside bare faster-whisper, with the same weights and options, in turns, in one run.

    python benchmarks/transcribe.py [RECORDING] [--language en] [--rounds 3] [--model base] [--beam 5] [--modes]

Every figure is of a process of its own, from the file to the last word; loading the model is left out of the times.
Time is CPU seconds of user and system, one thread each (a shared machine disturbs the clock), the smallest of all
rounds. `--modes` adds this project's batched mode. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "audio" / "whitfield-2023.opus"

WORKER = """
import resource, sys, time
from pathlib import Path
path, how, language, model, beam = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5])
from rhetoric.models.weights import get_model
folder = get_model(model, offline=True)
def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
if how == "bare":
    from faster_whisper import WhisperModel
    whisper = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
    began, clock = used(), time.perf_counter()
    found, _ = whisper.transcribe(str(path), language=language or None, beam_size=beam, temperature=[0.0],
        word_timestamps=True, vad_filter=True, vad_parameters={"min_speech_duration_ms": 250},
        condition_on_previous_text=language == "zh")
    text = "".join(segment.text for segment in found)
else:
    import tempfile
    from rhetoric.config import TranscribeConfig
    from rhetoric.transcribe import load_engine, transcribe_recording
    from rhetoric.types import Recording
    config = TranscribeConfig(device="cpu", threads=1, beam_size=beam, model=model, mode=how)
    engine = load_engine(config, folder)
    began, clock = used(), time.perf_counter()
    with tempfile.TemporaryDirectory() as journal:
        found = transcribe_recording(Recording(speech_id="a", language=language), path, config, engine,
                                     journal=Path(journal) / "a.jsonl")
    text = "".join(segment.text for segment in found.segments)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(used() - began, time.perf_counter() - clock, peak, len(text.replace(" ", "")))
"""


def measure(how: str, given: argparse.Namespace) -> tuple[float, ...]:
    """CPU seconds, wall seconds, peak MiB and characters heard, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", WORKER, str(given.recording), how, given.language, given.model,
                           str(given.beam)], capture_output=True, text=True, check=True, cwd=ROOT)
    return tuple(map(float, done.stdout.split()))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("recording", nargs="?", type=Path, default=SAMPLE)
    options.add_argument("--language", default="en")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--model", default="base")
    options.add_argument("--beam", type=int, default=5)
    options.add_argument("--modes", action="store_true")
    given = options.parse_args()
    given.recording = given.recording.absolute()
    ways = ["bare", "sequential", *(["batched"] if given.modes else [])]
    found: dict[str, list[tuple[float, ...]]] = {how: [] for how in ways}
    for number in range(given.rounds):
        for how in ways if number % 2 == 0 else ways[::-1]:
            found[how].append(measure(how, given))
    best = {how: [min(column) for column in zip(*rounds, strict=True)] for how, rounds in found.items()}
    print(f"{given.recording.name}, {given.model}, beam {given.beam}, {given.rounds} rounds\n")
    print("| | CPU s | wall s | peak, MiB | characters | CPU ratio | peak ratio |\n|---|---|---|---|---|---|---|")
    for how, (cpu_s, wall_s, mib, count) in best.items():
        print(f"| {how} | {cpu_s:.2f} | {wall_s:.2f} | {mib:.0f} | {count:.0f} | {cpu_s / best['bare'][0]:.3f} | "
              f"{mib / best['bare'][2]:.2f} |")


if __name__ == "__main__":
    main()
