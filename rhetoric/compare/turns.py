"""Two answers about places in speeches: where the story turns to the product, and which line returns."""

from __future__ import annotations

from rhetoric.compare.known import Known, answer, sample_detail
from rhetoric.compare.measures import SLOGAN_SCORE
from rhetoric.compare.naming import shown
from rhetoric.compare.wording import bare, clock, in_zh, p_text, quantity, quoted, sentence
from rhetoric.plurals import counted
from rhetoric.types import Answer, Hinge, Lineage, Quote, SpeechCard, Text


def hinge_answer(known: Known, series: str) -> Answer | None:
    """Where the main series turns from story to product, in its first and its last speech that has a turn."""
    name, cards = shown(series), [speech.material.card for speech in known.of(series)]
    told = [(card, known.hinges[card.speech_id]) for card in cards if known.hinges[card.speech_id].told]
    if not told:
        return answer("hinge", sentence(f"no clear turn from story to product can be told in {name.en}’s speeches.",
                                        f"看不出{in_zh(name.zh)}在哪里从故事转向产品。"), sample_detail(known, series))
    (card, first), (card_b, last) = told[0], told[-1]
    place, place_zh = _place(card, first)
    if len(told) == 1:
        of = f" in {_name(card)}" if len(cards) > 1 else ""
        of_zh = f"在{in_zh(_name(card))}的演讲中，" if len(cards) > 1 else ""
        only, only_zh = (", the only speech with a clear turn", "（只有这一场有清楚的转折）") if of else ("", "")
        text = sentence(f"{name.en} turned from story to product {place}{of}{only}.",
                        f"{of_zh}{in_zh(name.zh)}{place_zh}从故事转向产品{only_zh}。")
        return answer("hinge", text, _detail([first], len(cards)), _quotes(known, first))
    if any(card.year is None for card, _ in told):
        return _undated(known, series, [found for _, found in told], len(cards))
    place_b, place_b_zh = _place(card_b, last)
    fate, fate_zh = _moved(first, last)
    text = sentence(f"{name.en} turned from story to product {place} in {_name(card)} and {place_b} in "
                    f"{_name(card_b)}{fate}.",
                    f"{in_zh(name.zh)}从故事转向产品，{in_zh(_name(card))}{place_zh}，{in_zh(_name(card_b))}{place_b_zh}{fate_zh}。")
    quotes = (*_quotes(known, first), *_quotes(known, last))
    return answer("hinge", text, _detail([first, last], len(cards), len(told)), quotes)


def _undated(known: Known, series: str, turns: list[Hinge], speeches: int) -> Answer:
    """Turns of speeches whose order is not known: from the earliest to the latest place."""
    name = shown(series)
    turns = sorted(turns, key=_by_place)
    low, high = (quantity(turn.at_share or 0.0, "share", 0) for turn in (turns[0], turns[-1]))
    text = sentence(f"{name.en} turned from story to product {low} to {high} into the speech.",
                    f"{in_zh(name.zh)}在演讲进行到 {low}～{high} 时从故事转向产品。")
    ends = [turns[0], turns[-1]]
    quotes = [quote for turn in ends for quote in _quotes(known, turn)]
    return answer("hinge", text, _detail(ends, speeches, len(turns)), quotes)


def _by_place(hinge: Hinge) -> tuple[float, str]:
    return hinge.at_share or 0.0, hinge.speech_id


def _name(card: SpeechCard) -> str:
    return str(card.year) if card.year is not None else card.speech_id


def _place(card: SpeechCard, hinge: Hinge) -> tuple[str, str]:
    """Where a turn lies, by the clock where there is one."""
    share = quantity(hinge.at_share or 0.0, "share", 0)
    if card.timed and hinge.at_s is not None:
        return f"at {clock(hinge.at_s)} ({share} in)", f"在 {clock(hinge.at_s)}（进行到 {share}）"
    return f"{share} into the text", f"在全文 {share} 处"


def _moved(first: Hinge, last: Hinge) -> tuple[str, str]:
    """Whether the turn moved: the intervals must not overlap."""
    if (first.high_share or 0.0) < (last.low_share or 0.0):
        return ": the turn comes later", "，转得更晚了"
    if (last.high_share or 0.0) < (first.low_share or 0.0):
        return ": the turn comes earlier", "，转得更早了"
    return ", which cannot be told apart", "，先后分不出高下"


def _detail(hinges: list[Hinge], speeches: int, turns: int = 1) -> Text:
    spans = [f"[{bare(h.low_share or 0.0, 'share', 0)} to {quantity(h.high_share or 0.0, 'share', 0)}]" for h in hinges]
    ps = ", ".join(dict.fromkeys(p_text(h.p) for h in hinges if h.p is not None))
    corrected, corrected_zh = ("", "") if speeches == 1 else (" after correction", "（校正后）")
    some = f"{turns} of {counted(speeches, 'speech', 'speeches')} with a clear turn"
    return Text(en=f"{' and '.join(spans)} · {ps}{corrected} · {some}",
                zh=f"{'与'.join(spans).replace('[', '［').replace(']', '］').replace(' to ', '～')} · "
                   f"{ps}{corrected_zh} · {speeches} 场演讲中 {turns} 场有清楚的转折")


def _quotes(known: Known, hinge: Hinge) -> tuple[Quote, ...]:
    """The sentence at which a speech turns."""
    for speech in known.speeches:
        material = speech.material
        if material.card.speech_id == hinge.speech_id and hinge.sentence_index is not None:
            at = material.indices.index(hinge.sentence_index)
            return (material.sentence_quote(at, material.labels[at], None),)
    return ()


def slogan_answer(known: Known) -> Answer | None:
    """The line that returns, the main series' first; where none does, the line most made to be quoted."""
    returning = [lineage for lineage in known.lineages if lineage.kind == "slogan"]
    returning = [lineage for lineage in returning if lineage.series == known.archive.series[0]] or returning
    if returning:
        lineage = min(returning, key=_changed_first)
        n, alike = len(lineage.quotes), lineage.similarity
        detail = Text(en=f"{counted(n, 'speech', 'speeches')} · mean similarity {alike:.2f}",
                      zh=f"{n} 场演讲 · 平均相似度 {alike:.2f}")
        return answer("lineage", lineage.text, detail, lineage.quotes)
    if not known.slogans or (known.slogans[0].score or 0) < SLOGAN_SCORE:
        return None
    best = known.slogans[0]
    card = next(s.material.card for s in known.speeches if s.material.card.speech_id == best.speech_id)
    detail = Text(en=f"score {best.score or 0:.0f} of 100", zh=f"得分 {best.score or 0:.0f}（满分 100）")
    return answer("slogan", sentence(f"the line most made to be quoted: {quoted(best)} ({_name(card)}).",
                                     f"最像金句的一句：{quoted(best)}（{in_zh(_name(card))}）。"), detail, (best,))


def _changed_first(lineage: Lineage) -> tuple[bool, float, int, str]:
    """A line that returns changed tells more than one repeated; then the better line, then the longer lineage."""
    best = max(quote.score or 0.0 for quote in lineage.quotes)
    return lineage.similarity >= 1.0, -best, -len(lineage.quotes), lineage.quotes[0].text
