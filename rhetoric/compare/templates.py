"""Frames with open slots ("不是 X，而是 Y", "not X but Y"): how often, in which groups, first and last use.

They are the findings `frame` of the stage `patterns`, joined over the speeches of a series by their template; a series
without them has none. Lines that return in other words without a known frame are found by `lineages.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rhetoric.compare.lineages import when
from rhetoric.compare.material import Archive, Found, Material
from rhetoric.compare.wording import in_zh, sentence
from rhetoric.plurals import counted
from rhetoric.types import Quote, Template

STAGE, LABEL = "patterns", "frame"
FEWEST = 2  # uses from which on a frame is told


class Use(NamedTuple):
    """A frame in a sentence of a speech; its template and the words of its slots are the marks of `found`."""

    material: Material
    found: Found

    @property
    def frame(self) -> str:
        """The template, as the stage names it."""
        return self.found.marks[0]

    @property
    def quote(self) -> Quote:
        """The sentence, with the words of the frame as its mark."""
        at = self.found.at
        return self.material.sentence_quote(at, self.material.labels[at], None, (self.found.quote,))


def uses(material: Material) -> Iterator[Use]:
    """Each use of a frame in a speech, in the order of the text."""
    return (Use(material, found) for found in material.found(STAGE) if found.label == LABEL and found.marks)


def templates(archive: Archive) -> tuple[Template, ...]:
    """The frames that a series uses `FEWEST` times or more, the most frequent first; speeches in the order of time."""
    made = []
    for series in archive.series:
        materials = archive.of(series)
        by_frame: dict[str, list[Use]] = defaultdict(list)
        for use in (use for material in materials for use in uses(material)):
            by_frame[use.frame].append(use)
        found = [_template(series, frame, its, materials) for frame, its in by_frame.items() if len(its) >= FEWEST]
        made += sorted(found, key=lambda t: (-t.count, t.frame))
    return tuple(made)


def _template(series: str, frame: str, its: Sequence[Use], materials: Sequence[Material]) -> Template:
    per_group = Counter(use.material.card.group for use in its)
    sizes: Counter[str] = Counter()
    for material in (m for m in materials if STAGE not in m.failed):
        sizes[material.card.group] += int(material.sizes.sum())
    speeches = len({use.material.card.speech_id for use in its})
    first, last = its[0], its[-1]
    a, b = when(first.material), when(last.material)
    dated = all(use.material.card.year is not None for use in (first, last))
    ends, ends_zh = (f", first in {a} and last in {b}", f"，首见于{in_zh(a)}，末见于{in_zh(b)}") \
        if dated and a != b else ("", "")
    text = sentence(f"“{frame}” stands {counted(len(its), 'time')} in {counted(speeches, 'speech', 'speeches')}{ends}.",
                    f"“{frame}”在 {speeches} 场演讲中出现 {len(its)} 次{ends_zh}。")
    groups = tuple((group, per_group[group], round(1000 * per_group[group] / size, 4) if size else 0.0)
                   for group, size in sizes.items())
    return Template(frame=frame, series=series, count=len(its), n_speeches=speeches, first=first.quote, last=last.quote,
                    by_group=groups, text=text)
