"""The viewer in a real JupyterLab: comms, themes, shortcuts, sliders, nothing but localhost."""

import pytest
from playwright.sync_api import expect

from . import lab
from .axe import violations

DEMO = ["from liverlab.ui.viewer.demo import demo_page\npage = demo_page()\npage"]


@pytest.fixture
def demo(lab_page, lab_server):
    lab.write_notebook(lab_server.folder / "viewer.ipynb", *DEMO, "seen = dict(page.viewer.position)")
    lab.open_notebook(lab_page, lab_server, "viewer.ipynb")
    lab_page.wait_for_selector(".liverlab-viewer[data-settled]", timeout=30_000)
    yield lab_page
    assert lab.cell_errors(lab_page) == []


def burnt(page):
    return page.locator(".ll-pane[data-pane=current] .ll-burnt").inner_text()


def test_a_slider_moves_picture_curves_and_text(demo):
    handle = demo.get_by_role("slider", name="Lesion HU")
    handle.focus()
    version = int(demo.locator(".liverlab-viewer").get_attribute("data-painted"))
    for _ in range(5):
        demo.keyboard.press("ArrowRight")
    demo.wait_for_function("() => document.querySelector('.ll-text').textContent.includes('65 HU')")
    demo.wait_for_function(
        "(version) => Number(document.querySelector('.liverlab-viewer').dataset.settled) > version", arg=version
    )
    # The curve of a press in between may still be drawn when the words of the last one stand.
    demo.wait_for_function("() => document.querySelector('[data-figure=hu] .ll-plot').data[0].y[1] === 65")
    assert demo.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Lesion HU"


def test_visit_cursor_and_letters_are_not_taken_by_jupyterlab(demo):
    cells = demo.locator(".jp-Notebook .jp-Cell").count()
    demo.locator(".ll-pane[data-pane=current]").focus()
    for key in ("3", "f", "l", "l", "i", "i", "a", "s", "b", "b", "m", "b", "ArrowUp"):
        demo.keyboard.press(key)
    for condition in (".ll-full", ":not(.ll-full)"):
        demo.keyboard.press("x")
        demo.wait_for_selector(f".liverlab-viewer{condition}")
    demo.wait_for_function("() => document.querySelector('.ll-burnt').textContent.includes('22/41')")
    assert "W 2000  L 500" in burnt(demo)
    assert demo.locator(".jp-Notebook .jp-Cell").count() == cells
    demo.get_by_role("slider", name="Visit").focus()
    demo.keyboard.press("Home")
    demo.wait_for_function("() => document.querySelector('.ll-pane[data-pane=current]').dataset.visit === '0'")
    demo.wait_for_function("() => document.querySelector('.ll-text').textContent.startsWith('Day 0')")
    assert "day 0" in burnt(demo)


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_with_sliders_in_either_theme(demo, dark):
    lab.set_theme(demo, dark)
    demo.wait_for_timeout(500)
    assert violations(demo, ".jp-OutputArea .liverlab") == []


def test_reload_shows_the_newest_frame_without_running_a_cell(demo, lab_server):
    demo.get_by_role("slider", name="Lesion HU").focus()
    demo.keyboard.press("End")
    demo.wait_for_function("() => document.querySelector('.ll-text').textContent.includes('140 HU')")
    demo.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    demo.wait_for_timeout(500)
    demo.reload()
    demo.wait_for_selector(".liverlab-viewer[data-painted]", timeout=60_000)
    demo.wait_for_function("() => document.querySelector('.ll-text').textContent.includes('140 HU')")


def test_nothing_heavy_is_imported_on_the_way_to_the_first_picture(lab_page, lab_server):
    source = "import sys\nprint(sorted({'pandas', 'scipy', 'plotly'} & set(sys.modules)) or 'light')"
    lab.write_notebook(lab_server.folder / "light.ipynb", *DEMO, source)
    lab.open_notebook(lab_page, lab_server, "light.ipynb")
    lab_page.wait_for_selector(".liverlab-viewer[data-settled]", timeout=30_000)
    expect(lab_page.get_by_text("light", exact=True)).to_have_count(1)
