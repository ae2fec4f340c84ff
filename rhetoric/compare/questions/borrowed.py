"""Borrowed stories: whose stories are told, the founder's, the company's or other people's, and does that shift?"""

from __future__ import annotations

from rhetoric.codebook import STORY_OWNERS
from rhetoric.compare.evidence import quotes_for
from rhetoric.compare.measures import Measure
from rhetoric.compare.naming import shown
from rhetoric.compare.questions.asking import Asked, Draft, placed, small_print, span
from rhetoric.compare.wording import in_zh, quantity, sentence
from rhetoric.types import Question, Text, Trend

QUESTION = Text(en="Whose stories are they: does the speaker run out of their own and borrow?",
                zh="讲的是谁的故事：自己的故事讲完了，开始借别人的吗？")
MEASURES = tuple(Measure(f"owner_{owner}", owner, "story", "share", "", "n_story") for owner in STORY_OWNERS)
BORROWED = MEASURES[-1]


def draft(asked: Asked) -> Draft | None:
    """The share of borrowed stories among all stories, over the years."""
    whole = asked.whole(BORROWED)
    if whole is None:
        return None
    line = asked.line(BORROWED)
    name = shown(asked.series)

    def write(trends: tuple[Trend, ...]) -> Question:
        if whole.value is None:
            text = sentence(f"{name.en} tells no story that could be counted.",
                            f"{in_zh(name.zh)}没有讲可以计数的故事。")
        elif asked.series in asked.known.owners_mistaken:
            text = sentence(f"whose stories {name.en} tells cannot be told: the reader mistakes owners too often.",
                            f"{in_zh(name.zh)}讲的是谁的故事，无法判断：分类器常常判错故事的主人公。")
        elif not placed(whole):
            text = sentence(f"too few stories of {name.en} to tell whose they are.",
                            f"{in_zh(name.zh)}的故事太少，看不出讲的是谁的故事。")
        elif line is not None and len(line.years) > 1:
            change = span(line, trends[0] if trends else None)
            text = sentence(f"other people’s stories, as a part of all stories of {name.en}: {change.en}.",
                            f"{in_zh(name.zh)}讲的故事里，别人的故事所占的部分，{change.zh}。")
        else:
            share = quantity(whole.value, "share", whole.n)
            text = sentence(f"{share} of {name.en}’s stories are other people’s.",
                            f"{in_zh(name.zh)}讲的故事里，{share} 是别人的。")
        told = asked.series not in asked.known.owners_mistaken and whole.value is not None and placed(whole)
        return Question(key="borrowed", series=asked.series, told=told,
                        question=QUESTION, text=text, detail=small_print(asked, whole, "share", trends),
                        rows=asked.rows(MEASURES), trends=trends, quotes=quotes_for(asked.speeches, BORROWED))

    return Draft((line,) if line else (), write)
