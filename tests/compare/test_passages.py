"""Passages told again, their alignment, and how new a story is: the answer is known."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.compare.alignment import align
from rhetoric.compare.material import gather
from rhetoric.compare.novelty import novelty
from rhetoric.compare.retelling import retold
from rhetoric.compare.shingles import Units
from tests.compare.speeches import tables_of

STORY = ("In the winter of the flood my uncle carried eleven radios up the church tower in two potato sacks.",
         "He wired them to a tractor battery and read the river levels to the whole valley until the morning came.")
CHANGED = ("In the winter of the great flood my uncle carried eleven old radios up the church tower in two sacks.",
           "He wired them to a tractor battery and read the river levels to the valley until the morning came.")


def _filler(seed: int, n: int) -> list[tuple[str, str]]:
    """Sentences that share no long run of words with those of another seed."""
    rng = np.random.default_rng(seed)
    return [("values", " ".join(f"{'bcdfghklm'[k % 9]}{'aeiou'[k % 5]}{k}" for k in rng.integers(0, 9999, 9)) + ".")
            for _ in range(n)]


def _units(*speeches: list[tuple[str, str]]):
    tables = tables_of([{"speech_id": f"s{2020 + i}", "date": str(2020 + i), "said": said}
                        for i, said in enumerate(speeches)])
    materials = gather(tables, "year").materials
    return materials, Units(materials, "en")


def _story(texts):
    return [("founder_story", text) for text in texts]


def test_a_story_told_again_in_other_words_is_found_with_both_quotes():
    materials, units = _units(_filler(1, 20) + _story(STORY) + _filler(2, 9), _filler(3, 25),
                              _filler(4, 5) + _story(CHANGED) + _filler(5, 20))
    found, = retold("Ann Ash", materials, "en", units)
    assert (found.a.speech_id, found.a.sentence_index) == ("s2020", 20)
    assert (found.b.speech_id, found.b.sentence_index) == ("s2022", 5)
    assert STORY[0] in found.a.text
    assert CHANGED[1] in found.b.text
    assert 0.8 < found.similarity < 1
    assert "story of 2020 is told again in 2022" in found.text.en
    assert retold("Ann Ash", materials, "en", units) == (found,), "the same every time"


def test_what_is_not_told_again_is_not_found():
    materials, units = _units(_filler(1, 30) + _story(STORY), _filler(2, 40))
    assert retold("Ann Ash", materials, "en", units) == ()


def test_novelty_is_the_part_that_no_earlier_speech_has():
    half = _story((STORY[0], "Nobody in the town had ever asked him what his evenings in the shed were good for."))
    _, units = _units(_filler(1, 9) + _story(STORY), _filler(2, 9) + half, _filler(3, 9) + _story(STORY))
    first, second, third = novelty("Ann Ash", units)
    assert not first.told
    assert first.novelty is None
    assert 0.3 < second.novelty < 0.8
    assert third.novelty == 0
    assert (third.first_sentence, third.last_sentence) == (9, 10)


def test_a_chinese_passage_is_read_by_characters():
    text = ("那年冬天|，|叔叔|把|十一台|收音机|背上|教堂|的|钟楼|，|接上|拖拉机|的|电瓶|，"
            "把|河水|的|水位|念给|整个|山谷|听|，|一直|念到|天亮|才|下来|。")
    plain = [("values", f"第{i}件|事情|和|别的|都|不一样|，|因为|它|编号|是{i * 7919}|。") for i in range(30)]
    said = [[*plain[:8], ("founder_story", text), *plain[20:23]],
            [*plain[8:16], ("founder_story", text), *plain[23:26]]]
    tables = tables_of([{"speech_id": year, "date": year, "language": "zh", "said": lines}
                        for year, lines in zip(("2020", "2021"), said, strict=True)])
    materials = gather(tables, "year").materials
    found = retold("Ann Ash", materials, "zh", Units(materials, "zh"))
    assert len(found) == 1
    assert text.replace("|", "") in found[0].b.text


def _hashes(words: str) -> np.ndarray:
    return np.array([zlib.crc32(word.encode()) for word in words.split()], dtype=np.uint64)


def test_an_alignment_finds_the_stretch_and_leaves_the_rest():
    found = align(_hashes("x y z the old dog sleeps well q r"), _hashes("k the dog sleeps well m n"))
    assert (found.a_start, found.a_end) == (3, 8)
    assert (found.b_start, found.b_end) == (1, 5)
    assert found.identity == pytest.approx(4 / 5)


@given(st.text("abc", min_size=1, max_size=30), st.text("abc", max_size=30))
def test_an_alignment_lies_inside_both_and_a_text_aligns_with_itself(one, other):
    a, b = (np.array([ord(c) for c in text], dtype=np.uint64) for text in (one, other))
    found = align(a, b)
    assert 0 <= found.a_start <= found.a_end <= len(a)
    assert 0 <= found.b_start <= found.b_end <= len(b)
    assert align(a, a) == (0, len(a), 0, len(a), 1.0)
