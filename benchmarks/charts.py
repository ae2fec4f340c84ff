"""Draw the tables of docs/benchmarks.md, so that no chart can say something else than its table.

    python benchmarks/charts.py

Writes `docs/charts/scale.svg` (what each step costs by the size of an archive) and `docs/charts/peers.svg` (CPU seconds
beside other programs).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rhetoric.report.charts.svg import tag  # noqa: E402

PAGE, CHARTS = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "charts"
STYLE = """text { font: 13px system-ui, sans-serif; fill: #333 } .strong { font-weight: 600 } .faint { fill: #777 }
.grid { stroke: #ddd } .line { stroke: #999; fill: none; stroke-width: 1.5 } .dot { fill: #999 } .bar { fill: #bbb }
.own.line { stroke: #c0392b } .own.dot, .own.bar { fill: #c0392b } .limit { stroke: #c0392b; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .faint { fill: #999 } .grid { stroke: #444 } }"""
WIDTH, HEIGHT, TOP = 420, 260, 48
LEFT, NAMES = 46, 190  # of a panel: room for the numbers of its axis, and for the names of its lines
LEADING = "compare and report"
MEMORY_BAR = 900.0  # MiB that ten thousand speeches may take

Line = tuple[str, list[tuple[float, float]]]


def tables(first_cells: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows of every table whose heading begins with these cells."""
    head: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            head = []
        elif not head:
            head = _cells(line)
        elif set(line) - set("|- :") and head[: len(first_cells)] == list(first_cells):
            yield dict(zip(head, _cells(line), strict=True))


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("**", "") for cell in line.strip("|").split("|")]


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", ""))
    except ValueError:
        return None


def scale_lines(column: str) -> list[Line]:
    """Each step with its (speeches, value) points."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in tables(("speeches", "step")):
        value, count = _number(row[column]), _number(row["speeches"])
        if value is not None and count is not None:
            found.setdefault(row["step"], []).append((count, value))
    return list(found.items())


def panel(lines: Sequence[Line], title: str, left: float, limit: float | None = None) -> str:
    """Lines over the number of speeches, both axes by tens."""
    points = [point for _, line in lines for point in line]
    low = math.floor(math.log10(min(y for _, y in points)))
    high = math.ceil(math.log10(max([y for _, y in points] + ([limit] if limit else []))))
    begin, end = left + LEFT, left + WIDTH - NAMES

    def at(x: float, y: float) -> tuple[float, float]:
        return (begin + (math.log10(x) - 1) / 3 * (end - begin),
                TOP + (high - math.log10(y)) / (high - low) * (HEIGHT - TOP - 40))

    parts = [tag("text", title, x=left, y=20, class_="strong")]
    for power in range(low, high + 1):
        y = at(10, 10.0**power)[1]
        parts += [tag("line", x1=begin, x2=end, y1=y, y2=y, class_="grid"),
                  tag("text", f"{10.0**power:,g}", x=begin - 6, y=y + 4, text_anchor="end", class_="faint")]
    parts += [tag("text", f"{count:,}", x=at(count, 10.0**low)[0], y=HEIGHT - 20, text_anchor="middle", class_="faint")
              for count in (10, 100, 1000, 10000)]
    if limit:
        y = at(10, limit)[1]
        parts += [tag("line", x1=begin, x2=end, y1=y, y2=y, class_="limit"),
                  tag("text", f"bar: {limit:,.0f}", x=begin + 4, y=y - 5, class_="faint")]
    ends = sorted(((at(*line[-1])[1], name, line) for name, line in lines), key=lambda one: one[0])
    last = -math.inf
    for y, name, line in ends:
        own = " own" if name == LEADING else ""
        places = [at(*point) for point in line]
        parts.append(tag("polyline", points=" ".join(f"{a:.1f},{b:.1f}" for a, b in places), class_="line" + own))
        parts += [tag("circle", cx=round(a, 1), cy=round(b, 1), r=3, class_="dot" + own) for a, b in places]
        last = max(y + 4, last + 15)
        parts.append(tag("text", f"{name} {line[-1][1]:,.3g}", x=end + 8, y=round(last, 1), class_=own and "strong"))
    return "".join(parts)


def peer_bars() -> tuple[str, int]:
    """CPU seconds for the same texts, language by language; the drawing and its height."""
    rows = [row for row in tables(("text", "program")) if _number(row["texts, CPU s"]) is not None]
    values = [_number(row["texts, CPU s"]) or 0.0 for row in rows]
    parts = [tag("text", "CPU seconds for the same texts: each program does a part only", x=0, y=20, class_="strong")]
    y, before = 40, ""
    for row, value in zip(rows, values, strict=True):
        if row["text"] != before:
            y, before = y + 22, row["text"]
            parts.append(tag("text", {"zh": "Chinese", "en": "English"}[before], x=0, y=y - 6, class_="faint"))
        own = " own" if row["program"] == "rhetoric" else ""
        wide = max(1.0, value / max(values) * 380)
        parts += [tag("text", row["program"], x=0, y=y + 14),
                  tag("rect", x=170, y=y + 2, width=round(wide, 1), height=15, class_="bar" + own),
                  tag("text", f"{value:,.1f}", x=round(176 + wide), y=y + 14, class_="strong" if own else "")]
        y += 22
    return "".join(parts), y + 12


def drawing(body: str, width: int, height: int) -> str:
    """A whole SVG file, in both themes."""
    return tag("svg", tag("style", STYLE), body, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}",
               width=width, height=height) + "\n"


def main() -> None:
    """Write both charts."""
    CHARTS.mkdir(exist_ok=True)
    body = (panel(scale_lines("CPU s"), "CPU seconds by number of speeches", 0)
            + panel(scale_lines("peak MiB"), "Peak memory, MiB", WIDTH + 40, MEMORY_BAR))
    (CHARTS / "scale.svg").write_text(drawing(body, 2 * WIDTH + 40, HEIGHT), encoding="utf-8")
    bars, height = peer_bars()
    (CHARTS / "peers.svg").write_text(drawing(bars, 640, height), encoding="utf-8")


if __name__ == "__main__":
    main()
