"""What the sentence reader looks at: words, runs of words, word classes, word vectors, and the same around a sentence.

The same code runs in training and in use. A sentence has *marks* (names of sparse features: "w:tonight", "w:we built")
and a *profile* (numbers: its mean word vector, how often each word class occurs, its length); profiles of the
sentences around it, over windows of growing width, say what kind of passage it stands in.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rhetoric.models import word_classes
from rhetoric.models.products import product
from rhetoric.types import Sentence, Speech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

WINDOWS = (1, 4, 10, 40)  # sentences on each side
MAX_WORDS = 400  # of a sentence that are looked at; hostile text has no end

_NUMBER = re.compile(r"[\d零一二三四五六七八九十百千万亿两]+(?:[.,:]\d+)*%?$")
_DIGITS = re.compile(r"\d")
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?:年|$)")
_PAST_TENSE = re.compile(r"[a-z]{2,}[^e]ed$")
_COMPARATIVE = re.compile(r"[a-z]{3,}(?:er|est)$")
_GERUND = re.compile(r"[a-z]{2,}ing$")
_START, _END = "⟨", "⟩"
_SHAPES = ("number", "year", "latin", "ed", "er", "ing", "question_mark", "bracket")


@functools.cache
def _class_table(language: str) -> tuple[tuple[str, ...], dict[str, tuple[int, ...]]]:
    """Names of the classes, and the classes of each word that has any."""
    lists = word_classes.ZH if language == "zh" else word_classes.EN
    table: dict[str, tuple[int, ...]] = {}
    for index, words in enumerate(lists.values()):
        for word in words.lower().split():
            table[word] = (*table.get(word, ()), index)
    return (*lists, *_SHAPES), table


def class_names(language: str) -> tuple[str, ...]:
    """Names of the word classes, in the order of a profile."""
    return _class_table(language)[0]


def words_of(speech: Speech, sentence: Sentence) -> list[str]:
    """The words of a sentence as the reader knows them: lower case, curly quotes made straight."""
    return [token.text.lower().replace("’", "'") for token in sentence.tokens[:MAX_WORDS]]


def _shapes(word: str, language: str) -> Iterator[str]:
    if _NUMBER.match(word) or _DIGITS.search(word) or word in word_classes.EN_NUMBERS:
        yield "number"
    if _YEAR.match(word):
        yield "year"
    if word in "?？":
        yield "question_mark"
    if word in "[]【】()（）♪":
        yield "bracket"
    if language == "zh":
        if word.isascii() and word.isalpha():
            yield "latin"
        return
    if _PAST_TENSE.match(word):
        yield "ed"
    elif _COMPARATIVE.match(word):
        yield "er"
    elif _GERUND.match(word):
        yield "ing"


def class_counts(words: Sequence[str], language: str) -> list[float]:
    """How many words of each class a sentence has, one number a class."""
    names, table = _class_table(language)
    counts = [0.0] * len(names)
    first_shape = len(names) - len(_SHAPES)
    for word in words:
        for index in table.get(word, ()):
            counts[index] += 1
        for shape in _shapes(word, language):
            counts[first_shape + _SHAPES.index(shape)] += 1
    return counts


def marks(words: Sequence[str], language: str) -> list[str]:
    """Names of the sparse features of a sentence, each once: runs of one to three words, pairs of Chinese characters.

    The ends of the sentence count as words. Numbers are written `#`, so that no single figure is learned.
    """
    plain = ["#" if _DIGITS.search(word) else word for word in words]
    ended = [_START, *plain, _END]
    found = dict.fromkeys(f"w:{word}" for word in plain)
    found |= dict.fromkeys(f"w:{a} {b}" for a, b in itertools.pairwise(ended))
    found |= dict.fromkeys(f"w:{a} {b} {c}" for a, b, c in zip(ended, ended[1:], ended[2:], strict=False))
    if language == "zh":
        text = "".join(plain)
        found |= dict.fromkeys(f"c:{text[i : i + 2]}" for i in range(len(text) - 1))
    return list(found)


@functools.lru_cache(maxsize=1 << 16)
def words_of_mark(mark: str) -> tuple[str, ...]:
    """The words that a mark stands for, as a reader of a report may see them; none for pairs of characters, and where a
    number or a mark is among them.
    """
    kind, _, shown = mark.partition(":")
    words = tuple(word for word in shown.split(" ") if word not in (_START, _END))
    return words if kind == "w" and all(any(ch.isalpha() for ch in word) for word in words) else ()


def profiles(speech: Speech, sentences_words: Sequence[Sequence[str]], vector_of: Mapping[str, int],
             vectors: Floats) -> Floats:
    """What each sentence is like in numbers, shape (sentences, dimensions + classes + 1).

    The mean of its word vectors, in which frequent words count less: a / (a + p(w)) with a = 0.001 (S. Arora, Y. Liang
    and T. Ma, "A simple but tough-to-beat baseline for sentence embeddings", 2017), p(w) from the rank by Zipf's law,
    p = 0.1 / rank; its word classes over the square root of its words; the logarithm of its length.
    """
    import numpy as np

    dimensions, n_classes = vectors.shape[1], len(class_names(speech.language))
    profile = np.zeros((len(sentences_words), dimensions + n_classes + 1), dtype=np.float32)
    rarity = (1e-3 / (1e-3 + 0.1 / np.arange(1, len(vectors) + 1))).astype(np.float32)
    for row, words in zip(profile, sentences_words, strict=True):
        known = [vector_of[word] for word in words if word in vector_of]
        if known:
            # The half keeps a sentence of frequent words only from looking like a strong topic.
            row[:dimensions] = product(rarity[known], vectors[known]) / (rarity[known].sum() + 0.5)
        row[dimensions:-1] = np.array(class_counts(words, speech.language)) / max(1.0, len(words)) ** 0.5
        row[-1] = np.log1p(len(words))
    return profile


def around(profile: Floats) -> Floats:
    """A sentence with those around it, shape (sentences, columns * (3 + windows) + 3).

    Itself, the sentence before, the sentence after; means over windows of `WINDOWS` sentences on each side (itself
    included, cut at the ends of the speech); the place in the speech: share, first ones, last ones.
    """
    import numpy as np

    n = len(profile)
    nothing = np.zeros((1, profile.shape[1]), dtype=np.float32)
    parts = [profile, np.concatenate([nothing, profile[:-1]]), np.concatenate([profile[1:], nothing])]
    running = np.concatenate([nothing.astype(np.float64), np.cumsum(profile, axis=0, dtype=np.float64)])
    index = np.arange(n)
    for width in WINDOWS:
        low, high = np.maximum(0, index - width), np.minimum(n, index + width + 1)
        parts.append(((running[high] - running[low]) / (high - low)[:, None]).astype(np.float32))
    place = np.stack([index / max(1, n - 1), np.exp(-index / 5.0), np.exp(-(n - 1 - index) / 5.0)], axis=1)
    return np.concatenate([*parts, place.astype(np.float32)], axis=1)
