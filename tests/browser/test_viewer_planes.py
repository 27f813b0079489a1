"""Coronal and sagittal reformats by mouse and keyboard: fetched when asked for, in millimetres, in step with axial."""

import pytest

from .stage import Stage
from .viewer_case import CENTRE_MM, FOV_MM, LESION, Z_MM, Patient, at, burnt, drag, settle, wait_slice, window_grey

BALL = dict(LESION, z_mm=0.0, rz_mm=12.0)
READY = """() => document.querySelector('.ll-volume').hidden
    && !document.querySelector('.ll-pane[data-pane=current] .ll-burnt').textContent.includes('…')"""


@pytest.fixture
def patient():
    return Patient()


@pytest.fixture
def stage(blank_page, patient):
    patient.show(overlays={"prior": [], "current": [BALL]})
    stage = Stage(blank_page, patient.viewer, patient.controls)
    stage.painted(1)
    stage.until(lambda: ("current", 0, 10, 512) in patient.rendered)
    return stage


def plane(stage, name, by_key=True):
    if by_key:
        stage.pane("current").focus()
        while stage.pane("current").get_attribute("data-plane") != name:
            stage.page.keyboard.press("v")
            stage.page.wait_for_timeout(60)
    else:
        stage.page.locator("[data-action=plane]").select_option(name)
    stage.page.wait_for_selector(f".ll-pane[data-pane=current][data-plane={name}][data-slice]")
    settle(stage, READY)


def grey_at(stage, pane, fraction_x, fraction_y):
    """Grey on the screen at a share of the pane's width and height."""
    return stage.page.evaluate(
        """([name, x, y]) => { const c = document.querySelector(`.ll-pane[data-pane=${name}] canvas`);
        return c.getContext("2d").getImageData(Math.round(x * c.width), Math.round(y * c.height), 1, 1).data[0]; }""",
        [pane, fraction_x, fraction_y],
    )


def test_a_reformat_fetches_every_slice_once_with_a_line_that_says_so(stage, patient):
    before = patient.viewer.bytes_sent
    seen = stage.page.evaluate("""() => { window.lines = [];
        const line = document.querySelector('.ll-volume');
        const look = () => line.hidden || window.lines.push(line.textContent);
        new MutationObserver(look).observe(line, { attributes: true, subtree: true, childList: true });
        return line.hidden; }""")
    assert seen is True
    plane(stage, "coronal")
    wanted = {(0, k) for k in range(len(Z_MM))}
    assert {(visit, k) for visit, k, _ in patient.viewer._held["current"] if visit == 0} == wanted
    assert patient.viewer.bytes_sent > before + 30 * 2 * 256 * 205
    lines = stage.page.evaluate("() => window.lines")
    assert all("Building the other plane" in line and "of 42" in line for line in lines)
    assert len(set(lines)) > 2
    assert len([key for key in patient.rendered if key[0] == "prior" and key[3] == 256]) <= len(Z_MM)


def test_axial_scrolling_never_fetches_the_volume(stage, patient):
    stage.pane("current").focus()
    stage.page.keyboard.press("ArrowUp")
    stage.page.wait_for_timeout(1200)
    assert len({k for _, k, _ in patient.viewer._held["current"]}) < len(Z_MM) - 4


def test_height_and_width_of_a_reformat_are_millimetres(stage):
    plane(stage, "coronal", by_key=False)
    # 400 mm across the pane's width; 21 slices of 3 mm around its middle. Outside: black; inside: liver, 100 HU.
    box = stage.pane("current").bounding_box()
    half = 63 / 2 * box["width"] / FOV_MM / box["height"]
    inside = grey_at(stage, "current", 0.9, 0.5 - half + 0.01)
    assert inside == grey_at(stage, "current", 0.9, 0.5 + half - 0.01) == window_grey(100)
    assert grey_at(stage, "current", 0.9, 0.5 - half - 0.02) == 0
    assert grey_at(stage, "current", 0.9, 0.5 + half + 0.02) == 0


