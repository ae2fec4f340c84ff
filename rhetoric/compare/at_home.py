"""Which sentences of one speaker would be most at home with another: the log-likelihood ratio of their words.

Each word of a sentence is worth its difference of log-odds between the two (`keyness.log_odds`, Monroe et al. 2008, the
prior drawn from both); a sentence is worth the mean over its words (a naive Bayes classifier's evidence for the other
speaker, by word; M. E. Maron, "Automatic indexing", JACM 8, 1961). Its own words are taken out of its speaker's counts
first: else of a speaker who said little every sentence would be at home with himself alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import TYPE_CHECKING

from rhetoric.compare.keyness import PRIOR, log_odds
from rhetoric.compare.likeness import bare
from rhetoric.compare.material import Archive
from rhetoric.compare.naming import shown
from rhetoric.compare.wording import in_zh, sentence
from rhetoric.compare.words import Words
from rhetoric.types import AtHome, Quote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SHORTEST = 8  # words of a sentence
QUOTES = 5
MARKS = 3
MOST_SPEAKERS = 4  # the main ones of a language


def at_home(archive: Archive, words_of: dict[str, Words]) -> tuple[AtHome, ...]:
    """For every ordered pair of speakers of a language (of its `MOST_SPEAKERS` main ones)."""
    made = []
    for language, words in words_of.items():
        series = [s for s in archive.series if archive.of(s)[0].card.language == language][:MOST_SPEAKERS]
        for host, guest in permutations(series, 2):
            quotes = _quotes(words, host, guest)
            if quotes:
                h, g = shown(host), shown(guest)
                text = sentence(f"sentences of {g.en} in words more usual with {h.en}.",
                                f"{in_zh(g.zh)}的这些话，用的是{in_zh(h.zh)}更常说的词。")
                made.append(AtHome(host=host, guest=guest, language=language, quotes=quotes, text=text))
    return tuple(made)


def _quotes(words: Words, host: str, guest: str) -> tuple[Quote, ...]:
    import numpy as np

    guests = [i for i, m in enumerate(words.materials) if m.card.series == guest]
    mine = np.isin(words.speech, guests) & (words.ids >= 0)
    ids, speech, row = words.ids[mine], words.speech[mine], words.sentence[mine]
    keys, line = np.unique(speech * (row.max() + 1 if len(row) else 1) + row, return_inverse=True)
    n = np.bincount(line, minlength=len(keys))
    worth = _worth(words, host, guest, (ids, line, n))
    total = np.bincount(line, weights=worth, minlength=len(keys))
    value = np.where(n >= SHORTEST, total / np.maximum(n, 1), -np.inf)
    first = np.searchsorted(line, np.arange(len(keys)))
    chosen: dict[str, Quote] = {}
    for k in np.lexsort((np.arange(len(keys)), -value)):
        if value[k] <= 0 or len(chosen) == QUOTES:
            break
        material = words.materials[int(speech[first[k]])]
        at = int(row[first[k]])
        here = dict(zip(ids[line == k].tolist(), worth[line == k].tolist(), strict=True))
        own = sorted(here, key=lambda word: (-here[word], word))[:MARKS]
        quote = material.sentence_quote(at, material.labels[at], round(float(value[k]), 3),
                                        tuple(words.spelled[word] for word in own if here[word] > 0))
        chosen.setdefault(bare(quote.text), quote)
    return tuple(chosen.values())


def _worth(words: Words, host: str, guest: str, said: tuple[Ints, Ints, Ints]) -> Floats:
    """The difference of log-odds of each word that a guest says, host minus guest, his sentence left out.

    `said` are the words, the sentence of each, and the words of each sentence; the result is as long as the first.
    """
    import numpy as np

    def counts(series: str) -> Floats:
        return _counts(words, [i for i, m in enumerate(words.materials) if m.card.series == series])

    ids, line, n = said
    a, b = counts(host), counts(guest)
    both = a + b
    prior = PRIOR * both / max(1.0, both.sum())
    _, pair, times = np.unique(line * (len(words.vocabulary) + 1) + ids, return_inverse=True, return_counts=True)
    rest = b[ids] - times[pair]
    delta, _ = log_odds(a[ids], a.sum(), rest, b.sum() - n[line], prior[ids])
    delta[a[ids] + rest == 0] = 0.0  # a word that neither says elsewhere is worth nothing
    return delta


def _counts(words: Words, speeches: Sequence[int]) -> Floats:
    import numpy as np

    mine = np.isin(words.speech, speeches) & (words.ids >= 0)
    return np.bincount(words.ids[mine], minlength=len(words.vocabulary)).astype(float)
