"""Lesson 02 as a learner meets it: the committed notebook in JupyterLab, from the first look to a dead kernel."""

import shutil
import signal
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from playwright.sync_api import expect

from . import lab
from .axe import violations

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSON = "notebooks/02_pseudoprogression.ipynb"
PANEL = ".jp-WindowedPanel-outer"
EXPLORE = ".lp-lesson"  # the explore cell; hook and mimic have viewers of their own


@pytest.fixture(scope="module")
def opened(browser, lab_server):
    """One page for the file: opened un-run, run once, gate opened by keyboard; says what it saw on the way."""
    shutil.copytree(NOTEBOOKS, lab_server.folder / "notebooks", dirs_exist_ok=True)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    traffic, page = lab.Traffic(context), context.new_page()
    saw = SimpleNamespace(page=page, server=lab_server, traffic=traffic)
    lab.open_notebook(page, lab_server, LESSON, run=False)
    page.evaluate("() => { window.jupyterapp.shell.collapseLeft(); window.jupyterapp.shell.collapseRight(); }")
    saw.unrun = page.locator(".jp-Notebook").inner_text()
    page.locator(".jp-Notebook img").first.wait_for()
    saw.picture_width = page.locator(".jp-Notebook img").first.evaluate("(image) => image.naturalWidth")
    saw.code_shown = page.locator(".jp-CodeCell .jp-Editor:visible").count()
    lab.run_all(page)
    page.locator(".liverlab-viewer[data-painted]").first.wait_for(timeout=60_000)
    page.get_by_text("This part opens when").nth(5).wait_for(timeout=30_000)
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"
    )
    saw.arrived_at = page.locator(PANEL).first.evaluate("(panel) => panel.scrollTop")
    saw.shut = page.locator(".lp-shut:visible").count()
    saw.early = page.locator(f"{EXPLORE}:visible, .lp-questions:visible, .lp-quiz:visible").count()
    predict_by_keyboard(page)
    page.locator(f"{EXPLORE} .liverlab-viewer[data-settled]").wait_for(timeout=30_000)
    saw.still_shut = page.locator(".lp-shut:visible").count()
    saw.said = page.locator(".lp-predict .lp-note").inner_text()
    yield saw
    assert lab.cell_errors(page) == []
    assert traffic.errors == []
    assert traffic.foreign() == []
    assert lab_server.foreign_connections() == []
    context.close()


def predict_by_keyboard(page):
    page.locator(".lp-predict .lp-choices button").first.focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator(".lp-predict .lp-sure button:enabled").first.wait_for()
    while page.evaluate("() => document.activeElement.textContent.trim()") != "Fairly sure":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


@pytest.fixture
def page(opened):
    """The explore part of the page at its default scenario, in light colours, at the top of a 1280 x 720 window."""
    page = opened.page
    page.set_viewport_size({"width": 1280, "height": 720})
    lab.set_theme(page, dark=False)
    page.locator(f"{EXPLORE} button", has_text="Reset").first.click()
    to_the_top(page)
    settled(page)
    return page


def to_the_top(page, part=EXPLORE):
    page.locator(part).first.evaluate("(element) => element.scrollIntoView({ block: 'start' })")


def settled(page):
    page.wait_for_function(
        """(part) => {
            const { painted, settled, version } = document.querySelector(`${part} .liverlab-viewer`).dataset;
            return painted === version && settled === version; }""",
        arg=EXPLORE,
    )


def canvas(page, pane):
    """What the pane shows, as a string that changes with any pixel."""
    return page.locator(f"{EXPLORE} .ll-pane[data-pane={pane}] canvas").first.evaluate("(one) => one.toDataURL()")


def shown(page):
    """Everything the explore part shows once the hand has rested and the sharp picture has come."""
    looks = [look(page)]
    while len(looks) < 3 or looks[-1] != looks[-3]:
        page.wait_for_timeout(200)
        looks.append(look(page))
        assert len(looks) < 50, "the page never comes to rest"
    return looks[-1]


def look(page):
    return {
        "prior": canvas(page, "prior"),
        "current": canvas(page, "current"),
        "verdict": page.locator(f"{EXPLORE} .lp-verdicts").inner_text(),
        "text": page.locator(f"{EXPLORE} .ll-text").inner_text(),
        "curve": page.evaluate(
            "() => JSON.stringify([...document.querySelectorAll('.lp-lesson .ll-plot')].map((one) => one.data))"
        ),
    }


def main_slider(page, number=0):
    return page.locator(f"{EXPLORE} .lp-main .noUi-handle").nth(number)


def run_code(page, code):
    """Run a line in the page's kernel, past the page."""
    page.evaluate(
        "(code) => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".requestExecute({ code }).done.then(() => true)",
        code,
    )


