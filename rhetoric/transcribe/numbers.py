"""Numbers in one form, so that "twenty-five percent" and "25%", 三千万 and 3000万 are not counted as misheard.

Only for comparing two texts: both go through the same rules, so what the rules get wrong they get wrong on both sides.

English: runs of number words are read as cardinals ("three hundred and five" 305), two-digit pairs as years or models
("twenty twenty-four" 2024), "one point five" as 1.5; ordinals and "a hundred" stay words. Chinese: runs of numerals
with units are read by value (三千二百 3200, 一万二 12000, 一点五亿 150000000), runs without units digit by digit
(二零二四 2024), 百分之三十 as 30%.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_ONES = {word: value for value, word in enumerate((
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"))}
_TENS = {word: 10 * value for value, word in enumerate((
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2)}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}

_ZH_DIGITS = {**{char: value for value, char in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
_ZH_UNITS = {"十": 10, "百": 100, "千": 1000}
_ZH_BIG = {"万": 10**4, "亿": 10**8}
_ZH_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿0-9]+(?:[点.][零〇一二三四五六七八九0-9]+)?[十百千万亿]*")
_ZH_PERCENT = re.compile(r"百分之([零〇一二两三四五六七八九十百点.0-9]+)")


def numbers_in_english(words: list[str]) -> list[str]:
    """Words in lower case, without punctuation -> the same with runs of number words as digits."""
    out: list[str] = []
    at = 0
    while at < len(words):
        length, number = _read_number(words[at:])
        out.append(number if length else words[at])
        at += length or 1
    return out


def _read_number(words: list[str]) -> tuple[int, str]:
    """How many words at the head are one number, and its digits; (0, "") if none."""
    total, group, used, last = 0, 0, 0, ""
    for word in words:
        kind, value = _kind(word)
        follows = words[used + 1] if used + 1 < len(words) else ""
        if kind == "and" and used and last in ("hundred", "scale") and _kind(follows)[0] in ("one", "ten"):
            used += 1
            continue
        if _adds(kind, value, last):
            group += value
        elif kind == "hundred" and last in ("one", "ten"):
            group *= value
        elif kind == "scale" and used and last != "scale":
            total, group = total + group * value, 0
        else:
            break
        used, last = used + 1, kind
    if not used:
        return _digits_with_scale(words)
    return _with_more(words, used, total + group)


def _adds(kind: str, value: int, last: str) -> bool:
    """True where a word adds to the number before it: "seven" after "twenty", but not "twelve" after "twenty"."""
    if kind == "one":
        return last in ("", "hundred", "scale") or (last == "ten" and 0 < value < 10)
    return kind == "ten" and last in ("", "hundred", "scale")


def _kind(word: str) -> tuple[str, int]:
    if word in _ONES:
        return "one", _ONES[word]
    if word in _TENS:
        return "ten", _TENS[word]
    if word in _SCALES:
        return ("hundred" if word == "hundred" else "scale"), _SCALES[word]
    return ("and" if word == "and" else ""), 0


def _with_more(words: list[str], used: int, value: int) -> tuple[int, str]:
    """A number read so far, with its decimals ("point five") or its second half ("twenty | twenty-four")."""
    rest = words[used:]
    if len(rest) > 1 and rest[0] == "point" and rest[1] in _ONES:
        decimals = ""
        for word in rest[1:]:
            if _ONES.get(word, 10) > 9:
                break
            decimals += str(_ONES[word])
        used += 1 + len(decimals)
        return _scaled(words, used, Decimal(f"{value}.{decimals}"))
    if 10 <= value <= 99 and rest:
        kind, second = _kind(rest[0])
        ones = _ONES.get(rest[1], 0) if kind == "ten" and len(rest) > 1 else 0
        if 0 < ones < 10 and _kind(rest[2] if len(rest) > 2 else "")[0] not in ("hundred", "scale"):
            return used + 2, f"{value}{second + ones}"
        if second >= 10 and kind in ("one", "ten"):
            return used + 1, f"{value}{second}"
    return used, str(value)


def _digits_with_scale(words: list[str]) -> tuple[int, str]:
    """"3 million", "1.5 billion"."""
    try:
        value = Decimal(words[0]) if re.fullmatch(r"\d+(?:\.\d+)?", words[0]) else None
    except InvalidOperation:
        value = None
    if value is None or len(words) < 2 or words[1] not in _SCALES:
        return 0, ""
    return _scaled(words, 1, value)


def _scaled(words: list[str], used: int, value: Decimal) -> tuple[int, str]:
    while used < len(words) and words[used] in _SCALES:
        value *= _SCALES[words[used]]
        used += 1
    return used, _plain(value)


def _plain(value: Decimal) -> str:
    whole = value.to_integral_value()
    return str(int(whole)) if value == whole else format(value.normalize(), "f")


def numbers_in_chinese(text: str) -> str:
    """Chinese text with numerals as digits."""
    text = _ZH_PERCENT.sub(r"\1%", text)
    return _ZH_NUMBER.sub(_chinese_match, text)


def _chinese_match(match: re.Match[str]) -> str:
    text = match[0]
    if text[0] in "百千万亿":  # 万一, 千万别: no number
        return text
    head, point, tail = text.replace("点", ".").partition(".")
    if not point:
        return _chinese_whole(head)
    digits = re.match(r"[零〇一二三四五六七八九0-9]+", tail)
    decimals = "".join(str(_ZH_DIGITS.get(char, char)) for char in (digits[0] if digits else ""))
    value = Decimal(f"{_chinese_whole(head) or 0}.{decimals or 0}")
    for unit in tail[len(decimals) :]:
        value *= {**_ZH_UNITS, **_ZH_BIG}.get(unit, 1)
    return _plain(value)


def _chinese_whole(text: str) -> str:
    """三千二百 -> 3200, 3千万 -> 30000000, 二零二四 -> 2024."""
    if not any(char in _ZH_UNITS or char in _ZH_BIG for char in text):
        return "".join(str(_ZH_DIGITS.get(char, char)) for char in text)
    total, section, number, unit = 0, 0, "", 1
    for char in text:
        if char in _ZH_BIG:
            unit, value = _ZH_BIG[char], section + int(number or 0)
            total = (total + value) * unit if char == "亿" else total + value * unit
            section, number = 0, ""
        elif char in _ZH_UNITS:
            unit = _ZH_UNITS[char]
            section += (int(number) if number else 1) * unit
            number = ""
        else:
            number += str(_ZH_DIGITS.get(char, char))
    # 一万二 is 12000: a last digit right after a unit counts tenths of it.
    tenths = len(number) == 1 and unit >= 100 and text[-2] not in "零〇"
    return str(total + section + int(number or 0) * (unit // 10 if tenths else 1))
