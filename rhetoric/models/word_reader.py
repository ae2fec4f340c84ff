"""The light half of the sentence reader, over words alone: probabilities of the ten labels of the codebook.

The mean of a logistic regression (words, runs of words, word
classes, word vectors, the same around the sentence) and of a network with one hidden layer over the same profile, in
numpy. It is trained by `rhetoric.models.training`; its data lie beside this file.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.errors import ModelError
from rhetoric.files import write_atomic
from rhetoric.models import features, word_classes
from rhetoric.models.products import product
from rhetoric.models.softmax import softmax
from rhetoric.types import Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rhetoric.models.features import Floats

FOLDER = Path(__file__).parent
LANGUAGES = ("zh", "en")
VERSION = 1  # of the data file's layout
MARK_SCALE = 3.0  # how loud the marks are beside the profile
REASONS = 4  # words of evidence a sentence
CLIP = 5.0  # standard deviations that a number of a profile may lie off its mean
DECIMALS = 6  # of a probability: beyond them machines differ

_ARRAYS = ("vectors", "vector_scales", "mark_weights", "profile_mean", "profile_scale", "profile_weights", "bias",
           "hidden_weights", "hidden_bias", "output_weights", "output_bias")
_TEXTS = ("words", "marks", "about")


@dataclass(frozen=True, eq=False, kw_only=True)
class ReaderModel:
    """What was learned for one language.

    `vectors` (words, dimensions) int8 times `vector_scales` (words,); `mark_weights` (marks, labels); the rows of a
    profile (columns,) are centred by `profile_mean`, divided by `profile_scale`, clipped, and meet `profile_weights`
    (columns, labels) in the regression, `hidden_weights` (columns, units) in the network. `about` holds the
    temperature, the scores and what it was trained on, as in the model card.
    """

    language: str
    words: tuple[str, ...]
    vectors: NDArray[np.int8]
    vector_scales: NDArray[Any]
    marks: tuple[str, ...]
    mark_weights: NDArray[Any]
    profile_mean: NDArray[Any]
    profile_scale: NDArray[Any]
    profile_weights: NDArray[Any]
    bias: NDArray[Any]
    hidden_weights: NDArray[Any]
    hidden_bias: NDArray[Any]
    output_weights: NDArray[Any]
    output_bias: NDArray[Any]
    about: Mapping[str, Any]

    @functools.cached_property
    def vector_of(self) -> dict[str, int]:
        """Row of each word's vector."""
        return {word: row for row, word in enumerate(self.words)}

    @functools.cached_property
    def row_of(self) -> dict[str, int]:
        """Row of each mark's weights."""
        return {mark: row for row, mark in enumerate(self.marks)}

    @functools.cached_property
    def float_vectors(self) -> Floats:
        """The vectors as numbers, shape (words, dimensions)."""
        return unpack_vectors(self.vectors, self.vector_scales)

    @property
    def temperature(self) -> float:
        """What the logarithms of the probabilities are divided by, so that 0.7 means right seven times in ten."""
        return float(self.about["temperature"])


def predict(model: ReaderModel, speech: Speech) -> NDArray[np.float64]:
    """Calibrated probabilities by words alone, shape (sentences, labels); each row sums to 1."""
    return calibrated(uncalibrated(model, speech), model.temperature)


def uncalibrated(model: ReaderModel, speech: Speech) -> NDArray[np.float64]:
    """Probabilities by words alone before calibration, shape (sentences, labels)."""
    words = [features.words_of(speech, sentence) for sentence in speech.sentences]
    profile = features.around(features.profiles(speech, words, model.vector_of, model.float_vectors))
    marks = [features.marks(sentence_words, model.language) for sentence_words in words]
    return probabilities(model, profile, marks)


