"""What each column of the tables means, and in what unit: `docs/tables.md` is made from this."""

from __future__ import annotations

from typing import NamedTuple

from rhetoric.codebook import FUNCTION_LABELS


class Column(NamedTuple):
    """A column as a reader needs it; `unit` is empty for words, ids and yes or no."""

    unit: str
    meaning: str


_ID = Column("", "The speech, as in `audio/catalog.csv`")
_SENTENCE = Column("from 0", "The sentence; with `speech_id` it joins the tables")
_START = Column("seconds", "Where it begins in the recording; unknown where the speech came as text")
_END = Column("seconds", "Where it ends in the recording")
_CHARS = "characters of the speech"

ROWS: dict[str, str] = {
    "speeches": "One row a speech.",
    "sentences": "One row a sentence, in spoken order: what it does, and how sure the reader is.",
    "findings": "One row a finding: a function, an emotional phrase, a slogan, a figure of speech, applause.",
    "metrics": "One row a number of a speech, kept as counts: add numerators and denominators, divide last.",
    "runs": "One row a stage and speech: how it went.",
}

MEANINGS: dict[str, dict[str, Column]] = {
    "speeches": {
        "speech_id": _ID, "speaker": Column("", "Who speaks"), "organisation": Column("", "For whom"),
        "event": Column("", "At what event"), "date": Column("ISO", "2024, 2024-07 or 2024-07-19"),
        "year": Column("year", "The year of the date"), "language": Column("", "zh or en"),
        "title": Column("", "What the speech is called"), "source": Column("", "Where it comes from"),
        "licence": Column("", "Under which licence"),
        "file": Column("", "The recording, inside `audio/` or a URL; empty for a speech that came as text"),
        "duration_s": Column("seconds", "Length of the recording"),
        "timed": Column("", "Whether every sentence has times"),
        "n_sentences": Column("sentences", "How many there are"),
        "size": Column("`size_unit`", "Length of the text, punctuation left out"),
        "size_unit": Column("", "characters (zh) or words (en)"),
        "engine": Column("", "What made the transcript: `faster-whisper`, `import:srt`, ..."),
        "model": Column("", "The model of the engine"),
    },
    "sentences": {
        "speech_id": _ID, "sentence_index": _SENTENCE, "text": Column("", "The words"),
        "char_start": Column(_CHARS, "Where it begins in the text of the speech"),
        "char_end": Column(_CHARS, "Where it ends, exclusive"), "start_s": _START, "end_s": _END,
        "size": Column("characters or words", "Its length, punctuation left out: zh characters, en words"),
        "speaker": Column("", "The voice, where the transcript tags voices"),
        "tokens": Column("", "Its words and punctuation marks, parted by spaces"),
        "function": Column("", "What it does: one of the ten labels of the codebook"),
        "function_group": Column("", "story, product, results, values, other, or none"),
        "probability": Column("0 to 1", "The reader's probability of that label; 1 where a person coded it"),
        **{f"p_{label.key}": Column("0 to 1", f"Probability of {label.key}") for label in FUNCTION_LABELS},
        "coder": Column("", "Who coded it by hand, and the file that says so; empty: the model alone"),
    },
    "findings": {
        "speech_id": _ID,
        "stage": Column("", "function, emotion, slogans, figures, events, or a stage of your own"),
        "label": Column("", "What was found, in the words of the codebook"), "sentence_index": _SENTENCE,
        "char_start": Column(_CHARS, "Where the span begins in the text of the speech"),
        "char_end": Column(_CHARS, "Where it ends, exclusive"), "start_s": _START, "end_s": _END,
        "quote": Column("", "The words of the span; empty for applause"),
        "score": Column("as the stage says", "function: probability 0 to 1; emotion: intensity 1 to 3; "
                                             "slogans: 0 to 100; figures and events: 1"),
        "evidence": Column("", "The marks that fired, parted by `; `"),
    },
    "metrics": {
        "speech_id": _ID, "stage": Column("", "Who computed it"), "name": Column("", "The metric; see `methods.md`"),
        "numerator": Column("`unit`", "What was counted"), "denominator": Column("`unit`", "Out of how much"),
        "value": Column("`unit`", "numerator / denominator; unknown where the denominator is 0"),
        "low": Column("`unit`", "Lower end of the 95 % interval, where the stage gives one"),
        "high": Column("`unit`", "Upper end of it"),
        "unit": Column("", "Of a share: by what its parts are counted (seconds, characters, words); else in words"),
    },
    "runs": {
        "speech_id": _ID, "step": Column("", "The stage"), "version": Column("", "Its version"),
        "status": Column("", "done or failed"), "error": Column("", "Why it failed"),
    },
}
