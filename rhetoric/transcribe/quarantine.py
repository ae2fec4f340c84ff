"""Text that a recogniser invented: which segments are flagged, and why.

Whisper writes subtitle credits, loops and the last sentence once more over silence, music and applause. A flagged
segment stays in the transcript; those with a flag of `types.QUARANTINE` are left out of everything that is counted.

    loop             the same words over and over, or the segment before once more
    credit           a formula of subtitlers (`credits.py`); at the end of a longer segment it is cut off first
    impossible_rate  more than anybody can say in the time
    no_speech        nobody is heard while most of its words are said
    echo             what the recogniser was told, not what it heard
    low_confidence   improbable words: marked, and counted

Three witnesses: the text itself; Whisper's own measures of the window it lies in (`measured`), which are suspicions,
since a window of 30 seconds holds invented and spoken segments alike; and the voice activity under its words. Captions
that people made have only their text, and refrains: there the bars are higher.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from rhetoric.transcribe.credits import credit_at
from rhetoric.transcribe.formats.cues import is_event
from rhetoric.transcribe.formats.tokens import tokenize
from rhetoric.types import Segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# Thresholds of A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022, section 4.5.
LOW_LOGPROB = -1.0
NO_SPEECH = 0.6
LOOP_RATIO = 2.4
# Above this Whisper's words are likely whatever `no_speech_prob` says; a prompt before the window alone can raise it.
UNSURE_LOGPROB = -0.5

# So often a group of words must stand back to back, and fill half of the segment. A slogan is said three times, "thank
# you" and "developers" more often: of one or two words there must be so many in all.
REPEATS, FEW, TOKENS_OF_FEW = 5, 2, 16
LONGEST = 60  # tokens of a group; scripts come as one long segment, and are looked through in linear time
SUSPECT_REPEATS = 3  # where Whisper's own measure says loop
# So many segments in a row with the same words are a loop; the first of them may have been said.
SAME_SEGMENTS, SAME_SEGMENTS_OF_FEW = 5, 8
ALIKE = 0.8  # share of equal words (2 * equal / all) from which on a suspect segment is its neighbour once more
# Tokens as `tokens.py` weighs them: a Chinese character or digit 1, a Latin letter 0.3. Speakers take 4 to 6 a second;
# 655 words a minute, the record of S. Shannon in 1995, are about 14.
FASTEST = 16.0
RATE_FROM = 6.0  # weight of a text below which its time is too short to be measured
# Voice activity: a word is heard if speech is likely in some 32 ms within this of it.
VOICE, NEAR_S = 0.5, 0.2
HEARD_SHARE = 0.5
SURE = 0.7  # mean probability of words that were said although no voice is found: under applause, or misplaced


def measured(avg_logprob: float, no_speech_prob: float, compression_ratio: float) -> tuple[str, ...]:
    """Whisper's own suspicions of a window: improbable words, probably no speech, a text that compresses too well."""
    flags = []
    if avg_logprob < LOW_LOGPROB:
        flags.append("low_confidence")
    if no_speech_prob > NO_SPEECH and avg_logprob < UNSURE_LOGPROB:
        flags.append("no_speech")
    if compression_ratio > LOOP_RATIO:
        flags.append("loop")
    return tuple(flags)


def flag_heard(segments: Sequence[Segment], voice: Floats, step_s: float) -> tuple[Segment, ...]:
    """Flag what a recogniser wrote; `voice` is the probability of speech in each `step_s` seconds of the recording.

    The flags that segments come with are taken for suspicions: a loop that is none in the text, and a silence in which
    somebody is heard, are dropped.
    """
    parts: list[tuple[Segment, bool]] = []
    for segment in segments:
        unheard = heard_share(segment, voice, step_s) < HEARD_SHARE and not _is_sure(segment)
        parts += [(part, unheard) for part in _cut_credit(segment, heard=not unheard)]
    loops = _loops([part for part, _ in parts])
    return tuple(
        _flagged(part, {"loop", "no_speech"}, loop=loop, no_speech=unheard, impossible_rate=is_impossible(part))
        for (part, unheard), loop in zip(parts, loops, strict=True))


