"""The page of a lesson in JupyterLab: by keyboard alone, for a screen reader, in the dark, on a narrow screen."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from . import lab
from .axe import violations

CELLS = ("md:# A lesson\n\n## Begin", "import page_case\npage_case.start()", "page_case.gate.widget")
MORE = ("md:## Explore", "page_case.explore()", "md:## The rest", "page_case.rest()")
READING_WIDTH_PX = 364  # what a 480 pixel window leaves to the page in JupyterLab


@pytest.fixture(scope="module")
def opened(browser, lab_server):
    """The un-run notebook, run once for all tests of this file."""
    shutil.copy(Path(__file__).with_name("page_case.py"), lab_server.folder)
    lab.write_notebook(lab_server.folder / "page.ipynb", *CELLS, *MORE)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    traffic = lab.Traffic(context)
    page = context.new_page()
    lab.open_notebook(page, lab_server, "page.ipynb", run=False)
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    lab.run_all(page)
    page.get_by_text("This part opens when").nth(1).wait_for(timeout=60_000)
    yield page
    assert lab.cell_errors(page) == []
    assert traffic.errors == []
    assert traffic.foreign() == []
    assert lab_server.foreign_connections() == []
    context.close()


@pytest.fixture
def page(opened):
    """The page with the gate open, at the default scenario, in light colours and full width."""
    opened.set_viewport_size({"width": 1280, "height": 720})
    if opened.locator(".lp-lesson").is_hidden():
        opened.get_by_role("button", name="Show without predicting").click()
        opened.locator(".lp-lesson").wait_for()
    opened.get_by_role("button", name="Reset").first.click()
    return opened


def run_code(page, code):
    """Run a line in the page's kernel, past the page."""
    page.evaluate(
        "(code) => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".requestExecute({ code }).done.then(() => true)",
        code,
    )


def press_until(page, key, done, most=40):
    """Press a key until ``done(page)``, as one does who has no mouse."""
    for _ in range(most):
        if done(page):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{most} times {key} did not lead there")


def focused_text(page):
    return page.evaluate("() => document.activeElement.textContent.trim()")


def test_a_prediction_by_keyboard_alone_opens_the_page_and_is_kept(opened, lab_server):
    assert opened.locator(".lp-lesson").is_hidden()
    opened.locator(".lp-predict .lp-choices button").first.focus()
    press_until(opened, "Tab", lambda page: focused_text(page).startswith("There is clearly less"))
    opened.keyboard.press("Enter")
    opened.locator(".lp-predict .lp-sure button:enabled").first.wait_for()
    press_until(opened, "Tab", lambda page: focused_text(page) == "Certain")
    opened.keyboard.press("Enter")
    opened.locator(".lp-lesson").wait_for()
    learner = opened.evaluate("() => localStorage.getItem('liverlab-learner')")
    kept = json.loads((lab_server.private / "answers" / "answers" / f"{learner}.json").read_text())
    answer = kept["answers"]["02_pseudoprogression"]["predict"]
    assert (answer["answer"], answer["confidence"]) == ("less", "certain")


def test_viewer_main_sliders_and_verdicts_fit_without_scrolling(page):
    page.evaluate("() => document.querySelector('.lp-lesson').scrollIntoView()")
    notebook = page.locator(".jp-NotebookPanel-notebook").bounding_box()
    for part in (".lp-tools", ".lp-left", ".lp-main", ".lp-verdicts"):
        box = page.locator(f".lp-lesson {part}").first.bounding_box()
        assert box["y"] + box["height"] <= notebook["y"] + notebook["height"], part
    sides = [page.locator(f".lp-lesson {part}").bounding_box() for part in (".lp-left", ".lp-right")]
    assert sides[0]["width"] >= 700
    assert sides[1]["x"] > sides[0]["x"] + sides[0]["width"]
    assert page.evaluate(
        "() => [...document.querySelectorAll('.lp-row .widget-label')].every((e) => e.scrollWidth <= e.clientWidth + 1)"
    ), "no label is cut off"


def test_sliders_have_names_with_units_and_answer_to_keys(page):
    first = page.locator(".liverlab .noUi-handle").first
    assert first.get_attribute("aria-label") == "Loss of perfusion, %"
    assert page.locator(".liverlab .noUi-handle:not([aria-label])").count() == 0
    first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.locator(".lp-verdict-table", has_text="Loss of perfusion 82 %").wait_for()
    page.locator(".lp-main .lp-changed").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.locator(".lp-verdict-table", has_text="Loss of perfusion 85 %").wait_for()
    assert page.locator(".lp-main .lp-changed").count() == 0, "the key presses were one step"


def test_the_visit_slider_names_the_day(page):
    visit = page.locator(".liverlab .noUi-handle[aria-label^='Visit']")
    assert visit.get_attribute("aria-label") == "Visit, day 84"
    visit.focus()
    page.keyboard.press("ArrowRight")
    page.locator(".liverlab .noUi-handle[aria-label='Visit, day 168']").wait_for()


def test_chosen_buttons_say_so(page):
    group = page.get_by_role("group", name="How do you call the new dark spot?")
    group.get_by_role("button", name="Equivocal").click()
    group.get_by_role("button", name="Equivocal", pressed=True).wait_for()
    expect(group.get_by_role("button", pressed=True)).to_have_count(1)
    page.get_by_role("button", name="True progression").click()
    page.locator(".lp-tools button[aria-current=true]", has_text="True progression").wait_for()


