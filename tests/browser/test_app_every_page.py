"""Every notebook in app mode, behind a prefix, gates open: no code, no error, no other host, no link that is lost;
keyboard, forced colours, every tab and fold by axe, and narrow windows."""

import re

import pytest
from playwright.sync_api import expect

from liverlab import evidence

from . import app, forced_colours, tab_stops
from .axe import COLOURS, OURS_IN_APP, violations

LESSONS = sorted(evidence.load().lessons)
PAGES = ["00_start_here", *LESSONS, "four_ways", "teacher"]
CODE = ("import ", "open_lesson", "open_page", "NBVAL", "Run All Cells", "Traceback", "In [", "¶")

# Everything to press that is no word of a sentence is at least 24 pixels high and wide (WCAG 2.5.8).
SMALL = """() => [...document.querySelectorAll(
      ".liverlab :is(button:not(.lp-term), summary, input, select, .noUi-handle, [role=tab], th > a, td > a)")]
    .filter((one) => one.checkVisibility()).map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.width < 23.5 || box.height < 23.5)).map(([html]) => html)"""

TABLE = """(figure) => {
    const text = (one) => one.textContent.trim();
    const [region, heads] = [figure.querySelector(".ll-data[role=region]"), figure.querySelectorAll("th[scope=col]")];
    return { title: text(figure.querySelector(".ll-figure-title")), label: region.getAttribute("aria-label"),
             caption: text(region.querySelector("caption")), heads: [...heads].map(text),
             rows: region.querySelectorAll("th[scope=row]").length }; }"""


@pytest.fixture(scope="module")
def server(tmp_path_factory, browser):
    private = tmp_path_factory.mktemp("every-page")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIVERLAB_GATE", "open")
        with app.AppServer(private, base_url="/liver/7/") as running:
            yield running
            assert running.foreign_connections() == []


class OneAhead:
    """Pages in their order; while one is tested, the kernel and the page of the next are getting ready."""

    def __init__(self, server, browser):
        self.server, self.browser, self.open = server, browser, {}

    def start(self, name):
        if name not in self.open:
            held = app.watched_page(self.browser)
            self.open[name] = held, (page := held.__enter__())
            page.goto(self.server.lesson(name), wait_until="commit")

    def get(self, name):
        self.start(name)
        for after in PAGES[PAGES.index(name) + 1 :][:1]:
            self.start(after)
        return self.open[name][1]

    def close(self, name):
        self.open.pop(name)[0].__exit__(None, None, None)


@pytest.fixture(scope="module")
def ahead(server, browser):
    pages = OneAhead(server, browser)
    yield pages
    for name in list(pages.open):
        pages.close(name)


@pytest.fixture(scope="module", params=PAGES)
def page(request, ahead):
    """One notebook, run, at 1280 x 720 in light colours; the tests below take it through all it has."""
    page = ahead.get(request.param)
    page.name = request.param
    page.locator("#rendered_cells").wait_for(timeout=90_000)
    page.locator(".liverlab").first.wait_for(timeout=90_000)
    if page.name in LESSONS:
        settled(page)
    elif page.name != "teacher":
        page.locator("img, .liverlab-viewer[data-painted]").first.wait_for(timeout=60_000)
    yield page
    ahead.close(page.name)


def settled(page):
    page.wait_for_function(
        """() => { const viewer = document.querySelector('.lp-lesson .liverlab-viewer')?.dataset;
            return viewer?.settled && viewer.settled === viewer.version && viewer.painted === viewer.version; }""",
        timeout=90_000,
    )


def test_a_page_answers_and_leads_nowhere_that_is_not_there(server, page):
    if page.name in LESSONS:
        check_sliders(page)
        check_tables(page)
    words = page.locator("body").inner_text()
    assert "not for clinical use" in words
    assert [one for one in CODE if one in words] == []
    assert page.locator(".jp-InputArea-editor, .cm-editor, .jp-RenderedText, .ll-error:visible").count() == 0
    assert page.evaluate(SMALL) == []
    check_links(page, server)


@pytest.fixture(scope="module")
def unfolded(page):
    """The page with all its tabs one below the other and every fold open."""
    app.open_everything(page)
    check_figures_are_drawn(page)
    return page


def test_tab_stops_where_it_can_be_seen_in_the_order_of_reading(unfolded):
    stops = tab_stops.walk(unfolded, OURS_IN_APP)
    assert len(stops) >= (100 if unfolded.name in LESSONS else 5)
    assert tab_stops.faults(unfolded, OURS_IN_APP, stops) == {}


