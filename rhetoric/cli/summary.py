"""Analyses and comparisons in a terminal: what one would screenshot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rhetoric.cli.chapters import print_chapters
from rhetoric.cli.output import clean, clock, console
from rhetoric.codebook import EMOTION_NAMES, FIGURE_NAMES, GROUP_NAMES, GROUPS
from rhetoric.plurals import counted

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from rhetoric.types import Comparison, Tables

GROUP_STYLES = {"story": "dark_orange", "product": "dodger_blue2", "results": "dark_cyan", "values": "medium_purple",
                "other": "grey62"}
BAR_WIDTH = 60
SHOWN = 5


def _of(rows: pd.DataFrame, **values: str) -> pd.DataFrame:
    """The rows where these columns have these values."""
    for column, value in values.items():
        rows = rows[rows[column] == value]
    return rows


def _number(value: Any) -> float | None:
    import pandas as pd

    return None if value is None or pd.isna(value) else float(value)


def _interval(low: float | None, high: float | None, scale: float = 100, digits: int = 0) -> str:
    return "" if low is None or high is None else f" ({low * scale:.{digits}f} to {high * scale:.{digits}f})"


def summary_data(tables: Tables) -> list[dict[str, Any]]:
    """Each speech's numbers and findings as plain data, for `--json`."""
    return [_speech_data(tables, speech) for speech in tables.speeches.to_dict("records")]


def _speech_data(tables: Tables, speech: dict[Any, Any]) -> dict[str, Any]:
    import pandas as pd

    speech_id = speech["speech_id"]

    def plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
        return [{str(key): None if pd.isna(value) else value for key, value in row.items() if key != "speech_id"}
                for row in rows.to_dict("records")]

    return {
        "speech": plain(pd.DataFrame([{**speech, "id": speech_id}]))[0],
        "metrics": plain(_of(tables.metrics, speech_id=speech_id)),
        "sentences": plain(_of(tables.sentences, speech_id=speech_id)),
        "findings": plain(_of(tables.findings, speech_id=speech_id)),
        "runs": plain(_of(tables.runs, speech_id=speech_id)),
    }


def print_summaries(tables: Tables, *, full: bool) -> None:
    """A summary of each speech; `full` with its lines, else the bar and the main numbers only."""
    out = console()
    for speech in tables.speeches.to_dict("records"):
        _print_speech(out, tables, speech, full=full)


def _print_speech(out: Console, tables: Tables, speech: dict[Any, Any], *, full: bool) -> None:
    from rich.text import Text

    speech_id = speech["speech_id"]
    metrics = {row["name"]: row for row in _of(tables.metrics, speech_id=speech_id).to_dict("records")}
    length = clock(_number(speech["duration_s"])) if speech["timed"] else "no times"
    head = " · ".join(str(clean(part)) for part in (
        speech["title"] or speech_id, speech["speaker"], speech["date"], length,
        f"{speech['size']:,} {speech['size_unit']}", counted(speech['n_sentences'], 'sentence')) if part)
    out.print(Text(head, style="bold"))
    out.print(_composition(metrics))
    out.print(Text(_ratio_line(metrics)))
    if full:
        findings = _of(tables.findings, speech_id=speech_id)
        sentences = _of(tables.sentences, speech_id=speech_id)
        _print_slogans(out, findings)
        _print_emotions(out, findings, sentences, metrics)
        _print_figures(out, findings, sentences)
        _print_patterns(out, findings)
        _print_voice(out, findings, metrics)
    failed = _of(tables.runs, speech_id=speech_id, status="failed")
    for run in failed.to_dict("records"):
        out.print(Text(f"✗ {run['step']} failed: {clean(run['error'])}", style="red"))
    out.print()


def _composition(metrics: dict[str, dict[Any, Any]]) -> Any:
    """A bar of the five groups with their shares; the letters tell them apart without colour."""
    from rich.text import Text

    shares = {group: _number(metrics.get(f"share_{group}", {}).get("value")) or 0.0 for group in GROUPS}
    bar = Text()
    for group, share in shares.items():
        bar.append(group[0].upper() * round(share * BAR_WIDTH), style=f"black on {GROUP_STYLES[group]}")
    bar.append("\n")
    for group, share in shares.items():
        bar.append(f"{GROUP_NAMES[group][0]} {share:.0%}  ", style=GROUP_STYLES[group])
    return bar


def _ratio_line(metrics: dict[str, dict[Any, Any]]) -> str:
    row = metrics.get("story_to_product")
    value = _number(row["value"]) if row else None
    if row is None or value is None:
        return "story-to-product ratio: neither story nor product was found"
    interval = _interval(_number(row["low"]), _number(row["high"]))
    by_size = metrics.get("story_to_product_by_size")
    also = f"; by {by_size['unit']} {_number(by_size['value']):.0%}" if by_size and row["unit"] == "seconds" else ""
    return f"story / (story + product): {value * 100:.0f} %{interval}, by {row['unit']}{also}"


def _print_slogans(out: Console, findings: pd.DataFrame) -> None:
    best = _of(findings, stage="slogans").sort_values(["score", "sentence_index"], ascending=[False, True])
    _print_lines(out, "Lines made to be quoted", [
        (f"{row['score']:3.0f}", row["start_s"], row["quote"], row["evidence"])
        for row in best.head(SHOWN).to_dict("records")])


