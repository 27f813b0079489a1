"""Arrows with a note, undo of everything drawn, and the picture file."""

import io

import numpy as np
import pytest
from PIL import Image

from .stage import Stage
from .viewer_case import LESION, Patient, at, drag, settle, wait_slice

FIELD = ".ll-note-field"


@pytest.fixture
def patient():
    return Patient()


@pytest.fixture
def stage(blank_page, patient):
    patient.show()
    stage = Stage(blank_page, patient.viewer, patient.controls)
    stage.painted(1)
    return stage


def write(stage, text, x_mm=LESION["x_mm"], y_mm=LESION["y_mm"]):
    stage.page.locator("[data-action=note]").click()
    drag(stage.page, at(stage, "current", x_mm, y_mm), at(stage, "current", x_mm + 40, y_mm + 60))
    stage.page.locator(FIELD).wait_for(state="visible")
    stage.page.keyboard.type(text)
    stage.page.keyboard.press("Enter")
    stage.page.locator(FIELD).wait_for(state="hidden")


def test_a_note_points_where_it_was_put_and_python_holds_it(stage, patient):
    write(stage, "rim is 1 cm? r 2 x")
    stage.until(lambda: patient.viewer.notes)
    (note,) = patient.viewer.notes
    assert note["text"] == "rim is 1 cm? r 2 x"
    assert (note["pane"], note["plane"], note["slice"]) == ("current", "axial", 10)
    assert (note["x_mm"], note["y_mm"], note["z_mm"]) == (pytest.approx(-60, abs=1.1), pytest.approx(-50, abs=1.1), 0)
    assert note["text_at"]["x_mm"] == pytest.approx(-20, abs=1.1)
    assert "rim is 1 cm?" in stage.pane("current").locator("svg").text_content()
    assert stage.pane("prior").locator(".ll-item").count() == 0
    assert patient.viewer.measurement == {}
    assert stage.page.evaluate("() => document.activeElement.dataset.pane") == "current"


def test_letters_typed_into_a_note_are_no_commands(stage, patient):
    write(stage, "vx123liz")
    assert stage.page.locator("[data-action=plane]").input_value() == "axial"
    assert stage.page.locator("[data-action=preset]").input_value() == "0"
    assert stage.page.locator("[data-action=invert]").get_attribute("aria-pressed") == "false"


def test_a_note_by_keyboard_alone_then_edited_deleted_and_undone(stage, patient):
    stage.pane("current").focus()
    for key in ("a", "Enter", "Shift+ArrowRight", "Shift+ArrowUp", "Enter"):
        stage.page.keyboard.press(key)
    stage.page.locator(FIELD).wait_for(state="visible")
    assert stage.page.evaluate("() => document.activeElement.className") == "ll-note-field"
    stage.page.keyboard.type("necrotic")
    stage.page.keyboard.press("Enter")
    stage.until(lambda: patient.viewer.notes)
    settle(stage, "() => document.querySelector('.ll-live').textContent.endsWith('slice 11: necrotic')")
    for key in ("s", "n", "Enter"):
        stage.page.keyboard.press(key)
    stage.page.locator(FIELD).wait_for(state="visible")
    stage.page.keyboard.type("viable")
    stage.page.keyboard.press("Enter")
    stage.until(lambda: patient.viewer.notes[0]["text"] == "viable")
    stage.page.keyboard.press("Delete")
    stage.until(lambda: patient.viewer.notes == [])
    stage.page.keyboard.press("z")
    stage.until(lambda: [note["text"] for note in patient.viewer.notes] == ["viable"])
    stage.page.keyboard.press("z")
    stage.until(lambda: [note["text"] for note in patient.viewer.notes] == ["necrotic"])
    stage.page.keyboard.press("z")
    stage.until(lambda: patient.viewer.notes == [])


def test_escape_or_no_words_leave_no_note(stage, patient):
    for last in ("Escape", "Enter"):
        stage.page.locator("[data-action=note]").click()
        stage.page.mouse.click(*at(stage, "current", -60, -50))
        stage.page.locator(FIELD).wait_for(state="visible")
        if last == "Escape":
            stage.page.keyboard.type("not this")
        stage.page.keyboard.press(last)
        stage.page.locator(FIELD).wait_for(state="hidden")
    stage.page.wait_for_timeout(200)
    assert patient.viewer.notes == []
    assert stage.page.locator(".ll-item").count() == 0


