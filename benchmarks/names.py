"""How many made-up names are heard right: bare, with the names in the prompt, and with accepted aliases repaired.

    python benchmarks/names.py speak --cache VOICE --sounds FOLDER    # once; needs tools/requirements.txt
    python benchmarks/names.py hear --sounds FOLDER                   # prints the table of docs/names.md

40 sentences with names (20 Chinese, 20 English) and 12 traps, sentences without names whose ordinary words sound
like them, in two halves of each language. Aliases come from suggestions on one half, names and traps together, and are
judged on the other half, both ways round. Who accepts is no person but this rule: a suggestion is accepted where the
sentence that was spoken holds its name at every quote (as one hears in the clips), and only if `rhetoric glossary
accept` would take it without `--anyway`. A repair is wrong where it writes a name more often than it was spoken in that
sentence.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from rhetoric.config import GlossaryTerm, TranscribeConfig
    from rhetoric.transcribe import Engine
    from rhetoric.types import Transcript

# Every name is made up. A Chinese voice spells Latin letters the way a Chinese speaker does.
NAMES = {
    "zh": {"岚影": "product", "星澈": "product", "NU7": "product", "VS5": "product", "沐川": "product",
           "顾听澜": "person", "祁砚舟": "person", "罗闻笙": "person", "砾溪": "place"},
    "en": {"Veltrix": "product", "Lumora": "product", "Kestriva": "product", "QX7": "product", "Oriko": "product",
           "Maelis Thorne": "person", "Joren Vask": "person", "Halvenport": "place"},
}
SPOKEN = {"NU7": "恩优七", "VS5": "威艾斯五", "QX7": "Q X seven"}
VOICES = {"zh": ("zh", ("zm_yunjian", "zf_xiaoxiao")), "en": ("en-gb", ("bf_emma", "am_michael"))}
TALKS = {
    "zh-A": """
今晚的主角只有一个，它的名字叫岚影。
三年前，顾听澜第一次把NU7的草图放在我桌上。
我们给星澈芯片流片，失败了整整四次。
隔壁房间传来男婴的哭声。
去砾溪赛道试车的那天，雨下得很大。
祁砚舟对我说，这个方案肯定行不通。
所有新机型都会预装沐川系统。
银行的利息又降了一点。
VS5的续航比上一代多了两个小时。
罗闻笙带着测试组在现场守了一夜。
大家最关心的，还是NU7到底卖多少钱。
河边停着一条旧木船。
有了星澈，岚影拍夜景再也不怕暗。
""",
    "zh-B": """
我先请顾听澜上台，讲讲沐川是怎么来的。
NU7在砾溪跑出了自己的最好成绩。
很多人问我，为什么要做岚影这样的手机。
我们的新车下个月就开始交付。
星澈的功耗只有竞品的一半。
罗闻笙是最早相信这个项目的人。
这一次，VS5全系标配无线充电。
这场比赛从一开始就很难赢。
祁砚舟把十年青春都给了星澈。
我把NU7开回了老家，父亲看了很久。
从今天开始，岚影和VS5同时预售。
搬一张桌子不需要多大力气。
没有沐川，就没有今天的体验。
""",
    "en-A": """
Tonight belongs to one product, and we call it Veltrix.
Joren Vask drew the first QX7 on the back of a receipt.
The Kestriva chip failed four times before it worked.
The oracle in the old story was wrong.
It was raining hard when we drove to Halvenport.
Maelis Thorne told me that the plan would never fly.
Every new device will ship with Lumora inside.
Seven queues formed outside the shop.
You can ask Oriko to plan your whole morning.
What you really want to know is the price of QX7.
With Kestriva on board, Veltrix sees in the dark.
A heaven of sport opened by the river.
Joren Vask and his team slept in the lab for a month.
""",
    "en-B": """
Please welcome Maelis Thorne, who built Lumora from nothing.
QX7 set its best lap at Halvenport in May.
People ask me why we still make a phone like Veltrix.
We sailed into a haven port before the storm.
Kestriva uses half the power of its rivals.
Joren Vask was the first person to believe in this.
This year Oriko speaks nine languages.
The cast arrived a little late.
I drove the QX7 home, and my father looked at it for a long time.
From today, Veltrix and Oriko are open for orders.
In Europe we go a little slower.
Without Lumora there would be no evening like this.
Maelis Thorne gave ten years of her life to Kestriva.
""",
}
PAUSE_S = 0.7


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence with its true place in the talk's recording."""

    text: str
    start_s: float
    end_s: float


