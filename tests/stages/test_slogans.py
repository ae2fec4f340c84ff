"""The stage `slogans`: candidates, marks, ranking."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.codebook import FUNCTIONS
from rhetoric.sentences import from_sentences
from rhetoric.stages import run_stage
from rhetoric.stages.devices import join, quotable
from rhetoric.stages.devices.candidates import MAX_SIZE, candidates
from rhetoric.stages.devices.quotable import AGAINST, alliterates, marks
from rhetoric.stages.slogans import RANKED, SHOWN, STAGE, TOP, WEIGHTS, run, score_of, setting_of
from rhetoric.types import Event, Finding, Reading, Speech

PLAIN = {"zh": ["他们把桌子搬到了二楼。", "后来我们去车站等他。", "那边下了一点小雨。"] * 8,
         "en": ["They carried the table to the second floor.", "Then we waited for him at the station.",
                "There was a little rain over there."] * 8}


def speech_of(language: str, *sentences: str) -> Speech:
    """The sentences in the middle of plain talk."""
    return from_sentences("s", [*PLAIN[language], *sentences, *PLAIN[language]], language)


def marks_of(speech: Speech, text: str) -> set[str]:
    """The marks of the candidate that reads so."""
    setting = setting_of(speech)
    for line in setting.lines.values():
        for candidate in candidates(line, speech.language):
            if candidate.text == text:
                return set(marks(candidate, setting))
    raise AssertionError(f"no candidate reads {text!r}")


def texts(language: str, sentence: str) -> list[str]:
    speech = from_sentences("s", [sentence], language)
    return [candidate.text for candidate in candidates(setting_of(speech).lines[0], language)]


def test_what_leads_into_a_line_is_no_part_of_it():
    assert texts("zh", "所以我觉得，时间是最好的老师。")[0] == "时间是最好的老师"
    assert texts("en", "And so, patience is a craft.")[0] == "patience is a craft"


def test_a_line_within_a_long_sentence_is_found():
    sentence = "那天夜里他在黑板上写了一行字给我们看：小事不糊涂，大事不低头。"
    assert "小事不糊涂，大事不低头" in texts("zh", sentence)
    sentence = "What my grandmother told us every evening by the river was just this: never trade truth for speed."
    assert "never trade truth for speed" in texts("en", sentence)


@pytest.mark.parametrize(("language", "sentence"), [
    ("zh", "谢谢大家。"), ("zh", "它有6个接口。"), ("zh", "接下来请看大屏幕。"), ("zh", "对。"),
    ("en", "Thank you."), ("en", "It costs 99 dollars."), ("en", "Please welcome the band."), ("en", "Yes."),
])
def test_thanks_figures_agenda_and_scraps_are_no_candidates(language: str, sentence: str):
    assert texts(language, sentence) == []


@given(st.sampled_from(["zh", "en"]), st.lists(st.sampled_from(
    ["时间", "，", "不是", "灯火", "：", "我们", "light", ", ", "never", ": ", "road "]), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_candidates_are_short_and_lie_in_their_line(language: str, pieces: list[str]):
    text = "".join(pieces)
    if not any(ch.isalnum() for ch in text):
        return
    speech = from_sentences("s", [text], language)
    line = setting_of(speech).lines[0]
    for candidate in candidates(line, language):
        assert candidate.size <= MAX_SIZE[language]
        assert speech.text[candidate.char_start : candidate.char_end] == candidate.text
        assert line.char_start <= candidate.char_start < candidate.char_end <= line.char_start + len(line.text)


@pytest.mark.parametrize(("language", "line", "mark"), [
    ("zh", "难的不是出发，而是抵达", "antithesis"), ("zh", "山不高，水不深", "two halves"),
    ("zh", "有光的地方就有路，有路的地方就有人", "parallel halves"), ("zh", "没有耐心，就没有作品", "maxim"),
    ("zh", "让每一盏灯都等到人", "call or promise"), ("zh", "时间是最好的老师", "A is B"),
    ("zh", "手稳，心稳", "rhyme"), ("zh", "不求快，不求大，只求真", "triad"),
    ("zh", "它会慢慢变好", "points to something"),
    ("en", "Less hurry, more heart", "antithesis"), ("en", "Patience pays", "alliteration"),
    ("en", "Work in the rain, rest in the sun", "parallel halves"), ("en", "Never trade truth for speed", "maxim"),
    ("en", "Let us build bridges", "call or promise"), ("en", "Patience is a craft", "A is B"),
    ("en", "Head for the station, stand by the nation", "rhyme"), ("en", "It will grow", "points to something"),
])
def test_marks(language: str, line: str, mark: str):
    assert mark in marks_of(speech_of(language, line), line)


def test_a_line_returns_only_far_away():
    line = "难的不是出发，而是抵达"
    near = from_sentences("s", [line, *PLAIN["zh"][:3], line, *PLAIN["zh"]], "zh")
    far = from_sentences("s", [line, *PLAIN["zh"], line, *PLAIN["zh"]], "zh")
    assert "returns later" not in marks_of(near, line)
    assert "returns later" in marks_of(far, line)


def timed(speech: Speech, pause_s: float) -> Speech:
    step = 3.0 + pause_s
    return replace(speech, sentences=tuple(
        replace(s, start_s=step * s.index, end_s=step * s.index + 3.0) for s in speech.sentences))


def test_pauses_and_applause_are_marks_where_they_are_known():
    line = "Less hurry, more heart"
    speech = speech_of("en", line)
    assert "set off by pauses" not in marks_of(speech, line)
    assert "set off by pauses" not in marks_of(timed(speech, 0.2), line)
    assert "set off by pauses" in marks_of(timed(speech, 0.9), line)
    applauded = replace(speech, events=(Event(kind="applause", after_index=len(PLAIN["en"])),))
    assert "before applause" in marks_of(applauded, line)
    assert "before applause" not in marks_of(replace(speech, events=(Event(kind="laughter", after_index=24),)), line)


def test_every_mark_has_a_weight_of_its_side():
    for mark, weights in WEIGHTS.items():
        assert all(weight <= 0 if mark in AGAINST else weight >= 0 for weight in weights), mark
    assert set(WEIGHTS) >= AGAINST


def test_every_mark_that_the_code_can_give_has_a_weight():
    given_marks = set(re.findall(r'yield "([^"]+)"', Path(quotable.__file__).read_text(encoding="utf-8")))
    assert len(given_marks) > 25
    assert given_marks == set(WEIGHTS)


def test_a_mark_for_raises_and_a_mark_against_lowers_the_score():
    for language in ("zh", "en"):
        assert score_of(("antithesis",), language) > score_of((), language)
        assert score_of(("points to something",), language) < score_of((), language)


def test_crafted_lines_lead_the_ranking_and_plain_talk_is_left_out():
    for language, line in (("zh", "真正的远方，不是距离，而是勇气。"), ("en", "Let us build not walls, but bridges.")):
        speech = speech_of(language, line)
        findings = run_stage(STAGE, speech).result.findings
        best = max(findings, key=lambda finding: finding.score)
        assert best.sentence_index == len(PLAIN[language])
        assert best.score >= SHOWN
        assert all(finding.score >= RANKED for finding in findings)
        below = [finding for finding in findings if finding.score < SHOWN]
        assert len(below) <= TOP


def test_density_counts_lines_over_size():
    speech = speech_of("zh", "真正的远方，不是距离，而是勇气。")
    (metric,) = run(speech, {}).metrics
    assert metric.numerator == 1
    assert metric.denominator == pytest.approx(sum(s.size for s in speech.sentences) / 1000)
    assert metric.unit == "lines per 1,000 characters"


def test_alliteration_needs_heavy_neighbours():
    assert alliterates(("patience", "pays"))
    assert not alliterates(("the", "thing", "that", "then"))


def test_same_input_same_result(make_speech):
    for language in ("zh", "en"):
        assert run_stage(STAGE, make_speech(language)) == run_stage(STAGE, make_speech(language))


def test_the_model_raises_and_lowers_a_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(join, "fitted", lambda: {"en": join.Join(marks=1.0, model=1.0, offset=0.0)})
    plain = from_sentences("s", ["Think less, feel more."], "en")

    def heard(probability: float | None) -> Finding:
        reading = Reading(function=tuple(float(name == "values") for name in FUNCTIONS), slogan=probability)
        (finding,) = run(replace(plain, readings=(reading,)), {}).findings
        return finding

    assert heard(None) == run(plain, {}).findings[0], "without an encoder the marks speak alone"
    assert heard(0.5).score == heard(None).score
    assert heard(0.9).score > heard(0.5).score > heard(0.3).score
    assert heard(0.9).evidence == (*heard(None).evidence, "model 0.90")