def test_a_double_click_on_its_grip_edits_a_note_and_dragging_moves_it(stage, patient):
    write(stage, "first")
    tip = at(stage, "current", LESION["x_mm"], LESION["y_mm"])
    drag(stage.page, tip, at(stage, "current", LESION["x_mm"] + 30, LESION["y_mm"]))
    stage.until(lambda: patient.viewer.notes and patient.viewer.notes[0]["x_mm"] == pytest.approx(-30, abs=1.5))
    stage.page.locator("[data-action=scroll]").click()
    stage.page.mouse.dblclick(*at(stage, "current", LESION["x_mm"] + 30, LESION["y_mm"]))
    stage.page.locator(FIELD).wait_for(state="visible")
    stage.page.keyboard.type("second")
    stage.page.locator("h1").click()  # leaving the field keeps what was typed
    stage.until(lambda: patient.viewer.notes[0]["text"] == "second")


def test_notes_stay_on_their_slice_and_survive_a_reload(stage, patient):
    write(stage, "here")
    stage.until(lambda: patient.viewer.notes)
    stage.page.keyboard.press("PageUp")
    wait_slice(stage, "current", 15)
    assert stage.pane("current").locator(".ll-item").count() == 0
    stage.open()
    stage.painted(1)
    stage.pane("current").focus()
    stage.page.keyboard.press("n")
    wait_slice(stage, "current", 10)
    assert "here" in stage.pane("current").locator("svg").text_content()
    write(stage, "there", x_mm=40)
    stage.until(lambda: len(patient.viewer.notes) == 2)
    assert len({note["id"] for note in patient.viewer.notes}) == 2


def test_python_may_put_notes_back_and_markup_in_them_stays_text(stage, patient):
    write(stage, "<img src=x onerror=window.hacked=1>")
    stage.until(lambda: patient.viewer.notes)
    kept = patient.viewer.notes
    patient.viewer.notes = []
    stage.flush()
    settle(stage, "() => document.querySelectorAll('.ll-item').length === 0")
    patient.viewer.notes = kept
    stage.flush()
    settle(stage, "() => document.querySelectorAll('.ll-item').length > 0")
    assert stage.page.evaluate("() => window.hacked === undefined")


def test_the_picture_file_holds_both_panes_what_is_burnt_in_and_what_is_drawn(stage):
    write(stage, "look here")
    stage.page.wait_for_timeout(300)
    with stage.page.expect_download() as download:
        stage.page.keyboard.press("d")
    name = download.value.suggested_filename
    assert name == "liverlab-day-0-axial-11.png"
    with open(download.value.path(), "rb") as file:
        picture = np.asarray(Image.open(io.BytesIO(file.read())).convert("RGB")).astype(int)
    stage_box = stage.page.locator(".ll-stage").bounding_box()
    ratio = picture.shape[1] / stage_box["width"]
    assert picture.shape[0] == pytest.approx(stage_box["height"] * ratio, abs=2)
    assert ratio >= 2

    def patch(pane, x_mm, y_mm, size=5):
        x, y = at(stage, pane, x_mm, y_mm)
        column, row = round((x - stage_box["x"]) * ratio), round((y - stage_box["y"]) * ratio)
        return picture[row - size : row + size, column - size : column + size]

    # W 150, L 80: a lesion of 50 HU beside a liver of 100 HU, in the current pane only.
    assert patch("current", LESION["x_mm"], LESION["y_mm"] - 12).mean() == pytest.approx(76, abs=3)
    assert patch("prior", LESION["x_mm"], LESION["y_mm"] - 12).mean() == pytest.approx(161, abs=3)
    # Burnt-in white words near the lower edge, cyan of the note, yellow of the letters.
    notice = picture[-round(16 * ratio) :, : picture.shape[1] // 2]
    assert (notice.min(axis=2) > 225).sum() > 200, "SIMULATED"
    cyan = (abs(picture - np.array([126, 224, 255])).max(axis=2) < 12).sum()
    yellow = (abs(picture - np.array([255, 224, 138])).max(axis=2) < 12).sum()
    assert cyan > 300
    assert yellow > 300
