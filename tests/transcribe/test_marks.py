"""Speakers and events inside captions: what must be found, and what must stay text."""

from __future__ import annotations

from collections import Counter

import pytest

from rhetoric.transcribe.formats.marks import Piece, event_kinds, split_marks


@pytest.mark.parametrize(("content", "kinds"), [
    ("Applause", ("applause",)), ("APPLAUSE", ("applause",)), ("Cheering and Applause", ("cheering", "applause")),
    ("Laughter & Applause", ("laughter", "applause")), ("audience laughing", ("laughter",)),
    ("Background Music", ("music",)), ("upbeat music playing", ("music",)), ("Silence", ("silence",)),
    ("standing ovation", ("applause",)), ("Sound Effects", ("sound",)),
    ("掌声", ("applause",)), ("热烈的掌声", ("applause",)), ("掌声、欢呼声", ("applause", "cheering")),
    ("笑", ("laughter",)),
    ("全场大笑", ("laughter",)), ("播放视频", ("film",)), ("音乐响起", ("music",)),
    ("the best music app ever", ()), ("applause meter 9", ()), ("1", ()), ("追溯分", ()), ("笑话", ()), ("", ()),
    ("and the crowd", ()),
])
def test_event_kinds(content: str, kinds: tuple[str, ...]) -> None:
    assert event_kinds(content) == kinds


def pieces(text: str, *, captions: bool = True) -> list[tuple[str, str | None, tuple[str, ...]]]:
    return [tuple(piece) for piece in split_marks(text, captions=captions, counts=Counter())]


@pytest.mark.parametrize(("text", "expected"), [
    ("[ Applause ]", [("[ Applause ]", None, ("event:applause",))]),
    ("We did it. (Applause) Thank you.",
     [("We did it.", None, ()), ("(Applause)", None, ("event:applause",)), ("Thank you.", None, ())]),
    ("谢谢大家【热烈掌声】我们继续",
     [("谢谢大家", None, ()), ("【热烈掌声】", None, ("event:applause",)), ("我们继续", None, ())]),
    ("♪ la la la ♪", [("♪ la la la ♪", None, ("event:music",))]),
    ("[ Door slams shut ]", [("[ Door slams shut ]", None, ("event:sound",))]),
    (">> ANNA LIND: Welcome.", [("Welcome.", "ANNA LIND", ())]),
    (">> Anna Lind: Welcome.", [("Welcome.", "Anna Lind", ())]),
    (">> Thank you.", [("Thank you.", "", ())]),
    (">> So: three things.", [("So: three things.", "", ())]),
    (">> And I said: no.", [("And I said: no.", "", ())]),
    (">> Yes. >> No.", [("Yes.", "", ()), ("No.", "", ())]),
    ("first part >> PAT OHARA: second", [("first part", None, ()), ("second", "PAT OHARA", ())]),
    ("Speaker 12: I see. Speaker 3: So do I.", [("I see.", "Speaker 12", ()), ("So do I.", "Speaker 3", ())]),
    ("THE CHAIRMAN: Order.", [("Order.", "THE CHAIRMAN", ())]),
    ("主持人：下面有请", [("下面有请", "主持人", ())]),
    (">> 林远：我们开始", [("我们开始", "林远", ())]),
    ("**Anna Lind:** Welcome.", [("Welcome.", "Anna Lind", ())]),
    ("**林远**：我们开始", [("我们开始", "林远", ())]),
    (">> (Laughter)", [("(Laughter)", "", ("event:laughter",))]),
])
def test_marks_are_taken_out(text: str, expected: list[tuple[str, str | None, tuple[str, ...]]]) -> None:
    assert pieces(text) == expected


@pytest.mark.parametrize("text", [
    "Here is the thing: it works.", "我的观点：慢就是快。", "比如：这台手机",
    "Our phone (the small one) is 5 > 4 wide.",
    "It costs 5 >>6", "see [1] and [2]", "（追溯分）", "NASA: a name", "the music (our music) app", "他说：没有",
])
def test_what_is_no_mark_stays_text(text: str) -> None:
    assert pieces(text, captions=False) == [(text, None, ())]


def test_notes_of_the_transcriber_are_left_out_and_counted() -> None:
    counts: Counter[str] = Counter()
    found = split_marks("My friend Bo Lundgren [phonetic] said [inaudible] hello (assumed spelling).", captions=True,
                        counts=counts)
    assert found == [Piece("My friend Bo Lundgren said hello .")]
    assert counts == {"notes": 3}
    assert split_marks("[ Inaudible Remark ]", captions=True, counts=counts) == []


def test_a_bracket_is_a_sound_only_as_a_whole_caption() -> None:
    assert pieces("[ Door slams ]", captions=False) == [("[ Door slams ]", None, ())]
    assert pieces("he said [sarcastically] yes") == [("he said [sarcastically] yes", None, ())]
    assert pieces("[2024]") == [("[2024]", None, ())]
