"""All words of the page that are ours, in both languages."""

from __future__ import annotations

from rhetoric.types import Text


def _t(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh)


PAGE: dict[str, Text] = {
    "skip": _t("Skip to the findings", "跳到结论"),
    "contents": _t("Contents", "目录"),
    "language": _t("Language", "语言"),
    "theme": _t("Dark", "深色"),
    "print": _t("Print", "打印"),
    "more": _t("Also found", "其他发现"),
    "doubt": _t("What to doubt", "需要存疑之处"),
    "answer": _t("The answer", "结论"),
    "more_doubt": _t("More to doubt", "更多存疑之处"),
    "best": _t("The {n} best: the other {rest}", "最好的 {n} 句：其余 {rest} 句"),
    "turns": _t("The turns, in words", "各场的转折，用文字说明"),
    "not_compared": _t("not comparable", "不可比较"),
    "speech_n": _t("speech", "场演讲"), "speeches_n": _t("speeches", "场演讲"), "sentence_n": _t("sentence", "句"),
    "interval_how": _t(
        "95% bootstrap interval over blocks of neighbouring sentences; with several speeches, speeches first.",
        "95% 自助法区间，按相邻句块重抽样；多场演讲时先抽演讲。",
    ),
    "trends_name": _t("Trends and turns", "趋势与转折"),
    "trends_how": _t(
        "Slope: Theil-Sen, the median over all pairs of years. p: exact Mann-Kendall test, corrected after Holm. "
        "Below four years no trend is told. Turn: the split of a speech with the largest fall of the story share, "
        "tested by shuffling blocks of sentences.",
        "斜率：Theil-Sen，即所有年份对的中位数。p：Mann-Kendall 精确检验，经 Holm 校正。少于四年不谈趋势。"
        "转折：故事占比下降最大的分割点，以打乱句块检验。",
    ),
    "no_answer": _t(
        "There is too little here for an answer in one sentence; the figures below say what is known.",
        "材料太少，一句话说不出结论；下面的图表给出已知的部分。",
    ),
    "shape": _t("The shape of each speech", "每场演讲的形状"),
    "shape_nav": _t("Shape", "形状"),
    "shape_how": _t(
        "One strip a speech, read from left to right. Each sentence is as wide as it lasts; colour and height "
        "say what it does. The band below is the same, without the flicker.",
        "一场演讲一条，从左读到右。每句话的宽度是它的时长，颜色和高度表示它在做什么。下面的色带去掉了细碎的跳动。",
    ),
    "shape_use": _t(
        "Point at a strip to read the sentence; click to hear it and to open the reader there.",
        "指向任意位置可读到那句话；点击可播放，并在下方全文中打开。",
    ),
    "by_minutes": _t("minutes", "分钟"),
    "by_characters": _t("characters", "字"),
    "by_words": _t("words", "词"),
    "hinge": _t("turn", "转折"),
    "hinge_key": _t("turn from story to product, with its interval", "从故事转向产品之处及其区间"),
    "slogan": _t("slogan", "金句"),
    "slogan_key": _t("slogan (a speech's twelve best)", "金句（每场最好的十二句）"),
    "applause": _t("applause", "掌声"),
    "laughter": _t("laughter", "笑声"),
    "cheer": _t("cheer", "欢呼"),
    "not_speech": _t("not the speech", "非演讲内容"),
    "mix": _t("Story, product and the rest", "故事、产品与其余"),
    "mix_nav": _t("Story and product", "故事与产品"),
    "emotion": _t("Emotion", "情感"),
    "figures": _t("Figures of speech", "修辞手法"),
    "figures_nav": _t("Figures", "修辞"),
    "lines": _t("Lines made to be quoted", "金句"),
    "lines_nav": _t("Lines", "金句"),
    "speakers": _t("Speakers side by side", "演讲者对照"),
    "speakers_nav": _t("Speakers", "对照"),
    "reader": _t("Read and listen", "阅读与聆听"),
    "reader_nav": _t("Reader", "全文"),
    "methods": _t("Methods and limits", "方法与局限"),
    "methods_nav": _t("Methods", "方法"),
    "how": _t("How to read this", "读法"),
    "numbers": _t("The numbers", "数据表"),
    "csv": _t("Data (CSV)", "数据（CSV）"),
    "evidence": _t("In their words", "原话"),
    "series": _t("Speaker", "演讲者"),
    "group": _t("Group", "组"),
    "year": _t("Year", "年份"),
    "measure": _t("Measure", "指标"),
    "value": _t("Value", "数值"),
    "interval": _t("95% interval", "95% 区间"),
    "n": _t("Sentences", "句数"),
    "n_speeches": _t("Speeches", "场次"),
    "unit": _t("Unit", "单位"),
    "difference": _t("Difference", "差异"),
    "board_how": _t(
        "Ranked by score: 0 to 100, from the marks that fired. The board holds at most 40 lines, 8 of a speech. A star "
        "in the reader marks the lines from 60 on.",
        "按得分排序：0 到 100，依据触发的特征。榜上最多 40 句，每场最多 8 句。全文中的 ★ 标出 60 分及以上的句子。",
    ),
    "board": _t("The board", "金句榜"),
    "score": _t("score", "得分"),
    "lineage": _t("Lines that came back changed", "换了说法又回来的句子"),
    "lineage_how": _t(
        "First the line as it was said the first time, then each return. What is new against the one before is marked.",
        "先是最早的说法，其后是每一次重现；与前一次不同的字词有标记。",
    ),
    "word_for_word": _t("Also said again, word for word", "另有原样重现的句子"),
    "alike": _t("alike", "相似"),
    "no_slogans": _t("No line scored high enough for the board.", "没有句子的得分高到可以上榜。"),
    "no_lineage": _t("No line came back changed.", "没有换了说法又回来的句子。"),
    "no_emotions": _t("No strong emotional phrase was found.", "没有找到强烈的情感表达。"),
    "strongest": _t("The strongest phrases", "最强烈的表达"),
    "strongest_how": _t(
        "The marked words name, show or invite the feeling; dots give the intensity, 1 to 3. At most 8 of a speech.",
        "标出的词语说出、流露或唤起情感；圆点是强度，1 到 3。每场最多 8 句。",
    ),
    "speakers_how": _t(
        "All years of a speaker together. A difference is told only where its interval leaves out zero.",
        "每位演讲者各年合计。只有区间不含零，才说有差异。",
    ),
    "units_differ": _t(
        "Characters and words are different units: densities are compared only within a language.",
        "字与词是不同的单位：密度只在同一种语言内比较。",
    ),
    "speech": _t("Speech", "演讲"),
    "search": _t("Search", "搜索"),
    "show_only": _t("Show only", "只看"),
    "reader_how": _t(
        "Click a sentence to hear it. Margin: what the sentence does. Underline: emotional phrase, thicker is "
        "stronger. Dotted box: figure of speech. ★: slogan. Select words to copy them with their source.",
        "点击句子即可播放。左侧：这句话的功能。下划线：情感表达，越粗越强。虚线框：修辞手法。★：金句。选中文字可连同出处一起复制。",
    ),
    "emotional": _t("emotion", "情感"),
    "figure": _t("figure", "修辞"),
    "no_script": _t(
        "The reader needs JavaScript. Here is the text of the first speech.",
        "全文阅读需要 JavaScript。以下是第一场演讲的文字。",
    ),
    "coded": _t(
        "Every sentence was coded by a model that was trained on sentences coded by a language model with the "
        "codebook. It was not validated by people. Read the shares as an instrument's reading, and check what you "
        "quote against the sound.",
        "每句话由模型编码；训练它的句子由语言模型按编码手册编码，未经人工验证。请把占比当作仪器的读数，引用之前请对照录音核实。",
    ),
    "coded_with_people": _t(
        "Sentences were coded by a model that was trained on sentences coded by a language model with the codebook; "
        "where people coded a sentence, their codes stand instead.",
        "句子由模型编码；训练它的句子由语言模型按编码手册编码。凡由人编码的句子，以人的编码为准。",
    ),
    "codebook": _t("What the labels mean", "标签的含义"),
    "made_with": _t("Made with", "生成信息"),
    "again": _t("To make this page again, in the archive's folder:", "在档案文件夹中重新生成本页："),
    "arcs": _t("Where in the speech the feelings stand", "情感在演讲的什么位置"),
    "arcs_how": _t(
        "From the beginning of each speech to its end: intensities of its emotional phrases by length. Dot: a "
        "twentieth of the speech; line: the same, smoothed. Peaks are not tested: any speech has some by chance.",
        "从每场演讲的开头到结尾：单位篇幅的情感强度之和。圆点：全场的二十分之一；曲线：平滑后的同一数值。高峰未经检验：任何演讲都会偶然出现高峰。",
    ),
    "arcs_more": _t("In the file only, speeches:", "仅见于数据文件的演讲场数："),
    "all_numbers": _t("All its numbers:", "全部数字："),
    "definition": _t("What it is", "定义"),
    "formula": _t("Formula", "公式"),
    "counted_by": _t("Counted by", "计量"),
    "interval_method": _t("Interval", "区间方法"),
    "source": _t("Source", "来源"),
    "footer": _t(
        "Everything on this page is in this file; nothing is fetched from the network.",
        "本页全部内容都在这一个文件里，不从网络读取任何东西。",
    ),
    "close": _t("Close the player", "关闭播放器"),
    "player": _t("Player", "播放器"),
    "cannot_tell": _t("cannot be told", "无法判断"),
    "untimed": _t("no times", "无时间"),
    "sentences_n": _t("sentences", "句"),
}

