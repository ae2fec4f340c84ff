"""How true the times are: python benchmarks/times.py [ARCHIVE] [--real RECORDING TRANSCRIPT TRUTH.ass].

ARCHIVE holds the sample recordings, transcribed (`make demo` leaves the repository so). When every sentence starts is
known to the sample of sound (tests/gold/times); of a real recording, captions set by hand tell it. Measured are the
median and the 95th percentile of |found - true| in seconds, the median of found - true, and the worst:

    heard      the transcript as it is
    by sound   its words without the silence at their ends (`transcribe/onsets.py`)
    aligned    what `rhetoric align` makes of it and the script that was read
    words      when a true sentence's first word is spoken, for all of them
    sentences  where the product's own sentences start; only those whose first word is that of a true sentence
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rhetoric.sentences import prepare
from rhetoric.transcribe.alignment import align
from rhetoric.transcribe.decode import SAMPLE_RATE_HZ, decode
from rhetoric.transcribe.formats import import_transcript
from rhetoric.transcribe.formats.tokens import tokenize
from rhetoric.transcribe.onsets import levels_db, tighten
from rhetoric.transcribe.transcript_file import read_transcript
from rhetoric.types import Segment, Transcript

ROOT = Path(__file__).parents[1]


class Spoken(NamedTuple):
    """A sentence of the truth."""

    text: str
    start_s: float


def gold(speech_id: str) -> list[Spoken]:
    """The sentences of a sample speech with their true starts."""
    texts = {row[0]: row[1] for row in rows(ROOT / "tests" / "gold" / f"{speech_id}.tsv")}
    return [Spoken(texts[row[0]], float(row[1])) for row in rows(ROOT / "tests" / "gold" / "times" / f"{speech_id}.tsv")
            if row[0] in texts]


def rows(path: Path) -> Iterator[list[str]]:
    """The cells of a TSV, without its header."""
    return (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])


def sentence_starts(transcript: Transcript, truth: Sequence[Spoken]) -> tuple[list[float], list[float], int]:
    """(errors of first words, errors of the product's sentences that start with them, how many true sentences)."""
    spoken = align([Segment(text=sentence.text) for sentence in truth], transcript)
    first: list[float] = []
    for sentence in truth:
        start_s = next((s.start_s for s in spoken.segments if sentence.text.startswith(s.text)), None)
        if start_s is not None:
            first.append(start_s - sentence.start_s)
    return first, own_sentences(transcript, truth), len(truth)


def own_sentences(transcript: Transcript, truth: Sequence[Spoken]) -> list[float]:
    """Errors of the starts of the product's own sentences, where one starts at a true sentence's first word."""
    from rapidfuzz.distance import Levenshtein

    speech = prepare(transcript)
    said = [(number, token.key) for number, sentence in enumerate(truth) for token in tokenize(sentence.text)]
    found = [(sentence, token.key) for sentence in speech.sentences for token in tokenize(speech.text_of(sentence))]
    true_starts, own_starts = first_tokens(said), first_tokens(found)
    errors = []
    for op in Levenshtein.opcodes([key for _, key in said], [key for _, key in found]):
        if op.tag in ("equal", "replace"):
            for a, b in zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True):
                if a in true_starts and b in own_starts:
                    errors.append((own_starts[b].start_s or 0.0) - truth[true_starts[a]].start_s)
    return errors


def first_tokens(row: Sequence[tuple[Any, str]]) -> dict[int, Any]:
    """Place of each owner's first token -> owner."""
    return {n: owner for n, (owner, _) in enumerate(row) if not n or row[n - 1][0] is not owner}


def line(name: str, errors: Sequence[float], n: int) -> str:
    """Median, 95th percentile and bias of errors in seconds."""
    off = np.abs(errors)
    return (f"{name:34} {len(errors):4}/{n:<4} {np.median(off):7.3f} {np.percentile(off, 95):7.3f} "
            f"{np.median(errors):+8.3f} {off.max():7.2f}")


def measure(recording: Path, heard: Transcript, script: Sequence[Segment], truth: Sequence[Spoken],
            pooled: dict[str, tuple[list[float], int]]) -> None:
    """Add the errors of one recording to the pool, by language, way and kind."""
    levels = levels_db([decode(recording).samples], SAMPLE_RATE_HZ)
    by_sound = replace(heard, segments=tighten(heard.segments, levels))
    aligned = replace(heard, segments=align(script, by_sound).segments)
    for way, transcript in (("heard", heard), ("by sound", by_sound), ("aligned", aligned)):
        first, own, n = sentence_starts(transcript, truth)
        for kind, errors in (("words", first), ("sentences", own)):
            known, total = pooled.get(f"{heard.language} {way}: {kind}", ([], 0))
            pooled[f"{heard.language} {way}: {kind}"] = ([*known, *errors], total + n)


def show(title: str, pooled: dict[str, tuple[list[float], int]]) -> None:
    """Print a table."""
    print(f"{title:34} {'n':>9} {'median':>7} {'95 %':>7} {'bias':>8} {'worst':>7}")
    for name, (errors, total) in pooled.items():
        print(line(name, errors, total))


def sample(archive: Path) -> None:
    """The nine recordings."""
    pooled: dict[str, tuple[list[float], int]] = {}
    for path in sorted((ROOT / "tests" / "gold" / "times").glob("*.tsv")):
        kept = archive / "transcripts" / "heard" / f"{path.stem}.json"
        transcript = kept if kept.exists() else archive / "transcripts" / f"{path.stem}.json"
        if not transcript.exists():
            sys.exit(f"{transcript}: not there; run `rhetoric transcribe` in the archive first")
        script = import_transcript(ROOT / "audio" / "scripts" / f"{path.stem}.txt", speech_id=path.stem)
        measure(ROOT / "audio" / f"{path.stem}.opus", read_transcript(transcript), script.segments, gold(path.stem),
                pooled)
    show("sample", pooled)


def real(recording: Path, transcript: Path, truth: Path) -> None:
    """A real recording; the words of its captions are the script."""
    heard = read_transcript(transcript)
    cues = [s for s in import_transcript(truth, speech_id="real").segments if not s.flags]
    spoken = [Spoken(s.text, s.start_s or 0.0) for s in cues if (s.start_s or 0.0) < (heard.duration_s or 0.0) - 1]
    pooled: dict[str, tuple[list[float], int]] = {}
    measure(recording, heard, [Segment(text=s.text) for s in spoken], spoken, pooled)
    show(recording.stem, pooled)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("archive", nargs="?", type=Path, default=ROOT)
    parser.add_argument("--real", nargs=3, type=Path, metavar=("RECORDING", "TRANSCRIPT", "TRUTH"))
    options = parser.parse_args()
    sample(options.archive)
    if options.real:
        real(*options.real)


if __name__ == "__main__":
    main()
