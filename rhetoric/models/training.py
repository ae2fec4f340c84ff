"""Train the sentence reader on coded speeches and say how well it does on speeches it has not seen."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rhetoric.codebook import FUNCTIONS
from rhetoric.errors import FormatError, MissingExtraError, ModelError
from rhetoric.models import features, fitting, reader
from rhetoric.models.card import write_model_card
from rhetoric.models.fitting import Prepared, Vectors
from rhetoric.models.gold import GoldSpeech, read_gold_folder
from rhetoric.models.reader import ReaderModel
from rhetoric.models.scoring import Scores, best_temperature, score
from rhetoric.types import Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["TrainingResult", "cross_validate", "train", "unseen_readings", "write_model_card", "write_models"]

LOG = logging.getLogger(__name__)

FOLDS = 6
MIN_EVENTS = 2  # without a second occasion nothing can be scored on speeches not seen

ToSpeech = Callable[[str, Sequence[str], str], Speech]
Watch = Callable[[str], None]  # told a line after each fold


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingResult:
    """The models by language, and their scores on occasions and on speakers that were kept out of the training.

    `by_speaker` is empty for a language with one speaker only.
    """

    models: dict[str, ReaderModel]
    by_event: dict[str, Scores]
    by_speaker: dict[str, Scores]


def train(gold_folder: Path, vectors_folder: Path | None, *, to_speech: ToSpeech, folds: int = FOLDS) -> TrainingResult:
    """Train a reader for each language of the gold folder.

    `to_speech(speech_id, sentences, language)` makes a speech of sentences (`rhetoric.sentences.from_sentences`).
    `vectors_folder` holds `<language>.npz` with `words` and `vectors` (words, dimensions), most frequent first; None:
    the vectors of the installed reader are used again.

    Raises:
        FormatError: a gold file is not as it should be, there are too few, or the vectors cannot be read.
        MissingExtraError: SciPy is not installed (it comes with scikit-learn).
    """
    models, by_event, by_speaker = {}, {}, {}
    with one_thread():
        golds = read_gold_folder(gold_folder)
        for language in sorted({gold.language for gold in golds}):
            own = [gold for gold in golds if gold.language == language]
            if len({gold.event for gold in own}) < MIN_EVENTS:
                raise FormatError(f"{gold_folder}: only one coded speech in {language!r}; code at least {MIN_EVENTS}")
            vectors = vectors_for(language, vectors_folder)
            speeches = [prepare(gold, to_speech, vectors) for gold in own]
            models[language], by_event[language], other = _train(language, speeches, vectors, folds)
            if other:
                by_speaker[language] = other
    return TrainingResult(models=models, by_event=by_event, by_speaker=by_speaker)


def one_thread() -> AbstractContextManager[object]:
    """Sums in one order, whatever the machine's cores; raises where the optional part `train` is not installed."""
    try:
        import scipy.optimize  # type: ignore[import-untyped]
        import scipy.sparse  # type: ignore[import-untyped]  # noqa: F401
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtraError("training", "train") from error
    limits: AbstractContextManager[object] = threadpool_limits(limits=1)
    return limits


def _train(language: str, speeches: Sequence[Prepared], vectors: Vectors,
           folds: int) -> tuple[ReaderModel, Scores, Scores | None]:
    import numpy as np

    LOG.info("%s: %d speeches, %d sentences", language, len(speeches), sum(len(s.labels) for s in speeches))
    raw = cross_validate(language, speeches, vectors, folds=folds, by="event")
    scored = [k for k, speech in enumerate(speeches) if not speech.gold.silver]
    temperature = best_temperature(np.concatenate([raw[k] for k in scored]),
                                   np.concatenate([speeches[k].labels for k in scored]))
    by_event = _score(speeches, scored, raw, temperature)
    LOG.info("%s, speeches not seen: %s", language, by_event)
    by_speaker = None
    if len({speech.gold.speaker for speech in speeches}) >= MIN_EVENTS:
        other = cross_validate(language, speeches, vectors, folds=folds, by="speaker")
        by_speaker = _score(speeches, scored, other, temperature)
        LOG.info("%s, speakers not seen: %s", language, by_speaker)
    about = about_of(speeches, temperature, by_event, by_speaker)
    return fitting.fit(language, speeches, vectors, about), by_event, by_speaker


def about_of(speeches: Sequence[Prepared], temperature: float, by_event: Scores,
           by_speaker: Scores | None) -> dict[str, Any]:
    """What the model card says, kept inside the data file."""
    counts = Counter(label for speech in speeches for label in speech.gold.functions)
    silver = [speech for speech in speeches if speech.gold.silver]
    return {
        "temperature": temperature, "trained_on": sorted(speech.gold.name for speech in speeches),
        "speeches": len(speeches), "sentences": sum(len(s.labels) for s in speeches),
        "silver_speeches": len(silver), "silver_sentences": sum(len(s.labels) for s in silver),
        "labels": {label: counts[label] for label in FUNCTIONS},
        "unseen_speeches": _rounded(by_event), "unseen_speakers": _rounded(by_speaker) if by_speaker else {},
    }


def _rounded(scores: Scores) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(scores).items()}


def prepare(gold: GoldSpeech, to_speech: ToSpeech, vectors: Vectors) -> Prepared:
    """A coded speech with its features."""
    import numpy as np

    speech = to_speech(gold.name, gold.sentences, gold.language)
    words = [features.words_of(speech, sentence) for sentence in speech.sentences]
    vector_of = {word: row for row, word in enumerate(vectors.words)}
    profiles = features.profiles(speech, words, vector_of, reader.unpack_vectors(vectors.packed, vectors.scales))
    return Prepared(gold=gold, marks=[features.marks(w, gold.language) for w in words],
                    profile=features.around(profiles),
                    labels=np.array([FUNCTIONS.index(label) for label in gold.functions]),
                    sizes=np.array([float(sentence.size) for sentence in speech.sentences]))


