"""The chapters of a comparison beside its metrics: words, passages, manner and the questions, each from its module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rhetoric.codebook import GROUP_OF, GROUPS
from rhetoric.compare.agents import AGENTS, Names, agent_columns
from rhetoric.compare.appeals import appeal_columns
from rhetoric.compare.at_home import at_home
from rhetoric.compare.estimates import Counted
from rhetoric.compare.fields import fields
from rhetoric.compare.keyness import keyness
from rhetoric.compare.known import Known
from rhetoric.compare.material import Archive
from rhetoric.compare.novelty import novelty
from rhetoric.compare.questions import questions
from rhetoric.compare.retelling import retold
from rhetoric.compare.shingles import Units
from rhetoric.compare.spreads import spreads
from rhetoric.compare.style import style_maps
from rhetoric.compare.templates import templates
from rhetoric.compare.themes import Theme, theme_columns, themes
from rhetoric.compare.words import Words
from rhetoric.types import AtHome, Keyness, Novelty, Question, Retold, Spread, StyleMap, Template

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Chapters:
    """Fields of the same names in `Comparison`."""

    keyness: tuple[Keyness, ...]
    spreads: tuple[Spread, ...]
    templates: tuple[Template, ...]
    retold: tuple[Retold, ...]
    novelty: tuple[Novelty, ...]
    style: tuple[StyleMap, ...]
    at_home: tuple[AtHome, ...]
    questions: tuple[Question, ...]


def chapters(known: Known, names: Names, given_themes: Mapping[str, str]) -> Chapters:
    """All chapters; `given_themes` is the catalog's column `theme` by speech."""
    archive = known.archive
    by_series = {name: Words(archive.of(name), archive.of(name)[0].card.language) for name in archive.series}
    by_language = _by_language(archive, by_series)
    key: list[Keyness] = []
    for field in fields(archive):
        words = by_series[field.name] if field.name in by_series else by_language[field.language]
        key += [*keyness(field, words, field.groups, "group"), *keyness(field, words, field.speeches, "speech")]
    told_again: list[Retold] = []
    how_new: list[Novelty] = []
    for name in archive.series:
        units = Units(archive.of(name), archive.of(name)[0].card.language)
        told_again += retold(name, archive.of(name), units.language, units) if len(archive.of(name)) > 1 else ()
        how_new += novelty(name, units)
    known_themes = themes(archive.materials, given_themes)
    counted = [Counted(s.material, question_columns(s, names, known_themes), s.errors) for s in known.speeches]
    return Chapters(
        keyness=tuple(key), spreads=tuple(s for name in archive.series for s in spreads(name, by_series[name])),
        templates=templates(archive), retold=tuple(told_again),
        novelty=tuple(how_new),
        style=style_maps(archive, by_language), at_home=at_home(archive, by_language),
        questions=questions(known, counted, known_themes))


def _by_language(archive: Archive, by_series: Mapping[str, Words]) -> dict[str, Words]:
    """The words of all speeches of each language; those of its only series where it has one."""
    made = {}
    for language in dict.fromkeys(m.card.language for m in archive.materials):
        names = [name for name in archive.series if archive.of(name)[0].card.language == language]
        made[language] = by_series[names[0]] if len(names) == 1 else Words(
            tuple(m for name in names for m in archive.of(name)), language)
    return made


def question_columns(speech: Counted, names: Names, known_themes: Mapping[str, Theme]) -> dict[str, Floats]:
    """The counts that the questions need beside those of the metrics, a sentence each."""
    import numpy as np

    material = speech.material
    agents = agent_columns(material, names)
    made = {name: speech.columns[name] for name in
            ("content", "story", *("founder_story", "company_story", "borrowed_story"), "n_content", "n_story",
             "thousands", "intensity", "phrases", "strong")}
    made |= agents | appeal_columns(material) | theme_columns(material, known_themes.get(material.card.speech_id))
    made["agents"] = np.sum(list(agents.values()), axis=0)
    made["audience_label"] = speech.columns["content"] * [label == "audience" for label in material.labels]
    groups = np.array([GROUP_OF.get(label, "") for label in material.labels])
    for group in GROUPS:
        here = (groups == group).astype(float)
        made |= {f"agent_{who}@{group}": agents[f"agent_{who}"] * here for who in AGENTS}
        made[f"agents@{group}"] = made["agents"] * here
        made[f"n_agents@{group}"] = (made[f"agents@{group}"] > 0).astype(float)
    made["n_agents"] = (made["agents"] > 0).astype(float)
    made["n_theme"] = (made["theme_uses"] > 0).astype(float)
    return made
