"""What each metric of a comparison is called on the page, what it means, and how it is computed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rhetoric import codebook
from rhetoric.codebook import FIGURE_NAMES, FUNCTION_LABELS, GROUP_NAMES, STORY_OWNERS
from rhetoric.types import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A metric as the page explains it; `colour` is the class of its marks, `of` the label whose sentences count."""

    name: Text
    definition: Text
    formula: str
    source: Text
    colour: str = "ink"
    of: Text | None = None


_READER = Text(
    en="Function labels of the sentence reader (codebook, section 1).",
    zh="句子阅读器给出的功能标签（编码手册第 1 节）。",
)
_LEXICON = Text(en="Emotional phrases (codebook, section 2).", zh="情感表达（编码手册第 2 节）。")
_OWNER_COLOURS = dict(zip(STORY_OWNERS, ("founder", "company", "borrowed"), strict=True))


def _shares() -> dict[str, Measure]:
    made = {}
    for key, (en, zh) in GROUP_NAMES.items():
        made[f"share_{key}"] = Measure(
            name=Text(en=f"{en}, share of the stage", zh=f"{zh}的占比"),
            definition=Text(
                en=f"The part of the speech that is {en}; what is not the speech is left out.",
                zh=f"{zh}占整场演讲的部分；非演讲内容不计。",
            ),
            of=Text(en=en, zh=zh),
            formula=f"share({key}) = Σ w({key}) / Σ w(story + product + results + values + other)",
            source=_READER,
            colour=key,
        )
    return made


def _owners() -> dict[str, Measure]:
    names = {label.key: label for label in FUNCTION_LABELS}
    return {
        f"owner_{key}": Measure(
            name=Text(en=f"{names[key].name_en}, part of the stories", zh=f"{names[key].name_zh}在故事中的占比"),
            definition=Text(
                en=f"Whose story is told. {names[key].definition_en}", zh=f"讲的是谁的故事。{names[key].definition_zh}"
            ),
            of=Text(en=names[key].name_en, zh=names[key].name_zh),
            formula=f"owner({key}) = Σ w({key}) / Σ w(story)",
            source=_READER,
            colour=_OWNER_COLOURS[key],
        )
        for key in STORY_OWNERS
    }


def _figure(key: str) -> Measure:
    en, zh = FIGURE_NAMES.get(key, (key, key))
    return Measure(
        name=Text(en=en, zh=zh),
        definition=Text(en=f"How often the figure “{en}” was found.", zh=f"“{zh}”手法出现的频度。"),
        formula=f"density({key}) = 1,000 × findings / characters or words",
        source=Text(en="Figures of speech (codebook, section 4).", zh="修辞手法（编码手册第 4 节）。"),
    )


def _voice(name: Text, definition: Text) -> Measure:
    return Measure(
        name=name,
        definition=definition,
        formula="density = 1,000 × findings / characters or words",
        source=Text(en="Stage voice (methods, “Voice”).", zh="voice 步骤（方法说明“Voice”一节）。"),
    )


