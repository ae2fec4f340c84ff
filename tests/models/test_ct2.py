"""A Whisper of CTranslate2 back under openai-whisper's names: containers written by CTranslate2's own code."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ctranslate2.specs import whisper_spec

from rhetoric.errors import ModelError
from rhetoric.models.ct2 import read_tensors, whisper_checkpoint

STATES, HEADS, LAYERS, MELS, VOCABULARY = 8, 2, 2, 4, 20


def random_weights() -> dict[str, np.ndarray]:
    """A small Whisper as openai-whisper names it."""
    random = np.random.default_rng(11)

    def values(*shape: int) -> np.ndarray:
        return random.normal(0, 0.2, shape).astype(np.float32)

    found = {"encoder.conv1.weight": values(STATES, MELS, 3), "encoder.conv2.weight": values(STATES, STATES, 3),
             "encoder.conv1.bias": values(STATES), "encoder.conv2.bias": values(STATES),
             "encoder.positional_embedding": values(6, STATES), "decoder.positional_embedding": values(5, STATES),
             "decoder.token_embedding.weight": values(VOCABULARY, STATES)}
    norms = ["encoder.ln_post", "decoder.ln"]
    for part, attentions in (("encoder", ("attn",)), ("decoder", ("attn", "cross_attn"))):
        for number in range(LAYERS):
            at = f"{part}.blocks.{number}"
            for attention in attentions:
                norms.append(f"{at}.{attention}_ln")
                for linear in ("query", "key", "value", "out"):
                    found[f"{at}.{attention}.{linear}.weight"] = values(STATES, STATES)
                    if linear != "key":
                        found[f"{at}.{attention}.{linear}.bias"] = values(STATES)
            norms.append(f"{at}.mlp_ln")
            for linear, shape in (("mlp.0", (4 * STATES, STATES)), ("mlp.2", (STATES, 4 * STATES))):
                found[f"{at}.{linear}.weight"], found[f"{at}.{linear}.bias"] = values(*shape), values(shape[0])
    for norm in norms:
        found[f"{norm}.weight"], found[f"{norm}.bias"] = values(STATES), values(STATES)
    return found


def as_ctranslate2(weights: dict[str, np.ndarray]) -> whisper_spec.WhisperSpec:
    """What CTranslate2's converters make of these weights; they change what they are given."""
    weights = {name: values.copy() for name, values in weights.items()}
    spec = whisper_spec.WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)

    def linear(into: Any, *names: str) -> None:
        into.weight = np.concatenate([weights[f"{name}.weight"] for name in names])
        into.bias = np.concatenate([weights.get(f"{name}.bias", np.zeros(STATES, np.float32)) for name in names])

    def norm(into: Any, name: str) -> None:
        into.gamma, into.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]

    for conv in ("conv1", "conv2"):
        linear(getattr(spec.encoder, conv), f"encoder.{conv}")
    spec.decoder.embeddings.weight = spec.decoder.projection.weight = weights["decoder.token_embedding.weight"]
    for part, last in ((spec.encoder, "encoder.ln_post"), (spec.decoder, "decoder.ln")):
        name = last.split(".")[0]
        part.position_encodings.encodings = weights[f"{name}.positional_embedding"]
        norm(part.layer_norm, last)
        for number, layer in enumerate(part.layer):
            at = f"{name}.blocks.{number}"
            norm(layer.self_attention.layer_norm, f"{at}.attn_ln")
            linear(layer.self_attention.linear[0], f"{at}.attn.query", f"{at}.attn.key", f"{at}.attn.value")
            linear(layer.self_attention.linear[1], f"{at}.attn.out")
            if name == "decoder":
                norm(layer.attention.layer_norm, f"{at}.cross_attn_ln")
                linear(layer.attention.linear[0], f"{at}.cross_attn.query")
                linear(layer.attention.linear[1], f"{at}.cross_attn.key", f"{at}.cross_attn.value")
                linear(layer.attention.linear[2], f"{at}.cross_attn.out")
            norm(layer.ffn.layer_norm, f"{at}.mlp_ln")
            linear(layer.ffn.linear_0, f"{at}.mlp.0")
            linear(layer.ffn.linear_1, f"{at}.mlp.2")
    return spec


def save(spec: Any, folder: Path, tokens: int, quantization: str | None = None) -> Path:
    spec.register_vocabulary([f"t{number}" for number in range(tokens)])
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(exist_ok=True)
    spec.save(str(folder))
    return folder


