"""The codebook as data: labels, their groups, names and one-sentence definitions in both languages.

The rules in full, with tie-breaks and invented examples, are in `docs/codebook.md`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class Label(NamedTuple):
    """A label of the codebook as a reader of a report sees it."""

    key: str
    group: str
    name_en: str
    name_zh: str
    definition_en: str
    definition_zh: str


FUNCTION_LABELS: tuple[Label, ...] = (
    Label("noncontent", "none", "not the speech", "非演讲内容",
          "Applause, music, a film, another person, or text the recogniser invented; outside every denominator.",
          "掌声、音乐、短片、他人讲话，或识别器凭空写出的文字；不计入任何分母。"),
    Label("stage", "other", "stage", "流程",
          "Only runs the event: greeting, agenda, what comes next.",
          "只推动流程：问候、议程、下一环节。"),
    Label("audience", "other", "audience", "面向现场",
          "An act aimed at the hall: thanks, invitation, a question the hall is to answer.",
          "对现场说的话：感谢、邀请、请观众回答的问题。"),
    Label("founder_story", "story", "founder's story", "创始人故事",
          "A specific past event whose goal-owner is the speaker.",
          "一件具体的往事，主角是演讲者本人。"),
    Label("company_story", "story", "company story", "公司故事",
          "A specific past event whose goal-owner is the team or the company.",
          "一件具体的往事，主角是团队或公司。"),
    Label("borrowed_story", "story", "borrowed story", "他人故事",
          "A specific past event whose goal-owner is anyone else.",
          "一件具体的往事，主角是其他人。"),
    Label("product_claim", "product", "product claim", "产品主张",
          "A product, feature or price set against a rival, predecessor, rank or record.",
          "与对手、前代、排名或纪录相比较的产品、功能或价格。"),
    Label("product_fact", "product", "product fact", "产品事实",
          "A checkable property, price or demo of a product, without a comparison.",
          "产品可核实的属性、价格或演示，没有比较对象。"),
    Label("results", "results", "results", "业绩",
          "The company's or the market's figures and standing as they are.",
          "公司或市场的数字与地位。"),
    Label("values", "values", "values", "价值观",
          "Belief, maxim, mission, lesson, promise, reflection or argument.",
          "信念、格言、使命、教训、承诺、思考或论证。"),
)

FUNCTIONS: tuple[str, ...] = tuple(label.key for label in FUNCTION_LABELS)
GROUP_OF: dict[str, str] = {label.key: label.group for label in FUNCTION_LABELS}
GROUPS: tuple[str, ...] = ("story", "product", "results", "values", "other")
GROUP_NAMES: dict[str, tuple[str, str]] = {
    "story": ("story", "故事"),
    "product": ("product", "产品"),
    "results": ("results", "业绩"),
    "values": ("values", "价值观"),
    "other": ("other", "其他"),
}
# How sentences are counted wherever functions are counted: "probabilities" adds the reader's probabilities (expected
# counts), "labels" gives each sentence to its likeliest label. The choice is made here and nowhere else. Labels: a
# reader of a report can count the sentences behind a share himself, and a speech without a story gets 0 % of story, not
# the sum of many small doubts. The model card has what each choice errs by.
COUNT_BY: Literal["probabilities", "labels"] = "labels"
STORY_OWNERS: tuple[str, ...] = ("founder_story", "company_story", "borrowed_story")

EMOTION_NAMES: dict[str, tuple[str, str]] = {
    "pride": ("pride", "自豪"),
    "gratitude": ("gratitude", "感恩"),
    "hardship": ("hardship", "艰难"),
    "anxiety": ("anxiety", "焦虑"),
    "hope": ("hope", "希望"),
    "resolve": ("resolve", "决心"),
    "anger": ("anger", "愤怒"),
    "joy": ("joy", "喜悦"),
}
EMOTIONS: tuple[str, ...] = tuple(EMOTION_NAMES)
MAX_INTENSITY = 3
SLOGAN_SCORE = 60.0  # from this score on a line counts as made to be quoted; below it, it is shown as a near miss

FIGURE_NAMES: dict[str, tuple[str, str]] = {
    "contrast": ("contrast", "对比"),
    "list": ("list", "列举"),
    "parallel": ("parallelism", "排比"),
    "repetition": ("repetition", "反复"),
    "question": ("rhetorical question", "设问"),
    "metaphor": ("metaphor", "比喻"),
    "hyperbole": ("hyperbole", "夸张"),
}
FIGURES: tuple[str, ...] = tuple(FIGURE_NAMES)

# Why a segment of a transcript is in quarantine (`types.QUARANTINE`), in plain words.
QUARANTINE_NAMES: dict[str, tuple[str, str]] = {
    "no_speech": ("nobody is heard", "听不到人声"),
    "loop": ("the same words over and over", "同样的话反复出现"),
    "credit": ("subtitle credits", "字幕署名"),
    "impossible_rate": ("faster than anybody speaks", "语速快得不可能"),
    "echo": ("what the recogniser was told", "识别器照抄提示语"),
}
