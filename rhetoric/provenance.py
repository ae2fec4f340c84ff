"""What the numbers were made with: versions, hashes, the reader's scores, and who coded sentences."""

from __future__ import annotations

import rhetoric
from rhetoric.archive import Archive
from rhetoric.codes import coded_by, fitting, read_codes
from rhetoric.plurals import counted
from rhetoric.types import Tables


def provenance(archive: Archive, tables: Tables) -> dict[str, str]:
    """What the numbers were made with, for the methods page."""
    from rhetoric.lexicons.version import lexicons_sha256
    from rhetoric.models import reader

    folder = archive.reader or reader.FOLDER
    missing = len(archive.recordings()) - len(tables.speeches)
    engines = sorted({" ".join(filter(None, pair)) for pair in
                      zip(tables.speeches["engine"].fillna(""), tables.speeches["model"].fillna(""), strict=True)})
    stages = sorted({f"{step} {version}" for step, version in
                     zip(tables.runs["step"], tables.runs["version"], strict=True)})
    return {"rhetoric": rhetoric.__version__, "codebook": "1.2", "transcripts": ", ".join(engines),
            "reader": reader.reader_version(folder), "lexicons": lexicons_sha256()[:12], "stages": ", ".join(stages),
            "speeches_not_analysed": str(missing), **reader.reader_scores(folder),
            **reader.reader_agreement(folder), **reader.share_errors_told(folder),
            **_coded_by_people(archive, tables)}


def _coded_by_people(archive: Archive, tables: Tables) -> dict[str, str]:
    """How many sentences people coded, who, and how well the reader agrees with them; empty where nobody did."""
    from rhetoric.exchange.agreement import kappa_interval
    from rhetoric.models.scoring import label_kappa

    coded = tables.sentences[tables.sentences["coder"].fillna("") != ""]
    if coded.empty:
        return {}
    texts = tables.sentences.groupby("speech_id")["text"]
    codes = {name: fitting(read_codes(archive.codes_path(name)), texts.get_group(name).tolist())
             for name in coded["speech_id"].unique()}
    pairs = [(code.model_function, code.function) for found in codes.values() for code in found
             if code.function and code.model_function]
    bounds = kappa_interval(pairs) if pairs else None
    told = {"coded_by_people_kappa": f"{label_kappa(pairs):.2f}" + (f" [{bounds[0]:.2f}, {bounds[1]:.2f}]" if bounds
                                                                    else "")} if pairs else {}
    return told | {"coded_by_people": f"{len(coded)} of {counted(len(tables.sentences), 'sentence')}",
                   "coders": ", ".join(coded_by(codes))}
