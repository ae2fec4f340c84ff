"""A script beside what was heard: which words get which times, what was not spoken, and what is another text."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.transcribe.alignment import SAME_TEXT, Alignment, align, heard_tokens
from rhetoric.transcribe.formats.tokens import tokenize
from rhetoric.transcribe.onsets import levels_db, tighten
from rhetoric.types import Segment, Transcript, Word

EN = ("We brought the small lamp down to the harbour at night. Nobody was there. "
      "Then a fisherman asked us what it was for, and we had no answer. So we went home and began again.")
ZH = ("那天夜里，我们把小灯搬到了码头。一个人也没有。后来有位渔民问我们，这灯是做什么用的？我们答不上来。"
      "于是回家，从头再来。")


def spoken(text: str, language: str, *, pace_s: float = 0.3, pause_s: float = 1.0) -> Transcript:
    """What a perfect engine hears: `pace_s` a word or character, a pause after each sentence."""
    words, at = [], 1.0
    units = text.split() if language == "en" else [char for char in text if not char.isspace()]
    for unit in units:
        if not any(map(str.isalnum, unit)):
            at += pause_s if unit in "。？！" else 0.0
            continue
        words.append(Word(text=unit, start_s=round(at, 3), end_s=round(at + pace_s, 3), probability=0.9))
        at += pace_s + (pause_s if unit.endswith((".", "?")) else 0.0)
    segment = Segment(text=text, start_s=1.0, end_s=words[-1].end_s, words=tuple(words))
    return Transcript(speech_id="x", engine="e", language=language, segments=(segment,), duration_s=at + 1)


def fit(script: str, heard: Transcript) -> Alignment:
    return align([Segment(text=part) for part in script.split("\n")], heard)


@pytest.mark.parametrize(("text", "language"), [(EN, "en"), (ZH, "zh")])
def test_what_was_heard_letter_for_letter_keeps_its_times(text: str, language: str) -> None:
    heard = spoken(text, language)
    found = fit(text, heard)
    assert found.matched == found.tokens == found.heard
    assert found.share == found.covered == 1
    assert [(w.start_s, w.end_s) for s in found.segments for w in s.words] == [
        (w.start_s, w.end_s) for w in heard.segments[0].words]
    assert "".join(s.text for s in found.segments).replace(" ", "") == text.replace(" ", "")
    assert [s.start_s for s in found.segments] == [s.words[0].start_s for s in found.segments]


def test_words_are_written_as_the_script_has_them_without_losing_a_letter() -> None:
    script = "“SU7, GPT-4o”：我们说了 it's 25% 好。"
    found = fit(script, spoken("SU7 GPT 4o 我 们 说 了 it's 25 好", "en"))
    words = [word.text for segment in found.segments for word in segment.words]
    assert words == ["SU7,", "GPT-4o”：", "我", "们", "说", "了", "it's", "25%", "好。"]


def test_a_misheard_word_takes_the_time_of_what_was_heard_instead() -> None:
    heard = spoken(EN.replace("fisherman", "fission man"), "en")
    words = {w.text: w for s in fit(EN, heard).segments for w in s.words}
    wrong = {w.text: w for w in heard.segments[0].words}
    assert (words["fisherman"].start_s, words["fisherman"].end_s) == (wrong["fission"].start_s, wrong["man"].end_s)
    assert words["fisherman"].probability == 0.0
    assert words["asked"].start_s == wrong["asked"].start_s


def test_a_word_that_was_not_heard_lies_in_the_silence() -> None:
    heard = spoken(EN, "en")
    lost = [w for w in heard.segments[0].words if w.text != "fisherman"]
    gap = next(w for w in heard.segments[0].words if w.text == "fisherman")
    found = fit(EN, Transcript(speech_id="x", engine="e", language="en", duration_s=heard.duration_s, segments=(
        Segment(text=EN, words=tuple(lost), start_s=1.0, end_s=lost[-1].end_s),)))
    word = next(w for s in found.segments for w in s.words if w.text == "fisherman")
    assert gap.start_s - 0.02 <= word.start_s < word.end_s <= gap.end_s + 0.02
    assert found.unspoken == ()


def test_the_start_of_a_sentence_that_was_not_heard_leads_to_what_was() -> None:
    # "Then a" is lost in a pause of 1.0 s and more: it belongs before "fisherman", not after "there".
    heard = spoken(EN, "en")
    kept = tuple(w for w in heard.segments[0].words if w.text not in ("Then", "a"))
    found = fit(EN, Transcript(speech_id="x", engine="e", language="en", segments=(
        Segment(text=EN, words=kept, start_s=1.0, end_s=kept[-1].end_s),)))
    then = next(s for s in found.segments if s.text.startswith("Then"))
    fisherman = next(w for w in kept if w.text == "fisherman")
    assert fisherman.start_s - 1.0 < (then.start_s or 0) < fisherman.start_s


def test_sentences_for_which_there_is_no_time_were_not_spoken() -> None:
    extra = "Our lawyers asked me to add that every forward looking statement holds many risks and uncertainties."
    script = EN.replace("Then a", f"{extra} Then a")
    found = fit(script, spoken(EN, "en", pause_s=0.2))
    assert found.unspoken == (extra,)
    assert extra not in " ".join(s.text for s in found.segments)
    assert found.matched == len(list(tokenize(EN)))


def test_what_was_said_beyond_the_script_is_told_by_the_share_that_it_covers() -> None:
    found = fit(EN, spoken(EN + " And now I will sing a little song for you that nobody wrote down.", "en"))
    assert found.share == 1
    assert 0.5 < found.covered < 0.8


def test_traditional_script_and_full_width_letters_are_the_same_words() -> None:
    found = fit("我們發佈了ＳＵ７。", spoken("我们发布了SU7。", "zh"))
    assert found.matched >= 6
    assert found.segments[0].text == "我們發佈了ＳＵ７。"


def test_another_text_has_hardly_a_share() -> None:
    other = "今年的财报里有三个数字，我想一个一个讲清楚。第一个是毛利率。" * 2
    assert fit(ZH, spoken(other, "zh")).share < SAME_TEXT / 2
    assert fit(EN, spoken(ZH, "zh")).share == 0
    words = EN.replace(".", "").split()
    random.Random(1).shuffle(words)
    assert fit(EN, spoken(" ".join(words), "en")).share < SAME_TEXT


def test_events_and_speakers_of_the_script_stay() -> None:
    heard = spoken(EN, "en")
    first, second = EN.split(". ", 1)
    found = align([Segment(text=first + ".", speaker="Ida"), Segment(text="[Applause]", flags=("event:applause",)),
                   Segment(text=second, speaker="Bo")], heard)
    at = [s.flags for s in found.segments].index(("event:applause",))
    before, clap, after = found.segments[at - 1 : at + 2]
    assert (before.speaker, after.speaker, clap.speaker) == ("Ida", "Bo", "")
    assert (clap.start_s, clap.end_s) == (before.end_s, after.start_s)


def test_quarantined_text_and_events_are_not_heard() -> None:
    said = Segment(text="hello there", start_s=0, end_s=1)
    segments = (said, Segment(text="thanks thanks", start_s=1, end_s=2, flags=("loop",)),
                Segment(text="[Applause]", start_s=2, end_s=3, flags=("event:applause",)))
    heard = Transcript(speech_id="x", engine="e", language="en", segments=segments)
    assert [(t.key, t.start_s, t.end_s) for t in heard_tokens(heard)] == [("hello", 0, 0.5), ("there", 0.5, 1)]


def test_a_transcript_without_times_or_words_gives_none() -> None:
    for segments in ((), (Segment(text=EN),)):
        found = fit(EN, Transcript(speech_id="x", engine="e", language="en", segments=segments))
        assert (found.heard, found.share, found.segments) == (0, 0, ())


WORDS = st.sampled_from(["lamp", "harbour", "灯", "码", "seven", "7", "so.", "。", "it's"])


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=30), st.lists(WORDS, min_size=1, max_size=30), st.floats(0, 2))
def test_times_never_run_backward_nor_leave_the_recording(script: list[str], said: list[str], pause: float) -> None:
    if not any(word.strip(".。") for word in said):
        said = [*said, "lamp"]
    heard = spoken(" ".join(said).replace("。", "lamp"), "en", pause_s=pause)
    found = fit(" ".join(script), heard)
    words = [word for segment in found.segments for word in segment.words]
    assert all(0 <= word.start_s <= word.end_s <= (heard.duration_s or 0) + 0.01 for word in words)
    assert all(a.end_s <= b.start_s for a, b in pairwise(words))
    for segment in found.segments:
        assert [w.text for w in segment.words] == [w for w in (w.text for w in segment.words) if w in segment.text]


# --- where words are heard ------------------------------------------------------------------------------------------

RATE = 16_000


def sound(*bursts: tuple[float, float], seconds: float = 3.0, floor: float = 1e-4) -> np.ndarray:
    rng = np.random.default_rng(1)
    samples = rng.normal(0, floor, round(seconds * RATE))
    for start_s, end_s in bursts:
        samples[round(start_s * RATE) : round(end_s * RATE)] += rng.normal(0, 0.1, round(end_s * RATE) - round(
            start_s * RATE))
    return samples.astype(np.float32)


def tightened(samples: np.ndarray, *times: tuple[float, float]) -> list[tuple[float, float]]:
    words = tuple(Word(text="a", start_s=start, end_s=end) for start, end in times)
    levels = levels_db([samples[:5000], samples[5000:5003], samples[5003:]], RATE)
    assert len(levels) == len(samples) // 160
    [segment] = tighten([Segment(text="a", words=words, start_s=0.0, end_s=3.0)], levels)
    assert (segment.start_s, segment.end_s) == (segment.words[0].start_s, segment.words[-1].end_s)
    return [(word.start_s, word.end_s) for word in segment.words]


def test_a_word_begins_and_ends_where_it_is_heard() -> None:
    assert tightened(sound((1.0, 1.5)), (0.4, 1.9)) == [(pytest.approx(1.0, abs=0.01), pytest.approx(1.5, abs=0.01))]


def test_the_end_of_the_word_before_a_pause_is_no_part_of_the_next() -> None:
    [(start_s, end_s)] = tightened(sound((0.5, 0.8), (1.4, 2.0)), (0.7, 2.0))
    assert (start_s, end_s) == (pytest.approx(1.4, abs=0.01), 2.0)


def test_the_closure_of_a_consonant_is_no_pause() -> None:
    assert tightened(sound((1.0, 1.2), (1.3, 1.6)), (1.0, 1.6)) == [(1.0, 1.6)]


def test_a_click_is_no_onset_and_without_silence_nothing_moves() -> None:
    assert tightened(sound((0.5, 0.505), (1.0, 1.5)), (0.4, 1.5))[0][0] == pytest.approx(1.0, abs=0.01)
    assert tightened(sound((1.0, 1.5), floor=0.05), (0.4, 1.9)) == [(0.4, 1.9)]
    assert tightened(sound(), (2.9, 2.95), (2.98, 9.0)) == [(2.9, 2.95), (2.98, 9.0)]
