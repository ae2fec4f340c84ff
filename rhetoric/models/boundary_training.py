"""Train the network of `boundary_network.py` from punctuated texts. Needs torch (the extra `train`).

Every text is stripped of its marks and each word learns which mark followed it. In half of what it reads the network
sees no mark; in the rest it sees commas without full stops, or every mark as "something stands here" with some lost and
some invented, as recognisers and subtitles have it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.files import write_atomic
from rhetoric.models import boundary_network
from rhetoric.models.boundary_lessons import Lesson
from rhetoric.models.boundary_network import MINOR, NONE, STOP

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SUBFOLDER_CHARS = 600_000  # of a subfolder (one speaker's archive) in an epoch, so that one voice does not rule
REPEATS = 2  # of the texts beside the subfolders in an epoch
WORDS, DAILY_WORDS = 16_000, 8_000  # vectors that are kept; the most frequent ones also where no text has them
CHAR_UNITS, UNITS, LAYERS = 24, 128, 2
STRETCH = 160  # words that are read at a time
EPOCHS, BATCH, RATE, DROP = 5, 64, 4e-3, 0.35
HIDDEN_WORDS, HIDDEN_CHARS = 0.08, 0.03  # shares that are hidden from the network, so that it bears unknown ones
SHOWN = (0.5, 0.15, 0.2, 0.15)  # how often: no marks; commas without stops; all marks; all and some invented
LOST, INVENTED = 0.08, 0.03  # shares of marks lost and of words with an invented one

Tell = Callable[[str], None]


def train(lessons: Sequence[Lesson], vectors: Path, *, seed: int = 0, epochs: int = EPOCHS,
          tell: Tell = lambda line: None) -> dict[str, NDArray[Any]]:
    """The arrays of a data file, learned from texts and from word vectors (`words`, `vectors`, the frequent first).

    The same texts, seed and torch give the same arrays on one machine and one thread.
    """
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    words, table = _vocabulary(lessons, vectors)
    chars = _characters(lessons)
    vocabulary = _Vocabulary({word: row for row, word in enumerate(words, start=2)},
                             {char: row for row, char in enumerate(chars, start=2)})
    seen = [boundary_network.features(vocabulary, lesson.words) for lesson in lessons]
    network = make_network(table, len(chars) + 2)
    optimiser = torch.optim.AdamW([
        {"params": [p for name, p in network.named_parameters() if name != "words.weight"], "lr": RATE,
         "weight_decay": 0.01},
        {"params": [network.words.weight], "lr": RATE / 3, "weight_decay": 0.0}])
    total = epochs * len(_batches(lessons, np.random.default_rng(seed)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min(1, s / 100) * max(0.02, 1 - s / total))
    for epoch in range(epochs):
        losses = []
        for batch in _batches(lessons, rng):
            *inputs, marks = _padded(batch, lessons, seen, rng)
            scores = network(*inputs)
            loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), marks.flatten(), ignore_index=-100)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        tell(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}")
    about = {"version": boundary_network.VERSION, "layers": LAYERS, "units": UNITS, "texts": len(lessons),
             "words": int(sum(len(lesson.words) for lesson in lessons)), "epochs": epochs, "seed": seed}
    return _arrays(network, words, chars, lessons, about)


def save(arrays: dict[str, NDArray[Any]], path: Path) -> None:
    """Write a data file, all of it or nothing.

    Raises:
        ArchiveError: it cannot be written.
    """
    import io

    import numpy as np

    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    write_atomic(path, buffer.getvalue())


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    words: dict[str, int]
    chars: dict[str, int]


def _vocabulary(lessons: Sequence[Lesson], vectors: Path) -> tuple[list[str], NDArray[np.float32]]:
    """The words that get a vector, and the vectors with two rows before them (padding, unknown), to unit variance."""
    import numpy as np

    with np.load(vectors, allow_pickle=False) as data:
        known, table = data["words"].tolist(), data["vectors"].astype(np.float32)
    used = {word.lower() for lesson in lessons for word in lesson.words}
    kept = [row for row, word in enumerate(known) if row < DAILY_WORDS or word in used][:WORDS]
    chosen = table[kept] / table[kept].std()
    return [known[row] for row in kept], np.concatenate([np.zeros((2, table.shape[1]), np.float32), chosen])


def _characters(lessons: Sequence[Lesson]) -> list[str]:
    counts = Counter(char for lesson in lessons for word in lesson.words for char in word.lower())
    return [char for char, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if count >= 3]


def make_network(table: NDArray[np.float32], n_chars: int) -> Any:
    """The network in torch; `boundary_network.py` computes the same in numpy."""
    import torch
    from torch import nn

    class Network(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding.from_pretrained(torch.tensor(table), freeze=False)
            self.chars = nn.Embedding(n_chars, CHAR_UNITS)
            nn.init.normal_(self.chars.weight, 0, 0.3)
            self.enter = nn.Linear(table.shape[1] + 4 * CHAR_UNITS + 4, 2 * UNITS)
            self.layers = nn.ModuleList(nn.GRU(2 * UNITS, UNITS, batch_first=True, bidirectional=True)
                                        for _ in range(LAYERS))
            self.drop = nn.Dropout(DROP)
            self.leave = nn.Linear(2 * UNITS, 4)

        def forward(self, words: Any, chars: Any, shapes: Any, noted: Any) -> Any:
            if self.training:
                words = torch.where(torch.rand(words.shape) < HIDDEN_WORDS, torch.ones_like(words), words)
                hidden = (torch.rand(words.shape) < HIDDEN_CHARS)[..., None]
                chars = torch.where(hidden, torch.ones_like(chars), chars)
            seen = torch.cat([self.words(words), self.chars(chars).flatten(2), shapes, noted[..., None]], -1)
            seen = torch.relu(self.enter(self.drop(seen)))
            for layer in self.layers:
                seen = seen + self.drop(layer(self.drop(seen))[0])
            return self.leave(seen)

    return Network()


def _batches(lessons: Sequence[Lesson], rng: np.random.Generator) -> list[list[tuple[int, int, int]]]:
    """An epoch: batches of stretches (lesson, first word, last word) of like length, cut anew each time."""
    stretches = []
    left = SUBFOLDER_CHARS
    for i in rng.permutation(len(lessons)).tolist():
        n = len(lessons[i].words)
        if lessons[i].many:
            if left <= 0:
                continue
            left -= sum(map(len, lessons[i].words))
        for _ in range(1 if lessons[i].many else REPEATS):
            for start in range(-int(rng.integers(0, STRETCH)), n, STRETCH):
                first, last = max(0, start), min(n, start + STRETCH)
                if last - first >= 16:
                    stretches.append((i, first, last))
    rng.shuffle(stretches)
    stretches.sort(key=lambda stretch: (stretch[2] - stretch[1]) // 24)
    batches = [stretches[at : at + BATCH] for at in range(0, len(stretches), BATCH)]
    rng.shuffle(batches)
    return batches


def _padded(batch: Sequence[tuple[int, int, int]], lessons: Sequence[Lesson], seen: Sequence[Any],
            rng: np.random.Generator) -> tuple[Any, ...]:
    """The inputs of a batch (words, characters, shapes, noted marks) and the marks to learn (-100: none)."""
    import numpy as np
    import torch

    width = max(last - first for _, first, last in batch)
    shape = (len(batch), width)
    rows, chars = np.zeros(shape, np.int64), np.zeros((*shape, 4), np.int64)
    shapes, noted, marks = np.zeros((*shape, 3), np.float32), np.zeros(shape, np.float32), np.full(shape, -100)
    for k, (i, first, last) in enumerate(batch):
        n = last - first
        rows[k, :n], chars[k, :n], shapes[k, :n] = (part[first:last] for part in seen[i])
        marks[k, :n] = lessons[i].marks[first:last]
        noted[k, :n] = _shown(marks[k, :n], rng)
    return tuple(map(torch.tensor, (rows, chars, shapes, noted, marks)))


def _shown(marks: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which words a mark is shown after, in one of the four ways of `SHOWN`."""
    import numpy as np

    way = int(rng.choice(4, p=SHOWN))
    if way == 0:
        return np.zeros(len(marks), bool)
    shown = ((marks == MINOR) if way == 1 else (marks > NONE)) & (rng.random(len(marks)) > LOST)
    return np.asarray(shown | (rng.random(len(marks)) < INVENTED) if way == 3 else shown)


