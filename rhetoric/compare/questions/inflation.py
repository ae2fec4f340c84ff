"""Emotion inflation: must the feelings be raised from year to year? Mean and 95th percentile of the emotional load.

The load of a stretch is the sum of the intensities of its phrases per 1,000 characters or words. The 95th percentile is
that of all windows of `WINDOW` characters or words, one beginning at each sentence: how strong the strongest passages
are. Windows overlap, so blocks of neighbouring windows are drawn for the interval (`rhetoric.intervals`).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rhetoric.compare.estimates import BETWEEN, WITHIN, Counted, Estimate
from rhetoric.compare.evidence import quotes_for
from rhetoric.compare.measures import Measure
from rhetoric.compare.naming import shown
from rhetoric.compare.questions.asking import Asked, Draft, small_print, span
from rhetoric.compare.trends import Line
from rhetoric.compare.wording import in_zh, sentence
from rhetoric.intervals import MIN_SENTENCES, SEED, block_length, percentile_interval
from rhetoric.types import Question, Row, Text, Trend

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

QUESTION = Text(en="Must the feelings be raised from year to year?", zh="情绪需要一年比一年更高吗？")
MEAN = Measure("emotion_load", "intensity", "thousands", "density", "emotion", "n_content")
PEAK = Measure("emotion_load_p95", "intensity", "thousands", "density", "emotion", "n_content")
STRONG = Measure("emotion_strong", "strong", "phrases", "share", "emotion", "phrases")
WINDOW = {"zh": 500.0, "en": 300.0}  # about two minutes of speech
QUANTILE = 0.95
RESAMPLES = 500


def loads(speech: Counted) -> Floats:
    """The load of every whole window of a speech; one window, the speech, where it is shorter than that."""
    import numpy as np

    intensity, size = speech.columns["intensity"], speech.columns["thousands"]
    felt, passed = (np.concatenate([[0.0], np.cumsum(values)]) for values in (intensity, size))
    reach = WINDOW.get(speech.material.card.language, 300.0) / 1000
    ends = np.searchsorted(passed, passed[:-1] + reach - 1e-9)
    whole = np.flatnonzero((ends < len(passed)) & (size > 0))
    if not len(whole):
        return np.array([felt[-1] / passed[-1]]) if passed[-1] else np.zeros(0)
    made: Floats = (felt[ends[whole]] - felt[whole]) / (passed[ends[whole]] - passed[whole])
    return made


def percentile(values: Floats) -> Floats:
    """The `QUANTILE` of each row, the smallest value that no fewer than so many reach: (..., n) -> (...)."""
    import numpy as np

    rank = max(0, math.ceil(QUANTILE * values.shape[-1]) - 1)
    found: Floats = np.partition(values, rank, axis=-1)[..., rank]
    return found


def peak(speeches: Sequence[Counted]) -> Estimate | None:
    """The 95th percentile of the load over all windows of some speeches, with its interval."""
    import numpy as np

    having = [speech for speech in speeches if speech.has(PEAK)]
    windows = [found for speech in having if len(found := loads(speech))]
    if not windows:
        return None
    n = int(sum(speech.columns["n_content"].sum() for speech in having))
    value = float(percentile(np.concatenate(windows)))
    rng = np.random.default_rng([SEED, zlib.crc32("\n".join(s.material.card.speech_id for s in having).encode()), 95])
    if len(windows) == 1:
        draws = percentile(windows[0][_blocks(len(windows[0]), RESAMPLES, rng)])
    else:
        # Each speech is drawn once for all draws; a draw takes the speeches it holds.
        own = [found[_blocks(len(found), RESAMPLES, rng)] for found in windows]
        chosen = rng.integers(0, len(windows), size=(RESAMPLES, len(windows)))
        draws = np.array([percentile(np.concatenate([own[k][draw] for k in held]))
                          for draw, held in enumerate(chosen.tolist())])
    enough = n >= MIN_SENTENCES and sum(map(len, windows)) >= MIN_SENTENCES
    low, high = (percentile_interval(draws) if enough else None) or (None, None)
    method = "" if low is None else WITHIN if len(having) == 1 else BETWEEN
    return Estimate(value, low, high, value, 1.0, n, len(having), method, draws, draws)


def _blocks(n: int, draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Places 0..n-1 drawn in blocks of neighbours on a circle, shape (draws, n)."""
    import numpy as np

    length = block_length(n)
    starts = rng.integers(0, n, size=(draws, -(-n // length)))
    places: NDArray[np.int64] = (starts[..., None] + np.arange(length)).reshape(draws, -1)[:, :n] % n
    return places


def draft(asked: Asked) -> Draft | None:
    """The load of the whole and of the strongest passages over the years."""
    whole = asked.whole(MEAN)
    if whole is None or whole.value is None:
        return None
    mean, rows = asked.line(MEAN), asked.rows((MEAN,))
    top = _peak_line(asked, mean)
    name = shown(asked.series)

    def write(trends: tuple[Trend, ...]) -> Question:
        first, last = (trends[0] if trends else None), (trends[-1] if len(trends) > 1 else None)
        if mean is not None and len(mean.years) > 1:
            a = span(mean, first)
            b = span(top, last) if top is not None else Text(en="cannot be told", zh="无法判断")
            text = sentence(f"{name.en}’s emotional load {asked_unit(asked).en}: {a.en}; of the strongest passages: "
                            f"{b.en}.",
                            f"{in_zh(name.zh)}{asked_unit(asked).zh}的情感负荷，{a.zh}；最强的段落，{b.zh}。")
        else:
            text = sentence(f"{name.en}’s emotional load is {whole.value or 0.0:.1f} {asked_unit(asked).en}.",
                            f"{in_zh(name.zh)}的情感负荷为{asked_unit(asked).zh} {whole.value or 0.0:.1f}。")
        return Question(key="inflation", series=asked.series, told=mean is not None and len(mean.years) > 1,
                        question=QUESTION, text=text, detail=small_print(asked, whole, "density", trends),
                        rows=(*rows, *_peak_rows(asked, rows, top)), trends=trends,
                        quotes=quotes_for(asked.speeches, STRONG))

    return Draft(tuple(line for line in (mean, top) if line), write)


def asked_unit(asked: Asked) -> Text:
    """The unit of a load."""
    unit = asked.speeches[0].material.card.size_unit
    return Text(en=f"per 1,000 {unit}", zh="每千字" if unit == "characters" else "每千词")


def _peak_line(asked: Asked, mean: Line | None) -> Line | None:
    if mean is None:
        return None
    found = {year: value for year in mean.years if (value := peak(
        [s for s in asked.speeches if s.material.card.year == year])) is not None}
    return Line(PEAK, mean.unit, tuple(found), tuple(found.values())) if found else None


def _peak_rows(asked: Asked, means: Sequence[Row], line: Line | None) -> list[Row]:
    """A row for each group that has a mean; a group that is a year has its value in the line already."""
    known = {str(year): value for year, value in zip(line.years, line.values, strict=True)} if line else {}
    by_year = asked.known.by == "year"
    made = []
    for base in means:
        value = known.get(base.group) if by_year else None
        value = value or peak(asked.groups[base.group])
        if value is not None:
            made.append(replace(base, metric=PEAK.name, value=value.value, low=value.low, high=value.high,
                                numerator=value.numerator, denominator=value.denominator, interval=value.interval,
                                basis="windows", quotes=()))
    return made
