"""The boards: lines made to be quoted, best first, and the strongest emotional phrases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rhetoric.compare.evidence import emotion_quote
from rhetoric.compare.likeness import bare
from rhetoric.compare.material import Material
from rhetoric.types import Quote

MOST = 40
MOST_A_SPEECH = 8


def slogan_board(materials: Sequence[Material]) -> tuple[Quote, ...]:
    """At most `MOST` lines by score, at most `MOST_A_SPEECH` of one speech; the same words of one series only once."""
    ranked = sorted((-found.score, place, found.at, found.first, material, found)
                    for place, material in enumerate(materials) for found in material.found("slogans"))
    seen: set[tuple[str, str]] = set()
    taken: Counter[str] = Counter()
    board = []
    for *_, material, found in ranked:
        key = (material.card.series, bare(found.quote))
        if key not in seen and key[1] and taken[material.card.speech_id] < MOST_A_SPEECH:
            seen.add(key)
            taken[material.card.speech_id] += 1
            board.append(material.finding_quote(found))
    return tuple(board[:MOST])


def emotion_board(materials: Sequence[Material]) -> tuple[Quote, ...]:
    """The strongest phrases first, at most `MOST_A_SPEECH` of one speech, each sentence and wording only once."""
    board: list[tuple[float, int, Quote]] = []
    for place, material in enumerate(materials):
        board += [(-(quote.score or 0.0), place, quote) for quote in _strongest(material)]
    board.sort(key=_rank)
    return tuple(quote for *_, quote in board)


def _rank(item: tuple[float, int, Quote]) -> tuple[float, int]:
    return item[0], item[1]


def _strongest(material: Material) -> Iterable[Quote]:
    seen: set[str] = set()
    found = sorted(material.found("emotion"), key=lambda f: (-f.score, f.at, f.first))
    for finding in found:
        quote = emotion_quote(material, finding)
        if bare(quote.text) not in seen and len(seen) < MOST_A_SPEECH:
            seen.add(bare(quote.text))
            yield quote
