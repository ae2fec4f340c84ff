"""How far apart two speeches or speakers are in manner, by function words: Burrows' Delta, and a map of the distances.

J. Burrows, "'Delta': a measure of stylistic difference and a guide to likely authorship", Literary and Linguistic
Computing 17, 2002: the mean absolute difference of z-scores of the relative frequencies of frequent words. Only
function words are read, since they follow the speaker more than the topic. The map is classical scaling (W. Torgerson,
"Multidimensional scaling: I. Theory and method", Psychometrika 17, 1952).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.compare.lineages import when
from rhetoric.compare.material import Archive, Material
from rhetoric.compare.naming import shown
from rhetoric.compare.wording import in_zh, sentence
from rhetoric.compare.words import Words, function_words
from rhetoric.intervals import LEVEL, SEED
from rhetoric.plurals import counted
from rhetoric.types import StyleDistance, StyleFeature, StyleMap, StylePoint, Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEATURES = 100  # function words, the most frequent ones
FEWEST = 20  # features below which no distance is told
MIN_SPEECHES = 3
DRIVERS = 5
FEWEST_TOLD = 7  # speeches below which no word is named: a z-score of n values is at most (n - 1) / sqrt(n)
RESAMPLES = 500
SHORT = 1500  # words below which a speech's place is unsure (M. Eder, DSH 30, 2015, asks for more still)
LANDMARKS = 400  # speeches whose distances make the map
MOST_PAIRS = 66  # all pairs of twelve speeches; of more, each with its nearest alone


class Profile(NamedTuple):
    """The function words of some speeches: their names and the counts, shape (speeches, features), out of `sizes`."""

    features: tuple[str, ...]
    counts: Floats
    sizes: Floats


def profile(words: Words) -> Profile:
    """Counts of the most frequent function words of each speech."""
    import numpy as np

    known = function_words(words.language)
    candidates = np.array([word in known for word in words.vocabulary], dtype=bool)
    valid = words.ids >= 0
    totals = np.bincount(words.ids[valid], minlength=len(words.vocabulary))
    ranked = np.lexsort((np.arange(len(totals)), -np.where(candidates, totals, -1)))
    chosen = [int(word) for word in ranked[:FEATURES] if candidates[word] and totals[word] >= len(words.materials)]
    place = np.full(len(words.vocabulary), -1)
    place[chosen] = np.arange(len(chosen))
    feature = np.where(valid, place[np.maximum(words.ids, 0)], -1)
    used = feature >= 0
    cells = words.speech[used].astype(np.int64) * max(1, len(chosen)) + feature[used]
    counts = np.bincount(cells, minlength=len(words.materials) * len(chosen)).astype(float)
    names = tuple(words.spelled[word] for word in chosen)
    return Profile(names, counts.reshape(len(words.materials), len(chosen)), words.sizes.astype(float))


def scores(counts: Floats, sizes: Floats, mean: Floats, spread: Floats) -> Floats:
    """z-scores of relative frequencies: `counts` (k, features), `sizes` (k,)."""
    rates = counts / sizes[:, None]
    made: Floats = (rates - mean) / spread
    return made


def delta(z: Floats) -> Floats:
    """Burrows' Delta of every pair of rows: (k, features) -> (k, k)."""
    import numpy as np

    return np.array([np.abs(z - row).mean(axis=1) for row in z])


def scaled(distances: Floats) -> tuple[Floats, float]:
    """Classical scaling to two dimensions: places (k, 2), and the share of the positive eigenvalues that they hold.

    The direction of each axis is set by its furthest point, so that the same distances give the same map.
    """
    import numpy as np

    k = len(distances)
    centre = np.eye(k) - 1 / k
    values, vectors = np.linalg.eigh(-0.5 * centre @ (distances**2) @ centre)
    order = np.argsort(values)[::-1][:2]
    places = vectors[:, order] * np.sqrt(np.maximum(values[order], 0))
    furthest = np.abs(places).argmax(axis=0)
    places *= np.where(places[furthest, [0, 1]] < 0, -1.0, 1.0)
    positive = values[values > 0].sum()
    return places, float(np.maximum(values[order], 0).sum() / positive) if positive > 0 else 0.0


