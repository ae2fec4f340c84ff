"""A chart as a picture of pixels, by resvg; its letters are drawn with the fonts of this machine."""

from __future__ import annotations

from rhetoric.errors import MissingExtraError

ZOOM = 2  # pixels a unit of the drawing: a chart 768 wide is sharp on a slide and in print


def to_png(svg: bytes) -> bytes:
    """The bytes of a `.png` file of an SVG of `drawings`. The same machine makes the same bytes; another font, others.

    Raises:
        MissingExtraError: resvg-py is not installed.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise MissingExtraError("a chart as PNG", "png") from error
    return bytes(resvg_py.svg_to_bytes(svg_string=svg.decode("utf-8"), zoom=ZOOM))


def require_png() -> None:
    """Raises MissingExtraError where no PNG can be drawn: to be asked before anything is written."""
    to_png(b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
