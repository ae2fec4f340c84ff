"""4  Analyses -> five long tables. Schemas are constants; pandas, DuckDB and R read the Parquet without our code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.codebook import FUNCTIONS, GROUP_OF
from rhetoric.errors import FormatError
from rhetoric.files import write_atomic
from rhetoric.types import Analysis, Sentence, Tables

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TABLE_SCHEMA = 2
PIECE = 256  # speeches

# column -> pandas dtype; nullable types where a value may be unknown
SPEECHES = {
    "speech_id": "string", "speaker": "string", "organisation": "string", "event": "string", "date": "string",
    "year": "Int64", "language": "string", "title": "string", "source": "string", "licence": "string",
    "file": "string", "duration_s": "Float64", "timed": "boolean", "n_sentences": "Int64", "size": "Int64",
    "size_unit": "string", "engine": "string", "model": "string",
}
SENTENCES = {
    "speech_id": "string", "sentence_index": "Int64", "text": "string", "char_start": "Int64", "char_end": "Int64",
    "start_s": "Float64", "end_s": "Float64", "size": "Int64", "speaker": "string", "tokens": "string",
    "function": "string",
    "function_group": "string", "probability": "Float64", **{f"p_{label}": "Float64" for label in FUNCTIONS},
    "coder": "string",
}
FINDINGS = {
    "speech_id": "string", "stage": "string", "label": "string", "sentence_index": "Int64", "char_start": "Int64",
    "char_end": "Int64", "start_s": "Float64", "end_s": "Float64", "quote": "string", "score": "Float64",
    "evidence": "string",
}
METRICS = {
    "speech_id": "string", "stage": "string", "name": "string", "numerator": "Float64", "denominator": "Float64",
    "value": "Float64", "low": "Float64", "high": "Float64", "unit": "string",
}
RUNS = {"speech_id": "string", "step": "string", "version": "string", "status": "string", "error": "string"}
SCHEMAS: dict[str, dict[str, str]] = {
    "speeches": SPEECHES, "sentences": SENTENCES, "findings": FINDINGS, "metrics": METRICS, "runs": RUNS,
}
EVIDENCE_SEPARATOR = "; "


def frame(table: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows -> a table with exactly the columns and types of its schema (an empty one keeps its types)."""
    import pandas as pd

    schema = SCHEMAS[table]
    return pd.DataFrame(list(rows), columns=list(schema)).astype(schema)


def _speech_row(analysis: Analysis) -> dict[str, Any]:
    recording, speech = analysis.recording, analysis.speech
    last_s = speech.sentences[-1].end_s if speech.sentences else None
    known = {name: getattr(recording, name) for name in
             ("speech_id", "speaker", "organisation", "event", "date", "year", "title", "source", "licence", "file")}
    return known | {
        "language": speech.language, "duration_s": speech.duration_s or recording.duration_s or last_s,
        "timed": speech.timed, "n_sentences": len(speech.sentences), "size": sum(s.size for s in speech.sentences),
        "size_unit": speech.size_unit, "engine": analysis.engine, "model": analysis.model,
    }


def _sentence_rows(analysis: Analysis) -> Iterable[dict[str, Any]]:
    speech = analysis.speech
    coders = {code.sentence_index: code.origin for code in speech.codes}
    for sentence in speech.sentences:
        reading = speech.readings[sentence.index].function if speech.readings else ()
        best = max(range(len(reading)), key=reading.__getitem__) if reading else None
        label = FUNCTIONS[best] if best is not None else None
        yield {
            "speech_id": speech.speech_id, "sentence_index": sentence.index, "text": speech.text_of(sentence),
            "char_start": sentence.char_start, "char_end": sentence.char_end, "start_s": sentence.start_s,
            "end_s": sentence.end_s, "size": sentence.size, "speaker": sentence.speaker,
            "tokens": " ".join(token.text for token in sentence.tokens), "function": label,
            "function_group": GROUP_OF[label] if label else None,
            "probability": reading[best] if best is not None else None,
            **{f"p_{name}": p for name, p in zip(FUNCTIONS, reading, strict=False)},
            "coder": coders.get(sentence.index, ""),
        }


def _finding_rows(analysis: Analysis) -> Iterable[dict[str, Any]]:
    speech = analysis.speech
    for run in analysis.runs:
        for finding in run.result.findings:
            sentence = speech.sentences[finding.sentence_index]
            yield {
                "speech_id": speech.speech_id, "stage": run.stage, "label": finding.label,
                "sentence_index": finding.sentence_index, "char_start": finding.char_start,
                "char_end": finding.char_end, "score": finding.score,
                "start_s": sentence.start_s if finding.start_s is None else finding.start_s,
                "end_s": sentence.end_s if finding.end_s is None else finding.end_s,
                "quote": speech.text[finding.char_start : finding.char_end],
                "evidence": EVIDENCE_SEPARATOR.join(finding.evidence),
            }
    yield from _event_rows(analysis)


def _event_rows(analysis: Analysis) -> Iterable[dict[str, Any]]:
    """Applause and the like as findings of the stage `events`, hung on the sentence before them."""
    speech = analysis.speech
    for event in speech.events:
        if not speech.sentences:
            return
        sentence: Sentence = speech.sentences[max(0, event.after_index)]
        yield {
            "speech_id": speech.speech_id, "stage": "events", "label": event.kind, "sentence_index": sentence.index,
            "char_start": sentence.char_end, "char_end": sentence.char_end, "start_s": event.start_s,
            "end_s": event.end_s, "quote": "", "score": 1.0, "evidence": "",
        }


