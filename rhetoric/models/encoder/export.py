"""A trained network -> the files that `model` reads: ONNX with 8-bit weights, 4-bit word vectors, the tokenizer.

Weights of the windows' matrices are whole numbers of 7 bits a column (`reduce_range`), so that processors without VNNI
instructions do not overflow when they add products of 8 bits; activations are put into 8 bits as they come, with one
scale a window. A few of their columns are twenty times as large as the others, which the one scale would blur; so each
column is divided by a number of its own that the weights are multiplied by (Xiao et al., "SmoothQuant: accurate and
efficient post-training quantization for large language models", 2023, equation 4). Needs the packages `torch` and
`onnx` (extra `train`).
"""

from __future__ import annotations

import copy
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from rhetoric.files import write_atomic
from rhetoric.models.encoder import model
from rhetoric.models.encoder.batches import Batch
from rhetoric.models.encoder.network import Windows, attention
from rhetoric.models.word_reader import LANGUAGES

if TYPE_CHECKING:
    from rhetoric.models.encoder.training import Start

OPSET = 17
PEAKS_WEIGH = 0.7  # against the weights, in how a column is divided: of 0.5, 0.7, 0.8 and 0.9 this one loses least
EVENED = "evened"  # begins the names of the divisors in the file
PARTS = ("joined", "out", "widen", "narrow")  # the matrices of a layer, in their order
_CONTRIB = "com.microsoft"


