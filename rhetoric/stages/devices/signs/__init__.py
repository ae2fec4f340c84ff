"""Signs of a figure that can be read off the words: what `devices.witnesses` weighs beside the rules and the encoder.

A rule says yes or no; a sign is a number from 0 to 1 that says a little: how many words two neighbours begin with in
common, whether a clause denies what the next one does not, how often "and" stands. No sign is a figure by itself. Names
are English for both languages, so that weights can be read; those with `word ` in front are words of the closed
classes, in the language of the speech.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rhetoric.stages.devices import Line
from rhetoric.stages.devices.signs.beside import Neighbours
from rhetoric.stages.devices.signs.within import own_signs

Rules = Mapping[str, Mapping[int, str]]
"""Figure -> index of a sentence -> name of the rule that fired there."""


def signs_of(lines: Sequence[Line], language: str, rules: Rules) -> list[dict[str, float]]:
    """The signs of every line, in the order of the lines. A sign that a line does not name is 0 there."""
    neighbours = Neighbours(lines, language)
    own = [own_signs(line, language) for line in lines]
    return [{**signs, **neighbours.signs(at), **_denials(own, at), **_fired(lines, at, rules)}
            for at, signs in enumerate(own)]


def _denials(own: Sequence[Mapping[str, float]], at: int) -> dict[str, float]:
    """What a line is only beside its neighbours: a denial answered, an assertion after one; a question before."""
    before, here, after = (own[k] if 0 <= k < len(own) else {} for k in (at - 1, at, at + 1))
    denies = here.get("denies", 0.0)
    return {
        "denied before": before.get("denies", 0.0) * (1 - denies),
        "denied after": after.get("denies", 0.0) * (1 - denies),
        "asserted after": denies * (1 - after.get("denies", 1.0)),
        "turned after": after.get("begins with a turn", 0.0),
        "then before, now here": before.get("word of then", 0.0) * here.get("word of now", 0.0),
        "then here, now after": here.get("word of then", 0.0) * after.get("word of now", 0.0),
        "asked before": before.get("asks", 0.0),
        "asked after": after.get("asks", 0.0),
    }


def _fired(lines: Sequence[Line], at: int, rules: Rules) -> dict[str, float]:
    """Which rules fired here and beside, and which of a figure's rules it was."""
    found = {}
    for label, by_index in rules.items():
        name = by_index.get(lines[at].index)
        found[f"rule of {label}"] = float(name is not None)
        if name:
            found[f"{label} by: {name}"] = 1.0
        found[f"rule of {label} before"] = float(at > 0 and lines[at - 1].index in by_index)
        found[f"rule of {label} after"] = float(at + 1 < len(lines) and lines[at + 1].index in by_index)
    return found
