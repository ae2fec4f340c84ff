"""The reader of word lists, and what the packaged lists must be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.codebook import EMOTIONS
from rhetoric.errors import LexiconError
from rhetoric.lexicons import (
    AGENTS,
    APPEALS,
    CUES,
    DEGREE,
    EMOTION,
    NEGATION,
    PAIRS,
    PLAIN,
    PRAISE,
    VOICE,
    packaged_lexicons,
    parse_lexicon,
    read_lexicon,
)

SCHEMAS = {"agents": AGENTS, "appeals": APPEALS, "emotion": EMOTION, "degree": DEGREE, "negation": NEGATION,
           "praise": PRAISE, "cues": CUES, "pairs": PAIRS, "plain": PLAIN, "voice": VOICE}
HEAD = "# CC0-1.0, mine\nterm\tclass\tintensity\tmode\n"


def parse(rows: str, head: str = HEAD):
    return parse_lexicon(head + rows, schema=EMOTION, where="mine.tsv", name="mine")


def test_every_packaged_list_can_be_read_and_says_its_licence():
    assert {name.split(".")[0] for name in packaged_lexicons()} == set(SCHEMAS)
    for name in packaged_lexicons():
        lexicon = read_lexicon(name, SCHEMAS[name.split(".")[0]])
        assert lexicon.licence.startswith("CC-BY-4.0")
        assert len(lexicon.sha256) == 64
        assert lexicon.entries


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_emotion_lists_are_large_and_hold_every_class_and_intensity(language: str):
    entries = [entry for entry in read_lexicon(f"emotion.{language}").entries if entry.label in EMOTIONS]
    assert len(entries) >= 700
    for label in EMOTIONS:
        assert {entry.intensity for entry in entries if entry.label == label} == {1, 2, 3}, label
    assert {entry.mode for entry in entries} >= {"named", "shown"}


def test_the_chinese_list_is_in_simplified_characters():
    import opencc

    converter = opencc.OpenCC("t2s")
    wrong = [entry.term for entry in read_lexicon("emotion.zh").entries if converter.convert(entry.term) != entry.term]
    assert not wrong


def test_a_list_of_a_user_is_read_by_its_path(tmp_path: Path):
    path = tmp_path / "mine.tsv"
    path.write_bytes(("\ufeff" + HEAD + "\n# a note\n心头一热\tgratitude\t2\tshown\n").encode())
    lexicon = read_lexicon(path)
    assert [(e.term, e.label, e.intensity, e.mode, e.line) for e in lexicon.entries] == [
        ("心头一热", "gratitude", 2, "shown", 5)]
    assert read_lexicon(str(path)) == lexicon


@pytest.mark.parametrize(("rows", "says"), [
    ("难过\thardship\t2\n", "mine.tsv:3: 3 cells instead of 4"),
    ("难过\tsadness\t2\tnamed\n", "mine.tsv:3: unknown class 'sadness'"),
    ("难过\thardship\t4\tnamed\n", "mine.tsv:3: intensity '4'"),
    ("难过\thardship\t0\tnamed\n", "mine.tsv:3: intensity '0'"),
    ("难过\thardship\t²\tnamed\n", "mine.tsv:3: intensity '²'"),
    ("难过\thardship\t2\tsung\n", "mine.tsv:3: unknown mode 'sung'"),
    ("\thardship\t2\tnamed\n", "mine.tsv:3: the term is empty"),
    ("难过\thardship\t2\tnamed\n难过\tjoy\t2\tnamed\n", "mine.tsv:4: '难过' is joy here and hardship in line 3"),
])
def test_a_bad_row_is_named_with_its_line_and_the_cure(rows: str, says: str):
    with pytest.raises(LexiconError) as raised:
        parse(rows)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_term_twice_in_one_class_is_one_entry():
    assert len(parse("难过\thardship\t2\tnamed\n难过\thardship\t2\tnamed\n").entries) == 1


@pytest.mark.parametrize(("head", "says"), [
    ("term\tclass\tintensity\tmode\n", "mine.tsv:1: no licence line"),
    ("#\nterm\tclass\tintensity\tmode\n", "mine.tsv:1: no licence line"),
    ("# CC0-1.0\nword\tclass\tintensity\tmode\n", "mine.tsv:2: the first row must name the columns"),
    ("", "mine.tsv:1: no licence line"),
])
def test_licence_and_header_are_asked_for(head: str, says: str):
    with pytest.raises(LexiconError, match=says):
        parse("", head=head)


def test_a_list_that_is_not_there_is_said_so(tmp_path: Path):
    with pytest.raises(LexiconError, match=r"no word list of that name.*emotion\.en"):
        read_lexicon("emotions")
    with pytest.raises(LexiconError, match="cannot be read"):
        read_lexicon(tmp_path / "no.tsv")
    (tmp_path / "gbk.tsv").write_bytes(HEAD.encode() + "难过\thardship\t2\tnamed\n".encode("gb18030"))
    with pytest.raises(LexiconError, match="UTF-8"):
        read_lexicon(tmp_path / "gbk.tsv")


_VISIBLE = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="#")
TERMS = st.text(_VISIBLE, min_size=1, max_size=6)


@given(st.lists(TERMS, unique=True, max_size=8))
def test_what_is_written_is_read_again(terms: list[str]):
    lexicon = parse("".join(f"{term}\thope\t1\tnamed\n" for term in terms))
    assert [entry.term for entry in lexicon.entries] == terms


def outcome(text: str) -> str:
    try:
        parse_lexicon(text, schema=EMOTION, where="any.tsv", name="any")
    except LexiconError as error:
        return str(error)
    return "read"


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_one_line(text: str):
    assert re.fullmatch(r"read|any\.tsv:\d+: .*", outcome(text))
