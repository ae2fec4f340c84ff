"""How well sentences are found where their marks are missing, on coded speeches.

    python benchmarks/sentences.py GOLD.tsv... [--model FILE.npz]

A table's column `text` gives one speech; its true sentence ends are the places of 。！？ and of …… at a row's end. Then
the marks are taken away in five ways, and the splitter of the product cuts what is left:

  bare     no mark at all, all in one piece
  commas   stops deleted, commas and the like kept
  flat     every mark a comma, as recognisers often write
  lines    no mark; a subtitle line ends at each mark and, as lines are not sentences, at 18 characters (8 words)
  pauses   no mark; every word has its time, with silences drawn (seeded) as counted in a real keynote

English is put into lower case too. F1 of the ends at tolerance 0, and of `bare` within two characters (words) as well.
`--model` takes the boundary model of another file, so that a speech can be judged by one that never read it.
"""

from __future__ import annotations

import argparse
import functools
import random
import re
from collections.abc import Callable
from pathlib import Path

from rhetoric.models import boundaries, boundary_network
from rhetoric.models.boundary_lessons import mark_of, read_lines
from rhetoric.models.boundary_network import MINOR, STOP
from rhetoric.sentences import prepare, zh
from rhetoric.types import Segment, Transcript, Word

SILENCES_S = (0.0, 0.2, 0.4, 0.7, 1.1)  # what is drawn, and how often (per cent) at ends, at commas, between words
AT_ENDS, AT_COMMAS, BETWEEN_WORDS = (8, 12, 35, 19, 26), (30, 30, 28, 9, 3), (90, 6, 3, 1, 0)
LINE = {"zh": 18, "en": 8}
SECONDS_A_CHARACTER = {"zh": 0.2, "en": 0.07}
COMMA = {"zh": "，", "en": ","}


_WORD = re.compile(r"[^\W_]+(?:['’.,:-][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")


