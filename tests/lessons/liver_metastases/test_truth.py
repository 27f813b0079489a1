"""What lesions are made of drives every modality: alike on the CT of today, apart after the right step."""

import re

import ipywidgets as widgets
import numpy as np
import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.imaging import anatomy
from liverlab.lessons import liver_metastases
from liverlab.lessons.liver_metastases import elsewhere, gallery
from liverlab.lessons.liver_metastases.elsewhere import ROWS, Elsewhere
from liverlab.ui import thumbnails

from ..reading_the_page import words

LESSON = liver_metastases
EV = evidence.load()
GALLERY = EV.lessons["01_liver_metastases"]["gallery"]
ITEMS = {item["name"]: item for item in GALLERY["items"]}
BODY = anatomy.default()


def spot(name):
    return gallery.patient_of(ITEMS[name], EV)


def roi(scene, patient, matrix=512, half_mm=2.0):
    """Values in the middle of the spot, from the rendered picture, in the unit of the series."""
    x, y, z = patient.lesions[0].centre_mm
    picture = scene.render(int(np.abs(BODY.z_mm - z).argmin()), matrix).astype(float)
    return around(picture, x, y, half_mm) * scene.series.get("scale", 1.0)


def around(picture, x, y, half_mm):
    pixel = BODY.fov_mm / len(picture)
    row, col = (
        int((mm - centre + BODY.fov_mm / 2) / pixel)
        for mm, centre in ((y, BODY.fov_centre_mm[1]), (x, BODY.fov_centre_mm[0]))
    )
    half = max(1, round(half_mm / pixel))
    return picture[row - half : row + half + 1, col - half : col + half + 1].mean()


def value(name, step):
    """What a step finds, as a number."""
    patient = spot(name)
    if step == "later":
        later = gallery.step(patient, "later")["patient"]
        return float(later.diameter_mm[0, 1] / patient.diameter_mm[0, 0])
    if step == "arterial":
        return float(liver_metastases.simulate(patient.scenario.with_changes(delay_s=35.0), EV).contrast_hu[0])
    scene = Elsewhere(patient, gallery.PICTURES[step]).scene(0)
    return float(scene.hottest_suv()[0] if step == "pet" else scene.over_liver()[0])


# --- small lesions ---


def test_the_gallery_holds_what_the_issue_of_small_lesions_is_about():
    assert set(ITEMS) == {"cyst", "haemangioma", "focal_fat", "fnh", "abscess", "perfusion", "ablation", "metastasis"}
    for name in set(ITEMS) - {"perfusion"}:
        assert spot(name).diameter_mm[0, 0] <= 15.0, name


def test_dark_spots_are_one_dark_spot_on_the_ct_of_today():
    contrast = {name: float(spot(name).contrast_hu[0]) for name in ("metastasis", "abscess", "focal_fat", "ablation")}
    noise = spot("metastasis").noise_hu
    assert max(contrast.values()) - min(contrast.values()) < 1.1 * noise, contrast
    assert not spot("fnh").now.visible[0]
    assert not spot("perfusion").now.visible[0]


@pytest.mark.parametrize("name", sorted(set(ITEMS) - {"metastasis"}))
def test_the_best_step_tells_a_spot_from_a_metastasis_by_more_than_noise(name):
    for step in ITEMS[name]["best"]:
        own, other = value(name, step), value("metastasis", step)
        if step == "arterial":
            assert own - other > 2 * spot(name).noise_hu, step
        elif step == "later":
            assert own == pytest.approx(1.0)
            assert other > 1.2
        elif step == "opposed":
            said = gallery.step(spot(name), step)["result"], gallery.step(spot("metastasis"), step)["result"]
            assert ["holds fat" in words_ for words_ in said] == [True, False]
        elif step == "diffusion":
            assert own > 1.3 * other
        else:
            assert max(own, other) > 1.3 * min(own, other), step


def test_the_careful_steps_do_not_pretend():
    assert value("abscess", "pet") > 1.5 * spot("abscess").values["suv_liver"]
    assert value("metastasis", "pet") > 1.5 * spot("metastasis").values["suv_liver"]
    assert value("haemangioma", "hepatobiliary") < 0.7, "blood takes up no gadoxetate either"
    assert value("fnh", "hepatobiliary") > 0.9
    assert value("metastasis", "hepatobiliary") < 0.5


@pytest.mark.parametrize("name", sorted(ITEMS))
@pytest.mark.parametrize("step", ["t2", "hepatobiliary", "diffusion"])
def test_what_a_step_says_is_what_its_picture_shows(name, step):
    patient = spot(name)
    found = gallery.step(patient, step)
    scene = found["patient"].scene(0)
    x, y, z = patient.lesions[0].centre_mm
    picture = scene.render(int(np.abs(BODY.z_mm - z).argmin()), 256).astype(float)
    ring = np.median([around(picture, x + dx, y + dy, 3.0) for dx, dy in ((-24, 0), (-18, 18), (-18, -18), (0, 26))])
    shown = around(picture, x, y, 1.5) / ring
    said = found["result"]
    if "brighter than liver" in said:
        assert shown > 1.05, said
    elif "darker than liver" in said:
        assert shown < 1.0, said
    else:
        assert 0.75 < shown < 1.35, said


