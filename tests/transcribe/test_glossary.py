"""Names: what is repaired and what never, the way back, what is suggested, and what the glossary file may say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.config import Config, GlossaryTerm, TranscribeConfig, add_alias, parse_config, to_toml
from rhetoric.errors import ConfigError, FormatError
from rhetoric.transcribe import Heard, TranscribeOptions, transcribe_recording
from rhetoric.transcribe.glossary import (
    FLAG,
    find_aliases,
    glossary_sha256,
    repair_segments,
    repair_transcript,
    undo_repairs,
    why_ordinary,
    with_names,
)
from rhetoric.transcribe.readings import likeness, readings_of, syllable_distance
from rhetoric.transcribe.suggestions import suggest
from rhetoric.transcribe.transcript_file import transcript_from_json, transcript_to_json
from rhetoric.types import Recording, Segment, Transcript, Word

from .conftest import sine, write_sound

GLOSSARY = (GlossaryTerm(term="SU7", kind="product", aliases=("初七", "速7", "see you seven")),
            GlossaryTerm(term="SU7 Ultra", kind="product", aliases=("初七奥创",)),
            GlossaryTerm(term="顾听澜", kind="person", aliases=("古听兰",)),
            GlossaryTerm(term="Maelis Thorne", kind="person", aliases=("Malice Thorn", "Nova")))


def repaired(text: str) -> str:
    return repair_segments([Segment(text=text)], GLOSSARY)[0].text


@pytest.mark.parametrize(("heard", "written"), [
    ("我们的初七今天发布。", "我们的SU7今天发布。"),
    ("速7来了，速7！", "SU7来了，SU7！"),
    ("初七奥创和初七", "SU7 Ultra和SU7"),  # the longest alias first
    ("请古听兰上台", "请顾听澜上台"),
    ("古听兰花了三年", "顾听澜花了三年"),  # 兰花 is a word, but the name is no part of it
    ("I drove see you seven home.", "I drove SU7 home."),
    ("See you seven is here. And see  you seven, too.", "SU7 is here. And SU7, too."),
    ("It was Malice Thorn's idea", "It was Maelis Thorne's idea"),
    ("小米Nova好", "小米Maelis Thorne好"),
])
def test_aliases_are_replaced(heard: str, written: str) -> None:
    assert repaired(heard) == written


@pytest.mark.parametrize("text", [
    "正月初七那天，我们照常上班。", "加速7秒", "一共17速70码", "初 七", "今年初七成的人留下了",
    "Novak and nova and NOVA", "the Nova-like, e-Nova and Nova2", "a malice thorn, Malice Thorns",
    "We all See you seven", "see you seventeen", "O'Nova", "Nova.com", "初",
])
def test_what_only_looks_like_an_alias_stays(text: str) -> None:
    assert repaired(text) == text


def test_words_keep_their_times_and_everything_can_be_undone() -> None:
    words = (Word(text="我们的", start_s=0.0, end_s=0.4), Word(text="初", start_s=0.4, end_s=0.6, probability=0.3),
             Word(text="七，", start_s=0.6, end_s=0.9, probability=0.5), Word(text="初七", start_s=1.0, end_s=1.5),
             Word(text="好", start_s=1.5, end_s=1.7))
    heard = Segment(text="我们的初七，初七好", start_s=0.0, end_s=1.7, words=words, speaker="林",
                    flags=("low_confidence",))
    found = repair_segments([heard], GLOSSARY)[0]
    assert found.text == "我们的SU7，SU7好"
    assert [(w.text, w.start_s, w.end_s, w.probability) for w in found.words[1:3]] == [
        ("SU7，", 0.4, 0.9, 0.3), ("SU7", 1.0, 1.5, 1.0)]
    assert [(r.said, r.written, r.char_start) for r in found.repairs] == [("初七", "SU7", 3), ("初七", "SU7", 7)]
    assert found.flags == ("low_confidence", FLAG)
    assert (found.start_s, found.end_s, found.speaker) == (0.0, 1.7, "林")
    assert undo_repairs(found) == heard


def test_words_that_are_no_parts_of_the_text_are_left_alone() -> None:
    heard = Segment(text="我们的初七", words=(Word(text="别的", start_s=0.0, end_s=1.0),))
    found = repair_segments([heard], GLOSSARY)[0]
    assert (found.text, found.words) == ("我们的SU7", heard.words)
    assert undo_repairs(found) == heard


def test_what_was_edited_after_a_repair_stays_edited() -> None:
    import dataclasses

    found = repair_segments([Segment(text="初七来了，初七好")], GLOSSARY)[0]
    edited = dataclasses.replace(found, text=found.text.replace("SU7好", "它很好"))
    assert undo_repairs(edited).text == "初七来了，它很好"


PIECES = st.sampled_from(["初七", "速7", "初", "七", "正月", "的", "see", "you", "seven", " ", "，", ". ", "See",
                          "古听兰", "Nova", "Malice Thorn", "'s", "-", "奥创", "7", "SU7"])


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    """A text of pieces, some of them glued into words, with times."""
    pieces = draw(st.lists(PIECES, max_size=14))
    words, held = [], ""
    for number, piece in enumerate(pieces):
        held += piece
        if held.strip() and draw(st.booleans()):
            words.append(Word(text=held.strip(), start_s=float(number), end_s=number + 0.5))
            held = ""
    return Segment(text="".join(pieces), start_s=0.0, end_s=float(len(pieces)), words=tuple(words))


@given(segments())
def test_repair_and_undo_meet_in_the_same_place(heard: Segment) -> None:
    found = repair_segments([heard], GLOSSARY)[0]
    assert undo_repairs(found) == heard
    assert repair_segments([found], GLOSSARY)[0] == found
    assert repair_segments([found], ())[0] == heard
    for repair in found.repairs:
        assert found.text[repair.char_start : repair.char_start + len(repair.written)] == repair.written
    times = [at for word in found.words for at in (word.start_s, word.end_s)]
    assert times == sorted(times)


@given(st.lists(segments(), max_size=3))
def test_repairs_survive_the_file(heard: list[Segment]) -> None:
    bare = Transcript(speech_id="a", engine="x", language="zh", segments=tuple(heard))
    transcript = repair_transcript(bare, GLOSSARY)
    assert transcript.options["glossary_sha256"] == glossary_sha256(GLOSSARY)
    assert transcript_from_json(transcript_to_json(transcript), "x") == transcript
    assert repair_transcript(transcript, ()).segments == tuple(heard)
    assert "glossary_sha256" not in repair_transcript(transcript, ()).options


def test_a_misspelt_field_of_a_repair_is_named() -> None:
    transcript = repair_transcript(Transcript(speech_id="a", engine="x", language="zh", segments=(
        Segment(text="初七"),)), GLOSSARY)
    text = transcript_to_json(transcript).replace('"said"', '"sayed"')
    with pytest.raises(FormatError, match=r"unknown field `sayed` - at `\$.segments\[0\].repairs\[0\]`"):
        transcript_from_json(text, "x")


def test_a_hash_knows_names_and_aliases_and_no_order() -> None:
    assert glossary_sha256(()) == ""
    assert glossary_sha256(GLOSSARY) == glossary_sha256(tuple(reversed(GLOSSARY)))
    assert glossary_sha256(GLOSSARY) != glossary_sha256(GLOSSARY[:-1])


class Listener:
    """An engine that always hears the same, and remembers what it was told."""

    name, version, model = "listener", "1", "none"

    def __init__(self) -> None:
        self.told: tuple[str, ...] = ()

    def transcribe(self, audio: Any, options: TranscribeOptions, on_progress: Callable[[float], None]) -> Heard:
        self.told = options.hotwords
        return Heard(language="zh", language_probability=1.0, segments=(
            Segment(text="請古聽蘭上臺,看初七", start_s=0.0, end_s=1.0),))


def test_a_recording_is_heard_with_the_names_and_repaired_in_the_script_of_the_transcript(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", np.asarray(sine(2)))
    engine = Listener()
    found = transcribe_recording(Recording(speech_id="a"), path, TranscribeConfig(vad=False), engine,
                                 glossary=GLOSSARY)
    assert engine.told == ("SU7", "SU7 Ultra", "顾听澜", "Maelis Thorne")
    assert found.segments[0].text == "请顾听澜上台，看SU7"
    assert found.options["glossary_names"] == "SU7; SU7 Ultra; 顾听澜; Maelis Thorne"
    assert found.options["glossary_sha256"] == glossary_sha256(GLOSSARY)
    plain = transcribe_recording(Recording(speech_id="a"), path, TranscribeConfig(vad=False), engine)
    assert not any(key.startswith("glossary") for key in plain.options)


def test_a_prompt_takes_as_many_names_as_fit() -> None:
    assert with_names("前言。", (), "zh") == "前言。"
    assert with_names("前言。", ("岚影", "SU7"), "yue") == "前言。演讲中提到：岚影、SU7。"
    assert with_names("", ("Vela", "SU7"), "en") == ""
    many = with_names("", tuple(f"Name{n:03}" for n in range(100)), "zh")
    assert "Name000" in many
    assert len(many) < 200


@pytest.mark.parametrize(("alias", "texts", "why"), [
    ("利息", (), "a word of its own"), ("新车", (), "a word of its own"), ("古听兰", (), ""), ("速7", (), ""),
    ("你想", (), "made of daily words"), ("see you seven", (), "without a capital"),
    ("Castriver", (), ""), ("cue X7", (), ""),
    ("Oracle", ("The oracle was wrong.",), "'oracle' stands"), ("Oracle", ("Oracle was wrong.",), ""),
    ("su7", (), ""),
])
def test_ordinary_words_are_told_apart(alias: str, texts: tuple[str, ...], why: str) -> None:
    found = why_ordinary(alias, "SU7", texts)
    assert why in found
    assert bool(found) == bool(why)


# --- how it sounds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), [
    ("zhi", "zi"), ("chang", "can"), ("shi", "si"), ("ni", "li"), ("xing", "xin"), ("sheng", "sen")])
def test_what_speakers_and_recognisers_mix_up_is_near(one: str, other: str) -> None:
    assert 0 < syllable_distance(one, other) <= 0.1
    assert syllable_distance(one, "kuo") > 0.4


def test_digits_and_letters_are_read_in_chinese() -> None:
    assert set(readings_of("SU7")) == {("su", "qi"), ("ai", "si", "you", "qi")}
    assert ("yin", "hang") in readings_of("银行")
    assert readings_of("é") == ()


SYLLABLES = st.lists(st.sampled_from(["su", "qi", "chu", "xing", "che", "lan", "ying", "an"]), min_size=1, max_size=5)


@given(SYLLABLES, SYLLABLES)
def test_likeness_is_a_share_the_same_both_ways(one: list[str], other: list[str]) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert likeness(one, one) == 1
    least = likeness(one, other, 0.8)
    assert least == 0 or least == pytest.approx(likeness(one, other))


# --- suggestions -----------------------------------------------------------------------------------------------------

NAMES = tuple(GlossaryTerm(term=name) for name in (
    "SU7", "纽北", "岚影", "顾听澜", "罗闻笙", "Kestriva", "QX7", "Maelis Thorne"))
HEARD = (
    ("出器的价格是二十万。", {"SU7": "出器"}), ("我们在刘备跑了一圈。", {"纽北": "刘备"}),
    ("这就是蓝影，蓝影手机。", {"岚影": "蓝影"}),
    ("古停栏和罗文声带着大家来了。", {"顾听澜": "古停栏", "罗闻笙": "罗文声"}),
    ("The Castriver chip works.", {"Kestriva": "Castriver"}), ("Look at Cue X7 now.", {"QX7": "Cue X7"}),
    ("It was Maley's thorn again.", {"Maelis Thorne": "Maley's thorn"}),
    ("我们的 Kestrava 芯片", {"Kestriva": "Kestrava"}),
    ("The su7 is here.", {"SU7": "su7"}),
)


def transcript_of(*texts: str) -> Transcript:
    return Transcript(speech_id="talk", engine="x", language="zh", segments=tuple(
        Segment(text=text, start_s=10.0 * n, end_s=10.0 * n + 5) for n, text in enumerate(texts)))


@pytest.mark.parametrize(("text", "names"), HEARD)
def test_what_sounds_like_a_name_is_suggested_and_nothing_else(text: str, names: dict[str, str]) -> None:
    assert {s.term: s.said for s in suggest([transcript_of(text)], NAMES)} == names


def test_what_is_accepted_is_repaired_wherever_it_was_quoted() -> None:
    transcript = transcript_of(*(text for text, _ in HEARD))
    found = suggest([transcript], NAMES)
    glossary = tuple(GlossaryTerm(term=name.term, aliases=tuple(s.said for s in found if s.term == name.term))
                     for name in NAMES)
    repairs = [repair for segment in repair_transcript(transcript, glossary).segments for repair in segment.repairs]
    assert len(repairs) == sum(s.count for s in found) > 9
    assert suggest([repair_transcript(transcript, glossary)], NAMES) == ()
    assert suggest([transcript], glossary) == ()


def test_a_suggestion_has_its_places_and_its_warning() -> None:
    found = suggest([transcript_of("这是别的。", "我们的新车和新车。")], [GlossaryTerm(term="星澈")])
    assert [(s.said, s.count, s.ordinary) for s in found] == [("新车", 2, "it is a word of its own")]
    assert [(p.speech_id, p.start_s, p.text) for p in found[0].places] == [("talk", 10.0, "我们的新车和新车。")] * 2


def test_names_written_right_and_far_words_are_not_suggested() -> None:
    text = "岚影和SU7都在纽北。顾听澜说，今天的天气很好，大家辛苦了。Kestriva is a chip, and it works well."
    assert suggest([transcript_of(text)], NAMES) == ()
    assert suggest([transcript_of("")], NAMES) == ()
    assert suggest([transcript_of(text)], ()) == ()


def test_an_alias_inside_a_longer_word_is_no_match() -> None:
    assert find_aliases("正月初七和初七", ["初七"]) == [(5, 7, "初七")]


# --- the glossary in rhetoric.toml -----------------------------------------------------------------------------------

TOML = """\
# mine
stages = ["ratio"]