SCRIPT: dict[str, Text] = {
    "search_hint": _t("a word or phrase", "字词或短语"),
    "no_recording": _t(
        "There is no recording of this speech to play; the reader shows the sentence.",
        "这场演讲没有可播放的录音；全文中已定位到该句。",
    ),
    "cannot_play": _t(
        "The recording cannot be loaded: {file}. Keep the folder of recordings where it was when the report was made.",
        "无法载入录音：{file}。请让录音文件夹保持在生成报告时的位置。",
    ),
    "left_out": _t("⋯ {n} left out", "⋯ 略去 {n} 句"),
    "play_from": _t("Play from {t}", "从 {t} 播放"),
    "one_sentence": _t("1 sentence", "共 1 句"), "all_sentences": _t("{n} sentences", "共 {n} 句"),
    "some_sentences": _t("{n} of {of} sentences", "{of} 句中的 {n} 句"),
    "no_hits": _t("no sentence has these words", "没有句子含有该词"),
    "no_hits_here": _t("no sentence shown here has these words", "此处显示的句子都不含该词"),
    "hits": _t("{n} with the words; Enter goes to the next", "{n} 句含有该词；回车跳到下一处"),
    "strip": _t("Sentences of the speech {name}", "演讲 {name} 的句子"),
    "slogan": PAGE["slogan"],
    "copy": _t("Copy quote with citation", "复制引文及出处"),
    "copied": _t("Copied", "已复制"),
    "theme_label": _t("Dark theme", "深色主题"),
    "search_label": _t("Search in the speech", "在演讲中搜索"),
    "speech_label": _t("Choose a speech", "选择演讲"),
    "close_label": PAGE["close"],
    "player_label": PAGE["player"],
    "contents_label": PAGE["contents"],
    "answer_label": PAGE["answer"],
    "language_label": PAGE["language"],
}

