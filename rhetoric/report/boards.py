"""Quotes as the page shows them: in their sentence, with a place to play, and with what changed marked."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rhetoric.codebook import EMOTION_NAMES, FIGURE_NAMES, FUNCTION_LABELS, MAX_INTENSITY
from rhetoric.report import formats
from rhetoric.report.marks import shown_marks
from rhetoric.report.outside import clean, plain
from rhetoric.types import Comparison, Quote, SpeechCard, Text

_LABELS = {
    **{label.key: Text(en=label.name_en, zh=label.name_zh) for label in FUNCTION_LABELS},
    **{key: Text(en=en, zh=zh) for names in (EMOTION_NAMES, FIGURE_NAMES) for key, (en, zh) in names.items()},
}
MARKS_SHOWN = 5
_CUT = re.compile(r"^([\s…]*)(.*?)([\s…]*)$", re.DOTALL)  # a line may be a part of its sentence: "…its words…"
_UNITS = re.compile(r"[A-Za-z0-9'\u2019\-]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words, marked or not."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A quote with its source; `at` is its line in the reader, `when` its time or line as printed."""

    speech_id: str
    at: int
    when: str
    plays: bool
    group: str
    speaker: str
    lang: str
    pieces: tuple[Piece, ...]
    label: Text
    score: float | None
    marks: tuple[Text, ...]
    more_marks: int
    address: str = ""
    held: bool = True  # False where the page does not hold the words of the speech

    @property
    def dots(self) -> str:
        """An intensity as filled and empty dots."""
        full = min(MAX_INTENSITY, max(0, round(self.score or 0)))
        return "●" * full + "○" * (MAX_INTENSITY - full)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A lineage as shown: its sentence, its kind and likeness, and its quotes with the changes marked."""

    text: Text
    kind: str
    series: str
    alike: str
    quotes: tuple[Said, ...]

    @property
    def changed(self) -> bool:
        """False where it came back word for word."""
        return any(piece.marked for said in self.quotes for piece in said.pieces)


class Sources:
    """Where quotes come from: the cards and sentences of the speeches."""

    def __init__(self, comparison: Comparison, places: Mapping[str, Sequence[int]],
                 held: Collection[str] | None = None) -> None:
        self._held = held
        self._cards: dict[str, SpeechCard] = {card.speech_id: card for card in comparison.speeches}
        self._places = places  # the indices of the sentences of each speech, in their order

    def said(self, quote: Quote, pieces: Sequence[Piece] | None = None) -> Said:
        """A quote with its source."""
        from urllib.parse import quote as percent

        card = self._cards.get(quote.speech_id)
        at = self._place(quote)
        timed = card is not None and card.timed and quote.start_s is not None
        key = plain(quote.label)
        marks, more = shown_marks(quote.marks, MARKS_SHOWN)
        return Said(
            speech_id=quote.speech_id,
            at=at,
            when=formats.clock(quote.start_s) if timed else f"§ {at + 1}",
            plays=timed and bool(card and card.audio),
            group=clean(card.group if card else quote.speech_id),
            speaker=clean(card.speaker if card else ""),
            lang=card.language if card else "",
            pieces=tuple(pieces or (Piece(text=clean(quote.text)),)),
            label=_LABELS.get(quote.label, Text(en=key, zh=key)),
            score=quote.score,
            marks=marks,
            more_marks=more,
            address=f"#speech={percent(quote.speech_id, safe='')}&s={at + 1}",
            held=self._held is None or quote.speech_id in self._held,
        )

    def _place(self, quote: Quote) -> int:
        """The line of a quote in the reader: mostly its index, where no sentence is left out before it."""
        places, index = self._places.get(quote.speech_id, ()), quote.sentence_index
        if index < len(places) and places[index] == index:
            return index
        return places.index(index) if index in places else 0

    def phrase(self, quote: Quote) -> Said:
        """An emotional phrase inside its sentence: the first mark is the phrase."""
        return self.said(quote, highlighted(clean(quote.text), clean(quote.marks[0]) if quote.marks else ""))


def _standing(phrase: str) -> re.Pattern[str]:
    """A phrase as words of its own: "am" does not stand in "streaming"."""
    before, after = (r"(?<![A-Za-z])" if phrase[0].isascii() and phrase[0].isalpha() else "",
                     r"(?![A-Za-z])" if phrase[-1].isascii() and phrase[-1].isalpha() else "")
    return re.compile(before + re.escape(phrase) + after, re.IGNORECASE)


def highlighted(text: str, phrase: str) -> list[Piece]:
    """A sentence with one phrase marked where it stands."""
    found = _standing(phrase).search(text) if phrase else None
    if found is None:
        return [Piece(text=text)]
    at, end = found.span()
    pieces = [Piece(text=text[:at]), Piece(text=text[at:end], marked=True), Piece(text=text[end:])]
    return [piece for piece in pieces if piece.text]


def changed(before: str, after: str) -> list[Piece]:
    """`after` with what is new against `before` marked: by words in English, by characters in Chinese.

    An ellipsis at an end says where the line was cut out of its sentence; it is no word, and never new.
    """
    head, core, tail = _cut(after)
    a, b = _UNITS.findall(_cut(before)[1]), _UNITS.findall(core)
    pieces = [Piece(text=head)] if head else []
    for operation, _, _, start, end in difflib.SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        words = "".join(b[start:end])
        if words:
            pieces.append(Piece(text=words, marked=operation != "equal" and bool(words.strip())))
    return [*pieces, Piece(text=tail)] if tail else pieces


def _cut(text: str) -> tuple[str, str, str]:
    """A line as the ellipsis before it, its words, and the ellipsis after it."""
    found = _CUT.match(text)
    return (found[1], found[2], found[3]) if found else ("", text, "")


def lines(comparison: Comparison, sources: Sources) -> tuple[Line, ...]:
    """The lineages: the first quote as it was, each later one with what changed since the one before."""
    made = []
    for lineage in comparison.lineages:
        texts = [clean(quote.text) for quote in lineage.quotes]
        quotes = [
            sources.said(quote, changed(texts[i - 1], texts[i]) if i else None)
            for i, quote in enumerate(lineage.quotes)
        ]
        made.append(
            Line(
                text=lineage.text,
                kind=lineage.kind,
                series=clean(lineage.series),
                quotes=tuple(quotes),
                alike=formats.percent(lineage.similarity),
            )
        )
    return tuple(made)
