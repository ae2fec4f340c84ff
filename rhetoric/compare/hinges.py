"""Where a speech turns from story to product: one change point, its p by permutation, its interval by bootstrap.

The split is the one that maximises W1 W2 / (W1 + W2) * (m1 - m2)^2, the weighted sum of squares between two segments
(A. J. Scott and M. Knott, "A cluster analysis method for grouping means", Biometrics 30, 1974), among splits with more
story before than after; m is story / (story + product), W the weight of both. p: blocks of neighbouring sentences are
shuffled, since single sentences are not exchangeable; it is corrected for all speeches of a series (Benjamini and
Hochberg). Interval: blocks are resampled within each of the two segments.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.codebook import GROUP_OF
from rhetoric.compare.estimates import Counted
from rhetoric.compare.material import Material
from rhetoric.compare.robust import benjamini_hochberg
from rhetoric.compare.wording import clock, in_zh, p_text, quantity, sentence
from rhetoric.intervals import LEVEL, SEED, block_length
from rhetoric.types import Hinge, Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PERMUTATIONS = 999
RESAMPLES = 500
CHUNK = 111  # permutations at a time: small enough for the cache; 9 chunks are 999
MIN_CODED = 10  # story or product sentences
MIN_SIDE = 5  # story sentences before the turn and product sentences after it: fewer are an aside
MIN_SPAN = 0.05  # of the speech on either side of a turn: what is thinner is its opening or its close, no half of it
MIN_PART = 0.25  # of the sentences before the turn that are story: a speech that tells fewer does not turn from story
MAX_WIDTH = 0.5  # of the speech: a turn whose interval is wider has no place
# Of the turns told at most so many are false, in the long run. A speech of fifty sentences has some seven blocks to
# shuffle, and no p much below 0.05 however clear its turn: at 0.05 one speech without a turn would silence all others.
FALSE_SHARE = 0.1
HALF = 0.5  # a turn from story to product has more story before it and more product after it


class Split(NamedTuple):
    """The best split of each of k sequences: `at` (k,) the first sentence after it, `gain` (k,) its sum of squares."""

    at: Ints
    gain: Floats


def best_split(story: Floats, both: Floats) -> Split:
    """Best split with more story before than after: `story`, `both` (k, n) weights of story and of story + product.

    With S, W the totals and s, w the sums before the split, W1 W2 / W (m1 - m2)^2 = (s - w S / W)^2 W / (w (W - w)).
    """
    import numpy as np

    before, weight = np.cumsum(story, axis=1), np.cumsum(both, axis=1)
    total = weight[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        before -= weight * (before[:, -1:] / total)
        np.maximum(before, 0.0, out=before)  # a fall of story only
        before *= before
        before *= total
        weight *= total - weight
        before /= weight
    gains = np.where(weight[:, :-1] > 1e-12 * total * total, before[:, :-1], 0.0)
    at = gains.argmax(axis=1)
    return Split(at + 1, gains[np.arange(len(gains)), at])


def hinges(speeches: Sequence[Counted]) -> dict[str, Hinge]:
    """The turns of the speeches of a series by id, or why none can be told; p is corrected for all that could turn.

    A speech that was looked at and has no turn to test counts as one with p = 1: it was chosen by the same data.
    """
    found = [hinge(speech) for speech in speeches]
    family = sum(_coded(speech) >= MIN_CODED for speech in speeches)
    raw = [turn.p for turn in found if turn.p is not None]
    corrected = iter(benjamini_hochberg([*raw, *[1.0] * (family - len(raw))]))
    made = {}
    for speech, turn in zip(speeches, found, strict=True):
        if turn.p is not None:
            p = next(corrected)
            turn = replace(turn, p=p, told=turn.p <= 1 - LEVEL + 1e-12 and p <= FALSE_SHARE + 1e-12)
            turn = replace(turn, text=_text(speech, turn, family))
        made[turn.speech_id] = turn
    return made


def _coded(speech: Counted) -> int:
    return int(speech.columns["n_story_or_product"].sum())


def hinge(speech: Counted) -> Hinge:
    """The turn of one speech with its own p, to be told by `hinges`; without a p where `text` says why none can."""
    import numpy as np

    if _coded(speech) < MIN_CODED:
        return _untold(speech, f"only {_coded(speech)} of its sentences are story or product",
                       f"只有 {_coded(speech)} 句是故事或产品")
    story, both = speech.columns["story"], speech.columns["story_or_product"]
    at, gain = (values[0] for values in best_split(story[None, :], both[None, :]))
    # Sentences of neither kind between the last story and the first product belong to no side: the turn is where the
    # product begins.
    begins = _next_weighed(both)
    at = begins[at]
    backwards = best_split(both[None, :] - story[None, :], both[None, :]).gain[0]
    if not gain > 0 or backwards > gain:
        return _untold(speech, "its stories come after its product", "故事出现在产品之后")
    shares = elapsed(speech.material)
    why = _no_turn(speech, int(at), float(shares[at]))
    if why is not None:
        return _untold(speech, *why)
    rng = np.random.default_rng([SEED, zlib.crc32(speech.material.card.speech_id.encode()), 1])
    shuffled = _shuffled_gains(story, both, rng)
    # Equal splits of a shuffle that changes nothing count as reached.
    p = (1 + int((shuffled >= gain * (1 - 1e-9)).sum())) / (1 + PERMUTATIONS)
    found_at = begins[_resampled(story, both, int(at), rng)]
    low, high = np.quantile(shares[found_at], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    here = float(shares[at])
    if high - low > MAX_WIDTH:
        return _untold(speech, "its place could be almost anywhere", "转折的位置几乎可以在任何地方")
    before, after = _shares(story, both, int(at))
    return Hinge(speech_id=speech.material.card.speech_id, told=False, sentence_index=speech.material.indices[at],
                 at_s=speech.material.starts[at], at_share=here, low_share=min(float(low), here),
                 high_share=max(float(high), here), p=p, before=before, after=after, text=Text(en="", zh=""))


def _no_turn(speech: Counted, at: int, place: float) -> tuple[str, str] | None:
    """Why the parts before and after `at` are no two halves, in English and Chinese; None where they are."""
    before, after = _shares(speech.columns["story"], speech.columns["story_or_product"], at)
    if before < HALF or after > HALF or min(_sides(speech, at)) < MIN_SIDE:
        return ("it has no part that is mostly story followed by one that is mostly product",
                "没有以故事为主、继而以产品为主的两段")
    if not MIN_SPAN <= place <= 1 - MIN_SPAN:
        where, where_zh = ("opening", "开头") if place < HALF else ("close", "结尾")
        return f"only its {where} differs from the rest", f"只有{where_zh}与其余部分不同"
    if _story_part(speech, at) < MIN_PART:
        return "too little of what comes before its product is story", "产品之前的部分，故事太少"
    return None


def _shares(story: Floats, both: Floats, at: int) -> tuple[float, float]:
    return float(story[:at].sum() / both[:at].sum()), float(story[at:].sum() / both[at:].sum())


def _next_weighed(both: Floats) -> Ints:
    """For each sentence the first from it on that is story or product; the sentence itself where none follows."""
    import numpy as np

    places = np.arange(len(both))
    ahead = np.where(both > 0, places, len(both))
    following = np.minimum.accumulate(ahead[::-1])[::-1]
    return np.where(following < len(both), following, places)


def _sides(speech: Counted, at: int) -> tuple[int, int]:
    """How many sentences are story before `at` and product from it on, by their likeliest label."""
    labels = speech.material.labels
    return (sum(GROUP_OF.get(label) == "story" for label in labels[:at]),
            sum(GROUP_OF.get(label) == "product" for label in labels[at:]))


def _story_part(speech: Counted, at: int) -> float:
    """How many of the speech's sentences before `at` are story."""
    before = [label for label in speech.material.labels[:at] if label not in ("", "noncontent")]
    return sum(GROUP_OF.get(label) == "story" for label in before) / max(1, len(before))


