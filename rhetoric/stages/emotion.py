"""Emotional phrases: the words that name or show a feeling somebody has, with class, intensity, and who has it.

Two witnesses are joined. The reader's encoder gives the probability that a sentence shows a feeling, and which; the
word lists `emotion.zh` and `emotion.en` say where and how. A sentence that holds a phrase of a list needs less of
the probability than one that holds none (`GATES`); of the latter the whole sentence is the phrase. Class and intensity
of a phrase are weighed from both (`WEIGHTS`), the intensity where no word of degree stands. A reader without an encoder
leaves the lists alone. A phrase of a list is
- given the words of degree beside it (特别焦虑, "a bit nervous"),
- dropped where it is negated (不焦虑, "not afraid"); fixed phrases of courage ("never give up") stand in the list,
- dropped where it praises a product (惊艳的屏幕, "a stunning display").
Sentences that the reader calls `noncontent` have none. Irony and quotation are not seen by the lists.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rhetoric.codebook import EMOTIONS, MAX_INTENSITY
from rhetoric.codes import corrected
from rhetoric.lexicons import DEGREE, EMOTION, NEGATION, NO_CLASS, PRAISE, Lexicon, read_lexicon
from rhetoric.lexicons.context import Context, Degree, context_for
from rhetoric.lexicons.matching import Match, Terms, terms_of
from rhetoric.stages.devices import is_content, model_mark, whole_sentence
from rhetoric.types import Finding, Metric, Option, Reading, Sentence, Speech, Stage, StageResult

METRICS = ("emotion_density", "emotion_per_minute", "emotion_intensity", "emotion_strong")
STRONG = 3
# The same word again within so many characters is stress or a stutter, not a second phrase.
ECHO_CHARACTERS = 6

_DEGREE = "degree: "  # begins the mark of a word of degree

NEVER = 2.0  # no probability reaches it
GATES: dict[str, tuple[float, float]] = {"zh": (0.0, NEVER), "en": (0.15, 0.6)}
"""Language -> the probability of any feeling that a sentence needs with a phrase of a list, and without one.

