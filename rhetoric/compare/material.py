"""Tables -> the material of a comparison: speeches with their series, group, weights and counts a sentence.

Reads the columns of the five tables by name and nothing else, so that tables from Parquet serve as well as fresh ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from rhetoric.codebook import COUNT_BY, FUNCTIONS, GROUP_OF, GROUPS
from rhetoric.compare.likeness import bare
from rhetoric.compare.naming import Spelling, undated, unknown
from rhetoric.errors import ConfigError, SpeechError
from rhetoric.types import Quote, SpeechCard, Tables
from rhetoric.weights import SURE

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EVIDENCE_SEPARATOR = "; "
COUNTED_STAGES = ("emotion", "slogans", "figures", "patterns", "voice")  # whose findings are counted


class Found(NamedTuple):
    """A finding at a sentence: `at` is the row of the sentence in its speech, `first` the character it starts at."""

    at: int
    label: str
    score: float
    quote: str
    marks: tuple[str, ...]
    start_s: float | None
    end_s: float | None
    first: int


class Lines(NamedTuple):
    """The columns of the sentences of one speech, in their order; NaN where a number is not known."""

    indices: Ints
    texts: tuple[str, ...]
    tokens: tuple[str, ...]
    labels: tuple[str, ...]
    starts: Floats
    ends: Floats
    sizes: Floats
    probability: Floats
    soft: Floats | None  # the probabilities of the labels, (sentences, labels); None where the table has none


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """One speech as arrays over its sentences, in their order.

    `counts` has a row a sentence and a column a function label (probabilities, or 0 and 1); `weights` are seconds
    or size, as `basis` says; `read` is 1 where the reader labelled a sentence, 0 where a person did; `seconds` is None
    without times; `failed` names the stages that have no findings to count.
    """

    card: SpeechCard
    indices: tuple[int, ...]
    texts: tuple[str, ...]
    tokens: tuple[str, ...]  # the words and marks of each sentence with a space between; "" where not known
    labels: tuple[str, ...]
    starts: tuple[float | None, ...]
    ends: tuple[float | None, ...]
    sizes: Floats
    seconds: Floats | None
    weights: Floats
    basis: str
    counts: Floats
    read: Floats
    probability: float | None
    findings: Mapping[str, tuple[Found, ...]]
    failed: frozenset[str]

    @property
    def bare_texts(self) -> tuple[str, ...]:
        """The sentences as `likeness.bare` writes them, "" where one is no part of the speech."""
        return tuple(self.bare_text.split("\n"))

    @cached_property
    def bare_text(self) -> str:
        """The whole speech of `bare_texts`; a line end, which no sentence has, keeps a word within its sentence.

        Kept, since every theme of an archive is looked for in it.
        """
        return "\n".join("" if label in ("", "noncontent") else bare(text)
                         for text, label in zip(self.texts, self.labels, strict=True))

    def found(self, stage: str) -> tuple[Found, ...]:
        """The findings of a stage, in the order of the text; none where the stage failed or did not run."""
        return () if stage in self.failed else self.findings.get(stage, ())

    def sentence_quote(self, at: int, label: str, score: float | None, marks: tuple[str, ...] = ()) -> Quote:
        """A whole sentence as evidence."""
        return Quote(speech_id=self.card.speech_id, sentence_index=self.indices[at], text=self.texts[at], label=label,
                     score=score, marks=marks, start_s=self.starts[at], end_s=self.ends[at])

    def finding_quote(self, found: Found) -> Quote:
        """The words of a finding as evidence; what is only a part of its sentence shows that something is left out."""
        before, _, after = self.texts[found.at].partition(found.quote)
        head, tail = ("…" if any(c.isalnum() for c in part) else "" for part in (before, after))
        return Quote(speech_id=self.card.speech_id, sentence_index=self.indices[found.at],
                     text=f"{head}{found.quote}{tail}",
                     label=found.label, score=found.score, marks=found.marks, start_s=found.start_s, end_s=found.end_s)


@dataclass(frozen=True, eq=False, kw_only=True)
class Archive:
    """All speeches with something to measure, in the order of print, and what was odd about their names."""

    materials: tuple[Material, ...]
    groups: tuple[str, ...]
    series: tuple[str, ...]
    empty: tuple[str, ...]  # speeches without a sentence to count
    only: tuple[str, ...]  # function groups that alone are counted; empty: all
    respelled: tuple[tuple[str, str], ...]  # (spelling as written, spelling kept)

    @cached_property
    def _by_series(self) -> dict[str, tuple[Material, ...]]:
        made: dict[str, list[Material]] = defaultdict(list)
        for material in self.materials:
            made[material.card.series].append(material)
        return {series: tuple(own) for series, own in made.items()}

    def of(self, series: str) -> tuple[Material, ...]:
        """The speeches of a series."""
        return self._by_series.get(series, ())

    def years(self, series: str) -> dict[int, tuple[Material, ...]]:
        """The dated speeches of a series by year, ascending."""
        years: dict[int, list[Material]] = defaultdict(list)
        for material in self.of(series):
            if material.card.year is not None:
                years[material.card.year].append(material)
        return {year: tuple(years[year]) for year in sorted(years)}


def gather(tables: Tables, by: str, only: Sequence[str] = ()) -> Archive:
    """Read the tables for a comparison by a column of `speeches`; `only` keeps the sentences of these function groups.

    Raises:
        ConfigError: `speeches` has no such column, or a group of `only` is not known.
        SpeechError: there is no speech with a sentence to count.
    """
    if by not in tables.speeches.columns:
        known = ", ".join(tables.speeches.columns)
        raise ConfigError(f"cannot compare by {by!r}: speeches have no such column; choose one of {known}")
    sentences = spoken_lines(_chosen(tables.sentences, only))
    rows = [_plain(row) for row in tables.speeches.to_dict("records")]
    spoken = [row for row in rows if row["speech_id"] in sentences]
    if not spoken:
        what = f"is {' or '.join(only)}" if only else "is there"
        raise SpeechError(f"there is nothing to compare: no sentence {what}; run `rhetoric analyze`, or ask for more")
    cards, respelled = _cards(spoken, by, sentences)
    untimed = {card.series for card in cards if not card.timed}
    findings, failed = _findings(tables.findings), _failed(tables.runs)
    materials = tuple(_material(card, sentences[card.speech_id], findings.get(card.speech_id, {}),
                                failed.get(card.speech_id, frozenset()), card.series not in untimed) for card in cards)
    return Archive(
        materials=materials, groups=_group_order(cards, by), series=tuple(dict.fromkeys(c.series for c in cards)),
        empty=tuple(row["speech_id"] for row in rows if row["speech_id"] not in sentences), respelled=respelled,
        only=tuple(only))


def spoken_lines(sentences: pd.DataFrame) -> dict[str, Lines]:
    """Speech -> its sentences in order, speeches as they come; cut out of whole columns, since frames are dear."""
    import numpy as np
    import pandas as pd

    codes, names = pd.factorize(sentences["speech_id"])
    index = _numbers(sentences["sentence_index"])
    order = np.lexsort((index, codes))
    order = order[np.searchsorted(codes[order], 0) :]  # a sentence of no speech belongs to none
    soft = [f"p_{name}" for name in FUNCTIONS]
    table = np.column_stack([_numbers(sentences[c]) for c in soft])[order] if set(soft) <= set(sentences) else None
    start, end, size, probability = (_numbers(sentences[c])[order] for c in ("start_s", "end_s", "size", "probability"))
    said, labels, tokens = (_words(sentences, column, order) for column in ("text", "function", "tokens"))
    whole, size = index[order].astype(np.int64), np.nan_to_num(size)
    borders = np.searchsorted(codes[order], np.arange(len(names) + 1))
    made = {}
    for name, first, last in zip(names, borders[:-1].tolist(), borders[1:].tolist(), strict=True):
        own = slice(first, last)
        made[str(name)] = Lines(whole[own], tuple(said[own]), tuple(tokens[own]), tuple(labels[own]), start[own],
                                end[own], size[own], probability[own], None if table is None else table[own])
    return made


def _numbers(column: pd.Series[Any]) -> Floats:
    made: Floats = column.to_numpy(dtype=float, na_value=float("nan"))
    return made


def _words(sentences: pd.DataFrame, column: str, order: Ints) -> list[str]:
    """A column of words, "" where there is none, or no such column."""
    if column not in sentences:
        return [""] * len(order)
    found: list[str] = sentences[column].fillna("").iloc[order].tolist()
    return found


def _chosen(sentences: pd.DataFrame, only: Sequence[str]) -> pd.DataFrame:
    """The sentences whose likeliest label belongs to one of these groups; all where none is named."""
    unknown_groups = sorted(set(only) - set(GROUPS))
    if unknown_groups:
        raise ConfigError(f"no function group {', '.join(unknown_groups)}; choose of {', '.join(GROUPS)}")
    if not only:
        return sentences
    return sentences[sentences["function"].map(GROUP_OF).isin(list(only))]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row with None for every unknown value, whatever pandas calls it."""
    import pandas as pd

    return {str(key): None if pd.isna(value) else value for key, value in row.items()}


