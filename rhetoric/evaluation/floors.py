"""Floors: scores below which nothing may fall. A floor is raised, never lowered.

A file of floors is JSON: the folder of coded speeches (relative to the file), then how the sentences were read
(`installed`, `speech`, `speaker`), then scores by their place in the result of `rhetoric evaluate --json`:

    {"gold": {"installed": {"zh": {"function": {"accuracy": 0.7}}}}}

A score whose name ends in `error` is held from above.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rhetoric.errors import FormatError

ROOM = 0.02  # from this distance on a floor is worth raising


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A score beside its floor; `name` is its dotted place. `value` is None where nothing could be scored."""

    name: str
    floor: float
    value: float | None

    @property
    def room(self) -> float:
        """By how much the floor could be raised (an error's: lowered); below 0 the score has fallen through."""
        if self.value is None:
            return -1.0
        difference = self.floor - self.value if self.name.endswith("error") else self.value - self.floor
        return round(difference, 4)

    @property
    def holds(self) -> bool:
        """Whether the score is as good as its floor."""
        return self.room >= 0

    def __str__(self) -> str:
        value = "not scored" if self.value is None else f"{self.value:.3f}"
        if not self.holds:
            return f"{self.name}: {value}, its floor is {self.floor:.3f}"
        return f"{self.name}: {value}, its floor of {self.floor:.3f} could move by {self.room:.3f}"


def read_floors(path: Path, gold: Path, readings: str) -> Mapping[str, Any]:
    """The floors of one folder of coded speeches and one way of reading; empty where the file has none for them.

    Raises:
        FormatError: the file cannot be read, or is no such JSON.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FormatError(f"{path}: cannot be read ({error}); it must be JSON, see docs/methods.md") from error
    if not isinstance(data, dict) or not all(isinstance(value, dict) for value in data.values()):
        raise FormatError(f"{path}: must be an object of objects: folder, readings, scores")
    for folder, by_readings in data.items():
        if (path.parent / folder).resolve() == gold.resolve():
            floors = by_readings.get(readings, {})
            if not isinstance(floors, dict):
                raise FormatError(f"{path}: {folder}: {readings} must hold scores by their names")
            return floors
    return {}


def held(scores: Mapping[str, Any], floors: Mapping[str, Any], name: str = "") -> Iterator[Held]:
    """Every floor with its score; a floor whose score is not among `scores` has none.

    Raises:
        FormatError: a floor is no number.
    """
    for key, floor in floors.items():
        place = f"{name}.{key}" if name else key
        value = scores.get(key)
        if isinstance(floor, Mapping):
            yield from held(value if isinstance(value, Mapping) else {}, floor, place)
        elif isinstance(floor, (int, float)) and not isinstance(floor, bool):
            yield Held(name=place, floor=float(floor), value=value if isinstance(value, (int, float)) else None)
        else:
            raise FormatError(f"the floor of {place} is {floor!r}; it must be a number")
