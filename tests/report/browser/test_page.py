"""The page as a reader meets it, in a real browser, opened from disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rhetoric.report.texts import PAGE, SCRIPT

pytestmark = pytest.mark.browser

TIME = "document.querySelector('#audio').currentTime"
SHOWN = "[...document.querySelectorAll('#transcript .s')].length"


def test_charts_are_drawn_and_nothing_else_is_asked_for(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    boxes = opened.value(
        "[...document.querySelectorAll('svg.chart')].map(c => { const b = c.getBBox(); return [b.width, b.height]; })"
    )
    assert len(boxes) >= 12
    assert all(width > 100 and height > 20 for width, height in boxes)
    strips = opened.value(
        "[...document.querySelectorAll('.strip .skyline path')].map(p => p.getBoundingClientRect().width)"
    )
    assert len(strips) >= 20
    assert max(strips) > 300
    assert opened.asked == [page_file.as_uri()]
    assert opened.complaints == []


def test_the_strips_are_aligned_and_as_long_as_their_speeches(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    found = opened.value("""[...document.querySelectorAll('.strip')].slice(0, 4).map(s => [
        s.getBoundingClientRect().left,
        Math.max(...[...s.querySelectorAll('.skyline path')].map(p => p.getBoundingClientRect().right))])""")
    assert len({left for left, _ in found}) == 1
    ends = opened.value("JSON.parse(document.querySelector('#data').textContent).speeches.slice(0, 4).map(s => s.end)")
    lengths = [right - left for left, right in found]
    for length, end in zip(lengths, ends, strict=True):
        assert length / max(lengths) == pytest.approx(end / max(ends), abs=0.02)


def test_the_language_switches_everywhere(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    heading = "document.querySelector('#shape-title').innerText"
    assert opened.value(heading) == PAGE["shape"].en
    opened.page.click("[data-set-lang=zh]")
    assert opened.value(heading) == PAGE["shape"].zh
    assert opened.value("document.documentElement.lang") == "zh-Hans"
    assert opened.value("document.querySelector('#search').placeholder") == SCRIPT["search_hint"].zh
    assert "故事" in opened.value("document.querySelector('#transcript .b-story .name').textContent")
    hidden = opened.value("[...document.querySelectorAll('.l-en')].every(e => e.getClientRects().length === 0)")
    assert hidden
    assert opened.value("document.querySelector('[data-set-lang=zh]').getAttribute('aria-pressed')") == "true"


def test_the_theme_follows_the_system_and_the_button(visit: Any, page_file: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = visit(page_file, color_scheme="light"), visit(page_file, color_scheme="dark")
    assert light.value(ground) != dark.value(ground)
    was_dark = dark.value(ground)
    dark.page.click("#theme")
    assert dark.value(ground) == light.value(ground)
    light.page.click("#theme")
    assert light.value(ground) == was_dark


def test_a_click_on_a_strip_plays_from_that_sentence_and_opens_the_reader(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    strip = opened.page.locator(".strip[data-speech='shen-2021']")
    strip.scroll_into_view_if_needed()
    strip.hover(position={"x": 200, "y": 50})
    tip = opened.value("document.querySelector('#tip').innerText")
    assert "%" in tip
    strip.click(position={"x": 200, "y": 50})
    opened.until(f"{TIME} > 5 && !document.querySelector('#audio').seeking")
    at = opened.value("""(() => { const s = JSON.parse(document.querySelector('#data').textContent).speeches[1];
        return s.t[Number(document.querySelector('.s.lit').dataset.s)] / 10; })()""")
    assert opened.value(TIME) == pytest.approx(at, abs=2.5)
    assert opened.value("document.querySelector('#speech').value") == "shen-2021"
    assert opened.value("location.hash").startswith("#speech=shen-2021&t=")
    assert set(opened.asked) == {page_file.as_uri(), (page_file.parents[2] / "audio" / "shen-2021.opus").as_uri()}
    assert opened.complaints == []


def test_a_quote_and_a_sentence_seek_the_sound(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    link = opened.page.locator("#phrases a.play[data-speech='shen-2021']").first
    seconds = sum(60**k * int(part) for k, part in enumerate(reversed(link.locator(".when").inner_text().split(":"))))
    link.click()
    opened.until(f"Math.abs({TIME} - {seconds}) < 3 && {TIME} > 0")
    opened.page.locator("#transcript .s").nth(40).click()
    opened.until(
        f"Math.abs({TIME} - JSON.parse(document.querySelector('#data').textContent).speeches[1].t[40] / 10) < 3"
    )
    assert opened.value("document.querySelectorAll('.s.lit').length") == 1


def test_a_missing_recording_is_one_clear_line(visit: Any, page_file: Path) -> None:
    opened = visit(page_file, "#speech=shen-2020&s=3")
    opened.page.locator("#transcript .s").nth(5).click()
    opened.until("document.querySelector('#player-line').innerText.includes('shen-2020.opus')")
    assert opened.value("document.querySelector('#audio').hidden")
    opened.page.locator("#phrases a.play[data-speech='shen-2021']").first.click()
    opened.until(f"{TIME} > 0 && !document.querySelector('#audio').hidden")


def test_a_speech_without_times_opens_in_the_reader_and_says_why_it_is_silent(visit: Any, page_file: Path) -> None:
    opened = visit(page_file, "#speech=mara-2022&s=13")
    assert opened.value("document.activeElement.dataset.s") == "12"
    assert opened.value("document.querySelector('#player-line').innerText") == SCRIPT["no_recording"].en


@pytest.mark.parametrize(("hash", "expected"), [("#speech=shen-2021&s=13", 12), ("#speech=shen-2021&t=00:03:20", None)])
def test_a_deep_link_opens_the_sentence_without_a_sound(
    visit: Any, page_file: Path, hash: str, expected: int | None
) -> None:
    opened = visit(page_file, hash)
    line = int(opened.value("document.activeElement.dataset.s"))
    starts = opened.value("JSON.parse(document.querySelector('#data').textContent).speeches[1].t")
    wanted = expected if expected is not None else max(i for i, t in enumerate(starts) if t < 2010)
    assert line == wanted
    box = opened.page.locator(f"#transcript .s[data-s='{line}']").bounding_box()
    assert 0 < box["y"] < 900
    assert opened.value("document.querySelector('#audio').paused")


def test_filters_and_search_narrow_the_reader(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    every = opened.value(SHOWN)
    opened.page.click(".chip[data-group=story]")
    story = opened.value(SHOWN)
    assert 0 < story < every
    assert opened.value(
        "[...document.querySelectorAll('#transcript .para')].every(p => p.classList.contains('b-story'))"
    )
    opened.page.click(".chip[data-kind=e]")
    assert 0 < opened.value(SHOWN) < story
    opened.page.click(".chip[data-group=story]")
    opened.page.click(".chip[data-kind=e]")
    assert opened.value(SHOWN) == every
    opened.page.fill("#search", "电池")
    assert opened.value("[...document.querySelectorAll('#transcript mark')].every(m => m.textContent === '电池')")
    assert opened.value("document.querySelectorAll('#transcript mark').length") > 0
    opened.page.click("#reader-status .link >> nth=0")
    assert opened.value("document.querySelector('#speech').value") == "shen-2021"


def test_the_keyboard_reaches_strips_and_sentences(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    opened.page.focus(".strip[data-speech='shen-2021']")
    for _ in range(5):
        opened.page.keyboard.press("ArrowRight")
    strip = "document.querySelector(\".strip[data-speech='shen-2021']\")"
    assert opened.value(f"{strip}.getAttribute('aria-valuenow')") == "5"
    assert opened.value(f"{strip}.getAttribute('role')") == "slider"
    opened.page.keyboard.press("Enter")
    assert opened.value("document.activeElement.dataset.s") == "5"
    opened.page.keyboard.press("ArrowDown")
    assert opened.value("document.activeElement.dataset.s") == "6"
    assert opened.value("document.querySelectorAll(\"#transcript .s[tabindex='0']\").length") == 1


def test_selected_words_are_copied_with_their_source(visit: Any, page_file: Path) -> None:
    opened = visit(page_file, "#speech=shen-2021&s=21")
    opened.value("""(() => { const s = document.querySelector(".s[data-s='20']"); const range = document.createRange();
        range.selectNodeContents(s); getSelection().removeAllRanges(); getSelection().addRange(range); })()""")
    opened.page.wait_for_selector("#copier:not([hidden])")
    quote = opened.value("document.querySelector('#copier').dataset.quote")
    words = opened.value("JSON.parse(document.querySelector('#data').textContent).speeches[1].text[20]")
    assert quote.startswith(f"“{words}” — 沈岸, 年度演讲, 2021-08-11, ")
    assert "#speech=shen-2021&t=" in quote
    opened.page.click("#copier")
    opened.until(f"document.querySelector('#copier').textContent === '{SCRIPT['copied'].en}'")


def test_a_file_can_be_saved_when_only_the_page_was_kept(visit: Any, page_file: Path, tmp_path: Path) -> None:
    alone = tmp_path / "index.html"
    alone.write_bytes(page_file.read_bytes())
    opened = visit(alone)
    with opened.page.expect_download() as download:
        opened.page.click("#story a.csv")
    saved = Path(download.value.path()).read_bytes()
    assert saved == (page_file.parent / "data" / "story.csv").read_bytes()


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_is_wider_than_the_window(visit: Any, page_file: Path, width: int, lang: str) -> None:
    opened = visit(page_file, width=width)
    opened.page.click(f"[data-set-lang={lang}]")
    assert opened.value("document.documentElement.scrollWidth") <= width


def test_on_a_phone_ribbons_keep_their_width_and_panels_stack(visit: Any, page_file: Path) -> None:
    opened = visit(page_file, width=390)
    assert opened.page.locator(".strip").first.bounding_box()["width"] >= 350
    first, second = (opened.page.locator("#story .cell").nth(i).bounding_box() for i in (0, 1))
    assert second["y"] >= first["y"] + first["height"]


def test_on_a_phone_the_speakers_stand_under_each_other_and_are_named(visit: Any, page_file: Path) -> None:
    opened = visit(page_file, width=390)
    assert opened.value("document.querySelector('#speakers .scroll').scrollWidth <= "
                        "document.querySelector('#speakers .scroll').clientWidth + 1")
    row = opened.page.locator("#speakers tbody tr").first
    names = [name.inner_text() for name in row.locator(".of").all()]
    assert len(names) == 2
    assert all(name.strip() for name in names)
    assert not visit(page_file, width=1280).page.locator("#speakers .of").first.is_visible()


def test_on_a_phone_the_last_number_of_an_axis_does_not_lie_on_the_one_before(visit: Any, page_file: Path) -> None:
    opened = visit(page_file, width=390)
    over = opened.value("""[...document.querySelectorAll('.ticks')].flatMap(ticks => {
        const ends = [...ticks.children].filter(t => parseFloat(getComputedStyle(t).fontSize) > 0)
            .map(t => t.getBoundingClientRect());
        return ends.slice(1).filter((box, i) => box.left < ends[i].right - 6).map(box => box.left); })""")
    assert over == []


def test_labels_of_the_dots_do_not_lie_on_each_other(visit: Any, page_file: Path) -> None:
    for width in (390, 1280):
        opened = visit(page_file, width=width)
        over = opened.value("""[...document.querySelectorAll('svg.chart')].flatMap(chart => {
            const boxes = [...chart.querySelectorAll('.value, .name, .dot')].filter(t => t.getClientRects().length)
                .map(t => [t.textContent, t.getBoundingClientRect()]);
            return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).filter(([b, q]) => (a || b) &&
                Math.min(p.right, q.right) - Math.max(p.left, q.left) > 2 &&
                Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 4)
                .map(([b]) => `${chart.getAttribute('aria-labelledby')}: ${a} / ${b}`)); })""")
        assert over == [], width


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_on_a_phone_no_word_of_a_chart_is_cut_at_its_edge(visit: Any, page_file: Path, lang: str) -> None:
    opened = visit(page_file, width=390)
    opened.page.click(f"[data-set-lang={lang}]")
    cut = opened.value("""[...document.querySelectorAll('.plot')].flatMap(plot => {
        const right = plot.getBoundingClientRect().left + plot.scrollWidth;
        return [...plot.querySelectorAll('text')].filter(t => t.getClientRects().length
            && t.getBoundingClientRect().right > right + 1).map(t => t.textContent); })""")
    assert cut == []


def test_on_a_phone_the_contents_fade_where_they_scroll_on(visit: Any, page_file: Path) -> None:
    opened = visit(page_file, width=390)
    nav = "document.querySelector('.contents')"
    assert opened.value(f"{nav}.scrollWidth > {nav}.clientWidth")
    assert "gradient" in opened.value(f"getComputedStyle({nav}, '::after').backgroundImage")
    opened.value(f"{nav}.scrollTo(1e6, 0)")
    last = opened.page.locator(".contents a").last.bounding_box()
    assert last["x"] + last["width"] <= 390 - 16 - 20


def test_back_returns_to_the_place_a_quote_was_clicked_at(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    places = []
    for link in (
        opened.page.locator("#board a.play[data-speech='shen-2023']").first,
        opened.page.locator("#phrases a.play[data-speech='shen-2021']").first,
    ):
        link.scroll_into_view_if_needed()
        places.append(opened.value("scrollY"))
        link.click()
        assert abs(opened.value("scrollY") - places[-1]) > 500
    assert opened.value("document.querySelector('#speech').value") == "shen-2021"
    for place in reversed(places):
        opened.page.go_back()
        opened.until(f"Math.abs(scrollY - {place}) < 3")
    opened.page.wait_for_timeout(300)
    assert abs(opened.value("scrollY") - places[0]) < 3
    assert opened.value("location.hash") == ""
    opened.page.go_forward()
    opened.until("document.querySelector('#speech').value === 'shen-2023'")
    assert opened.value("location.hash").startswith("#speech=shen-2023")
    opened.until(f"Math.abs(scrollY - {places[1]}) < 3")  # where that step was left


def test_back_returns_to_the_strip_and_a_sentence_leaves_no_step(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    strip = opened.page.locator(".strip[data-speech='shen-2021']")
    strip.scroll_into_view_if_needed()
    place, steps = opened.value("scrollY"), opened.value("history.length")
    strip.click(position={"x": 200, "y": 50})
    assert opened.value("history.length") == steps + 1
    opened.page.locator("#transcript .s").nth(40).click()
    assert opened.value("history.length") == steps + 1
    opened.page.go_back()
    opened.until(f"Math.abs(scrollY - {place}) < 3")


def test_back_finds_a_place_that_was_scrolled_to_later(visit: Any, page_file: Path) -> None:
    opened = visit(page_file, "#speech=shen-2021&s=13")
    opened.value("scrollTo(0, 700)")
    opened.page.wait_for_timeout(400)
    opened.page.click(".contents a[href='#methods']")
    opened.until("location.hash === '#methods'")
    opened.page.go_back()
    opened.until("Math.abs(scrollY - 700) < 3")
    assert opened.value("location.hash") == "#speech=shen-2021&s=13"


def test_a_page_opens_in_its_own_language_whatever_was_chosen_in_another(
    browser: Any, page_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "zh.html"
    text = page_file.read_text(encoding="utf-8")
    other.write_text(text.replace('lang="en" data-lang="en"', 'lang="zh-Hans" data-lang="zh"', 1), encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    shown = "document.documentElement.dataset.lang"
    for path, lang in ((other, "zh"), (page_file, "en"), (other, "zh")):
        page.goto(path.as_uri())
        assert page.evaluate(shown) == lang
        page.click(f"[data-set-lang={'en' if lang == 'zh' else 'zh'}]")
        assert page.evaluate(shown) != lang
    assert page.evaluate("Object.keys(localStorage)") == []
    page.click("#theme")
    assert page.evaluate("Object.keys(localStorage)") == ["rhetoric-theme"]
    context.close()


def test_the_player_says_its_line_again_in_the_other_language(visit: Any, page_file: Path) -> None:
    opened = visit(page_file, "#speech=mara-2022&s=13")
    line = "document.querySelector('#player-line').innerText"
    opened.page.click("[data-set-lang=zh]")
    assert opened.value(line) == SCRIPT["no_recording"].zh
    opened.page.locator("#phrases a.play[data-speech='shen-2021']").first.click()
    opened.until(f"{line}.includes('2021')")
    chinese = opened.value(line)
    opened.page.click("[data-set-lang=en]")
    assert opened.value(line) != chinese
    opened.page.click("[data-set-lang=zh]")
    assert opened.value(line) == chinese


def test_a_search_without_a_hit_says_so(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    status = "document.querySelector('#reader-status').innerText"
    opened.page.fill("#search", "zzyzx")
    assert opened.value(status).endswith(SCRIPT["no_hits"].en)
    assert "0 with" not in opened.value(status)
    opened.page.fill("#search", "aluminium")
    assert SCRIPT["no_hits_here"].en in opened.value(status)
    assert opened.page.locator("#reader-status .link").count() > 0


def test_pointing_at_a_part_tells_its_interval(visit: Any, page_file: Path) -> None:
    opened = visit(page_file)
    assert opened.page.locator("#composition .reach, #owners .reach").count() == 0
    part = opened.page.locator("#composition rect.part").first
    part.scroll_into_view_if_needed()
    opened.page.wait_for_timeout(200)  # scrolling hides what is pointed at
    part.hover()
    opened.until("!document.querySelector('#tip').hidden")
    head, body = opened.value("document.querySelector('#tip').innerText").split("\n")
    assert head.startswith("story · 2020: ")
    assert body.startswith("95% interval: ")
    opened.page.locator("#composition .numbers summary").click()
    words = opened.page.locator("#composition .numbers").inner_text()
    assert body.removeprefix("95% interval: ") in words


def test_names_and_sizes_stand_beside_their_strips(visit: Any, untimed_file: Path) -> None:
    for width in (1280, 800, 390):
        opened = visit(untimed_file, width=width)
        over = opened.value("""[...document.querySelectorAll('.ribbon:not(.axis)')].flatMap(r => {
            const strip = r.querySelector('.strip').getBoundingClientRect();
            return [...r.querySelectorAll('.who a, .who small')].filter(e => {
                const range = document.createRange(); range.selectNodeContents(e);
                const b = range.getBoundingClientRect();
                return b.right > strip.left - 4 && b.bottom > strip.top + 2 || b.right > innerWidth;
            }).map(e => e.textContent); })""")
        assert over == [], width
        assert "17,301 characters" in opened.page.locator(".who").first.inner_text()


def test_a_star_stands_where_a_part_of_a_sentence_begins(visit: Any, untimed_file: Path) -> None:
    opened = visit(untimed_file)
    board = opened.page.locator("#board .line q").first.inner_text()
    assert "…难关，从来不是技术…" in board
    opened.page.locator("#board .from a").first.click()
    opened.until("document.activeElement.matches('#transcript .s')")
    words = opened.value("document.activeElement.textContent")
    assert "★难关，从来不是技术" in words
    assert "…" not in words


def test_it_reads_and_prints_without_a_script(visit: Any, page_file: Path) -> None:
    opened = visit(page_file, java_script_enabled=False)
    assert opened.page.locator("#answer .answer").inner_text()
    assert opened.page.locator("noscript .plain-text, .plain-text").count() == 1
    assert not opened.page.locator(".tools").is_visible()
    printed = visit(page_file)
    printed.page.emulate_media(media="print")
    assert not printed.page.locator("#transcript").is_visible()
    assert printed.page.locator("#methods").is_visible()
    assert len(printed.page.pdf(format="A4")) > 50_000


def test_hostile_words_stay_words(visit: Any, hostile_file: Path) -> None:
    opened = visit(hostile_file)
    opened.page.on("dialog", lambda dialog: pytest.fail("a word from outside ran"))
    assert opened.value("document.querySelectorAll('script').length") == 2
    assert opened.value("document.querySelectorAll('img').length") == 0
    opened.page.click("[data-set-lang=zh]")
    opened.page.fill("#search", "<script>")
    opened.page.locator("#transcript .s").nth(3).click()
    opened.page.hover("#transcript .s >> nth=3")
    assert "<script>alert(1)</script>" in opened.value("document.querySelector('#transcript').textContent")
    assert opened.value("document.querySelectorAll('#transcript script, #transcript img').length") == 0
    assert all(url == hostile_file.as_uri() or url.endswith(".opus") for url in opened.asked)
    assert not [c for c in opened.complaints if "Failed to load" not in c and "ERR_FILE_NOT_FOUND" not in c]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"width": 390}], ids=["light", "dark", "phone"])
def test_accessibility_rules_hold(visit: Any, page_file: Path, lang: str, options: dict[str, Any]) -> None:
    """No rule of axe-core is broken seriously, with all folds open."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    opened = visit(page_file, bypass_csp=True, **options)
    opened.page.click(f"[data-set-lang={lang}]")
    opened.value("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    assert _serious(axe.run(opened.page).response) == []


def _serious(found: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [
        (rule["id"], rule["nodes"][0]["html"][:160], len(rule["nodes"]))
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_chapters_are_drawn_in_both_languages_and_never_wider_than_the_page(
    visit: Any, page_file: Path, width: int
) -> None:
    opened = visit(page_file, width=width)
    for lang in ("en", "zh"):
        opened.page.click(f"[data-set-lang={lang}]")
        for chapter in ("ask-hinge", "ask-founder", "keywords", "spread", "frames", "novelty", "manner"):
            box = opened.value(f"document.querySelector('#{chapter}').getBoundingClientRect().toJSON()")
            assert box["height"] > 60, chapter
            assert box["right"] <= width, chapter
        assert opened.value("document.documentElement.scrollWidth") <= width
    assert opened.asked == [page_file.as_uri()]
    assert opened.complaints == []