@pytest.fixture
def weights() -> dict[str, np.ndarray]:
    return random_weights()


@pytest.mark.parametrize(("quantization", "error"), [("float32", 0), ("float16", 1e-3), ("int16", 2e-3), ("int8", 5e-3),
                                                      ("int8_float16", 5e-3)])
def test_every_weight_comes_back(tmp_path: Path, weights: dict[str, np.ndarray], quantization: str,
                                 error: float) -> None:
    found = whisper_checkpoint(save(as_ctranslate2(weights), tmp_path, VOCABULARY, quantization))
    assert set(found.weights) == set(weights)
    for name, values in weights.items():
        assert found.weights[name].shape == values.shape
        np.testing.assert_allclose(found.weights[name], values, atol=error, err_msg=name)
    assert found.dims == {"n_mels": MELS, "n_audio_ctx": 6, "n_audio_state": STATES, "n_audio_head": HEADS,
                          "n_audio_layer": LAYERS, "n_vocab": VOCABULARY, "n_text_ctx": 5, "n_text_state": STATES,
                          "n_text_head": HEADS, "n_text_layer": LAYERS}


def test_bfloat16_is_the_upper_half_of_a_float(tmp_path: Path) -> None:
    def text(written: str) -> bytes:
        return struct.pack("<H", len(written) + 1) + written.encode() + b"\0"

    values = np.array([1.0, -0.5, 3.0], "<f4")
    upper = (values.view("<u4") >> 16).astype("<u2").tobytes()
    variable = text("a") + struct.pack("<BI", 1, 3) + struct.pack("<BI", 5, len(upper)) + upper
    path = tmp_path / "model.bin"
    path.write_bytes(struct.pack("<I", 6) + text("WhisperSpec") + struct.pack("<II", 3, 1) + variable
                     + struct.pack("<I", 1) + text("b") + text("a"))
    name, tensors = read_tensors(path)
    assert name == "WhisperSpec"
    assert tensors["a"].tolist() == tensors["b"].tolist() == values.tolist()


def test_the_heads_that_follow_the_sound_come_from_the_config(tmp_path: Path, weights: dict[str, np.ndarray]) -> None:
    folder = save(as_ctranslate2(weights), tmp_path, VOCABULARY)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"alignment_heads": [[0, 1], [1, 0]]}))
    assert whisper_checkpoint(folder).alignment_heads == ((0, 1), (1, 0))
    (folder / "config.json").write_text(json.dumps({"lang_ids": []}))
    assert whisper_checkpoint(folder).alignment_heads is None
    (folder / "config.json").write_text("{")
    with pytest.raises(ModelError, match=r"config\.json: cannot be read"):
        whisper_checkpoint(folder)


def test_another_kind_of_model_is_told(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(struct.pack("<I", 6) + struct.pack("<H", 9) + b"OtherOne\0" + struct.pack("<III", 1, 0, 0))
    with pytest.raises(ModelError, match=r"another kind \(OtherOne\)"):
        whisper_checkpoint(tmp_path)


@pytest.mark.parametrize("cut", [0, 3, 20, 200, -1, -3000])
def test_a_damaged_container_is_one_line(tmp_path: Path, weights: dict[str, np.ndarray], cut: int) -> None:
    path = save(as_ctranslate2(weights), tmp_path, VOCABULARY) / "model.bin"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ModelError, match="fetch the model again") as caught:
        whisper_checkpoint(tmp_path)
    assert "\n" not in str(caught.value)


def test_another_version_of_the_format_is_told(tmp_path: Path, weights: dict[str, np.ndarray]) -> None:
    path = save(as_ctranslate2(weights), tmp_path, VOCABULARY) / "model.bin"
    path.write_bytes(struct.pack("<I", 9) + path.read_bytes()[4:])
    with pytest.raises(ModelError, match="version 9 of CTranslate2's format"):
        whisper_checkpoint(tmp_path)


def test_a_missing_weight_is_named(tmp_path: Path, weights: dict[str, np.ndarray]) -> None:
    path = save(as_ctranslate2(weights), tmp_path, VOCABULARY) / "model.bin"
    path.write_bytes(path.read_bytes().replace(b"encoder/conv1/bias", b"encoder/conv1/bios"))
    with pytest.raises(ModelError, match="it has no encoder/conv1/bias"):
        whisper_checkpoint(tmp_path)
