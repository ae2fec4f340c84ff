"""The words of the chapters (questions, words, retold passages, manner, norms), in both languages."""

from __future__ import annotations

from rhetoric.types import Text


def _t(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh)


CHAPTERS: dict[str, Text] = {
    "questions": _t("Six questions", "六个问题"),
    "questions_nav": _t("Questions", "问题"),
    "questions_how": _t(
        "One answer a speaker, with its interval; the trends are folded under it, their p corrected for all questions "
        "together, those of the turns for all speeches of the speaker.",
        "每位演讲者一个回答和区间；趋势折叠在下方，p 值按全部问题一起校正；转折的 p 值按该演讲者的全部演讲一起校正。"),
    "words": _t("Words that set them apart", "特征词"),
    "words_nav": _t("Words", "用词"),
    "keywords": _t("The words of each group", "各组的特征词"),
    "keywords_how": _t(
        "Words and terms said more than in the rest, the surest first; the bar is z (2 and more is told), the numbers "
        "are uses here : in the rest. “One speech” marks a word of one speech only; “one place” one that stands in one "
        "passage.",
        "比其余部分说得更多的词语，最确定的在前；横条是 z 值（2 以上才列出），数字是此处次数 : 其余次数。"
        "“仅一场”只出自一场演讲；“仅一处”集中在一段话里。"),
    "one_speech": _t("one speech", "仅一场"),
    "one_place": _t("one place", "仅一处"),
    "no_keywords": _t("No word sets it apart.", "没有特征词。"),
    "speech_words": _t("The theme words of each speech, against the rest of its archive",
                       "每场演讲相对其余各场的主题词"),
    "spread": _t("Where recurring terms stand", "反复出现的词组在哪里"),
    "more_spread": _t("More terms", "更多词组"),
    "spread_how": _t(
        "One row a speech, from its beginning to its end; a tick wherever the term is said. Evenness (DP): 0 in all "
        "speeches alike, 1 in one alone.",
        "一行一场演讲，从开头到结尾；每说一次画一道。均匀度（DP）：0 为各场均匀，1 为只在一场。"),
    "begin": _t("beginning", "开头"), "end": _t("end", "结尾"),
    "frames": _t("Sentence frames", "句式"),
    "frames_how": _t("Frames with open slots, how often, and their first and last use. Marked: the words that fill it.",
                     "带空位的句式、次数、首次与末次使用；标出的是填入的词句。"),
    "frame": _t("Frame", "句式"), "uses": _t("Uses", "次数"), "first_use": _t("First use", "首次"),
    "last_use": _t("Last use", "末次"),
    "retold": _t("Told again", "又讲一遍"),
    "retold_nav": _t("Told again", "重讲"),
    "retold_how": _t(
        "Passages that return in a later speech, stories first. In the later one, what is new is marked.",
        "在后来的演讲里又出现的段落，故事在前；后一次里新的字词有标记。"),
    "no_retold": _t("No passage of an earlier speech was told again.", "没有重讲过的段落。"),
    "same": _t("the same words", "用词相同"),
    "more_retold": _t("More told again", "更多重讲的段落"),
    "novelty": _t("How new the stories are", "故事有多新"),
    "novelty_how": _t(
        "One dot a story: the part of its wording that no earlier speech has. 100% is all new.",
        "一个圆点是一个故事：措辞中此前各场没有出现过的部分；100% 为全新。"),
    "no_novelty": _t("There is no story with an earlier speech to compare.", "没有可与此前演讲比较的故事。"),
    "manner": _t("Manner of speech", "语言习惯"),
    "manner_nav": _t("Manner", "习惯"),
    "manner_how": _t(
        "Near dots use little words (“and”, “this”, 就, 都) alike. Distance: Burrows’ Delta; only nearness has a "
        "meaning, the axes have none.",
        "相近的圆点，虚词（就、都、and、this）用法相近。距离：Burrows Delta；只有远近有意义，坐标轴没有意义。"),
    "kept": _t("of the distances shown", "的距离得以呈现"),
    "features": _t("function words", "虚词"),
    "apart": _t("How far apart, and by which words", "相距多远，差在哪些词"),
    "apart_wordless": _t("How far apart", "相距多远"),
    "apart_how": _t("The speeches are too few to say by which words: each would differ by about as much.",
                    "场次太少，说不出差在哪些词：个个都会相差得差不多。"),
    "pair": _t("Pair", "对比"), "distance": _t("Distance", "距离"),
    "by_words": _t("Said more by the first (+) or the second (−)", "前者更多（+）或后者更多（−）"),
    "too_few_words": _t("too few speeches to tell", "场次太少，说不出"),
    "at_home": _t("Said by one, at home with the other", "像对方说的话"),
    "at_home_how": _t(
        "Sentences whose words the other speaker uses more; marked is the word that speaks most for it.",
        "用词更像另一位演讲者的句子；标出的是最像的词。"),
    "norms": _t("Against other speeches", "与其他演讲相比"),
    "norms_nav": _t("Norms", "常模"),
    "norms_how": _t(
        "Percentile among the reference speeches of the language: 50 is the middle one, the shaded half lies between "
        "25 and 75. The line is the 95% interval for so many speeches.",
        "在同一语言参照演讲中的百分位：50 为居中，阴影为 25～75。横线是该数量演讲的 95% 区间。"),
    "reader_holds": _t(
        "There are {n} speeches; the strips and the reader hold the {held} most quoted of them. A report of fewer: "
        "--from, --to, --speaker.",
        "共 {n} 场演讲；色带与全文只收引用最多的 {held} 场。"
        "如需其余各场，请用 --from、--to、--speaker 生成较小的报告。"),
    "middle_dots": _t(
        "more speeches than dots: each dot of a group is its middle speech, the line the middle half of them",
        "演讲多于圆点：每组一点，取居中的一场，线段为居中的一半"),
    "more_groups": _t("More groups", "更多分组"),
    "mean": _t("mean", "平均"), "peak": _t("peaks", "最强段落"),
    "shown": _t("shown", "讲出来"), "general": _t("general", "泛用"),
}
AGENT_NAMES = (_t("I", "我"), _t("we", "我们"), _t("company", "公司"), _t("product", "产品"))
# question -> one line how to read its figure
QUESTION_HOW: dict[str, Text] = {
    "hinge": _t("Dot: how far into the speech it turns from story to product; the line is the 95% interval. No dot: no "
                "clear turn.", "圆点：演讲进行到哪里从故事转向产品，竖线是 95% 区间；没有圆点表示看不出转折。"),
    "borrowed": _t("Other people’s stories as a part of all stories. Whose a story is, is what the reader tells worst: "
                   "check the quotes.", "别人的故事占全部故事的比例。故事属于谁是分类器判断得最差的一项，请核对原话。"),
    "inflation": _t("Sum of intensities by length. Circle: the whole speech. Square: its peaks, the strongest passages "
                    "(95th percentile of windows of 500 characters or 300 words).",
                    "单位篇幅的情感强度之和。圆点：全场；方块：最强段落（500 字或 300 词窗口的第 95 百分位）。"),
    "founder": _t("Of a hundred who act, in each kind of text, over all speeches.",
                  "各类内容中每一百个行动者的构成，各场合计。"),
    "participation": _t("Sentences with words that call on the hall to come along, stand by, witness, try or buy, by "
                        "length; “let’s look” and what directs a demonstration do not count.",
                        "单位篇幅里含有号召同行、支持、见证、体验或购买等词语的句子；“我们一起来看”之类和演示中的指引不算。"),
    "theme": _t("Circle: the part of the theme’s uses in or beside a story. Square: the part of the other speeches "
                "that say it too. A theme is the catalog’s, or the title or a slogan that the speech says three times.",
                "圆点：主题词用在故事里或故事旁的部分；方块：其他演讲中也说到它的比例。"
                "主题取自目录，或取演讲中说到三次的标题或金句。"),
}