Set for the best F1 on 20 speeches that the encoder had not seen. In Chinese the list alone was as good as the join, and
stays alone (`docs/experiments-encoder.md`).
"""


class ListWeights(NamedTuple):
    """What a word list's class, and its intensity, add to the logarithm of the encoder's probability of the same.

    `STANDS` is so much that the list's word stands.
    """

    label: float
    intensity: float


STANDS = 100.0
WEIGHTS: dict[str, ListWeights] = {
    language: ListWeights(**weights) for language, weights in json.loads(
        (Path(__file__).parent / "devices" / "emotion.json").read_text(encoding="utf-8")).items()}
"""Language -> weights, set by `tools/refit.py` on speeches that their reader had not learned from (`fit_emotion`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tools:
    terms: Terms
    context: Context


def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
    """Find the emotional phrases of a speech; `score` is the intensity 1..3.

    Options: `lexicon`, a word list instead of the packaged one; `extra`, one whose rows are added or, for a term that
    both have, put in its place (class `none` takes a term out). Both are the path of a `.tsv` file.

    Raises:
        LexiconError: a list cannot be read.
    """
    tools = _tools(speech.language, str(options.get("lexicon", "")), str(options.get("extra", "")))
    found = (finding for sentence in speech.sentences if is_content(speech, sentence)
             for finding in _in_sentence(speech, sentence, tools))
    findings = corrected("emotion", speech, found, EMOTIONS)
    return StageResult(findings=findings, metrics=tuple(_metrics(speech, findings)))


def _in_sentence(speech: Speech, sentence: Sentence, tools: _Tools) -> Iterator[Finding]:
    """The phrases of the lists where there is no encoder; with one, those it lets through, or the whole sentence."""
    phrases = tuple(_phrases(speech, sentence, tools))
    reading = speech.readings[sentence.index] if speech.readings else None
    if reading is None or not reading.emotion:
        yield from phrases
        return
    felt = 1.0 - reading.emotion[0]
    with_phrase, alone = GATES[speech.language]
    if phrases and felt >= with_phrase:
        for phrase in phrases:
            weights = WEIGHTS[speech.language]
            score = phrase.score if has_degree(phrase) else joined_intensity(reading, phrase.score, weights.intensity)
            yield replace(phrase, label=joined_class(reading, phrase.label, weights.label), score=score,
                          evidence=(*phrase.evidence, model_mark(felt)))
    elif not phrases and felt >= alone:
        begin, end = whole_sentence(speech, sentence.index)
        yield Finding(label=joined_class(reading, "", 0.0), sentence_index=sentence.index, char_start=begin,
                      char_end=end, score=joined_intensity(reading, 0.0, 0.0), evidence=(model_mark(felt),))


def joined_class(reading: Reading, listed: str, weight: float) -> str:
    """The likeliest class by the encoder, the list's own raised by a weight."""
    scores = [math.log(max(probability, 1e-4)) + weight * (label == listed)
              for label, probability in zip(EMOTIONS, reading.emotion[1:], strict=True)]
    return EMOTIONS[_likeliest(scores)]


def has_degree(phrase: Finding) -> bool:
    """Whether a word of degree stands beside a phrase of the list: then its intensity is the list's."""
    return any(mark.startswith(_DEGREE) for mark in phrase.evidence)


def joined_intensity(reading: Reading, listed: float, weight: float) -> float:
    """The likeliest intensity, 1..3, by the encoder, the list's own raised by a weight."""
    scores = [math.log(max(probability, 1e-4)) + weight * (step == listed)
              for step, probability in enumerate(reading.intensity, start=1)]
    return float(_likeliest(scores) + 1)


def _likeliest(scores: Sequence[float]) -> int:
    return max(range(len(scores)), key=scores.__getitem__)


def _tools(language: str, lexicon: str, extra: str) -> _Tools:
    lists = [read_lexicon(lexicon or f"emotion.{language}", EMOTION)]
    if extra:
        lists.append(read_lexicon(extra, EMOTION))
    return _built(language, tuple(lists))


@lru_cache(maxsize=8)
def _built(language: str, lists: tuple[Lexicon, ...]) -> _Tools:
    degree, negation, praise = (read_lexicon(f"{name}.{language}", schema) for name, schema in
                                (("degree", DEGREE), ("negation", NEGATION), ("praise", PRAISE)))
    return _Tools(terms=terms_of(language, *lists), context=context_for(language, degree, negation, praise))


def _phrases(speech: Speech, sentence: Sentence, tools: _Tools) -> Iterator[Finding]:
    text, offset = speech.text_of(sentence), sentence.char_start
    borders = frozenset(edge - offset for token in sentence.tokens for edge in (token.char_start, token.char_end))
    felt = _felt(text, tools.terms.find(text, borders), tools.context)
    named = [match for match, _ in felt if match.entry.mode == "named"]
    for match, degree in felt:
        label = _class_of(match, named)
        yield Finding(
            label=label, sentence_index=sentence.index, char_start=offset + degree.char_start,
            char_end=offset + degree.char_end, score=float(_intensity(match, degree.step)),
            evidence=_marks(text, match, degree.words, tools.context.who(text, match), label),
        )


def _felt(text: str, matches: list[Match], context: Context) -> list[tuple[Match, Degree]]:
    """The matches that stand for a feeling, each with its word of degree."""
    felt: list[tuple[Match, Degree]] = []
    last_end: dict[str, int] = {}
    for match in matches:
        term = match.entry.term
        echo = match.char_start - last_end.get(term, -ECHO_CHARACTERS - 1) <= ECHO_CHARACTERS
        last_end[term] = match.char_end
        if match.entry.label == NO_CLASS or echo or context.is_praise(text, match):
            continue
        degree = context.degree(text, match)
        if not context.is_negated(text, degree.char_start, match):
            felt.append((match, degree))
    return felt


def _class_of(match: Match, named: list[Match]) -> str:
    """The class of a phrase; a sign (tears, trembling) takes that of the nearest feeling named in its sentence."""
    if match.entry.mode != "shown" or not named:
        return match.entry.label
    nearest = min(named, key=lambda other: (abs(other.char_start - match.char_start), other.char_start))
    return nearest.entry.label


def _intensity(match: Match, step: int) -> int:
    """The list's intensity moved by the word of degree: an ordinary booster (1) lifts only a mild feeling."""
    base = match.entry.intensity
    if step == 1:
        return max(base, 2)
    return max(1, min(MAX_INTENSITY, base + (1 if step > 1 else step)))


def _marks(text: str, match: Match, degree_words: str, who: str, label: str) -> tuple[str, ...]:
    marks = [f"term: {text[match.char_start : match.char_end]}", match.entry.mode]
    if degree_words:
        marks.append(f"{_DEGREE}{degree_words}")
    if who:
        marks.append(f"felt by: {who}")
    if label != match.entry.label:
        marks.append("class from the feeling named beside it")
    return tuple(marks)


def _metrics(speech: Speech, findings: tuple[Finding, ...]) -> Iterator[Metric]:
    content = [sentence for sentence in speech.sentences if is_content(speech, sentence)]
    size, count = sum(sentence.size for sentence in content), len(findings)
    yield Metric(name="emotion_density", numerator=count, denominator=size / 1000,
                 unit=f"phrases per 1,000 {speech.size_unit}")
    if speech.timed:
        yield Metric(name="emotion_per_minute", numerator=count, denominator=_seconds(content) / 60,
                     unit="phrases per minute")
    yield Metric(name="emotion_intensity", numerator=sum(finding.score for finding in findings), denominator=count,
                 unit="intensity 1-3")
    yield Metric(name="emotion_strong", numerator=sum(finding.score >= STRONG for finding in findings),
                 denominator=count, unit="share")


def _seconds(sentences: list[Sentence]) -> float:
    """Time spoken in these sentences, pauses between them left out."""
    return sum(s.end_s - s.start_s for s in sentences if s.start_s is not None and s.end_s is not None)


STAGE = Stage(name="emotion", version="3", languages=("zh", "en"), labels=EMOTIONS, metrics=METRICS, run=run,
              options={"lexicon": "", "extra": ""})