MEASURES: dict[str, Measure] = {
    **_shares(),
    "story_to_product": Measure(
        name=Text(en="story to product", zh="故事与产品之比"),
        definition=Text(
            en="Of the time given to story or product, the part given to story.",
            zh="在讲故事与讲产品的时间里，讲故事的部分。",
        ),
        of=Text(en="story or product", zh="故事或产品"),
        formula="ratio = Σ w(story) / Σ w(story + product)",
        source=_READER,
        colour="story",
    ),
    **_owners(),
    "emotion_density": Measure(
        name=Text(en="emotional phrases", zh="情感表达"),
        definition=Text(
            en="Phrases that name, show or invite a feeling that somebody has.", zh="说出、流露或唤起某人情感的词语。"
        ),
        formula="density = 1,000 × phrases / characters or words",
        source=_LEXICON,
    ),
    "emotion_intensity": Measure(
        name=Text(en="mean intensity", zh="平均强度"),
        definition=Text(
            en="How strong the phrases are: 1 mild or conventional, 2 clear, 3 strong, bodily or climactic.",
            zh="这些表达有多强：1 轻微或客套，2 明确，3 强烈、切身或处于高潮。",
        ),
        formula="intensity = Σ intensity / phrases",
        source=_LEXICON,
    ),
    "emotion_strong": Measure(
        name=Text(en="strong emotion, part of the phrases", zh="强烈情感的占比"),
        definition=Text(
            en="The part of the emotional phrases that have intensity 3.", zh="情感表达中强度为 3 的部分。"
        ),
        formula="strong = phrases(intensity 3) / phrases",
        source=_LEXICON,
    ),
    "emotion_per_minute": Measure(
        name=Text(en="emotional phrases a minute", zh="每分钟的情感表达"),
        definition=Text(en="The same phrases, by the clock.", zh="同样的表达，按时间计。"),
        formula="rate = phrases / minutes spoken",
        source=_LEXICON,
    ),
    "slogan_density": Measure(
        name=Text(en="slogans", zh="金句"),
        definition=Text(
            en="Lines made to be quoted: short, able to stand alone, and crafted.",
            zh="为被引用而写的句子：短，能独立成句，经过雕琢。",
        ),
        formula="density = 1,000 × lines (score ≥ 60) / characters or words",
        source=Text(en="Slogans (codebook, section 3).", zh="金句（编码手册第 3 节）。"),
    ),
    "voice_hedge": _voice(
        Text(en="hedges", zh="缓和语"),
        Text(
            en="Words that hold a statement back: maybe, I think, roughly.", zh="留有余地的词语：可能、我觉得、大概。"
        ),
    ),
    "voice_certainty": _voice(
        Text(en="words of certainty", zh="确定语"),
        Text(
            en="Words that shut doubt out: definitely, never, of course.", zh="排除疑问的词语：一定、绝对、毫无疑问。"
        ),
    ),
    "voice_superlative": _voice(
        Text(en="superlatives", zh="最高级"),
        Text(en="Best, fastest, first, unmatched and the like.", zh="最、首款、唯一、极致之类。"),
    ),
    "voice_promise": _voice(
        Text(en="promises", zh="承诺"),
        Text(
            en="Sentences that bind the speaker or the company: by a vow, or by a future act with a date.",
            zh="约束演讲者或公司的句子：明言承诺，或将来要做的事并有期限。",
        ),
    ),
}
UNITS: dict[str, Text] = {
    "share": Text(en="share", zh="占比"),
    "per 1,000 characters": Text(en="per 1,000 characters", zh="每千字"),
    "per 1,000 words": Text(en="per 1,000 words", zh="每千词"),
    "per minute": Text(en="per minute", zh="每分钟"),
    "intensity 1-3": Text(en="intensity, 1 to 3", zh="强度，1 到 3"),
}
BASES: dict[str, Text] = {
    "seconds": Text(en="seconds", zh="秒"),
    "characters": Text(en="characters", zh="字"),
    "words": Text(en="words", zh="词"),
    "minutes": Text(en="minutes", zh="分钟"),
    "phrases": Text(en="phrases", zh="处"),
}

INTERVALS: dict[str, Text] = {
    "moving blocks within one speech": Text(en="moving blocks within one speech", zh="一场演讲内按句块重抽样"),
    "speeches, then blocks": Text(en="speeches, then blocks", zh="先抽演讲，再抽句块"),
    "exact limit of what was never or always seen": Text(
        en="of what was never or always seen: the exact limit, since resamples are all alike",
        zh="从未出现（或全部如此）者用精确界限，因为重抽样都一样"),
}


def interval_name(interval: str) -> Text:
    """How an interval was drawn, in both languages."""
    return INTERVALS.get(interval, Text(en=interval, zh=interval))


def measure(metric: str) -> Measure:
    """A metric as the page explains it; one this page does not know (a user's own stage) keeps its own name."""
    if metric in MEASURES:
        found = MEASURES[metric]
        return found if found.of is None else replace(found, definition=_counted(found.definition, found.of))
    if metric.startswith("figure_"):
        return _figure(metric.removeprefix("figure_"))
    words = metric.replace("_", " ")
    return Measure(
        name=Text(en=words, zh=words),
        definition=Text(en="A measure of a stage of your own.", zh="自定义分析步骤的指标。"),
        formula="numerator / denominator",
        source=Text(en="See the stage that reports it.", zh="参见给出它的分析步骤。"),
    )


def _counted(definition: Text, of: Text) -> Text:
    """A definition with how sentences count, as `codebook.COUNT_BY` says now."""
    if codebook.COUNT_BY == "labels":
        return Text(
            en=f"{definition.en} Counted are the sentences whose likeliest label is {of.en}; w is the length of each.",
            zh=f"{definition.zh}计入的是最可能的标签为{of.zh}的句子；w 是句子的长度。",
        )
    return Text(
        en=f"{definition.en} Each sentence counts by its probability of being {of.en}: w is its length times that.",
        zh=f"{definition.zh}每句话按其属于{of.zh}的概率计入：w 是句子的长度乘以该概率。",
    )


def unit_name(unit: str) -> Text:
    """A unit in both languages."""
    return UNITS.get(unit, Text(en=unit, zh=unit))


def basis_name(basis: str) -> Text:
    """What is counted, in both languages."""
    return BASES.get(basis, Text(en=basis, zh=basis))
