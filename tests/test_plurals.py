"""Counts in words."""

from __future__ import annotations

import pytest

from rhetoric.plurals import counted, speeches


@pytest.mark.parametrize(("n", "expected"), [
    (0, "0 speeches"), (1, "1 speech"), (2, "2 speeches"), (1200, "1,200 speeches"),
])
def test_a_count_has_its_noun_in_the_right_number(n: int, expected: str) -> None:
    assert speeches(n) == expected


def test_a_plural_takes_an_s_where_none_is_given() -> None:
    assert (counted(1, "hit"), counted(3, "hit"), counted(2, "story", "stories")) == ("1 hit", "3 hits", "2 stories")
