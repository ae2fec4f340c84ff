"""Words that nobody said: how many Whisper writes over sounds that are no speech, and how many are put in quarantine.

    python benchmarks/invented.py SOUNDS CACHE [--half report] [--splices 8] [--model base] [--show]

SOUNDS is a folder of sounds and a `manifest.csv` (file, label, language, text; the label of a sound begins with
`speech`, or names what is heard: applause, rain, ...). Speech comes from the sample archive as well, sentence by
sentence. Splices are made by a seeded program: groups of sentences, and between them sounds of one kind, 5 to 60
seconds at four levels, abruptly or running on under the speech for a while; some groups are spoken under a sound all
through. What the rules were set by is the half `tune`: the first half of every sound, and of the speeches; the figures
are of the half `report`.

Each splice is heard four ways, by one thread: bare faster-whisper and this project, without and with voice activity
detection; with the same model, language and options. What was heard is kept in CACHE. Prints Markdown tables.

Truth: the splice knows what was said when. The words of each segment are looked for among those said in its time, give
or take two seconds, each said word being found once; of a segment that lies in a sound, also among those said up to ten
seconds away that no other segment has (Whisper misplaces them). A segment is invented if hardly any of its words were
said: a quarter at most where at least half of its span holds no speech, a tenth elsewhere. Recall and precision of the
quarantine count segments, and words (in Chinese, characters).
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rhetoric.config import TranscribeConfig
from rhetoric.transcribe import transcribe_recording
from rhetoric.transcribe.accuracy import chinese_units, english_units
from rhetoric.transcribe.decode import SAMPLE_RATE_HZ, decode
from rhetoric.types import Recording, Segment

ROOT = Path(__file__).parents[1]
SPEECHES = {"tune": ("shen-2020", "shen-2021", "shen-2022", "whitfield-2021"),
            "report": ("shen-2023", "shen-2024", "shen-2025", "whitfield-2023", "whitfield-2025")}
HALVES = tuple(SPEECHES)
LANGUAGES = ("en", "zh")
WAYS = ("ours", "bare", "ours vad", "bare vad")
SPEECH_RMS = 0.1
LEVELS_DB = (-20.0, -10.0, 0.0, 6.0)  # of a sound beside the speech
LENGTHS_S = (5.0, 15.0, 30.0, 60.0)
UNDER_DB = (-6.0, 0.0)  # of a sound under which is spoken
RUNS_ON = 0.3  # how often a sound runs on under the speech,
RUNS_ON_S = 2.0
SPOKEN_UNDER = 0.15  # and how often all of a group is spoken under one
NEAR_S, FAR_S = 2.0, 10.0
FEW, HARDLY_ANY = 0.25, 0.1


class Clip(NamedTuple):
    """A sound: what it is, and of speech the words."""

    kind: str
    samples: np.ndarray
    text: str = ""


@dataclass(frozen=True)
class Part:
    """A stretch of a splice. `kind` is "speech" or what is heard instead; `level_db` is set beside the speech."""

    kind: str
    start_s: float
    end_s: float
    level_db: float = 0.0
    text: str = ""
    under: str = ""  # a sound that is heard under all of the speech


@dataclass
class Splice:
    """Sound with its truth."""

    name: str
    language: str
    parts: list[Part] = field(default_factory=list)
    samples: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))


# --- making ---------------------------------------------------------------------------------------------------------


def levelled(samples: np.ndarray, rms: float) -> np.ndarray:
    """The samples at a level; silence stays silent."""
    level = float(np.sqrt(np.mean(samples**2)))
    return samples * (rms / level) if level > 1e-5 else samples


def sounds(folder: Path, half: str) -> tuple[dict[str, np.ndarray], list[tuple[str, Clip]]]:
    """What is no speech, by kind, a half of each; and (language, clip) of speech."""
    noises: dict[str, np.ndarray] = {"silence": np.zeros(15 * SAMPLE_RATE_HZ, np.float32)}
    spoken = []
    for row in csv.DictReader((folder / "manifest.csv").open(encoding="utf-8")):
        path = folder / Path(row["file"]).name
        if row["label"].startswith("speech"):
            spoken.append((row["language"], Clip("speech", decode(path).samples, row["text"])))
        elif not row["text"]:
            samples = decode(path).samples
            middle = len(samples) // 2
            noises[row["label"].removeprefix("negative: ")] = (
                samples[:middle] if half == "tune" else samples[middle:])
    return noises, spoken[HALVES.index(half) :: 2]


def sentences(speech_id: str) -> Iterator[Clip]:
    """Groups of one to four sentences of a sample speech, as they follow each other."""
    gold, times = (list(csv.DictReader(path.open(encoding="utf-8"), delimiter="\t")) for path in (
        ROOT / f"tests/gold/{speech_id}.tsv", ROOT / f"tests/gold/times/{speech_id}.tsv"))
    texts = {row["id"]: row["text"] for row in gold}
    samples = decode(ROOT / f"audio/{speech_id}.opus").samples
    rows = [(float(row["start_s"]), float(row["end_s"]), texts[row["id"]]) for row in times if row["id"] in texts]
    at, size = 0, 0
    while at < len(rows):
        size = size % 4 + 1
        group = rows[at : at + size]
        at += size
        if all(b[0] - a[1] < 2 for a, b in pairwise(group)):
            start, end = (round(s * SAMPLE_RATE_HZ) for s in (max(0.0, group[0][0] - 0.1), group[-1][1] + 0.1))
            yield Clip("speech", samples[start:end], " ".join(text for _, _, text in group))


def splices(folder: Path, half: str, count: int) -> Iterator[Splice]:
    """The splices of a half, `count` a language, always the same."""
    noises, spoken = sounds(folder, half)
    made = {language: Maker(language, half, noises, [clip for own, clip in spoken if own == language and clip.text])
            for language in LANGUAGES}
    for number in range(count):
        for maker in made.values():
            yield maker.splice(number)


class Maker:
    """Makes the splices of a language, one after the other."""

    def __init__(self, language: str, half: str, noises: dict[str, np.ndarray], clips: list[Clip]) -> None:
        self.language, self.half, self.noises = language, half, noises
        self.rng = np.random.default_rng([HALVES.index(half), LANGUAGES.index(language), 2026])
        own = "shen" if language == "zh" else "whitfield"
        clips = clips + [clip for name in SPEECHES[half] if name.startswith(own) for clip in sentences(name)]
        self.clips = [clips[place] for place in self.rng.permutation(len(clips))]
        self.deck = Deck(sorted(noises), self.rng)

    def splice(self, number: int) -> Splice:
        """The next splice, of four groups of sentences."""
        taken, self.clips = self.clips[:4], [*self.clips[4:], *self.clips[:4]]
        return spliced(Splice(f"{self.half}-{self.language}-{number}", self.language), taken, self.noises, self.deck,
                       self.rng)


class Deck:
    """Kinds of sound in random orders, each as often as the others."""

    def __init__(self, kinds: list[str], rng: np.random.Generator) -> None:
        self.kinds, self.rng, self.left = kinds, rng, []

    def draw(self) -> str:
        """The next kind."""
        if not self.left:
            self.left = list(self.rng.permutation(self.kinds))
        return str(self.left.pop())


def spliced(splice: Splice, clips: Sequence[Clip], noises: dict[str, np.ndarray], deck: Deck,
            rng: np.random.Generator) -> Splice:
    """Sound, speech, sound, speech, ...; beginning and ending with a sound or not."""
    pieces: list[np.ndarray] = []
    at = 0
    begins, ends = rng.random(2) < 0.6
    for number, clip in enumerate(clips):
        if number or begins:
            at = add_sound(splice, pieces, at, noises, deck, rng)
        samples = levelled(clip.samples, SPEECH_RMS)
        under = ""
        if rng.random() < SPOKEN_UNDER:
            under = deck.draw()
            level = SPEECH_RMS * 10 ** (rng.choice(UNDER_DB) / 20)
            samples = samples + levelled(stretch(noises[under], len(samples), rng), level)
        elif pieces and rng.random() < RUNS_ON and splice.parts[-1].kind != "silence":
            samples = run_on(samples, noises, splice.parts[-1], rng)
        pieces.append(samples)
        splice.parts.append(Part("speech", at / SAMPLE_RATE_HZ, (at + len(samples)) / SAMPLE_RATE_HZ, 0.0, clip.text,
                                 under))
        at += len(samples)
    if ends:
        add_sound(splice, pieces, at, noises, deck, rng)
    splice.samples = np.clip(np.concatenate(pieces), -1, 1).astype(np.float32)
    return splice


def add_sound(splice: Splice, pieces: list[np.ndarray], at: int, noises: dict[str, np.ndarray], deck: Deck,
              rng: np.random.Generator) -> int:
    """Append a sound; the sample after it."""
    kind, level_db, length_s = deck.draw(), float(rng.choice(LEVELS_DB)), float(rng.choice(LENGTHS_S))
    samples = levelled(stretch(noises[kind], round(length_s * SAMPLE_RATE_HZ), rng),
                       SPEECH_RMS * 10 ** (level_db / 20))
    pieces.append(samples)
    splice.parts.append(Part(kind, at / SAMPLE_RATE_HZ, (at + len(samples)) / SAMPLE_RATE_HZ, level_db))
    return at + len(samples)


def stretch(samples: np.ndarray, length: int, rng: np.random.Generator) -> np.ndarray:
    """A sound from a random place on, over and over."""
    start = int(rng.integers(len(samples)))
    return np.resize(np.roll(samples, -start), length)


def run_on(samples: np.ndarray, noises: dict[str, np.ndarray], before: Part, rng: np.random.Generator) -> np.ndarray:
    """Speech over whose beginning the sound before it fades."""
    length = min(len(samples), round(RUNS_ON_S * SAMPLE_RATE_HZ))
    tail = levelled(stretch(noises[before.kind], length, rng), SPEECH_RMS * 10 ** (before.level_db / 20))
    mixed = samples.copy()
    mixed[:length] += tail * np.linspace(1, 0, length)
    return mixed


# --- hearing --------------------------------------------------------------------------------------------------------


def write_wav(path: Path, samples: np.ndarray) -> None:
    """16-bit mono."""
    import wave

    with wave.open(str(path), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(SAMPLE_RATE_HZ)
        stream.writeframes((samples * 32767).astype("<i2").tobytes())


class Ears:
    """Bare faster-whisper and this project on the same weights; what was heard before is in the cache.

    Of this project the cache holds what its engine heard (its journal), so that the rules that come after are those of
    today.
    """

    def __init__(self, cache: Path, model: str) -> None:
        from rhetoric.models.weights import get_model
        from rhetoric.transcribe import load_engine

        self.cache, self.folder = cache, get_model(model, offline=True)
        self.engine = load_engine(TranscribeConfig(device="cpu", threads=1, model=model), self.folder)
        cache.mkdir(parents=True, exist_ok=True)

    @cached_property
    def bare(self) -> Any:
        """faster-whisper without anything of ours."""
        from faster_whisper import WhisperModel

        return WhisperModel(str(self.folder), device="cpu", compute_type="int8", cpu_threads=1)

    def hear(self, splice: Splice, way: str) -> list[Segment]:
        """What is heard in a splice."""
        return self.hear_bare(splice, way) if way.startswith("bare") else self.hear_ours(splice, way)

    def hear_bare(self, splice: Splice, way: str) -> list[Segment]:
        """With the options that this project decodes with."""
        path = self.cache / f"{splice.name}.{way}.json"
        if not path.exists():
            found, _ = self.bare.transcribe(
                splice.samples, language=splice.language, beam_size=5, temperature=[0.0], word_timestamps=True,
                vad_filter=way.endswith("vad"), condition_on_previous_text=splice.language == "zh")
            path.write_text(json.dumps([[s.text, s.start, s.end] for s in found], ensure_ascii=False), encoding="utf-8")
        return [Segment(text=text, start_s=start_s, end_s=end_s) for text, start_s, end_s in json.loads(
            path.read_text(encoding="utf-8"))]

    def hear_ours(self, splice: Splice, way: str) -> list[Segment]:
        """By the public function."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "splice.wav"
            write_wav(path, splice.samples)
            config = TranscribeConfig(device="cpu", threads=1, model=self.engine.model, vad=way.endswith("vad"))
            return list(transcribe_recording(Recording(speech_id="splice", language=splice.language), path, config,
                                             self.engine, journal=self.cache / f"{splice.name}.{way}.jsonl").segments)


