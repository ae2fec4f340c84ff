"""The first screen: four to seven sentences, chosen by rule, the most important first.

Each question is asked of the main series (the one with most speeches) and answered as far as the data go; then the
other series. An answer says what was found or why it cannot be told; its small print has the interval, n and p.
"""

from __future__ import annotations

from typing import NamedTuple

from rhetoric.compare.differences import amounts, interval_of
from rhetoric.compare.estimates import Estimate
from rhetoric.compare.evidence import quotes_for
from rhetoric.compare.known import (
    Known,
    answer,
    ends,
    moved,
    per_thousand,
    sample_detail,
    shift,
    single_detail,
    span_detail,
    stage,
)
from rhetoric.compare.naming import shown
from rhetoric.compare.trends import LEVEL, MIN_YEARS, Line
from rhetoric.compare.turns import hinge_answer, slogan_answer
from rhetoric.compare.wording import in_zh, quantity, sentence
from rhetoric.plurals import counted
from rhetoric.types import Answer, Text

MOST = 7
OWNERS = {"owner_founder_story": ("the speaker’s own", "演讲者自己的"),
          "owner_company_story": ("the company’s", "公司的"),
          "owner_borrowed_story": ("other people’s", "别人的")}


def answers(known: Known) -> tuple[Answer, ...]:
    """The answers, at most `MOST`, the most important first."""
    main, others = known.archive.series[0], known.archive.series[1 : MOST + 1]
    owners = main not in known.owners_mistaken and _counts(known, "story")
    made = [story_answer(known, main), owners_answer(known, main) if owners else None,
            emotion_answer(known, main), hinge_answer(known, main) if known.hinges else None, slogan_answer(known),
            speakers_answer(known)]
    made += [story_answer(known, series, f"story_{place}") for place, series in enumerate(others, 2)
             if known.span(series, "share_story")]
    if len(known.speeches) == 1:
        made.append(_one_speech())
    found = [answer for answer in made if answer]
    return tuple(sorted(found, key=_leads) if _apart(known) else found)[:MOST]


def _leads(found: Answer) -> bool:
    return found.key != "speakers"


def _apart(known: Known) -> bool:
    """True where the main series shows no change of its stories, and two speakers are far apart: that leads."""
    line, furthest = known.span(known.archive.series[0], "share_story"), _furthest(known)
    return line is not None and not moved(line) and furthest is not None and furthest.told


def _counts(known: Known, group: str) -> bool:
    """True where sentences of a function group are counted at all."""
    return not known.archive.only or group in known.archive.only


def story_answer(known: Known, series: str, key: str = "story") -> Answer | None:
    """How much of the stage stories take, first year against last, or in all."""
    line, whole, name = known.span(series, "share_story"), known.pooled.get((series, "share_story")), shown(series)
    if whole is None or whole.value is None:
        return None
    of, of_zh = stage(known, series)
    quotes = known.quotes(series, "share_story")
    if line is None:
        share = quantity(whole.value, "share", whole.n)
        text = sentence(f"stories take {share} of {name.en}’s {of}.", f"故事占{in_zh(name.zh)}{of_zh}的 {share}。")
        return answer(key, text, single_detail(known, series, whole, "share"), quotes)
    (a, b), (first, last) = ends(line), (line.years[0], line.years[-1])
    trend = known.trends.get((series, "share_story"))
    fate, fate_zh = "", ""
    if trend is not None and trend.told:
        fate, fate_zh = _steady(line)
        if not moved(line):  # each year has one speech's doubt; that they rise one after the other is told of all years
            fate, fate_zh = f"{fate}; those two alone would not show it", f"{fate_zh}；单看这两年则不足为凭"
    elif not moved(line):
        fate, fate_zh = ": too close to call", "：差距太小，不能说有变化"
        if trend is not None and trend.p is not None and trend.p <= LEVEL and trend.slope_per_year:
            way, way_zh = ("upward", "上升") if trend.slope_per_year > 0 else ("downward", "下降")
            fate, fate_zh = (f": the years lean {way}, but each is measured too roughly to be sure",
                             f"：逐年有{way_zh}之势，但每一年都测得太粗，不能肯定")
    text = sentence(f"stories took {a} of {name.en}’s {of} in {first} and {b} in {last}{fate}.",
                    f"故事占{in_zh(name.zh)}{of_zh}的比例，{first} 年是 {a}，{last} 年是 {b}{fate_zh}。")
    return answer(key, text, span_detail(known, series, line), quotes)


