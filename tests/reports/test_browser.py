"""The pages in a real browser: nothing is asked of anybody, nothing is wrong, nothing is cut off, by day and by night.

Needs Chromium, and `pip install playwright axe-playwright-python`: set FIDELITY_BROWSER=1 where they are.
"""

from __future__ import annotations

import os
import shutil

import pytest

from fidelity.reports.demo import demonstration

if os.environ.get("FIDELITY_BROWSER") != "1":
    pytest.skip("outside: set FIDELITY_BROWSER=1 where Chromium and playwright are", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
SIZES = {"desk": {"width": 1280, "height": 900}, "telephone": {"width": 375, "height": 812}}
LANGUAGES = ("en", "es-MX")


@pytest.fixture(scope="module")
def browser():
    place = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=place, args=QUIET)
        yield found
        found.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for language in LANGUAGES:
        made = demonstration(language)
        names = {"report": folder / f"report-{language}.html", "staff": folder / f"staff-{language}.html"}
        made.save(names["report"], staff=names["staff"])
        found |= {(name, language): path for name, path in names.items()}
    return found


@pytest.fixture
def opened(browser, pages):
    contexts = []

    def opening(page, language, size, mode):
        context = browser.new_context(viewport=SIZES[size], color_scheme=mode, reduced_motion="reduce")
        contexts.append(context)
        found = context.new_page()
        said, asked = [], []
        found.on("console", lambda message: said.append(message.text))
        found.on("pageerror", lambda error: said.append(str(error)))
        found.on("request", lambda request: asked.append(request.url))
        found.goto(pages[page, language].as_uri())
        return found, said, asked

    yield opening
    for each in contexts:
        each.close()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["report", "staff"])
def test_the_page_is_whole_quiet_and_open_to_everybody(opened, page, language, size, mode):
    found, said, asked = opened(page, language, size, mode)
    found.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

    wide, room = found.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    wrong = Axe().run(found).response["violations"]

    assert wide <= room
    assert [(each["id"], each["nodes"][0]["html"]) for each in wrong if each["impact"] in {"serious", "critical"}] == []
    assert said == []
    assert [each for each in asked if not each.startswith(("file:", "data:"))] == []
    cut = found.evaluate(
        "[...document.querySelectorAll('svg.chart text')].filter(each => {"
        "const box = each.getBoundingClientRect(), room = each.closest('svg').getBoundingClientRect();"
        "return box.width && (box.left < room.left - 1 || box.right > room.right + 1)}).map(each => each.textContent)"
    )
    assert cut == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_night_has_colors_of_its_own(opened, mode):
    found, _, _ = opened("report", "en", "desk", mode)

    ground = found.evaluate("getComputedStyle(document.body).backgroundColor")
    shown = found.evaluate("[...document.querySelectorAll('.by-day, .by-night')].map(each => each.offsetWidth > 0)")

    assert (max(map(int, ground[4:-1].split(","))) < 60) == (mode == "dark")
    assert shown == [mode == "light", mode == "dark"]


def test_the_keyboard_reaches_the_report_and_everything_that_opens(opened):
    found, _, _ = opened("report", "en", "desk", "light")

    found.keyboard.press("Tab")
    assert found.evaluate("document.activeElement.className") == "skip"
    found.keyboard.press("Enter")
    assert found.evaluate("document.activeElement.id") == "main"
    found.locator("summary").first.focus()
    found.keyboard.press("Enter")
    assert found.evaluate("document.activeElement.parentElement.open")


def test_it_prints_on_paper_by_day_even_where_it_is_night(opened):
    found, _, _ = opened("staff", "es-MX", "desk", "dark")
    found.emulate_media(media="print", color_scheme="dark")

    assert found.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert found.pdf(prefer_css_page_size=True).startswith(b"%PDF")