def style_maps(archive: Archive, words_of: dict[str, Words]) -> tuple[StyleMap, ...]:
    """A map of the speeches of each language, and of its speakers where there are two or more.

    `words_of` holds the words of all speeches of a language.
    """
    made: list[StyleMap] = []
    for language, words in words_of.items():
        found = profile(words)
        kept = [i for i, size in enumerate(found.sizes) if size > 0]
        if len(kept) < MIN_SPEECHES or len(found.features) < FEWEST:
            continue
        rates = found.counts[kept] / found.sizes[kept][:, None]
        mean, spread = rates.mean(axis=0), rates.std(axis=0, ddof=1)
        varied = spread > 0
        found = Profile(tuple(f for f, v in zip(found.features, varied, strict=True) if v),
                        found.counts[kept][:, varied], found.sizes[kept])
        materials = [words.materials[i] for i in kept]
        made.append(_speeches(language, found, materials, mean[varied], spread[varied]))
        if len({m.card.series for m in materials}) > 1:
            made.append(_speakers(language, found, materials, mean[varied], spread[varied],
                                  [s for s in archive.series if any(m.card.series == s for m in materials)]))
    return tuple(made)


class Apart(NamedTuple):
    """How speeches lie: places on the map, what it keeps, the nearest other one of each, the sum of its distances."""

    places: Floats
    kept: float
    nearest: NDArray[np.int64]
    sums: Floats


def apart(z: Floats) -> Apart:
    """The distances of all speeches, row by row: the table of all of them would not fit into memory.

    Of more than `LANDMARKS` the map is drawn from so many, spread evenly, and the others are set among them by their
    distances to these (V. de Silva and J. B. Tenenbaum, "Sparse multidimensional scaling using landmark points",
    Stanford, 2004).
    """
    import numpy as np

    n = len(z)
    marks = np.arange(n) if n <= LANDMARKS else np.arange(LANDMARKS) * n // LANDMARKS
    to_marks, nearest, sums = np.empty((n, len(marks))), np.empty(n, dtype=np.int64), np.empty(n)
    for at, row in enumerate(z):
        distances = np.abs(z - row).mean(axis=1)
        to_marks[at], sums[at] = distances[marks], distances.sum()
        distances[at] = np.inf
        nearest[at] = distances.argmin()
    places, kept = scaled(to_marks[marks])
    if n > LANDMARKS:
        places = _placed(to_marks, marks, places)
    return Apart(places, kept, nearest, sums)


def _placed(to_marks: Floats, marks: NDArray[np.int64], places: Floats) -> Floats:
    """Every speech on the map of the landmarks: -1/2 L+ (d^2 - mean d^2), L+ the map's pseudo-inverse."""
    import numpy as np

    lengths = (places**2).sum(axis=0)
    inverse = places / np.where(lengths > 0, lengths, 1.0)
    made: Floats = -0.5 * (to_marks**2 - (to_marks[marks] ** 2).mean(axis=0)) @ inverse
    return made


def _speeches(language: str, found: Profile, materials: Sequence[Material], mean: Floats, spread: Floats) -> StyleMap:
    z = scores(found.counts, found.sizes, mean, spread)
    how = apart(z)
    names = [m.card.speech_id for m in materials]
    pairs: list[tuple[int, int]] = sorted({(min(i, j), max(i, j)) for i, j in enumerate(how.nearest.tolist())})
    if len(names) * (len(names) - 1) // 2 <= MOST_PAIRS:
        pairs = list(combinations(range(len(names)), 2))
    points = tuple(_point(m.card.speech_id, m, place, int(size)) for m, place, size in
                   zip(materials, how.places, found.sizes, strict=True))
    told = tuple(StyleDistance(a=names[i], b=names[j], value=round(float(abs(z[i] - z[j]).mean()), 4), low=None,
                               high=None, features=_drivers(found, z[i] - z[j])) for i, j in pairs)
    return StyleMap(kind="speech", language=language, n_features=len(found.features), kept=round(how.kept, 4),
                    points=points, distances=told, text=_speech_text(how, materials, found.sizes))


def _point(name: str, material: Material, place: Floats, size: int) -> StylePoint:
    return StylePoint(name=name, series=material.card.series, label=when(material), x=round(float(place[0]), 4),
                      y=round(float(place[1]), 4), size=size)


def _drivers(found: Profile, difference: Floats) -> tuple[StyleFeature, ...]:
    """The words of the largest differences in z; none where the standard deviation is that of too few speeches."""
    if len(found.sizes) < FEWEST_TOLD:
        return ()
    features = found.features
    order = sorted(range(len(features)), key=lambda i: (-abs(float(difference[i])), features[i]))[:DRIVERS]
    return tuple(StyleFeature(feature=features[i], difference=round(float(difference[i]), 3)) for i in order)


