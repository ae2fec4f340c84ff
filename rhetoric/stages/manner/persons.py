"""Who speaks and who acts: I, we and you; whether "we" takes in the hall; and the first actor of each clause.

There is no parser here. The agent of a clause is the first actor named among its first words, unless a preposition
stands before it or it only owns what follows (我们的手机 …: the phone). Most clauses have none, and count for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rhetoric.lexicons import PRAISE, VOICE, read_lexicon
from rhetoric.stages.devices import Clause
from rhetoric.stages.manner import Said, Spot, matches

PERSONS = ("i", "we", "you")
AGENTS = ("i", "we", "company", "product")
_FORMS: dict[str, dict[str, tuple[str, ...]]] = {
    "zh": {"i": ("我", "本人"), "we": ("我们", "咱们", "咱"), "you": ("你", "您", "你们")},
    "en": {"i": ("i", "me", "my", "mine", "myself"), "we": ("we", "us", "our", "ours", "ourselves"),
           "you": ("you", "your", "yours", "yourself", "yourselves")},
}
_PERSON_OF = {language: {form: person for person, forms in persons.items() for form in forms}
              for language, persons in _FORMS.items()}
_SUBJECTS = {"zh": {"我": "i", "我们": "we", "咱们": "we", "咱": "we"}, "en": {"i": "i", "we": "we"}}
_POINTERS = {"zh": frozenset("它"), "en": frozenset(("it",))}  # a product, in talk of products
_AWAY = {
    "zh": frozenset("在从对把给跟和与为让被向用以按由于是有你您他她"),
    "en": frozenset(("in", "on", "at", "of", "for", "with", "to", "from", "by", "about", "into", "you", "he", "she",
                     "they", "is", "are", "was", "were", "let", "if", "when", "which", "who")),
}
_FIRST = 4  # words of a clause among which its agent is looked for


def persons(sentence: Said, language: str) -> Counter[str]:
    """How often I, we and you are said, in any case."""
    known = _PERSON_OF[language]
    found = (known.get(word) for word in sentence.line.words)
    return Counter(person for person in found if person)


def kinds_of_we(sentence: Said, language: str) -> Iterator[Spot]:
    """Each cue that "we" takes in the hall ("inclusive_we") or leaves it out ("exclusive_we")."""
    for match in matches(sentence, language, "inclusive", "exclusive"):
        yield Spot(label=f"{match.entry.label}_we", start=match.char_start, end=match.char_end,
                   evidence=(sentence.text[match.char_start : match.char_end],))


def agents(sentence: Said, language: str) -> Counter[str]:
    """The agents of the clauses of a sentence: I, we, the company, a product."""
    found = (_agent(clause, sentence.group == "product", language) for clause in sentence.line.clauses)
    return Counter(agent for agent in found if agent)


def _agent(clause: Clause, of_products: bool, language: str) -> str:
    words = clause.words
    for at, word in enumerate(words[:_FIRST]):
        if at + 1 == len(words):
            return ""  # nothing is said of it
        actor = _SUBJECTS[language].get(word) or _thing(word, of_products, language)
        if actor and not _owns(words, at, language):
            return actor
        if not actor and word in _AWAY[language]:
            return ""
    return ""


def _owns(words: Sequence[str], at: int, language: str) -> bool:
    return words[at + 1] in (("的",) if language == "zh" else ("'s", "\u2019s"))


def _thing(word: str, of_products: bool, language: str) -> str:
    if word in _company(language):
        return "company"
    if of_products and (word in _POINTERS[language] or word in _products(language)):
        return "product"
    return ""


@lru_cache(maxsize=2)
def _company(language: str) -> frozenset[str]:
    return frozenset(read_lexicon(f"voice.{language}", VOICE).terms("company"))


@lru_cache(maxsize=2)
def _products(language: str) -> frozenset[str]:
    return frozenset(read_lexicon(f"praise.{language}", PRAISE).terms("noun"))
