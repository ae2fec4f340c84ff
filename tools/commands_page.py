"""Write docs/commands.md from the commands' own help. Usage: python tools/commands_page.py [--check]."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer

from rhetoric.cli import app

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
HEAD = """\
# Commands

Written by `tools/commands_page.py` from the commands' own help. Results go to stdout, progress and errors to stderr.
Exit codes: 0 all done, 1 finished with failures, 2 wrong use or configuration, 130 interrupted.
`rhetoric -v` says more, `-vv` adds the traceback of an error, `-q` says errors only.
"""


def section(words: str, command: Any) -> list[str]:
    """One command: its line of use, its help, its options."""
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    names = " ".join(p.metavar or p.name.upper() for p in arguments)
    lines = ["", f"## rhetoric {words}", "", f"    rhetoric {words} {names}".rstrip(), "", command.help.strip(), ""]
    for parameter in (*arguments, *options):
        name = ", ".join(parameter.opts) if parameter in options else parameter.metavar or parameter.name.upper()
        lines.append(f"- `{name}` {parameter.help or ''}".rstrip())
    return lines


def page() -> str:
    """The whole page."""
    lines = HEAD.splitlines()
    root: Any = typer.main.get_command(app)
    for name, command in root.commands.items():
        subs = getattr(command, "commands", {"": command})
        for sub, leaf in subs.items():
            lines += section(f"{name} {sub}".strip(), leaf)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    text = page()
    if "--check" in sys.argv:
        fresh = PAGE.read_text(encoding="utf-8") == text
        sys.exit(0 if fresh else "docs/commands.md is stale: run tools/commands_page.py")
    PAGE.write_text(text, encoding="utf-8")
