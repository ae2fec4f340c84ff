"""The stage `emotion`: intensity, evidence, options, metrics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rhetoric.codebook import EMOTIONS, FUNCTIONS
from rhetoric.errors import LexiconError
from rhetoric.sentences import from_sentences
from rhetoric.stages import emotion, run_stage
from rhetoric.stages.emotion import STAGE, run
from rhetoric.types import Finding, Reading, Speech, StageResult

HEAD = "# CC0-1.0, mine\nterm\tclass\tintensity\tmode\n"


def analysed(language: str, *sentences: str, **options: str) -> StageResult:
    return run(from_sentences("s", sentences, language), options)


def read_as(speech: Speech, *labels: str) -> Speech:
    """The speech as a reader that is sure of these labels would read it."""
    readings = tuple(Reading(function=tuple(float(name == label) for name in FUNCTIONS)) for label in labels)
    return replace(speech, readings=readings)


def values(result: StageResult) -> dict[str, float | None]:
    return {metric.name: metric.value for metric in result.metrics}


@pytest.mark.parametrize(("language", "sentence", "intensity"), [
    ("zh", "他很紧张。", 2), ("zh", "他有点紧张。", 1), ("zh", "他极其焦虑。", 3), ("zh", "他特别焦虑。", 2),
    ("zh", "他有点焦虑。", 1), ("zh", "我失眠了。", 3),
    ("en", "He was very nervous.", 2), ("en", "He was a bit nervous.", 1), ("en", "She was utterly terrified.", 3),
    ("en", "She was really terrified.", 2), ("en", "She was slightly terrified.", 1),
])
def test_degree_moves_the_intensity_within_one_to_three(language: str, sentence: str, intensity: int):
    (finding,) = analysed(language, sentence).findings
    assert (finding.label, finding.score) == ("anxiety", intensity)


def test_evidence_names_term_mode_degree_and_who_feels():
    (finding,) = analysed("zh", "那一年我特别焦虑。").findings
    assert finding.evidence == ("term: 焦虑", "named", "degree: 特别", "felt by: speaker")
    (finding,) = analysed("en", "Our team was a little nervous.").findings
    assert finding.evidence == ("term: nervous", "named", "degree: a little", "felt by: team")


def test_a_sign_takes_the_class_of_the_feeling_named_beside_it():
    labels = {finding.label for finding in analysed("zh", "她流着泪，一遍遍说感谢。").findings}
    assert labels == {"gratitude"}
    assert {finding.label for finding in analysed("en", "She cried, so happy that it was over.").findings} == {"joy"}
    assert {finding.label for finding in analysed("en", "She cried on the stairs.").findings} == {"hardship"}


def test_the_same_word_at_once_is_one_phrase():
    assert len(analysed("zh", "谢谢，谢谢，谢谢。").findings) == 1
    assert len(analysed("zh", "他很难过。", "她也很难过。").findings) == 2


def test_findings_do_not_overlap_and_lie_in_their_sentence(make_speech):
    for language in ("zh", "en"):
        speech = make_speech(language)
        end = 0
        for finding in run(speech, {}).findings:
            sentence = speech.sentences[finding.sentence_index]
            assert max(end, sentence.char_start) <= finding.char_start < finding.char_end <= sentence.char_end
            end = finding.char_end
        assert end


def test_final_marks_make_no_difference():
    for language, sentence in (("zh", "我们又惊又喜"), ("en", "We were so happy")):
        marked = analysed(language, sentence + "。")
        plain = analysed(language, sentence)
        assert [(f.label, f.score, f.evidence) for f in marked.findings] == [
            (f.label, f.score, f.evidence) for f in plain.findings]


def test_what_is_no_speech_has_no_feeling_and_no_weight():
    speech = from_sentences("s", ["我很焦虑。", "他在片子里大哭。"], "zh")
    result = run(read_as(speech, "founder_story", "noncontent"), {})
    assert [finding.sentence_index for finding in result.findings] == [0]
    assert values(result)["emotion_density"] == pytest.approx(1 / (4 / 1000))


def felt(label: str, probability: float, strength: int = 2) -> Reading:
    """A reading whose encoder hears a feeling with this probability, and no other."""
    return Reading(function=tuple(float(name == "values") for name in FUNCTIONS),
                   emotion=(1 - probability, *(probability * (name == label) for name in EMOTIONS)),
                   intensity=tuple(float(k == strength) for k in (1, 2, 3)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lists_and_the_model_are_joined(language: str, monkeypatch: pytest.MonkeyPatch):
    """The model can silence a phrase of the lists, change its class, and mark a sentence that holds none of them."""
    monkeypatch.setitem(emotion.GATES, language, (0.3, 0.6))
    zh, en = ("我特别焦虑。", "他站到了天亮。"), ("I was very nervous.", "He stood all night.")
    listed, plain = zh if language == "zh" else en
    speech = from_sentences("s", [listed, plain], language)

    def found(first: Reading, second: Reading) -> list[Finding]:
        return list(run(replace(speech, readings=(first, second)), {}).findings)

    assert found(felt("anxiety", 0.2), felt("anxiety", 0.5)) == []
    phrase, sentence = found(felt("anxiety", 0.4), felt("hardship", 0.8, 3))
    assert (phrase.label, phrase.evidence[-1]) == ("anxiety", "model 0.40")
    assert phrase.evidence[0].startswith("term: ")
    assert (sentence.label, sentence.score, sentence.evidence) == ("hardship", 3.0, ("model 0.80",))
    assert speech.text[sentence.char_start : sentence.char_end] == plain
    monkeypatch.setitem(emotion.WEIGHTS, language, emotion.ListWeights(label=0.0, intensity=0.0))
    assert found(felt("hope", 0.9), felt("hope", 0.1))[0].label == "hope"
    monkeypatch.setitem(emotion.WEIGHTS, language, emotion.ListWeights(label=emotion.STANDS, intensity=0.0))
    assert found(felt("hope", 0.9), felt("hope", 0.1))[0].label == "anxiety"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_intensity_is_weighed_unless_a_word_of_degree_stands(language: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(emotion.GATES, language, (0.0, emotion.NEVER))
    plain, stressed = {"zh": ("我焦虑。", "我特别焦虑。"), "en": ("I was nervous.", "I was very nervous.")}[language]
    speech = from_sentences("s", [plain, stressed], language)
    by_list = [finding.score for finding in run(speech, {}).findings]
    assert max(by_list) < 3

    def scores(weight: float) -> list[float]:
        monkeypatch.setitem(emotion.WEIGHTS, language, emotion.ListWeights(label=emotion.STANDS, intensity=weight))
        read = replace(speech, readings=(felt("anxiety", 0.9, 3), felt("anxiety", 0.9, 3)))
        return [finding.score for finding in run(read, {}).findings]

    assert scores(0.0) == [3.0, by_list[1]]
    assert scores(emotion.STANDS) == by_list


def test_metrics_are_counts_over_size_and_time():
    speech = from_sentences("s", ["我特别焦虑。", "我失眠了。", "今天下雨。", "风很大。"], "zh")
    timed = replace(speech, sentences=tuple(
        replace(s, start_s=10.0 * s.index, end_s=10.0 * s.index + 7.5) for s in speech.sentences))
    result = run(timed, {})
    size = 5 + 4 + 4 + 3
    assert values(result) == {"emotion_density": pytest.approx(2 / (size / 1000)),
                              "emotion_per_minute": pytest.approx(2 / 0.5),
                              "emotion_intensity": 2.5, "emotion_strong": 0.5}
    assert "emotion_per_minute" not in values(run(speech, {}))
    assert {metric.unit for metric in result.metrics if metric.name == "emotion_density"} == {
        "phrases per 1,000 characters"}


def test_no_feeling_at_all_gives_no_mean():
    result = analysed("en", "The lid is grey.")
    assert values(result)["emotion_density"] == 0
    assert values(result)["emotion_intensity"] is None


def test_a_list_of_the_user_is_added_or_takes_terms_out(tmp_path: Path):
    extra = tmp_path / "mine.tsv"
    extra.write_text(HEAD + "心里开了花\tjoy\t3\tshown\n焦虑\tnone\t0\tnamed\n", encoding="utf-8")
    labels = [f.label for f in analysed("zh", "他心里开了花。", "她很焦虑。", "我很绝望。", extra=str(extra)).findings]
    assert labels == ["joy", "hardship"]
    only = [f.label for f in analysed("zh", "他心里开了花。", "我很绝望。", lexicon=str(extra)).findings]
    assert only == ["joy"]


def test_a_list_that_is_not_there_is_an_error_with_its_name(tmp_path: Path):
    with pytest.raises(LexiconError, match=r"no\.tsv"):
        analysed("zh", "他很难过。", extra=str(tmp_path / "no.tsv"))
    speech_run = run_stage(STAGE, from_sentences("s", ["他很难过。"], "zh"), {"extra": str(tmp_path / "no.tsv")})
    assert "no.tsv" in speech_run.error


def test_the_stage_declares_what_it_gives(make_speech):
    assert STAGE.labels == EMOTIONS
    for language in ("zh", "en"):
        speech = make_speech(language)
        assert run_stage(STAGE, speech) == run_stage(STAGE, speech)
        assert not run_stage(STAGE, speech).error
