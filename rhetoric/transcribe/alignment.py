"""An official script beside what was heard: the script's words with the recording's times.

Both texts become rows of tokens (Chinese characters, words) that are compared in one form. The alignment with the
fewest edits (Levenshtein; rapidfuzz's implementation) gives pairs of equal tokens: these anchors have the times that
were heard. What stands between two anchors shares the time between them: the time of what was heard there instead, or
the silence. Sentences of the script for which the recording has no time were not spoken, and are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from rhetoric.transcribe.clean import is_han
from rhetoric.transcribe.formats.cues import is_event
from rhetoric.transcribe.formats.tokens import Token, tokenize
from rhetoric.transcribe.script import convert_text
from rhetoric.types import Segment, Transcript, Word

# Below this share the script is that of another recording. The scripts of the nine sample speeches have at least 0.93
# with their own transcript by Whisper base, at most 0.06 with another's (docs/benchmarks.md).
SAME_TEXT = 0.4
RUN = 3  # so many equal tokens in a row are hardly chance
CROWDED = 1 / 3  # words that have less than this share of the time they need were not spoken
_SENTENCE_END = re.compile(r"[。！？!?…]+[”’」』）)\"']*|"
                           r"(?<![A-Z])(?<!Mr)(?<!Ms)(?<!Dr)(?<!Mrs)\.[”’)\"']*(?=\s+[\"“‘(]?[A-Z])")


class Heard(NamedTuple):
    """A token that was heard, and when."""

    key: str
    start_s: float
    end_s: float
    probability: float


class Block(NamedTuple):
    """Script tokens `start:end` beside heard ones `heard_start:heard_end`; `equal` pairs them one to one."""

    equal: bool
    start: int
    end: int
    heard_start: int
    heard_end: int


class Place(NamedTuple):
    """When a token is spoken; `probability` is that of what was heard, 0 where the time is estimated."""

    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A script's segments with times, one a sentence, and how well it fits.

    `tokens` and `heard` count the tokens of both sides, `matched` the equal pairs, `sure` those of them that stand in
    runs of `RUN` or more. `unspoken` are sentences of the script that were left out.
    """

    segments: tuple[Segment, ...]
    tokens: int
    heard: int
    matched: int
    sure: int
    unspoken: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """How sure it is that both are the same speech, 0..1, by the shorter of both."""
        return self.sure / max(1, min(self.tokens, self.heard))

    @property
    def covered(self) -> float:
        """The share of what was heard that the script has, 0..1."""
        return self.matched / max(1, self.heard)


def align(script: Sequence[Segment], transcript: Transcript) -> Alignment:
    """Give the words of a script the times of a transcript of the same recording.

    Times of the segments in `script` are not looked at; events among them lie between the words around. A transcript
    without times gives no words (`heard` is 0).
    """
    sentences = [sentence for segment in script for sentence in split_sentences(segment)]
    tokens = [(number, token) for number, sentence in enumerate(sentences) if not is_event(sentence)
              for token in _tokens(sentence.text)]
    heard = list(heard_tokens(transcript))
    blocks = list(_blocks([token.key for _, token in tokens], [token.key for token in heard]))
    matched = sum(block.end - block.start for block in blocks if block.equal)
    sure = sum(size for block in blocks if block.equal and (size := block.end - block.start) >= RUN)
    places: list[Place | None] = [None] * len(tokens)
    if matched:
        _Clock(sentences, tokens, heard, transcript.duration_s).fill(_trusted(blocks), places)
    segments, unspoken = _timed(sentences, tokens, places)
    return Alignment(segments=segments, tokens=len(tokens), heard=len(heard), matched=matched, sure=sure,
                     unspoken=unspoken)


def split_sentences(segment: Segment) -> Iterator[Segment]:
    """A segment a sentence; its times and words are dropped. Events stay whole."""
    if is_event(segment):
        yield replace(segment, start_s=None, end_s=None, words=())
        return
    start = 0
    for end in [*(match.end() for match in _SENTENCE_END.finditer(segment.text)), len(segment.text)]:
        if text := segment.text[start:end].strip():
            yield Segment(text=text, speaker=segment.speaker, flags=segment.flags)
        start = end


def _tokens(text: str) -> Iterator[Token]:
    """Tokens that are compared as Simplified characters, whatever they are written in."""
    plain = convert_text(text, "simplified") if any(map(is_han, text)) else text
    same = len(plain) == len(text)  # phrase tables may change the length; then characters are compared as they are
    return tokenize(plain if same else text)


