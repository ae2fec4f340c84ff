"""A `.qdpx` file that came back, from any program: opened as data, with limits, and read with tolerance.

Nothing is unpacked to disk. Document types (and with them every entity) are refused, and so is what is larger than a
project of speeches can be. Programs differ in how they count positions (code points or UTF-16 units, line ends as one
or two characters): the way that puts most ends of selections on ends of lines is the right one.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree as ET

from rhetoric.codes import MARKED, text_hash
from rhetoric.errors import FormatError
from rhetoric.exchange import MODEL_CODER, Answer, Answers
from rhetoric.exchange.qdpx import CHECKED, NAMESPACE, SOURCES, guid, known_codes
from rhetoric.plurals import counted
from rhetoric.types import Code, Mark

MAX_PROJECT = 256 << 20  # bytes of XML; 400 speeches of an hour make about 100 MB
MAX_SOURCE = 8 << 20  # bytes of one text
MAX_MEMBERS = 20_000
_N = f"{{{NAMESPACE}}}"


class Coding(NamedTuple):
    """A stretch of a source with what one code says of it; positions are code points of the text as it was read."""

    start: int
    end: int
    stage: str
    label: str
    mark: Mark | None
    by_model: bool


@dataclass(slots=True)
class _Sentence:
    """What lies on one line: labels by who put them there, marks by stage."""

    functions: dict[bool, list[str]] = field(default_factory=lambda: {True: [], False: []})
    marks: dict[str, dict[tuple[str, int | None], tuple[bool, Mark]]] = field(default_factory=dict)
    checked: bool = False


def read(content: bytes, where: str, *, all_judged: bool) -> Answers:
    """The answers in a project; what cannot be used is told in its notes.

    Raises:
        FormatError: it is no project, is damaged, or holds what no project should.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MAX_MEMBERS:
                raise FormatError(f"{where}: holds {len(archive.infolist()):,} files; that is no project of speeches")
            members = {info.filename.replace("\\", "/").lower(): info for info in archive.infolist()}
            root = _project(archive, members, where)
            return _Reader(archive, members, root, where).answers(all_judged=all_judged)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error, OSError) as error:
        damage = "is damaged" if content.startswith(b"PK") else "is no project (a .qdpx is a zip, and this is none)"
        raise FormatError(f"{where}: {damage}; export it again from your coding program as REFI-QDA project") from error


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int, where: str) -> bytes:
    """A file of the zip, read no further than its limit, whatever its header promises."""
    with archive.open(info) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise FormatError(f"{where}: {info.filename!r} in it is larger than {limit >> 20} MB; that is no speech")
    return content


def _project(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], where: str) -> ET.Element:
    if "xl/workbook.xml" in members:
        raise FormatError(f"{where}: is an Excel workbook; save it as CSV (UTF-8) and import that")
    names = [name for name in members if name.endswith(".qde") and "/" not in name]
    if len(names) != 1:
        raise FormatError(f"{where}: holds no project.qde; export a REFI-QDA project (.qdpx)")
    content = _member(archive, members[names[0]], MAX_PROJECT, where)
    try:
        utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"{where}: its project.qde is not UTF-8; export it again") from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FormatError(f"{where}: its project.qde declares a document type; no such project is read")
    try:
        root = ET.fromstring(text)  # noqa: S314  without a document type there are no entities to expand
    except (ET.ParseError, ValueError) as error:
        raise FormatError(f"{where}: its project.qde is not readable XML ({error}); export it again") from error
    if root.tag != f"{_N}Project":
        raise FormatError(f"{where}: its project.qde is no REFI-QDA project ({root.tag!r})")
    return root


