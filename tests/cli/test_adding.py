"""Adding many at once: folders, lists, feeds."""

from __future__ import annotations

import json

import pytest

from rhetoric.archive import read_catalog
from rhetoric.cli.lists import Facts, is_list, read_list
from rhetoric.errors import CatalogError


def test_a_list_says_what_is_known_of_each_file(rhetoric, talks, tmp_path):
    (tmp_path / "list.csv").write_text(
        "file,speech_id,speaker,date,colour\n"
        "talks/launch-2021.txt,first,林知远,2021-08,blue\n"
        "talks/launch-2022.txt,,,,\n"
        "talks/gone.txt,,,,\n", encoding="utf-8")
    done = rhetoric("add", "list.csv", "--speaker", "Somebody", code=1)
    assert "talks/gone.txt: no such file" in done.stderr
    first, second = read_catalog(tmp_path / "audio" / "catalog.csv")
    assert (first.speech_id, first.speaker, first.date, first.extra["colour"]) == ("first", "林知远", "2021-08", "blue")
    assert (second.speech_id, second.speaker, second.date) == ("launch-2022", "Somebody", "2022")


def test_a_list_that_is_no_table_names_the_line(rhetoric, talks, tmp_path):
    (tmp_path / "list.csv").write_text("file,date\ntalks/launch-2021.txt,2021,too,many\n", encoding="utf-8")
    assert "list.csv:2: more cells than columns" in rhetoric("add", "list.csv", code=2).stderr


@pytest.mark.parametrize("content", [
    b"", b"\x00file,speech\r_id,date\na.txt,b\n", b"start_s,text\n1,Good.\n"])
def test_what_is_no_list_is_none(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    assert not is_list(tmp_path / "a.csv")


def test_a_list_with_an_open_quote_is_told(tmp_path):
    (tmp_path / "a.csv").write_text('file\n"a.txt\n', encoding="utf-8")
    with pytest.raises(CatalogError, match="check its quotes"):
        read_list(tmp_path / "a.csv", Facts())


def test_a_feed_is_noted_once_and_fetched_never(rhetoric, talks, tmp_path):
    (tmp_path / "feed.xml").write_text(
        '<rss><channel><item><title>Launch</title><pubDate>Tue, 10 Aug 2021 19:30:00 +0800</pubDate>'
        '<enclosure url="https://talks.invalid/launch.mp3" type="audio/mpeg"/></item></channel></rss>',
        encoding="utf-8")
    assert "noted, not fetched: https://talks.invalid/launch.mp3" in rhetoric("add", "--feed", "feed.xml").stderr
    assert "is known" in rhetoric("add", "--feed", "feed.xml").stderr
    (row,) = read_catalog(tmp_path / "audio" / "catalog.csv")
    assert (row.speech_id, row.title, row.date, row.file) == ("launch", "Launch", "2021-08-10", "")
    rhetoric("add", talks / "keynote_2022.txt", "--id", "launch")
    assert json.loads(rhetoric("status", "--json").stdout)[0]["transcript"] == "import:text"
