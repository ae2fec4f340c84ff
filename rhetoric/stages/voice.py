"""How a speaker speaks: in whose name, how surely, how measurably, and what is promised.

Words decide, not meaning: lists (`lexicons/voice.<language>.tsv`) and patterns (`rhetoric.stages.manner`). Irony,
quoted speech and names of companies or products that are in no list are not seen. Formulas: docs/methods.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from rhetoric.stages.manner import STANCE, Said, Spot, said, stance
from rhetoric.stages.manner.comparatives import comparatives, numbers
from rhetoric.stages.manner.persons import AGENTS, PERSONS, agents, kinds_of_we, persons
from rhetoric.stages.manner.promises import promise
from rhetoric.types import Finding, Metric, Option, Speech, Stage, StageResult

LABELS = (*STANCE, "inclusive_we", "open_comparative", "promise")
DENSITIES = (*STANCE, "promise")
METRICS = (*(f"voice_{person}" for person in PERSONS), "voice_inclusive_we", *(f"agent_{agent}" for agent in AGENTS),
           *(f"voice_{label}" for label in DENSITIES), "voice_open_comparative", "voice_numbers")


def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
    """Find stance, the inclusive we, comparatives without a standard, and promises (`score` 2 with a date, else 1)."""
    sentences = said(speech)
    spots = [(sentence, spot) for before, sentence in pairwise((None, *sentences)) if sentence is not None
             for spot in _spots(sentence, before, speech.language)]
    findings = tuple(_finding(sentence, spot) for sentence, spot in spots if spot.label in LABELS)
    counts = Counter(spot.label for _, spot in spots)
    return StageResult(findings=findings, metrics=tuple(_metrics(speech, sentences, counts)))


def _spots(sentence: Said, before: Said | None, language: str) -> Iterator[Spot]:
    yield from stance(sentence, language)
    yield from kinds_of_we(sentence, language)
    yield from comparatives(sentence, before, language)
    made = promise(sentence, language)
    if made:
        yield made


def _finding(sentence: Said, spot: Spot) -> Finding:
    offset = sentence.line.char_start
    return Finding(label=spot.label, sentence_index=sentence.line.index, char_start=offset + spot.start,
                   char_end=offset + spot.end, score=spot.score, evidence=spot.evidence)


def _metrics(speech: Speech, sentences: Sequence[Said], counts: Mapping[str, int]) -> Iterator[Metric]:
    language = speech.language
    spoken = sum((persons(sentence, language) for sentence in sentences), Counter[str]())
    acting = sum((agents(sentence, language) for sentence in sentences), Counter[str]())
    yield from _shares("voice_", spoken, PERSONS, "share of I, we and you")
    we = counts.get("inclusive_we", 0)
    yield Metric(name="voice_inclusive_we", numerator=we, denominator=we + counts.get("exclusive_we", 0),
                 unit="share of the we that tells")
    yield from _shares("agent_", acting, AGENTS, "share of agents")
    size = sum(speech.sentences[sentence.line.index].size for sentence in sentences)
    for label in DENSITIES:
        yield Metric(name=f"voice_{label}", numerator=counts.get(label, 0), denominator=size / 1000,
                     unit=f"per 1,000 {speech.size_unit}")
    open_ones = counts.get("open_comparative", 0)
    yield Metric(name="voice_open_comparative", numerator=open_ones,
                 denominator=open_ones + counts.get("anchored", 0), unit="share of comparatives")
    products = [sentence for sentence in sentences if sentence.group == "product"]
    yield Metric(name="voice_numbers", numerator=sum(numbers(sentence, language) for sentence in products),
                 denominator=sum(speech.sentences[sentence.line.index].size for sentence in products) / 100,
                 unit=f"numbers per 100 {speech.size_unit} of product talk")


def _shares(prefix: str, counts: Mapping[str, int], names: Sequence[str], unit: str) -> Iterator[Metric]:
    total = sum(counts.get(name, 0) for name in names)
    for name in names:
        yield Metric(name=f"{prefix}{name}", numerator=counts.get(name, 0), denominator=total, unit=unit)


STAGE = Stage(name="voice", version="1", languages=("zh", "en"), labels=LABELS, metrics=METRICS, run=run)
