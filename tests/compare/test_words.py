"""Key words, dispersion, and where terms stand: on speeches whose words are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.compare.fields import fields
from rhetoric.compare.keyness import PRIOR, dispersion, keyness, log_odds
from rhetoric.compare.material import gather
from rhetoric.compare.spreads import spreads
from rhetoric.compare.words import Words
from tests.compare.speeches import tables_of

FILLER = [("values", "we think about the work and the people every day of the year.")] * 30
LANTERN = [("product_fact", "The paper lantern glows softly in every window tonight.")]


def _archive(counts: dict[str, int]):
    """A speech a year; each says "paper lantern" so many times among the same filler."""
    return gather(tables_of([{"speech_id": f"s{year}", "date": year, "said": FILLER + LANTERN * n}
                             for year, n in counts.items()]), "year")


def test_log_odds_are_those_of_the_paper():
    """Monroe et al. 2008, equations 16, 20 and 22, by hand for one word."""
    y, n, y2, n2, a = 12.0, 1000.0, 3.0, 2000.0, 2.5
    delta, error = log_odds(*(np.array([v]) for v in (y, n, y2, n2, a)))
    one = math.log((y + a) / (n + PRIOR - y - a))
    other = math.log((y2 + a) / (n2 + PRIOR - y2 - a))
    assert delta[0] == pytest.approx(one - other)
    assert error[0] == pytest.approx(math.sqrt(1 / (y + a) + 1 / (y2 + a)))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 500)), min_size=2, max_size=8))
def test_dispersion_lies_between_even_and_alone(parts):
    observed, sizes = (np.array(column, float) for column in zip(*parts, strict=True))
    observed[0] += 1
    value = dispersion(observed, sizes)
    assert 0 <= value <= 1
    assert dispersion(sizes, sizes) == pytest.approx(0)


def test_a_word_of_the_smallest_part_alone_has_dispersion_one():
    assert dispersion(np.array([0.0, 4.0, 0.0]), np.array([100.0, 50.0, 100.0])) == pytest.approx(1.0)
    assert dispersion(np.array([5.0]), np.array([100.0])) is None


def test_a_term_is_spelled_as_it_is_mostly_written():
    """Alone "paper" is mostly small; in the name of the shop it is not."""
    said = [("values", "The paper is thin and the paper is white, and paper burns.")] * 4 + [
        ("product_fact", "We opened the Paper Lantern by the river.")] * 3
    archive = gather(tables_of([{"speech_id": "a", "date": "2020", "said": FILLER + said}]), "year")
    words = Words(archive.materials, "en")
    shown = {words.shown(term) for term in range(len(words.terms))}
    assert "Paper Lantern" in shown
    assert "paper" in shown


def test_the_word_of_a_year_is_found_with_its_longer_term_and_its_counts():
    field, = fields(_archive({"2020": 0, "2021": 9, "2022": 0, "2023": 1}))
    by_group = {k.group: k for k in keyness(field, Words(field.materials, "en"), field.groups, "group")}
    lead = next(term for term in by_group["2021"].terms if "lantern" in term.term)
    assert lead.term == "paper lantern glows softly"
    assert (lead.count, lead.rest_count, lead.n_speeches, lead.n_words) == (9, 1, 1, 4)
    assert lead.z > 2
    assert lead.low > 0
    assert lead.quotes[0].speech_id == "s2021"
    assert not by_group["2020"].terms, "what all years say marks none of them"
    assert not any(term.term in {"the", "we", "and"} for k in by_group.values() for term in k.terms)


def test_terms_do_not_run_over_marks_or_sentences():
    said = [("values", "Bring bread, butter knives."), ("values", "Sharp tools."), ("values", "Bright lamps.")] * 5
    words = Words(gather(tables_of([{"speech_id": "a", "date": "2020", "said": said}]), "year").materials, "en")
    terms = {words.shown(k) for k in range(len(words.terms))}
    assert "butter knives" in terms
    assert not {"bread butter", "knives Sharp", "tools Bright"} & terms


def test_chinese_terms_join_their_words():
    said = [("product_fact", "灯火|手机|今晚|发布|。")] * 30 + [("values", "我们|慢慢|走|。")] * 200
    plain = [("values", "我们|慢慢|走|。")] * 230
    archive = gather(tables_of([{"speech_id": "a", "date": "2020", "language": "zh", "said": said},
                                {"speech_id": "b", "date": "2021", "language": "zh", "said": plain}]), "year")
    field, = fields(archive)
    found = keyness(field, Words(field.materials, "zh"), field.groups, "group")[0]
    assert found.terms[0].term.startswith("灯火手机")


def test_a_field_is_one_language_and_one_speaker_where_that_suffices():
    said = [("values", "A word.")]
    two = [{"speech_id": f"{who}{year}", "speaker": who, "date": year, "said": said}
           for who in ("Ann", "Bob") for year in ("2020", "2021")]
    assert [f.name for f in fields(gather(tables_of(two), "year"))] == ["Ann", "Bob"]
    assert [f.name for f in fields(gather(tables_of(two), "speaker"))] == ["English"]


def test_strips_say_where_a_term_stands():
    said = [*FILLER[:15], *LANTERN, *FILLER[:14], *LANTERN]
    archive = gather(tables_of([{"speech_id": s, "date": s, "said": said} for s in ("2020", "2021")]), "year")
    found = next(s for s in spreads("Ann Ash", Words(archive.materials, "en")) if "lantern" in s.term)
    assert (found.count, found.dispersion) == (4, pytest.approx(0, abs=1e-9))
    assert [len(p.places) for p in found.speeches] == [2, 2]
    assert found.speeches[0].places[0] == pytest.approx(0.5, abs=0.05)
