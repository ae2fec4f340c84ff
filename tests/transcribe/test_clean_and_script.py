"""Text made safe, and Chinese written in one script with words and text alike."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.transcribe.clean import clean_text, guess_language, is_han, join_lines
from rhetoric.transcribe.script import convert_segments, convert_text, full_width, widen_segments
from rhetoric.types import Segment, Word


@pytest.mark.parametrize(("dirty", "clean"), [
    ("  a\t b\n\nc ", "a b c"), ("e\u0301", "é"), ("a\x00b\x1bc\x7f", "abc"), ("\ufeffhello\u200b", "hello"),
    ("a\u202eb", "ab"), ("\ud800x", "x"), ("bad\ufffd", "bad"), ("全\u3000角", "全 角"), ("", ""),
])
def test_clean(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@given(st.text(alphabet=st.characters()))
def test_cleaned_text_is_clean(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in clean)
    clean.encode("utf-8")


@pytest.mark.parametrize(("text", "language"), [
    ("我们今天发布新手机", "zh"), ("our new phone", "en"), ("全新的 iPad Pro 和 MacBook Air 来了", "zh"),
    ("We call it 灯火 today", "en"), ("2024 - 100%", ""), ("", ""),
    ("Buenas noches a todos. Hoy hablamos de luz, de trabajo y de la vida.", ""),
    ("Guten Abend zusammen. Heute sprechen wir über Licht und über die lange Arbeit daran.", ""),
    ("Добрый вечер, друзья. Наша новая лампа называется Lumen.", ""), ("오늘은 빛에 대해 이야기합니다.", ""),
    ("皆さん、こんばんは。今日は光について話します。", ""), ("大家好，今天我们发布 SU7 Ultra，это лампа。", "zh"),
    ("Less noise. More craft. Fewer parts.", "en")])
def test_language_by_what_it_is_written_in(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_lines_join_without_a_space_between_chinese() -> None:
    assert join_lines(["今天我们", "发布了", "", "Apple", "电脑，", "很好"]) == "今天我们发布了 Apple 电脑，很好"
    assert join_lines(["a plain", "line"]) == "a plain line"
    assert join_lines(["今天我们", "发布了"], captions=True) == "今天我们 发布了"
    assert is_han("𠀀")
    assert not is_han("あ")


def segment(*words: str, joint: str = "") -> Segment:
    return Segment(text=joint.join(words), start_s=0.0, end_s=float(len(words)),
                   words=tuple(Word(text=w, start_s=float(n), end_s=n + 1.0) for n, w in enumerate(words)))


def test_words_are_converted_as_parts_of_their_text() -> None:
    (found,) = convert_segments([segment("頭", "髮", "和", "發展,", "乾", "杯")], "simplified")
    assert found.text == "头发和发展,干杯"
    assert [word.text for word in found.words] == ["头", "发", "和", "发展,", "干", "杯"]
    (back,) = convert_segments([found], "traditional")
    assert back.text == "頭髮和發展,乾杯"
    assert convert_segments([found], "as-heard") == (found,)
    assert convert_text("後來", "as-heard") == "後來"


@pytest.mark.parametrize("words", [("他說", "不在文中的詞"), ("", "空")])
def test_words_that_are_not_in_the_text_do_no_harm(words: tuple[str, ...]) -> None:
    odd = Segment(text="這是文字", words=tuple(Word(text=w, start_s=0, end_s=1) for w in words))
    (found,) = convert_segments([odd], "simplified")
    assert len(found.words) == len(words)
    assert "这" in found.text


@given(st.lists(st.text(alphabet="頭髮發展乾杯後臺灣里裡a1 ,。", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_words_stay_the_text(words: list[str]) -> None:
    for script in ("simplified", "traditional"):
        (found,) = convert_segments([segment(*words)], script)
        assert "".join(word.text for word in found.words) == found.text


def test_punctuation_after_chinese_becomes_full_width() -> None:
    assert full_width("你好,很好!真的?是:对;完.") == "你好，很好！真的？是：对；完。"
    assert full_width("GPT-4o, 3.5版, a.b 第3.5") == "GPT-4o, 3.5版， a.b 第3.5"
    (found,) = widen_segments([segment("你好,", "3.5", "版.")])
    assert [word.text for word in found.words] == ["你好，", "3.5", "版。"]
