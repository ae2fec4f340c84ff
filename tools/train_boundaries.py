"""Train the model of where Chinese sentences end (needs torch: `pip install rhetoric[train]`).

    python tools/train_boundaries.py TEXTS... --vectors zh.npz --out rhetoric/models/boundaries-zh.npz
        [--hold-out REGEX] [--seed N] [--epochs N]

TEXTS are folders of punctuated Chinese `.txt` files (a subfolder is one speaker's archive), or single files. Texts
whose name the REGEX finds are not read, so that they can be scored (`benchmarks/sentences.py --model`).
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from rhetoric.models import boundary_training as training
from rhetoric.models.boundary_lessons import read_lessons


def main() -> None:
    """Read the texts, train, write the data file; progress to stderr."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--vectors", required=True, type=Path, help="arrays `words` and `vectors`, the frequent first")
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--hold-out", default="")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=training.EPOCHS)
    args = parser.parse_args()
    lessons = read_lessons(args.texts)
    if args.hold_out:
        lessons = [lesson for lesson in lessons if not re.search(args.hold_out, lesson.name)]
    print(f"{len(lessons)} texts, {sum(len(lesson.words) for lesson in lessons):,} words", file=sys.stderr)
    arrays = training.train(lessons, args.vectors, seed=args.seed, epochs=args.epochs,
                            tell=lambda line: print(line, file=sys.stderr, flush=True))
    training.save(arrays, args.out)


if __name__ == "__main__":
    main()
