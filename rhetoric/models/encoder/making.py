"""Coded speeches -> a reader of both models, trained together on the same speeches, and scored on those kept out.

The files of `rhetoric train --gold DIR --base FILE --out FOLDER`, or `--further` in place of `--base`: of the installed
encoder trained on. Needs the extra `train` (torch, onnx, SciPy); on two cores without a graphics card an epoch over
15,000 sentences takes some seven minutes.
"""

from __future__ import annotations

import functools
import importlib.util
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.errors import FormatError, MissingExtraError
from rhetoric.models import fitting, training, word_reader
from rhetoric.models.card import write_joined_card
from rhetoric.models.encoder import calibrating, model, tokens, vocabulary
from rhetoric.models.encoder.base import BaseEncoder, read_base
from rhetoric.models.encoder.calibrating import Unseen
from rhetoric.models.encoder.documents import read_documents
from rhetoric.models.encoder.misreading import Labelled, share_errors
from rhetoric.models.fitting import Prepared
from rhetoric.models.gold import GoldSpeech, read_gold_folder
from rhetoric.models.word_reader import FOLDER, LANGUAGES, ReaderModel
from rhetoric.weights import likeliest

if TYPE_CHECKING:
    from rhetoric.models.encoder.training import Start

LOG = logging.getLogger(__name__)

LAYERS, EPOCHS, WORD_STEPS = 12, 6, 250
HELD_OUT_PARTS = 6  # one of so many parts of the events is kept out where no names are given


def make_reader(gold_folder: Path, base_path: Path | None, out: Path, *, to_speech: training.ToSpeech,
                texts: Path | None = None, held_out: Sequence[str] = (), epochs: int = EPOCHS,
                frozen: int = 0) -> Mapping[str, Any]:
    """Train both models, write all data files into `out`, and return what `encoder.json` says.

    `held_out` names speeches that nothing is learned from; without them a sixth of the events of each language is kept
    out. Without a `base_path` the installed encoder is trained further, and what it was scored on stays kept out.
    `texts` is a folder of uncoded ones for masked-word training, which is left out without them. The lowest `frozen`
    layers learn words only.

    Raises:
        FormatError: a gold file is not as it should be, a name of `held_out` is unknown, or a language has no speech on
            one of the two sides.
        ModelError: `base_path` is not the base encoder.
        MissingExtraError: torch, onnx or SciPy is not installed.
    """
    need_training()
    from rhetoric.models.encoder import reopen

    golds = read_gold_folder(gold_folder)
    known = () if base_path else model.read_about(FOLDER)["held_out"]
    kept_out = frozenset(held_out or [name for name in known if name in {gold.name for gold in golds}])
    seen, unseen = parted(golds, kept_out or one_part(golds))
    documents = read_documents(texts, unseen) if texts else []
    start = from_base(read_base(base_path), seen, documents) if base_path else reopen.reopen(FOLDER)
    return learn(start, seen, unseen, out, to_speech=to_speech, documents=documents, epochs=epochs, frozen=frozen)


def need_training() -> None:
    """Raises MissingExtraError where torch, onnx or SciPy is not installed."""
    if not all(importlib.util.find_spec(name) for name in ("torch", "onnx", "scipy")):
        raise MissingExtraError("training an encoder", "train")


def from_base(base: BaseEncoder, seen: Sequence[GoldSpeech], documents: Sequence[Sequence[str]]) -> Start:
    """An untrained network over the base's pieces of both languages."""
    from rhetoric.models.encoder.training import Start, build

    sentences = [sentence for gold in seen for sentence in gold.sentences] + [s for text in documents for s in text]
    kept = vocabulary.choose_pieces(base, sentences)
    written = vocabulary.tokenizer_json(base, kept)
    return Start(network=build(base, kept, tokens.prefix_of(tokens.tokenizer_of(written)), LAYERS),
                 words=base.words[list(kept)], tokenizer=written)


def learn(start: Start, seen: Sequence[GoldSpeech], unseen: Sequence[GoldSpeech], out: Path, *,
          to_speech: training.ToSpeech, documents: Sequence[Sequence[str]] = (), epochs: int = EPOCHS,
          frozen: int = 0) -> Mapping[str, Any]:
    """Train a network (changed in place) and the word reader on seen speeches, and write both, scored on the unseen."""
    from rhetoric.models.encoder import export
    from rhetoric.models.encoder import training as encoder_training

    tokenizer = tokens.tokenizer_of(start.tokenizer)
    encoder_training.train(start.network, tokenizer, seen, documents, word_steps=WORD_STEPS, epochs=epochs,
                           frozen=frozen)
    sample = encoder_training.sample_of(start.network, tokenizer, seen)
    return finish(start, seen, unseen, out, to_speech=to_speech,
                  write=functools.partial(export.write_encoder, sample=sample))


