"""What to doubt: everything about the archive that makes a number weaker than it looks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rhetoric.compare.differences import PAIRED
from rhetoric.compare.lineages import FEWEST_A_SPEECH, MOST_LINES
from rhetoric.compare.material import Archive, Material
from rhetoric.compare.naming import shown
from rhetoric.compare.wording import listed, quantity, sentence
from rhetoric.plurals import counted
from rhetoric.types import Alert, Tables, Text

if TYPE_CHECKING:
    import pandas as pd

FEW_SENTENCES = 60
OWNERS_READ = 0.6  # kappa of the story's owner on unseen speakers from which on owners may be told
SMALL_MODELS = ("tiny", "base", "small")
DOUBTFUL = 0.5  # mean probability of the reader's best label
HEAVIEST = frozenset(("not_analysed", "failed_stage", "missing_years", "few_sentences", "small_model", "agreement"))
NAMED = 4  # names that an alert spells out
LANGUAGES = {"zh": ("Chinese", "中文"), "en": ("English", "英文")}


def alerts(archive: Archive, tables: Tables, by: str, provenance: Mapping[str, str]) -> tuple[Alert, ...]:
    """All alerts, in the order of print."""
    made: list[Alert] = []
    for series in archive.series:
        made += _series_alerts(series, archive.of(series))
    made += _archive_alerts(archive, by)
    made += _limit_alerts(archive, by)
    speeches = {m.card.speech_id for m in archive.materials}
    made += _invented_alerts(tables.findings, speeches)
    made += _run_alerts(tables.runs, speeches)
    made += _agreement_alerts(archive, provenance)
    return tuple(sorted(made, key=_by_weight))


def _by_weight(alert: Alert) -> bool:
    """What touches every number stands first; the rest stays in the order in which it was found."""
    return alert.key not in HEAVIEST


def _alert(key: str, en: str, zh: str) -> Alert:
    return Alert(key=key, text=sentence(en, zh, begins=False))


def named(names: Sequence[str]) -> Text:
    """Some names and how many more there are."""
    if len(names) <= NAMED:
        return listed(list(names))
    rest = len(names) - NAMED + 1
    head = ", ".join(names[: NAMED - 1]), "、".join(names[: NAMED - 1])
    return Text(en=f"{head[0]} and {rest} more", zh=f"{head[1]}等 {len(names)} 个")


def _zh(names: Text) -> str:
    """Names before Chinese words: air after Latin letters and digits only."""
    return names.zh + (" " if names.zh[-1:].isascii() else "")


def _series_alerts(series: str, materials: Sequence[Material]) -> Iterable[Alert]:
    name = sentence(shown(series).en, shown(series).zh, begins=series.startswith("unknown "))
    cards = [m.card for m in materials]
    years = sorted({card.year for card in cards if card.year is not None})
    missing = [str(y) for y in range(years[0], years[-1]) if y not in years] if years else []
    if missing:
        gap, years_zh = named(missing), " 年" if len(missing) <= NAMED else "年份"
        yield _alert("missing_years", f"{name.en}: {gap.en} has no speech here." if len(missing) == 1 else
                     f"{name.en}: {gap.en} have no speech here.", f"{name.zh}：缺少 {gap.zh}{years_zh}的演讲。")
    sizes = [card for card in cards if card.n_sentences < FEW_SENTENCES]
    if sizes:
        few = named([f"{card.speech_id} ({card.n_sentences})" for card in sizes])
        yield _alert("few_sentences", f"{name.en}: few sentences in {few.en}; the intervals are wide.",
                     f"{name.zh}：{few.zh}的句子很少，区间较宽。")
    yield from _making_alerts(name, materials)
    sure = [m.probability for m in materials if m.probability is not None]
    mean = sum(sure) / len(sure) if sure else 1.0
    if mean < DOUBTFUL:
        yield _alert("unsure_reader",
                     f"{name.en}: the sentence reader is unsure (mean probability {quantity(mean, 'share', 0)}); "
                     "its labels are doubtful.",
                     f"{name.zh}：句子分类器把握不大（平均概率 {quantity(mean, 'share', 0)}），标签存疑。")


def owners_mistaken(archive: Archive, provenance: Mapping[str, str]) -> frozenset[str]:
    """The series in whose language the reader is known to be bad at telling whose a story is."""
    bad = _mistaken_in(archive, provenance)
    return frozenset(m.card.series for m in archive.materials if m.card.language in bad)


def _mistaken_in(archive: Archive, provenance: Mapping[str, str]) -> list[str]:
    kappas = {language: provenance.get(f"reader_owner_kappa_{language}", "") for language in _languages(archive)}
    return [language for language, kappa in kappas.items() if kappa and float(kappa) < OWNERS_READ]


def _languages(archive: Archive) -> list[str]:
    return sorted({m.card.language for m in archive.materials})


def _making_alerts(name: Text, materials: Sequence[Material]) -> Iterable[Alert]:
    """Speeches without times, and speeches transcribed in different ways."""
    untimed = [m.card.speech_id for m in materials if not m.card.timed]
    if untimed:
        some = named(untimed)
        part, part_zh = "", ""
        if len(untimed) < len(materials):
            part = " All shares of this series are counted by length, to keep one measure."
            part_zh = "为统一口径，该系列的占比都按篇幅计算。"
        yield _alert("no_times",
                     f"{name.en}: {some.en} came as text without times; counted by length, not by seconds.{part}",
                     f"{name.zh}：{_zh(some)}只有文本、没有时间，按篇幅而非秒数计算。{part_zh}")
    text_only = [m.card.speech_id for m in materials if m.card.timed and not m.card.audio]
    if text_only:
        some = named(text_only)
        yield _alert("text_only", f"{name.en}: no recording of {some.en} to check the text against.",
                     f"{name.zh}：{_zh(some)}没有可核对的录音。")
    small = sorted({m.card.model for m in materials if m.card.model in SMALL_MODELS})
    if small:
        some = listed(small)
        yield _alert("small_model",
                     f"{name.en}: heard by Whisper {some.en}, a small model: names and rare words are often misheard. "
                     "Hear a quote before you print it.",
                     f"{name.zh}：由小型模型 Whisper {some.zh} 转写，人名和生僻词常有误听，引用前请先听原声。")
    ways = sorted({" ".join(filter(None, (m.card.engine, m.card.model))) for m in materials} - {""})
    if len(ways) > 1:
        some = listed(ways)
        yield _alert("mixed_models", f"{name.en}: transcribed in different ways ({some.en}); a change may be theirs.",
                     f"{name.zh}：转写方式不一（{some.zh}），差异可能由此而来。")


def _archive_alerts(archive: Archive, by: str) -> Iterable[Alert]:
    if archive.only:
        some = listed(list(archive.only))
        yield _alert("only", f"Only sentences read as {some.en} are counted; lengths are theirs.",
                     f"只计入判读为 {some.zh} 的句子，篇幅也只算这些句子。")
    sizes = Counter((m.card.series, m.card.group) for m in archive.materials)
    single = [group for series in archive.series for group in archive.groups if sizes[series, group] == 1]
    if single and by == "year":
        yield _alert("group_of_one",
                     "Each interval of a year with one speech tells how firmly that speech is measured, not how "
                     "another speech of the year would have been.",
                     "只有一场演讲的年份，其区间只说明这场演讲测得多准，不说明当年别的演讲会怎样。")
    elif single:
        some = named([shown(name).en for name in dict.fromkeys(single)])
        yield _alert("group_of_one", f"Only one speech in {some.en}: a group of one says nothing of its kind.",
                     f"{_zh(some)}只有一场演讲，不能代表这一组。")
    undated = [m.card.speech_id for m in archive.materials if m.card.year is None]
    if undated:
        some = named(undated)
        yield _alert("undated", f"No date for {some.en}; left out of all trends.",
                     f"{_zh(some)}没有日期，不参与趋势计算。")
    if archive.empty:
        some = named(list(archive.empty))
        yield _alert("empty", f"Not a sentence in {some.en}; left out.", f"{_zh(some)}没有句子，未纳入。")
    for written, kept in archive.respelled:
        yield _alert("respelled", f"“{written}” is counted as “{kept}”: the names differ only in case or spaces.",
                     f"“{written}”与“{kept}”只有大小写或空格之别，按同一名称处理。")


def _limit_alerts(archive: Archive, by: str) -> Iterable[Alert]:
    """Where an archive is too large for everything to be set against everything."""
    pairs = Counter((m.card.series, m.card.group) for m in archive.materials)
    groups = max(Counter(series for series, _ in pairs).values())
    if len(archive.series) > PAIRED or (by != "year" and groups > PAIRED):
        yield _alert("limits", f"Only the {PAIRED} with most speeches are set against each other, each against each.",
                     f"两两比较只在演讲最多的 {PAIRED} 个之间进行。")
    longest = max(len(archive.of(series)) for series in archive.series)
    if longest * FEWEST_A_SPEECH > MOST_LINES:
        yield _alert("limits", f"Lines that return are looked for among the {MOST_LINES:,} best lines of a speaker.",
                     f"反复出现的句子只在每位演讲者得分最高的 {MOST_LINES:,} 句中查找。")


def _invented_alerts(findings: pd.DataFrame, speeches: set[str]) -> Iterable[Alert]:
    """Text that the recogniser wrote where nobody spoke, and that counts for nothing."""
    found = findings[(findings["stage"] == "events") & (findings["label"] == "invented")]
    counts = Counter(str(speech_id) for speech_id in found["speech_id"] if speech_id in speeches)
    if counts:
        some = named([f"{speech_id} ({count})" for speech_id, count in sorted(counts.items())])
        total = sum(counts.values())
        yield _alert("invented",
                     f"{counted(total, 'segment')} of the transcripts left out as invented by the recogniser: "
                     f"{some.en} (nobody is heard, a loop, or subtitle credits; `rhetoric status` says which).",
                     f"转写中有 {total} 段像是识别器凭空写出的，未计入：{some.zh}"
                     "（听不到人声、循环重复或字幕署名，详见 `rhetoric status`）。")


def _run_alerts(runs: pd.DataFrame, speeches: set[str]) -> Iterable[Alert]:
    """Stages that failed, and stages that ran in different versions."""
    failed: dict[str, list[str]] = defaultdict(list)
    versions: dict[str, set[str]] = defaultdict(set)
    for speech_id, step, version, status in zip(*(runs[c] for c in ("speech_id", "step", "version", "status")),
                                                strict=True):
        if speech_id in speeches:
            versions[str(step)].add(str(version))
            if status == "failed":
                failed[str(step)].append(str(speech_id))
    for step, names in sorted(failed.items()):
        some = named(sorted(set(names)))
        yield _alert("failed_stage", f"The stage {step} failed on {some.en}; left out of its numbers.",
                     f"{some.zh} 的 {step} 阶段失败，未计入相关数字。")
    mixed = sorted(step for step, found in versions.items() if len(found) > 1)
    if mixed:
        some = named(mixed)
        yield _alert("mixed_versions", f"Speeches were analysed by different versions of {some.en}; analyse them anew.",
                     f"各场演讲使用了不同版本的 {some.zh}，请重新分析。")


def _agreement_alerts(archive: Archive, provenance: Mapping[str, str]) -> Iterable[Alert]:
    """How far the labels can be trusted at all, and how much of the archive is here."""
    for language in _languages(archive):
        kappa = provenance.get(f"reader_kappa_{language}")
        others = provenance.get(f"reader_kappa_speakers_{language}", "")
        if kappa:
            more, more_zh = (f" and {others} on speakers", f"（未见过的演讲者：{others}）") if others else ("", "")
            en, zh = LANGUAGES.get(language, (language, language))
            yield _alert("agreement",
                         f"The {en} labels agree with the gold coding at kappa {kappa} on speeches{more} that the "
                         "reader had not seen: shares of many sentences can be used, single labels must be checked.",
                         f"在分类器未见过的演讲上，{zh}标签与标准编码的一致性为 kappa {kappa}{more_zh}："
                         "大量句子的占比可用，单句标签须核对。")
    for language in _mistaken_in(archive, provenance):
        kappa = provenance[f"reader_owner_kappa_{language}"]
        en, zh = LANGUAGES.get(language, (language, language))
        yield _alert(f"owners_{language}",
                     f"Whose a story is (the speaker’s, the company’s, somebody else’s) is read badly in {en}: kappa "
                     f"{kappa} on speeches the reader had not seen. Check the labels before you use the owners.",
                     f"{zh}故事的主人公（本人、公司、他人）判断得不准：对未见过的演讲 kappa 为 {kappa}，"
                     "使用前请核对标签。")
    left = provenance.get("speeches_not_analysed", "0")
    if left.isdigit() and int(left):
        yield _alert("not_analysed",
                     f"{counted(int(left), 'speech', 'speeches')} of the archive not analysed and not here.",
                     f"档案中有 {int(left)} 场演讲尚未分析，未纳入。")
