"""The boards: lines made to be quoted, best first, and the strongest emotional phrases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rhetoric.compare.evidence import emotion_quote, strength
from rhetoric.compare.likeness import bare, similarity, units
from rhetoric.compare.lineages import ALIKE
from rhetoric.compare.material import Material
from rhetoric.types import Quote

MOST = 40
MOST_A_SPEECH = 8


def slogan_board(materials: Sequence[Material]) -> tuple[Quote, ...]:
    """At most `MOST` lines by score, at most `MOST_A_SPEECH` of one speech; the same words of one series only once,
    and of lines of one speech that are alike (`lineages.ALIKE`) only the best."""
    ranked = sorted((-found.score, place, found.at, found.first, material, found)
                    for place, material in enumerate(materials) for found in material.found("slogans"))
    seen: set[tuple[str, str]] = set()
    taken: dict[str, list[tuple[str, ...]]] = {}
    board = []
    for *_, material, found in ranked:
        key = (material.card.series, bare(found.quote))
        own = taken.setdefault(material.card.speech_id, [])
        if key in seen or not key[1] or len(own) >= MOST_A_SPEECH:
            continue
        words = units(found.quote, material.card.language)
        if not any(similarity(words, other, ALIKE) for other in own):
            seen.add(key)
            own.append(words)
            board.append(material.finding_quote(found))
    return tuple(board[:MOST])


def emotion_board(materials: Sequence[Material]) -> tuple[Quote, ...]:
    """The strongest phrases first (`evidence.strength`), at most `MOST_A_SPEECH` of one speech, each sentence and
    wording only once."""
    board: list[tuple[float, int, Quote]] = []
    for place, material in enumerate(materials):
        board += [(rank, place, quote) for rank, quote in _strongest(material)]
    board.sort(key=_rank)
    return tuple(quote for *_, quote in board)


def _rank(item: tuple[float, int, Quote]) -> tuple[float, int]:
    return item[0], item[1]


def _strongest(material: Material) -> Iterable[tuple[float, Quote]]:
    seen: set[str] = set()
    found = sorted(material.found("emotion"), key=lambda f: (-strength(f), f.at, f.first))
    for finding in found:
        quote = emotion_quote(material, finding)
        if bare(quote.text) not in seen and len(seen) < MOST_A_SPEECH:
            seen.add(bare(quote.text))
            yield -strength(finding), quote
