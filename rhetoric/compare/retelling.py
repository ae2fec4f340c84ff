"""Passages told again in a later speech: candidates by MinHash, then a local alignment of the two.

A passage is a run of whole sentences of `PASSAGE` characters or words or more; one begins at each sentence. Two
passages are candidates where all `ROWS` minima of one of `BANDS` bands agree (A. Broder, "On the resemblance and
containment of documents", 1997; P. Indyk and R. Motwani, "Approximate nearest neighbors", STOC 1998): of passages that
share 40 % of their shingles 74 % are found, of such that share 25 % 27 %; neighbouring passages give more chances.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.codebook import GROUP_OF
from rhetoric.compare.alignment import align
from rhetoric.compare.lineages import when
from rhetoric.compare.material import Material
from rhetoric.compare.shingles import Units, mixed
from rhetoric.compare.wording import in_zh, sentence
from rhetoric.types import Quote, Retold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

SHINGLE = {"zh": 4, "en": 3}
PASSAGE = {"zh": 60, "en": 36}
SHORTEST = {"zh": 30, "en": 18}  # aligned characters or words from which on a passage counts as told again
BANDS, ROWS = 20, 3
CROWD = 30  # passages in one bucket beyond which only neighbours are compared: a stock phrase, no story
LONGEST = 400  # characters or words of each side that are aligned
ALIKE = 0.6  # equal columns of the alignment
CANDIDATES = 150  # regions of a series that are aligned, the surest first
MOST = 40


class Region(NamedTuple):
    """Candidate sentences of two speeches: places in `Units.starts`, ends included, and how many passages met."""

    a_first: int
    a_last: int
    b_first: int
    b_last: int
    hits: int


def retold(series: str, materials: Sequence[Material], language: str, units: Units) -> tuple[Retold, ...]:
    """What a series tells again, stories first, then the longer; `materials` are in the order of time."""
    shortest = SHORTEST.get(language, 18)
    found: list[tuple[bool, int, Retold]] = []
    taken: set[tuple[int, int]] = set()  # (speech, sentence) that were told to come from somewhere
    for region in _regions(units, language)[:CANDIDATES]:
        a, b = (_units_of(units, first, last) for first, last in (region[:2], region[2:4]))
        aligned = align(units.codes[a], units.codes[b])
        length = min(aligned.a_end - aligned.a_start, aligned.b_end - aligned.b_start)
        if aligned.identity < ALIKE or length < shortest:
            continue
        first, last = (slice(part.start + start, part.start + end) for part, start, end in
                       ((a, aligned.a_start, aligned.a_end), (b, aligned.b_start, aligned.b_end)))
        lines = {(int(s), int(r)) for s, r in zip(units.speech[last], units.sentence[last], strict=True)}
        if len(lines & taken) * 2 > len(lines):
            continue
        taken |= lines
        quotes = _quote(units, first), _quote(units, last)
        found.append((_is_story(units, last), length, _retold(series, aligned.identity, quotes, materials, units, first,
                                                              last)))
    found.sort(key=lambda item: (not item[0], -item[1], item[2].b.speech_id, item[2].b.sentence_index))
    return tuple(item for *_, item in found[:MOST])


def _units_of(units: Units, first: int, last: int) -> slice:
    """The units from one sentence to another, at most `LONGEST` of them."""
    start = int(units.starts[first, 2])
    end = int(units.starts[last + 1, 2]) if last + 1 < len(units.starts) else len(units.codes)
    return slice(start, min(end, start + LONGEST))


def _regions(units: Units, language: str) -> list[Region]:
    """Where passages of two speeches meet, neighbours joined; those with most meeting passages first."""
    import numpy as np

    firsts_of, seconds_of = np.divmod(_candidates(units, language), max(1, len(units.starts)))
    met = units.starts[firsts_of, 0] * len(units.materials) + units.starts[seconds_of, 0]
    order = np.argsort(met, kind="stable")
    made = []
    for own in np.split(order, np.flatnonzero(np.diff(met[order])) + 1) if len(order) else ():
        for group in _joined(list(zip(firsts_of[own].tolist(), seconds_of[own].tolist(), strict=True))):
            (firsts, seconds), reach = zip(*group, strict=True), _reach(language)
            made.append(Region(min(firsts), _to(units, max(firsts) + reach), min(seconds),
                               _to(units, max(seconds) + reach), len(group)))
    return sorted(made, key=lambda region: (-region.hits, region.b_first, region.a_first))


def _reach(language: str) -> int:
    """How many sentences a passage holds at most, roughly: the region reaches as far beyond its last start."""
    return 6 if language == "zh" else 5


def _to(units: Units, last: int) -> int:
    """A sentence no later than `last` that belongs to the speech of the one where the reach began."""
    last = min(last, len(units.starts) - 1)
    while units.starts[last, 0] != units.starts[max(0, last - 6), 0] and last:
        last -= 1
    return last


def _joined(pairs: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Pairs of passages whose beginnings lie near each other in both speeches, as groups."""
    groups: list[list[tuple[int, int]]] = []
    for a, b in pairs:
        home = next((g for g in reversed(groups[-20:]) if a - g[-1][0] <= 3 and abs(b - g[-1][1]) <= 4), None)
        if home is None:
            groups.append([(a, b)])
        else:
            home.append((a, b))
    yield from groups


