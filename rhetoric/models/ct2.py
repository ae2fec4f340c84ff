"""The weights of a CTranslate2 Whisper as openai-whisper names them, so that both engines run on one download.

`model.bin` is a plain container (`_serialize` in CTranslate2's `specs/model_spec.py`, binary version 6, little-endian):
version u32, name, revision u32, count u32; a variable is name, rank u8, its dimensions u32, type u8, bytes u32, values;
then a count u32 of aliases, two names each. A name is its length u16 with a closing zero byte.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.errors import ModelError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Tensors = dict[str, NDArray[Any]]

VERSION = 6
WHISPER = "WhisperSpec"
TYPES = ("float32", "int8", "int16", "int32", "float16", "bfloat16")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What openai-whisper loads: `dims` are the fields of its `ModelDimensions`, `weights` its state dict.

    `alignment_heads` are the (layer, head) pairs whose attention follows the sound, None where the folder names none.
    """

    dims: dict[str, int]
    weights: Tensors
    alignment_heads: tuple[tuple[int, int], ...] | None


def whisper_checkpoint(folder: Path) -> Checkpoint:
    """The Whisper in a CTranslate2 folder. Values stored as int8 or int16 come back as float32, others as they are.

    Raises:
        ModelError: the folder holds no Whisper of a form that is known.
    """
    path = folder / "model.bin"
    name, tensors = read_tensors(path)
    if name != WHISPER:
        raise ModelError(f"{path}: a CTranslate2 model of another kind ({name}); give the folder of a Whisper model")
    try:
        layers = {part: _layers(tensors, part) for part in ("encoder", "decoder")}
        return Checkpoint(dims=_dims(tensors, layers), weights=dict(_named(tensors, layers)),
                          alignment_heads=_alignment_heads(folder))
    except KeyError as error:
        raise ModelError(f"{path}: it has no {error.args[0]}, so it cannot be converted; use engine faster-whisper") \
            from error


def read_tensors(path: Path) -> tuple[str, Tensors]:
    """The kind of model in a `model.bin` and its variables by name, mapped from the file, not read into memory.

    Raises:
        ModelError: the file cannot be read or is none of CTranslate2's.
    """
    import mmap

    try:
        with path.open("rb") as stream:
            content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); fetch the model again") from error
    reader = _Reader(content)
    try:
        (version,) = reader.take("<I")
        if version != VERSION:
            raise ModelError(f"{path}: version {version} of CTranslate2's format, not {VERSION}; convert it anew")
        name = reader.name()
        reader.take("<I")  # the revision
        tensors = dict(reader.variable() for _ in range(*reader.take("<I")))
        for _ in range(*reader.take("<I")):
            alias, target = reader.name(), reader.name()
            tensors[alias] = tensors[target]
    except (struct.error, ValueError, KeyError, IndexError) as error:
        raise ModelError(f"{path}: damaged, or no file of CTranslate2's; fetch the model again") from error
    return name, tensors


