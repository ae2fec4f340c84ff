"""Counts with their English noun: 1 speech, 6 speeches."""

from __future__ import annotations


def counted(n: int, one: str, many: str = "") -> str:
    """A count with its noun, thousands separated; `many` where the plural is more than an s."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def speeches(n: int) -> str:
    """1 speech, 6 speeches."""
    return counted(n, "speech", "speeches")