class _Reader:
    """One project, its codes and users known."""

    def __init__(self, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], root: ET.Element,
                 where: str) -> None:
        self.archive, self.members, self.root, self.where = archive, members, root, where
        known = {name: (stage, name, mark) for name, stage, mark in known_codes()}
        by_guid = {guid("code", name): found for name, found in known.items()}
        self.codes: dict[str, tuple[str, str, Mark | None]] = {}
        for code in root.iter(f"{_N}Code"):
            own = _plain_guid(code.get("guid", ""))
            found = by_guid.get(own) or known.get(" ".join(code.get("name", "").lower().split()))
            if found:
                self.codes[own] = found
        self.users = {_plain_guid(user.get("guid", "")): user.get("name", "") for user in root.iter(f"{_N}User")}
        self.model = {own for own, name in self.users.items() if name == MODEL_CODER}
        self.unknown = 0

    def answers(self, *, all_judged: bool) -> Answers:
        made = Answers()
        people = {name for own, name in self.users.items() if own not in self.model and name.strip()}
        made.coder = people.pop() if len(people) == 1 else ""
        sources = [(source, self._text(source)) for source in self.root.iterfind(f"{_N}Sources/{_N}TextSource")]
        spans = [(source.get("name", ""), text, list(self._codings(source, text))) for source, text in sources]
        used = {coding.stage for _, _, codings in spans for coding in codings}
        torn = 0
        for name, text, codings in spans:
            speech_id = name.strip().removesuffix(".txt")
            found, clashes = _sentences(text, codings, used, all_judged=all_judged)
            made.by_speech.setdefault(speech_id, []).extend(found)
            torn += clashes
        if self.unknown:
            made.notes.append(f"{self.unknown} codings with codes of your own were left out")
        if torn:
            made.notes.append(f"{counted(torn, 'sentence')} with two different functions left out; leave one on each")
        return made

    def _text(self, source: ET.Element) -> str:
        inline = source.findtext(f"{_N}PlainTextContent")
        if inline is not None:
            return inline
        path = source.get("plainTextPath", "")
        name = path.removeprefix("internal://").replace("\\", "/")
        if not path.startswith("internal://") or "/" in name or name in ("", ".", ".."):
            raise FormatError(f"{self.where}: the source {source.get('name', '')!r} lies outside the project "
                              f"({path!r}); export it with its sources inside")
        info = self.members.get(f"{SOURCES}/{name}".lower())
        if info is None:
            raise FormatError(f"{self.where}: the text of {source.get('name', '')!r} is not in it; export it again")
        content = _member(self.archive, info, MAX_SOURCE, self.where)
        try:
            return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        except UnicodeDecodeError as error:
            raise FormatError(f"{self.where}: the text of {source.get('name', '')!r} is not UTF-8") from error

    def _codings(self, source: ET.Element, text: str) -> Iterator[Coding]:
        found = []
        for selection in source.iterfind(f"{_N}PlainTextSelection"):
            try:
                start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
            except ValueError as error:
                name = source.get("name", "")
                raise FormatError(f"{self.where}: a selection of {name!r} has no positions") from error
            found += [(start, end, coding) for coding in selection.iterfind(f"{_N}Coding")]
        places = _positions(text, [(start, end) for start, end, _ in found])
        whole = [(0, len(text), coding) for coding in source.iterfind(f"{_N}Coding")]
        for (start, end), (_, _, coding) in zip([*places, *((a, b) for a, b, _ in whole)], [*found, *whole],
                                                strict=True):
            reference = coding.find(f"{_N}CodeRef")
            known = self.codes.get(_plain_guid(reference.get("targetGUID", "")) if reference is not None else "")
            if known is None:
                self.unknown += 1
                continue
            stage, label, mark = known
            yield Coding(start, end, stage, label, mark, _plain_guid(coding.get("creatingUser", "")) in self.model)


def _plain_guid(text: str) -> str:
    return text.strip("{} ").lower()


