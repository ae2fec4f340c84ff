"""Small invented speeches whose answer is known, sentence by sentence: for tests of words, passages and manner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rhetoric.codebook import FUNCTIONS, GROUP_OF
from rhetoric.tables import frame
from rhetoric.types import Tables

Said = tuple[str, str]  # function label, text


def tokens_of(text: str, language: str) -> str:
    """Words parted by spaces; an invented Chinese text marks its words with "|" itself."""
    if language == "zh":
        return " ".join(part for part in text.split("|") if part)
    for mark in ",.;:!?":
        text = text.replace(mark, f" {mark}")
    return " ".join(text.split())


def tables_of(speeches: Sequence[dict[str, Any]]) -> Tables:
    """Tables of speeches given as `{speech_id, speaker, date, language, said: [(label, text), ...], ...}`."""
    rows, sentences = [], []
    for speech in speeches:
        language, at = speech.get("language", "en"), 0
        for index, (label, marked) in enumerate(speech["said"]):
            text = marked.replace("|", "")
            size = len([c for c in text if c.isalnum()]) if language == "zh" else len(text.split())
            sentences.append({
                "speech_id": speech["speech_id"], "sentence_index": index, "text": text, "char_start": at,
                "char_end": at + len(text), "start_s": None, "end_s": None, "size": size, "speaker": "",
                "tokens": tokens_of(marked, language), "function": label, "function_group": GROUP_OF[label],
                "probability": 1.0, **{f"p_{name}": float(name == label) for name in FUNCTIONS}})
            at += len(text) + (language == "en")
        date = speech.get("date", "")
        rows.append({"speech_id": speech["speech_id"], "speaker": speech.get("speaker", "Ann Ash"), "organisation": "",
                     "event": speech.get("event", ""), "date": date, "year": int(date[:4]) if date else None,
                     "language": language, "title": speech.get("title", ""), "source": "", "licence": "", "file": "",
                     "duration_s": None, "timed": False, "n_sentences": len(speech["said"]),
                     "size": sum(s["size"] for s in sentences if s["speech_id"] == speech["speech_id"]),
                     "size_unit": "characters" if language == "zh" else "words", "engine": "import:txt", "model": ""})
    runs = [{"speech_id": speech["speech_id"], "step": step, "version": "1", "status": "done", "error": ""}
            for speech in speeches for step in ("emotion", "slogans", "figures")]
    return Tables(speeches=frame("speeches", rows), sentences=frame("sentences", sentences),
                  findings=frame("findings", []), metrics=frame("metrics", []), runs=frame("runs", runs))