def finish(start: Start, seen: Sequence[GoldSpeech], unseen: Sequence[GoldSpeech], out: Path, *,
           to_speech: training.ToSpeech, write: Callable[..., None]) -> Mapping[str, Any]:
    """Export a trained network, fit the word reader beside it, and calibrate and score both on the unseen speeches."""
    about: dict[str, Any] = {"layers": len(start.network.windows.layers), "base": "multilingual-e5-small (MIT)",
                             "trained_on": sorted(gold.name for gold in seen),
                             "held_out": sorted(gold.name for gold in unseen)}
    write(start, about, out)
    model.read_about.cache_clear()
    model.open_encoder.cache_clear()
    opened = model.open_encoder(out)  # the exported one: its 8-bit scores are calibrated, not the trainer's
    speakers = {gold.speaker for gold in seen}
    by_language: dict[str, Mapping[str, Any]] = {}
    labelled: list[Labelled] = []
    for language in sorted({gold.language for gold in unseen}):
        words, learned = _word_reader([gold for gold in seen if gold.language == language], to_speech)
        cases = [_read(gold, opened, words, to_speech) for gold in unseen if gold.language == language]
        share = calibrating.best_share(cases)
        strangers = [case.gold.name for case in cases if case.gold.speaker not in speakers]
        by_language[language] = calibrating.about_language(cases, share, strangers)
        labelled += [Labelled(gold=case.gold, labels=likeliest(case.mixed(share)), sizes=case.sizes) for case in cases]
        _save_words(words, learned, cases, out)
    about = {**opened.about, **{key: {language: said[key] for language, said in by_language.items()}
                                for key in ("share", "temperature", "calibration", "heads", "scores")}}
    about["share_errors"] = share_errors(labelled)
    model.write_about(about, out)
    write_joined_card({language: word_reader.load(language, out) for language in by_language}, about, out)
    return about


def one_part(golds: Sequence[GoldSpeech]) -> frozenset[str]:
    """One of `HELD_OUT_PARTS` parts of the events of each language, about equally many sentences each."""
    chosen: set[str] = set()
    for language in LANGUAGES:
        own = [gold for gold in golds if gold.language == language and not gold.silver]
        parts = training.even_parts(training.sizes_of(own, "event"), HELD_OUT_PARTS)
        chosen |= {gold.name for gold in own if parts and gold.event in parts[-1]}
    return frozenset(chosen)


def parted(golds: Sequence[GoldSpeech], held_out: frozenset[str]) -> tuple[list[GoldSpeech], list[GoldSpeech]]:
    """Speeches to learn from, and speeches kept out with all parts of their events."""
    unknown = sorted(held_out - {gold.name for gold in golds})
    if unknown:
        raise FormatError(f"no coded speech is named {unknown[0]!r}, which was to be kept out")
    events = {gold.event for gold in golds if gold.name in held_out}
    unseen = [gold for gold in golds if gold.event in events and not gold.silver]
    seen = [gold for gold in golds if gold.event not in events]
    for language in sorted({gold.language for gold in golds}):
        for part, what in ((seen, "learn from"), (unseen, "score on")):
            if not any(gold.language == language for gold in part):
                raise FormatError(f"no coded speech in {language!r} is left to {what}; code more")
    return seen, unseen


def _word_reader(seen: Sequence[GoldSpeech], to_speech: training.ToSpeech) -> tuple[ReaderModel, list[Prepared]]:
    vectors = training.vectors_for(seen[0].language, None)
    with training.one_thread():
        speeches = [training.prepare(gold, to_speech, vectors) for gold in seen]
        return fitting.fit(seen[0].language, speeches, vectors, {"temperature": 1.0}), speeches


def _read(gold: GoldSpeech, opened: model.EncoderModel, words: ReaderModel,
          to_speech: training.ToSpeech) -> Unseen:
    import numpy as np

    speech = to_speech(gold.name, gold.sentences, gold.language)
    return Unseen(gold=gold, rows=model.scores(opened, gold.sentences, gold.language),
                  words=word_reader.uncalibrated(words, speech),
                  sizes=np.array([float(sentence.size) for sentence in speech.sentences]))


def _save_words(words: ReaderModel, learned: Sequence[Prepared], cases: Sequence[Unseen], out: Path) -> None:
    """Write the word reader with what it scores alone, so that a folder without an encoder says it too."""
    alone = calibrating.scores_across(cases, 0.0)
    temperature = calibrating.temperature_and_loss(cases, 0.0)[0]
    word_reader.save(replace(words, about=training.about_of(learned, temperature, alone, None)), out)