class _Attention(torch.autograd.Function):
    """Attention as one operator of onnxruntime, instead of a dozen."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
        return attention(query, key, value, heads, None)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, heads: int) -> Any:
        return graph.op(f"{_CONTRIB}::MultiHeadAttention", query, key, value, num_heads_i=heads).setType(query.type())


class _ExportedWindows(nn.Module):
    """`Windows` from the word vectors on, query, key and value in one product, for one window at a time."""

    def __init__(self, windows: Windows, batches: Sequence[Batch]) -> None:
        super().__init__()
        peaks = _peaks(windows, batches)
        self.windows = copy.deepcopy(windows)
        self.joined = nn.ModuleList()
        self.evened = nn.ParameterDict()
        for number, layer in enumerate(self.windows.layers):
            parts = [layer.query, layer.key, layer.value]
            joined = nn.Linear(parts[0].in_features, sum(part.out_features for part in parts))
            joined.weight.data = torch.cat([part.weight.data for part in parts])
            joined.bias.data = torch.cat([part.bias.data for part in parts])
            self.joined.append(joined)
            for name, linear in zip(PARTS, (joined, layer.out, layer.widen, layer.narrow), strict=True):
                divisor = _divisors(peaks[number, name], linear.weight.data)
                linear.weight.data = linear.weight.data * divisor
                self.evened[f"{name}_{number}"] = nn.Parameter(1 / divisor, requires_grad=False)

    def forward(self, words: Tensor, member: Tensor) -> Tensor:
        """`words` (1, pieces, hidden), `member` (1, sentences, pieces) -> (1, sentences, hidden)."""
        even = self.evened
        x = self.windows.norm(words + self.windows.places[: words.shape[1]])
        for n, (layer, joined) in enumerate(zip(self.windows.layers, self.joined, strict=True)):
            query, key, value = joined(x * even[f"joined_{n}"]).split(x.shape[-1], -1)
            attended = _Attention.apply(query, key, value, layer.heads)
            x = layer.norm_attention(x + layer.out(attended * even[f"out_{n}"]))
            inner = nnf.gelu(layer.widen(x * even[f"widen_{n}"]))
            x = layer.norm_out(x + layer.narrow(inner * even[f"narrow_{n}"]))
        return self.windows.vectors(x, member)


def _divisors(peaks: Tensor, weight: Tensor) -> Tensor:
    """What each column of the activations is divided by: between its peak and that of its weights, 1 in the mean."""
    found = peaks.clamp(min=1e-5) ** PEAKS_WEIGH / weight.abs().amax(0).clamp(min=1e-5) ** (1 - PEAKS_WEIGH)
    return found / found.log().mean().exp()


@torch.no_grad()
def _peaks(windows: Windows, batches: Sequence[Batch]) -> dict[tuple[int, str], Tensor]:
    """The largest absolute value of each column that goes into the matrices of a layer."""
    found: dict[tuple[int, str], Tensor] = {}

    def watch(key: tuple[int, str]) -> Any:
        def look(_: nn.Module, given: tuple[Tensor, ...]) -> None:
            highest = given[0].abs().flatten(0, -2).amax(0)
            found[key] = torch.maximum(found.get(key, highest), highest)

        return look

    windows.eval()
    watched = [part.register_forward_pre_hook(watch((number, name)))
               for number, layer in enumerate(windows.layers)
               for name, part in zip(PARTS, (layer.query, layer.out, layer.widen, layer.narrow), strict=True)]
    for batch in batches:
        windows.states(batch.ids, batch.present)
    for handle in watched:
        handle.remove()
    return found


class _ExportedContext(nn.Module):
    def __init__(self, context: nn.Module) -> None:
        super().__init__()
        self.context = context

    def forward(self, vectors: Tensor) -> Tensor:
        """(1, sentences, hidden) -> (1, sentences, hidden)."""
        return self.context.states(vectors, None)


def write_encoder(trained: Start, about: Mapping[str, Any], folder: Path, sample: Sequence[Batch]) -> None:
    """Write the data files; `about` becomes `encoder.json`, with the prefix and the files' hashes added.

    `sample` are windows of texts such as will be read, of which the peaks of activations are learned.
    """
    import numpy as np

    network = trained.network
    linear = network.context.heads
    heads = np.concatenate([linear.weight.detach().numpy().T, linear.bias.detach().numpy()[None]])
    files = {model.WINDOWS: _windows_onnx(network.windows.eval(), sample),
             model.CONTEXT: _context_onnx(network.context.eval()),
             model.WORDS: model.npy(trained.words), model.TOKENIZER: trained.tokenizer.encode(),
             model.HEADS_FILE: model.npy(np.stack([heads] * len(LANGUAGES)))}
    for name, content in files.items():
        write_atomic(folder / name, content)
    whole = {"version": model.VERSION, "prefix": network.prefix, **about,
             "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}}
    model.write_about(whole, folder)


def _windows_onnx(windows: Windows, sample: Sequence[Batch]) -> bytes:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    hidden = windows.places.shape[1]
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder, "plain.onnx"), Path(folder, "small.onnx")
        torch.onnx.export(
            _ExportedWindows(windows, sample).eval(), (torch.randn(1, 77, hidden), torch.ones(1, 5, 77)), str(plain),
            input_names=["words", "member"], output_names=["vectors"], opset_version=OPSET, dynamo=False,
            custom_opsets={_CONTRIB: 1}, dynamic_axes={"words": {1: "pieces"}, "vectors": {1: "sentences"},
                                                       "member": {1: "sentences", 2: "pieces"}})
        quantize_dynamic(plain, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True,
                         op_types_to_quantize=["MatMul"])
        return small.read_bytes()


def _context_onnx(context: nn.Module) -> bytes:
    """The context layers with their weights in 16 bits; they are reckoned with in 32."""
    import onnx

    hidden = context.norm.normalized_shape[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "context.onnx")
        torch.onnx.export(_ExportedContext(context).eval(), (torch.randn(1, 60, hidden),), str(path),
                          input_names=["vectors"], output_names=["states"], opset_version=OPSET, dynamo=False,
                          dynamic_axes={"vectors": {1: "sentences"}, "states": {1: "sentences"}})
        graph = onnx.load(path)
    _halve_weights(graph.graph)
    return bytes(graph.SerializeToString(deterministic=True))


def _halve_weights(graph: Any) -> None:
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for tensor in graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and len(tensor.dims) == 2:
            name, half = tensor.name, numpy_helper.to_array(tensor).astype(np.float16)
            tensor.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
            casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