def _speech_text(how: Apart, materials: Sequence[Material], sizes: Floats) -> Text:
    """Which speech stands apart, or that of one speaker it stands nearer to another."""
    series = [m.card.series for m in materials]
    short = int((sizes < SHORT).sum())
    doubt = f"; {counted(short, 'speech', 'speeches')} under {SHORT:,} words: places unsure" if short else ""
    doubt_zh = f"；{short} 场不足 {SHORT:,} 词，位置不稳" if short else ""
    if len(set(series)) > 1:
        count = Counter(series)
        able = [i for i, name in enumerate(series) if count[name] > 1]  # one speech has none of its own near
        own = sum(series[int(how.nearest[i])] == series[i] for i in able)
        return sentence(f"{own} of {len(able)} speeches stand nearest to another one of their own speaker{doubt}."
                        if able else f"one speech of each speaker: nobody can be told by his manner{doubt}.",
                        f"{len(able)} 场演讲中有 {own} 场离同一演讲者的另一场最近{doubt_zh}。"
                        if able else f"每位演讲者只有一场，谈不上各自的语言习惯{doubt_zh}。")
    if len(materials) < FEWEST_TOLD:  # all of so few lie about as far from each other, whatever was said
        return sentence(f"{counted(len(materials), 'speech', 'speeches')} are too few to say whose manner stands "
                        f"apart{doubt}.",
                        f"只有 {len(materials)} 场演讲，说不出哪一场的语言习惯与众不同{doubt_zh}。")
    odd = int(how.sums.argmax())
    name = when(materials[odd])
    return sentence(f"the manner of {name} stands furthest from the others{doubt}.",
                    f"{in_zh(name)}的语言习惯与其余各场相距最远{doubt_zh}。")


def _speakers(language: str, found: Profile, materials: Sequence[Material], mean: Floats, spread: Floats,
              series: Sequence[str]) -> StyleMap:
    """Speakers with their speeches pooled; the interval of a distance draws the speeches of both anew."""
    import numpy as np

    members = [[i for i, m in enumerate(materials) if m.card.series == name] for name in series]
    z = _pooled(found, members, mean, spread)
    distances = delta(z)
    places, kept = scaled(distances)
    rng = np.random.default_rng([SEED, len(series)])
    drawn = []
    for _ in range(RESAMPLES):
        again = [list(rng.choice(own, size=len(own))) for own in members]
        drawn.append(delta(_pooled(found, again, mean, spread)))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    told = []
    for i, j in combinations(range(len(series)), 2):
        bounded = min(len(members[i]), len(members[j])) > 1
        told.append(StyleDistance(
            a=series[i], b=series[j], value=round(float(distances[i, j]), 4),
            low=round(float(low[i, j]), 4) if bounded else None, high=round(float(high[i, j]), 4) if bounded else None,
            features=_drivers(found, z[i] - z[j])))
    points = tuple(StylePoint(name=name, series=name, label=name, x=round(float(places[i, 0]), 4),
                              y=round(float(places[i, 1]), 4), size=int(found.sizes[members[i]].sum()))
                   for i, name in enumerate(series))
    nearest = min(told, key=lambda d: (d.value, d.a, d.b))
    a, b = shown(nearest.a), shown(nearest.b)
    by, by_zh = _led_by(nearest, len(found.sizes))
    text = sentence(f"{a.en} and {b.en} lie {nearest.value:.2f} standard deviations apart; {by}.",
                    f"{in_zh(a.zh)}与{in_zh(b.zh)}平均相差 {nearest.value:.2f} 个标准差；{by_zh}。")
    return StyleMap(kind="speaker", language=language, n_features=len(found.features), kept=round(kept, 4),
                    points=points, distances=tuple(told), text=text)


def _led_by(pair: StyleDistance, speeches: int) -> tuple[str, str]:
    """The word that says most of a distance, in English and Chinese, or that the speeches are too few to name one."""
    if not pair.features:
        return (f"{speeches} speeches are too few to say by which words", f"仅凭 {speeches} 场演讲说不出差在哪些词")
    lead, a, b = pair.features[0], shown(pair.a), shown(pair.b)
    more, less = (a, b) if lead.difference > 0 else (b, a)
    return (f"{more.en} says “{lead.feature}” more than {less.en}",
            f"{in_zh(more.zh)}比{in_zh(less.zh)}更常说“{lead.feature}”")


def _pooled(found: Profile, members: Sequence[Sequence[int]], mean: Floats, spread: Floats) -> Floats:
    import numpy as np

    counts = np.array([found.counts[own].sum(axis=0) for own in members])
    return scores(counts, np.array([found.sizes[own].sum() for own in members]), mean, spread)
