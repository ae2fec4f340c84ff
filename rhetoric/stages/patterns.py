"""What a speech is built with again: lines that return from afar (refrains), and frames with slots (不是 X，而是 Y).

A refrain is a line said again, word for word, at least 60 s or 15 sentences later. A frame is one of the turns of
`FRAMES` with what fills its slots; every use is told, so that uses can be joined over speeches by their template.
The `score` of both is how often the line or the frame is used in this speech.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from rhetoric.stages.devices import Line, is_content, label_of, lines_of
from rhetoric.stages.devices.candidates import Candidate, candidates
from rhetoric.stages.devices.quotable import FAR_S, FAR_SENTENCES, RETURNING_SIZE
from rhetoric.stages.devices.repeats import plain_words
from rhetoric.types import Finding, Metric, Option, Speech, Stage, StageResult

LABELS = ("refrain", "frame")
METRICS = ("refrain_density", "frame_density")
RUNS_THE_EVENT = "stage"
HEAVY = {"zh": 4, "en": 2}  # characters or words of a returning line that are not plain: lighter ones return by chance

_Z = r"[^，。！？；：、,.!?;:\s…]"
_ZW = r"[^，。！？；：、,.!?;:\s…\d的]"
_ZX, _ZY = rf"(?P<x>{_Z}{{1,14}}?)", rf"(?P<y>{_Z}{{1,14}})"
_E = r"[^.,!?;:\u2014\"]"
_EX, _EY = rf"(?P<x>{_E}{{2,60}}?)", rf"(?P<y>{_E}{{2,60}})"
_WORD = r"[a-z'\u2019-]+"
_TO_BE = r"(?:['\u2019]s| is|['\u2019]re| are)"
_NO_END = r"(?!(?:want\w*|going|ha[vd]e?|has|need\w*|able|used|how|try\w*|like|trip|way|time|what|who|that|access)\b)"
_ER = ("big|bigg|larg|small|long|short|high|low|deep|fast|slow|quick|soon|lat|earli|old|young|new|hard|easi|"
       "soft|strong|weak|smart|wis|rich|poor|cheap|clos|near|furth|farth|wid|narrow|thin|thinn|thick|light|dark|"
       "bright|heavi|great|loud|quiet|clean|saf|simpl|fin|rar|warm|hott|cold|cool|happi|busi|bold|brav|tough|"
       "tight|loos|sharp|clear|broad|rough|smooth|full|hungri|fre|stead|steadi|gentl|kind|calm|noisi|sweet|pur|"
       "plain")
_MORE = rf"the (?:more|less|fewer|better|worse|(?:{_ER})e?r)"  # "the worker ..., the builder ..." compares nothing
FRAMES: dict[str, dict[str, str]] = {
    "zh": {
        "不是 X，而是 Y": rf"(?:不是|并非){_ZX}[，,\s]*而是{_ZY}",
        "没有 X，就没有 Y": rf"没有{_ZX}[，,\s]*(?:就没有|也就没有|便没有|哪有|哪来的?){_ZY}",
        "只有 X，才 Y": rf"只有{_ZX}[，,\s]*才{_ZY}",
        "从 X 到 Y": rf"从(?P<x>(?!来|此|而|不|没|小就){_ZW}{{1,10}}?)[，,]?到(?!了|底|时候|处)(?P<y>{_ZW}{{1,10}})",
        "越 X，越 Y": rf"越(?P<x>(?!来|发){_Z}{{1,8}}?)[，,\s]*越(?P<y>{_Z}{{1,8}})",
        "与其 X，不如 Y": rf"与其{_ZX}[，,\s]*(?:还)?不如{_ZY}",
        "宁可 X，也不 Y": rf"(?:宁可|宁愿|宁肯){_ZX}[，,\s]*(?:也不|也要|不可|绝不|也绝不){_ZY}",
        "曾经 X，如今 Y": rf"(?:曾经|从前|当年){_ZX}[，,\s]*(?:如今|而今|今天){_ZY}",
        "少一点 X，多一点 Y": rf"少一?[点些分]{_ZX}[，,\s]*多一?[点些分]{_ZY}",
        "多一点 X，少一点 Y": rf"多一?[点些分]{_ZX}[，,\s]*少一?[点些分]{_ZY}",
        "哪里有 X，哪里就有 Y": rf"哪里有{_ZX}[，,\s]*哪里就有{_ZY}",
        "要么 X，要么 Y": rf"要么{_ZX}[，,\s]*要么{_ZY}",
        "为了 X，为了 Y": rf"为了{_ZX}[，,\s]*(?:也)?为了{_ZY}",
        "X 归 X，Y 归 Y": rf"(?P<x>{_Z}{{1,6}})归(?P=x)[，,\s]*(?P<y>{_Z}{{1,6}})归(?P=y)",
    },
    "en": {
        "not X but Y": rf"\bnot {_EX},? but (?!also\b|(?:i|we|you|they|he|she|it|if|when|then|that|this)\b){_EY}",
        "it is not X, it is Y": rf"\b(?:it|this|that|they|we){_TO_BE} not {_EX}[,;\u2014-]+ ?"
                                rf"(?:it|this|that|they|we){_TO_BE} {_EY}",
        "it isn't X, it's Y": rf"\b(?:it|this|that)\s?(?:is|was)n['\u2019]t {_EX}[,;\u2014-]+ ?"
                              rf"(?:it|this|that)(?:['\u2019]s| is| was) {_EY}",
        "from X to Y": rf"\bfrom (?P<x>(?!here|there|now|me|one|day|time)(?:{_WORD} ){{0,2}}{_NO_END}{_WORD}) to "
                       rf"(?P<y>(?!(?:be|do|get|make|you|go|help|use|see|the next)\b){_WORD}(?: {_WORD}){{0,2}})",
        "less X, more Y": rf"\bless {_EX}(?:,| and)\s*more {_EY}",
        "more X, less Y": rf"\bmore {_EX}(?:,| and)\s*less {_EY}",
        "no X, no Y": r"\bno (?P<x>\w+(?: \w+)?), no (?P<y>\w+(?: \w+)?)",
        "the more X, the more Y": rf"\b{_MORE} {_EX}, {_MORE} {_EY}",
        "you can X, you can't Y": rf"\byou can {_EX},? (?:but )?you (?:can['\u2019]?t|cannot) {_EY}",
        "once X, now Y": rf"\bonce {_EX}[,;] (?:and )?now {_EY}",
        "where there is X, there is Y": rf"\bwhere there(?:['\u2019]s| is) {_EX}, there(?:['\u2019]s| is) {_EY}",
        "not because X, but because Y": rf"\bnot because {_EX},? but because {_EY}",
    },
}


def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
    """Find the refrains and frames of a speech; `evidence` names template and slots, or how far the line returns."""
    lines = lines_of(speech)
    findings = (*_refrains(speech, lines), *_frames(speech, lines))
    size = sum(sentence.size for sentence in speech.sentences if is_content(speech, sentence))
    counts = Counter(finding.label for finding in findings)
    metrics = tuple(Metric(name=f"{label}_density", numerator=counts[label], denominator=size / 1000,
                           unit=f"per 1,000 {speech.size_unit}") for label in LABELS)
    return StageResult(findings=findings, metrics=metrics)


def _frames(speech: Speech, lines: Sequence[Line]) -> Iterator[Finding]:
    found: list[tuple[str, Line, re.Match[str]]] = []
    for line in lines:
        taken: list[tuple[int, int]] = []
        for template, pattern in _patterns(speech.language):
            for hit in pattern.finditer(line.text):
                if all(hit.end() <= start or hit.start() >= end for start, end in taken):
                    taken.append(hit.span())
                    found.append((template, line, hit))
    uses = Counter(template for template, _, _ in found)
    for template, line, hit in found:
        slots = tuple(f"{name.upper()}: {' '.join(hit[name].split())}" for name in ("x", "y"))
        often = f"used {uses[template]} times" if uses[template] > 1 else "used once"
        yield Finding(label="frame", sentence_index=line.index, char_start=line.char_start + hit.start(),
                      char_end=line.char_start + hit.end(), score=float(uses[template]),
                      evidence=(template, *slots, often))


@lru_cache(maxsize=2)
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((template, re.compile(pattern, re.I)) for template, pattern in FRAMES[language].items())


def _refrains(speech: Speech, lines: Sequence[Line]) -> Iterator[Finding]:
    places: dict[str, list[Candidate]] = defaultdict(list)
    for line in lines:
        if label_of(speech, line.index) == RUNS_THE_EVENT:  # "let us look at it" returns in every speech
            continue
        for candidate in candidates(line, speech.language):
            if _says_enough(candidate, speech.language):
                places[candidate.key].append(candidate)
    told: set[tuple[int, int]] = set()
    # The widest line first: its parts return with it and say nothing more.
    for uses in sorted(places.values(), key=_widest):
        apart = _apart(speech, uses)
        fresh = [use for use in uses if not any(_within(use, known) for known in told)]
        if apart and fresh:
            told.update((use.char_start, use.char_end) for use in uses)
            for use in fresh:
                yield Finding(label="refrain", sentence_index=use.index, char_start=use.char_start,
                              char_end=use.char_end, score=float(len(uses)),
                              evidence=(f"said {len(uses)} times", apart))


def _widest(uses: Sequence[Candidate]) -> tuple[int, int]:
    return -uses[0].size, uses[0].char_start


def _within(use: Candidate, known: tuple[int, int]) -> bool:
    return known[0] <= use.char_start and use.char_end <= known[1]


def _says_enough(candidate: Candidate, language: str) -> bool:
    heavy = [word for word in candidate.words if word not in plain_words(language)]
    weight = sum(map(len, heavy)) if language == "zh" else len(heavy)
    return candidate.size >= RETURNING_SIZE[language] and weight >= HEAVY[language]


def _apart(speech: Speech, uses: Sequence[Candidate]) -> str:
    """How far the first use is from the last, where that is far enough; else ""."""
    first, last = speech.sentences[uses[0].index], speech.sentences[uses[-1].index]
    seconds = last.start_s - first.start_s if first.start_s is not None and last.start_s is not None else 0.0
    if seconds >= FAR_S:
        return f"over {round(seconds / 60, 1):g} minutes"
    distance = last.index - first.index
    return f"over {distance} sentences" if distance >= FAR_SENTENCES else ""


STAGE = Stage(name="patterns", version="2", languages=("zh", "en"), labels=LABELS, metrics=METRICS, run=run)