def probabilities(model: ReaderModel, profile: Floats, marks: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Probabilities before calibration from the raw profile (sentences, columns) and the marks of each sentence."""
    profile = standardise(profile, model.profile_mean, model.profile_scale)
    return (softmax(_regression(model, profile, marks)) + softmax(_network(model, profile))) / 2


def calibrated(probabilities: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Probabilities with their logarithms divided by the temperature, rounded, each row summing to 1."""
    import numpy as np

    rounded = np.round(softmax(np.log(np.maximum(probabilities, 1e-12)) / temperature), DECIMALS)
    rounded[np.arange(len(rounded)), rounded.argmax(axis=1)] += 1.0 - rounded.sum(axis=1)
    return np.asarray(rounded, dtype=np.float64)


def standardise(profile: Floats, mean: NDArray[Any], scale: NDArray[Any]) -> Floats:
    """A profile in standard deviations from the mean, clipped, so that an odd passage does not shout."""
    import numpy as np

    return np.clip((profile - mean.astype(np.float32)) / scale.astype(np.float32), -CLIP, CLIP)


def _regression(model: ReaderModel, profile: Floats, marks: Sequence[Sequence[str]]) -> Floats:
    import numpy as np

    scores = product(profile, model.profile_weights.astype(np.float32)) + model.bias.astype(np.float32)
    weights = model.mark_weights.astype(np.float32)
    for row, sentence_marks in zip(scores, marks, strict=True):
        rows = [model.row_of[mark] for mark in sentence_marks if mark in model.row_of]
        if rows:
            row += MARK_SCALE / len(rows) ** 0.5 * weights[rows].sum(axis=0)
    return np.asarray(scores)


def _network(model: ReaderModel, profile: Floats) -> Floats:
    import numpy as np

    hidden = product(profile, model.hidden_weights.astype(np.float32)) + model.hidden_bias.astype(np.float32)
    scores = product(np.maximum(hidden, 0), model.output_weights.astype(np.float32))
    return np.asarray(scores + model.output_bias.astype(np.float32))


def reasons(model: ReaderModel, words: Sequence[str], label: int) -> Iterator[str]:
    """Up to `REASONS` words of a sentence that spoke most for a label.

    A word speaks by the weight of its marks for the label, less their mean weight over all labels. Words as plain as
    "the" are not shown, though they may have weighed.
    """
    strengths: list[tuple[float, tuple[str, ...]]] = []
    for mark in features.marks(words, model.language):
        if mark not in model.row_of:
            continue
        shown = features.words_of_mark(mark)
        if not word_classes.PLAIN[model.language].issuperset(shown):
            weights = model.mark_weights[model.row_of[mark]].astype(float)
            strengths.append((round(float(weights[label] - weights.mean()), 4), shown))
    chosen: list[str] = []
    for strength, shown in sorted(strengths, key=_by_strength):
        text = ("" if model.language == "zh" else " ").join(shown)
        if strength <= 0 or len(chosen) == REASONS:
            break
        if not any(text in other or other in text for other in chosen):
            chosen.append(text)
    yield from chosen


def _by_strength(item: tuple[float, tuple[str, ...]]) -> tuple[float, tuple[str, ...]]:
    return -item[0], item[1]


# --- the data files ------------------------------------------------------------------------------------------------


def data_path(language: str, folder: Path = FOLDER) -> Path:
    """Where the data of a language lie."""
    return folder / f"reader-{language}.npz"


@functools.cache
def load(language: str, folder: Path = FOLDER) -> ReaderModel:
    """The model of a language, read once.

    Raises:
        ModelError: the file is absent, damaged, or of another version.
    """
    import numpy as np

    path = data_path(language, folder)
    if not path.is_file():
        raise ModelError(f"{path}: the sentence reader has no data for {language!r}; install the package again, or "
                         "make them with `rhetoric train`")
    try:
        with np.load(path, allow_pickle=False) as data:
            arrays = {name: data[name] for name in data.files}
        if int(arrays["version"]) != VERSION:
            raise ModelError(f"{path}: made for another version of this program; make it again with `rhetoric train`")
        if bytes(arrays["digest"]).decode() != digest_of(arrays):
            raise ModelError(f"{path}: damaged (its hash is wrong); install the package again")
        return _unpack(language, arrays)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path}: damaged ({error}); install the package again") from error


def _unpack(language: str, arrays: Mapping[str, NDArray[Any]]) -> ReaderModel:
    texts = {name: bytes(arrays[name]).decode("utf-8") for name in _TEXTS}
    return ReaderModel(language=language, words=_lines(texts["words"]), marks=_lines(texts["marks"]),
                       about=json.loads(texts["about"]), **{name: arrays[name] for name in _ARRAYS})


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def save(model: ReaderModel, folder: Path) -> Path:
    """Write the data of one language; the same model gives the same bytes.

    Raises:
        ArchiveError: the folder cannot be written.
    """
    import numpy as np

    texts = {"words": "\n".join(model.words), "marks": "\n".join(model.marks),
             "about": json.dumps(model.about, ensure_ascii=False, sort_keys=True, indent=1)}
    arrays: dict[str, NDArray[Any]] = {name: getattr(model, name) for name in _ARRAYS}
    arrays |= {name: np.frombuffer(text.encode("utf-8"), dtype=np.uint8) for name, text in texts.items()}
    arrays["version"] = np.array(VERSION)
    arrays["digest"] = np.frombuffer(digest_of(arrays).encode(), dtype=np.uint8)
    path, content = data_path(model.language, folder), io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    write_atomic(path, content.getvalue())
    return path


def digest_of(arrays: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256 over all arrays but the digest itself, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(set(arrays) - {"digest"}):
        digest.update(f"{name} {arrays[name].dtype} {arrays[name].shape}\n".encode())
        digest.update(arrays[name].tobytes())
    return digest.hexdigest()


def pack_vectors(vectors: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Unit vectors -> bytes and a scale a row; the largest number of a row becomes 127."""
    import numpy as np

    scales = (np.maximum(np.abs(vectors).max(axis=1, initial=0.0), 1e-3) / 127).astype(np.float16)
    return np.round(vectors / scales.astype(np.float32)[:, None]).clip(-127, 127).astype(np.int8), scales


def unpack_vectors(packed: NDArray[np.int8], scales: NDArray[Any]) -> Floats:
    """The inverse of `pack_vectors`, but for rounding."""
    import numpy as np

    return packed.astype(np.float32) * scales.astype(np.float32)[:, None]