def _candidates(units: Units, language: str) -> Ints:
    """Pairs of passages of different speeches that share a band, the earlier first, in their order.

    A pair is one number: the place of the first in `Units.starts`, times how many there are, plus that of the second.
    """
    import numpy as np

    length = SHINGLE.get(language, 3)
    hashes, whole = units.shingles(length)
    first, last = _passages(units, PASSAGE.get(language, 36), length)
    if len(first) < 2:
        return np.zeros(0, dtype=np.int64)
    lowest = np.empty((BANDS * ROWS, len(first)), dtype=np.uint64)
    edges = np.column_stack([units.starts[first, 2], last]).ravel()
    hashes = np.append(np.where(whole, hashes, hashes[0]), hashes[0])
    # One odd multiplier a permutation (multiply-shift hashing; M. Dietzfelbinger et al., J. Algorithms 25, 1997).
    factors = mixed(np.arange(1, BANDS * ROWS + 1, dtype=np.uint64)) | np.uint64(1)
    for k, factor in enumerate(factors):
        lowest[k] = np.minimum.reduceat(hashes * factor, edges)[::2]
    found = np.zeros(0, dtype=np.int64)
    places, speech_of = first.tolist(), units.starts[:, 0].tolist()
    for band in range(BANDS):
        rows = lowest[band * ROWS : (band + 1) * ROWS]
        keys = mixed(rows[0] ^ mixed(rows[1] ^ mixed(rows[2])))
        order = np.argsort(keys, kind="stable")
        borders = np.concatenate([[0], np.flatnonzero(np.diff(keys[order])) + 1, [len(order)]])
        pairs = array("q")
        several = np.flatnonzero(np.diff(borders) > 1)
        for start, end in zip(borders[several].tolist(), borders[several + 1].tolist(), strict=True):
            pairs.extend(a * len(speech_of) + b
                         for a, b in _pairs([places[k] for k in order[start:end].tolist()], speech_of))
        found = np.union1d(found, np.array(pairs, dtype=np.int64))
    return found


def _pairs(members: list[int], speech_of: Sequence[int]) -> Iterator[tuple[int, int]]:
    near = combinations(members, 2) if len(members) <= CROWD else pairwise(members)
    return ((min(a, b), max(a, b)) for a, b in near if speech_of[a] != speech_of[b])


def _passages(units: Units, size: int, shingle: int) -> tuple[Ints, Ints]:
    """The sentence at which each passage begins, and where its last shingle ends (exclusive)."""
    import numpy as np

    begins = units.starts[:, 2]
    ends = np.append(begins[1:], len(units.codes))
    last = np.searchsorted(ends, begins + size)
    inside = last < len(ends)
    same = inside.copy()
    same[inside] = units.starts[last[inside], 0] == units.starts[inside, 0]
    first = np.flatnonzero(same)
    return first.astype(np.int64), (ends[last[first]] - shingle + 1).astype(np.int64)


def _rows(units: Units, span: slice) -> tuple[Material, int, int]:
    material = units.materials[int(units.speech[span.start])]
    return material, int(units.sentence[span.start]), int(units.sentence[span.stop - 1])


def _is_story(units: Units, span: slice) -> bool:
    material, first, last = _rows(units, span)
    labels = material.labels[first : last + 1]
    return 2 * sum(GROUP_OF.get(label) == "story" for label in labels) > len(labels)


def _quote(units: Units, span: slice) -> Quote:
    """The whole sentences that an alignment touches."""
    material, first, last = _rows(units, span)
    text = ("" if material.card.language == "zh" else " ").join(material.texts[first : last + 1])
    return Quote(speech_id=material.card.speech_id, sentence_index=material.indices[first], text=text,
                 label=material.labels[first], start_s=material.starts[first], end_s=material.ends[last])


def _retold(series: str, identity: float, quotes: tuple[Quote, Quote], materials: Sequence[Material], units: Units,
            first: slice, last: slice) -> Retold:
    a, b = (when(materials[int(units.speech[span.start])]) for span in (first, last))
    what, what_zh = ("story", "故事") if _is_story(units, last) else ("passage", "段落")
    same = identity >= 0.98
    text = sentence(f"a {what} of {a} is told again in {b}{', word for word' if same else ''}.",
                    f"{in_zh(a)}的一段{what_zh}在{in_zh(b)}{'一字不差地' if same else ''}又讲了一遍。")
    return Retold(series=series, similarity=round(identity, 3), a=quotes[0], b=quotes[1], text=text)
