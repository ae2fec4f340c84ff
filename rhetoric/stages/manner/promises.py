"""Promises: who will do what by when.

Found where the speaker, the team or the company binds itself: by a verb that does so ("I promise", 承诺), or by a verb
of the future together with a date. What is told of the past, asked, supposed, or said of others is none.
"""

from __future__ import annotations

import re

from rhetoric.stages.manner import Said, Spot

SAID, DATED = 1.0, 2.0  # score: a promise without, and with a date
_PAST = frozenset(("founder_story", "company_story", "borrowed_story", "noncontent", "stage"))

_HAN = "一二两三四五六七八九十"
_ZH_COUNT = rf"(?:\d{{1,3}}|[{_HAN}百]{{1,3}})"
_ZH_LIMIT = r"(?:之前|以前|前|之内|以内|内|起|开始)"
_ZH_DATE = (
    rf"(?:(?:(?:今年|明年|后年|20\d\d年)(?:年底|底|{_ZH_COUNT}月(?:底|初|中旬|份)?)?|年底|月底|下个?[月周]|下个?季度"
    rf"|[上下]半年|第[一二三四]季度|{_ZH_COUNT}月(?:份|底|初|中旬|{_ZH_COUNT}[号日])?"
    rf"|(?:未来|接下来的?|今后的?)(?:{_ZH_COUNT}个?)?年){_ZH_LIMIT}?|{_ZH_COUNT}(?:年|个月|天|周|小时)(?:之内|以内|内))"
    r"(?![的是最来度又]|以来)")
_ZH_WHO = r"(?:我们|咱们|公司|集团|团队|我(?!国|觉得|认为|想|猜|估计|相信|希望))"
_ZH_WILL = r"(?:(?<![机社不协])会(?![议员场上计])|将(?![来近军])|要(?![求不是么])|计划|争取|力争|打算|不许|必须)"
_ZH_BOUND = re.compile(
    rf"(?P<date>{_ZH_DATE})[，,]?[^，。；了过]{{0,8}}?(?P<who>{_ZH_WHO})[^，。；了过]{{0,10}}?(?P<will>{_ZH_WILL})"
    rf"|(?P<who2>{_ZH_WHO})[^，。；了过]{{0,6}}?(?P<date2>{_ZH_DATE})[，,]?[^，。；了过]{{0,12}}?(?P<will2>{_ZH_WILL})"
    rf"|(?P<who4>{_ZH_WHO})[^，。；了过]{{0,6}}?(?P<will4>{_ZH_WILL})[^，。；了过]{{0,3}}?[在于到](?P<date4>{_ZH_DATE})"
    rf"|(?P<date3>{_ZH_DATE}(?<=[前内起始]))[，,]?[^，。；了过]{{0,14}}?(?P<will3>{_ZH_WILL})")
_ZH_VOW = re.compile(
    rf"(?P<who>{_ZH_WHO})(?:也|就|都|今天|在这儿|在这里|在此|可以|敢|向[^，。；]{{1,6}}|对[^，。；]{{1,6}})*"
    r"(?P<verb>(?<!的)承诺(?![的书是过了])|保证(?![金书])|答应(?:大家|各位|你们|您)|立[个下]?军令状|发誓)|(?P<vow>军令状|说到做到)")
_ZH_VOID = re.compile(r"如果|假如|要是|若(?!干)|一旦|万一|可能|也许|或许|不敢|不能保证|没法保证|(?<!其)他|她|你们?会"
                      r"|用户会|大家会|市场会|行业会|人类|谁")

_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_TERM = r"(?:spring|summer|fall|autumn|winter|christmas|year|month|week|quarter)"
_EN_DATE = re.compile(
    r"\b(?:by|before|until|from|starting(?: in| on)?|in|on|as of|beginning(?: in)?)\s+(?:the\s+)?"
    r"(?:(?:end|middle|start|summer|spring|fall|autumn)\s+of\s+)?(?:next\s+|this\s+|early\s+|late\s+)?"
    rf"(?:{_MONTH}|20\d\d|twenty twenty[ -]?\w*|(?:next|this)\s+{_TERM}|christmas|monday|tuesday|wednesday|thursday"
    rf"|friday|the end of the {_TERM})\b"
    rf"|\b(?:by|before)\s+(?:the\s+)?(?:end\s+of\s+)?(?:the\s+|next\s+|this\s+)?{_TERM}\b"
    rf"|\b(?:later\s+)?(?:this|next)\s+{_TERM}\b"
    r"|\bwithin\s+(?:the\s+)?(?:next\s+)?\w+(?:\s\w+)?\s+(?:days|weeks|months|years)\b"
    r"|\b(?:over|in|during)\s+the\s+(?:next|coming)\s+(?:\w+\s+)?(?:days|weeks|months|years|decade)\b"
    r"|\bstarting today\b", re.I)
_EN_WILL = re.compile(
    r"\b(?P<who>i|we|our team|the company)(?:['\u2019](?:ll|re going to|m going to)|\s+will|\s+(?:are|am) going to"
    r"|\s+(?:plan|intend|aim) to)(?:\s+(?:also|never|all|now|finally|then))*\s+"
    r"(?!see\b|talk\b|look\b|show\b|hear\b|be talking\b|have to\b)", re.I)
_EN_VOW = re.compile(
    r"\b(?P<who>i|we)(?:['\u2019]ll)?\s+(?:also\s+|hereby\s+|can\s+)?(?:promise|pledge|vow|guarantee"
    r"|commit(?:ted)?\s+(?:to|ourselves|today))\b"
    r"|\b(?:i['\u2019]ll make you a promise|(?:here is |here['\u2019]s )my promise|you have my word|i give you my word"
    r"|we['\u2019]re committed to|we are committed to)\b", re.I)
_EN_VOID = re.compile(r"\b(?:can['\u2019]?t|cannot|won['\u2019]t|don['\u2019]t|couldn['\u2019]t|never)\s+(?:really\s+)?"
                      r"(?:promise|guarantee|commit)\b|\bif (?:we|i)\b", re.I)


def promise(sentence: Said, language: str) -> Spot | None:
    """The promise of a sentence with its marks ("who: …", "by when: …"), None where it makes none."""
    if sentence.function in _PAST or sentence.text.rstrip().endswith(("?", "？")):
        return None
    return _chinese(sentence.text) if language == "zh" else _english(sentence.text)


def _chinese(text: str) -> Spot | None:
    vow, bound = _ZH_VOW.search(text), _ZH_BOUND.search(text)
    found = vow or bound
    if found is None or _ZH_VOID.search(text[: found.end()]):
        return None
    parts = {name.rstrip("234"): words for name, words in (bound.groupdict() if bound else {}).items() if words}
    verb, who = parts.get("will", ""), parts.get("who", "")
    if vow:
        verb, who = vow["verb"] or vow["vow"], vow["who"] or who
    return _spot(text, verb, who, parts.get("date", ""))


def _english(text: str) -> Spot | None:
    date, vow, will = _EN_DATE.search(text), _EN_VOW.search(text), _EN_WILL.search(text)
    if _EN_VOID.search(text):
        return None
    if vow:
        return _spot(text, vow.group(), vow["who"] or "", date.group() if date else "")
    return _spot(text, will.group(), will["who"], date.group()) if date and will else None


def _spot(text: str, verb: str, who: str, date: str) -> Spot:
    marks = [f"says: {' '.join(verb.split())}"]
    marks += [f"who: {who.lower()}"] if who else []
    marks += [f"by when: {' '.join(date.split())}"] if date else []
    return Spot(label="promise", start=0, end=len(text), evidence=tuple(marks), score=DATED if date else SAID)
