"""Score the reader on our own coded speeches (`tests/gold`, invented speakers), and write it into its data and card.

    python tools/score_reader.py

To be run after `rhetoric train --base`: the worst known score of whose story it is decides if reports tell it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from rhetoric.codebook import FUNCTIONS
from rhetoric.models import reader
from rhetoric.models.card import write_joined_card
from rhetoric.models.encoder.model import ABOUT
from rhetoric.models.gold import read_gold_folder
from rhetoric.models.scoring import Scores, score
from rhetoric.sentences import from_sentences

GOLD = Path(__file__).parents[1] / "tests" / "gold"
DECIMALS = 4


def scores_of(language: str) -> Scores:
    """The reader's scores on the coded speeches of a language."""
    golds = [gold for gold in read_gold_folder(GOLD) if gold.language == language]
    speeches = [reader.read(from_sentences(gold.name, gold.sentences, language)) for gold in golds]
    return score([np.array([reading.function for reading in speech.readings]) for speech in speeches],
                 [np.array([FUNCTIONS.index(function) for function in gold.functions]) for gold in golds],
                 [np.array([float(sentence.size) for sentence in speech.sentences]) for speech in speeches])


def main() -> None:
    """Score both languages, and write what was found."""
    path = reader.FOLDER / ABOUT
    about = json.loads(path.read_text(encoding="utf-8"))
    for language, kinds in about["scores"].items():
        found = {name: round(value, DECIMALS) for name, value in sorted(asdict(scores_of(language)).items())}
        kinds["invented_speeches"] = found
        print(language, found)
    path.write_text(json.dumps(about, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    write_joined_card({language: reader.load(language) for language in sorted(about["scores"])}, about, reader.FOLDER)


if __name__ == "__main__":
    main()
