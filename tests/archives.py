"""Small archives of short texts, and what must be the same whichever way they were analysed."""

from __future__ import annotations

import os
from pathlib import Path

from rhetoric.archive import Archive, init_archive, open_archive, write_catalog
from rhetoric.transcribe.transcript_file import write_transcript
from rhetoric.types import Recording, Segment, Transcript

LINES = (
    "Last winter we waited at the gate for three hours, and I was afraid.",
    "The new lamp weighs three hundred grams and costs ninety dollars.",
    "A nurse in the hills wrote to us that her patients could read again.",
    "Thank you for coming, and good night.",
)

# What a stage of the user's own can do to a process, by what is said in the speech.
STAGE = '''\
import os, signal, time
from pathlib import Path
from rhetoric.types import Finding, Metric, Stage, StageResult

HERE = Path(__file__).parent

def run(speech, options):
    word = speech.text.split()[0]
    if word == "Crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if word == "Once" and not (HERE / "once").exists():
        (HERE / "once").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "Hang":
        (HERE / "hanging").write_text(str(os.getpid()))
        while True:
            time.sleep(60)
    if word == "Exit":
        os._exit(3)
    print("a stage may print what it likes")
    return StageResult(metrics=(Metric(name="words", numerator=float(len(speech.text.split())), denominator=1.0,
                                       unit="words"),))

STAGE = Stage(name="words", version="1", languages=("en", "zh"), labels=(), metrics=("words",), run=run)
'''


def put_speech(archive: Archive, speech_id: str, *lines: str) -> None:
    """A transcript without times."""
    write_transcript(Transcript(speech_id=speech_id, engine="import:text", language="en",
                                segments=tuple(Segment(text=line) for line in lines)),
                     archive.transcript_path(speech_id))


def build_archive(folder: Path, *words: str, stages: str = '["function", "words.py"]', run: str = "") -> Archive:
    """An archive with a speech for each first word, analysed by two stages."""
    archive = init_archive(folder)
    (archive.root / "words.py").write_text(STAGE, encoding="utf-8")
    (archive.root / "rhetoric.toml").write_text(f"stages = {stages}\n[run]\n{run}\n", encoding="utf-8")
    rows = []
    for number, word in enumerate(words):
        speech_id = f"s{number}-{word.lower()}"
        put_speech(archive, speech_id, f"{word} {number}.", *LINES[: 2 + number % 3])
        rows.append(Recording(speech_id=speech_id, speaker="Mara", date=f"{2015 + number % 8}"))
    write_catalog(archive.catalog_path, rows)
    return open_archive(archive.root)


def made(archive: Archive) -> dict[str, bytes]:
    """Every file that analyses leave, but for the caches, which hold times."""
    caches = {"known-files.json", "speed.json"}
    return {str(path.relative_to(archive.root)): path.read_bytes() for path in sorted(archive.analysis.rglob("*"))
            if path.is_file() and path.name not in caches}


def is_alive(pid: int) -> bool:
    """True if a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def environment() -> dict[str, str]:
    """That of a process of this tree, of one thread."""
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "OMP_NUM_THREADS": "1"}
