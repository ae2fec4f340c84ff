"""Chinese words by jieba, loaded once for whoever needs them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jieba


@functools.cache
def cutter() -> jieba.Tokenizer:
    """A cutter of our own with jieba's dictionary, so that nobody else's words leak in; writes no cache file."""
    import jieba

    made = jieba.Tokenizer()
    made.FREQ, made.total = made.gen_pfdict(made.get_dict_file())
    made.initialized = True
    return made
