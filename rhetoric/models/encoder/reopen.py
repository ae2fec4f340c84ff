"""The exported files -> a network in torch again, to train further from. Needs the packages `torch` and `onnx`.

The windows' weights come back as the 8-bit numbers they were exported as, the context layers' as 16-bit ones: training
goes on from there as from any other start. Heads that differ by language come back as their mean.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from rhetoric.models.encoder import model
from rhetoric.models.encoder.base import BaseEncoder
from rhetoric.models.encoder.export import EVENED, PARTS
from rhetoric.models.encoder.network import Context, Windows
from rhetoric.models.encoder.tokens import END, PAD, START, UNKNOWN
from rhetoric.models.encoder.training import Network, Start

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ATTENTION = "MultiHeadAttention"  # the operator of `export` that holds the number of its heads
_LAYER = ("q", "k", "v", "ao", "fi", "fo")
_POOLING = ("scores", "values", "picked")
_CONTEXT = ("query", "key", "value", "out", "widen", "narrow")


def reopen(folder: Path) -> Start:
    """The network of an exported encoder.

    Raises:
        ModelError: a file is missing or is not the one that `encoder.json` names.
    """
    from onnx import helper

    opened = model.open_encoder(folder)
    about, words = opened.about, opened.words
    graph = _graph(folder / model.WINDOWS)
    named, matrices = _weights(graph)
    heads = {helper.get_node_attr_value(node, "num_heads") for node in graph.node if node.op_type == _ATTENTION}
    base = _as_base(named, matrices, words, int(about["layers"]), heads.pop())
    windows = Windows(base, range(len(words)), base.layers)
    pooling = {f"{part}.weight": torch.tensor(matrix.T.copy())
               for part, matrix in zip(_POOLING, matrices[-len(_POOLING):], strict=True)}
    pooling |= {name: named[f"windows.{name}"] for name in ("mean", "scale", *(f"{part}.bias" for part in _POOLING))}
    windows.load_state_dict({**windows.state_dict(), **pooling})
    context = Context(base.hidden)
    linear = torch.tensor(opened.heads.mean(0))
    context.load_state_dict(_context_state(_graph(folder / model.CONTEXT), context.state_dict())
                            | {"heads.weight": linear[:-1].T, "heads.bias": linear[-1]})
    network = Network(windows=windows, context=context, prefix=list(about["prefix"]))
    return Start(network=network, words=words, tokenizer=(folder / model.TOKENIZER).read_text(encoding="utf-8"))


def _graph(path: Path) -> Any:
    import onnx

    return onnx.load(path).graph


def _weights(graph: Any) -> tuple[dict[str, Tensor], list[NDArray[np.float32]]]:
    """Named parameters, and the matrices in the order in which they are used, shape (inputs, outputs)."""
    import numpy as np
    from onnx import numpy_helper

    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    matrices = []
    for name in held:
        if name.endswith("_quantized"):
            stem = name.removesuffix("_quantized")
            whole = held[name].astype(np.float32) - held[f"{stem}_zero_point"].astype(np.float32)
            matrices.append(whole * held[f"{stem}_scale"])
        elif name.endswith(".half"):
            matrices.append(held[name].astype(np.float32))
    named = {name: torch.tensor(values) for name, values in held.items() if "MatMul" not in name}
    return named, matrices


def _as_base(named: dict[str, Tensor], matrices: list[NDArray[np.float32]], words: NDArray[np.uint8],
             layers: int, heads: int) -> BaseEncoder:
    """The layers under the names that the base encoder's file gives them."""
    import numpy as np

    hidden = named["windows.norm.weight"].shape[0]
    tensors: dict[str, Any] = {"pos": named["windows.places"].numpy(), "type": np.zeros(hidden, np.float32),
                               "norm.weight": named["windows.norm.weight"].numpy(),
                               "norm.bias": named["windows.norm.bias"].numpy()}
    for layer in range(layers):
        evened = (named.get(f"{EVENED}.{part}_{layer}", torch.ones(1)).numpy()[:, None] for part in PARTS)
        joined, out, widen, narrow = (
            matrix * even for matrix, even in zip(matrices[4 * layer : 4 * layer + 4], evened, strict=True))
        split = (*np.split(joined.T, 3), out.T, widen.T, narrow.T)
        own = f"windows.layers.{layer}"
        biases = (*np.split(named[f"joined.{layer}.bias"].numpy(), 3),
                  *(named[f"{own}.{part}.bias"].numpy() for part in ("out", "widen", "narrow")))
        for part, weight, bias in zip(_LAYER, split, biases, strict=True):
            tensors[f"{layer}.{part}.weight"], tensors[f"{layer}.{part}.bias"] = weight.copy(), bias.copy()
        for part, norm in (("aln", "norm_attention"), ("oln", "norm_out")):
            for kind in ("weight", "bias"):
                tensors[f"{layer}.{part}.{kind}"] = named[f"{own}.{norm}.{kind}"].numpy()
    return BaseEncoder(hidden=hidden, layers=layers, heads=heads, eps=1e-6, pieces=(), start=START, end=END,
                       pad=PAD, unknown=UNKNOWN, words=words, tensors=tensors)


def _context_state(graph: Any, state: dict[str, Tensor]) -> dict[str, Tensor]:
    named, matrices = _weights(graph)
    made = {name.removeprefix("context."): values for name, values in named.items()}
    names = [f"layers.{layer}.{part}.weight" for layer in range(2) for part in _CONTEXT]
    made |= {name: torch.tensor(matrix.T.copy()) for name, matrix in zip(names, matrices, strict=True)}
    return {name: made[name] for name in state if not name.startswith("heads.")}
