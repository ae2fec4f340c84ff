"""A comparison of very many speeches -> the part of it that a page can hold, and the sentence that says so.

The files beside the page always hold all of it. A comparison of a few hundred speeches of a few speakers stays whole.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from rhetoric.types import Alert, Comparison, Lineage, Text

SERIES = 24  # speakers with charts of their own, those with most speeches
GROUPS = 60  # places on an axis
PHRASES = 400  # emotional phrases
LINE_ENDS = 6  # quotes of a returning line, at its beginning and at its end


def shortened(comparison: Comparison) -> Comparison:
    """What is drawn; the same comparison where nothing has to be left out."""
    series, groups = comparison.series[:SERIES], _groups(comparison)
    lineages = tuple(map(_ends, comparison.lineages))
    if (series, groups, lineages) == (comparison.series, comparison.groups, comparison.lineages):
        return replace(comparison, emotions=comparison.emotions[:PHRASES])
    kept = frozenset(series)
    return replace(
        comparison, series=series, groups=groups, emotions=comparison.emotions[:PHRASES],
        lineages=tuple(line for line in lineages if line.series in kept),
        keyness=tuple(k for k in comparison.keyness if (k.field in kept or k.field not in comparison.series)
                      and (k.kind != "group" or k.group in groups)),
        spreads=tuple(s for s in comparison.spreads if s.series in kept),
        templates=tuple(t for t in comparison.templates if t.series in kept),
        retold=tuple(r for r in comparison.retold if r.series in kept),
        differences=tuple(d for d in comparison.differences if d.series or {d.a, d.b} <= kept))


def _groups(comparison: Comparison) -> tuple[str, ...]:
    """The groups that are drawn: of very many the last years, or those with most speeches, in their order."""
    if len(comparison.groups) <= GROUPS:
        return comparison.groups
    if comparison.by == "year":
        return comparison.groups[-GROUPS:]
    count = Counter(card.group for card in comparison.speeches)
    kept = sorted(comparison.groups, key=lambda group: -count[group])[:GROUPS]
    return tuple(group for group in comparison.groups if group in set(kept))


def _ends(lineage: Lineage) -> Lineage:
    quotes = lineage.quotes
    return lineage if len(quotes) <= 2 * LINE_ENDS else replace(
        lineage, quotes=(*quotes[:LINE_ENDS], *quotes[-LINE_ENDS:]))


def left_out(whole: Comparison, drawn: Comparison) -> tuple[Alert, ...]:
    """What the page does not hold, as a doubt on its first screen; nothing where it holds all."""
    parts = [(name, len(shown), len(all_of)) for name, shown, all_of in (
        (("speakers", "位演讲者"), drawn.series, whole.series), (("groups", "个分组"), drawn.groups, whole.groups),
        (("emotional phrases", "处情感表达"), drawn.emotions, whole.emotions)) if len(shown) < len(all_of)]
    en = [f"{shown:,} of {n:,} {name[0]}" for name, shown, n in parts]
    zh = [f"{n:,} {name[1]}中的 {shown:,} {name[1][0]}" for name, shown, n in parts]
    if any(a is not b for a, b in zip(map(_ends, whole.lineages), whole.lineages, strict=True)):
        en.append(f"of a line that returns often its first and last {LINE_ENDS} uses")
        zh.append(f"反复出现的句子只列最初和最后各 {LINE_ENDS} 处")
    if not en:
        return ()
    return (Alert(key="summary", text=Text(
        en=f"This page is a summary; the files beside it hold all. Shown: {'; '.join(en)}.",
        zh=f"本页是摘要，全部数据在旁边的文件里。页面显示：{'；'.join(zh)}。")),)