def test_a_click_in_axial_chooses_where_the_reformat_cuts_and_a_click_there_moves_the_slice(stage, patient):
    x_mm, y_mm = LESION["x_mm"], LESION["y_mm"]
    stage.page.mouse.click(*at(stage, "current", x_mm, y_mm))
    plane(stage, "sagittal")
    assert "sagittal · x −" in burnt(stage, "current")
    assert abs(int(burnt(stage, "current").split("x −")[1].split(" ")[0]) - 60) <= 2
    plane(stage, "coronal")
    told = burnt(stage, "current").split("y −")[1]
    assert abs(int(told.split(" ")[0]) - 50) <= 2
    box = stage.pane("current").bounding_box()
    scale = box["width"] / FOV_MM
    # 18 mm cranial of the middle of the stack, over the lesion.
    stage.page.mouse.click(box["x"] + (x_mm - CENTRE_MM[0] + 200) * scale, box["y"] + box["height"] / 2 - 18 * scale)
    stage.until(lambda: patient.viewer.slice_index == 16)
    plane(stage, "axial")
    wait_slice(stage, "current", 16)


def test_the_probe_chooses_the_place_by_keyboard_alone(stage):
    stage.pane("current").focus()
    stage.page.keyboard.press("h")
    for key in ("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowUp", "Enter"):
        stage.page.keyboard.press(key)
    plane(stage, "sagittal")
    assert abs(int(burnt(stage, "current").split("x −")[1].split(" ")[0]) - 20) <= 2
    plane(stage, "coronal")
    assert abs(int(burnt(stage, "current").split("y −")[1].split(" ")[0]) - 40) <= 2


