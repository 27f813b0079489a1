"""Cine, flicker and full screen: what moves by itself, how fast, and how it stops."""

from itertools import pairwise

import pytest

from .stage import Stage
from .viewer_case import CENTRE_MM, Z_MM, Patient, at, burnt, drag, grey, settle, wait_slice, window_grey

SLICE = "Number(document.querySelector('.ll-pane[data-pane=current]').dataset.slice)"

# Every moment at which the current pane shows another series.
WATCH = """() => { window.changes = []; const pane = document.querySelector('.ll-pane[data-pane=current]');
    let shown = pane.dataset.series;
    new MutationObserver(() => {
      if (pane.dataset.series !== shown) window.changes.push(performance.now());
      shown = pane.dataset.series;
    }).observe(pane, { attributes: true, attributeFilter: ['data-series'] }); }"""


@pytest.fixture
def patient():
    return Patient()


@pytest.fixture
def stage(blank_page, patient):
    patient.show()
    stage = Stage(blank_page, patient.viewer, patient.controls)
    stage.painted(1)
    stage.pane("current").focus()
    return stage


@pytest.fixture
def calm_stage(browser, patient):
    """A page of somebody who has asked for less motion."""
    context = browser.new_context(viewport={"width": 1000, "height": 900}, reduced_motion="reduce")
    patient.show()
    stage = Stage(context.new_page(), patient.viewer, patient.controls)
    stage.painted(1)
    stage.pane("current").focus()
    yield stage
    context.close()


def rate(stage, text):
    settle(stage, f"() => document.querySelector('.ll-rate').textContent === '{text}'")


# ---- cine


def test_cine_plays_both_panes_and_stops_where_it_is(stage, patient):
    stage.page.keyboard.press("c")
    stage.page.wait_for_selector("[data-action=cine][aria-pressed=true]")
    settle(stage, f"() => {SLICE} >= 14")
    settle(stage, f"() => {SLICE} >= 20")
    settle(stage, f"() => {SLICE} < 18")  # it has turned round
    stage.page.keyboard.press("c")
    there = int(stage.pane("current").get_attribute("data-slice"))
    stage.page.wait_for_timeout(400)
    assert abs(int(stage.pane("prior").get_attribute("data-slice")) - there) <= 1
    assert stage.page.locator(".ll-strip").is_hidden()
    stage.until(lambda: patient.viewer.slice_index == int(stage.pane("current").get_attribute("data-slice")))


def test_cine_speed_is_heard_seen_and_kept_to(stage):
    for key in ("c", ",", ",", ","):
        stage.page.keyboard.press(key)
    rate(stage, "1 slice/s")
    stage.page.get_by_role("button", name="Faster").click()
    settle(stage, "() => document.querySelector('.ll-rate').textContent === '2 slices/s'")
    settle(stage, "() => document.querySelector('.ll-live').textContent === '2 slices a second.'")
    start = int(stage.pane("current").get_attribute("data-slice"))
    stage.page.wait_for_timeout(2000)
    assert 2 <= abs(int(stage.pane("current").get_attribute("data-slice")) - start) <= 6


@pytest.mark.parametrize("how", ["wheel", "press", "arrow", "button", "escape"])
def test_whoever_touches_the_picture_stops_cine(stage, how):
    stage.page.keyboard.press("c")
    settle(stage, f"() => {SLICE} >= 12")
    if how == "wheel":
        stage.page.mouse.move(*at(stage, "current", 0, 0))
        stage.page.wait_for_timeout(350)
        stage.page.mouse.wheel(0, 100)
    elif how == "press":
        stage.page.mouse.click(*at(stage, "current", 0, 0))
    elif how == "button":
        stage.page.get_by_role("button", name="Stop").click()
    else:
        stage.page.keyboard.press({"arrow": "ArrowUp", "escape": "Escape"}[how])
    settle(stage, "() => document.querySelector('.ll-strip').hidden")
    assert stage.page.locator("[data-action=cine]").get_attribute("aria-pressed") == "false"


