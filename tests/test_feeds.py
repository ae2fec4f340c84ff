"""Feeds and metadata are read, and nothing else happens: no entity, no file, no address but their own."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.errors import FormatError
from rhetoric.feeds import parse_feed, read_feed

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Talks</title>
<item><title> Launch   night </title><pubDate>Tue, 10 Aug 2021 19:30:00 +0800</pubDate>
 <itunes:duration>1:02:03</itunes:duration>
 <enclosure url="https://a.example/x/launch-2021.mp3?a=1&amp;b=2" type="audio/mpeg"/></item>
<item><title>Short</title><pubDate>yesterday</pubDate><itunes:duration>95</itunes:duration>
 <enclosure url="http://a.example/short.m4a" length="1"/></item>
<item><title>A page</title><enclosure url="https://a.example/p.pdf" type="application/pdf"/></item>
<item><title>A file</title><enclosure url="file:///etc/passwd" type="audio/mpeg"/></item>
<item><title>Nothing</title></item></channel></rss>"""

PLAYLIST = {"_type": "playlist", "entries": [
    {"id": "abc", "title": "Keynote", "upload_date": "20200102", "duration": 3600, "webpage_url": "https://v.example/abc"},
    {"id": "def", "title": "No date", "upload_date": "soon", "duration": True, "url": "https://v.example/def"},
    {"id": "bad", "url": "javascript:alert(1)"}, None, {"entries": [{"title": "Deep", "url": "https://v.example/d"}]}]}


def test_a_feed_gives_titles_days_lengths_and_addresses():
    first, second = parse_feed(RSS.encode(), "feed.xml")
    assert (first.title, first.date, first.duration_s) == ("Launch night", "2021-08-10", 3723.0)
    assert first.name == "launch-2021"
    assert first.source == "https://a.example/x/launch-2021.mp3?a=1&b=2"
    assert (second.title, second.date, second.duration_s) == ("Short", "", 95.0)


def test_a_playlist_gives_the_same():
    found = parse_feed(json.dumps(PLAYLIST).encode(), "list.json")
    assert [(e.name, e.date, e.duration_s) for e in found] == [
        ("abc", "2020-01-02", 3600.0), ("def", "", None), ("", "", None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("doctype", [
    '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE rss SYSTEM "http://a.example/evil.dtd">',
])
def test_entities_are_refused_whatever_the_encoding(doctype, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<rss><channel><title>&a;</title></channel></rss>'
    with pytest.raises(FormatError, match="document type"):
        parse_feed(text.encode(encoding), "evil.xml")


@pytest.mark.parametrize("content", [b"", b"<rss", b"{", b"<rss/>", b"[]", b"{}", b"\xff\xfe\x00", b"<a>" * 100_000,
                                     b"[" * 100_000])
def test_what_is_no_feed_is_one_line(content):
    with pytest.raises(FormatError, match=r"x\.xml"):
        parse_feed(content, "x.xml")


def test_a_file_that_is_not_there_and_an_address_of_another_kind(tmp_path):
    for source in (str(tmp_path / "none.xml"), "ftp://a.example/feed.xml", "file:///etc/passwd"):
        with pytest.raises(FormatError, match="cannot be read"):
            read_feed(source)


@given(st.binary(max_size=300))
def test_any_bytes_are_entries_or_one_error(content):
    for head in (b"", b"<rss><item>", b'{"entries": ['):
        with suppress(FormatError):
            assert parse_feed(head + content, "fuzz")
