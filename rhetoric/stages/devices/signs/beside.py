"""Signs beside a line: how it is like the lines up to three places away, and what it says again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rhetoric.stages.devices import Line
from rhetoric.stages.devices.repeats import plain_words, shared_opening
from rhetoric.stages.devices.signs.within import capped, likeness

REACH = 3  # lines to both sides that are compared word by word
SPAN = 6  # lines to both sides in which a run of three words is looked for
RARE = 0.02  # share of the lines of a speech up to which a word is no subject of the whole speech


class _Alike(NamedTuple):
    """How two lines are alike: words they begin and end with in common; likeness and how heavy it is; the share of
    heavy words, and the rare ones among them; whether they are the same."""

    opening: int
    ending: int
    likeness: float
    weight: float
    shared: float
    rare: float
    same: float


_NOTHING = _Alike(0, 0, 0.0, 0.0, 0.0, 0.0, 0.0)


class Neighbours:
    """The lines of a speech, compared with each other once."""

    def __init__(self, lines: Sequence[Line], language: str) -> None:
        """Compare every line with the `REACH` after it."""
        self._plain = plain_words(language)
        self._language = language
        self._words = [line.words for line in lines]
        self._sizes = [len(words) for words in self._words]
        self._heavy = [frozenset(word for word in words if word not in self._plain) for words in self._words]
        self._threes = [set(zip(words, words[1:], words[2:], strict=False)) for words in self._words]
        counts = Counter(word for words in self._words for word in set(words))
        most = max(3.0, RARE * len(lines))
        self._rare = frozenset(word for word, count in counts.items() if count <= most)
        self._alike = {(at, at + step): self._compare(at, at + step)
                       for at in range(len(lines)) for step in range(1, REACH + 1) if at + step < len(lines)}

    def _compare(self, first: int, second: int) -> _Alike:
        left, right = self._words[first], self._words[second]
        if not left or not right:
            return _NOTHING
        shared = self._heavy[first] & self._heavy[second]
        alike, weight = likeness(left, right, self._plain)
        fewer = min(len(self._heavy[first]), len(self._heavy[second]))
        return _Alike(opening=shared_opening(left, right), ending=shared_opening(left[::-1], right[::-1]),
                      likeness=alike, weight=weight, shared=len(shared) / max(1, fewer),
                      rare=capped(len(shared & self._rare), 3), same=float(left == right))

    def _pair(self, here: int, there: int) -> _Alike:
        return self._alike.get((min(here, there), max(here, there)), _NOTHING)

    def signs(self, at: int) -> dict[str, float]:
        """The signs of the line at a place."""
        before, after = self._pair(at - 1, at), self._pair(at, at + 1)
        ring = [[self._pair(at, at - step), self._pair(at, at + step)] for step in range(1, REACH + 1)]
        near = [alike for pair in ring for alike in pair]
        found = {**_of(before, "before"), **_of(after, "after")}
        for name, pair in zip(("two away", "three away"), ring[1:], strict=True):
            found.update(_farther(pair, name))
        found.update({
            "both begin alike": float(min(before.opening, after.opening) >= 1),
            "both begin alike by two": float(min(before.opening, after.opening) >= 2),
            "most alike": max(before.likeness, after.likeness),
            "most alike of four": max(alike.likeness for pair in ring[:2] for alike in pair),
            "near ones begin alike": capped(sum(alike.opening >= 1 for alike in near), 4),
            "near ones begin alike by two": capped(sum(alike.opening >= 2 for alike in near), 3),
            "near the end": float(at >= len(self._words) - 2),
            "size after": capped(len(self._words[at + 1]) if at + 1 < len(self._words) else 0, 40),
        })
        found.update(self._frames(at, before, after))
        return found | self._said_again(at)

    def _frames(self, at: int, before: _Alike, after: _Alike) -> dict[str, float]:
        """How far the two neighbours are frames of like length, and share both ends."""
        sizes = self._sizes
        even = [(alike, min(sizes[k], sizes[at]) / max(1, sizes[k], sizes[at]))
                for alike, k in ((before, at - 1), (after, at + 1)) if 0 <= k < len(sizes)]
        return {
            "a neighbour alike and as long": max((alike.likeness * evenness for alike, evenness in even), default=0.0),
            "begins and ends as a neighbour": float(any(alike.opening and alike.ending and not alike.same
                                                        for alike, _ in even)),
            "as many words as a neighbour": float(any(evenness == 1 for _, evenness in even)),
            "its own words again": self._held(at, at - 1), "its own words to come": self._held(at, at + 1),
        }

    def _held(self, here: int, there: int) -> float:
        """The share of the heavy words of a line that a neighbour has too."""
        if not 0 <= there < len(self._words) or not self._heavy[here]:
            return 0.0
        return len(self._heavy[here] & self._heavy[there]) / len(self._heavy[here])

    def _said_again(self, at: int) -> dict[str, float]:
        earlier = set().union(*self._threes[max(0, at - SPAN) : at])
        later = set().union(*self._threes[at + 1 : at + 1 + SPAN])
        own = self._threes[at]
        heavy = 2 if self._language == "en" else 1
        return {
            "three words again": capped(len(own & earlier), 3), "three words to come": capped(len(own & later), 3),
            "heavy words again": float(any(sum(word not in self._plain for word in run) >= heavy
                                           for run in own & earlier)),
        }


def _of(alike: _Alike, where: str) -> dict[str, float]:
    return dict(_named(alike, where))


def _named(alike: _Alike, where: str) -> Iterator[tuple[str, float]]:
    for least in (1, 2, 3):
        yield f"begins as the one {where} by {least}", float(alike.opening >= least)
    for least in (1, 2):
        yield f"ends as the one {where} by {least}", float(alike.ending >= least)
    yield f"like the one {where}", alike.likeness
    yield f"rather like the one {where}", float(alike.likeness >= 0.4)
    yield f"heavily like the one {where}", alike.likeness * alike.weight
    yield f"shares with the one {where}", alike.shared
    yield f"shares rare words with the one {where}", alike.rare
    yield f"the same as the one {where}", alike.same


def _farther(pair: Sequence[_Alike], name: str) -> dict[str, float]:
    opening = max(alike.opening for alike in pair)
    return {f"begins as one {name} by 2": float(opening >= 2), f"begins as one {name} by 3": float(opening >= 3),
            f"like one {name}": max(alike.likeness for alike in pair),
            f"shares rare words with one {name}": max(alike.rare for alike in pair),
            f"the same as one {name}": max(alike.same for alike in pair)}
