"""What a podcast feed or a downloader's metadata say of recordings: read into catalog rows, nothing is fetched.

RSS 2.0 with enclosures (https://www.rssboard.org/rss-specification; lengths: the itunes namespace), and the JSON that
yt-dlp writes (`--write-info-json`, or `--dump-single-json` of a playlist).
"""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import msgspec

from rhetoric.errors import FormatError

MAX_BYTES = 50 << 20
TIMEOUT_S = 30.0
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A recording that somebody published: what is known of it, and where it can be fetched."""

    title: str  # who speaks is not in it: an author is who publishes
    source: str
    date: str = ""
    duration_s: float | None = None
    name: str = ""  # what a file of it would be called


def read_feed(source: str) -> tuple[Entry, ...]:
    """The entries of a feed or of metadata, in a file or at an http(s) address, which is read and nothing else.

    Raises:
        FormatError: it cannot be read, or is neither.
    """
    content = _fetch(source) if source.startswith(("http://", "https://")) else _read(Path(source))
    return parse_feed(content, source)


def parse_feed(content: bytes, where: str) -> tuple[Entry, ...]:
    """The entries of a feed (XML) or of metadata (JSON).

    Raises:
        FormatError: it is neither, or holds no recording.
    """
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    entries = tuple(_of_json(content, where) if start in (b"{", b"[") else _of_rss(content, where))
    if not entries:
        raise FormatError(f"{where}: no recording in it: no <enclosure> of audio or video, no entry with an address")
    return entries


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FormatError(f"{path}: larger than {MAX_BYTES >> 20} MB; a feed is smaller")
        return path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); check the path") from error


def _fetch(address: str) -> bytes:
    import urllib.request

    try:
        # Only http and https come here; `read_feed` looked.
        with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:  # noqa: S310
            content = bytes(answer.read(MAX_BYTES + 1))
    except (OSError, ValueError) as error:
        raise FormatError(f"{address}: cannot be read ({error}); download the feed and give the file") from error
    if len(content) > MAX_BYTES:
        raise FormatError(f"{address}: larger than {MAX_BYTES >> 20} MB; a feed is smaller")
    return content


# --- RSS -----------------------------------------------------------------------------------------------------------


def _of_rss(content: bytes, where: str) -> Iterator[Entry]:
    root = _tree(content, where)
    for item in root.iter("item"):
        enclosure = item.find("enclosure")
        address = "" if enclosure is None else enclosure.get("url", "").strip()
        kind = "" if enclosure is None else enclosure.get("type", "audio")
        if not _is_address(address) or kind.split("/")[0] not in ("audio", "video"):
            continue
        yield Entry(title=_text(item, "title"), source=address, date=_rss_date(_text(item, "pubDate")),
                    duration_s=_seconds(_text(item, f"{ITUNES}duration")), name=_name_in(address))


def _tree(content: bytes, where: str) -> Any:
    """XML without a document type, and so without entities of its own, which can name files or explode."""
    from xml.etree import ElementTree  # the danger is in document types, which are refused

    class Plain(ElementTree.TreeBuilder):
        def doctype(self, *_: object) -> NoReturn:
            raise FormatError(f"{where}: XML with a document type (<!DOCTYPE>) is not read; a feed needs none")

    try:
        return ElementTree.fromstring(content, ElementTree.XMLParser(target=Plain()))  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise FormatError(f"{where}: neither a feed (XML) nor metadata (JSON): {error}") from error


def _text(element: Any, tag: str) -> str:
    return " ".join((element.findtext(tag) or "").split())


def _rss_date(text: str) -> str:
    """`Tue, 10 Aug 2021 19:30:00 +0800` (RFC 822) as 2021-08-10, or nothing."""
    try:
        return email.utils.parsedate_to_datetime(text).date().isoformat() if text else ""
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _seconds(text: str) -> float | None:
    """`3605`, `1:05` or `1:00:05`."""
    if text.isascii() and text.isdigit() and len(text) < 7:
        return float(text)
    match = _CLOCK.fullmatch(text)
    return float(int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])) if match else None


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and text.isprintable()


def _name_in(address: str) -> str:
    return Path(urlsplit(address).path).stem


# --- yt-dlp --------------------------------------------------------------------------------------------------------


def _of_json(content: bytes, where: str) -> Iterator[Entry]:
    try:
        data = msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{where}: not valid JSON ({error})") from error
    waiting = [data]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, Mapping) and isinstance(item.get("entries"), list):
            waiting += item["entries"]
        elif isinstance(item, Mapping) and (entry := _entry_of(item)) is not None:
            yield entry


def _entry_of(item: Mapping[str, Any]) -> Entry | None:
    def text(*keys: str) -> str:
        found = next((item[key] for key in keys if isinstance(item.get(key), str) and item[key].strip()), "")
        return " ".join(found.split())

    address = text("webpage_url", "original_url", "url")
    if not _is_address(address):
        return None
    day = text("release_date", "upload_date")
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}" if re.fullmatch(r"(19|20)\d{6}", day) else ""
    length = item.get("duration")
    known = isinstance(length, int | float) and not isinstance(length, bool) and 0 < length < 1e6
    return Entry(title=text("title", "fulltitle"), source=address, date=date,
                 duration_s=float(length) if known and length is not None else None, name=text("id"))