# panel -> its name, and one line how to read it
PANELS: dict[str, tuple[Text, Text]] = {
    "story": (
        _t("Story and product, share of the stage", "故事与产品占全场的比例"),
        _t(
            "Circle: story. Square: product. The line through each is its 95% interval; where two intervals overlap "
            "widely, do not read a difference.",
            "圆点：故事；方块：产品。竖线是 95% 区间；区间大幅重叠时，不要解读为差异。",
        ),
    ),
    "ratio": (
        _t("Story to product", "故事与产品之比"),
        _t(
            "Of the time that goes to story or product, the part that goes to story. At 50% both have the same room.",
            "在讲故事与讲产品的时间里，讲故事的部分。50% 表示两者一样多。",
        ),
    ),
    "composition": (
        _t("What each speech is made of", "每场演讲由什么构成"),
        _t(
            "Each bar is the whole speech, in per cent. Point at a part for its 95% interval; the numbers below hold "
            "them all.",
            "每条是整场演讲（%）。指向某一部分可看到它的 95% 区间；下方的数据表列出全部区间。",
        ),
    ),
    "owners": (
        _t("Whose stories are told", "讲的是谁的故事"),
        _t(
            "Each bar is all stories together, in per cent, split by whose goal they follow. Point at a part for its "
            "95% interval; the numbers below hold them all.",
            "每条是全部故事（%），按故事追随谁的目标划分。指向某一部分可看到它的 95% 区间；下方的数据表列出全部区间。",
        ),
    ),
    "density": (
        _t("How often: emotional phrases", "多频繁：情感表达"),
        _t(
            "Emotional phrases by length of text. The line through each dot is its 95% interval.",
            "按篇幅计的情感表达数。竖线是 95% 区间。",
        ),
    ),
    "intensity": (
        _t("How strong: mean intensity", "多强烈：平均强度"),
        _t(
            "The mean over all emotional phrases: 1 mild or conventional, 2 clear, 3 strong, bodily or climactic.",
            "全部情感表达的平均强度：1 轻微或客套，2 明确，3 强烈、切身或处于高潮。",
        ),
    ),
    "figures": (
        _t("How often each figure is used", "每种手法的频度"),
        _t(
            "Bars start at zero and share one axis within a language. The thin line is the 95% interval.",
            "条形从零开始，同一语言内共用一条轴。细线是 95% 区间。",
        ),
    ),
}
# panel -> what is said where none of its groups has anything to count
NOTHING: dict[str, Text] = {
    "story": _t("Nothing here was read as the speech itself.", "没有内容被判读为演讲本身。"),
    "composition": _t("Nothing here was read as the speech itself.", "没有内容被判读为演讲本身。"),
    "ratio": _t("Neither a story nor a product was found.", "没有找到故事，也没有找到产品。"),
    "owners": _t("No story was found.", "没有找到故事。"),
    "density": _t("There is no text to count phrases in.", "没有可供统计的文字。"),
    "intensity": _t("No emotional phrase was found.", "没有找到情感表达。"),
}
DENSITY_OF_MIXED_UNITS = _t(
    "Emotional phrases by length of text. Characters (Chinese) and words (English) are different units: do not compare "
    "across the two charts.",
    "按篇幅计的情感表达数。字（中文）与词（英文）单位不同，两图之间不能比较。",
)
OWNERS_DOUBTED = _t(
    "The reader often mistakes whose a story is: take these bars for a first sorting, and check the sentences.",
    "分类器常常判错故事的主人公：这些条形只是初步分类，请逐句核对。",
)
