"""Fine-tune the encoder on coded speeches: masked words first, then all heads at once. Needs the extra `train`."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from rhetoric.models.encoder.base import BaseEncoder
from rhetoric.models.encoder.batches import Batch, CodedPieces, coded_pieces, collate, epoch, runs_of
from rhetoric.models.encoder.heads import HEADS
from rhetoric.models.encoder.network import Context, Windows, WordGuess
from rhetoric.models.encoder.tokens import END, WINDOW, pieces_of
from rhetoric.models.gold import GoldSpeech

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOG = logging.getLogger(__name__)

RATE, HEAD_RATE, CONTEXT_RATE = 1.5e-4, 1e-3, 4e-4
LAYER_DECAY = 0.9  # of the rate, a layer downwards
WARM_UP = 0.1
SMOOTHING = 0.05
HIDDEN_SHARE = 0.15  # of the pieces in masked-word training
HIDDEN_WHILE_TUNING = 0.1  # of the pieces when heads are trained: many epochs would learn speeches by heart
ALONE = 0.2  # of its steps train only the part that guesses, which is thrown away afterwards
WINDOWS_A_STEP = 12
AVERAGED = 3  # epochs at the end whose weights are averaged, a third of all at most
SAMPLE = 24  # batches of coded speeches of which an export learns how large activations get
WEIGHTS = {"emotion": 0.9, "slogan": 0.75, "figures": 2.7, "intensity": 0.3}  # of the losses beside function's 1



def lower_precision() -> torch.autocast:
    """bfloat16 where the processor multiplies matrices of it in hardware (AMX: 0.7 of the time); slower elsewhere."""
    known: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()  # an older torch does not say
    return torch.autocast("cpu", torch.bfloat16, enabled=bool(known.get("amx_bf16")))


@dataclass(frozen=True, eq=False, kw_only=True)
class Network:
    """The two halves that are exported."""

    windows: Windows
    context: Context
    prefix: list[int]


@dataclass(frozen=True, eq=False, kw_only=True)
class Start:
    """A network, with the word vectors (4-bit blocks, see `base.unpack_blocks`) and the tokenizer it reads by."""

    network: Network
    words: NDArray[np.uint8]
    tokenizer: str


def build(base: BaseEncoder, kept: Sequence[int], prefix: list[int], layers: int, seed: int = 0) -> Network:
    """An untrained network over the base's lower `layers`."""
    torch.manual_seed(seed)
    return Network(windows=Windows(base, kept, layers), context=Context(base.hidden), prefix=prefix)


def freeze(network: Network, layers: int) -> None:
    """Let what reads the words and the lowest `layers` stay as they are: half of 12 save four tenths of a step."""
    window = network.windows
    below = [window.places, window.hidden_word, *window.norm.parameters(), *window.layers[:layers].parameters()]
    for parameter in below if layers else ():
        parameter.requires_grad_(False)


def parameter_groups(network: Network, rate: float) -> list[dict[str, Any]]:
    """Parameters with their rates: lower layers learn more slowly, new parts faster. Frozen ones are left out."""
    window, context = network.windows, network.context
    count = len(window.layers)
    pooling = [p for part in (window.scores, window.values, window.picked) for p in part.parameters()]
    rates = [*((layer.parameters(), rate * LAYER_DECAY ** (count - 1 - depth))
               for depth, layer in enumerate(window.layers)),
             ([window.places, window.hidden_word, *window.norm.parameters()], rate * LAYER_DECAY ** count),
             ([*pooling, *context.layers.parameters()], CONTEXT_RATE),
             ([*context.norm.parameters(), *context.heads.parameters()], HEAD_RATE)]
    groups = [{"params": [p for p in parameters if p.requires_grad], "lr": own} for parameters, own in rates]
    return [group for group in groups if group["params"]]


def set_rates(optimizer: torch.optim.Optimizer, rates: Sequence[float], share: float) -> None:
    """Warm-up, then a straight fall to nothing; `share` of the training is done."""
    factor = min(share / WARM_UP, max(0.01, (1 - share) / (1 - WARM_UP)))
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate * max(factor, 0.001)


def train(network: Network, tokenizer: Any, golds: Sequence[GoldSpeech], documents: Sequence[Sequence[str]], *,
          word_steps: int, epochs: int, frozen: int = 0) -> None:
    """Train a network on coded speeches, after masked-word training on the sentences of uncoded documents, if any.

    The lowest `frozen` layers learn words only. The same input gives the same network on the same machine with the same
    number of threads.
    """
    if documents:
        guess_words(network, [pieces_of(tokenizer, document) for document in documents], word_steps)
    freeze(network, frozen)
    fine_tune(network, [coded_pieces(gold, tokenizer) for gold in golds], epochs)


