"""The analysis beside other programs that count in speeches: CPU seconds for the same texts, in one run.

    python -m venv peers
    peers/bin/pip install snownlp jieba cntext vaderSentiment textdescriptives scattertext six ipython
    python benchmarks/peers.py peers/bin/python [--zh FILE.txt ...] [--en FILE.txt ...] [--only NAME ...] [--rounds 1]
        [--size 100000]

The first argument is the Python in which the others are installed; they are no part of this project's environment. One
that is not installed there is left out and named. Texts: 100,000 characters of Chinese and 100,000 words of English, of
the files given or of the invented sentences of `generated.py`, in speeches of 10,000 at most. Each program runs in a
process of its own with one thread. `start` are the CPU seconds until the first sentence is done (imports, dictionaries,
models), `texts` those for all texts after it. They do different things, and the last column says what: a ratio is no
verdict. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SPEECH = 10_000  # characters (zh) or words (en) of a speech, at most
FIRST = {"zh": "那天早上，我们都很害怕。", "en": "That morning we were afraid."}

# What each does with a text. `work` is given a text, and is called once with one sentence before the clock starts.
HEAD = """
import json, resource, sys
def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
texts, first = json.loads(open(sys.argv[1], encoding="utf-8").read()), sys.argv[2]
import re
def sentences(text):
    return [s for s in re.split(r"(?<=[。！？!?])|(?<=[.])\\s+|\\n+", text) if s.strip()]
"""
TAIL = """
work(first)
start = used()
for text in texts:
    work(text)