# --- before anything is run ---


def test_the_un_run_notebook_shows_title_picture_and_how_to_start(opened):
    assert "Pseudoprogression: darker is not worse" in opened.unrun
    assert "not for clinical use" in opened.unrun
    assert "Run All Cells" in opened.unrun
    assert opened.picture_width > 300
    assert opened.code_shown == 0


def test_whoever_runs_it_arrives_at_the_beginning_and_not_at_the_answers(opened):
    assert opened.arrived_at == 0


# --- the gate ---


def test_the_gate_is_shut_and_opens_with_a_choice_and_a_confidence_by_keyboard(opened):
    assert opened.shut == 6
    assert opened.early == 0
    assert opened.still_shut == 0
    assert "There is clearly less of it" in opened.said
    assert "fairly sure" in opened.said


def test_the_prediction_stands_beside_the_outcome(page):
    to_the_top(page, ".lp-beside")  # a cell out of sight has no text to be read
    beside = page.locator(".lp-beside").inner_text()
    assert "There is clearly less of it" in beside
    assert "14 % of the living tumour" in beside


# --- explore ---


def test_the_first_slider_of_the_page_is_a_main_one_and_moves_picture_verdict_curve_and_text(page):
    first = page.locator(".jp-Notebook .noUi-handle:visible").first
    assert first.get_attribute("aria-label") == main_slider(page).get_attribute("aria-label") == "Loss of perfusion, %"
    before = shown(page)
    assert "E and F called unequivocally new" in page.locator(f"{EXPLORE} .lp-verdict-box").inner_text()
    first.focus()
    page.keyboard.press("Home")
    page.locator(f"{EXPLORE} .ll-text", has_text="No new spot").wait_for()
    settled(page)
    after = shown(page)
    assert {name for name in before if before[name] != after[name]} == {"current", "verdict", "text", "curve"}
    assert "PD" not in after["verdict"]
    page.locator(f"{EXPLORE} button", has_text="Undo").first.click()
    page.locator(f"{EXPLORE} .ll-text", has_text="E 13 mm").wait_for()
    settled(page)
    assert shown(page) == before


def test_the_visit_slider_scrubs_and_the_first_scan_is_a_baseline(page):
    visit = page.locator(f"{EXPLORE} .noUi-handle[aria-label^='Visit']")
    before = shown(page)
    visit.focus()
    page.keyboard.press("ArrowRight")
    page.locator(f"{EXPLORE} .ll-text", has_text="Day 168").wait_for()
    page.keyboard.press("Home")
    page.locator(f"{EXPLORE} .ll-text", has_text="Day 0").wait_for()
    settled(page)
    now = shown(page)
    assert now["prior"] == before["prior"]
    assert "first scan" in now["verdict"]
    assert page.locator(".lp-banner:visible, .ll-error:visible").count() == 0


def test_the_truth_switch_outlines_the_hidden_lesions(page):
    current = page.locator(f"{EXPLORE} .ll-pane[data-pane=prior]")
    assert current.locator(".ll-outline").count() == 0
    page.locator(f"{EXPLORE} .ll-toolbar button[aria-pressed]").filter(has=page.locator("svg")).last.wait_for()
    page.locator(f"{EXPLORE} button[aria-label*='truth' i]").click()
    current.locator(".ll-outline").first.wait_for()
    assert "E" in current.locator("svg").last.text_content()
    page.locator(f"{EXPLORE} button[aria-label*='truth' i]").click()
    current.locator(".ll-outline").first.wait_for(state="detached")


def test_viewer_main_sliders_and_verdicts_fit_together_without_scrolling(page):
    notebook = page.locator(PANEL).first.bounding_box()
    parts = [f"{EXPLORE} .ll-pane >> nth={k}" for k in (0, 1)] + [f"{EXPLORE} .lp-verdicts"]
    rows = page.locator(f"{EXPLORE} .lp-main .lp-row").count()
    assert rows == 5
    parts += [f"{EXPLORE} .lp-main .lp-row >> nth={k}" for k in range(rows)]
    for part in parts:
        box = page.locator(part).bounding_box()
        assert box["y"] >= notebook["y"] - 1, part
        assert box["x"] >= notebook["x"], part
        assert box["y"] + box["height"] <= notebook["y"] + notebook["height"], part
        assert box["x"] + box["width"] <= notebook["x"] + notebook["width"], part
    panes = [page.locator(part).bounding_box() for part in parts[:2]]
    assert all(pane["width"] >= 300 and pane["height"] >= 250 for pane in panes), "still large enough to read"


