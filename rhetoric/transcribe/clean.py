"""Text from an engine or a caption file, made safe to keep: one form of each letter, no control characters."""

from __future__ import annotations

import re
import unicodedata

# Invisible characters that change how text is shown or compared (bidirectional marks, zero-width spaces, byte order
# marks), stand-ins for undecodable bytes, and lone surrogates, which cannot be written as UTF-8.
_DROPPED = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffd\u00ad\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")  # category Cc but for white space
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_SPACES = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """NFC, without control and invisible characters, each run of white space one space, none at the ends."""
    text = _CONTROL.sub("", _DROPPED.sub("", unicodedata.normalize("NFC", text)))
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text).strip())


def is_han(char: str) -> bool:
    """True for a Chinese character (CJK ideographs with extensions A and B onwards, and compatibility forms)."""
    return _HAN.match(char) is not None


def join_lines(lines: list[str], *, captions: bool = False) -> str:
    """Lines of one paragraph as one line, with a space between.

    There is none between Chinese characters or their punctuation, except in captions: these break lines where a phrase
    ends, and Chinese ones often have no other mark of it.
    """
    text = ""
    for line in filter(None, (clean_text(line) for line in lines)):
        if text and (captions or not (_is_wide(text[-1]) and _is_wide(line[0]))):
            text += " "
        text += line
    return text


def _is_wide(char: str) -> bool:
    return is_han(char) or unicodedata.east_asian_width(char) in "WF"


# Words that every English speech is full of and that its neighbours (French, Spanish, German, Dutch) do not have.
_ENGLISH = frozenset(("the", "and", "that", "this", "with", "for", "are", "you", "have", "it", "our", "they", "your",
                      "can", "just", "of", "to", "what", "i", "it's", "not", "be", "at", "but", "from", "here", "how"))
ENOUGH_WORDS = 12  # to tell English from other languages in Latin letters
_KANA = re.compile(r"[\u3041-\u30ff]")
_OTHER_LETTERS = re.compile(r"[\u0370-\u1fff\uac00-\ud7a3]")  # Greek, Cyrillic, Arabic ... Hangul


def guess_language(text: str) -> str:
    """"zh" or "en" by what the text is written in; "" if it has no letters, or is in another language.

    A Chinese character counts as much as a Latin word: product names do not make a Chinese speech English. Japanese
    shows by its kana; a text in Latin letters without the commonest English words is in none of our languages.
    """
    han = len(_HAN.findall(text))
    words = re.findall(r"[A-Za-zÀ-ɏ]+(?:['\u2019][a-z]+)?", text)
    others = len(_OTHER_LETTERS.findall(text)) + len(_KANA.findall(text))
    if han >= len(words):
        return "zh" if han > others else ""
    if others > sum(map(len, words)):
        return ""
    known = any(word.lower().replace("\u2019", "'") in _ENGLISH for word in words)
    return "en" if known or len(words) < ENOUGH_WORDS else ""
