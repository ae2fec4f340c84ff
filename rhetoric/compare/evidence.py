"""The quotes behind a number: the best evidence first, from different speeches where possible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rhetoric.codebook import FUNCTIONS, GROUP_OF
from rhetoric.compare.estimates import Counted
from rhetoric.compare.material import Found, Material
from rhetoric.compare.measures import SLOGAN_SCORE, STRONG, Measure
from rhetoric.types import Quote

QUOTES = 3
LONG_ENOUGH = {"zh": 12.0, "en": 8.0}  # characters or words from which on a sentence can stand as evidence

MODEL = "model "  # begins the mark that holds the encoder's probability
_SURE = re.compile(rf"{MODEL}[01]\.\d+")
_THANKS = re.compile(r"谢|\bthank", re.IGNORECASE)

DEEP = 12  # candidates of a speech: enough for three different wordings

Ranked = tuple[float, int, Quote]  # rank (less is better), place, quote
Candidate = tuple[float, int, "Found | None"]  # rank, row of the sentence, the finding where there is one


def quotes_for(speeches: Sequence[Counted], measure: Measure) -> tuple[Quote, ...]:
    """Up to three quotes of a metric: the surest sentences, strongest phrases, best lines or first figures."""
    having = [speech for speech in speeches if speech.has(measure)]
    firsts = [(*best, speech) for speech in having
              if (best := min(_candidates(speech.material, measure), key=_rank, default=None))]
    chosen: dict[str, Quote] = {}  # the best of each speech are mostly enough, and the others need not be looked at
    for _, at, found, speech in sorted(firsts, key=_first):
        quote = _quote(speech.material, measure, at, found)
        chosen.setdefault(quote.text, quote)
        if len(chosen) == QUOTES:
            return tuple(chosen.values())
    return spread([[(rank, at, _quote(speech.material, measure, at, found))
                    for rank, at, found in sorted(_candidates(speech.material, measure), key=_rank)[:DEEP]]
                   for speech in having], QUOTES)


def _rank(item: Ranked | Candidate) -> tuple[float, int]:
    return item[0], item[1]


def _first(item: tuple[float, int, Found | None, Counted]) -> tuple[float, int]:
    return item[0], item[1]


def spread(ranked: Sequence[Sequence[Ranked]], most: int) -> tuple[Quote, ...]:
    """The best of each speech, then the second best of each; the same words only once; at most `most`."""
    chosen: dict[str, Quote] = {}
    for turn in range(max((len(items) for items in ranked), default=0)):
        for item in sorted((items[turn] for items in ranked if turn < len(items)), key=_rank):
            chosen.setdefault(item[2].text, item[2])
        if len(chosen) >= most:
            break
    return tuple(chosen.values())[:most]


def _candidates(material: Material, measure: Measure) -> Iterable[Candidate]:
    if measure.stage == "emotion":
        least = STRONG if measure.name == "emotion_strong" else 0.0
        return [(-strength(found), found.at, found) for found in material.found("emotion") if found.score >= least]
    if measure.stage == "slogans":
        return [(-found.score, found.at, found) for found in material.found("slogans") if found.score >= SLOGAN_SCORE]
    if measure.stage in ("figures", "voice"):
        label = measure.name.removeprefix("figure_").removeprefix("voice_")
        return [(-found.score, found.at, found) for found in material.found(measure.stage) if found.label == label]
    return _sentences(material, _labels(measure))


def _quote(material: Material, measure: Measure, at: int, found: Found | None) -> Quote:
    if found is None:
        label = material.labels[at]
        return material.sentence_quote(at, label, float(material.counts[at, FUNCTIONS.index(label)]))
    return emotion_quote(material, found) if measure.stage == "emotion" else material.finding_quote(found)


def strength(found: Found) -> float:
    """How well an emotional phrase serves as evidence: its intensity times the probability of any feeling there.

    Without an encoder, and where a person marked the phrase, the intensity alone. Words of thanks are a convention,
    however warmly put ("so thank you"), and count as intensity 1.
    """
    sure = next((float(mark.removeprefix(MODEL)) for mark in found.marks if _SURE.fullmatch(mark)), 1.0)
    return (min(found.score, 1.0) if _THANKS.search(found.quote) else found.score) * sure


def emotion_quote(material: Material, found: Found) -> Quote:
    """The sentence of an emotional phrase; the phrase and its reasons are the marks."""
    marks = tuple(dict.fromkeys((found.quote, *found.marks)))
    return material.sentence_quote(found.at, found.label, found.score, marks)


def _labels(measure: Measure) -> frozenset[str]:
    """The function labels that a share speaks of."""
    if measure.name.startswith("owner_"):
        return frozenset({measure.numerator})
    return frozenset(label for label in FUNCTIONS if GROUP_OF[label] == measure.numerator)


def _sentences(material: Material, labels: frozenset[str]) -> Iterable[Candidate]:
    """Sentences with one of the labels: the surest first, short ones held back."""
    enough = LONG_ENOUGH.get(material.card.language, 8.0)
    for at, label in enumerate(material.labels):
        if label in labels:
            probability = float(material.counts[at, FUNCTIONS.index(label)])
            yield -probability * min(1.0, float(material.sizes[at]) / enough), at, None
