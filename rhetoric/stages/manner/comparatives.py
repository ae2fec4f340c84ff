"""Comparatives and numbers in talk of products: "30 % faster" than what?

A comparative is open where neither its sentence nor the one before names what it compares with: a rival, a predecessor,
a year, a class, a starting point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rhetoric.stages.manner import Said, Spot, terms

TALK = frozenset(("product", ""))  # groups of labels that are talk of products; "": nothing was read
_HAN = "零〇一二两三四五六七八九十百千万亿"
_ZH_COUNT = rf"(?:\d+(?:\.\d+)?|[{_HAN}]+(?:点[{_HAN}]+)?)"
_ZH_MUCH = (rf"(?:百分之{_ZH_COUNT}|\d+(?:\.\d+)?\s?[%％]|{_ZH_COUNT}多?(?:倍|成|个百分点|个点)"
            r"|一半|很多|不少|好多|许多|一大截|不止一点|好几倍)")
_ZH_GROWN = (r"(?:提升|提高|增加|增强|改善|降低|下降|减少|减轻|缩短|缩小|节省|节约|省电|延长"
             r"|[快慢省轻薄亮多少高低强长短大小好稳静准降减升]|便宜)")
_ZH_ABOUT = r"(?:大约|大概|将近|接近|近|整整|至少|超过|足足|差不多|最多)?"
_ZH_GRADES = (r"(?:快|好(?!地)|强|大|小|高|低|轻|薄|亮|长|短|稳|静|准|省|宽|远|久|细|美|清晰|流畅|精准|精确|准确"
              r"|强大|安全|智能|便宜|方便|容易|简单|好用|易用|丰富|舒适|舒服|耐用|可靠|灵敏|自然|高效|紧凑|坚固|均匀"
              r"|细腻|柔和|真实|聪明|灵活|快捷|直观|便捷|环保|持久|出色|先进|漂亮|安静|省电)")
_ZH_OPEN = re.compile(rf"{_ZH_GROWN}(?:了|出)?{_ZH_ABOUT}{_ZH_MUCH}|更加?{_ZH_GRADES}(?!的是)")
_EN_GRADES = (
    r"(?:faster|quicker|slower|lighter|thinner|slimmer|smaller|bigger|larger|brighter|sharper|stronger|tougher|smarter"
    r"|quieter|cheaper|longer|higher|lower|better(?! (?:if|off|to)\b)|easier|safer|richer|simpler|cleaner|clearer|wider"
    r"|cooler|smoother"
    r"|(?:more|less) (?:powerful|accurate|efficient|advanced|secure|durable|reliable|affordable|capable|precise|natural"
    r"|intelligent|productive|personal|immersive|responsive|expressive|flexible|comfortable|convenient|stable|energy))")
_EN_MUCH = r"(?:(?:\d[\d.,]*|[a-z]+(?:[ -][a-z]+)?)\s?(?:%|percent|x|times)|twice|double|half)"
_EN_OPEN = re.compile(rf"(?:(?<!['\u2019])\b{_EN_MUCH}\s+(?:as\s+)?)?(?<!no )(?<!any )\b{_EN_GRADES}\b"
                      r"|\b(?:\d[\d.,]*\s?(?:%|x)|\w+ percent|\w+ times)\s+(?:more|less|fewer)\b", re.I)
_ZH_THAN = re.compile(r"比(?![例如赛方喻重值分特亚])")
_EN_AS = re.compile(r"\bas\b[^.!?,;]{1,40}\bas\b", re.I)

_ZH_MEASURE = (r"(?:百分点|毫米|厘米|微米|纳米|公里|米|寸|毫克|公斤|克|斤|吨|毫安时?|瓦|度|毫秒|秒|分钟|小时|天|个月"
               r"|年|美元|元|块钱|分贝|倍)")
_ZH_UNIT = rf"(?:{_ZH_MEASURE}|赫兹|像素|英寸|[个块帧核成次种款台颗层条项家位名代档路周])"
_ZH_NUMBER = re.compile(
    rf"百分之{_ZH_COUNT}|(?<![A-Za-z\d.\-])\d[\d,]*(?:\.\d+)?(?:\s?[%％万亿千百])*"
    rf"|[{_HAN}]{{2,}}(?:点[{_HAN}]+)?(?=[多几余]?{_ZH_UNIT})|[二两三四五六七八九十](?:点[{_HAN}]+)?(?={_ZH_UNIT})"
    rf"|一(?={_ZH_MEASURE})")
_EN_WORD = (r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
            r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion"
            r"|trillion|dozen)")
_EN_NUMBER = re.compile(rf"(?<![A-Za-z\d.\-])\d[\d,]*(?:\.\d+)?(?!\w*\d)"
                        rf"|\b(?:(?:a|one)\s+(?=hundred|thousand|million|billion|dozen))?{_EN_WORD}"
                        rf"(?:[\s-](?:and\s+)?(?:point\s+)?(?:one\b|{_EN_WORD}))*\b", re.I)
_EN_NAME = re.compile(r"(?:\b[A-Z][\w']*|\b[a-z]+[A-Z]\w*)\s$")  # iPhone 15, Loom 4: a number that ends a name


def comparatives(sentence: Said, before: Said | None, language: str) -> Iterator[Spot]:
    """Comparatives in talk of products: "open_comparative", or "anchored" where what they compare with is named."""
    hits = list((_ZH_OPEN if language == "zh" else _EN_OPEN).finditer(sentence.text)) if _is_talk(sentence) else []
    if not hits:
        return
    anchor = _anchor(sentence, language) or (_anchor(before, language) if before is not None else "")
    label = "anchored" if anchor else "open_comparative"
    mark = f"compared by: {anchor}" if anchor else "names nothing to compare with"
    for hit in hits:
        yield Spot(label=label, start=hit.start(), end=hit.end(), evidence=(" ".join(hit.group().split()), mark))


def _is_talk(sentence: Said) -> bool:
    return sentence.group in TALK


def _anchor(sentence: Said, language: str) -> str:
    """The words that name what is compared with, "" where there are none."""
    # Long Chinese words for it (上一代) are several tokens, so borders of tokens do not matter here.
    found = terms(language, ("anchor",)).find(sentence.text, frozenset())
    if found:
        return sentence.text[found[0].char_start : found[0].char_end]
    hit = (_ZH_THAN if language == "zh" else _EN_AS).search(sentence.text)
    return " ".join(hit.group().split()) if hit else ""


def numbers(sentence: Said, language: str) -> int:
    """How many numbers a sentence of talk of products names, in digits or words; 0 in other talk.

    A name with digits in it (M2, IP68, iPhone 15) is no number, nor is 一 or "one" as an article.
    """
    if not _is_talk(sentence):
        return 0
    if language == "zh":
        return sum(1 for _ in _ZH_NUMBER.finditer(sentence.text))
    return sum(not _ends_a_name(sentence.text, hit) for hit in _EN_NUMBER.finditer(sentence.text))


def _ends_a_name(text: str, hit: re.Match[str]) -> bool:
    """Digits after a word with a capital that does not begin the sentence."""
    name = _EN_NAME.search(text, 0, hit.start()) if hit.group()[0].isdigit() else None
    return bool(name) and name is not None and name.start() > 0
