"""Lines that return are found in both languages; everyday templates are not."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from rhetoric.compare import compare
from rhetoric.compare.likeness import overlap, same_frame, similarity, units
from rhetoric.tables import frame
from rhetoric.types import Lineage, Tables
from tests.builders import Plan, make_tables


def _archive(language: str, lines: list[tuple[int, str, str, float]]) -> Tables:
    """Speeches of plain facts, one a year, each with lines: (year, text, stage/label, score)."""
    years = sorted({year for year, *_ in lines})
    tables = make_tables([Plan(speech_id=f"s-{y}", date=f"{y}-01-01", language=language, parts=({"values": 20},))
                          for y in years])
    rows = []
    for number, (year, text, kind, score) in enumerate(lines):
        stage, _, label = kind.partition("/")
        rows.append({"speech_id": f"s-{year}", "stage": stage, "label": label or "slogan",
                     "char_start": 0, "char_end": len(text), "quote": text, "score": score, "evidence": "",
                     "sentence_index": number % 20})
    return Tables(speeches=tables.speeches, sentences=tables.sentences, findings=frame("findings", rows),
                  metrics=tables.metrics, runs=tables.runs)


def _lineages(language: str, *lines: tuple[int, str, str, float]) -> tuple[Lineage, ...]:
    return compare(_archive(language, list(lines))).lineages


@pytest.mark.parametrize(("language", "first", "second"), [
    ("zh", "向着星光走。", "向着星光一直走。"),
    ("zh", "把门打开，让风进来。", "把窗打开，让光进来。"),
    ("en", "Made slow, made well.", "Made slow, and made well."),
    ("en", "Small is brave.", "Small is brave."),
])
def test_a_slogan_returns(language: str, first: str, second: str) -> None:
    found, = _lineages(language, (2020, first, "slogans", 80), (2022, second, "slogans", 45))
    assert [q.text.strip("…") for q in found.quotes] == [first, second]
    assert found.kind == "slogan"
    assert ("word for word" in found.text.en) == (first == second)


def test_a_return_within_a_year_is_in_another_speech_of_it() -> None:
    tables = _archive("en", [(2020, "Made slow, made well.", "slogans", 80),
                             (2022, "Made slow, and made well.", "slogans", 80)])
    same = replace(tables, speeches=tables.speeches.assign(date="2020-01-01", year=2020))
    found, = compare(same).lineages
    assert "returns in another speech of 2020" in found.text.en
    assert "同年的另一场演讲中" in found.text.zh


@pytest.mark.parametrize(("language", "first", "second"), [
    ("zh", "向着星光走。", "慢一点才走得远。"),
    ("zh", "今天不一样。", "明天不下雨。"),
    ("en", "Made slow, made well.", "The quiet one wins."),
    ("en", "We begin again.", "We never stop."),
])
def test_different_slogans_are_no_lineage(language: str, first: str, second: str) -> None:
    assert _lineages(language, (2020, first, "slogans", 80), (2022, second, "slogans", 80)) == ()


def test_to_return_twice_is_worth_a_score_of_its_own() -> None:
    weak = [(year, f"Less {word}, more making.", "slogans", 21.0) for year, word in
            ((2020, "waiting"), (2021, "carrying"), (2022, "searching"))]
    assert _lineages("en", *weak[:2]) == ()
    (found,) = _lineages("en", *weak)
    assert len(found.quotes) == 3


@pytest.mark.parametrize(("language", "line"), [("zh", "谢谢大家，谢谢！"), ("en", "Thank you, thank you all.")])
def test_manners_are_no_slogans(language: str, line: str) -> None:
    assert _lineages(language, (2020, line, "slogans", 80), (2022, line, "slogans", 80)) == ()


def test_weak_lines_and_lines_of_the_same_speech_are_no_lineage() -> None:
    assert _lineages("zh", (2020, "向着星光走。", "slogans", 39), (2022, "向着星光走。", "slogans", 30)) == ()
    assert _lineages("zh", (2020, "向着星光走。", "slogans", 80), (2022, "向着星光走。", "slogans", 9)) == ()
    assert _lineages("zh", (2020, "向着星光走。", "slogans", 80), (2022, "向着星光走。", "slogans", 11))
    assert _lineages("zh", (2020, "向着星光走。", "slogans", 80), (2020, "向着星光一直走。", "slogans", 80)) == ()


def test_likeness_joins_in_a_chain() -> None:
    found, = _lineages("zh", (2020, "山高水长路远", "slogans", 80), (2021, "山高水长人远", "slogans", 80),
                       (2022, "山高水清人远", "slogans", 80))
    assert len(found.quotes) == 3
    assert found.similarity == pytest.approx(5 / 6, abs=1e-3)


@pytest.mark.parametrize(("language", "first", "second"), [
    ("zh", "你有没有见过，凌晨四点的海？", "你有没有见过，下雪天的海？"),
    ("en", "Who among us has ever repaired a radio?", "Who among us has ever repaired a friendship?"),
])
def test_a_frame_returns_with_other_words(language: str, first: str, second: str) -> None:
    found, = _lineages(language, (2020, first, "figures/question", 1), (2023, second, "figures/question", 1))
    assert found.kind == "frame"
    assert "with other words" in found.text.en
    assert "句式" in found.text.zh


@pytest.mark.parametrize(("language", "first", "second"), [
    ("zh", "接下来我们看看电池怎么样？", "接下来我们看看屏幕怎么样？"),
    ("zh", "我们来看一下这颗芯片的表现怎么样？", "我们来看一下这块屏幕的表现怎么样？"),
    ("zh", "这是什么呢，是新的铰链？", "这是什么呢，是新的镜头？"),
    ("zh", "为什么我们要做这样的手机？", "为什么我们要做这样的手表？"),
    ("zh", "价格到底是多少？", "重量到底是多少？"),
    ("en", "What about the battery of this phone?", "What about the camera of this phone?"),
    ("en", "So how do we make the battery better?", "So how do we make the camera better?"),
    ("en", "Now let's take a look at the camera, shall we?", "Now let's take a look at the battery, shall we?"),
    ("en", "Are you ready to see the phone?", "Are you ready to see the watch?"),
    ("en", "Is it fast?", "Is it thin?"),
    ("en", "The more we sand the old table at night.", "The more we sand the young door at night."),
    ("zh", "越是没有人看见的地方都要擦亮。", "越是没有人去过的地方都要擦亮。"),
    ("zh", "为什么这么慢呢？", "为什么这么明亮呢？"),
    ("en", "So how do I mend a roof?", "So how do I do that?"),
    ("en", "Not just in your own garden but here.", "Not just in cold northern winters but here."),
])
def test_everyday_templates_are_no_frames(language: str, first: str, second: str) -> None:
    assert _lineages(language, (2020, first, "figures/question", 1), (2023, second, "figures/question", 1)) == ()


def test_a_frame_used_as_a_habit_is_none() -> None:
    habit = [(2020, f"你有没有见过，{what}的海？", "figures/question", 1.0) for what in ("凌晨", "夜里", "雨中")]
    assert _lineages("zh", *habit, (2021, "你有没有见过，下雪天的海？", "figures/question", 1.0)) == ()


def test_lists_are_no_frames() -> None:
    assert _lineages("zh", (2020, "你有没有见过，凌晨的海？", "figures/list", 1),
                     (2023, "你有没有见过，夜里的海？", "figures/list", 1)) == ()


def test_units_overlap_and_similarity() -> None:
    assert units("好，走！ABC", "zh") == ("好", "走", "a", "b", "c")
    assert units("Don't stop, now.", "en") == ("don't", "stop", "now")
    assert similarity("kitten", "sitting") == pytest.approx(1 - 3 / 7)
    assert similarity((), ()) == 0.0
    assert similarity("abcd", "wxyz", 0.5) == 0.0
    shared = overlap("aXb", "aYYb")
    assert (shared.head, shared.tail, shared.slot_a, shared.slot_b) == (1, 1, ("X",), ("Y", "Y"))
    assert overlap("aa", "aaa").fixed == 2
    assert not same_frame("abcdef", "abcdefg", head=4, fixed=6)  # continued, not filled anew


def test_lines_of_one_speech_that_are_alike_stand_on_the_board_once() -> None:
    board = compare(_archive("zh", [(2020, "相信灯火，依靠灯火。", "slogans", 90),
                                    (2020, "只要相信灯火，依靠灯火。", "slogans", 80),
                                    (2022, "只要相信灯火，依靠灯火。", "slogans", 70)])).slogans
    assert [(q.speech_id, q.score) for q in board] == [("s-2020", 90), ("s-2022", 70)]


def test_the_strongest_phrases_are_the_surest_and_thanks_are_a_convention() -> None:
    rows = [{"speech_id": "s-2020", "stage": "emotion", "label": label, "char_start": 0, "char_end": 4, "quote": quote,
             "score": score, "evidence": evidence, "sentence_index": at}
            for at, (label, quote, score, evidence) in enumerate([
                ("hardship", "crushed", 3.0, "term: crushed; named; model 0.30"),
                ("gratitude", "so thank you", 2.0, "term: thank you; named; model 0.99"),
                ("anxiety", "afraid", 2.0, "term: afraid; named; model 0.90"),
                ("joy", "cheered", 3.0, "by a person")])]
    tables = make_tables([Plan(speech_id="s-2020", date="2020-01-01", language="en", parts=({"product_fact": 90},))])
    found = compare(Tables(speeches=tables.speeches, sentences=_told_apart(tables), findings=frame("findings", rows),
                           metrics=tables.metrics, runs=tables.runs))
    assert [quote.label for quote in found.emotions] == ["joy", "anxiety", "gratitude", "hardship"]


def _told_apart(tables: Tables) -> pd.DataFrame:
    """The sentences with their numbers in them, so that no two are the same."""
    return tables.sentences.assign(text=[f"{text} {at}" for at, text in enumerate(tables.sentences["text"])])
