"""Lines made to be quoted, ranked 0-100, with the marks that fired. Definition: the codebook, section 3.

A sentence gives its best candidate (`devices.candidates`). The score is 100 * logistic(bias + sum of the weights of its
marks) (`devices.quotable`); the weights are those of a logistic regression, see `WEIGHTS`. It ranks; it is no
probability. Where the reader has an encoder, its log odds of a slogan are joined to the marks (`JOIN`). Real slogans
are rare (one or two sentences in a hundred), so most lines shown are near-misses of craft.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from rhetoric.codebook import SLOGAN_SCORE
from rhetoric.codes import corrected
from rhetoric.stages.devices import Line, is_content, join, lines_of, model_mark
from rhetoric.stages.devices.candidates import Candidate, candidates
from rhetoric.stages.devices.quotable import AGAINST, APPLAUSE_S, PAUSE_S, Setting, marks
from rhetoric.types import Finding, Metric, Option, Speech, Stage, StageResult

SHOWN = 50.0  # every candidate from this score on is a finding
RANKED = 5.0  # below it, the best TOP from this score on
TOP = 20
COUNTED = SLOGAN_SCORE  # what `slogan_density` counts

# Mark -> weight (zh, en). Logistic regression with L2 penalty (C = 0.3), slogans weighed eightfold, each mark bound to
# the side it speaks for; the candidate of a sentence is the one the weights of the round before rank first, six rounds.
# Fitted 2026-11-26 on 54 gold speeches (zh 25 with 151 slogans, en 29 with 169). Fitted on one half of the speeches
# and tried on the other, the mean average precision of a speech is 0.32-0.35 (zh) and 0.28-0.36 (en) where chance gives
# 0.02; `docs/experiments-lexicons.md` has the table. By hand, since the gold has no times and few returning English
# lines: "before applause", "set off by pauses", and "returns later" in English.
BIAS = {"zh": -4.35, "en": -2.45}
WEIGHTS: dict[str, tuple[float, float]] = {
    "antithesis": (2.06, 1.78),
    "returns later": (2.48, 0.50),
    "big word": (1.34, 1.55),
    "set up": (1.66, 1.08),
    "exclaimed": (0.18, 2.14),
    "quoted": (1.33, 0.92),
    "call or promise": (1.10, 0.99),
    "maxim": (0.90, 1.15),
    "near the end": (0.95, 0.67),
    "A is B": (0.60, 1.01),
    "before applause": (0.80, 0.80),
    "a word twice": (0.60, 0.87),
    "image": (1.04, 0.38),
    "call word": (0.54, 0.87),
    "general word": (1.21, 0.19),
    "a whole sentence": (0.95, 0.33),
    "parallel halves": (1.07, 0.18),
    "set off by pauses": (0.60, 0.60),
    "big words": (0.53, 0.62),
    "brief": (0.93, 0.19),
    "even halves": (0.42, 0.44),
    "rhyme": (0.07, 0.54),
    "two halves": (0.16, 0.16),
    "triad": (0.00, 0.28),
    "alliteration": (0.00, 0.16),
    "very short": (0.00, 0.00),
    "question hook": (0.00, 0.00),
    "first person": (-0.08, -0.29),
    "runs the event": (-0.15, -0.55),
    "begins by pointing": (0.00, -0.74),
    "talk": (-0.20, -0.69),
    "talk word": (-0.72, -0.37),
    "product or figure": (-0.39, -1.20),
    "points to something": (-1.58, -0.88),
}
_COLUMN = {"zh": 0, "en": 1}
def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
    """Rank the quotable lines of a speech; `score` is 0..100, `evidence` the marks for and against."""
    setting = setting_of(speech)
    scored = [_joined(speech, best) for line in setting.lines.values() if (best := best_of(line, setting))]
    scored.sort(key=_by_score)
    shown = [item for rank, item in enumerate(scored) if item[0] >= SHOWN or (rank < TOP and item[0] >= RANKED)]
    findings = corrected("slogans", speech, (_finding(*item) for item in shown), ("slogan",))
    size = sum(sentence.size for sentence in speech.sentences if is_content(speech, sentence))
    counted = sum(finding.score >= COUNTED for finding in findings)
    density = Metric(name="slogan_density", numerator=counted, denominator=size / 1000,
                     unit=f"lines per 1,000 {speech.size_unit}")
    return StageResult(findings=findings, metrics=(density,))


Scored = tuple[float, Candidate, tuple[str, ...]]


def _by_score(item: Scored) -> tuple[float, int]:
    return -item[0], item[1].char_start


def best_of(line: Line, setting: Setting) -> Scored | None:
    """The candidate of a sentence with the highest score; of equal ones the first, which is the widest."""
    best: Scored | None = None
    for candidate in candidates(line, setting.language):
        fired = tuple(marks(candidate, setting))
        score = score_of(fired, setting.language)
        if best is None or score > best[0]:
            best = score, candidate, fired
    return best


def _joined(speech: Speech, scored: Scored) -> Scored:
    """The score with what the reader's encoder says of the sentence, which becomes a mark; as it is without one."""
    score, candidate, fired = scored
    probability = speech.readings[candidate.index].slogan if speech.readings else None
    if probability is None:
        return scored
    joined = join.joined(score / 100, probability, speech.language)
    return 100 * joined, candidate, (*fired, model_mark(probability))


