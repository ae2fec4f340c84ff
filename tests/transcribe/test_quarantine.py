"""What is put in quarantine, and what is not: texts of our own, invented voices, and Whisper over noise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rhetoric.codebook import QUARANTINE_NAMES
from rhetoric.config import TranscribeConfig
from rhetoric.transcribe import transcribe_recording
from rhetoric.transcribe.credits import ALWAYS, COLUMNS, TABLE, UNHEARD, credit_at
from rhetoric.transcribe.decode import SAMPLE_RATE_HZ
from rhetoric.transcribe.formats import export_transcript, import_transcript
from rhetoric.transcribe.quarantine import flag_captions, flag_heard, is_impossible, measured, repeats
from rhetoric.transcribe.transcript_file import transcript_from_json
from rhetoric.types import QUARANTINE, Recording, Segment, Word

from .conftest import samples_of, write_sound

STEP_S = 0.032
CREDITS = (
    "字幕志愿者 王小明", "中文字幕提供：王小明", "字幕by小灯", "字幕 By：小灯", "本字幕由志愿者小灯提供",
    "字幕由 Amara.org 社区提供", "字幕製作：王小明", "翻译：小灯 校对：王小明", "中文字幕翻译 小灯",
    "請不吝點贊 訂閱 轉發", "打賞支持明鏡欄目", "明镜与点点栏目", "优优独播剧场——YoYo Television",
    "以上言论不代表本台立场", "作词：王小明", "作詞 作曲 王小明", "未經許可請勿轉載", "禁止转载", "版权所有 王小明",
    "Subtitles by the lamp community", "Closed captioning provided by Harbor Lane", "Transcribed by volunteers",
    "Translation by lamp.org", "www.harbor-lane.org", "Copyright Harbor Lane 2021", "All rights reserved.",
    "YoYo Television Series", "Ming Pao Toronto", "amara.org",
)
SAID_TOO = (
    "谢谢观看", "感謝大家的收看和支持", "我们下期再见", "请点赞、订阅", "请大家关注我们的频道",
    "本节目由灯火科技赞助", "Thanks for watching!", "Thank you so much for listening.",
    "Please like and subscribe to the channel.", "Subscribe to our channel", "See you next time.",
    "For more information visit www.harbor-lane.org",
)
SPOKEN = (
    "谢谢大家", "字幕翻译功能支持八种语言", "它能把我说的话实时变成字幕", "字幕由手机自己生成", "请大家关注这一点",
    "版权属于每一位创作者", "我们明年再见", "这首歌的作词人就坐在台下", "Thank you.", "Captions are on by default.",
    "The call is translated by our phone.", "We reserve all rights to be wrong.", "I subscribe to that.",
    "See you tomorrow.", "Thank you for being here.", "It copies by hand.",
)


def spoken(text: str, start_s: float = 10.0, seconds: float = 3.0, probability: float = 0.3, *,
           flags: tuple[str, ...] = ()) -> Segment:
    """A segment whose words (characters) share its time."""
    parts = re.findall(r"[A-Za-z']+\W*|.", text)
    each = seconds / max(1, len(parts))  # a text of line breaks has none
    words = tuple(Word(text=part.strip(), start_s=start_s + n * each, end_s=start_s + (n + 1) * each,
                       probability=probability) for n, part in enumerate(parts) if part.strip())
    return Segment(text=text, start_s=start_s, end_s=start_s + seconds, words=words, flags=flags)


def voice(*spans: tuple[float, float]) -> np.ndarray:
    """A minute of probabilities, high in the spans."""
    found = np.full(round(60 / STEP_S), 0.02, dtype=np.float32)
    for start_s, end_s in spans:
        found[int(start_s / STEP_S) : int(end_s / STEP_S)] = 0.95
    return found


EVERYWHERE = voice((0, 60))


def flags_of(*segments: Segment, heard: np.ndarray = EVERYWHERE) -> list[tuple[str, ...]]:
    return [segment.flags for segment in flag_heard(segments, heard, STEP_S)]


# --- Whisper's own measures, voice, rate -----------------------------------------------------------------------------


@pytest.mark.parametrize(("measures", "flags"), [
    ((-0.2, 0.1, 1.5), ()), ((-1.1, 0.1, 1.5), ("low_confidence",)), ((-0.2, 0.9, 1.5), ()),
    ((-0.7, 0.9, 1.5), ("no_speech",)), ((-0.1, 0.1, 9.0), ("loop",))])
def test_measures_of_a_window_raise_suspicions(measures: tuple[float, float, float], flags: tuple[str, ...]) -> None:
    assert measured(*measures) == flags


def test_text_over_no_voice_is_flagged_and_low_confidence_alone_counts() -> None:
    assert flags_of(spoken("门外的灯又亮了起来"), heard=voice((0, 9), (14, 60))) == [("no_speech",)]
    assert flags_of(spoken("门外的灯又亮了起来"), heard=voice((10, 12))) == [()]
    (doubtful,) = flag_heard([spoken("门外的灯又亮了起来", flags=("low_confidence",))], EVERYWHERE, STEP_S)
    assert doubtful.flags == ("low_confidence",)
    assert not doubtful.quarantined


def test_a_window_is_not_blamed_for_one_of_its_segments() -> None:
    """Whisper measures 30 seconds at once: what is spoken beside a loop or beside silence is not taken away."""
    suspect = spoken("门外的灯又亮了起来", flags=("loop", "no_speech"))
    assert flags_of(suspect) == [()]
    assert flags_of(suspect, heard=voice()) == [("no_speech",)]


def test_a_greeting_under_applause_is_kept_where_the_words_are_sure() -> None:
    greeting = "Hello everyone, it is good to see you"
    assert flags_of(spoken(greeting, probability=0.9), heard=voice()) == [()]
    assert flags_of(spoken(greeting, probability=0.3), heard=voice()) == [("no_speech",)]
    assert flags_of(spoken(greeting, probability=1.0), heard=voice()) == [("no_speech",)]  # probabilities not known


def test_a_segment_without_words_is_judged_by_its_time() -> None:
    bare = Segment(text="门外的灯又亮了起来", start_s=10, end_s=14)
    assert flags_of(bare, heard=voice((0, 9))) == [("no_speech",)]
    assert flags_of(bare, heard=voice((10, 13))) == [()]
    assert flags_of(Segment(text="门外的灯又亮了起来"), heard=voice()) == [()]


@pytest.mark.parametrize(("text", "seconds", "impossible"), [
    ("门外的灯又亮了起来", 2.0, False), ("门外的灯又亮了起来", 0.7, False), ("门外的灯又亮了起来", 0.4, True),
    ("好", 0.0, False),
    ("The lamp at the door is lit again tonight", 2.0, False),
    ("The lamp at the door is lit again tonight", 0.4, True)])
def test_nobody_speaks_so_fast(text: str, seconds: float, impossible: bool) -> None:
    assert is_impossible(spoken(text, seconds=seconds)) is impossible
    assert not is_impossible(Segment(text=text))


# --- loops ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("keys", "found"), [
    ("", (0, 0)), ("ab", (0, 0)), ("abab", (2, 2)), ("xabcabcabc", (3, 3)), ("aaaaaa", (1, 6)), ("abcdefgh", (0, 0)),
    ("aabcdefg", (0, 0))])
def test_repeats(keys: str, found: tuple[int, int]) -> None:
    assert repeats(list(keys)) == found


@pytest.mark.parametrize("text", [
    "少即是多。少即是多。少即是多。", "慢一点，慢一点，慢一点，再慢一点", "谢谢谢谢谢谢谢谢谢谢谢谢",
    "Thank you, thank you, thank you, thank you, thank you.",
    "Quiet tools for loud days. Quiet tools for loud days. Quiet tools for loud days.",
    ", ".join(["makers"] * 14)])
def test_a_refrain_is_no_loop(text: str) -> None:
    assert flag_captions([Segment(text=text)])[0].flags == ()
    assert flags_of(spoken(text, seconds=9)) == [()]


@pytest.mark.parametrize("text", [
    "我们走吧" * 6, "And the lamp is lit. " * 6, "灯" * 40, "It is a little bit of light, " * 12])
def test_a_loop_is_flagged(text: str) -> None:
    assert flag_captions([Segment(text=text)])[0].flags == ("loop",)
    assert "loop" in flags_of(spoken(text, seconds=30))[0]


def test_where_whisper_suspects_a_loop_less_is_enough() -> None:
    three = "少即是多。少即是多。少即是多。"
    assert flags_of(spoken(three, flags=("loop",))) == [("loop",)]
    near = [spoken(f"它会用三{c}颜色，", start_s=10 + n, seconds=1, flags=("loop",)) for n, c in enumerate("个种重")]
    assert flags_of(*near) == [("loop",)] * 3


def test_a_sentence_written_twice_counts_once_where_whisper_suspects_silence() -> None:
    first = spoken("灯亮了我们回家", 0.0, 1.0)
    again = spoken("灯亮了我们回家", 1.0, 1.0, flags=("no_speech",))
    assert [s.flags for s in flag_heard((first, again), voice((0.0, 2.0)), STEP_S)] == [(), ("loop",)]
    said = spoken("灯亮了我们回家", 1.0, 1.0)
    assert [s.flags for s in flag_heard((first, said), voice((0.0, 2.0)), STEP_S)] == [(), ()]


def test_the_same_segment_many_times_in_a_row() -> None:
    often = [Segment(text="And now, over to Nora.") for _ in range(7)]
    assert [s.flags for s in flag_captions(often)] == [()] + [("loop",)] * 6  # the first may have been said
    assert not any(s.flags for s in flag_captions(often[:3]))
    thanks = [Segment(text="Thank you.") for _ in range(6)]
    assert not any(s.flags for s in flag_captions(thanks))


# --- credits --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", CREDITS)
def test_credits_are_flagged_wherever_they_stand(text: str) -> None:
    assert flag_captions([Segment(text=text)])[0].flags == ("credit",)
    assert "credit" in flags_of(spoken(text, seconds=9))[0]


@pytest.mark.parametrize("text", SAID_TOO)
def test_what_people_say_too_is_a_credit_only_where_nobody_is_heard(text: str) -> None:
    assert flag_captions([Segment(text=text)])[0].flags == ()
    assert flags_of(spoken(text, seconds=6)) == [()]
    assert "credit" in flags_of(spoken(text, seconds=6), heard=voice())[0]
    assert "credit" in flag_captions([Segment(text=text, flags=("no_speech",))])[0].flags


@pytest.mark.parametrize("text", SPOKEN)
def test_what_is_said_on_stages_is_no_credit(text: str) -> None:
    assert credit_at(text, heard=False) is None


def test_every_formula_has_an_example() -> None:
    licence, _, head, *rows = TABLE.read_text(encoding="utf-8").splitlines()
    assert licence.startswith("# CC-BY-4.0, own work")
    assert tuple(head.split("\t")) == COLUMNS
    patterns = [row.split("\t")[0] for row in rows]
    assert len(set(patterns)) == len(patterns)
    assert {row.split("\t")[1] for row in rows} == {ALWAYS, UNHEARD}
    from rhetoric.transcribe.credits import folded, loosened

    texts = [folded(text).rstrip(".!。") for text in CREDITS + SAID_TOO]
    assert [p for p in patterns if not any(re.fullmatch(loosened(p), text) for text in texts)] == []


def test_a_credit_at_the_end_of_a_segment_is_cut_off() -> None:
    said, credit = flag_heard([spoken("我们明年再见。字幕by小灯", seconds=6)], EVERYWHERE, STEP_S)
    assert (said.text, said.flags, credit.text, credit.flags) == ("我们明年再见。", (), "字幕by小灯", ("credit",))
    assert "".join(word.text for word in credit.words) == "字幕by小灯"
    assert said.end_s == said.words[-1].end_s <= credit.start_s == credit.words[0].start_s
    bare = flag_captions([Segment(text="See you. Subtitles by Nora", start_s=0.0, end_s=26.0)])
    assert [(s.text, s.start_s, s.end_s) for s in bare] == [("See you.", 0, 9), ("Subtitles by Nora", 9, 26)]
    odd = Segment(text="再见。字幕by小灯", start_s=0, end_s=2, words=(Word(text="另外", start_s=0, end_s=1),))
    assert [s.flags for s in flag_captions([odd])] == [("credit",)]  # its words are not its text: it stays whole


# --- invariants -----------------------------------------------------------------------------------------------------

TEXTS = st.one_of(st.sampled_from(CREDITS + SAID_TOO + SPOKEN), st.text("灯火ab。, \n", min_size=1, max_size=30),
                  st.tuples(st.sampled_from(SPOKEN), st.sampled_from(CREDITS)).map("。".join))
SEGMENTS = st.lists(st.builds(
    spoken, text=TEXTS, start_s=st.floats(0, 40), seconds=st.floats(0.1, 20), probability=st.floats(0, 1),
    flags=st.sampled_from([(), ("loop",), ("no_speech",), ("low_confidence",), ("event:applause",)])), max_size=4)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEGMENTS, st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), max_size=3))
def test_nothing_is_lost_and_flagging_again_changes_nothing(segments: list[Segment], spans: list[Any]) -> None:
    heard = voice(*spans)
    found = flag_heard(segments, heard, STEP_S)
    assert "".join(s.text for s in found).replace(" ", "").replace("\n", "") == "".join(
        s.text for s in segments).replace(" ", "").replace("\n", "")
    assert [word for s in found for word in s.words] == [word for s in segments for word in s.words]
    assert all(set(s.flags) - {"low_confidence", "event:applause"} <= QUARANTINE for s in found)
    captions = flag_captions(segments)
    assert flag_captions(captions) == captions


def test_a_text_that_could_be_parted_in_many_ways_takes_no_time() -> None:
    """One expression for all formulas tried each of a million ways."""
    for formula in ("作词 作曲 ", "字幕：灯 ", "thanks for watching "):
        assert credit_at(formula * 12 + "后来我们才知道门外的灯一直亮着没有人去关它", heard=False) is None
    assert flag_captions([Segment(text="灯火" * 20_000)])[0].flags == ("loop",)


@settings(deadline=None)
@given(st.text(max_size=400), st.booleans())
def test_any_text_can_be_asked_for_credits(text: str, heard: bool) -> None:
    at = credit_at(text, heard=heard)
    assert at is None or 0 <= at < len(text)


# --- on the way in and out ------------------------------------------------------------------------------------------


def test_every_reason_has_a_name() -> None:
    assert set(QUARANTINE_NAMES) == QUARANTINE


def test_captions_are_flagged_and_only_json_gives_them_back(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    cues = ("1\n00:00:01,000 --> 00:00:02,000\n我们开始吧\n", "2\n00:00:03,000 --> 00:00:04,000\n字幕志愿者 王小明\n")
    path.write_text("\n".join(cues), encoding="utf-8")
    transcript = import_transcript(path, speech_id="a")
    assert [s.flags for s in transcript.segments] == [(), ("credit",)]
    for form in ("srt", "vtt", "txt", "csv"):
        assert "我们开始吧" in export_transcript(transcript, form)
        assert "王小明" not in export_transcript(transcript, form)
    assert transcript_from_json(export_transcript(transcript, "json"), "a") == transcript


# --- with Whisper base ----------------------------------------------------------------------------------------------


def music(seconds: float) -> np.ndarray:
    """A plucked chord, note after note."""
    at = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    found = np.zeros_like(at)
    for number, start_s in enumerate(np.arange(0, seconds, 0.5)):
        hertz = 220 * 2 ** ((0, 4, 7, 12, 7, 4)[number % 6] / 12)
        since = at[at >= start_s] - start_s
        found[at >= start_s] += np.exp(-3 * since) * sum(np.sin(2 * np.pi * hertz * h * since) / h for h in range(1, 5))
    return (0.1 * found / found.std()).astype(np.float32)


@pytest.mark.whisper
def test_what_whisper_writes_over_music_is_kept_apart_from_what_is_said(tmp_path: Path, whisper: Any) -> None:
    """Without voice activity detection all of the sound is heard, and Whisper says the last sentence once more."""
    path = write_sound(tmp_path / "a.flac", np.concatenate([samples_of("shen-2021", 0, 9), music(35)]))
    found = transcribe_recording(Recording(speech_id="a", language="zh"), path,
                                 TranscribeConfig(device="cpu", threads=1, vad=False), whisper)
    invented = [segment for segment in found.segments if segment.quarantined]
    assert invented, "Whisper invented nothing: choose another sound"
    assert min(segment.start_s for segment in invented) > 9
    said = "".join(segment.text for segment in found.segments if not segment.quarantined)
    assert said.startswith("大家晚上好")
    assert said.count("今天晚上") == 1
