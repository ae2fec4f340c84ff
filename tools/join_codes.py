"""Join the labels of `tools/coded/labels` to the texts that they are of: coded speeches for `rhetoric train`.

    python tools/join_codes.py --texts FOLDER --out FOLDER

The texts are other people's and not here; `sources.tsv` names each by its file and SHA-256. A label row has the place
of a sentence in the text and the first 12 digits of the SHA-256 of its words, so that a sentence is never given
another's label. The invented speeches, which are here whole, are copied beside them. FOLDER of `--out` is best
`GOLD/silver` beside gold files of your own: speeches there are learned from and never scored on.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rhetoric.sentences import from_text

CODED = Path(__file__).with_name("coded")
LABELS = ("function", "emotion", "slogan", "figures")
KEY_DIGITS = 12


def key_of(sentence: str) -> str:
    """What names a sentence without telling it."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:KEY_DIGITS]


def sentences_of(path: Path, language: str) -> list[str]:
    """The sentences of a text, white space put in one form."""
    text = path.read_text(encoding="utf-8-sig")
    speech = from_text(path.stem, text, language)
    return [re.sub(r"\s+", " ", speech.text[s.char_start : s.char_end]).strip() for s in speech.sentences]


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def joined(labels: Sequence[dict[str, str]], sentences: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Rows of a gold file; equal words have equal keys, so that it does not matter which of two is found.

    Raises:
        ValueError: a sentence is not in the text.
    """
    words = {key_of(sentence): sentence for sentence in sentences}
    for number, row in enumerate(labels):
        if row["key"] not in words:
            raise ValueError(f"sentence {row['id']} with key {row['key']} is not in the text")
        yield str(number), words[row["key"]], *(row[name] for name in LABELS)


def join(texts: Path, out: Path) -> int:
    """Write a gold file for each label file, and the invented speeches; how many could not be written."""
    out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for source in rows_of(CODED / "sources.tsv"):
        try:
            (out / f"{source['name']}.tsv").write_text(_gold(source, texts / source["file"]), encoding="utf-8")
        except (OSError, ValueError) as error:
            print(f"{source['name']} is left out: {texts / source['file']}: {error}", file=sys.stderr)
            failed += 1
    for path in sorted((CODED / "invented").glob("*.tsv")):
        shutil.copy(path, out)
    return failed


def _gold(source: dict[str, str], path: Path) -> str:
    if hashlib.sha256(path.read_bytes()).hexdigest() != source["sha256"]:
        raise ValueError("not the text that was coded: its SHA-256 is another")
    rows = joined(rows_of(CODED / "labels" / f"{source['name']}.tsv"), sentences_of(path, source["language"]))
    return "\n".join(["\t".join(("id", "text", *LABELS)), *("\t".join(row) for row in rows)]) + "\n"


def main() -> None:
    """Read the command line and join."""
    parser = argparse.ArgumentParser(description="Join labels to the texts that they are of.")
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    sys.exit(1 if join(given.texts, given.out) else 0)


if __name__ == "__main__":
    main()
