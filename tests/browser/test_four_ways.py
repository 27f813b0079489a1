"""Four ways to be misled in JupyterLab: a vote by mouse opens the truth; both themes, a phone; nothing leaves."""

import shutil
from pathlib import Path

import pytest

from . import lab
from .axe import violations

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="module")
def page(browser, lab_server):
    """The committed page, run once."""
    shutil.copytree(NOTEBOOKS, lab_server.folder / "four", dirs_exist_ok=True)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    traffic, page = lab.Traffic(context), context.new_page()
    lab.open_notebook(page, lab_server, "four/four_ways.ipynb", run=False)
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); window.jupyterapp.shell.collapseRight(); }")
    lab.run_all(page)
    page.locator(".liverlab-viewer[data-painted]").wait_for(timeout=60_000)
    yield page
    assert lab.cell_errors(page) == []
    assert traffic.errors == []
    assert traffic.foreign() == []
    context.close()


def test_a_vote_opens_the_truth(page):
    page.get_by_text("This part opens when you have chosen a patient above.").wait_for()
    panes = page.locator(".ll-pane").count()
    assert panes >= 3
    page.locator(".lp-choices button", has_text=f"Patient {panes}").click()
    page.get_by_text("belongs to the sickest patient").wait_for()
    assert page.locator(".lp-table tbody tr").count() == panes
    page.locator("button", has_text="Show the first scans above").click()
    page.get_by_text("Shown above: first scan").wait_for()
    page.locator("button", has_text="Show today again").click()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(page, dark):
    lab.set_theme(page, dark)
    page.wait_for_timeout(400)
    assert violations(page) == []
    lab.set_theme(page, dark=False)
