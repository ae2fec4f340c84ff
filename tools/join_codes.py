"""Join the labels of `tools/coded/labels` to the texts that they are of: coded speeches for `rhetoric train`.

    python tools/join_codes.py --texts FOLDER --out FOLDER

The texts are other people's and not here; `sources.tsv` names each by its file and SHA-256. A label row has the place
of a sentence in the text and the first 12 digits of the SHA-256 of its words, so that a sentence is never given
another's label. The invented speeches, which are here whole, are copied beside them.
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
    """Rows of a gold file. A sentence is looked for at its place first: a newer splitter may have moved it."""
    places: dict[str, list[int]] = {}
    for place, sentence in enumerate(sentences):
        places.setdefault(key_of(sentence), []).append(place)
    for number, row in enumerate(labels):
        found = places.get(row["key"])
        if not found:
            raise SystemExit(f"sentence {row['id']} with key {row['key']} is not in the text")
        nearest = min(found, key=lambda place: abs(place - int(row["id"])))
        yield str(number), sentences[nearest], *(row[name] for name in LABELS)


def join(texts: Path, out: Path) -> None:
    """Write a gold file for each label file, and the invented speeches."""
    out.mkdir(parents=True, exist_ok=True)
    for source in rows_of(CODED / "sources.tsv"):
        path = texts / source["file"]
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != source["sha256"]:
            print(f"{path}: not there, or not the text that was coded; {source['name']} is left out", file=sys.stderr)
            continue
        rows = joined(rows_of(CODED / "labels" / f"{source['name']}.tsv"),
                      sentences_of(path, source["language"]))
        lines = ["\t".join(("id", "text", *LABELS)), *("\t".join(row) for row in rows)]
        (out / f"{source['name']}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for path in sorted((CODED / "invented").glob("*.tsv")):
        shutil.copy(path, out)


def main() -> None:
    """Read the command line and join."""
    parser = argparse.ArgumentParser(description="Join labels to the texts that they are of.")
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    join(given.texts, given.out)


if __name__ == "__main__":
    main()
