"""Theme words: how general is the theme of a speech, and is it shown in a story or invoked? (`compare/themes.py`)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rhetoric.compare.estimates import Counted, Estimate
from rhetoric.compare.lineages import when
from rhetoric.compare.measures import Measure
from rhetoric.compare.naming import shown
from rhetoric.compare.norms import wilson
from rhetoric.compare.questions.asking import Asked, Draft, first_and_last, small_print
from rhetoric.compare.themes import FEWEST, Sayers
from rhetoric.compare.wording import in_zh, listed, quantity, sentence
from rhetoric.plurals import counted
from rhetoric.types import Question, Quote, Row, Text, Trend

QUESTION = Text(en="How general is the theme, and does it stand by stories?",
                zh="主题有多泛？是否落在故事里？")
ENOUGH = 10  # uses from which on it is told whether a theme stands by stories
ENDS = 3  # themes that are listed of the first and of the last speeches
SHOWN = Measure("theme_shown", "theme_shown", "theme_uses", "share", "", "n_theme")


def draft(asked: Asked) -> Draft | None:
    """The share of uses of the theme that are shown, over the years; and who else says the theme."""
    having = [s for s in asked.speeches if s.material.card.speech_id in asked.themes and s.columns["theme_uses"].sum()]
    if not having:
        return Draft((), lambda trends: _untold(asked))
    whole, line = asked.whole(SHOWN), asked.line(SHOWN)
    name = shown(asked.series)

    def write(trends: tuple[Trend, ...]) -> Question:
        share = quantity(whole.value, "share", whole.n) if whole and whole.value is not None else "–"
        usual = _usual(asked, having)
        if whole is None or whole.denominator < ENOUGH:
            return replace(_told(asked, having, whole, trends), told=False, text=_too_few(asked, having, whole))
        text = sentence(f"{share} of the uses of {name.en}’s themes stand in or beside a story, as do {usual} of all "
                        "sentences.",
                        f"{in_zh(name.zh)}的主题词，{share} 用在故事里或故事旁；全部句子中这样的占 {usual}。")
        return replace(_told(asked, having, whole, trends), text=text)

    return Draft((line,) if line else (), write)


def _told(asked: Asked, having: Sequence[Counted], whole: Estimate | None, trends: tuple[Trend, ...]) -> Question:
    """The question with its rows and quotes, as yet without a sentence."""
    return Question(key="theme", series=asked.series, told=True, question=QUESTION, text=Text(en="", zh=""),
                    detail=small_print(asked, whole, "share", trends, _listed(asked, having)),
                    rows=(*asked.rows((SHOWN,)), *_general(asked, having)), trends=trends,
                    quotes=first_and_last(_quotes(having, asked)))


def _too_few(asked: Asked, having: Sequence[Counted], whole: Estimate | None) -> Text:
    """What can be said of a theme that is said a few times: which it is."""
    name, uses = shown(asked.series), int(whole.denominator) if whole is not None else 0
    words = [asked.themes[speech.material.card.speech_id].word for speech in having]
    said, said_zh = listed([f"“{word}”" for word in words]), "、".join(f"“{word}”" for word in words)
    return sentence(f"{name.en}’s {'theme is' if len(words) == 1 else 'themes are'} {said.en}; "
                    f"said {counted(uses, 'time')}, too few to tell whether stories show it.",
                    f"{in_zh(name.zh)}的主题是{said_zh}；只说了 {uses} 次，太少，看不出是否落在故事里。")


def _untold(asked: Asked) -> Question:
    """No theme to look for: a word that only sets a speech apart would be a poor stand-in."""
    name, few = shown(asked.series), f"the catalog names none, and no title or slogan is said {FEWEST} times"
    return Question(
        key="theme", series=asked.series, told=False, question=QUESTION, detail=asked.sample(),
        text=sentence(f"no theme of {name.en} can be told: {few} (a column `theme` in the catalog would name it).",
                      f"看不出{in_zh(name.zh)}的主题：目录没有写明，也没有标题或金句说到 {FEWEST} 次"
                      "（可在目录中加一列 theme）。"))


def _usual(asked: Asked, having: Sequence[Counted]) -> str:
    """The share of all sentences that stand in or beside a story: what a word said at random would have."""
    near, every = (sum(float(speech.columns[name].sum()) for speech in having) for name in ("by_story", "n_counted"))
    return quantity(near / every, "share", int(every)) if every else "–"


def _listed(asked: Asked, having: Sequence[Counted]) -> Text:
    """The themes of some speeches: shown uses of all uses, and where the theme was taken from."""
    parts = []
    for speech in having if len(having) <= 2 * ENDS else [*having[:ENDS], *having[-ENDS:]]:
        theme = asked.themes[speech.material.card.speech_id]
        shown_uses, uses = (float(speech.columns[name].sum()) for name in ("theme_shown", "theme_uses"))
        parts.append((f"{when(speech.material)} “{theme.word}” {shown_uses:.0f}/{uses:.0f}", theme.source))
    sources = {"theme": "目录", "title": "标题", "slogan": "金句"}
    missing = len(asked.speeches) - len(having)
    without, without_zh = (f"; no theme can be told of {counted(missing, 'speech', 'speeches')}",
                           f"；{missing} 场看不出主题") if missing else ("", "")
    return Text(en="shown of all uses: " + ", ".join(f"{words} ({source})" for words, source in parts) + without,
                zh="讲出来/全部：" + "，".join(f"{words}（{sources[source]}）" for words, source in parts) + without_zh)


def _general(asked: Asked, having: Sequence[Counted]) -> list[Row]:
    """For each speech the share of the others that say its theme, with Wilson's interval."""
    sayers = Sayers([speech.material for speech in asked.speeches])
    made = []
    for speech in having:
        card = speech.material.card
        share = sayers.share_of_others(speech.material, asked.themes[card.speech_id])
        if share is not None:
            n = len(asked.speeches) - 1
            low, high = wilson(share, n)
            made.append(Row(metric="theme_general", series=asked.series, group=card.group, value=share, low=low,
                            high=high, unit="share", numerator=float(round(share * n)), denominator=float(n),
                            basis="speeches", interval="Wilson", n_speeches=1, n_sentences=card.n_sentences,
                            minutes=None, size=card.size))
    return made


def _quotes(having: Sequence[Counted], asked: Asked) -> list[Quote]:
    """A shown use of each speech, or its first."""
    made = []
    for speech in having:
        uses, by_story = speech.columns["theme_uses"], speech.columns["theme_shown"]
        row = int((by_story if by_story.any() else uses).argmax())
        word = asked.themes[speech.material.card.speech_id].word
        made.append(speech.material.sentence_quote(row, speech.material.labels[row], None, (word,)))
    return made
