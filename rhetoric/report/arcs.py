"""Comparison and tables -> the arcs: where in each speech the feelings stand, one small chart a speech."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rhetoric.cells import write_csv
from rhetoric.plurals import counted
from rhetoric.report.charts.arcs import Said, arc_chart, highest, points
from rhetoric.report.charts.svg import round_top
from rhetoric.report.figures import Cell
from rhetoric.report.outside import clean
from rhetoric.report.transcript import Row
from rhetoric.types import Comparison, SpeechCard, Text

FEWEST = 10  # phrases from which on a speech has an arc
MOST = 24  # speeches drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """The charts, the file behind them, and how many more speeches have an arc."""

    cells: tuple[Cell, ...]
    file: str
    more: int


def arcs(comparison: Comparison, sentences: Mapping[str, Sequence[Row]], findings: Mapping[str, Sequence[Row]],
         names: Mapping[str, str]) -> Arcs:
    """A chart for each speech with phrases enough, on one axis a language; `names` are what speeches are called."""
    told = {}
    for card in comparison.speeches:
        said, phrases = _said(card, sentences.get(card.speech_id, ()), findings.get(card.speech_id, ()))
        if phrases >= FEWEST:
            told[card.speech_id] = (card, said, phrases)
    tops: dict[str, float] = defaultdict(float)
    shown = list(told.values())[:MOST]
    for card, said, _ in shown:
        tops[card.size_unit] = max(tops[card.size_unit], highest(said))
    cells = tuple(_cell(number, card, said, phrases, round_top(tops[card.size_unit]), names)
                  for number, (card, said, phrases) in enumerate(shown))
    file = write_csv(("speech_id", "at_share", "load", "per_1000"), (
        [card.speech_id, at, round(load, 3), card.size_unit] for card, said, _ in told.values()
        for at, load in points(said)))
    return Arcs(cells=cells, file=file, more=len(told) - len(shown))


def _cell(number: int, card: SpeechCard, said: Sequence[Said], phrases: int, top: float,
          names: Mapping[str, str]) -> Cell:
    key, name = f"arc-{number}", names.get(card.speech_id, card.speech_id)
    unit = "characters" if card.size_unit == "characters" else "words"
    return Cell(key=key, name=clean(card.series), title=Text(en=name, zh=name),
                note=Text(en=f"{counted(phrases, 'phrase')}; per 1,000 {unit}",
                          zh=f"{phrases:,} 处；每千{'字' if unit == 'characters' else '词'}"),
                chart=arc_chart(said, top=top, titled_by=f"{key}-title"))


def _said(card: SpeechCard, sentences: Sequence[Row], findings: Sequence[Row]) -> tuple[list[Said], int]:
    """The sentences of the speech itself at their places, and how many emotional phrases they hold."""
    loads: dict[int, float] = defaultdict(float)
    phrases: dict[int, int] = defaultdict(int)
    for finding in findings:
        if finding["stage"] == "emotion":
            loads[finding["sentence_index"]] += finding["score"]
            phrases[finding["sentence_index"]] += 1
    whole = (sentences[-1]["end_s"] or 0.0) if card.timed and sentences else float(sum(s["size"] for s in sentences))
    made, before, n = [], 0.0, 0
    for sentence in sentences:
        middle = (sentence["start_s"] + sentence["end_s"]) / 2 if card.timed else before + sentence["size"] / 2
        before += sentence["size"]
        if sentence["function_group"] and sentence["function"] != "noncontent" and whole > 0:
            at = sentence["sentence_index"]
            made.append(Said(at=min(1.0, middle / whole), size=sentence["size"], load=loads[at]))
            n += phrases[at]
    return made, n
