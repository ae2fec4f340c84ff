"""Commands on Whisper models: list, get, path."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli.options import Json, Offline
from rhetoric.cli.output import console, print_json, say

app = typer.Typer(help="Whisper models: which there are, fetching one, where it lies.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A name of `rhetoric models list`.")]


@app.command("list")
def list_models(as_json: Json = False) -> None:
    """List the models that are known, and which are here."""
    from rich.table import Table

    from rhetoric.models import weights

    models = weights.list_models()
    if as_json:
        print_json(models)
        return
    table = Table(box=None, pad_edge=False)
    for column in ("model", "size", "licence", "here"):
        table.add_column(column)
    for model in models:
        size = f"{model.size_bytes / 1e6:,.0f} MB" if model.size_bytes else "not known"
        table.add_row(model.name, size, model.licence, str(model.path or "–"))
    console().print(table)


@app.command("get")
def get_model(
    name: Name,
    source: Annotated[Path | None, typer.Option("--from", help="A folder that holds the model's files.")] = None,
    offline: Offline = False,
) -> None:
    """Fetch a model, check its hashes, and print where it lies."""
    from rhetoric.models import weights

    path = weights.get_model(name, offline=offline, source=source)
    say(f"{name} is here and its hashes are right")
    typer.echo(str(path))


@app.command("path")
def model_path(name: Name) -> None:
    """Print where a model lies; an error where it is not here."""
    from rhetoric.models import weights

    typer.echo(str(weights.get_model(name, offline=True)))
