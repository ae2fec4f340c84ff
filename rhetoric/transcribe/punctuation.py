"""Chinese full stops, question marks and commas where a recogniser wrote none.

Whisper writes Mandarin now with marks, now without; then minutes of speech are one sentence. Marks are put only into
stretches that have far fewer than speech has (`LONGEST`), by the boundary model with the pauses between the words. The
words and their times stay as they were heard: a mark is hung on the word before it, as Whisper itself writes it. Marks
that are there stay, but for a comma or space where the model hears a full stop.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rhetoric.models.boundaries import Mark, missing_marks
from rhetoric.transcribe.clean import is_han
from rhetoric.types import Segment, Word

FLAG = "punctuated"  # of a segment that got marks
LONGEST = 110  # characters without a stop; of 43,000 punctuated sentences of speeches and talks 0.8 % were longer
SPARSE = 70  # a transcript with fewer stops than one in so many characters was heard without marks:
SHORT = 25  # then a shorter stretch than this is left as one sentence, and every longer one gets its marks

_STOP = re.compile(r"[。！？!?…]+[”\"’」』）)》】]*")
_COMMON_FLAGS = frozenset({"low_confidence", FLAG})


@dataclass(frozen=True, slots=True)
class _Edit:
    """`text[start:end]` of a run of segments becomes `mark`."""

    start: int
    end: int
    mark: str


def restore_marks(segments: Sequence[Segment]) -> tuple[tuple[Segment, ...], int]:
    """The segments with the marks they lack, and how many were put in. Events and doubtful text are left alone."""
    spoken = "".join(segment.text for segment in segments if _is_speech(segment))
    stops = len(_STOP.findall(spoken))
    limit = SHORT if stops * SPARSE < sum(map(is_han, spoken)) else LONGEST
    done: list[Segment] = []
    count = 0
    for run in _runs(segments):
        if _is_speech(run[0]):
            run, found = _punctuated(run, limit)
            count += found
        done += run
    return tuple(done), count


def _is_speech(segment: Segment) -> bool:
    """True for text that the analysis will read; other flags say that it is an event or an invention."""
    return _COMMON_FLAGS.issuperset(segment.flags)


def _runs(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Neighbours that are all speech, or all not."""
    run: list[Segment] = []
    for segment in segments:
        if run and _is_speech(run[-1]) != _is_speech(segment):
            yield run
            run = []
        run.append(segment)
    if run:
        yield run


def _punctuated(run: list[Segment], limit: int) -> tuple[list[Segment], int]:
    text = "".join(segment.text for segment in run)
    starts = [0]
    for segment in run:
        starts.append(starts[-1] + len(segment.text))
    pauses = _pauses(run, starts)
    edits: list[_Edit] = []
    for start, end in _stretches(text, limit):
        breaks = [at - start for at in starts[bisect_right(starts, start) : bisect_left(starts, end)]]
        inside = {at - start: pause for at, pause in pauses.items() if start < at < end}
        edits += [_edit(text, start, mark) for mark in missing_marks(text[start:end], breaks=breaks, pauses=inside)]
        if end == len(text) and text[end - 1].isalnum():
            edits.append(_Edit(end, end, "。"))
    done = []
    for k, segment in enumerate(run):
        first = bisect_right(edits, (starts[k], starts[k]), key=_place)
        last = bisect_right(edits, (starts[k + 1], starts[k + 1]), key=_place)
        done.append(_edited(segment, [_Edit(edit.start - starts[k], edit.end - starts[k], edit.mark)
                                      for edit in edits[first:last]]))
    return done, len(edits)


def _place(edit: _Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _stretches(text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Parts of a text that have no stop and more than `limit` characters, most of them Chinese."""
    start = 0
    for end, after in [*((m.start(), m.end()) for m in _STOP.finditer(text)), (len(text), len(text))]:
        letters = [char for char in text[start:end] if char.isalnum()]
        if len(letters) > limit and sum(map(is_han, letters)) > len(letters) / 2:
            yield start, end
        start = after


def _edit(text: str, start: int, mark: Mark) -> _Edit:
    """Where a mark goes: in place of the comma or space that stands there, else right after the word."""
    low, high = start + mark.start, start + mark.end
    while text[high : high + 1].isspace():
        high += 1
    gap = text[low:high]
    found = re.search(r"[，、；：,;:]\s*|\s+", gap)
    return _Edit(low + found.start(), low + found.end(), mark.mark) if found else _Edit(low, low, mark.mark)


def _pauses(run: Sequence[Segment], starts: Sequence[int]) -> dict[int, float]:
    """Seconds of silence before each word, by the offset of the word in the text of the run."""
    found: dict[int, float] = {}
    last_s: float | None = None
    for segment, start in zip(run, starts, strict=False):
        spans = _spans(segment)
        for word, (char_start, _) in zip(segment.words if spans else (), spans, strict=False):
            shown = len(word.text) - len(word.text.lstrip())
            if last_s is not None:
                found[start + char_start + shown] = max(0.0, word.start_s - last_s)
            last_s = word.end_s
        last_s = segment.end_s if last_s is None else last_s
    return found


def _spans(segment: Segment) -> list[tuple[int, int]]:
    """Where each word lies in the text; empty if they are not its parts in order."""
    spans, at = [], 0
    for word in segment.words:
        start = segment.text.find(word.text, at)
        if start < 0:
            return []
        at = start + len(word.text)
        spans.append((start, at))
    return spans


def _edited(segment: Segment, edits: Sequence[_Edit]) -> Segment:
    if not edits:
        return segment
    text, at = "", 0
    for edit in edits:
        text += segment.text[at : edit.start] + edit.mark
        at = edit.end
    text += segment.text[at:]
    spans = _spans(segment)
    words = tuple(_reworded(word, text[_new_start(start, edits) : _new_end(end, edits)])
                  for word, (start, end) in zip(segment.words, spans, strict=True)) if spans else segment.words
    return replace(segment, text=text, words=words, flags=tuple(dict.fromkeys((*segment.flags, FLAG))))


def _reworded(word: Word, text: str) -> Word:
    return replace(word, text=text) if text != word.text else word


def _new_start(offset: int, edits: Sequence[_Edit]) -> int:
    """Where the first character of a word stands after the edits: a mark at its place hangs on the word before."""
    return offset + sum(len(e.mark) - (e.end - e.start) for e in edits
                        if e.end <= offset and (e.start < offset or e.start == e.end))


def _new_end(offset: int, edits: Sequence[_Edit]) -> int:
    return offset + sum(len(e.mark) - (e.end - e.start) for e in edits
                        if e.start < offset or e.start == e.end == offset)
