"""Recordings and texts at URLs: a real S3 server of this machine (moto), and folders elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.archive import Archive, init_archive, open_archive, read_catalog, write_catalog
from rhetoric.cli.adding import state_of
from rhetoric.errors import CatalogError, ConfigError, StorageError
from rhetoric.notebook import Notebook
from rhetoric.pipeline import transcribe_archive
from rhetoric.plan import plan_transcripts
from rhetoric.publishing import LIST, publish
from rhetoric.storage import Storage, as_url, open_system, url_faults
from rhetoric.transcribe import Heard
from rhetoric.types import Recording, Segment
from tests.archives import environment

AUDIO = Path(__file__).parents[1] / "audio"
SECRET = "never-to-be-seen-in-a-log"
TALK = "Good evening. Last winter we waited at the gate for three hours. The lamp weighs three hundred grams."


@pytest.fixture(scope="module")
def server():
    """An S3 server on this machine; the environment says where it is, as it would of any other."""
    pytest.importorskip("s3fs")
    moto = pytest.importorskip("moto.server")
    running = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    patch = pytest.MonkeyPatch()
    known = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": SECRET,
             "AWS_DEFAULT_REGION": "us-east-1", "NO_PROXY": "127.0.0.1"}
    for name, value in known.items():
        patch.setenv(name, value)
    yield running
    patch.undo()
    running.stop()


@pytest.fixture
def bucket(server, request) -> str:
    """The URL of a folder in a fresh bucket."""
    name = f"talks-{abs(hash(request.node.name)) % 10**12}"
    open_system("s3").mkdir(name)
    return f"s3://{name}/launches/"


def put(url: str, content: bytes) -> None:
    open_system("s3").pipe_file(url.removeprefix("s3://"), content)


def make(folder: Path, allow: str, **files: str) -> Archive:
    archive = init_archive(folder)
    (folder / "rhetoric.toml").write_text(f'stages = ["function"]\n[storage]\nallow = ["{allow}"]\n', encoding="utf-8")
    write_catalog(archive.catalog_path, [Recording(speech_id=name, file=file, language="en")
                                         for name, file in files.items()])
    return open_archive(folder)


def cli(archive: Archive, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, "-m", "rhetoric", *arguments], cwd=archive.root, env=environment(),
                          text=True, capture_output=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert SECRET not in done.stdout + done.stderr
    return done


class Counting:
    """A recogniser that says how long the sound was."""

    name, version, model, fingerprint = "faster-whisper", "1", "base", "0"

    def transcribe(self, audio, options, on_progress):
        length_s = len(audio) / 16_000
        return Heard(language="en", language_probability=1.0, segments=(
            Segment(text=f"Good evening for {length_s:.0f} seconds.", start_s=0.0, end_s=length_s),))


@pytest.fixture
def counting(monkeypatch):
    monkeypatch.setattr("rhetoric.pipeline.load_engine", lambda config, offline: Counting())


def hear(archive: Archive) -> dict[str, tuple[str, str]]:
    return {o.speech_id: (o.status, o.detail) for o in transcribe_archive(archive, archive.recordings())}


# --- S3 --------------------------------------------------------------------------------------------------------------


def test_a_recording_in_a_bucket_is_heard_once_and_again_when_it_changed(tmp_path, bucket, counting):
    sound, other = (AUDIO / "whitfield-2021.opus").read_bytes(), (AUDIO / "whitfield-2023.opus").read_bytes()
    put(f"{bucket}a.opus", sound)
    archive = make(tmp_path / "a", bucket, a=f"{bucket}a.opus")
    here = make(tmp_path / "b", bucket, a="a.opus")
    (here.audio / "a.opus").write_bytes(sound)
    assert hear(archive)["a"][0] == hear(here)["a"][0] == "done"
    # The same transcript as of the same recording in the archive, and nothing of it is left here.
    assert archive.transcript_path("a").read_bytes() == here.transcript_path("a").read_bytes()
    assert [row.sha256 for row in archive.recordings()] == [row.sha256 for row in here.recordings()]
    assert not [path for path in archive.root.rglob("*") if path.is_file() and "opus" in path.name]
    assert hear(archive) == {"a": ("skipped", "up to date")}
    put(f"{bucket}a.opus", other)
    plan = plan_transcripts(archive, archive.recordings(), Notebook(archive.analysis))
    assert [task.reason for task in plan.tasks] == ["changed audio"]
    assert hear(archive)["a"][0] == "done"
    put(f"{bucket}a.opus", other)  # written once more, the same bytes
    assert hear(archive) == {"a": ("skipped", "up to date")}


def test_a_lost_note_costs_a_look_at_the_bytes_and_no_hearing(tmp_path, bucket, counting):
    put(f"{bucket}a.opus", (AUDIO / "whitfield-2021.opus").read_bytes())
    archive = make(tmp_path / "a", bucket, a=f"{bucket}a.opus")
    hear(archive)
    note = archive.analysis / "fetched" / "a.json"
    known = note.read_bytes()
    note.unlink()
    assert state_of(archive, archive.recordings()[0])["transcript"] == "base"
    assert not note.exists()  # a look fetches nothing
    assert hear(archive) == {"a": ("skipped", "up to date")}
    assert note.read_bytes() == known


def test_what_is_gone_or_refused_is_one_line_and_costs_no_transcript(tmp_path, bucket, counting):
    put(f"{bucket}a.opus", (AUDIO / "whitfield-2021.opus").read_bytes())
    archive = make(tmp_path / "a", bucket, a=f"{bucket}a.opus", b=f"{bucket}b.opus", c="s3://elsewhere/c.opus")
    found = hear(archive)
    assert found["a"][0] == "done"
    assert found["b"] == ("failed", f"{bucket}b.opus: is not there; check bucket and path")
    assert found["c"][1].startswith("s3://elsewhere/c.opus: lies in no folder that may be read; put `allow = "
                                    '["s3://elsewhere/"]` under [storage]')
    open_system("s3").rm_file(f"{bucket}a.opus".removeprefix("s3://"))
    assert hear(archive)["a"] == ("skipped", f"{bucket}a.opus: is not there; check bucket and path")
    rows = {row["speech_id"]: row for row in json.loads(cli(archive, "status", "--json").stdout)}
    assert rows["a"]["transcript"] == "base"
    assert rows["a"]["problem"] == f"{bucket}a.opus: is not there; check bucket and path"


def test_offline_asks_no_bucket(tmp_path, bucket, counting):
    put(f"{bucket}a.opus", (AUDIO / "whitfield-2021.opus").read_bytes())
    archive = make(tmp_path / "a", bucket, a=f"{bucket}a.opus")
    found = list(transcribe_archive(archive, archive.recordings(), offline=True))
    assert "lies on the network, which --offline forbids" in found[0].detail
    hear(archive)
    assert [o.status for o in transcribe_archive(archive, archive.recordings(), offline=True)] == ["skipped"]


def test_the_whole_line_on_a_bucket(tmp_path, bucket):
    """Texts and recordings of a folder are added by its URL, texts analysed, and the results published beside them."""
    for year in (2021, 2022):
        put(f"{bucket}launch-{year}.txt", f"{TALK} It is {year}.".encode())
    put(f"{bucket}launch-2021.opus", (AUDIO / "whitfield-2021.opus").read_bytes())
    put(f"{bucket}notes.pdf", b"something else")
    archive = make(tmp_path / "a", bucket)
    said = cli(archive, "add", bucket, "--speaker", "Mara").stderr
    assert "MB at its URL, not fetched yet" in said
    rows = {row.speech_id: row for row in archive.recordings()}
    assert {name: row.file for name, row in rows.items()} == {"launch-2021": f"{bucket}launch-2021.opus",
                                                              "launch-2022": ""}
    assert rows["launch-2021"].date == "2021"
    assert "is in the archive already" in cli(archive, "add", f"{bucket}launch-2021.opus", "--id", "x", code=1).stderr
    cli(archive, "run", "--engine", "processes", "--workers", "2")
    status = {row["speech_id"]: row for row in json.loads(cli(archive, "status", "--json").stdout)}
    assert [row["problem"] for row in status.values()] == ["", ""]
    assert [row["analysis"] for row in status.values()] == ["done", "done"]
    out = f"{bucket}results/"
    assert "files sent, 0 removed, 0 as they were" in cli(archive, "publish", out).stderr
    assert "0 files sent, 0 removed" in cli(archive, "publish", out).stderr
    read_back(archive, out)
    archive.transcript_path("launch-2022").unlink()
    assert "0 files sent, 1 removed" in cli(archive, "publish", out).stderr
    read_back(archive, out)


def read_back(archive: Archive, out: str) -> None:
    """Everything that is listed lies there with its bytes, and nothing else does."""
    system = open_system("s3")
    there = {name.removeprefix(out.removeprefix("s3://")) for name in system.find(out)}
    listed = json.loads(system.cat_file(out + LIST))
    assert there == {*listed, LIST}
    assert {"audio/catalog.csv", "transcripts/launch-2021.json", "analysis/metrics/launch-2021.parquet",
            "reports/by-year/index.html"} <= there
    assert not {name for name in there if name.endswith((".opus", ".toml", "known-files.json"))}
    for name in listed:
        assert system.cat_file(out + name) == (archive.root / name).read_bytes()


def test_two_workers_hear_from_a_bucket(tmp_path, bucket):
    """Each worker fetches for itself, on a disk of its own where RHETORIC_CACHE names one."""
    package, model, cache = tmp_path / "site", tmp_path / "model", tmp_path / "disk"
    (package / "deaf-1.dist-info").mkdir(parents=True)
    (package / "deaf-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: deaf\nVersion: 1\n")
    (package / "deaf-1.dist-info" / "entry_points.txt").write_text("[rhetoric.engines]\ndeaf = deaf:make\n")
    (package / "deaf.py").write_text(
        "import os\nfrom pathlib import Path\nfrom rhetoric.transcribe import Heard\n"
        "from rhetoric.types import Segment\n"
        "class Deaf:\n    name, version, model = 'deaf', '1', 'none'\n"
        "    def transcribe(self, audio, options, on_progress):\n"
        "        assert [p.name for p in Path(os.environ['RHETORIC_CACHE']).rglob('*.part')]\n"
        "        return Heard(language='en', language_probability=1.0, segments=(\n"
        "            Segment(text='Good evening.', start_s=0.0, end_s=1.0),))\n"
        "def make(config, folder):\n    return Deaf()\n", encoding="utf-8")
    model.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (model / name).write_bytes(b"{}")
    names = ("a", "b", "c")
    for name in names:
        put(f"{bucket}{name}.opus", (AUDIO / "whitfield-2021.opus").read_bytes() + name.encode())
    archive = make(tmp_path / "a", bucket, **{name: f"{bucket}{name}.opus" for name in names})
    (archive.root / "rhetoric.toml").write_text(
        f'stages = ["function"]\n[storage]\nallow = ["{bucket}"]\n[run]\nworkers = 2\n[transcribe]\nengine = "deaf"\n'
        f'model = "{model}"\nvad = false\n', encoding="utf-8")
    paths = environment() | {"RHETORIC_CACHE": str(cache)}
    paths["PYTHONPATH"] += os.pathsep + str(package)
    done = subprocess.run([sys.executable, "-m", "rhetoric", "transcribe"], cwd=archive.root, env=paths, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(path.stem for path in archive.transcripts.glob("*.json")) == list(names)
    assert cache.is_dir()
    assert not [path for path in cache.rglob("*") if path.is_file()]
    assert len({row.sha256 for row in archive.recordings()}) == len(names)


def test_many_files_of_a_folder_are_looked_at_by_one_listing(bucket, monkeypatch):
    names = [f"{bucket}{number}.opus" for number in range(12)]
    for name in names:
        put(name, name.encode())
    storage = Storage([bucket])
    storage.look([*names, f"{bucket}gone.opus"])
    monkeypatch.setattr(storage, "_now", lambda url: pytest.fail(f"asked for {url}"))
    assert [storage.state(name).size for name in names] == [len(name) for name in names]


def test_no_secret_and_no_word_of_a_library_is_told(bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://user:{SECRET}@127.0.0.1:9/")
    storage = Storage([bucket])
    storage._systems["s3"] = fresh_system()
    with pytest.raises(StorageError) as failed:
        storage.state(f"{bucket}a.opus")
    assert SECRET not in str(failed.value)
    assert failed.value.__cause__ is None
    assert str(failed.value).startswith(f"{bucket}a.opus: cannot be reached (")


def fresh_system():
    import fsspec

    return fsspec.filesystem("s3", skip_instance_cache=True, config_kwargs={"retries": {"max_attempts": 1},
                                                                            "connect_timeout": 1})


# --- folders elsewhere, and what a catalog may not say ---------------------------------------------------------------


def test_a_folder_elsewhere_works_like_a_bucket(tmp_path, counting):
    folder = tmp_path / "nas"
    folder.mkdir()
    (folder / "a.opus").write_bytes((AUDIO / "whitfield-2021.opus").read_bytes())
    url = f"file://{folder}/"
    archive = make(tmp_path / "a", url, a=f"{url}a.opus")
    assert hear(archive)["a"][0] == "done"
    assert hear(archive) == {"a": ("skipped", "up to date")}
    (folder / "a.opus").write_bytes((AUDIO / "whitfield-2023.opus").read_bytes())
    assert hear(archive)["a"][0] == "done"
    assert (folder / "a.opus").exists()


def test_a_file_that_changes_while_it_is_fetched_is_not_heard(tmp_path, counting, monkeypatch):
    folder = tmp_path / "nas"
    folder.mkdir()
    (folder / "a.opus").write_bytes((AUDIO / "whitfield-2021.opus").read_bytes())
    archive = make(tmp_path / "a", f"file://{folder}/", a=f"file://{folder}/a.opus")
    system = open_system("file")
    fetch = type(system).get_file

    def slowly(self, source, target, **options):
        fetch(self, source, target, **options)
        (folder / "a.opus").write_bytes(b"somebody uploads another")

    monkeypatch.setattr(type(system), "get_file", slowly)
    assert hear(archive)["a"] == ("failed", f"file://{folder}/a.opus: changed while it was fetched; run again")
    assert not list(archive.fetched.iterdir())


def test_a_link_does_not_lead_out_of_an_allowed_folder(tmp_path, counting):
    folder, secret = tmp_path / "nas", tmp_path / "private.opus"
    folder.mkdir()
    secret.write_bytes((AUDIO / "whitfield-2021.opus").read_bytes())
    (folder / "a.opus").symlink_to(secret)
    archive = make(tmp_path / "a", f"file://{folder}/", a=f"file://{folder}/a.opus", b=f"file://{secret}")
    assert {name: status for name, (status, _) in hear(archive).items()} == {"a": "failed", "b": "failed"}
    assert not list(archive.transcripts.glob("*.json"))


def test_a_part_that_is_a_link_is_not_written_through(tmp_path, counting):
    folder, precious = tmp_path / "nas", tmp_path / "precious"
    folder.mkdir()
    precious.write_text("mine")
    (folder / "a.opus").write_bytes((AUDIO / "whitfield-2021.opus").read_bytes())
    archive = make(tmp_path / "a", f"file://{folder}/", a=f"file://{folder}/a.opus")
    archive.fetched.mkdir()
    (archive.fetched / ".a.opus.part").symlink_to(precious)
    assert hear(archive)["a"][0] == "done"
    assert precious.read_text() == "mine"


@pytest.mark.parametrize("url", [
    "https://host/a.mp3", "ftp://host/a.mp3", "S3://bucket/a.mp3", "simplecache::s3://bucket/a.mp3",
    "s3://bucket/a::file:///etc/a.mp3", "s3://user:word@bucket/a.mp3", "s3://bucket/../b/a.mp3", "s3://bucket/*.mp3",
    "s3://bucket/a.mp3?versionId=1", "file://host/a.mp3", "file:///a/../b.mp3", "s3://bucket", "s3://bucket//a.mp3",
    "s3://bucket/a\x1b[2J.mp3", "s3://" + "b" * 20 + "/" + "a" * 2000,
])
def test_a_catalog_names_no_other_address(tmp_path, url):
    path = tmp_path / "catalog.csv"
    write_catalog(path, [Recording(speech_id="a", file=url)])
    with pytest.raises(CatalogError):
        read_catalog(path)


def test_the_configuration_allows_folders_only(tmp_path):
    for bad in ("s3://bucket/talks", "https://host/", "file:///../", "s3://bucket/*/"):
        with pytest.raises(ConfigError, match="storage: allow:"):
            make(tmp_path / str(len(bad)), bad)


@given(st.text(max_size=40))
def test_whatever_is_written_behind_a_bucket_is_one_file_or_refused(text):
    url = f"s3://bucket/{text}"
    if not url_faults(url):
        Storage(["s3://bucket/"]).check(url)
        assert not {"..", "."} & set(url.split("/"))
        assert "::" not in url
        assert "?" not in url


@pytest.mark.parametrize(("argument", "url"), [
    ("s3:/bucket/talks", "s3://bucket/talks"), ("file:/mnt/a.mp3", "file:///mnt/a.mp3"), ("talks/a.mp3", "talks/a.mp3"),
    ("https:/host/a.mp3", "https://host/a.mp3"), ("s3://bucket/a", "s3://bucket/a")])
def test_an_argument_that_became_a_path_is_a_url_again(argument, url):
    assert as_url(argument) == url


def test_publishing_removes_nothing_that_is_not_its_own(tmp_path):
    archive = make(tmp_path / "a", "s3://bucket/")
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    publish(archive, f"file://{out}")
    assert (out / "mine.txt").exists()
    assert (out / "audio" / "catalog.csv").read_bytes() == archive.catalog_path.read_bytes()
    for listed in ('{"../mine.txt": "0"}', '{"/etc/x": "0"}', "[]"):
        (out / LIST).write_text(listed)
        with pytest.raises(StorageError, match="name another folder"):
            publish(archive, f"file://{out}/")


