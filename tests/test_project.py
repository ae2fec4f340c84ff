"""Rules of the house that a program can hold: layers, light start, docs that name every command."""

from __future__ import annotations

import ast
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

import rhetoric
from rhetoric import errors

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "rhetoric"
LAYERS = (
    {"errors", "plurals"},
    {"types", "codebook"},
    {"files", "cells", "storage"},
    {"config", "checks", "intervals", "share_errors", "weights"},
    {"archive", "jobs", "records", "notebook", "codes", "lexicons", "models"},
    {"speed", "rows", "feeds"},
    {"transcribe", "sentences", "stages", "delivery", "tables", "compare", "report", "exchange"},
    {"plan", "provenance"},
    {"pipeline", "evaluation"},
    {"engines", "api", "coding", "documents", "publishing"},
    {"cli"},
    {"__main__"},
)
LAYER_OF = {name: height for height, names in enumerate(LAYERS) for name in names}
HEAVY = {"numpy", "pandas", "spacy", "jieba", "torch", "av", "ctranslate2", "faster_whisper", "onnxruntime", "pyarrow",
         "jinja2", "opencc", "pydub", "sklearn", "duckdb", "docx", "xlsxwriter", "resvg_py"}


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(path: Path) -> set[str]:
    """The parts of the package that a file imports, anywhere in it, type checking left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body = [ast.Pass()]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "rhetoric":
            names = node.module.split(".")[1:2] or [alias.name for alias in node.names]
            found |= set(names)
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("rhetoric.")}
    return found - {"__version__"}


def test_each_part_imports_only_what_is_below_it():
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        part = part_of(path)
        if part == "__init__":
            continue
        for other in sorted(imported_parts(path) - {part}):
            if LAYER_OF[other] >= LAYER_OF[part]:
                wrong.append(f"{path.relative_to(ROOT)} imports {other}")
    assert not wrong, wrong


def test_no_module_is_called_utils():
    assert not [path for path in PACKAGE.rglob("*.py") if path.stem in {"utils", "helpers", "common", "misc"}]


def test_help_loads_nothing_heavy():
    code = "import sys; from rhetoric.cli import run; run(['--help']); print(' '.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert not loaded & HEAVY
    assert "Usage" in done.stdout


def commands(command: Any, path: str = "") -> dict[str, Any]:
    """Every command by the words that call it."""
    if not hasattr(command, "commands"):
        return {path.strip(): command}
    found: dict[str, Any] = {}
    for key, sub in command.commands.items():
        found |= commands(sub, f"{path} {key}")
    return found


def test_every_command_has_help_and_stands_in_the_docs():
    from rhetoric.cli import app

    pages = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    text = "".join(path.read_text(encoding="utf-8") for path in pages)
    for name, command in commands(typer.main.get_command(app)).items():
        assert command.help, name
        assert f"rhetoric {name}" in text, f"no page of the docs names `rhetoric {name}`"


def test_the_docs_name_no_command_that_is_not_there():
    from rhetoric.cli import app

    known = {name.split()[0] for name in commands(typer.main.get_command(app))}
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for named in re.findall(r"^ *(?:\$ )?rhetoric ([a-z][a-z-]*)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert named in known, f"{path.name}: rhetoric {named}"


@pytest.mark.parametrize("kind", [value for value in vars(errors).values() if isinstance(value, type)])
def test_errors_survive_the_way_between_processes(kind):
    error = kind("what", "extra") if kind is errors.MissingExtraError else kind("what happened")
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), back.args) == (type(error), str(error), error.args)


def test_the_changelog_begins_with_what_is_not_released():
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased" or headings[0].startswith(rhetoric.__version__)


def test_no_public_file_names_a_machine():
    """Nothing of one machine, and no registry host, may stand in the project."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    tracked = listing.split("\n")
    marks = re.compile(r"/work/|/root/|\.\./shared/(?!gold)|pypi\.org|files\.pythonhosted|registry\.npmjs")
    texts = (ROOT / name for name in tracked if name.endswith((".py", ".md", ".toml", ".lock", ".tsv", ".csv", ".j2")))
    wrong = [path.name for path in texts if path.is_file() and path != Path(__file__)
             and marks.search(path.read_text(encoding="utf-8"))]
    assert not wrong


def test_the_page_of_commands_is_fresh():
    done = subprocess.run([sys.executable, ROOT / "tools" / "commands_page.py", "--check"], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr
