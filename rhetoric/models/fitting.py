"""Fit the two halves of the reader: a logistic regression over marks and profile, a small network over the profile.

Both minimise the cross-entropy. The regression has an L2 penalty of its own for each part and is solved by L-BFGS
(D. C. Liu and J. Nocedal, 1989); the network has one hidden layer of rectified units with dropout (Srivastava et al.,
2014) and is trained by Adam with decoupled weight decay (Loshchilov and Hutter, 2019). All seeds are fixed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rhetoric.codebook import FUNCTIONS
from rhetoric.models.word_reader import MARK_SCALE, ReaderModel, standardise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rhetoric.models.features import Floats
    from rhetoric.models.gold import GoldSpeech

    Labels = NDArray[np.int64]

# Chosen by cross-validation over speeches; docs/experiments-reader.md has the figures.
MARK_PENALTY, PROFILE_PENALTY, STEPS = 1.0, 1000.0, 120
UNITS, DROP_INPUT, DROP_UNITS, DECAY, RATE, EPOCHS, BATCH, SEED = 192, 0.4, 0.6, 0.01, 0.0015, 10, 128, 20200811
MIN_SPEECHES, MIN_SPEAKERS = 3, 2  # that must use a mark before it is learned: names of people must not leak in
MAX_WORDS = 20_000  # with a vector


@dataclass(frozen=True, eq=False, kw_only=True)
class Prepared:
    """A coded speech as the fit sees it: marks of each sentence, profile (sentences, columns), labels, sizes."""

    gold: GoldSpeech
    marks: list[list[str]]
    profile: Floats
    labels: Labels
    sizes: NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Vectors:
    """Word vectors as they are shipped."""

    words: tuple[str, ...]
    packed: NDArray[np.int8]
    scales: NDArray[Any]


def fit(language: str, speeches: Sequence[Prepared], vectors: Vectors, about: dict[str, Any]) -> ReaderModel:
    """Fit the reader of one language. Needs SciPy (extra `train`)."""
    import numpy as np

    labels = np.concatenate([speech.labels for speech in speeches])
    raw = np.concatenate([speech.profile for speech in speeches])
    mean, scale = raw.mean(axis=0).astype(np.float32), (raw.std(axis=0) + 1e-3).astype(np.float32)
    profile = standardise(raw, mean, scale)
    marks = common_marks(speeches)
    mark_weights, profile_weights, bias = _regression(profile, [m for s in speeches for m in s.marks], marks, labels)
    hidden_weights, hidden_bias, output_weights, output_bias = _network(profile, labels)
    half = np.float16
    return ReaderModel(
        language=language, words=vectors.words, vectors=vectors.packed, vector_scales=vectors.scales,
        marks=tuple(marks), mark_weights=mark_weights.astype(half), profile_mean=mean, profile_scale=scale,
        profile_weights=profile_weights.astype(half), bias=bias.astype(np.float32),
        hidden_weights=hidden_weights.astype(half), hidden_bias=hidden_bias.astype(half),
        output_weights=output_weights.astype(half), output_bias=output_bias.astype(np.float32), about=about)


def common_marks(speeches: Sequence[Prepared]) -> list[str]:
    """Marks that enough speeches of enough speakers use, sorted."""
    names: dict[str, set[str]] = defaultdict(set)
    speakers: dict[str, set[str]] = defaultdict(set)
    for speech in speeches:
        for mark in {mark for marks in speech.marks for mark in marks}:
            names[mark].add(speech.gold.name)
            speakers[mark].add(speech.gold.speaker)
    return sorted(mark for mark, used in names.items()
                  if len(used) >= MIN_SPEECHES and len(speakers[mark]) >= MIN_SPEAKERS)


def _mark_matrix(sentences: Sequence[Sequence[str]], marks: Sequence[str]) -> Any:
    """Sentences x marks, sparse: `MARK_SCALE` over the square root of the sentence's known marks."""
    import numpy as np
    from scipy import sparse  # type: ignore[import-untyped]

    row_of = {mark: row for row, mark in enumerate(marks)}
    known = [[row_of[mark] for mark in sentence if mark in row_of] for sentence in sentences]
    lengths = [len(rows) for rows in known]
    values = np.repeat([MARK_SCALE / max(1, n) ** 0.5 for n in lengths], lengths).astype(np.float32)
    columns = np.array([row for rows in known for row in rows], dtype=np.int64)
    return sparse.csr_matrix((values, columns, np.concatenate([[0], np.cumsum(lengths)])),
                             shape=(len(sentences), len(marks)), dtype=np.float32)


