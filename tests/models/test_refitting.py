"""What `tools/refit.py` fits on: each coded speech read by a reader that has learned no label of its event."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rhetoric.models import reader
from rhetoric.models.encoder import model

TOOLS = Path(__file__).parents[2] / "tools"
FULL, FUNCTION_ONLY = "id\ttext\tfunction\temotion\tslogan\tfigures\n", "id\ttext\tfunction\n"


@pytest.fixture
def kept_out(monkeypatch):
    """The tool, over two readers that are not there: the installed one and an older one."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import kept_out

    abouts = {reader.FOLDER: {"held_out": ["kept-1"], "trained_on": ["ann-1", "bob-1", "eve-1"]},
              Path("older"): {"held_out": ["kept-1"], "trained_on": ["ann-1"]}}
    monkeypatch.setattr(model, "read_about", abouts.__getitem__)
    monkeypatch.setattr(reader, "read", lambda speech, folder: (folder, speech))
    yield kept_out
    sys.modules.pop("kept_out", None)


def test_no_speech_is_read_by_a_reader_that_learned_from_its_event(kept_out, tmp_path: Path) -> None:
    (tmp_path / "silver").mkdir()
    for name in ("kept-1", "ann-1", "ann-1-b", "silver/bob-1"):
        (tmp_path / f"{name}.tsv").write_text(f"{FULL}0\tIt rained.\tvalues\t-\t0\t-\n", encoding="utf-8")
    (tmp_path / "eve-1.tsv").write_text(f"{FUNCTION_ONLY}0\tIt rained.\tvalues\n", encoding="utf-8")

    def found(*others: Path) -> dict[str, tuple[Path, bool]]:
        return {read.gold.name: (read.speech[0], read.kept_out) for read in kept_out.read_all(tmp_path, others)
                if not read.invented}

    assert found() == {"kept-1": (reader.FOLDER, True)}
    assert found(Path("older")) == {"kept-1": (reader.FOLDER, True), "bob-1": (Path("older"), False)}


def test_the_invented_speeches_are_read_by_the_installed_reader(kept_out, tmp_path: Path) -> None:
    (tmp_path / "kept-1.tsv").write_text(f"{FULL}0\tIt rained.\tvalues\t-\t0\t-\n", encoding="utf-8")
    invented = [read for read in kept_out.read_all(tmp_path, [Path("older")]) if read.invented]
    assert len(invented) == len(list((TOOLS.parent / "tests" / "gold").glob("*.tsv")))
    assert {read.speech[0] for read in invented} == {reader.FOLDER}
