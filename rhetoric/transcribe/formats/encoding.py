"""Bytes of a text file -> text. Encodings are tried strictly; what decodes without being plausible is not believed."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import NamedTuple

from rhetoric.errors import FormatError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY = ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a Word or zip file"), (b"{\\rtf", "an RTF file"),
           (b"\xd0\xcf\x11\xe0", "an old Word file"))
PLAUSIBLE = 0.5


class Decoded(NamedTuple):
    """A text with `\\n` line ends, and the encoding it was in."""

    text: str
    encoding: str


def read_text(path: Path) -> Decoded:
    """Read a text file in UTF-8, UTF-16, GB18030 or, last, Windows-1252.

    Raises:
        FormatError: it cannot be read, is no text, or is in no encoding that fits.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); correct the path") from error
    for head, kind in _BINARY:
        if data.startswith(head):
            raise FormatError(f"{path}: {kind}, not a text; save its words as plain text (UTF-8)")
    found = _decode(data)
    if found is None:
        raise FormatError(f"{path}: not a text in UTF-8, UTF-16 or GB18030; save it as UTF-8")
    return Decoded(found.text.replace("\r\n", "\n").replace("\r", "\n"), found.encoding)


def _decode(data: bytes) -> Decoded | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding)
    if found := _utf16_without_bom(data):
        return found
    if b"\0" in data:
        return None
    if found := _strict(data, "utf-8"):
        return found
    for encoding, plausible in (("gb18030", _plausible_chinese), ("cp1252", _plausible_latin)):
        if (found := _strict(data, encoding)) and plausible(found.text):
            return found
    return None


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _utf16_without_bom(data: bytes) -> Decoded | None:
    """Spaces, line ends and Latin letters have a zero byte in UTF-16, always on the same side."""
    if len(data) % 2 or b"\0" not in data:
        return None
    high, low = data[0::2].count(0), data[1::2].count(0)
    found = _strict(data, "utf-16-le" if low > high else "utf-16-be")
    return found if found and "\0" not in found.text and max(high, low) > 4 * min(high, low) else None


def _plausible_chinese(text: str) -> bool:
    """Almost any bytes decode as GB18030, but only Chinese lands among the characters that are in common use."""
    beyond = [char for char in text if ord(char) > 127]
    return sum(map(_is_common, beyond)) >= PLAUSIBLE * len(beyond)


def _is_common(char: str) -> bool:
    """In GB 2312 (Simplified), or in the first level of Big5 (Traditional)."""
    if char.encode("gb2312", "ignore"):
        return True
    return b"\xa1\x40" <= char.encode("big5", "ignore") <= b"\xc6\x7e"


def _plausible_latin(text: str) -> bool:
    """Mostly plain letters with a few curly quotes and accents, and no control characters."""
    beyond = sum(ord(char) > 127 for char in text)
    return beyond < 0.2 * len(text) and not any(ord(char) < 32 and not char.isspace() for char in text)
