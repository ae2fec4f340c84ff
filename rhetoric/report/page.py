"""Comparison and tables -> everything the template prints, in the order of the page."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rhetoric.codebook import FUNCTION_LABELS, Label
from rhetoric.report import boards, data, figures, formats
from rhetoric.report.arcs import Arcs, arcs
from rhetoric.report.asked import AskedPanel, asked
from rhetoric.report.boards import Line, Said, Sources
from rhetoric.report.chapter_data import chapter_files
from rhetoric.report.chapter_texts import CHAPTERS
from rhetoric.report.chapters import SPEECHES_SHOWN, Chapters, chapters, speech_names
from rhetoric.report.charts.ribbon import HEIGHTS
from rhetoric.report.figures import Panel
from rhetoric.report.measures import Measure, measure
from rhetoric.report.multiples import Rows, multiples
from rhetoric.report.outside import clean
from rhetoric.report.ribbons import HALL, Band, bands
from rhetoric.report.shortening import left_out, shortened
from rhetoric.report.sides import Side, sides
from rhetoric.report.texts import PAGE
from rhetoric.report.transcript import Row, places_of, rows_by_speech
from rhetoric.share_errors import ERROR_PREFIX
from rhetoric.types import Alert, Answer, Comparison, Quote, SpeechCard, Tables, Text

if TYPE_CHECKING:
    import pandas as pd

BOARD_LINES = 12  # shown at once; the rest is in a fold
PHRASES = 12
PANELS = frozenset(
    {
        "shape",
        "story",
        "ratio",
        "composition",
        "owners",
        "density",
        "intensity",
        "arcs",
        "figures",
        "board",
        "lineage",
        "phrases",
        "speakers",
        "questions",
        "keywords",
        "retold",
        "manner",
        "reader",
        "methods",
    }
)
ALIASES = {
    "ribbons": "shape",
    "hinge": "shape",
    "hinges": "shape",
    "mix": "story",
    "slogans": "board",
    "lines": "board",
    "emotion": "density",
    "emotions": "phrases",
    "lineages": "lineage",
    "series": "speakers",
    "story-product": "story",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An answer as printed: its sentence, its small print, the panel it points to, and its quotes."""

    text: Text
    detail: Text
    panel: str
    quotes: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A metric in the methods: what it is, how it is counted, how its interval is made."""

    metric: str
    measure: Measure
    units: tuple[str, ...]
    bases: tuple[str, ...]
    intervals: tuple[str, ...]
    n_speeches: int
    n_sentences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page, top to bottom."""

    title: Text
    meta: tuple[Text, ...]
    answers: tuple[Finding, ...]
    alerts: tuple[Alert, ...]
    bands: tuple[Band, ...]
    drawn: frozenset[str]  # kinds of marks over the strips; only these stand in the key
    hall: Text  # what the hall did, as far as it is drawn
    mix: tuple[Panel, ...]
    emotion: tuple[Panel, ...]
    arcs: Arcs
    craft: tuple[Panel, ...]
    quotes: Mapping[str, tuple[Said, ...]]
    board: tuple[Said, ...]
    lines: tuple[Line, ...]
    phrases: tuple[Said, ...]
    sides: tuple[Side, ...]
    folds: tuple[Fold, ...]
    labels: tuple[Label, ...]
    heights: Mapping[str, int]
    coded: Text  # who coded the sentences
    provenance: tuple[tuple[str, str], ...]
    command: str  # that makes the page again
    asked: tuple[AskedPanel, ...]
    chapters: Chapters
    holds: Text  # what the strips and the reader hold, where that is not all
    first_text: tuple[str, str]
    several: bool
    board_lines: int = BOARD_LINES
    n_phrases: int = PHRASES


