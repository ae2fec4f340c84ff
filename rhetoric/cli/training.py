"""`rhetoric train`: the sentence reader, trained again on coded speeches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rhetoric.cli.options import Json


def train(
    gold: Annotated[Path, typer.Option("--gold", help="A folder of coded speeches (TSV; see docs/codebook.md).")],
    vectors: Annotated[Path | None, typer.Option(help="A folder with word vectors zh.npz and en.npz.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the model goes; none: only its scores are printed.")] = None,
    as_json: Json = False,
) -> int:
    """Train the sentence reader on your own coded speeches; prints its scores on speeches it has not seen."""
    raise NotImplementedError((gold, vectors, out, as_json))