def _cards(rows: Sequence[dict[str, Any]], by: str, sentences: Mapping[str, Lines]
           ) -> tuple[list[SpeechCard], tuple[tuple[str, str], ...]]:
    """The cards of the speeches, ordered by series (most speeches first), then date, then id."""
    speakers, names = Spelling(), Spelling()
    spelled = [speakers.keep(str(row.get("speaker") or "") or unknown("speaker")) for row in rows]
    languages: dict[str, set[str]] = defaultdict(set)
    for name, row in zip(spelled, rows, strict=True):
        languages[name].add(str(row.get("language") or ""))
    cards = []
    for name, row in zip(spelled, rows, strict=True):
        series = f"{name} ({row.get('language')})" if len(languages[name]) > 1 else name
        group = name if by == "speaker" else undated() if by == "year" and row["year"] is None \
            else names.keep(str(row[by])) if row[by] not in (None, "") else unknown(by)
        cards.append(_card(row, name, series, group, sentences[row["speech_id"]]))
    count = Counter(card.series for card in cards)
    order = {series: place for place, series in enumerate(count)}
    cards.sort(key=lambda c: (-count[c.series], order[c.series], c.date or "9999", c.speech_id))
    return cards, tuple(sorted({*speakers.changed, *names.changed}))


def _card(row: Mapping[str, Any], speaker: str, series: str, group: str, lines: Lines) -> SpeechCard:
    starts, ends = lines.starts, lines.ends
    timed = bool((ends >= starts).all() and (ends > starts).any())  # false where one is not known
    duration = row.get("duration_s")
    if duration is None and timed:
        duration = float(ends.max())
    language = str(row.get("language") or "")
    return SpeechCard(
        speech_id=str(row["speech_id"]), series=series, group=group, speaker=speaker,
        organisation=str(row.get("organisation") or ""), event=str(row.get("event") or ""),
        title=str(row.get("title") or ""), date=str(row.get("date") or ""),
        year=None if row.get("year") is None else int(row["year"]), language=language, timed=timed,
        duration_s=None if duration is None else float(duration), n_sentences=len(lines.sizes),
        size=int(lines.sizes.sum()), size_unit="characters" if language == "zh" else "words",
        engine=str(row.get("engine") or ""), model=str(row.get("model") or ""), audio=str(row.get("file") or ""))