def build(comparison: Comparison, tables: Tables) -> tuple[Page, dict[str, str]]:
    """The page and the CSV texts behind its figures, by file name."""
    whole, kept = comparison, held(comparison)
    ids = {card.speech_id for card in kept}
    sentences, findings = rows_by_speech(tables.sentences, ids), rows_by_speech(tables.findings, ids)
    comparison = shortened(whole)
    rows, sources = Rows(comparison), Sources(whole, places_of(tables.sentences), ids)
    short = replace(comparison, speeches=kept)
    panels = _panels(rows)
    every = [panel for group in panels for panel in group]
    strips = bands(short, sentences, findings)
    feelings = arcs(short, sentences, findings, speech_names(comparison))
    drawn = frozenset(kind for band in strips for strip in band.strips for kind in strip.drawn)
    page = Page(
        title=comparison.title,
        meta=_meta(whole),
        alerts=(*left_out(whole, comparison), *whole.alerts),
        answers=tuple(_finding(answer, sources) for answer in comparison.answers),
        bands=strips,
        drawn=drawn,
        hall=_hall(drawn),
        mix=panels[0],
        emotion=panels[1],
        arcs=feelings,
        craft=panels[2],
        quotes={cell.key: tuple(sources.said(q) for q in cell.quotes) for panel in every for cell in panel.cells},
        board=tuple(sources.said(q) for q in comparison.slogans),
        lines=boards.lines(comparison, sources),
        phrases=tuple(sources.phrase(q) for q in comparison.emotions),
        sides=sides(comparison),
        folds=_folds(comparison),
        labels=FUNCTION_LABELS,
        heights=HEIGHTS,
        coded=coded(comparison.provenance),
        provenance=tuple((clean(k), _told(k, clean(v))) for k, v in sorted(comparison.provenance.items())),
        command=f"rhetoric report --by {shlex.quote(clean(whole.by))}"
                + "".join(f" --only {group}" for group in whole.only),
        asked=asked(comparison, sources),
        chapters=chapters(comparison, sources),
        holds=_holds(comparison, kept),
        first_text=_first_text(short, sentences),
        several=len(comparison.series) > 1,
    )
    return page, _files(whole, every, tables.sentences) | {"arcs.csv": feelings.file}


def _told(key: str, value: str) -> str:
    """The reader's errors in the letters of `docs/methods.md`, section 4; anything else as it is."""
    parts = value.split()
    if not key.startswith(ERROR_PREFIX) or len(parts) != 3:
        return value
    return f"τ {parts[0]}, κ {parts[1]}, fitted on {parts[2]} speeches"


def coded(provenance: Mapping[str, str]) -> Text:
    """Who coded the sentences: the model alone, or people too, and how well the model agrees with them."""
    share = clean(provenance.get("coded_by_people", ""))
    if not share:
        return PAGE["coded"]
    names, kappa = clean(provenance.get("coders", "")), clean(provenance.get("coded_by_people_kappa", ""))
    agrees = ("", "")
    if kappa:
        agrees = f", with whom the model agrees at kappa {kappa}", f"，模型与其一致性 kappa {kappa}"
    number, _, of = share.removesuffix(" sentences").partition(" of ")
    return Text(en=f"{PAGE['coded_with_people'].en} {share} were coded by people ({names}{agrees[0]}).",
                zh=f"{PAGE['coded_with_people'].zh}{of} 句中有 {number} 句由人编码（{names}{agrees[1]}）。")


def held(comparison: Comparison) -> tuple[SpeechCard, ...]:
    """The speeches whose strips and words the page holds: all, or of very many the most quoted, in their order.

    What the page says of all speeches stays whole: a page of hundreds would be too heavy to open.
    """
    if len(comparison.speeches) <= SPEECHES_SHOWN:
        return comparison.speeches
    quoted = Counter(quote.speech_id for quote in _quotes(comparison))
    ranked = sorted(comparison.speeches, key=lambda card: (-quoted[card.speech_id], card.speech_id))
    kept = {card.speech_id for card in ranked[:SPEECHES_SHOWN]}
    return tuple(card for card in comparison.speeches if card.speech_id in kept)


def _quotes(comparison: Comparison) -> Iterator[Quote]:
    """The quotes that stand where a reader sees them first."""
    for answer in comparison.answers:
        yield from answer.quotes
    for question in comparison.questions:
        yield from question.quotes
    for retold in comparison.retold:
        yield from (retold.a, retold.b)
    yield from (*comparison.slogans, *comparison.emotions[:PHRASES])
    for row in comparison.rows:
        yield from row.quotes[:1]


def _holds(comparison: Comparison, kept: Sequence[SpeechCard]) -> Text:
    """What is said where the page does not hold all speeches."""
    n = len(comparison.speeches)
    if len(kept) == n:
        return Text(en="", zh="")
    words = CHAPTERS["reader_holds"]
    return Text(en=words.en.format(n=n, held=len(kept)), zh=words.zh.format(n=n, held=len(kept)))


def _hall(drawn: frozenset[str]) -> Text:
    names = [PAGE[kind] for kind in HALL if kind in drawn]
    return Text(en=", ".join(name.en for name in names), zh="、".join(name.zh for name in names))


