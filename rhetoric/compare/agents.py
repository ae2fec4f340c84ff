"""Who acts in a speech: I, we, the company, the product, counted a sentence.

The stage `voice` counts first actors of clauses over a whole speech; here every use counts, sentence by sentence, so
that the kinds of text of one speech can be told apart. A pronoun is an agent where it can be a subject: English "I" and
"we" are nominative; Chinese 我 and 我们 count unless 的 follows (a possessor) or a word before makes them an object.
A name or noun is an agent at the beginning of a clause, and not as a possessor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rhetoric.codebook import GROUP_OF
from rhetoric.compare.material import Material
from rhetoric.compare.words import fold
from rhetoric.lexicons import AGENTS as SCHEMA
from rhetoric.lexicons import read_lexicon

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

AGENTS = ("i", "we", "company", "product")
_OBJECT_BEFORE = frozenset(("给", "对", "向", "跟", "把", "被", "让", "叫", "使", "请", "帮", "问", "告诉", "送", "教",
                             "陪", "为", "替"))
_PRODUCT_PRONOUNS = {"zh": ("它", "它们"), "en": ("it",)}
_CLAUSE = {"zh": r"(?:^|[，,。；;：:！？!?“”、])[^，,。；;：:！？!?]{0,3}?",
           "en": r"(?:^|[.,;:!?“”—-]\s*)(?:(?:and|but|so|the|our|this|that|now|today|then)\s+){0,3}"}
_NO_POSSESSOR = {"zh": r"(?!们?的)", "en": r"\b(?!['’]s)"}


class Names(NamedTuple):
    """The user's own names (of the glossary): companies and products."""

    companies: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


def agent_columns(material: Material, names: Names) -> dict[str, Floats]:
    """Uses of each agent in each sentence, `agent_<who>`; what is no part of the speech counts nothing."""
    import numpy as np

    made = {f"agent_{who}": np.zeros(len(material.labels)) for who in AGENTS}
    for row, who in _read(material, names):
        made[f"agent_{who}"][row] += 1
    spoken = np.array([label not in ("", "noncontent") for label in material.labels])
    return {name: values * spoken for name, values in made.items()}


def _read(material: Material, names: Names) -> Iterable[tuple[int, str]]:
    """(row, agent) of each use, from the words."""
    language = material.card.language
    pronouns = {term: who for who in ("i", "we") for term in _terms(language, who)}
    company = _pattern(language, (*_terms(language, "company"), *_forms(material.card.organisation), *names.companies))
    product = _pattern(language, (*_terms(language, "product"), *names.products))
    it = _pattern(language, _PRODUCT_PRONOUNS.get(language, ()))
    for row, (text, tokens) in enumerate(zip(material.texts, material.tokens, strict=True)):
        words = [fold(token) for token in tokens.split(" ")]
        for at, word in enumerate(words):
            if word in pronouns and (language == "en" or _is_subject(words, at)):
                yield row, pronouns[word]
        for who, pattern in (("company", company), ("product", product)):
            yield from ((row, who) for _ in pattern.finditer(text))
        if GROUP_OF.get(material.labels[row]) == "product":
            yield from ((row, "product") for _ in it.finditer(text))


def _is_subject(words: list[str], at: int) -> bool:
    return not (at + 1 < len(words) and words[at + 1] == "的") and not (at and words[at - 1] in _OBJECT_BEFORE)


@lru_cache(maxsize=16)
def _terms(language: str, who: str) -> tuple[str, ...]:
    return tuple(map(fold, read_lexicon(f"agents.{language}", SCHEMA).terms(who)))


def _forms(organisation: str) -> tuple[str, ...]:
    """A company's name, and its Chinese short form without the kind of business at its end."""
    short = re.sub(r"(?:科技|集团|公司|股份|有限|技术)+$", "", organisation)
    return tuple(dict.fromkeys(name for name in (organisation, short) if len(name) > 1))


@lru_cache(maxsize=256)
def _pattern(language: str, terms: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(term) for term in sorted(set(terms), key=lambda t: (-len(t), t)))
    if not words:
        return re.compile(r"(?!)")
    return re.compile(f"{_CLAUSE.get(language, '')}(?:{words}){_NO_POSSESSOR.get(language, '')}", re.IGNORECASE)