class _Reader:
    """Goes through a container from front to back."""

    def __init__(self, content: Any) -> None:
        self._content = content
        self._at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._content, self._at)
        self._at += struct.calcsize(form)
        return found

    def name(self) -> str:
        (length,) = self.take("<H")
        (text,) = self.take(f"{length}s")
        return bytes(text[:-1]).decode("utf-8")

    def variable(self) -> tuple[str, NDArray[Any]]:
        import numpy as np

        name = self.name()
        (rank,) = self.take("<B")
        shape = self.take(f"<{rank}I")
        kind, size = self.take("<BI")
        stored = np.dtype("uint16" if TYPES[kind] == "bfloat16" else TYPES[kind]).newbyteorder("<")
        values = np.frombuffer(self._content, stored, size // stored.itemsize, self._at).reshape(shape)
        self._at += size
        if TYPES[kind] == "bfloat16":  # the upper half of a float32
            values = (values.astype(np.uint32) << 16).view(np.float32)
        return name, values


def _layers(tensors: Tensors, part: str) -> int:
    """How many layers the encoder or the decoder has."""
    return len({found[1] for name in tensors if (found := re.match(rf"{part}/layer_(\d+)/", name))})


def _dims(tensors: Tensors, layers: dict[str, int]) -> dict[str, int]:
    states, mels, _ = tensors["encoder/conv1/weight"].shape
    vocabulary, text_states = tensors["decoder/embeddings/weight"].shape
    return {
        "n_mels": mels, "n_audio_ctx": len(tensors["encoder/position_encodings/encodings"]), "n_audio_state": states,
        "n_audio_head": int(tensors["encoder/num_heads"]), "n_audio_layer": layers["encoder"],
        "n_vocab": vocabulary, "n_text_ctx": len(tensors["decoder/position_encodings/encodings"]),
        "n_text_state": text_states, "n_text_head": int(tensors["decoder/num_heads"]),
        "n_text_layer": layers["decoder"],
    }


def _named(tensors: Tensors, layers: dict[str, int]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Every weight under openai-whisper's name. CTranslate2 joins the query, key and value matrices of an attention."""
    for conv in ("conv1", "conv2"):
        yield f"encoder.{conv}.weight", _plain(tensors, f"encoder/{conv}/weight")
        yield f"encoder.{conv}.bias", tensors[f"encoder/{conv}/bias"]
    yield "decoder.token_embedding.weight", _plain(tensors, "decoder/embeddings/weight")
    for part, norm in (("encoder", "ln_post"), ("decoder", "ln")):
        yield f"{part}.positional_embedding", _plain(tensors, f"{part}/position_encodings/encodings")
        yield from _norm(tensors, f"{part}/layer_norm", f"{part}.{norm}")
        for number in range(layers[part]):
            yield from _layer(tensors, f"{part}/layer_{number}", f"{part}.blocks.{number}")


def _layer(tensors: Tensors, there: str, here: str) -> Iterator[tuple[str, NDArray[Any]]]:
    yield from _attention(tensors, f"{there}/self_attention", f"{here}.attn", (("query", "key", "value"), ("out",)))
    if f"{there}/attention/linear_0/weight" in tensors:
        yield from _attention(tensors, f"{there}/attention", f"{here}.cross_attn",
                              (("query",), ("key", "value"), ("out",)))
    for linear, name in (("linear_0", "mlp.0"), ("linear_1", "mlp.2")):
        yield f"{here}.{name}.weight", _plain(tensors, f"{there}/ffn/{linear}/weight")
        yield f"{here}.{name}.bias", tensors[f"{there}/ffn/{linear}/bias"]
    yield from _norm(tensors, f"{there}/ffn/layer_norm", f"{here}.mlp_ln")


def _attention(tensors: Tensors, there: str, here: str,
               linears: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, NDArray[Any]]]:
    import numpy as np

    for number, names in enumerate(linears):
        weight = _plain(tensors, f"{there}/linear_{number}/weight")
        bias = tensors[f"{there}/linear_{number}/bias"]
        for name, rows, offsets in zip(names, np.split(weight, len(names)), np.split(bias, len(names)), strict=True):
            yield f"{here}.{name}.weight", rows
            if name != "key":  # Whisper's keys have no bias; CTranslate2 writes zeros
                yield f"{here}.{name}.bias", offsets
    yield from _norm(tensors, f"{there}/layer_norm", f"{here}_ln")


def _norm(tensors: Tensors, there: str, here: str) -> Iterator[tuple[str, NDArray[Any]]]:
    yield f"{here}.weight", tensors[f"{there}/gamma"]
    yield f"{here}.bias", tensors[f"{there}/beta"]


def _plain(tensors: Tensors, name: str) -> NDArray[Any]:
    """A weight without its quantisation: stored = weight * scale, one scale a row (int8) or for all of it (int16)."""
    import numpy as np

    stored = tensors[name]
    if stored.dtype.kind != "i":
        return stored
    scale = tensors[f"{name}_scale"].astype(np.float32)
    return stored.astype(np.float32) / scale.reshape(scale.shape + (1,) * (stored.ndim - scale.ndim))


def _alignment_heads(folder: Path) -> tuple[tuple[int, int], ...] | None:
    try:
        named = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("alignment_heads")
        return tuple((int(layer), int(head)) for layer, head in named) if named else None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / 'config.json'}: cannot be read ({error}); fetch the model again") from error