def vectors_for(language: str, folder: Path | None) -> Vectors:
    """The vectors of a folder, pruned and packed; without a folder those of the installed reader."""
    import numpy as np

    if folder is None:
        try:
            model = reader.load(language)
        except ModelError as error:
            raise FormatError(f"no word vectors for {language!r}: give a folder of vectors ({error})") from error
        return Vectors(words=model.words, packed=model.vectors, scales=model.vector_scales)
    path = folder / f"{language}.npz"
    try:
        with np.load(path, allow_pickle=False) as data:
            words = tuple(str(word) for word in data["words"][: fitting.MAX_WORDS])
            vectors = data["vectors"][: fitting.MAX_WORDS].astype(np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise FormatError(f"{path}: cannot be read ({error}); it must hold the arrays words and vectors") from error
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6
    packed, scales = reader.pack_vectors(vectors)
    return Vectors(words=words, packed=packed, scales=scales)


def unseen_readings(golds: Sequence[GoldSpeech], vectors_folder: Path | None, *, to_speech: ToSpeech,
                    by: Literal["event", "speaker"], folds: int = FOLDS,
                    watch: Watch | None = None) -> dict[str, Floats]:
    """Probabilities of each coded speech, by its name, from a reader that saw nothing of its event (or speaker).

    Each is shaped (sentences, labels), rows summing to 1, calibrated by one temperature a language. Silver speeches are
    trained on and not read. `to_speech` and `vectors_folder` as in `train`.

    Raises:
        FormatError: a language has one event (speaker) only, or the vectors cannot be read.
        MissingExtraError: SciPy is not installed.
    """
    import numpy as np

    found: dict[str, Floats] = {}
    parts = {language: [gold for gold in golds if gold.language == language]
             for language in sorted({gold.language for gold in golds})}
    for language, own in parts.items():
        if len({getattr(gold, by) for gold in own}) < MIN_EVENTS:
            raise FormatError(f"only one {by} is coded in {language!r}; code at least {MIN_EVENTS} to leave one out")
    with one_thread():
        for language, own in parts.items():
            vectors = vectors_for(language, vectors_folder)
            speeches = [prepare(gold, to_speech, vectors) for gold in own]
            raw = cross_validate(language, speeches, vectors, folds=folds, by=by, watch=watch)
            scored = [k for k, gold in enumerate(own) if not gold.silver]
            temperature = best_temperature(np.concatenate([raw[k] for k in scored]),
                                           np.concatenate([speeches[k].labels for k in scored]))
            found |= {own[k].name: reader.calibrated(raw[k], temperature) for k in scored}
    return found


def cross_validate(language: str, speeches: Sequence[Prepared], vectors: Vectors, *, folds: int = FOLDS,
                   by: str = "event", watch: Watch | None = None) -> list[Floats]:
    """Probabilities (not calibrated) of each speech by a model that saw nothing of its `event` or `speaker`."""
    raw: dict[int, Floats] = {}
    chosen = group_folds(speeches, folds, by)
    for number, fold in enumerate(chosen, start=1):
        seen = [speech for k, speech in enumerate(speeches) if k not in fold]
        model = fitting.fit(language, seen, vectors, {"temperature": 1.0})
        raw |= {k: reader.probabilities(model, speeches[k].profile, speeches[k].marks) for k in fold}
        if watch:
            watch(f"{language}: fold {number} of {len(chosen)} done, leaving out each {by} once")
    return [raw[k] for k in range(len(speeches))]


def group_folds(speeches: Sequence[Prepared], folds: int, by: str) -> list[set[int]]:
    """Sets of speeches to keep out together, about equally many sentences each; no event (or speaker) is torn apart."""
    groups: dict[str, list[int]] = defaultdict(list)
    for k, speech in enumerate(speeches):
        groups[getattr(speech.gold, by)].append(k)
    sizes = sizes_of((speech.gold for speech in speeches), by)
    return [{k for name in part for k in groups[name]} for part in even_parts(sizes, folds)]


def sizes_of(golds: Iterable[GoldSpeech], by: str) -> dict[str, int]:
    """Coded sentences of each `event` or `speaker`."""
    sizes: Counter[str] = Counter()
    for gold in golds:
        sizes[getattr(gold, by)] += len(gold.sentences)
    return dict(sizes)


def even_parts(sizes: Mapping[str, int], parts: int) -> list[set[str]]:
    """Names in at most so many parts of about equal size: the largest first, each into the part that is smallest."""
    chosen: list[set[str]] = [set() for _ in range(min(parts, len(sizes)))]
    filled = [0] * len(chosen)
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        smallest = filled.index(min(filled))
        chosen[smallest].add(name)
        filled[smallest] += sizes[name]
    return chosen


def _score(speeches: Sequence[Prepared], scored: Sequence[int], raw: Sequence[Floats], temperature: float) -> Scores:
    warm = [reader.calibrated(raw[k], temperature) for k in scored]
    return score(warm, [speeches[k].labels for k in scored], [speeches[k].sizes for k in scored])


def write_models(result: TrainingResult, folder: Path) -> list[Path]:
    """Write the data files and the model card; returns their paths."""
    paths = [reader.save(model, folder) for _, model in sorted(result.models.items())]
    return [*paths, write_model_card(result.models, folder)]
