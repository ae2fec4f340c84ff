"""Numbers and places as a careful reader wants them, in both languages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rhetoric.compare.estimates import Estimate
from rhetoric.types import Quote, Text

MANY = 1000  # sentences from which on a percentage has a decimal
MINUS = "\u2212"


def signed(value: float, digits: int, *, plus: bool = False) -> str:
    """A number with a true minus sign; zero has no sign."""
    text = f"{abs(value):,.{digits}f}"
    if not float(text.replace(",", "")):
        return text
    return (MINUS if value < 0 else "+" if plus else "") + text


def digits_of(kind: str, n: int) -> int:
    """Decimals worth printing: none for a percentage of fewer than a thousand sentences, else one."""
    return 0 if kind == "share" and n < MANY else 1


def bare(value: float, kind: str, n: int) -> str:
    """A value without its unit: shares in per cent."""
    return signed(value * 100 if kind == "share" else value, digits_of(kind, n))


def quantity(value: float, kind: str, n: int) -> str:
    """A value as it stands in a sentence: 39%, 7.1."""
    return bare(value, kind, n) + ("%" if kind == "share" else "")


def bounds(found: Estimate, kind: str) -> Text:
    """The interval in brackets, or that there is none."""
    if found.low is None or found.high is None:
        return Text(en="[no interval]", zh="［无区间］")
    low, high = bare(found.low, kind, found.n), quantity(found.high, kind, found.n)
    return Text(en=f"[{low} to {high}]", zh=f"［{low}～{high}］")


def change(value: float, kind: str, n: int, *, plus: bool = True) -> str:
    """A difference or slope without its unit: shares in percentage points, one decimal for slopes is the caller's."""
    return signed(value * 100 if kind == "share" else value, digits_of(kind, n), plus=plus)


def change_unit(kind: str, unit: str) -> Text:
    """What a change is counted in."""
    return {
        "share": Text(en="points", zh="个百分点"),
        "intensity": Text(en="(on a scale of 1 to 3)", zh="（1—3 级）"),
        "per_minute": Text(en="phrases a minute", zh="处/分钟"),
    }.get(kind, Text(en=unit, zh="处/千词" if unit.endswith("words") else "处/千字"))


def p_text(p: float) -> str:
    """A p value with two significant digits, never below what three decimals can say."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def clock(seconds: float) -> str:
    """Seconds -> 1:12:40 or 2:04."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def listed(names: Sequence[str]) -> Text:
    """Names in a row: a, b and c."""
    if len(names) < 2:
        return Text(en="".join(names), zh="".join(names))
    return Text(en=", ".join(names[:-1]) + " and " + names[-1], zh="、".join(names))


def in_zh(name: str) -> str:
    """A name inside a Chinese sentence: a year gets its 年, Latin letters and digits get air (`sentence` tidies it)."""
    whole = f"{name} 年" if name.isdigit() and len(name) == 4 else name
    return (" " if whole[:1].isascii() else "") + whole + (" " if whole[-1:].isascii() else "")


def quoted(quote: Quote) -> str:
    """The words of a quote in quotation marks, without marks of their own and the full stop at the ends."""
    return "“" + quote.text.strip().strip("“”\"「」").rstrip("。.") + "”"


def capital(text: str) -> str:
    """A sentence begins with a capital letter."""
    return text[:1].upper() + text[1:]


_AIR = re.compile(r" *([，。：；（）、“”［］！？]) *| {2,}")


def sentence(en: str, zh: str, *, begins: bool = True) -> Text:
    """A sentence in both languages: the Chinese one without idle spaces, the English one with a capital.

    One that begins with a name as a user wrote it keeps its first letter (`begins=False`).
    """
    return Text(en=capital(en) if begins else en, zh=_AIR.sub(_without_air, zh).strip())


def _without_air(match: re.Match[str]) -> str:
    return match[1] or " "
