"""How terms are found in text, and what stands around them."""

from __future__ import annotations

import pytest

from rhetoric.lexicons import DEGREE, EMOTION, NEGATION, PRAISE, parse_lexicon, read_lexicon
from rhetoric.lexicons.context import context_for
from rhetoric.lexicons.matching import inflected, terms_of

HEAD = "# CC0-1.0, mine\nterm\tclass\tintensity\tmode\n"


def terms(language: str, *words: str):
    rows = "".join(f"{word}\thope\t1\tnamed\n" for word in words)
    return terms_of(language, parse_lexicon(HEAD + rows, schema=EMOTION, where="mine.tsv", name="mine"))


def spans(language: str, text: str, *words: str, borders: set[int] | None = None) -> list[str]:
    found = terms(language, *words).find(text, frozenset(borders or set()))
    return [text[match.char_start : match.char_end] for match in found]


def context(language: str):
    return context_for(language, read_lexicon(f"degree.{language}", DEGREE),
                       read_lexicon(f"negation.{language}", NEGATION), read_lexicon(f"praise.{language}", PRAISE))


def test_the_longest_term_wins_and_none_overlap():
    assert spans("zh", "我们充满希望地等", "希望", "充满希望", "望") == ["充满希望"]
    assert spans("en", "never give up hope", "give up", "never give up", "hope") == ["never give up", "hope"]


def test_a_short_chinese_term_does_not_cut_words():
    # 打动|人心: the word border lies inside the hit
    assert spans("zh", "打动人心", "动人", borders={0, 2, 4}) == []
    assert spans("zh", "很动人", "动人", borders={0, 1, 3}) == ["动人"]
    assert spans("zh", "恐怕", "怕", borders={0, 2}) == []
    assert spans("zh", "都怕", "怕", borders={0, 1, 2}) == ["怕"]
    assert spans("zh", "自豪感", "自豪", borders={0, 3}) == ["自豪"]


def test_a_gap_takes_a_few_characters_of_one_clause():
    assert spans("zh", "下了很大的决心", "下了…决心") == ["下了很大的决心"]
    assert spans("zh", "雨下了，他的决心", "下了…决心") == []


def test_english_words_match_in_any_case_form_and_apostrophe():
    sentence = "Worrying, I couldn\u2019t sleep"
    assert spans("en", sentence, "worry~", "couldn't sleep") == ["Worrying", "couldn\u2019t sleep"]
    assert spans("en", "His heart sank", "one's heart sank") == ["His heart sank"]
    assert spans("en", "a heartless plan", "heart") == []


@pytest.mark.parametrize(("verb", "forms"), [
    ("worry", {"worry", "worries", "worried", "worrying"}),
    ("love", {"love", "loves", "loved", "loving"}),
    ("wish", {"wish", "wishes", "wished", "wishing"}),
    ("fight", {"fight", "fights", "fought", "fighting"}),
    ("enjoy", {"enjoy", "enjoys", "enjoyed", "enjoying"}),
    ("give", {"give", "gives", "gave", "given", "giving"}),
])
def test_inflected_forms(verb: str, forms: set[str]):
    assert inflected(verb) == forms


@pytest.mark.parametrize(("language", "text", "term", "phrase", "step"), [
    ("zh", "我特别焦虑", "焦虑", "特别焦虑", 1),
    ("zh", "他极其焦虑", "焦虑", "极其焦虑", 2),
    ("zh", "有点焦虑", "焦虑", "有点焦虑", -1),
    ("zh", "焦虑得不得了", "焦虑", "焦虑得不得了", 2),
    ("zh", "焦虑的人", "焦虑", "焦虑", 0),
    ("en", "she was really afraid", "afraid", "really afraid", 1),
    ("en", "utterly afraid", "afraid", "utterly afraid", 2),
    ("en", "a little afraid", "afraid", "a little afraid", -1),
    ("en", "afraid of it", "afraid", "afraid", 0),
])
def test_words_of_degree(language: str, text: str, term: str, phrase: str, step: int):
    match = terms(language, term).find(text, frozenset())[0]
    degree = context(language).degree(text, match)
    assert (text[degree.char_start : degree.char_end], degree.step) == (phrase, step)


@pytest.mark.parametrize(("language", "text", "term", "negated"), [
    ("zh", "我不焦虑", "焦虑", True),
    ("zh", "他没有什么压力", "压力", True),
    ("zh", "我不是不害怕", "害怕", False),
    ("zh", "忍不住难过", "难过", False),
    ("zh", "你是不是害怕", "害怕", False),
    ("zh", "不远处，害怕的人", "害怕", False),
    ("en", "I was not afraid", "afraid", True),
    ("en", "She wasn't really afraid", "afraid", True),
    ("en", "without any fear", "fear", True),
    ("en", "not only afraid", "afraid", False),
    ("en", "I have never been so happy", "happy", False),
    ("en", "Nothing happened, and I was happy", "happy", False),
])
def test_negation(language: str, text: str, term: str, negated: bool):
    match = terms(language, term).find(text, frozenset())[0]
    reader = context(language)
    assert reader.is_negated(text, reader.degree(text, match).char_start, match) is negated


@pytest.mark.parametrize(("language", "text", "term", "praise"), [
    ("zh", "惊艳的屏幕", "惊艳", True),
    ("zh", "这块屏幕真惊艳", "惊艳", True),
    ("zh", "我觉得特别惊艳", "惊艳", False),
    ("zh", "难过的屏幕", "难过", False),
    ("en", "an exciting display", "exciting", True),
    ("en", "the camera is inspiring", "inspiring", True),
    ("en", "we found it inspiring", "inspiring", False),
])
def test_praise_of_a_product(language: str, text: str, term: str, praise: bool):
    match = terms(language, term).find(text, frozenset())[0]
    assert context(language).is_praise(text, match) is praise


@pytest.mark.parametrize(("language", "text", "term", "who"), [
    ("zh", "我很难过", "难过", "speaker"),
    ("zh", "我们都很难过", "难过", "team"),
    ("zh", "让大家难过", "难过", "hall"),
    ("zh", "我在想，她很难过", "难过", "others"),
    ("zh", "难过的夜晚", "难过", ""),
    ("en", "I was sad", "sad", "speaker"),
    ("en", "I knew that our team was sad", "sad", "team"),
    ("en", "you must be sad", "sad", "hall"),
    ("en", "I left, they were sad", "sad", "others"),
])
def test_who_feels(language: str, text: str, term: str, who: str):
    match = terms(language, term).find(text, frozenset())[0]
    assert context(language).who(text, match) == who
