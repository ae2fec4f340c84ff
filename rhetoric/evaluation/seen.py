"""Which coded speeches a reader was trained on: on those its scores flatter."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from rhetoric.errors import ModelError
from rhetoric.models import reader
from rhetoric.models.gold import GoldSpeech, event_of

ENCODER_CARD = "encoder.json"


def trained_on(folder: Path) -> frozenset[str] | None:
    """Names of the speeches that the reader in `folder` learned from, as its data say; None where they do not.

    An encoder lists them in `encoder.json` (`trained_on`), a word reader inside its data files.

    Raises:
        ModelError: `encoder.json` cannot be read.
    """
    lists = [names for names in (_of_encoder(folder / ENCODER_CARD), _of_word_reader(folder)) if names is not None]
    return frozenset(name for names in lists for name in names) if lists else None


def _of_encoder(path: Path) -> list[str] | None:
    if not path.is_file():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); install the package again") from error
    names = data.get("trained_on") if isinstance(data, dict) else None
    return [str(name) for name in names] if isinstance(names, list) else None


def _of_word_reader(folder: Path) -> list[str] | None:
    found: list[str] = []
    for language in reader.LANGUAGES:
        if reader.data_path(language, folder).is_file():
            names = reader.load(language, folder).about.get("trained_on")
            if names is None:
                return None
            found += names
    return found or None


def is_seen(gold: GoldSpeech, trained: Iterable[str] | None) -> bool | None:
    """Whether the reader learned from this speech or another part of its event; None where that is not known."""
    if trained is None:
        return None
    return gold.event in {event_of(name) for name in trained}
