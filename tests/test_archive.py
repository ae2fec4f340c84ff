"""The catalog and the archive's folder: tolerant reading, strict checking, nothing half-written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.archive import (
    COLUMNS,
    init_archive,
    open_archive,
    read_catalog,
    select,
    write_catalog,
)
from rhetoric.errors import ArchiveError, CatalogError
from rhetoric.types import Recording

HEADER = "speech_id,file,speaker,date,language\n"


def catalog(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    path = folder / "catalog.csv"
    path.write_bytes(content.encode(encoding))
    return path


cells = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@given(rows=st.lists(st.tuples(cells, cells, st.sampled_from(["", "2021", "2021-08", "2021-08-10"]),
                               st.none() | st.floats(0, 1e5).map(lambda x: round(x, 3))), max_size=6))
def test_a_catalog_comes_back_as_it_was_written(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("c") / "catalog.csv"
    recordings = tuple(Recording(speech_id=f"s{n}", speaker=speaker, title=title, date=date, duration_s=duration_s,
                                 extra={"city": title})
                       for n, (speaker, title, date, duration_s) in enumerate(rows))
    write_catalog(path, recordings)
    assert read_catalog(path) == recordings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_spreadsheets_are_read(tmp_path, encoding):
    path = catalog(tmp_path, HEADER + "a,a.mp3,林知远,2020,zh\n", encoding)
    assert read_catalog(path)[0].speaker == "林知远"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_read(tmp_path, delimiter):
    path = catalog(tmp_path, (HEADER + "a,a.mp3,Ann,2020,zh-CN\n").replace(",", delimiter))
    assert read_catalog(path)[0].language == "zh"


def test_windows_line_ends_and_blank_rows_are_read(tmp_path):
    path = catalog(tmp_path, (HEADER + "a,a.mp3,Ann,2020,en\n,,,,\n\nb,b.mp3,Bo,2021,en\n").replace("\n", "\r\n"))
    assert [r.speech_id for r in read_catalog(path)] == ["a", "b"]


@pytest.mark.parametrize(("row", "complaint"), [
    ("../x,a.mp3,Ann,2020,en", "line 2: speech_id '../x' cannot name a file"),
    ("a/b,a.mp3,Ann,2020,en", "cannot name a file"),
    ("con,a.mp3,Ann,2020,en", "cannot name a file"),
    (",a.mp3,Ann,2020,en", "speech_id is empty"),
    ("a,../../etc/passwd,Ann,2020,en", "must be a path inside audio/"),
    ("a,/etc/passwd,Ann,2020,en", "must be a path inside audio/"),
    ("a,C:\\x.mp3,Ann,2020,en", "must be a path inside audio/"),
    ("a,a.mp3,Ann,10.8.2020,en", "is not YYYY, YYYY-MM or YYYY-MM-DD"),
    ("a,a.mp3,Ann,2020-13,en", "is not YYYY"),
    ("a,a.mp3,Ann,2020,Chinese!", "is not a code such as zh or en"),
    ("a,a.mp3,Ann,2020,en,extra,cells", "more cells than columns"),
    ("a,a.mp3,Ann,2020,en\nA,b.mp3,Bo,2021,en", "line 3: speech_id 'A' is already on line 2"),
])
def test_bad_rows_are_named_with_line_and_cure(tmp_path, row, complaint):
    with pytest.raises(CatalogError, match="correct the row") as caught:
        read_catalog(catalog(tmp_path, HEADER + row + "\n"))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_bad_rows_are_named_at_once(tmp_path):
    with pytest.raises(CatalogError) as caught:
        read_catalog(catalog(tmp_path, HEADER + "../x,a,,,\nb,,,99,\n"))
    assert "line 2" in str(caught.value)
    assert "line 3" in str(caught.value)


def test_a_file_that_is_no_catalog_is_refused(tmp_path):
    with pytest.raises(CatalogError, match="no column `speech_id`"):
        read_catalog(catalog(tmp_path, "name,file\nx,y\n"))
    with pytest.raises(CatalogError, match="rhetoric init"):
        read_catalog(tmp_path / "none.csv")


def test_a_link_out_of_the_archive_is_refused(tmp_path):
    archive = init_archive(tmp_path / "a")
    (tmp_path / "secret.mp3").write_bytes(b"x")
    (archive.audio / "s.mp3").symlink_to(tmp_path / "secret.mp3")
    with pytest.raises(CatalogError, match="leads out of audio/"):
        archive.audio_path(Recording(speech_id="s", file="s.mp3"))


def test_a_first_line_with_an_open_quote_is_named(tmp_path):
    with pytest.raises(CatalogError, match=r"catalog\.csv:1: its first line cannot be read"):
        read_catalog(catalog(tmp_path, '"speech_id,file\na,b\n'))


def test_an_archive_is_found_from_inside_it(tmp_path):
    init_archive(tmp_path, 'the "first" one')
    assert open_archive(tmp_path / "audio").root == tmp_path.resolve()
    assert open_archive(tmp_path).config.archive.name == 'the "first" one'
    with pytest.raises(ArchiveError, match="is an archive already"):
        init_archive(tmp_path)


def test_no_archive_says_what_to_do(tmp_path):
    with pytest.raises(ArchiveError, match="rhetoric init"):
        open_archive(tmp_path)


def test_choosing_speeches_keeps_the_catalog_order():
    rows = tuple(Recording(speech_id=i) for i in "cab")
    assert [r.speech_id for r in select(rows, ["b", "c"])] == ["c", "b"]
    assert select(rows, ()) == rows
    with pytest.raises(CatalogError, match="no speech z"):
        select(rows, ["z"])


def test_the_columns_are_the_documented_ones():
    assert COLUMNS == ("speech_id", "file", "speaker", "organisation", "event", "date", "language", "title", "source",
                       "licence", "note", "sha256", "duration_s")
