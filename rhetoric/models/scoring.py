"""How well readings match coded labels: agreement, calibration, and the error of what a report shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rhetoric.codebook import FUNCTIONS, GROUP_OF, STORY_OWNERS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Labels = NDArray[np.int64]

BINS = 10  # of the calibration error
MIN_SENTENCES = 30  # a speech must have to say anything of its story share


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores over all sentences of all speeches; the story errors are means over speeches.

    `accuracy` and `kappa` on ten labels; `group_kappa` on story, product, results, values, other, none, with each
    sentence in the group of its likeliest label. `calibration_error`: mean distance between the probability of the
    likeliest label and how often it is right. `owner_kappa`: whose story it is (speaker, company, somebody else), over
    the sentences that are story in both codings. `story_error_*`: mean absolute error of the story share of a speech,
    counting likeliest labels or probabilities, weighed by size.
    """

    sentences: int
    speeches: int
    accuracy: float
    kappa: float
    group_kappa: float
    owner_kappa: float
    log_loss: float
    calibration_error: float
    story_error_labels: float
    story_error_probabilities: float


def kappa(a: NDArray[Any], b: NDArray[Any], n: int) -> float:
    """Agreement beyond chance of two codings with labels 0..n-1 (J. Cohen, "A coefficient of agreement", 1960)."""
    import numpy as np

    table = np.zeros((n, n))
    np.add.at(table, (a, b), 1.0)
    table /= table.sum()
    expected = float(table.sum(axis=0) @ table.sum(axis=1))
    return float((np.trace(table) - expected) / (1 - expected)) if expected < 1 else 1.0


def label_kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """`kappa` of two codings given as pairs of labels, of which there is at least one."""
    import numpy as np

    names = sorted({label for pair in pairs for label in pair})
    places = np.array([[names.index(label) for label in pair] for pair in pairs])
    return kappa(places[:, 0], places[:, 1], len(names))


def kappa_of(tables: Floats) -> Floats:
    """Agreement beyond chance of two codings, from tables (draws, labels, labels) (J. Cohen, 1960)."""
    import numpy as np

    total = tables.sum(axis=(1, 2))
    observed = np.trace(tables, axis1=1, axis2=2) / total
    expected = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / total**2
    kappa: Floats = np.where(expected < 1, (observed - expected) / (1 - expected), 1.0)
    return kappa


def calibration_error(probabilities: Floats, labels: Labels) -> float:
    """Expected calibration error over `BINS` bins (Guo et al., "On Calibration of Modern Neural Networks", 2017)."""
    import numpy as np

    best, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.minimum((best * BINS).astype(int), BINS - 1)
    gaps = [abs(float(best[bins == k].sum() - right[bins == k].sum())) for k in range(BINS)]
    return sum(gaps) / len(labels)


def story_share(masses: Floats, sizes: Floats) -> float:
    """Share of story in the content of one speech; 0 where it has no content."""
    story = masses[:, [GROUP_OF[label] == "story" for label in FUNCTIONS]].sum(axis=1)
    content = 1.0 - masses[:, FUNCTIONS.index("noncontent")]
    total = float(sizes @ content)
    return float(sizes @ story) / total if total else 0.0


def score(probabilities: Sequence[Floats], labels: Sequence[Labels], sizes: Sequence[Floats]) -> Scores:
    """Score readings of several speeches; each sequence has one array a speech."""
    import numpy as np

    p, y = np.concatenate(probabilities), np.concatenate(labels)
    best = p.argmax(axis=1)
    names = sorted(set(GROUP_OF.values()))
    group = np.array([names.index(GROUP_OF[label]) for label in FUNCTIONS])
    errors = np.array([_story_errors(*speech) for speech in zip(probabilities, labels, sizes, strict=True)
                       if len(speech[1]) >= MIN_SENTENCES]).reshape(-1, 2)
    by_labels, by_probabilities = errors.mean(axis=0) if len(errors) else (0.0, 0.0)
    return Scores(
        sentences=len(y), speeches=len(labels), accuracy=float((best == y).mean()),
        kappa=kappa(best, y, len(FUNCTIONS)),
        group_kappa=kappa(group[best], group[y], len(names)), owner_kappa=_owner_kappa(best, y),
        log_loss=log_loss(p, y),
        calibration_error=calibration_error(p, y), story_error_labels=float(by_labels),
        story_error_probabilities=float(by_probabilities))


def _owner_kappa(best: Labels, labels: Labels) -> float:
    """Kappa on the three owners; 0 where no sentence is story in both."""
    import numpy as np

    owners = [FUNCTIONS.index(owner) for owner in STORY_OWNERS]
    both = np.isin(best, owners) & np.isin(labels, owners)
    if not both.any():
        return 0.0
    return kappa(best[both] - owners[0], labels[both] - owners[0], len(owners))


def _story_errors(probabilities: Floats, labels: Labels, sizes: Floats) -> tuple[float, float]:
    import numpy as np

    ones = np.eye(len(FUNCTIONS))
    true = story_share(ones[labels], sizes)
    return (abs(story_share(ones[probabilities.argmax(axis=1)], sizes) - true),
            abs(story_share(probabilities, sizes) - true))


def log_loss(probabilities: Floats, labels: Labels) -> float:
    """Mean of -ln(probability of the right label)."""
    import numpy as np

    return float(-np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-9)).mean())


def best_temperature(probabilities: Floats, labels: Labels) -> float:
    """The temperature (0.50 to 3.00, steps of 0.02) with the least log loss; see Guo et al., 2017."""
    import numpy as np

    logs = np.log(np.maximum(probabilities, 1e-12))
    candidates = [k / 50 for k in range(25, 151)]
    losses = []
    for temperature in candidates:
        warm = np.exp(logs / temperature)
        losses.append(log_loss(warm / warm.sum(axis=1, keepdims=True), labels))
    return candidates[int(np.argmin(losses))]
