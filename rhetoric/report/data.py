"""The CSV file behind each figure: UTF-8 with a mark, so that spreadsheets read Chinese, and no cell that would run.

Sentences are counted from 1 here as on the page (`sentence`, its "§"); the tables of the archive count from 0, and the
column that joins them says so in its name (`sentence_index_from_0`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rhetoric.cells import write_csv
from rhetoric.report.transcript import Row as Cells
from rhetoric.report.transcript import rows_by_speech
from rhetoric.types import Comparison, Quote, Row, SpeechCard

if TYPE_CHECKING:
    import pandas as pd

AT_A_TIME = 200  # speeches

ROW_COLUMNS = (
    "metric",
    "series",
    "group",
    "value",
    "low",
    "high",
    "unit",
    "numerator",
    "denominator",
    "basis",
    "interval",
    "n_speeches",
    "n_sentences",
    "minutes",
    "size",
)
PLACE_COLUMNS = ("speech_id", "sentence", "sentence_index_from_0", "start_s", "end_s", "text")
QUOTE_COLUMNS = (*PLACE_COLUMNS, "label", "score", "marks")


def rows_csv(rows: Iterable[Row]) -> str:
    """Rows of a comparison with their counts, so that they can be added again."""
    return write_csv(ROW_COLUMNS, ([getattr(row, column) for column in ROW_COLUMNS] for row in rows))


def quotes_csv(quotes: Iterable[Quote]) -> str:
    """Quotes with their place."""
    return write_csv(
        QUOTE_COLUMNS, ([*_place(q), q.label, q.score, "; ".join(q.marks)] for q in quotes)
    )


def _place(quote: Quote) -> list[object]:
    """What stands in `PLACE_COLUMNS`."""
    index = quote.sentence_index
    return [quote.speech_id, index + 1, index, quote.start_s, quote.end_s, quote.text]


def _rows_of(comparison: Comparison, sentences: pd.DataFrame) -> Iterator[tuple[SpeechCard, Sequence[Cells]]]:
    """Each speech with its sentences, some speeches at a time: thousands as rows would not fit into memory."""
    columns = ["speech_id", "sentence_index", "start_s", "end_s", "size", "function", "function_group"]
    for at in range(0, len(comparison.speeches), AT_A_TIME):
        cards = comparison.speeches[at : at + AT_A_TIME]
        rows = rows_by_speech(sentences[columns], [card.speech_id for card in cards])
        yield from ((card, rows.get(card.speech_id, ())) for card in cards)


def ribbons_csv(comparison: Comparison, sentences: pd.DataFrame) -> str:
    """Runs of neighbouring sentences with one function, in the order of the speeches; sentences count from 1."""
    rows: list[list[object]] = []
    for card, own in _rows_of(comparison, sentences):
        previous = None
        for s in own:
            if s["function"] == previous and rows:
                rows[-1][4:6] = [s["sentence_index"] + 1, s["end_s"]]
                rows[-1][6] = int(str(rows[-1][6])) + s["size"]
            else:
                rows.append(
                    [
                        card.speech_id,
                        card.series,
                        s["sentence_index"] + 1,
                        s["start_s"],
                        s["sentence_index"] + 1,
                        s["end_s"],
                        s["size"],
                        s["function"],
                        s["function_group"],
                    ]
                )
            previous = s["function"]
    return write_csv(
        (
            "speech_id",
            "series",
            "first_sentence",
            "start_s",
            "last_sentence",
            "end_s",
            "size",
            "function",
            "function_group",
        ),
        rows,
    )


def lineage_csv(comparison: Comparison) -> str:
    """Each quote of each lineage, in the order of time."""
    return write_csv(
        ("lineage", "kind", "series", "similarity", *PLACE_COLUMNS),
        (
            [i, lineage.kind, lineage.series, lineage.similarity, *_place(q)]
            for i, lineage in enumerate(comparison.lineages, start=1)
            for q in lineage.quotes
        ),
    )


def differences_csv(comparison: Comparison) -> str:
    """All differences; those of two series have an empty `series`."""
    columns = ("metric", "series", "a", "b", "value", "low", "high", "unit")
    return write_csv(columns, ([getattr(d, c) for c in columns] for d in comparison.differences))


def trends_csv(comparison: Comparison) -> str:
    """All trends, told or not."""
    columns = ("metric", "series", "told", "slope_per_year", "low", "high", "p", "n_speeches")
    return write_csv(columns, ([getattr(t, c) for c in columns] for t in comparison.trends))


def hinges_csv(comparison: Comparison) -> str:
    """Where each speech turns."""
    columns = ("at_s", "at_share", "low_share", "high_share", "p", "before", "after")
    return write_csv(
        ("speech_id", "told", "sentence", "sentence_index_from_0", *columns),
        (
            [h.speech_id, h.told, None if h.sentence_index is None else h.sentence_index + 1, h.sentence_index]
            + [getattr(h, c) for c in columns]
            for h in comparison.hinges
        ),
    )
