"""What docs/security.md promises of files, links, programs and networks; the rest stands beside what it guards:
catalog paths (test_archive), entities (test_feeds), the page's policy (report/test_render), formulas (transcribe and
tables), weights (models/test_weights), importers (fuzz)."""

from __future__ import annotations

import ast
import os
import socket
import threading
from pathlib import Path

import pytest

from rhetoric.archive import Archive, init_archive, open_archive
from rhetoric.cli.adding import add_files
from rhetoric.cli.lists import Facts
from rhetoric.errors import ArchiveError, AudioError
from rhetoric.files import LOCK_NAME, locked
from rhetoric.transcribe.decode import Stream
from rhetoric.transcribe.journal import Journal

PACKAGE = Path(__file__).parents[1] / "rhetoric"
FORBIDDEN = {"pickle", "marshal", "shelve", "dill", "joblib", "yaml"}
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}


@pytest.fixture
def archive(tmp_path) -> Archive:
    return init_archive(tmp_path / "archive")


@pytest.fixture
def precious(tmp_path) -> Path:
    path = tmp_path / "precious"
    path.write_text("mine", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", [LOCK_NAME, f"{LOCK_NAME}.owner"])
def test_the_lock_is_not_written_through_a_link(archive, precious, name):
    (archive.root / name).symlink_to(precious)
    with pytest.raises(ArchiveError, match="is a link to another file"), locked(archive.root):
        pass
    assert precious.read_text(encoding="utf-8") == "mine"


def test_the_journal_is_not_written_through_a_link(archive, precious):
    journal = archive.journal_path("a")
    journal.parent.mkdir()
    journal.symlink_to(precious)
    with pytest.raises(ArchiveError, match="is a link to another file"):
        Journal.open(journal, {"engine": "x"}, 1.0)
    assert precious.read_text(encoding="utf-8") == "mine"


def test_a_transcript_replaces_a_link_and_not_what_it_leads_to(archive, precious, tmp_path):
    (tmp_path / "talk.txt").write_text("Good evening. It is a fine night.", encoding="utf-8")
    archive.transcript_path("talk").symlink_to(precious)
    (archive.audio / ".talk.txt.part").symlink_to(precious)
    assert [o.status for o in add_files(archive, [tmp_path / "talk.txt"], Facts())] == ["done"]
    assert not archive.transcript_path("talk").is_symlink()
    assert precious.read_text(encoding="utf-8") == "mine"


def test_a_name_that_looks_like_an_option_is_a_name(rhetoric_in, tmp_path):
    (tmp_path / "-rf.txt").write_text("Good evening. It is a fine night.", encoding="utf-8")
    done = rhetoric_in(tmp_path, "add", "--", "-rf.txt")
    assert done.returncode == 0, done.stderr
    assert [r.speech_id for r in open_archive(tmp_path).recordings()] == ["rf"]


@pytest.fixture
def rhetoric_in():
    import subprocess
    import sys

    def run(folder: Path, *arguments: str):
        return subprocess.run([sys.executable, "-m", "rhetoric", *arguments], cwd=folder, text=True,
                              capture_output=True, check=False, env=os.environ | {"PYTHONPATH": str(PACKAGE.parent)})

    return run


@pytest.mark.parametrize("text", [
    "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{address}/a.ts\n#EXT-X-ENDLIST\n",
    "ffconcat version 1.0\nfile '{address}/a.mp3'\n",
    "[playlist]\nFile1={address}/a.mp3\n",
    "<?xml version='1.0'?><MPD><Period><BaseURL>{address}</BaseURL></Period></MPD>",
])
def test_a_playlist_that_calls_itself_a_recording_reaches_no_network(tmp_path, text):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        called = threading.Event()

        def listen() -> None:
            try:
                server.accept()
                called.set()
            except OSError:
                pass

        listener = threading.Thread(target=listen)
        listener.start()
        path = tmp_path / "talk.mp3"
        path.write_text(text.format(address=f"http://127.0.0.1:{server.getsockname()[1]}"), encoding="utf-8")
        with pytest.raises(AudioError):
            list(Stream(path))
        listener.join()
    assert not called.is_set()


def calls(tree: ast.AST):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_nothing_is_unpickled_and_no_shell_is_called():
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import)
                    for alias in node.names} | {(node.module or "").split(".")[0] for node in ast.walk(tree)
                                                if isinstance(node, ast.ImportFrom)
                                                and [alias.name for alias in node.names] != ["UnpicklingError"]}
        wrong += [f"{path.name} imports {name}" for name in imported & FORBIDDEN]
        for call in calls(tree):
            name = ast.unparse(call.func)
            if name in RUNS_TEXT or name in ("os.system", "os.popen"):
                wrong.append(f"{path.name}:{call.lineno} {name}")
            for keyword in call.keywords:
                if (keyword.arg, ast.unparse(keyword.value)) in (("shell", "True"), ("allow_pickle", "True")):
                    wrong.append(f"{path.name}:{call.lineno} {ast.unparse(keyword)}")
    assert not wrong, wrong