def test_a_finger_chooses_the_place_and_scrolls_the_reformat(browser, patient):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    patient.show()
    stage = Stage(context.new_page(), patient.viewer, patient.controls)
    stage.painted(1)
    stage.pane("current").scroll_into_view_if_needed()
    stage.page.touchscreen.tap(*at(stage, "current", LESION["x_mm"], LESION["y_mm"]))
    plane(stage, "coronal", by_key=False)
    assert abs(int(burnt(stage, "current").split("y −")[1].split(" ")[0]) - 50) <= 2
    before = int(stage.pane("current").get_attribute("data-slice"))
    stage.pane("current").scroll_into_view_if_needed()
    x, y = at(stage, "current", 0, -30)
    stage.page.touchscreen.tap(x, y)
    client = context.new_cdp_session(stage.page)
    for kind, down_px in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40), ("touchEnd", None)):
        points = [] if down_px is None else [{"x": x, "y": y + down_px, "id": 0}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    settle(stage, f"() => Number(document.querySelector('.ll-pane[data-pane=prior]').dataset.slice) >= {before + 10}")
    context.close()


def test_wheel_keys_and_drag_scroll_in_a_reformat_and_both_panes_follow(stage, patient):
    plane(stage, "coronal")
    first = int(stage.pane("current").get_attribute("data-slice"))
    stage.page.keyboard.press("ArrowUp")
    wait_slice(stage, "prior", first - 1)
    stage.page.keyboard.press("PageDown")
    wait_slice(stage, "current", first + 4)
    stage.page.mouse.move(*at(stage, "prior", 0, 0))
    stage.page.wait_for_timeout(350)
    stage.page.mouse.wheel(0, 100)
    wait_slice(stage, "current", first + 5)
    x, y = at(stage, "current", 0, 0)
    drag(stage.page, (x, y), (x, y + 40))
    settle(stage, f"() => Number(document.querySelector('.ll-pane[data-pane=prior]').dataset.slice) > {first + 8}")
    stage.page.keyboard.press("Home")
    wait_slice(stage, "current", 0)
    assert patient.viewer.slice_index == 10


def test_letters_label_and_spoken_place_follow_the_plane(stage):
    plane(stage, "sagittal")
    words = burnt(stage, "current").split("\n")
    assert {"A", "P", "H", "F"} <= set(words)
    assert "R" not in words
    assert "sagittal plane" in stage.pane("current").get_attribute("aria-label")
    stage.page.keyboard.press("ArrowDown")
    said = "() => /^\\d+ millimetres (left|right)\\.$/.test(document.querySelector('.ll-live').textContent)"
    settle(stage, said)


def test_unlinked_panes_show_axial_and_coronal_with_a_crossing_that_moves(stage):
    stage.pane("current").focus()
    stage.page.keyboard.press("l")
    plane(stage, "coronal")
    assert stage.pane("prior").get_attribute("data-plane") == "axial"
    line = "() => document.querySelector('.ll-pane[data-pane=prior] .ll-crossing').getAttribute('d')"
    before = stage.page.evaluate(line)
    stage.page.keyboard.press("PageUp")
    stage.page.wait_for_function(f"(before) => ({line})() !== before", arg=before)


def test_the_volume_is_fetched_again_when_the_hand_rests_after_the_patient_has_changed(stage, patient):
    stage.page.mouse.click(*at(stage, "current", LESION["x_mm"], LESION["y_mm"]))
    plane(stage, "coronal")
    place = ((LESION["x_mm"] + 200) / FOV_MM, 0.5)
    dark = grey_at(stage, "current", *place)
    patient.rendered.clear()
    for value in (90, 95, 100):
        stage.move("lesion", value)
    stage.painted(4)
    assert len([key for key in patient.rendered if key[0] == "current"]) <= 4, "while the slider moves: one slice"
    stage.until(lambda: len({key[2] for key in patient.rendered if key[0] == "current"}) == len(Z_MM))
    settle(stage, READY)
    assert grey_at(stage, "current", *place) > dark + 60
    assert {key[0] for key in patient.rendered} == {"current"}, "the prior has not changed"


def test_measurements_and_outlines_in_a_reformat(stage, patient):
    stage.page.mouse.click(*at(stage, "current", LESION["x_mm"], LESION["y_mm"]))
    plane(stage, "coronal")
    stage.page.locator("[data-action=truth]").click()
    outline = stage.pane("current").locator(".ll-outline")
    outline.wait_for(state="attached")
    scale = stage.pane("current").bounding_box()["width"] / FOV_MM
    assert float(outline.get_attribute("rx")) == pytest.approx(20 * scale, abs=0.7)
    assert float(outline.get_attribute("ry")) == pytest.approx(12 * scale, abs=0.7)
    stage.page.locator("[data-action=ruler]").click()
    box = stage.pane("current").bounding_box()
    x, y = box["x"] + (LESION["x_mm"] + 200) * scale, box["y"] + box["height"] / 2
    drag(stage.page, (x, y - 12 * scale), (x, y + 12 * scale))
    stage.until(lambda: patient.viewer.measurement)
    told = patient.viewer.measurement
    assert (told["plane"], told["pane"]) == ("coronal", "current")
    assert told["length_mm"] == pytest.approx(24, abs=1.1)
    assert (told["z1_mm"], told["z2_mm"]) == (pytest.approx(12, abs=1.1), pytest.approx(-12, abs=1.1))
    assert (told["x_mm"], told["y_mm"]) == (pytest.approx(-60, abs=1.1), pytest.approx(-50, abs=1.6))
    stage.page.keyboard.press("Delete")
    stage.page.locator("[data-action=ellipse]").click()
    drag(stage.page, (x, y), (x + 8 * scale, y + 6 * scale))
    stage.until(lambda: patient.viewer.measurement.get("tool") == "ellipse")
    told = patient.viewer.measurement
    assert (told["mean"], told["sd"]) == (50, 0)
    assert (told["rx_mm"], told["rz_mm"]) == (pytest.approx(8, abs=1.1), pytest.approx(6, abs=1.1))
    plane(stage, "axial")
    assert stage.pane("current").locator(".ll-item[data-tool]").count() == 0


def test_one_slice_has_no_other_planes(blank_page):
    patient = Patient(z_mm=(0.0,))
    patient.show()
    stage = Stage(blank_page, patient.viewer)
    stage.painted(1)
    assert stage.page.locator("[data-action=plane]").count() == 0
    stage.pane("current").focus()
    stage.page.keyboard.press("v")
    settle(stage, "() => document.querySelector('.ll-live').textContent === 'One slice has no other planes.'")
    assert stage.pane("current").get_attribute("data-plane") == "axial"


def test_a_kernel_without_slices_ends_the_wait_with_a_sentence(stage, patient):
    patient.viewer.provider = None
    stage.pane("current").focus()
    stage.page.keyboard.press("v")
    banner = stage.page.locator(".ll-error")
    banner.wait_for(state="visible")
    assert "did not send the slices" in banner.inner_text()
    assert stage.page.locator(".ll-volume").is_hidden()
