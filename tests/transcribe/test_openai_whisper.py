"""The engine `whisper` beside the built-in one, on the same weights and real sound. It needs `rhetoric[whisper]`."""

from __future__ import annotations

import importlib.util
import sys
import urllib.error
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rhetoric.config import TranscribeConfig
from rhetoric.errors import ConfigError, MissingExtraError, ModelError
from rhetoric.transcribe.accuracy import score
from rhetoric.transcribe.decode import SAMPLE_RATE_HZ
from rhetoric.transcribe.engine import DetectsLanguage, Engine, Heard, TranscribeOptions, get_model, load_engine

from .conftest import samples_of

CONFIG = TranscribeConfig(engine="whisper", device="cpu", threads=1)
installed = pytest.mark.skipif(importlib.util.find_spec("torch") is None or importlib.util.find_spec("whisper") is None,
                               reason="openai-whisper is not installed: `make test-whisper` installs and tests it")
STRETCHES = {"zh": ("shen-2021", 20, 45), "en": ("whitfield-2023", 30, 55)}


def test_without_the_extra_the_line_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "whisper", None)
    with pytest.raises(MissingExtraError, match=r"engine whisper needs .*pip install 'rhetoric\[whisper\]'"):
        get_model(CONFIG, offline=True)
    with pytest.raises(MissingExtraError):
        load_engine(CONFIG, Path("nowhere"))


@pytest.fixture(scope="module")
def reference(base_model: Path) -> Any:
    return load_engine(CONFIG, base_model)


@pytest.fixture(scope="module", params=sorted(STRETCHES))
def heard(request: pytest.FixtureRequest, reference: Engine, base_model: Path) -> tuple[str, Heard, Heard, list[float]]:
    """(language, as faster-whisper hears it, as openai-whisper hears it, the progress it told)."""
    sound = samples_of(*STRETCHES[request.param])
    options = TranscribeOptions(language=request.param, hotwords=("灯塔",) if request.param == "zh" else ())
    exact = load_engine(TranscribeConfig(device="cpu", threads=1, compute_type="float32"), base_model)
    told: list[float] = []
    return (request.param, exact.transcribe(sound, options, lambda done_s: None),
            reference.transcribe(sound, options, told.append), told)


def text_of(heard: Heard) -> str:
    return " ".join(segment.text for segment in heard.segments)


@installed
@pytest.mark.whisper
def test_both_engines_hear_the_same_words_at_the_same_times(heard: tuple[str, Heard, Heard, list[float]]) -> None:
    language, fast, slow, told = heard
    assert score(text_of(fast), text_of(slow), language).rate <= 0.02
    words = [[word for segment in found.segments for word in segment.words] for found in (fast, slow)]
    assert len(words[0]) > 40
    near = sum(abs(one.start_s - other.start_s) <= 0.1 for one, other in zip(*words, strict=False))
    assert near >= 0.95 * max(map(len, words))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(25, abs=0.1)
    assert {**slow.options, "compute_type": ""} == {**fast.options, "compute_type": ""}


@installed
@pytest.mark.whisper
def test_it_prints_nothing_and_hears_the_same_again(reference: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    assert isinstance(reference, Engine)
    assert isinstance(reference, DetectsLanguage)
    sound = samples_of("whitfield-2023", 30, 40)
    options = TranscribeOptions(beam_size=1)
    first = reference.transcribe(sound, options, lambda done_s: None)
    assert reference.transcribe(sound, options, lambda done_s: None) == first
    assert (first.language, len(first.segments) > 0) == ("en", True)
    assert first.language_probability is not None
    assert first.language_probability > 0.9
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


@installed
@pytest.mark.whisper
def test_another_language_is_followed_not_translated(reference: Engine) -> None:
    sound = np.concatenate([samples_of(*STRETCHES["en"])[: 12 * SAMPLE_RATE_HZ], np.zeros(8000, np.float32)])
    found = reference.transcribe(sound, TranscribeOptions(language="zh", beam_size=1), lambda done_s: None)
    assert text_of(found).isascii()
    assert "Lane 3" in text_of(found)


@installed
def test_a_group_of_tokens_is_not_said_twice() -> None:
    import torch

    from rhetoric.transcribe.openai_whisper import _NoRepeat

    logits = torch.zeros(2, 10)
    _NoRepeat(3, 1).apply(logits, torch.tensor([[9, 1, 2, 3, 1, 2], [9, 1, 2, 3, 3, 2]]))
    assert (logits == -float("inf")).nonzero().tolist() == [[0, 3]]


@installed
def test_a_file_of_openai_is_loaded_as_well(reference: Any, base_model: Path, tmp_path: Path) -> None:
    import dataclasses

    import torch

    path = tmp_path / "mine.pt"
    torch.save({"dims": dataclasses.asdict(reference._whisper.dims),
                "model_state_dict": reference._whisper.state_dict()}, path)
    config = TranscribeConfig(engine="whisper", model=str(path), device="cpu", threads=1)
    assert get_model(config, offline=True) == path
    loaded: Any = load_engine(config, path)
    for name, values in reference._whisper.state_dict().items():
        assert torch.equal(values, loaded._whisper.state_dict()[name])
    path.write_bytes(b"no weights")
    with pytest.raises(ModelError, match="cannot be loaded on cpu") as caught:
        load_engine(config, path)
    assert "\n" not in str(caught.value)


@installed
def test_names_of_the_manifest_come_from_it_and_others_from_openai(base_model: Path, tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    assert get_model(CONFIG, offline=True) == base_model
    config = TranscribeConfig(engine="whisper", model="base.en", device="cpu", threads=1)
    monkeypatch.setenv("RHETORIC_MODELS", str(tmp_path))

    def no_network(*_: object, **__: object) -> None:
        raise urllib.error.URLError("no route")

    monkeypatch.setattr("urllib.request.urlopen", no_network)
    with pytest.raises(ModelError, match="--offline forbids"):
        get_model(config, offline=True)
    with pytest.raises(ModelError, match="no route"):
        load_engine(config, get_model(config, offline=False))
    with pytest.raises(ModelError, match="unknown model 'huge'"):
        get_model(TranscribeConfig(engine="whisper", model="huge"), offline=False)


@installed
@pytest.mark.parametrize(("options", "said"), [({"compute_type": "int8"}, "cannot compute in int8 on cpu"),
                                               ({"compute_type": "float16"}, "cannot compute in float16 on cpu"),
                                               ({"mode": "batched"}, "window after window")])
def test_what_it_cannot_do_is_one_line(options: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load_engine(TranscribeConfig(engine="whisper", device="cpu", **options), Path("nowhere"))
