"""Lines that return: slogans of different speeches that are alike, and rhetorical frames that are filled anew.

Everyday templates ("let us look at X", "接下来我们看看 X") recur in every speech and mean nothing. So frames are taken
from sentences alone that the figures stage marked (a rhetorical question, an antithesis, a parallel, a repetition),
never from the running of the event, and never where a speech uses the frame as a habit.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from rhetoric.compare.likeness import alike_pairs, bare, overlap, same_frame, similarity, units
from rhetoric.compare.material import Found, Material
from rhetoric.compare.wording import in_zh, listed, quoted, sentence
from rhetoric.compare.words import function_words
from rhetoric.types import Lineage, Quote, Text

SLOGAN_SCORE = 40.0  # of the best of the lines, times its returns: to return twice is a mark that no speech sees alone
VARIANT_SCORE = 10.0  # of the others: a variant may be a much weaker line than the one it varies
ALIKE = 0.6
FRAME_FIGURES = frozenset({"question", "contrast", "parallel", "repetition"})
LINES, LINES_A_SPEECH, FEWEST_A_SPEECH = 1500, 60, 4
MOST_LINES = 3000  # of a series, whatever its size: more would take too long
ENOUGH = 3  # lines of a wording that stand for all in joining it to another
HABIT = 2  # uses of a frame within one speech that are still meant
SHORTEST = {"zh": 5, "en": 3}  # units a slogan has at least
FRAME_HEAD = {"zh": 4, "en": 3}
FRAME_FIXED = {"zh": 6, "en": 4}
_MANNERS = re.compile(r"谢谢|感谢|大家好|晚上好|掌声|欢迎|再见"
                      r"|\b(?:thanks?|welcome|good (?:morning|evening|afternoon)|bye)\b")
_EVERYDAY = re.compile(
    r"(?:那么?|好|所以|而且|然后|接下来|下面|首先|最后|现在|我们)*(?:来|先|再|一起)*(?:看|讲|说|聊|谈|介绍|进入|第.{1,2}[个部款])"
    r"|大家(?:看|好|都|觉得|可以)|(?:这|那|它)(?:个|些|款|就|意味)?(?:是|叫)?什么|为什么(?:我们)?(?:要|会|是)|我们(?:是)?怎么(?:做|样)"
    r"|(?:so |and |but |now |well |ok |okay )*(?:let(?:['’]s| us| me)|(?:how|what) about|are you ready|can (?:you|we|i)"
    r"|do you (?:want|like|see)|would you like|did you know|how (?:do|did|does|can) (?:we|you|it|this)"
    r"|what (?:is|does|do|are)|what['’]s|why (?:is|do|does|did)|who (?:is|wants)|you can|this is|here['’]?s"
    r"|thank you|i want to|we are going|have you (?:seen|tried))")

_ASKING = frozenset(("为什么", "为何", "什么", "怎么", "怎样", "如何", "多少", "哪里", "谁", "这么", "那么", "这样",
                     "那样", "到底", "究竟"))  # beside the list `plain`

# "The more we sand it" or 越走 without its answer is half a frame: two such lines share a beginning and nothing else.
_HALF = re.compile(r"(?:and |but |so )?the (?:more|less|fewer|better|worse)\b"
                   r"(?!.*\bthe (?:more|less|fewer|better|worse|\w+er)\b)|越(?!来|发)(?!.*越)")


class Line(NamedTuple):
    """A line that may return: its speech, its words as units, and its place in time."""

    material: Material
    found: Found
    words: tuple[str, ...]
    place: int  # of the speech in its series

    @property
    def quote(self) -> Quote:
        """The words as evidence."""
        return self.material.finding_quote(self.found)


def lineages(series: str, materials: Sequence[Material]) -> tuple[Lineage, ...]:
    """All lines of a series that return in another speech, the longest lineages first."""
    slogans = _lineages(series, "slogan", _lines(materials, _is_slogan), _slogans_alike)
    frames = _lineages(series, "frame", _lines(materials, _is_frame), _frames_alike)
    known = {bare(quote.text) for lineage in slogans for quote in lineage.quotes}
    fresh = [f for f in frames if not all(bare(quote.text) in known for quote in f.quotes)]
    return (*slogans, *fresh)


def _plain(material: Material, found: Found) -> str:
    language = material.card.language
    return ("" if language == "zh" else " ").join(units(found.quote, language))


def _is_slogan(material: Material, found: Found) -> bool:
    return found.score >= VARIANT_SCORE and not _MANNERS.search(_plain(material, found))


def _is_frame(material: Material, found: Found) -> bool:
    if found.label not in FRAME_FIGURES or material.labels[found.at] in ("stage", "noncontent", ""):
        return False
    words = _plain(material, found)
    return not _EVERYDAY.match(words) and not _HALF.match(words)


def _lines(materials: Sequence[Material], wanted: Callable[[Material, Found], bool]) -> list[Line]:
    """The wanted findings of each speech, the best `LINES_A_SPEECH` of them, the same words once a speech.

    Of very many speeches each gives fewer, so that there are about `LINES` in all, and at most `MOST_LINES`.
    """
    stage = "slogans" if wanted is _is_slogan else "figures"
    most = min(LINES_A_SPEECH, max(FEWEST_A_SPEECH, LINES // max(1, len(materials))))
    made = []
    for place, material in enumerate(materials):
        language = material.card.language
        best: dict[str, Line] = {}
        for found in sorted(material.found(stage), key=_by_score):
            words = units(found.quote, language)
            if wanted(material, found) and len(words) >= SHORTEST.get(language, 3):
                best.setdefault("".join(words), Line(material, found, words, place))
        made += list(best.values())[:most]
    if len(made) <= MOST_LINES:
        return made
    kept = sorted(range(len(made)), key=lambda at: (-made[at].found.score, at))[:MOST_LINES]
    return [made[at] for at in sorted(kept)]


def _by_score(found: Found) -> tuple[float, int, int]:
    return -found.score, found.at, found.first


def _slogans_alike(lines: Sequence[Line]) -> set[tuple[int, int]]:
    """Pairs of lines that are alike, or one frame; enough of them to join what belongs together."""
    same = _same_words(lines)
    found = {pair for own in same.values() for pair in pairwise(own)}
    groups = list(same.values())
    for one, other in alike_pairs(list(same), ALIKE):
        found |= _linked(groups[one], groups[other], lines)
    return found | _frames_alike(lines)


def _same_words(lines: Sequence[Line]) -> dict[tuple[str, ...], list[int]]:
    """The lines by their words: each wording, however often it is said, has to be compared only once."""
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        same[line.words].append(at)
    return same


def _linked(one: Sequence[int], other: Sequence[int], lines: Sequence[Line]) -> set[tuple[int, int]]:
    """Pairs of two wordings in different speeches: all, or of many enough to join the same lines as all would.

    A speech has a wording once, so that of three lines here at most one shares the speech of a line there.
    """
    pairs = {(a, b) for a in one for b in other[:ENOUGH]} | {(a, b) for a in one[:ENOUGH] for b in other}
    return {(min(a, b), max(a, b)) for a, b in pairs if lines[a].place != lines[b].place}


def _frames_alike(lines: Sequence[Line]) -> set[tuple[int, int]]:
    """Pairs of lines with one slot filled anew; only those with the same beginning are looked at."""
    same = _same_words(lines)
    heads: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for words, own in same.items():
        heads[words[: FRAME_HEAD.get(lines[own[0]].material.card.language, 3)]].append(words)
    found = set()
    for members in heads.values():
        for a, b in combinations(members, 2):
            language = lines[same[a][0]].material.card.language
            if (same_frame(a, b, head=FRAME_HEAD.get(language, 3), fixed=FRAME_FIXED.get(language, 4))
                    and _has_a_word_of_its_own(a, b, language)):
                found |= _linked(same[a], same[b], lines)
    return found


def _has_a_word_of_its_own(a: tuple[str, ...], b: tuple[str, ...], language: str) -> bool:
    """True if what two lines share is more than words that everybody uses ("so how do I ...", 为什么这么……呢)."""
    shared = overlap(a, b)
    known = function_words(language)
    parts = a[: shared.head], a[len(a) - shared.tail :]
    if language != "zh":
        return any(word not in known and not word.isdigit() for part in parts for word in part)
    return any(_rest(part, known | _ASKING) for part in parts)


def _rest(part: Sequence[str], known: frozenset[str]) -> str:
    """Chinese characters that are left when common words are taken out, the longest first."""
    text = "".join(part)
    for word in sorted((word for word in known if word in text), key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _lineages(series: str, kind: str, lines: Sequence[Line], alike: Callable[[Sequence[Line]], set[tuple[int, int]]]
              ) -> list[Lineage]:
    """Groups of lines that are alike, transitively, and stand in two speeches or more."""
    made = []
    for members in _joined(lines, alike(lines)):
        per_speech = [sum(m.place == place for m in members) for place in {m.place for m in members}]
        best = max(m.found.score for m in members)
        meant = best * (len(per_speech) - 1) >= SLOGAN_SCORE if kind == "slogan" else max(per_speech) <= HABIT
        if len(per_speech) > 1 and meant:
            made.append(_lineage(series, kind, members))
    return sorted(made, key=_longest)


def _longest(lineage: Lineage) -> tuple[int, float, str]:
    return -len(lineage.quotes), -lineage.similarity, lineage.quotes[0].text


def _joined(lines: Sequence[Line], pairs: Iterable[tuple[int, int]]) -> Iterable[list[Line]]:
    """Connected groups of two lines or more of different speeches (union-find), in the order of their first lines."""
    parent = list(range(len(lines)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for a, b in sorted(pairs):
        if lines[a].place != lines[b].place:
            one, other = sorted((root(a), root(b)))
            parent[other] = one
    groups: dict[int, list[Line]] = defaultdict(list)
    for at, line in enumerate(lines):
        groups[root(at)].append(line)
    return [group for group in groups.values() if len(group) > 1]


def _lineage(series: str, kind: str, members: Sequence[Line]) -> Lineage:
    """One quote a speech, the best one, in the order of time; similarity is the mean of neighbours in time."""
    best: dict[int, Line] = {}
    for line in members:
        best.setdefault(line.place, line)
    chain = [best[place] for place in sorted(best)]
    likeness = [similarity(a.words, b.words) for a, b in pairwise(chain)]
    return Lineage(kind=kind, series=series, similarity=round(sum(likeness) / len(likeness), 3),
                   quotes=tuple(line.quote for line in chain), text=_text(kind, chain))


def when(material: Material) -> str:
    """How a speech is named in a sentence: by its year, else by its id."""
    return str(material.card.year) if material.card.year is not None else material.card.speech_id


def _text(kind: str, chain: Sequence[Line]) -> Text:
    first, last = chain[0], chain[-1]
    back = listed(list(dict.fromkeys(when(line.material) for line in chain[1:])))
    back_zh = "、".join(dict.fromkeys(in_zh(when(line.material)) for line in chain[1:]))
    start, start_zh = when(first.material), in_zh(when(first.material))
    if all(when(line.material) == start for line in chain):
        back = Text(en=f"another speech of {start}", zh="")
        back_zh = "同年的另一场演讲中"
    words = (quoted(first.quote), quoted(last.quote))
    if any(line.material.card.year is None for line in chain):
        return sentence(f"{words[0]} ({start}) and {words[1]} ({when(last.material)}) are one {kind}, not all dated.",
                        f"{words[0]}（{start_zh}）与{words[1]}（{in_zh(when(last.material))}）同出一源；并非都有日期。")
    if kind == "frame":
        return sentence(f"a frame of {start} returns in {back.en} with other words: {words[0]}, then {words[1]}.",
                        f"{start_zh}的句式在{back_zh}换了内容再次出现：{words[0]}——{words[1]}。")
    if len({line.words for line in chain}) == 1:
        return sentence(f"{words[0]} of {start} returns in {back.en}, word for word.",
                        f"{start_zh}的{words[0]}在{back_zh}原样再现。")
    return sentence(f"{words[0]} of {start} returns in {back.en}, changed: {words[1]}.",
                    f"{start_zh}的{words[0]}在{back_zh}变形再现：{words[1]}。")
