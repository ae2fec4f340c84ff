"""Marks that a recogniser left out of Chinese: where they are put, and what stays as it was."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.transcribe.punctuation import FLAG, restore_marks
from rhetoric.types import Segment, Word

BARE = ("大家晚上好欢迎来到我们的发布会我是陆青青岚科技的创始人你们知道做一辆车要多少钱吗我们当时账上只有三千万"
        "所有的朋友都劝我不要做",
        "我说我没有疯我只是想再拼一次今天我要给大家介绍的就是我们的第一辆车青岚E7 Max它的车身长度是4.8米谢谢大家")
MARKS = re.compile(r"[，。？]")


def heard(text: str, start_s: float = 0.0, size: int = 2, **fields: object) -> Segment:
    """A segment with words of two characters, each a quarter of a second."""
    pieces = re.findall(rf"[A-Za-z0-9. ]+|[^A-Za-z0-9. ]{{1,{size}}}", text)
    words = tuple(Word(text=piece, start_s=start_s + 0.25 * k, end_s=start_s + 0.25 * (k + 1))
                  for k, piece in enumerate(pieces))
    return Segment(text=text, start_s=start_s, end_s=words[-1].end_s, words=words, **fields)  # type: ignore[arg-type]


def plain(text: str) -> str:
    return MARKS.sub("", text)


def test_missing_marks_are_put_in_and_words_keep_their_times() -> None:
    segments = [heard(BARE[0]), heard(BARE[1], 40.0)]
    found, count = restore_marks(segments)
    assert count == sum(len(MARKS.findall(segment.text)) for segment in found) >= 6
    assert found[-1].text.endswith("。"), "the last sentence ends too"
    assert "吗？" in found[0].text
    for old, new in zip(segments, found, strict=True):
        assert plain(new.text) == old.text
        assert [plain(w.text) for w in new.words] == [w.text for w in old.words]
        assert [(w.start_s, w.end_s) for w in new.words] == [(w.start_s, w.end_s) for w in old.words]
        assert "".join(w.text for w in new.words) == new.text
        assert FLAG in new.flags
        assert (new.start_s, new.end_s) == (old.start_s, old.end_s)


def test_punctuated_text_english_text_and_events_stay() -> None:
    punctuated = [heard("大家晚上好，欢迎来到我们的发布会。"), heard("我是陆青，青岚科技的创始人。"), heard("谢谢大家")]
    english = [Segment(text="so we built the first car and it broke down after two miles " * 5)]
    noise = [Segment(text="掌声" * 80, flags=("event:applause",)),
             Segment(text="请订阅我们的频道" * 20, flags=("loop",))]
    for segments in (punctuated, english, noise, []):
        assert restore_marks(segments) == (tuple(segments), 0)


def test_only_the_stretch_without_marks_is_touched() -> None:
    good = [heard("大家晚上好，欢迎来到我们的发布会。我是陆青，青岚科技的创始人。") for _ in range(6)]
    found, count = restore_marks([*good, heard(BARE[0] + BARE[1]), *good])
    assert found[:6] == tuple(good)
    assert found[7:] == tuple(good)
    assert count >= 5
    assert FLAG in found[6].flags


def test_a_comma_or_space_becomes_the_full_stop_that_belongs_there() -> None:
    said = "今天的发布会就到这里谢谢大家，有人问我再来一次你还会做车吗 我的回答是一定会" * 2
    (found,), _ = restore_marks([heard(said)])
    assert not re.search(r"[，。？][，。？ ]| [，。？]", found.text), "never two marks in a place"
    assert re.sub(r"[，。？ ]", "", found.text) == re.sub(r"[，。？ ]", "", said)
    assert "吗？我的" in found.text


def test_again_changes_nothing() -> None:
    once, _ = restore_marks([heard(BARE[0]), heard(BARE[1], 40.0)])
    assert restore_marks(once) == (once, 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="我们今天的车很好了吗大家谢谢，。？ Aa1.", min_size=1, max_size=90), max_size=6),
       st.integers(1, 4))
def test_nothing_is_lost_and_words_stay_parts_of_their_text(texts: list[str], size: int) -> None:
    segments = [heard(text.strip(), size=size) for text in texts if text.strip()]
    found, _ = restore_marks(segments)
    assert len(found) == len(segments)
    for old, new in zip(segments, found, strict=True):
        assert [char for char in new.text if char.isalnum()] == [char for char in old.text if char.isalnum()]
        at = 0
        for before, after in zip(old.words, new.words, strict=True):
            at = new.text.index(after.text, at) + len(after.text)
            assert [c for c in after.text if c.isalnum()] == [c for c in before.text if c.isalnum()]
            assert (after.start_s, after.end_s) == (before.start_s, before.end_s)