def score_of(fired: tuple[str, ...], language: str) -> float:
    """100 * logistic(bias + weights of the marks)."""
    return 100 / (1 + math.exp(-(BIAS[language] + sum(WEIGHTS[mark][_COLUMN[language]] for mark in fired))))


def _finding(score: float, candidate: Candidate, fired: tuple[str, ...]) -> Finding:
    return Finding(label="slogan", sentence_index=candidate.index, char_start=candidate.char_start,
                   char_end=candidate.char_end, score=round(score, 1),
                   evidence=tuple(f"against: {mark}" if mark in AGAINST else mark for mark in fired))


def setting_of(speech: Speech) -> Setting:
    """What the marks need to know of the whole speech: where lines are said, pauses, applause."""
    lines = {line.index: line for line in lines_of(speech)}
    places: dict[str, list[int]] = defaultdict(list)
    for line in lines.values():
        for key in {candidate.key for candidate in candidates(line, speech.language)}:
            places[key].append(line.index)
    starts = {s.index: s.start_s for s in speech.sentences if s.start_s is not None}
    return Setting(language=speech.language, lines=lines, places=places, starts=starts,
                   set_off=frozenset(_set_off(speech)), before_applause=frozenset(_before_applause(speech)),
                   last_index=len(speech.sentences) - 1)


def _set_off(speech: Speech) -> Iterator[int]:
    """Sentences with a pause on both sides."""
    for before, here, after in zip(speech.sentences, speech.sentences[1:], speech.sentences[2:], strict=False):
        times = (before.end_s, here.start_s, here.end_s, after.start_s)
        if None not in times and _gap(times[0], times[1]) >= PAUSE_S and _gap(times[2], times[3]) >= PAUSE_S:
            yield here.index


def _gap(end_s: float | None, start_s: float | None) -> float:
    return start_s - end_s if start_s is not None and end_s is not None else 0.0


def _before_applause(speech: Speech) -> Iterator[int]:
    """The sentence that each applause follows, and those that end within 20 s before it."""
    for event in speech.events:
        if event.kind != "applause" or event.after_index < 0:
            continue
        yield event.after_index
        for sentence in speech.sentences[max(0, event.after_index - 3) : event.after_index]:
            if 0 <= _gap(sentence.end_s, event.start_s) <= APPLAUSE_S and event.start_s is not None:
                yield sentence.index


STAGE = Stage(name="slogans", version="3", languages=("zh", "en"), labels=("slogan",), metrics=("slogan_density",),
              run=run)