def test_single_keys_are_ours_and_not_jupyterlabs(page):
    cells = page.locator(".jp-Cell").count()
    page.get_by_role("button", name="Reset").first.focus()
    for key in ("x", "b", "a", "d", "d"):
        page.keyboard.press(key)
    page.locator(".liverlab .noUi-handle").first.focus()
    for key in ("x", "ArrowDown", "ArrowUp", "d", "d"):
        page.keyboard.press(key)
    run_code(page, "1")
    assert page.locator(".jp-Cell").count() == cells


def test_more_settings_open_by_keyboard(page):
    header = page.get_by_role("button", name="More settings")
    assert header.get_attribute("aria-expanded") == "false"
    header.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="More settings", expanded=True).wait_for()
    assert page.locator(".lp-more .noUi-handle").first.is_visible()
    page.keyboard.press("Space")
    page.get_by_role("button", name="More settings", expanded=False).wait_for()


def test_terms_explain_themselves_on_focus_and_hover_until_escape(page):
    term = page.locator(".lp-term").first
    term.scroll_into_view_if_needed()
    term.focus()
    tip = page.get_by_role("tooltip")
    tip.wait_for()
    assert term.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.keyboard.press("Escape")
    tip.wait_for(state="detached")
    page.locator(".lp-progress").first.focus()
    term.hover()
    tip.hover()
    page.wait_for_timeout(400)
    assert tip.is_visible(), "the pointer may go onto the explanation"


def test_an_error_shows_where_the_learner_is_and_reset_mends_it(page):
    page.locator(".lp-quiz").scroll_into_view_if_needed()
    run_code(page, "page_case.failing = True; page_case.panel.sliders['perfusion_loss_pct'].value = 10")
    banner = page.locator(".lp-banner")
    banner.wait_for()
    assert "this was broken on purpose" in banner.inner_text()
    assert "LL1-" in banner.locator("code").inner_text()
    assert banner.bounding_box()["y"] + banner.bounding_box()["height"] <= 720
    assert violations(page) == []
    run_code(page, "page_case.failing = False")
    banner.get_by_role("button", name="Reset").click()
    banner.wait_for(state="detached")
    page.locator(".lp-verdict-table", has_text="Loss of perfusion 85 %").wait_for()


def test_the_scenario_code_of_the_page_loads_again(page):
    code = page.locator(".lp-code-box code").inner_text()
    page.get_by_role("button", name="True progression").click()
    page.wait_for_function("(code) => document.querySelector('.lp-code-box code').textContent !== code", arg=code)
    page.get_by_role("textbox", name="Load a code").fill(code.lower())
    page.get_by_role("button", name="Load", exact=True).click()
    page.wait_for_function("(code) => document.querySelector('.lp-code-box code').textContent === code", arg=code)
    page.get_by_role("textbox", name="Load a code").fill(code[:-1])
    page.get_by_role("button", name="Load", exact=True).click()
    page.locator(".lp-code-box [role=alert]", has_text="damaged").wait_for()


def test_answers_are_exported_as_a_file(page):
    with page.expect_download() as download:
        page.get_by_role("button", name="Export my answers").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("lesson,key,answer,confidence,correct,attempts,time_utc")
    assert download.value.suggested_filename == "liverlab-answers.csv"


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_in_any_piece(page, dark):
    lab.set_theme(page, dark)
    page.locator(".lp-tests").get_by_role("button", name="FDG PET").click()
    page.locator(".lp-mimic").get_by_role("button", name="FDG PET").click()
    page.get_by_role("button", name="Switch the drug").click()
    quiz = page.locator(".lp-quiz .lp-card").first
    quiz.locator(".lp-choices button").first.click()
    quiz.get_by_role("button", name="Guessing").click()
    quiz.locator(".lp-status").wait_for()
    page.get_by_role("button", name="No new spot").click()
    page.locator(".lp-many").wait_for()
    table = page.get_by_role("button", name="Show every parameter")
    if table.count():
        table.click()
    page.locator(".lp-provenance table").wait_for()
    found = violations(page)
    lab.set_theme(page, False)
    assert found == []


def test_a_narrow_page_never_scrolls_sideways(page):
    page.set_viewport_size({"width": 480, "height": 800})
    page.wait_for_function(f"() => document.querySelector('.lp-lesson').clientWidth <= {READING_WIDTH_PX}")
    wide = page.evaluate(
        "() => [...document.querySelectorAll('.liverlab, .jp-OutputArea-output')]"
        ".filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className + ' ' + e.scrollWidth)"
    )
    assert wide == []
    right = page.locator(".lp-lesson").bounding_box()["x"] + READING_WIDTH_PX
    outside = page.evaluate(
        """(right) => [...document.querySelectorAll(".liverlab :not(.lp-scroll *, .lp-hidden)")]
          .filter((e) => e.getBoundingClientRect().right > right + 1 && e.checkVisibility())
          .map((e) => e.outerHTML.slice(0, 90))""",
        right,
    )
    assert outside == []


def test_what_can_be_clicked_is_large_enough(page):
    small = page.evaluate(
        """() => [...document.querySelectorAll(".liverlab :is(button:not(.lp-term), summary, input, .noUi-handle)")]
          .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([html]) => html)"""
    )
    assert small == []
