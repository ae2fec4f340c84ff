"""How well the models agree with people: kappa of the functions, F1 of what is marked.

Cohen's kappa = (observed - expected) / (1 - expected) agreement (J. Cohen, "A coefficient of agreement for nominal
scales", 1960); for one label it is that of "this label or another". F1 = 2 TP / (2 TP + FP + FN), the person taken as
right. Only sentences that a person judged are counted, so a number holds for how those were chosen. Intervals draw
blocks of neighbouring judged sentences (`rhetoric.intervals`), as those of all other numbers do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.codebook import FUNCTIONS, GROUP_OF
from rhetoric.codes import MARKED
from rhetoric.intervals import DRAWS, MIN_SENTENCES, SEED, drawn_blocks, percentile_interval, sums_of_columns
from rhetoric.models.scoring import kappa_of, label_kappa

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Bounds = tuple[float, float]


class Pair(NamedTuple):
    """One judged sentence: what the person says, what the models say. Sets of labels by stage; absent: not judged."""

    function: str
    model_function: str
    marks: Mapping[str, frozenset[str]]
    model_marks: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Agreement on one thing: `n` sentences judged, in how many the person and the models see it, kappa and F1.

    Kappa is None where both always say the same one thing, F1 where neither sees it at all. The 95 % intervals are None
    below `MIN_SENTENCES` sentences, where more than one draw in twenty has no value, and where all draws agree.
    """

    name: str
    n: int
    person: int
    model: int
    kappa: float | None
    f1: float | None
    kappa_interval: Bounds | None = None
    f1_interval: Bounds | None = None


def agreement(pairs: Sequence[Pair]) -> tuple[Agreed, ...]:
    """Functions as a whole, their groups, each function and group, then each label that can be marked."""
    coded = [(pair.function, pair.model_function) for pair in pairs if pair.function and pair.model_function]
    grouped = [(GROUP_OF[a], GROUP_OF[b]) for a, b in coded]
    made = [_whole("function", coded), _whole("group", grouped)] if coded else []
    made += [_one(f"group: {group}", grouped, group) for group in dict.fromkeys(GROUP_OF.values()) if coded]
    made += [_one(f"function: {label}", coded, label) for label in FUNCTIONS if coded]
    for stage, labels in MARKED.items():
        judged = [(pair.marks[stage], pair.model_marks.get(stage, frozenset()))
                  for pair in pairs if stage in pair.marks]
        for label in labels if judged else ():
            made.append(_yes_no(f"{stage}: {label}", [(label in a, label in b) for a, b in judged]))
    return tuple(found for found in made if found.person or found.model or found.name in ("function", "group"))


def _whole(name: str, pairs: Sequence[tuple[str, str]]) -> Agreed:
    same = len({label for pair in pairs for label in pair}) == 1
    return Agreed(name=name, n=len(pairs), person=len(pairs), model=len(pairs), f1=None,
                  kappa=None if same else label_kappa(pairs),
                  kappa_interval=None if same else kappa_interval(pairs))


def _one(name: str, pairs: Sequence[tuple[str, str]], label: str) -> Agreed:
    return _yes_no(name, [(a == label, b == label) for a, b in pairs])


def _yes_no(name: str, pairs: Sequence[tuple[bool, bool]]) -> Agreed:
    both, person, model = sum(a and b for a, b in pairs), sum(a for a, _ in pairs), sum(b for _, b in pairs)
    same = {a for a, _ in pairs} == {b for _, b in pairs} and len({a for a, _ in pairs}) == 1
    text: Callable[[bool], str] = str
    named = [(text(a), text(b)) for a, b in pairs]
    return Agreed(name=name, n=len(pairs), person=person, model=model,
                  kappa=None if same else label_kappa(named),
                  f1=2 * both / (person + model) if person + model else None,
                  kappa_interval=None if same else kappa_interval(named),
                  f1_interval=_f1_interval(pairs) if person + model else None)


def kappa_interval(pairs: Sequence[tuple[str, str]]) -> Bounds | None:
    """95 % interval of `label_kappa` of two codings of neighbouring sentences; draws with one label alone have none."""
    import numpy as np

    names = sorted({label for pair in pairs for label in pair})
    cells = np.zeros((len(names), len(names), len(pairs)))
    for at, (a, b) in enumerate(pairs):
        cells[names.index(a), names.index(b), at] = 1

    def score(sums: Floats) -> Floats:
        tables = sums.T.reshape(-1, len(names), len(names))
        with np.errstate(divide="ignore", invalid="ignore"):
            values: Floats = np.where(np.count_nonzero(tables, axis=(1, 2)) > 1, kappa_of(tables), np.nan)
        return values

    return _interval(cells.reshape(-1, len(pairs)), score)


def _f1_interval(pairs: Sequence[tuple[bool, bool]]) -> Bounds | None:
    import numpy as np

    def score(sums: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            values: Floats = np.where(sums[1] > 0, 2 * sums[0] / sums[1], np.nan)
        return values

    return _interval(np.array([[a and b for a, b in pairs], [a + b for a, b in pairs]], dtype=float), score)


def _interval(columns: Floats, score: Callable[[Floats], Floats]) -> Bounds | None:
    """The interval of a score of sums of `columns` (k, sentences): `score` (k, draws) -> (draws,)."""
    import numpy as np

    n = columns.shape[1]
    if n < MIN_SENTENCES:
        return None
    starts, _ = drawn_blocks(n, DRAWS, np.random.default_rng(SEED))
    bounds = percentile_interval(score(sums_of_columns(columns, starts)))
    return bounds if bounds and bounds[0] < bounds[1] else None
