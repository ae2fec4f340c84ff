"""Hinge: does a speech turn from story to product, and where? One change point a speech (`compare/hinges.py`)."""

from __future__ import annotations

from rhetoric.compare.questions.asking import Asked, Draft
from rhetoric.compare.turns import hinge_answer
from rhetoric.compare.wording import sentence
from rhetoric.types import Question, Row, Text, Trend

QUESTION = Text(en="First the stories, then the launch: where does the speech turn?",
                zh="前半场讲故事，后半场讲产品：在哪里转折？")


def draft(asked: Asked) -> Draft | None:
    """The turns of each speech; there are no yearly values to test, since each turn has its own p."""
    known = asked.known
    if not known.hinges:
        return None
    hinges = [known.hinges[speech.material.card.speech_id] for speech in asked.speeches]
    rows = []
    for speech, found in zip(asked.speeches, hinges, strict=True):
        card = speech.material.card
        if found.told and found.at_share is not None:
            rows.append(Row(
                metric="hinge_place", series=asked.series, group=card.group, value=found.at_share, low=found.low_share,
                high=found.high_share, unit="share", numerator=found.at_share, denominator=1.0,
                basis="seconds" if card.timed else card.size_unit, interval="blocks within the two parts",
                n_speeches=1, n_sentences=card.n_sentences,
                minutes=card.duration_s / 60 if card.timed and card.duration_s else None, size=card.size))

    def write(trends: tuple[Trend, ...]) -> Question:
        made = hinge_answer(known, asked.series)
        text = made.text if made else sentence("no turn can be told.", "看不出转折。")
        return Question(key="hinge", series=asked.series, told=bool(rows), question=QUESTION, text=text,
                        detail=made.detail if made else asked.sample(), rows=tuple(rows), trends=trends,
                        quotes=made.quotes if made else ())

    return Draft((), write)
