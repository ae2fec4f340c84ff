"""Coded speeches that the installed encoder has not seen, read by it: what `refit.py` fits on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rhetoric.models import reader
from rhetoric.models.encoder import model
from rhetoric.models.gold import GoldSpeech, read_gold_folder
from rhetoric.sentences import from_sentences
from rhetoric.types import Speech

INVENTED = Path(__file__).parents[1] / "tests" / "gold"


@dataclass(frozen=True, eq=False, kw_only=True)
class Read:
    """A coded speech with its readings; `invented`: one of `tests/gold`, else one kept out of the training."""

    gold: GoldSpeech
    speech: Speech
    invented: bool


def read_invented(other: Path) -> list[Read]:
    """The invented speeches as the reader of another folder reads them."""
    return [Read(gold=gold, invented=True,
                 speech=reader.read(from_sentences(gold.name, gold.sentences, gold.language), other))
            for gold in read_gold_folder(INVENTED)]


def read_all(folder: Path) -> list[Read]:
    """The speeches of a folder that `encoder.json` names as kept out, and the invented ones, by name."""
    names = set(model.read_about(reader.FOLDER)["held_out"])
    chosen = [(gold, False) for gold in read_gold_folder(folder) if gold.name in names]
    return [Read(gold=gold, speech=reader.read(from_sentences(gold.name, gold.sentences, gold.language)),
                 invented=invented)
            for gold, invented in (*chosen, *((gold, True) for gold in read_gold_folder(INVENTED)))]
