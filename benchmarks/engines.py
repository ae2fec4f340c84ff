"""The built-in engine beside openai-whisper on the same weights: seconds of CPU for the same sound, in one run.

    python benchmarks/engines.py [RECORDING] [--language en] [--seconds 90] [--beams 1 5] [--rounds 1] [--model base]

Needs `pip install 'rhetoric[whisper]'`. Each figure is of a process of its own with one thread; loading, and the
compilation of openai-whisper's word times (numba), are left out. faster-whisper computes in int8, as the product does
on a CPU; openai-whisper in float32, all it can do there. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "audio" / "whitfield-2023.opus"
RIVALS = ("whisper", "faster-whisper")

WORKER = """
import resource, sys, warnings
from pathlib import Path
from rhetoric.config import TranscribeConfig
from rhetoric.transcribe.decode import decode
from rhetoric.transcribe.engine import TranscribeOptions, get_model, load_engine
path, name, language, model, beam, seconds = *sys.argv[1:5], int(sys.argv[5]), float(sys.argv[6])
config = TranscribeConfig(engine=name, device="cpu", threads=1, model=model)
engine = load_engine(config, get_model(config, offline=True))
sound = decode(Path(path)).samples[: int(seconds * 16_000)]
def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
if name == "whisper":
    warnings.simplefilter("ignore")
    def hear(sound):
        found = engine._whisper.transcribe(sound, language=language, beam_size=beam if beam > 1 else None,
            temperature=0.0, word_timestamps=True, condition_on_previous_text=language == "zh", fp16=False)
        return found["text"]
    del engine._whisper.decode  # openai-whisper's own, without what this project adds
else:
    def hear(sound):
        found = engine.transcribe(sound, TranscribeOptions(language=language, beam_size=beam), lambda done_s: None)
        return "".join(segment.text for segment in found.segments)
hear(sound[: 5 * 16_000])
began = used()
text = hear(sound)
print(used() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(text.replace(" ", "")))
"""


def measure(name: str, beam: int, given: argparse.Namespace) -> tuple[float, ...]:
    """CPU seconds, peak MiB and characters heard, in a process of its own."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    done = subprocess.run([sys.executable, "-c", WORKER, str(given.recording), name, given.language, given.model,
                           str(beam), str(given.seconds)], capture_output=True, text=True, check=True, cwd=ROOT,
                          env=os.environ | single)
    return tuple(map(float, done.stdout.split()))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("recording", nargs="?", type=Path, default=SAMPLE)
    options.add_argument("--language", default="en")
    options.add_argument("--seconds", type=float, default=90)
    options.add_argument("--beams", type=int, nargs="+", default=[1, 5])
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--model", default="base")
    given = options.parse_args()
    given.recording = given.recording.absolute()
    if importlib.util.find_spec("whisper") is None:
        print("openai-whisper is not installed: pip install 'rhetoric[whisper]'", file=sys.stderr)
        return
    print(f"{given.recording.name}, {given.seconds:.0f} s, {given.model}, {given.rounds} rounds\n")
    print("| beam | engine | CPU s | peak, MiB | characters | times as fast |\n|---|---|---|---|---|---|", flush=True)
    for beam in given.beams:
        found: dict[str, list[tuple[float, ...]]] = {name: [] for name in RIVALS}
        for number in range(given.rounds):
            for name in RIVALS if number % 2 == 0 else RIVALS[::-1]:
                found[name].append(measure(name, beam, given))
        best = {name: [min(column) for column in zip(*rounds, strict=True)] for name, rounds in found.items()}
        for name, (cpu_s, mib, count) in best.items():
            print(f"| {beam} | {name} | {cpu_s:.2f} | {mib:.0f} | {count:.0f} | {best['whisper'][0] / cpu_s:.2f} |",
                  flush=True)


if __name__ == "__main__":
    main()
