"""Caption files and texts: what each format says, what is put right, and what is refused with its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rhetoric.errors import FormatError
from rhetoric.transcribe.formats import export_transcript, import_transcript
from rhetoric.types import Segment, Transcript

Write = Callable[..., Path]


def rows(transcript: Transcript) -> list[tuple[float | None, float | None, str]]:
    return [(segment.start_s, segment.end_s, segment.text) for segment in transcript.segments]


def read(write: Write, name: str, content: str | bytes, **options: str) -> Transcript:
    return import_transcript(write(name, content), speech_id="x", **options)


# --- SubRip ---------------------------------------------------------------------------------------------------------

SRT = """\
1
00:00:01,000 --> 00:00:02,500
<i>Good evening</i>
everyone.

2
00:00:03,000 --> 00:00:04,000 X1:10 X2:20
{\\an8}It is 5 < 6 &

"""


def test_srt(text_file: Write) -> None:
    found = read(text_file, "a.srt", SRT)
    assert rows(found) == [(1.0, 2.5, "Good evening everyone."), (3.0, 4.0, "It is 5 < 6 &")]
    assert (found.engine, found.language, found.duration_s) == ("import:srt", "en", 4.0)
    assert found.options == {"source": "a.srt", "encoding": "utf-8"}


def test_srt_without_numbers_blank_lines_or_hours_and_with_odd_ones(text_file: Write) -> None:
    found = read(text_file, "a.srt", "00:01,5 --> 00:02\n2024\n00:00:02.000 --> 00:00:03.000\nIn\n\n3\nfour\n\n\n9\n"
                                     "00:00:05,000 --> 00:00:06,000\n7\n")
    assert rows(found) == [(1.5, 2.0, "2024"), (2.0, 3.0, "In 3 four"), (5.0, 6.0, "7")]


@pytest.mark.parametrize(("content", "said"), [
    ("1\n00:00:01,000 --> 00:00:0x,000\nHello\n", r"a\.srt:2: not a time line"),
    ("1\n00:00:01,000 -> 00:00:02,000\nHello\n", "no cue"),
    ("only words\n", "no cue"),
    ("1\n00:00:01,000 --> 00:00:02,000\n[Applause]\n", "not a spoken word"),
    ("", "empty"), (" \n\n", "empty"),
])
def test_srt_that_is_none(text_file: Write, content: str, said: str) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        read(text_file, "a.srt", content)
    assert "\n" not in str(caught.value)


# --- WebVTT ---------------------------------------------------------------------------------------------------------

VTT = """\
WEBVTT - a title
X-TIMESTAMP-MAP=MPEGTS:181083,LOCAL:00:00:00.000

STYLE
::cue { color: red }

NOTE a note
of two lines

intro
00:01.000 --> 00:02.500 A:middle line:-1
&gt;&gt; ANNA LIND: Good &amp; early.

WEBVTT
X-TIMESTAMP-MAP=MPEGTS:181083,LOCAL:00:00:00.000

00:00:02.500 --> 00:00:04.000
<c.magenta>How are</c> <b>you</b>?

00:00:04.000 --> 00:00:05.000
[ Applause ]

