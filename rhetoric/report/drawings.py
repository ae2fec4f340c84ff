"""The charts of the page as SVG files of their own: every colour written out, so that any program draws them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from importlib import resources

from rhetoric.report import palette
from rhetoric.report.outside import plain
from rhetoric.report.page import Page

WIDTH, MARGIN, HEAD = 720, 24, 46
LINE = 96  # letters of the small print in the width; Chinese ones take the room of two
FIRST_WIDE = 0x2E80
# Chinese first: a renderer that takes the first family it has looks for letters that are not in it just anywhere.
FONT = ("'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Helvetica Neue',Arial,"
        "'Liberation Sans',sans-serif")
_HEIGHT = re.compile(r' height="([\d.]+)"')
_VARIABLE = re.compile(r"var\(--([a-z-]+)\)")
_FONT_IN_SHORT = re.compile(r"\bfont:(\d+) (\d+px)/[\d.]+ ([^;}]+)")  # resvg reads only the properties one by one
_CHART_STYLE = re.compile(r"/\* Charts \*/\n(.*?)\n\n", re.DOTALL)
HATCH = ('<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
         '<rect class="p-shade" width="6" height="6"/><rect class="f-story" width="2.6" height="6"/></pattern>')


def drawings(page: Page, lang: str) -> Iterator[tuple[str, bytes]]:
    """A file a chart: its name, and the SVG in one language with its title and its small print."""
    style = _style("zh" if lang == "en" else "en")
    cells = [cell for panel in (*page.mix, *page.emotion, *page.craft) for cell in panel.cells]
    for cell in (*cells, *page.arcs.cells):
        if cell.chart:
            title = " · ".join(filter(None, (plain(cell.name), plain(getattr(cell.title, lang)))))
            yield f"{cell.key}.svg", _file(cell.chart, title, plain(getattr(cell.note, lang)), style, lang)
    for panel in page.asked:
        for answer in panel.cells:
            if answer.chart:
                name = plain(answer.series) if page.several else ""
                title = " · ".join(filter(None, (name, plain(getattr(panel.question, lang)))))
                note = _cut(plain(getattr(answer.text, lang)))
                yield f"{answer.key}.svg", _file(answer.chart, title, note, style, lang)


def _cut(words: str) -> str:
    """Words that fit into one line of a file; the page and the documents hold them all."""
    left = LINE
    for at, letter in enumerate(words):
        left -= 1 if ord(letter) < FIRST_WIDE else 2
        if left < 0:
            return words[: at - 1] + "…"
    return words


def _file(chart: str, title: str, note: str, style: str, lang: str) -> bytes:
    found = _HEIGHT.search(chart)
    height = float(found[1]) if found else 240.0
    inner = chart.replace("<svg ", f'<svg x="{MARGIN}" y="{MARGIN + HEAD}" overflow="visible" ', 1)
    inner = inner.replace('width="100%"', f'width="{WIDTH}"', 1)
    inner = re.sub(r' aria-labelledby="[^"]*"', "", inner, count=1)
    whole, tall = WIDTH + 2 * MARGIN, height + HEAD + 2 * MARGIN
    text = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{tall:g}" viewBox="0 0 {whole} {tall:g}" '
            f'lang="{lang}"><title>{escape(title)}</title><defs><style>{style}</style>{HATCH}</defs>'
            f'<rect width="100%" height="100%" fill="{palette.LIGHT["paper"]}"/><g class="chart">'
            f'<text x="{MARGIN}" y="{MARGIN + 8}" class="name">{escape(title)}</text>'
            f'<text x="{MARGIN}" y="{MARGIN + 28}" class="group">{escape(note)}</text></g>{inner}</svg>\n')
    return text.encode("utf-8", "replace")


def _style(hidden: str) -> str:
    """The page's rules for charts, in the light theme, without variables: few programs beside browsers know them."""
    page = resources.files("rhetoric.report").joinpath("templates", "style.css").read_text(encoding="utf-8")
    found = _CHART_STYLE.search(page)
    rules = found[1] if found else ""
    values = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6});", palette.css().split("\n")[0])) | {"font": FONT}
    rules = re.sub(r"background:[^;}]*;?|^[^\n]*pointer-events[^\n]*$", "", rules, flags=re.MULTILINE)
    plain_rules = _VARIABLE.sub(lambda match: values.get(match[1], palette.LIGHT["ink"]), rules)
    plain_rules = _FONT_IN_SHORT.sub(r"font-family:\3;font-size:\2;font-weight:\1", plain_rules)
    return f"{plain_rules}.l-{hidden}{{display:none}}"
