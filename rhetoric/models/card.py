"""The model card of the sentence reader, written from what its data files say of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.codebook import FIGURES, FUNCTIONS
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

_JOINED_HEAD = """# Model card: the sentence reader

Reads each sentence of a speech, in Chinese and in English. Of every sentence it gives the probabilities of the ten
functions of the codebook (`docs/codebook.md`), and what it shows of emotion, slogans and figures. Written by `rhetoric
train --base`; the figures below are also inside `encoder.json`, with the names of the speeches learned from.

## What it is

Two models, whose function probabilities are averaged and calibrated by one temperature a language.

- **A sentence encoder** with several heads: multilingual-e5-small (Wang et al., 2024; MIT licence;
  here from 4-bit weights), its vocabulary cut to Chinese and English, trained further on uncoded texts by guessing
  hidden words, then on coded speeches. It reads windows of whole sentences; two more layers read the sentences of the
  speech in order. Its weights are whole numbers of 7 bits, its word vectors of 4. It needs onnxruntime and tokenizers.
- **A word reader**: the mean of a multinomial logistic regression over words, runs of two and three words, pairs of
  Chinese characters, word classes (own lists, `word_classes.py`), mean word vectors of the sentence and of windows
  around it, and the place in the speech; and of a network with one hidden layer over the same without the single words.
  It gives the words that speak for a label. It needs numpy only. Its word vectors are of our own training.

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
- The word reader learned no word used in fewer than three speeches, or by one speaker only. It must not be used to
  judge persons.

## Data and licence

The data files hold weights, a vocabulary of single words and short runs, and word vectors; no sentence of any coded
speech. They are under the licence of this package (Apache-2.0); what an encoder takes over from multilingual-e5-small
is under the MIT licence (`LICENSE-multilingual-e5.txt`). The texts of real coded speeches belong to others
and are not part of it; those invented to learn from are in `tools/coded` of the source.

## Train it again

    pip install 'rhetoric[train]'
    rhetoric train --gold FOLDER --out reader                                          # the encoder's heads, minutes
    rhetoric train --gold FOLDER --words --out reader                                  # a word reader alone, minutes
    rhetoric train --gold FOLDER --base e5-small-q4.bin [--texts FOLDER] --out reader  # both, an hour or more

FOLDER holds one coded speech a file, tab-separated, with the columns `id text function`. Parts of one occasion
(`name`, `name-b`, `name-zh`) are kept together when scoring. Same data, same machine: same bytes.
"""


def write_model_card(models: Mapping[str, ReaderModel], folder: Path) -> Path:
    """Write `MODEL_CARD.md` from what the models say of themselves; returns its path."""
    lines = [_HEAD, *_data_lines(models), "", "## How well it reads", ""]
    for title, key in (("Speeches it has not seen (other speeches of the speaker may be among the training data)",
                        "unseen_speeches"), ("Speakers it has not seen", "unseen_speakers")):
        found = {language: model.about[key] for language, model in models.items()}
        lines += [f"{title}, cross-validated:", "", *_score_lines(found), ""]
    path = folder / CARD_NAME
    write_atomic(path, ("\n".join(lines).rstrip() + "\n" + _TAIL).encode())
    return path


def write_joined_card(models: Mapping[str, ReaderModel], about: Mapping[str, Any], folder: Path) -> Path:
    """Write `MODEL_CARD.md` of both models joined; `about` is what `encoder.json` says. Returns its path."""
    lines = [_JOINED_HEAD, *_data_lines(models), "",
             f"Kept out of the training, and scored on: {', '.join(f'`{name}`' for name in about['held_out'])}.", "",
             "## How well it reads", "",
             "On the speeches kept out. Temperatures and thresholds are those of the other half of these speeches.", ""]
    for title, key in (("All speeches kept out", "unseen_speeches"),
                       ("Of these, the speakers of whom nothing was learned", "unseen_speakers")):
        lines += [f"{title}:", "", *_score_lines({k: about["scores"][k][key] for k in models}), ""]
    invented = {k: about["scores"][k]["invented_speeches"] for k in models if "invented_speeches" in about["scores"][k]}
    if invented:
        lines += ["Speeches that the authors of this package invented, by invented speakers (`tests/gold`):", "",
                  *_score_lines(invented), "", "The worst of these three decides if reports tell whose a story is.",
                  "Some speeches that it learned from were invented in the same way, which flatters these figures.", ""]
    lines += ["The words alone, on the same speeches:", "",
              *_score_lines({k: model.about["unseen_speeches"] for k, model in models.items()}), "",
              "What the encoder's other heads find, without the rules and lists that the stages join them with:", "",
              *_head_lines({k: about["heads"][k] for k in models})]
    path = folder / CARD_NAME
    write_atomic(path, ("\n".join(lines).rstrip() + "\n" + _TAIL).encode())
    return path


def write_adapted_card(models: Mapping[str, ReaderModel], about: Mapping[str, Any], folder: Path) -> Path:
    """Write `MODEL_CARD.md` of a reader whose heads were fitted again; `about` is what `encoder.json` says."""
    found = {language: about["scores"][language] for language in models if "before" in about["scores"][language]}
    lines = [_JOINED_HEAD.split("## What it was trained on")[0].replace("train --base", "train"),
             "## What its heads were fitted to", "",
             f"The last layer of the encoder, again to {', '.join(f'`{name}`' for name in about['adapted_on'])}; "
             "all below it, and the word reader, are the installed reader's, whose card says what they learned from.",
             "", "## How well it reads", "", "Each speech by heads fitted without its event:", "",
             *_score_lines({language: scores["unseen_speeches"] for language, scores in found.items()}), "",
             "The same speeches by the heads as they were installed:", "",
             *_score_lines({language: scores["before"] for language, scores in found.items()}), "",
             "What the encoder's other heads find, without the rules and lists that the stages join them with:", "",
             *_head_lines({language: about["heads"][language] for language in found})]
    path = folder / CARD_NAME
    write_atomic(path, ("\n".join(lines).rstrip() + "\n" + _TAIL).encode())
    return path


def _names(models: Mapping[str, object]) -> list[str]:
    return [_LANGUAGE_NAMES.get(language, language) for language in models]


def _data_lines(models: Mapping[str, ReaderModel]) -> Iterator[str]:
    yield "Keynotes and launch speeches, technology and stage talks, talks of chairmen, presidential speeches; as"
    yield "transcripts by speech recognition, captions, subtitles in translation. Those only trained on were"
    yield "coded for function alone, or later than the others; some of them are invented (`tools/coded`)."
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


def _score_lines(scores: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield f"| | {' | '.join(_names(scores))} |"
    yield f"|---|{'---|' * len(scores)}"
    for name, title, form in _ROWS:
        yield f"| {title} | {' | '.join(_cell(found, name, form) for found in scores.values())} |"


def _head_lines(heads: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield f"| | {' | '.join(_names(heads))} |"
    yield f"|---|{'---|' * len(heads)}"
    for name, title in (("emotion_f1", "any emotion, F1"), ("emotion_class_accuracy", "its class, accuracy"),
                        ("slogans_recall_at_20", "slogans among the first 20 of a speech"),
                        ("slogans_average_precision", "slogans, average precision")):
        yield f"| {title} | {' | '.join(_cell(found, name, '{:.2f}') for found in heads.values())} |"
    for figure in FIGURES:
        cells = (_cell(found["figures_f1"], figure, "{:.2f}") for found in heads.values())
        yield f"| {figure}, F1 | {' | '.join(cells)} |"


def _cell(scores: Mapping[str, Any], name: str, form: str) -> str:
    return form.format(scores[name]) if name in scores else "-"
