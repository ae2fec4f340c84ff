"""Tables -> the transcripts as compact JSON inside the page, for the reader, the ribbons and the player.

Columns instead of objects: ten speeches of two hours are fifteen thousand sentences, and the page stays under 2.5 MB.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rhetoric.codebook import EMOTION_NAMES, FIGURE_NAMES, FUNCTION_LABELS, FUNCTIONS, GROUP_NAMES
from rhetoric.report.outside import clean, clean_with_offsets, media_url
from rhetoric.types import Comparison, SpeechCard, Tables

if TYPE_CHECKING:
    import pandas as pd

CODES = "abcdefghijklmnopqrstuvwxyz"
UNREAD = "-"
SLOGANS_FROM = 60.0  # the score from which on a line counts in the metrics
KINDS = {"emotion": "e", "figures": "f", "slogans": "s"}
Row = Mapping[str, Any]


def known(value: Any) -> Any:
    """A value of a table, None for what pandas calls missing."""
    return None if value is None or str(value) == "<NA>" or value != value else value


def rows_by_speech(table: pd.DataFrame, speeches: Collection[str]) -> dict[str, list[Row]]:
    """The rows of some speeches in a table, a list a speech, missing values as None."""
    table = table[table["speech_id"].isin(list(speeches))]
    grouped: dict[str, list[Row]] = defaultdict(list)
    columns = {name: table[name].astype(object).where(table[name].notna(), None).tolist() for name in table.columns}
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        grouped[row["speech_id"]].append(row)
    return grouped


def places_of(sentences: pd.DataFrame) -> dict[str, list[int]]:
    """Speech -> the indices of its sentences as they stand in the table."""
    indices = sentences["sentence_index"].to_numpy(dtype=int)
    return {str(name): indices[rows].tolist()
            for name, rows in sentences.groupby("speech_id", sort=False).indices.items()}


def files_of(tables: Tables) -> dict[str, str]:
    """Speech -> its file inside the audio folder, as the catalog has it."""
    ids, files = tables.speeches["speech_id"].tolist(), tables.speeches["file"].tolist()
    return {speech_id: known(file) or "" for speech_id, file in zip(ids, files, strict=True)}


def _deciseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(10 * seconds)


def _code(function: str | None) -> str:
    return CODES[FUNCTIONS.index(function)] if function in FUNCTIONS else UNREAD


def _marks(sentence: Row, findings: Iterable[Row], index: int) -> tuple[str, list[list[Any]]]:
    """The words of a sentence and what was found in it: [sentence, kind, from, to, label, score]."""
    found = [f for f in findings if f["stage"] in KINDS and (f["stage"] != "slogans" or f["score"] >= SLOGANS_FROM)]
    offsets = [f[end] - sentence["char_start"] for f in found for end in ("char_start", "char_end")]
    text, places = clean_with_offsets(sentence["text"], offsets)
    return text, [
        [index, KINDS[f["stage"]], places[2 * i], places[2 * i + 1], clean(f["label"]), round(f["score"], 1)]
        for i, f in enumerate(found)
        if places[2 * i + 1] > places[2 * i]
    ]


def speech_data(card: SpeechCard, sentences: list[Row], findings: list[Row], url: str) -> dict[str, Any]:
    """One speech in columns; times in tenths of a second, probabilities in per cent."""
    at: dict[int, list[Row]] = defaultdict(list)
    for finding in findings:
        at[finding["sentence_index"]].append(finding)
    texts, marks, before, sizes = [], [], 0, []
    for index, sentence in enumerate(sentences):
        text, found = _marks(sentence, at[sentence["sentence_index"]], index)
        texts.append(text)
        marks += found
        sizes.append(before)
        before += sentence["size"]
    place = {"t": [_deciseconds(s["start_s"]) for s in sentences]} if card.timed else {"c": sizes}
    return {
        "id": card.speech_id,
        "group": clean(card.group),
        "series": clean(card.series),
        "speaker": clean(card.speaker),
        "event": clean(card.title or card.event),
        "date": clean(card.date),
        "lang": card.language,
        "url": url,
        "end": _deciseconds(card.duration_s) if card.timed else before,
        "text": texts,
        "marks": marks,
        "fn": "".join(_code(s["function"]) for s in sentences),
        "p": [None if s["probability"] is None else round(100 * s["probability"]) for s in sentences],
        **place,
    }


def page_data(comparison: Comparison, tables: Tables, media: str) -> dict[str, Any]:
    """Everything the script needs to know of the speeches and the codebook."""
    ids = {card.speech_id for card in comparison.speeches}
    sentences, findings = rows_by_speech(tables.sentences, ids), rows_by_speech(tables.findings, ids)
    files = files_of(tables)
    return {
        "speeches": [
            speech_data(
                card,
                sentences[card.speech_id],
                findings[card.speech_id],
                media_url(media, files.get(card.speech_id) or card.audio),
            )
            for card in comparison.speeches
        ],
        "labels": {
            CODES[i]: [
                label.key,
                label.group,
                [label.name_en, label.name_zh],
                [label.definition_en, label.definition_zh],
            ]
            for i, label in enumerate(FUNCTION_LABELS)
        },
        "groups": GROUP_NAMES,
        "names": {**EMOTION_NAMES, **FIGURE_NAMES},
    }


def embed(data: Any) -> str:
    """JSON that cannot end the script element it stands in, nor break a line of JavaScript."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
