"""How new each story is: the share of its shingles that no earlier speech of the series has.

A story here is a run of story sentences, one other sentence between two of them allowed. There is no sample and so no
interval: every shingle of the text is looked up in everything that the archive holds of the years before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rhetoric.codebook import GROUP_OF
from rhetoric.compare.material import Material
from rhetoric.compare.shingles import Units
from rhetoric.types import Novelty

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHINGLE = {"zh": 6, "en": 4}  # longer than for candidates: stock phrases must not make a story old
SMALLEST = {"zh": 40, "en": 24}  # characters or words of a story
ASIDE = 1  # sentences of another function inside a story
MOST = 200


def novelty(series: str, units: Units) -> tuple[Novelty, ...]:
    """Every story of a series in the order of time, the least new first where there are more than `MOST`."""
    import numpy as np

    language = units.language
    hashes, whole = units.shingles(SHINGLE.get(language, 4))
    rank = _time_ranks(units)
    order = rank[units.speech]
    known, code = np.unique(hashes, return_inverse=True)
    earliest = np.full(len(known), len(rank), dtype=np.int64)
    dated = whole & (order >= 0)
    np.minimum.at(earliest, code[dated], order[dated])
    fresh = earliest[code] == order
    borders = np.searchsorted(units.speech, np.arange(len(units.materials) + 1))
    made = []
    for number, material in enumerate(units.materials):
        here = slice(int(borders[number]), int(borders[number + 1]))
        rows, new, counted = units.sentence[here], fresh[here], whole[here]
        for first, last in _stories(material):
            span = slice(int(np.searchsorted(rows, first)), int(np.searchsorted(rows, last, side="right")))
            if span.stop - span.start >= SMALLEST.get(language, 24):
                made.append(_novelty(series, material, (first, last), int(rank[number]), new[span][counted[span]]))
    if len(made) <= MOST:
        return tuple(made)
    kept = sorted(range(len(made)), key=lambda i: (2.0 if made[i].novelty is None else made[i].novelty, i))[:MOST]
    return tuple(made[i] for i in sorted(kept))


def _time_ranks(units: Units) -> NDArray[np.int64]:
    """The place of each speech in time, equal for equal dates; -1 where undated."""
    import numpy as np

    dates = [material.card.date for material in units.materials]
    places = {date: place for place, date in enumerate(sorted({date for date in dates if date}))}
    return np.array([places.get(date, -1) for date in dates], dtype=np.int64)


def _stories(material: Material) -> Iterator[tuple[int, int]]:
    """First and last row of each run of story sentences."""
    first, last = -1, -1
    for row, label in enumerate(material.labels):
        if GROUP_OF.get(label) != "story":
            continue
        if first >= 0 and row - last > ASIDE + 1:
            yield first, last
            first = row
        first, last = (row if first < 0 else first), row
    if first >= 0:
        yield first, last


def _novelty(series: str, material: Material, rows: tuple[int, int], rank: int, new: NDArray[np.bool_]) -> Novelty:
    first, last = rows
    told = rank > 0 and len(new) > 0
    return Novelty(
        speech_id=material.card.speech_id, series=series, first_sentence=material.indices[first],
        last_sentence=material.indices[last], start_s=material.starts[first],
        size=int(material.sizes[first : last + 1].sum()), told=told,
        novelty=round(float(new.mean()), 4) if told else None,
        quote=material.sentence_quote(first, material.labels[first], None))
