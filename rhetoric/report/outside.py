"""Text from outside (transcripts, catalog cells, file names) -> text that is safe to show.

Escaping is left to the places that write markup; here go the things escaping cannot cure: control characters, ANSI
codes, characters that have no glyph, and addresses that would run code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from rhetoric.cells import UNWANTED

# Direction overrides would reorder what stands around them where an SVG label cannot be isolated with <bdi>.
_DIRECTION = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"[\t\n\u2028\u2029]+")


def clean(text: str) -> str:
    """Text without control characters and ANSI codes; line ends and tabs become a space."""
    return _SPACE.sub(" ", UNWANTED.sub("", text))


def plain(text: str) -> str:
    """`clean` text without direction marks, for places that cannot isolate it (SVG labels, attributes)."""
    return _DIRECTION.sub("", clean(text))


def _utf16(text: str) -> int:
    return len(text) + sum(c > "\uffff" for c in text)


def clean_with_offsets(text: str, offsets: Sequence[int]) -> tuple[str, list[int]]:
    """`clean` text, and where code point `offsets` of the old text lie in it, in UTF-16 units as JavaScript counts."""
    if not UNWANTED.search(text) and not _SPACE.search(text) and max(text, default="") <= "\uffff":
        return text, [min(max(0, offset), len(text)) for offset in offsets]
    gone = [False] * len(text)
    for match in UNWANTED.finditer(text):
        gone[match.start():match.end()] = [True] * (match.end() - match.start())
    kept: list[str] = []
    places, length, in_space = [0], 0, False
    for character, unwanted in zip(text, gone, strict=True):
        if not unwanted:
            space = _SPACE.match(character) is not None
            if not (space and in_space):
                kept.append(" " if space else character)
                length += _utf16(kept[-1])
            in_space = space
        places.append(length)
    return "".join(kept), [places[min(max(0, offset), len(text))] for offset in offsets]


def media_url(media: str, file: str) -> str:
    """The address of a recording: `media` folder + percent-encoded `file`; empty where the file leads elsewhere.

    A file is a path inside the audio folder. What has a scheme, a host or a way up is refused, so that a catalog cell
    can neither run code (`javascript:`) nor make the page call home.
    """
    path = file.replace("\\", "/").strip()
    parts = path.split("/")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", media) and not (origin_of(media) or media.startswith("file:")):
        return ""
    if not path or path.startswith("/") or ".." in parts or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path):
        return ""
    if parts[0] == "audio" and len(parts) > 1 and media.rstrip("/").endswith("audio"):
        parts = parts[1:]
    return media.rstrip("/") + "/" + "/".join(quote(part.encode("utf-8", "surrogatepass"), safe="") for part in parts)


def origin_of(media: str) -> str:
    """`https://host` of a folder of recordings on the web, for the page's policy; empty for a folder on disk."""
    found = re.match(r"(https?://[A-Za-z0-9.-]+(?::\d+)?)(?:/|$)", media)
    return found[1] if found else ""