def _steady(line: Line) -> tuple[str, str]:
    """How a told trend went."""
    return (", a steady rise", "，稳步上升") if shift(line) > 0 else (", a steady fall", "，稳步下降")


def owners_answer(known: Known, series: str) -> Answer | None:
    """Whose stories are told: the owner whose part moved most, or the biggest part."""
    name = shown(series)
    spans = {metric: line for metric in OWNERS if (line := known.span(series, metric))}
    moves = [(-abs(shift(line)), metric) for metric, line in spans.items()
             if moved(line) or ((trend := known.trends.get((series, metric))) is not None and trend.told)]
    if moves:
        metric = "owner_borrowed_story" if any(m == "owner_borrowed_story" for _, m in moves) else min(moves)[1]
        line, (whose, whose_zh) = spans[metric], OWNERS[metric]
        (a, b), (first, last) = ends(line), (line.years[0], line.years[-1])
        fate, fate_zh = ("", "") if moved(line) else _steady(line)
        text = sentence(f"of {name.en}’s storytelling, {whose} stories took {a} in {first} and {b} in {last}{fate}.",
                        f"在{in_zh(name.zh)}讲的故事里，{whose_zh}故事 {first} 年占 {a}，{last} 年占 {b}{fate_zh}。")
        return answer("owners", text, span_detail(known, series, line), known.quotes(series, metric))
    wholes = {metric: known.pooled.get((series, metric)) for metric in OWNERS}
    parts = {metric: whole for metric, whole in wholes.items() if whole is not None and whole.value is not None}
    if not parts:
        text = sentence(f"{name.en} tells no story that could be counted.", f"{in_zh(name.zh)}没有讲可以计数的故事。")
        return answer("owners", text, sample_detail(known, series))
    metric = max(parts, key=lambda m: (parts[m].value or 0.0, m))
    share, (whose, whose_zh) = quantity(parts[metric].value or 0.0, "share", parts[metric].n), OWNERS[metric]
    same = len(spans) == len(OWNERS)
    still, still_zh = ("; no shift over the years can be told", "；看不出逐年的变化") if same else ("", "")
    text = sentence(f"of {name.en}’s storytelling, {whose} stories take the most, {share}{still}.",
                    f"{in_zh(name.zh)}的故事里，{whose_zh}故事最多，占 {share}{still_zh}。")
    return answer("owners", text, single_detail(known, series, parts[metric], "share"), known.quotes(series, metric))


def emotion_answer(known: Known, series: str) -> Answer | None:
    """How often and how strongly feelings are spoken of."""
    often, strong = (known.pooled.get((series, m)) for m in ("emotion_density", "emotion_intensity"))
    name, per = shown(series), per_thousand(known, series)
    if often is None or often.value is None:
        return None
    quotes = known.quotes(series, "emotion_strong" if not _no_strong(known, series) else "emotion_density")
    line, depth = known.span(series, "emotion_density"), known.span(series, "emotion_intensity")
    if line is None:
        mean, mean_zh = "", ""
        if strong is not None and strong.value is not None:
            mean = f", of mean strength {strong.value:.1f} out of 3"
            mean_zh = f"，平均强度 {strong.value:.1f}（满分 3）"
        text = sentence(f"{name.en} uses {often.value:.1f} emotional phrases {per.en}{mean}.",
                        f"{in_zh(name.zh)}{per.zh}有 {often.value:.1f} 处情感表达{mean_zh}。")
        return answer("emotion", text, single_detail(known, series, often, "density"), quotes)
    (a, b), (first, last) = ends(line), (line.years[0], line.years[-1])
    fate, fate_zh = ("", "") if moved(line) else (" (too close to call)", "（差距太小，不能下结论）")
    deep, deep_zh = "", ""
    if depth is not None:
        (x, y), (end, end_zh) = ends(depth), _depth(depth)
        deep = f"; their mean strength, {x} and {y} of 3, {end}"
        deep_zh = f"；平均强度分别为 {x} 和 {y}（满分 3），{end_zh}"
    text = sentence(f"{name.en} used {a} emotional phrases {per.en} in {first} and {b} in {last}{fate}{deep}.",
                    f"{in_zh(name.zh)}{per.zh}的情感表达，{first} 年 {a} 处，{last} 年 {b} 处{fate_zh}{deep_zh}。")
    return answer("emotion", text, span_detail(known, series, line), quotes)


