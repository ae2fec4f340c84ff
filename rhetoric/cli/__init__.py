"""The command line: parse, call the pipeline, print. Results go to stdout, progress and errors to stderr.

One place (`main`) turns an error into one line and an exit code: 0 all done, 1 finished with failures, 2 wrong use or
configuration, 130 interrupted. Everything heavy is imported inside the commands, so that `--help` is quick.
"""

from __future__ import annotations

import logging
import sys

import typer

import rhetoric
from rhetoric.cli import (
    align,
    archives,
    checks,
    evaluating,
    exchange,
    findings,
    glossary,
    media,
    models,
    reports,
    training,
)
from rhetoric.cli.output import one_line
from rhetoric.errors import RhetoricError

app = typer.Typer(
    name="rhetoric", no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Measure how leaders talk at launch events: from keynote recordings to a comparison report with evidence.\n\n"
         "Two commands do it all: `rhetoric add FILES --speaker NAME`, then `rhetoric run`.",
)

INTERRUPTED = 130
ARCHIVE, ANALYSIS, PARTS = "Archive", "One step at a time", "Parts"

for command, panel in (
    (archives.init, ARCHIVE), (archives.add, ARCHIVE), (archives.run, ARCHIVE), (archives.status, ARCHIVE),
    (findings.transcribe, ANALYSIS), (findings.analyze, ANALYSIS), (reports.compare, ANALYSIS),
    (reports.report, ANALYSIS), (reports.kwic, ANALYSIS), (checks.check, ANALYSIS), (exchange.tables, ANALYSIS),
    (exchange.export_codes, PARTS), (exchange.import_codes, PARTS), (align.align, PARTS),
    (media.export, PARTS), (media.clip, PARTS), (media.score, PARTS),
    (training.train, PARTS), (evaluating.evaluate, PARTS), (archives.publish, PARTS),
    (archives.config, PARTS),
):
    app.command(rich_help_panel=panel)(command)
app.add_typer(glossary.app, name="glossary", rich_help_panel=PARTS)
app.add_typer(models.app, name="models", rich_help_panel=PARTS)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rhetoric {rhetoric.__version__}")
        raise typer.Exit


@app.callback()
def settings(
    verbose: int = typer.Option(0, "--verbose", "-v", count=True, show_default=False,
                                help="Say more on stderr; -vv adds the traceback of an error."),
    quiet: bool = typer.Option(False, "--quiet", "-q", help="No progress on stderr; errors only."),
    version: bool = typer.Option(False, "--version", callback=_print_version, is_eager=True,
                                 help="Print the version and stop."),
) -> None:
    """Set how much is said on stderr."""
    level = logging.ERROR if quiet else (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    logging.getLogger("rhetoric").setLevel(level)


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error of ours is one line on stderr."""
    verbose = sum(a.count("v") for a in arguments if a.startswith("-") and set(a[1:]) == {"v"})
    try:
        result = app(arguments, standalone_mode=False)
        if result == INTERRUPTED:  # what Typer makes of Ctrl-C
            raise KeyboardInterrupt
        return result if isinstance(result, int) else 0
    except RhetoricError as error:
        if verbose > 1:
            logging.getLogger(__name__).error("", exc_info=error)
        print(f"rhetoric: {one_line(str(error))}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        print("\nrhetoric: interrupted; what was finished is kept, the same command goes on from there",  # noqa: T201
              file=sys.stderr)
        return INTERRUPTED
    except typer.TyperException as error:  # wrong use of the command line
        return _wrong_use(error)
    except RecursionError:
        return _unexpected("the input is nested too deeply", verbose)
    except (OSError, UnicodeError, ValueError, MemoryError) as error:
        if isinstance(error, BrokenPipeError):
            sys.stderr.close()  # the reader of our output went away (`| head`): nothing is wrong
            return 0
        return _unexpected(f"{type(error).__name__}: {error}", verbose)


def _wrong_use(error: typer.TyperException) -> int:
    """What Typer would put in a box, in one line; no arguments at all is a call for help, which it has printed."""
    # The common base class of Typer's errors has neither a message nor the command; those of wrong use have both.
    what = one_line(getattr(error, "format_message", lambda: str(error))()).rstrip(".")
    if what:
        names, place = [], getattr(error, "ctx", None)
        while place is not None and place.parent is not None:
            names.append(place.info_name)
            place = place.parent
        print(f"rhetoric: {what}; `{' '.join(['rhetoric', *reversed(names)])} --help` says what there is",  # noqa: T201
              file=sys.stderr)
    return 2


def _unexpected(what: str, verbose: int) -> int:
    """The last net: what no command foresaw is a line too, and the traceback is there for the asking."""
    if verbose > 1:
        logging.getLogger(__name__).exception("")
    print(f"rhetoric: {one_line(what)}; `rhetoric -vv ...` shows where", file=sys.stderr)  # noqa: T201
    return 1
