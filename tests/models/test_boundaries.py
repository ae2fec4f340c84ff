"""Sentences without marks: an invented speech is cut where its sentences end, whatever is done to it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.errors import ModelError
from rhetoric.models import boundaries, boundary_network
from rhetoric.models.boundaries import missing_marks, sentence_ends, strip_marks

SPEECH = (
    "大家晚上好，欢迎来到我们的发布会。",
    "我是陆青，青岚科技的创始人。",
    "今天这个会场我来过很多次，但是站在台上还是第一次。",
    "说实话，我昨天晚上一直没有睡着。",
    "你们知道做一辆车要多少钱吗？",
    "我们当时账上只有三千万，做一辆车至少要一百亿。",
    "所有的朋友都劝我不要做。",
    "我妈妈给我打电话，她说你是不是疯了？",
    "我说我没有疯，我只是想再拼一次。",
    "2021年的春天，我带着十五个工程师搬进了城北的一个旧仓库。",
    "那个仓库没有暖气，冬天大家都穿着羽绒服写代码。",
    "有一天晚上下大雪，屋顶被压塌了一块。",
    "第二天早上我到的时候，看见他们正在用塑料布补屋顶。",
    "那一刻我特别感动。",
    "我想，有这样的一群人，还有什么事情做不成呢？",
    "但是接下来的事情比我想象的还要难。",
    "第一台样车做出来，开了不到两公里就停在路边了。",
    "我们找了三天，最后发现是一颗螺丝没有拧紧。",
    "一颗螺丝就能毁掉一辆车。",
    "所以从那天开始，我们给每一颗螺丝都编了号。",
    "今天我要给大家介绍的就是我们的第一辆车，青岚E7 Max。",
    "它的车身长度是4.8米，轴距三米。",
    "电池的容量是90度，充满电可以跑七百公里。",
    "很多人问我，冬天能跑多少？",
    "我们在漠河测了三个月，零下三十度还能跑五百公里。",
    "这个成绩在同级别里面是第一名。",
    "它的座椅用了一种全新的材料，坐上去非常舒服。",
    "我们还给后排准备了一个小桌板，孩子可以在上面写作业。",
    "音响有二十一个喇叭，大家待会可以去体验一下。",
    "那么大家最关心的问题来了，它卖多少钱？",
    "我们内部为了这个价格吵了整整两个月。",
    "财务的同事说，低于三十万就一定会亏钱。",
    "我说我们做车不是为了今年赚钱，是为了十年以后还活着。",
    "所以我们的定价是24万9千块。",
    "谢谢大家的掌声。",
    "我知道很多人还是会怀疑我们。",
    "没有关系，时间会证明一切。",
    "最后我想感谢我的团队。",
    "没有他们就没有今天的青岚。",
    "我也要感谢我的家人，这三年我陪他们的时间太少了。",
    "有人问我，再来一次你还会做车吗？",
    "我的回答是，一定会。",
    "因为有些事情不是看到了希望才去做，而是做了才会有希望。",
    "今天的发布会就到这里，谢谢大家。",
)
TEXT = "".join(SPEECH)
# Floors: raised when the model gets better, never lowered.
FLOOR_BARE, FLOOR_COMMAS, FLOOR_FLAT, FLOOR_PAUSES = 0.67, 0.64, 0.74, 0.95
ANY = st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Z", "S")), max_size=120)
CHINESE = st.text(alphabet="我们今天的车很好了吗大家谢谢所以但是，。？ \nABab12.%「」…", max_size=200)


def f1(found: set[int], true: set[int]) -> float:
    return 2 * len(found & true) / (len(found) + len(true))


def ends_in(text: str) -> tuple[str, set[int]]:
    """The text without marks, and where its sentences but the last end in it."""
    bare = strip_marks(text)
    return bare.text, {k + 1 for k, gap in enumerate(bare.gaps[:-1]) if set(gap) & set("。？！")}


def with_marks(keep: str, put: str = "") -> tuple[str, set[int]]:
    """The speech with the marks of `keep`, every other one replaced by `put`, and where its sentences end."""
    text, true = "", set()
    for char in TEXT:
        if char in "。？":
            text += put
            true.add(len(text))
        elif char == "，":
            text += char if char in keep else put
        else:
            text += char
    return text, true - {len(text)}


def test_the_sentences_of_a_speech_without_marks_are_found() -> None:
    text, true = ends_in(TEXT)
    assert len(true) == len(SPEECH) - 1 >= 40
    assert f1(set(sentence_ends(text)), true) >= FLOOR_BARE


def test_known_commas_and_line_breaks_help() -> None:
    text, true = with_marks("，")
    assert f1(set(sentence_ends(text)), true) >= FLOOR_COMMAS
    text, true = with_marks("，", "，")
    assert f1(set(sentence_ends(text)), true) >= FLOOR_FLAT


def test_pauses_join_the_words_in_telling_where_sentences_end() -> None:
    text, true = ends_in(TEXT)
    starts = set(range(1, len(text)))
    pauses = {at: 0.9 if at in true else 0.0 for at in starts}
    assert f1(set(sentence_ends(text, pauses=pauses)), true) >= FLOOR_PAUSES
    torn = text.index("羽绒服写") + 3
    assert torn not in sentence_ends(text, pauses={torn: 0.2}), "a breath inside a sentence is no end"


def test_questions_get_their_mark() -> None:
    found = missing_marks("你们知道做一辆车要多少钱吗我们当时账上只有三千万所有的朋友都劝我不要做")
    kinds = {mark.start: mark.mark for mark in found}
    assert kinds.get(len("你们知道做一辆车要多少钱吗")) == "？"


@pytest.mark.parametrize("whole", ["青岚E7 Max", "GPT-4o", "24.9万", "https://example.org/a-b", "iPad Pro 11"])
def test_names_and_numbers_are_never_cut(whole: str) -> None:
    text = f"今天我们发布的产品叫做{whole}它的表现非常出色大家都很喜欢" * 8
    inside = {at + k for at in range(len(text)) if text.startswith(whole, at) for k in range(1, len(whole))
              if whole[k - 1].isascii() and whole[k].isascii() and not whole[k - 1].isspace()}
    assert not inside & set(sentence_ends(text))


@settings(max_examples=150, deadline=None)
@given(st.one_of(CHINESE, ANY), st.lists(st.integers(-5, 250), max_size=8),
       st.dictionaries(st.integers(0, 200), st.floats(0, 1e6), max_size=8))
def test_ends_lie_inside_the_text_in_order_and_again_the_same(text: str, breaks: list[int],
                                                              pauses: dict[int, float]) -> None:
    ends = sentence_ends(text, breaks=breaks, pauses=pauses)
    assert ends == sentence_ends(text, breaks=breaks, pauses=pauses)
    assert all(a < b for a, b in pairwise([0, *ends, len(text) + 1]))
    for mark in missing_marks(text, breaks=breaks, pauses=pauses):
        assert text[mark.start - 1].isalnum() or text[mark.start - 1] in "%℃"
        assert not any(char.isalnum() for char in text[mark.start : mark.end])


@settings(max_examples=100, deadline=None)
@given(CHINESE)
def test_stripping_marks_keeps_every_character_and_its_place(text: str) -> None:
    bare = strip_marks(text)
    assert "".join(text[at] for at in bare.places) == bare.text
    assert text == (text[: bare.places[0]] if bare.places else text) + "".join(
        char + gap for char, gap in zip(bare.text, bare.gaps, strict=True))


def test_no_sentence_is_endless() -> None:
    text, _ = ends_in(TEXT * 3)
    lengths = [b - a for a, b in pairwise([0, *sentence_ends(text), len(text)])]
    assert max(lengths) <= 150
    assert min(lengths) >= 2


def test_the_likeliest_ends_are_those_of_trying_all() -> None:
    rng = np.random.default_rng(1)
    lengths = np.log(rng.dirichlet(np.ones(12))).astype(np.float32)
    for _ in range(20):
        ends = np.cumsum(rng.integers(1, 4, 9)).tolist()
        scores = rng.normal(0, 1.5, 9)
        scores[-1] = 0.0

        def value(chosen: tuple[int, ...], ends: list[int] = ends, scores: np.ndarray = scores) -> float:
            at = [0, *(ends[k] for k in chosen), ends[-1]]
            fit = sum(float(lengths[min(b - a, 11)]) for a, b in pairwise(at))
            return float(sum(scores[k] for k in chosen)) + boundaries.LENGTH_WEIGHT * fit

        every = [tuple(k for k in range(8) if bits >> k & 1) for bits in range(256)]
        best = max(every, key=value)
        assert value(tuple(boundaries.likeliest(ends, scores, lengths))) == pytest.approx(value(best))


def test_a_long_text_is_read_as_its_parts_are() -> None:
    """Windows overlap enough: what stands around a text changes its middle little."""
    model = boundary_network.load()
    words = [word for word in boundaries.cutter().cut(ends_in(TEXT)[0]) if not word.isspace()]
    alone = boundary_network.probabilities(model, words, np.zeros(len(words), bool))
    among = boundary_network.probabilities(model, words * 3, np.zeros(3 * len(words), bool))
    assert np.abs(alone - among[len(words) : 2 * len(words)])[40:-40].max() < 0.15
    assert np.allclose(alone.sum(axis=1), 1, atol=1e-5)


def test_a_damaged_data_file_is_an_error_that_names_it(tmp_path) -> None:
    path = tmp_path / "boundaries-zh.npz"
    with pytest.raises(ModelError, match=r"boundaries-zh\.npz: cannot be used"):
        boundary_network.load(path)
    path.write_bytes(b"not an archive")
    with pytest.raises(ModelError, match=r"boundaries-zh\.npz: cannot be used"):
        boundary_network.load(path)


def test_the_data_file_is_small() -> None:
    assert boundary_network.PATH.stat().st_size <= 3 * 1024 * 1024
