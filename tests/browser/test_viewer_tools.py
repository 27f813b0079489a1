"""Measuring in the viewer and the truth outlines: mouse and keyboard against known millimetres and HU."""

import math

import pytest
from playwright.sync_api import expect

from .stage import Stage
from .viewer_case import FOV_MM, LESION, Patient, at, drag, settle, wait_slice

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
    assert (told["mean"], told["sd"], told["min"], told["max"]) == (50, 0, 50, 50)
    assert told["rx_mm"] == pytest.approx(12, abs=1.1)
    assert told["area_mm2"] == pytest.approx(math.pi * told["rx_mm"] * told["ry_mm"])
    stage.move("lesion", 75)
    stage.painted(2)
    stage.until(lambda: patient.viewer.measurement["mean"] == 75)
    drag(
        stage.page,
        at(stage, "current", LESION["x_mm"] + told["rx_mm"], LESION["y_mm"]),
        at(stage, "current", LESION["x_mm"] + 35, LESION["y_mm"]),
    )
    stage.until(lambda: patient.viewer.measurement["rx_mm"] == pytest.approx(35, abs=1.1))
    assert patient.viewer.measurement["max"] == 100


def test_measuring_with_the_keyboard_alone_then_delete_and_undo(stage, patient):
    stage.pane("current").focus()
    stage.page.keyboard.press("r")
    expect(stage.pane("current").locator(".ll-cross")).to_have_count(1)
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
    expect(stage.page.locator(".liverlab-viewer")).to_have_attribute("data-tool", "scroll")
    expect(stage.page.locator("[data-tool=ellipse].ll-item")).to_have_count(0)


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
    expect(stage.pane("current").locator(".ll-item[data-tool=ruler]")).to_have_count(1)


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
