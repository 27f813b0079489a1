"""Every lesson in JupyterLab: un-run, run with open gates, every tab, both themes, a phone; no request leaves."""

import shutil
from pathlib import Path

import pytest

from liverlab import evidence

from . import lab
from .axe import COLOURS, violations

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(evidence.load().lessons)
PANEL = ".jp-WindowedPanel-outer"
EXPLORE = ".lp-lesson"


@pytest.fixture(scope="module")
def open_server(tmp_path_factory):
    """A server whose kernels open every gate."""
    folder, private = tmp_path_factory.mktemp("lessons"), tmp_path_factory.mktemp("jupyter-lessons")
    shutil.copytree(NOTEBOOKS, folder, dirs_exist_ok=True)
    with lab.LabServer(folder, private, {"LIVERLAB_GATE": "open"}) as server:
        yield server


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, browser, open_server):
    """The page of one lesson, run, at 1280 x 720."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    traffic, page = lab.Traffic(context), context.new_page()
    lab.open_notebook(page, open_server, f"{request.param}.ipynb", run=False)
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); window.jupyterapp.shell.collapseRight(); }")
    page.unrun = page.locator(".jp-Notebook").inner_text()
    page.data = evidence.load().lessons[request.param]
    lab.run_all(page)
    page.locator(f"{EXPLORE} .liverlab-viewer[data-settled]").wait_for(timeout=90_000)
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'", timeout=60_000
    )
    yield page
    assert lab.cell_errors(page) == []
    assert traffic.errors == []
    assert traffic.foreign() == []
    assert open_server.foreign_connections() == []
    context.close()


@pytest.fixture
def page(lesson):
    """The explore part at the top of a 1280 x 720 window, in light colours."""
    lesson.set_viewport_size({"width": 1280, "height": 720})
    lab.set_theme(lesson, dark=False)
    top = lesson.locator(PANEL).first.bounding_box()["y"]
    for _ in range(20):  # what stands above may still grow while the page settles
        lesson.locator(EXPLORE).first.evaluate("(element) => element.scrollIntoView({ block: 'start' })")
        lesson.wait_for_timeout(250)
        if abs(lesson.locator(EXPLORE).first.bounding_box()["y"] - top) < 20:
            break
    settled(lesson)
    return lesson


def settled(page):
    page.wait_for_function(
        """(part) => {
            const { painted, settled, version } = document.querySelector(`${part} .liverlab-viewer`).dataset;
            return painted === version && settled === version; }""",
        arg=EXPLORE,
        timeout=30_000,
    )


def open_everything(page):
    """Every fold of the page open."""
    page.evaluate("() => document.querySelectorAll('.liverlab details').forEach((one) => { one.open = true; })")


def test_the_un_run_notebook_says_what_it_is(lesson):
    assert lesson.data["title"] in lesson.unrun
    assert "not for clinical use" in lesson.unrun
    assert "Run All Cells" in lesson.unrun


def test_viewer_and_main_sliders_fit_together_without_scrolling(page):
    notebook = page.locator(PANEL).first.bounding_box()
    rows = page.locator(f"{EXPLORE} .lp-main .lp-row").count()
    assert rows == len(page.data["controls"]["main"])
    panes = page.locator(f"{EXPLORE} .ll-pane").count()
    parts = [f"{EXPLORE} .ll-pane >> nth={k}" for k in range(panes)]
    parts += [f"{EXPLORE} .lp-main .lp-row >> nth={k}" for k in range(rows)]
    for part in parts:
        box = page.locator(part).bounding_box()
        assert box["y"] >= notebook["y"] - 1, part
        assert box["y"] + box["height"] <= notebook["y"] + notebook["height"], part
        assert box["x"] + box["width"] <= notebook["x"] + notebook["width"], part


def test_every_main_slider_answers_at_both_ends_and_nothing_breaks(page):
    for number in range(len(page.data["controls"]["main"])):
        handle = page.locator(f"{EXPLORE} .lp-main .noUi-handle").nth(number)
        for key in ("Home", "End"):
            handle.focus()
            page.keyboard.press(key)
            settled(page)
            assert page.locator(".lp-banner:visible, .ll-error:visible").count() == 0, (number, key)
    page.locator(f"{EXPLORE} button", has_text="Reset").first.click()
    settled(page)


def test_every_preset_shows_its_case(page):
    for preset in page.data["presets"]:
        page.locator(f"{EXPLORE} button", has_text=preset["label"]).first.click()
        settled(page)
        assert page.locator(".lp-banner:visible, .ll-error:visible").count() == 0, preset["id"]
    page.locator(f"{EXPLORE} button", has_text="Reset").first.click()
    settled(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_any_tab(page, dark):
    rules = COLOURS if dark else None
    lab.set_theme(page, dark)
    open_everything(page)
    assert violations(page, rules=rules) == []
    tabs = page.locator(".liverlab .lm-TabBar-tab")
    for number in range(tabs.count()):
        tabs.nth(number).click()
        page.wait_for_timeout(300)
        open_everything(page)
        assert violations(page, ".liverlab .jupyter-widget-tab", rules) == [], tabs.nth(number).inner_text()


def test_a_phone_scrolls_down_only(page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_timeout(500)
    tabs = page.locator(".liverlab .lm-TabBar-tab")
    for number in range(tabs.count()):
        tabs.nth(number).click()
        page.wait_for_timeout(300)
        assert beyond_the_page(page) == [], tabs.nth(number).inner_text()


def beyond_the_page(page):
    panel = page.locator(PANEL).first.bounding_box()
    return page.evaluate(
        """(right) => [...document.querySelectorAll('.jp-OutputArea .liverlab *')]
            .filter((one) => one.offsetParent && !one.closest('.lp-scroll, .lp-hidden, svg, .js-plotly-plot'))
            .filter((one) => one.getBoundingClientRect().width > 0 && one.getBoundingClientRect().right > right + 1)
            .map((one) => `${one.className}: ${one.textContent.slice(0, 40)}`).slice(0, 5)""",
        panel["x"] + panel["width"],
    )
