"""Participation: how often is the hall asked to be part of it, and how much talk goes to the hall?"""

from __future__ import annotations

from rhetoric.compare.appeals import appeal_of
from rhetoric.compare.measures import Measure
from rhetoric.compare.naming import shown
from rhetoric.compare.questions.asking import Asked, Draft, first_and_last, small_print, span
from rhetoric.compare.wording import in_zh, sentence
from rhetoric.types import Question, Text, Trend

QUESTION = Text(en="Is the hall asked to be part of it?", zh="听众被邀请参与其中吗？")
APPEALS = Measure("appeal_density", "appeals", "thousands", "density", "", "n_content")
AUDIENCE = Measure("share_audience", "audience_label", "content", "share", "", "n_content")


def draft(asked: Asked) -> Draft | None:
    """Appeals by length over the years, and the share of talk to the hall."""
    whole = asked.whole(APPEALS)
    if whole is None or whole.value is None:
        return None
    line = asked.line(APPEALS)
    name, unit = shown(asked.series), asked.speeches[0].material.card.size_unit
    per, per_zh = f"per 1,000 {unit}", "每千字" if unit == "characters" else "每千词"

    def write(trends: tuple[Trend, ...]) -> Question:
        if not whole.value:
            text = sentence(f"{name.en} never calls on the hall to take part.", f"{in_zh(name.zh)}没有号召听众参与过。")
        elif line is not None and len(line.years) > 1:
            change = span(line, trends[0] if trends else None)
            text = sentence(f"calls on the hall to take part, {per} of {name.en}: {change.en}.",
                            f"{in_zh(name.zh)}{per_zh}号召听众参与的次数，{change.zh}。")
        else:
            text = sentence(f"{name.en} calls on the hall to take part {whole.value or 0.0:.1f} times {per}.",
                            f"{in_zh(name.zh)}{per_zh}号召听众参与 {whole.value or 0.0:.1f} 次。")
        quotes = [speech.material.sentence_quote(row, speech.material.labels[row], None,
                                                 (appeal_of(speech.material, row),))
                  for speech in asked.speeches for row in speech.columns["appeals"].nonzero()[0].tolist()]
        return Question(key="participation", series=asked.series, told=True, question=QUESTION, text=text,
                        detail=small_print(asked, whole, "density", trends), rows=asked.rows((APPEALS, AUDIENCE)),
                        trends=trends, quotes=first_and_last(quotes))

    return Draft((line,) if line else (), write)
