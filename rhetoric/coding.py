"""Codes go out to people and come back: the two ways of `rhetoric export-codes` and `rhetoric import-codes`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import rhetoric
from rhetoric.archive import Archive, decode_text
from rhetoric.codebook import FUNCTIONS, SLOGAN_SCORE
from rhetoric.codes import MARKED, fitting, merged, read_codes, write_codes
from rhetoric.errors import FormatError, RhetoricError
from rhetoric.files import sha256_of
from rhetoric.pipeline import analyze_transcript, load_tables, read_transcript
from rhetoric.plurals import counted
from rhetoric.types import Analysis, Code, Recording, Stage

if TYPE_CHECKING:
    from rhetoric.exchange import Answer, Answers
    from rhetoric.exchange.agreement import Agreed, Pair

FORMS = ("qdpx", "csv")
MAX_FILE = 512 << 20  # bytes
MAX_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came back: judged sentences by speech, the models' agreement with them, and what was left out and why."""

    coder: str
    source: str
    sentences: dict[str, int]
    agreement: tuple[Agreed, ...]
    notes: tuple[str, ...]


def export_codes(archive: Archive, recordings: Sequence[Recording], form: str, *, blank: bool = False) -> bytes:
    """The sentences of the analysed speeches with their codes, as a file for people to correct.

    Raises:
        FormatError: `form` is none of `FORMS`.
        ArchiveError: no speech is analysed.
    """
    from rhetoric.exchange import lines_of, qdpx, sheet

    if form not in FORMS:
        raise FormatError(f"no format {form!r}; codes are exchanged as {' or '.join(FORMS)}")
    lines = lines_of(load_tables(archive, recordings), blank=blank)
    if form == "csv":
        return sheet.write(lines)
    return qdpx.write(lines, name=archive.config.archive.name or archive.root.name, version=rhetoric.__version__)


def import_codes(archive: Archive, path: Path, *, coder: str = "", all_judged: bool = False) -> Imported:
    """Take the judged sentences of a file into the archive, where they win over the models from the next run on.

    Sentences whose words the archive does not have are left out and told. Nothing is written before all is read.

    Raises:
        FormatError: the file cannot be read, names no coder, or holds no judged sentence.
        ArchiveError: the codes cannot be written.
    """
    from rhetoric.exchange.agreement import agreement
    from rhetoric.stages import load_stages

    answers = _read(path, all_judged=all_judged)
    name = _coder(coder or answers.coder, path)
    source = sha256_of(path)[:12]
    stages = load_stages(archive.config.stages, archive.root, archive.config.options)
    known = {recording.speech_id: recording for recording in archive.recordings()}
    notes = list(answers.notes)
    pairs: list[Pair] = []
    fresh: dict[str, tuple[Code, ...]] = {}
    for speech_id, found in answers.by_speech.items():
        if speech_id not in known or not archive.transcript_path(speech_id).exists():
            notes.append(f"{speech_id!r}: no such speech with a transcript in the archive; left out")
            continue
        analysis = _of_models(archive, known[speech_id], stages)
        codes, told = _placed(speech_id, found, analysis)
        notes += told
        pairs += _pairs(codes, analysis)
        fresh[speech_id] = tuple(replace(code, coder=name, source=source) for code in codes)
    counts = {speech_id: len(codes) for speech_id, codes in fresh.items() if codes}
    if not counts:
        reasons = f" ({'; '.join(notes)})" if notes else ""
        raise FormatError(f"{path}: no sentence in it is marked as judged{reasons}; write x in the column `judged`, or "
                          "put the code `judged` on what you judged, or say --all")
    for speech_id in counts:
        place = archive.codes_path(speech_id)
        write_codes(place, merged(read_codes(place), fresh[speech_id]))
    return Imported(coder=name, source=source, sentences=counts, agreement=agreement(pairs), notes=tuple(notes))


def remove_codes(archive: Archive, recordings: Iterable[Recording]) -> tuple[str, ...]:
    """Forget what people coded in these speeches; returns the ids of those that had codes."""
    gone = [r.speech_id for r in recordings if archive.codes_path(r.speech_id).exists()]
    for speech_id in gone:
        archive.codes_path(speech_id).unlink()
    return tuple(gone)


def _read(path: Path, *, all_judged: bool) -> Answers:
    from rhetoric.exchange import qdpx_read, sheet

    try:
        if path.stat().st_size > MAX_FILE:
            raise FormatError(f"{path}: larger than {MAX_FILE >> 20} MB; that is no file of codes")
        content = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    if content[:2] == b"PK" or path.suffix.lower() == ".qdpx":
        return qdpx_read.read(content, str(path), all_judged=all_judged)
    try:
        text = decode_text(content, str(path))
    except RhetoricError as error:
        raise FormatError(str(error)) from error
    return sheet.read(text, str(path), all_judged=all_judged)


def _coder(name: str, path: Path) -> str:
    """A name for the record: one line, printable."""
    tidy = " ".join("".join(c if c.isprintable() else " " for c in name).replace(";", " ").split())[:MAX_NAME]
    if not tidy:
        raise FormatError(f"{path}: does not say who coded; add --coder NAME")
    return tidy


def _of_models(archive: Archive, recording: Recording, stages: Sequence[Stage]) -> Analysis:
    """What the models alone say of a speech."""
    transcript = replace(read_transcript(archive.transcript_path(recording.speech_id)), speech_id=recording.speech_id)
    return analyze_transcript(recording, transcript, stages, archive.options, archive.reader)


def _placed(speech_id: str, answers: Sequence[Answer], analysis: Analysis) -> tuple[tuple[Code, ...], list[str]]:
    """The judged codes that fit the transcript, with what the reader says of each; and what was left out."""
    speech = analysis.speech
    judged = [answer.code for answer in answers if answer.judged]
    labels = _functions(analysis)
    codes = tuple(replace(code, model_function=labels[code.sentence_index])
                  for code in fitting(judged, [speech.text_of(sentence) for sentence in speech.sentences]))
    notes = []
    if len(codes) < len(judged):
        notes.append(f"{speech_id}: {len(judged) - len(codes)} of {len(judged)} judged sentences are not in the "
                     "transcript as it is now; left out")
    unmarked = fitting([answer.code for answer in answers if not answer.judged and answer.code.function],
                       [speech.text_of(sentence) for sentence in speech.sentences])
    changed = sum(code.function != labels[code.sentence_index] for code in unmarked)
    if changed:
        notes.append(f"{speech_id}: {counted(changed, 'sentence')} with another function than the model gives, "
                     "not marked as judged; left out")
    return codes, notes


def _functions(analysis: Analysis) -> list[str]:
    return [FUNCTIONS[max(range(len(FUNCTIONS)), key=reading.function.__getitem__)]
            for reading in analysis.speech.readings]


def _pairs(codes: Sequence[Code], analysis: Analysis) -> list[Pair]:
    """What person and models say of each judged sentence."""
    from rhetoric.exchange.agreement import Pair

    found: dict[tuple[int, str], set[str]] = {}
    for run in analysis.runs:
        for finding in run.result.findings if run.stage in MARKED else ():
            if run.stage == "slogans" and finding.score < SLOGAN_SCORE:
                continue
            found.setdefault((finding.sentence_index, run.stage), set()).add(finding.label)
    return [Pair(code.function, code.model_function,
                 {stage: frozenset(mark.label for mark in marks) for stage, marks in code.marks.items()},
                 {stage: frozenset(found.get((code.sentence_index, stage), ())) for stage in MARKED})
            for code in codes]
