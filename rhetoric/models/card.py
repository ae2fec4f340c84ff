"""The model card of the sentence reader, written from what its data files say of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.codebook import FUNCTIONS
from rhetoric.files import write_atomic

if TYPE_CHECKING:
    from rhetoric.models.reader import ReaderModel

CARD_NAME = "MODEL_CARD.md"
_LANGUAGE_NAMES = {"zh": "Chinese", "en": "English"}
_ROWS = (
    ("accuracy", "accuracy, ten labels", "{:.2f}"), ("kappa", "Cohen's kappa, ten labels", "{:.2f}"),
    ("group_kappa", "**Cohen's kappa, groups**", "{:.2f}"),
    ("owner_kappa", "Cohen's kappa, whose story it is", "{:.2f}"), ("log_loss", "log loss", "{:.2f}"),
    ("calibration_error", "calibration error of the likeliest label", "{:.3f}"),
    ("story_error_labels", "story share of a speech: mean error, counting labels", "{:.3f}"),
    ("story_error_probabilities", "story share of a speech: mean error, counting probabilities", "{:.3f}"),
    ("sentences", "sentences scored", "{:,}"), ("speeches", "speeches scored", "{}"),
)

_HEAD = """# Model card: the sentence reader

Reads each sentence of a speech and gives the probabilities of the ten labels of the codebook (`docs/codebook.md`),
in Chinese and in English. Written by `rhetoric train`; the figures below are also inside the data files.

## What it is

The mean of two small models over the same input: a multinomial logistic regression over words, runs of two and three
words, pairs of Chinese characters, word classes (own lists, `word_classes.py`), mean word vectors (frequent words
count less) of the sentence, of its neighbours and of windows of 1, 4, 10 and 40 sentences on each side, and the place
in the speech; and a network with one hidden layer over the same without the single words. The probabilities are
calibrated by one temperature. It needs numpy only. The word vectors are of our own training (skip-gram on public talks
and captions), pruned and kept in one byte a number.

## What it was trained on
"""

_TAIL = """
## What it cannot do

- The speeches were coded **by a language model with the codebook, not by people**. Two passes of that coding agreed
  closely with each other; how far they agree with human readers is not known. The scores are agreement with that
  coding.
- Kappa around 0.6 on groups means: single labels are often wrong, shares of a whole speech are better. Look at the
  evidence before quoting a sentence's label.
- Weak where a speech differs from the training data: interviews, panels, dialects, several speakers without marks. A
  guest's lines, films and other `noncontent` are often taken for the speaker's own.
- English stories are rarer in the training data than Chinese ones, and are found less surely. Whose story it is
  (founder, company, others) is weak in both languages, and so is claim against fact.
- Most Chinese founder stories in the training data are one speaker's: with a speaker it has not seen, expect the
  figures of the second table, not of the first.
- Political and stage talks are among the training data, but the labels are made for launch speeches.
- No names of people are needed: words used in fewer than three speeches, or by one speaker only, were not learned. It
  must not be used to judge persons.

## Data and licence

The data files hold weights, a vocabulary of single words and short runs, and word vectors; no sentence of any coded
speech. They are under the licence of this package (Apache-2.0). The coded speeches themselves belong to others and are
not part of it.

## Train it again

    pip install 'rhetoric[train]'
    rhetoric train --gold FOLDER [--vectors FOLDER] --out rhetoric/models

FOLDER holds one coded speech a file, tab-separated, with the columns `id text function`. Parts of one occasion
(`name`, `name-b`, `name-zh`) are kept together when scoring. Same data, same machine: same bytes.
"""


def write_model_card(models: Mapping[str, ReaderModel], folder: Path) -> Path:
    """Write `MODEL_CARD.md` from what the models say of themselves; returns its path."""
    lines = [_HEAD, *_data_lines(models), "", "## How well it reads", ""]
    for title, key in (("Speeches it has not seen (other speeches of the speaker may be among the training data)",
                        "unseen_speeches"), ("Speakers it has not seen", "unseen_speakers")):
        lines += [f"{title}, cross-validated:", "", *_score_lines(models, key), ""]
    path = folder / CARD_NAME
    write_atomic(path, ("\n".join(lines).rstrip() + "\n" + _TAIL).encode())
    return path


def _names(models: Mapping[str, ReaderModel]) -> list[str]:
    return [_LANGUAGE_NAMES.get(language, language) for language in models]


def _data_lines(models: Mapping[str, ReaderModel]) -> Iterator[str]:
    yield "Keynotes and launch speeches, technology and stage talks, talks of chairmen, presidential speeches; as"
    yield "transcripts by speech recognition, captions, subtitles in translation. Those coded for function only are not"
    yield "scored on."
    yield ""
    yield f"| | {' | '.join(_names(models))} |"
    yield f"|---|{'---|' * len(models)}"
    for key, title in (("speeches", "speeches"), ("sentences", "sentences"),
                       ("silver_speeches", "speeches of these only trained on"),
                       ("silver_sentences", "sentences of these only trained on")):
        yield f"| {title} | {' | '.join(format(model.about[key], ',') for model in models.values())} |"
    for label in FUNCTIONS:
        counts = [format(model.about["labels"][label], ",") for model in models.values()]
        yield f"| `{label}` | {' | '.join(counts)} |"


def _score_lines(models: Mapping[str, ReaderModel], key: str) -> Iterator[str]:
    yield f"| | {' | '.join(_names(models))} |"
    yield f"|---|{'---|' * len(models)}"
    for name, title, form in _ROWS:
        yield f"| {title} | {' | '.join(_cell(model.about[key], name, form) for model in models.values())} |"


def _cell(scores: Mapping[str, Any], name: str, form: str) -> str:
    return form.format(scores[name]) if name in scores else "-"