def test_every_item_can_be_named_on_the_page_and_its_picture_changes_its_unit(page):
    more = tab(page, "Is it a metastasis at all?")
    texts = lambda: " ".join(words(one.value) for one in every(more, widgets.HTML))  # noqa: E731
    step = next(one for one in every(more, widgets.Button) if one.description == "Diffusion b 800")
    step.click()
    assert "Its diffusion coefficient is" in texts()
    viewers = [one for one in every(more, widgets.DOMWidget) if getattr(one, "config", {}).get("title") == "Gallery"]
    assert viewers[-1].config["series"]["Next step"]["unit"] == "a.u."
    assert viewers[-1].config["series"]["Today"]["unit"] == "HU"


def tab(page, title):
    """What is in a tab once somebody has turned to it."""
    (tabs,) = every(page.cells["more"], widgets.Tab)
    tabs.selected_index = tabs.titles.index(title)
    return tabs.children[tabs.selected_index]


def every(widget, kind):
    """All widgets of a kind below a widget."""
    found = [widget] if isinstance(widget, kind) else []
    for child in getattr(widget, "children", ()):
        found += every(child, kind)
    return found


# --- the matrix ---


def test_every_modality_shows_the_same_lesions_at_the_same_places():
    patient = liver_metastases.simulate(Scenario("from_colorectal"), EV)
    for keys in ROWS.values():
        for key in keys:
            state = Elsewhere(patient, key).scene(0).lesions
            assert state.ids == patient.lesion_state(0).ids
            assert np.array_equal(state.centre_mm, patient.lesion_state(0).centre_mm)
            assert np.array_equal(state.semi_axes_mm, patient.lesion_state(0).semi_axes_mm)


def test_a_neuroendocrine_lesion_lost_at_70_s_is_found_elsewhere():
    patient = liver_metastases.simulate(Scenario("from_neuroendocrine"), EV)
    assert not patient.now.visible.any()
    largest = patient.largest
    assert Elsewhere(patient, "t1_hepatobiliary").scene(0).over_liver()[largest] < 0.6
    assert Elsewhere(patient, "t2_fat_saturated").scene(0).over_liver()[largest] > 1.3
    # Well differentiated tumours take up little FDG: PET is not the answer for them.
    assert Elsewhere(patient, "pet").scene(0).hottest_suv()[largest] < 1.4 * patient.values["suv_liver"]


def test_the_matrix_is_drawn_when_asked_and_then_follows_the_sliders(page):
    more = tab(page, "How does it look elsewhere?")
    buttons = {one.description: one for one in every(more, widgets.Button)}
    pictures = lambda: [one.value for one in every(more, widgets.HTML) if "<img" in one.value]  # noqa: E731
    assert pictures() == []
    buttons["Scan with everything"].click()
    first = pictures()
    assert len(first) == sum(map(len, ROWS.values())) == 18
    assert all(re.search(r'alt="[^"]{2,}"', one) for one in first)
    assert len(set(first)) == 18
    page.lesson.page.set(lesion_diameter_mm=40)
    assert all(old != new for old, new in zip(first, pictures(), strict=True))


def test_a_thumbnail_is_the_picture_in_the_window_it_is_read_in():
    patient = liver_metastases.simulate(Scenario("from_colorectal"), EV)
    index = int(np.abs(BODY.z_mm - patient.lesions[0].centre_mm[2]).argmin())
    for key in ("ct_70", "dwi_800", "t1_hepatobiliary"):
        small = elsewhere.thumbnail(Elsewhere(patient, key), index)
        assert small.dtype == np.uint8
        assert small.ndim == 2
        assert small.max() > small.min() + 100
    fused = elsewhere.thumbnail(Elsewhere(patient, "fused"), index)
    assert fused.shape == (*small.shape, 3)
    assert thumbnails.source(fused).startswith("data:image/png;base64,")


@pytest.mark.parametrize(("key", "unit"), [("adc", "10⁻³ mm²/s"), ("pet", "SUV"), ("fused", "SUV"), ("ct_35", "HU")])
def test_a_picture_opens_in_full_with_its_own_unit_beside_the_ct(page, key, unit):
    matrix = elsewhere.Matrix(page.lesson)
    matrix.open(key)
    (viewer,) = matrix.full.children
    left, right = viewer.config["panes"]
    assert left == "CT at 70 s"
    assert viewer.config["series"][right]["unit"] == unit
    assert viewer.config["series"][right]["over"] == (left if key == "fused" else None)
    assert re.search(r"\d", matrix.words.value)


# --- truth ---


@pytest.mark.parametrize("key", ["ct_180", "t1_in", "t2_fat_saturated", "dwi_800", "t1_hepatobiliary", "pet"])
def test_flipping_what_a_lesion_is_changes_what_every_modality_returns(key):
    one, other = (Elsewhere(spot(name), key) for name in ("metastasis", "fnh"))
    assert elsewhere.words_of(one) != elsewhere.words_of(other)


def test_triage_on_the_page_reveals_only_after_everybody_is_placed(page):
    triage, more = page.lesson.data["triage"], tab(page, "Which patient first?")
    shown = lambda: " ".join(words(one.value) for one in every(more, widgets.HTML))  # noqa: E731
    assert all(one["story"] in shown() for one in triage["patients"])
    assert all(one["feedback"] not in shown() for one in triage["patients"])
    assert {one["id"] for one in triage["patients"]} >= {"cholangitis", "bleeding", "confusion", "jaundice", "silent"}
    order = [one["urgency"] for one in triage["patients"]]
    assert order == ["now", "now", "today", "week", "planned"]
