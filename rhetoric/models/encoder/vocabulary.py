"""Cut the base encoder's 250,000 pieces to those that Chinese and English need, and write them as `tokenizer.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rhetoric.models.encoder.tokens import UNKNOWN

if TYPE_CHECKING:
    from rhetoric.models.encoder.base import BaseEncoder

SIZE = 30_000
SPACE = "▁"  # what the pieces have where the text has a space
# Chinese, English, digits, punctuation of both; no kana, no accents.
_WANTED = re.compile(r"[\u2581\u0020-\u007e\u2010-\u2027\u2030-\u205e\u3000-\u303f\u4e00-\u9fff°·×÷£€¥%℃]+")
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def choose_pieces(base: BaseEncoder, texts: Sequence[str], size: int = SIZE) -> list[int]:
    """Ids of the pieces kept: the four special ones, those met in `texts`, then the likeliest of both languages."""
    from tokenizers import Tokenizer

    whole = Tokenizer.from_str(tokenizer_json(base, list(range(len(base.pieces)))))
    met = {piece for item in whole.encode_batch(list(texts), add_special_tokens=False) for piece in item.ids}
    special = [base.start, base.pad, base.end, base.unknown]
    wanted = [index for index, (text, _) in enumerate(base.pieces) if text and _WANTED.fullmatch(text)
              and not text.startswith("<")]
    wanted.sort(key=lambda index: (index not in met, -base.pieces[index][1], index))
    return special + sorted(set(wanted[: size - len(special)]) - set(special))


def tokenizer_json(base: BaseEncoder, kept: Sequence[int]) -> str:
    """The tokenizer over the pieces kept, in the format of `tokenizers`; a piece's id is its place in `kept`."""
    lowest = min(score for _, score in base.pieces)
    if [*kept[:4]] == [base.start, base.pad, base.end, base.unknown]:
        vocabulary: list[list[Any]] = [[name, 0.0] for name in _SPECIAL]
        vocabulary += [[base.pieces[index][0], base.pieces[index][1]] for index in kept[4:]]
        unknown = UNKNOWN
    else:
        vocabulary = [[text or f"<{index}>", score if text else lowest] for index, (text, score) in
                      enumerate(base.pieces)]
        unknown = base.unknown
    blank = {"type": "Replace", "pattern": {"Regex": r"[\s\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]+"},
             "content": " "}
    controls = {"type": "Replace", "pattern": {"Regex": r"[\u0000-\u0008\u000b\u000e-\u001f\u007f]"}, "content": ""}
    return json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": [controls, {"type": "NFKC"}, blank]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": True},
        "post_processor": None, "decoder": {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always"},
        "model": {"type": "Unigram", "unk_id": unknown, "vocab": vocabulary, "byte_fallback": False},
    }, ensure_ascii=False, separators=(",", ":"))
