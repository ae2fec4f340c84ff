"""Coded speeches read by an encoder that has not learned from them: what `refit.py` fits on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rhetoric.models import reader
from rhetoric.models.encoder import model
from rhetoric.models.gold import GoldSpeech, event_of, read_gold_folder
from rhetoric.sentences import from_sentences
from rhetoric.types import Speech

INVENTED = Path(__file__).parents[1] / "tests" / "gold"


@dataclass(frozen=True, eq=False, kw_only=True)
class Read:
    """A coded speech with its readings by a reader that has not learned labels of any part of its event.

    `invented`: one of `tests/gold`. `kept_out`: one that the installed reader is scored on. `by`: the folder of the
    reader, where it is not the installed one.
    """

    gold: GoldSpeech
    speech: Speech
    invented: bool = False
    kept_out: bool = False
    by: Path | None = None


def read_invented(other: Path) -> list[Read]:
    """The invented speeches as the reader of another folder reads them."""
    return [Read(gold=gold, invented=True, speech=_read(gold, other)) for gold in read_gold_folder(INVENTED)]


def read_all(folder: Path, others: Sequence[Path] = ()) -> list[Read]:
    """The speeches of a folder that `encoder.json` names as kept out, and the invented ones.

    Between them, those coded for figures that one of `others` has not learned from, read by the first such reader.
    """
    golds = {gold.name: gold for gold in read_gold_folder(folder)}
    kept_out = [name for name in model.read_about(reader.FOLDER)["held_out"] if name in golds]
    reads = [Read(gold=golds[name], kept_out=True, speech=_read(golds[name], reader.FOLDER)) for name in kept_out]
    left = [gold for name, gold in golds.items() if gold.figures and name not in kept_out]
    for other in others:
        known = events_of(other)
        reads += [Read(gold=gold, by=other, speech=_read(gold, other)) for gold in left if gold.event not in known]
        left = [gold for gold in left if gold.event in known]
    return reads + read_invented(reader.FOLDER)


def events_of(folder: Path) -> set[str]:
    """The events that the reader of a folder has learned from."""
    return {event_of(name) for name in model.read_about(folder)["trained_on"]}


def _read(gold: GoldSpeech, folder: Path) -> Speech:
    return reader.read(from_sentences(gold.name, gold.sentences, gold.language), folder)