def _panels(rows: Rows) -> tuple[tuple[Panel, ...], tuple[Panel, ...], tuple[Panel, ...]]:
    parts = multiples(rows.comparison)
    mix = (
        figures.story_panel(rows, parts),
        figures.composition_panel(rows, parts),
        figures.ratio_panel(rows, parts),
        figures.owners_panel(rows, parts),
    )
    emotion = (figures.density_panel(rows, parts), figures.intensity_panel(rows, parts))
    kept = [
        tuple(panel for panel in group if panel.cells)
        for group in (mix, emotion, (figures.figures_panel(rows, parts),))
    ]
    return kept[0], kept[1], kept[2]


def _files(comparison: Comparison, panels: Sequence[Panel], sentences: pd.DataFrame) -> dict[str, str]:
    files = {f"{panel.key}.csv": data.rows_csv(panel.rows) for panel in panels}
    return files | {
        "metrics.csv": data.rows_csv(comparison.rows),
        "ribbons.csv": data.ribbons_csv(comparison, sentences),
        "hinges.csv": data.hinges_csv(comparison),
        "board.csv": data.quotes_csv(comparison.slogans),
        "phrases.csv": data.quotes_csv(comparison.emotions),
        "lineage.csv": data.lineage_csv(comparison),
        "speakers.csv": data.differences_csv(comparison),
        "trends.csv": data.trends_csv(comparison),
        "pooled.csv": data.rows_csv(comparison.pooled),
    } | chapter_files(comparison)


def panel_of(answer: Answer) -> str:
    """The anchor an answer points to; the shape of the speeches where its panel is not on this page."""
    wish = ALIASES.get(answer.panel, answer.panel)
    return wish if wish in PANELS else "shape"


def _finding(answer: Answer, sources: Sources) -> Finding:
    return Finding(
        text=answer.text,
        detail=answer.detail,
        panel=panel_of(answer),
        quotes=tuple(sources.said(q) for q in answer.quotes[:2]),
    )


def _meta(comparison: Comparison) -> tuple[Text, ...]:
    """Speeches, time, size, how they were transcribed, model and codebook."""
    cards = comparison.speeches
    parts = [Text(en=f"{len(cards)} {'speech' if len(cards) == 1 else 'speeches'}", zh=f"{len(cards)} 场演讲")]
    seconds = sum(card.duration_s or 0.0 for card in cards if card.timed)
    if seconds:
        parts.append(formats.duration(seconds))
    for unit, zh in (("characters", "字"), ("words", "词")):
        size = sum(card.size for card in cards if card.size_unit == unit)
        if size:
            parts.append(Text(en=f"{formats.count(size)} {unit}", zh=f"{formats.count(size)} {zh}"))
    parts += list(dict.fromkeys(_way(card) for card in cards if card.engine))
    version = clean(comparison.provenance.get("codebook", ""))
    if version:
        parts.append(Text(en=f"codebook {version}", zh=f"编码手册 {version}"))
    return tuple(parts)


def _way(card: SpeechCard) -> Text:
    """How a speech became text: an engine and its model, or a file that was brought along."""
    kind = card.engine.removeprefix("import:")
    if kind != card.engine:
        form = clean(kind)
        return Text(en="plain text" if form == "text" else f"{form.upper()} file",
                    zh="纯文本" if form == "text" else f"{form.upper()} 文件")
    way = " ".join(filter(None, (clean(card.engine), clean(card.model))))
    return Text(en=way, zh=way)


def _folds(comparison: Comparison) -> tuple[Fold, ...]:
    made = []
    for metric in dict.fromkeys(row.metric for row in comparison.rows):
        rows = [row for row in comparison.rows if row.metric == metric]
        made.append(
            Fold(
                metric=clean(metric),
                measure=measure(metric),
                units=tuple(dict.fromkeys(row.unit for row in rows)),
                bases=tuple(dict.fromkeys(row.basis for row in rows if row.basis)),
                intervals=tuple(dict.fromkeys(clean(row.interval) for row in rows if row.interval)),
                n_speeches=sum(row.n_speeches for row in rows),
                n_sentences=sum(row.n_sentences for row in rows),
            )
        )
    return tuple(made)


def _first_text(comparison: Comparison, sentences: Mapping[str, Sequence[Row]]) -> tuple[str, str]:
    """Language and words of the first speech, for readers without a script."""
    for card in comparison.speeches:
        rows = sentences.get(card.speech_id)
        if rows:
            return card.language, ("" if card.language == "zh" else " ").join(clean(row["text"]) for row in rows)
    return "", ""
