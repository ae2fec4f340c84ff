"""Theme words: how general is the theme of a speech, and is it shown in a story or invoked? (`compare/themes.py`)"""

from __future__ import annotations

from collections.abc import Sequence

from rhetoric.compare.estimates import Counted
from rhetoric.compare.lineages import when
from rhetoric.compare.measures import Measure
from rhetoric.compare.naming import shown
from rhetoric.compare.norms import wilson
from rhetoric.compare.questions.asking import Asked, Draft, first_and_last, small_print
from rhetoric.compare.themes import Sayers
from rhetoric.compare.wording import in_zh, quantity, sentence
from rhetoric.types import Question, Quote, Row, Text, Trend

QUESTION = Text(en="How general is the theme, and does it stand by stories?",
                zh="主题有多泛？是否落在故事里？")
ENDS = 3  # themes that are listed of the first and of the last speeches
SHOWN = Measure("theme_shown", "theme_shown", "theme_uses", "share", "", "n_theme")


def draft(asked: Asked) -> Draft | None:
    """The share of uses of the theme that are shown, over the years; and who else says the theme."""
    having = [s for s in asked.speeches if s.material.card.speech_id in asked.themes and s.columns["theme_uses"].sum()]
    if not having:
        return None
    whole, line = asked.whole(SHOWN), asked.line(SHOWN)
    name = shown(asked.series)

    def write(trends: tuple[Trend, ...]) -> Question:
        share = quantity(whole.value, "share", whole.n) if whole and whole.value is not None else "–"
        usual = _usual(asked, having)
        text = sentence(f"{share} of the uses of {name.en}’s themes stand in or beside a story, as do {usual} of all "
                        "sentences.",
                        f"{in_zh(name.zh)}的主题词，{share} 用在故事里或故事旁；全部句子中这样的占 {usual}。")
        return Question(key="theme", series=asked.series, told=True, question=QUESTION, text=text,
                        detail=small_print(asked, whole, "share", trends, _listed(asked, having)),
                        rows=(*asked.rows((SHOWN,)), *_general(asked, having)), trends=trends,
                        quotes=first_and_last(_quotes(having, asked)))

    return Draft((line,) if line else (), write)


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
    sources = {"theme": "目录", "title": "标题", "key term": "特征词"}
    return Text(en="shown of all uses: " + ", ".join(f"{words} ({source})" for words, source in parts),
                zh="讲出来/全部：" + "，".join(f"{words}（{sources[source]}）" for words, source in parts))


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
