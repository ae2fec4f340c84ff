"""Transcripts that nobody would send on purpose, analysed from the file: a result or one clear line, never a crash."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from rhetoric.config import BUILT_IN_STAGES
from rhetoric.errors import FormatError, SpeechError
from rhetoric.pipeline import analyze_file
from rhetoric.tables import tabulate
from rhetoric.transcribe.transcript_file import write_transcript
from rhetoric.types import Analysis, Segment, Transcript

PRINTING = "from rhetoric.types import Finding, Metric, Stage, StageResult\n"
STAGE = "STAGE = Stage(name='mine', version='1', languages=('zh', 'en'), labels=('a',), metrics=(), run=run)\n"


def analysed(folder: Path, text: str, *stages: str, language: str = "") -> Analysis:
    path = folder / "talk.txt"
    path.write_text(text, encoding="utf-8")
    return analyze_file(path, language=language, stages=stages or BUILT_IN_STAGES)


@pytest.mark.parametrize(("text", "language"), [
    ("好", "zh"), ("Hello", "en"), ("大家好👋👩‍👩‍👧，我很高兴😀。", "zh"), ("We did it 🎉🎉 and we cried 😭.", "en"),
    ("我们\u202e反过来\u202c，\u200f今天\x07发布\x1b[31m新品\x1b[0m。\ufeff", "zh"),
    ("大家好，欢迎来到今天的发布会，welcome! Это лампа. 小米SU7 Ultra，it is 30% faster. مرحبا 谢谢！", "zh"),
    ("1. 2. 3. 好 4. 5.", "zh"), ("a\u0301" * 200, "en"), ("<script>alert(1)</script> =1+1 and we said so.", "en"),
], ids=range(9))
def test_odd_speeches_are_analysed(tmp_path: Path, text: str, language: str) -> None:
    analysis = analysed(tmp_path, text)
    assert analysis.speech.language == language
    assert not [run for run in analysis.runs if run.error]
    assert not any(unicodedata.category(char) == "Cc" for char in analysis.speech.text if char != "\n")
    assert len(tabulate([analysis]).sentences) == len(analysis.speech.sentences)


def _unbroken(words: str, parting: str, count: int) -> str:
    """Words in an order that does not repeat: a text that repeats itself is a loop, and set aside."""
    known = words.split()
    return parting.join(known[(n * n + n // 7) % len(known)] for n in range(count))


@pytest.mark.parametrize("text", [
    _unbroken("我们 继续 说 产品 和 故事 去年 冬天 工厂 里 没有 灯 大家 一起 把 机器 拆开 再 装回去 因为", "", 8000),
    "x" * 100_000,
    _unbroken("we keep talking of lamps and the winter in which nobody came so our hands built them", " ", 3000),
], ids=["zh", "one word", "en"])
def test_a_text_without_a_break_is_analysed(tmp_path: Path, text: str) -> None:
    analysis = analysed(tmp_path, text)
    assert analysis.speech.sentences
    assert not [run for run in analysis.runs if run.error]


@pytest.mark.parametrize(("text", "message"), [
    ("", r"talk\.txt: empty"),
    ("Buenas noches a todos. Hoy hablamos de luz, de trabajo y de la vida.", "neither Chinese nor English.*--language"),
    ("Добрый вечер, друзья.", "neither Chinese nor English"),
    ("？！……。。。\n——", "neither Chinese nor English"),
])
def test_what_cannot_be_analysed_is_told_in_a_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises((SpeechError, FormatError), match=message) as caught:
        analysed(tmp_path, text)
    assert "\n" not in str(caught.value)


def test_a_language_that_is_named_is_believed(tmp_path: Path) -> None:
    assert analysed(tmp_path, "Guten Abend zusammen.", language="en").speech.language == "en"
    with pytest.raises(SpeechError, match="'de' is not supported"):
        analysed(tmp_path, "Guten Abend zusammen.", language="de")


def test_a_transcript_set_aside_as_a_whole_says_so(tmp_path: Path) -> None:
    segments = tuple(Segment(text="谢谢大家。", start_s=float(k), end_s=k + 1.0, flags=("loop",)) for k in range(3))
    path = tmp_path / "talk.json"
    write_transcript(Transcript(speech_id="talk", engine="faster-whisper", language="zh", segments=segments), path)
    with pytest.raises(SpeechError, match="talk holds no speech: all of it was set aside"):
        analyze_file(path, stages=BUILT_IN_STAGES)


@pytest.mark.parametrize(("body", "error"), [
    ("raise RuntimeError('out of luck')", "RuntimeError: out of luck"),
    ("return StageResult(findings=(Finding(label='b', sentence_index=0, char_start=0, char_end=1, score=1.0),))",
     "does not declare this label"),
    ("speech.sentences[0].size = 99", "FrozenInstanceError"),
    ("speech.text = ''", "FrozenInstanceError"),
    ("options['x'] = 1", "TypeError"),
    ("raise SystemExit(3)", "SystemExit: 3"),
    ("return None", "gave a NoneType"),
])
def test_a_stage_that_fails_costs_its_own_findings_only(tmp_path: Path, body: str, error: str) -> None:
    (tmp_path / "mine.py").write_text(f"{PRINTING}def run(speech, options):\n    {body}\n{STAGE}", encoding="utf-8")
    analysis = analysed(tmp_path, "The lamp has three lights.", "mine.py", "function")
    mine, function = analysis.runs
    assert error in mine.error
    assert "\n" not in mine.error
    assert (function.error, len(function.result.findings)) == ("", 1)
    assert analysis.speech.sentences[0].size == 5


def test_a_bad_row_of_a_word_list_is_named_by_path_and_line(tmp_path: Path) -> None:
    from rhetoric.stages import load_stages, run_stage

    path = tmp_path / "mine.tsv"
    path.write_text("# CC0, mine\nterm\tclass\tintensity\tmode\nglad\tjoy\t9\tnamed\n", encoding="utf-8")
    speech = analysed(tmp_path, "We were glad.").speech
    (stage,) = load_stages(["emotion"])
    run = run_stage(stage, speech, {"extra": str(path)})
    assert "mine.tsv:3: intensity '9' of 'glad'" in run.error
