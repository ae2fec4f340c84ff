"""What must hold of every stage, and what is done with one that breaks it."""

from __future__ import annotations

import dataclasses
import math
import multiprocessing
import re
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from rhetoric import stages
from rhetoric.errors import ConfigError
from rhetoric.models.reader import read
from rhetoric.stages import BUILT_IN, load_stages, run_stage
from rhetoric.types import Finding, Metric, Option, Speech, Stage, StageResult, StageRun

MakeSpeech = Callable[..., Speech]
STAGE_FILE = """
from rhetoric.types import Finding, Stage, StageResult

def run(speech, options):
    found = [Finding(label="word", sentence_index=s.index, char_start=s.char_start, char_end=s.char_end, score=1.0)
             for s in speech.sentences if options["word"] in speech.text_of(s)]
    return StageResult(findings=tuple(found))

STAGE = Stage(name="mine", version="1", languages=("zh", "en"), labels=("word",), metrics=(), run=run,
              options={"word": "the"})
"""


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_stage_keeps_its_contract(name: str, invented: Speech) -> None:
    (stage,) = load_stages([name])
    assert (stage.name, isinstance(stage, Stage)) == (name, True)
    assert set(stage.languages) == {"zh", "en"}
    before = dataclasses.astuple(invented)
    first, second = run_stage(stage, invented), run_stage(stage, invented)
    assert first.error == ""
    assert first == second
    assert dataclasses.astuple(invented) == before
    result = first.result
    assert result.findings or result.metrics
    assert {f.label for f in result.findings} <= set(stage.labels)
    assert [m.name for m in result.metrics] == [n for n in stage.metrics if n in {m.name for m in result.metrics}]
    for finding in result.findings:
        sentence = invented.sentences[finding.sentence_index]
        assert sentence.char_start <= finding.char_start < finding.char_end <= sentence.char_end
        assert math.isfinite(finding.score)
        assert all(isinstance(mark, str) and mark for mark in finding.evidence)


