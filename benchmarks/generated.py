"""Archives of invented text speeches of any size, the same from the same seed.

    python benchmarks/generated.py FOLDER --speeches 1000 --sentences 12 --seed 1

Sentences are put together from parts, so that they hold what the stages look for: stories, products, figures, feelings,
lines that return. Half of the speeches are Chinese, half English, of five speakers over ten years.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rhetoric.archive import Archive, init_archive, write_catalog  # noqa: E402
from rhetoric.transcribe.transcript_file import transcript_to_json  # noqa: E402
from rhetoric.types import Recording, Segment, Transcript  # noqa: E402

PARTS = {
    "en": (("Last winter", "One night", "That morning", "In those years", "Next spring"),
           ("our team", "a nurse in the hills", "my mother", "the new lamp", "the camera", "this phone"),
           ("started over from nothing", "waited at the gate for hours", "lasts two hours longer",
            "weighs {n} grams", "costs {n} dollars", "made me so happy that I cried", "grew by {n} percent"),
           ("and nobody left.", "and we were afraid.", "thanks to its six layers.", "in five hundred shops.",
            "because good work takes time.")),
    "zh": (("去年冬天，", "有一天晚上，", "那天早上，", "那几年，", "明年春天，"),
           ("我们的团队", "一位山里的护士", "我的母亲", "新一代台灯", "这台相机", "这部手机"),
           ("从头再来", "在门口等了几个小时", "多用两个小时", "只有{n}克",
            "售价{n}元", "让我高兴得哭了", "增长了百分之{n}"),
           ("，没有人离开。", "，我们都很害怕。", "，因为它有六层结构。", "，进了五百家门店。", "，好东西需要时间。")),
}
LINES = {"en": "Light is for waiting up for someone.", "zh": "光是用来等人回家的。"}


def sentence(rng: random.Random, language: str) -> str:
    """One invented sentence."""
    pieces = [rng.choice(part).replace("{n}", str(rng.randrange(2, 99))) for part in PARTS[language]]
    return (" " if language == "en" else "").join(pieces)


def make(folder: Path, speeches: int, sentences: int, seed: int = 1) -> Archive:
    """An archive of text speeches, as `rhetoric add` would leave it, but in one go and without waiting for the disk."""
    rng = random.Random(seed)
    archive = init_archive(folder)
    rows = []
    for number in range(speeches):
        language = ("zh", "en")[number % 2]
        said = [sentence(rng, language) for _ in range(sentences)]
        if rng.random() < 0.5:
            said.insert(rng.randrange(len(said)), LINES[language])
        speech_id = f"s{number:05}"
        transcript = Transcript(speech_id=speech_id, engine="import:text", language=language,
                                segments=tuple(Segment(text=text) for text in said))
        archive.transcript_path(speech_id).write_text(transcript_to_json(transcript), encoding="utf-8")
        year = 2015 + rng.randrange(10)
        rows.append(Recording(speech_id=speech_id, speaker=f"Speaker {number % 5}", event="launch", language=language,
                              date=f"{year}-{rng.randrange(1, 13):02}", title=f"Speech {number}"))
    write_catalog(archive.catalog_path, rows)
    return archive


def pretend_analysed(archive: Archive, unique: int) -> None:
    """Analyse the first speeches, and give their tables to all others under their own ids.

    So an archive of any size is there in minutes, with the files that ten thousand analyses would leave.
    """
    import os

    import pyarrow as pa
    import pyarrow.parquet as pq

    from rhetoric import records
    from rhetoric.files import sha256_of
    from rhetoric.pipeline import analyze_archive
    from rhetoric.plan import own_inputs, shared_inputs
    from rhetoric.stages import load_stages
    from rhetoric.tables import SCHEMAS

    os.fsync = lambda handle: None  # type: ignore[assignment]  # a benchmark's files need not survive a power cut
    rows = archive.recordings()
    for outcome in analyze_archive(archive, rows[:unique]):
        assert outcome.status != "failed", outcome
    shared = shared_inputs(archive, load_stages(archive.config.stages, archive.root))
    for name in SCHEMAS:
        models = [pq.read_table(archive.analysis / name / f"{row.speech_id}.parquet") for row in rows[:unique]]
        for number, row in enumerate(rows[unique:]):
            table = models[number % unique]
            known = {"speech_id": row.speech_id}
            if name == "speeches":
                known |= {"speaker": row.speaker, "date": row.date, "year": row.year}
            for column, value in known.items():
                place = table.schema.get_field_index(column)
                cells = pa.array([value] * len(table), type=table.schema.field(place).type)
                table = table.set_column(place, table.schema.field(place), cells)
            pq.write_table(table, archive.analysis / name / f"{row.speech_id}.parquet", compression="zstd")
    for row in rows[unique:]:
        records.remember_inputs(archive.analysis, row.speech_id, shared | own_inputs(archive, row, sha256_of))


def main() -> None:
    """Make one from the command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--speeches", type=int, default=1000)
    options.add_argument("--sentences", type=int, default=12)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--analysed", type=int, default=0, help="analyse so many, and copy their tables to the rest")
    given = options.parse_args()
    archive = make(given.folder, given.speeches, given.sentences, given.seed)
    if given.analysed:
        pretend_analysed(archive, given.analysed)


if __name__ == "__main__":
    main()
