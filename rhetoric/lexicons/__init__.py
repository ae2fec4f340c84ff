"""Word lists: tab-separated, our own work, each with its licence in the first line; and their reader.

A list is a table `term  class  intensity  mode`. Which classes and modes it may use is its `Schema`. A user may give
a list of his own in the same format. What the notation of a term means (`~`, `one's`, `…`) is said in `matching.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rhetoric.codebook import EMOTIONS, MAX_INTENSITY
from rhetoric.errors import LexiconError

HEADER = ("term", "class", "intensity", "mode")
NO_CLASS = "none"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Which values a kind of list may use; `intensities` are the lowest and the highest."""

    classes: tuple[str, ...]
    modes: tuple[str, ...]
    intensities: tuple[int, int]
    one_class: bool = True  # whether a term in two classes is an error


# `none` marks a phrase that looks like a feeling and is not one: it is matched, and then counts for nothing.
EMOTION = Schema(classes=(*EMOTIONS, NO_CLASS), modes=("named", "shown", "invited"), intensities=(0, MAX_INTENSITY))
DEGREE = Schema(classes=("booster", "damper"), modes=("before", "after"), intensities=(1, 2))
NEGATION = Schema(classes=("negator", "filler"), modes=("before",), intensities=(1, 1))
PRAISE = Schema(classes=("adjective", "noun"), modes=("named",), intensities=(1, 1))
# `aligned` words oppose each other only where they stand at the same place of two even clauses.
PAIRS = Schema(classes=("pair", "aligned"), modes=("named",), intensities=(1, 1))
PLAIN = Schema(classes=("plain",), modes=("named",), intensities=(1, 1))
AGENTS = Schema(classes=("i", "we", "company", "product"), modes=("named",), intensities=(1, 1))
# `hall` counts only in sentences for the hall or of a belief; `agenda` makes what "let's" begins no appeal.
APPEALS = Schema(classes=("appeal", "hall", "agenda"), modes=("named",), intensities=(1, 1))
# Cue lists are read one class at a time: a word may be a cue of several classes.
CUES = Schema(classes=("metaphor", "promise", "maxim", "grand", "deixis", "datum", "agenda", "story", "lead"),
              modes=("named",), intensities=(1, 1), one_class=False)
# How sure a speaker sounds (hedge, certainty), superlatives, cues of the inclusive and the exclusive "we", words for
# the company, and words that name what a comparative compares with.
VOICE = Schema(classes=("hedge", "certainty", "superlative", "inclusive", "exclusive", "company", "anchor", NO_CLASS),
               modes=("named",), intensities=(0, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of a list; `label` is its class, `line` its place in the file (from 1)."""

    term: str
    label: str
    intensity: int
    mode: str
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """A word list as read: `sha256` is that of the file's bytes and says which list made a result."""

    name: str
    licence: str
    sha256: str
    entries: tuple[Entry, ...]

    def terms(self, label: str, mode: str = "") -> tuple[str, ...]:
        """The terms of a class (and mode) in the order of the file."""
        return tuple(e.term for e in self.entries if e.label == label and mode in ("", e.mode))


def packaged_lexicons() -> tuple[str, ...]:
    """Names of the lists that come with the package, as `emotion.zh`."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.tsv")))


def read_lexicon(source: str | Path, schema: Schema = EMOTION) -> Lexicon:
    """Read a word list: a packaged name (`emotion.zh`) or the path of a `.tsv` file.

    Raises:
        LexiconError: no such list, not UTF-8, no licence line, or a bad row; it names file and line.
    """
    if isinstance(source, str) and source in packaged_lexicons():
        return _read_packaged(source, schema)
    path = Path(source)
    if path.suffix != ".tsv":
        raise LexiconError(f"{source}: no word list of that name; give the path of a .tsv file or one of "
                           f"{', '.join(packaged_lexicons())}")
    return _read(path, schema)


@lru_cache(maxsize=32)
def _read_packaged(name: str, schema: Schema) -> Lexicon:
    return _read(_HERE / f"{name}.tsv", schema)


def _read(path: Path, schema: Schema) -> Lexicon:
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: cannot be read ({error}); it must be a UTF-8 text file") from error
    return parse_lexicon(text, schema=schema, where=str(path), name=path.stem, sha256=hashlib.sha256(data).hexdigest())


def parse_lexicon(text: str, *, schema: Schema, where: str, name: str, sha256: str = "") -> Lexicon:
    """Read the text of a word list; `where` is named in errors.

    Raises:
        LexiconError: see `read_lexicon`.
    """
    lines = text.splitlines()
    if not lines or not lines[0].startswith("#") or not lines[0].strip("# "):
        raise LexiconError(f"{where}:1: no licence line; begin the file with one, as `# CC0-1.0, own work`")
    entries: dict[tuple[str, str], Entry] = {}
    for entry in _rows(lines, schema, where):
        known = entries.setdefault((entry.term, "" if schema.one_class else entry.label), entry)
        if known.label != entry.label:
            raise LexiconError(f"{where}:{entry.line}: {entry.term!r} is {entry.label} here and {known.label} in line "
                               f"{known.line}; keep one of the two rows")
    return Lexicon(name=name, licence=lines[0].strip("# "), sha256=sha256 or hashlib.sha256(text.encode()).hexdigest(),
                   entries=tuple(entries.values()))


def _rows(lines: list[str], schema: Schema, where: str) -> Iterator[Entry]:
    """The rows below the header; comment lines and empty lines are passed over."""
    header_seen = False
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if not header_seen:
            if cells != HEADER:
                raise LexiconError(f"{where}:{number}: the first row must name the columns: "
                                   f"{', '.join(HEADER)} (between tabs)")
            header_seen = True
            continue
        yield _entry(cells, schema, f"{where}:{number}", number)


def _entry(cells: tuple[str, ...], schema: Schema, where: str, number: int) -> Entry:
    if len(cells) != len(HEADER):
        raise LexiconError(f"{where}: {len(cells)} cells instead of 4; write {', '.join(HEADER)} between tabs")
    term, label, intensity, mode = cells
    if not term:
        raise LexiconError(f"{where}: the term is empty; write one or remove the row")
    for what, value, allowed in (("class", label, schema.classes), ("mode", mode, schema.modes)):
        if value not in allowed:
            raise LexiconError(f"{where}: unknown {what} {value!r}; use one of {', '.join(allowed)}")
    low, high = schema.intensities
    # `none` is the only class without an intensity.
    low = low if label == NO_CLASS else max(low, 1)
    if not intensity.isascii() or not intensity.isdigit() or not low <= int(intensity) <= high:
        raise LexiconError(f"{where}: intensity {intensity!r} of {term!r}; write a whole number from {low} to {high}")
    return Entry(term=term, label=label, intensity=int(intensity), mode=mode, line=number)
