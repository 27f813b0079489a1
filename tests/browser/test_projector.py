"""Projector mode in app mode: switched by keyboard, kept by the browser, large, in strong contrast, and off again."""

import pytest
from playwright.sync_api import expect

from . import app
from .axe import OURS_IN_APP, violations

LESSON = "02_pseudoprogression"
BODY_PX = 24  # at 1920 x 1080; see docs/access.md
SMALLEST_PX = 16  # the least word outside a picture
RULES = ("color-contrast-enhanced", "color-contrast", "label", "button-name", "aria-allowed-attr")

MEASURED = """() => {
    const size = (one) => parseFloat(getComputedStyle(one).fontSize);
    const says = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const words = [...document.querySelectorAll(".liverlab *, .jp-RenderedMarkdown *")].filter((one) =>
        one.checkVisibility() && one.clientWidth > 1 && !one.closest("svg, .ll-pane") && says(one));
    const [page, text, viewer, pane, tick] = [".lp-lesson", ".jp-RenderedMarkdown p", ".lp-lesson .liverlab-viewer",
        ".lp-lesson .ll-pane", ".lp-lesson .ll-plot .xtick text"].map((one) => document.querySelector(one));
    return { body: size(page), text: size(text), least: Math.min(...words.map(size)), viewer: viewer.clientWidth,
             pane: [pane.clientWidth, pane.clientHeight], tick: tick.getBoundingClientRect().height }; }"""
SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
# A word in a button, a head, a cell or a label that does not fit into its place.
CUT = """() => [...document.querySelectorAll(".liverlab :is(button, th, td, .widget-label, .lm-TabBar-tab)")]
    .filter((one) => one.checkVisibility() && !one.closest(".lp-scroll") && one.clientWidth > 1)
    .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML.slice(0, 120))"""
LIGHT = "(light) => document.body.dataset.jpThemeLight === light"


@pytest.fixture(scope="module")
def server(tmp_path_factory, browser):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIVERLAB_GATE", "open")
        with app.AppServer(tmp_path_factory.mktemp("projector")) as running:
            yield running


@pytest.fixture(scope="module")
def page(server, browser):
    """The lesson in a page that begins without the mode, its picture and curves drawn."""
    with app.watched_page(browser) as page:
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.goto(server.front)
        switch = page.get_by_role("button", name="Projector mode")
        expect(switch).to_have_attribute("aria-pressed", "false")
        page.asked = len(page.traffic.urls)
        switch.press("Enter")
        expect(switch).to_have_attribute("aria-pressed", "true")
        page.asked = page.traffic.urls[page.asked :]
        page.front_px = page.locator(".la-lead").first.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
        page.goto(server.lesson(LESSON), wait_until="commit")
        page.locator("#rendered_cells").wait_for(timeout=60_000)
        page.kept = page.evaluate("() => document.documentElement.hasAttribute('data-lp-projector')")
        page.locator(".lp-lesson .ll-plot .xtick text").first.wait_for(timeout=60_000)
        yield page


def switched(page, on):
    """The lesson's own switch, by keyboard."""
    switch = page.get_by_role("button", name="Projector mode")
    if (switch.get_attribute("aria-pressed") == "true") != on:
        switch.press("Space")
    expect(switch).to_have_attribute("aria-pressed", str(on).lower())
    drawn(page)


def drawn(page):
    """Every figure as large as its place."""
    page.wait_for_function(
        """() => [...document.querySelectorAll(".lp-lesson .ll-plot")].every((one) =>
            one._fullLayout && Math.abs(one._fullLayout.width - one.clientWidth) < 1)"""
    )


def resized(page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("(width) => window.innerWidth === width", arg=width)
    drawn(page)


def test_it_is_asked_for_on_the_front_page_and_kept_for_the_lesson(page):
    assert page.front_px >= BODY_PX
    assert page.kept
    assert page.asked == [], "nobody was asked"
    expect(page.get_by_role("button", name="Projector mode")).to_have_attribute("aria-pressed", "true")


def test_type_and_picture_grow_and_are_as_before_when_it_is_off(page):
    resized(page, 1920, 1080)
    switched(page, False)
    off = page.evaluate(MEASURED)
    switched(page, True)
    on = page.evaluate(MEASURED)
    assert min(on["body"], on["text"]) >= BODY_PX
    assert on["least"] >= SMALLEST_PX
    assert on["viewer"] > 1.3 * off["viewer"]
    assert min(now / then for now, then in zip(on["pane"], off["pane"], strict=True)) > 1.3
    assert on["tick"] > 1.5 * off["tick"]
    switched(page, False)
    assert page.evaluate(MEASURED) == off


def test_nothing_is_cut_nor_leads_sideways_in_any_room(page):
    switched(page, True)
    for width, height in ((1920, 1080), (1280, 720), (360, 740)):
        resized(page, width, height)
        assert page.evaluate(SIDEWAYS) <= 0, width
        assert page.evaluate(CUT) == [], width
    assert page.evaluate(MEASURED)["body"] == 14, "on a phone type is as it was"


def test_sliders_and_picture_fit_on_one_screen(page):
    switched(page, True)
    for width, height in ((1920, 1080), (1280, 720)):
        resized(page, width, height)
        page.locator(".lp-lesson").evaluate("(one) => one.scrollIntoView({ block: 'start' })")
        for part in (*page.locator(".lp-lesson .ll-pane").all(), *page.locator(".lp-main .lp-row").all()):
            box = part.bounding_box()
            assert -1 <= box["y"] <= box["y"] + box["height"] <= height, (width, part.inner_text())


def test_contrast_is_seven_to_one_in_both_schemes(page):
    resized(page, 1920, 1080)
    switched(page, True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(LIGHT, arg=str(scheme == "light").lower())
        assert violations(page, OURS_IN_APP, RULES) == []
    page.emulate_media(color_scheme="light")


def test_off_is_kept_too(page):
    switched(page, False)
    page.reload(wait_until="commit")
    page.locator(".la-bar").wait_for()
    assert not page.evaluate("() => document.documentElement.hasAttribute('data-lp-projector')")
