"""Run the stages on coded speeches and score what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rhetoric.errors import FormatError, StageError
from rhetoric.evaluation.counts import Counts, Share, counts_of, shares_of
from rhetoric.evaluation.scores import DIGITS, Intervals, Scores, nested, pooled
from rhetoric.evaluation.seen import is_seen
from rhetoric.models.gold import GoldSpeech
from rhetoric.plurals import counted
from rhetoric.stages import load_stages, run_stage
from rhetoric.types import Speech

EVALUATED = ("function", "ratio", "emotion", "slogans", "figures")  # the stages that the gold codes
ReadSpeech = Callable[[GoldSpeech], Speech]
Watch = Callable[[str], None]  # told a line after each speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One speech, or the speeches of one language together. `seen` counts those that the reader was trained on.

    `shares` are told of one speech only.
    """

    name: str
    language: str
    speeches: int
    sentences: int
    seen: int | None
    scores: Scores
    intervals: Intervals
    shares: Mapping[str, Share] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """The scores as objects in objects, the intervals beside them by their dotted names."""
        about = {"speeches": self.speeches, "sentences": self.sentences, "seen_by_the_reader": self.seen}
        shares = {f"{name}.{part}": None if value is None else round(value, DIGITS)
                  for name, share in self.shares.items() for part, value in share._asdict().items()}
        return about | nested(self.scores | shares) | {"intervals": self.intervals}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All scores: pooled by language, the same over speeches that the reader has not seen, and of each speech.

    `unseen` is empty where it is not known which those are, or where all are.
    """

    pooled: tuple[Scored, ...]
    unseen: tuple[Scored, ...]
    by_speech: tuple[Scored, ...]

    def as_data(self) -> dict[str, object]:
        """Everything as plain data: `zh` and `en` pooled, `unseen`, `by_speech`."""
        return {**{scored.language: scored.as_data() for scored in self.pooled},
                "unseen": {scored.language: scored.as_data() for scored in self.unseen},
                "by_speech": {scored.name: {"language": scored.language} | scored.as_data()
                              for scored in self.by_speech}}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    gold: GoldSpeech
    seen: bool | None
    counts: Counts
    shares: Mapping[str, Share]


def evaluate(golds: Sequence[GoldSpeech], read: ReadSpeech, *, trained: Iterable[str] | None = (),
             watch: Watch | None = None) -> Evaluation:
    """Score the stages on every coded speech that is no silver one.

    `read` makes a speech of a coded one and gives it its readings; `trained` are the names of the speeches that the
    reader learned from (None: not known). Same input, same numbers.

    Raises:
        FormatError: there is no coded speech.
        StageError: a stage failed on a speech.
        SpeechError, ModelError: see `rhetoric.sentences.from_sentences` and `rhetoric.models.reader.read`.
    """
    stages = load_stages(EVALUATED)
    names = None if trained is None else frozenset(trained)
    cases = []
    for gold in sorted((gold for gold in golds if not gold.silver), key=_name):  # the order must not move an interval
        speech = read(gold)
        runs = {stage.name: run_stage(stage, speech) for stage in stages}
        broken = [f"{run.stage}: {run.error}" for run in runs.values() if run.error]
        if broken:
            raise StageError(f"{gold.name}: cannot be scored: {broken[0]}")
        results = {name: run.result for name, run in runs.items()}
        cases.append(_Case(gold=gold, seen=is_seen(gold, names), counts=counts_of(gold, speech, results),
                           shares=shares_of(gold, speech, results)))
        if watch:
            watch(f"{gold.name}: {counted(len(gold.sentences), 'sentence')} scored")
    if not cases:
        raise FormatError("no coded speech to score; code some (see docs/codebook.md)")
    fresh = [case for case in cases if case.seen is False]
    return Evaluation(pooled=_by_language(cases), unseen=_by_language(fresh) if len(fresh) < len(cases) else (),
                      by_speech=tuple(_scored(case.gold.name, [case]) for case in cases))


def _name(gold: GoldSpeech) -> str:
    return gold.name


def _by_language(cases: Sequence[_Case]) -> tuple[Scored, ...]:
    languages = sorted({case.gold.language for case in cases}, reverse=True)
    return tuple(_scored(language, [case for case in cases if case.gold.language == language])
                 for language in languages)


def _scored(name: str, cases: Sequence[_Case]) -> Scored:
    scores, intervals = pooled([case.counts for case in cases])
    known = all(case.seen is not None for case in cases)
    return Scored(name=name, language=cases[0].gold.language, speeches=len(cases),
                  sentences=sum(len(case.gold.sentences) for case in cases),
                  seen=sum(bool(case.seen) for case in cases) if known else None, scores=scores, intervals=intervals,
                  shares=cases[0].shares if len(cases) == 1 else {})
