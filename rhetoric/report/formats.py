"""Numbers and times as a reader expects them: shares in per cent, times as 1:12:40, thousands separated."""

from __future__ import annotations

from rhetoric.types import Row, Text

MANY = 1000  # sentences from which a decimal of a percentage means something
MINUS = "\u2212"


def clock(seconds: float | None) -> str:
    """Seconds -> 1:12:40, 12:40 or 0:07; empty where unknown."""
    if seconds is None:
        return ""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def duration(seconds: float) -> Text:
    """Seconds -> "11 h 42 min"."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return Text(en=f"{minutes} min", zh=f"{minutes} 分钟")
    return Text(en=f"{minutes // 60} h {minutes % 60} min", zh=f"{minutes // 60} 小时 {minutes % 60} 分钟")


def count(value: float) -> str:
    """A whole number with separated thousands."""
    return f"{value:,.0f}"


def number(value: float | None, digits: int = 1) -> str:
    """A number with a true minus sign and separated thousands."""
    if value is None:
        return "\u2013"
    text = f"{value:,.{digits}f}"
    return text.replace("-", MINUS) if float(text.replace(",", "")) else "0"


def percent(share: float | None, n: int = 0) -> str:
    """A share -> "62%"; with a decimal only from a thousand sentences on."""
    return "\u2013" if share is None else number(100 * share, 1 if n >= MANY else 0) + "%"


def is_share(unit: str) -> bool:
    """True for units whose values are shares of one."""
    return unit == "share"


def value_text(value: float | None, unit: str, n: int = 0) -> str:
    """A value in its unit, without the unit's words."""
    return percent(value, n) if is_share(unit) else number(value)


def interval_text(row: Row) -> Text:
    """The interval of a row in brackets, or that it cannot be told."""
    if row.low is None or row.high is None:
        return Text(en="interval cannot be told", zh="无法给出区间")
    low, high = value_text(row.low, row.unit, row.n_sentences), value_text(row.high, row.unit, row.n_sentences)
    low = low.removesuffix("%")
    return Text(en=f"{low} to {high}", zh=f"{low}～{high}")
