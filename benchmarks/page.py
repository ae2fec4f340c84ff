"""How soon a reader sees the page: `python benchmarks/page.py [--speeches 10] [--minutes 120] [--opens 5]`.

Opens the report of an invented archive (that of `compare.py`) from disk in Chromium, each time in a fresh profile, and
prints when the first words were painted, when the page had loaded, and the processor seconds of the page's main thread
up to then (the clock of a busy machine also counts what others do). Asks for a Chromium on the path.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.compare import invented

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAINTED = "performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime / 1000)[0]"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd / 1000"


def opened(browser: Any, path: Path) -> tuple[float, float, float]:
    """Seconds to the first paint of content, to the end of loading, and of the main thread's processor."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    counters = context.new_cdp_session(page)
    counters.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.as_uri(), wait_until="load")
    while page.evaluate(PAINTED) is None or not page.evaluate(LOADED):
        page.wait_for_timeout(20)
    painted, loaded = page.evaluate(PAINTED), page.evaluate(LOADED)
    used = {m["name"]: m["value"] for m in counters.send("Performance.getMetrics")["metrics"]}["TaskDuration"]
    context.close()
    return painted, loaded, used


def main() -> None:
    """Write the page into a temporary folder and open it some times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speeches", type=int, default=10)
    parser.add_argument("--minutes", type=int, default=120)
    parser.add_argument("--opens", type=int, default=5)
    asked = parser.parse_args()
    chromium = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if chromium is None:
        print("no Chromium on the path: install one to time the page")
        return
    from playwright.sync_api import sync_playwright

    from rhetoric.compare import compare
    from rhetoric.report import render

    tables = invented(asked.speeches, asked.minutes)
    content = render(compare(tables), tables, version="0")["index.html"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "index.html"
        path.write_bytes(content)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        opened(browser, path)  # the browser's own start is not the page's
        times = [opened(browser, path) for _ in range(asked.opens)]
        browser.close()
    painted, loaded, used = zip(*times, strict=True)
    print(f"{asked.speeches} speeches of {asked.minutes} min, {len(content) / 1e6:.1f} MB, median of {asked.opens}: "
          f"first paint {statistics.median(painted):.2f} s (best {min(painted):.2f}), loaded "
          f"{statistics.median(loaded):.2f} s (best {min(loaded):.2f}), main thread {statistics.median(used):.2f} s of "
          "processor")


if __name__ == "__main__":
    main()
