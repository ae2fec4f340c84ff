"""Signs within a line: its shape, words of the closed classes, how its clauses are alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rhetoric.stages.devices import Clause, Line, contrasts
from rhetoric.stages.devices.parallels import common_words, is_even
from rhetoric.stages.devices.quotable import is_cue
from rhetoric.stages.devices.repeats import plain_words, shared_opening

ALIKE = 0.4  # likeness from which two clauses are counted as alike
CUES = ("metaphor", "grand", "maxim", "promise", "datum", "agenda", "deixis", "story")  # of the lists `cues`
MAX_TURNED = 14  # characters of a clause
LEAST_SHARED = 0.3  # of the words of two runs, below which they are not compared in order
MAX_WORDS = 30  # of two runs that are compared word by word
_DENIES = {"en": re.compile(r"\b(?:not|no|never|nothing|nobody|none|neither|nor|without|cannot)\b|n['\u2019]t\b", re.I),
           "zh": re.compile(r"不|没|无|非|别|未")}
_TURNS = {"en": re.compile(r"\b(?:but|yet|instead|rather|while|whereas|although|though|however|still|only)\b", re.I),
          "zh": re.compile(r"而|但|却|反而|其实|可是|只是|然而")}
_BEGINS_WITH_A_TURN = {"en": re.compile(r"^\W*(?:but|yet|instead|rather|it is|it['\u2019]s|however|now|today)\b", re.I),
                       "zh": re.compile(r"^\W*(?:而|但|却|反而|其实|可是|然而|现在|今天)")}
_THEN = {"en": re.compile(r"\b(?:once|before|used to|yesterday|traditionally|previously|originally|ago|back then"
                          r"|in the past|in the beginning|was|were|would have)\b", re.I),
         "zh": re.compile(r"以前|曾经|过去|当年|当初|原来|从前|原本|本来|那时|之前|传统")}
_NOW = {"en": re.compile(r"\b(?:now|today|tonight|tomorrow|no longer|anymore|these days)\b", re.I),
        "zh": re.compile(r"现在|今天|如今|未来|而今|以后|后来|这一次|不再")}
_JOINED = {"en": re.compile(r"\b(?:and|or)\b", re.I), "zh": re.compile(r"和|以及|还有|与|或|跟|及")}
_ASKS = re.compile(r"[?？]")
_STOPS = "\"”’』」') "
_ZH_DENIED = re.compile(r"[不没]有?(\w{2})")
WORDS = {
    "en": ("not", "but", "instead", "rather", "unlike", "without", "only", "just", "more", "less", "than", "same",
           "different", "both", "neither", "either", "some", "others", "another", "every", "each", "one", "still",
           "never", "from", "to", "what", "why", "how", "who", "if", "like", "as", "including", "let", "we", "you",
           "they", "it", "this", "because", "all", "also", "even", "so", "too", "means", "becomes"),
    "zh": ("不是", "而是", "才是", "不仅", "不要", "没有", "不能", "却", "但", "而", "其实", "只", "就是", "更", "比",
           "越", "还是", "或者", "虽然", "既", "又", "也", "都", "一个", "有的", "要么", "像", "一样", "如", "等",
           "包括", "比如", "什么", "为什么", "怎么", "呢", "吗", "谁", "多少", "如果", "只有", "只要", "不管", "我们",
           "你", "他", "它", "最", "真正", "永远", "每", "从", "到"),
}
"""Words of the closed classes and their kin: general to any speaker, none of a product or a subject."""


def capped(count: float, most: int) -> float:
    """A count as 0..1, all of `most` and more being 1."""
    return min(count, most) / most


def likeness(left: Sequence[str], right: Sequence[str], plain: frozenset[str]) -> tuple[float, float]:
    """How far two runs share words in the same order, 0..1, and how much what they share says (0..1, plain words left
    out); 0 for runs that cannot be compared (a single word, too long, or one over three times the other) and for those
    that share too few words to be looked at in order."""
    short, long = sorted((len(left), len(right)))
    if short < 2 or long > MAX_WORDS or short * 3 < long:
        return 0.0, 0.0
    if 2 * len(set(left) & set(right)) < LEAST_SHARED * (short + long):
        return 0.0, 0.0
    shared = common_words(left, right)
    return 2 * len(shared) / (short + long), capped(sum(word not in plain for word in shared), 3)


def own_signs(line: Line, language: str) -> dict[str, float]:
    """All signs of a line by itself."""
    return {**_shape(line, language), **_said(line, language), **_clauses(line.clauses, language),
            **_again(line, language)}


def _shape(line: Line, language: str) -> dict[str, float]:
    text, count, clauses = line.text, len(line.words), len(line.clauses)
    joined = len(_JOINED[language].findall(text))
    return {
        "size": capped(count, 40), "short": float(count <= 6), "long": float(count >= 25),
        "clauses": capped(clauses, 6), "one clause": float(clauses <= 1), "two clauses": float(clauses == 2),
        "four clauses": float(clauses >= 4),
        "commas": capped(len(re.findall("[,，]", text)), 5), "pause marks": capped(text.count("、"), 3),
        "strong mark": float(bool(re.search("[;；—–]|--", text))), "colon": float(":" in text or "：" in text),
        "asks": float(bool(_ASKS.search(text))), "ends asking": float(text.rstrip(_STOPS).endswith(("?", "？"))),
        "exclaims": float("!" in text or "！" in text), "quotes": float(bool(re.search("[\"“”「]", text))),
        "digits": float(bool(re.search(r"\d", text))),
        "joined": capped(joined, 4), "joined twice": float(joined >= 2),
    }


def _said(line: Line, language: str) -> dict[str, float]:
    text = line.text
    words = set(line.words)
    denied = len(_DENIES[language].findall(text))
    turns, then, now = (float(bool(pattern[language].search(text))) for pattern in (_TURNS, _THEN, _NOW))
    found = {
        "denies": float(denied > 0), "denies twice": float(denied > 1), "turns": turns,
        "denies and turns": turns * (denied > 0),
        "begins with a turn": float(bool(_BEGINS_WITH_A_TURN[language].search(text))),
        "word of then": then, "word of now": now, "then and now": then * now,
        "opposed words": float(contrasts.holds_a_pair(line.words, language)),
    }
    for kind in CUES:
        found[f"cue of {kind}"] = capped(sum(is_cue(word, language, kind) for word in words), 2)
    for word in WORDS[language]:
        found[f"word {word}"] = float(word in words if language == "en" else word in text)
    return found


def _clauses(clauses: Sequence[Clause], language: str) -> dict[str, float]:
    plain = plain_words(language)
    pairs = list(pairwise(clauses))
    openings = [shared_opening(a.core, b.core) for a, b in pairs]
    endings = [shared_opening(a.words[::-1], b.words[::-1]) for a, b in pairs]
    alike, heavy = max((likeness(a.core, b.core, plain) for a, b in pairs), default=(0.0, 0.0))
    skipped = list(zip(clauses, clauses[2:], strict=False))
    opening, ending = max(openings, default=0), max(endings, default=0)
    likenesses = [likeness(a.core, b.core, plain)[0] for a, b in pairs]
    begun_alike = _longest(a.core[:1] == b.core[:1] for a, b in pairs)
    short = _longest(_both_short(a, b, language) for a, b in pairs)
    return {
        "clauses begin alike": capped(opening, 3),
        "by a word": float(opening >= 1), "by two words": float(opening >= 2),
        "clauses end alike": capped(ending, 2), "by a last word": float(ending >= 1),
        "clauses alike": alike, "clauses half alike": float(alike >= 0.5), "clauses share heavy words": heavy,
        "every other begins alike": capped(max((shared_opening(a.core, b.core) for a, b in skipped), default=0), 3),
        "every other alike": max((likeness(a.core, b.core, plain)[0] for a, b in skipped), default=0.0),
        "alike and as long": max((alike * _evenness(a, b) for alike, (a, b) in zip(likenesses, pairs, strict=True)),
                                 default=0.0),
        "pairs alike": capped(sum(alike >= ALIKE for alike in likenesses), 3),
        "share of pairs alike": sum(alike >= ALIKE for alike in likenesses) / max(1, len(pairs)),
        "begin and end alike": float(any(o and e and a.words != b.words
                                         for o, e, (a, b) in zip(openings, endings, pairs, strict=True))),
        "cut alike": max((_cut_alike(a, b) for a, b in pairs), default=0.0),
        "as many words": float(any(3 <= len(a.words) == len(b.words) for a, b in pairs)),
        "even clauses": float(any(is_even(a, b, language) for a, b in pairs)),
        "the same clause": float(any(a.words == b.words for a, b in pairs)),
        "run begun alike": capped(begun_alike, 3), "three begun alike": float(begun_alike >= 2),
        "run of short ones": capped(short, 4), "three short ones": float(short >= 2),
        "of like length": max((_evenness(a, b) for a, b in pairs if min(a.size, b.size) >= 4), default=0.0),
        "one denies": max((_evenness(a, b) for a, b in pairs if _denies(a, language) != _denies(b, language)),
                          default=0.0),
        "a clause turns the other": float(language == "zh" and any(_turned(a, b) for a, b in pairs)),
        "rhymes": float(language == "zh" and any(a.words[-1][-1] == b.words[-1][-1] for a, b in pairs)),
    }


def _longest(alike: Iterator[bool]) -> int:
    """The longest unbroken run of yes."""
    best = run = 0
    for yes in alike:
        run = run + 1 if yes else 0
        best = max(best, run)
    return best


def _cut_alike(left: Clause, right: Clause) -> float:
    """The share of words of two clauses, place by place, that are as long: 他修桥，我点灯 is cut alike."""
    if min(len(left.words), len(right.words)) < 3 or left.words == right.words:
        return 0.0
    same = sum(len(a) == len(b) for a, b in zip(left.words, right.words, strict=False))
    return same / max(len(left.words), len(right.words))


def _both_short(left: Clause, right: Clause, language: str) -> bool:
    if language == "zh":
        return right.size <= 7 and abs(left.size - right.size) <= 3
    return len(right.words) <= 4 and len(left.words) <= 12


def _evenness(left: Clause, right: Clause) -> float:
    return min(left.size, right.size) / max(1, left.size, right.size)


def _denies(clause: Clause, language: str) -> bool:
    return bool(_DENIES[language].search(" ".join(clause.words)))


def _turned(left: Clause, right: Clause) -> bool:
    """One of two short Chinese clauses denies two characters that the other asserts (他懂设计，设计不懂他)."""
    if not 3 <= min(left.size, right.size) <= max(left.size, right.size) <= MAX_TURNED:
        return False
    one, two = "".join(left.words), "".join(right.words)
    return any(hit[1] in said and not _DENIES["zh"].search(said)
               for said, denying in ((one, two), (two, one)) for hit in _ZH_DENIED.finditer(denying))


def _again(line: Line, language: str) -> dict[str, float]:
    plain, words = plain_words(language), line.words
    heavy = max(Counter(word for word in words if word not in plain).values(), default=0)
    return {
        "a heavy word twice": float(heavy >= 2), "a heavy word three times": float(heavy >= 3),
        "two words twice": float(_most(pairwise(words)) >= 2),
        "three words twice": float(_most(zip(words, words[1:], words[2:], strict=False)) >= 2),
        "any word again": capped(max(Counter(words).values(), default=1) - 1, 3),
        "share of heavy words again": _share_again([word for word in words if word not in plain]),
        "a clause within another": float(_within_another(line.clauses, plain)),
    }


def _share_again(heavy: Sequence[str]) -> float:
    """The share of heavy words that were said before in the line."""
    return 1 - len(set(heavy)) / len(heavy) if heavy else 0.0


def _within_another(clauses: Sequence[Clause], plain: frozenset[str]) -> bool:
    """Whether a clause that says something stands in another one again, whole (我们要改，现在就要改)."""
    runs = [clause.core for clause in clauses if len(clause.core) > 1 and any(w not in plain for w in clause.core)]
    return any(_holds(other, run) for at, run in enumerate(runs) for other in runs[:at] + runs[at + 1 :])


def _holds(words: Sequence[str], run: Sequence[str]) -> bool:
    return any(words[at : at + len(run)] == run for at in range(len(words) - len(run) + 1))


def _most(runs: Iterator[tuple[str, ...]]) -> int:
    return max(Counter(runs).values(), default=0)