# --- judging --------------------------------------------------------------------------------------------------------


class Judged(NamedTuple):
    """A segment against the truth. `kind` is what is heard in the middle of it."""

    segment: Segment
    words: int
    said: int
    kind: str
    invented: bool


def judge(parts: Sequence[Part], language: str, segments: Sequence[Segment]) -> list[Judged]:
    """Which segments were invented; those that lie in speech are looked at first."""
    units = chinese_units if language == "zh" else english_units
    left = [units(part.text) if part.kind == "speech" else [] for part in parts]
    spans = [(segment.start_s or 0.0, segment.end_s or 0.0) for segment in segments]
    outside = [share_outside(parts, *span) for span in spans]
    found: dict[int, Judged] = {}
    for number in sorted(range(len(segments)), key=lambda n: (outside[n] >= 0.5, n)):
        words, (start_s, end_s), lies_outside = units(segments[number].text), spans[number], outside[number] >= 0.5
        reach = FAR_S if lies_outside else NEAR_S
        said = 0
        for part, unsaid in zip(parts, left, strict=True):
            if part.start_s - reach < end_s and start_s < part.end_s + reach and said < len(words):
                said += take(unsaid, words)
        share = said / len(words) if words else 0.0
        kind = next((part.kind for part in parts if (start_s + end_s) / 2 < part.end_s), parts[-1].kind)
        found[number] = Judged(segments[number], len(words), said, kind, share <= (FEW if lies_outside else HARDLY_ANY))
    return [found[number] for number in range(len(segments))]


