"""The CSV files behind the chapters; the rules of their cells are those of `data.py`."""

from __future__ import annotations

from collections.abc import Iterable

from rhetoric.cells import write_csv
from rhetoric.report.data import ROW_COLUMNS
from rhetoric.types import Comparison, Quote

_KEY = ("kind", "field", "group", "term", "words", "z", "log_odds", "low", "high", "count", "rest_count", "group_size",
        "rest_size", "speeches_with", "speeches", "dispersion")


def chapter_files(comparison: Comparison) -> dict[str, str]:
    """File name -> CSV text; a chapter that the page does not have has no file."""
    c = comparison
    told = [k for k in c.keyness if k.kind == "group" or k.terms]
    held = {"keywords.csv": told, "spread.csv": c.spreads, "frames.csv": c.templates, "style.csv": c.style,
            "map.csv": c.style, "home.csv": c.at_home, "questions.csv": c.questions, "norms.csv": c.norms}
    return {name: text for name, text in _files(c).items() if held.get(name, True)}


def _files(c: Comparison) -> dict[str, str]:
    return {
        "keywords.csv": write_csv(_KEY, ([k.kind, k.field, k.group, t.term, t.n_words, t.z, t.log_odds, t.low, t.high,
                                          t.count, t.rest_count, k.size, k.rest_size, t.n_speeches, k.n_speeches,
                                          t.dispersion] for k in c.keyness for t in k.terms)),
        "spread.csv": write_csv(("series", "term", "count", "dispersion", "speech_id", "place"),
                                ([s.series, s.term, s.count, s.dispersion, p.speech_id, at] for s in c.spreads
                                 for p in s.speeches for at in p.places)),
        "frames.csv": write_csv(
            ("series", "frame", "uses", "speeches", "group", "uses_in_group", "per_1000", *_place_columns("first"),
             *_place_columns("last")),
            ([t.series, t.frame, t.count, t.n_speeches, group, uses, rate, *_place(t.first), *_place(t.last)]
             for t in c.templates for group, uses, rate in t.by_group)),
        "retold.csv": write_csv(("series", "similarity", *_place_columns("a"), *_place_columns("b")),
                                ([r.series, r.similarity, *_place(r.a), *_place(r.b)] for r in c.retold)),
        "novelty.csv": write_csv(
            ("speech_id", "series", "first_sentence", "last_sentence", "start_s", "size", "novelty", "begins"),
            ([n.speech_id, n.series, n.first_sentence + 1, n.last_sentence + 1, n.start_s, n.size, n.novelty,
              n.quote.text] for n in c.novelty)),
        "style.csv": write_csv(
            ("kind", "language", "a", "b", "delta", "low", "high", "features"),
            ([m.kind, m.language, d.a, d.b, d.value, d.low, d.high,
              "; ".join(f"{f.feature} {f.difference:+.2f}" for f in d.features)]
             for m in c.style for d in m.distances)),
        "map.csv": write_csv(("kind", "language", "name", "series", "label", "x", "y", "words", "kept"),
                             ([m.kind, m.language, p.name, p.series, p.label, p.x, p.y, p.size, m.kept]
                              for m in c.style for p in m.points)),
        "home.csv": write_csv(("host", "guest", "score", "words", *_place_columns("")),
                                 ([h.host, h.guest, q.score, "; ".join(q.marks), *_place(q)] for h in c.at_home
                                  for q in h.quotes)),
        "questions.csv": write_csv(
            ("question", "told", "answer", *ROW_COLUMNS),
            ([q.key, q.told, q.text.en, *(getattr(row, column) for column in ROW_COLUMNS)] for q in c.questions
             for row in q.rows)),
        "norms.csv": write_csv(
            ("metric", "series", "group", "language", "value", "unit", "percentile", "low", "high", "n_speeches"),
            ([n.metric, n.series, n.group, n.language, n.value, n.unit, n.percentile, n.low, n.high, n.n_speeches]
             for n in c.norms)),
    }


def _place_columns(prefix: str) -> Iterable[str]:
    return (f"{prefix}_{name}".strip("_") for name in ("speech_id", "sentence", "start_s", "text"))


def _place(quote: Quote) -> list[object]:
    return [quote.speech_id, quote.sentence_index + 1, quote.start_s, quote.text]