def elapsed(material: Material) -> Floats:
    """Share of the speech's time, or of its size, that has passed when each sentence begins; shape (sentences,)."""
    import numpy as np

    if material.card.timed and material.card.duration_s:
        starts = np.array([0.0 if start is None else start for start in material.starts])
        return np.clip(starts / max(material.card.duration_s, float(starts[-1])), 0.0, 1.0)
    total = float(material.sizes.sum()) or 1.0
    return (np.cumsum(material.sizes) - material.sizes) / total


def _shuffled_gains(story: Floats, both: Floats, rng: np.random.Generator) -> Floats:
    """Gains of the best split when blocks, cut at a random place of the circle, stand in random order.

    The last block is filled up with sentences of no weight, which change no gain.
    """
    import numpy as np

    n, length = len(story), block_length(len(story))
    blocks = math.ceil(n / length)
    gains = []
    for _ in range(0, PERMUTATIONS, CHUNK):
        turns = rng.integers(n, size=(CHUNK, 1))
        order = rng.permuted(np.tile(np.arange(blocks), (CHUNK, 1)), axis=1)
        places = (order[:, :, None] * length + np.arange(length)).reshape(CHUNK, -1)
        filled = places < n
        sentences = (places + turns) % n
        gains.append(best_split(story[sentences] * filled, both[sentences] * filled).gain)
    return np.concatenate(gains)[:PERMUTATIONS]