def sentences_of(talk: str) -> list[str]:
    """The sentences of a talk, names as they are written."""
    return TALKS[talk].strip().splitlines()


# --- speaking (in the voice's own environment) -----------------------------------------------------------------------


def speak(cache: Path, sounds: Path) -> None:
    """Speak every talk by two voices in turn; write `<talk>.opus` and `<talk>.tsv` with the true times."""
    import numpy as np

    from tools import build_sample as voice

    voice.fetch_archives(cache)
    session = voice.open_session(voice.read_model(cache))
    sounds.mkdir(parents=True, exist_ok=True)
    for talk in TALKS:
        language, names = VOICES[talk[:2]]
        speakers = [voice.Speaker(session, cache, language, name) for name in names]
        parts, rows, length = [np.zeros(voice.SAMPLE_RATE // 2, np.float32)], [], voice.SAMPLE_RATE // 2
        for number, sentence in enumerate(sentences_of(talk)):
            aloud = sentence
            for written, spoken in SPOKEN.items():
                aloud = aloud.replace(written, spoken)
            wave = voice.levelled(speakers[number % 2].say(aloud, 1.0))
            rows.append(f"{length / voice.SAMPLE_RATE:.3f}\t{(length + len(wave)) / voice.SAMPLE_RATE:.3f}\t{sentence}")
            parts += [wave, np.zeros(int(PAUSE_S * voice.SAMPLE_RATE), np.float32)]
            length += len(wave) + len(parts[-1])
        voice.write_opus(np.concatenate(parts), sounds / f"{talk}.opus")
        (sounds / f"{talk}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        print(talk, f"{length / voice.SAMPLE_RATE:.0f} s", file=sys.stderr)


def read_times(path: Path) -> list[Spoken]:
    """The sentences of a talk with their true times."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [Spoken(text, float(start), float(end)) for start, end, text in rows]


# --- hearing ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Count:
    """Names spoken, names right, and names written where none was spoken."""

    spoken: int = 0
    right: int = 0
    right_letters: int = 0
    invented: int = 0
    repairs: int = 0
    wrong_repairs: int = 0
    characters: int = 0
    errors: int = 0

    def __str__(self) -> str:
        return (f"{self.right}/{self.spoken} = {self.right / self.spoken:.0%} right "
                f"({self.right_letters} but for case and spaces), {self.invented} where none was said; "
                f"{self.repairs} repairs, {self.wrong_repairs} wrong; "
                f"{self.errors / self.characters:.1%} of all characters wrong")


def heard_sentences(transcript: Transcript, spoken: list[Spoken]) -> list[str]:
    """What was heard of each sentence: the words whose middle lies in it or within half a pause of it."""
    glue = "" if transcript.language == "zh" else " "
    words = [word for segment in transcript.segments for word in segment.words]
    return [glue.join(word.text for word in words
                      if s.start_s - PAUSE_S / 2 <= (word.start_s + word.end_s) / 2 < s.end_s + PAUSE_S / 2)
            for s in spoken]


def letters(text: str) -> str:
    """Without case, spaces and hyphens."""
    return "".join(char for char in text.casefold() if char.isalnum())


def count(transcript: Transcript, spoken: list[Spoken], names: Iterable[str], into: Count) -> None:
    """Add one talk's names to a count."""
    from rapidfuzz.distance import Levenshtein

    from rhetoric.transcribe.glossary import repair_transcript

    bare = heard_sentences(repair_transcript(transcript, ()), spoken)
    for sentence, heard, before in zip(spoken, heard_sentences(transcript, spoken), bare, strict=True):
        into.characters += len(letters(sentence.text))
        into.errors += Levenshtein.distance(letters(sentence.text), letters(heard))
        for name in names:
            said, found = sentence.text.count(name), heard.count(name)
            into.spoken += said
            into.right += min(said, found)
            into.right_letters += min(said, letters(heard).count(letters(name)))
            into.invented += max(0, found - said)
            into.wrong_repairs += max(0, found - max(said, before.count(name)))
    into.repairs += sum(len(segment.repairs) for segment in transcript.segments)


def accepted(transcript: Transcript, spoken: list[Spoken], names: dict[str, str]) -> tuple[GlossaryTerm, ...]:
    """The glossary with the suggestions that the rule of this file accepts."""
    from rhetoric.config import GlossaryTerm
    from rhetoric.transcribe.suggestions import suggest

    aliases: dict[str, list[str]] = {name: [] for name in names}
    for suggestion in suggest([transcript], glossary_of(names)):
        true = all(any(s.start_s - PAUSE_S / 2 <= (place.start_s or 0) < s.end_s and suggestion.term in s.text
                       for s in spoken) for place in suggestion.places)
        taken = true and not suggestion.ordinary
        print(f"    {'+' if taken else '-'} {suggestion.term} {suggestion.said!r} {suggestion.score} "
              f"x{suggestion.count} {suggestion.ordinary}")
        if taken:
            aliases[suggestion.term].append(suggestion.said)
    return tuple(GlossaryTerm(term=name, aliases=tuple(found)) for name, found in aliases.items())


def glossary_of(names: Iterable[str]) -> tuple[GlossaryTerm, ...]:
    """The names without aliases."""
    from rhetoric.config import GlossaryTerm

    return tuple(GlossaryTerm(term=name) for name in names)


def hear(sounds: Path, model: str) -> None:
    """Hear all talks without and with the names in the prompt; print what is right before and after repair."""
    from rhetoric.models.weights import get_model
    from rhetoric.transcribe import load_engine, transcribe_recording
    from rhetoric.transcribe.glossary import repair_transcript
    from rhetoric.types import Recording

    engine = load_engine(engine_config(model), get_model(model, offline=True))
    hear_without_names(engine, model)
    for language, names in NAMES.items():
        for told in (False, True):
            glossary = glossary_of(names) if told else ()
            talks = [talk for talk in TALKS if talk.startswith(language)]
            spoken = {talk: read_times(sounds / f"{talk}.tsv") for talk in talks}
            heard = {talk: transcribe_recording(Recording(speech_id=talk, language=language), sounds / f"{talk}.opus",
                                                engine_config(model), engine, glossary=glossary) for talk in talks}
            plain, other, same = Count(), Count(), Count()
            print(f"{language}, {'names in the prompt' if told else 'bare'}")
            for talk in talks:
                for sentence, text in zip(spoken[talk], heard_sentences(heard[talk], spoken[talk]), strict=True):
                    print(f"    {sentence.text} | {text}")
            found = {talk: accepted(heard[talk], spoken[talk], names) for talk in talks}
            for talk, next_talk in zip(talks, reversed(talks), strict=True):
                count(heard[talk], spoken[talk], names, plain)
                count(repair_transcript(heard[talk], found[next_talk]), spoken[talk], names, other)
                count(repair_transcript(heard[talk], found[talk]), spoken[talk], names, same)
            print(f"  no repair: {plain}\n  aliases of the other half: {other}\n  aliases of the same talk: {same}")


def hear_without_names(engine: Engine, model: str) -> None:
    """Hear two sample recordings in which no name is said, bare and told of the names: what does telling cost?"""
    from rhetoric.transcribe import transcribe_recording
    from rhetoric.transcribe.accuracy import score_script
    from rhetoric.types import Recording

    for language, speech_id in (("zh", "shen-2025"), ("en", "whitfield-2025")):
        script = (ROOT / f"audio/scripts/{speech_id}.txt").read_text(encoding="utf-8")
        for glossary in ((), glossary_of(NAMES[language])):
            transcript = transcribe_recording(
                Recording(speech_id=speech_id, language=language), ROOT / f"audio/{speech_id}.opus",
                engine_config(model), engine, glossary=glossary)
            text = "".join(segment.text for segment in transcript.segments)
            invented = sum(text.count(name) for name in NAMES[language])
            print(f"{speech_id}, {'told of names that are not said' if glossary else 'bare'}: "
                  f"{score_script(script, transcript).rate:.2%} misheard, {invented} names invented")


def engine_config(model: str) -> TranscribeConfig:
    """One thread: the same sums on every machine of a kind."""
    from rhetoric.config import TranscribeConfig

    return TranscribeConfig(model=model, threads=1)


def main() -> None:
    """Speak or hear, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("speak", "hear"), nargs="?")
    parser.add_argument("--cache", type=Path, help="folder of the voice, see tools/README.md")
    parser.add_argument("--sounds", type=Path, help="folder of the spoken talks")
    parser.add_argument("--model", default="base")
    arguments = parser.parse_args()
    if arguments.step == "speak" and arguments.cache and arguments.sounds:
        speak(arguments.cache, arguments.sounds)
    elif arguments.step == "hear" and arguments.sounds:
        hear(arguments.sounds, arguments.model)
    else:
        print("names: needs the spoken talks, see --help", file=sys.stderr)


if __name__ == "__main__":
    main()
