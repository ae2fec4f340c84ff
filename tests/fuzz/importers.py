"""Everything that reads files from outside, each with a sound file to mutate. Whatever the bytes: a value, or one of
our errors."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import strategies as st

from rhetoric.errors import FormatError, RhetoricError

SRT = ("1\n00:00:01,000 --> 00:00:04,500\nGood evening, everyone.\n\n"
       "2\n00:00:05,000 --> 00:00:08,000\n<i>大家好</i> (applause)\n")
VTT = ("WEBVTT\n\nNOTE of ours\n\n1\n00:01.000 --> 00:04.500 align:start\n<v Mara>Good <00:02.000>evening.\n\n"
       "00:05.000 --> 00:08.000\n[Music]\n")
ASS = ("[Script Info]\nTitle: x\n[V4+ Styles]\nFormat: Name\n[Events]\nFormat: Layer, Start, End, Style, Name, Text\n"
       "Dialogue: 0,0:00:01.00,0:00:04.50,Default,Mara,{\\i1}Good evening.\\N大家好\n")
TEXT = "# Launch\n\nMara: Good evening, everyone. [applause]\n\n林知远：大家晚上好。（掌声）\n(00:12) Thank you.\n"
TABLE = "start_s,end_s,speaker,event,text\n1.0,4.5,Mara,,Good evening.\n5.0,8.0,,applause,\n"
WHISPER = json.dumps({"language": "en", "segments": [{"id": 0, "start": 1.0, "end": 4.5, "text": " Good evening.",
                      "words": [{"word": " Good", "start": 1.0, "end": 2.0, "probability": 0.9}]}]})
FUNASR = json.dumps([{"key": "a", "text": "大家好。", "timestamp": [[0, 300], [300, 600], [600, 900]],
                      "sentence_info": [{"text": "大家好。", "start": 0, "end": 900, "spk": 0}]}])
OURS = json.dumps({"schema_version": 1, "speech_id": "a", "engine": "import:srt", "language": "en",
                   "options": {"vad": True}, "segments": [{"start_s": 1.0, "end_s": 4.5, "text": "Good evening.",
                                 "words": [{"start_s": 1.0, "end_s": 2.0, "text": "Good", "probability": 0.9}]}]})
CATALOG = "speech_id,file,speaker,date,language,duration_s,colour\na,a.mp3,Mara,2021-08,en,12.5,blue\nb,,林知远,,zh,,\n"
LIST = "file,speech_id,date\ntalk.txt,a,2021\n\"b, c.txt\",,\n"
CONFIG = ('stages = ["function"]\n[archive]\nname = "x"\n[run]\nworkers = 2\n'
          '[[glossary]]\nterm = "岚影"\naliases = ["男婴"]\n')
RSS = ('<?xml version="1.0"?><rss><channel><item><title>T</title><pubDate>Tue, 10 Aug 2021 19:30:00 +0800</pubDate>'
       '<enclosure url="https://a.example/x.mp3" type="audio/mpeg"/></item></channel></rss>')
INFO = json.dumps({"entries": [{"id": "a", "title": "T", "upload_date": "20210810", "duration": 60,
                                "url": "https://a.example/x"}]})
LEXICON = "# licence: CC0\nterm\tclass\tintensity\tmode\nafraid\tanxiety\t2\tnamed\n"
GOLD = "id\ttext\tfunction\n1\tGood evening.\tstage\n"

Importer = Callable[[Path], object]


def _transcript(path: Path) -> object:
    from rhetoric.sentences import prepare
    from rhetoric.transcribe.formats import EXPORT_FORMATS, export_transcript, import_transcript

    transcript = import_transcript(path, speech_id="a")
    for form in EXPORT_FORMATS:
        with suppress(FormatError):  # some need times
            export_transcript(transcript, form)
    return prepare(transcript) if transcript.language in ("zh", "en") else transcript


def _catalog(path: Path) -> object:
    from rhetoric.archive import read_catalog

    return read_catalog(path)


def _list(path: Path) -> object:
    from rhetoric.cli.lists import Facts, is_list, read_list

    return is_list(path), read_list(path, Facts())


def _config(path: Path) -> object:
    from rhetoric.config import parse_config, read_config, to_toml

    return parse_config(to_toml(read_config(path)), "again")


def _feed(path: Path) -> object:
    from rhetoric.feeds import parse_feed

    return parse_feed(path.read_bytes(), str(path))


def _lexicon(path: Path) -> object:
    from rhetoric.lexicons import read_lexicon

    return read_lexicon(path)


def _gold(path: Path) -> object:
    from rhetoric.models.gold import read_gold

    return read_gold(path)


def _journal(path: Path) -> object:
    from rhetoric.transcribe.journal import seconds_done

    return seconds_done(path)


def _notebook(path: Path) -> object:
    from rhetoric.notebook import NAME, Notebook

    path.rename(path.with_name(NAME))
    return Notebook(path.parent)


IMPORTERS: dict[str, tuple[Importer, str, str]] = {
    "srt": (_transcript, ".srt", SRT), "vtt": (_transcript, ".vtt", VTT), "ass": (_transcript, ".ass", ASS),
    "text": (_transcript, ".txt", TEXT), "markdown": (_transcript, ".md", TEXT), "table": (_transcript, ".csv", TABLE),
    "whisper": (_transcript, ".json", WHISPER), "funasr": (_transcript, ".json", FUNASR),
    "ours": (_transcript, ".json", OURS), "catalog": (_catalog, ".csv", CATALOG), "list": (_list, ".csv", LIST),
    "config": (_config, ".toml", CONFIG), "rss": (_feed, ".xml", RSS), "info": (_feed, ".json", INFO),
    "lexicon": (_lexicon, ".tsv", LEXICON), "gold": (_gold, ".tsv", GOLD),
    "journal": (_journal, ".jsonl", '{"sha256":"0","entry":{}}\n'),
    "notebook": (_notebook, ".json", '{"a":{"state":[1,2,3,4],"sha256":"f","facts":{"engine":"x"}}}'),
}
TOKENS = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"-->", b"00:00:00,000", b"99:99:99.9", b"-1", b"1e999",
    b"NaN", b"null", b"{}", b"[", b"]", b'"', b"'", b"\\", b",", b"\t", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80",
    b"\xed\xa0\x80", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"=cmd()", b"../", b"9" * 400, b"<v ", b"{\\",
    b"\x1b[2J",
]


def mutated(sample: str) -> st.SearchStrategy[bytes]:
    """A sound file with a few cuts, doubled parts and foreign pieces."""
    piece = st.one_of(st.sampled_from(TOKENS), st.binary(max_size=6))
    change = st.tuples(st.floats(0, 1), st.floats(0, 0.3), piece, st.sampled_from(["put", "cut", "double", "replace"]))

    def apply(changes: list[tuple[float, float, bytes, str]]) -> bytes:
        content = sample.encode()
        for place, share, new, how in changes:
            start = int(place * len(content))
            end = start + int(share * len(content))
            part = content[start:end]
            middle = {"put": new + part, "cut": b"", "double": part + part, "replace": new}[how]
            content = content[:start] + middle + content[end:]
        return content[:1 << 16]

    return st.lists(change, max_size=6).map(apply)


def read(name: str, content: bytes) -> None:
    """Give an importer a file; any error that is not one of ours, or not one line, is a fault."""
    importer, suffix, _ = IMPORTERS[name]
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(content)
        told = "read"
        try:
            importer(path)
        except RhetoricError as error:
            told = str(error)
        assert len(told.splitlines()) == 1, told
