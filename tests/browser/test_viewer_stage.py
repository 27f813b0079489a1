"""The viewer under mouse, keyboard and fingers: what it paints, asks for and tells Python."""

import math

import pytest

from .stage import Stage
from .viewer_case import CENTRE_MM, FOV_MM, LESION, Z_MM, Patient

PIXEL_MM = FOV_MM / 512


@pytest.fixture
def patient():
    return Patient()


@pytest.fixture
def stage(blank_page, patient):
    patient.show()
    stage = Stage(blank_page, patient.viewer, patient.controls)
    stage.painted(1)
    return stage


def grey(stage, pane, x_mm, y_mm):
    """Grey on the screen at a patient position (fitted view)."""
    return stage.page.evaluate(
        """([name, u, v]) => { const c = document.querySelector(`.ll-pane[data-pane=${name}] canvas`);
        const scale = c.width / 400;
        return c.getContext("2d").getImageData(Math.round(u * scale), Math.round((v - 40) * scale), 1, 1).data[0]; }""",
        [pane, x_mm - CENTRE_MM[0] + 200, y_mm - CENTRE_MM[1] + 200],
    )


def at(stage, pane, x_mm, y_mm):
    """Page coordinates of a patient position (fitted view)."""
    box = stage.pane(pane).bounding_box()
    scale = box["width"] / FOV_MM
    return box["x"] + (x_mm - CENTRE_MM[0] + 200) * scale, box["y"] + (y_mm - CENTRE_MM[1] + 200 - 40) * scale


def drag(page, start, end, button="left", modifier=None, steps=5):
    page.mouse.move(*start)
    if modifier:
        page.keyboard.down(modifier)
    page.mouse.down(button=button)
    page.mouse.move(*end, steps=steps)
    page.mouse.up(button=button)
    if modifier:
        page.keyboard.up(modifier)


def window_grey(hu, window_hu=150, level_hu=80):
    return round(255 * min(1, max(0, (hu - level_hu + window_hu / 2) / window_hu)))


def burnt(stage, pane):
    return stage.pane(pane).locator(".ll-burnt").inner_text()


def settle(stage, condition):
    stage.page.wait_for_function(condition)


def wait_slice(stage, pane, index):
    stage.page.wait_for_selector(f".ll-pane[data-pane={pane}][data-slice='{index}']")


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
    assert stage.page.locator("[data-action=preset2]").get_attribute("aria-pressed") == "true"
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


# ---- measuring


def test_probe_shows_hu_of_both_panes_at_the_same_place(stage):
    stage.page.mouse.move(*at(stage, "prior", LESION["x_mm"], LESION["y_mm"]))
    settle(stage, "() => document.querySelector('.ll-pane[data-pane=current] .ll-probe').textContent === '50 HU'")
    assert stage.pane("prior").locator(".ll-probe").inner_text() == "100 HU"


def test_ruler_over_the_lesion_equals_the_truth_within_a_pixel(stage, patient):
    stage.page.locator("[data-action=ruler]").click()
    left = at(stage, "current", LESION["x_mm"] - 20, LESION["y_mm"])
    right = at(stage, "current", LESION["x_mm"] + 20, LESION["y_mm"])
    drag(stage.page, left, right)
    stage.until(lambda: patient.viewer.measurement)
    told = patient.viewer.measurement
    assert told["tool"] == "ruler"
    assert told["pane"] == "current"
    assert told["slice"] == 10
    assert told["length_mm"] == pytest.approx(40, abs=PIXEL_MM)
    assert told["x_mm"] == pytest.approx(LESION["x_mm"], abs=1.1)
    assert told["y_mm"] == pytest.approx(LESION["y_mm"], abs=1.1)
    assert f"{told['length_mm']:.1f} mm" in stage.pane("current").locator("svg").text_content()


def test_ellipse_follows_the_lesion_as_the_slider_moves_and_can_be_reshaped(stage, patient):
    stage.page.keyboard.press("Tab")
    stage.page.locator("[data-action=ellipse]").click()
    centre = at(stage, "current", LESION["x_mm"], LESION["y_mm"])
    corner = at(stage, "current", LESION["x_mm"] + 12, LESION["y_mm"] + 8)
    drag(stage.page, centre, corner)
    stage.until(lambda: patient.viewer.measurement)
    told = patient.viewer.measurement
    assert (told["mean_hu"], told["sd_hu"], told["min_hu"], told["max_hu"]) == (50, 0, 50, 50)
    assert told["rx_mm"] == pytest.approx(12, abs=1.1)
    assert told["area_mm2"] == pytest.approx(math.pi * told["rx_mm"] * told["ry_mm"])
    stage.move("lesion", 75)
    stage.painted(2)
    stage.until(lambda: patient.viewer.measurement["mean_hu"] == 75)
    drag(
        stage.page,
        at(stage, "current", LESION["x_mm"] + told["rx_mm"], LESION["y_mm"]),
        at(stage, "current", LESION["x_mm"] + 35, LESION["y_mm"]),
    )
    stage.until(lambda: patient.viewer.measurement["rx_mm"] == pytest.approx(35, abs=1.1))
    assert patient.viewer.measurement["max_hu"] == 100


