"""Tables of an invented archive, made by seeded rules without any model: for tests of everything behind the stages.

Two speakers: a founder who speaks once a year in Chinese (2020-2025) and drifts from product to story, and a
product-led speaker in English (2021, 2023, 2025). All sentences are invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rhetoric.codebook import FUNCTIONS, GROUP_OF
from rhetoric.sentences import en, zh
from rhetoric.tables import frame
from rhetoric.types import Tables

ZH = {
    "noncontent": ("【掌声】", "【音乐】"),
    "stage": ("下面进入第{k}部分。", "先看一段短片，我们马上回来。", "接下来，我们讲讲电池。"),
    "audience": ("谢谢远道而来的朋友们。", "后排的朋友，听得清吗？", "请大家给他们一点掌声。",
                 "喜欢的话，今晚就来店里看看。"),
    "founder_story": ("那年冬天，我一个人在{place}坐到了凌晨两点。", "我推开{place}的门，灯只亮着一半。",
                      "{year}年的那个晚上，我在{place}蹲着哭了很久。", "我给母亲打了一个电话，一句话也没有说出来。",
                      "第二天一早，我把辞职信放回了抽屉。", "那一刻我特别害怕，怕对不起所有人。"),
    "company_story": ("第{k}次试产，整条线停了{n}天。", "我们在{place}租下一间屋子，{k}个人挤了整整一个夏天。",
                      "团队三次推倒重来，最后一版在天亮前装好了。", "那个星期，我们扔掉了{n}块电路板。",
                      "消息传来的时候，整个办公室的人都跳了起来。", "会计算了一夜的账，只够发两个月的工资。"),
    "borrowed_story": ("有位{place}的老师，用旧手机给学生剪了一整年的视频。", "一位卡车司机在{place}写信给我们。",
                       "她把存了{n}天的钱，换成了一台电脑送给女儿。",
                       "那位老人走了{k}公里山路，只为给孙子打一个视频电话。",
                       "女孩收到录取通知的那天，在{place}站了很久。"),
    "product_claim": ("同样的重量，它比上一代多跑{n}分钟。", "在这个价位，没有一块屏幕比它更亮。",
                      "它的拍照成绩，全球第一。", "原价{n}99元，今天只要{k}99元。"),
    "product_fact": ("长按侧键一秒，就能打开手电筒。", "它采用了{k}层散热结构。", "电池是{n}00毫安时，支持无线充电。",
                     "相机有{k}个焦段，夜里也能拍清楚。", "机身只有{n}0克，今晚开始预订。",
                     "系统会记住你常用的{k}个设置。"),
    "results": ("去年，我们的门店超过了{n}00家。", "我们现在有{n}00位工程师。", "今年的营收增长了百分之{n}。"),
    "values": ("真正的难关，从来不是技术，而是敢不敢等。", "做难事的人，总会在路上相遇。",
               "好工具，应该消失在好作品里。", "我相信，慢一点，才能走得远一点。", "坚持到最后的人，才看得见灯火。"),
}
EN = {
    "noncontent": ("[applause]", "[music]"),
    "stage": ("Let us move on to part {k}.", "Roll the film, please.", "Next, the battery."),
    "audience": ("Can everyone in the balcony hear me?", "Thank you all for coming tonight.",
                 "Please give them a hand."),
    "founder_story": ("I drove home from {place} that night and did not sleep.",
                      "In {year} I sat in {place} and cried.",
                      "I called my brother and told him that it was over."),
    "company_story": ("We scrapped {n} hundred boards in one afternoon.", "The team moved into {place} with {k} desks.",
                      "On the third day the line in {place} stopped for {n} hours."),
    "borrowed_story": ("A nurse from {place} charged hers on a bus.", "A teacher in {place} wrote to us last spring.",
                       "One farmer walked {k} miles to borrow a charger."),
    "product_claim": ("No laptop in this class is quieter.", "It lasts {n} minutes longer than the last one.",
                      "This is the brightest screen at {n} hundred dollars.",
                      "It beats every rival on our list of {k} tests."),
    "product_fact": ("Press twice and the camera opens.", "It has {k} microphones and {n} hours of battery.",
                     "The lid is one piece of aluminium, {k} millimetres thin.",
                     "You can search {n} thousand photos by voice.",
                     "Orders open tonight in {n} countries.", "The chip runs {k} models at the same time."),
    "results": ("We now have {n} thousand employees.", "Revenue grew by {n} percent last year.",
                "Our stores welcomed {n} million visitors."),
    "values": ("Good tools should disappear into good work.", "I believe that patience is a feature.",
               "Less noise, more craft.", "We owe the next generation a repairable world."),
}
PLACES = {
    "zh": ("楼下的小店", "江边的仓库", "县城的车站", "老厂房", "医院的走廊", "学校的操场"),
    "en": ("a mountain town", "the old warehouse", "a hospital corridor", "the harbour office", "a village school"),
}
# sentence beginning of an emotional phrase -> (phrase, class, intensity)
EMOTIONS = {
    "蹲着哭了很久": ("hardship", 3), "特别害怕": ("anxiety", 2), "都跳了起来": ("joy", 2), "我相信": ("hope", 1),
    "谢谢": ("gratitude", 1), "坚持到最后": ("resolve", 2), "一句话也没有说出来": ("hardship", 2),
    "sat in": ("hardship", 2), "cried": ("hardship", 3), "Thank you": ("gratitude", 1), "I believe": ("hope", 1),
    "did not sleep": ("anxiety", 2), "told him that it was over": ("hardship", 2),
}
SLOGANS = {
    "做难事的人，总会在路上相遇。": 78, "好工具，应该消失在好作品里。": 71,
    "真正的难关，从来不是技术，而是敢不敢等。": 66,
    "我相信，慢一点，才能走得远一点。": 58, "坚持到最后的人，才看得见灯火。": 63, "Less noise, more craft.": 81,
    "Good tools should disappear into good work.": 74, "I believe that patience is a feature.": 52,
    "把灯留给赶路的人。": 92, "把灯留给晚归的人。": 90, "把灯留给后来的人。": 91,
    "Built to be kept.": 88, "Built to be kept, and shared.": 79,
}
LINES = {  # the slogan that returns changed: speech -> its closing line
    "shen-2020": "把灯留给赶路的人。", "shen-2023": "把灯留给晚归的人。", "shen-2025": "把灯留给后来的人。",
    "mara-2021": "Built to be kept.", "mara-2025": "Built to be kept, and shared.",
}
HOOKS = {  # the question that opens a part, year after year
    "shen-2021": "你有没有想过，一盏灯能亮多久？", "shen-2022": "你有没有想过，一扇门能开多久？",
    "shen-2024": "你有没有想过，一条路能走多久？",
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One invented speech: how many sentences of each function, in the order of the parts."""

    speech_id: str
    speaker: str = "沈岸"
    organisation: str = "拾光科技"
    language: str = "zh"
    date: str = "2024-08-11"
    parts: Sequence[Mapping[str, int]] = ()
    timed: bool = True
    model: str = "base"
    event: str = "年度演讲"
    seed: int = 1
    columns: Mapping[str, Any] = field(default_factory=dict)  # overrides of the row in `speeches`


