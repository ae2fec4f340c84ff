"""What is to be done and why; and that nothing else makes work."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from rhetoric import notebook, speed
from rhetoric.archive import init_archive, open_archive, write_catalog
from rhetoric.config import GlossaryTerm, TranscribeConfig
from rhetoric.errors import ArchiveError
from rhetoric.files import sha256_of
from rhetoric.jobs import Outcome
from rhetoric.notebook import Notebook
from rhetoric.pipeline import analyze_archive, load_tables, transcribe_archive
from rhetoric.plan import plan_analyses, plan_transcripts, why_analyze
from rhetoric.stages import load_stages
from rhetoric.transcribe.glossary import glossary_record
from rhetoric.transcribe.transcript_file import write_transcript
from rhetoric.types import Recording, Segment, Transcript
from tests.archives import build_archive, put_speech


@pytest.fixture
def heard(tmp_path):
    """An archive of one recording whose transcript is up to date."""
    archive = init_archive(tmp_path / "heard")
    (archive.audio / "a.mp3").write_bytes(b"sound")
    write_catalog(archive.catalog_path, [Recording(speech_id="a", file="a.mp3", duration_s=60.0)])
    put_heard(archive)
    return archive


def put_heard(archive, **changes):
    options = {"beam_size": 5, "vad": True, "script": "as-heard"}
    transcript = Transcript(speech_id="a", engine="faster-whisper", model="base", language="en", duration_s=61.5,
                            audio_sha256=sha256_of(archive.audio / "a.mp3"), options=options,
                            segments=(Segment(text="Good evening.", start_s=0.0, end_s=1.0),))
    write_transcript(replace(transcript, **changes), archive.transcript_path("a"))


def why(archive, **options) -> str:
    plan = plan_transcripts(archive, archive.recordings(), Notebook(archive.analysis), **options)
    return plan.tasks[0].reason if plan.tasks else f"kept: {plan.kept['a']}"


def with_transcribe(archive, **options):
    config = archive.config
    return archive.with_config(msgspec.structs.replace(
        config, transcribe=msgspec.structs.replace(config.transcribe, **options)))


def test_a_fresh_transcript_stands_and_its_size_is_seconds_of_audio(heard):
    assert why(heard) == "kept: up to date"
    plan = plan_transcripts(heard, heard.recordings(), Notebook(heard.analysis), force=True)
    assert (plan.tasks[0].reason, plan.size) == ("forced", 60.0)


def test_every_reason_to_hear_again_is_told(heard):
    assert why(with_transcribe(heard, model="small", beam_size=1)) == (
        "changed options: model base → small, beam_size 5 → 1")
    assert why(with_transcribe(heard, device="cuda", threads=3)) == "kept: up to date"
    (heard.audio / "a.mp3").write_bytes(b"other")
    assert why(heard) == "changed audio"
    (heard.audio / "a.mp3").unlink()
    assert why(heard) == "kept: its recording is gone"
    heard.transcript_path("a").write_text("{", encoding="utf-8")
    assert why(heard) == "its transcript is damaged or of another version"
    heard.transcript_path("a").unlink()
    assert why(heard) == "new"


def test_given_texts_are_never_heard_again(heard):
    for engine, reason in (("import:srt", "imported"), ("align:script", "aligned with its script")):
        put_heard(heard, engine=engine)
        assert why(with_transcribe(heard, model="small")) == f"kept: {reason}"


def test_the_glossarys_names_make_work_and_its_aliases_do_not(heard):
    told = heard.with_config(msgspec.structs.replace(heard.config, glossary=(GlossaryTerm("Veltrix"),)))
    assert why(told).startswith("changed options: glossary_names")
    put_heard(heard, options={"beam_size": 5, "vad": True, "script": "as-heard",
                              **glossary_record(told.config.glossary)})
    aliased = (GlossaryTerm("Veltrix", aliases=("Vel tricks",)),)
    assert why(told.with_config(msgspec.structs.replace(told.config, glossary=aliased))) == "kept: up to date"


def test_what_a_killed_run_had_heard_is_noted_in_the_catalog(heard):
    assert [o.status for o in transcribe_archive(heard, heard.recordings())] == ["skipped"]
    (row,) = heard.recordings()
    assert (row.sha256, row.duration_s) == (sha256_of(heard.audio / "a.mp3"), 61.5)


def plan_of(archive, **options):
    stages = load_stages(archive.config.stages, archive.root)
    return plan_analyses(archive, archive.recordings(), stages, Notebook(archive.analysis), **options)


def test_only_what_an_analysis_is_made_from_makes_it_anew(tmp_path):
    archive = build_archive(tmp_path / "a", "One", "Two")
    assert {task.reason for task in plan_of(archive).tasks} == {"new"}
    list(analyze_archive(archive, archive.recordings()))
    assert not plan_of(archive).tasks
    put_speech(archive, "s0-one", "Something else is said.")
    rows = archive.recordings()
    write_catalog(archive.catalog_path, [rows[0], replace(rows[1], event="Launch")])
    assert [(t.speech_id, t.reason) for t in plan_of(archive).tasks] == [
        ("s0-one", "changed transcript"), ("s1-two", "changed row of the catalog")]
    fewer = archive.with_config(msgspec.structs.replace(archive.config, stages=("function",)))
    assert "stage words is gone" in plan_of(fewer).tasks[0].reason
    stage = archive.root / "words.py"
    stage.write_text(stage.read_text(encoding="utf-8").replace('version="1"', 'version="2"'), encoding="utf-8")
    assert "stage words: 1 → 2" in plan_of(archive).tasks[1].reason
    assert "changed file words.py" in plan_of(archive).tasks[1].reason


def test_a_word_list_stands_in_the_archive_and_its_change_makes_work(tmp_path, monkeypatch):
    archive = build_archive(tmp_path / "a", "One", stages='["emotion"]')
    settings = archive.root / "rhetoric.toml"
    written = settings.read_text(encoding="utf-8")
    settings.write_text(f'{written}[options.emotion]\nextra = "own.tsv"\n', encoding="utf-8")
    own = archive.root / "own.tsv"
    own.write_text("# CC0-1.0\nterm\tclass\tintensity\tmode\ngate\thope\t3\tnamed\n", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    archive = open_archive(archive.root)
    assert [outcome.status for outcome in analyze_archive(archive, archive.recordings())] == ["done"]
    assert "gate" in set(load_tables(archive, archive.recordings()).findings["quote"])
    assert not plan_of(archive).tasks
    own.write_text(own.read_text(encoding="utf-8").replace("hope", "pride"), encoding="utf-8")
    assert [task.reason for task in plan_of(archive).tasks] == ["changed file own.tsv"]


@pytest.mark.parametrize(("old", "new", "reason"), [
    (None, {}, "new"), ({"a": "1"}, {"a": "1"}, ""), ({"failed": "x"}, {}, "failed before"),
    ({"lexicons": "1", "reader": "1"}, {"lexicons": "2", "reader": "2"}, "other word lists, another reader"),
    ({"rhetoric": "0.1", "schema": "1.1"}, {"rhetoric": "0.2", "schema": "1.2"}, "another version of rhetoric"),
    ({"stage x": "1 aa"}, {"stage x": "1 bb"}, "changed options: stage x"),
    ({}, {"stage x": "1 aa"}, "stage x is new"),
])
def test_reasons_in_words(old, new, reason):
    assert why_analyze(old, new) == reason


@pytest.mark.parametrize(("moment_ns", "asked"), [(-(10**18), 1), (10**18, 2)])
def test_a_known_file_is_read_once_unless_it_was_changed_this_moment(tmp_path, monkeypatch, moment_ns, asked):
    monkeypatch.setattr(notebook, "MOMENT_NS", moment_ns)
    path = tmp_path / "a.txt"
    reads = []

    def length(file):
        reads.append(file)
        return {"length": file.stat().st_size}

    def facts():
        known = Notebook(tmp_path / "analysis")
        found = known.facts(path, length)["length"]
        known.write()
        return found

    path.write_text("one", encoding="utf-8")
    assert [facts(), facts()] == [3, 3]
    assert len(reads) == asked
    path.write_text("three", encoding="utf-8")
    assert facts() == 5


def test_a_notebook_forgets_what_is_gone_and_survives_damage(tmp_path):
    with pytest.raises(ArchiveError, match="cannot be read"):
        Notebook(tmp_path).sha256(tmp_path / "none")
    (tmp_path / "known-files.json").write_text("{broken", encoding="utf-8")
    Notebook(tmp_path).write()


def test_an_estimate_says_what_it_rests_on(tmp_path):
    config = TranscribeConfig()
    first = speed.estimate(tmp_path, "transcribe", config, [3600.0, None, 1800.0], workers=2)
    assert (first.measured, first.unknown) == (False, 1)
    assert first.seconds == pytest.approx(speed.BASE_FACTOR * 3 * 2700 / 2)
    larger = speed.estimate(tmp_path, "transcribe", TranscribeConfig(model="large-v3"), [3600.0], workers=1)
    assert larger.seconds > 10 * speed.BASE_FACTOR * 3600
    outcomes = [Outcome(speech_id="a", step="transcribe", status="done", busy_s=50.0),
                Outcome(speech_id="b", step="transcribe", status="failed", busy_s=9.0)]
    speed.note(tmp_path, speed.kind_of("transcribe", config), outcomes, {"a": 100.0, "b": 1.0})
    second = speed.estimate(tmp_path, "transcribe", config, [1000.0], workers=1)
    assert (second.measured, second.seconds) == (True, 500.0)
    assert not speed.estimate(tmp_path, "transcribe", TranscribeConfig(model="large-v3"), [1.0], workers=1).measured


def test_only_a_chinese_transcript_grows_stale_with_how_missing_marks_are_treated(heard):
    assert why(with_transcribe(heard, punctuation="keep")) == "kept: up to date"
    put_heard(heard, language="zh", options={"beam_size": 5, "vad": True, "script": "simplified",
                                             "punctuation": "restore"})
    assert why(heard) == "kept: up to date"
    assert why(with_transcribe(heard, punctuation="keep")).startswith("changed options: punctuation")