def test_measuring_with_the_keyboard_alone_then_delete_and_undo(stage, patient):
    stage.pane("current").focus()
    stage.page.keyboard.press("r")
    assert stage.pane("current").locator(".ll-cross").count() == 1
    stage.page.keyboard.press("Enter")
    for _ in range(3):
        stage.page.keyboard.press("Shift+ArrowRight")
    for _ in range(4):
        stage.page.keyboard.press("ArrowDown")
    stage.page.keyboard.press("Enter")
    stage.until(lambda: patient.viewer.measurement)
    assert patient.viewer.measurement["length_mm"] == pytest.approx(math.hypot(30, 4))
    stage.page.keyboard.press("Delete")
    stage.until(lambda: patient.viewer.measurement == {})
    stage.page.keyboard.press("z")
    stage.until(lambda: patient.viewer.measurement.get("tool") == "ruler")
    stage.page.keyboard.press("e")
    stage.page.keyboard.press("Enter")
    stage.page.keyboard.press("Escape")
    stage.page.keyboard.press("Escape")
    assert stage.page.locator(".liverlab-viewer").get_attribute("data-tool") == "scroll"
    assert stage.page.locator("[data-tool=ellipse].ll-item").count() == 0


def test_measurements_stay_on_their_slice(stage):
    stage.page.locator("[data-action=ruler]").click()
    drag(stage.page, at(stage, "current", -60, -50), at(stage, "current", -20, -50))
    stage.pane("current").focus()
    assert stage.pane("current").locator(".ll-item").count() > 0
    stage.page.keyboard.press("PageUp")
    wait_slice(stage, "current", 15)
    assert stage.pane("current").locator(".ll-item[data-tool]").count() == 0
    stage.page.keyboard.press("n")
    wait_slice(stage, "current", 10)
    assert stage.pane("current").locator(".ll-item[data-tool=ruler]").count() == 1


# ---- outlines


def test_truth_outlines_appear_where_the_lesion_is_with_words_and_python_is_told(stage, patient):
    assert stage.page.locator(".ll-outline").count() == 0
    stage.page.locator("[data-action=truth]").click()
    outline = stage.pane("current").locator(".ll-outline")
    outline.wait_for(state="attached")
    scale = stage.pane("current").bounding_box()["width"] / FOV_MM
    assert float(outline.get_attribute("rx")) == pytest.approx(20 * scale, abs=0.5)
    assert float(outline.get_attribute("cx")) == pytest.approx((LESION["x_mm"] + 200) * scale, abs=0.5)
    assert "L1" in stage.pane("current").locator("svg text").text_content()
    stage.until(lambda: patient.viewer.truth is True)
    patient.viewer.truth = False
    stage.flush()
    outline.wait_for(state="detached")


def test_hidden_and_new_lesions_are_told_apart_by_dash_and_word(blank_page):
    patient = Patient()
    lesions = [
        dict(LESION, id=kind, label=kind[:2], kind=kind, x_mm=20.0 * i)
        for i, kind in enumerate(("target", "occult", "new"))
    ]
    patient.show(overlays={"prior": [], "current": lesions}, truth=True)
    stage = Stage(blank_page, patient.viewer)
    stage.painted(1)
    dashes = stage.page.locator(".ll-outline").evaluate_all(
        "(all) => all.map((e) => e.getAttribute('stroke-dasharray'))"
    )
    assert len(set(dashes)) == 3
    words = stage.pane("current").locator("svg").text_content()
    assert "hidden" in words
    assert "new" in words


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

    stage.errors_expected = True
    patient.viewer.provider = broken
    with pytest.raises(ValueError, match="delay_s"):
        patient.viewer._receive(
            patient.viewer,
            {"type": "need", "version": 1, "wishes": [{"pane": "prior", "visit": 0, "slice": 0, "matrix": 256}]},
            [],
        )
    stage.flush()
    banner = stage.page.locator(".ll-error")
    banner.wait_for(state="visible")
    assert "delay_s must be 0 to 300, got <b>nan</b>." in banner.inner_text()
    assert grey(stage, "current", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(window_grey(50), abs=1)
    banner.get_by_role("button").click()
    banner.wait_for(state="hidden")


def test_an_error_in_the_browser_is_shown_inside_the_widget(stage):
    stage.page.evaluate(
        """() => window.stage.model.fire('msg:custom',
        {type: 'pictures', pictures: [{pane: 'current', version: 50, buffer: 7}]}, [])"""
    )
    banner = stage.page.locator(".ll-error")
    banner.wait_for(state="visible")
    assert "viewer met an error" in banner.inner_text()


def test_a_page_loaded_again_gets_the_newest_frame(stage, patient):
    patient.lesion.value = 70
    stage.flush()
    stage.painted(2)
    stage.open()
    stage.painted(2)
    assert grey(stage, "current", LESION["x_mm"], LESION["y_mm"]) == pytest.approx(window_grey(70), abs=1)
