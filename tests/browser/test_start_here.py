"""The start page in JupyterLab: the map of lessons, the tour that ticks itself off, the way into a lesson."""

import shutil
from pathlib import Path

import pytest

from . import lab
from .axe import violations

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
DONE = ".lp-steps li:has-text(', done')"


@pytest.fixture(scope="module")
def page(browser, lab_server):
    """The committed start page, run once."""
    shutil.copytree(NOTEBOOKS, lab_server.folder / "notebooks", dirs_exist_ok=True)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    traffic, page = lab.Traffic(context), context.new_page()
    lab.open_notebook(page, lab_server, "notebooks/00_start_here.ipynb", run=False)
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); window.jupyterapp.shell.collapseRight(); }")
    lab.run_all(page)
    page.locator(".liverlab-viewer[data-painted]").wait_for(timeout=60_000)
    yield page
    assert lab.cell_errors(page) == []
    assert traffic.errors == []
    assert traffic.foreign() == []
    assert lab_server.foreign_connections() == []
    context.close()


def drag(page, pane, start, end):
    """Between two places given as shares of the pane's width and height."""
    box = pane.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()


def test_the_tour_ticks_itself_off_by_keyboard_and_mouse(page):
    pane = page.locator(".ll-pane[data-pane=current]")
    page.locator(".lp-steps li").nth(2).wait_for()
    assert page.locator(DONE).count() == 0
    pane.focus()
    page.keyboard.press("ArrowUp")
    page.locator(DONE, has_text="Scroll").wait_for()
    page.keyboard.press("2")
    page.locator(DONE, has_text="window").wait_for()
    pane.evaluate("(pane) => pane.scrollIntoView({ block: 'center' })")
    page.keyboard.press("e")
    drag(page, pane, (0.3, 0.45), (0.34, 0.5))
    page.locator(DONE, has_text="ellipse").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("s")
    page.keyboard.press("ArrowDown")  # back to the slice through the middle of the largest lesion
    # The lesion is 36.6 mm wide around x -100, y -34; the field of view 360 mm around 0, -34, its top tenth cut.
    page.keyboard.press("r")
    share = pane.evaluate("(pane) => pane.clientWidth / pane.clientHeight")
    drag(page, pane, *((x_mm / 360 + 0.5, (0.5 - 0.1) * share) for x_mm in (-118, -82)))
    page.get_by_text("the truth is 36.6 mm").wait_for()
    page.get_by_text("You know the viewer.").wait_for()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(page, dark):
    lab.set_theme(page, dark)
    page.wait_for_timeout(400)
    assert violations(page) == []


def test_the_map_leads_into_the_lesson(page):
    lab.set_theme(page, dark=False)
    link = page.locator(".lp-table a", has_text="Pseudoprogression")
    link.scroll_into_view_if_needed()
    row = page.locator(".lp-table tr", has=page.locator("a", has_text="Pseudoprogression"))
    assert "25 min" in row.inner_text()
    assert "0 of" in row.inner_text()
    link.click()
    page.locator(".jp-NotebookPanel:visible h1", has_text="Pseudoprogression").wait_for(timeout=30_000)
    assert page.locator(".lm-DockPanel-tabBar .lm-mod-current").inner_text().strip().startswith("02_pseudo")
