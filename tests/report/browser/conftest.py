"""A real Chromium with a report on disk beside real sound; it notes all that is asked for and complained of."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from rhetoric.compare import compare
from rhetoric.report import render
from rhetoric.types import Tables
from tests.builders import founder, make_tables, presenter

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _opus(path: Path, seconds: float) -> None:
    """A quiet tone as real Opus."""
    import av
    import numpy as np

    with av.open(str(path), "w", format="ogg") as out:
        stream: Any = out.add_stream("libopus", rate=48000)
        stream.layout = "mono"
        wave = (800 * np.sin(np.arange(960) * 2 * np.pi * 200 / 48000)).astype(np.int16)[None, :]
        for index in range(int(seconds * 50)):
            frame = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 48000, index * 960
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, if this machine has one."""
    sync_api = pytest.importorskip("playwright.sync_api")
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install one to test the page")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


def _write(root: Path, tables: Tables, **options: Any) -> Path:
    folder = root / "reports" / "sample"
    for name, content in render(compare(tables, **options), tables, version="9.9.9").items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "index.html"


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in an archive where one speech has sound, one has none, and one has no times."""
    root = tmp_path_factory.mktemp("archive")
    (root / "audio").mkdir()
    tables = make_tables(
        [*(founder(year) for year in range(2020, 2024)), presenter(2021), presenter(2022, timed=False)]
    )
    _opus(root / "audio" / "shen-2021.opus", tables.speeches["duration_s"].max())
    return _write(root, tables)


@pytest.fixture(scope="session")
def untimed_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of long speeches without times and with long names, whose best line is a part of its sentence."""
    title = "A keynote with a title that is much longer than the room beside its strip"
    plans = [founder(year, timed=False, columns={"title": title}) for year in (2020, 2021)]
    tables = make_tables([plans[0], founder(2020, timed=False, speech_id="shen-b", date=""), plans[1]])
    sentence, words = "真正的难关，从来不是技术，而是敢不敢等。", "难关，从来不是技术"
    found = tables.findings.copy()
    rows = tables.sentences[tables.sentences["text"] == sentence]
    line = found[(found["stage"] == "slogans") & (found["quote"] == sentence)].index[0]
    start = rows[(rows["speech_id"] == found["speech_id"][line])
                 & (rows["sentence_index"] == found["sentence_index"][line])]["char_start"].iloc[0]
    found.loc[line, ["quote", "score"]] = [words, 99.0]
    found.loc[line, ["char_start", "char_end"]] = [start + 3, start + 3 + len(words)]
    tables = replace(tables, findings=found)
    comparison = compare(tables)
    best = comparison.slogans[0]
    assert words in best.text
    comparison = replace(
        comparison,
        slogans=(replace(best, text=f"…{words}…"), *comparison.slogans[1:]),
        speeches=tuple(replace(card, size=17301) for card in comparison.speeches),
    )
    path = tmp_path_factory.mktemp("untimed") / "index.html"
    path.write_bytes(render(comparison, tables, version="9.9.9")["index.html"])
    return path


@pytest.fixture(scope="session")
def hostile_file(tmp_path_factory: pytest.TempPathFactory, hostile_report: dict[str, bytes]) -> Path:
    """The hostile report on disk."""
    path = tmp_path_factory.mktemp("hostile") / "index.html"
    path.write_bytes(hostile_report["index.html"])
    return path


@dataclass
class Opened:
    """A page in the browser, with what it asked for and complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def value(self, expression: str) -> Any:
        """A JavaScript expression's value."""
        return self.page.evaluate(expression)

    def until(self, expression: str, seconds: float = 10) -> None:
        """Wait for a condition by asking again: the page's policy forbids the way Playwright would wait."""
        end = time.monotonic() + seconds
        while not self.value(expression):
            if time.monotonic() > end:
                pytest.fail(f"never true: {expression}")
            self.page.wait_for_timeout(50)


@pytest.fixture
def visit(browser: Any) -> Iterator[Any]:
    """`visit(path, hash="", width=1280, **context)`: open a page; all are closed after the test."""
    contexts = []

    def go(path: Path, hash: str = "", width: int = 1280, **options: Any) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        opened = Opened(page=context.new_page())
        opened.page.on("request", lambda request: opened.asked.append(request.url))
        opened.page.on("console", lambda message: opened.complaints.append(message.text))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.goto(path.as_uri() + hash)
        return opened

    yield go
    for context in contexts:
        context.close()
