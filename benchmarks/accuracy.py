"""Word and character error rates beside bare faster-whisper: the same model, beam, temperature and voice detection.

    python benchmarks/accuracy.py [--corpus FOLDER] [--only NAME ...] [--model base] [--beam 5]

Hears the sample archive (its scripts are what was spoken). `--corpus` adds real recordings: a folder with `audio/
manifest.csv` (file, language, text; no text: nothing is said in it) and captions set by hand in `timed/` for those with
a text of its own. Edits are counted as `rhetoric score` does, so script, numbers and punctuation do not count. Prints a
Markdown table, a row as soon as it is known.
"""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rhetoric.transcribe.accuracy import Accuracy
    from rhetoric.types import Transcript

ROOT = Path(__file__).parents[1]
# A recording of the corpus whose truth is a caption file, as far as the recording goes.
CAPTIONED = {"keynote_gpt4o_first5min.mp3": ("timed/gpt4o_2024/Introducing_GPT-4o_GroundTruth.ass", 312.0)}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recording and what is said in it; nothing is where `text` is empty."""

    path: Path
    language: str
    text: str


def sample() -> Iterator[Spoken]:
    """The recordings of the sample archive."""
    for path in sorted((ROOT / "audio").glob("*.opus")):
        script = (ROOT / "audio" / "scripts" / f"{path.stem}.txt").read_text(encoding="utf-8")
        yield Spoken(path, "zh" if path.stem.startswith("shen") else "en", script)


def corpus(folder: Path) -> Iterator[Spoken]:
    """The recordings of a folder as `--corpus` wants it."""
    from rhetoric.transcribe import import_transcript

    with (folder / "audio" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            path = folder / row["file"]
            if path.name in CAPTIONED:
                captions, end_s = CAPTIONED[path.name]
                cues = import_transcript(folder / captions, speech_id="truth", language=row["language"]).segments
                text = "\n".join(cue.text for cue in cues if not cue.flags and (cue.start_s or 0.0) < end_s)
            else:
                text = row["text"]
            yield Spoken(path, row["language"], text)


class Rivals:
    """Both recognisers with the same weights, one thread each."""

    def __init__(self, model: str, beam: int) -> None:
        from faster_whisper import WhisperModel

        from rhetoric.config import TranscribeConfig
        from rhetoric.transcribe.engine import get_model, load_engine

        self.config = TranscribeConfig(device="cpu", threads=1, model=model, beam_size=beam)
        folder = get_model(self.config, offline=True)
        self._engine = load_engine(self.config, folder)
        self._bare = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)

    def bare(self, spoken: Spoken) -> Transcript:
        """What faster-whisper hears."""
        from rhetoric.types import Segment, Transcript

        found, _ = self._bare.transcribe(
            str(spoken.path), language=spoken.language or None, beam_size=self.config.beam_size, temperature=[0.0],
            word_timestamps=True, vad_filter=True, condition_on_previous_text=spoken.language == "zh")
        text = "".join(segment.text for segment in found)
        return Transcript(speech_id="a", engine="bare", language=spoken.language, segments=(Segment(text=text),))

    def ours(self, spoken: Spoken) -> Transcript:
        """What this project hears."""
        from rhetoric.transcribe import transcribe_recording
        from rhetoric.types import Recording

        return transcribe_recording(Recording(speech_id="a", language=spoken.language), spoken.path, self.config,
                                    self._engine)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--corpus", type=Path)
    options.add_argument("--only", nargs="+", default=[])
    options.add_argument("--model", default="base")
    options.add_argument("--beam", type=int, default=5)
    given = options.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from rhetoric.transcribe.accuracy import score_script

    rivals = Rivals(given.model, given.beam)
    totals: dict[tuple[str, str], Accuracy] = {}
    print("| recording | of | bare faster-whisper | ours |\n|---|---|---|---|", flush=True)
    for spoken in [*sample(), *(corpus(given.corpus) if given.corpus else ())]:
        if given.only and spoken.path.stem not in given.only:
            continue
        heard = {"bare": rivals.bare(spoken), "ours": rivals.ours(spoken)}
        if not spoken.text:
            counts = {name: sum(len(segment.text.split()) for segment in found.segments)
                      for name, found in heard.items()}
            print(f"| {spoken.path.stem} | no speech | {counts['bare']} words | {counts['ours']} words |", flush=True)
            continue
        scores = {name: score_script(spoken.text, found) for name, found in heard.items()}
        for name, result in scores.items():
            key = (name, result.unit)
            totals[key] = totals[key] + result if key in totals else result
        first = scores["bare"]
        print(f"| {spoken.path.stem} | {first.length} {first.unit} | {first.errors} = {first.rate:.3f} | "
              f"{scores['ours'].errors} = {scores['ours'].rate:.3f} |", flush=True)
    for unit in sorted({unit for _, unit in totals}):
        bare, ours = totals["bare", unit], totals["ours", unit]
        print(f"| all | {bare.length} {unit} | {bare.errors} = {bare.rate:.4f} | {ours.errors} = {ours.rate:.4f} |")


if __name__ == "__main__":
    main()
