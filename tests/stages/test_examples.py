"""Every stage with labels has sentences it must find something in, and sentences it must not, in both languages.

A stage without such a file fails here: write `tests/examples/<stage>.toml`. Examples are for the rules alone, unless
they say `read = true`: then the sentences are read by the installed reader first.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from rhetoric.config import BUILT_IN_STAGES
from rhetoric.models import reader
from rhetoric.sentences import from_sentences
from rhetoric.stages import load_stages, run_stage
from rhetoric.types import Finding, Speech, Stage

EXAMPLES = Path(__file__).parents[1] / "examples"
SILENT_SCORE = {"slogans": 50.0}  # below it a finding only fills the ranking
# The `function` stage reads the model, whose words are tested with it.
STAGES = {stage.name: stage for stage in load_stages(BUILT_IN_STAGES) if stage.labels and stage.name != "function"}


def read_examples(stage: str) -> dict[str, Any]:
    return tomllib.loads((EXAMPLES / f"{stage}.toml").read_text(encoding="utf-8"))


def cases(kind: str) -> list[Any]:
    return [pytest.param(stage, example, id=f"{stage}-{example['language']}-{' '.join(example['sentences'])}")
            for stage in STAGES if (EXAMPLES / f"{stage}.toml").exists() for example in read_examples(stage)[kind]]


def found(stage: Stage, example: dict[str, Any]) -> tuple[Speech, list[Finding]]:
    language = example["language"]
    padding = read_examples(stage.name).get("padding", {}).get(language, [])
    speech = from_sentences("example", [*example["sentences"], *padding], language)
    if example.get("read"):
        speech = reader.read(speech)
    run = run_stage(stage, speech)
    assert not run.error
    own = range(len(example["sentences"]))
    return speech, [finding for finding in run.result.findings if finding.sentence_index in own]


@pytest.mark.parametrize("name", STAGES)
def test_each_stage_has_a_dozen_examples_each_way_in_each_language(name: str) -> None:
    assert (EXAMPLES / f"{name}.toml").exists(), f"write tests/examples/{name}.toml"
    examples = read_examples(name)
    for kind in ("find", "not"):
        for language in STAGES[name].languages:
            assert sum(example["language"] == language for example in examples[kind]) >= 12, (kind, language)


@pytest.mark.parametrize("name", STAGES)
def test_each_label_has_examples_in_each_language(name: str) -> None:
    for language in STAGES[name].languages:
        shown = {example.get("label", name.removesuffix("s")) for example in read_examples(name)["find"]
                 if example["language"] == language}
        assert shown == set(STAGES[name].labels), language


@pytest.mark.parametrize(("name", "example"), cases("find"))
def test_what_must_be_found(name: str, example: dict[str, Any]) -> None:
    speech, findings = found(STAGES[name], example)
    label = example.get("label", findings[0].label if findings else "")
    fitting = [finding for finding in findings if finding.label == label]
    assert fitting, findings
    assert {finding.sentence_index for finding in fitting} >= set(example.get("at", range(len(example["sentences"]))))
    if "quote" in example:
        assert any(example["quote"] in speech.text[f.char_start : f.char_end] for f in fitting), fitting
    if "score" in example:
        best = max(finding.score for finding in fitting)
        assert best >= example["score"] if name in SILENT_SCORE else best == example["score"], fitting


@pytest.mark.parametrize(("name", "example"), cases("not"))
def test_what_must_not_be_found(name: str, example: dict[str, Any]) -> None:
    _, findings = found(STAGES[name], example)
    wrong = [finding for finding in findings if finding.label == example.get("label", finding.label)
             and finding.score >= SILENT_SCORE.get(name, 0.0)]
    assert not wrong