def flag_captions(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Flag what the text alone gives away, in captions or in what another program heard; events stay as they are.

    `no_speech` of a Whisper program's own measures stays: there is no sound to ask.
    """
    parts = [part for segment in segments for part in _cut_credit(segment, heard="no_speech" not in segment.flags)]
    return tuple(_flagged(part, {"loop"}, loop=loop) for part, loop in zip(parts, _loops(parts), strict=True))


def _flagged(segment: Segment, suspected: set[str], **found: bool) -> Segment:
    """The segment with what was found instead of what was suspected; sorted, so that bytes repeat.

    Events stay as they are.
    """
    flags = tuple(sorted({*segment.flags} - suspected | {flag for flag, is_so in found.items() if is_so}))
    return segment if is_event(segment) or flags == segment.flags else replace(segment, flags=flags)


# --- voice ----------------------------------------------------------------------------------------------------------


def heard_share(segment: Segment, voice: Floats, step_s: float) -> float:
    """The share of a segment's words under which a voice is heard, 0..1; of one without words, of its time; else 1."""
    spans = [(word.start_s - NEAR_S, word.end_s + NEAR_S) for word in segment.words]
    if not spans and segment.start_s is not None and segment.end_s is not None:
        seconds = max(1, math.ceil(segment.end_s - segment.start_s))
        spans = [(segment.start_s + n, segment.start_s + n + 1) for n in range(seconds)]
    heard = [_has_voice(voice, start_s / step_s, end_s / step_s) for start_s, end_s in spans]
    return sum(heard) / len(heard) if heard else 1.0


def _has_voice(voice: Floats, start: float, end: float) -> bool:
    """True if a step in a span, counted in steps, holds speech."""
    first = max(0, math.floor(start))
    return bool((voice[first : max(first + 1, math.ceil(end))] >= VOICE).any())


def _is_sure(segment: Segment) -> bool:
    """True if the recogniser is sure of its words, and nothing speaks against them but that no voice is found.

    An engine that gives no probabilities (all are 1) cannot be sure.
    """
    probabilities = [word.probability for word in segment.words]
    if not probabilities or min(probabilities) == 1 or {"loop", "no_speech"} & set(segment.flags):
        return False
    return sum(probabilities) / len(probabilities) >= SURE


# --- text -----------------------------------------------------------------------------------------------------------


def is_impossible(segment: Segment) -> bool:
    """True if nobody can say a segment's text in its time."""
    weight = sum(token.weight for token in tokenize(segment.text))
    if segment.start_s is None or segment.end_s is None or weight < RATE_FROM:
        return False
    return weight > FASTEST * (segment.end_s - segment.start_s)


def repeats(keys: Sequence[str]) -> tuple[int, int]:
    """The group of tokens that fills the most of a text by standing back to back: (its length, how many times).

    (0, 0) where none of up to `LONGEST` tokens fills half of it and stands there twice or more.
    """
    best = (0, 0)
    if 4 * len(set(keys)) > 3 * len(keys):  # half of it twice or more leaves three quarters of different tokens at most
        return best
    for size in range(1, min(LONGEST, len(keys) // 2) + 1):
        same = run = 0
        for a, b in zip(keys, keys[size:], strict=False):
            run = run + 1 if a == b else 0
            same = max(same, run)
        times = (same + size) // size
        if times > 1 and 2 * size * times >= len(keys) and size * times > best[0] * best[1]:
            best = (size, times)
    return best


def _loops(segments: Sequence[Segment]) -> Iterator[bool]:
    """Whether each segment is a loop, or the segment before once more."""
    texts = [tuple(token.key for token in tokenize(segment.text)) for segment in segments]
    runs = _runs(segments, texts)
    for number, (segment, keys) in enumerate(zip(segments, texts, strict=True)):
        size, times = repeats(keys)
        suspect = "loop" in segment.flags
        enough = SUSPECT_REPEATS if suspect else TOKENS_OF_FEW / max(1, size) if size <= FEW else REPEATS
        again = suspect and any(
            0 <= other < len(texts) and "loop" in segments[other].flags and _are_alike(keys, texts[other])
            for other in (number - 1, number + 1))
        # A short recording may be written twice, the second time over the silence after it.
        doubted = suspect or "no_speech" in segment.flags
        twice = doubted and number > 0 and len(keys) > FEW and keys == texts[number - 1]
        yield bool(times >= enough or runs[number] or again or twice)


def _runs(segments: Sequence[Segment], texts: Sequence[tuple[str, ...]]) -> list[bool]:
    """Which segments say what the one before said, in a run of `SAME_SEGMENTS` or more; of short ones more."""
    marked = [False] * len(texts)
    start = 0
    borders = [n + 1 for n, (a, b) in enumerate(pairwise(texts)) if a != b or is_event(segments[n + 1])]
    for end in [*borders, len(texts)]:
        if end - start >= (SAME_SEGMENTS_OF_FEW if end > start and len(texts[start]) <= FEW else SAME_SEGMENTS):
            marked[start + 1 : end] = [bool(texts[start])] * (end - start - 1)
        start = end
    return marked


def _are_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    from rapidfuzz.distance import Indel

    return bool(one) and Indel.normalized_similarity(one, other) >= ALIKE


def _cut_credit(segment: Segment, *, heard: bool) -> Iterable[Segment]:
    """The segment, or what was said and the credit at its end as two, the second with its flag.

    Where it cannot be cut, since its words are not parts of its text, it stays whole and is flagged.
    """
    at = None if is_event(segment) else credit_at(segment.text, heard=heard)
    if at is None:
        return (segment,)
    credit = replace(segment, flags=(*segment.flags, "credit"))
    return _cut(segment, credit, at) if segment.text[:at].strip() else (credit,)


def _cut(segment: Segment, credit: Segment, at: int) -> Iterable[Segment]:
    """Two segments of one; without words its time is shared by the length of the texts."""
    count, done = 0, 0
    for word in segment.words:
        place = segment.text.find(word.text.strip(), done)
        if place < 0:
            return (credit,)
        if place >= at:
            break
        count, done = count + 1, place + len(word.text.strip())
    head, tail = segment.words[:count], segment.words[count:]
    if bool(head) != bool(tail):
        return (credit,)
    start_s, end_s = segment.start_s, segment.end_s
    border_s, next_s = (head[-1].end_s, tail[0].start_s) if tail else (None, None)
    if not tail and start_s is not None and end_s is not None:
        border_s = next_s = round(start_s + (end_s - start_s) * at / len(segment.text), 3)
    return (replace(segment, text=segment.text[:at].strip(), end_s=border_s, words=head, repairs=()),
            replace(credit, text=segment.text[at:].strip(), start_s=next_s, words=tail, repairs=()))
