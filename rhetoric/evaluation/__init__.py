"""Coded speeches -> how well the stages agree with them: the real stages run on the gold's own sentences.

    gold + readings -> stage results -> counts of each speech -> sums -> scores and their intervals

Every score but the maxima is a function of counts that add (`counts`), so that a pooled score, a score by language and
a bootstrap over speeches are one computation (`scores`).
"""

from __future__ import annotations

from rhetoric.evaluation.run import EVALUATED, Evaluation, Scored, evaluate
from rhetoric.evaluation.seen import is_seen, trained_on

__all__ = ["EVALUATED", "Evaluation", "Scored", "evaluate", "is_seen", "trained_on"]
