"""Coded speeches read by an encoder that has not seen them: what `refit.py` fits on."""

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
    """A coded speech with its readings; `invented`: one of `tests/gold`, else a real one. `fold` names the fold of a
    cross-validation whose reader read it; without one the installed reader did, and it was kept out of its training."""

    gold: GoldSpeech
    speech: Speech
    invented: bool
    fold: str = ""


def read_invented(other: Path) -> list[Read]:
    """The invented speeches as the reader of another folder reads them."""
    return [_read(gold, other, invented=True) for gold in read_gold_folder(INVENTED)]


def read_all(folder: Path, folds: Path | None = None) -> list[Read]:
    """The speeches of a folder that `encoder.json` names as kept out, and the invented ones, by name.

    With `folds`, what `rhetoric evaluate --cross-validate speech --base FILE --folds DIR` left there, all others too.
    """
    golds = {gold.name: gold for gold in read_gold_folder(folder)}
    kept_out = [name for name in model.read_about(reader.FOLDER)["held_out"] if name in golds]
    reads = [_read(golds[name], reader.FOLDER) for name in kept_out]
    for fold in sorted(folds.glob("event-*-of-*")) if folds else ():
        reads += [_read(golds[name], fold, fold=fold.name) for name in model.read_about(fold)["held_out"]
                  if name in golds and name not in kept_out]
    return reads + read_invented(reader.FOLDER)


def _read(gold: GoldSpeech, folder: Path, *, invented: bool = False, fold: str = "") -> Read:
    speech = from_sentences(gold.name, gold.sentences, gold.language)
    return Read(gold=gold, speech=reader.read(speech, folder), invented=invented, fold=fold)
