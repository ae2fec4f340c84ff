"""Speech -> the same speech with readings: for each sentence the probabilities of the ten labels of the codebook.

Two models are joined: one over words (`word_reader`), and a sentence encoder (`encoder`), which also says of emotion,
slogans and figures. A folder without an encoder is read by words alone. Scores and limits are in `MODEL_CARD.md`.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.models import features, word_reader
from rhetoric.models.encoder import model as encoder
from rhetoric.models.word_reader import (
    FOLDER,
    LANGUAGES,
    REASONS,
    VERSION,
    ReaderModel,
    calibrated,
    data_path,
    load,
    pack_vectors,
    predict,
    probabilities,
    save,
    uncalibrated,
    unpack_vectors,
)
from rhetoric.share_errors import ERROR_PREFIX
from rhetoric.types import Reading, ShareError, Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rhetoric.models.encoder.model import EncoderModel

__all__ = ["FOLDER", "LANGUAGES", "REASONS", "VERSION", "ReaderModel", "calibrated", "data_path", "load",
           "pack_vectors", "predict", "probabilities", "read", "reader_agreement", "reader_scores", "reader_version",
           "save", "share_errors", "share_errors_told", "unpack_vectors"]


def read(speech: Speech, folder: Path = FOLDER) -> Speech:
    """Give every sentence its reading; everything else stays as it is. `folder` holds the data files of a reader.

    Raises:
        ModelError: the data file of the language is absent or damaged.
    """
    if not speech.sentences:
        return replace(speech, readings=())
    model = load(speech.language, folder)
    if encoder.is_here(folder):
        function, heads = _joined(model, encoder.open_encoder(folder), speech)
    else:
        function, heads = predict(model, speech), {}
    readings = []
    for sentence, row in zip(speech.sentences, function.tolist(), strict=True):
        label = max(range(len(row)), key=row.__getitem__)
        reasons = tuple(word_reader.reasons(model, features.words_of(speech, sentence), label))
        readings.append(Reading(function=tuple(row), reasons=reasons, **_head_values(heads, sentence.index)))
    return replace(speech, readings=tuple(readings), share_errors=share_errors(folder))


def _joined(model: ReaderModel, opened: EncoderModel,
            speech: Speech) -> tuple[NDArray[np.float64], Mapping[str, NDArray[np.float64]]]:
    """Calibrated function probabilities by both models, and what the encoder's other heads say."""
    rows = encoder.scores(opened, [speech.text_of(sentence) for sentence in speech.sentences], speech.language)
    share = float(opened.about["share"][speech.language])
    mixed = share * encoder.function_probabilities(rows) + (1 - share) * uncalibrated(model, speech)
    return (calibrated(mixed, float(opened.about["temperature"][speech.language])),
            encoder.head_probabilities(opened, rows, speech.language))


def _head_values(heads: Mapping[str, NDArray[np.float64]], row: int) -> dict[str, Any]:
    values: dict[str, Any] = {name: tuple(rows[row].tolist()) for name, rows in heads.items()}
    if "slogan" in values:
        (values["slogan"],) = values["slogan"]
    return values


@functools.cache
def share_errors(folder: Path = FOLDER) -> tuple[ShareError, ...]:
    """How the reader of a folder errs in shares, in the order of their names; empty where its data do not say.

    Only a reader with an encoder says it: see `rhetoric.models.encoder.misreading`.
    """
    found = encoder.read_about(folder).get("share_errors", {}) if encoder.is_here(folder) else {}
    return tuple(ShareError(metric=name, between=float(error["between"]), within=float(error["within"]),
                            speeches=int(error["speeches"]))
                 for name, error in sorted(found.items()))


def share_errors_told(folder: Path = FOLDER) -> dict[str, str]:
    """The same as texts for the methods page, which a comparison reads its intervals from (`ERROR_PREFIX`)."""
    return {f"{ERROR_PREFIX}{error.metric}": f"{error.between} {error.within} {error.speeches}"
            for error in share_errors(folder)}


@functools.cache
def reader_version(folder: Path = FOLDER) -> str:
    """Version of the layout and a short hash over the data of all languages, for provenance.

    Of an encoder `encoder.json` is enough: it holds the hashes of its other files, which are held to it when opened.
    """
    hashes = []
    for path in (*(data_path(language, folder) for language in LANGUAGES), folder / encoder.ABOUT):
        hashes.append(hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest())
    return f"{VERSION}-{hashlib.sha256(''.join(hashes).encode()).hexdigest()[:12]}"


def reader_agreement(folder: Path = FOLDER) -> dict[str, str]:
    """How far the reader agrees with the gold coding, by language, as numbers; what its data do not say is left out."""
    found = {}
    for language, scores in _scores(folder).items():
        for kind, name in (("unseen_speeches", "kappa"), ("unseen_speakers", "kappa_speakers")):
            if "group_kappa" in scores.get(kind, {}):
                found[f"reader_{name}_{language}"] = f"{scores[kind]['group_kappa']:.2f}"
        # Few speakers tell stories in few ways: the worst of what is known says most about the next one.
        kinds = [kind for kind in scores.values() if isinstance(kind, Mapping)]  # beside them stand plain counts
        owners = [kind["owner_kappa"] for kind in kinds if "owner_kappa" in kind]
        if owners:
            found[f"reader_owner_kappa_{language}"] = f"{min(owners):.2f}"
    return found


def reader_scores(folder: Path = FOLDER) -> dict[str, str]:
    """What the model card says of the reader in a line a language, for the methods page of a report."""
    lines = {}
    for language, by_kind in _scores(folder).items():
        scores = by_kind["unseen_speeches"]
        lines[f"reader_{language}"] = (
            f"on speeches it had not seen: accuracy {scores['accuracy']:.2f} on ten labels, kappa "
            f"{scores['group_kappa']:.2f} on their groups; {scores['sentences']} sentences of {scores['speeches']} "
            "speeches, coded by a language model with the codebook, not by people")
    return lines


def _scores(folder: Path) -> dict[str, Mapping[str, Any]]:
    """What the data say, by language: of both models joined where there is an encoder, else of the word reader."""
    here = [language for language in LANGUAGES if data_path(language, folder).is_file()]
    if encoder.is_here(folder):
        return {language: encoder.read_about(folder)["scores"][language] for language in here}
    return {language: load(language, folder).about for language in here}
