"""Lines to exchange, and projects built by hand as other programs would write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from hypothesis import strategies as st

from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS
from rhetoric.exchange import Line
from rhetoric.types import Mark

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0" name="x">'


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@st.composite
def lines(draw: st.DrawFn) -> list[Line]:
    """Sentences of some words with a function each and marks on parts of them; emoji take two UTF-16 units."""
    made = []
    for at in range(draw(st.integers(1, 6))):
        text = draw(st.text(alphabet=st.sampled_from("ab ,字是\U0001f600"), min_size=4, max_size=20).filter(
            lambda text: text.strip() and text == text.strip()))
        emotion = []
        for label in draw(st.lists(st.sampled_from(EMOTIONS), max_size=2, unique=True)):
            start = draw(st.integers(0, len(text) - 2))
            end = draw(st.integers(start + 1, len(text)))
            whole = (start, end) == (0, len(text))
            emotion.append(Mark(label=label, intensity=draw(st.integers(1, 3)), char_start=None if whole else start,
                                char_end=None if whole else end))
        figures = tuple(Mark(label=label) for label in draw(
            st.lists(st.sampled_from(FIGURES), max_size=2, unique=True)))
        slogans = (Mark(label="slogan"),) if draw(st.booleans()) else ()
        made.append(Line(at, text, draw(st.none() | st.floats(0, 9e3)), draw(st.sampled_from(FUNCTIONS)),
                         {"emotion": tuple(emotion), "slogans": slogans, "figures": figures}))
    return made
