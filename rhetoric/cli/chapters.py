"""The chapters of a comparison in a terminal: questions, words, retold passages, manner and norms, a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rhetoric.cli.output import clock, one_line

if TYPE_CHECKING:
    from rich.console import Console

    from rhetoric.types import Comparison, Quote, Text

Say = Callable[["Text"], str]
TERMS, RETOLD, FRAMES, PAIRS, NORMS = 5, 3, 4, 3, 12
HEADS = {"questions": ("Six questions", "六个问题"), "words": ("Words that set them apart", "特征词"),
         "frames": ("Sentence frames", "句式"), "retold": ("Told again", "又讲一遍"),
         "manner": ("Manner of speech", "语言习惯"), "norms": ("Against other speeches", "与其他演讲相比")}


def print_chapters(out: Console, comparison: Comparison, *, lang: str) -> None:
    """Each chapter that has something, under its head; what is behind a line is in `--json` and in the report."""
    from rich.text import Text as Shown

    zh = lang == "zh"

    def say(text: Text) -> str:
        return one_line(text.zh if zh else text.en)

    for key, lines in (("questions", _questions(comparison, say)), ("words", _words(comparison)),
                       ("frames", (say(t.text) for t in comparison.templates[:FRAMES])),
                       ("retold", _retold(comparison, say)), ("manner", (say(m.text) for m in comparison.style)),
                       ("norms", (say(n.text) for n in comparison.norms[:NORMS]))):
        told = list(lines)
        if told:
            out.print(Shown(HEADS[key][zh], style="bold"))
            for line in told:
                out.print(Shown(f"  {line}"))


def _questions(comparison: Comparison, say: Say) -> Iterator[str]:
    for question in comparison.questions:
        yield f"{question.key}: {say(question.text)} {say(question.detail)}"


def _words(comparison: Comparison) -> Iterator[str]:
    """The leading terms of each group with their z, and in how many of its speeches."""
    for key in comparison.keyness:
        if key.kind == "group" and key.terms:
            terms = ", ".join(f"{term.term} ({term.z:.1f}{_alone(term.n_speeches, key.n_speeches)})"
                              for term in key.terms[:TERMS])
            yield one_line(f"{key.group}: {terms}")


def _alone(with_it: int, speeches: int) -> str:
    return f"; {with_it} of {speeches}" if speeches > 1 else ""


def _retold(comparison: Comparison, say: Say) -> Iterator[str]:
    for retold in comparison.retold[:RETOLD]:
        yield (f"{say(retold.text)} {_place(retold.a)} “{_short(retold.a)}” · "
               f"{_place(retold.b)} “{_short(retold.b)}”")


def _place(quote: Quote) -> str:
    return f"{quote.speech_id} {f'§ {quote.sentence_index + 1}' if quote.start_s is None else clock(quote.start_s)}"


def _short(quote: Quote) -> str:
    text = one_line(quote.text)
    return text if len(text) <= 60 else text[:59] + "…"
