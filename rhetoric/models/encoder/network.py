"""The encoder and its heads in torch, for training and export only; at run time `model` reads the exported files.

Windows of pieces -> twelve transformer layers -> a vector a sentence (mean of its pieces and what four attention heads
pick from them) -> layers over the sentences of the speech -> heads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from rhetoric.models.encoder.base import unpack_blocks
from rhetoric.models.encoder.heads import WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rhetoric.models.encoder.base import BaseEncoder

DROPOUT = 0.1
POOL_HEADS = 4
REACH = 48  # sentences to each side that a context layer sees
CONTEXT_HEADS = 4
ROTARY_BASE = 1000.0  # sentences are few: nearer waves than for words


class Drop(nn.Module):
    """Dropout of whole columns of a window, the same for all its rows: one draw serves them all, which is cheap."""

    def forward(self, x: Tensor) -> Tensor:
        """`x` (batch, rows, columns)."""
        if not self.training:
            return x
        kept = torch.rand(x.shape[0], 1, x.shape[2]) >= DROPOUT
        return x * (kept / (1 - DROPOUT))


class Layer(nn.Module):
    """One layer of the base encoder (post-norm, as in BERT)."""

    def __init__(self, base: BaseEncoder, number: int) -> None:
        super().__init__()
        self.heads, self.drop = base.heads, Drop()

        def linear(part: str) -> nn.Linear:
            weight = torch.tensor(base.tensors[f"{number}.{part}.weight"])
            made = nn.Linear(weight.shape[1], weight.shape[0])
            made.weight.data = weight
            made.bias.data = torch.tensor(base.tensors[f"{number}.{part}.bias"])
            return made

        self.query, self.key, self.value, self.out = (linear(part) for part in ("q", "k", "v", "ao"))
        self.widen, self.narrow = linear("fi"), linear("fo")
        self.norm_attention, self.norm_out = (
            _norm(base, f"{number}.{part}") for part in ("aln", "oln"))

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """`x` (windows, pieces, hidden); `mask` (windows, 1, 1, pieces), True where there is a piece."""
        attended = attention(self.query(x), self.key(x), self.value(x), self.heads, mask)
        x = self.norm_attention(x + self.drop(self.out(attended)))
        inner = self.narrow(nnf.gelu(self.widen(x)))
        return self.norm_out(x + self.drop(inner))


def attention(query: Tensor, key: Tensor, value: Tensor, heads: int, mask: Tensor | None) -> Tensor:
    """Scaled dot-product attention of several heads; all (batch, length, hidden).

    Without dropout of the weights: on a processor that takes ten times as long.
    """
    batch, length, hidden = query.shape
    split = [part.view(batch, length, heads, hidden // heads).transpose(1, 2) for part in (query, key, value)]
    mixed = nnf.scaled_dot_product_attention(*split, attn_mask=mask)
    return mixed.transpose(1, 2).reshape(batch, length, hidden)


def _norm(base: BaseEncoder, name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(base.hidden, eps=1e-6)  # the base's 1e-12 is lost in lower precision
    made.weight.data = torch.tensor(base.tensors[f"{name}.weight"])
    made.bias.data = torch.tensor(base.tensors[f"{name}.bias"])
    return made


class Windows(nn.Module):
    """Pieces of windows -> a vector for each sentence. Word vectors stay as they are: they are kept in 4 bits."""

    def __init__(self, base: BaseEncoder, kept: Sequence[int], layers: int) -> None:
        super().__init__()
        self.drop = Drop()
        self.words = nn.Embedding.from_pretrained(torch.tensor(unpack_blocks(base.words[list(kept)])), freeze=True)
        self.hidden_word = nn.Parameter(torch.tensor(unpack_blocks(base.words[-36:-35])[0] * 0))
        self.places = nn.Parameter(torch.tensor(base.tensors["pos"] + base.tensors["type"]))
        self.norm = _norm(base, "norm")
        self.layers = nn.ModuleList(Layer(base, number) for number in range(layers))
        hidden = base.hidden
        self.scores, self.values = nn.Linear(hidden, POOL_HEADS), nn.Linear(hidden, hidden)
        self.picked = nn.Linear(hidden, hidden)
        nn.init.normal_(self.picked.weight, std=0.005)
        nn.init.zeros_(self.picked.bias)
        self.register_buffer("mean", torch.zeros(hidden))
        self.register_buffer("scale", torch.ones(hidden))

    def states(self, ids: Tensor, present: Tensor | None, hide: Tensor | None = None) -> Tensor:
        """`ids`, `present`, `hide` (windows, pieces) -> (windows, pieces, hidden)."""
        x = self.words(ids)
        if hide is not None:
            x = torch.where(hide[..., None], self.hidden_word, x)
        x = self.drop(self.norm(x + self.places[: ids.shape[1]]))
        mask = None if present is None else present[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def forward(self, ids: Tensor, member: Tensor, present: Tensor | None = None) -> Tensor:
        """`member` (windows, sentences, pieces) is 1 where a piece is the sentence's -> (windows, sentences, hidden).

        The mean is put on one scale: the vectors of the base lie in a narrow cone, and training stalls without it.
        """
        return self.vectors(self.states(ids, present), member)

    def vectors(self, x: Tensor, member: Tensor) -> Tensor:
        """States of pieces -> a vector a sentence."""
        mean = member @ x / member.sum(-1, keepdim=True).clamp(min=1)
        return (mean - self.mean) / self.scale + self.pick(x, member)

    def pick(self, x: Tensor, member: Tensor) -> Tensor:
        """Attention inside each sentence: every head weighs the pieces its own way."""
        weights = self.scores(x).clamp(-15, 15).exp()
        values = self.values(x).unflatten(-1, (POOL_HEADS, -1))
        top = member @ (values * weights[..., None]).flatten(2)
        below = (member @ weights).clamp(min=1e-9)
        return self.picked((top.unflatten(-1, (POOL_HEADS, -1)) / below[..., None]).flatten(2))


class ContextLayer(nn.Module):
    """A pre-norm transformer layer over the sentences of a speech, near the identity before training."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.drop = Drop()
        self.norm_in, self.norm_middle = nn.LayerNorm(hidden), nn.LayerNorm(hidden)
        self.query, self.key, self.value, self.out = (nn.Linear(hidden, hidden) for _ in range(4))
        self.widen, self.narrow = nn.Linear(hidden, 2 * hidden), nn.Linear(2 * hidden, hidden)
        for last in (self.out, self.narrow):
            nn.init.normal_(last.weight, std=0.005)
            nn.init.zeros_(last.bias)

    def forward(self, x: Tensor, mask: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        """`x` (speeches, sentences, hidden); `mask` (speeches, 1, sentences, sentences)."""
        y = self.norm_in(x)
        mixed = attention(rotated(self.query(y), cosine, sine), rotated(self.key(y), cosine, sine), self.value(y),
                          CONTEXT_HEADS, mask)
        x = x + self.drop(self.out(mixed))
        inner = self.narrow(nnf.gelu(self.widen(self.norm_middle(x))))
        return x + self.drop(inner)


def rotated(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Rotary positions (Su et al., "RoFormer", 2021): pairs of numbers are turned by an angle that grows."""
    batch, length, hidden = x.shape
    split = x.view(batch, length, CONTEXT_HEADS, hidden // CONTEXT_HEADS)
    first, second = split.chunk(2, dim=-1)
    turned = torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)
    return turned.reshape(batch, length, hidden)


class Context(nn.Module):
    """Vectors of the sentences of a speech in order -> scores of all heads."""

    def __init__(self, hidden: int, layers: int = 2) -> None:
        super().__init__()
        self.layers = nn.ModuleList(ContextLayer(hidden) for _ in range(layers))
        self.norm = nn.LayerNorm(hidden)
        self.drop, self.heads = Drop(), nn.Linear(hidden, WIDTH)
        self.heads.weight.data *= 0.3
        steps = hidden // CONTEXT_HEADS // 2
        self.register_buffer("waves", ROTARY_BASE ** (-torch.arange(steps) / steps))

    def forward(self, x: Tensor, present: Tensor | None = None) -> Tensor:
        """`x` (speeches, sentences, hidden), `present` (speeches, sentences) -> (speeches, sentences, scores)."""
        return self.heads(self.drop(self.states(x, present)))

    def states(self, x: Tensor, present: Tensor | None = None) -> Tensor:
        """What the heads read, in the shape of `x`."""
        places = torch.arange(x.shape[1])
        angles = (places[:, None] * self.waves)[None, :, None, :]
        near = (places[:, None] - places[None, :]).abs() <= REACH
        mask = near[None, None]
        if present is not None:  # a row of padding still sees itself: a row without anything to see has no softmax
            mask = mask & (present[:, None, None, :] | (places[:, None] == places[None, :]))
        for layer in self.layers:
            x = layer(x, mask, angles.cos(), angles.sin())
        return self.norm(x)


class WordGuess(nn.Module):
    """For masked-word training: the state of a hidden piece -> scores of all pieces, by the frozen word vectors."""

    def __init__(self, words: Tensor) -> None:
        super().__init__()
        hidden = words.shape[1]
        self.turn, self.norm = nn.Linear(hidden, hidden), nn.LayerNorm(hidden)
        nn.init.eye_(self.turn.weight)
        self.bias = nn.Parameter(torch.zeros(len(words)))
        self.scale = nn.Parameter(torch.tensor(3.0))
        directions = words / words.norm(dim=1, keepdim=True).clamp(min=1e-6)
        self.register_buffer("directions", directions - directions.mean(0), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(hidden pieces, hidden) -> (hidden pieces, pieces of the vocabulary)."""
        return self.scale * (self.norm(nnf.gelu(self.turn(x))) @ self.directions.T) + self.bias