def take(said: list[str], heard: Sequence[str]) -> int:
    """How many of the words that were heard were said; they are taken out of `said`."""
    from rapidfuzz.distance import LCSseq

    equal = [range(op.src_start, op.src_end) for op in LCSseq.opcodes(said, heard) if op.tag == "equal"]
    for places in reversed(equal):
        del said[places.start : places.stop]
    return sum(map(len, equal))


def share_outside(parts: Sequence[Part], start_s: float, end_s: float) -> float:
    """The share of a span that holds no speech."""
    spoken = sum(max(0.0, min(end_s, part.end_s) - max(start_s, part.start_s)) for part in parts
                 if part.kind == "speech")
    return 1 - spoken / (end_s - start_s) if end_s > start_s else float(not spoken)


@dataclass
class Tally:
    """Counts of segments and words: invented, put in quarantine, and both."""

    invented: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    both: Counter[str] = field(default_factory=Counter)
    false_words: Counter[str] = field(default_factory=Counter)  # by kind of sound, those in quarantine left out
    lost: int = 0  # words that were said and are in quarantine

    def add(self, judged: Sequence[Judged]) -> None:
        """Count the segments of a splice."""
        for found in judged:
            kept = not found.segment.quarantined
            for unit, count in (("segments", 1), ("words", found.words)):
                self.invented[unit] += count * found.invented
                self.flagged[unit] += count * (not kept)
                self.both[unit] += count * (found.invented and not kept)
            self.false_words[found.kind] += found.words * (found.invented and kept)
            self.lost += found.said * (not kept)

    def shares(self, unit: str) -> str:
        """Recall and precision with their counts."""
        both, invented, flagged = self.both[unit], self.invented[unit], self.flagged[unit]
        return " | ".join(f"{both / whole:.3f} ({both}/{whole})" if whole else "- (0/0)"
                          for whole in (invented, flagged))


