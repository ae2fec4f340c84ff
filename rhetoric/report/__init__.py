"""6  Comparison + tables -> one HTML page that opens offline, and the CSV file behind each of its figures.

`page.py` says what stands where, `charts/` draws it, `templates/` lays it out; nothing here computes a new number.
"""

from __future__ import annotations

from rhetoric.errors import FormatError
from rhetoric.types import Comparison, Tables

DOCUMENTS = ("md", "docx")


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


def render_document(comparison: Comparison, tables: Tables, form: str, *, lang: str = "en", charts: str = "",
                    version: str) -> bytes:
    """The report as one document in one language: Markdown ("md") or Word ("docx").

    `charts` is the folder of the SVG files (`render_charts`) as seen from a Markdown document; empty: no images.

    Raises:
        FormatError: `form` is none of `DOCUMENTS`.
        MissingExtraError: "docx" without its library.
    """
    from rhetoric.report.document import document
    from rhetoric.report.markdown import to_markdown
    from rhetoric.report.outside import plain
    from rhetoric.report.page import build
    from rhetoric.report.word import to_docx

    require(form)
    page, _ = build(comparison, tables)
    parts = document(page, lang, version, charts if form == "md" else "")
    return to_markdown(parts) if form == "md" else to_docx(parts, title=plain(getattr(page.title, lang)))


def render_charts(comparison: Comparison, tables: Tables, *, lang: str = "en", png: bool = False) -> dict[str, bytes]:
    """The charts of the report as SVG files, by name; with `png` each as a PNG, too.

    Raises:
        MissingExtraError: `png` without its library.
    """
    from rhetoric.report.drawings import drawings
    from rhetoric.report.page import build
    from rhetoric.report.png import to_png

    files = dict(sorted(drawings(build(comparison, tables)[0], lang)))
    if not png:
        return files
    return files | {f"{name.removesuffix('.svg')}.png": to_png(content) for name, content in files.items()}


def require(form: str, *, png: bool = False) -> None:
    """Raises what `render_document` and `render_charts` would raise of a format, before anything is made or written."""
    from rhetoric.report.png import require_png
    from rhetoric.report.word import require_docx

    if form not in ("html", *DOCUMENTS):
        raise FormatError(f"no format {form!r}; a report is written as html, {' or '.join(DOCUMENTS)}")
    if form == "docx":
        require_docx()
    if png:
        require_png()
