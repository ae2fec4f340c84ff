"""Transcript -> Speech: joining, times, events, quarantine, missing marks, hostile text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.errors import SpeechError
from rhetoric.sentences import from_sentences, from_text, prepare
from rhetoric.types import Segment, Speech, Transcript, Word


def transcript(language: str, segments: Sequence[Segment]) -> Transcript:
    return Transcript(speech_id="invented", engine="import:test", language=language, segments=tuple(segments))


def texts(speech: Speech) -> list[str]:
    return [speech.text_of(sentence) for sentence in speech.sentences]


def cues(*lines: str, seconds: float = 2.0, gap_s: float = 0.0) -> list[Segment]:
    return [Segment(text=line, start_s=k * (seconds + gap_s), end_s=k * (seconds + gap_s) + seconds)
            for k, line in enumerate(lines)]


def test_captions_cut_in_the_middle_of_a_sentence_are_joined() -> None:
    speech = prepare(transcript("en", cues("Today we are going to", "show you a lamp. It is", "very small.")))
    assert texts(speech) == ["Today we are going to show you a lamp.", "It is very small."]
    assert speech.sentences[0].start_s == 0.0
    assert 2.0 < (speech.sentences[0].end_s or 0) < 4.0
    assert speech.sentences[1].end_s == 6.0


def test_chinese_captions_join_without_a_space_but_latin_words_keep_one() -> None:
    speech = prepare(transcript("zh", cues("今天我们", "发布新的", "iPad", "Pro，它很轻。")))
    assert texts(speech) == ["今天我们发布新的iPad Pro，它很轻。"]


def test_subtitles_without_marks_begin_and_end_with_lines_and_a_lone_word_goes_with_what_follows() -> None:
    lines = ["我们在海边的小城里开了第一家店", "那时候店里只有三个人和一张桌子", "后来",
             "客人从很远的山里坐车赶过来"] * 3
    speech = prepare(transcript("zh", cues(*lines)))
    assert speech.text == " ".join(lines)
    assert [line for text in texts(speech) for line in text.split()] == lines
    assert len(texts(speech)) >= 6
    assert not any(text.endswith("后来") for text in texts(speech))


def test_chinese_without_any_mark_is_cut_into_sentences_with_times_and_names_stay_whole() -> None:
    said = ("大家晚上好欢迎来到我们的发布会", "今天我要给大家介绍的就是我们的第一辆车青岚E7 Max",
            "它的电池容量是24.5度", "那么大家最关心的问题来了它卖多少钱呢", "我们内部为了这个价格吵了整整两个月",
            "所以今天我非常紧张", "谢谢大家")
    words, at_s = [], 0.0
    for line in said:
        for piece in re.findall(r"[A-Za-z0-9. ]+|[^A-Za-z0-9. ]", line):
            words.append(Word(text=piece, start_s=at_s, end_s=at_s + 0.2))
            at_s += 0.2
        at_s += 0.8
    heard = Segment(text="".join(said), start_s=0.0, end_s=at_s, words=tuple(words))
    speech = prepare(transcript("zh", [heard]))
    _check(speech)
    assert "".join(texts(speech)) == speech.text == heard.text
    assert set(said) <= set(texts(speech)), "with pauses each sentence is found"
    assert speech.timed
    untimed = from_text("s", heard.text, "zh")
    _check(untimed)
    assert not any(text.endswith(("E7", "24", "24.")) for text in texts(untimed))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pauses_part_sentences_where_marks_are_missing(language: str, make_transcript: Callable[..., Transcript],
                                                       invented_lines: dict[str, tuple[str, ...]]) -> None:
    plain = [line.strip("。，？！.,?!").replace("，", "").replace(",", "") for line in invented_lines[language]]
    one_segment = Segment(
        text="".join(plain) if language == "zh" else " ".join(plain), start_s=0.0, end_s=500.0,
        words=tuple(word for segment in make_transcript(language, *plain).segments for word in segment.words))
    heard_in_one_piece = prepare(transcript(language, [one_segment]))
    starts = {sentence.char_start for sentence in heard_in_one_piece.sentences}
    width = 0 if language == "zh" else 1
    borders, at = set(), 0
    for line in plain:
        borders.add(at)
        at += len(line) + width
    assert len(starts & borders) >= 0.8 * len(borders), "most pauses became borders"
    assert len(starts - borders) <= 2, "hardly any border lies elsewhere"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_word_times_give_each_sentence_its_second(language: str, make_transcript: Callable[..., Transcript],
                                                  invented_lines: dict[str, tuple[str, ...]]) -> None:
    made = make_transcript(language)
    speech = prepare(made)
    assert texts(speech) == list(invented_lines[language])
    for sentence, segment in zip(speech.sentences, made.segments, strict=True):
        assert sentence.start_s == pytest.approx(segment.start_s, abs=0.01)
        assert sentence.end_s == pytest.approx(segment.end_s, abs=0.3)
    assert speech.timed


def test_a_word_the_text_lacks_does_not_disturb_the_others() -> None:
    words = (Word(text="We", start_s=1, end_s=1.2), Word(text="zzz", start_s=1.2, end_s=1.3),
             Word(text="win.", start_s=5, end_s=5.5), Word(text="Now", start_s=7, end_s=7.5))
    speech = prepare(transcript("en", [Segment(text="We win. Now", start_s=1, end_s=8, words=words)]))
    assert [(s.start_s, s.end_s) for s in speech.sentences] == [(1, 5.5), (7, 7.5)]


def test_another_speaker_ends_a_sentence() -> None:
    segments = [Segment(text="and so we", speaker="Ann"), Segment(text="thank you all", speaker="Bob"),
                Segment(text="for coming.")]
    speech = prepare(transcript("en", segments))
    assert [(s.speaker, speech.text_of(s)) for s in speech.sentences] == [
        ("Ann", "and so we"), ("Bob", "thank you all for coming.")]


def test_events_are_kept_apart_and_know_their_place() -> None:
    segments = [Segment(text="(Music)", flags=("event:music",), start_s=0.0, end_s=2.0),
                Segment(text="We did it.", start_s=2.0, end_s=3.0),
                Segment(text="(Applause)", flags=("event:applause",), start_s=3.0, end_s=9.0),
                Segment(text="Thank you.", start_s=9.0, end_s=10.0)]
    speech = prepare(transcript("en", segments))
    assert speech.text == "We did it. Thank you."
    assert [(e.kind, e.after_index, e.start_s, e.end_s) for e in speech.events] == [
        ("music", -1, 0.0, 2.0), ("applause", 0, 3.0, 9.0)]


@pytest.mark.parametrize("flag", ["loop", "no_speech"])
def test_what_is_in_quarantine_is_left_out(flag: str) -> None:
    segments = [Segment(text="我们开始。"), Segment(text="请订阅请订阅请订阅", flags=(flag,)), Segment(text="第一章。")]
    assert texts(prepare(transcript("zh", segments))) == ["我们开始。", "第一章。"]


@pytest.mark.parametrize("segments", [
    [], [Segment(text="")], [Segment(text="……。")], [Segment(text="啦啦", flags=("no_speech",))],
    [Segment(text="(Applause)", flags=("event:applause",))],
])
def test_no_speech_is_an_error_in_a_line(segments: list[Segment]) -> None:
    with pytest.raises(SpeechError, match=r"^invented holds no speech: [^\n]+$"):
        prepare(transcript("zh", segments))


@pytest.mark.parametrize("language", ["", "fr", "unknown"])
def test_an_unsupported_language_is_an_error_that_names_the_speech(language: str) -> None:
    with pytest.raises(SpeechError, match=r"^invented: .*zh.*en.*catalog\.csv$"):
        prepare(transcript(language, [Segment(text="Bonjour.")]))


@pytest.mark.parametrize("code", ["zh-Hans", "zh_CN", "ZH", "zh"])
def test_language_codes_with_a_region_are_understood(code: str) -> None:
    assert prepare(transcript(code, [Segment(text="你好。")])).language == "zh"


def test_long_run_of_commas_is_cut_at_a_comma() -> None:
    clause = "我们把每一颗螺丝都称了一遍"
    speech = from_text("s", "，".join([clause] * 30) + "。", "zh")
    assert len(speech.sentences) > 3
    assert all(sentence.size <= 110 for sentence in speech.sentences)
    assert all(text.endswith(("，", "。")) for text in texts(speech))


@pytest.mark.parametrize(("language", "text"), [
    ("zh", "好" * 100_000), ("zh", "a" * 100_000), ("en", "a" * 100_000), ("en", "word " * 20_000),
    ("zh", "，" * 50_000 + "好"), ("en", "." * 50_000 + "a"), ("en", "a." * 50_000), ("zh", "「" * 50_000 + "好"),
    ("zh", "1.1" * 30_000), ("en", "Dr. " * 20_000),
])
def test_a_hundred_thousand_characters_without_a_break_survive(language: str, text: str) -> None:
    _check(from_text("s", text, language))


def test_hostile_characters_survive() -> None:
    text = "A\x00B \u202eabc\u202c. \ud800 Emoji 👩‍👩‍👧 here! \ufeff\u200b\x1b[31mred\x07. 你好。"
    speech = from_text("s", text, "en")
    _check(speech)
    assert "\ud800" not in speech.text
    speech.text.encode("utf-8")


def test_given_sentences_keep_their_borders() -> None:
    lines = ["我们开始吧", "第一。第二。", "Hello there", "world 你好。"]
    speech = from_sentences("s", lines, "zh")
    assert texts(speech) == lines
    assert not speech.timed
    assert [s.start_s for s in speech.sentences] == [None] * 4


def test_an_empty_given_sentence_is_an_error() -> None:
    with pytest.raises(SpeechError, match="sentence 2 is empty"):
        from_sentences("s", ["a", " "], "en")


def _check(speech: Speech) -> None:
    """All that must hold of any speech."""
    owners = [0] * len(speech.text)
    for index, sentence in enumerate(speech.sentences):
        assert sentence.index == index
        for i in range(sentence.char_start, sentence.char_end):
            owners[i] += 1
        covered = sentence.char_start
        for token in sentence.tokens:
            assert token.char_start >= covered
            assert not speech.text[covered : token.char_start].strip()
            assert token.text == speech.text[token.char_start : token.char_end]
            assert token.text
            covered = token.char_end
        assert not speech.text[covered : sentence.char_end].strip()
    assert all(n == 1 for n, ch in zip(owners, speech.text, strict=True) if not ch.isspace())
    assert max(owners) == 1
    times = [t for s in speech.sentences for t in (s.start_s, s.end_s) if t is not None]
    assert times == sorted(times)


TEXT = st.text(max_size=60, alphabet=st.sampled_from(
    "好我们在，。！？；…“” \n\t.,!?'\"()[]-0123456789abcXYZé\u3000\u200b\u202e👍"))
SECONDS = st.floats(min_value=-5, max_value=100) | st.just(float("nan"))
WORDS = st.lists(st.builds(Word, text=TEXT, start_s=SECONDS, end_s=SECONDS), max_size=6).map(tuple)
SEGMENTS = st.lists(st.builds(
    Segment, text=TEXT, start_s=st.none() | SECONDS, end_s=st.none() | SECONDS, words=WORDS,
    speaker=st.sampled_from(["", "A", "B"]), flags=st.sampled_from([(), (), (), ("event:applause",), ("loop",)])),
    max_size=12)


@settings(max_examples=150, deadline=None)
@given(segments=SEGMENTS, language=st.sampled_from(["zh", "en"]))
def test_all_text_lies_in_one_sentence_tokens_tile_and_times_rise(segments: list[Segment], language: str) -> None:
    try:
        speech = prepare(transcript(language, segments))
    except SpeechError:
        spoken = [s for s in segments if not s.flags]
        assert not any(ch.isalnum() for s in spoken for ch in s.text)
        return
    _check(speech)
    assert all(any(ch.isalnum() for ch in text) for text in texts(speech))
    assert prepare(transcript(language, segments)) == speech