def _run_there(name: str, language: str, lines: tuple[str, ...]) -> StageRun:
    from rhetoric.sentences import from_sentences

    (stage,) = load_stages([name])
    return run_stage(stage, read(from_sentences("invented", lines, language)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_stages_give_the_same_in_another_process(language: str, invented_lines: dict[str, tuple[str, ...]]) -> None:
    lines = invented_lines[language]
    here = [_run_there(name, language, lines) for name in BUILT_IN]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        there = [pool.apply(_run_there, (name, language, lines)) for name in BUILT_IN]
    assert here == there


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_stage_survives_odd_speeches(name: str, language: str, make_speech: MakeSpeech) -> None:
    (stage,) = load_stages([name])
    odd = (["a"], ["好"], ["?!…", "1"], ["\x00\u202e👍 <b>"], ["x" * 5000, "好" * 5000], ["1", *["……"] * 30],
           ["1, 2."] * 30)
    for lines in odd:
        assert run_stage(stage, read(make_speech(language, *lines))).error == "", lines[0][:20]


# --- loading -------------------------------------------------------------------------------------------------------


def test_stages_load_in_the_order_named() -> None:
    assert [stage.name for stage in load_stages(["ratio", "function"])] == ["ratio", "function"]


def test_a_file_is_a_stage(tmp_path: Path, make_speech: MakeSpeech) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.py").write_text(STAGE_FILE, encoding="utf-8")
    (stage,) = load_stages(["own/mine.py"], tmp_path)
    speech = make_speech("en", "See the sea.", "See it.")
    assert len(run_stage(stage, speech).result.findings) == 1
    assert len(run_stage(stage, speech, {"word": "See"}).result.findings) == 2


def test_an_installed_entry_point_is_a_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint(name="theirs", value="rhetoric.stages.ratio:STAGE", group=stages.ENTRY_POINTS)
    monkeypatch.setattr(stages, "entry_points", lambda group: [point])
    assert [stage.name for stage in load_stages(["theirs"])] == ["ratio"]


def test_an_unknown_stage_is_an_error_that_names_the_known() -> None:
    with pytest.raises(ConfigError, match=r"unknown stage 'functions'; known are function, ratio, emotion"):
        load_stages(["functions"])


def test_a_stage_named_twice_is_an_error() -> None:
    with pytest.raises(ConfigError, match="'ratio' is named twice"):
        load_stages(["ratio", "function", "ratio"])


def test_options_of_an_unknown_stage_are_an_error_that_names_the_known(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(STAGE_FILE, encoding="utf-8")
    load_stages(["mine.py", "ratio"], tmp_path, {"mine": {"word": "x"}, "emotion": {"extra": ""}})
    with pytest.raises(ConfigError, match=r"\[options\.emotions\] names no stage; known are mine, function, ratio,"):
        load_stages(["mine.py"], tmp_path, {"emotions": {"extra": ""}})


@pytest.mark.parametrize(("code", "message"), [
    ("STAGE = 3", "its STAGE is a int"),
    ("x = 1", "has no STAGE"),
    ("def run(:", r"cannot be loaded: SyntaxError"),
    ("raise RuntimeError('two\\nlines')", r"cannot be loaded: RuntimeError: two lines$"),
])
def test_a_file_that_is_no_stage_is_an_error_in_a_line(tmp_path: Path, code: str, message: str) -> None:
    (tmp_path / "bad.py").write_text(code, encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"bad\.py.*{message}"):
        load_stages(["bad.py"], tmp_path)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such stage file"):
        load_stages(["gone.py"], tmp_path)


# --- running -------------------------------------------------------------------------------------------------------


def made(result: object, *, languages: tuple[str, ...] = ("en",), options: Mapping[str, Option] | None = None) -> Stage:
    """A stage that gives `result`, or raises it where it is an exception."""
    def run(speech: Speech, options: Mapping[str, Option]) -> StageResult:
        if isinstance(result, Exception):
            raise result
        return result  # type: ignore[return-value]  # some tests give what must not be given

    return Stage(name="made", version="7", languages=languages, labels=("yes",), metrics=("m",), run=run,
                 options=options or {})


def finding(**changes: object) -> StageResult:
    values: dict[str, object] = {"label": "yes", "sentence_index": 0, "char_start": 0, "char_end": 3, "score": 1.0}
    return StageResult(findings=(Finding(**(values | changes)),))  # type: ignore[arg-type]


def metric(**changes: object) -> StageResult:
    values: dict[str, object] = {"name": "m", "numerator": 1.0, "denominator": 2.0, "unit": "words"}
    return StageResult(metrics=(Metric(**(values | changes)),))  # type: ignore[arg-type]


@pytest.mark.parametrize(("result", "error"), [
    (finding(label="no"), "does not declare this label"),
    (finding(sentence_index=9), "no such sentence"),
    (finding(char_end=99), "is not inside the sentence"),
    (finding(char_start=3), "is not inside the sentence"),
    (finding(score=math.nan), "no finite number"),
    (finding(start_s=math.inf), "no finite number"),
    (metric(name="n"), "does not declare the metric 'n'"),
    (metric(numerator=math.inf), "not finite"),
    (metric(low=math.nan), "not finite"),
    (StageResult(metrics=metric().metrics * 2), "gave the metric 'm' twice"),
    (None, "gave a NoneType, not a StageResult"),
    (KeyError("gone\naway"), r"^KeyError: 'gone\\naway'$"),
    (ValueError("first\nsecond"), "^ValueError: first second$"),
])
def test_whatever_goes_wrong_is_told_in_a_line(result: object, error: str, make_speech: MakeSpeech) -> None:
    run = run_stage(made(result), make_speech("en", "One two three."))
    assert re.search(error, run.error), run.error
    assert "\n" not in run.error
    assert (run.stage, run.version, run.result) == ("made", "7", StageResult())


def test_a_good_result_is_kept_and_sorted(make_speech: MakeSpeech) -> None:
    spans = [(1, 16, 17), (0, 4, 7), (0, 0, 3)]
    findings = tuple(Finding(label="yes", sentence_index=i, char_start=a, char_end=b, score=0.5) for i, a, b in spans)
    run = run_stage(made(StageResult(findings=findings)), make_speech("en", "One two three.", "Four."))
    assert run.error == ""
    assert run.result.findings == findings[::-1]


def test_a_language_the_stage_does_not_know_is_told_not_hidden(make_speech: MakeSpeech) -> None:
    run = run_stage(made(finding()), make_speech("zh", "你好吗。"))
    assert run.error == "not run: the speech is in 'zh', the stage knows en"
    assert run.result == StageResult()


@pytest.mark.parametrize(("given", "error"), [
    ({"wrong": 1}, "has no option 'wrong'; it has: limit, on"),
    ({"limit": "high"}, "option 'limit' of stage 'made' is 'high'; it must be a float"),
    ({"on": 1}, "must be a bool"),
])
def test_options_must_be_those_of_the_stage(given: dict[str, Option], error: str, make_speech: MakeSpeech) -> None:
    stage = made(finding(), options={"limit": 0.5, "on": True})
    assert error in run_stage(stage, make_speech("en", "One two."), given).error
    assert run_stage(stage, make_speech("en", "One two."), {"limit": 1}).error == ""
