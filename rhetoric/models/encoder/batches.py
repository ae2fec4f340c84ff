"""Coded speeches -> batches for training: runs of neighbouring windows, cut anew each epoch."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS
from rhetoric.models.encoder.tokens import END, PAD, WINDOW, pieces_of, windows
from rhetoric.models.gold import GoldSpeech

RUN = 3  # neighbouring windows that the context layers see together
RUNS = 2  # in a batch: with few epochs the number of steps decides


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


Run = tuple[CodedPieces, list[range]]
"""Neighbouring windows of a speech, each as the sentences in it."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Batch:
    """`ids` (windows, pieces), `member` (windows, sentences, pieces), `places` of the sentences of each run as
    (window, row) pairs, and the sentences themselves as (speech, sentence)."""

    ids: Tensor
    member: Tensor
    present: Tensor
    runs: list[list[tuple[int, int]]]
    keys: list[list[tuple[CodedPieces, int]]]


def coded_pieces(gold: GoldSpeech, tokenizer: Any) -> CodedPieces:
    """A coded speech as pieces and labels. It is `full` where emotion, slogans and figures are all coded."""
    count = len(gold.sentences)
    full = bool(gold.slogans and gold.figures and gold.emotions)
    feelings = gold.emotions if full else (None,) * count
    figures = [[float(figure in found) for figure in FIGURES] for found in gold.figures] if full else []
    return CodedPieces(
        name=gold.name, language=gold.language, pieces=pieces_of(tokenizer, gold.sentences), full=full,
        function=torch.tensor([FUNCTIONS.index(label) for label in gold.functions]),
        emotion=torch.tensor([0 if felt is None else 1 + EMOTIONS.index(felt.label) for felt in feelings]),
        intensity=torch.tensor([-1 if felt is None else felt.intensity - 1 for felt in feelings]),
        slogan=torch.tensor([float(slogan) for slogan in gold.slogans]) if full else torch.zeros(count),
        figures=torch.tensor(figures) if full else torch.zeros(count, len(FIGURES)))


def runs_of(speech: CodedPieces, prefix: int, dice: random.Random | None) -> Iterator[Run]:
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
    groups: list[list[Run]] = []
    group: list[Run] = []
    size = 0
    for run in runs:
        if group and size + len(run[1]) > RUN * RUNS:
            groups.append(group)
            group, size = [], 0
        group.append(run)
        size += len(run[1])
    groups.append(group)
    dice.shuffle(groups)
    return [collate(group, prefix) for group in groups]


def collate(group: Sequence[Run], prefix: list[int]) -> Batch:
    """Runs -> padded tensors."""
    rows: list[list[int]] = []
    owners: list[list[int]] = []
    runs, keys = [], []
    for speech, cut in group:
        places, run_keys = [], []
        for window in cut:
            read, owned = list(prefix), [-1] * len(prefix)
            for row, sentence in enumerate(window):
                read += [*speech.pieces[sentence], END]
                owned += [row] * (len(speech.pieces[sentence]) + 1)
                places.append((len(rows), row))
                run_keys.append((speech, sentence))
            rows.append(read)
            owners.append(owned)
        runs.append(places)
        keys.append(run_keys)
    width, tall = max(map(len, rows)), max(max(own) for own in owners) + 1
    ids, owner = torch.full((len(rows), width), PAD), torch.full((len(rows), width), -1)
    for index, (pieces, own) in enumerate(zip(rows, owners, strict=True)):
        ids[index, : len(pieces)], owner[index, : len(pieces)] = torch.tensor(pieces), torch.tensor(own)
    member = (owner[:, None, :] == torch.arange(tall)[None, :, None]).float()
    return Batch(ids=ids, member=member, present=ids != PAD, runs=runs, keys=keys)
