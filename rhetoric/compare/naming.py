"""Names: of speakers and groups as users spell them, and of metrics as readers read them."""

from __future__ import annotations

import unicodedata

from rhetoric.codebook import FIGURE_NAMES, GROUP_NAMES
from rhetoric.types import Text

_COLUMN_ZH = {"speaker": "演讲者", "event": "活动", "organisation": "机构", "language": "语言", "title": "标题"}


def undated() -> str:
    """The group of speeches without a date."""
    return "undated"


def unknown(column: str) -> str:
    """The group of speeches that say nothing in a column."""
    return f"unknown {column}"


def shown(name: str) -> Text:
    """A series or group in both languages: only the names made here are translated, those of users stay."""
    bare, _, language = name.partition(" (")
    tail = f" ({language}" if language else ""
    if bare == undated():
        return Text(en="the undated speeches", zh="未注明日期的演讲")
    if bare.startswith("unknown "):
        column = bare.removeprefix("unknown ")
        return Text(en=f"an {bare}{tail}", zh=f"未知{_COLUMN_ZH.get(column, ' ' + column)}{tail}")
    return Text(en=name, zh=name)


class Spelling:
    """Keep the first spelling of names that differ only in case, width or spaces; remember which were respelled."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self.changed: list[tuple[str, str]] = []

    def keep(self, name: str) -> str:
        """The spelling under which `name` was first met."""
        tidy = " ".join(name.split())
        key = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
        first = self._first.setdefault(key, tidy)
        if first != tidy and (tidy, first) not in self.changed:
            self.changed.append((tidy, first))
        return first


METRIC_NAMES: dict[str, Text] = {
    **{f"share_{key}": Text(en=f"the share of {en}", zh=f"{zh}的占比") for key, (en, zh) in GROUP_NAMES.items()},
    "share_other": Text(en="the share of stage business and talk to the hall", zh="流程与现场互动的占比"),
    "story_to_product": Text(en="the story-to-product ratio", zh="故事与产品之比"),
    "owner_founder_story": Text(en="the founder’s part of the stories", zh="创始人故事在故事中的占比"),
    "owner_company_story": Text(en="the company’s part of the stories", zh="公司故事在故事中的占比"),
    "owner_borrowed_story": Text(en="other people’s part of the stories", zh="他人故事在故事中的占比"),
    "emotion_density": Text(en="the density of emotional phrases", zh="情感表达的密度"),
    "emotion_intensity": Text(en="the mean intensity of emotion", zh="情感的平均强度"),
    "emotion_strong": Text(en="the part of strong emotion", zh="强烈情感的占比"),
    "emotion_per_minute": Text(en="the rate of emotional phrases", zh="情感表达的频率"),
    "slogan_density": Text(en="the density of slogans", zh="金句的密度"),
    "emotion_load": Text(en="the emotional load", zh="情感负荷"),
    "emotion_load_p95": Text(en="the emotional load of the strongest passages", zh="最强段落的情感负荷"),
    "agent_i": Text(en="the part of “I” among those who act", zh="“我”在行动者中的占比"),
    "agent_we": Text(en="the part of “we” among those who act", zh="“我们”在行动者中的占比"),
    "agent_company": Text(en="the company’s part among those who act", zh="公司在行动者中的占比"),
    "agent_product": Text(en="the product’s part among those who act", zh="产品在行动者中的占比"),
    "appeal_density": Text(en="the density of appeals to take part", zh="参与号召的密度"),
    "share_audience": Text(en="the share of talk to the hall", zh="对现场说话的占比"),
    "theme_shown": Text(en="the part of the theme that is shown in a story", zh="主题落到故事里的部分"),
    "theme_general": Text(en="how general the theme is", zh="主题的泛用程度"),
    "hinge_place": Text(en="the place of the turn", zh="转折的位置"),
    **{f"figure_{key}": Text(en=f"the density of the figure “{en}”", zh=f"“{zh}”手法的密度")
       for key, (en, zh) in FIGURE_NAMES.items()},
    "voice_hedge": Text(en="the density of hedges", zh="缓和语的密度"),
    "voice_certainty": Text(en="the density of words of certainty", zh="确定语的密度"),
    "voice_superlative": Text(en="the density of superlatives", zh="最高级的密度"),
    "voice_promise": Text(en="the density of promises", zh="承诺的密度"),
}

def metric_name(metric: str) -> Text:
    """A metric as the reader of a sentence meets it; a figure of a user's own keeps its label."""
    label = metric.removeprefix("figure_")
    return METRIC_NAMES.get(metric, Text(en=f"the density of the figure “{label}”", zh=f"“{label}”手法的密度"))