def _regression(profile: Floats, sentences: Sequence[Sequence[str]], marks: Sequence[str],
                labels: Labels) -> tuple[Floats, Floats, Floats]:
    """Weights of marks, weights of the profile, bias."""
    import numpy as np
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    matrix = _mark_matrix(sentences, marks)
    transposed = matrix.T.tocsr()
    columns, n_labels = profile.shape[1], len(FUNCTIONS)
    targets = np.eye(n_labels, dtype=np.float32)[labels]
    penalty = np.concatenate([np.full(columns, PROFILE_PENALTY), np.full(len(marks), MARK_PENALTY), [0.0]])
    penalty = penalty.astype(np.float32)[:, None]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(-1, n_labels).astype(np.float32)
        scores = profile @ weights[:columns] + matrix @ weights[columns:-1] + weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        exponents = np.exp(scores)
        sums = exponents.sum(axis=1, keepdims=True)
        rest = exponents / sums - targets
        value = np.log(sums).sum(dtype=np.float64) - (scores * targets).sum(dtype=np.float64)
        value += 0.5 * (penalty * weights * weights).sum(dtype=np.float64)
        gradient = penalty * weights
        gradient[:columns] += profile.T @ rest
        gradient[columns:-1] += transposed @ rest
        gradient[-1] += rest.sum(axis=0)
        return float(value), gradient.ravel().astype(np.float64)

    start = np.zeros((columns + len(marks) + 1) * n_labels)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    weights = found.x.reshape(-1, n_labels).astype(np.float32)
    return weights[columns:-1], weights[:columns], weights[-1]


def _network(profile: Floats, labels: Labels) -> tuple[Floats, Floats, Floats, Floats]:
    """Weights and bias of the hidden layer, weights and bias of the output."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    columns, n_labels = profile.shape[1], len(FUNCTIONS)
    parameters = [
        (rng.normal(size=(columns, UNITS)) / columns**0.5).astype(np.float32), np.zeros(UNITS, np.float32),
        (rng.normal(size=(UNITS, n_labels)) / UNITS**0.5 / 2).astype(np.float32), np.zeros(n_labels, np.float32),
    ]
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
    step, starts = 0, range(0, len(labels), BATCH)
    for epoch in range(EPOCHS):
        order = rng.permutation(len(labels))
        rate = RATE * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS)) + 1e-5
        for start in starts:
            step += 1
            rows = order[start : start + BATCH]
            gradients = _gradients(parameters, profile[rows], labels[rows], rng)
            for parameter, gradient, moment in zip(parameters, gradients, moments, strict=True):
                _adam(parameter, gradient, moment, rate, step)
    return parameters[0], parameters[1], parameters[2], parameters[3]


def _gradients(parameters: Sequence[Floats], inputs: Floats, labels: Labels, rng: np.random.Generator) -> list[Floats]:
    """Gradients of the mean cross-entropy of a batch, with fresh dropout."""
    import numpy as np

    hidden_weights, hidden_bias, output_weights, output_bias = parameters
    inputs = inputs * _dropout(inputs.shape, DROP_INPUT, rng)
    raw = inputs @ hidden_weights + hidden_bias
    kept = _dropout(raw.shape, DROP_UNITS, rng) * (raw > 0)
    hidden = raw * kept
    scores = hidden @ output_weights + output_bias
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    rest = exponents / exponents.sum(axis=1, keepdims=True)
    rest[np.arange(len(labels)), labels] -= 1
    rest /= len(labels)
    back = (rest @ output_weights.T) * kept
    return [inputs.T @ back, back.sum(axis=0), hidden.T @ rest, rest.sum(axis=0)]


def _dropout(shape: tuple[int, ...], share: float, rng: np.random.Generator) -> Floats:
    import numpy as np

    kept = rng.random(shape, dtype=np.float32) >= share
    return np.asarray(kept / np.float32(1 - share), dtype=np.float32)


def _adam(parameter: Floats, gradient: Floats, moment: tuple[Floats, Floats], rate: float, step: int) -> None:
    """One step, in place."""
    import numpy as np

    first, second = moment
    first += 0.1 * (gradient - first)
    second += 0.001 * (gradient * gradient - second)
    direction = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    parameter -= (rate * (direction + DECAY * parameter)).astype(np.float32)
