"""Fields: the speeches whose words may be set against each other. One language, and one speaker where that suffices.

Where the speakers of a language each make one group (a comparison by speaker), they are one field; else each speaker
is a field of his own, so that a word of one year is told from his other years and not from another person.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from rhetoric.compare.material import Archive, Material


@dataclass(frozen=True, eq=False, kw_only=True)
class Field:
    """Some speeches of one language; `groups` holds the places of each group's speeches in `materials`."""

    name: str
    language: str
    materials: tuple[Material, ...]

    @property
    def groups(self) -> dict[str, list[int]]:
        """Group -> places of its speeches, in the order of the speeches."""
        made: dict[str, list[int]] = defaultdict(list)
        for place, material in enumerate(self.materials):
            made[material.card.group].append(place)
        return dict(made)

    @property
    def speeches(self) -> dict[str, list[int]]:
        """Every speech as a group of its own."""
        return {material.card.speech_id: [place] for place, material in enumerate(self.materials)}


LANGUAGES = {"zh": "中文", "en": "English"}


def fields(archive: Archive) -> tuple[Field, ...]:
    """The fields of an archive in the order of its series; a field of one speech is none."""
    by_language: dict[str, list[str]] = defaultdict(list)
    for series in archive.series:
        by_language[archive.of(series)[0].card.language].append(series)
    made = []
    for language, names in by_language.items():
        parts = {name: archive.of(name) for name in names}
        one_each = all(len({m.card.group for m in materials}) == 1 for materials in parts.values())
        if one_each and len(names) > 1:
            whole = tuple(m for materials in parts.values() for m in materials)
            made.append(Field(name=LANGUAGES.get(language, language), language=language, materials=whole))
        else:
            made += [Field(name=name, language=language, materials=materials) for name, materials in parts.items()]
    return tuple(field for field in made if len(field.materials) > 1)