def _sentences(plan: Plan) -> Iterator[tuple[str, str]]:
    """(function, text) of every sentence: each part is shuffled in runs, so that neighbours are alike."""
    rng = random.Random(f"{plan.speech_id}/{plan.seed}")
    pool = ZH if plan.language == "zh" else EN
    for number, part in enumerate(plan.parts):
        runs = [[label] * min(4, count - start) for label, count in part.items() for start in range(0, count, 4)]
        rng.shuffle(runs)
        for label in (label for run in runs for label in run):
            words = {"k": rng.randint(2, 9), "n": rng.randint(11, 58), "year": rng.randint(2009, 2018),
                     "place": rng.choice(PLACES[plan.language])}
            yield label, rng.choice(pool[label]).format(**words)
        if number == 0 and plan.speech_id in HOOKS:
            yield "values", HOOKS[plan.speech_id]
    if plan.speech_id in LINES:
        yield "values", LINES[plan.speech_id]


def _probabilities(label: str, rng: random.Random) -> dict[str, float]:
    """A reading that favours `label`, sums to 1 and is now and then unsure."""
    best = round(rng.uniform(0.5, 0.96), 3)
    weights = [rng.random() * (3 if GROUP_OF[name] == GROUP_OF[label] else 1) for name in FUNCTIONS]
    rest = sum(weight for name, weight in zip(FUNCTIONS, weights, strict=True) if name != label)
    return {f"p_{name}": best if name == label else (1 - best) * weight / rest
            for name, weight in zip(FUNCTIONS, weights, strict=True)}


