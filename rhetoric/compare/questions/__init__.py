"""Six questions asked of every speaker, each a measure of its own: one file a question, one family of tests a speaker.

A question first says which yearly values it rests on (`Draft.lines`); when all have, the p values of a series'
questions are corrected together (Holm), and each question writes its answer with its trends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rhetoric.compare.estimates import Counted
from rhetoric.compare.known import Known
from rhetoric.compare.questions import borrowed, founder, hinge, inflation, participation, theme
from rhetoric.compare.questions.asking import Asked, Draft
from rhetoric.compare.themes import Theme
from rhetoric.compare.trends import one_family
from rhetoric.types import Question

__all__ = ["questions"]

OF_GROUPS = (*borrowed.MEASURES, inflation.MEAN, *founder.MEASURES, participation.APPEALS, participation.AUDIENCE,
             theme.SHOWN)
OF_ALL = (*OF_GROUPS, *founder.WITHIN)
ORDER = (hinge.draft, borrowed.draft, inflation.draft, founder.draft, participation.draft, theme.draft)


def questions(known: Known, counted: Sequence[Counted], themes: Mapping[str, Theme]) -> tuple[Question, ...]:
    """The answers of every series, question by question; `counted` holds the questions' own counts of each speech."""
    by_series = {}
    members: dict[str, list[Counted]] = defaultdict(list)
    for speech in counted:
        members[speech.material.card.series].append(speech)
    for series in known.archive.series:
        own = tuple(members[series])
        asked = Asked(known=known, series=series, speeches=own, themes=themes)
        asked.prepare(OF_GROUPS, OF_ALL)
        drafts = [draft for ask in ORDER if (draft := ask(asked)) is not None]
        by_series[series] = _written(series, drafts)
    return tuple(question for place in range(len(ORDER)) for series in known.archive.series
                 for question in by_series[series] if question.key == ORDER[place].__module__.rpartition(".")[2])


def _written(series: str, drafts: Sequence[Draft]) -> list[Question]:
    trends = iter(one_family(series, [line for draft in drafts for line in draft.lines]))
    return [draft.write(tuple(next(trends) for _ in draft.lines)) for draft in drafts]
