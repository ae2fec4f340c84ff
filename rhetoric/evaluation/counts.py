"""What one speech adds to the scores: counts of agreement between its coding and the findings of the stages.

A sentence is predicted to have an emotion (a figure) where the stage has a finding in it; of several emotional phrases
the strongest stands for the sentence, as in the codebook. Slogans are ranked by the best score of a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.codebook import FIGURES, FUNCTIONS, GROUP_OF
from rhetoric.models.gold import Feeling, GoldSpeech
from rhetoric.models.scoring import MIN_SENTENCES, story_share
from rhetoric.types import Finding, Speech, StageResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Counts = Mapping[str, "Floats"]
Results = Mapping[str, StageResult]

NEAR, FAR = 10, 20  # how far down the ranking of slogans one looks

# What the numbers of an array are, by its name. "function" is (coded label, predicted label), the others are flat.
SHARE = ("absolute error", "speeches", "covered by their interval", "speeches with an interval")
EMOTION = ("both", "predicted only", "coded only", "same class", "absolute error of the intensity")
SLOGANS = ("average precision", "speeches with slogans", "coded among the first NEAR", "among the first FAR", "coded")
FIGURE = ("both", "predicted only", "coded only")


class Share(NamedTuple):
    """A share of one speech: by its coding, as the stages say, and their interval; None where undefined."""

    coded: float | None
    predicted: float | None
    low: float | None
    high: float | None


SHARES = {"story_share": ("function", "share_story"), "story_to_product": ("ratio", "story_to_product")}


def shares_of(gold: GoldSpeech, speech: Speech, results: Results) -> dict[str, Share]:
    """The story share and the story-to-product ratio of a speech, coded and predicted."""
    sizes = [float(sentence.size) for sentence in speech.sentences]
    made = {}
    for name, (stage, metric) in SHARES.items():
        found = next((m for m in results[stage].metrics if m.name == metric), None)
        made[name] = Share(coded=coded_share(gold, sizes, metric), predicted=found.value if found else None,
                           low=found.low if found else None, high=found.high if found else None)
    return made


def counts_of(gold: GoldSpeech, speech: Speech, results: Results) -> dict[str, Floats]:
    """The counts of one speech; an array of zeros where the gold does not code a part, so that speeches add.

    `results` hold what the stages `function`, `ratio`, `emotion`, `slogans` and `figures` found in `speech`, whose
    sentences are those of `gold`.
    """
    long_enough = len(speech.sentences) >= MIN_SENTENCES
    return {
        "function": _functions(gold, results["function"].findings),
        **{name: _off(share, long_enough) for name, share in shares_of(gold, speech, results).items()},
        "emotion": _emotion(gold, results["emotion"].findings),
        "slogans": _slogans(gold, results["slogans"].findings),
        "figures": _figures(gold, results["figures"].findings),
    }


def _functions(gold: GoldSpeech, findings: Sequence[Finding]) -> Floats:
    """Sentences by coded and predicted label, shape (labels, labels)."""
    import numpy as np

    table = np.zeros((len(FUNCTIONS), len(FUNCTIONS)))
    for finding in findings:
        table[FUNCTIONS.index(gold.functions[finding.sentence_index]), FUNCTIONS.index(finding.label)] += 1
    return table


def coded_share(gold: GoldSpeech, sizes: Sequence[float], metric: str) -> float | None:
    """What `share_story` or `story_to_product` is by the coding, each sentence weighed by its size; None: undefined."""
    import numpy as np

    weights = np.array(sizes)
    if metric == "share_story":
        return story_share(np.eye(len(FUNCTIONS))[[FUNCTIONS.index(label) for label in gold.functions]], weights)
    groups = np.array([GROUP_OF[label] for label in gold.functions])
    story, product = float(weights[groups == "story"].sum()), float(weights[groups == "product"].sum())
    return story / (story + product) if story + product else None


def _off(share: Share, long_enough: bool) -> Floats:
    """How far a share is off, as in `SHARE`; zeros where it is not told or the speech is too short to say."""
    import numpy as np

    coded, predicted, low, high = share
    if coded is None or predicted is None or not long_enough:
        return np.zeros(len(SHARE))
    bounded = low is not None and high is not None
    covered = low is not None and high is not None and low <= coded <= high
    return np.array([abs(predicted - coded), 1.0, float(covered), float(bounded)])


def _emotion(gold: GoldSpeech, findings: Sequence[Finding]) -> Floats:
    import numpy as np

    strongest: dict[int, Finding] = {}
    for finding in findings:
        known = strongest.get(finding.sentence_index)
        if known is None or finding.score > known.score:
            strongest[finding.sentence_index] = finding
    counts = np.zeros(len(EMOTION))
    for index, feeling in enumerate(gold.emotions):
        counts += _agreement(feeling, strongest.get(index))
    return counts


def _agreement(feeling: Feeling | None, finding: Finding | None) -> Floats:
    import numpy as np

    if feeling is None or finding is None:
        return np.array([0, finding is not None, feeling is not None, 0, 0], dtype=float)
    return np.array([1, 0, 0, finding.label == feeling.label, abs(finding.score - feeling.intensity)], dtype=float)


def _slogans(gold: GoldSpeech, findings: Sequence[Finding]) -> Floats:
    import numpy as np

    coded = sum(gold.slogans)
    if not coded:
        return np.zeros(len(SLOGANS))
    best: dict[int, float] = {}
    for finding in findings:
        best[finding.sentence_index] = max(finding.score, best.get(finding.sentence_index, finding.score))
    hits = [gold.slogans[index] for index in sorted(best, key=lambda index: (-best[index], index))]
    return np.array([average_precision(hits, coded), 1, sum(hits[:NEAR]), sum(hits[:FAR]), coded], dtype=float)


def average_precision(hits: Sequence[bool], coded: int) -> float:
    """Mean over all coded lines of the precision at the place of each; 0 for those that are not in the ranking.

    C. D. Manning, P. Raghavan, H. Schütze, "Introduction to Information Retrieval" (2008), section 8.4.
    """
    found, total = 0, 0.0
    for place, hit in enumerate(hits, start=1):
        if hit:
            found += 1
            total += found / place
    return total / coded if coded else 0.0


def _figures(gold: GoldSpeech, findings: Sequence[Finding]) -> Floats:
    """Shape (figures, 3): sentences that have the figure in both, in the findings only, in the coding only."""
    import numpy as np

    counts = np.zeros((len(FIGURES), len(FIGURE)))
    predicted = {(finding.sentence_index, finding.label) for finding in findings}
    for index, coded in enumerate(gold.figures):
        for row, name in enumerate(FIGURES):
            here = (index, name) in predicted
            counts[row] += (here and name in coded, here and name not in coded, name in coded and not here)
    return counts
