"""What lines are made of, for the stages `figures` and `slogans`: lines and their clauses, and rules that find turns.

Each rule module has `find(lines, language) -> Iterator[Mark]`. A rule sees words only: no grammar, no meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rhetoric.codebook import FUNCTIONS
from rhetoric.types import Sentence, Speech, Token

_BREAK = re.compile(r"[,;:!?，；：！？。、…\n—–]|--|\s-\s|\.\s")
_WORD = re.compile(r"\w")
_JOINS = frozenset(("and", "but", "or", "so", "nor", "yet", "then",
                    "而", "也", "但", "就", "又", "还", "并", "并且", "而且", "但是"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Words between two marks of punctuation (zh: or spaces); spans are offsets into `Speech.text`."""

    char_start: int
    char_end: int
    words: tuple[str, ...]

    @property
    def size(self) -> int:
        """Characters of all words."""
        return sum(map(len, self.words))

    @property
    def core(self) -> tuple[str, ...]:
        """The words without a conjunction in front: what is compared between clauses."""
        return self.words[1:] if len(self.words) > 2 and self.words[0] in _JOINS else self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence as the rules see it: its text, lower-case words with their spans, and its clauses."""

    index: int
    char_start: int
    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A rule fired on a sentence: the span (in `Speech.text`), the rule's name, and the words that matched."""

    index: int
    char_start: int
    char_end: int
    rule: str
    words: str


def label_of(speech: Speech, index: int) -> str:
    """The reader's most probable label of a sentence; "" where nothing was read."""
    if not speech.readings:
        return ""
    reading = speech.readings[index].function
    return FUNCTIONS[max(range(len(reading)), key=reading.__getitem__)]


def is_content(speech: Speech, sentence: Sentence) -> bool:
    """False where the reader's most probable label is `noncontent`; True where nothing was read."""
    return label_of(speech, sentence.index) != "noncontent"


def model_mark(probability: float) -> str:
    """How the evidence of a finding names what the encoder says."""
    return f"model {probability:.2f}"


def whole_sentence(speech: Speech, index: int) -> tuple[int, int]:
    """The span of a sentence without the blanks around it, for what has no words of its own to point at."""
    sentence = speech.sentences[index]
    text = speech.text_of(sentence)
    begin = sentence.char_start + len(text) - len(text.lstrip())
    return begin, max(begin + 1, sentence.char_start + len(text.rstrip()))


def lines_of(speech: Speech) -> tuple[Line, ...]:
    """The lines of a speech, one a sentence, those without content left out."""
    return tuple(_line(speech, sentence) for sentence in speech.sentences if is_content(speech, sentence))


def _line(speech: Speech, sentence: Sentence) -> Line:
    tokens = [token for token in sentence.tokens if _WORD.search(token.text)]
    return Line(
        index=sentence.index, char_start=sentence.char_start, text=speech.text_of(sentence),
        words=tuple(_folded(token) for token in tokens),
        spans=tuple((token.char_start, token.char_end) for token in tokens),
        clauses=tuple(_clauses(speech, tokens)),
    )


def _folded(token: Token) -> str:
    return token.text.lower().replace("\u2019", "'")


def _clauses(speech: Speech, tokens: list[Token]) -> Iterator[Clause]:
    """Runs of words that no mark divides; in Chinese a space between two characters divides as well."""
    run: list[Token] = []
    for token in tokens:
        if run and _divides(speech, run[-1], token):
            yield _clause(run)
            run = []
        run.append(token)
    if run:
        yield _clause(run)


def _divides(speech: Speech, left: Token, right: Token) -> bool:
    between = speech.text[left.char_end : right.char_start]
    if _BREAK.search(between):
        return True
    return speech.language == "zh" and " " in between and not (left.text + right.text).isascii()


def _clause(tokens: list[Token]) -> Clause:
    return Clause(char_start=tokens[0].char_start, char_end=tokens[-1].char_end, words=tuple(map(_folded, tokens)))
