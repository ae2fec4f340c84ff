"""Keywords in context: whole words, borders of sentences and speeches, wide letters in a terminal."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from rhetoric.cli.concordance import fitted
from rhetoric.compare.kwic import kwic
from rhetoric.errors import ConfigError
from tests.compare.speeches import tables_of


def _sentences(*texts: str, language: str = "en"):
    return tables_of([{"speech_id": "s", "date": "2020", "language": language,
                       "said": [("values", text) for text in texts]}]).sentences


def test_a_plain_pattern_ignores_case_and_takes_whole_words():
    hits = kwic(_sentences("The Lamp is lit.", "Two lamps, one lamp."), "lamp")
    assert [(h.sentence_index, h.match) for h in hits] == [(0, "Lamp"), (1, "lamp")]
    assert hits[0].left == "The "
    assert hits[0].right.startswith(" is lit. Two")
    assert hits[0].start_s is None


def test_a_hit_may_run_over_a_border_of_sentences_and_never_of_speeches():
    assert [h.match for h in kwic(_sentences("It is late.", "Now go."), "late. now")] == ["late. Now"]
    two = tables_of([{"speech_id": s, "date": "2020", "said": [("values", "late")]} for s in "ab"]).sentences
    assert not kwic(two, "late late")


def test_chinese_and_regular_expressions():
    rows = _sentences("把灯留给赶路的人。", "灯火五号。", language="zh")
    assert len(kwic(rows, "灯")) == 2
    assert [h.match for h in kwic(rows, "灯.{0,1}[留号五]", regex=True)] == ["灯留", "灯火五"]


@pytest.mark.parametrize(("pattern", "regex"), [("  ", False), ("(", True)])
def test_a_pattern_that_cannot_be_used_is_one_clear_line(pattern: str, regex: bool):
    with pytest.raises(ConfigError) as error:
        kwic(_sentences("a"), pattern, regex=regex)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("text", "shown"), [
    ("把灯留给人", "留给人"), ("abc灯人", "bc灯人"), ("abcdefgh", "cdefgh"), ("x灯", "   x灯")])
def test_contexts_are_as_wide_as_they_look(text: str, shown: str):
    left = fitted(text, 6, from_end=True)
    assert cell_len(left) == 6
    assert left == shown