def _group_order(cards: Sequence[SpeechCard], by: str) -> tuple[str, ...]:
    """Years ascend and `undated` comes last; other groups stand in the order of the speeches."""
    groups = list(dict.fromkeys(card.group for card in cards))
    return tuple(sorted(groups, key=lambda g: (g == undated(), g))) if by == "year" else tuple(groups)


def _material(card: SpeechCard, lines: Lines, findings: Mapping[str, Mapping[int, list[Found]]],
              failed: frozenset[str], by_time: bool) -> Material:
    import numpy as np

    lasted = lines.ends - lines.starts
    seconds = lasted[~np.isnan(lasted)]
    starts, ends = _optional(lines.starts), _optional(lines.ends)
    sure = lines.probability[~np.isnan(lines.probability)]
    indices = tuple(lines.indices.tolist())
    return Material(
        card=card, indices=indices, texts=lines.texts, labels=lines.labels, tokens=lines.tokens,
        starts=starts, ends=ends, sizes=lines.sizes, seconds=seconds if card.timed else None,
        weights=seconds if by_time else lines.sizes, basis="seconds" if by_time else card.size_unit,
        counts=_counts(lines), read=(~(lines.probability >= SURE)).astype(np.float64),
        probability=float(sure.mean()) if len(sure) else None,
        findings=_placed(findings, indices, starts, ends), failed=failed)


