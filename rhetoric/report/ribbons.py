"""Comparison and tables -> the ribbons: one strip a speech, aligned within everything that is measured alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rhetoric.report import formats
from rhetoric.report.charts.labels import DIGIT, NARROWEST
from rhetoric.report.charts.ribbon import Bit, chapters, marks, skyline
from rhetoric.report.charts.svg import short
from rhetoric.report.outside import clean
from rhetoric.report.transcript import SLOGANS_FROM, Row
from rhetoric.types import Comparison, Hinge, SpeechCard, Text

SLOGANS_SHOWN = 12  # of a speech, the best ones, so that they can be told apart
TICK = 5  # pixels between a tick and its words
HALL = ("applause", "laughter", "cheer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A piece of the smoothed band: its place in per cent of the strip, and its group."""

    left: str
    width: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One speech as drawn: `scale` is what the full width means, in tenths of a second or in characters or words."""

    card: SpeechCard
    name: str
    length: Text
    scale: float
    used: str
    skyline: str
    marks: str
    chapters: tuple[Chapter, ...]
    drawn: frozenset[str]  # kinds of marks over the strip: "slogan", "hinge", and what the hall did
    hinge_label: str = ""
    hinge_left: str = ""
    hinge_late: bool = False
    hinge_text: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A place on the axis under the strips."""

    left: str
    label: str
    last: bool
    tight: bool  # on a phone its words would lie on those of the tick before


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The strips of one series with their axis; `unit` is minutes, characters or words."""

    series: str
    unit: str
    strips: tuple[Strip, ...]
    ticks: tuple[Tick, ...]


def bits_of(card: SpeechCard, sentences: Sequence[Row], full: float) -> list[Bit]:
    """The sentences of a speech on a strip whose full width is `full` seconds (timed), or characters or words."""
    made, before = [], 0.0
    for sentence in sentences:
        start, end = (sentence["start_s"], sentence["end_s"]) if card.timed else (before, before + sentence["size"])
        before += sentence["size"]
        made.append(
            Bit(start=min(1.0, start / full), end=min(1.0, end / full), group=sentence["function_group"] or "none")
        )
    return made


def _length(card: SpeechCard, sentences: Sequence[Row]) -> float:
    if not card.timed:
        return float(max(1, card.size))
    return max(1.0, card.duration_s or 0.0, *(s["end_s"] or 0.0 for s in sentences[-1:]))


def _unit(cards: Sequence[SpeechCard]) -> str:
    return "minutes" if all(card.timed for card in cards) else cards[0].size_unit


def _places(card: SpeechCard, sentences: Sequence[Row], found: Sequence[Row], full: float) -> list[float]:
    """Where findings lie on the strip."""
    if card.timed:
        return [min(1.0, row["start_s"] / full) for row in found if row["start_s"] is not None]
    starts, before = {}, 0.0
    for sentence in sentences:
        starts[sentence["sentence_index"]] = before / full
        before += sentence["size"]
    return [min(1.0, starts.get(row["sentence_index"], 0.0)) for row in found]


def _best_first(found: Row) -> tuple[float, int]:
    return -found["score"], found["sentence_index"]


def _hinge_place(hinge: Hinge | None, part: float) -> tuple[float, float, float] | None:
    if hinge is None or not hinge.told or hinge.at_share is None:
        return None
    low = hinge.at_share if hinge.low_share is None else hinge.low_share
    high = hinge.at_share if hinge.high_share is None else hinge.high_share
    return hinge.at_share * part, low * part, high * part


def _strip(
    card: SpeechCard, name: str, sentences: Sequence[Row], found: Sequence[Row], hinge: Hinge | None, full: float
) -> Strip:
    bits, used = bits_of(card, sentences, full), _length(card, sentences) / full
    at = _hinge_place(hinge, used)
    slogans = sorted((f for f in found if f["stage"] == "slogans" and f["score"] >= SLOGANS_FROM), key=_best_first)[
        :SLOGANS_SHOWN
    ]
    claps = [f for f in found if f["stage"] == "events" and f["label"] in HALL]
    length = (
        formats.duration(card.duration_s)
        if card.timed and card.duration_s
        else Text(
            en=f"{formats.count(card.size)} {card.size_unit}",
            zh=f"{formats.count(card.size)} {'字' if card.size_unit == 'characters' else '词'}",
        )
    )
    label = ""
    if at and hinge:
        label = formats.clock(hinge.at_s) if card.timed and hinge.at_s is not None else formats.percent(hinge.at_share)
    return Strip(
        card=card,
        name=name,
        length=length,
        scale=10 * full if card.timed else full,
        used=short(100 * min(1.0, used)),
        drawn=frozenset([*(f["label"] for f in claps), *["slogan"][: len(slogans)], *(["hinge"] if at else [])]),
        skyline=skyline(bits),
        hinge_label=label,
        hinge_left=short(100 * at[0]) if at else "",
        hinge_late=bool(at and at[0] > 0.8),
        hinge_text=hinge.text if hinge else None,
        marks=marks(_places(card, sentences, slogans, full), _places(card, sentences, claps, full), at),
        chapters=tuple(
            Chapter(left=short(100 * c.start), width=short(100 * (c.end - c.start)), group=c.group)
            for c in chapters(bits)
        ),
    )


def _ticks(full: float, unit: str) -> tuple[Tick, ...]:
    """Four to eight round ticks."""
    whole = full / 60 if unit == "minutes" else full
    power = 10.0 ** math.floor(math.log10(max(whole, 1.0)))
    step = next(s * power for s in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5) if whole / (s * power) <= 8)
    if unit != "minutes" or step >= 1:
        step = max(1.0, round(step))
    made = []
    for i in range(int(whole / step) + 1):
        words, last = formats.number(i * step, 0 if step >= 1 else 1), i * step / whole > 0.95
        tight = last and i > 0 and step / whole * NARROWEST < 2 * (DIGIT * len(words) + TICK)
        made.append(Tick(left=short(100 * i * step / whole), label=words, last=last, tight=tight))
    return tuple(made)


def bands(
    comparison: Comparison, sentences: Mapping[str, Sequence[Row]], findings: Mapping[str, Sequence[Row]]
) -> tuple[Band, ...]:
    """The ribbons of a comparison; all bands with the same unit share one scale, so that lengths can be compared."""
    by_series = {
        name: [c for c in comparison.speeches if c.series == name and sentences.get(c.speech_id)]
        for name in comparison.series
    }
    by_series = {name: cards for name, cards in by_series.items() if cards}
    units = {name: _unit(cards) for name, cards in by_series.items()}
    lengths = {c.speech_id: _length(c, sentences[c.speech_id]) for cards in by_series.values() for c in cards}
    hinges = {hinge.speech_id: hinge for hinge in comparison.hinges}
    made = []
    for name, cards in by_series.items():
        alike = [c for other, its in by_series.items() if units[other] == units[name] for c in its]
        full = max(lengths[c.speech_id] for c in alike if c.timed == (units[name] == "minutes"))
        made.append(
            Band(
                series=clean(name),
                unit=units[name],
                ticks=_ticks(full, units[name]),
                strips=tuple(
                    _strip(
                        card,
                        _name(card, cards),
                        sentences[card.speech_id],
                        findings.get(card.speech_id, ()),
                        hinges.get(card.speech_id),
                        # A timed speech among untimed ones keeps its own scale: its seconds are not characters.
                        full if card.timed == (units[name] == "minutes") else lengths[card.speech_id],
                    )
                    for card in cards
                ),
            )
        )
    return tuple(made)


def _name(card: SpeechCard, beside: Sequence[SpeechCard]) -> str:
    """How a strip is called: its group, or its date or id where a group holds several."""
    alone = sum(other.group == card.group for other in beside) == 1
    if alone and card.group != card.series:
        return clean(card.group)
    return clean(card.date or card.title or card.speech_id)