def _depth(line: Line) -> tuple[str, str]:
    """Whether the mean strength moved, or why that cannot be told."""
    if not (line.values[0].bounded and line.values[-1].bounded):
        return "comes from too few phrases to compare", "数量太少，无法比较"
    return ("moved too", "也有变化") if moved(line) else ("cannot be told apart", "分不出高下")


def _no_strong(known: Known, series: str) -> bool:
    whole = known.pooled.get((series, "emotion_strong"))
    return whole is None or not whole.numerator


def speakers_answer(known: Known) -> Answer | None:
    """The two series that lie furthest apart in their share of story."""
    found = _furthest(known)
    if found is None:
        return None
    (low, high), (a, b), band = found.series, found.shares, found.band
    less, more = a.value or 0.0, b.value or 0.0
    n, names = min(a.n, b.n), (shown(low), shown(high))
    x, y = quantity(less, "share", n), quantity(more, "share", n)
    if found.told:
        text = sentence(f"{names[1].en} gives {y} of the speech to stories, {names[0].en} {x}.",
                        f"{in_zh(names[1].zh)}的演讲有 {y} 用来讲故事，{in_zh(names[0].zh)}只有 {x}。")
    else:
        text = sentence(f"{names[1].en} ({y}) and {names[0].en} ({x}) cannot be told apart in their share of story.",
                        f"{in_zh(names[1].zh)}（{y}）与{in_zh(names[0].zh)}（{x}）的故事占比分不出高下。")
    gap = amounts([more - less, *(band or ())], "share", n)
    some, some_zh = (f"[{gap[1]} to {gap[2]}]", f"［{gap[1]}～{gap[2]}］") if band else ("[no interval]", "［无区间］")
    counts = a.n_speeches + b.n_speeches
    detail = Text(en=f"{gap[0]} points {some} · {counted(counts, 'speech', 'speeches')}",
                  zh=f"{gap[0]} 个百分点{some_zh} · {counts} 场演讲")
    quotes = [quotes_for(known.of(series), known.measures["share_story"])[:1] for series in (high, low)]
    return answer("speakers", text, detail, [quote for some_quotes in quotes for quote in some_quotes])


class _Furthest(NamedTuple):
    """Two series with the least and the most story, and the interval of their difference."""

    series: tuple[str, str]
    shares: tuple[Estimate, Estimate]
    band: tuple[float, float] | None

    @property
    def told(self) -> bool:
        return self.band is not None and self.band[0] > 0


def _furthest(known: Known) -> _Furthest | None:
    shares = [(whole.value, series) for series in known.archive.series
              if (whole := known.pooled.get((series, "share_story"))) and whole.value is not None]
    if len(shares) < 2:
        return None
    low, high = min(shares)[1], max(shares)[1]
    a, b = known.pooled[low, "share_story"], known.pooled[high, "share_story"]
    return _Furthest((low, high), (a, b), interval_of(a, b))


def _one_speech() -> Answer:
    return answer("no_change",
                  Text(en="One speech: nothing can be said about change.", zh="只有一场演讲，谈不上变化。"),
                  Text(en=f"A difference takes 2 speeches, a trend {MIN_YEARS} years.",
                       zh=f"比较至少需要 2 场演讲，趋势至少需要 {MIN_YEARS} 个年份。"))