def _metric_rows(analysis: Analysis) -> Iterable[dict[str, Any]]:
    for run in analysis.runs:
        for metric in run.result.metrics:
            yield {
                "speech_id": analysis.speech.speech_id, "stage": run.stage, "name": metric.name,
                "numerator": metric.numerator, "denominator": metric.denominator, "value": metric.value,
                "low": metric.low, "high": metric.high, "unit": metric.unit,
            }


def _run_rows(analysis: Analysis) -> Iterable[dict[str, Any]]:
    for run in analysis.runs:
        yield {"speech_id": analysis.speech.speech_id, "step": run.stage, "version": run.version,
               "status": "failed" if run.error else "done", "error": run.error}


def tabulate(analyses: Iterable[Analysis]) -> Tables:
    """Five tables of all analyses, in the order given."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for analysis in analyses:
        rows["speeches"].append(_speech_row(analysis))
        rows["sentences"].extend(_sentence_rows(analysis))
        rows["findings"].extend(_finding_rows(analysis))
        rows["metrics"].extend(_metric_rows(analysis))
        rows["runs"].extend(_run_rows(analysis))
    return Tables(**{name: frame(name, table) for name, table in rows.items()})


def to_arrow(table: str, rows: pd.DataFrame) -> pa.Table:
    """A table for Parquet, with the number of its schema in the metadata."""
    import pyarrow as pa

    arrow = pa.Table.from_pandas(rows, preserve_index=False)
    return arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), b"rhetoric.table": table.encode(),
                                          b"rhetoric.schema_version": str(TABLE_SCHEMA).encode()})


def to_parquet(table: str, rows: pd.DataFrame) -> bytes:
    """A table as a Parquet file (zstd), with the number of its schema in the metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(to_arrow(table, rows), sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def write_tables(folder: Path, speech_id: str, tables: Tables) -> None:
    """Write the tables of one speech as `<folder>/<table>/<speech_id>.parquet`, each whole or not at all.

    Raises:
        ArchiveError: the disk is full or the folder cannot be written.
    """
    for name in SCHEMAS:
        write_atomic(folder / name / f"{speech_id}.parquet", to_parquet(name, getattr(tables, name)))


def has_tables(folder: Path, speech_id: str) -> bool:
    """True if every table of a speech is there."""
    return all((folder / name / f"{speech_id}.parquet").is_file() for name in SCHEMAS)


def read_tables(folder: Path, speech_ids: Sequence[str], *, compared: bool = False) -> Tables:
    """Read the tables of these speeches, in this order.

    `compared`: only what comparisons and reports read. `metrics` stays empty, and `findings` lacks the functions, which
    say again what `sentences` say: of ten thousand speeches these are most of all rows.

    Raises:
        FormatError: a file is damaged or was written by another version.
    """
    return Tables(**{name: read_table(folder, name, speech_ids if name != "metrics" or not compared else (),
                                      without="function" if name == "findings" and compared else "")
                     for name in SCHEMAS})


def read_table(folder: Path, name: str, speech_ids: Sequence[str], *, without: str = "") -> pd.DataFrame:
    """Read one table of these speeches, in this order, without the rows of one stage where one is named.

    The parts are joined before pandas sees them: hundreds of small frames would take seconds each hundred.

    Raises:
        FormatError: see `read_tables`.
    """
    import pandas as pd
    import pyarrow as pa

    pieces = list(_read_joined(folder, name, speech_ids, without))
    if not pieces:
        return frame(name, ())
    types = {pa.string(): pd.StringDtype(), pa.float64(): pd.Float64Dtype(), pa.int64(): pd.Int64Dtype(),
             pa.bool_(): pd.BooleanDtype()}
    joined = pa.concat_tables(pieces, promote_options="permissive")
    pieces.clear()
    rows: pd.DataFrame = joined.to_pandas(types_mapper=types.get, split_blocks=True, self_destruct=True)
    del joined
    return rows.astype(SCHEMAS[name])


def _read_joined(folder: Path, name: str, speech_ids: Sequence[str], without: str) -> Iterator[pa.Table]:
    """The parts of a table, some hundreds a piece: thousands of small ones need more memory than their rows."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    waiting: list[pa.Table] = []
    for number, speech_id in enumerate(speech_ids, start=1):
        path = folder / name / f"{speech_id}.parquet"
        cure = f"run `rhetoric analyze --force {speech_id}`"
        try:
            with pq.ParquetFile(path) as file:  # `read_table` of pyarrow looks for a data set first, at twice the cost
                table = file.read()
        except (OSError, pa.ArrowInvalid) as error:
            raise FormatError(f"{path}: cannot be read ({error}); {cure}") from error
        if table.column_names != list(SCHEMAS[name]):
            raise FormatError(f"{path}: written by another version; {cure}")
        if without:
            table = table.filter(pc.not_equal(table["stage"], without))
        waiting.append(table.replace_schema_metadata())
        if len(waiting) == PIECE or number == len(speech_ids):
            yield pa.concat_tables(waiting, promote_options="permissive").combine_chunks()
            waiting = []
