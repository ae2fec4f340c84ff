"""Fit how far the installed reader's shares lie off the coded ones, and write it into its data.

    python tools/fit_share_errors.py --gold FOLDER

FOLDER holds the coded speeches; those that `encoder.json` names as kept out are read (some 40 CPU seconds for 3,000
sentences). `rhetoric train --base` does the same for the reader that it makes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from rhetoric.models import reader, word_reader
from rhetoric.models.encoder import misreading, model
from rhetoric.models.encoder.calibrating import Unseen
from rhetoric.models.gold import read_gold_folder
from rhetoric.sentences import from_sentences


def kept_out(folder: Path) -> dict[str, list[Unseen]]:
    """The coded speeches that nothing was learned from, read by both models, by language."""
    names, opened = set(model.read_about(reader.FOLDER)["held_out"]), model.open_encoder(reader.FOLDER)
    found: dict[str, list[Unseen]] = {}
    for gold in read_gold_folder(folder):
        if gold.name in names:
            speech = from_sentences(gold.name, gold.sentences, gold.language)
            found.setdefault(gold.language, []).append(Unseen(
                gold=gold, rows=model.scores(opened, gold.sentences),
                words=word_reader.uncalibrated(word_reader.load(gold.language), speech),
                sizes=np.array([float(sentence.size) for sentence in speech.sentences])))
    return found


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description="Fit the reader's errors in shares.")
    parser.add_argument("--gold", type=Path, required=True)
    speeches = kept_out(parser.parse_args().gold)
    path = reader.FOLDER / model.ABOUT
    about = json.loads(path.read_text(encoding="utf-8"))
    about["share_errors"] = misreading.share_errors(speeches, about["share"])
    for metric, found in about["share_errors"].items():
        print(metric, found)
    path.write_text(json.dumps(about, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
