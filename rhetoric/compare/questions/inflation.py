"""Emotion inflation: must the feelings be raised from year to year? Mean and 95th percentile of the emotional load.

The load of a stretch is the sum of the intensities of its phrases per 1,000 characters or words. The 95th percentile is
that of all windows of `WINDOW` characters or words, one beginning at each sentence: how strong the strongest passages
are. Windows overlap, so blocks of neighbouring windows are drawn for the interval (`rhetoric.intervals`).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rhetoric.compare.estimates import BETWEEN, WITHIN, Counted, Estimate
from rhetoric.compare.evidence import quotes_for
from rhetoric.compare.measures import Measure
from rhetoric.compare.naming import shown
from rhetoric.compare.questions.asking import Asked, Draft, small_print, span
from rhetoric.compare.rows import row
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


def peak(speeches: Sequence[Counted]) -> Estimate | None:
    """The 95th percentile of the load over all windows of some speeches, with its interval."""
    import numpy as np

    having = [speech for speech in speeches if speech.has(PEAK)]
    windows = [found for speech in having if len(found := loads(speech))]
    if not windows:
        return None
    n = int(sum(speech.columns["n_content"].sum() for speech in having))
    value = float(np.quantile(np.concatenate(windows), QUANTILE))
    rng = np.random.default_rng([SEED, zlib.crc32("\n".join(s.material.card.speech_id for s in having).encode()), 95])
    draws = np.array([np.quantile(_drawn(windows, rng), QUANTILE) for _ in range(RESAMPLES)])
    enough = n >= MIN_SENTENCES and sum(map(len, windows)) >= MIN_SENTENCES
    low, high = (percentile_interval(draws) if enough else None) or (None, None)
    method = "" if low is None else WITHIN if len(having) == 1 else BETWEEN
    return Estimate(value, low, high, value, 1.0, n, len(having), method, draws)


def _drawn(windows: Sequence[Floats], rng: np.random.Generator) -> Floats:
    """Speeches drawn anew where there are several, and blocks of neighbouring windows within each."""
    import numpy as np

    chosen = rng.integers(0, len(windows), size=len(windows)) if len(windows) > 1 else [0]
    parts = []
    for k in chosen:
        own = windows[int(k)]
        length = block_length(len(own))
        starts = rng.integers(0, len(own), size=-(-len(own) // length))
        parts.append(own[(starts[:, None] + np.arange(length)).ravel()[: len(own)] % len(own)])
    return np.concatenate(parts)


def draft(asked: Asked) -> Draft | None:
    """The load of the whole and of the strongest passages over the years."""
    whole = asked.whole(MEAN)
    if whole is None or whole.value is None:
        return None
    mean = asked.line(MEAN)
    top = _peak_line(asked, mean)
    name = shown(asked.series)

    def write(trends: tuple[Trend, ...]) -> Question:
        first, last = (trends[0] if trends else None), (trends[-1] if len(trends) > 1 else None)
        if mean is not None and len(mean.years) > 1:
            a = span(mean, first)
            b = span(top, last) if top is not None else Text(en="cannot be told", zh="无法判断")
            text = sentence(f"{name.en}’s emotional load: {a.en}; of the strongest passages: {b.en}.",
                            f"{in_zh(name.zh)}的情感负荷，{a.zh}；最强的段落，{b.zh}。")
        else:
            text = sentence(f"{name.en}’s emotional load is {whole.value or 0.0:.1f} {asked_unit(asked).en}.",
                            f"{in_zh(name.zh)}的情感负荷为{asked_unit(asked).zh} {whole.value or 0.0:.1f}。")
        return Question(key="inflation", series=asked.series, told=mean is not None and len(mean.years) > 1,
                        question=QUESTION, text=text, detail=small_print(asked, whole, "density", trends),
                        rows=(*asked.rows((MEAN,)), *_peak_rows(asked)), trends=trends,
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


def _peak_rows(asked: Asked) -> list[Row]:
    from dataclasses import replace

    made = []
    for group, members in asked.groups.items():
        base, value = row(members, group, MEAN), peak(members)
        if base is not None and value is not None:
            made.append(replace(base[0], metric=PEAK.name, value=value.value, low=value.low, high=value.high,
                                numerator=value.numerator, denominator=value.denominator, interval=value.interval,
                                basis="windows", quotes=()))
    return made
