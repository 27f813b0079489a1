"""App mode in Chromium: front page, a lesson without code, nothing from elsewhere, a prefix, and kernels that end."""

import time

import pytest
from playwright.sync_api import expect

from liverlab import evidence

from . import app
from .axe import OURS_IN_APP, violations

LESSON = "02_pseudoprogression"
LESSONS = evidence.load().lessons
CONTROL = ".liverlab .widget-toggle-button:visible"
FREE_AFTER_S = 4


@pytest.fixture(scope="module")
def alone(tmp_path_factory, browser):
    """As `start.py app` serves it, behind a prefix."""
    private = tmp_path_factory.mktemp("app")
    with app.AppServer(private, base_url="/liver/7/", free_after_s=FREE_AFTER_S) as server:
        yield server
        assert server.foreign_connections() == []


@pytest.fixture(scope="module")
def inside(tmp_path_factory, browser):
    """Inside a Jupyter server with the address of a hub's user: Binder and JupyterHub."""
    with app.AppServer(tmp_path_factory.mktemp("hub"), inside=True, base_url="/user/ann%40clinic/") as server:
        yield server
        assert server.foreign_connections() == []


@pytest.fixture
def page(browser):
    with app.watched_page(browser) as page:
        yield page


def open_lesson(page, server):
    page.goto(server.lesson(LESSON), wait_until="commit")
    page.locator(".liverlab-viewer[data-painted]").first.wait_for(timeout=60_000)
    page.locator(CONTROL).first.wait_for(timeout=60_000)


def ended(server, processes, limit_s):
    """Seconds until none of the kernels is left; fails after the limit."""
    began = time.monotonic()
    while {kernel.pid for kernel in server.kernels()} & {kernel.pid for kernel in processes}:
        assert time.monotonic() - began < limit_s, "a kernel of a closed page still runs"
        time.sleep(0.1)
    return time.monotonic() - began


def sideways(page):
    return page.evaluate("() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("where", ["alone", "inside"])
def test_the_front_page_lists_every_lesson_and_leads_into_it(where, request, page):
    server = request.getfixturevalue(where)
    page.goto(server.front)
    links = page.locator(".la-lessons a")
    assert links.all_inner_texts() == [lesson["title"] for lesson in LESSONS.values()]
    assert "not for clinical use" in page.locator(".la-page").inner_text()
    pictures = page.locator(".la-lessons img")
    assert pictures.evaluate_all("(all) => all.every((one) => one.complete && one.naturalWidth > 100)")
    assert server.kernels() == [], "the front page needs no kernel"
    links.get_by_text(LESSONS[LESSON]["title"]).click(no_wait_after=True)
    page.locator(".liverlab-viewer[data-painted]").first.wait_for(timeout=60_000)
    assert page.title() == LESSONS[LESSON]["title"]
    asked = [url for url in page.traffic.urls if url.startswith(("http", "ws"))]
    ours = f"://127.0.0.1:{server.port}{server.base_url}"
    assert [url for url in asked if ours not in url] == []
    page.get_by_role("link", name="All lessons").click()
    page.locator(".la-lessons").wait_for()


def test_a_lesson_shows_its_controls_and_no_code(alone, page):
    open_lesson(page, alone)
    text = page.locator("body").inner_text()
    for word in ("import ", "open_lesson", "lesson.", "NBVAL", "Self-check", "Run All Cells", "In [", "Traceback", "¶"):
        assert word not in text, word
    assert page.locator(".jp-InputArea-editor, .cm-editor, pre").count() == 0
    assert "not for clinical use" in page.locator(".la-bar").inner_text()
    page.locator(CONTROL).first.click()
    page.locator(f"{CONTROL}.mod-active").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_front_page(alone, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(alone.front)
    assert violations(page, OURS_IN_APP) == []


def test_a_phone_scrolls_down_only(alone, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(alone.front)
    assert sideways(page) <= 0
    open_lesson(page, alone)
    page.wait_for_timeout(500)
    assert sideways(page) <= 0
    page.locator(".la-foot").scroll_into_view_if_needed()
    assert page.evaluate("() => scrollY") > 740, "the window scrolls, not a box in it"


def test_answers_come_back_to_the_browser_that_gave_them_and_to_no_other(alone, browser, page):
    open_lesson(page, alone)
    page.locator(CONTROL).first.click()
    page.get_by_role("button", name="Fairly sure").click()
    page.get_by_text("1 answer saved").wait_for()
    page.reload(wait_until="commit")
    page.get_by_text("1 answer saved").wait_for(timeout=60_000)
    other = browser.new_context()
    stranger = other.new_page()
    open_lesson(stranger, alone)
    stranger.get_by_text("0 answers saved").wait_for()
    other.close()


@pytest.mark.parametrize("where", ["alone", "inside"])
def test_closing_the_tab_ends_its_kernel_at_once(where, request, browser):
    server = request.getfixturevalue(where)
    context = browser.new_context()
    page = context.new_page()
    open_lesson(page, server)
    running = server.kernels()
    assert running
    page.goto("about:blank")
    ended(server, running, 10)
    context.close()


def test_a_page_that_vanished_without_a_word_loses_its_kernel_within_the_time(alone, browser):
    context = browser.new_context()
    context.add_init_script("navigator.sendBeacon = () => true")
    page = context.new_page()
    open_lesson(page, alone)
    running = alone.kernels()
    page.wait_for_timeout(2 * FREE_AFTER_S * 1000)
    assert {kernel.pid for kernel in running} <= {kernel.pid for kernel in alone.kernels()}, "it is in use"
    context.close()
    # Idle for the time, looked at as often, and a little for ending.
    assert ended(alone, running, 2 * FREE_AFTER_S + 6) > 0.5


def test_a_page_that_is_not_there_says_so_in_our_words(alone, page):
    page.goto(f"{alone.here}{alone.base_url}voila/render/no_such_lesson.ipynb")
    assert "cannot be shown" in page.locator("h1").inner_text()
    expect(page.get_by_role("link", name="All lessons")).to_have_count(1)


def test_only_pictures_are_served_as_files(alone, page):
    for name in (f"{LESSON}.ipynb", "../casesdata/parameters.csv"):
        assert page.request.get(f"{alone.here}{alone.base_url}voila/files/{name}").status in (403, 404)
