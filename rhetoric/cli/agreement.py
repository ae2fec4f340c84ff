"""The scores of `rhetoric evaluate` as tables: the figures with their intervals, each label, each speech."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rhetoric.cli.output import clean, console
from rhetoric.codebook import FIGURES, FUNCTIONS
from rhetoric.plurals import counted, speeches

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from rhetoric.evaluation import Evaluation, Scored

FIGURES_OF = (
    ("function.accuracy", "function: accuracy, ten labels"), ("function.kappa", "function: kappa, ten labels"),
    ("function.group_kappa", "function: kappa, groups"),
    ("story_share.mean_abs_error", "story share: mean error"),
    ("story_share.max_abs_error", "story share: worst error"),
    ("story_share.interval_coverage", "story share: covered by its interval"),
    ("story_to_product.mean_abs_error", "story to product: mean error"),
    ("story_to_product.interval_coverage", "story to product: covered by its interval"),
    ("emotion.f1", "emotion, any or none: F1"), ("emotion.class_accuracy", "emotion: right class"),
    ("emotion.intensity_error", "emotion: error of the intensity"),
    ("slogans.average_precision", "slogans: average precision"),
    ("slogans.recall_at_10", "slogans: found among the first 10"),
    ("slogans.recall_at_20", "slogans: found among the first 20"),
    *((f"figures.{name}", f"figure {name}: F1") for name in FIGURES),
)
BY_SPEECH = (("function.accuracy", "accuracy"), ("function.group_kappa", "kappa"),
             ("story_share.mean_abs_error", "story error"), ("emotion.f1", "emotion F1"),
             ("slogans.recall_at_20", "slogans @20"))
SEEN = {True: "seen", False: "unseen", None: "?"}
LABELS = (*((f"function_labels.{label}", f"function {label}") for label in FUNCTIONS),
          *((f"figure_labels.{name}", f"figure {name}") for name in FIGURES))


def print_evaluation(evaluation: Evaluation, *, readings: str, seen_is_known: bool) -> None:
    """Tables of all scores, and a line on how far they can be trusted."""
    out = console()
    _print_figures(out, [*((s, s.language) for s in evaluation.pooled),
                         *((s, f"{s.language}, unseen") for s in evaluation.unseen)])
    _print_labels(out, evaluation.pooled)
    _print_speeches(out, evaluation.by_speech)
    for line in _notes(evaluation, readings, seen_is_known):
        out.print(line, markup=False)


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at else "left")
    return table


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _with_interval(scored: Scored, name: str) -> str:
    bounds = scored.intervals.get(name)
    interval = f" [{bounds[0]:.2f}, {bounds[1]:.2f}]" if bounds else ""
    return _number(scored.scores[name]) + interval


def _print_figures(out: Console, columns: Sequence[tuple[Scored, str]]) -> None:
    from rich.text import Text

    table = _table("pooled, with 95 % intervals over speeches", *(title for _, title in columns))
    for name, shown in FIGURES_OF:
        table.add_row(shown, *(Text(_with_interval(scored, name)) for scored, _ in columns))
    table.add_row("n", *(f"{speeches(s.speeches)}, {counted(s.sentences, 'sentence')}" for s, _ in columns))
    out.print(table)


def _print_labels(out: Console, languages: Sequence[Scored]) -> None:
    from rich.text import Text

    out.print()
    kinds = ("precision", "recall", "F1")
    table = _table("each label", *(f"{scored.language}: {kind}" for scored in languages for kind in kinds))
    for name, shown in LABELS:
        cells = []
        for scored in languages:
            f1 = f"{name}.f1" if f"{name}.f1" in scored.scores else name.replace("figure_labels", "figures")
            cells += [_number(scored.scores[f"{name}.precision"]), _number(scored.scores[f"{name}.recall"]),
                      _with_interval(scored, f1)]
        table.add_row(shown, *map(Text, cells))
    out.print(table)


def _print_speeches(out: Console, speeches: Sequence[Scored]) -> None:
    from rich.text import Text

    out.print()
    table = _table("each speech", "language", "sentences", "reader", *(title for _, title in BY_SPEECH))
    for scored in speeches:
        seen = SEEN[None if scored.seen is None else bool(scored.seen)]
        table.add_row(Text(clean(scored.name)), scored.language, str(scored.sentences), seen,
                      *(_number(scored.scores[name]) for name, _ in BY_SPEECH))
    out.print(table)
    out.print()


def _notes(evaluation: Evaluation, readings: str, seen_is_known: bool) -> Iterator[str]:
    if readings != "installed":
        left_out, _, encoder = readings.partition(", ")
        who = "Sentences are read by encoders and" if encoder else "Functions are read by"
        yield (f"{who} word readers trained without the {left_out} scored. Word lists, rules and the weights of "
               "slogans are as installed.")
    elif not seen_is_known:
        yield ("The reader does not say which speeches it was trained on: on those it has seen these scores flatter. "
               "--cross-validate speech gives the figures to report.")
    elif seen := sum(bool(scored.seen) for scored in evaluation.by_speech):
        apart = "; the unseen ones are scored apart" if evaluation.unseen else ""
        yield (f"{seen} of {speeches(len(evaluation.by_speech))} {'was' if seen == 1 else 'were'} seen in training: "
               f"scores on them flatter{apart}.")
    yield "Agreement with this folder's coding: what it is worth depends on who coded the speeches, and how."
