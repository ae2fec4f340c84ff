"""How long one speech takes from text to findings: start-up, the encoder, everything; and the memory it takes.

    python benchmarks/reading.py FILE... [--rounds 3] [--size 20000]

Each round is a process of its own; of the rounds the best is printed. `--size` repeats and cuts each text to so many
characters. Start-up is the time until the models are open and one short speech has been analysed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def one_round(path: Path) -> dict[str, float]:
    """Measure in this process."""
    began = time.perf_counter()
    from rhetoric.config import BUILT_IN_STAGES
    from rhetoric.models import reader
    from rhetoric.models.encoder import model
    from rhetoric.pipeline import analyze_file

    with tempfile.TemporaryDirectory() as folder:
        short = Path(folder, "short.txt")
        short.write_text(path.read_text(encoding="utf-8")[:200], encoding="utf-8")
        analyze_file(short, stages=BUILT_IN_STAGES)
    ready, cpu = time.perf_counter(), time.process_time()
    speech = analyze_file(path, stages=BUILT_IN_STAGES).speech
    done, spent = time.perf_counter(), time.process_time() - cpu
    if model.is_here(reader.FOLDER):
        model.scores(model.open_encoder(reader.FOLDER), [speech.text_of(sentence) for sentence in speech.sentences],
                     speech.language)
    return {"start_s": ready - began, "analysis_s": done - ready, "analysis_cpu_s": spent,
            "encoder_s": time.perf_counter() - done,
            "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main() -> None:
    """Print a line a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps(one_round(options.files[0])))
        return
    for path in options.files:
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            cut = Path(folder, "speech.txt")
            size = options.size or len(text)
            cut.write_text((text * (size // len(text) + 1))[:size], encoding="utf-8")
            rounds = [json.loads(subprocess.run([sys.executable, __file__, "--here", str(cut)], check=True, text=True,
                                                stdout=subprocess.PIPE).stdout) for _ in range(options.rounds)]
        best = {key: min(found[key] for found in rounds) for key in rounds[0]}
        print(f"{path.name}: {size:,} characters; " + ", ".join(f"{key} {value:.2f}" for key, value in best.items()))


if __name__ == "__main__":
    main()
