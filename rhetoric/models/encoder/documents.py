"""Uncoded texts for masked-word training, without those that hold a speech which is to be scored on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rhetoric.errors import FormatError
from rhetoric.models.gold import GoldSpeech

RUN = {"zh": 12, "en": 24}  # characters in a row: two texts that share several such runs share a passage
STEP = {"zh": 4, "en": 6}  # between the runs looked for
SHARED = 8  # from so many runs on a text is left out
_SENTENCE = re.compile(r"[^。！？!?\n]*?(?:[。！？!?\n]|\.(?=\s|$)|$)")
_OTHER = re.compile(r"\W")


def read_documents(folder: Path, unseen: Sequence[GoldSpeech]) -> list[list[str]]:
    """The sentences of every `.txt` below a folder, by path, that holds no passage of an unseen speech.

    Sentences are cut at marks only: they need not be exact to learn words from.

    Raises:
        FormatError: there is no text, or one is not UTF-8.
    """
    paths = sorted(folder.rglob("*.txt"))
    if not paths:
        raise FormatError(f"{folder}: holds no .txt file to learn words from")
    runs = {language: frozenset(_runs((s for g in unseen if g.language == language for s in g.sentences), language))
            for language in RUN}
    texts = (_read(path) for path in paths)
    return [[part.strip() for part in _SENTENCE.findall(text) if part.strip()] for text in texts
            if not shares_a_passage(text, runs)]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read ({error}); it must be a UTF-8 text file") from error


def _runs(sentences: Iterable[str], language: str) -> Iterator[str]:
    length, step = RUN[language], STEP[language]
    for sentence in sentences:
        plain = _OTHER.sub("", sentence.lower())
        for at in range(0, len(plain) - length + 1, step):
            yield plain[at : at + length]


def shares_a_passage(text: str, runs: dict[str, frozenset[str]]) -> bool:
    """Whether a text holds `SHARED` or more of the runs of either language."""
    plain = _OTHER.sub("", text.lower())
    found = sum(plain[at : at + length] in runs[language] for language, length in RUN.items()
                for at in range(len(plain) - length + 1))
    return found >= SHARED
