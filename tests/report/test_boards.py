"""Quotes on the boards and in the lineages: what is marked as new, and what is only cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.report.boards import changed, highlighted


def _marked(before: str, after: str) -> list[str]:
    return [piece.text for piece in changed(before, after) if piece.marked]


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ("把灯留给赶路的人。", "…把灯留给赶路的人。", []),
        ("…built to be kept…", "Built to be kept…", ["Built"]),
        ("…built to be kept", "built to be kept, and shared…", [", and shared"]),
        ("…把灯留给赶路的人…", "把灯留给晚归的人", ["晚归"]),
        ("Wait … and see.", "… wait … and hear.…", ["wait", "hear"]),
    ],
)
def test_an_ellipsis_at_an_end_is_never_new(before: str, after: str, new: list[str]) -> None:
    assert [words.strip() for words in _marked(before, after)] == [words.strip() for words in new]
    assert "".join(piece.text for piece in changed(before, after)) == after


@given(st.text(alphabet="ab…字 。", max_size=20), st.text(alphabet="ab…字 。", max_size=20))
def test_no_word_is_lost_and_cutting_alone_changes_nothing(before: str, after: str) -> None:
    assert "".join(piece.text for piece in changed(before, after)) == after
    assert not _marked(after, f"…{after}…")


@pytest.mark.parametrize(("text", "phrase", "marked"), [
    ("We are live streaming what I am seeing.", "am", "am"),
    ("The Pro is a professional’s.", "pro", "Pro"),
    ("This is what we're doing.", "'re", "'re"),
    ("所以MIX手机卖完了。", "手机", "手机"),
    ("Nothing of the kind.", "kin", None),
])
def test_a_word_is_marked_where_it_is_one(text: str, phrase: str, marked: str | None) -> None:
    pieces = highlighted(text, phrase)
    assert "".join(piece.text for piece in pieces) == text
    assert next((piece.text for piece in pieces if piece.marked), None) == marked
    assert not any(piece.text.endswith("stre") for piece in pieces)


def test_a_phrase_is_marked_inside_a_cut_line() -> None:
    pieces = highlighted("…那一刻我特别害怕…", "特别害怕")
    assert [(piece.text, piece.marked) for piece in pieces] == [("…那一刻我", False), ("特别害怕", True), ("…", False)]
