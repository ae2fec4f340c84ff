"""What is measured: every metric is one column of counts over another, summed over sentences and divided last.

`columns` makes the counts of one speech; `measures` names which column over which is which metric.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.codebook import FIGURES, FUNCTIONS, GROUP_OF, GROUPS, STORY_OWNERS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rhetoric.compare.material import Material

    Floats = NDArray[np.float64]

SLOGAN_SCORE = 60.0  # from this score on a line counts as made to be quoted
STRONG = 3.0  # the intensity of a strong emotional phrase
VOICE = ("hedge", "certainty", "superlative", "promise")  # findings of the stage `voice` that are counted


class Measure(NamedTuple):
    """A metric: `numerator` over `denominator`; `stage` must have run; `counted` tells which sentences are its n."""

    name: str
    numerator: str
    denominator: str
    kind: str  # "share", "density", "intensity" or "per_minute"
    stage: str
    counted: str  # a column whose sentences above 0 are the n


def measures(figures: Iterable[str], only: Sequence[str] = ()) -> tuple[Measure, ...]:
    """All metrics, in the order of print; `figures` are the figure labels present in the archive.

    Where `only` some function groups are counted, shares of what cannot vary are left out.
    """
    counted = tuple(group for group in GROUPS if not only or group in only)
    shares = [Measure(f"share_{group}", group, "content", "share", "", "n_content") for group in counted]
    shares = shares if len(counted) > 1 else []
    if {"story", "product"} <= set(counted):
        shares.append(Measure("story_to_product", "story", "story_or_product", "share", "", "n_story_or_product"))
    if "story" in counted:
        shares += [Measure(f"owner_{owner}", owner, "story", "share", "", "n_story") for owner in STORY_OWNERS]
    emotion = [
        Measure("emotion_density", "phrases", "thousands", "density", "emotion", "n_content"),
        Measure("emotion_intensity", "intensity", "phrases", "intensity", "emotion", "phrases"),
        Measure("emotion_strong", "strong", "phrases", "share", "emotion", "phrases"),
        Measure("emotion_per_minute", "phrases", "minutes", "per_minute", "emotion", "n_content"),
    ]
    craft = [Measure("slogan_density", "slogans", "thousands", "density", "slogans", "n_content")]
    known = sorted(figures, key=_figure_order)
    craft += [Measure(f"figure_{label}", f"figure_{label}", "thousands", "density", "figures", "n_content")
              for label in known]
    voice = [Measure(f"voice_{label}", f"voice_{label}", "thousands", "density", "voice", "n_content")
             for label in VOICE]
    return (*shares, *emotion, *craft, *voice)


def _figure_order(label: str) -> tuple[int, str]:
    return (FIGURES.index(label) if label in FIGURES else len(FIGURES), label)


def columns(material: Material, figures: Iterable[str]) -> dict[str, Floats]:
    """Counts of every sentence of one speech, each an array as long as the speech has sentences.

    Function columns are weighted by seconds or size; columns of findings count phrases or lines; `n_...` are 0 or 1.
    Words outside the speech (`noncontent`) are outside every denominator, and findings in them are not counted.
    """
    import numpy as np

    weighted = material.counts * material.weights[:, None]
    by_label = {label: weighted[:, at] for at, label in enumerate(FUNCTIONS)}
    made = {group: _total(weighted, group) for group in GROUPS} | {owner: by_label[owner] for owner in STORY_OWNERS}
    made["content"] = np.sum([made[group] for group in GROUPS], axis=0)
    made["story_or_product"] = made["story"] + made["product"]
    spoken = np.array([label not in ("", "noncontent") for label in material.labels], dtype=float)
    groups = np.array([GROUP_OF.get(label, "") for label in material.labels])
    made["n_content"] = spoken
    made["n_story"] = (groups == "story").astype(float)
    made["n_story_or_product"] = made["n_story"] + (groups == "product")
    made["thousands"] = material.sizes * spoken / 1000
    if material.seconds is not None:
        made["minutes"] = material.seconds * spoken / 60
    return made | {name: values * spoken for name, values in _finding_columns(material, figures).items()}


def _total(weighted: Floats, group: str) -> Floats:
    members = [at for at, label in enumerate(FUNCTIONS) if GROUP_OF[label] == group]
    total: Floats = weighted[:, members].sum(axis=1)
    return total


def _finding_columns(material: Material, figures: Iterable[str]) -> dict[str, Floats]:
    """Phrases, their intensities, lines made to be quoted and figures, counted on their sentences."""
    import numpy as np

    names = ("phrases", "intensity", "strong", "slogans", *(f"figure_{label}" for label in figures),
             *(f"voice_{label}" for label in VOICE))
    made = {name: np.zeros(len(material.labels)) for name in names}
    for found in material.found("emotion"):
        made["phrases"][found.at] += 1
        made["intensity"][found.at] += found.score
        made["strong"][found.at] += found.score >= STRONG
    for found in material.found("slogans"):
        made["slogans"][found.at] += found.score >= SLOGAN_SCORE
    for found in material.found("figures"):
        if f"figure_{found.label}" in made:  # an archive of norms may have figures that this one has not
            made[f"figure_{found.label}"][found.at] += 1
    for found in material.found("voice"):
        if found.label in VOICE:
            made[f"voice_{found.label}"][found.at] += 1
    return made
