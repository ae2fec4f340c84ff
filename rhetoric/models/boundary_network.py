"""The network of `boundaries.py` in numpy: its data file, what it sees of a word, and how it reads.

Two layers of gated recurrent units (K. Cho et al., EMNLP 2014, pages 1724-1734) in both directions over word vectors,
the vectors of four characters of each word, its shape, and whether something is known to stand after it.
"""

from __future__ import annotations

import functools
import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rhetoric.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PATH = Path(__file__).parent / "boundaries-zh.npz"
VERSION = 1  # of the data file's layout
NONE, MINOR, STOP, QUESTION = range(4)  # what may stand after a word, in the order of the network's answers
WINDOW, MARGIN = 320, 30  # words that are read at a time, and how far a word should lie from the edge of what is read
BATCH = 32  # windows at once: more do not fit the processor's cache

_ARRAYS = ("vectors", "vector_scales", "char_vectors", "input_weights", "input_bias", "output_weights", "output_bias",
           "lengths")


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryModel:
    """What was learned: `vectors` (words, 100) int8 times `vector_scales`, `char_vectors` (characters, 24), `lengths`.

    `layers` hold, for both directions of each layer, the weights that meet the input (2, inputs, 3 units), those that
    meet the state (2, units, 3 units), and the biases of both (2, 1, 3 units); `lengths` the log probability of each
    length of a sentence in characters.
    """

    words: Mapping[str, int]
    chars: Mapping[str, int]
    vectors: NDArray[np.int8]
    vector_scales: Floats
    char_vectors: Floats
    input_weights: Floats
    input_bias: Floats
    layers: tuple[tuple[Floats, Floats, Floats, Floats], ...]
    output_weights: Floats
    output_bias: Floats
    lengths: Floats
    about: Mapping[str, Any]


class Vocabulary(Protocol):
    """Which rows the vectors of words and characters have; rows 0 and 1 are for nothing and for the unknown."""

    @property
    def words(self) -> Mapping[str, int]:
        """Words in lower case."""

    @property
    def chars(self) -> Mapping[str, int]:
        """Characters in lower case."""


@functools.cache
def load(path: Path = PATH) -> BoundaryModel:
    """The model of a data file.

    Raises:
        ModelError: it is absent, damaged or of another version.
    """
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as data:
            about = json.loads(bytes(data["about"]).decode())
            if about["version"] != VERSION:
                raise ValueError(f"its layout is {about['version']}, this rhetoric reads {VERSION}")
            arrays = {name: data[name] if name == "vectors" else data[name].astype(np.float32) for name in _ARRAYS}
            words, chars = (bytes(data[name]).decode().split("\n") for name in ("words", "chars"))
            layers = tuple(_layer(data, layer) for layer in range(about["layers"]))
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path}: cannot be used ({error}); install rhetoric again") from error
    return BoundaryModel(words={word: row for row, word in enumerate(words, start=2)},
                         chars={char: row for row, char in enumerate(chars, start=2)}, layers=layers, about=about,
                         **arrays)


@functools.cache
def version(path: Path = PATH) -> str:
    """Version of the layout and a short hash of the data file, for provenance."""
    return f"{VERSION}-{hashlib.sha256(path.read_bytes() if path.is_file() else b'').hexdigest()[:12]}"


