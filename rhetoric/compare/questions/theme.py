"""Theme words: how general is the theme of a speech, and is it shown in a story or only invoked? (`compare/themes.py`)"""

from __future__ import annotations

from collections.abc import Sequence

from rhetoric.compare.estimates import Counted
from rhetoric.compare.lineages import when
from rhetoric.compare.measures import Measure
from rhetoric.compare.naming import shown
from rhetoric.compare.norms import wilson
from rhetoric.compare.questions.asking import Asked, Draft, first_and_last, small_print
from rhetoric.compare.themes import generality
from rhetoric.compare.wording import in_zh, quantity, sentence
from rhetoric.types import Question, Quote, Row, Text, Trend

QUESTION = Text(en="How general is the theme, and is it shown or only invoked?",
                zh="主题有多泛？是用故事讲出来，还是只喊口号？")
SHOWN = Measure("theme_shown", "theme_shown", "theme_uses", "share", "", "n_theme")


def draft(asked: Asked) -> Draft | None:
    """The share of uses of the theme that are shown, over the years; and who else says the theme."""
    having = [s for s in asked.speeches if s.material.card.speech_id in asked.themes and s.columns["theme_uses"].sum()]
    if not having:
        return None
    whole, line = asked.whole(SHOWN), asked.line(SHOWN)
    name = shown(asked.series)

    def write(trends: tuple[Trend, ...]) -> Question:
        known = [(s, asked.themes[s.material.card.speech_id], float(s.columns["theme_shown"].sum()),
                  float(s.columns["theme_uses"].sum())) for s in having]
        listed = [f"{when(s.material)} “{t.word}” {shown_uses:.0f}/{uses:.0f}" for s, t, shown_uses, uses in
                  (known if len(known) <= 6 else [*known[:3], *known[-3:]])]
        share = quantity(whole.value, "share", whole.n) if whole and whole.value is not None else "–"
        text = sentence(
            f"{share} of the uses of {name.en}’s themes stand by a story ({', '.join(listed)}); the rest only "
            "invoke them.",
            f"{in_zh(name.zh)}的主题词，{share} 用在故事里或故事旁（{'，'.join(listed)}），其余只是提到。")
        return Question(key="theme", series=asked.series, told=True, question=QUESTION, text=text,
                        detail=small_print(asked, whole, "share", trends),
                        rows=(*asked.rows((SHOWN,)), *_general(asked, having)), trends=trends,
                        quotes=first_and_last(_quotes(having, asked)))

    return Draft((line,) if line else (), write)


def _general(asked: Asked, having: Sequence[Counted]) -> list[Row]:
    """For each speech the share of the others that say its theme, with Wilson's interval."""
    materials = [speech.material for speech in asked.speeches]
    made = []
    for speech in having:
        card = speech.material.card
        share = generality(speech.material, asked.themes[card.speech_id], materials)
        if share is not None:
            n = len(materials) - 1
            low, high = wilson(share, n)
            made.append(Row(metric="theme_general", series=asked.series, group=card.group, value=share, low=low,
                            high=high, unit="share", numerator=round(share * n), denominator=n, basis="speeches",
                            interval="Wilson", n_speeches=1, n_sentences=card.n_sentences, minutes=None,
                            size=card.size))
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
