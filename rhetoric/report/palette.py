"""The colours of the page, light and dark, and the sums that prove they can be seen.

Five groups from a set that stays apart for readers with protanopia, deuteranopia and tritanopia: hues differ, and so do
lightnesses. A test computes all contrasts with the formula of WCAG 2.2 (relative luminance,
https://www.w3.org/TR/WCAG22/#dfn-relative-luminance).
"""

from __future__ import annotations

LIGHT = {
    "paper": "#fdfcfa", "sheet": "#f4f2ee", "ink": "#1b1a18", "soft": "#5d5953", "rule": "#dcd8d1", "grid": "#e6e2dc",
    "accent": "#a8480a", "shade": "#f9e7d8", "founder": "#8a3a04",
    "story": "#d2600f", "product": "#14559e", "results": "#0b7468", "values": "#a873c4", "other": "#949189",
    "story-text": "#a8480a", "product-text": "#14559e", "results-text": "#0b6a5f", "values-text": "#7c4799",
    "other-text": "#5d5953",
}
DARK = {
    "paper": "#15171a", "sheet": "#1e2125", "ink": "#eceae5", "soft": "#a9a69f", "rule": "#3a3d42", "grid": "#2b2e33",
    "accent": "#f59b57", "shade": "#3b2a1b", "founder": "#ffcf9f",
    "story": "#f08a3c", "product": "#4a8fe0", "results": "#35b8a6", "values": "#c9a0e4", "other": "#77736c",
    "story-text": "#f59b57", "product-text": "#7db1ef", "results-text": "#4cc7b6", "values-text": "#d3b2ea",
    "other-text": "#a9a69f",
}
BLACK, WHITE = "#16140f", "#ffffff"
GROUP_COLOURS = ("story", "product", "results", "values", "other")


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0..1."""
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours, 1..21."""
    bright, dim = sorted((luminance(a), luminance(b)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def text_on(colour: str) -> str:
    """Black or white, whichever is read better on a colour."""
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, colour))


def _variables(theme: dict[str, str]) -> str:
    lines = {**theme, **{f"on-{group}": text_on(theme[group]) for group in (*GROUP_COLOURS, "founder")}}
    return "".join(f"--{name}:{colour};" for name, colour in lines.items())


def css() -> str:
    """Custom properties of both themes: the system's choice, unless the reader made one."""
    light, dark = _variables(LIGHT) + "color-scheme:light;", _variables(DARK) + "color-scheme:dark;"
    return (f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
            f":root[data-theme=dark]{{{dark}}}\n@media print{{:root,:root[data-theme]{{{light}}}}}\n")
