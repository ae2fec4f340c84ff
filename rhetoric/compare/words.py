"""The words and multi-word terms of some speeches as arrays: counted once, read by keyness, dispersion and style.

A term is one word, or two to `LONGEST` neighbouring words of one sentence without a mark between them. Words are the
tokens of the table `sentences`, case folded; a term is shown in its most frequent spelling.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.compare.material import Material
from rhetoric.lexicons import PLAIN, read_lexicon

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Short = NDArray[np.int32]

LONGEST = 4
MIN_COUNT = 3  # occurrences below which a term is not looked at
MARK = -1  # stands for a punctuation mark: no term runs over it
_CONTRACTIONS = frozenset(("'s", "n't", "'m", "am", "'re", "'ve", "'ll", "'d", "ca", "wo", "do", "does", "did", "gonna",
                           "wanna", "na", "let", "lets", "ok"))


class Uses(NamedTuple):
    """Every use of every term: arrays as long as there are uses, in the order of the terms, then of the text."""

    term: Ints
    at: Ints  # place of the first word among all words


class Words:
    """The words of some speeches of one language; sentences that are no part of the speech are left out."""

    def __init__(self, materials: Sequence[Material], language: str) -> None:
        import numpy as np
        import pandas as pd

        self.materials, self.language = tuple(materials), language
        spellings: dict[str, int] = {}
        said, lines = array("q"), array("q")  # the spelling of each word; speech, row and words of each sentence
        for number, material in enumerate(self.materials):
            for row, (tokens, label) in enumerate(zip(material.tokens, material.labels, strict=True)):
                if tokens and label not in ("", "noncontent"):
                    found = [spellings.setdefault(word, len(spellings)) for word in tokens.split(" ")]
                    said.extend(found)
                    lines.extend((number, row, len(found)))
        codes, table = np.array(said, dtype=np.int64), np.array(lines, dtype=np.int64).reshape(-1, 3)
        folded, names = pd.factorize(np.array([fold(s) for s in spellings], dtype=object))
        self.vocabulary: tuple[str, ...] = tuple(map(str, names))
        is_word = np.array([any(c.isalnum() for c in name) for name in self.vocabulary], dtype=bool)
        ids = folded[codes] if len(codes) else np.zeros(0, dtype=np.int64)
        self.ids: Ints = np.where(is_word[ids], ids, MARK) if len(ids) else ids.astype(np.int64)
        # Half as wide as usual: of ten thousand speeches that saves 40 MB.
        self.speech: Short = np.repeat(table[:, 0].astype(np.int32), table[:, 2])
        self.sentence: Short = np.repeat(table[:, 1].astype(np.int32), table[:, 2])
        self._spellings, self._codes, self._folded = list(spellings), codes.astype(np.int32), folded

    @cached_property
    def sizes(self) -> Ints:
        """Words of each speech, marks left out."""
        import numpy as np

        return np.bincount(self.speech[self.ids != MARK], minlength=len(self.materials)).astype(np.int64)

    @cached_property
    def borders(self) -> Ints:
        """Where each speech begins among all words and marks, and the end: one more than there are speeches."""
        import numpy as np

        return np.searchsorted(self.speech, np.arange(len(self.materials) + 1)).astype(np.int64)

    @cached_property
    def running(self) -> Ints:
        """How many words stand before each place, marks left out; one more than there are places."""
        import numpy as np

        return np.concatenate([[0], np.cumsum(self.ids != MARK)]).astype(np.int64)

    @cached_property
    def spelled(self) -> tuple[str, ...]:
        """Each word in its most frequent spelling (the first of equals)."""
        import numpy as np

        counts = np.bincount(self._codes, minlength=len(self._spellings))
        best: dict[int, tuple[int, str]] = {}
        for code, name in enumerate(self._spellings):
            word = int(self._folded[code])
            if word not in best or counts[code] > best[word][0]:
                best[word] = (int(counts[code]), name)
        return tuple(best[word][1] for word in range(len(self.vocabulary)))

    @cached_property
    def plain(self) -> NDArray[np.bool_]:
        """True for words that no term may begin or end with: function words, numbers, single Chinese characters."""
        import numpy as np

        known = function_words(self.language)
        return np.array([_is_plain(word, known, self.language) for word in self.vocabulary], dtype=bool)

    @cached_property
    def uses(self) -> Uses:
        """The uses of all terms that occur `MIN_COUNT` times or more."""
        import numpy as np

        found = list(self._grams())
        self._terms: list[tuple[int, ...]] = [term for terms, _, _ in found for term in terms]
        offsets = np.cumsum([0, *(len(terms) for terms, _, _ in found)])
        at = np.concatenate([places for _, _, places in found])
        term = np.concatenate([codes + offset for (_, codes, _), offset in zip(found, offsets, strict=False)])
        order = np.lexsort((at, term))
        term, at = term[order], at[order]
        return Uses(term, at)

    @property
    def terms(self) -> list[tuple[int, ...]]:
        """The words of each term, by its number in `uses`."""
        _ = self.uses
        return self._terms

    def uses_of(self, term: int, speeches: Sequence[int]) -> tuple[Short, Short, Ints]:
        """Speech, sentence and place of each use of a term in some speeches, in the order of the text."""
        import numpy as np

        first, last = np.searchsorted(self.uses.term, [term, term + 1])
        own = self.speech[self.uses.at[first:last]]  # ascending, since the uses of a term are in the order of the text
        spans = zip(np.searchsorted(own, speeches), np.searchsorted(own, speeches, side="right"), strict=True)
        chosen = np.concatenate([np.arange(first + a, first + b) for a, b in spans])
        at = self.uses.at[chosen]
        return self.speech[at], self.sentence[at], at

    def shown(self, term: int) -> str:
        """A term as it is mostly written; word by word "App Store" might become "app Store"."""
        import numpy as np

        words = self.terms[term]
        if len(words) == 1:
            return self.spelled[words[0]]
        first, last = np.searchsorted(self.uses.term, [term, term + 1])
        places = self.uses.at[first:last, None] + np.arange(len(words))
        spellings, counts = np.unique(self._codes[places], axis=0, return_counts=True)
        best = spellings[int(counts.argmax())]
        return ("" if self.language == "zh" else " ").join(self._spellings[code] for code in best)

    def _grams(self) -> list[tuple[list[tuple[int, ...]], Ints, Ints]]:
        """For each length: the terms, and the term and place of each use. A longer term grows from a frequent one."""
        import numpy as np

        places = np.flatnonzero(self.ids != MARK)
        codes = self.ids[places]
        terms: list[tuple[int, ...]] = [(word,) for word in range(len(self.vocabulary))]
        made = []
        for length in range(1, LONGEST + 1):
            if length > 1:
                following = places + length - 1
                fits = following < len(self.ids)
                places, codes, following = places[fits], codes[fits], following[fits]
                fits = (self.ids[following] != MARK) & (self.sentence[following] == self.sentence[places]) & (
                    self.speech[following] == self.speech[places])
                places, codes, following = places[fits], codes[fits], following[fits]
                pairs, codes = np.unique(codes * len(self.vocabulary) + self.ids[following], return_inverse=True)
                heads, tails = np.divmod(pairs, max(1, len(self.vocabulary)))
                terms = [(*terms[head], int(tail)) for head, tail in zip(heads, tails, strict=True)]
            counts = np.bincount(codes, minlength=len(terms))
            frequent = counts[codes] >= MIN_COUNT
            places, codes = places[frequent], codes[frequent]
            kept, codes = np.unique(codes, return_inverse=True)
            terms = [terms[code] for code in kept]
            ends = np.array([[self.plain[t[0]], self.plain[t[-1]]] for t in terms], dtype=bool).reshape(-1, 2)
            made.append(_without(terms, codes, places, ends[:, 0] | ends[:, 1]))
        return made


def _without(terms: list[tuple[int, ...]], codes: Ints, places: Ints, left_out: NDArray[np.bool_]
             ) -> tuple[list[tuple[int, ...]], Ints, Ints]:
    """Terms and their uses without those left out, numbered anew."""
    import numpy as np

    stays = ~left_out[codes] if len(terms) else np.zeros(0, dtype=bool)
    number = np.cumsum(~left_out) - 1
    return [term for term, out in zip(terms, left_out, strict=True) if not out], number[codes[stays]], places[stays]


def fold(word: str) -> str:
    """A word without case, width and the curl of its apostrophe."""
    return unicodedata.normalize("NFKC", word).casefold().replace("\u2019", "'")


@lru_cache(maxsize=4)
def function_words(language: str) -> frozenset[str]:
    """The words that carry no topic, from the list `plain`."""
    return frozenset(map(fold, read_lexicon(f"plain.{language}", PLAIN).terms("plain"))) | _CONTRACTIONS


def _is_plain(word: str, known: frozenset[str], language: str) -> bool:
    if word in known or not any(c.isalpha() for c in word):
        return True
    return len(word) == 1 and (language == "zh" or word.isascii())