def _layer(data: Mapping[str, NDArray[Any]], layer: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Both directions of a layer, the second axis inputs or units: int8 rows times their scales, and the biases."""
    import numpy as np

    def weights(way: str, part: str) -> Floats:
        name = f"layer{layer}{way}_{part}"
        return np.asarray((data[name] * data[f"{name}_scales"][:, None]).T, dtype=np.float32)

    from_input, from_state = (np.stack([weights(way, part) for way in "fb"]) for part in "xh")
    biases = np.stack([data[f"layer{layer}{way}_biases"] for way in "fb"]).astype(np.float32)[:, :, None, :]
    return from_input, from_state, biases[:, 0], biases[:, 1]


def features(model: Vocabulary, words: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """What the network sees of words: rows of their vectors (words,), of their first two and last two characters
    (words, 4), and their length, whether they are Latin, whether a number (words, 3).
    """
    import numpy as np

    lower = [word.lower() for word in words]
    rows = np.array([model.words.get(word, 1) for word in lower], dtype=np.int64)
    char = model.chars.get
    chars = np.array([(char(w[0], 1), char(w[1], 1) if len(w) > 1 else 0, char(w[-2], 1) if len(w) > 1 else 0,
                       char(w[-1], 1)) for w in lower], dtype=np.int64)
    shapes = np.array([(min(len(w), 4) / 4, w.isascii() and w.isalpha(), w.replace(".", "").isdigit()) for w in words],
                      dtype=np.float32)
    return rows, chars, shapes


def probabilities(model: BoundaryModel, words: Sequence[str], noted: NDArray[np.bool_]) -> Floats:
    """Which mark follows each word: probabilities of none, minor, stop, question, shape (words, 4)."""
    import numpy as np

    n = len(words)
    rows, chars, shapes = features(model, words)
    seen = np.concatenate([model.vectors[rows] * model.vector_scales[rows, None],
                           model.char_vectors[chars].reshape(n, -1), shapes,
                           noted.astype(np.float32)[:, None]], axis=1, dtype=np.float32)
    seen = np.maximum(seen @ model.input_weights.T + model.input_bias, 0.0)
    width = min(WINDOW, n)
    starts = [*range(0, n - width, WINDOW - 2 * MARGIN), n - width]
    found = np.empty((n, 4), np.float32)
    for first in range(0, len(starts), BATCH):
        some = starts[first : first + BATCH]
        marks = _softmax(_read(model, seen[np.array(some)[:, None] + np.arange(width)]))
        for row, start in enumerate(some):
            low = start + MARGIN if start else 0
            found[low : start + width] = marks[row, low - start :]
    return found


def _read(model: BoundaryModel, seen: Floats) -> Floats:
    """Scores of the four marks for windows of words, shape (windows, words, 4), from what is seen of each word."""
    import numpy as np

    for layer in model.layers:
        forward, backward = _pass(layer, seen)
        seen = seen + np.concatenate([forward, backward], axis=2)
    return np.asarray(seen @ model.output_weights.T + model.output_bias)


def _pass(layer: tuple[Floats, Floats, Floats, Floats], seen: Floats) -> Floats:
    """Gated recurrent units from the first word on and from the last: states (2, windows, words, units).

    After K. Cho et al. (2014), equations 5-8, with the reset gate behind the matrix, as torch.nn.GRU has it.
    """
    import numpy as np

    from_input, from_state, input_bias, state_bias = layer
    units = from_state.shape[1]
    n_windows, n_words = seen.shape[:2]
    # The words first, so that a step reads what lies together.
    both = np.stack([seen, seen[:, ::-1]]).transpose(0, 2, 1, 3).reshape(2, n_words * n_windows, -1)
    given = (both @ from_input + input_bias).reshape(2, n_words, n_windows, 3 * units)
    state = np.zeros((2, n_windows, units), np.float32)
    states = np.empty((2, n_words, n_windows, units), np.float32)
    for t in range(n_words):
        own = state @ from_state + state_bias
        gates = _sigmoid(given[:, t, :, : 2 * units] + own[..., : 2 * units])
        new = np.tanh(given[:, t, :, 2 * units :] + gates[..., :units] * own[..., 2 * units :])
        state = new + gates[..., units:] * (state - new)
        states[:, t] = state
    states[1] = states[1, ::-1]
    return states.transpose(0, 2, 1, 3)


def _sigmoid(values: Floats) -> Floats:
    import numpy as np

    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * values), dtype=np.float32)


def _softmax(scores: Floats) -> Floats:
    import numpy as np

    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
