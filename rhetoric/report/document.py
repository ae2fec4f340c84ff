"""The report as a document of plain parts: what `markdown.py` and `word.py` write. One language, no new number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rhetoric.report import formats
from rhetoric.report.boards import Said
from rhetoric.report.chapter_texts import CHAPTERS
from rhetoric.report.figures import Panel
from rhetoric.report.measures import measure, unit_name
from rhetoric.report.outside import plain
from rhetoric.report.page import Finding, Page
from rhetoric.report.texts import PAGE
from rhetoric.types import Row, Text

LINES = 12  # slogans and phrases: as many as the page shows at once


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `strong` for the sentence one should read first."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a row of names."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A chart beside the document: its file and what it shows."""

    file: str
    alt: str


Part = Heading | Paragraph | Bullets | Grid | Image


def document(page: Page, lang: str, version: str, charts: str = "") -> tuple[Part, ...]:
    """The parts of the report, top to bottom; all text is clean, escaping is left to the writers.

    `charts` is the folder of the SVG files as seen from the document; empty: no images.
    """
    return tuple(_Writer(page, lang, charts).parts(version))


class _Writer:
    def __init__(self, page: Page, lang: str, charts: str) -> None:
        self.page, self.lang, self.charts = page, lang, charts

    def say(self, text: Text | None) -> str:
        return "" if text is None else plain(text.zh if self.lang == "zh" else text.en)

    def ui(self, key: str) -> str:
        return self.say(PAGE[key])

    def parts(self, version: str) -> Iterator[Part]:
        page = self.page
        yield Heading(1, self.say(page.title))
        yield Paragraph(" · ".join(self.say(part) for part in page.meta))
        yield from self.answers(page.answers)
        if page.alerts:
            yield Heading(2, self.ui("doubt"))
            yield Bullets(tuple(self.say(alert.text) for alert in page.alerts))
        yield from self.turns()
        for name, panels in (("mix", page.mix), ("emotion", page.emotion), ("figures", page.craft)):
            if panels:
                yield Heading(2, self.ui(name))
                for panel in panels:
                    yield from self.panel(panel)
            if name == "emotion":
                yield from self.arcs()
        yield from self.lines()
        yield from self.speakers()
        yield from self.questions()
        yield from self.words()
        yield from self.retold()
        yield from self.methods(version)

    def arcs(self) -> Iterator[Part]:
        """Only charts: what stands where in a speech cannot be said in a table of use."""
        if self.charts and self.page.arcs.cells:
            yield Heading(3, self.ui("arcs"))
            yield Paragraph(self.ui("arcs_how"))
            for cell in self.page.arcs.cells:
                alt = " · ".join(filter(None, (plain(cell.name) if self.page.several else "", self.say(cell.title))))
                yield Image(f"{self.charts}/{cell.key}.svg", alt)

    def questions(self) -> Iterator[Part]:
        if not self.page.asked:
            return
        yield Heading(2, self.say(CHAPTERS["questions"]))
        for asked in self.page.asked:
            yield Heading(3, self.say(asked.question))
            for cell in asked.cells:
                name = f"{plain(cell.series)}: " if self.page.several else ""
                yield Paragraph(name + self.say(cell.text), strong=not name)
                yield Paragraph(" · ".join(map(self.say, (cell.summary, *cell.detail))))
                if self.charts and cell.chart:
                    yield Image(f"{self.charts}/{cell.key}.svg", self.say(asked.question))
                if cell.quotes:
                    yield Bullets(tuple(map(self.quoted, cell.quotes)))

    def words(self) -> Iterator[Part]:
        """The words of each group with their uses here and in the rest."""
        columns = [column for column in self.page.chapters.columns if column.terms]
        if columns:
            yield Heading(2, self.say(CHAPTERS["keywords"]))
            yield Paragraph(self.say(CHAPTERS["keywords_how"]))
            yield Bullets(tuple(
                (f"{plain(column.field)}, " if self.page.several and column.field != column.group else "")
                + f"{plain(column.group)}: "
                + ", ".join(f"{plain(term.term)} ({term.count} : {term.rest})" for term in column.terms)
                for column in columns))

    def retold(self) -> Iterator[Part]:
        pairs = self.page.chapters.retold[: self.page.chapters.retold_shown]
        if pairs:
            yield Heading(2, self.say(CHAPTERS["retold"]))
            for pair in pairs:
                yield Paragraph(f"{self.say(pair.text)} {self.say(CHAPTERS['same'])}: {pair.alike}")
                yield Bullets((self.quoted(pair.a), self.quoted(pair.b)))

    def answers(self, answers: Sequence[Finding]) -> Iterator[Part]:
        yield Heading(2, self.ui("answer"))
        if not answers:
            yield Paragraph(self.ui("no_answer"))
            return
        yield Paragraph(self.say(answers[0].text), strong=True)
        yield Paragraph(self.say(answers[0].detail))
        if answers[0].quotes:
            yield Bullets(tuple(map(self.quoted, answers[0].quotes)))
        if answers[1:]:
            yield Heading(3, self.ui("more"))
            yield Bullets(tuple(f"{self.say(answer.text)} {self.say(answer.detail)}" for answer in answers[1:]))

    def quoted(self, said: Said) -> str:
        """A quote with who said it, where and when."""
        words = plain("".join(piece.text for piece in said.pieces))
        place = ", ".join(filter(None, (plain(said.speaker), plain(said.group), plain(said.when))))
        return f"“{words}” ({place})" if self.lang == "en" else f"“{words}”（{place}）"

    def turns(self) -> Iterator[Part]:
        strips = [strip for band in self.page.bands for strip in band.strips]
        told = tuple(self.say(strip.hinge_text) for strip in strips if strip.hinge_text)
        if told:
            yield Heading(2, self.ui("turns"))
            yield Bullets(told)

    def panel(self, panel: Panel) -> Iterator[Part]:
        yield Heading(3, self.say(panel.name))
        for cell in panel.cells if not panel.small else ():
            name = f"{plain(cell.name)}: " if self.page.several and cell.name else ""
            yield Paragraph(name + " ".join(filter(None, (self.say(cell.title), self.say(cell.detail)))))
        if self.charts:
            for cell in panel.cells:
                if cell.chart:
                    yield Image(f"{self.charts}/{cell.key}.svg", self.say(cell.title))
        yield self.numbers(panel.rows)

    def numbers(self, rows: Iterable[Row]) -> Grid:
        """Values with their interval, unit and n."""
        names = ("series", "group", "measure", "value", "interval", "unit", "n", "n_speeches")
        cells = tuple((plain(row.series), plain(row.group), self.say(measure(row.metric).name),
                       formats.value_text(row.value, row.unit, row.n_sentences), self.say(formats.interval_text(row)),
                       self.say(unit_name(row.unit)), formats.count(row.n_sentences), str(row.n_speeches))
                      for row in rows)
        first = 0 if self.page.several else 1  # one speaker needs no column of his name
        return Grid(tuple(self.ui(name) for name in names[first:]), tuple(row[first:] for row in cells))

    def lines(self) -> Iterator[Part]:
        yield Heading(2, self.ui("lines"))
        if self.page.board:
            yield Grid((self.ui("score"), self.ui("slogan"), self.ui("series"), self.ui("group"), self.ui("speech")),
                       tuple(map(self.said_row, self.page.board[:LINES])))
        else:
            yield Paragraph(self.ui("no_slogans"))
        changed = [line for line in self.page.lines if line.changed]
        if changed:
            yield Heading(3, self.ui("lineage"))
            for line in changed:
                yield Paragraph(self.say(line.text))
                yield Bullets(tuple(map(self.quoted, line.quotes)))
        if self.page.phrases:
            yield Heading(3, self.ui("strongest"))
            yield Bullets(tuple(f"{round(said.score or 0)}/3 {self.say(said.label)}: {self.quoted(said)}"
                                for said in self.page.phrases[:LINES]))

    def said_row(self, said: Said) -> tuple[str, ...]:
        words = plain("".join(piece.text for piece in said.pieces))
        score = "" if said.score is None else f"{said.score:.0f}"
        return score, words, plain(said.speaker), plain(said.group), f"{plain(said.speech_id)} {plain(said.when)}"

    def speakers(self) -> Iterator[Part]:
        told = tuple(self.say(difference.text) for side in self.page.sides for difference in side.differences)
        if told:
            yield Heading(2, self.ui("speakers"))
            yield Paragraph(f"{self.ui('speakers_how')} {self.ui('units_differ')}")
            yield Bullets(told)

    def methods(self, version: str) -> Iterator[Part]:
        yield Heading(2, self.ui("methods"))
        yield Paragraph(self.say(self.page.coded))
        yield Heading(3, self.ui("codebook"))
        zh = self.lang == "zh"
        yield Bullets(tuple(f"{label.name_zh if zh else label.name_en}: "
                            f"{label.definition_zh if zh else label.definition_en}" for label in self.page.labels))
        yield Heading(3, self.ui("definition"))
        yield Grid((self.ui("measure"), self.ui("definition"), self.ui("formula"), self.ui("source"), "n"), tuple(
            (self.say(fold.measure.name), self.say(fold.measure.definition), plain(fold.measure.formula),
             self.say(fold.measure.source), formats.count(fold.n_sentences)) for fold in self.page.folds))
        yield Paragraph(self.ui("interval_how"))
        yield Paragraph(self.ui("trends_how"))
        yield Heading(3, self.ui("made_with"))
        yield Grid(("", ""), (("rhetoric", plain(version)), *((plain(key), plain(value))
                                                             for key, value in self.page.provenance)))
        yield Paragraph(f"{self.ui('again')} {plain(self.page.command)}")