def test_a_phone_scrolls_down_only(page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_timeout(500)
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.jp-OutputArea .liverlab')]
            .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1)
            .map((one) => [one.className, one.scrollWidth, one.clientWidth])"""
    )
    assert wide == []
    panel = page.locator(PANEL).first.bounding_box()
    beyond = page.evaluate(
        """(right) => [...document.querySelectorAll('.jp-OutputArea .liverlab *')]
            .filter((one) => one.offsetParent && !one.closest('.lp-scroll, .lp-hidden, svg, .js-plotly-plot'))
            .filter((one) => one.getBoundingClientRect().width > 0 && one.getBoundingClientRect().right > right + 1)
            .map((one) => one.className).slice(0, 5)""",
        panel["x"] + panel["width"],
    )
    assert beyond == []


def test_projector_mode_enlarges_text_and_picture_in_the_notebook_and_nothing_stays_of_it(page):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_function("(panel) => document.querySelector(panel).clientWidth > 1500", arg=PANEL)
    off = room(page)
    for on in (True, False):
        page.locator(PANEL).first.evaluate("(panel) => panel.scrollTo(0, 0)")
        switch = page.get_by_role("button", name="Projector mode")
        switch.press("Enter")
        expect(switch).to_have_attribute("aria-pressed", str(on).lower())
        to_the_top(page)
        settled(page)
        if on:
            large = room(page)
            assert violations(page, rules=["color-contrast-enhanced"]) == []
    assert min(large["page"], large["text"]) >= 24
    assert large["viewer"] > 1.3 * off["viewer"]
    assert large["sideways"] <= 0
    assert room(page) == off


def room(page):
    """Sizes of type and viewer, and how far the notebook scrolls sideways, in px."""
    return page.evaluate(
        """(panel) => {
            const size = (one) => parseFloat(getComputedStyle(document.querySelector(one)).fontSize);
            const { scrollWidth, clientWidth } = document.querySelector(panel);
            const viewer = document.querySelector(".lp-lesson .liverlab-viewer").clientWidth;
            const sideways = scrollWidth - clientWidth;
            return { page: size(".lp-lesson"), text: size(".jp-RenderedMarkdown p"), viewer, sideways }; }""",
        arg=PANEL,
    )


# --- the rest of the core path ---


def test_a_driving_question_is_solved_with_the_keyboard_and_stays_solved(page):
    card = page.locator(".lp-questions .lp-card").nth(1)
    assert "Not yet" in card.inner_text()
    delay = page.locator(f"{EXPLORE} .noUi-handle[aria-label^='Scan delay']")
    delay.focus()
    for _ in range(7):
        page.keyboard.press("ArrowLeft")
    card.get_by_text("Solved.", exact=True).wait_for()
    page.locator(f"{EXPLORE} button", has_text="Reset").first.click()
    card.get_by_text("Solved before").wait_for()


def test_tests_twins_and_decisions_answer_in_their_tabs(page):
    to_the_top(page, ".jp-OutputArea .lm-TabBar")
    page.locator(".lp-tests button", has_text="FDG PET").first.click()
    page.locator(".lp-result-card", has_text="SUVmax").first.wait_for()
    page.get_by_role("tab", name="What do you do now?").click()
    page.get_by_role("button", name="Switch the drug").click()
    page.locator(".lp-decision .lp-result-card", has_text="mL").wait_for()
    page.locator(".lp-decision .scatterlayer .trace").first.wait_for(state="attached")
    page.get_by_role("tab", name="Which of the two is worse?").click()
    page.locator(".liverlab-viewer .ll-burnt:visible", has_text="Patient A").wait_for()


def test_the_liver_in_3d_is_drawn_on_demand_and_follows_the_sliders(page):
    to_the_top(page, ".jp-OutputArea .lm-TabBar")
    page.get_by_role("tab", name="What does it look like in 3-D?").click()
    assert page.locator(".ll-space-plot canvas").count() == 0
    page.get_by_role("button", name="Show in 3-D").click()
    page.locator(".ll-space[data-drawn]").wait_for(timeout=30_000)
    page.locator(".ll-space-caption", has_text="six lesions").wait_for()
    assert violations(page, ".jupyter-widget-tab") == []
    before = page.locator(".ll-space").get_attribute("data-drawn")
    page.get_by_role("button", name="Chemotherapy dims the liver").click()
    to_the_top(page, ".ll-space")  # it is drawn again when it is seen
    page.wait_for_function(
        "(before) => document.querySelector('.ll-space').dataset.drawn !== before", arg=before, timeout=30_000
    )


def test_the_quiz_takes_a_number_and_a_task_for_the_simulator(page):
    quiz = page.locator(".lp-quiz .lp-card")
    number = quiz.nth(2)
    number.locator("input").fill("4,8 mm")
    number.get_by_role("button", name="Certain").click()
    number.get_by_text("Right.", exact=True).wait_for()
    task = quiz.nth(3)
    task.get_by_role("button", name="Check").click()
    task.get_by_text("Not right.", exact=True).wait_for()
    to_the_top(page)
    page.get_by_role("button", name="Chemotherapy dims the liver").click()
    page.locator(f"{EXPLORE} .ll-text", has_text="liver 93 HU").wait_for()
    task.get_by_role("button", name="Check").click()
    task.get_by_text("Right.", exact=True).wait_for()


# --- for everybody ---


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_with_everything_unfolded(page, dark):
    lab.set_theme(page, dark)
    page.evaluate(
        """() => {
            for (const fold of document.querySelectorAll('.liverlab details')) fold.open = true;
            const more = [...document.querySelectorAll('.liverlab .lp-extras [aria-expanded=false]')];
            more.forEach((one) => one.click()); }"""
    )
    page.wait_for_timeout(600)
    assert violations(page) == []


@pytest.mark.parametrize("tab", ["Which of the two is worse?", "What do you do now?", "Does iRECIST apply?"])
def test_axe_finds_nothing_in_the_other_tabs(page, tab):
    page.get_by_role("tab", name=tab).click()
    page.wait_for_timeout(400)
    assert violations(page, ".jupyter-widget-tab") == []


# --- when something fails ---


def test_an_error_in_a_callback_shows_the_banner_and_reset_brings_the_page_back(page):
    run_code(page, "kept = lesson.page.compute")
    run_code(page, "def broken(_): raise RuntimeError('this <b>was</b> broken on purpose')")
    run_code(page, "lesson.page.compute = broken")
    main_slider(page).focus()
    page.keyboard.press("ArrowLeft")
    banner = page.get_by_role("alert").filter(has_text="broken on purpose")
    banner.wait_for()
    assert "<b>was</b>" in banner.inner_text(), "text, not markup"
    assert banner.get_by_role("button", name="Reset").is_visible()
    run_code(page, "lesson.page.compute = kept")
    banner.get_by_role("button", name="Reset").click()
    banner.wait_for(state="detached")
    settled(page)
    run_code(page, "lesson.page.errors.clear()")


def kernel_process(server):
    """The one kernel of the lesson's server that holds the newest notebook; ours to stop."""
    kernels = [
        process
        for process in psutil.Process(server.process.pid).children(recursive=True)
        if "ipykernel_launcher" in " ".join(process.cmdline())
    ]
    return max(kernels, key=lambda process: process.create_time())


