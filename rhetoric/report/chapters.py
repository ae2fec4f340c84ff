"""Comparison -> the chapters of the page beside the metrics: words, retold passages, manner, norms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rhetoric.plurals import counted
from rhetoric.report import formats
from rhetoric.report.boards import Piece, Said, Sources, changed
from rhetoric.report.charts.places import MapPoint, Strip, map_chart, strip_chart
from rhetoric.report.charts.ranks import Rank, rank_chart
from rhetoric.report.charts.svg import short
from rhetoric.report.measures import measure
from rhetoric.report.outside import clean
from rhetoric.report.sides import KEY_METRICS
from rhetoric.types import Comparison, Keyness, KeyTerm, Norm, Retold, Spread, StyleMap, Template, Text

TERMS = 8
TERMS_OF_SPEECH = 5
GROUPS_SHOWN = 12
SPEECHES_SHOWN = 40
ROWS_SHOWN = 12  # of a dispersion chart
SPREADS_SHOWN = 4  # of a speaker
BAR = 44.0  # pixels of the highest bar of a frame
NAME = 16  # characters that a map has room for
RETOLD_SHOWN = 6
NAMED_POINTS = 40
POINTS = 500  # of a map
CLUMPED = 0.8  # dispersion from which on a word of one speech stands in one place
COLOURS = ("story", "product", "results", "values", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A key term as a row: its bar in per cent of the widest, and what limits it."""

    term: str
    width: str
    z: str
    count: str
    rest: str
    one_speech: bool
    one_place: bool
    quotes: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The key terms of a group."""

    field: str
    group: str
    text: Text
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart under its finding."""

    key: str
    name: str
    title: Text
    note: Text
    chart: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A sentence frame with its first and last use."""

    series: str
    frame: str
    count: int
    text: Text
    bars: tuple[tuple[str, str, int], ...]  # group, height in per cent, uses
    first: Said
    last: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A passage and what became of it."""

    text: Text
    series: str
    alike: str
    a: Said
    b: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Two names, their distance, and the words that drive it."""

    names: tuple[str, str]
    value: str
    spread: str
    features: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapters:
    """All of them, in the order of the page."""

    columns: tuple[Column, ...]
    speech_columns: tuple[Column, ...]
    spreads: tuple[tuple[Drawn, ...], ...]  # those shown at once, those in a fold
    frames: tuple[Frame, ...]
    retold: tuple[Pair, ...]
    novelty: tuple[Drawn, ...]
    maps: tuple[Drawn, ...]
    apart: tuple[Apart, ...]
    homes: tuple[tuple[Text, tuple[Said, ...]], ...]
    norms: tuple[Drawn, ...]
    groups_shown: int = GROUPS_SHOWN
    retold_shown: int = RETOLD_SHOWN


def chapters(comparison: Comparison, sources: Sources) -> Chapters:
    """The chapters of a comparison."""
    groups = [k for k in comparison.keyness if k.kind == "group"]
    speeches = [k for k in comparison.keyness if k.kind == "speech" and k.terms][:SPEECHES_SHOWN]
    several = not groups or any(k.n_speeches > 1 for k in groups)  # else a group is its speech, and said already
    return Chapters(
        columns=tuple(_column(k, sources, TERMS) for k in groups),
        speech_columns=tuple(_column(k, sources, TERMS_OF_SPEECH) for k in speeches) if several else (),
        spreads=_spreads(comparison),
        frames=tuple(_frame(t, sources) for t in comparison.templates),
        retold=tuple(_pair(r, sources) for r in comparison.retold),
        novelty=tuple(made for name in comparison.series if (made := _novelty(name, comparison))),
        maps=tuple(_map(m, i, comparison) for i, m in enumerate(comparison.style) if m.kind == "speech"),
        apart=_apart(comparison.style, speech_names(comparison)),
        homes=tuple((home.text, tuple(sources.phrase(q) for q in home.quotes)) for home in comparison.at_home),
        norms=_norms(comparison.norms))


def _column(key: Keyness, sources: Sources, most: int) -> Column:
    terms = key.terms[:most]
    widest = max((term.z for term in terms), default=1.0)
    return Column(field=clean(key.field), group=clean(key.group), text=key.text,
                  terms=tuple(_term(t, key.n_speeches, widest, sources) for t in terms))


def _term(term: KeyTerm, n_speeches: int, widest: float, sources: Sources) -> Term:
    return Term(
        term=clean(term.term), width=short(100 * term.z / widest), z=formats.number(term.z),
        count=formats.count(term.count), rest=formats.count(term.rest_count),
        one_speech=n_speeches > 1 and term.n_speeches == 1,
        one_place=n_speeches == 1 and (term.dispersion or 0.0) >= CLUMPED,
        quotes=tuple(sources.phrase(q) for q in term.quotes[:1]))


def speech_names(comparison: Comparison) -> dict[str, str]:
    """How a speech is called in a chart: its group where that is its own, else its date or id."""
    cards = comparison.speeches
    members = Counter((c.series, c.group) for c in cards)
    alone = {key for key, count in members.items() if count == 1}
    return {c.speech_id: clean(c.group if (c.series, c.group) in alone and c.group != c.series else
                               c.date or c.title or c.speech_id) for c in cards}


def _spreads(comparison: Comparison) -> tuple[tuple[Drawn, ...], ...]:
    """The first terms of each speaker, and the rest; of one speech nothing can recur."""
    several = {name for name, count in Counter(card.series for card in comparison.speeches).items() if count > 1}
    shown: list[Drawn] = []
    rest: list[Drawn] = []
    told: Counter[str] = Counter()
    for number, spread in enumerate(comparison.spreads):
        if spread.series in several:
            told[spread.series] += 1
            (shown if told[spread.series] <= SPREADS_SHOWN else rest).append(_spread(spread, number, comparison))
    return (tuple(shown), tuple(rest)) if shown else ()


def _spread(spread: Spread, number: int, comparison: Comparison) -> Drawn:
    names = speech_names(comparison)
    key = f"spread-{number}"
    order = {card.speech_id: place for place, card in enumerate(comparison.speeches)}
    rows = sorted(spread.speeches[:ROWS_SHOWN], key=lambda s: order.get(s.speech_id, 0))
    strips = [Strip(name=names.get(s.speech_id, s.speech_id), places=s.places,
                    tip=Text(en=f"{names.get(s.speech_id, '')}\n{counted(len(s.places), 'time')}",
                             zh=f"{names.get(s.speech_id, '')}\n{len(s.places)} 次")) for s in rows]
    even = "–" if spread.dispersion is None else f"{spread.dispersion:.2f}"
    return Drawn(key=key, name=clean(spread.series), title=spread.text, note=Text(en=f"DP {even}", zh=f"DP {even}"),
                 chart=strip_chart(strips, ((0.0, "0"), (0.5, "50"), (1.0, "100%")), titled_by=f"{key}-title"))


def _frame(template: Template, sources: Sources) -> Frame:
    highest = max((rate for _, _, rate in template.by_group), default=0.0) or 1.0
    return Frame(
        series=clean(template.series), frame=template.frame, count=template.count, text=template.text,
        bars=tuple((clean(group), short(BAR * rate / highest), uses) for group, uses, rate in template.by_group)
        if len(template.by_group) <= GROUPS_SHOWN else (),
        first=sources.phrase(template.first), last=sources.phrase(template.last))


def _pair(retold: Retold, sources: Sources) -> Pair:
    before, after = clean(retold.a.text), clean(retold.b.text)
    pieces: Sequence[Piece] = changed(before, after)
    return Pair(text=retold.text, series=clean(retold.series), alike=formats.percent(retold.similarity),
                a=sources.said(retold.a), b=sources.said(retold.b, pieces))


def _novelty(series: str, comparison: Comparison) -> Drawn | None:
    """Stories by how new they are, a row a speech that has any."""
    names, key = speech_names(comparison), f"novelty-{comparison.series.index(series)}"
    by_speech: dict[str, list[float]] = {}
    for found in comparison.novelty:
        if found.series == series and found.told and found.novelty is not None:
            by_speech.setdefault(found.speech_id, []).append(found.novelty)
    if not by_speech:
        return None
    values = sorted(value for own in by_speech.values() for value in own)
    middle, old = values[len(values) // 2], sum(value < 0.5 for value in values)
    shown = sorted(by_speech.items(), key=lambda item: min(item[1]))[:ROWS_SHOWN]
    order = {card.speech_id: place for place, card in enumerate(comparison.speeches)}
    strips = [Strip(name=names.get(s, s), places=tuple(sorted(own)),
                    tip=Text(en=f"{names.get(s, s)}\n{counted(len(own), 'story', 'stories')}",
                             zh=f"{names.get(s, s)}\n{len(own)} 个故事"))
              for s, own in sorted(shown, key=lambda item: order.get(item[0], 0))]
    return Drawn(
        key=key, name=clean(series),
        title=_novelty_title(old, len(values), middle),
        note=Text(en=f"n = {counted(len(values), 'story', 'stories')}", zh=f"n = {len(values)} 个故事"),
        chart=strip_chart(strips, ((0.0, "0"), (0.5, "50"), (1.0, "100%")), titled_by=f"{key}-title", dots=True))


def _novelty_title(old: int, n: int, middle: float) -> Text:
    """How many of the stories were told before."""
    share = formats.percent(middle)
    if not old:
        if n == 1:
            return Text(en=f"The one story is not told in mostly old words: {share} of it is new.",
                        zh=f"仅有的一个故事不是旧话重说，有 {share} 是新的。")
        return Text(en=f"None of {n} stories is told in mostly old words; the middle one is {share} new.",
                    zh=f"{n} 个故事都不是旧话重说；居中的一个有 {share} 是新的。")
    if n == 1:
        return Text(en=f"The one story is told in mostly old words: {share} of it is new.",
                    zh=f"仅有的一个故事多半是此前讲过的话，只有 {share} 是新的。")
    return Text(en=f"{old} of {n} stories {'is' if old == 1 else 'are'} told in mostly old words; the middle one is "
                   f"{share} new.",
                zh=f"{n} 个故事中有 {old} 个多半是此前讲过的话；居中的一个有 {share} 是新的。")


def _map(found: StyleMap, number: int, comparison: Comparison) -> Drawn:
    key = f"map-{number}"
    names = list(dict.fromkeys(p.series for p in found.points))
    n = len(found.points)
    drawn = found.points if n <= POINTS else [found.points[i * n // POINTS] for i in range(POINTS)]
    xs, ys = [p.x for p in drawn], [p.y for p in drawn]
    # One scale for both axes: a distance must look the same in every direction.
    span = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    points = [MapPoint(
        x=0.5 + (p.x - middle[0]) / span, y=0.5 + (p.y - middle[1]) / span,
        label=clean(p.label if len(names) == 1 or p.label == p.series else _named(p.series, p.label)),
        key=COLOURS[names.index(p.series) % 5], shape=names.index(p.series),
        tip=Text(en=f"{p.series} {p.label}\n{counted(p.size, 'word')}",
                 zh=f"{p.series} {p.label}\n{p.size:,} 词")) for p in drawn]
    some, some_zh = ("", "") if n <= POINTS else (f", {POINTS} of them drawn", f"，图中画出 {POINTS} 场")
    kept = f"{found.kept:.0%}"
    language = Text(en={"zh": "Chinese", "en": "English"}.get(found.language, found.language),
                    zh={"zh": "中文", "en": "英文"}.get(found.language, found.language))
    return Drawn(key=key, name="", title=found.text, chart=map_chart(points, titled_by=f"{key}-title",
                                                                     named=len(points) <= NAMED_POINTS),
                 note=Text(en=f"{language.en} · n = {counted(n, 'speech', 'speeches')}{some} · "
                              f"{found.n_features} function words · the map holds {kept} of the distances",
                           zh=f"{language.zh} · n = {n} 场{some_zh} · {found.n_features} 个虚词 · "
                              f"图中保留了 {kept} 的距离"))


def _named(series: str, label: str) -> str:
    """A speech on a map of several speakers: where there is no room for all, the speaker is cut, never the year."""
    room = NAME - len(label) - 1
    return f"{series if len(series) <= room else series[: max(1, room - 1)] + '…'} {label}"


def _apart(maps: Sequence[StyleMap], called: Mapping[str, str]) -> tuple[Apart, ...]:
    """The pairs of speakers, or those of the speeches where there is one speaker a language."""
    languages = {m.language for m in maps if m.kind == "speaker"}
    made = []
    for found in maps:
        if found.kind == "speech" and found.language in languages:
            continue
        for pair in sorted(found.distances, key=lambda d: -d.value)[:GROUPS_SHOWN]:
            spread = "" if pair.low is None or pair.high is None else f"{pair.low:.2f}\u2013{pair.high:.2f}"
            made.append(Apart(names=(called.get(pair.a, clean(pair.a)), called.get(pair.b, clean(pair.b))),
                              value=f"{pair.value:.2f}", spread=spread,
                              features=tuple((clean(f.feature), f"{'+' if f.difference > 0 else formats.MINUS}"
                                                                f"{abs(f.difference):.1f}") for f in pair.features)))
    return tuple(made)


def _norms(norms: Sequence[Norm]) -> tuple[Drawn, ...]:
    """A chart for each group of each series, of the key metrics."""
    made: dict[tuple[str, str], list[Norm]] = {}
    for norm in norms:
        if norm.metric in KEY_METRICS:
            made.setdefault((norm.series, norm.group), []).append(norm)
    drawn = []
    for number, ((series, group), found) in enumerate(list(made.items())[:GROUPS_SHOWN]):
        key = f"norms-{number}"
        furthest = max(found, key=lambda n: (abs(n.percentile - 0.5), n.metric))
        ranks = [Rank(name=measure(n.metric).name, at=n.percentile, low=n.low, high=n.high) for n in found]
        drawn.append(Drawn(key=key, name=clean(f"{series} · {group}" if group != series else series),
                           title=furthest.text, chart=rank_chart(ranks, titled_by=f"{key}-title"),
                           note=Text(en=f"n = {counted(found[0].n_speeches, 'reference speech', 'reference speeches')}",
                                     zh=f"n = {found[0].n_speeches} 场参照演讲")))
    return tuple(drawn)