def test_cine_tells_the_kernel_nothing_until_it_stops(stage, patient):
    said = []
    patient.viewer.observe(lambda change: said.append(change.new["slice"]), "position")
    stage.page.keyboard.press("c")
    settle(stage, f"() => {SLICE} >= 16")
    assert said == []
    stage.page.keyboard.press("c")
    stage.until(lambda: said)


def test_less_motion_means_a_slow_cine_and_no_flicker_by_itself(calm_stage):
    calm_stage.page.keyboard.press("c")
    rate(calm_stage, "1 slice/s")
    calm_stage.page.keyboard.press("c")
    calm_stage.page.keyboard.press("b")
    rate(calm_stage, "by hand")
    calm_stage.page.evaluate(WATCH)
    calm_stage.page.wait_for_timeout(1500)
    assert calm_stage.page.evaluate("() => window.changes") == []
    calm_stage.page.keyboard.press("m")
    calm_stage.page.wait_for_selector(".ll-pane[data-pane=current][data-series=prior]")


# ---- flicker


def test_flicker_shows_prior_and_current_in_one_pane_with_their_own_labels(stage, patient):
    patient.visit.value = 2
    stage.flush()
    stage.painted(2)
    stage.page.keyboard.press("m")
    stage.page.wait_for_selector(".ll-pane[data-pane=current][data-series=prior]")
    assert burnt(stage, "current").startswith("prior: Day 0")
    # The corner of the test picture tells pane, visit and slice as HU.
    assert grey(stage, "current", CENTRE_MM[0] - 150, CENTRE_MM[1] - 140) == pytest.approx(window_grey(10), abs=1)
    stage.page.wait_for_timeout(200)
    stage.page.keyboard.press("m")
    stage.page.wait_for_selector(".ll-pane[data-pane=current][data-series=current]")
    assert burnt(stage, "current").startswith("current: Day 56")
    assert grey(stage, "current", CENTRE_MM[0] - 150, CENTRE_MM[1] - 140) == pytest.approx(window_grey(130), abs=1)
    stage.page.keyboard.press("b")
    settle(stage, "() => document.querySelectorAll('.ll-strong')[1].textContent === 'Day 56'")
    assert stage.pane("prior").get_attribute("data-series") == "prior"


def test_flicker_by_itself_keeps_its_rate_and_never_passes_three_flashes_a_second(stage):
    stage.page.keyboard.press("b")
    for _ in range(9):
        stage.page.keyboard.press(".")
    rate(stage, "3 changes/s")
    stage.page.evaluate(WATCH)
    stage.page.wait_for_timeout(2600)
    times = stage.page.evaluate("() => window.changes")
    pauses = [later - sooner for sooner, later in pairwise(times)]
    assert len(pauses) >= 3
    assert min(pauses) >= 1000 / 6, "a flash is two changes: three flashes a second"
    stage.page.get_by_role("button", name="Pause or go on").click()
    rate(stage, "by hand")


def test_hammering_the_key_cannot_flash_faster_than_is_safe(stage):
    stage.page.evaluate(WATCH)
    stage.page.evaluate("""() => { const pane = document.querySelector('.ll-pane[data-pane=current]');
        const press = (repeat) => pane.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', repeat, bubbles: true }));
        return new Promise((done) => { let n = 0; const t = setInterval(() => {
          press(n % 2 === 1);
          if (++n > 80) { clearInterval(t); done(); } }, 15); }); }""")
    times = stage.page.evaluate("() => window.changes")
    pauses = [later - sooner for sooner, later in pairwise(times)]
    assert len(times) >= 3
    # A change is seen at the next frame; two frames of play.
    assert min(pauses) >= 1000 / 6 - 34


