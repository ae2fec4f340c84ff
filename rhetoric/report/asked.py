"""The six questions -> a panel each: the question in words, the answer in a sentence, the figure, the quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rhetoric.codebook import GROUP_NAMES, GROUPS
from rhetoric.report import formats
from rhetoric.report.boards import Said, Sources
from rhetoric.report.chapter_texts import AGENT_NAMES, CHAPTERS, QUESTION_HOW
from rhetoric.report.charts.dots import dot_chart
from rhetoric.report.charts.stacked import stacked_chart
from rhetoric.report.charts.svg import Point, Track, round_top, short, top_of
from rhetoric.report.outside import clean
from rhetoric.types import Comparison, Question, Row, Text

SERIES_SHOWN = 4
DOTS = 60  # of a chart; more speeches are drawn as the middle one of each group
FOLDED = 3  # parts of the small print from which on its middle is folded
FULL = ((0.0, "0"), (0.5, "50"), (1.0, "100%"))
# question -> its tracks: metric, colour, name
TRACKS: dict[str, tuple[tuple[str, str, Text], ...]] = {
    "hinge": (("hinge_place", "story", Text(en="turn", zh="转折")),),
    "borrowed": (("owner_borrowed_story", "story", Text(en="other people’s", zh="别人的")),),
    "inflation": (("emotion_load", "story", CHAPTERS["mean"]), ("emotion_load_p95", "product", CHAPTERS["peak"])),
    "participation": (("appeal_density", "story", Text(en="appeals", zh="号召")),),
    "theme": (("theme_shown", "story", CHAPTERS["shown"]), ("theme_general", "product", CHAPTERS["general"])),
}
AGENTS = ("agent_i", "agent_we", "agent_company", "agent_product")
AGENT_COLOURS = ("founder", "story", "results", "product")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCell:
    """The answer for one speaker."""

    key: str
    series: str
    text: Text
    summary: Text  # the interval and n
    detail: tuple[Text, ...]  # the trends, folded
    chart: str
    quotes: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPanel:
    """A question with its answers; `more` speakers are in the file."""

    key: str
    question: Text
    how: Text
    cells: tuple[AskedCell, ...]
    more: int


def asked(comparison: Comparison, sources: Sources) -> tuple[AskedPanel, ...]:
    """The panels of the questions, in their order."""
    made = []
    for key in dict.fromkeys(question.key for question in comparison.questions):
        found = [q for q in comparison.questions if q.key == key]
        shown = found[:SERIES_SHOWN]
        top = _top(key, shown)
        made.append(AskedPanel(
            key=f"ask-{key}", question=found[0].question, how=QUESTION_HOW[key], more=len(found) - len(shown),
            cells=tuple(_cell(q, i, comparison, sources, top) for i, q in enumerate(shown))))
    return tuple(made)


def _top(key: str, found: Sequence[Question]) -> float:
    """The end of the axis that all speakers share; 1 for shares."""
    rows = [row for q in found for row in q.rows if any(row.metric == metric for metric, *_ in TRACKS.get(key, ()))]
    if not rows or rows[0].unit == "share":
        return 1.0
    return round_top(top_of([Track(key="", name=CHAPTERS["mean"], points=tuple(map(_point, rows)))]))


def _cell(question: Question, number: int, comparison: Comparison, sources: Sources, top: float) -> AskedCell:
    key = f"ask-{question.key}-{number}"
    chart = _agents_chart(question, key) if question.key == "founder" else _dots(question, key, comparison, top)
    detail = tuple(Text(en=en, zh=zh) for en, zh in
                   zip(question.detail.en.split(" · "), question.detail.zh.split(" · "), strict=False))
    detail = (*detail, CHAPTERS["middle_dots"]) if _is_summed(question) else detail
    folded = detail[1:-2] if len(detail) > FOLDED else ()
    return AskedCell(key=key, series=clean(question.series), text=question.text, detail=folded,
                     summary=_joined(detail[:1] + detail[-2:] if folded else detail),
                     chart=chart if question.told else "",
                     quotes=tuple(sources.phrase(q) if q.marks else sources.said(q) for q in question.quotes))


def _joined(parts: Sequence[Text]) -> Text:
    return Text(en=" · ".join(part.en for part in parts), zh=" · ".join(part.zh for part in parts))


def _point(row: Row | None) -> Point:
    if row is None or row.value is None:
        return Point(value=None)
    return Point(value=row.value, low=row.low, high=row.high,
                 label=formats.value_text(row.value, row.unit).removesuffix("%"))


def _dots(question: Question, key: str, comparison: Comparison, top: float) -> str:
    """Dots over the groups; of several speeches of one group the rows are drawn one beside the other."""
    tracks = TRACKS[question.key]
    known = {r.group for r in question.rows}
    groups = [g for g in comparison.groups if g in known] or list(comparison.groups)
    per_group: dict[str, dict[str, list[Row]]] = {metric: {g: [] for g in groups} for metric, *_ in tracks}
    for row in question.rows:
        if row.metric in per_group and row.group in per_group[row.metric]:
            per_group[row.metric][row.group].append(row)
    if sum(max(1, *(len(rows[g]) for rows in per_group.values())) for g in groups) > DOTS:
        per_group = {metric: {g: _middle(own) for g, own in rows.items()} for metric, rows in per_group.items()}
    slots = [(g, i) for g in groups for i in range(max(1, *(len(rows[g]) for rows in per_group.values())))]
    drawn = [Track(key=colour, name=name, points=tuple(
        _point(per_group[metric][g][i] if i < len(per_group[metric][g]) else None) for g, i in slots))
        for metric, colour, name in tracks]
    if len(slots) < 2 or not any(point.value is not None for track in drawn for point in track.points):
        return ""  # one dot says no more than the sentence over it
    ticks = FULL if top == 1.0 else ((0.0, "0"), (top / 2, short(top / 2)), (top, short(top)))
    return dot_chart([clean(g) for g, _ in slots], drawn, top=top, ticks=ticks, titled_by=f"{key}-title",
                     joined=comparison.by == "year")


def _middle(rows: Sequence[Row]) -> list[Row]:
    """The speeches of a group as one dot: the middle one, its line the middle half of them."""
    valued = sorted((row.value, place) for place, row in enumerate(rows) if row.value is not None)
    if len(valued) < 2:
        return list(rows)
    low, middle, high = (valued[at][0] for at in (len(valued) // 4, len(valued) // 2, (3 * len(valued) - 1) // 4))
    return [replace(rows[valued[len(valued) // 2][1]], value=middle, low=low, high=high)]


def _is_summed(question: Question) -> bool:
    """True where a chart has a dot a speech, and the speeches are too many for that."""
    metrics = {metric for metric, *_ in TRACKS.get(question.key, ())}
    return any(count > DOTS for count in Counter(row.metric for row in question.rows if row.metric in metrics).values())


def _agents_chart(question: Question, key: str) -> str:
    """Who acts, a bar for each kind of text."""
    kinds = [(group, Text(en=GROUP_NAMES[group][0], zh=GROUP_NAMES[group][1])) for group in GROUPS]
    held = [(group, name) for group, name in kinds if any(r.group == f"in {group}" for r in question.rows)]
    rows = {(r.metric, r.group): r for r in question.rows}
    tracks = [Track(key=colour, name=name, points=tuple(_point(rows.get((metric, f"in {group}"))) for group, _ in held))
              for metric, colour, name in zip(AGENTS, AGENT_COLOURS, AGENT_NAMES, strict=True)]
    if not held:
        return ""
    return stacked_chart([name for _, name in held], tracks, titled_by=f"{key}-title")
