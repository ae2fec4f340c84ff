"""Lines short enough to be quoted: whole sentences, and clauses or runs of clauses that could stand alone.

What only leads into a line (我觉得, 所以, "and so", "I believe") is left out of it, as are quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rhetoric.lexicons import CUES, read_lexicon
from rhetoric.stages.devices import Clause, Line

MAX_SIZE = {"zh": 25, "en": 14}  # characters, words: what the codebook calls short
MIN_SIZE = {"zh": 4, "en": 2}
MAX_CLAUSES = 4
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SPOKEN = re.compile(r"[^\w]+")
_THANKS = {
    "zh": re.compile(r"谢谢|感谢|[请给点的]掌声|欢迎|各位|大家好|晚上好|早上好|下午好|再见|有请|请看|接下来|下面|字幕"),
    "en": re.compile(r"\b(?:thank|thanks|welcome|good (?:morning|evening|afternoon)|applause|laughter|ladies and"
                     r"|hello|please"
                     r"|mr|senator|next up|let me|let's (?:see|look|take|go|talk|move|get))\b", re.I),
}
_FIGURES = re.compile(r"\d")
_STRONG_MARK = re.compile(r"^\s*[\"\u201d'\u2019)]*\s*(?:$|[;:.!?\u2014\u2013\"\u201d]|--|\s-\s|,\s(?:and|but|so|not"
                          r"|or|yet)\b)")
# A clause that only opens a longer thought, or is the opener of one, does not stand alone.
_ZH_OPENS = re.compile(r"^(?:如果|假如|要是|当|因为|由于|虽然|尽管|既然|一旦|除了|对于|关于|随着|无论|不管|比如)")
_ZH_HANGS_BEFORE = re.compile(r"^(?:是|能|才|就|也|都|的|会|还|要|而是|而|却|但|并|和|与|或|以及)")
_ZH_HANGS = re.compile(r"(?:的时候|之后|以后|之前|的话|时|而言|来说|是吧|对吧|对不对|是不是|的|了吗)$")
_ZH_TAG = re.compile(r"(?:是吧|对吧|吧|对不对|是不是|知道吗)$")
_ZH_GOES_ON = re.compile(r"^\s*[，,]?\s*(?:才|就|则|都|也|所以|那么|而是|而非|但|却|还)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A line that could be quoted; `clauses` are those of it, `words` all its words, `size` characters or words."""

    index: int
    char_start: int
    char_end: int
    text: str
    clauses: tuple[Clause, ...]
    whole: bool
    size: int

    @property
    def words(self) -> tuple[str, ...]:
        """All words of the line."""
        return tuple(word for clause in self.clauses for word in clause.words)

    @property
    def key(self) -> str:
        """The line without marks and case: equal for lines that sound alike."""
        return _SPOKEN.sub("", self.text).casefold()


@lru_cache(maxsize=2)
def _leads(language: str) -> frozenset[tuple[str, ...]]:
    terms = read_lexicon(f"cues.{language}", CUES).terms("lead")
    return frozenset(tuple(term.split()) if language == "en" else (term,) for term in terms)


def candidates(line: Line, language: str) -> Iterator[Candidate]:
    """All candidates of a sentence, the whole of it first."""
    count = len(line.clauses)
    spans = [(0, count)] + [(i, j) for i in range(count) for j in range(i + 1, min(count, i + MAX_CLAUSES) + 1)
                            if (i, j) != (0, count)]
    for first, last in spans[:60]:
        found = _candidate(line, line.clauses[first:last], last - first == count, language)
        if found:
            yield found


def _candidate(line: Line, clauses: Sequence[Clause], whole: bool, language: str) -> Candidate | None:
    if not clauses:
        return None
    clauses = _without_lead(clauses, language)
    if not clauses:
        return None
    start, end = clauses[0].char_start, clauses[-1].char_end
    after = line.text[end - line.char_start :]
    if not whole and not _stands_alone(clauses, after, language):
        return None
    if language == "zh" and _ZH_TAG.search(clauses[-1].words[-1]):
        return None
    text = line.text[start - line.char_start : end - line.char_start]
    size = len(_HAN.findall(text)) if language == "zh" else sum(len(clause.words) for clause in clauses)
    if not MIN_SIZE[language] <= size <= MAX_SIZE[language] or _FIGURES.search(text) or _THANKS[language].search(text):
        return None
    return Candidate(index=line.index, char_start=start, char_end=end, text=text, clauses=tuple(clauses), whole=whole,
                     size=size)


def _stands_alone(clauses: Sequence[Clause], after: str, language: str) -> bool:
    """Whether a part of a sentence can do without what follows it."""
    if language == "en":
        return bool(_STRONG_MARK.match(after))
    first, last = "".join(clauses[0].words), "".join(clauses[-1].words)
    hangs = _ZH_HANGS_BEFORE.match(first) or _ZH_HANGS.search(last) or _ZH_OPENS.match(last)
    return not (hangs or _ZH_GOES_ON.match(after))


def _without_lead(clauses: Sequence[Clause], language: str) -> Sequence[Clause]:
    """Cut words that only lead in from the first clause; the cut needs the clause's words to know their width."""
    head, rest = clauses[0], clauses[1:]
    words, start = head.words, head.char_start
    while words:
        width = _lead_width(words, language)
        if not width:
            break
        taken = words[:width]
        gap = len("".join(taken)) if language == "zh" else len(" ".join(taken)) + 1
        words, start = words[width:], start + gap
    if not words:
        return _without_lead(rest, language) if rest else ()
    return (Clause(char_start=min(start, head.char_end - 1), char_end=head.char_end, words=words), *rest)


def _lead_width(words: Sequence[str], language: str) -> int:
    leads = _leads(language)
    for width in (4, 3, 2, 1):
        if tuple(words[:width]) in leads and len(words) >= width:
            return width
    joined = "".join(words[:2])
    return 2 if language == "zh" and (joined,) in leads else 0
