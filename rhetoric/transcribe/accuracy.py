"""How well a transcript fits the script that was spoken: word error rate (English), character error rate (Chinese).

rate = (substitutions + deletions + insertions) / words or characters of the script, with the least number of edits
(V. I. Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals", 1966; the alignment is
rapidfuzz's). Before that both texts are written alike: lower case, no punctuation, Simplified characters, numbers as
digits (`numbers.py`). Events (applause), names of speakers, and what is in quarantine are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from rhetoric.errors import SpeechError
from rhetoric.transcribe.formats.cues import is_event
from rhetoric.transcribe.formats.marks import split_marks
from rhetoric.transcribe.numbers import numbers_in_chinese, numbers_in_english
from rhetoric.transcribe.script import convert_text
from rhetoric.types import Transcript

# Written forms that are the same word: each is replaced on both sides.
_ENGLISH_FORMS = (
    (re.compile(r"%"), " percent "), (re.compile(r"\bper cent\b"), "percent"), (re.compile(r"&"), " and "),
    (re.compile(r"(?<=\d),(?=\d{3})"), ""),
    (re.compile(r"\$(\d[\d.]*)( (?:million|billion|trillion))?"), r"\1\2 dollars"),
)
_FILLERS = frozenset({"uh", "um", "er", "erm", "hmm", "mm", "mhm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Edits between a script and a transcript. `unit` is "words" or "characters", `length` the script's length in them.

    `misheard` are pairs (what was said, what was heard), the most frequent first; the first of a pair is empty for what
    was added, the second for what was lost. `times` says how often each pair occurred. Counts of several recordings
    add; rates do not.
    """

    unit: str
    length: int
    substitutions: int
    deletions: int
    insertions: int
    misheard: tuple[tuple[str, str], ...] = ()
    times: tuple[int, ...] = ()

    @property
    def errors(self) -> int:
        """All edits."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Edits a unit of the script; above 1 where more was added than was said."""
        return self.errors / self.length

    def __add__(self, other: Accuracy) -> Accuracy:
        """Pool two recordings of the same unit."""
        if self.unit != other.unit:
            raise ValueError(f"cannot add {self.unit} and {other.unit}")
        pairs: Counter[tuple[str, str]] = Counter()
        for part in (self, other):
            pairs.update(dict(zip(part.misheard, part.times, strict=True)))
        return Accuracy(unit=self.unit, length=self.length + other.length,
                        substitutions=self.substitutions + other.substitutions,
                        deletions=self.deletions + other.deletions, insertions=self.insertions + other.insertions,
                        **_ranked(pairs))


def score_script(script: str, transcript: Transcript) -> Accuracy:
    """Compare a transcript with the words that were really spoken.

    Raises:
        SpeechError: the script holds no words.
    """
    heard = "\n".join(segment.text for segment in transcript.segments if not (is_event(segment) or segment.quarantined))
    pieces = (piece for line in script.split("\n") for piece in split_marks(line, captions=False, counts=Counter()))
    return score("\n".join(piece.text for piece in pieces if not piece.flags), heard, transcript.language)


def score(script: str, heard: str, language: str) -> Accuracy:
    """Compare two texts: by characters if `language` is "zh", else by words. Raises as `score_script`."""
    units = chinese_units if language == "zh" else english_units
    reference, hypothesis = units(script), units(heard)
    if not reference:
        raise SpeechError("the script holds no words to compare with; give the text that was spoken")
    from rapidfuzz.distance import Levenshtein

    opcodes = Levenshtein.opcodes(reference, hypothesis)
    edits: Counter[str] = Counter()
    for op in opcodes:
        edits[op.tag] += max(op.src_end - op.src_start, op.dest_end - op.dest_start)
    spans = [(op.tag, op.src_start, op.src_end, op.dest_start, op.dest_end) for op in opcodes]
    return Accuracy(unit="characters" if language == "zh" else "words", length=len(reference),
                    substitutions=edits["replace"], deletions=edits["delete"], insertions=edits["insert"],
                    **_ranked(_misheard(reference, hypothesis, spans, "" if language == "zh" else " ")))


def english_units(text: str) -> list[str]:
    """Words as they are compared: lower case, no punctuation, numbers as digits, no hesitations."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    for form, plain in _ENGLISH_FORMS:
        text = form.sub(plain, text)
    words = re.findall(r"\d+(?:\.\d+)+|\w+(?:'\w+)*", text.replace("_", " "))
    return numbers_in_english([word for word in words if word not in _FILLERS])


def chinese_units(text: str) -> list[str]:
    """Characters as they are compared: Simplified, numbers as digits, no punctuation or spaces, Latin in lower case."""
    text = convert_text(unicodedata.normalize("NFKC", text).lower(), "simplified")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"(?<=\d)\.(?=\d)", "点", numbers_in_chinese(text))
    return [char for char in text if char.isalnum() or char == "%"]


def _misheard(reference: Sequence[str], heard: Sequence[str], spans: Iterable[tuple[str, int, int, int, int]],
              joint: str) -> Counter[tuple[str, str]]:
    """Neighbouring edits as one pair of what was said and what was heard."""
    pairs: Counter[tuple[str, str]] = Counter()
    said: list[str] = []
    got: list[str] = []
    for tag, start, end, heard_start, heard_end in [*spans, ("equal", 0, 0, 0, 0)]:
        if tag == "equal":
            if said or got:
                pairs[joint.join(said), joint.join(got)] += 1
            said, got = [], []
        else:
            said += reference[start:end]
            got += heard[heard_start:heard_end]
    return pairs


class _Ranked(TypedDict):
    misheard: tuple[tuple[str, str], ...]
    times: tuple[int, ...]


def _ranked(pairs: Counter[tuple[str, str]]) -> _Ranked:
    """The most frequent first, then by the alphabet."""
    ranked = sorted(pairs.items(), key=_rank)
    return {"misheard": tuple(pair for pair, _ in ranked), "times": tuple(count for _, count in ranked)}


def _rank(item: tuple[tuple[str, str], int]) -> tuple[int, str, str]:
    (said, got), count = item
    return -count, said, got
