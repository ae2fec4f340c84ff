"""5  Tables -> Comparison: what changed from group to group, with intervals, evidence and doubts.

Reads the five tables as data frames by the names of their columns. Same tables, same comparison: all random numbers
are seeded by what they are drawn for. Definitions and formulas of every number are in `docs/methods.md`.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from rhetoric.compare.agents import Names
from rhetoric.compare.alerts import alerts, owners_mistaken
from rhetoric.compare.answers import answers
from rhetoric.compare.boards import emotion_board, slogan_board
from rhetoric.compare.chapters import chapters
from rhetoric.compare.differences import PAIRED, difference, pairs
from rhetoric.compare.estimates import Counted, Estimate, estimate_all
from rhetoric.compare.hinges import hinges
from rhetoric.compare.known import Known
from rhetoric.compare.lineages import lineages
from rhetoric.compare.material import Archive, gather
from rhetoric.compare.measures import Measure, columns, measures
from rhetoric.compare.naming import shown, undated
from rhetoric.compare.norms import norms
from rhetoric.compare.rows import row, unit_of
from rhetoric.compare.trends import Line, trends
from rhetoric.compare.wording import in_zh, sentence
from rhetoric.share_errors import told_errors
from rhetoric.types import Comparison, Difference, Hinge, Norm, Row, Tables, Text, Trend

__all__ = ["Names", "compare"]

Key = tuple[str, str]  # (series, metric)
NO_NAMES = Names()


def compare(tables: Tables, *, by: str = "year", only: Sequence[str] = (), title: str = "", names: Names = NO_NAMES,
            reference: Tables | None = None, provenance: Mapping[str, str] = {}) -> Comparison:
    """Set the speeches of the tables side by side by a column of `speeches`.

    Shares are 0..1, densities per 1,000 characters (zh) or words (en), intervals at 95 %. `only` counts the sentences
    of these function groups alone; `names` are the user's companies and products; `reference` the speeches among which
    each value gets its percentile. `provenance` is handed on; its `reader_kappa_<language>`,
    `reader_owner_kappa_<language>` and `speeches_not_analysed` become alerts, its `reader_share_error_<share>`
    widen the intervals of shares.

    Raises:
        ConfigError: there is no column `by`, or no group of `only`.
        SpeechError: no speech has a sentence to count.
    """
    archive = gather(tables, by, only)
    figures = sorted({found.label for m in archive.materials for found in m.found("figures")})
    errors = told_errors(provenance)
    speeches = tuple(Counted(material, columns(material, figures), errors) for material in archive.materials)
    known_measures = measures(figures, archive.only)
    rows, by_group = _rows(archive, speeches, known_measures)
    lines = _lines(archive, speeches, known_measures)
    trended = _trends(archive, known_measures, lines)
    pooled = _pooled(archive, speeches, known_measures)
    known = Known(
        archive=archive, by=by, speeches=speeches, measures={m.name: m for m in known_measures}, lines=lines,
        pooled=pooled, slogans=slogan_board(archive.materials),
        trends={(trend.series, trend.metric): trend for trend in trended},
        hinges={} if archive.only else _hinges(archive, speeches),
        lineages=tuple(found for name in archive.series for found in lineages(name, archive.of(name))),
        owners_mistaken=owners_mistaken(archive, provenance))
    found = chapters(known, names, _themes(tables))
    return Comparison(
        title=_title(title, archive), by=by, groups=archive.groups, series=archive.series,
        speeches=tuple(m.card for m in archive.materials),
        answers=answers(known),
        alerts=alerts(archive, tables, by, provenance), rows=rows,
        differences=(*_within(archive, known_measures, by_group, by), *_between(archive, known_measures, pooled)),
        trends=trended, hinges=tuple(known.hinges.values()), slogans=known.slogans,
        emotions=emotion_board(archive.materials), lineages=known.lineages, only=archive.only,
        pooled=_pooled_rows(archive, speeches, known_measures), norms=_norms(rows, archive, reference, known_measures),
        provenance=dict(sorted(provenance.items())),
        **{f.name: getattr(found, f.name) for f in dataclasses.fields(found)})


def _hinges(archive: Archive, speeches: Sequence[Counted]) -> dict[str, Hinge]:
    """The turn of each speech, in the order of the speeches; series are families of tests, as for the trends."""
    found: dict[str, Hinge] = {}
    for series in archive.series:
        found |= hinges([s for s in speeches if s.material.card.series == series])
    return {s.material.card.speech_id: found[s.material.card.speech_id] for s in speeches}


def _themes(tables: Tables) -> dict[str, str]:
    """The catalog's column `theme`, where there is one."""
    if "theme" not in tables.speeches.columns:
        return {}
    pairs = zip(tables.speeches["speech_id"], tables.speeches["theme"].fillna(""), strict=True)
    return {str(speech_id): str(theme) for speech_id, theme in pairs if theme}


def _pooled_rows(archive: Archive, speeches: Sequence[Counted], known: Sequence[Measure]) -> tuple[Row, ...]:
    """Every metric over all speeches of a series, speeches drawn first: the row of no group in particular."""
    members = {name: [s for s in speeches if s.material.card.series == name] for name in archive.series}
    return tuple(made[0] for measure in known for own in members.values() if (made := row(own, "", measure)))