# --- the data file -------------------------------------------------------------------------------------------------


def _arrays(network: Any, words: Sequence[str], chars: Sequence[str], lessons: Sequence[Lesson],
            about: dict[str, Any]) -> dict[str, NDArray[Any]]:
    import numpy as np

    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    vectors, scales = _int8(state["words.weight"])
    arrays: dict[str, NDArray[Any]] = {
        "vectors": vectors, "vector_scales": scales.astype(np.float16),
        "char_vectors": state["chars.weight"].astype(np.float16),
        "input_weights": state["enter.weight"].astype(np.float16), "input_bias": state["enter.bias"],
        "output_weights": state["leave.weight"], "output_bias": state["leave.bias"],
        "lengths": length_logs(lessons), "words": _bytes("\n".join(words)), "chars": _bytes("\n".join(chars)),
        "about": _bytes(json.dumps(about, sort_keys=True))}
    for layer in range(LAYERS):
        for way, suffix in (("f", ""), ("b", "_reverse")):
            name = f"layer{layer}{way}"
            for part, torch_part in (("x", "ih"), ("h", "hh")):
                packed, part_scales = _int8(state[f"layers.{layer}.weight_{torch_part}_l0{suffix}"])
                arrays |= {f"{name}_{part}": packed, f"{name}_{part}_scales": part_scales}
            arrays[f"{name}_biases"] = np.stack([state[f"layers.{layer}.bias_{part}_l0{suffix}"]
                                                 for part in ("ih", "hh")])
    return arrays


def _int8(rows: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows as int8 and what to multiply each by."""
    import numpy as np

    scales = np.maximum(np.abs(rows).max(axis=1), 1e-8) / 127
    return np.rint(rows / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def _bytes(text: str) -> NDArray[np.uint8]:
    import numpy as np

    return np.frombuffer(text.encode(), np.uint8)


def length_logs(lessons: Sequence[Lesson], longest: int = 150) -> NDArray[np.float32]:
    """Log probability of each length of a sentence in characters, 0 to `longest`, smoothed by a Gaussian of 3."""
    import numpy as np

    counts = np.full(longest + 1, 0.02)
    for lesson in lessons:
        weight, length = (1 if lesson.many else 4), 0
        for word, mark in zip(lesson.words, lesson.marks, strict=True):
            length += len(word)
            if mark >= STOP:
                counts[min(length, longest)] += weight
                length = 0
    kernel = np.exp(-0.5 * (np.arange(-9, 10) / 3.0) ** 2)
    tail = counts[longest]
    smooth = np.convolve(counts, kernel / kernel.sum(), "same")
    smooth[0], smooth[longest] = 0.02, min(tail, smooth[longest - 1]) * 0.1
    return np.asarray(np.log(smooth / smooth.sum()), dtype=np.float32)