[[glossary]]
term = "SU7"     # the car
kind = "product"
aliases = [
  "初七",
]  # more to come

[[glossary]]
term = "顾听澜"

[archive]
name = "x"
"""


def test_a_glossary_is_printed_as_it_is_read() -> None:
    config = parse_config(TOML, "x")
    assert config.glossary == (GlossaryTerm(term="SU7", kind="product", aliases=("初七",)), GlossaryTerm(term="顾听澜"))
    assert parse_config(to_toml(config), "y") == config
    assert Config().glossary == ()


@pytest.mark.parametrize(("text", "complaint"), [
    ('[[glossary]]\nterm = ""', "is no name"), ('[[glossary]]\nterm = " x"', "is no name"),
    ('[[glossary]]\nterm = "x"\naliases = ["a\\u001bb"]', "is no name"),
    ('[[glossary]]\nterm = "x"\naliases = ["x"]', "alias of itself"),
    ('[[glossary]]\nterm = "x"\naliases = ["a"]\n[[glossary]]\nterm = "y"\naliases = ["a"]', "'a' stands twice"),
    ('[[glossary]]\nterm = "x"\nkind = "car"', "Invalid enum value 'car'"),
    ('[[glossary]]\nname = "x"', "unknown field `name`"), ("[[glossary]]\nkind = 'place'", "missing required field"),
])
def test_a_mistake_in_the_glossary_is_named(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "here.toml")
    assert complaint in str(caught.value)


@pytest.mark.parametrize(("term", "alias", "expected"), [
    ("SU7", "速7", {"SU7": ("初七", "速7"), "顾听澜": ()}),
    ("顾听澜", '古"听', {"SU7": ("初七",), "顾听澜": ('古"听',)}),
    ("岚影", "蓝影", {"SU7": ("初七",), "顾听澜": (), "岚影": ("蓝影",)})])
def test_an_alias_is_put_into_the_file_and_the_rest_stays(term: str, alias: str,
                                                          expected: dict[str, tuple[str, ...]]) -> None:
    changed = add_alias(TOML, "x", term, alias)
    config = parse_config(changed, "x")
    assert {entry.term: entry.aliases for entry in config.glossary} == expected
    assert (config.stages, config.archive.name) == (("ratio",), "x")
    assert changed.startswith("# mine\n")
    assert 'term = "SU7"     # the car\n' in changed


def test_what_cannot_be_put_in_is_said() -> None:
    with pytest.raises(ConfigError, match="stands twice"):
        add_alias(TOML, "x", "顾听澜", "初七")
    with pytest.raises(ConfigError, match="by hand"):
        add_alias('glossary = [{term = "SU7"}]', "x", "SU7", "初七")
