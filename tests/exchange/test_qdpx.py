"""REFI-QDA projects: as the standard has them, back from other programs, and hostile ones."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.errors import FormatError
from rhetoric.exchange import Answers, Line, lines_of
from rhetoric.exchange.qdpx import NAMESPACE, guid, write
from rhetoric.exchange.qdpx_read import MAX_SOURCE, read
from rhetoric.types import Mark
from tests.builders import founder, make_tables
from tests.exchange.conftest import HEAD, lines, zipped

N = f"{{{NAMESPACE}}}"
# The standard's types as far as a project of ours uses them: element -> (children in their order, required, optional
# attributes). REFI-QDA 1.5, schema of the project exchange.
STANDARD = {
    "Project": (["Users", "CodeBook", "Sources"], {"name"}, {"origin", "creatingUserGUID"}),
    "Users": (["User"], set(), set()),
    "User": ([], {"guid"}, {"name"}),
    "CodeBook": (["Codes"], set(), set()),
    "Codes": (["Code"], set(), set()),
    "Code": (["Description", "Code"], {"guid", "name", "isCodable"}, {"color"}),
    "Description": ([], set(), set()),
    "Sources": (["TextSource"], set(), set()),
    "TextSource": (["PlainTextSelection"], {"guid"}, {"name", "plainTextPath", "creatingUser"}),
    "PlainTextSelection": (["Coding"], {"guid", "startPosition", "endPosition"}, {"name", "creatingUser"}),
    "Coding": (["CodeRef"], {"guid"}, {"creatingUser"}),
    "CodeRef": ([], {"targetGUID"}, set()),
}
TIRED = Mark(label="hardship", intensity=2, char_start=8, char_end=13)
ONE = [Line(0, "We were tired.", None, "company_story", {"emotion": (TIRED,), "slogans": (), "figures": ()}),
       Line(1, "Less noise, more craft.", None, "values", {"emotion": (), "slogans": (Mark(label="slogan"),),
                                                           "figures": (Mark(label="contrast"),)})]


def project(content: bytes) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ET.fromstring(archive.read("project.qde"))


def told(answers, speech_id="talk"):
    return [(a.code.sentence_index, a.code.function, dict(a.code.marks)) for a in answers.by_speech[speech_id]]


def conforms(element: ET.Element) -> None:
    name = element.tag.removeprefix(N)
    children, required, optional = STANDARD[name]
    found = [child.tag.removeprefix(N) for child in element]
    assert found == sorted(found, key=children.index), f"{name}: children out of order: {found}"
    assert required <= set(element.attrib) <= required | optional, (name, element.attrib)
    for key, value in element.attrib.items():
        if key.lower().endswith("guid") or key == "creatingUser":
            assert str(uuid.UUID(value)) == value
        if key == "color":
            assert re.fullmatch("#[0-9A-F]{6}", value)
        if key == "isCodable":
            assert value in ("true", "false")
    for child in element:
        conforms(child)


def test_a_project_is_as_the_standard_has_it():
    content = write(lines_of(make_tables([founder(2020)]), blank=False), name="Talks", version="1")
    root = project(content)
    conforms(root)
    ids = [element.get("guid") for element in root.iter() if element.get("guid")]
    assert len(ids) == len(set(ids))
    codes = {code.get("guid") for code in root.iter(f"{N}Code")}
    assert {ref.get("targetGUID") for ref in root.iter(f"{N}CodeRef")} <= codes


def test_every_selection_holds_the_words_it_speaks_of():
    tables = make_tables([founder(2020)])
    content = write(lines_of(tables, blank=False), name="Talks", version="1")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        source = next(project(content).iter(f"{N}TextSource"))
        text = archive.read(source.get("plainTextPath").replace("internal://", "sources/")).decode()
    assert text.split("\n") == tables.sentences["text"].tolist()
    found = sorted((selection.get("name").split()[0], text[int(selection.get("startPosition")):
                                                            int(selection.get("endPosition"))])
                   for selection in source)
    wanted = tables.findings[tables.findings["stage"].isin(["function", "emotion", "figures"])
                             | ((tables.findings["stage"] == "slogans") & (tables.findings["score"] >= 60))]
    assert found == sorted(zip(wanted["label"], wanted["quote"], strict=True))


def test_blank_projects_show_nothing_of_the_model():
    content = write(lines_of(make_tables([founder(2020)]), blank=True), name="Talks", version="1")
    assert not list(project(content).iter(f"{N}Coding"))


@settings(max_examples=40)
@given(lines())
def test_a_project_comes_back_as_it_went(made):
    answers = read(write({"talk": made}, name="x", version="1"), "x.qdpx", all_judged=True)
    used = {stage for line in made for stage, marks in line.marks.items() if marks}
    assert told(answers) == [(line.at, line.function, {s: m for s, m in line.marks.items() if s in used})
                             for line in made]
    assert all(answer.judged for answer in answers.by_speech["talk"])
    assert answers.coder == ""


def rewritten(content: bytes, *, returns: bool, units: bool) -> bytes:
    """The project as another program writes it again: Windows line ends, a mark, UTF-16 positions, new ids."""
    root = project(content)
    fresh = {element.get("guid"): f"{{{str(uuid.uuid4()).upper()}}}" for element in root.iter() if element.get("guid")}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (source,) = root.iter(f"{N}TextSource")
        text = archive.read(source.get("plainTextPath").replace("internal://", "sources/")).decode()
    written = text.replace("\n", "\r\n") if returns else text
    for selection in source:
        for key in ("startPosition", "endPosition"):
            before = text[:int(selection.get(key))]
            before = before.replace("\n", "\r\n") if returns else before
            selection.set(key, str(len(before.encode("utf-16-le")) // 2 if units else len(before)))
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, fresh.get(value, value))
    source.set("plainTextPath", "internal://A.TXT")
    return zipped({"project.qde": ET.tostring(root), "Sources/a.txt": b"\xef\xbb\xbf" + written.encode()})


@pytest.mark.parametrize("returns", [True, False])
@pytest.mark.parametrize("units", [True, False])
def test_other_programs_count_and_write_otherwise(returns, units):
    made = [Line(at, text, None, function, {"emotion": (Mark(label="joy", intensity=1, char_start=2, char_end=4),)})
            for at, (text, function) in enumerate([("\U0001f600\U0001f600 oh my!", "values"), ("字字字字。", "stage"),
                                                   ("\U0001f600 and more.", "audience"), ("The end of it.", "values")])]
    content = rewritten(write({"talk": made}, name="x", version="1"), returns=returns, units=units)
    back = told(read(content, "x.qdpx", all_judged=True))
    assert back == [(line.at, line.function, dict(line.marks)) for line in made]


def edited(change) -> bytes:
    """The small project after a person worked on it."""
    content = write({"talk": ONE}, name="x", version="1")
    root = project(content)
    ET.SubElement(root.find(f"{N}Users"), f"{N}User", guid=guid("user", "Ann"), name="Ann")
    change(root)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return zipped(files | {"project.qde": ET.tostring(root)})


def put(root: ET.Element, start: int, end: int, code: str, user: str = "Ann") -> None:
    selection = ET.SubElement(next(root.iter(f"{N}TextSource")), f"{N}PlainTextSelection", guid=str(uuid.uuid4()),
                              startPosition=str(start), endPosition=str(end))
    coding = ET.SubElement(selection, f"{N}Coding", guid=str(uuid.uuid4()), creatingUser=guid("user", user))
    ET.SubElement(coding, f"{N}CodeRef", targetGUID=guid("code", code))


def test_only_what_a_person_marked_as_judged_counts_and_he_is_named():
    answers = read(edited(lambda root: put(root, 0, 14, "judged")), "x.qdpx", all_judged=False)
    assert [answer.judged for answer in answers.by_speech["talk"]] == [True, False]
    assert answers.coder == "Ann"


def test_one_selection_may_judge_a_whole_passage():
    answers = read(edited(lambda root: put(root, 0, 38, "judged")), "x.qdpx", all_judged=False)
    assert [answer.judged for answer in answers.by_speech["talk"]] == [True, True]


def test_a_persons_function_stands_over_the_models():
    answers = read(edited(lambda root: put(root, 0, 14, "founder_story")), "x.qdpx", all_judged=True)
    assert told(answers)[0][1] == "founder_story"


def test_bytes_that_are_no_zip_are_told_in_plain_words():
    with pytest.raises(FormatError, match=r"^x\.qdpx: is no project \(a \.qdpx is a zip, and this is none\); export"):
        read(bytes(range(256)) * 8, "x.qdpx", all_judged=True)
    with pytest.raises(FormatError, match=r"^x\.qdpx: is damaged; export it again"):
        read(b"PK\x03\x04" + bytes(200), "x.qdpx", all_judged=True)


def test_two_functions_of_a_person_on_one_sentence_are_told():
    def both(root):
        put(root, 0, 14, "founder_story")
        put(root, 0, 14, "stage")

    answers = read(edited(both), "x.qdpx", all_judged=True)
    assert [answer.code.sentence_index for answer in answers.by_speech["talk"]] == [1]
    assert answers.notes == ["1 sentence with two different functions left out; leave one on each"]


def test_an_intensity_that_a_person_puts_over_the_models_stands():
    answers = read(edited(lambda root: put(root, 8, 13, "hardship 3")), "x.qdpx", all_judged=True)
    assert told(answers)[0][2]["emotion"] == (Mark(label="hardship", intensity=3, char_start=8, char_end=13),)


def test_codes_of_ones_own_are_left_out_and_told():
    def own(root):
        ET.SubElement(root.find(f"{N}CodeBook/{N}Codes"), f"{N}Code", guid=guid("code", "mine"), name="irony",
                      isCodable="true")
        put(root, 0, 14, "mine")

    assert read(edited(own), "x.qdpx", all_judged=True).notes == ["1 codings with codes of your own were left out"]


def test_stages_that_nobody_coded_in_the_file_are_not_judged():
    content = write({"talk": [Line(0, "We were tired.", None, "values", {})]}, name="x", version="1")
    assert told(read(content, "x.qdpx", all_judged=True)) == [(0, "values", {})]


SOURCE = '<Sources><TextSource guid="a" name="t" plainTextPath="{}"/></Sources></Project>'
BOMB = ('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        '<Project xmlns="urn:QDA-XML:project:1.0" name="&b;"/>')


@pytest.mark.parametrize(("files", "reason"), [
    ({}, "holds no project.qde"),
    ({"xl/workbook.xml": "<workbook/>"}, "is an Excel workbook; save it as CSV"),
    ({"deep/project.qde": HEAD + "</Project>"}, "holds no project.qde"),
    ({"a.qde": HEAD + "</Project>", "b.qde": HEAD + "</Project>"}, "holds no project.qde"),
    ({"project.qde": HEAD}, "not readable XML"),
    ({"project.qde": "<Project/>"}, "no REFI-QDA project"),
    ({"project.qde": b"\xff\xff\x00"}, "not UTF-8"),
    ({"project.qde": BOMB}, "declares a document type"),
    ({"project.qde": BOMB.encode("utf-16")}, "declares a document type"),
    ({"project.qde": HEAD + SOURCE.format("internal://../../etc/passwd")}, "lies outside the project"),
    ({"project.qde": HEAD + SOURCE.format("internal://..")}, "lies outside the project"),
    ({"project.qde": HEAD + SOURCE.format("/etc/passwd")}, "lies outside the project"),
    ({"project.qde": HEAD + SOURCE.format("http://x.test/a.txt")}, "lies outside the project"),
    ({"project.qde": HEAD + SOURCE.format("internal://gone.txt")}, "is not in it"),
    ({"project.qde": HEAD + SOURCE.format("internal://a.txt"), "sources/a.txt": b"\xff\xff"}, "is not UTF-8"),
    ({"project.qde": HEAD + SOURCE.format("internal://a.txt"), "sources/a.txt": b"0" * (MAX_SOURCE + 1)},
     "larger than 8 MB"),
])
def test_hostile_projects_are_refused_in_a_line(files, reason):
    with pytest.raises(FormatError, match=reason) as caught:
        read(zipped(files), "x.qdpx", all_judged=True)
    assert "\n" not in str(caught.value)


def test_a_selection_without_positions_is_refused():
    xml = HEAD + ('<Sources><TextSource guid="a" name="t"><PlainTextContent>x</PlainTextContent>'
                  '<PlainTextSelection guid="b" startPosition="1e9" endPosition="x"/></TextSource></Sources></Project>')
    with pytest.raises(FormatError, match="no positions"):
        read(zipped({"project.qde": xml}), "x.qdpx", all_judged=True)


def test_deep_nesting_breaks_nothing():
    xml = HEAD + "<a>" * 50_000 + "</a>" * 50_000 + "</Project>"
    assert read(zipped({"project.qde": xml}), "x.qdpx", all_judged=True).by_speech == {}


def test_positions_far_outside_the_text_break_nothing():
    content = edited(lambda root: put(root, -(10**30), 10**30, "values"))
    assert [function for _, function, _ in told(read(content, "x.qdpx", all_judged=True))] == ["values", "values"]


@settings(max_examples=100)
@given(st.data())
def test_a_damaged_project_is_refused_or_read_and_never_crashes(data):
    content = bytearray(write({"talk": ONE}, name="x", version="1"))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for damaged in (bytes(content), bytes(content[:cut])):
        told, found = "x.qdpx: read", Answers()
        try:
            found = read(damaged, "x.qdpx", all_judged=True)
        except FormatError as error:
            told = str(error)
        assert told.startswith("x.qdpx: ")
        assert len(told.splitlines()) == 1
        assert all(answer.code.text_sha256 for answers in found.by_speech.values() for answer in answers)