print(json.dumps([start, used() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
OURS = """
from rhetoric.config import Config
from rhetoric.pipeline import analyze_transcript
from rhetoric.stages import load_stages
from rhetoric.tables import tabulate
from rhetoric.transcribe.formats import import_transcript
from rhetoric.types import Recording
from pathlib import Path
import tempfile
stages, folder = load_stages(Config().stages, Path()), Path(tempfile.mkdtemp())
def work(text):
    (folder / "talk.txt").write_text(text, encoding="utf-8")
    transcript = import_transcript(folder / "talk.txt", speech_id="talk", language="LANGUAGE")
    tabulate([analyze_transcript(Recording(speech_id="talk", language="LANGUAGE"), transcript, stages, {})])
"""
PEERS = {
    "zh": {
        "jieba.posseg": ("import jieba.posseg\ndef work(text):\n    return [(w.word, w.flag) for w in "
                         "jieba.posseg.cut(text)]\n", "words with their classes"),
        "snownlp": ("from snownlp import SnowNLP\ndef work(text):\n    for sentence in sentences(text):\n"
                    "        found = SnowNLP(sentence)\n        found.words, found.sentiments\n",
                    "words, and one figure of sentiment a sentence"),
        "cntext": ("import cntext as ct\nlexicon = ct.read_yaml_dict('zh_common_HowNet.yaml')['Dictionary']\n"
                   "def work(text):\n    ct.sentiment(text, diction=lexicon, lang='chinese')\n    ct.readability(text, "
                   "lang='chinese')\n", "words of a lexicon counted in a text, readability"),
    },
    "en": {
        "vaderSentiment": ("from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer\n"
                           "analyzer = SentimentIntensityAnalyzer()\ndef work(text):\n"
                           "    return [analyzer.polarity_scores(s) for s in sentences(text)]\n",
                           "four figures of sentiment a sentence"),
        "textdescriptives": ("import spacy, textdescriptives as td\nnlp = spacy.blank('en')\n"
                             "nlp.add_pipe('sentencizer')\n"
                             "for name in ('descriptive_stats', 'readability'):\n"
                             "    nlp.add_pipe('textdescriptives/' + name)\n"
                             "def work(text):\n    return td.extract_df(nlp(text))\n",
                             "lengths and readability of a text (without a parser)"),
        "scattertext": ("import pandas as pd, scattertext as st\ndef work(text):\n"
                        "    halves = sentences(text) or [text]\n"
                        "    frame = pd.DataFrame({'text': halves + halves, 'part': ['a'] * len(halves) + ['b'] * "
                        "len(halves)})\n    frame = frame.iloc[: 2 * len(halves)]\n"
                        "    frame['part'] = ['ab'[2 * n >= len(frame)] for n in range(len(frame))]\n"
                        "    corpus = st.CorpusFromPandas(frame, category_col='part', text_col='text', "
                        "nlp=st.whitespace_nlp_with_sentences).build()\n"
                        "    return corpus.get_scaled_f_scores('a')\n",
                        "which words tell two halves of a text apart"),
    },
}
WHAT_WE_DO = ("function, emotion, slogans, figures, patterns, voice of every sentence with spans and evidence; shares; "
              "five tables")


def texts_of(files: list[Path], language: str, size: int) -> list[str]:
    """As much text as is wanted, in speeches, from files or from the invented sentences."""
    if files:
        whole = "\n".join(path.read_text(encoding="utf-8-sig") for path in files)
    else:
        sys.path.insert(0, str(ROOT))
        from benchmarks.generated import sentence

        rng = random.Random(1)
        whole = "\n".join(sentence(rng, language) for _ in range(size // 8))
    wanted = re.findall(r"\n+|[^\n]" if language == "zh" else r"\S+\s*", whole)[:size]
    if len(wanted) < size:
        print(f"{language}: only {len(wanted):,} of {size:,}: give more files", file=sys.stderr)
    return ["".join(wanted[at : at + SPEECH]) for at in range(0, len(wanted), SPEECH)]


def measure(python: str, code: str, texts: Path, language: str) -> list[float] | str:
    """CPU seconds of the start and of the texts, and peak MiB; or why there are none."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run([python, "-c", HEAD + code + TAIL, str(texts), FIRST[language]], capture_output=True,
                          text=True, check=False, cwd=texts.parent,
                          env={**os.environ, **single, "PYTHONPATH": str(ROOT) if python == sys.executable else ""})
    if done.returncode:
        return done.stderr.strip().splitlines()[-1][:100] if done.stderr.strip() else f"code {done.returncode}"
    return list(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("python", nargs="?", default="", help="the Python of the others' environment")
    options.add_argument("--zh", type=Path, nargs="+", default=[])
    options.add_argument("--en", type=Path, nargs="+", default=[])
    options.add_argument("--only", nargs="+", default=[])
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--size", type=int, default=100_000, help="characters of Chinese, words of English")
    given = options.parse_args()
    if not given.python:
        print("name the Python of an environment with the others in it; this file's head says how to make one",
              file=sys.stderr)
        return
    python = os.path.abspath(given.python)
    print("| text | program | start, CPU s | texts, CPU s | peak MiB | ours / its | gives |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for language, files in (("zh", given.zh), ("en", given.en)):
            path = Path(folder) / f"{language}.json"
            path.write_text(json.dumps(texts_of(files, language, given.size)), encoding="utf-8")
            programs = {"rhetoric": (sys.executable, OURS.replace("LANGUAGE", language), WHAT_WE_DO),
                        **{name: (python, code, what) for name, (code, what) in PEERS[language].items()}}
            ours = 0.0
            for name, (runs_in, code, what) in programs.items():
                if given.only and name not in (*given.only, "rhetoric"):
                    continue
                rounds = [measure(runs_in, code, path, language) for _ in range(given.rounds)]
                if isinstance(rounds[0], str):
                    print(f"{name} is left out: {rounds[0]}", file=sys.stderr, flush=True)
                    continue
                start_s, texts_s, mib = (min(column) for column in zip(*rounds, strict=True))
                ours = ours or texts_s
                print(f"| {language} | {name} | {start_s:.2f} | {texts_s:.2f} | {mib:.0f} | {ours / texts_s:.2f} | "
                      f"{what} |", flush=True)


if __name__ == "__main__":
    main()
