"""6  Comparison + tables -> one HTML page that opens offline, and the CSV file behind each of its figures.

`page.py` says what stands where, `charts/` draws it, `templates/` lays it out; nothing here computes a new number.
"""

from __future__ import annotations

from rhetoric.types import Comparison, Tables


def render(comparison: Comparison, tables: Tables, *, lang: str = "en", media: str = "../../audio",
           version: str) -> dict[str, bytes]:
    """Make the files of a report: `index.html` and `data/<figure>.csv`, to be written side by side.

    The page holds everything it shows and fetches nothing; `media` is the folder of recordings as seen from the page,
    `lang` ("en" or "zh") the language it opens in. Text from outside is escaped and cleaned of control characters.
    """
    from rhetoric.report.html import html
    from rhetoric.report.page import build

    page, files = build(comparison, tables)
    made = {f"data/{name}": ("\ufeff" + text).encode("utf-8", "replace") for name, text in sorted(files.items())}
    return {"index.html": html(page, files, comparison, tables, lang=lang, media=media, version=version)} | made
