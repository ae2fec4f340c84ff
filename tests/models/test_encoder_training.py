"""Training and export of a tiny encoder: it learns, and what is exported says what was trained. Needs torch."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from rhetoric.models.encoder import model, tokens, vocabulary  # noqa: E402
from rhetoric.models.encoder.base import BLOCK, BaseEncoder, unpack_blocks  # noqa: E402
from rhetoric.models.gold import Feeling, GoldSpeech  # noqa: E402

pytestmark = pytest.mark.slow
HIDDEN, FEED = 64, 128
LINES = {"stage": "Next comes part {k}.", "founder_story": "In {k} I drove home.", "product_fact": "It has {k} lenses.",
         "values": "Trust is worth {k} lives."}


def tiny_base() -> BaseEncoder:
    """A base encoder of two narrow layers with random weights over the characters of the invented lines."""
    rng = np.random.default_rng(0)
    characters = sorted({c for line in LINES.values() for c in line if c not in "{}"} | set("0123456789query:▁"))
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((c, -3.0) for c in characters if c != " ")]
    words = rng.integers(0, 256, (len(pieces), HIDDEN // BLOCK, 18)).astype(np.uint8)
    words[..., :2] = np.array([0.1], dtype="<f2").view(np.uint8)
    tensors = {"pos": rng.normal(size=(512, HIDDEN)) * 0.02, "type": np.zeros(HIDDEN), "norm.weight": np.ones(HIDDEN),
               "norm.bias": np.zeros(HIDDEN)}
    for layer in range(2):
        for part in ("q", "k", "v", "ao", "fi", "fo"):
            shape = {"fi": (FEED, HIDDEN), "fo": (HIDDEN, FEED)}.get(part, (HIDDEN, HIDDEN))
            tensors[f"{layer}.{part}.weight"] = rng.normal(size=shape) * 0.1
            tensors[f"{layer}.{part}.bias"] = np.zeros(shape[0])
        for part in ("aln", "oln"):
            tensors |= {f"{layer}.{part}.weight": np.ones(HIDDEN), f"{layer}.{part}.bias": np.zeros(HIDDEN)}
    return BaseEncoder(hidden=HIDDEN, layers=2, heads=4, eps=1e-6, pieces=tuple(pieces), start=0, end=2, pad=1,
                       unknown=3, words=words, tensors={k: v.astype(np.float32) for k, v in tensors.items()})


def invented(name: str, seed: int, n: int = 32) -> GoldSpeech:
    dice = random.Random(seed)
    labels = [list(LINES)[k * len(LINES) // n] for k in range(n)]
    return GoldSpeech(
        name=name, language="en", functions=tuple(labels),
        sentences=tuple(LINES[label].format(k=dice.randrange(2, 99)) for label in labels),
        emotions=tuple(Feeling("joy", 2) if label == "founder_story" else None for label in labels),
        slogans=tuple(label == "values" for label in labels),
        figures=tuple(frozenset({"list"} if label == "product_fact" else ()) for label in labels))


def test_a_tiny_encoder_learns_and_is_exported_as_trained(tmp_path: Path) -> None:
    from rhetoric.models.encoder import export, reopen, training
    from rhetoric.models.encoder.batches import coded_pieces

    base = tiny_base()
    kept = list(range(len(base.pieces)))
    (tmp_path / "t.json").write_text(vocabulary.tokenizer_json(base, kept), encoding="utf-8")
    tokenizer = tokens.open_tokenizer(tmp_path / "t.json")
    golds = [invented(f"t-{k}", k) for k in range(12)]
    network = training.build(base, kept, tokens.prefix_of(tokenizer), 2)
    training.train(network, tokenizer, golds, [gold.sentences * 30 for gold in golds[:2]], word_steps=5, epochs=12)
    fresh = invented("new", 99)
    trained = training.scores_of(network, coded_pieces(fresh, tokenizer)).numpy()
    right = np.array([list(LINES).index(label) for label in fresh.functions])
    known = [1, 3, 7, 9]  # stage, founder_story, product_fact, values
    assert (trained[:, :10].argmax(axis=1) == np.array(known)[right]).mean() > 0.9

    start = training.Start(network=network, words=base.words[kept], tokenizer=vocabulary.tokenizer_json(base, kept))
    sample = training.sample_of(network, tokenizer, golds)
    export.write_encoder(start, {"calibration": {}, "layers": 2}, tmp_path, sample)
    exported = model.scores(model.open_encoder(tmp_path), fresh.sentences, "en")
    assert np.abs(exported - trained).mean() < 0.2
    assert (exported[:, :10].argmax(axis=1) == trained[:, :10].argmax(axis=1)).mean() > 0.9

    again = reopen.reopen(tmp_path)
    reopened = training.scores_of(again.network, coded_pieces(fresh, tokens.tokenizer_of(again.tokenizer))).numpy()
    assert np.abs(reopened - exported).mean() < 0.1, "what was written is what is trained further"


def test_frozen_layers_stay_and_a_checkpoint_brings_back_all(tmp_path: Path) -> None:
    from rhetoric.models.encoder import training

    base = tiny_base()
    kept = list(range(len(base.pieces)))
    tokenizer = tokens.tokenizer_of(vocabulary.tokenizer_json(base, kept))

    def built() -> training.Network:
        return training.build(base, kept, tokens.prefix_of(tokenizer), 2)

    network, before = built(), built()
    training.train(network, tokenizer, [invented("t-1", 1)], [], word_steps=0, epochs=1, frozen=1)
    untouched = {name for name, value in network.windows.named_parameters()
                 if torch.equal(value, before.windows.get_parameter(name))}
    below = ("places", "hidden_word", "norm.", "words.", "layers.0.")
    assert untouched == {name for name, _ in network.windows.named_parameters() if name.startswith(below)}

    training.save_checkpoint(network, tmp_path / "words.pt")
    again = built()
    training.load_checkpoint(again, tmp_path / "words.pt")
    for half in ("windows", "context"):
        old, new = getattr(network, half).state_dict(), getattr(again, half).state_dict()
        assert all(torch.equal(old[name], new[name]) for name in old)


def test_the_word_vectors_are_those_of_the_base() -> None:
    from rhetoric.models.encoder.network import Windows

    base = tiny_base()
    kept = [0, 1, 2, 3, 9, 5]
    windows = Windows(base, kept, 1)
    assert np.array_equal(windows.words.weight.numpy(), unpack_blocks(base.words[kept]))
    assert not windows.words.weight.requires_grad
