"""The viewer under mouse, keyboard and fingers: what it paints, asks for and tells Python."""

import pytest

from .stage import Stage
from .viewer_case import CENTRE_MM, LESION, Z_MM, Patient, at, burnt, drag, grey, settle, wait_slice, window_grey


@pytest.fixture
def patient():
    return Patient()


@pytest.fixture
def stage(blank_page, patient):
    patient.show()
    stage = Stage(blank_page, patient.viewer, patient.controls)
    stage.painted(1)
    return stage


# ---- the picture


def test_first_picture_is_in_the_right_place_and_grey(stage):
    assert grey(stage, "current", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(window_grey(50), abs=1)
    assert grey(stage, "prior", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(window_grey(100), abs=1)
    right_of_lesion = LESION["x_mm"] + LESION["rx_mm"] + 4
    assert grey(stage, "current", right_of_lesion, LESION["y_mm"]) == pytest.approx(window_grey(100), abs=1)


def test_everything_a_console_burns_in_is_there(stage):
    words = burnt(stage, "current")
    for part in ("Day 0", "portal venous, 70 s", "11/21", "z 0 mm", "3 mm", "W 150  L 80", "Liver", "×1.0", "10 cm"):
        assert part in words
    assert "SIMULATED – for teaching, not for clinical use" in words
    assert {"R", "L", "A", "P"} <= set(words.split("\n"))


def test_a_sharper_picture_replaces_the_first_without_a_jump(stage):
    before = stage.pane("current").bounding_box()
    settle(stage, "() => document.querySelector('.ll-pane[data-pane=current]').dataset.matrix === '512'")
    assert stage.pane("current").bounding_box() == before
    edge = LESION["x_mm"] + LESION["rx_mm"]
    assert grey(stage, "current", edge - 2, LESION["y_mm"]) == pytest.approx(window_grey(50), abs=2)
    assert grey(stage, "current", edge + 2, LESION["y_mm"]) == pytest.approx(window_grey(100), abs=2)


def test_show_repaints_and_an_unchanged_pane_is_not_sent_again(stage, patient):
    size = patient.viewer.bytes_sent
    stage.move("lesion", 80)
    stage.painted(2)
    assert grey(stage, "current", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(window_grey(80), abs=1)
    assert grey(stage, "prior", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(window_grey(100), abs=1)
    one_picture = 2 * 256 * 206
    settle(stage, "() => window.stage.sent.length > 0")
    assert patient.viewer._held["prior"] >= {(0, 10, 256)}
    assert one_picture < patient.viewer.bytes_sent - size
    assert ("prior", 0, 10, 256) not in patient.rendered[2:]


def test_one_slider_rest_stays_under_two_megabytes(blank_page):
    patient = Patient(visits=9)
    patient.show()
    stage = Stage(blank_page, patient.viewer, patient.controls)
    stage.until(lambda: len({visit for visit, k, _ in patient.viewer._held["current"] if k == 10}) == 9)
    stage.page.wait_for_timeout(300)
    before = patient.viewer.bytes_sent
    stage.move("lesion", 70)
    stage.painted(2)
    stage.until(lambda: len({visit for visit, k, _ in patient.viewer._held["current"] if k == 10}) == 9)
    stage.page.wait_for_timeout(800)
    sent = patient.viewer.bytes_sent - before
    assert 600_000 < sent <= 2_000_000
    held = patient.viewer._held["current"]
    assert (0, 10, 512) in held
    assert {visit for visit, slice_index, _ in held if slice_index == 10} == set(range(9))


# ---- scroll, window, zoom


def test_keys_scroll_both_panes_and_python_learns_the_slice(stage, patient):
    stage.pane("current").focus()
    stage.page.keyboard.press("ArrowUp")
    wait_slice(stage, "prior", 11)
    wait_slice(stage, "current", 11)
    assert "12/21" in burnt(stage, "prior")
    stage.page.keyboard.press("PageDown")
    wait_slice(stage, "current", 6)
    assert grey(stage, "current", CENTRE_MM[0] - 150, CENTRE_MM[1] - 140) == pytest.approx(window_grey(106), abs=1)
    stage.page.keyboard.press("End")
    wait_slice(stage, "current", len(Z_MM) - 1)
    stage.until(lambda: patient.viewer.slice_index == len(Z_MM) - 1)


def test_wheel_and_drag_scroll(stage):
    stage.page.mouse.move(*at(stage, "prior", 0, 0))
    stage.page.wait_for_timeout(350)
    stage.page.mouse.wheel(0, 100)
    wait_slice(stage, "current", 9)
    x, y = at(stage, "current", 0, 0)
    drag(stage.page, (x, y), (x, y - 60))
    stage.page.wait_for_function(
        "() => Number(document.querySelector('.ll-pane[data-pane=current]').dataset.slice) > 11"
    )


def test_unlinked_panes_scroll_apart_and_linking_brings_them_together(stage):
    stage.pane("current").focus()
    stage.page.keyboard.press("l")
    stage.page.keyboard.press("ArrowUp")
    wait_slice(stage, "current", 11)
    assert "11/21" in burnt(stage, "prior")
    stage.page.keyboard.press("l")
    wait_slice(stage, "prior", 11)


def test_presets_and_window_drags(stage):
    stage.pane("current").focus()
    stage.page.keyboard.press("3")
    settle(stage, "() => document.querySelector('.ll-window').textContent.includes('W 2000  L 500')")
    assert grey(stage, "current", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(window_grey(50, 2000, 500), abs=1)
    assert stage.page.locator("[data-action=preset]").input_value() == "2"
    stage.page.keyboard.press("1")
    x, y = at(stage, "current", 0, 0)
    drag(stage.page, (x, y), (x + 100, y + 40), button="right")
    settle(stage, "() => document.querySelector('.ll-window').textContent.includes('W 200  L 100')")
    assert "Custom" in burnt(stage, "prior")
    drag(stage.page, (x, y), (x - 30, y), modifier="Shift")
    settle(stage, "() => document.querySelector('.ll-window').textContent.includes('W 180  L 100')")
    stage.page.keyboard.press("1")
    stage.page.keyboard.press("5")
    settle(stage, "() => document.querySelector('.ll-window').textContent.includes('W 180  L 100')")


def test_keyboard_windows_zooms_pans_fits_and_inverts(stage):
    stage.pane("current").focus()
    for key in ("w", "ArrowRight", "ArrowDown"):
        stage.page.keyboard.press(key)
    settle(stage, "() => document.querySelector('.ll-window').textContent.includes('W 155  L 85')")
    for key in ("+", "+", "p", "ArrowRight"):
        stage.page.keyboard.press(key)
    settle(stage, "() => document.querySelector('.ll-burnt').textContent.includes('×1.6')")
    assert "5 cm" in burnt(stage, "current")
    stage.page.keyboard.press("f")
    settle(stage, "() => document.querySelector('.ll-burnt').textContent.includes('×1.0')")
    stage.page.keyboard.press("1")
    stage.page.keyboard.press("i")
    settle(stage, "() => document.querySelector('.ll-inverted')")
    assert grey(stage, "current", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(255 - window_grey(50), abs=1)


def test_ctrl_wheel_zooms_about_the_pointer(stage):
    x, y = at(stage, "current", LESION["x_mm"], LESION["y_mm"])
    stage.page.mouse.move(x, y)
    stage.page.wait_for_timeout(350)
    stage.page.keyboard.down("Control")
    stage.page.mouse.wheel(0, -200)
    stage.page.keyboard.up("Control")
    settle(stage, "() => document.querySelector('.ll-burnt').textContent.includes('×2.7')")
    stage.page.mouse.move(x + 1, y)
    settle(stage, "() => document.querySelector('.ll-pane[data-pane=current] .ll-probe').textContent === '50 HU'")


WHEEL_OVER_PANE = """(outsideFirst) => {
  const wheel = () => new WheelEvent("wheel", { deltaY: 120, bubbles: true, cancelable: true });
  if (outsideFirst) document.body.dispatchEvent(wheel());
  const over = wheel();
  document.querySelector(".ll-pane[data-pane=current]").dispatchEvent(over);
  return over.defaultPrevented;
}"""


def test_a_page_scroll_that_passes_over_a_pane_goes_on_scrolling_the_page(stage):
    # Both events in one go: real ones can lie any time apart on a busy machine.
    assert stage.page.evaluate(WHEEL_OVER_PANE, True) is False
    assert "11/21" in burnt(stage, "current")
    stage.page.wait_for_timeout(400)  # longer than the pause after which the wheel is the pane's again
    assert stage.page.evaluate(WHEEL_OVER_PANE, False) is True
    settle(
        stage,
        "() => document.querySelector('.ll-pane[data-pane=current] .ll-burnt').parentNode.textContent.includes('9/21')",
    )


# ---- visits, rest, controls


def test_visit_cursor_paints_held_pictures_without_the_kernel(stage, patient):
    stage.until(lambda: (2, 10, 256) in patient.viewer._held["current"])
    stage.page.wait_for_timeout(200)
    stage.page.evaluate("() => { window.stage.silent = true; void window.stage.controls.visit.move(2); }")
    stage.page.wait_for_selector(".ll-pane[data-pane=current][data-visit='2']")
    assert "Day 56" in burnt(stage, "current")
    assert grey(stage, "current", CENTRE_MM[0] - 150, CENTRE_MM[1] - 140) == pytest.approx(window_grey(130), abs=1)
    assert stage.pane("prior").get_attribute("data-visit") == "0"


def test_visit_cursor_does_not_jump_back_while_older_answers_arrive(stage, patient):
    stage.until(lambda: (3, 10, 256) in patient.viewer._held["current"])
    stage.page.wait_for_timeout(200)
    stage.page.evaluate("() => { const v = window.stage.controls.visit; v._pending_msgs = 2; v.set('value', 3); }")
    stage.page.wait_for_selector(".ll-pane[data-pane=current][data-visit='3']")
    patient.visit.unobserve_all()
    patient.visit.value = 1
    patient.viewer.show(patient.frame(), [])
    stage.flush()
    stage.page.wait_for_timeout(100)
    assert stage.pane("current").get_attribute("data-visit") == "3"


def test_rest_is_sent_once_after_the_last_frame(stage):
    for value in (55, 60, 65):
        stage.move("lesion", value)
    stage.painted(4)
    stage.until(lambda: any(message["version"] == 4 for message in stage.sent("rest")))
    stage.page.wait_for_timeout(400)
    assert [message["version"] for message in stage.sent("rest")][-1] == 4
    assert [message["calm"] for message in stage.sent("rest") if message["version"] == 4] == [False, True]


def test_computing_then_kernel_message_then_silence_when_answered(stage, patient):
    chip, banner = stage.page.locator(".ll-chip"), stage.page.locator(".ll-silent")
    before = stage.pane("current").bounding_box()
    waited_ms = stage.page.evaluate("""() => new Promise((resolve) => {
        const chip = document.querySelector('.ll-chip'), start = performance.now();
        const look = () => chip.hidden || resolve(performance.now() - start);
        new MutationObserver(look).observe(chip, { attributes: true });
        window.stage.silent = true;
        void window.stage.controls.lesion.move(90); })""")
    assert 95 <= waited_ms < 1000
    assert chip.is_visible()
    assert stage.pane("current").bounding_box() == before
    banner.wait_for(state="visible", timeout=5000)
    assert "Run ▸ Restart. Your answers are saved." in banner.inner_text()
    stage.page.evaluate("() => { window.stage.silent = false; }")
    patient.show()
    stage.flush()
    banner.wait_for(state="hidden", timeout=2000)


def test_a_control_without_effect_never_alarms(stage):
    stage.move("idle", 3)
    stage.page.wait_for_timeout(300)
    assert not stage.page.locator(".ll-chip").is_visible()
    assert stage.page.locator(".ll-silent").is_hidden()


def test_acknowledge_ends_the_wait(stage, patient):
    stage.page.evaluate("() => { window.stage.silent = true; void window.stage.controls.lesion.move(90); }")
    stage.page.locator(".ll-chip").wait_for(state="visible", timeout=1000)
    patient.viewer.acknowledge()
    stage.flush()
    stage.page.locator(".ll-chip").wait_for(state="hidden", timeout=1000)


def test_kernel_may_move_the_slice_but_an_echo_of_an_old_one_does_not(stage, patient):
    patient.viewer.go_to(4)
    stage.flush()
    wait_slice(stage, "current", 4)
    stage.pane("current").focus()
    for _ in range(3):
        before = patient.viewer.slice_index
        stage.page.keyboard.press("ArrowUp")
        stage.until(lambda before=before: patient.viewer.slice_index == before + 1)
    patient.viewer.show(patient.frame(slice=5), [])
    stage.flush()
    stage.painted(patient.version)
    wait_slice(stage, "current", 7)
    patient.viewer.show(patient.frame(slice=15), [])
    stage.flush()
    wait_slice(stage, "current", 15)


# ---- errors


def test_a_provider_that_fails_shows_a_banner_and_the_picture_stays(stage, patient):
    def broken(*_):
        raise ValueError("delay_s must be 0 to 300, got <b>nan</b>.")

    # Let the page have what it asks for by itself, so that only the wish below fails.
    settle(stage, "() => document.querySelector('.ll-pane[data-pane=current]').dataset.matrix === '512'")
    stage.until(lambda: {(visit, 10) for visit in range(4)} <= {key[:2] for key in patient.viewer._held["current"]})
    stage.page.wait_for_timeout(500)
    stage.errors_expected = True
    working, patient.viewer.provider = patient.viewer.provider, broken
    stage.pane("current").focus()
    stage.page.keyboard.press("End")
    banner = stage.page.locator(".ll-error")
    banner.wait_for(state="visible")
    assert "delay_s must be 0 to 300, got <b>nan</b>." in banner.inner_text()
    assert stage.pane("current").get_attribute("data-slice") == "10"
    patient.viewer.provider = working
    banner.get_by_role("button").click()
    banner.wait_for(state="hidden")
    # What failed can be asked for again.
    stage.page.keyboard.press("ArrowDown")
    stage.page.keyboard.press("ArrowUp")
    wait_slice(stage, "current", len(Z_MM) - 1)


def test_an_error_in_the_browser_is_shown_inside_the_widget(stage):
    stage.page.evaluate(
        """() => window.stage.model.fire('msg:custom',
        {type: 'pictures', pictures: [{pane: 'current', version: 50, buffer: 7}]}, [])"""
    )
    banner = stage.page.locator(".ll-error")
    banner.wait_for(state="visible")
    assert "viewer met an error" in banner.inner_text()


def test_a_viewer_out_of_sight_waits_without_an_error(blank_page, patient):
    # JupyterLab makes the widgets of cells far below before they have a size.
    patient.show()
    blank_page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { document.getElementById('host').style.display = 'none'; })"
    )
    stage = Stage(blank_page, patient.viewer, patient.controls)
    blank_page.wait_for_timeout(500)
    blank_page.evaluate("() => { document.getElementById('host').style.display = ''; }")
    stage.painted(1)
    stage.pane("current").wait_for()
    assert blank_page.locator(".ll-error:visible").count() == 0
    assert grey(stage, "current", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(window_grey(50), abs=1)


def test_a_page_loaded_again_gets_the_newest_frame(stage, patient):
    patient.lesion.value = 70
    stage.flush()
    stage.painted(2)
    stage.open()
    stage.painted(2)
    assert grey(stage, "current", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(window_grey(70), abs=1)
