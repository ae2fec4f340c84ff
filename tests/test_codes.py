"""What people coded: the file, what still fits a transcript, and how it wins over the models."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.codebook import EMOTIONS, FIGURES, FUNCTIONS
from rhetoric.codes import (
    MARKED,
    corrected,
    fitting,
    format_marks,
    merged,
    parse_marks,
    plain_line,
    read_codes,
    text_hash,
    with_codes,
    write_codes,
)
from rhetoric.errors import FormatError
from rhetoric.models.reader import read
from rhetoric.stages import load_stages, run_stage
from rhetoric.types import Code, Mark

spans = st.one_of(st.just((None, None)), st.tuples(st.integers(0, 20), st.integers(21, 40)))
LABELS = {"emotion": EMOTIONS, "slogans": ("slogan",), "figures": FIGURES}


@st.composite
def marks(draw: st.DrawFn, stage: str) -> tuple[Mark, ...]:
    found = []
    for label in draw(st.lists(st.sampled_from(LABELS[stage]), max_size=3)):
        start, end = draw(spans)
        intensity = draw(st.integers(0, 3)) if stage == "emotion" else 0
        found.append(Mark(label=label, intensity=intensity, char_start=start, char_end=end))
    return tuple(found)


@st.composite
def codes(draw: st.DrawFn) -> tuple[Code, ...]:
    made = []
    for index in draw(st.sets(st.integers(0, 500), max_size=5)):
        stages = draw(st.sets(st.sampled_from(list(MARKED))))
        made.append(Code(
            sentence_index=index, text_sha256=draw(st.text("0123456789abcdef", min_size=12, max_size=12)),
            function=draw(st.sampled_from(["", *FUNCTIONS])), marks={s: draw(marks(s)) for s in MARKED if s in stages},
            coder="Ann", source="ab", model_function=draw(st.sampled_from(["", *FUNCTIONS]))))
    return tuple(sorted(made, key=lambda code: code.sentence_index))


@given(codes())
def test_codes_come_back_as_they_were_written(tmp_path_factory, made):
    path = tmp_path_factory.mktemp("codes") / "a.tsv"
    write_codes(path, made)
    assert read_codes(path) == made


@pytest.mark.parametrize("stage", list(MARKED))
@given(st.data())
def test_marks_come_back_from_their_cell(stage, data):
    made = data.draw(marks(stage))
    assert parse_marks(stage, format_marks(made), "here") == made


@pytest.mark.parametrize(("stage", "cell", "read"), [
    ("slogans", "1", (Mark(label="slogan"),)), ("slogans", "TRUE", (Mark(label="slogan"),)), ("slogans", "0", ()),
    ("emotion", "'-", ()), ("figures", " Contrast; list ", (Mark(label="contrast"), Mark(label="list"))),
    ("emotion", "", None), ("emotion", "hope:2", (Mark(label="hope", intensity=2),)),
])
def test_cells_as_people_and_spreadsheets_write_them(stage, cell, read):
    assert parse_marks(stage, cell, "here") == read


@pytest.mark.parametrize(("stage", "cell"), [("emotion", "bliss:1"), ("emotion", "hope:4"), ("figures", "list:2"),
                                             ("slogans", "maybe"), ("emotion", "=cmd()")])
def test_a_cell_that_says_nothing_known_is_told(stage, cell):
    with pytest.raises(FormatError, match="here: "):
        parse_marks(stage, cell, "here")


@pytest.mark.parametrize(("content", "line"), [
    ("", "a.tsv:1"), ("sentence\ttext\n", "a.tsv:1"),
    ("sentence\ttext_sha256\tfunction\temotion\tslogans\tfigures\tcoder\tsource\tmodel_function\n1\tx\n", "a.tsv:2"),
])
def test_a_damaged_file_is_told_with_its_line(tmp_path, content, line):
    (tmp_path / "a.tsv").write_text(content)
    with pytest.raises(FormatError, match=line):
        read_codes(tmp_path / "a.tsv")


@given(st.text())
def test_a_line_is_one_line_and_no_offset_moves(text):
    line = plain_line(text)
    assert len(line) == len(text)
    assert "\n" not in line
    assert text_hash(line) == text_hash(text)


def code(index: int, text: str, **values: object) -> Code:
    return Code(sentence_index=index, text_sha256=text_hash(text), coder="Ann", source="f1", **values)  # type: ignore[arg-type]


def test_codes_follow_their_words_and_nothing_else():
    texts = ["One.", "Two.", "Three.", "Three."]
    mine = [code(0, "One."), code(2, "Two."), code(3, "Three."), code(1, "Gone.")]
    assert [(c.sentence_index, c.text_sha256) for c in fitting(mine, texts)] == [
        (0, text_hash("One.")), (1, text_hash("Two.")), (3, text_hash("Three."))]


def test_a_second_coding_keeps_what_it_does_not_judge():
    old = code(0, "One.", function="values", marks={"emotion": (Mark(label="hope"),)})
    new = Code(sentence_index=0, text_sha256=text_hash("One."), function="stage", coder="Bo", source="f2")
    (both,) = merged([old], [new])
    assert (both.function, both.marks, both.coder) == ("stage", old.marks, "Ann; Bo")
    assert merged([old], [Code(sentence_index=0, text_sha256=text_hash("One."), function="stage", coder="Bo",
                               marks={"emotion": ()})])[0].coder == "Bo"


def values_of(speech, name, options=None):
    (stage,) = load_stages([name])
    run = run_stage(stage, speech, options or {})
    assert not run.error
    return {metric.name: metric.value for metric in run.result.metrics}, run.result.findings


def test_a_persons_function_is_certain_and_the_shares_are_counted_anew(make_speech):
    speech = read(make_speech("en"))
    before, _ = values_of(speech, "function")
    everything = [code(s.index, speech.text_of(s), function="founder_story") for s in speech.sentences]
    after, findings = values_of(with_codes(speech, everything), "function")
    assert before["share_story"] < 1 == after["share_story"]
    assert {(f.score, f.evidence) for f in findings} == {(1.0, ("coded by Ann, file f1",))}
    assert values_of(with_codes(speech, everything), "ratio")[0]["story_to_product"] == 1


def test_what_a_person_marks_replaces_what_the_stage_found(make_speech):
    speech = read(make_speech("en", "We were afraid of that winter.", "I was so happy.", "The lid is blue."))
    _, found = values_of(speech, "emotion")
    assert {f.label for f in found} == {"anxiety", "joy"}
    mine = [code(0, speech.text_of(speech.sentences[0]), marks={"emotion": ()}),
            code(1, speech.text_of(speech.sentences[1]), marks={"emotion": (Mark(label="joy", intensity=3),)}),
            code(2, speech.text_of(speech.sentences[2]), marks={"emotion": (
                Mark(label="hope", char_start=4, char_end=7),)})]
    metrics, corrected_ones = values_of(with_codes(speech, mine), "emotion")
    assert [(f.sentence_index, f.label, f.score) for f in corrected_ones] == [(1, "joy", 3.0), (2, "hope", 2.0)]
    assert corrected_ones[0].char_start == next(f.char_start for f in found if f.label == "joy"), "the span stays"
    assert speech.text[corrected_ones[1].char_start : corrected_ones[1].char_end] == "lid"
    assert metrics["emotion_intensity"] == 2.5


def test_slogans_and_figures_too(make_speech):
    speech = read(make_speech("en", "Less noise, more craft.", "The lid is blue."))
    mine = [code(0, speech.text_of(speech.sentences[0]), marks={"slogans": (), "figures": ()}),
            code(1, speech.text_of(speech.sentences[1]), marks={
                "slogans": (Mark(label="slogan"),), "figures": (Mark(label="list"), Mark(label="metaphor"))})]
    coded = with_codes(speech, mine)
    assert [(f.sentence_index, f.score) for f in values_of(coded, "slogans")[1]] == [(1, 100.0)]
    figures = values_of(coded, "figures")[1]
    assert [(f.sentence_index, f.label) for f in figures] == [(1, "list"), (1, "metaphor")]


def test_a_span_outside_its_sentence_means_the_whole_sentence(make_speech):
    speech = make_speech("en", "The lid is blue.")
    mine = code(0, "The lid is blue.", marks={"emotion": (Mark(label="joy", char_start=3, char_end=999),)})
    (found,) = corrected("emotion", with_codes(speech, [mine]), (), EMOTIONS)
    assert (found.char_start, found.char_end) == (0, len("The lid is blue."))


def test_what_is_no_speech_has_no_emotion(make_speech):
    speech = read(make_speech("en", "I was so happy."))
    mine = code(0, "I was so happy.", function="noncontent", marks={"emotion": (Mark(label="joy"),)})
    assert not values_of(with_codes(speech, [mine]), "emotion")[1]


def test_a_corrected_function_leaves_what_the_encoder_hears_of_figures():
    """Once a corrected sentence lost it, and the figures of its speech could not be joined."""
    from rhetoric.sentences import from_sentences

    speech = read(from_sentences("s", ["雨下了一夜。", "门没有锁，灯也没有关。", "我们为什么不走？"], "zh"))
    code = Code(sentence_index=0, text_sha256=text_hash(speech.text_of(speech.sentences[0])), function="values",
                coder="Bo", source="test")
    coded = with_codes(speech, [code])
    assert coded.readings[0].function != speech.readings[0].function
    assert coded.readings[0].figures == speech.readings[0].figures != ()
    (figures,) = load_stages(("figures",))
    assert run_stage(figures, coded).error == ""
