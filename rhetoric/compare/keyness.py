"""Which words and terms a group uses more than the rest: log-odds with an informative Dirichlet prior.

B. L. Monroe, M. P. Colaresi and K. M. Quinn, "Fightin' Words: Lexical Feature Selection and Evaluation for Identifying
the Content of Political Conflict", Political Analysis 16, 2008, equations 16, 20 and 22. The prior is the whole field,
scaled to `PRIOR` words, so that rare words must earn their z. Dispersion is Gries' DP, normed (S. Th. Gries,
"Dispersions and adjusted frequencies in corpora", IJCL 13, 2008; J. Lijffijt and S. Th. Gries, IJCL 17, 2012).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rhetoric.compare.fields import Field
from rhetoric.compare.naming import shown
from rhetoric.compare.wording import in_zh, sentence
from rhetoric.compare.words import MIN_COUNT, Words
from rhetoric.types import Keyness, KeyTerm, Quote, Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Short = NDArray[np.int32]

PRIOR = 500.0  # words that the prior weighs
TOLD = 1.96  # z from which on a term is told
MOST = 20  # terms of a group
MOST_OF_SPEECH = 8
SWALLOWED = 0.7  # of a term's uses inside one longer listed term: then the longer one stands for it
TENTHS = 10
QUOTES = 2
LONG_ENOUGH = {"zh": 10.0, "en": 7.0}


def log_odds(count: Floats, size: Floats, rest: Floats, rest_size: Floats, prior: Floats) -> tuple[Floats, Floats]:
    """Difference of log-odds and its standard error: counts of a word in a group and in the rest, out of their sizes.

    delta = log((y + a) / (n + a0 - y - a)) - log((y' + a) / (n' + a0 - y' - a)); variance 1 / (y + a) + 1 / (y' + a);
    `prior` is a, its sum over all words a0 = `PRIOR`.
    """
    import numpy as np

    here, there = count + prior, rest + prior
    delta = np.log(here / (size + PRIOR - here)) - np.log(there / (rest_size + PRIOR - there))
    return delta, np.sqrt(1 / here + 1 / there)


def dispersion(observed: Floats, sizes: Floats) -> float | None:
    """Gries' DP, normed to 0..1: half the sum of |share of the uses - share of the words| over the parts.

    None where there is one part, or no use.
    """
    import numpy as np

    if (sizes > 0).sum() < 2 or not observed.sum():
        return None
    expected = sizes / sizes.sum()
    dp = 0.5 * float(np.abs(observed / observed.sum() - expected).sum())
    return min(1.0, dp / (1 - float(expected[sizes > 0].min())))


def keyness(field: Field, words: Words, groups: Mapping[str, Sequence[int]], kind: str) -> tuple[Keyness, ...]:
    """The key terms of each group (name -> places of its speeches in `words`) against the rest of the field."""
    import numpy as np

    if len(groups) < 2 or not len(words.uses.term):
        return ()
    names = list(groups)
    group_of = np.full(len(words.materials), -1)
    for number, name in enumerate(names):
        group_of[list(groups[name])] = number
    uses = words.uses
    pairs, count = np.unique(uses.term * len(names) + group_of[words.speech[uses.at]], return_counts=True)
    term, group = np.divmod(pairs, len(names))
    sizes = np.bincount(group_of, weights=words.sizes, minlength=len(names))
    totals = np.bincount(term, weights=count, minlength=len(words.terms))
    often = count >= MIN_COUNT
    term, group, count = term[often], group[often], count[often]
    whole = sizes.sum()
    delta, error = log_odds(count.astype(float), sizes[group].astype(float), (totals[term] - count).astype(float),
                            (whole - sizes[group]).astype(float), PRIOR * totals[term] / whole)
    z = delta / error
    most = MOST if kind == "group" else MOST_OF_SPEECH
    told = np.flatnonzero(z >= TOLD)
    told = told[np.argsort(group[told], kind="stable")]
    borders = np.searchsorted(group[told], np.arange(len(names) + 1))
    made = []
    for number, name in enumerate(names):
        here = told[borders[number] : borders[number + 1]]
        here = here[np.lexsort((term[here], -z[here]))][: 6 * most]
        speeches = sorted(groups[name])
        found = [_term(words, speeches, int(term[k]), float(z[k]), float(delta[k]), float(error[k]),
                       int(totals[term[k]] - count[k])) for k in _leading(words, term, count, here, most)]
        made.append(Keyness(kind=kind, field=field.name, group=name, size=int(sizes[number]),
                            rest_size=int(whole - sizes[number]), n_speeches=len(speeches), terms=tuple(found),
                            text=_text(kind, name, field, speeches, found)))
    return tuple(made)


def _leading(words: Words, term: Ints, count: Ints, ranked: Ints, most: int) -> list[int]:
    """The first terms, each once: what stands mostly inside a longer listed term is left to that."""
    parts = {int(k): words.terms[int(term[k])] for k in ranked}
    longer_with: dict[int, list[int]] = defaultdict(list)  # word -> the terms of several words that hold it
    for k, own in parts.items():
        for word in own if len(own) > 1 else ():
            longer_with[word].append(k)
    kept: list[int] = []
    for k, own in parts.items():
        longer = any(len(parts[j]) > len(own) and _inside(own, parts[j]) and count[j] >= SWALLOWED * count[k]
                     for j in longer_with[own[0]])
        shorter = len(own) > 1 and any(
            len(parts[j]) < len(own) and _inside(parts[j], own) and count[k] < SWALLOWED * count[j] for j in kept)
        if not longer and not shorter:
            kept.append(k)
    return kept[:most]


def _inside(short: tuple[int, ...], long: tuple[int, ...]) -> bool:
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def _term(words: Words, speeches: Sequence[int], term: int, z: float, delta: float, error: float, rest: int) -> KeyTerm:
    import numpy as np

    speech, sentence, at = words.uses_of(term, speeches)
    if len(speeches) > 1:
        observed = np.bincount(speech, minlength=len(words.materials))[speeches].astype(float)
        spread = dispersion(observed, words.sizes[speeches].astype(float))
    else:
        spread = _over_tenths(words, speeches[0], at)
    shown_term = words.shown(term)
    return KeyTerm(
        term=shown_term, n_words=len(words.terms[term]), z=round(z, 3), log_odds=round(delta, 4),
        low=round(delta - TOLD * error, 4), high=round(delta + TOLD * error, 4), count=len(speech), rest_count=rest,
        n_speeches=len(set(speech.tolist())), dispersion=None if spread is None else round(spread, 3),
        quotes=_quotes(words, shown_term, speech, sentence))


def _over_tenths(words: Words, speech: int, at: Ints) -> float | None:
    """Dispersion over ten parts of one speech with as many words each."""
    import numpy as np

    first, last = words.running[words.borders[[speech, speech + 1]]]
    borders = np.linspace(first, last, TENTHS + 1)
    tenth = np.minimum(TENTHS - 1, np.searchsorted(borders, words.running[at], side="right") - 1)
    return dispersion(np.bincount(tenth, minlength=TENTHS).astype(float), np.diff(borders))


def _quotes(words: Words, term: str, speech: Short, sentence: Short) -> tuple[Quote, ...]:
    """The first sentences that are long enough to be understood, of different speeches where there are several."""
    enough = LONG_ENOUGH.get(words.language, 7.0)
    places = list(dict.fromkeys(zip(speech.tolist(), sentence.tolist(), strict=True)))
    long_first = [p for p in places if words.materials[p[0]].sizes[p[1]] >= enough] or places
    of_each = list({number: (number, row) for number, row in reversed(long_first)}.values())[::-1]
    chosen = list(dict.fromkeys((*of_each, *long_first)))[:QUOTES]
    return tuple(words.materials[number].sentence_quote(row, words.materials[number].labels[row], None, (term,))
                 for number, row in chosen)


def _text(kind: str, name: str, field: Field, speeches: Sequence[int], terms: Sequence[KeyTerm]) -> Text:
    who = shown(name)
    if not terms:
        return sentence(f"no word sets {who.en} apart.", f"没有哪个词把{in_zh(who.zh)}与其余区分开来。")
    quoted_terms = [f"“{term.term}”" for term in terms[:3]]
    lead = terms[0]
    alone, alone_zh = "", ""
    if len(speeches) > 1 and lead.n_speeches == 1:
        alone = f"; {quoted_terms[0]} comes from one of its {len(speeches)} speeches"
        alone_zh = f"；{quoted_terms[0]}只出自 {len(speeches)} 场中的一场"
    return sentence(f"{who.en} is marked by {', '.join(quoted_terms)}{alone}.",
                    f"{in_zh(who.zh)}的特征词：{'、'.join(quoted_terms)}{alone_zh}。", begins=True)