def _positions(text: str, found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Positions as code points of `text`, whichever way the program counted them (see above)."""
    best: tuple[int, list[tuple[int, int]]] = (-1, [])
    edges = {0, len(text)} | {edge for end in re.finditer(r"\r?\n", text) for edge in end.span()}
    for count in _COUNTS:
        table = count(text)
        moved = [(table[min(max(0, a), len(table) - 1)], table[min(max(0, b), len(table) - 1)]) for a, b in found]
        on_edges = sum((a in edges) + (b in edges) for a, b in moved)
        if on_edges > best[0]:
            best = (on_edges, moved)
    return best[1]


def _by_points(text: str) -> list[int]:
    return list(range(len(text) + 1))


def _by_units(text: str) -> list[int]:
    """Position in UTF-16 units -> code point."""
    return [at for at, c in enumerate(text) for _ in range(2 if c > "\uffff" else 1)] + [len(text)]


def _without_returns(text: str) -> list[int]:
    """Position in the text with line ends of one character -> code point."""
    return [at for at, c in enumerate(text) if c != "\r"] + [len(text)]


def _units_without_returns(text: str) -> list[int]:
    return [at for at, c in enumerate(text) if c != "\r" for _ in range(2 if c > "\uffff" else 1)] + [len(text)]


_COUNTS = (_by_points, _by_units, _without_returns, _units_without_returns)


def _sentences(text: str, codings: Sequence[Coding], used: set[str], *, all_judged: bool) -> tuple[list[Answer], int]:
    """The answers on each line of a source, and how many judged lines had two functions and are left out."""
    borders = [0, *(match.end() for match in re.finditer("\n", text))]
    lines = text.split("\n")
    states = [_Sentence() for _ in lines]
    for coding in codings:
        for at in _lines_under(coding, borders, lines):
            _put(states[at], coding, borders[at], len(lines[at].rstrip("\r")))
    answers, torn = [], 0
    for at, (line, state) in enumerate(zip(lines, states, strict=True)):
        functions = sorted(set(state.functions[False] or state.functions[True]))
        judged = all_judged or state.checked
        if len(functions) > 1:
            torn += judged
            continue
        marks = {stage: tuple(mark for _, mark in state.marks.get(stage, {}).values())
                 for stage in MARKED if stage in used}
        code = Code(sentence_index=at, text_sha256=text_hash(line), function="".join(functions), marks=marks)
        answers.append(Answer(code=code, judged=bool(judged and line.strip() and (code.function or marks))))
    return answers, torn


def _lines_under(coding: Coding, borders: Sequence[int], lines: Sequence[str]) -> list[int]:
    """The lines that a coding speaks of: those of which it covers half or more; a mark in a part of one line, that one.

    A mark over parts of two lines goes to the line that has most of it; a function of a small part to none.
    """
    first = max(0, bisect_right(borders, coding.start) - 1)
    last = max(0, bisect_right(borders, max(coding.start, coding.end - 1)) - 1)
    shares = {at: min(coding.end, borders[at] + len(lines[at])) - max(coding.start, borders[at])
              for at in range(first, last + 1)}
    chosen = [at for at, share in shares.items() if share > 0 and 2 * share >= len(lines[at].strip())]
    if not chosen and coding.stage in MARKED:
        return [max(shares, key=shares.__getitem__)]
    return chosen


def _put(state: _Sentence, coding: Coding, border: int, length: int) -> None:
    """What one coding says of one line."""
    if coding.stage == CHECKED:
        state.checked = True
    elif coding.stage == "function":
        state.functions[coding.by_model].append(coding.label)
    elif coding.mark is not None:
        start, end = max(0, coding.start - border), min(length, coding.end - border)
        spanned = 0 <= start < end and (start, end) != (0, length)
        mark = Mark(label=coding.mark.label, intensity=coding.mark.intensity, char_start=start if spanned else None,
                    char_end=end if spanned else None)
        place = mark.label, mark.char_start
        before = state.marks.setdefault(coding.stage, {}).get(place)
        if before is None or before[0]:  # where both marked the same place, the person's mark stands
            state.marks[coding.stage][place] = coding.by_model, mark
