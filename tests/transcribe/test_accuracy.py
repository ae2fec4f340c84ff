"""Error rates: what counts as the same word, and what is told of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.errors import SpeechError
from rhetoric.transcribe.accuracy import chinese_units, english_units, score, score_script
from rhetoric.types import Segment, Transcript


@pytest.mark.parametrize(("text", "units"), [
    ("Twenty-five percent, of IT.", "25 percent of it"), ("25% of it", "25 percent of it"),
    ("in twenty twenty-four", "in 2024"), ("In 2024", "in 2024"), ("nineteen ninety nine", "1999"),
    ("three hundred and five people", "305 people"), ("two thousand and twenty", "2020"),
    ("1,500 units", "1500 units"), ("five thousand two hundred", "5200"), ("$1.5 million", "1500000 dollars"),
    ("one point five million dollars", "1500000 dollars"), ("3 million", "3000000"),
    ("ninety-nine point nine percent", "99.9 percent"), ("one two three", "1 2 3"), ("a hundred", "a hundred"),
    ("In twenty twenty, three hundred came", "in 2020 300 came"), ("twenty twelve", "2012"),
    ("um, it’s “here” & there", "it's here and there"), ("first of all", "first of all"), ("", ""),
    ("version 2.10.3", "version 2.10.3"), ("point one", "point 1"), ("million", "million"), ("and five", "and 5"),
])
def test_english_units(text: str, units: str) -> None:
    assert " ".join(english_units(text)) == units


@pytest.mark.parametrize(("text", "units"), [
    ("二零二四年，", "2024年"), ("三千二百万", "32000000"), ("1.5亿", "150000000"), ("一点五亿", "150000000"),
    ("百分之三十", "30%"), ("30%", "30%"), ("一万二", "12000"), ("三千二", "3200"),
    ("一千零五", "1005"), ("一万两千", "12000"),
    ("一亿三千万", "130000000"), ("1亿3000万", "130000000"), ("十二", "12"), ("二十", "20"),
    ("零点五", "0点5"), ("0.5", "0点5"),
    ("１２，０００ 元", "12000元"), ("千万别", "千万别"), ("万一", "万一"), ("一點都不", "1点都不"),
    ("後來，APPLE 發布了！", "后来apple发布了"), ("", ""),
])
def test_chinese_units(text: str, units: str) -> None:
    assert "".join(chinese_units(text)) == units


def test_rate_and_what_was_misheard() -> None:
    found = score("We sold twenty lamps and the hall stood up", "We told 20 lamps and hall stood up at once", "en")
    assert (found.unit, found.length, found.substitutions, found.deletions, found.insertions) == ("words", 9, 1, 1, 2)
    assert found.rate == 4 / 9
    assert set(found.misheard) == {("sold", "told"), ("the", ""), ("", "at once")}
    assert found.times == (1, 1, 1)
    assert score("港口的房子有两层", "港口的佛子有兩曾", "zh").misheard == (("层", "曾"), ("房", "佛"))


def test_frequent_mishearings_come_first_and_recordings_add() -> None:
    one = score("灯火灯火灯", "等火等火灯", "zh")
    assert (one.misheard, one.times) == ((("灯", "等"),), (2,))
    both = one + score("山灯", "删灯", "zh") + score("灯山", "等山", "zh")
    assert (both.length, both.errors) == (9, 4)
    assert (both.misheard, both.times) == ((("灯", "等"), ("山", "删")), (3, 1))
    with pytest.raises(ValueError, match="cannot add"):
        one + score("a", "a", "en")


def test_events_and_speakers_are_no_words() -> None:
    heard = Transcript(speech_id="x", engine="e", language="zh", segments=(
        Segment(text="大家好"), Segment(text="【掌声】", flags=("event:applause",)), Segment(text="我们开始")))
    found = score_script("主持人：大家好\n\n（热烈掌声）\n\n我们开始", heard)
    assert (found.errors, found.length) == (0, 7)


def test_nothing_heard_is_all_lost_and_an_empty_script_is_an_error() -> None:
    nothing = Transcript(speech_id="x", engine="e", language="en")
    assert score_script("three plain words", nothing).rate == 1.0
    with pytest.raises(SpeechError, match="no words"):
        score_script("[Applause]", nothing)


def plain_distance(a: list[str], b: list[str]) -> int:
    """Wagner and Fischer, 1974, written out."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


WORDS = st.lists(st.sampled_from(["lamp", "lamps", "hall", "the", "nine", "9", "灯"]), max_size=12)


@given(WORDS, WORDS.filter(bool))
def test_edits_are_the_least_number(heard: list[str], said: list[str]) -> None:
    found = score(" ".join(said), " ".join(heard), "en")
    reference, hypothesis = english_units(" ".join(said)), english_units(" ".join(heard))
    assert found.errors == plain_distance(reference, hypothesis)
    assert found.length == len(reference)
    assert score(" ".join(said), " ".join(said), "en").errors == 0
