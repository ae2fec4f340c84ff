"""The colours can be seen: WCAG contrasts in both themes, and groups that stay apart for colour-blind readers."""

from __future__ import annotations

from itertools import combinations

import pytest

from rhetoric.report.palette import BLACK, DARK, GROUP_COLOURS, LIGHT, WHITE, contrast, css, text_on

THEMES = {"light": LIGHT, "dark": DARK}
# Linear RGB as seen with a complete lack of one cone type (G. M. Machado et al., 2009, severity 1.0).
DEFICIENCIES = {
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def test_contrast_agrees_with_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme: str) -> None:
    colours = THEMES[theme]
    for name in ("ink", "soft", "accent", *(f"{group}-text" for group in GROUP_COLOURS)):
        for ground in ("paper", "sheet"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    for name in ("ink", "accent"):
        assert contrast(colours[name], colours["shade"]) >= 4.5, name


@pytest.mark.parametrize("theme", THEMES)
def test_marks_can_be_seen_and_carry_readable_numbers(theme: str) -> None:
    colours = THEMES[theme]
    for group in (*GROUP_COLOURS, "founder"):
        assert contrast(colours[group], colours["paper"]) >= 3, group
        assert contrast(text_on(colours[group]), colours[group]) >= 4.5, group
    assert text_on("#ffffff") == BLACK
    assert text_on("#000000") == WHITE


def _lab(colour: str, matrix: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    r, g, b = (min(1.0, max(0.0, sum(m * c for m, c in zip(row, linear, strict=True)))) for row in matrix)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.0888,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_groups_stay_apart_for_colour_blind_readers(theme: str, deficiency: str) -> None:
    seen = {group: _lab(THEMES[theme][group], DEFICIENCIES[deficiency]) for group in GROUP_COLOURS}
    for a, b in combinations(GROUP_COLOURS, 2):
        apart = sum((p - q) ** 2 for p, q in zip(seen[a], seen[b], strict=True)) ** 0.5
        assert apart >= 12, (a, b, round(apart, 1))


def test_both_themes_know_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert all(css().count(f"--{name}:") == 4 for name in LIGHT)