# --- masked words ---------------------------------------------------------------------------------------------------


def guess_words(network: Network, documents: Sequence[list[list[int]]], steps: int, seed: int = 0) -> None:
    """Masked-word training (Devlin et al., "BERT", 2019) on uncoded documents given as pieces of sentences."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    guess = WordGuess(network.windows.words.weight)
    groups = [*parameter_groups(network, RATE)[:-2], {"params": list(guess.parameters()), "lr": 1e-3}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    rates = [group["lr"] for group in optimizer.param_groups]
    first = torch.optim.AdamW(guess.parameters(), lr=3e-3, weight_decay=0.01, fused=True)
    network.windows.train()
    began = time.monotonic()
    for step, ids in enumerate(_word_batches(documents, network.prefix, steps, dice)):
        hide = (torch.rand(ids.shape) < HIDDEN_SHARE) & (ids > END)
        alone = step < ALONE * steps
        with lower_precision():
            with torch.set_grad_enabled(not alone):
                states = network.windows.states(ids, None, hide)[hide]
            guessed = guess(states)
        loss = nnf.cross_entropy(guessed.float(), ids[hide])
        if alone:
            _step(loss, first)
        else:
            set_rates(optimizer, rates, (step + 1 - ALONE * steps) / (steps - ALONE * steps))
            _step(loss, optimizer)
        if step % 10 == 9:
            LOG.info("masked words %d/%d loss %.3f, %.2f s a step", step + 1, steps, loss.item(),
                     (time.monotonic() - began) / (step + 1))


def _word_batches(documents: Sequence[list[list[int]]], prefix: list[int], steps: int,
                  dice: random.Random) -> Iterator[Tensor]:
    """Full windows cut from the documents at random, no window twice before all were read."""
    size, made = WINDOW - len(prefix), 0
    while made < steps:
        order = list(range(len(documents)))
        dice.shuffle(order)
        cut = []
        for index in order:
            flat = [piece for sentence in documents[index] for piece in (*sentence, END)]
            begin = dice.randrange(size)
            cut += [prefix + flat[at : at + size] for at in range(begin, len(flat) - size, size)]
        dice.shuffle(cut)
        for at in range(0, len(cut) - WINDOWS_A_STEP + 1, WINDOWS_A_STEP):
            yield torch.tensor(cut[at : at + WINDOWS_A_STEP])
            made += 1
            if made == steps:
                return


def _step(loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
    loss.backward()
    nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)


# --- all heads ------------------------------------------------------------------------------------------------------


def fine_tune(network: Network, speeches: Sequence[CodedPieces], epochs: int, seed: int = 0,
              after_epoch: Callable[[int], None] | None = None) -> None:
    """Train everything but the word vectors; `after_epoch` is called with the number of epochs done.

    What remains is the mean of the weights after the last epochs (Izmailov et al., "Averaging weights leads to wider
    optima and better generalization", 2018).
    """
    dice = random.Random(seed)  # noqa: S311 - no secret
    _standardise(network, epoch(speeches, network.prefix, random.Random(seed))[:12])  # noqa: S311
    optimizer = torch.optim.AdamW(parameter_groups(network, RATE), weight_decay=0.01, fused=True)
    rates = [group["lr"] for group in optimizer.param_groups]
    began, step = time.monotonic(), 0
    averaged = max(1, min(AVERAGED, (epochs + 1) // 3))
    ends: list[dict[str, Tensor]] = []
    for number in range(epochs):
        network.windows.train()
        network.context.train()
        batches = epoch(speeches, network.prefix, dice)
        for index, batch in enumerate(batches):
            set_rates(optimizer, rates, (number + (index + 1) / len(batches)) / epochs)
            with lower_precision():
                scores = forward(network, batch, HIDDEN_WHILE_TUNING)
            loss = loss_of(scores.float(), [key for run in batch.keys for key in run])
            _step(loss, optimizer)
            step += 1
            if step % 10 == 0:
                LOG.info("epoch %d, %d/%d loss %.3f, %.2f s a step", number + 1, index + 1, len(batches), loss.item(),
                         (time.monotonic() - began) / step)
        if after_epoch:
            after_epoch(number + 1)
        if number >= epochs - averaged:
            ends.append({name: value.clone() for name, value in _learned(network).items()})
    for name, value in _learned(network).items():
        value.copy_(torch.stack([end[name] for end in ends]).mean(0))


def _learned(network: Network) -> dict[str, Tensor]:
    """The parameters that training changes, by name, as they lie in the network."""
    return {f"{half}.{name}": value.data for half, part in (("windows", network.windows), ("context", network.context))
            for name, value in part.named_parameters() if value.requires_grad}


def sample_of(network: Network, tokenizer: Any, golds: Sequence[GoldSpeech]) -> list[Batch]:
    """Some windows of coded speeches, the same each time."""
    return epoch([coded_pieces(gold, tokenizer) for gold in golds], network.prefix, random.Random(0))[:SAMPLE]  # noqa: S311


def _standardise(network: Network, batches: Sequence[Batch]) -> None:
    network.windows.eval()
    with torch.no_grad():
        means = []
        for batch in batches:
            x = network.windows.states(batch.ids, batch.present)
            count = batch.member.sum(-1)
            means.append((batch.member @ x / count.clamp(min=1)[..., None])[count > 0])
    found = torch.cat(means)
    network.windows.mean.copy_(found.mean(0))
    network.windows.scale.copy_(found.std(0))


def forward(network: Network, batch: Batch, hidden_share: float = 0.0) -> Tensor:
    """Scores of the sentences of all runs, in order, shape (sentences, heads); a share of the pieces is hidden."""
    hide = (torch.rand(batch.ids.shape) < hidden_share) & (batch.ids > END) if hidden_share else None
    vectors = network.windows.vectors(network.windows.states(batch.ids, batch.present, hide), batch.member)
    longest = max(map(len, batch.runs))
    window = torch.zeros(len(batch.runs), longest, dtype=torch.long)
    row, present = torch.zeros_like(window), torch.zeros_like(window, dtype=torch.bool)
    for index, places in enumerate(batch.runs):
        window[index, : len(places)] = torch.tensor([place[0] for place in places])
        row[index, : len(places)] = torch.tensor([place[1] for place in places])
        present[index, : len(places)] = True
    return network.context(vectors[window, row], present)[present]


def loss_of(scores: Tensor, keys: Sequence[tuple[CodedPieces, int]]) -> Tensor:
    """The weighted sum of the heads' losses; rare labels weigh more."""

    def column(name: str, chosen: Sequence[tuple[CodedPieces, int]]) -> Tensor:
        return torch.stack([getattr(speech, name)[index] for speech, index in chosen])

    total = nnf.cross_entropy(scores[:, HEADS["function"]], column("function", keys), label_smoothing=SMOOTHING)
    full = [index for index, (speech, _) in enumerate(keys) if speech.full]
    if not full:
        return total
    part, chosen = scores[full], [keys[index] for index in full]
    total = total + WEIGHTS["emotion"] * nnf.cross_entropy(part[:, HEADS["emotion"]], column("emotion", chosen),
                                                           label_smoothing=SMOOTHING)
    total = total + WEIGHTS["slogan"] * nnf.binary_cross_entropy_with_logits(
        part[:, HEADS["slogan"]][:, 0], column("slogan", chosen), pos_weight=torch.tensor(4.0))
    total = total + WEIGHTS["figures"] * nnf.binary_cross_entropy_with_logits(
        part[:, HEADS["figures"]], column("figures", chosen), pos_weight=torch.tensor(2.0))
    strength = column("intensity", chosen)
    if (strength >= 0).any():
        total = total + WEIGHTS["intensity"] * nnf.cross_entropy(part[:, HEADS["intensity"]], strength,
                                                                 ignore_index=-1)
    return total


@torch.no_grad()
def scores_of(network: Network, speech: CodedPieces) -> Tensor:
    """Scores of all sentences of a speech, shape (sentences, heads), as at run time: context over the whole speech."""
    network.windows.eval()
    network.context.eval()
    vectors = []
    for _, cut in runs_of(speech, len(network.prefix), None):
        batch = collate([(speech, cut)], network.prefix)
        rows = network.windows(batch.ids, batch.member, batch.present)
        vectors += [rows[window, row] for window, row in batch.runs[0]]
    x = torch.stack(vectors)[None]
    return network.context(x)[0]


def save_checkpoint(network: Network, path: Path) -> None:
    """Write the weights of both halves."""
    torch.save({"windows": network.windows.state_dict(), "context": network.context.state_dict()}, path)


def load_checkpoint(network: Network, path: Path) -> None:
    """Put back what `save_checkpoint` wrote of a network of the same shape."""
    halves = torch.load(path, weights_only=True)
    network.windows.load_state_dict(halves["windows"])
    network.context.load_state_dict(halves["context"])
