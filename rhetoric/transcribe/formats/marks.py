"""What captions and scripts say about the speech inside its text: who speaks, and what the hall does.

`>> NAME:`, `NAME NAME:`, `Speaker 2:`, `**Name:**` change the speaker. `[Applause]`, `(Laughter)`, `【掌声】` and
`♪ ... ♪` are events. Notes of the transcriber (`[inaudible]`, `(phonetic)`) are neither: they are left out and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

EVENT_WORDS_EN = {
    "applause": "applause applauds applauding applaud clapping claps clap ovation",
    "cheering": "cheer cheers cheering screams screaming whoops whooping whistles whistling roar roars",
    "laughter": "laugh laughs laughing laughter chuckle chuckles chuckling giggles giggling",
    "music": "music musical singing sings song",
    "silence": "silence pause",
    "film": "video film trailer",
    "sound": "noise noises sound sounds beep beeping ringing alarm gunshots gunfire crying tone bell",
}
EVENT_WORDS_ZH = {
    "applause": "掌声 鼓掌",
    "cheering": "欢呼声 欢呼 尖叫声 尖叫 喝彩",
    "laughter": "笑声 大笑 哄笑 众笑 笑",
    "music": "音乐 配乐 歌声 奏乐",
    "silence": "静默 沉默 停顿",
    "film": "播放视频 视频播放 视频 短片 播放短片",
}
# Words that may stand beside an event's word without making it a sentence.
BESIDE_EN = frozenset("""
    and the a audience crowd background loud more long prolonged sustained continued continues brief big light soft
    playing plays from in of then with ends fades upbeat dramatic intro theme opening closing effects phone baby some
    scattered mild general enthusiastic standing ovation
""".split())  # noqa: SIM905  (a list of words is easier to read and change so)
BESIDE_ZH = tuple("""
    热烈的 热烈 雷鸣般的 雷鸣般 长时间的 长时间 全场 现场 观众 台下
    持续 响起 经久不息的 经久不息 再次 与 和 及 起 的
""".split())  # noqa: SIM905
NOTES = re.compile(r"(?:inaudible|phonetic|sic|crosstalk|indistinct|foreign language|assumed spelling|unintelligible|"
                   r"听不清|听不清楚|无法辨认|原文如此)(?: remarks?| ph| spelling)?", re.IGNORECASE)

_KIND_EN = {word: kind for kind, words in EVENT_WORDS_EN.items() for word in words.split()}
_KIND_ZH = {word: kind for kind, words in EVENT_WORDS_ZH.items() for word in words.split()}
_ZH = re.compile("|".join(sorted([*_KIND_ZH, *BESIDE_ZH], key=len, reverse=True)))
_BRACKETS = re.compile(r"\[[^\[\]]{1,60}\]|\([^()]{1,60}\)|（[^（）]{1,30}）|【[^【】]{1,30}】|"
                       r"♪[^♪]*♪|♪[^♪]*$|♫[^♫]*♫")

_ALL_CAPS = r"[A-Z][A-Z.'’-]*(?: [A-Z][A-Z.'’-]*)+"
_ROLES = "主持人|记者|观众|嘉宾|提问者|提问|现场提问|翻译|旁白"
_NAMED = re.compile(rf"(?:({_ALL_CAPS}|Speaker \d{{1,3}}|(?:{_ROLES})[0-9A-Z一二三四五]?)[:：]|"
                    r"\*\*([^*:：]{1,60})[:：]\*\*|\*\*([^*:：]{1,60})\*\*[:：])\s*")
# After `>>` a name may also be a single word, but not one that opens a sentence.
_OPENINGS = frozenset("""
    so now well and but or question answer note remember here first second third finally look again today yes no okay ok
    right also then because example
""".split())  # noqa: SIM905
_ARROW_NAME = re.compile(r"((?:[A-Z][\w.'’-]*)(?: [A-Z][\w.'’-]*){0,4}|Speaker \d{1,3}|[\u3400-\u9fff·]{2,12})[:：]\s*")
_ARROWS = re.compile(r"(?:^>>+|(?<=\s)>>+(?=\s|$))\s*")
_INNER_SPEAKER = re.compile(r"(?<=\s)(?=Speaker \d{1,3}:)")


class Piece(NamedTuple):
    """A part of a cue or paragraph. `speaker` is None where it is the same as before."""

    text: str
    speaker: str | None = None
    flags: tuple[str, ...] = ()


def event_kinds(content: str) -> tuple[str, ...]:
    """Kinds of event that the content of a bracket names, in its order; () if it is anything else."""
    kinds: list[str] = []
    for token in re.findall(r"[A-Za-z]+|[\u3400-\u9fff]+|\d", content):
        if token[0] >= "\u3400":
            if _ZH.sub("", token):
                return ()
            kinds += [_KIND_ZH[word] for word in _ZH.findall(token) if word in _KIND_ZH]
        elif (word := token.lower()) in _KIND_EN:
            kinds.append(_KIND_EN[word])
        elif word not in BESIDE_EN:
            return ()
    return tuple(dict.fromkeys(kinds))


def split_marks(text: str, *, captions: bool, counts: Counter[str]) -> list[Piece]:
    """Split a cue or paragraph at its marks. `captions`: a cue that is all one `[...]` is a sound whatever it says."""
    pieces: list[Piece] = []
    for speaker, said in _speakers(text):
        parts = list(_events(said, captions=captions, counts=counts))
        if speaker is not None and not parts:
            pieces.append(Piece("", speaker))
        for number, part in enumerate(parts):
            pieces.append(part._replace(speaker=speaker if number == 0 else None))
    return pieces


def _speakers(text: str) -> Iterator[tuple[str | None, str]]:
    starts = [match.end() for match in _ARROWS.finditer(text)]
    head = _ARROWS.split(text, maxsplit=1)[0] if starts else text
    if head.strip() or not starts:
        yield from _named(head)
    for said in _ARROWS.split(text)[1:] if starts else ():
        match = _ARROW_NAME.match(said)
        if match and match[1].lower() not in _OPENINGS:
            yield match[1], said[match.end():].strip()
        else:
            yield "", said.strip()


def _named(text: str) -> Iterator[tuple[str | None, str]]:
    for part in _INNER_SPEAKER.split(text.strip()):
        match = _NAMED.match(part)
        if match:
            yield (match[1] or match[2] or match[3]).strip(), part[match.end():].strip()
        else:
            yield None, part.strip()


def _events(text: str, *, captions: bool, counts: Counter[str]) -> Iterator[Piece]:
    plain, at = "", 0
    for match in _BRACKETS.finditer(text):
        mark = match[0]
        content = mark.strip("[]()（）【】 ")
        kinds = ("music",) if mark[0] in "♪♫" else event_kinds(content)
        if not kinds and captions and mark == text.strip() and mark[0] in "[【" and _is_description(content):
            kinds = ("sound",)
        if not kinds and not NOTES.fullmatch(content):
            continue
        plain += text[at : match.start()]
        at = match.end()
        if not kinds:
            counts["notes"] += 1
            continue
        yield from _plain(plain)
        plain = ""
        yield Piece(mark, None, tuple(f"event:{kind}" for kind in kinds))
    yield from _plain(plain + text[at:])


def _plain(text: str) -> Iterable[Piece]:
    text = re.sub(r"\s+", " ", text).strip()
    return (Piece(text),) if text else ()


def _is_description(content: str) -> bool:
    return not NOTES.fullmatch(content) and len(content.split()) <= 5 and not any(char.isdigit() for char in content)