def main() -> None:
    """Hear, judge and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sounds", type=Path)
    options.add_argument("cache", type=Path)
    options.add_argument("--half", choices=HALVES, default="report")
    options.add_argument("--splices", type=int, default=8, help="a language")
    options.add_argument("--model", default="base")
    options.add_argument("--show", action="store_true", help="show every segment that was invented or flagged")
    given = options.parse_args()
    ears = Ears(given.cache, given.model)
    made = list(splices(given.sounds, given.half, given.splices))
    tallies, minutes = {way: Tally() for way in WAYS}, defaultdict[str, float](float)
    for part in (part for splice in made for part in splice.parts):
        minutes[part.kind] += (part.end_s - part.start_s) / 60
    for way in WAYS:
        for splice in made:
            judged = judge(splice.parts, splice.language, ears.hear(splice, way))
            tallies[way].add(judged)
            print(f"{splice.name}, {way}: {len(judged)} segments", file=sys.stderr, flush=True)
            if given.show:
                show_odd(splice.name, way, judged)
    show(tallies, minutes)


def show_odd(name: str, way: str, judged: Sequence[Judged]) -> None:
    """What was invented or flagged."""
    for found in judged:
        segment = found.segment
        if found.invented or segment.flags:
            print(f"{name} {way} {'INVENTED' if found.invented else 'said':8} {segment.start_s:6.1f} "
                  f"{found.said}/{found.words} {found.kind} {','.join(segment.flags)} | {segment.text[:90]}")


def show(tallies: dict[str, Tally], minutes: dict[str, float]) -> None:
    """The tables."""
    print("| | segments: recall | precision | words: recall | precision | said words lost |\n|---|---|---|---|---|---|")
    for way in ("ours", "ours vad"):
        print(f"| {way} | {tallies[way].shares('segments')} | {tallies[way].shares('words')} | {tallies[way].lost} |")
    kinds = sorted(kind for kind in minutes if kind != "speech")
    total = sum(minutes[kind] for kind in kinds)
    print(f"\n| false words a minute | min | {' | '.join(WAYS)} |\n|---|---|{'---|' * len(WAYS)}")
    for kind in kinds:
        cells = " | ".join(f"{tallies[way].false_words[kind] / minutes[kind]:.2f}" for way in WAYS)
        print(f"| {kind} | {minutes[kind]:.1f} | {cells} |")
    cells = " | ".join(f"{sum(tallies[way].false_words[kind] for kind in kinds) / total:.2f}" for way in WAYS)
    print(f"| all | {total:.1f} | {cells} |")


if __name__ == "__main__":
    main()
