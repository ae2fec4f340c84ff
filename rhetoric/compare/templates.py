"""Frames with open slots ("不是 X，而是 Y", "not X but Y"): how often, in which groups, first and last use.

The frames are fixed, so that they can be counted in every year alike; lines that return in other words without a known
frame are found by `lineages.py`. A slot is filled by a few words without a mark that ends a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rhetoric.compare.lineages import when
from rhetoric.compare.material import Archive, Material
from rhetoric.compare.wording import counted, in_zh, sentence
from rhetoric.types import Quote, Template

_ZH = r"[^，,。！？!?；;、]{1,14}"
_EN = r"(?:[\w'’%$-]+ ){0,7}?[\w'’%$-]+"
_IT = r"\b(?:it|this|that)(?:['’]s| is)"
FRAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "zh": (
        ("不是 X，而是 Y", rf"不是{_ZH}[，,]?\s*而是{_ZH}"),
        ("不仅 X，还 Y", rf"不(?:仅|光|只|但)(?:仅|是)?{_ZH}[，,]\s*(?:而且|还|更|也|并且){_ZH}"),
        ("只有 X，才 Y", rf"只有{_ZH}[，,]?\s*才{_ZH}"),
        ("没有 X，就没有 Y", rf"没有{_ZH}[，,]?\s*(?:就|也就|哪里?)(?:没有|不会有|来){_ZH}"),
        ("越 X，越 Y", rf"越{_ZH}[，,]?\s*(?:就)?越{_ZH}"),
        ("与其 X，不如 Y", rf"与其{_ZH}[，,]?\s*不如{_ZH}"),
        ("哪怕 X，也 Y", rf"(?:哪怕|即使|即便|就算){_ZH}[，,]\s*(?:我们|我|它|他们?)?(?:也|都){_ZH}"),
        ("从 X 到 Y", rf"从{_ZH}[，,]?\s*到{_ZH}"),
        ("如果 X，就 Y", rf"如果{_ZH}[，,]\s*(?:那么|那|我们|我|你|它)?\s*就{_ZH}"),
        ("每一个 X，都 Y", rf"(?:每一?个|每一位|每一次){_ZH}[，,]?\s*都{_ZH}"),
    ),
    "en": (
        ("not X but Y", rf"\bnot (?!only\b|just\b){_EN},? but {_EN}"),
        ("not just X, but Y", rf"\bnot (?:only|just|merely|simply) {_EN},? (?:but|it['’]s|they['’]re) {_EN}"),
        ("it is not X, it is Y", rf"{_IT} (?:not|n['’]t) {_EN}[,;.] {_IT} {_EN}"),
        ("less X, more Y", rf"\bless {_EN},? (?:and )?more {_EN}"),
        ("the more X, the more Y", rf"\bthe (?:more|less|\w+er) {_EN},? the (?:more|less|\w+er) {_EN}"),
        ("no X, no Y", rf"\bno {_EN}, (?:and )?no {_EN}"),
        ("without X, no Y", rf"\bwithout {_EN}, (?:there (?:is|would be) )?(?:no|nothing) ?{_EN}"),
        ("from X to Y", rf"\bfrom {_EN} to {_EN}"),
        ("if X, then Y", rf"\bif {_EN}, then {_EN}"),
        ("every X, every Y", rf"\bevery {_EN}, (?:and )?every {_EN}"),
    ),
}
FEWEST = 2  # uses from which on a frame is told
_COMPILED = {language: [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in frames]
             for language, frames in FRAMES.items()}


class Use(NamedTuple):
    """A frame in a sentence of a speech."""

    frame: str
    material: Material
    row: int
    words: str

    @property
    def quote(self) -> Quote:
        """The sentence, with the words that fill the frame as its mark."""
        return self.material.sentence_quote(self.row, self.material.labels[self.row], None, (self.words,))


def uses(material: Material) -> Iterator[Use]:
    """Each frame of each sentence of a speech, once a sentence."""
    for row, (text, label) in enumerate(zip(material.texts, material.labels, strict=True)):
        if label not in ("", "noncontent"):
            for name, pattern in _COMPILED.get(material.card.language, ()):
                found = pattern.search(text)
                if found:
                    yield Use(name, material, row, found[0])


def templates(archive: Archive) -> tuple[Template, ...]:
    """The frames that a series uses `FEWEST` times or more, the most frequent first; speeches in the order of time."""
    made = []
    for series in archive.series:
        materials = archive.of(series)
        by_frame: dict[str, list[Use]] = {}
        for use in (use for material in materials for use in uses(material)):
            by_frame.setdefault(use.frame, []).append(use)
        found = [_template(series, frame, its, materials) for frame, its in by_frame.items() if len(its) >= FEWEST]
        made += sorted(found, key=lambda t: (-t.count, t.frame))
    return tuple(made)


def _template(series: str, frame: str, its: Sequence[Use], materials: Sequence[Material]) -> Template:
    per_group = Counter(use.material.card.group for use in its)
    sizes: Counter[str] = Counter()
    for material in materials:
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