def test_forced_colours_take_no_meaning_away(unfolded):
    unfolded.emulate_media(forced_colors="active")
    if unfolded.name in LESSONS:
        check_quiz(unfolded)
    unfolded.evaluate("() => document.activeElement?.blur()")
    found = forced_colours.faults(unfolded, OURS_IN_APP)
    unfolded.emulate_media(forced_colors="none")
    assert found == {}


def test_axe_finds_nothing_in_any_tab_or_fold(unfolded):
    assert unfolded.evaluate(SMALL) == []
    assert violations(unfolded, OURS_IN_APP) == []
    unfolded.emulate_media(color_scheme="dark")
    unfolded.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    assert violations(unfolded, OURS_IN_APP, COLOURS) == []
    unfolded.emulate_media(color_scheme="light")
    unfolded.wait_for_function("() => document.body.dataset.jpThemeLight === 'true'")


def test_a_narrow_page_scrolls_down_only(page):
    for width, height in ((640, 360), (360, 740), (320, 256)):  # 200 % of 1280 x 720, a phone, 400 %
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        assert sideways(page) <= 0, width


def check_sliders(page):
    """A slider changes the picture; together they change what is said of it, also at the pictures."""
    settled(page)
    viewer, text = page.locator(".lp-lesson .liverlab-viewer"), page.locator(".lp-lesson .ll-text")
    version, said = viewer.get_attribute("data-painted"), text.inner_text()
    handles = page.locator(".lp-main .noUi-handle").all()
    turn_to_the_other_end(handles[0])
    expect(viewer).not_to_have_attribute("data-painted", version)
    for one in handles[1:]:  # what the first one changes may be hidden in this phase
        turn_to_the_other_end(one)
    expect(text).not_to_have_text(said)
    settled(page)
    for pane in page.locator(".lp-lesson .ll-pane").all():
        assert pane.get_attribute("aria-describedby") == text.get_attribute("id")


def turn_to_the_other_end(handle):
    highest = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
    handle.press("Home" if highest else "End")


def check_figures_are_drawn(page):
    for one in page.locator(".ll-figure-view:visible").all():
        one.scroll_into_view_if_needed()
        expect(one).to_have_attribute("data-settled", "true", timeout=20_000)


def check_quiz(page):
    """The first question: what is chosen is marked, and the verdict is a sign, a word and a line."""
    item = page.locator(".lp-quiz .lp-card").filter(has=page.locator(".lp-choices")).first
    chosen = item.locator(".lp-choices .widget-toggle-button").first
    chosen.click()
    expect(chosen).to_have_attribute("aria-pressed", "true")
    item.get_by_role("button", name="Certain").click()
    said = item.locator(".lp-status")
    expect(said).to_have_text(re.compile("^(✔ Right|✘ Not right)"))
    assert said.evaluate("(one) => parseFloat(getComputedStyle(one).borderLeftWidth)") >= 3


def check_tables(page):
    """Every figure in view has its numbers as a table, by keyboard: open, read, shut."""
    check_figures_are_drawn(page)
    figures = page.locator(".ll-figure:visible")
    assert figures.count() >= 2
    for figure in figures.all():
        assert len(figure.locator(".ll-plot[role=img]").get_attribute("aria-label")) > 20
        button = figure.get_by_role("button", name=re.compile("^Table of numbers: "))
        button.press("Enter")
        expect(button).to_have_attribute("aria-expanded", "true")
        read = figure.evaluate(TABLE)  # at once: a figure that follows the sliders may still change
        assert read["label"] == f"Table: {read['title']}"
        assert read["caption"].startswith(read["title"])
        assert len(read["heads"]) >= 2, read["title"]
        assert all(re.search(r"\w", head) for head in read["heads"]), read
        assert read["rows"] >= 1, read["title"]
        button.press("Enter")
        expect(figure.locator(".ll-data")).to_be_hidden()


def check_links(page, server):
    for link in page.locator("a[href]").evaluate_all("(all) => [...new Set(all.map((one) => one.href))]"):
        address, _, anchor = link.partition("#")
        if anchor and address == page.url.partition("#")[0]:
            assert page.locator(f"[id='{anchor}']").count() == 1, link
        elif address.endswith(".ipynb"):  # asking for it would start a kernel
            assert address in [server.lesson(one) for one in PAGES], link
        elif address.startswith(server.here):
            assert page.request.get(address).status == 200, link


def sideways(page):
    return page.evaluate("() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth")


def test_a_document_reads_well_and_leads_back(server, browser):
    with app.watched_page(browser) as page:
        page.goto(
            f"{server.here}{server.base_url}voila/templates/liverlab/static/docs/teaching/03_pseudocirrhosis.html"
        )
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page, OURS_IN_APP) == []
        page.set_viewport_size({"width": 360, "height": 740})
        assert sideways(page) <= 0
        page.get_by_role("link", name="All lessons").click()
        page.locator(".la-lessons").wait_for()