def _norms(rows: Sequence[Row], archive: Archive, reference: Tables | None, known: Sequence[Measure]
           ) -> tuple[Norm, ...]:
    if reference is None:
        return ()
    languages = {name: archive.of(name)[0].card.language for name in archive.series}
    return norms(rows, languages, gather(reference, "year", archive.only), known)


def _title(title: str, archive: Archive) -> Text:
    """The title given, or one made from the speakers and the years."""
    if title:
        return Text(en=title, zh=title)
    names = list(dict.fromkeys(m.card.speaker for m in archive.materials))
    years = sorted({m.card.year for m in archive.materials if m.card.year is not None})
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0]) if years else ""
    some = [shown(name) for name in names[:2]]
    more = len(names) - len(some)
    en = " and ".join(n.en for n in some) if not more else ", ".join(n.en for n in some) + f" and {more} more"
    zh = "与".join(in_zh(n.zh) for n in some) + (f"等 {len(names)} 人" if more else "")
    return sentence(f"how {en} spoke{', ' + span if span else ''}", f"{zh}怎样演讲{'，' + span if span else ''}")


def _rows(archive: Archive, speeches: Sequence[Counted], known: Sequence[Measure]
          ) -> tuple[tuple[Row, ...], dict[tuple[str, str, str], Estimate]]:
    """All rows, and their estimates by (series, group, metric)."""
    rows: list[Row] = []
    found: dict[tuple[str, str, str], Estimate] = {}
    members: dict[tuple[str, str], list[Counted]] = defaultdict(list)
    for speech in speeches:
        members[speech.material.card.series, speech.material.card.group].append(speech)
    for own in members.values():
        estimate_all(own, known)
    for measure in known:
        for key in ((series, group) for series in archive.series for group in archive.groups):
            made = row(members[key], key[1], measure) if key in members else None
            if made:
                rows.append(made[0])
                found[*key, measure.name] = made[1]
    return tuple(rows), found


def _lines(archive: Archive, speeches: Sequence[Counted], known: Sequence[Measure]) -> dict[Key, Line]:
    """The yearly values of every metric of every series, whatever the comparison is by; only years with a value."""
    of = {s.material.card.speech_id: s for s in speeches}
    lines = {}
    for series in archive.series:
        years = archive.years(series)
        size_unit = archive.of(series)[0].card.size_unit
        by_year = {y: estimate_all([of[m.card.speech_id] for m in members], known) for y, members in years.items()}
        for place, measure in enumerate(known):
            valued = {y: value for y, found in by_year.items()
                      if (value := found[place]) is not None and value.value is not None}
            if valued:
                unit = unit_of(measure, size_unit)
                lines[series, measure.name] = Line(measure, unit, tuple(valued), tuple(valued.values()))
    return lines


def _trends(archive: Archive, known: Sequence[Measure], lines: Mapping[Key, Line]) -> tuple[Trend, ...]:
    return tuple(trend for series in archive.series
                 for trend in trends(series, [lines[series, m.name] for m in known if (series, m.name) in lines]))


def _pooled(archive: Archive, speeches: Sequence[Counted], known: Sequence[Measure]) -> dict[Key, Estimate]:
    """Every metric over all speeches of a series."""
    made: dict[Key, Estimate] = {}
    for series in archive.series:
        members = [s for s in speeches if s.material.card.series == series]
        found = zip(known, estimate_all(members, known), strict=True)
        made |= {(series, measure.name): value for measure, value in found if value is not None}
    return made


def _within(archive: Archive, known: Sequence[Measure], estimates: Mapping[tuple[str, str, str], Estimate],
            by: str) -> Iterable[Difference]:
    """Differences between the groups of each series; undated speeches have no place between years."""
    for series in archive.series:
        size_unit = archive.of(series)[0].card.size_unit
        sizes = Counter(m.card.group for m in archive.of(series))
        for measure in known:
            groups = [g for g in archive.groups if (series, g, measure.name) in estimates]
            if by == "year":
                groups = [g for g in groups if g != undated()]
            for a, b in pairs(groups, sizes, ordered=by == "year") if len(groups) > 1 else ():
                yield difference(measure.name, measure.kind, unit_of(measure, size_unit), series, (a, b),
                                 (estimates[series, a, measure.name], estimates[series, b, measure.name]))


def _between(archive: Archive, known: Sequence[Measure], pooled: Mapping[Key, Estimate]) -> Iterable[Difference]:
    """Differences between whole series, with an empty `series`; only where both count in the same unit."""
    units = {series: archive.of(series)[0].card.size_unit for series in archive.series}
    for a, b in combinations(archive.series[:PAIRED], 2):
        for measure in known:
            unit = unit_of(measure, units[a])
            values = pooled.get((a, measure.name)), pooled.get((b, measure.name))
            if values[0] is not None and values[1] is not None and unit == unit_of(measure, units[b]):
                yield difference(measure.name, measure.kind, unit, "", (a, b), (values[0], values[1]))