def _size(text: str, language: str) -> int:
    return sum("\u4e00" <= c <= "\u9fff" or c.isdigit() for c in text) if language == "zh" else len(text.split())


def _sentence_rows(plan: Plan) -> list[dict[str, Any]]:
    rng = random.Random(f"{plan.speech_id}/p/{plan.seed}")
    rows: list[dict[str, Any]] = []
    at, seconds = 0, 2.0
    for index, (label, text) in enumerate(_sentences(plan)):
        size = _size(text, plan.language)
        length = size / (4.2 if plan.language == "zh" else 2.5) * rng.uniform(0.85, 1.2) + 0.4
        probabilities = _probabilities(label, rng)
        rows.append({
            "speech_id": plan.speech_id, "sentence_index": index, "text": text, "char_start": at,
            "char_end": at + len(text), "start_s": round(seconds, 2) if plan.timed else None,
            "end_s": round(seconds + length, 2) if plan.timed else None, "size": size, "speaker": "",
            "tokens": " ".join(text[a:b] for a, b in (zh if plan.language == "zh" else en).tokenize(text)),
            "function": label, "function_group": GROUP_OF[label], "probability": probabilities[f"p_{label}"],
        } | probabilities)
        at += len(text) + (plan.language == "en")
        seconds += length + rng.uniform(0.2, 1.1)
    return rows


def _finding(row: Mapping[str, Any], stage: str, label: str, quote: str, score: float, *marks: str) -> dict[str, Any]:
    start = row["char_start"] + row["text"].index(quote)
    return {"speech_id": row["speech_id"], "stage": stage, "label": label, "sentence_index": row["sentence_index"],
            "char_start": start, "char_end": start + len(quote), "start_s": row["start_s"], "end_s": row["end_s"],
            "quote": quote, "score": float(score), "evidence": "; ".join(marks)}