class Truth:
    """A speech without marks as units (Chinese characters, English words in lower case), and the mark after each."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        text = "\n".join(read_lines(path))
        self.language = "zh" if len(_HAN.findall(text)) > len(text) / 4 else "en"
        if self.language == "zh":
            bare = boundaries.strip_marks(text)
            self.units, gaps = list(bare.text), list(bare.gaps)
        else:
            found = list(_WORD.finditer(text))
            self.units = [match.group().lower() for match in found]
            gaps = [text[m.end() : n] for m, n in zip(found, [*(m.start() for m in found[1:]), len(text)], strict=True)]
        self.marks = [self._mark(gap, last=k == len(gaps) - 1) for k, gap in enumerate(gaps)]
        self.ends = {k for k, mark in enumerate(self.marks[:-1]) if mark >= STOP}

    def _mark(self, gap: str, *, last: bool) -> int:
        if self.language == "en" and "." in gap:
            return STOP
        return mark_of(gap, last=last or "\n" in gap)

    def written(self, marks: Callable[[int], str] = lambda mark: "") -> str:
        """The text with what `marks` gives for each mark."""
        between = "" if self.language == "zh" else " "
        return between.join(unit + marks(mark) for unit, mark in zip(self.units, self.marks, strict=True))


def bare(truth: Truth) -> list[Segment]:
    """No mark at all."""
    return [Segment(text=truth.written())]


def commas(truth: Truth) -> list[Segment]:
    """Minor marks as commas, no stops."""
    return [Segment(text=truth.written(lambda mark: COMMA[truth.language] if mark == MINOR else ""))]


def flat(truth: Truth) -> list[Segment]:
    """Every mark a comma."""
    return [Segment(text=truth.written(lambda mark: COMMA[truth.language] if mark else ""))]


def lines(truth: Truth) -> list[Segment]:
    """Subtitle lines."""
    found: list[list[str]] = [[]]
    for k, (unit, mark) in enumerate(zip(truth.units, truth.marks, strict=True)):
        found[-1].append(unit)
        inside = truth.language == "zh" and unit.isascii() and "".join(truth.units[k + 1 : k + 2]).isascii()
        if mark or (len(found[-1]) >= LINE[truth.language] and not inside):
            found.append([])
    between = "" if truth.language == "zh" else " "
    return [Segment(text=line) for units in found if (line := between.join(units).strip())]


def pauses(truth: Truth, seed: int = 0) -> list[Segment]:
    """Words with times and drawn silences between them."""
    draw = random.Random(seed)
    words: list[Word] = []
    at_s = 0.0
    cut = ([(k, k + 1) for k in range(len(truth.units))] if truth.language == "en" else
           [(start, end) for _, start, end in boundaries.cutter().tokenize(truth.written())])
    for start, end in cut:
        text = "".join(truth.units[start:end])
        end_s = at_s + SECONDS_A_CHARACTER[truth.language] * len(text)
        if not text.isspace():
            words.append(Word(text=text, start_s=at_s, end_s=end_s))
        mark = truth.marks[end - 1]
        weights = AT_ENDS if mark >= STOP else AT_COMMAS if mark == MINOR else BETWEEN_WORDS
        at_s = end_s + draw.choices(SILENCES_S, weights)[0]
    return [Segment(text=truth.written(), start_s=0.0, end_s=at_s, words=tuple(words))]


WAYS = {"bare": bare, "commas": commas, "flat": flat, "lines": lines, "pauses": pauses}


def found_ends(segments: list[Segment], language: str) -> set[int]:
    """The units (marks and spaces left out of the count) that end a sentence but the last."""
    speech = prepare(Transcript(speech_id="speech", engine="text", language=language, segments=tuple(segments)))
    count, ends, at = 0, set(), 0
    for sentence in speech.sentences[:-1]:
        text = speech.text[at : sentence.char_end]
        count += len(_WORD.findall(text)) if language == "en" else sum(map(_counts, text))
        at = sentence.char_end
        ends.add(count - 1)
    return ends


def _counts(char: str) -> bool:
    return char.isalnum() or char in "%℃"


def places(truth: Truth) -> set[int]:
    """The true ends, counted as `found_ends` counts."""
    count, ends = 0, set()
    for k, unit in enumerate(truth.units):
        count += truth.language == "en" or _counts(unit)
        if k in truth.ends:
            ends.add(count - 1)
    return ends


def hits(found: set[int], true: set[int], tolerance: int) -> int:
    """Pairs of a found and a true end that lie within the tolerance, each used once, the nearest first."""
    left, count = set(true), 0
    for distance in range(tolerance + 1):
        for at in sorted(found):
            near = next((x for x in (at - distance, at + distance) if x in left), None)
            if near is not None:
                left.discard(near)
                found = found - {at}
                count += 1
    return count


def f1(pairs: int, n_found: int, n_true: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * pairs / max(1, n_found + n_true)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--without", action="store_true", help="as it was before there was a model")
    args = parser.parse_args()
    if args.model:
        boundaries.load = functools.partial(boundary_network.load, args.model)
    if args.without:
        zh.unmarked_ends = lambda text, breaks, pauses: None
    columns = ["bare", "±2", *list(WAYS)[1:]]
    sums = {column: [0, 0, 0] for column in columns}
    print(f"{'speech':28}" + "".join(f"{column:>9}" for column in columns) + f"{'ends':>8}")
    for path in args.gold:
        truth = Truth(path)
        true, row = places(truth), []
        for column in columns:
            found = found_ends(WAYS["bare" if column == "±2" else column](truth), truth.language)
            counts = hits(found, true, 2 if column == "±2" else 0), len(found), len(true)
            row.append(f1(*counts))
            sums[column] = [a + b for a, b in zip(sums[column], counts, strict=True)]
        print(f"{truth.name:28}" + "".join(f"{value:9.3f}" for value in row) + f"{len(true):8d}", flush=True)
    print(f"{'all':28}" + "".join(f"{f1(*sums[column]):9.3f}" for column in columns) + f"{sums['bare'][2]:8d}")
    print(f"bare: precision {sums['bare'][0] / max(1, sums['bare'][1]):.3f}, "
          f"recall {sums['bare'][0] / max(1, sums['bare'][2]):.3f}")


if __name__ == "__main__":
    main()
