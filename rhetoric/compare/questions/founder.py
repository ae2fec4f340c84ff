"""Founder and brand: who acts, I, we, the company or the product, in the speech and in each kind of text."""

from __future__ import annotations

from dataclasses import replace

from rhetoric.codebook import GROUPS
from rhetoric.compare.agents import AGENTS
from rhetoric.compare.evidence import Ranked, spread
from rhetoric.compare.measures import Measure
from rhetoric.compare.naming import shown
from rhetoric.compare.questions.asking import QUOTES, Asked, Draft, small_print, span
from rhetoric.compare.wording import in_zh, quantity, sentence
from rhetoric.types import Question, Quote, Row, Text, Trend

QUESTION = Text(en="Is the brand the founder: who acts in the speech, I, we, the company or the product?",
                zh="品牌就是创始人吗：演讲里是谁在行动——我、我们、公司，还是产品？")
MEASURES = tuple(Measure(f"agent_{who}", f"agent_{who}", "agents", "share", "", "n_agents") for who in AGENTS)
WITHIN = tuple(Measure(m.name, f"{m.name}@{group}", f"agents@{group}", "share", "", f"n_agents@{group}")
               for group in GROUPS for m in MEASURES)  # the same in each kind of text
FOUNDER = MEASURES[0]
NAMES = {"agent_i": ("I", "我"), "agent_we": ("we", "我们"), "agent_company": ("the company", "公司"),
         "agent_product": ("the product", "产品")}
FEWEST = 10  # agents in a kind of text below which its shares are not told


def draft(asked: Asked) -> Draft | None:
    """The part of "I" among all agents over the years, and all four by function."""
    whole = asked.whole(FOUNDER)
    if whole is None:
        return None
    line = asked.line(FOUNDER)
    name = shown(asked.series)

    def write(trends: tuple[Trend, ...]) -> Question:
        shares = [(found.value, measure) for measure in MEASURES if (found := asked.whole(measure)) is not None
                  and found.value is not None]
        if not shares:
            text = sentence(f"nobody acts in {name.en}’s speeches that could be counted.",
                            f"{in_zh(name.zh)}的演讲里没有可以计数的行动者。")
        else:
            parts = [(NAMES[m.name], quantity(value, "share", whole.n)) for value, m in shares]
            text = sentence(
                f"who acts in {name.en}’s speeches: {', '.join(f'{n[0]} {v}' for n, v in parts)}{_change(0)}.",
                f"{in_zh(name.zh)}的演讲里，行动者是：{'，'.join(f'{n[1]} {v}' for n, v in parts)}{_change(1)}。",
            )
        return Question(key="founder", series=asked.series, told=bool(shares), question=QUESTION, text=text,
                        detail=small_print(asked, whole, "share", trends),
                        rows=(*asked.rows(MEASURES), *_by_function(asked)), trends=trends, quotes=_quotes(asked))

    def _change(at: int) -> str:
        if line is None or len(line.years) < 2:
            return ""
        change = span(line, None)
        return (f"; “I”: {change.en}", f"；“我”：{change.zh}")[at]

    return Draft((line,) if line else (), write)


def _by_function(asked: Asked) -> list[Row]:
    """The four shares in each kind of text, over all speeches; the group is the kind."""
    from rhetoric.compare.rows import row

    made = []
    for within in WITHIN:
        found = row(asked.speeches, f"in {within.numerator.partition('@')[2]}", within)
        if found is not None and found[0].denominator >= FEWEST:
            made.append(replace(found[0], quotes=()))
    return made


def _quotes(asked: Asked) -> tuple[Quote, ...]:
    """Of each agent the sentence that names it most, from different speeches."""
    ranked: list[list[Ranked]] = []
    for who in AGENTS:
        best: list[Ranked] = []
        for speech in asked.speeches:
            uses = speech.columns[f"agent_{who}"]
            at = int(uses.argmax()) if len(uses) else 0
            if len(uses) and uses[at] > 0:
                material = speech.material
                best.append((-float(uses[at]), at, material.sentence_quote(at, material.labels[at], None)))
        ranked.append(sorted(best, key=lambda item: item[:2])[:1])
    return spread(ranked, QUOTES + 1)