def _finding_rows(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    text = row["text"]
    yield _finding(row, "function", row["function"], text, row["probability"])
    for phrase, (label, intensity) in EMOTIONS.items():
        if phrase in text:
            yield _finding(row, "emotion", label, phrase, intensity, phrase)
    if text in SLOGANS:
        yield _finding(row, "slogans", "slogan", text, SLOGANS[text], "short", "maxim")
    if text.endswith(("？", "?")):
        yield _finding(row, "figures", "question", text, 1.0, "?")
    if ("不是" in text and "而是" in text) or text.startswith("Less"):
        yield _finding(row, "figures", "contrast", text, 1.0, "不是……而是" if "不是" in text else "less, more")
        slots = ("不是 X，而是 Y", "X: 技术", "Y: 敢不敢等") if "不是" in text else \
            ("less X, more Y", "X: noise", "Y: craft")
        yield _finding(row, "patterns", "frame", text[:-1], 1.0, *slots)
    if row["function"] == "noncontent":
        kind = "applause" if text in ("【掌声】", "[applause]") else "music"
        yield _finding(row, "events", kind, text, 1.0)


def _speech_row(plan: Plan, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "speech_id": plan.speech_id, "speaker": plan.speaker, "organisation": plan.organisation, "event": plan.event,
        "date": plan.date, "year": int(plan.date[:4]) if plan.date else None, "language": plan.language,
        "title": "", "source": "invented", "licence": "CC0-1.0",
        "file": f"audio/{plan.speech_id}.opus" if plan.timed else "",
        "duration_s": rows[-1]["end_s"] + 3 if plan.timed and rows else None, "timed": plan.timed,
        "n_sentences": len(rows), "size": sum(r["size"] for r in rows),
        "size_unit": "characters" if plan.language == "zh" else "words",
        "engine": "faster-whisper" if plan.timed else "import:txt",
        "model": plan.model,
    } | dict(plan.columns)


def make_tables(plans: Sequence[Plan]) -> Tables:
    """Tables of planned speeches, in the order given."""
    speeches, sentences, findings, metrics, runs = [], [], [], [], []
    for plan in plans:
        rows = _sentence_rows(plan)
        speeches.append(_speech_row(plan, rows))
        sentences += rows
        findings += [finding for row in rows for finding in _finding_rows(row)]
        story = sum(r["size"] for r in rows if r["function_group"] == "story")
        product = sum(r["size"] for r in rows if r["function_group"] == "product")
        metrics.append({"speech_id": plan.speech_id, "stage": "ratio", "name": "story_to_product", "numerator": story,
                        "denominator": story + product, "unit": "share", "low": None, "high": None,
                        "value": story / (story + product) if story + product else None})
        runs += [{"speech_id": plan.speech_id, "step": step, "version": "1", "status": "done", "error": ""}
                 for step in ("function", "ratio", "emotion", "slogans", "figures", "patterns")]
    return Tables(speeches=frame("speeches", speeches), sentences=frame("sentences", sentences),
                  findings=frame("findings", findings), metrics=frame("metrics", metrics), runs=frame("runs", runs))


def founder(year: int, *, scale: float = 1.0, **changes: Any) -> Plan:
    """The founder's speech of a year: the later, the more story, the more of it borrowed, the later the turn."""
    step = year - 2020

    def n(count: float) -> int:
        return max(0, round(count * scale))

    opening = {"stage": n(1), "audience": n(3), "noncontent": n(1)}
    story = {"founder_story": n(8 + 2 * step), "company_story": n(12 + 2 * step), "borrowed_story": n(1 + 4 * step),
             "values": n(6), "product_fact": n(3)}
    product = {"product_claim": n(22 - 3 * step), "product_fact": n(34 - 4 * step), "stage": n(3),
               "company_story": n(2)}
    ending = {"results": n(5), "values": n(6 + step), "audience": n(3)}
    parts = (opening, story, product, ending)
    return Plan(**{"speech_id": f"shen-{year}", "date": f"{year}-08-11", "parts": parts} | changes)


def presenter(year: int, **changes: Any) -> Plan:
    """The product-led speech of a year in English."""
    step = year - 2021
    parts = ({"audience": 3, "noncontent": 1, "stage": 1},
             {"company_story": 3, "borrowed_story": 2 + step // 2, "founder_story": 1, "results": 5},
             {"product_claim": 20, "product_fact": 36, "stage": 4, "values": 5}, {"values": 4, "audience": 3})
    return Plan(**{"speech_id": f"mara-{year}", "speaker": "Mara Lindqvist", "organisation": "Northlight",
                   "language": "en", "event": "Developer Day", "date": f"{year}-06-05", "parts": parts} | changes)


def sample_tables() -> Tables:
    """The whole invented archive: nine speeches, two speakers, two languages, all timed."""
    return make_tables([founder(year) for year in range(2020, 2026)] + [presenter(year) for year in (2021, 2023, 2025)])