def test_answers_and_prediction_survive_a_new_kernel_and_a_reload(opened, page):
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.shutdown()")
    lab.open_notebook(page, opened.server, LESSON, run=True)
    page.locator(f"{EXPLORE} .liverlab-viewer[data-settled]").wait_for(timeout=60_000)
    assert page.locator(".lp-shut:visible").count() == 0
    to_the_top(page, ".lp-predict")
    page.locator(".lp-predict .lp-note", has_text="There is clearly less of it").wait_for()
    assert page.locator(".lp-progress .lp-done").count() >= 1


def seconds_until_it_is_said(page):
    """Move the first slider and wait for the sentence; None if it does not come."""
    main_slider(page).focus()
    page.keyboard.press("ArrowLeft")
    return page.evaluate(
        """() => new Promise((resolve) => {
            const start = performance.now();
            const look = () => {
                const one = document.querySelector('.lp-lesson .ll-silent');
                const waited_s = (performance.now() - start) / 1000;
                if (one && !one.hidden) resolve(waited_s);
                else if (waited_s > 10) resolve(null);
                else setTimeout(look, 20); };
            look(); })"""
    )


def test_a_kernel_that_hangs_is_named_and_forgiven_when_it_answers(opened, page):
    kernel = kernel_process(opened.server)
    kernel.send_signal(signal.SIGSTOP)
    try:
        waited_s = seconds_until_it_is_said(page)
        assert waited_s is not None
        assert 2.5 < waited_s < 4
        sentence = page.locator(f"{EXPLORE} .ll-silent").inner_text()
        assert sentence == "The kernel is not answering: Run ▸ Restart. Your answers are saved."
    finally:
        kernel.send_signal(signal.SIGCONT)
    page.locator(f"{EXPLORE} .ll-silent").wait_for(state="hidden")


def test_a_kernel_that_dies_is_named_too(opened, page):
    assert opened.traffic.errors == []
    kernel_process(opened.server).kill()
    waited_s = seconds_until_it_is_said(page)
    assert waited_s is not None
    assert waited_s < 4
    # JupyterLab's own word for a message that nobody can take any more.
    assert set(opened.traffic.errors) <= {"Cannot send"}
    opened.traffic.errors.clear()