def _optional(values: Floats) -> tuple[float | None, ...]:
    return tuple(None if x != x else x for x in values.tolist())


def _counts(lines: Lines) -> Floats:
    """Probabilities of the ten labels, or 1 for the likeliest, as `codebook.COUNT_BY` says.

    A sentence without probabilities is counted by its label, one without a label not at all.
    """
    import numpy as np

    hard = np.array([[label == name for name in FUNCTIONS] for label in lines.labels], dtype=float)
    if COUNT_BY == "labels" or lines.soft is None:
        return hard
    return np.where(np.isnan(lines.soft).any(axis=1, keepdims=True), hard, lines.soft)


def _findings(table: pd.DataFrame) -> dict[str, dict[str, dict[int, list[Found]]]]:
    """speech -> stage -> sentence_index -> findings. `at` is filled in when they are placed."""
    import pandas as pd

    made: dict[str, dict[str, dict[int, list[Found]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    wanted = table[table["stage"].isin(COUNTED_STAGES) & table["sentence_index"].notna()]
    columns = ("speech_id", "stage", "label", "sentence_index", "score", "quote", "evidence", "start_s", "end_s",
               "char_start")
    for speech_id, stage, label, index, score, quote, evidence, start, end, first in zip(
            *(wanted[column].astype(object) for column in columns), strict=True):
        marks = tuple(str(evidence).split(EVIDENCE_SEPARATOR)) if pd.notna(evidence) and evidence else ()
        made[speech_id][stage][int(index)].append(Found(
            0, str(label), 0.0 if pd.isna(score) else float(score), "" if pd.isna(quote) else str(quote), marks,
            None if pd.isna(start) else float(start), None if pd.isna(end) else float(end),
            0 if pd.isna(first) else int(first)))
    return made


def _placed(findings: Mapping[str, Mapping[int, list[Found]]], indices: Sequence[int],
            starts: Sequence[float | None], ends: Sequence[float | None]) -> dict[str, tuple[Found, ...]]:
    """Findings with the row of their sentence; where a finding has no times, those of the sentence."""
    made = {}
    for stage, by_index in findings.items():
        made[stage] = tuple(
            found._replace(at=at, start_s=starts[at] if found.start_s is None else found.start_s,
                           end_s=ends[at] if found.end_s is None else found.end_s)
            for at, index in enumerate(indices)
            for found in sorted(by_index.get(index, ()), key=lambda f: (f.first, f.label)))
    return made


def _failed(runs: pd.DataFrame) -> dict[str, frozenset[str]]:
    """speech -> stages that failed or did not run on it; a speech without any row of runs is taken as complete."""
    done: dict[str, set[str]] = defaultdict(set)
    for speech_id, step, status in zip(runs["speech_id"], runs["step"], runs["status"], strict=True):
        done[str(speech_id)].update([str(step)] if status != "failed" else [])
    return {speech_id: frozenset(stage for stage in COUNTED_STAGES if stage not in steps)
            for speech_id, steps in done.items()}
