"""The invented archive with its comparison and its report, and one where every word from outside is hostile."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from rhetoric.compare import compare
from rhetoric.report import render
from rhetoric.types import Comparison, Tables
from tests.builders import founder, make_tables, presenter, sample_tables

HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"'&<!-- ]]> \u202eabc\u2028\u2029 "
    "\x1b[31mred\x1b[0m\x00\U0001f600"
)

Files = Mapping[str, bytes]


@pytest.fixture(scope="session")
def tables() -> Tables:
    """Nine invented speeches of two speakers."""
    return sample_tables()


@pytest.fixture(scope="session")
def comparison(tables: Tables) -> Comparison:
    """The archive by year."""
    return compare(tables, provenance={"codebook": "1.2", "reader": "encoder", "reader_sha256": "ab" * 32})


@pytest.fixture(scope="session")
def report(comparison: Comparison, tables: Tables) -> Files:
    """The files of its report."""
    return render(comparison, tables, version="9.9.9")


@pytest.fixture(scope="session")
def hostile_report() -> Files:
    """A report whose speakers, events, file names and sentences try to break out."""
    columns = {"title": HOSTILE, "file": "a b#%?'\"<x>.opus"}
    plans = [
        founder(year, speaker=HOSTILE, organisation=HOSTILE, event=HOSTILE, columns=columns) for year in (2020, 2021)
    ]
    tables = make_tables([*plans, presenter(2021, speaker="=HYPERLINK(0)", columns={"file": "javascript:alert(3)"})])
    sentences, findings = tables.sentences.copy(), tables.findings.copy()
    sentences.loc[sentences["sentence_index"] % 7 == 3, "text"] = HOSTILE
    findings.loc[findings["stage"] == "slogans", ["quote", "evidence"]] = HOSTILE
    findings.loc[findings["stage"] == "emotion", "label"] = HOSTILE
    broken = Tables(
        speeches=tables.speeches, sentences=sentences, findings=findings, metrics=tables.metrics, runs=tables.runs
    )
    return render(compare(broken, title=HOSTILE, provenance={HOSTILE: HOSTILE}), broken, version="9.9.9")


def page_of(files: Files) -> str:
    """The page as text."""
    return files["index.html"].decode("utf-8")


def data_of(files: Files) -> Any:
    """The data that the page carries for its script."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page_of(files), re.DOTALL)
    assert found, "the page carries no data"
    return json.loads(found[1])
