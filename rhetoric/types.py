"""Every noun of the product, as frozen dataclasses. Read this file first.

Conventions: seconds end in `_s`; `char_start`/`char_end` are offsets into `Speech.text`, the end exclusive;
shares are 0..1; a field that may be unknown is `None`, never a magic number. A speech that came as text has no
times: then every `start_s` and `end_s` is `None`. Counts are kept and divided last, so results can be added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

TRANSCRIPT_SCHEMA = 1
ANALYSIS_SCHEMA = 1
COMPARISON_SCHEMA = 2

Option = str | int | float | bool

# Flags of segments that a recogniser invented, as far as can be told: they stay in the transcript and are left out of
# everything else. What each means is said in `transcribe/quarantine.py`.
QUARANTINE = frozenset({"credit", "echo", "impossible_rate", "loop", "no_speech"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What was recorded and by whom: a row of `audio/catalog.csv`.

    `file` is a path in `audio/` or a URL; it is empty for a speech known as text only.
    """

    speech_id: str
    file: str = ""
    speaker: str = ""
    organisation: str = ""
    event: str = ""
    date: str = ""  # ISO: 2024, 2024-07 or 2024-07-19
    language: str = ""  # "zh", "en" or "" = to be detected
    title: str = ""
    source: str = ""
    licence: str = ""
    note: str = ""
    sha256: str = ""
    duration_s: float | None = None
    extra: Mapping[str, str] = field(default_factory=dict)  # columns of the user's own, kept as they are

    @property
    def year(self) -> int | None:
        """The year of the date, or None where no date is known."""
        return int(self.date[:4]) if self.date else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a segment with its times, as an engine heard it."""

    text: str
    start_s: float
    end_s: float
    probability: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A misheard name that was replaced: `said` stood where `written` stands now, from `char_start` of the text on.

    `words` are those that the word `word_index` replaced, so that a repair can be undone to the letter; empty where a
    segment has no words, or none that are parts of its text.
    """

    said: str
    written: str
    char_start: int
    word_index: int = 0
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a transcript. `flags` say what is special: `event:applause`, `low_confidence`, `repaired`,
    `punctuated` (marks were put in that the recogniser had left out), ...

    `repairs` are in the order of the text.
    """

    text: str
    start_s: float | None = None
    end_s: float | None = None
    words: tuple[Word, ...] = ()
    speaker: str = ""
    flags: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()

    @property
    def quarantined(self) -> bool:
        """True for a text that was probably never said; it counts for nothing."""
        return not QUARANTINE.isdisjoint(self.flags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was said, as one engine or one caption file has it: `transcripts/<speech_id>.json`.

    `engine` is the name of a recogniser (`faster-whisper`) or `import:<format>`; `options` hold everything that shaped
    the text (beam size, VAD, script conversion, source file name), so that the same bytes and options give the same
    transcript.
    """

    schema_version: int = TRANSCRIPT_SCHEMA
    speech_id: str
    audio_sha256: str = ""
    engine: str
    engine_version: str = ""
    model: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)
    language: str
    language_probability: float | None = None
    duration_s: float | None = None
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word or punctuation mark of a sentence; `text` is `speech.text[char_start:char_end]`."""

    text: str
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The unit of coding. `size` counts its Chinese characters (zh) or words (en), punctuation left out."""

    index: int
    char_start: int
    char_end: int
    tokens: tuple[Token, ...]
    size: int
    start_s: float | None = None
    end_s: float | None = None
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Applause, laughter, music: what is no speech. It lies after sentence `after_index` (-1: before all)."""

    kind: str
    after_index: int
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the sentence reader says of one sentence: probabilities over `codebook.FUNCTIONS`, summing to 1.

    `reasons` are the words that spoke most for the likeliest label. The others are what the encoder's heads say, and
    empty (None) where a reader has none: `emotion` over none and `codebook.EMOTIONS`, summing to 1; `intensity` over
    1..3, should there be an emotion; `figures`, for each of `codebook.FIGURES`, that the sentence has it; `slogan`.
    """

    function: tuple[float, ...]
    reasons: tuple[str, ...] = ()
    emotion: tuple[float, ...] = ()
    intensity: tuple[float, ...] = ()
    figures: tuple[float, ...] = ()
    slogan: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareError:
    """How far the reader's count of a share lies off a careful coder's: see `rhetoric.share_errors`.

    `metric` as the stages name it ("share_story"); `between` in radians; `speeches` that it is fitted on.
    """

    metric: str
    between: float
    within: float
    speeches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that a person marked in a sentence: a label, and where it has one, an intensity (0: none given).

    `char_start`/`char_end` are offsets into the sentence; None: the whole of it.
    """

    label: str
    intensity: int = 0
    char_start: int | None = None
    char_end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a person says of one sentence; it wins over the models. `text_sha256` says which words were judged.

    `function` is empty where it was not judged; `marks` holds, for each stage that was judged ("emotion", "slogans",
    "figures"), what is there: an empty tuple says that nothing is. `source` is the hash of the file it came in,
    `model_function` what the reader said when it came.
    """

    sentence_index: int
    text_sha256: str
    function: str = ""
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    coder: str = ""
    source: str = ""
    model_function: str = ""

    @property
    def origin(self) -> str:
        """Who says so, and in which file."""
        return f"{self.coder}, file {self.source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A transcript made ready for the stages: one text, its sentences with times, and the reader's readings.

    `readings` is empty until the reader ran; then it is as long as `sentences`. `share_errors` are what is known of how
    that reader errs in shares; `codes` are what people say of some sentences, in the order of the text.
    """

    speech_id: str
    language: str  # "zh" or "en"
    text: str
    sentences: tuple[Sentence, ...]
    events: tuple[Event, ...] = ()
    readings: tuple[Reading, ...] = ()
    share_errors: tuple[ShareError, ...] = ()
    codes: tuple[Code, ...] = ()
    duration_s: float | None = None

    @property
    def timed(self) -> bool:
        """True if every sentence has times."""
        return bool(self.sentences) and all(s.start_s is not None and s.end_s is not None for s in self.sentences)

    @property
    def size_unit(self) -> str:
        """What `Sentence.size` counts: "characters" (zh) or "words" (en)."""
        return "characters" if self.language == "zh" else "words"

    def text_of(self, sentence: Sentence) -> str:
        """The words of a sentence."""
        return self.text[sentence.char_start : sentence.char_end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a stage found at a place. `score` means what the stage says (probability, intensity, 0..100).

    `evidence` are the marks that fired, readable by a user. Times are those of the sentence unless given.
    """

    label: str
    sentence_index: int
    char_start: int
    char_end: int
    score: float
    evidence: tuple[str, ...] = ()
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A number of one speech, kept as counts. `low`/`high` bound the value (95 %) where the stage computed it."""

    name: str
    numerator: float
    denominator: float
    unit: str
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> float | None:
        """numerator / denominator, or None where the denominator is 0."""
        return self.numerator / self.denominator if self.denominator else None

    def __add__(self, other: Metric) -> Metric:
        """Pool two speeches: counts add; intervals do not and are dropped."""
        if (self.name, self.unit) != (other.name, other.unit):
            raise ValueError(f"cannot add {self.name} [{self.unit}] and {other.name} [{other.unit}]")
        return Metric(name=self.name, numerator=self.numerator + other.numerator,
                      denominator=self.denominator + other.denominator, unit=self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageResult:
    """What a stage says of one speech."""

    findings: tuple[Finding, ...] = ()
    metrics: tuple[Metric, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage is a value: `run(speech, options)` is pure - same input, same bytes; it touches only its arguments.

    `labels` and `metrics` declare all names that `run` may use; `options` are the defaults a user can override.
    """

    name: str
    version: str
    languages: tuple[str, ...]
    labels: tuple[str, ...]
    metrics: tuple[str, ...]
    run: Callable[[Speech, Mapping[str, Option]], StageResult]
    options: Mapping[str, Option] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRun:
    """How one stage went on one speech: `error` is empty where it went well."""

    stage: str
    version: str
    error: str = ""
    result: StageResult = field(default_factory=StageResult)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Everything the stages say of one speech, with what it was computed from."""

    schema_version: int = ANALYSIS_SCHEMA
    recording: Recording
    speech: Speech
    runs: tuple[StageRun, ...]
    engine: str = ""
    model: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)  # name -> hash or version


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The analyses of an archive in long form, one thing a row; columns and types are in `tables.SCHEMAS`."""

    speeches: pandas.DataFrame
    sentences: pandas.DataFrame
    findings: pandas.DataFrame
    metrics: pandas.DataFrame
    runs: pandas.DataFrame