def heard_tokens(transcript: Transcript) -> Iterator[Heard]:
    """Tokens of what was spoken, with times: those of its words, or shared within its segments. None without times."""
    for segment in transcript.segments:
        if is_event(segment) or segment.quarantined:
            continue
        words = segment.words
        if not words and segment.start_s is not None and segment.end_s is not None:
            words = (Word(text=segment.text, start_s=segment.start_s, end_s=segment.end_s),)
        for word in words:
            tokens = list(_tokens(word.text))
            edges = _spread([token.weight for token in tokens], [(word.start_s, word.end_s)])
            for token, (start_s, end_s) in zip(tokens, edges, strict=True):
                yield Heard(token.key, start_s, end_s, word.probability)


def _blocks(script: list[str], heard: list[str]) -> Iterator[Block]:
    """Equal runs and what lies between them, in order, covering both sides."""
    from rapidfuzz.distance import Levenshtein

    waiting: Block | None = None
    for op in Levenshtein.opcodes(script, heard):
        block = Block(op.tag == "equal", op.src_start, op.src_end, op.dest_start, op.dest_end)
        if not block.equal:
            waiting = _joined(waiting, block) if waiting else block
            continue
        if waiting:
            yield waiting
        waiting = None
        yield block
    if waiting:
        yield waiting


def _joined(a: Block, b: Block) -> Block:
    return Block(False, a.start, b.end, a.heard_start, b.heard_end)


def _trusted(blocks: Sequence[Block]) -> list[Block]:
    """Blocks without equal runs that are likely chance: short ones beside much that has no counterpart."""
    kept: list[Block] = []
    for number, block in enumerate(blocks):
        around = [*blocks[max(0, number - 1) : number], *blocks[number + 1 : number + 2]]
        size = block.end - block.start
        doubtful = block.equal and size < RUN and any(_skew(b) > 3 * size for b in around if not b.equal)
        block = block._replace(equal=block.equal and not doubtful)
        if kept and not block.equal and not kept[-1].equal:
            kept[-1] = _joined(kept[-1], block)
        else:
            kept.append(block)
    return kept


def _skew(block: Block) -> int:
    return abs((block.end - block.start) - (block.heard_end - block.heard_start))


