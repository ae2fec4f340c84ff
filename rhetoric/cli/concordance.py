"""Keywords in context in a terminal: the words one under the other, whatever the width of the letters around them."""

from __future__ import annotations

import csv
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rhetoric.cells import cell
from rhetoric.cli.output import clock, console, one_line
from rhetoric.compare.kwic import Hit
from rhetoric.errors import ConfigError

SEARCH_S = 60.0  # a sane pattern takes seconds over thousands of speeches; one that explodes takes years


@contextmanager
def limited(pattern: str) -> Iterator[None]:
    """Give a search up after `SEARCH_S` seconds; where the system has no alarm (Windows), Ctrl-C must do.

    Raises:
        ConfigError: the time is over.
    """
    def give_up(*_: object) -> None:
        raise ConfigError(f"{pattern!r}: no end after {SEARCH_S:g} s; take out repetitions inside repetitions")

    if sys.platform == "win32":
        yield
        return
    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, SEARCH_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def print_lines(hits: Sequence[Hit], width: int) -> None:
    """A line a hit: speech, time, left context right-aligned, the match, right context; `width` in columns."""
    from rich.cells import cell_len
    from rich.text import Text

    out = console()
    named = max((cell_len(hit.speech_id) for hit in hits), default=0)
    for hit in hits:
        line = Text(one_line(hit.speech_id), style="grey62")
        line.append(" " * (named - cell_len(hit.speech_id)))
        line.append(f" {place(hit):>8}  ")
        line.append(fitted(" ".join(hit.left.split()) + (" " if hit.left[-1:].isspace() else ""), width, from_end=True))
        line.append(one_line(hit.match), style="bold dark_orange")
        line.append(fitted((" " if hit.right[:1].isspace() else "") + " ".join(hit.right.split()), width).rstrip())
        out.print(line, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True)


def place(hit: Hit) -> str:
    """The time of a hit, or its sentence (from 1) where the speech has no times."""
    return f"§ {hit.sentence_index + 1}" if hit.start_s is None else clock(hit.start_s)


def fitted(text: str, width: int, *, from_end: bool = False) -> str:
    """As much of a text as fits into `width` columns, from its end or its beginning, padded on the outer side.

    East Asian characters take two columns, combining ones none.
    """
    from rich.cells import cell_len

    from rhetoric.cli.output import clean

    shown, used = [], 0
    text = clean(text)
    for character in reversed(text) if from_end else text:
        columns = cell_len(character)
        if used + columns > width:
            break
        shown.append(character)
        used += columns
    pad = " " * (width - used)
    return pad + "".join(reversed(shown)) if from_end else "".join(shown) + pad


def print_csv(hits: Sequence[Hit]) -> None:
    """The hits as CSV; a cell that a spreadsheet would run gets an apostrophe."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(Hit._fields)
    for hit in hits:
        cells = ["" if value is None else one_line(value) if isinstance(value, str) else value for value in hit]
        writer.writerow([cell(c) for c in cells])