def _print_emotions(out: Console, findings: pd.DataFrame, sentences: pd.DataFrame,
                    metrics: dict[str, dict[Any, Any]]) -> None:
    rows = _of(findings, stage="emotion").sort_values(["score", "sentence_index"], ascending=[False, True])
    density = metrics.get("emotion_density")
    note = f": {len(rows)}, {_number(density['value']) or 0:.1f} {density['unit']}" if density else ""
    text_of = dict(zip(sentences["sentence_index"], sentences["text"], strict=True))
    _print_lines(out, f"Emotional phrases{note}", [
        ("•" * int(row["score"]), row["start_s"], f"{row['quote']}  [{EMOTION_NAMES[row['label']][0]}]",
         text_of[row["sentence_index"]]) for row in rows.head(SHOWN).to_dict("records")])


def _print_figures(out: Console, findings: pd.DataFrame, sentences: pd.DataFrame) -> None:
    rows = _of(findings, stage="figures")
    lines = []
    for label, (name, _) in FIGURE_NAMES.items():
        of_label = _of(rows, label=label)
        if len(of_label):
            first = of_label.iloc[0]
            lines.append((f"{len(of_label):3}", first["start_s"], f"{name}: {first['quote']}", ""))
    _print_lines(out, "Figures of speech", lines)


def _print_patterns(out: Console, findings: pd.DataFrame) -> None:
    """Each line that returns and each frame used again, once, the most used first."""
    rows = _of(findings, stage="patterns")
    rows = rows[rows["score"] > 1].sort_values(["score", "sentence_index"], ascending=[False, True])
    first: dict[tuple[str, str], tuple[str, Any, str, str]] = {}
    for row in rows.to_dict("records"):
        name, _, rest = row["evidence"].partition("; ")
        key = (row["label"], name if row["label"] == "frame" else row["quote"].casefold())
        note = name if row["label"] == "frame" else rest
        first.setdefault(key, (f"{row['score']:.0f}×", row["start_s"], row["quote"], note))
    if first:
        _print_lines(out, "Lines and frames that return", list(first.values())[:SHOWN])


def _print_voice(out: Console, findings: pd.DataFrame, metrics: dict[str, dict[Any, Any]]) -> None:
    """In whose name and how surely; then what is promised, and what is said to be better than nothing named."""
    from rich.text import Text

    if "voice_i" not in metrics:
        return
    shares = " · ".join(f"{name} {_number(metrics[f'voice_{key}']['value']) or 0:.0%}"
                        for key, name in (("i", "I"), ("we", "we"), ("you", "you")))
    words = " · ".join(f"{name} {_number(metrics[f'voice_{key}']['value']) or 0:.1f}"
                       for key, name in (("hedge", "hedges"), ("certainty", "certainty"),
                                         ("superlative", "superlatives")))
    rows = _of(findings, stage="voice")
    lines = [(mark, row["start_s"], row["quote"], row["evidence"])
             for label, mark in (("promise", "✓"), ("open_comparative", "?"))
             for row in _of(rows, label=label).head(SHOWN).to_dict("records")]
    out.print(Text(f"Voice: {shares}; {words} {metrics['voice_hedge']['unit']}", style="bold"))
    _print_lines(out, "", lines)


def _print_lines(out: Console, title: str, lines: Sequence[tuple[str, Any, str, str]]) -> None:
    from rich.text import Text

    if title:
        out.print(Text(title if lines else f"{title}: none found", style="bold"))
    for mark, start_s, quote, note in lines:
        second = _number(start_s)
        line = Text(f"  {mark:>3}  ")
        line.append(f"{clock(second):>7}  " if second is not None else "", style="grey62")
        line.append(clean(quote))
        if note:
            line.append(f"  {clean(note)}", style="grey62")
        out.print(line, overflow="ellipsis", no_wrap=True)


def print_comparison(comparison: Comparison, *, lang: str) -> None:
    """The answers, what to doubt, and every metric by group with its interval."""
    from rich.table import Table
    from rich.text import Text

    out = console()

    def text(value: Any) -> str:
        return clean(value.zh if lang == "zh" else value.en)

    out.print(Text(text(comparison.title), style="bold"))
    for answer in comparison.answers:
        line = Text(f"• {text(answer.text)} ")
        line.append(text(answer.detail), style="grey62")
        out.print(line)
    for alert in comparison.alerts:
        out.print(Text(f"▲ {text(alert.text)}", style="yellow"))
    for series in comparison.series:
        rows = [row for row in comparison.rows if row.series == series]
        groups = [group for group in comparison.groups if any(row.group == group for row in rows)]
        table = Table(title=Text(clean(series), style="bold"), title_justify="left", box=None, pad_edge=False)
        for column in ("", *(clean(group) for group in groups), "unit"):
            table.add_column(Text(column), justify="left" if not column else "right")
        for metric in dict.fromkeys(row.metric for row in rows):
            of_metric = {row.group: row for row in rows if row.metric == metric}
            unit = next(iter(of_metric.values())).unit
            table.add_row(metric.replace("_", " "), *(_cell(of_metric.get(group)) for group in groups), Text(unit))
        out.print(table)
    for trend in comparison.trends:
        if trend.told or trend.metric == "story_to_product":
            out.print(Text(f"  {clean(trend.series)}: {text(trend.text)}"))
    print_chapters(out, comparison, lang=lang)


def _cell(row: Any) -> str:
    if row is None or row.value is None:
        return "–"
    scale, digits = (100, 0) if row.unit.startswith("share") or "%" in row.unit or row.metric.startswith(
        ("share_", "story_to_product", "owner_")) else (1, 1)
    percent = " %" if scale == 100 else ""
    return f"{row.value * scale:.{digits}f}{percent}{_interval(row.low, row.high, scale, digits)}"
