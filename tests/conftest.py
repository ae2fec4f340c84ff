"""Builders that all tests may use: speeches of a few lines, and one invented launch speech in each language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from rhetoric.sentences import from_sentences
from rhetoric.types import Segment, Speech, Transcript, Word

# A busy machine must not fail a test: nothing here is about time.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

ZH_SPEECH = (
    "大家晚上好，欢迎来到今年的发布会。",
    "谢谢后排站着的朋友们。",
    "今晚我想先讲一段往事。",
    "那年冬天，我一个人在江边的仓库里坐到了凌晨两点。",
    "当时账上只剩下两个月的工资，我特别焦虑。",
    "我给母亲打了一个电话，一句话也没有说出来。",
    "第二天一早，我把辞职信放回了抽屉。",
    "后来，团队三次推倒重来，第三次试产整条线停了十一天。",
    "我们扔掉了九百块电路板，又从头画起。",
    "消息传来的那个晚上，整个办公室的人都跳了起来。",
    "有位县城的老师，用旧手机给学生剪了一整年的视频。",
    "她写信告诉我们，孩子们第一次看见了大海。",
    "真正的难关，从来不是技术，而是敢不敢等。",
    "我相信，慢一点，才能走得远一点。",
    "接下来，我们讲讲新手机。",
    "它采用了六层散热结构，机身只有一百九十克。",
    "长按侧键一秒，就能打开手电筒。",
    "相机有三个焦段，夜里也能拍清楚。",
    "同样的重量，它比上一代多跑一个小时。",
    "在这个价位，没有一块屏幕比它更亮。",
    "电池是五千毫安时，支持无线充电。",
    "起售价是两千九百九十九元。",
    "去年，我们的门店超过了一万家，营收增长了百分之二十。",
    "做难事的人，总会在路上相遇。",
    "谢谢大家，我们明年再见！",
)
EN_SPEECH = (
    "Good evening, everyone, and welcome to our launch.",
    "Can everyone in the balcony hear me?",
    "Let me start with a story tonight.",
    "One night in that winter I drove home from the warehouse and did not sleep.",
    "We had money for two more months, and I was afraid.",
    "I called my mother and could not say a word.",
    "The next morning I put my letter back into the drawer.",
    "Then the team started over three times, and the line stopped for eleven days.",
    "We scrapped nine hundred boards in one afternoon.",
    "When the call came, the whole office jumped up.",
    "A nurse in a mountain town charged hers on a bus.",
    "She wrote to us that her patients saw the sea for the first time.",
    "The hard part was never the technology, it was the courage to wait.",
    "I believe that good tools should disappear into good work.",
    "Next, let's talk about the new phone.",
    "It has a six layer cooling system and weighs only six ounces.",
    "Press the side button twice and the camera opens.",
    "The camera has three lenses, and it sees in the dark.",
    "It runs one hour longer than the previous generation.",
    "No phone in this class has a brighter screen.",
    "The battery supports wireless charging.",
    "It starts at five hundred dollars.",
    "Last year we opened two hundred stores, and revenue grew by twenty percent.",
    "Less noise, more craft.",
    "Thank you so much, and see you next year!",
)
SPEECHES = {"zh": ZH_SPEECH, "en": EN_SPEECH}

MakeSpeech = Callable[..., Speech]
MakeTranscript = Callable[..., Transcript]


def build_speech(language: str, *sentences: str) -> Speech:
    """A speech without times and readings; the invented one of the language where no sentences are given."""
    return from_sentences("invented", sentences or SPEECHES[language], language)


def build_transcript(language: str, *sentences: str, seconds_a_character: float = 0.25, pause_s: float = 0.8,
                     speech_id: str = "invented") -> Transcript:
    """A transcript with word times: a segment a sentence, spoken evenly, with a pause between."""
    segments, at = [], 1.0
    for sentence in sentences or SPEECHES[language]:
        words, start_s = [], at
        for piece in sentence if language == "zh" else [f" {word}" for word in sentence.split()]:
            end_s = at + seconds_a_character * len(piece.strip())
            words.append(Word(text=piece, start_s=round(at, 3), end_s=round(end_s, 3)))
            at = end_s
        segments.append(Segment(text=sentence, start_s=start_s, end_s=round(at, 3), words=tuple(words)))
        at += pause_s
    return Transcript(speech_id=speech_id, engine="invented", language=language, segments=tuple(segments),
                      duration_s=at)


@pytest.fixture
def make_speech() -> MakeSpeech:
    """`make_speech(language, *sentences)`: an untimed speech."""
    return build_speech


@pytest.fixture
def make_transcript() -> MakeTranscript:
    """`make_transcript(language, *sentences, ...)`: a transcript with word times."""
    return build_transcript


@pytest.fixture
def invented_lines() -> dict[str, tuple[str, ...]]:
    """The sentences of the invented launch speech, by language."""
    return SPEECHES


@pytest.fixture(params=["zh", "en"])
def invented(request: pytest.FixtureRequest) -> Speech:
    """The invented launch speech, timed and read by the reader: once in Chinese, once in English."""
    from rhetoric.models.reader import read
    from rhetoric.sentences import prepare

    return read(prepare(build_transcript(request.param)))