def test_scrolling_while_flickering_takes_both_along_and_measuring_holds_still(stage, patient):
    stage.page.keyboard.press("b")
    stage.page.keyboard.press("ArrowUp")
    wait_slice(stage, "current", 11)
    stage.page.wait_for_selector(".ll-pane[data-pane=current][data-series=prior][data-slice='11']")
    stage.page.wait_for_selector(".ll-pane[data-pane=current][data-series=current][data-slice='11']")
    stage.page.keyboard.press("r")
    drag(stage.page, at(stage, "current", -60, -50), at(stage, "current", -20, -50))
    stage.until(lambda: patient.viewer.measurement)
    assert patient.viewer.measurement["pane"] == stage.pane("current").get_attribute("data-series")
    rate(stage, "by hand")


def test_one_pane_has_nothing_to_flicker_with(blank_page):
    patient = Patient()
    patient.frame = lambda: {"version": 1, "slice": 10, "visit": 0, "panes": {"current": {"visit": 0}}}
    from liverlab.ui.viewer import Viewer

    viewer = Viewer({"panes": ["current"], "z_mm": Z_MM}, provider=patient.provider)
    viewer.show(patient.frame())
    stage = Stage(blank_page, viewer)
    stage.painted(1)
    assert stage.page.locator("[data-action=flicker]").count() == 0
    stage.pane("current").focus()
    stage.page.keyboard.press("b")
    settle(stage, "() => document.querySelector('.ll-live').textContent === 'There is nothing to compare with.'")


# ---- full screen


@pytest.mark.parametrize("allowed", [True, False])
def test_full_screen_fills_the_screen_and_gives_the_page_back(stage, allowed):
    before = stage.page.locator(".liverlab-viewer").bounding_box()
    if not allowed:
        stage.page.evaluate("() => Object.defineProperty(document, 'fullscreenEnabled', { get: () => false })")
    stage.page.keyboard.press("x")
    stage.page.wait_for_selector(".liverlab-viewer.ll-full")
    assert stage.page.evaluate("() => document.fullscreenElement !== null") is allowed
    stage.page.wait_for_timeout(300)
    full = stage.page.locator(".liverlab-viewer").bounding_box()
    size = stage.page.evaluate("() => [innerWidth, innerHeight]")
    assert [full["width"], full["height"]] == size
    pane = stage.pane("current").bounding_box()
    assert pane["y"] + pane["height"] <= size[1]
    assert pane["height"] > 0.8 * size[1]
    assert stage.page.evaluate("() => document.activeElement.dataset.pane") == "current"
    assert grey_in_the_middle(stage) > 0
    stage.page.keyboard.press("ArrowUp")
    wait_slice(stage, "current", 11)
    stage.page.locator("[data-action=full]").click()
    stage.page.wait_for_selector(".liverlab-viewer:not(.ll-full)")
    stage.page.wait_for_timeout(200)
    assert stage.page.locator(".liverlab-viewer").bounding_box() == before


def test_flicker_on_the_full_screen_has_it_for_itself_and_the_picture_file_too(stage):
    stage.page.keyboard.press("x")
    stage.page.wait_for_selector(".liverlab-viewer.ll-full")
    half = stage.pane("current").bounding_box()["width"]
    stage.page.keyboard.press("b")
    stage.pane("prior").wait_for(state="hidden")
    assert stage.pane("current").bounding_box()["width"] > 1.8 * half
    stage.page.wait_for_timeout(200)
    with stage.page.expect_download() as download:
        stage.page.keyboard.press("d")
    assert download.value.suggested_filename.startswith("liverlab-")
    stage.page.keyboard.press("b")
    stage.pane("prior").wait_for(state="visible")
    settle(stage, "() => document.querySelector('.ll-pane[data-pane=prior] canvas').width > 100")
    assert "×1.0" in burnt(stage, "prior")


def grey_in_the_middle(stage):
    return stage.page.evaluate("""() => { const c = document.querySelector('.ll-pane[data-pane=current] canvas');
        return c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data[0]; }""")
