"""Encoders that have not seen what they read: one trained from the base for each part of the coded speeches.

The installed encoder has learned from most coded speeches and cannot be scored on them. Here the speeches are parted by
event or speaker, and a whole reader (encoder and word reader) is made for each part from all others. What joins and
calibrates the two is fitted on each part when it is scored (`making.finish`), and then taken from the other parts.

That it ends in an hour or two on two cores, words are learned once, from texts that share no passage with a speech that
is scored, and the lower half of the layers stays as that leaves it: readers a little weaker than one trained through.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rhetoric.errors import FormatError
from rhetoric.files import sha256_of, write_atomic
from rhetoric.models import training
from rhetoric.models.encoder import making, model, tokens
from rhetoric.models.encoder.base import read_base
from rhetoric.models.encoder.documents import read_documents
from rhetoric.models.gold import GoldSpeech, read_gold_folder

if TYPE_CHECKING:
    from rhetoric.models.encoder.training import Start

FOLDS = 4
FROZEN = 6  # of 12 layers
MADE = "made-of.txt"  # beside what was made: a hash over all it was made of
WORDS = "words.pt"  # the network once it has learned words
CALIBRATED = ("share", "temperature", "calibration")  # in `encoder.json`: what was fitted on the speeches scored
OWN = "fitted_on_its_own"

By = Literal["event", "speaker"]


def readers_of_folds(gold_folder: Path, base: Path, out: Path, *, by: By, to_speech: training.ToSpeech,
                     texts: Path | None = None, epochs: int = making.EPOCHS, folds: int = FOLDS,
                     watch: Callable[[str], None] = lambda line: None) -> dict[str, Path]:
    """Name of a coded speech -> the folder of a reader that saw no label of its event (or speaker).

    Each fold lies in a folder of its own in `out`, and one that was made there of the same speeches, base, texts and
    epochs is not made again: a stopped run goes on at the fold where it stopped.

    Raises:
        FormatError: a language has one event (speaker) only.
        ModelError, MissingExtraError: see `making.make_reader`.
    """
    golds = read_gold_folder(gold_folder)
    parts = parts_of(golds, by, folds)
    made_of = _made_of(gold_folder, base, texts)
    begun: Start | None = None
    found: dict[str, Path] = {}
    for number, names in enumerate(parts, start=1):
        folder = out / f"{by}-{number}-of-{len(parts)}"
        fold_of = "\n".join((made_of, str(epochs), *names))
        if not _is_made(folder, fold_of):
            begun = begun or _begun(golds, base, texts, out, made_of, watch)
            seen, unseen = _parted(golds, names, by)
            folder.mkdir(parents=True, exist_ok=True)
            making.learn(copy.deepcopy(begun), seen, unseen, folder, to_speech=to_speech, epochs=epochs, frozen=FROZEN)
            write_atomic(folder / MADE, fold_of.encode())
        found |= dict.fromkeys(names, folder)
        watch(f"fold {number} of {len(parts)} done, leaving out each {by} once")
    calibrate_by_others(sorted(set(found.values())))
    return found


def _parted(golds: Sequence[GoldSpeech], names: Sequence[str], by: By) -> tuple[list[GoldSpeech], list[GoldSpeech]]:
    """Speeches to learn from and to score on: of a speaker left out, other languages and silver speeches go too."""
    seen, unseen = making.parted(golds, frozenset(names))
    strange = {getattr(gold, by) for gold in unseen}
    left = [gold for gold in seen if getattr(gold, by) not in strange]
    for language in sorted({gold.language for gold in unseen}):
        if not any(gold.language == language for gold in left):
            raise FormatError(f"without {', '.join(sorted(strange))} no speech in {language!r} is left to learn from; "
                              f"code another {by}")
    return left, unseen


def calibrate_by_others(folders: Sequence[Path]) -> None:
    """Give the reader of each fold the mean of what was fitted on the other folds, in place of what was on its own."""
    abouts = {folder: model.read_about(folder) for folder in folders}
    own = {folder: about.get(OWN) or {key: about[key] for key in CALIBRATED} for folder, about in abouts.items()}
    for folder, about in abouts.items():
        others = _mean([own[other] for other in folders if other != folder])
        model.write_about({**about, **others, OWN: own[folder]}, folder)
    model.read_about.cache_clear()
    model.open_encoder.cache_clear()


def _mean(values: Sequence[Any]) -> Any:
    """The mean of like-shaped numbers, lists and mappings of them."""
    if isinstance(values[0], Mapping):
        return {key: _mean([value[key] for value in values]) for key in values[0]}
    if isinstance(values[0], list):
        return [_mean(row) for row in zip(*values, strict=True)]
    return sum(values) / len(values)


def _begun(golds: Sequence[GoldSpeech], base: Path, texts: Path | None, out: Path, made_of: str,
           watch: Callable[[str], None]) -> Start:
    """What all folds start from. Its vocabulary is chosen by the words of all speeches, never by their labels."""
    making.need_training()
    documents = read_documents(texts, [gold for gold in golds if not gold.silver]) if texts else []
    start = making.from_base(read_base(base), golds, documents)
    if not documents:
        return start
    from rhetoric.models.encoder import training as encoder_training

    folder = out / "words"
    if not _is_made(folder, made_of):
        folder.mkdir(parents=True, exist_ok=True)
        pieces = [tokens.pieces_of(tokens.tokenizer_of(start.tokenizer), document) for document in documents]
        encoder_training.guess_words(start.network, pieces, making.WORD_STEPS)
        encoder_training.save_checkpoint(start.network, folder / WORDS)
        write_atomic(folder / MADE, made_of.encode())
    encoder_training.load_checkpoint(start.network, folder / WORDS)
    watch(f"words learned from {len(documents)} texts that hold no coded speech")
    return start


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


def _is_made(folder: Path, made_of: str) -> bool:
    known = folder / MADE
    return known.is_file() and known.read_text(encoding="utf-8") == made_of


def _made_of(gold_folder: Path, base: Path, texts: Path | None) -> str:
    """A hash over all files that go into folds, and over this program's way of making them."""
    read = [*sorted(gold_folder.rglob("*.tsv")), base, *(sorted(texts.rglob("*.txt")) if texts else ())]
    ways = [*sorted(Path(__file__).parent.glob("*.py")), *sorted(Path(training.__file__).parent.glob("*.py"))]
    return hashlib.sha256("\n".join(f"{path.name} {sha256_of(path)}" for path in (*read, *ways)).encode()).hexdigest()
