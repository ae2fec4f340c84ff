"""A question put for effect: one the speaker answers himself (设问), or one that asks nothing (反问).

Not marked: tags ("right?", 是吧), questions to the hall, dialogue of a story, queries to a machine. Text without marks
of punctuation is read by its question words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rhetoric.stages.devices import Line, Mark

_ZH_ASKS = re.compile(r"为什么|为何|为啥|什么|怎么|如何|何必|何尝|何不|何以|难道|岂|凭什么|究竟|谁|哪|几[个年次天]"
                      r"|多少|多[大久难远]"
                      r"|是不是|能不能|会不会|敢不敢|要不要|有没有|值不值|该不该|行不行|可不可以|干嘛|咋")
_ZH_ENDS = re.compile(r"(?:吗|呢|么|怎么办|为什么|为啥|凭什么|是什么|有多\S{1,2}|怎么\S{1,3}|没有|如何)$")
_ZH_PLAIN_ENDS = re.compile(r"(?:吗|怎么办|为什么呢|是什么呢|为什么|为啥|是什么|凭什么|[谁啥么样办]呢|吗)$")
_ZH_TAG = re.compile(r"^.{0,6}(?:对吧|是吧|好吧|对不对|是不是|对吗|好吗|好不好|行吗|可以吗|知道吗|你知道吗|明白吗"
                     r"|是吗)$")
_ZH_HALL = re.compile(r"(?:各位|大家|你们|朋友们|后排|在座).{0,10}(?:听得清|听得见|听到了?|看得见|看到了?没|准备好"
                      r"|同意不同意|开心吗|高兴吗"
                      r"|喜欢吗|想不想要|想要吗|好不好|举手|还好吗|在不在|有没有带)")
_ZH_DIALOGUE = re.compile(r"(?:[他她]|开口|忽然|人家|老师|父亲|母亲|爸爸?|妈妈?)\S{0,6}[问说][，,：:]"
                          r"|[“\"「『].*[？?]?[”\"」』]$")
_EN_TAG = re.compile(r"^(?:.*,\s*|(?:\w+,? ){0,3})(?:right|okay|ok|huh|yeah|yes|no|correct|sorry|what|really|you know"
                     r"|isn't it|aren't they|don't you think|see|ready|make sense)$", re.I)
_EN_HALL = re.compile(r"\b(?:can (?:you|everyone|everybody|those)\b[\w ]{0,30}\b(?:hear|see)\b|are you (?:all )?ready"
                      r"|how many of you|how are you|how(?:'s| is) everyone|any questions|who here|can i get"
                      r"|can we (?:get|have|bring)|could you (?:please )?|can you (?:please |tell|show|help|describe"
                      r"|write|make|add|create|find|explain|translate|do|give|say)|shall we"
                      r"|should we (?:take|have) a look|does (?:that|this) make sense|is everyone|anybody"
                      r"|anyone (?:here|want))", re.I)
_EN_MACHINE = re.compile(r"\b(?:hey,? |okay,? |siri|alexa|google,|gemini,|chatgpt,|copilot,|cortana)", re.I)
_EN_DIALOGUE = re.compile(r"^[\"\u201c]|\b(?:said|asked|says|asks|asking me|told me),? [\"\u201c]", re.I)
_EN_OPENS = re.compile(r"^(?:(?:so|and|but|now|well|or|then|because|yet),? )*(?:what if|what about|how about|what|why"
                       r"|how|who|where|when|is|are|isn't|aren't|do|does|did|don't|doesn't|didn't|can|can't|could"
                       r"|couldn't|would|wouldn't|will|won't|should|shouldn't|have|haven't|has|hasn't|was|wasn't|were"
                       r"|weren't|shall|must)\b", re.I)
_EN_ASKS = re.compile(r", (?:what|why|how|who|where|could|can|would) \w+ (?:we|you|i|it|is|are|if)\b", re.I)
_EN_QUERY = re.compile(r"\b(?:ask(?:ing)?|for example|so, for|question like)\b|^how about we\b|\blet's\b", re.I)
_EN_OPENS_PLAIN = re.compile(r"^(?:(?:so|and|but|now|well),? )*(?:why|how|what|who|where) (?:is|are|do|does|did|can"
                             r"|could|would|should|will|was|were|if|about|'s|makes)\b", re.I)
_STOPS = "。！？.!?…~\"”’』」）)* "


def find(lines: Sequence[Line], language: str) -> Iterator[Mark]:
    """Mark every sentence that asks for effect."""
    asks = _asks_zh if language == "zh" else _asks_en
    for line in lines:
        cue = asks(line)
        if cue:
            yield Mark(index=line.index, char_start=line.char_start, char_end=line.char_start + len(line.text),
                       rule="question", words=cue)


def _asks_zh(line: Line) -> str:
    text = line.text.strip()
    bare = text.rstrip(_STOPS + "，,啊呀")
    if _ZH_TAG.match(bare) or _ZH_HALL.search(bare) or _ZH_DIALOGUE.match(text):
        return ""
    clause = re.split(r"[，,。；;]", bare)[-1]
    if "？" in text or "?" in text:
        found = _ZH_ASKS.search(bare) or re.search(r"[吗呢吧么]$", bare)
        return found.group() if found else "？"
    if text[-1:] in "。！.!":
        found = _ZH_PLAIN_ENDS.search(clause)
    else:
        found = _ZH_PLAIN_ENDS.search(clause) or (_ZH_ENDS.search(clause) if _ZH_ASKS.search(clause[:8]) else None)
    return found.group() if found else ""


def _asks_en(line: Line) -> str:
    text = line.text.strip()
    bare = text.rstrip(_STOPS)
    last = re.split(r"[.!?]\s", bare)[-1]
    if _EN_TAG.match(last) or _EN_HALL.search(last) or _EN_MACHINE.search(text) or _EN_DIALOGUE.search(text):
        return ""
    if text.rstrip("\"\u201d)").endswith("?"):
        found = _EN_OPENS.match(last) or _EN_ASKS.search(last)
        return found.group() if found else ("?" if len(last.split()) > 3 and not _EN_QUERY.search(last) else "")
    if text[-1:] in ".!":
        return ""
    found = _EN_OPENS_PLAIN.match(last)
    return found.group() if found else ""
