"""The heads of an encoder, fitted again to a user's own coded speeches; everything below them stays as it is.

A head is a linear layer on what the encoder makes of a sentence. It minimises the cross-entropy of the coded labels
plus pull / 2 * |W - W0|^2, W0 being the installed weights: with few speeches it stays near them (a Gaussian prior at
the source model: Chelba and Acero, "Adaptation of Maximum Entropy Capitalizer: Little Data Can Help a Lot", 2004).
Each head's pull is the one with the least loss on speeches left out, "no change" being among those tried.
Needs SciPy (extra `train`).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS
from rhetoric.errors import FormatError, ModelError
from rhetoric.files import write_atomic
from rhetoric.models import training, word_reader
from rhetoric.models.card import write_adapted_card
from rhetoric.models.encoder import calibrating, model
from rhetoric.models.encoder.calibrating import Unseen
from rhetoric.models.encoder.heads import HEADS
from rhetoric.models.gold import GoldSpeech, read_gold_folder
from rhetoric.models.scoring import score
from rhetoric.models.word_reader import FOLDER, LANGUAGES, calibrated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PULLS = (math.inf, 3000.0, 1000.0, 300.0, 100.0, 30.0)  # the first leaves a head as it is
STEPS = 100  # of L-BFGS
FOLDS = 6
_EXCLUSIVE = ("function", "emotion", "intensity")  # one label a sentence; the other heads say yes or no
_CODED = ("emotion", "intensity", "slogan", "figures")  # heads that not every gold file codes


@dataclass(frozen=True, eq=False, kw_only=True)
class Coded:
    """A coded speech as the heads see it: `states` (sentences, hidden) and, by head, `targets` (sentences, columns)
    with rows of zeros where nothing is learned, and `known` (sentences,), True where something is."""

    gold: GoldSpeech
    states: Floats
    words: Floats
    sizes: Floats
    targets: Mapping[str, Floats]
    known: Mapping[str, NDArray[np.bool_]]

    @property
    def full(self) -> bool:
        """Whether emotion, slogans and figures are coded too."""
        return bool(self.gold.emotions and self.gold.slogans and self.gold.figures)


def adapt(gold_folder: Path, out: Path, *, to_speech: training.ToSpeech, source: Path = FOLDER) -> Mapping[str, Any]:
    """Fit the heads of the reader in `source` to coded speeches, write a whole reader into `out`, return what
    `encoder.json` says: `scores` of each language hold `before` and `unseen_speeches`, both on speeches left out.

    Raises:
        FormatError: a gold file is not as it should be, or a language has one coded event only.
        ModelError: `source` holds no encoder.
        MissingExtraError: SciPy is not installed.
    """
    import numpy as np

    if not model.is_here(source):
        raise ModelError(f"{source}: holds no encoder whose heads could be trained; train the words with --words")
    golds, opened = read_gold_folder(gold_folder), model.open_encoder(source)
    heads = opened.heads.astype(np.float64)
    said: dict[str, Mapping[str, Any]] = {}
    with training.one_thread():
        for language in sorted({gold.language for gold in golds}):
            own = [gold for gold in golds if gold.language == language]
            if len({gold.event for gold in own}) < training.MIN_EVENTS:
                raise FormatError(f"{gold_folder}: only one coded event in {language!r}; code at least "
                                  f"{training.MIN_EVENTS}, so that one can be left out to score on")
            words = word_reader.load(language, source)
            speeches = [_coded(gold, opened, words, to_speech) for gold in own]
            place = LANGUAGES.index(language)
            heads[place], said[language] = _adapt_language(speeches, heads[place], opened.about, language)
    about = {**opened.about, "adapted_on": sorted(gold.name for gold in golds),
             "trained_on": sorted({*opened.about["trained_on"], *(gold.name for gold in golds)}),
             "held_out": sorted({*opened.about["held_out"]} - {gold.name for gold in golds})}
    for key in ("share", "temperature", "calibration", "heads", "scores", "pulls"):
        about[key] = {**about.get(key, {}), **{language: found[key] for language, found in said.items()}}
    _write(heads.astype(np.float32), about, source, out)
    return about


def _coded(gold: GoldSpeech, opened: model.EncoderModel, words: word_reader.ReaderModel,
           to_speech: training.ToSpeech) -> Coded:
    import numpy as np

    speech = to_speech(gold.name, gold.sentences, gold.language)
    targets = _targets(gold)
    return Coded(gold=gold, states=model.states(opened, gold.sentences).astype(np.float64),
                 words=word_reader.uncalibrated(words, speech),
                 sizes=np.array([float(sentence.size) for sentence in speech.sentences]), targets=targets,
                 known={name: _known(gold, name, rows) for name, rows in targets.items()})


def _targets(gold: GoldSpeech) -> dict[str, Floats]:
    """The coded labels of each head, one column a label; zeros where a head has nothing to learn."""
    import numpy as np

    count = len(gold.sentences)
    made = {name: np.zeros((count, place.stop - place.start)) for name, place in HEADS.items()}
    made["function"][np.arange(count), [FUNCTIONS.index(label) for label in gold.functions]] = 1
    for row, felt in enumerate(gold.emotions):
        made["emotion"][row, 0 if felt is None else 1 + EMOTIONS.index(felt.label)] = 1
        if felt is not None:
            made["intensity"][row, felt.intensity - 1] = 1
    for row, slogan in enumerate(gold.slogans):
        made["slogan"][row, 0] = slogan
    for row, found in enumerate(gold.figures):
        made["figures"][row, [FIGURES.index(figure) for figure in found]] = 1
    return made


def _known(gold: GoldSpeech, head: str, targets: Floats) -> NDArray[np.bool_]:
    import numpy as np

    if head in _EXCLUSIVE:
        return np.asarray(targets.sum(axis=1) > 0)
    return np.full(len(targets), bool(gold.slogans if head == "slogan" else gold.figures))


def _adapt_language(speeches: Sequence[Coded], start: Floats, about: Mapping[str, Any],
                    language: str) -> tuple[Floats, Mapping[str, Any]]:
    """New heads of a language, shape of `start`, and what `encoder.json` says of it."""

    folds = _folds(speeches)
    heads, pulls = start.copy(), {}
    unseen = [speech.states @ start[:-1] + start[-1] for speech in speeches]
    for name, place in HEADS.items():
        tried = {pull: _left_out(speeches, folds, name, start[:, place], pull) for pull in PULLS}
        losses = {pull: sum(_loss(name, rows[speech.known[name]], speech.targets[name][speech.known[name]])
                            for speech, rows in zip(speeches, found, strict=True)) for pull, found in tried.items()}
        pulls[name] = min(losses, key=losses.__getitem__)
        heads[:, place] = _fit(name, speeches, start[:, place], pulls[name])
        for rows, found in zip(unseen, tried[pulls[name]], strict=True):
            rows[:, place] = found
    before = [_case(speech, speech.states @ start[:-1] + start[-1]) for speech in speeches if not speech.gold.silver]
    cases = [_case(speech, rows) for speech, rows in zip(speeches, unseen, strict=True) if not speech.gold.silver]
    return heads, {**_about(cases, speeches, about, language), "pulls": {
        name: None if pull == math.inf else pull for name, pull in pulls.items()},
        "scores": {"before": _as_installed(before, about, language),
                   "unseen_speeches": calibrating.rounded(calibrating.scores_across(
                       cases, calibrating.best_share(cases)))}}


def _about(cases: Sequence[Unseen], speeches: Sequence[Coded], about: Mapping[str, Any],
           language: str) -> Mapping[str, Any]:
    """Share, temperature, calibration and scores of the heads, from scores on speeches left out; what no speech codes
    stays as it was."""
    share = calibrating.best_share(cases)
    full = {speech.gold.name for speech in speeches if speech.full}
    coded = [case for case in cases if case.gold.name in full]
    rest = {"calibration": calibrating.calibration(coded), "heads": calibrating.head_scores(coded)} if coded else {
        key: about[key][language] for key in ("calibration", "heads")}
    return {"share": share, "temperature": calibrating.temperature_and_loss(cases, share)[0], **rest}


def _as_installed(cases: Sequence[Unseen], about: Mapping[str, Any], language: str) -> dict[str, float]:
    """Scores with the installed heads, share and temperature."""
    share, temperature = float(about["share"][language]), float(about["temperature"][language])
    return calibrating.rounded(score([calibrated(case.mixed(share), temperature) for case in cases],
                                     [case.labels for case in cases], [case.sizes for case in cases]))


def _case(speech: Coded, rows: Floats) -> Unseen:
    return Unseen(gold=speech.gold, rows=rows, words=speech.words, sizes=speech.sizes)


def _folds(speeches: Sequence[Coded]) -> list[set[str]]:
    """Names of the events to leave out together, about equally many sentences each."""
    sizes: dict[str, int] = {}
    for speech in speeches:
        sizes[speech.gold.event] = sizes.get(speech.gold.event, 0) + len(speech.states)
    return training.even_parts(sizes, FOLDS)


def _left_out(speeches: Sequence[Coded], folds: Sequence[set[str]], head: str, start: Floats,
              pull: float) -> list[Floats]:
    """Scores of each speech by a head that was fitted without its event."""
    fitted = [_fit(head, [speech for speech in speeches if speech.gold.event not in fold], start, pull)
              for fold in folds]
    of_event = {event: weights for fold, weights in zip(folds, fitted, strict=True) for event in fold}
    return [speech.states @ of_event[speech.gold.event][:-1] + of_event[speech.gold.event][-1] for speech in speeches]


def _fit(head: str, speeches: Sequence[Coded], start: Floats, pull: float) -> Floats:
    """The weights of one head, shape of `start` (hidden + 1, columns)."""
    import numpy as np
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    if pull == math.inf or not any(speech.known[head].any() for speech in speeches):
        return start
    rows = np.concatenate([speech.states[speech.known[head]] for speech in speeches])
    targets = np.concatenate([speech.targets[head][speech.known[head]] for speech in speeches])

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(start.shape)
        scores = rows @ weights[:-1] + weights[-1]
        rest = _probabilities(head, scores) - targets
        moved = weights - start
        gradient = np.vstack([rows.T @ rest, rest.sum(axis=0)]) + pull * moved
        return _loss(head, scores, targets) + 0.5 * pull * float((moved * moved).sum()), gradient.ravel()

    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return np.asarray(found.x.reshape(start.shape))


def _loss(head: str, scores: Floats, targets: Floats) -> float:
    """Cross-entropy, summed."""
    import numpy as np

    if head in _EXCLUSIVE:
        return float((np.logaddexp.reduce(scores, axis=1) - (scores * targets).sum(axis=1)).sum())
    return float((np.logaddexp(0, scores) - targets * scores).sum())


def _probabilities(head: str, scores: Floats) -> Floats:
    import numpy as np

    if head in _EXCLUSIVE:
        return np.asarray(np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)))
    return np.asarray(np.exp(-np.logaddexp(0, -scores)))


def _write(heads: NDArray[np.float32], about: Mapping[str, Any], source: Path, out: Path) -> None:
    """A whole reader: the new heads, and all other files of `source` as they are."""
    content = model.npy(heads)
    for path in _others(source):
        write_atomic(out / path.name, path.read_bytes())
    write_atomic(out / model.HEADS_FILE, content)
    files = {**about["files"], model.HEADS_FILE: hashlib.sha256(content).hexdigest()}
    model.write_about({**about, "files": files}, out)
    write_adapted_card({language: word_reader.load(language, source) for language in about["scores"]}, about, out)


def _others(source: Path) -> Iterator[Path]:
    for name in (model.WINDOWS, model.CONTEXT, model.WORDS, model.TOKENIZER):
        yield source / name
    yield from (path for path in (word_reader.data_path(language, source) for language in LANGUAGES) if path.is_file())
