"""Text from outside: cleaned, its offsets kept right, its addresses and cells made harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.report.outside import clean, clean_with_offsets, media_url, origin_of, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("a\x00b\x07c", "abc"),
        ("one\ntwo\tthree", "one two three"),
        ("line\u2028end", "line end"),
        ("\ufeff字\ud800", "字"),
        ("plain 字 \U0001f600", "plain 字 \U0001f600"),
        ("\x1b]never ended, so the words stay", "]never ended, so the words stay"),
    ],
)
def test_control_characters_go_and_words_stay(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_direction_marks_go_only_where_nothing_can_isolate_them() -> None:
    assert clean("a\u202eb") == "a\u202eb"
    assert plain("a\u202eb\u2067c") == "abc"


@given(st.text(alphabet=st.sampled_from("ab字\U0001f600\x00\x1b[m\t\n\u2028\u202e "), max_size=30), st.data())
def test_offsets_follow_their_words_through_cleaning(text: str, data: st.DataObject) -> None:
    places = [data.draw(st.integers(0, len(text))) for _ in range(3)]
    cleaned, moved = clean_with_offsets(text, sorted(places))
    units = cleaned.encode("utf-16-le")
    assert cleaned == clean(text)
    assert moved == sorted(moved)
    for offset, place in zip(sorted(places), moved, strict=True):
        assert 0 <= place <= len(units) // 2
        assert (
            units[: 2 * place].decode("utf-16-le", "strict") == cleaned[: len(units[: 2 * place].decode("utf-16-le"))]
        )
        if offset == len(text):
            assert place == len(units) // 2


def test_an_emoji_counts_two_units_as_in_javascript() -> None:
    text, places = clean_with_offsets("\U0001f600\x1b[1m好听", [0, 5, 7])
    assert (text, places) == ("\U0001f600好听", [0, 2, 4])


@pytest.mark.parametrize(
    ("file", "url"),
    [
        ("a.opus", "../../audio/a.opus"),
        ("audio/a.opus", "../../audio/a.opus"),
        ("year 1/雷 #1?.mp3", "../../audio/year%201/%E9%9B%B7%20%231%3F.mp3"),
        ("a\\b.mp3", "../../audio/a/b.mp3"),
        ('"><x>.mp3', "../../audio/%22%3E%3Cx%3E.mp3"),
        ("100%.mp3", "../../audio/100%25.mp3"),
        ("javascript:alert(1)", ""),
        ("JAVASCRIPT:alert(1)", ""),
        ("data:audio/wav;base64,AA", ""),
        ("http://host/a.mp3", ""),
        ("//host/a.mp3", ""),
        ("/etc/passwd", ""),
        ("../../secret", ""),
        ("a/../../b", ""),
        ("C:\\a.mp3", ""),
        ("", ""),
    ],
)
def test_media_addresses_stay_inside_their_folder(file: str, url: str) -> None:
    assert media_url("../../audio", file) == url


@pytest.mark.parametrize(
    ("media", "origin", "url"),
    [
        ("../audio", "", "../audio/a.mp3"),
        ("https://example.org/talks/", "https://example.org", "https://example.org/talks/a.mp3"),
        ("http://localhost:8000", "http://localhost:8000", "http://localhost:8000/a.mp3"),
        ("file:///home/me/audio", "", "file:///home/me/audio/a.mp3"),
        ("javascript:alert(1)//", "", ""),
        ("https://example.org; script-src *", "", ""),
    ],
)
def test_recordings_may_lie_on_the_web_and_nowhere_else(media: str, origin: str, url: str) -> None:
    assert origin_of(media) == origin
    assert media_url(media, "a.mp3") == url