00:00:05.000 --> 00:00:06.000
&gt;&gt; Fine.
"""


def test_vtt(text_file: Write) -> None:
    found = read(text_file, "a.vtt", VTT)
    assert rows(found) == [(1.0, 2.5, "Good & early."), (2.5, 4.0, "How are you?"), (4.0, 5.0, "[ Applause ]"),
                           (5.0, 6.0, "Fine.")]
    assert [segment.speaker for segment in found.segments] == ["ANNA LIND", "ANNA LIND", "", ""]
    assert [segment.flags for segment in found.segments] == [(), (), ("event:applause",), ()]


def test_vtt_voices_share_their_cue(text_file: Write) -> None:
    found = read(text_file, "a.vtt", "WEBVTT\n\n00:00.000 --> 00:04.000\n<v.loud Bo Ek>Yes!</v> <v Ida>No!</v>\n\n"
                                     "00:04.000 --> 00:05.000\nplain\n")
    assert [(s.start_s, s.end_s, s.speaker, s.text) for s in found.segments][:2] == [
        (0.0, 2.286, "Bo Ek", "Yes!"), (2.286, 4.0, "Ida", "No!")]


def test_vtt_parts_with_another_clock_are_shifted(text_file: Write) -> None:
    part = "WEBVTT\nX-TIMESTAMP-MAP={}\n\n00:01.000 --> 00:02.000\n{}\n\n"
    found = read(text_file, "a.vtt", part.format("MPEGTS:900000,LOCAL:00:00:00.000", "one")
                 + part.format("LOCAL:00:00:00.000,MPEGTS:1800000", "two"))
    assert rows(found) == [(1.0, 2.0, "one"), (11.0, 12.0, "two")]


def test_vtt_that_rolls_up_is_unrolled(text_file: Write) -> None:
    blank = " "  # a line of its own in such files
    found = read(text_file, "a.vtt", f"""WEBVTT

00:00:00.000 --> 00:00:02.000
{blank}
good<00:00:00.500><c> evening</c>

00:00:02.000 --> 00:00:02.010
good evening
{blank}

00:00:02.010 --> 00:00:04.000
good evening
to<00:00:02.500><c> all</c>
""")
    assert rows(found) == [(0.0, 2.0, "good evening"), (2.01, 4.0, "to all")]
    assert found.options["repaired"] == "rolled up 2"


def test_a_line_said_twice_stays(text_file: Write) -> None:
    found = read(text_file, "a.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nThank you.\n\n"
                                     "00:01.000 --> 00:02.000\nThank you.\n")
    assert len(found.segments) == 2


@pytest.mark.parametrize(("content", "said"), [
    ("WEBVTT\n\n", "no cue"), ("WEBVTT\n\n00:00:01 --> nowhere 00:02\nx\n", r"a\.vtt:3: not a time line"),
    ("WEBVTT\n\nNOTE 1 --> 2\n", "no cue")])
def test_vtt_that_is_none(text_file: Write, content: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read(text_file, "a.vtt", content)


def test_times_are_put_in_order_and_told(text_file: Write) -> None:
    cues = [(5, 6, "five"), (1, 3, "one"), (2, 4, "two"), (2, 4, "two"), (8, 7, "eight"), (9, 10, "aa"),
            (9, 11, "bbbb")]
    found = read(text_file, "a.vtt", "WEBVTT\n\n" + "".join(
        f"00:{start:02}.000 --> 00:{end:02}.000\n{text}\n\n" for start, end, text in cues))
    assert rows(found) == [(1.0, 2.0, "one"), (2.0, 4.0, "two"), (5.0, 6.0, "five"), (8.0, 8.0, "eight"),
                           (9.0, 9.667, "aa"), (9.667, 11.0, "bbbb")]
    assert found.options["repaired"] == "backward 1, out of order 1, overlapping 2, repeated 1"
    assert found.options["repairs"] == 5


# --- text and Markdown ----------------------------------------------------------------------------------------------

def test_plain_text(text_file: Write) -> None:
    found = read(text_file, "a.txt", "大家好，\n欢迎来到今晚的发布会。\n\n（掌声）\n\n# 不是标题\n\n谢谢。\n")
    assert rows(found) == [(None, None, "大家好，欢迎来到今晚的发布会。"), (None, None, "（掌声）"),
                           (None, None, "# 不是标题"), (None, None, "谢谢。")]
    assert (found.language, found.duration_s, found.engine) == ("zh", None, "import:text")


def test_text_without_blank_lines_has_a_paragraph_a_line(text_file: Write) -> None:
    assert len(read(text_file, "a.txt", "One line.\nAnother line.\nA third.").segments) == 3


TIMED_END = """\
The Launch of a Lamp

## Table of Contents
* [00:00:00] Opening
* [00:00:20] The lamp

## [00:00:00] Opening

[Applause] [00:00:04]

**Ida Ek:** Good evening. [00:00:10]

Thank you all for coming tonight. [00:00:20]

