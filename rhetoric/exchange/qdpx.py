"""A project for MAXQDA, ATLAS.ti, NVivo, QualCoder and others: REFI-QDA 1.5 (www.qdasoftware.org), a `.qdpx` file.

It is a zip with `project.qde` (XML, namespace urn:QDA-XML:project:1.0: users, codebook, sources with selections and
their codings) and a folder `sources` with a plain text a speech, one sentence a line. Positions count code points from
0, the end exclusive. All ids are made from names, so that the same archive gives the same bytes.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from rhetoric.codebook import EMOTION_NAMES, FIGURE_NAMES, FUNCTION_LABELS, GROUP_NAMES, MAX_INTENSITY
from rhetoric.codes import MARKED
from rhetoric.exchange import MODEL_CODER, Line
from rhetoric.types import Mark

NAMESPACE = "urn:QDA-XML:project:1.0"
PROJECT, SOURCES = "project.qde", "sources"
CHECKED = "judged"
WAS_JUDGED = "Put this on every sentence, or longer passage, that you have judged, changed or not: only these count."
COLOURS = {"story": "#D2600F", "product": "#14559E", "results": "#0B7468", "values": "#A873C4", "other": "#949189",
           "none": "#DCD8D1"}
_IDS = uuid.UUID("6f1c4e0e-6c5b-5a7e-9a0f-2f2f7f0c9d11")


def guid(*names: object) -> str:
    """An id made from names: the same names give the same id."""
    return str(uuid.uuid5(_IDS, "/".join(map(str, names))))


def write(lines: Mapping[str, Sequence[Line]], *, name: str, version: str) -> bytes:
    """The project as the bytes of a `.qdpx` file."""
    root = ET.Element("Project", xmlns=NAMESPACE, name=_sound(name), origin=f"rhetoric {version}",
                      creatingUserGUID=guid("user", MODEL_CODER))
    users = ET.SubElement(root, "Users")
    ET.SubElement(users, "User", guid=guid("user", MODEL_CODER), name=MODEL_CODER)
    _codebook(ET.SubElement(ET.SubElement(root, "CodeBook"), "Codes"))
    sources = ET.SubElement(root, "Sources")
    texts = {speech_id: "\n".join(line.text for line in found) for speech_id, found in lines.items()}
    for speech_id, found in lines.items():
        _source(sources, speech_id, found)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(PROJECT), ET.tostring(root, encoding="utf-8", xml_declaration=True))
        for speech_id, text in texts.items():
            archive.writestr(_entry(f"{SOURCES}/{guid('source', speech_id)}.txt"), text.encode("utf-8", "replace"))
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without the time of day: the same project gives the same bytes."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _sound(text: str) -> str:
    """Text that XML and UTF-8 can hold."""
    return "".join(c if c.isprintable() else " " for c in text)


# --- codebook --------------------------------------------------------------------------------------------------------


def _codebook(codes: ET.Element) -> None:
    function = _code(codes, "function", codable=False, description="What a sentence does: one label a sentence.")
    for group, names in {**GROUP_NAMES, "none": ("not the speech", "非演讲内容")}.items():
        parent = _code(function, f"group {group}", codable=False, colour=COLOURS[group], description=" ".join(names))
        for label in FUNCTION_LABELS:
            if label.group == group:
                _code(parent, label.key, colour=COLOURS[group], description=f"{label.name_en} {label.name_zh}. "
                      f"{label.definition_en} {label.definition_zh}")
    emotion = _code(codes, "emotion", codable=False, description="An emotional phrase, with its intensity 1 to 3.")
    for key, names in EMOTION_NAMES.items():
        parent = _code(emotion, key, description=" ".join(names))
        for intensity in range(1, MAX_INTENSITY + 1):
            _code(parent, f"{key} {intensity}", description=f"{' '.join(names)}, intensity {intensity}")
    _code(codes, "slogan", description="A line made to be quoted. 金句")
    figures = _code(codes, "figures", codable=False, description="A figure of speech.")
    for key, names in FIGURE_NAMES.items():
        _code(figures, key, description=" ".join(names))
    _code(codes, CHECKED, description=WAS_JUDGED)


def _code(parent: ET.Element, name: str, *, description: str, codable: bool = True, colour: str = "") -> ET.Element:
    code = ET.SubElement(parent, "Code", guid=guid("code", name), name=name, isCodable=str(codable).lower())
    if colour:
        code.set("color", colour)
    ET.SubElement(code, "Description").text = description
    return code


def known_codes() -> Iterator[tuple[str, str, Mark | None]]:
    """Every code that is read back: its name, its stage ("function", "judged" or one of `MARKED`), and its mark."""
    yield CHECKED, CHECKED, None
    for label in FUNCTION_LABELS:
        yield label.key, "function", None
    for stage, labels in MARKED.items():
        for label_name in labels:
            yield label_name, stage, Mark(label=label_name)
            for intensity in range(1, MAX_INTENSITY + 1) if stage == "emotion" else ():
                yield f"{label_name} {intensity}", stage, Mark(label=label_name, intensity=intensity)


# --- sources ---------------------------------------------------------------------------------------------------------


def _source(sources: ET.Element, speech_id: str, lines: Sequence[Line]) -> None:
    own = guid("source", speech_id)
    source = ET.SubElement(sources, "TextSource", guid=own, name=_sound(speech_id),
                           plainTextPath=f"internal://{own}.txt", creatingUser=guid("user", MODEL_CODER))
    at = 0
    for line in lines:
        if line.function:
            _selection(source, at, at + len(line.text), line.function, (speech_id, line.at))
        for stage, marks in line.marks.items():
            for number, mark in enumerate(marks):
                first, last = (mark.char_start, mark.char_end)
                start, end = (0, len(line.text)) if first is None or last is None else (first, last)
                code = f"{mark.label} {mark.intensity}" if mark.intensity else mark.label
                _selection(source, at + start, at + end, code, (speech_id, line.at, stage, number))
        at += len(line.text) + 1


def _selection(source: ET.Element, start: int, end: int, code: str, place: tuple[object, ...]) -> None:
    user = guid("user", MODEL_CODER)
    selection = ET.SubElement(source, "PlainTextSelection", guid=guid("selection", *place), name=code,
                              startPosition=str(start), endPosition=str(end), creatingUser=user)
    coding = ET.SubElement(selection, "Coding", guid=guid("coding", *place), creatingUser=user)
    ET.SubElement(coding, "CodeRef", targetGUID=guid("code", code))
