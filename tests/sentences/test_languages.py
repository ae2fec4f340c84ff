"""Marks of one language: what ends a sentence, what does not, what counts."""

from __future__ import annotations

import pytest

from rhetoric.sentences import from_text


def sentences(language: str, text: str) -> list[str]:
    speech = from_text("s", text, language)
    return [speech.text_of(sentence) for sentence in speech.sentences]


@pytest.mark.parametrize(("text", "expected"), [
    ("我们开始吧。第二部分很短！你听清了吗？", ["我们开始吧。", "第二部分很短！", "你听清了吗？"]),
    ("他说：“真的好了吗？”我点了点头。", ["他说：“真的好了吗？”", "我点了点头。"]),
    ("“真的好了吗？”，他又问了一遍。", ["“真的好了吗？”，他又问了一遍。"]),
    ("它重3.5公斤，售价1,999.5元。官网是www.example.com/a?b=1。",
     ["它重3.5公斤，售价1,999.5元。", "官网是www.example.com/a?b=1。"]),
    ("那晚很冷……后来灯亮了。", ["那晚很冷……", "后来灯亮了。"]),
    ("第一行没有标点\n\n第二行也没有", ["第一行没有标点", "第二行也没有"]),
    ("我们用Node.js写的.大家可以看看.", ["我们用Node.js写的.", "大家可以看看."]),
    ("先讲成本；再讲速度。", ["先讲成本；", "再讲速度。"]),
    ("好。。。！！真的好。", ["好。。。！！", "真的好。"]),
])
def test_chinese_marks(text: str, expected: list[str]) -> None:
    assert sentences("zh", text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("We start now. Ready? Go!", ["We start now.", "Ready?", "Go!"]),
    ("Dr. Lee met Mr. J. R. Stone at 9.30 a.m. on Monday. He paid $3.5 million.",
     ["Dr. Lee met Mr. J. R. Stone at 9.30 a.m. on Monday.", "He paid $3.5 million."]),
    ("It is built by Acme Inc. and runs fast. iPads run it too.",
     ["It is built by Acme Inc. and runs fast.", "iPads run it too."]),
    ('"Is it done?" she asked. "Yes." I sat down.', ['"Is it done?" she asked.', '"Yes."', "I sat down."]),
    ("Well... maybe not. See example.com for more.", ["Well... maybe not.", "See example.com for more."]),
    ("was it good? yes it was. we left at ten.", ["was it good?", "yes it was.", "we left at ten."]),
    ("Did we stop? No. We went on.", ["Did we stop?", "No.", "We went on."]),
    ("We moved to the U.S. in May. It was I. Nobody else.",
     ["We moved to the U.S. in May.", "It was I.", "Nobody else."]),
])
def test_english_marks(text: str, expected: list[str]) -> None:
    assert sentences("en", text) == expected


@pytest.mark.parametrize(("language", "text", "size"), [
    ("zh", "我们有3,000家店，用iPhone 15拍的。", 11),
    ("zh", "【掌声】", 2),
    ("en", "We don't have 3,000 well-known stores — yet.", 8),
    ("en", "Isn’t it?", 2),
])
def test_size_counts_characters_or_words(language: str, text: str, size: int) -> None:
    assert sum(s.size for s in from_text("s", text, language).sentences) == size


@pytest.mark.parametrize(("language", "text", "expected"), [
    ("zh", "我们发布手机。", ["我们", "发布", "手机", "。"]),
    ("en", "We don't sell it.", ["We", "do", "n't", "sell", "it", "."]),
])
def test_tokens_are_words_with_offsets(language: str, text: str, expected: list[str]) -> None:
    speech = from_text("s", text, language)
    tokens = [token for sentence in speech.sentences for token in sentence.tokens]
    assert [token.text for token in tokens] == expected
    assert [speech.text[token.char_start : token.char_end] for token in tokens] == expected


def test_abbreviation_at_the_end_of_a_sentence_ends_it() -> None:
    assert sentences("en", "It was made by Acme Inc. They sold it.") == ["It was made by Acme Inc.", "They sold it."]
