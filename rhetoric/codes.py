"""What people coded: `codes/<speech_id>.tsv`, one judged sentence a row, and how it wins over the models.

People's work lies outside `analysis/`, which can be made again. A row says which words were judged by a hash of them:
where a transcript changed, the codes of the sentences that stayed still count, and the others are told, not guessed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rhetoric.cells import UNWANTED
from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS, MAX_INTENSITY
from rhetoric.errors import FormatError
from rhetoric.files import write_atomic
from rhetoric.types import Code, Finding, Mark, Speech

NONE = "none"
MARKED: dict[str, tuple[str, ...]] = {"emotion": EMOTIONS, "slogans": ("slogan",), "figures": FIGURES}
COLUMNS = ("sentence", "text_sha256", "function", *MARKED, "coder", "source", "model_function")
HASH_LETTERS = 12
SURE = 100.0  # the score of a slogan that a person marked
CLEAR = 2  # the intensity of an emotion that a person marked without one, and the model did not see
_MARK = re.compile(r"([a-z_]+)(?::(\d))?(?:@(\d{1,6})-(\d{1,6}))?")


def plain_line(text: str) -> str:
    """The words of a sentence on one line: every control character is a space, so that no offset moves."""
    return re.sub(r"[\t\n\r\u2028\u2029]", " ", UNWANTED.sub(_blanks, text))


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def text_hash(text: str) -> str:
    """A short hash of the words of a sentence, the same after a way through another program."""
    words = " ".join(unicodedata.normalize("NFC", plain_line(text)).split())
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:HASH_LETTERS]


# --- cells -----------------------------------------------------------------------------------------------------------


def format_marks(marks: Sequence[Mark] | None) -> str:
    """Marks as a cell: `hope:2, anxiety:1@3-7`; `none` where nothing is marked, empty where it was not judged."""
    if marks is None:
        return ""
    return ", ".join(map(_format_mark, marks)) or NONE


def _format_mark(mark: Mark) -> str:
    place = "" if mark.char_start is None or mark.char_end is None else f"@{mark.char_start}-{mark.char_end}"
    return mark.label + (f":{mark.intensity}" if mark.intensity else "") + place


def parse_marks(stage: str, cell: str, where: str) -> tuple[Mark, ...] | None:
    """The marks of a cell; for slogans 1 and 0 (or yes and no) do as well.

    Raises:
        FormatError: a label or an intensity is unknown.
    """
    text = cell.strip().lower().removeprefix("'")
    if not text:
        return None
    if text in {NONE, "-", "0", "0.0", "no", "false"}:
        return ()
    if stage == "slogans" and text in {"1", "1.0", "yes", "true"}:
        return (Mark(label="slogan"),)
    return tuple(_parse_mark(stage, part.strip(), where) for part in re.split(r"[,;]", text) if part.strip())


def _parse_mark(stage: str, text: str, where: str) -> Mark:
    found = _MARK.fullmatch(text)
    intensity = int(found[2] or 0) if found else 0
    if not found or found[1] not in MARKED[stage] or intensity > (MAX_INTENSITY if stage == "emotion" else 0):
        example = f"{EMOTIONS[0]}:2" if stage == "emotion" else MARKED[stage][0]
        raise FormatError(f"{where}: {text!r} is nothing that {stage} can be; write for example {example}, or {NONE}; "
                          f"known are {', '.join(MARKED[stage])}")
    start, end = (int(found[3]), int(found[4])) if found[3] else (None, None)
    return Mark(label=found[1], intensity=intensity, char_start=start, char_end=end)


def parse_function(cell: str, where: str) -> str:
    """The function of a cell; empty where it was not judged.

    Raises:
        FormatError: it is no label of the codebook.
    """
    label = cell.strip().lower()
    if label and label not in FUNCTIONS:
        raise FormatError(f"{where}: unknown function {cell.strip()!r}; known are {', '.join(FUNCTIONS)}")
    return label


# --- files -----------------------------------------------------------------------------------------------------------


def read_codes(path: Path) -> tuple[Code, ...]:
    """The codes of a speech, in the order of its sentences; none where nobody coded it.

    Raises:
        FormatError: the file is damaged; the message names file and line.
    """
    if not path.exists():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{path}: cannot be read ({error}); import the codes again") from error
    if tuple(lines[0].split("\t")) != COLUMNS:
        raise FormatError(f"{path}:1: not the codes of a speech; its header must be {' '.join(COLUMNS)}")
    return tuple(_read_row(f"{path}:{number}", line) for number, line in enumerate(lines[1:], start=2) if line.strip())


def _read_row(where: str, line: str) -> Code:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS) or not cells[0].isdecimal():
        raise FormatError(f"{where}: not a row of codes; it needs {len(COLUMNS)} cells parted by tabs")
    row = dict(zip(COLUMNS, cells, strict=True))
    marks = {stage: found for stage in MARKED if (found := parse_marks(stage, row[stage], where)) is not None}
    return Code(sentence_index=int(row["sentence"]), text_sha256=row["text_sha256"], marks=marks, coder=row["coder"],
                function=parse_function(row["function"], where), source=row["source"],
                model_function=row["model_function"])


def write_codes(path: Path, codes: Iterable[Code]) -> None:
    """Write the codes of a speech, whole or not at all.

    Raises:
        ArchiveError: the file cannot be written.
    """
    rows = ["\t".join(COLUMNS)]
    for code in sorted(codes, key=_place):
        cells = (format_marks(code.marks.get(stage)) for stage in MARKED)
        rows.append("\t".join((str(code.sentence_index), code.text_sha256, code.function, *cells, code.coder,
                               code.source, code.model_function)))
    write_atomic(path, ("\n".join(rows) + "\n").encode())


def _place(code: Code) -> int:
    return code.sentence_index


def merged(old: Iterable[Code], new: Iterable[Code]) -> tuple[Code, ...]:
    """Codes with newer ones put over them: what the newer do not judge stays."""
    by_place = {(code.sentence_index, code.text_sha256): code for code in old}
    for code in new:
        place = code.sentence_index, code.text_sha256
        by_place[place] = _over(by_place[place], code) if place in by_place else code
    return tuple(sorted(by_place.values(), key=_place))


def _over(old: Code, new: Code) -> Code:
    """One code over another; where something of the older stays, both coders are named."""
    if (new.function or not old.function) and set(old.marks) <= set(new.marks):
        return new
    names = dict.fromkeys([*old.coder.split("; "), new.coder])
    return replace(new, function=new.function or old.function, marks={**old.marks, **new.marks}, coder="; ".join(names))


# --- how codes win ---------------------------------------------------------------------------------------------------


def fitting(codes: Sequence[Code], texts: Sequence[str]) -> tuple[Code, ...]:
    """The codes whose words are still there: at their place, or, where they stand but once, elsewhere."""
    if not codes:
        return ()
    hashes = [text_hash(text) for text in texts]
    counts, coded = Counter(hashes), Counter(code.text_sha256 for code in codes)
    at_home = {code.sentence_index: code for code in codes if code.sentence_index < len(hashes)
               and hashes[code.sentence_index] == code.text_sha256}
    moved = {}
    for code in codes:
        once = counts[code.text_sha256] == 1 and coded[code.text_sha256] == 1
        if once and at_home.get(code.sentence_index) is not code:
            index = hashes.index(code.text_sha256)
            moved[index] = replace(code, sentence_index=index)
    return tuple(sorted((moved | at_home).values(), key=_place))


def with_codes(speech: Speech, codes: Sequence[Code]) -> Speech:
    """The speech as people coded it: their function is certain, their marks are for the stages to take.

    `codes` must fit the speech (`fitting`).
    """
    if not codes:
        return speech
    readings = list(speech.readings)
    for code in codes:
        if code.function and readings:
            certain = tuple(float(label == code.function) for label in FUNCTIONS)
            # What the encoder says of feelings and figures there is no less true for it.
            readings[code.sentence_index] = replace(readings[code.sentence_index], function=certain,
                                                    reasons=(f"coded by {code.origin}",))
    return replace(speech, readings=tuple(readings), codes=tuple(codes))


def corrected(stage: str, speech: Speech, findings: Iterable[Finding], labels: Sequence[str]) -> tuple[Finding, ...]:
    """The findings of a stage with those of the judged sentences replaced by what people marked there.

    Where a person and the stage agree on a label, the stage's span and evidence stay; marks with labels that the stage
    does not count are left out, and so are all of a sentence that a person calls `noncontent`.
    """
    judged = {code.sentence_index: code for code in speech.codes if stage in code.marks}
    if not judged:
        return tuple(findings)
    kept: list[Finding] = []
    seen: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:
        if finding.sentence_index in judged:
            seen.setdefault((finding.sentence_index, finding.label), []).append(finding)
        else:
            kept.append(finding)
    for index, code in judged.items():
        for mark in code.marks[stage] if code.function != "noncontent" else ():
            if mark.label in labels:
                kept += _marked(stage, speech, code, mark, seen.get((index, mark.label), []))
    return tuple(sorted(dict.fromkeys(kept), key=_order))


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.sentence_index, finding.char_start, finding.label


def _marked(stage: str, speech: Speech, code: Code, mark: Mark, agreeing: Sequence[Finding]) -> list[Finding]:
    """What one mark gives: the stage's own findings with the person's score, or a new one."""
    score: Callable[[float], float] = {"emotion": _intensity(mark), "slogans": _sure}.get(stage, _one)
    origin = f"coded by {code.origin}"
    sentence = speech.sentences[code.sentence_index]
    start, end = mark.char_start, mark.char_end
    length = sentence.char_end - sentence.char_start
    spanned = start is not None and end is not None and 0 <= start < end <= length
    own = [f for f in agreeing if not spanned or start is None or end is None
           or (f.char_start < sentence.char_start + end and sentence.char_start + start < f.char_end)]
    if own:
        return [replace(finding, score=score(finding.score), evidence=(*finding.evidence, origin)) for finding in own]
    first, last = (start or 0, end or length) if spanned else (0, length)
    return [Finding(label=mark.label, sentence_index=code.sentence_index, char_start=sentence.char_start + first,
                    char_end=sentence.char_start + last, score=score(float(CLEAR)), evidence=(origin,))]


def _intensity(mark: Mark) -> Callable[[float], float]:
    return lambda found: float(mark.intensity or found)


def _sure(found: float) -> float:
    return SURE


def _one(found: float) -> float:
    return 1.0


def coded_by(codes: Mapping[str, Sequence[Code]]) -> list[str]:
    """The names of all coders, each once, in the order of the alphabet."""
    return sorted({name for found in codes.values() for code in found for name in code.coder.split("; ") if name})
