"""Coded speeches -> batches for training: runs of neighbouring windows, cut anew each epoch."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS
from rhetoric.models.encoder.tokens import END, PAD, WINDOW, windows

RUN = 3  # neighbouring windows that the context layers see together
RUNS = 4  # in a batch


@dataclass(frozen=True, eq=False, kw_only=True)
class CodedPieces:
    """A coded speech as pieces and labels, one row a sentence; `figures` (sentences, 7) and the others are empty
    (`full` False) where only functions were coded. `emotion` 0 is none, `intensity` -1 where there is no emotion."""

    name: str
    language: str
    pieces: list[list[int]]
    function: Tensor
    full: bool
    emotion: Tensor
    intensity: Tensor
    slogan: Tensor
    figures: Tensor


@dataclass(frozen=True, eq=False, kw_only=True)
class Batch:
    """`ids` (windows, pieces), `member` (windows, sentences, pieces), `places` of the sentences of each run as
    (window, row) pairs, and the sentences themselves as (speech, sentence)."""

    ids: Tensor
    member: Tensor
    present: Tensor
    runs: list[list[tuple[int, int]]]
    keys: list[list[tuple[CodedPieces, int]]]


def labels_of(rows: Sequence[Sequence[str]], full: bool) -> dict[str, Tensor]:
    """The label cells of the gold file (function, emotion, slogan, figures) as numbers."""
    count = len(rows)
    found = {"function": torch.tensor([FUNCTIONS.index(row[0]) for row in rows]),
             "emotion": torch.zeros(count, dtype=torch.long), "intensity": torch.full((count,), -1),
             "slogan": torch.zeros(count), "figures": torch.zeros(count, len(FIGURES))}
    for index, row in enumerate(rows if full else ()):
        if row[1] != "-":
            label, _, strength = row[1].partition(":")
            found["emotion"][index] = 1 + EMOTIONS.index(label)
            found["intensity"][index] = int(strength or 2) - 1
        found["slogan"][index] = float(row[2] == "1")
        for figure in row[3].split(","):
            if figure in FIGURES:
                found["figures"][index, FIGURES.index(figure)] = 1.0
    return found


def runs_of(speech: CodedPieces, prefix: int, dice: random.Random | None) -> Iterator[tuple[CodedPieces, list[range]]]:
    """Runs of `RUN` neighbouring windows; with `dice` the first cut is thrown."""
    lengths = [len(pieces) for pieces in speech.pieces]
    first = dice.randint(64, WINDOW) if dice else WINDOW
    cut = list(windows(lengths, prefix, first))
    shift = dice.randrange(RUN) if dice else 0
    begins = [0, *range(shift or RUN, len(cut), RUN)]
    for begin, end in zip(begins, [*begins[1:], len(cut)], strict=True):
        if begin < end:
            yield speech, cut[begin:end]


def epoch(speeches: Sequence[CodedPieces], prefix: list[int], dice: random.Random) -> list[Batch]:
    """All batches of an epoch in random order; runs of like size lie together, so that little is padded."""
    runs = [run for speech in speeches for run in runs_of(speech, len(prefix), dice)]
    dice.shuffle(runs)
    runs.sort(key=lambda run: len(run[1]) == RUN, reverse=True)
    groups, group, size = [], [], 0
    for run in runs:
        if group and size + len(run[1]) > RUN * RUNS:
            groups.append(group)
            group, size = [], 0
        group.append(run)
        size += len(run[1])
    groups.append(group)
    dice.shuffle(groups)
    return [collate(group, prefix) for group in groups]


def collate(group: Sequence[tuple[CodedPieces, list[range]]], prefix: list[int]) -> Batch:
    """Runs -> padded tensors."""
    rows, owners, runs, keys = [], [], [], []
    for speech, cut in group:
        places, run_keys = [], []
        for window in cut:
            ids, owner = list(prefix), [-1] * len(prefix)
            for row, sentence in enumerate(window):
                ids += [*speech.pieces[sentence], END]
                owner += [row] * (len(speech.pieces[sentence]) + 1)
                places.append((len(rows), row))
                run_keys.append((speech, sentence))
            rows.append(ids)
            owners.append(owner)
        runs.append(places)
        keys.append(run_keys)
    width, tall = max(map(len, rows)), max(max(owner) for owner in owners) + 1
    ids, owner = torch.full((len(rows), width), PAD), torch.full((len(rows), width), -1)
    for index, (row, own) in enumerate(zip(rows, owners, strict=True)):
        ids[index, : len(row)], owner[index, : len(row)] = torch.tensor(row), torch.tensor(own)
    member = (owner[:, None, :] == torch.arange(tall)[None, :, None]).float()
    return Batch(ids=ids, member=member, present=ids != PAD, runs=runs, keys=keys)