# --- Comparison: what a report shows -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A sentence for the reader in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Evidence: words of a speech with their place and, where known, their second."""

    speech_id: str
    sentence_index: int
    text: str
    label: str = ""
    score: float | None = None
    marks: tuple[str, ...] = ()
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A metric of one group of one series with its interval. A group of a series may hold several speeches.

    `low`/`high` bound the value at 95 %; None where it cannot be told. `basis` says by which counts
    ("seconds", "characters", "words"); `interval` names the method in words.
    """

    metric: str
    series: str
    group: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    numerator: float
    denominator: float
    basis: str
    interval: str
    n_speeches: int
    n_sentences: int
    minutes: float | None
    size: int
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """How a metric moves over the years of one series. `told` is False where no trend can be told; `text` says why."""

    metric: str
    series: str
    told: bool
    slope_per_year: float | None
    low: float | None
    high: float | None
    p: float | None
    n_speeches: int
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`b` minus `a` for one metric, with its interval."""

    metric: str
    series: str
    a: str
    b: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """A line or frame that returns changed: its quotes in the order of time, and how alike they are (0..1)."""

    kind: str  # "slogan" or "frame"
    series: str
    similarity: float
    quotes: tuple[Quote, ...]
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A finding in a sentence, first on the page; `detail` is its small print (interval, n), `panel` its chart."""

    key: str
    panel: str
    text: Text
    detail: Text
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What to doubt."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Hinge:
    """Where a speech turns from story to product. `told` is False where no turn can be told."""

    speech_id: str
    told: bool
    sentence_index: int | None
    at_s: float | None
    at_share: float | None  # of the speech's time, or of its characters
    low_share: float | None
    high_share: float | None
    p: float | None
    before: float | None  # story share before and after
    after: float | None
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechCard:
    """One speech of a comparison, as its card and its ribbon need it."""

    speech_id: str
    series: str
    group: str
    speaker: str
    organisation: str
    event: str
    title: str
    date: str
    year: int | None
    language: str
    timed: bool
    duration_s: float | None
    n_sentences: int
    size: int
    size_unit: str
    engine: str
    model: str
    audio: str = ""  # path relative to the archive, "" where there is none


# --- Comparison: words, passages and manners of speech --------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTerm:
    """A word or term that a group uses more than the rest of its field.

    `log_odds` is the difference of log-odds with its 95 % interval, `z` that difference over its standard error.
    `dispersion` is Gries' DP over the group's speeches (over tenths of a speech where the group is one): 0 evenly
    spread, 1 in one part alone; None where it has one part.
    """

    term: str
    n_words: int
    z: float
    log_odds: float
    low: float
    high: float
    count: int
    rest_count: int
    n_speeches: int
    dispersion: float | None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyness:
    """The key terms of one group against the rest of its field (the speeches it may be compared with).

    `kind` is "group", or "speech" for the theme words of one speech (then `group` is its id). Sizes are words.
    """

    kind: str
    field: str
    group: str
    size: int
    rest_size: int
    n_speeches: int
    terms: tuple[KeyTerm, ...]
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechPlaces:
    """Where a term stands in one speech: `places` are shares of its time (or size), ascending."""

    speech_id: str
    places: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where a term of several words stands in each speech of a series; `dispersion` is Gries' DP over the speeches."""

    term: str
    series: str
    count: int
    dispersion: float | None
    speeches: tuple[SpeechPlaces, ...]
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """A passage told again: `a` the earlier, `b` the later quote; `similarity` of their words 0..1 (alignment)."""

    series: str
    similarity: float
    a: Quote
    b: Quote
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Novelty:
    """How new a story is: the share of its shingles that no earlier speech of the series has.

    The story runs from `first_sentence` to `last_sentence` (indices). `told` is False where nothing comes before it.
    """

    speech_id: str
    series: str
    first_sentence: int
    last_sentence: int
    start_s: float | None
    size: int
    told: bool
    novelty: float | None
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleFeature:
    """A feature that drives a distance: how many standard deviations `a` lies above `b`."""

    feature: str
    difference: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleDistance:
    """How far two speeches or speakers are apart in manner (Burrows' Delta), with the features that drive it."""

    a: str
    b: str
    value: float
    low: float | None
    high: float | None
    features: tuple[StyleFeature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StylePoint:
    """A speech or a speaker on the map; `size` in words."""

    name: str
    series: str
    label: str
    x: float
    y: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleMap:
    """The manners of one language in two dimensions (classical scaling of the distances).

    `kind` is "speech" or "speaker"; `kept` is the share of the squared distances that the two axes hold.
    """

    kind: str
    language: str
    n_features: int
    kept: float
    points: tuple[StylePoint, ...]
    distances: tuple[StyleDistance, ...]
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """The sentences of `guest` that would be most at home among those of `host`: quotes with a log-likelihood ratio."""

    host: str
    guest: str
    language: str
    quotes: tuple[Quote, ...]
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Where a value stands among the speeches of a reference archive: its percentile with its interval."""

    metric: str
    series: str
    group: str
    language: str
    value: float
    unit: str
    percentile: float
    low: float
    high: float
    n_speeches: int
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question asked of one series, answered with rows, trends and quotes; `told` is False where it cannot be."""

    key: str
    series: str
    told: bool
    question: Text
    text: Text
    detail: Text
    rows: tuple[Row, ...] = ()
    trends: tuple[Trend, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A frame with open slots ("不是 X，而是 Y") over the speeches of a series: how often, first and last use."""

    frame: str
    series: str
    count: int
    n_speeches: int
    first: Quote
    last: Quote
    by_group: tuple[tuple[str, int, float], ...]  # group, uses, uses per 1,000 characters or words
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from group to group: everything a report says, as data (`reports/<name>/comparison.json`).

    `by` is the catalog column that makes the groups; `series` are lines that must not be pooled (a speaker in a
    language). Order of `groups`, `series` and `speeches` is the order of print.
    """

    schema_version: int = COMPARISON_SCHEMA
    title: Text
    by: str
    groups: tuple[str, ...]
    series: tuple[str, ...]
    speeches: tuple[SpeechCard, ...]
    answers: tuple[Answer, ...]
    alerts: tuple[Alert, ...]
    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]
    trends: tuple[Trend, ...]
    hinges: tuple[Hinge, ...]
    slogans: tuple[Quote, ...]
    emotions: tuple[Quote, ...]
    lineages: tuple[Lineage, ...]
    only: tuple[str, ...] = ()  # function groups that alone were counted; empty: all
    pooled: tuple[Row, ...] = ()  # each metric over all speeches of a series, with an empty `group`
    keyness: tuple[Keyness, ...] = ()
    spreads: tuple[Spread, ...] = ()
    templates: tuple[Template, ...] = ()
    retold: tuple[Retold, ...] = ()
    novelty: tuple[Novelty, ...] = ()
    style: tuple[StyleMap, ...] = ()
    at_home: tuple[AtHome, ...] = ()
    questions: tuple[Question, ...] = ()
    norms: tuple[Norm, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
