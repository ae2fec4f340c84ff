"""Read sentences with the exported encoder: pieces -> windows -> vectors -> scores of all heads. onnxruntime only.

Data files of a folder: `encoder.onnx` (windows, 8-bit weights), `encoder-context.onnx` (the layers over sentences),
`encoder-heads.npy` (a linear layer a language, all heads side by side), `encoder-words.npy` (word vectors, 4 bits a
number), `encoder-tokenizer.json`, and `encoder.json`: what it was trained on, how good it is, and the hashes of the
others. Written by `rhetoric.models.encoder.export`, the heads alone by `rhetoric.models.encoder.adapting`.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.errors import ModelError
from rhetoric.files import write_atomic
from rhetoric.models.encoder.base import unpack_blocks
from rhetoric.models.encoder.heads import HEADS
from rhetoric.models.encoder.tokens import END, open_tokenizer, pieces_of, windows
from rhetoric.models.products import product
from rhetoric.models.softmax import softmax
from rhetoric.models.word_reader import LANGUAGES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Probabilities = NDArray[np.float64]

ABOUT, WINDOWS, CONTEXT, HEADS_FILE, WORDS, TOKENIZER = (
    "encoder.json", "encoder.onnx", "encoder-context.onnx", "encoder-heads.npy", "encoder-words.npy",
    "encoder-tokenizer.json")
VERSION = 2  # of the files' layout
THREADS = 2  # that read windows, at most; each window is read by one, so that their number changes no result
THREADS_VARIABLE = "OMP_NUM_THREADS"  # says how many a process may have; engines set it for their workers
STRETCH = 256  # sentences that the context layers give scores for at once
MARGIN = 96  # sentences beside a stretch that its scores depend on: two layers that each see 48 to both sides
DECIMALS = 4  # of a probability: beyond them machines differ


@dataclass(frozen=True, eq=False, kw_only=True)
class EncoderModel:
    """The opened files; `words` (pieces, blocks, 18) bytes, see `base.unpack_blocks`; `heads` (languages, hidden + 1,
    `heads.WIDTH`), languages in the order of `LANGUAGES`, the last row of each its bias."""

    tokenizer: Any
    words: NDArray[np.uint8]
    heads: Floats
    windows: Any
    context: Any
    about: Mapping[str, Any]

    @property
    def prefix(self) -> list[int]:
        """The pieces that begin every window."""
        return list(self.about["prefix"])


def is_here(folder: Path) -> bool:
    """Whether a folder has an encoder beside its word reader."""
    return (folder / ABOUT).is_file()


@functools.cache
def read_about(folder: Path) -> Mapping[str, Any]:
    """What `encoder.json` says.

    Raises:
        ModelError: it is damaged or of another version.
    """
    path = folder / ABOUT
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        version = about["version"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{path}: damaged ({error}); install the package again") from error
    if version != VERSION:
        raise ModelError(f"{path}: made for another version of this program; install the package again")
    return dict(about)


@functools.cache
def open_encoder(folder: Path) -> EncoderModel:
    """The encoder of a folder, opened once.

    Raises:
        ModelError: a file is absent, damaged, or of another version.
    """
    import numpy as np

    about = read_about(folder)
    for name, wanted in about["files"].items():
        _check(folder / name, wanted)
    try:
        return EncoderModel(tokenizer=open_tokenizer(folder / TOKENIZER), words=np.load(folder / WORDS),
                            heads=np.load(folder / HEADS_FILE), windows=_session(folder / WINDOWS),
                            context=_session(folder / CONTEXT), about=about)
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: the encoder cannot be opened ({error}); install the package again") from error


def write_about(about: Mapping[str, Any], folder: Path) -> None:
    """Write `encoder.json`."""
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomic(folder / ABOUT, f"{text}\n".encode())


def npy(values: NDArray[Any]) -> bytes:
    """An array as the bytes of an `.npy` file."""
    import numpy as np

    content = io.BytesIO()
    np.save(content, values, allow_pickle=False)
    return content.getvalue()


def _check(path: Path, wanted: str) -> None:
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); install the package again") from error
    if found != wanted:
        raise ModelError(f"{path}: damaged (its hash is wrong); install the package again")


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no exception of its own to catch
        reason = " ".join(str(error).split())
        raise ModelError(f"{path}: cannot be opened ({reason}); install the package again") from error


def scores(model: EncoderModel, sentences: Sequence[str], language: str) -> Floats:
    """Scores of all heads, shape (sentences, `heads.WIDTH`); the same sentences give the same bytes."""
    return apply_heads(states(model, sentences), model.heads[LANGUAGES.index(language)])


def apply_heads(rows: Floats, heads: Floats) -> Floats:
    """Scores from what the heads read, (sentences, hidden), by a linear layer (hidden + 1, `heads.WIDTH`)."""
    found: Floats = product(rows, heads[:-1]) + heads[-1]
    return found


def states(model: EncoderModel, sentences: Sequence[str]) -> Floats:
    """What the heads read, shape (sentences, hidden)."""
    import numpy as np

    if not sentences:
        return np.zeros((0, model.heads.shape[1] - 1), dtype=np.float32)
    pieces = pieces_of(model.tokenizer, sentences)
    cut = list(windows([len(ids) for ids in pieces], len(model.prefix)))
    with ThreadPoolExecutor(threads()) as pool:
        vectors = list(pool.map(functools.partial(_read_window, model), ([pieces[k] for k in run] for run in cut)))
    return _in_context(model, np.concatenate(vectors))


def threads() -> int:
    """How many threads read windows: as many as this process may have, and two at most."""
    given = os.environ.get(THREADS_VARIABLE, "")
    allowed = int(given) if given.isascii() and given.isdigit() else THREADS
    return max(1, min(THREADS, os.cpu_count() or 1, allowed))


def _read_window(model: EncoderModel, sentences: list[list[int]]) -> Floats:
    """Vectors of the sentences of one window, shape (sentences, hidden)."""
    import numpy as np

    ids, owner = list(model.prefix), [-1] * len(model.prefix)
    for row, pieces in enumerate(sentences):
        ids += [*pieces, END]
        owner += [row] * (len(pieces) + 1)
    member = (np.array(owner)[None, :] == np.arange(len(sentences))[:, None]).astype(np.float32)
    found: Floats = model.windows.run(
        None, {"words": unpack_blocks(model.words[ids])[None], "member": member[None]})[0][0]
    return found


def _in_context(model: EncoderModel, vectors: Floats) -> Floats:
    """What the heads read of sentences, stretch by stretch: as if the whole speech were read at once."""
    import numpy as np

    found = []
    for begin in range(0, len(vectors), STRETCH):
        first = max(0, begin - MARGIN)
        part = vectors[first : begin + STRETCH + MARGIN]
        rows: Floats = model.context.run(None, {"vectors": part[None]})[0][0]
        found.append(rows[begin - first : begin - first + STRETCH])
    return np.concatenate(found)


def head_probabilities(model: EncoderModel, rows: Floats, language: str) -> dict[str, Probabilities]:
    """Calibrated probabilities of the heads beside `function`, rounded: `emotion` (sentences, 1 + classes), the first
    none; `intensity` (sentences, 3), given an emotion; `slogan` (sentences, 1); `figures` (sentences, figures).

    Softmax heads have a temperature (Guo et al., 2017), yes-or-no heads a slope and an offset on their score (Platt,
    "Probabilistic Outputs for Support Vector Machines", 1999), fitted on speeches that were kept out of the training.
    """
    import numpy as np

    fitted = model.about["calibration"][language]
    found = {name: softmax(rows[:, HEADS[name]] / fitted[name]) for name in ("emotion", "intensity")}
    for name in ("slogan", "figures"):
        slope, offset = np.array(fitted[name], dtype=np.float64).reshape(-1, 2).T
        found[name] = 1 / (1 + np.exp(-(slope * rows[:, HEADS[name]].astype(np.float64) + offset)))
    return {name: np.round(values, DECIMALS) for name, values in found.items()}


def function_probabilities(rows: Floats) -> Probabilities:
    """Probabilities over the ten functions before calibration, shape (sentences, functions)."""
    return softmax(rows[:, HEADS["function"]])
