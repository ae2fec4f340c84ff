"""Encoders that have not seen what they read: one trained from the base for each part of the coded speeches.

The installed encoder has learned from most coded speeches and cannot be scored on them. Here the speeches are parted by
event or speaker, and a whole reader (encoder, word reader, temperatures) is made for each part from all others. What
joins the two readers, a share and a temperature a language, is fitted on the part itself, as `making.finish` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from rhetoric.errors import FormatError
from rhetoric.files import sha256_of, write_atomic
from rhetoric.models import training
from rhetoric.models.encoder import making
from rhetoric.models.gold import GoldSpeech, read_gold_folder

FOLDS = 4
MADE = "fold.txt"  # beside a fold's reader: what it was made of

By = Literal["event", "speaker"]


def readers_of_folds(gold_folder: Path, base: Path, out: Path, *, by: By, to_speech: training.ToSpeech,
                     texts: Path | None = None, epochs: int = making.EPOCHS, folds: int = FOLDS,
                     watch: Callable[[str], None] = lambda line: None) -> dict[str, Path]:
    """Name of a coded speech -> the folder of a reader that saw nothing of its event (or speaker).

    Each fold lies in a folder of its own in `out`, and one that was made there of the same speeches, base, texts and
    epochs is not made again: a stopped run goes on at the fold where it stopped.

    Raises:
        FormatError: a language has one event (speaker) only.
        ModelError, MissingExtraError: see `making.make_reader`.
    """
    golds = read_gold_folder(gold_folder)
    parts = parts_of(golds, by, folds)
    found: dict[str, Path] = {}
    for number, names in enumerate(parts, start=1):
        folder = out / f"{by}-{number}-of-{len(parts)}"
        made_of = _made_of(gold_folder, base, texts, names, epochs)
        known = folder / MADE
        if not known.is_file() or known.read_text(encoding="utf-8") != made_of:
            folder.mkdir(parents=True, exist_ok=True)
            making.make_reader(gold_folder, base, folder, to_speech=to_speech, texts=texts, held_out=names,
                               epochs=epochs)
            write_atomic(known, made_of.encode())
        found |= dict.fromkeys(names, folder)
        watch(f"fold {number} of {len(parts)} done, leaving out each {by} once")
    return found


def parts_of(golds: Sequence[GoldSpeech], by: By, folds: int) -> list[list[str]]:
    """Names of speeches to keep out together: in each part some of each language, no event or speaker torn apart.

    Silver speeches are learned from only.

    Raises:
        FormatError: a language has one event (speaker) only.
    """
    own = {language: [gold for gold in golds if gold.language == language and not gold.silver]
           for language in sorted({gold.language for gold in golds if not gold.silver})}
    groups = {language: training.sizes_of(found, by) for language, found in own.items()}
    for language, sizes in groups.items():
        if len(sizes) < 2:
            raise FormatError(f"only one {by} is coded in {language!r}; code at least 2 to leave one out")
    count = min(folds, *map(len, groups.values()))
    chosen: list[set[str]] = [set() for _ in range(count)]
    for language, sizes in groups.items():
        for part, names in zip(chosen, training.even_parts(sizes, count), strict=True):
            part |= {gold.name for gold in own[language] if getattr(gold, by) in names}
    return [sorted(part) for part in chosen]


def _made_of(gold_folder: Path, base: Path, texts: Path | None, names: Sequence[str], epochs: int) -> str:
    """A hash over everything that a fold is made of, and over this program's way of making it."""
    read = [*sorted(gold_folder.rglob("*.tsv")), base, *(sorted(texts.rglob("*.txt")) if texts else ())]
    ways = sorted(Path(__file__).parent.glob("*.py"))
    whole = "\n".join((str(epochs), *names, *(sha256_of(path) for path in (*read, *ways))))
    return hashlib.sha256(whole.encode()).hexdigest()