## [00:00:30] The lamp

Here it is. [00:00:40]

> A paragraph without a time of its own.

The **last** one. [00:01:00]
"""


def test_markdown_with_times_at_the_end(text_file: Write) -> None:
    found = read(text_file, "a.md", TIMED_END)
    assert [(s.start_s, s.end_s, s.speaker, s.text) for s in found.segments][:4] == [
        (0.0, 4.0, "", "[Applause]"), (4.0, 10.0, "Ida Ek", "Good evening."),
        (10.0, 20.0, "Ida Ek", "Thank you all for coming tonight."), (30.0, 40.0, "Ida Ek", "Here it is.")]
    assert found.segments[-1].text == "The last one."
    assert found.segments[-1].end_s == 60.0
    assert found.segments[-2].end_s == found.segments[-1].start_s
    assert "headings 3" in str(found.options["left_out"])


TIMED_START = """\
# Transcript

**Date:** 6 May 2024
**Speaker:** Ida Ek

---

## Opening

[00:10] Good evening, and welcome.

[00:20] Thank you all for coming.

---

[00:20] It is late.

[00:30] But we are here now.
"""


def test_markdown_with_times_at_the_start(text_file: Write) -> None:
    found = read(text_file, "a.md", TIMED_START)
    texts = [segment.text for segment in found.segments]
    assert texts == ["Good evening, and welcome.", "Thank you all for coming.", "It is late.", "But we are here now."]
    starts = [segment.start_s for segment in found.segments]
    assert (starts[0], starts[1], starts[3]) == (10.0, 20.0, 30.0)
    assert 20 < starts[2] < 30  # two paragraphs of the same second share what is there
    assert found.segments[-1].end_s == pytest.approx(35, abs=3)  # at the pace of the rest
    assert found.options["repaired"] == "end estimated 1"


def test_markdown_with_spans_and_the_text_once_more(text_file: Write) -> None:
    lines = "\n\n".join(f"**[00:0{n}.50 → 00:0{n + 1}.25]** Sentence number {word}." for n, word in
                        enumerate(("one", "two", "three")))
    whole = "Sentence number one. Sentence number two."
    found = read(text_file, "a.md", f"# A\n\n## Full Transcript\n\n{whole}\n\n## T\n\n{lines}")
    assert rows(found) == [(0.5, 1.25, "Sentence number one."), (1.5, 2.25, "Sentence number two."),
                           (2.5, 3.25, "Sentence number three.")]


def test_times_may_be_links(text_file: Write) -> None:
    found = read(text_file, "a.md", "# A\n\n**Bo:** Hello there. [[00:12](http://example.org/?t=12)]\n\n"
                                    "Bye. [[00:15](x)]\n")
    assert rows(found)[1] == (12.0, 15.0, "Bye.")
    assert found.segments[0].speaker == "Bo"


def test_times_that_run_backward_are_passed_over(text_file: Write) -> None:
    found = read(text_file, "a.md", "[00:10] One is here.\n\n[00:05] Two is here.\n\n[00:30] Three is here.\n")
    assert found.segments[0].start_s == 10.0
    assert found.segments[1].start_s == 20.0
    assert "backward 1" in str(found.options["repaired"])


# --- ASS ------------------------------------------------------------------------------------------------------------

ASS = """\
[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname
Style: Dialogue: no,Arial

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:01.50,0:00:02.75,Default,Ida Ek,0,0,0,,{\\an8}Good evening,\\Nall {\\b1}of{\\b0}\\hyou.
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,[Applause]
Dialogue: 0,0:00:04.00,0:00:04.50,Default,Ida Ek,0,0,0,,
Dialogue: 1,0:00:04.00,0:00:04.50,Default,Ida Ek,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}
Dialogue: 0,1:00:05.00,1:00:06.00,Default,,0,0,0,,And who are you?
"""


def test_ass(text_file: Write) -> None:
    found = read(text_file, "a.ass", ASS)
    assert rows(found) == [(1.5, 2.75, "Good evening, all of you."), (3.0, 4.0, "[Applause]"),
                           (3605.0, 3606.0, "And who are you?")]
    assert [segment.speaker for segment in found.segments] == ["Ida Ek", "", ""]
    assert (found.engine, found.segments[1].flags) == ("import:ass", ("event:applause",))


def test_ssa_with_other_fields_and_without_names(text_file: Write) -> None:
    found = read(text_file, "a.ssa", "[Events]\nFormat: Marked, Start, End, Text\n"
                                     "Dialogue: Marked=0,0:00:01.00,0:00:02.00,BO EK: Yes, no, maybe.\n"
                                     "Dialogue: Marked=0,0:00:02.00,0:00:03.00,Fine.\n")
    assert [(s.start_s, s.speaker, s.text) for s in found.segments] == [
        (1.0, "BO EK", "Yes, no, maybe."), (2.0, "BO EK", "Fine.")]


@pytest.mark.parametrize(("content", "said"), [
    ("[Script Info]\n\n[Events]\nDialogue: 0,0:00:01.00\n", r"a\.ass:4: has 2 fields, not the 10"),
    ("[Events]\nDialogue: 0,0:00:01.00,soon,Default,,0,0,0,,Hi\n", r"a\.ass:2: 'soon' is no time"),
    ("[Script Info]\nDialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,Hi\n", "no line `Dialogue:`"),
])
def test_ass_that_is_none(text_file: Write, content: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read(text_file, "a.ass", content)


# --- CSV ------------------------------------------------------------------------------------------------------------

def test_csv_of_another_program(text_file: Write) -> None:
    found = read(text_file, "a.csv", "Start;End;Speaker;Text\r\n1.5;2;Bo;\"Hello; you.\"\r\n2;;;[Applause]\r\n"
                                     "3;4;;'-5 degrees today\r\n")
    assert [(s.start_s, s.end_s, s.speaker, s.text, s.flags) for s in found.segments] == [
        (1.5, 2.0, "Bo", "Hello; you.", ()), (2.0, 2.0, "", "[Applause]", ("event:applause",)),
        (3.0, 4.0, "", "-5 degrees today", ())]


def test_csv_runs_no_formula(text_file: Write) -> None:
    mine = Transcript(speech_id="x", engine="e", language="en", segments=(
        Segment(text="=1+1 is two", speaker="@bo", start_s=0, end_s=1), Segment(text="'- so", start_s=1, end_s=2)))
    table = export_transcript(mine, "csv")
    assert table.startswith("\ufeffstart_s,end_s,speaker,event,text\n0.000,1.000,'@bo,,'=1+1 is two\n")
    assert read(text_file, "a.csv", table).segments == mine.segments


@pytest.mark.parametrize(("content", "said"), [
    ("a,b\n1,2\n", r"a\.csv:1: no column `text`"), ("start_s,text\nsoon,Hi\n", r"a\.csv:2: start_s is 'soon'"),
    ('start_s,text\n1,"Hi\n', "not a readable CSV row"), ("start_s,text\n-1,Hi\n", "start_s is '-1'"),
    ("start_s,text\n", "not a spoken word")])
def test_csv_that_is_none(text_file: Write, content: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read(text_file, "a.csv", content)


# --- JSON -----------------------------------------------------------------------------------------------------------

WHISPER = {"text": " Hi there.", "language": "english", "segments": [
    {"id": 0, "start": 0.0, "end": 1.5, "text": " Hi there.", "avg_logprob": -1.2, "no_speech_prob": 0.9,
     "compression_ratio": 2.9, "words": [{"word": " Hi", "start": 0.0, "end": 0.5, "probability": 0.9},
                                         {"word": " there.", "start": 0.5, "end": 1.5, "probability": 0.75}]},
    {"id": 1, "start": 1.5, "end": 2.0, "text": "[Applause]"}]}


def test_whisper_json(text_file: Write) -> None:
    found = read(text_file, "a.json", json.dumps(WHISPER))
    assert rows(found) == [(0.0, 1.5, "Hi there."), (1.5, 2.0, "[Applause]")]
    assert [(word.text, word.probability) for word in found.segments[0].words] == [("Hi", 0.9), ("there.", 0.75)]
    assert found.segments[0].flags == ("low_confidence", "no_speech")  # its window loops, but not this text
    assert (found.engine, found.language) == ("import:whisper-json", "en")


@pytest.mark.parametrize("data", [
    [{"start": 0, "end": 1, "text": "Hi there."}],
    {"segments": [{"start": 0, "end": 1, "text": "Hi there.", "speaker": "SPEAKER_00",
                   "words": [{"word": "Hi", "start": 0, "end": 0.5, "score": 0.5}, {"word": "2024"}]}]},
    {"result": {"language": "en"}, "transcription": [
        {"offsets": {"from": 0, "to": 1000}, "timestamps": {"from": "00:00:00,000"}, "text": " Hi there."}]},
])
def test_json_of_other_whisper_programs(text_file: Write, data: object) -> None:
    found = read(text_file, "a.json", json.dumps(data))
    assert rows(found) == [(0.0, 1.0, "Hi there.")]
    assert found.language == "en"


@pytest.mark.parametrize(("content", "said"), [
    ('{"segments": [', r"a\.json:1: not valid JSON"), ('{\n"segments": [}', r"a\.json:2: not valid JSON"),
    ('{"a": 1}', "without a list `segments`"), ('{"segments": [1]}', r"segments\[0\] has no text"),
    ('{"segments": [{"text": "a", "start": "b", "end": 1}]}', r"segments\[0\]\.start is 'b'"),
    ('{"segments": [{"text": "a", "start": NaN, "end": 1}]}', r"segments\[0\]\.start is nan"),
    ('{"segments": [{"text": "a", "start": -1, "end": 1}]}', r"segments\[0\]\.start is -1"),
    ('{"segments": []}', "not a spoken word"), ("[]", "not a spoken word"),
    ("[" * 100_000, "not valid JSON"), ("no json at all", "not valid JSON"),
])
def test_json_that_is_none(text_file: Write, content: str, said: str) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        read(text_file, "a.json", content)
    assert "\n" not in str(caught.value)


def test_whisperx_numbers_get_times_and_a_change_of_voice_cuts(text_file: Write) -> None:
    words = [{"word": "It", "start": 1.0, "end": 1.2, "score": 0.9, "speaker": "SPEAKER_00"},
             {"word": "costs", "start": 1.2, "end": 1.6, "score": 0.8, "speaker": "SPEAKER_00"}, {"word": "$2024."},
             {"word": "Really?", "start": 2.6, "end": 3.0, "score": 0.7, "speaker": "SPEAKER_01"}]
    found = read(text_file, "a.json", json.dumps({"segments": [
        {"start": 1.0, "end": 3.0, "text": " It costs $2024. Really?", "words": words, "speaker": "SPEAKER_00"}],
        "word_segments": words, "language": "en"}))
    assert [(s.start_s, s.end_s, s.speaker, s.text) for s in found.segments] == [
        (1.0, 2.6, "SPEAKER_00", "It costs $2024."), (2.6, 3.0, "SPEAKER_01", "Really?")]
    price = found.segments[0].words[2]
    assert (price.text, price.start_s, price.end_s, price.probability) == ("$2024.", 1.6, 2.6, 0.0)


FASTER = [0, 3000, 0.5, 1.5, " 大家好。", [50364, 1], -0.2, 1.0, 0.01,
          [[0.5, 1.0, "大家", 0.9], [1.0, 1.5, "好。", 0.8]], 0.0]


@pytest.mark.parametrize("content", [
    json.dumps([FASTER]), json.dumps({"segments": [FASTER], "info": {"language": "zh"}}),
    json.dumps({"id": 0, "seek": 0, "start": 0.5, "end": 1.5, "text": "大家好。", "words": [
        {"start": 0.5, "end": 1.0, "word": "大家", "probability": 0.9},
        {"start": 1.0, "end": 1.5, "word": "好。", "probability": 0.8}]}) + "\n"
    + json.dumps({"start": 2, "end": 3, "text": "[掌声]"}) + "\n",
    json.dumps({"text": "大家好。", "segments": [{"start": 0.5, "end": 1.5, "text": "大家好。"}], "words": [
        {"word": "大家", "start": 0.5, "end": 1.0, "probability": 0.9},
        {"word": "好。", "start": 1.0, "end": 1.5, "probability": 0.8}]}),
])
def test_faster_whisper_as_tuples_as_lines_and_words_apart(text_file: Write, content: str) -> None:
    found = read(text_file, "a.jsonl", content)
    assert rows(found)[0] == (0.5, 1.5, "大家好。")
    assert [(w.text, w.start_s, w.probability) for w in found.segments[0].words] == [
        ("大家", 0.5, 0.9), ("好。", 1.0, 0.8)]
    assert found.engine == "import:whisper-json"


def test_transformers_chunks(text_file: Write) -> None:
    found = read(text_file, "a.json", json.dumps({"text": "Hi. Bye.", "chunks": [
        {"timestamp": [0.0, 1.0], "text": " Hi."}, {"timestamp": [1.0, None], "text": " Bye."}]}))
    bare = read(text_file, "b.json", json.dumps([{"timestamp": [0.0, 1.0], "text": " Hi."}]))
    assert (rows(bare), bare.engine) == ([(0.0, 1.0, "Hi.")], "import:whisper-json")
    assert rows(found) == [(0.0, 1.0, "Hi."), (1.0, 1.0, "Bye.")]


SENTENCE = {"text": "我们做了SU七，", "start": 900, "end": 1000, "spk": 1,
            "timestamp": [[100, 200], [200, 300], [300, 400], [400, 500], [500, 900], [900, 1000]]}


@pytest.mark.parametrize("data", [
    [{"key": "a", "text": "我们做了SU七，", "sentence_info": [SENTENCE]}],
    {"result": {"text": "x", "sentence_info": [SENTENCE]}},
    {"key": "a", "mode": "offline", "text": "x", "stamp_sents": [
        {"text_seg": "我 们 做 了 SU 七", "punc": "，", "start": "100", "end": "1000", "spk": 1,
         "ts_list": SENTENCE["timestamp"]}]},
])
def test_funasr_sentences(text_file: Write, data: object) -> None:
    found = read(text_file, "a.json", json.dumps(data))
    [segment] = found.segments
    # The start of the sentence is that of its first token: some versions write that of the last.
    assert (segment.start_s, segment.end_s, segment.speaker) == (0.1, 1.0, "Speaker 2")
    assert [(w.text, w.start_s) for w in segment.words] == [
        ("我", 0.1), ("们", 0.2), ("做", 0.3), ("了", 0.4), ("SU", 0.5), ("七", 0.9)]
    assert (found.engine, found.language) == ("import:funasr-json", "zh")


def test_funasr_text_with_times_is_cut_at_its_sentences(text_file: Write) -> None:
    found = read(text_file, "a.json", json.dumps([{"key": "a", "text": "<|zh|><|HAPPY|><|Speech|>大家好。今晚见！",
                                                   "timestamp": [[n * 100, n * 100 + 80] for n in range(6)]}]))
    assert rows(found) == [(0.0, 0.28, "大家好。"), (0.3, 0.58, "今晚见！")]


def test_funasr_with_another_number_of_times_shares_them(text_file: Write) -> None:
    found = read(text_file, "a.json", json.dumps([{"text": "2024年", "timestamp": [[n * 100, n * 100 + 100]
                                                                                  for n in range(5)]}]))
    words = found.segments[0].words
    assert (words[0].start_s, words[-1].end_s) == (0.0, 0.5)
    assert words[0].end_s <= words[1].start_s


@pytest.mark.parametrize(("data", "said"), [
    ([{"text": "大家好", "timestamp": []}], "has no times"), ([{"text": "大家", "timestamp": [[1]]}], "no pair"),
    ([{"text": "大家", "timestamp": [["a", 2]]}], "not a time in milliseconds"),
    ({"sentence_info": [{"start": 1}]}, "sentence 0 has no text"), ({"sentence_info": 5}, "no list"),
    ([{"text": "大家", "timestamp": [[1, 2]]}, 5], "result 1 is no result"),
])
def test_funasr_that_is_none(text_file: Write, data: object, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read(text_file, "a.json", json.dumps(data))


def test_our_own_json_comes_back_under_its_new_name(text_file: Write) -> None:
    mine = Transcript(speech_id="old", engine="faster-whisper", language="zh", segments=(Segment(text="大家好"),))
    found = import_transcript(text_file("b.txt", export_transcript(mine, "json")), speech_id="new")
    assert (found.speech_id, found.segments, found.engine) == ("new", mine.segments, "faster-whisper")


# --- which format, which encoding, which language -------------------------------------------------------------------

@pytest.mark.parametrize(("name", "content", "engine"), [
    ("a.txt", SRT, "import:srt"), ("a.srt", VTT, "import:vtt"), ("a.txt", json.dumps(WHISPER), "import:whisper-json"),
    ("a.vtt", SRT, "import:vtt"), ("a", "Good evening to you.", "import:text"),
    ("a.txt", "[Laughter]\n\nHi.", "import:text"),
    ("a.txt", "{a} strange beginning", "import:text"), ("a.md", "[00:01] Hi.", "import:text"),
])
def test_content_decides(text_file: Write, name: str, content: str, engine: str) -> None:
    assert read(text_file, name, content).engine == engine


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_end(text_file: Write, encoding: str, line_end: str) -> None:
    text = "大家晚上好，欢迎来到 2024 年的发布会。\n\n我们做了一盏新的灯。\n\nThank you, 谢谢！\n"
    text = text.replace("\n", line_end)
    found = import_transcript(text_file("a.txt", text, encoding), speech_id="x")
    assert [segment.text for segment in found.segments] == [
        "大家晚上好，欢迎来到 2024 年的发布会。", "我们做了一盏新的灯。", "Thank you, 谢谢！"]
    assert found.options["encoding"] == encoding


def test_traditional_in_gb18030_and_curly_quotes_in_windows_1252(text_file: Write) -> None:
    found = import_transcript(text_file("a.txt", "各位來賓，歡迎來到這場發表會。", "gb18030"), speech_id="x")
    assert found.options["encoding"] == "gb18030"
    found = import_transcript(text_file("b.txt", "It’s “the lamp” – at the café.", "cp1252"), speech_id="x")
    assert found.options["encoding"] == "cp1252"
    assert found.segments[0].text == "It’s “the lamp” – at the café."


@pytest.mark.parametrize(("content", "said"), [
    (b"%PDF-1.7 x", "a PDF"), (b"PK\x03\x04x", "a Word or zip file"), (bytes(range(256)), "not a text"),
    (b"\xff\xfe\x00", "not a text"), (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text"),
    (b"[Script Info]\nTitle: x\n", "no line `Dialogue:`"), (b"<!DOCTYPE html><p>x", "HTML"),
    (b"<?xml version='1.0'?><tt/>", "TTML"),
])
def test_what_is_no_text_is_named(text_file: Write, content: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        read(text_file, "a.txt", content)
    assert ";" in str(caught.value)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        import_transcript(tmp_path / "none.txt", speech_id="x")


def test_language_given_wins_and_script_converts(text_file: Write) -> None:
    assert read(text_file, "a.txt", "Hello there", language="zh").language == "zh"
    found = read(text_file, "a.txt", "歡迎來到這裡", script="simplified")
    assert found.segments[0].text == "欢迎来到这里"
    assert found.options["script"] == "simplified"
    assert read(text_file, "a.txt", "歡迎來到這裡").segments[0].text == "歡迎來到這裡"


def test_hostile_characters_do_not_come_through(text_file: Write) -> None:
    found = read(text_file, "a.txt", "safe\u202e \x1b[31mred\x7f\x07 text")
    assert found.segments[0].text == "safe [31mred text"
    found = read(text_file, "b.json", '[{"start":0,"end":1,"text":"a\\ud800b"}]')
    assert found.segments[0].text == "ab"
