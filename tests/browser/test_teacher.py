"""The teacher's notebook in JupyterLab: codes pasted, read, shown; both themes and a phone; nothing leaves."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from liverlab import evidence
from liverlab.evidence import cards
from liverlab.evidence.class_results import invented

from . import lab
from .axe import violations

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "teacher.ipynb"
LESSON = evidence.load().lessons["02_pseudoprogression"]


@pytest.fixture(scope="module")
def page(browser, lab_server):
    """The committed page, run once, with the codes of five learners and one that is damaged."""
    shutil.copy(NOTEBOOK, lab_server.folder)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    traffic, page = lab.Traffic(context), context.new_page()
    lab.open_notebook(page, lab_server, "teacher.ipynb", run=False)
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); window.jupyterapp.shell.collapseRight(); }")
    lab.run_all(page)
    field = page.get_by_label("Class codes, one a line")
    field.wait_for(timeout=60_000)
    field.fill(f"\n{invented(LESSON, learners=5)}\n\nLC1-AAAAA-AAAAA\n")
    page.locator(".lp-bar").first.wait_for(timeout=30_000)
    yield page
    assert lab.cell_errors(page) == []
    assert traffic.errors == []
    assert traffic.foreign() == []
    context.close()


def test_the_class_is_shown_and_the_damaged_row_told(page):
    assert page.get_by_text("Row 8:").inner_text().startswith("Row 8: This class code is damaged")
    assert LESSON["title"] in page.locator("[role=status]").first.inner_text()
    expect(page.locator(".liverlab table")).to_have_count(3)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export the class (CSV)").click()
    assert saved.value.suggested_filename == "liverlab-class.csv"
    assert "quiz:new_spot" in Path(saved.value.path()).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("button", "lesson"), [("All cards (CSV)", None), ("Cards of lesson 03", "03_pseudocirrhosis")]
)
def test_cards_for_a_week_later_are_saved_as_anki_reads_them(page, button, lesson):
    with page.expect_download() as saved:
        page.get_by_role("button", name=button).click()
    assert saved.value.suggested_filename.startswith("liverlab-cards")
    assert Path(saved.value.path()).read_text(encoding="utf-8") == cards.deck(lesson)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(page, dark):
    lab.set_theme(page, dark)
    page.wait_for_timeout(400)
    assert violations(page) == []


def test_a_phone_scrolls_down_only(page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_timeout(500)
    panel = page.locator(".jp-WindowedPanel-outer").first.bounding_box()
    beyond = page.evaluate(
        """(right) => [...document.querySelectorAll('.jp-OutputArea .liverlab *')]
            .filter((one) => one.offsetParent && !one.closest('.lp-scroll'))
            .filter((one) => one.getBoundingClientRect().width > 0 && one.getBoundingClientRect().right > right + 1)
            .map((one) => `${one.className}: ${one.textContent.slice(0, 40)}`).slice(0, 5)""",
        panel["x"] + panel["width"],
    )
    assert beyond == []
