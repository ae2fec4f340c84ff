"""The marks that fired, in both languages: English as the stages write them, Chinese from here."""

from __future__ import annotations

from rhetoric.report.outside import clean
from rhetoric.types import Text

AGAINST = "against: "
MARKS_ZH = {
    "antithesis": "对照", "big word": "大词", "big words": "多个大词", "returns later": "后文重现", "set up": "有铺垫",
    "quoted": "引用", "call or promise": "号召或承诺", "exclaimed": "感叹", "maxim": "格言", "A is B": "A 是 B",
    "near the end": "临近结尾", "a word twice": "重复用词", "before applause": "掌声之前", "general word": "概括词",
    "image": "意象", "call word": "号召词", "a whole sentence": "完整句", "set off by pauses": "前后停顿",
    "parallel halves": "两半对仗", "brief": "简短", "very short": "极短", "even halves": "两半等长", "rhyme": "押韵",
    "two halves": "两半句", "triad": "三连", "alliteration": "头韵", "question hook": "以问引入",
    "first person": "第一人称", "runs the event": "流程用语", "talk": "口语",
    "talk word": "口语词", "begins by pointing": "以指代开头",
    "product or figure": "产品或数字", "points to something": "含指代",
}


def mark_text(mark: str) -> Text:
    """A mark in both languages; one that is not known here (a user's own stage) stays as it is."""
    known = clean(mark)
    bare = known.removeprefix(AGAINST)
    zh = MARKS_ZH.get(bare, bare)
    return Text(en=known, zh=zh if bare == known else f"反向：{zh}")


def shown_marks(marks: tuple[str, ...], most: int) -> tuple[tuple[Text, ...], int]:
    """The first marks that speak for a line, and how many more there are, for and against."""
    speaking = [mark for mark in marks if not mark.startswith(AGAINST)]
    return tuple(mark_text(mark) for mark in speaking[:most]), len(marks) - len(speaking[:most])
