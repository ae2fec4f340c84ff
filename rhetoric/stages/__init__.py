"""3  Speech -> findings. A stage is one file with a `STAGE`; here they are found, run and held to their contract."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import logging
import math
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType

from rhetoric.config import BUILT_IN_STAGES as BUILT_IN
from rhetoric.errors import ConfigError, StageError
from rhetoric.types import Finding, Metric, Option, Speech, Stage, StageResult, StageRun

LOG = logging.getLogger(__name__)

ENTRY_POINTS = "rhetoric.stages"


def load_stages(names: Sequence[str], root: Path | None = None,
                options: Mapping[str, Mapping[str, Option]] | None = None) -> tuple[Stage, ...]:
    """The stages of these names, in this order: built-in, `file.py` (relative to `root`), or an installed entry point.

    `options` are those of the configuration, by stage; they are looked at, not used.

    Raises:
        ConfigError: a name is unknown or given twice, or what it names cannot be loaded or is no stage; options are
            given for a stage that is none of these and not built in.
    """
    stages: dict[str, Stage] = {}
    for name in names:
        stage = _load(name, root or Path())
        if stage.name in stages:
            raise ConfigError(f"stage {stage.name!r} is named twice in `stages`; name it once")
        stages[stage.name] = stage
    for name in options or {}:
        if name not in stages and name not in BUILT_IN:
            known = ", ".join(dict.fromkeys([*stages, *BUILT_IN]))
            raise ConfigError(f"rhetoric.toml: [options.{name}] names no stage; known are {known}")
    return tuple(stages.values())


def _load(name: str, root: Path) -> Stage:
    if name in BUILT_IN:
        stage: object = importlib.import_module(f"rhetoric.stages.{name}").STAGE
    elif name.endswith(".py"):
        stage = _from_file(root / name)
    else:
        stage = _from_entry_point(name)
    if not isinstance(stage, Stage):
        raise ConfigError(f"stage {name!r}: its STAGE is a {type(stage).__name__}; make it a rhetoric.types.Stage")
    return stage


def _from_file(path: Path) -> object:
    """The `STAGE` of a file, loaded under a name of its own so that it hides no other module."""
    if not path.is_file():
        raise ConfigError(f"{path}: no such stage file; `stages` in rhetoric.toml takes paths relative to the archive")
    module_name = f"_rhetoric_stage_{path.stem}_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{path}: not a Python file; a stage is a .py file with a STAGE")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # dataclasses of the file look themselves up there
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a user's file may fail in any way
        del sys.modules[module_name]
        raise ConfigError(f"{path}: cannot be loaded: {_in_a_line(error)}") from error
    if not hasattr(module, "STAGE"):
        raise ConfigError(f"{path}: has no STAGE; end it with STAGE = Stage(name=…, run=…, …)")
    return module.STAGE


def _from_entry_point(name: str) -> object:
    installed: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if name not in installed:
        known = ", ".join([*BUILT_IN, *sorted(set(installed) - set(BUILT_IN))])
        raise ConfigError(f"unknown stage {name!r}; known are {known}, and files of yours that end in .py")
    try:
        return installed[name].load()
    except Exception as error:  # another package may fail in any way
        raise ConfigError(f"stage {name!r} ({installed[name].value}) cannot be loaded: {_in_a_line(error)}") from error


def run_stage(stage: Stage, speech: Speech, options: Mapping[str, Option] | None = None) -> StageRun:
    """Run one stage on one speech. Whatever goes wrong is told in `error`, and the other stages go on.

    `options` override the stage's own. A stage that does not know the language is not run, and says so: an empty
    result would look like "nothing found". Findings come sorted by sentence, place and label.
    """
    try:
        chosen = _options(stage, options or {})
        if speech.language not in stage.languages:
            languages = ", ".join(stage.languages)
            raise StageError(f"not run: the speech is in {speech.language!r}, the stage knows {languages}")
        with redirect_stdout(sys.stderr):  # stdout is for results; a stage may print what it likes
            result = stage.run(speech, chosen)
        _check(stage, speech, result)
        findings = sorted(result.findings, key=_place)
        return StageRun(stage=stage.name, version=stage.version,
                        result=StageResult(findings=tuple(findings), metrics=tuple(result.metrics)))
    except StageError as error:
        return StageRun(stage=stage.name, version=stage.version, error=" ".join(str(error).split()))
    except (Exception, SystemExit) as error:  # a stage may fail in any way; the speech keeps its other stages
        LOG.debug("stage %s failed on %s", stage.name, speech.speech_id, exc_info=True)
        return StageRun(stage=stage.name, version=stage.version, error=_in_a_line(error))


def _place(finding: Finding) -> tuple[int, int, str, int]:
    return finding.sentence_index, finding.char_start, finding.label, finding.char_end


def _in_a_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _options(stage: Stage, given: Mapping[str, Option]) -> Mapping[str, Option]:
    """The stage's defaults with the given options put over them; names and types must be those of the defaults."""
    for name, value in given.items():
        if name not in stage.options:
            known = ", ".join(sorted(stage.options)) or "none"
            raise StageError(f"stage {stage.name!r} has no option {name!r}; it has: {known}")
        wanted = type(stage.options[name])
        if type(value) is not wanted and not (wanted is float and type(value) is int):
            raise StageError(f"option {name!r} of stage {stage.name!r} is {value!r}; it must be a {wanted.__name__}")
    return MappingProxyType({**stage.options, **given})


def _check(stage: Stage, speech: Speech, result: StageResult) -> None:
    """Hold a result to the contract: declared names only, spans inside their sentence, finite numbers."""
    if not isinstance(result, StageResult):
        raise StageError(f"stage {stage.name!r} gave a {type(result).__name__}, not a StageResult")
    for finding in result.findings:
        _check_finding(stage, speech, finding)
    names: set[str] = set()
    for metric in result.metrics:
        _check_metric(stage, metric)
        if metric.name in names:
            raise StageError(f"stage {stage.name!r} gave the metric {metric.name!r} twice")
        names.add(metric.name)


def _check_finding(stage: Stage, speech: Speech, finding: Finding) -> None:
    where = f"stage {stage.name!r}, sentence {finding.sentence_index}, label {finding.label!r}"
    if finding.label not in stage.labels:
        raise StageError(f"{where}: the stage does not declare this label")
    if not 0 <= finding.sentence_index < len(speech.sentences):
        raise StageError(f"{where}: there is no such sentence")
    sentence = speech.sentences[finding.sentence_index]
    if not sentence.char_start <= finding.char_start < finding.char_end <= sentence.char_end:
        raise StageError(f"{where}: its span {finding.char_start}-{finding.char_end} is not inside the sentence")
    if not all(isinstance(mark, str) and mark.isprintable() for mark in finding.evidence):
        raise StageError(f"{where}: its evidence must be printable texts")
    if not _all_finite(finding.score, finding.start_s, finding.end_s):
        raise StageError(f"{where}: its score or a time is no finite number")


def _check_metric(stage: Stage, metric: Metric) -> None:
    if metric.name not in stage.metrics:
        raise StageError(f"stage {stage.name!r}: it does not declare the metric {metric.name!r}")
    if not isinstance(metric.unit, str):
        raise StageError(f"stage {stage.name!r}: the unit of the metric {metric.name!r} is no text")
    if not _all_finite(metric.numerator, metric.denominator, metric.low, metric.high):
        raise StageError(f"stage {stage.name!r}: the metric {metric.name!r} holds a number that is not finite")


def _all_finite(*numbers: float | None) -> bool:
    return all(number is None or math.isfinite(number) for number in numbers)
