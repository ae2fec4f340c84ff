"""Sentences -> pieces -> windows: what the encoder reads at once. Used alike in training and at run time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rhetoric.errors import ModelError

WINDOW = 384  # pieces of a window at most
SENTENCE = 120  # pieces of a sentence at most; what follows is not read
CHARACTERS = 2000  # of a sentence that are looked at: more never give fewer than SENTENCE pieces
PREFIX = "query:"  # what the base encoder was trained to find at the beginning
START, PAD, END, UNKNOWN = 0, 1, 2, 3


def open_tokenizer(path: Path) -> Any:
    """The tokenizer of a `tokenizer.json`.

    Raises:
        ModelError: the file is absent or damaged.
    """
    try:
        return tokenizer_of(path.read_text(encoding="utf-8"))
    except Exception as error:  # tokenizers raises bare Exceptions
        raise ModelError(f"{path}: not a tokenizer ({error}); install the package again") from error


def tokenizer_of(written: str) -> Any:
    """The tokenizer of the text of a `tokenizer.json`."""
    from tokenizers import Tokenizer

    return Tokenizer.from_str(written)


def prefix_of(tokenizer: Any) -> list[int]:
    """The pieces that begin every window."""
    return [START, *tokenizer.encode(PREFIX).ids]


def pieces_of(tokenizer: Any, sentences: Sequence[str]) -> list[list[int]]:
    """The ids of the pieces of each sentence, at least one, at most `SENTENCE`."""
    encoded = tokenizer.encode_batch([sentence[:CHARACTERS] for sentence in sentences], add_special_tokens=False)
    return [item.ids[:SENTENCE] or [UNKNOWN] for item in encoded]


def windows(lengths: Sequence[int], prefix: int, first: int = WINDOW) -> Iterator[range]:
    """Cut sentences of these lengths into runs that fit a window: prefix, then each sentence and a mark after it.

    `first` bounds the first window, so that training sees other cuts each time.
    """
    begin, size, limit = 0, prefix, first
    for index, length in enumerate(lengths):
        if index > begin and size + length + 1 > limit:
            yield range(begin, index)
            begin, size, limit = index, prefix, WINDOW
        size += length + 1
    if begin < len(lengths):
        yield range(begin, len(lengths))
