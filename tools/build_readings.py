"""Write rhetoric/transcribe/readings.tsv, the toneless readings of Chinese characters, from pypinyin's tables (MIT).

    python tools/build_readings.py        # needs tools/requirements.txt

A row is a syllable and the characters that are read so. Characters: those of GB 2312 and of the common plane of Big 5.
Readings: the first one of the character table, and those that the phrase table uses, so that rare readings of common
characters (which would make everything sound like everything) stay out.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

TABLE = Path(__file__).resolve().parent.parent / "rhetoric" / "transcribe" / "readings.tsv"
HEAD = """\
# Toneless readings of Chinese characters, by syllable. Written by tools/build_readings.py from the tables of
# pypinyin 0.55.0:
#
# The MIT License (MIT)
#
# Copyright (c) 2016 mozillazg, 闲耘
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of
# this software and associated documentation files (the "Software"), to deal in
# the Software without restriction, including without limitation the rights to
# use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
# the Software, and to permit persons to whom the Software is furnished to do so,
# subject to the following conditions:
#
# The above copyright notice and this permission notice shall be included in all
# copies or substantial portions of the Software.
#
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
# IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
# FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
# COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
# IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
# CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
GB2312 = [(high, low) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)]
BIG5 = [(high, low) for high in range(0xA4, 0xC7) for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF))]


def characters() -> set[str]:
    """The Chinese characters that have a row."""
    found = {bytes(code).decode("gb2312", "ignore") for code in GB2312}
    found |= {bytes(code).decode("big5", "ignore") for code in BIG5}
    return {char for char in found if len(char) == 1 and ord(char) in pinyin_dict}


def toneless(reading: str) -> str:
    """hǎo -> hao, lǜ -> lv."""
    marked = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(char for char in marked if char.isascii() and char.isalpha())


def main() -> None:
    """Write the table."""
    known = characters()
    used: dict[str, set[str]] = {char: {toneless(pinyin_dict[ord(char)].split(",")[0])} for char in known}
    for phrase, readings in phrases_dict.items():
        for char, reading in zip(phrase, readings, strict=False):
            if char in used:
                used[char].add(toneless(reading[0]))
    rows: dict[str, list[str]] = defaultdict(list)
    for char in sorted(used):
        for reading in used[char] - {""}:
            rows[reading].append(char)
    lines = [f"{reading}\t{''.join(rows[reading])}" for reading in sorted(rows)]
    TABLE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(used)} characters, {len(rows)} syllables, {TABLE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