def _spread(weights: Sequence[float], intervals: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Share stretches of time, laid end to end, by weight; a share that spans a pause lies around it."""
    lengths = [0.0, *accumulate(max(0.0, end - start) for start, end in intervals)]
    total = sum(weights) or 1.0
    done, edges = 0.0, []
    for weight in weights:
        low, high = (min(1.0, part / total) * lengths[-1] for part in (done, done + weight))
        done += weight
        begin = min(bisect_right(lengths, low + 1e-9), len(intervals)) - 1
        finish = max(begin, next((k for k, top in enumerate(lengths[1:]) if high <= top + 1e-9), len(intervals) - 1))
        edges.append((intervals[begin][0] + low - lengths[begin], intervals[finish][0] + high - lengths[finish]))
    return edges


class _Clock:
    """When each token of a script is spoken, block by block."""

    def __init__(self, sentences: Sequence[Segment], tokens: Sequence[tuple[int, Token]], heard: Sequence[Heard],
                 duration_s: float | None) -> None:
        self.sentences, self.tokens, self.heard = sentences, tokens, heard
        self.end_s = max(duration_s or 0.0, heard[-1].end_s)
        weights = sum(token.weight for _, token in tokens) * len(heard) / len(tokens)
        self.pace_s = sum(token.end_s - token.start_s for token in heard) / (weights or 1.0)

    def fill(self, blocks: Iterable[Block], places: list[Place | None]) -> None:
        """Give each token its place; those that were not spoken keep None."""
        for block in blocks:
            span = range(block.start, block.end)
            if block.equal:
                for at, token in zip(span, self.heard[block.heard_start : block.heard_end], strict=True):
                    places[at] = Place(token.start_s, token.end_s, token.probability)
            elif span:
                self._fill_between(block, places)

    def _fill_between(self, block: Block, places: list[Place | None]) -> None:
        before_s = self.heard[block.heard_start - 1].end_s if block.heard_start else 0.0
        after_s = self.heard[block.heard_end].start_s if block.heard_end < len(self.heard) else self.end_s
        instead = [(token.start_s, token.end_s) for token in self.heard[block.heard_start : block.heard_end]]
        spoken = self._spoken(block, max(0.0, after_s - before_s))
        if not spoken:
            return
        weights = [self.tokens[at][1].weight for at in spoken]
        need_s = sum(weights) * self.pace_s
        # A misheard word takes the time of what was heard; one that was not heard lies in the silence.
        room_s = sum(end_s - start_s for start_s, end_s in instead)
        if instead and room_s > need_s / 2:
            shared = _spread(weights, instead)
        else:
            shared = self._in_silence(spoken, weights, (before_s, max(before_s, after_s)), need_s)
        for at, (start_s, end_s) in zip(spoken, shared, strict=True):
            places[at] = Place(start_s, end_s, 0.0)

    def _spoken(self, block: Block, room_s: float) -> list[int]:
        """The tokens of a block; without its whole sentences where there is hardly any time for all."""
        span = list(range(block.start, block.end))
        if sum(self.tokens[at][1].weight for at in span) * self.pace_s * CROWDED <= room_s:
            return span
        whole = {number for number in {self.tokens[at][0] for at in span} if self._lies_within(number, block)}
        return [at for at in span if self.tokens[at][0] not in whole]

    def _lies_within(self, number: int, block: Block) -> bool:
        starts_before = block.start > 0 and self.tokens[block.start - 1][0] == number
        goes_on = block.end < len(self.tokens) and self.tokens[block.end][0] == number
        return not starts_before and not goes_on

    def _in_silence(self, span: list[int], weights: list[float], gap: tuple[float, float],
                    need_s: float) -> list[tuple[float, float]]:
        """At the speaker's pace: what ends a sentence follows what was heard before, the rest leads to what follows."""
        if need_s >= gap[1] - gap[0]:
            return _spread(weights, [gap])
        first = self.tokens[span[0] - 1][0] if span[0] else -1
        follows = sum(self.tokens[at][0] == first for at in span)
        if follows < len(span) and span[-1] + 1 == len(self.tokens):
            follows = len(span)  # the end of the speech
        head_s, tail_s = (sum(part) * self.pace_s for part in (weights[:follows], weights[follows:]))
        return (_spread(weights[:follows], [(gap[0], gap[0] + head_s)])
                + _spread(weights[follows:], [(gap[1] - tail_s, gap[1])]))


def _timed(sentences: Sequence[Segment], tokens: Sequence[tuple[int, Token]],
           places: Sequence[Place | None]) -> tuple[tuple[Segment, ...], tuple[str, ...]]:
    """Sentences with words and times, never backward; and the texts of those that were not spoken."""
    words_of: dict[int, list[tuple[Token, Place]]] = {}
    silent: set[int] = set()
    latest = 0.0
    for (number, token), place in zip(tokens, places, strict=True):
        if place is None:
            silent.add(number)
            continue
        start_s = max(latest, place.start_s)
        latest = max(start_s, place.end_s)
        words_of.setdefault(number, []).append((token, Place(start_s, latest, place.probability)))
    segments: list[Segment] = []
    for number, sentence in enumerate(sentences):
        if number in words_of:
            words = _words(sentence.text, words_of[number])
            segments.append(replace(sentence, words=words, start_s=words[0].start_s, end_s=words[-1].end_s))
        elif is_event(sentence) or (number not in silent and segments):
            segments.append(sentence)  # a sentence of marks alone takes no time
    return (_with_events(segments), tuple(sentences[number].text for number in sorted(silent - set(words_of))))


def _words(text: str, timed: Sequence[tuple[Token, Place]]) -> tuple[Word, ...]:
    """Words as they are written: tokens without a space between are one, but for Chinese characters."""
    words: list[Word] = []
    borders = [*(token.start for token, _ in timed[1:]), len(text)]
    begin = 0
    for number, ((token, place), border) in enumerate(zip(timed, borders, strict=True)):
        between = text[token.end : border]
        glued = border < len(text) and between.strip() == between and not is_han(text[token.start]) and (
            not is_han(text[border]))
        if glued:
            continue
        first = timed[begin][1]
        shown = text[timed[begin][0].start : token.end] + between.split(" ")[0].rstrip("“‘「『（(《")
        words.append(Word(text=shown, start_s=round(first.start_s, 3), end_s=round(place.end_s, 3),
                          probability=min(place.probability for _, place in timed[begin : number + 1])))
        begin = number + 1
    return tuple(words)


def _with_events(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """What has no time of its own lies between its neighbours."""
    starts: list[float] = []
    following = next((s.end_s for s in reversed(segments) if s.end_s is not None), 0.0)
    for segment in reversed(segments):
        following = segment.start_s if segment.start_s is not None else following
        starts.insert(0, following)
    done, last_s = [], 0.0
    for segment, next_s in zip(segments, [*starts[1:], *starts[-1:]], strict=True):
        if segment.start_s is None:
            segment = replace(segment, start_s=last_s, end_s=max(last_s, next_s))
        last_s = segment.end_s or last_s
        done.append(segment)
    return tuple(done)