def _resampled(story: Floats, both: Floats, at: int, rng: np.random.Generator) -> Ints:
    """First sentence after the split in each of `RESAMPLES` speeches, resampled in blocks before and after it."""
    import numpy as np

    found = []
    for _ in range(0, RESAMPLES, RESAMPLES // 5):
        places = np.concatenate([_blocks(0, at, rng), _blocks(at, len(story), rng)], axis=1)
        found.append(best_split(story[places], both[places]).at)
    return np.concatenate(found)


def _blocks(start: int, end: int, rng: np.random.Generator) -> Ints:
    """A fifth of the resamples of the sentences `start` to `end`, in blocks on a circle; shape (draws, end - start)."""
    import numpy as np

    n = end - start
    length = block_length(n)
    starts = rng.integers(0, n, size=(RESAMPLES // 5, math.ceil(n / length)))
    places = (starts[:, :, None] + np.arange(length)) % n + start
    return places.reshape(RESAMPLES // 5, -1)[:, :n]


def _untold(speech: Counted, why: str, why_zh: str) -> Hinge:
    name = speech.material.card.speech_id
    return Hinge(speech_id=name, told=False, sentence_index=None, at_s=None, at_share=None, low_share=None,
                 high_share=None, p=None, before=None, after=None, text=sentence(
                     f"{name}: no turn from story to product can be told; {why}.",
                     f"{in_zh(name)}：看不出从故事转向产品的转折，{why_zh}。", begins=False))


def _text(speech: Counted, found: Hinge, family: int) -> Text:
    """A hinge in words; one that shuffled sentences reach as well is none. `family`: how many p is corrected for."""
    name, name_zh, p = found.speech_id, in_zh(found.speech_id), p_text(1.0 if found.p is None else found.p)
    p_zh = p
    if family > 1:
        p, p_zh = f"{p} after correction for {family} speeches", f"经 {family} 场校正后 {p}"
    if not found.told:
        return sentence(
            f"{name}: no turn from story to product can be told; shuffled blocks of it part as clearly ({p}).",
            f"{name_zh}：看不出从故事转向产品的转折，打乱次序后也会出现同样明显的分界（{p_zh}）。", begins=False)
    where, low, high = (quantity(x or 0.0, "share", 0) for x in (found.at_share, found.low_share, found.high_share))
    low = low.removesuffix("%")
    at, at_zh = f"{where} into the text", f"在全文 {where} 处（"
    if speech.material.card.timed and found.at_s is not None:
        at, at_zh = f"at {clock(found.at_s)}, {where} in", f"在 {clock(found.at_s)}（进行到 {where}"
    band_zh = f"［{low}～{high}］）"
    before, after = (quantity(share or 0.0, "share", 0) for share in (found.before, found.after))
    return sentence(
        f"{name} turns from story to product {at} [{low} to {high}]: story holds {before} of story and product before, "
        f"{after} after ({p}).",
        f"{name_zh}{at_zh}{band_zh}从故事转向产品：故事与产品之中，故事此前占 {before}，此后占 {after}（{p_zh}）。",
        begins=False)
