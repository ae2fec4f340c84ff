"""How long a comparison and its report take: `python benchmarks/compare.py [--speeches 10] [--minutes 120]`.

The archive is invented by a seeded generator (Chinese, 250 characters a minute, a vocabulary with a long tail, stories
that return), its tables are made without a model, so that only comparing and rendering are timed.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rhetoric.codebook import FUNCTION_LABELS, FUNCTIONS, GROUP_OF
from rhetoric.tables import frame
from rhetoric.types import Tables

SIZE, WORDS_A_SENTENCE, A_MINUTE = 20, 11, 250  # characters a sentence, words, characters a minute
STAYS = 0.75  # of sentences do what the one before them does
STAGES = ("emotion", "slogans", "figures")


def invented(speeches: int, minutes: int) -> Tables:
    """Tables of some speeches of one speaker, a few a year."""
    rng = random.Random(7)
    words = ["".join(rng.choice("天地人山水火风雨灯路车船书信门窗年月日夜") for _ in range(2)) for _ in range(6000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    shared = [rng.choices(words, cum_weights=weights, k=WORDS_A_SENTENCE) for _ in range(400)]
    rows, sentences, findings, runs = [], [], [], []
    for number in range(speeches):
        speech_id, year = f"s{number:04}", 2000 + number * 25 // speeches
        label, n = "", max(8, minutes * A_MINUTE // SIZE)
        for index in range(n):
            said = rng.choice(shared) if rng.random() < 0.03 else rng.choices(
                words, cum_weights=weights, k=WORDS_A_SENTENCE)
            label = label if index and rng.random() < STAYS else rng.choice(FUNCTION_LABELS).key
            start = index * 60.0 * SIZE / A_MINUTE
            sentences.append({"speech_id": speech_id, "sentence_index": index, "text": "".join(said) + "。",
                              "char_start": index * 23, "char_end": index * 23 + 23, "start_s": start,
                              "end_s": start + 4.5, "size": 22, "speaker": "", "tokens": " ".join([*said, "。"]),
                              "function": label, "function_group": GROUP_OF[label], "probability": 0.8,
                              **{f"p_{name}": 0.8 if name == label else 0.2 / 9 for name in FUNCTIONS}})
            if rng.random() < 0.25:
                stage = rng.choice(STAGES)
                findings.append({"speech_id": speech_id, "stage": stage, "sentence_index": index,
                                 "label": {"emotion": "hope", "slogans": "slogan", "figures": "contrast"}[stage],
                                 "char_start": index * 23, "char_end": index * 23 + 8, "start_s": start,
                                 "end_s": start + 4.5, "quote": "".join(said)[:8], "evidence": "mark",
                                 "score": float(rng.choice((1, 2, 3))) * (25 if stage == "slogans" else 1)})
        rows.append({"speech_id": speech_id, "speaker": "Invented", "organisation": "", "event": "", "title": "",
                     "date": f"{year}-01-01", "year": year, "timed": True, "language": "zh", "duration_s": n * 4.8,
                     "source": "", "licence": "", "file": "", "n_sentences": n, "size": n * 22,
                     "size_unit": "characters", "engine": "invented", "model": ""})
        runs += [{"speech_id": speech_id, "step": stage, "version": "1", "status": "done", "error": ""}
                 for stage in STAGES]
    return Tables(speeches=frame("speeches", rows), sentences=frame("sentences", sentences),
                  findings=frame("findings", findings), metrics=frame("metrics", []), runs=frame("runs", runs))


def main() -> None:
    """Time comparing and rendering, in processor and in wall seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speeches", type=int, default=10)
    parser.add_argument("--minutes", type=int, default=120)
    asked = parser.parse_args()
    from rhetoric.compare import compare
    from rhetoric.report import render

    tables = invented(asked.speeches, asked.minutes)
    begun, used = time.perf_counter(), time.process_time()
    comparison = compare(tables)
    compared, compared_cpu = time.perf_counter() - begun, time.process_time() - used
    begun, used = time.perf_counter(), time.process_time()
    files = render(comparison, tables, version="0")
    rendered, rendered_cpu = time.perf_counter() - begun, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{asked.speeches} speeches of {asked.minutes} min: compare {compared:.1f} s (processor {compared_cpu:.1f}), "
          f"render {rendered:.1f} s (processor {rendered_cpu:.1f}), page {len(files['index.html']) / 1e6:.2f} MB, "
          f"memory {memory:.0f} MB")


if __name__ == "__main__":
    main()
