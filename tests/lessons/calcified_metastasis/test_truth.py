"""What is hidden drives everything: calcium or iodine, response or growth; and the gallery tells by the right step."""

import ipywidgets as widgets
import numpy as np
import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.imaging import two_energies
from liverlab.lessons import calcified_metastasis
from liverlab.lessons.calcified_metastasis import gallery
from liverlab.lessons.calcified_metastasis import patient as patients
from liverlab.lessons.calcified_metastasis.energies import Examination
from liverlab.lessons.study import study_of
from liverlab.reading import two_energy_roi
from liverlab.ui.viewer import Viewer

from ..reading_the_page import words

LESSON = calcified_metastasis
EV = evidence.load()
GALLERY = EV.lessons["04_calcified_metastasis"]["gallery"]
ITEMS = {item["id"]: item for item in GALLERY["items"]}


def simulate(case="calcified_breast", seed=1, **changes):
    scenario = Scenario(case, seed=seed)
    return patients.simulate(scenario.with_changes(**changes) if changes else scenario, EV)


# --- iodine or calcium: a pair that one scan cannot tell apart ---


@pytest.fixture(scope="module")
def twins():
    """The same mean HU in lesion A in the portal phase: by calcium in one, by enhancement in the other."""
    base = {"calcium_pattern": 5, "slice_mm": 3}
    mineral = simulate(calcium_start_mg_ml=15, hypovascular_enhancement_hu=28, **base)
    return mineral, simulate(calcium_start_mg_ml=0, hypovascular_enhancement_hu=48, **base)


def test_on_one_portal_scan_the_twins_differ_by_less_than_the_noise(twins):
    means = [float(twin.phase.mean_hu[0, 0]) for twin in twins]
    assert abs(means[0] - means[1]) < 2
    pictures = [twin.scene(0).render(33, 256).astype(float) for twin in twins]
    assert np.abs(pictures[0] - pictures[1]).max() < 2 * twins[0].noise_hu
    for name in ("visible", "diameter_mm"):
        one, other = (getattr(twin.phase.readings, name)[:2, 0] for twin in twins)
        assert one == pytest.approx(other, rel=0.02)


def test_the_unenhanced_scan_and_a_second_energy_tell_the_twins_apart(twins):
    plain = [float(twin.unenhanced.phase.mean_hu[0, 0]) for twin in twins]
    assert plain[0] - plain[1] > 15
    found = [Examination(twin).region_of(0) for twin in twins]
    gap = found[0].calcium_mg_ml - found[1].calcium_mg_ml
    noise = np.sqrt(found[0].covariance[1, 1] + found[1].covariance[1, 1])
    assert gap > 0.5 * noise, "a second energy points the same way"
    held = [Examination(twin).truth(0) for twin in twins]
    assert held[0][1] == pytest.approx(15)
    assert held[1][1] == 0
    assert held[1][0] > held[0][0]


@pytest.mark.parametrize("tin_mm", [0.0, 0.4])
def test_the_lessons_own_pictures_give_back_what_the_lesion_holds(tin_mm):
    """2 mg/mL of iodine and 50 mg/mL of bone mineral in lesion A, spread evenly."""
    inside = []
    for seed in range(12):
        patient = simulate(
            seed=seed, calcium_pattern=5, calcium_start_mg_ml=50, hypovascular_enhancement_hu=52, tin_mm=tin_mm
        )
        one = Examination(patient)
        iodine, calcium = one.truth(0)
        assert iodine == pytest.approx(2.0, abs=0.02)
        assert calcium == pytest.approx(50.0)
        region = one.region_of(0)
        # The picture's solid pattern fills nine tenths of the lesion; its middle is that much denser.
        local = float(patient.metastasis_state(0).calcium_hu[0]) / patient.protocol.hu_per_mg_hydroxyapatite_ml
        inside.append(
            bool(two_energies.is_inside(region.iodine_mg_ml, region.calcium_mg_ml, (iodine, local), region.covariance))
        )
    assert sum(inside) >= 9, "95 % of 12 are 11"


def test_a_virtual_unenhanced_picture_takes_part_of_the_calcium_away():
    patient = simulate(calcium_pattern=5, calcium_start_mg_ml=50)
    one = Examination(patient)
    z = one.scans.low.anatomy.slice_index(3.0)
    shown = one.series["Virtual unenhanced"].scene(0).render(z, 512)
    radii = np.full(2, 0.7 * 15.0)
    inside = two_energy_roi.ellipse(patient.metastases[0].centre_mm, radii)
    virtual, true = float(shown[inside].mean()), float(patient.unenhanced.phase.mean_hu[0, 0])
    assert true - virtual > 25, "50 mg/mL leave 23 HU instead of 67"


# --- calcium is not death ---


def test_attenuation_rises_in_a_response_and_falls_in_growth():
    responds, grows = simulate("calcifying_responder"), simulate("diluted_calcium", visit=3)
    assert responds.living_pct[responds.visit] < 30
    assert responds.follow_up.hu_change_pct[responds.visit] > 10
    assert responds.verdict("Choi") == "SD"
    assert grows.living_pct[3] > 140
    assert grows.follow_up.hu_change_pct[3] < -15
    assert grows.verdict("Choi") == "PR"
    assert responds.target_calcium_mg_ml[-1] > responds.target_calcium_mg_ml[0]
    assert grows.target_calcium_mg_ml[-1] < grows.target_calcium_mg_ml[0]


def test_living_tumour_lies_beside_the_calcium():
    patient = simulate("calcifying_responder")
    assert (patient.calcium_mg_ml[0, 1:] > 20).all()
    assert (patient.course.viability[0] > 0.1).all()


def test_the_haze_hides_lesions_in_the_portal_phase_and_not_before():
    patient = simulate("psammoma_haze")
    names = [patient.labels[i] for i in np.flatnonzero(~patient.phase.readings.visible[:, 0])]
    assert {"A", "B", "C"} <= set(names)
    plain = patient.unenhanced.phase.readings
    assert plain.visible[:3, 0].all()
    assert (plain.contrast_hu[:3, 0] > 15).all()


# --- the gallery ---


def found(item, step):
    return gallery.step(gallery.patient_of(ITEMS[item], EV), step)["result"]


def test_every_item_has_a_right_answer_of_its_own():
    assert len({item["name"] for item in ITEMS.values()}) == len(ITEMS) == len(GALLERY["names"]) == 11
    assert len({item["feature"] for item in ITEMS.values()}) == len(ITEMS) == len(GALLERY["features"])
    primary = [item["reveal"] for item in ITEMS.values() if item["name"] in ("cholangiocarcinoma", "fibrolamellar")]
    assert all("primary" in text for text in primary)


@pytest.mark.parametrize("item", list(ITEMS))
@pytest.mark.parametrize("step", [one["id"] for one in GALLERY["steps"]])
def test_every_step_answers_and_its_picture_is_the_one_it_describes(item, step):
    patient = gallery.patient_of(ITEMS[item], EV)
    answer = gallery.step(patient, step)
    assert answer["result"].endswith(".")
    then = answer["patient"]
    wanted = {"unenhanced": "unenhanced", "arterial": "late arterial", "delayed": "delayed"}.get(step)
    assert wanted is None or then.scene(0).caption.startswith(wanted)
    assert (then.years_ago > 0) == (step == "old")
    assert then.content(0) == patient.content(0) or step != "bone"


@pytest.mark.parametrize("case", [item["case"] for item in ITEMS.values()] + ["calcified_breast"])
def test_every_case_can_be_exported_as_a_study(case):
    study = study_of(Scenario(case), delays_s=(0.0, 70.0), visits=(0,), matrix=256, ev=EV)
    assert len(study.series) == 2
    assert all(one.scene.lesions.ids for one in study.series)


def test_a_case_of_the_gallery_is_refused_by_the_page_in_one_sentence():
    with pytest.raises(ValueError, match=r"^case is gallery_cyst, all of whose lesions have a look; "):
        simulate("gallery_cyst")


def test_the_steps_that_help_tell_what_they_should():
    assert "unchanged" in found("one", "old")
    assert "less than the 130 HU" in found("two", "unenhanced")
    assert "iodine is there, calcium is not proven" in found("two", "energy")
    assert "iodine is there, calcium is not proven" in found("six", "energy")
    assert "the rule says calcium" in found("six", "unenhanced"), "what makes lipiodol a trap"
    assert "nothing is seen" in found("six", "old").lower()
    assert "metal" in found("eleven", "bone")
    assert "neither" in found("eleven", "energy")
    for item in ("three", "ten"):
        assert "enhances by 0 HU" in found(item, "delayed")
    gain = [gallery.patient_of(ITEMS[item], EV) for item in ("five", "nine")]
    for patient in gain:
        late, early = (patient.scanned(delay_s=delay).hu.mean() for delay in (300.0, 35.0))
        assert late > early + 8


def test_the_ovarian_lesion_hides_in_the_portal_phase_and_stands_out_before():
    patient = gallery.patient_of(ITEMS["seven"], EV)
    assert abs(patient.hu.mean() - patient.liver_hu) < 8
    plain = patient.scanned(delay_s=0.0)
    assert plain.hu.mean() - plain.liver_hu > 15


# --- tabs on the page ---


def every(widget, kind):
    """All widgets of a kind inside a widget, in page order."""
    held = [widget] if isinstance(widget, kind) else []
    return held + [one for child in getattr(widget, "children", ()) for one in every(child, kind)]


def test_tabs_are_made_when_they_are_looked_at_and_follow_the_sliders(page):
    (tabs,) = every(page.cells["more"], widgets.Tab)
    for number in range(len(tabs.children)):
        tabs.selected_index = number
        assert every(tabs.children[number], widgets.HTML), tabs.titles[number]
    tabs.selected_index = tabs.titles.index("Does Choi still work?")
    shown = lambda: " ".join(words(one.value) for one in every(tabs.children[tabs.selected_index], widgets.HTML))  # noqa: E731
    assert "Choose a later visit" in shown()
    page.lesson.panel.presets["diluted"].click()
    page.lesson.panel.sliders["visit"].value = 3
    page.lesson.page.rest()
    assert "living tumour" not in shown().split("Choi reads")[0], "the truth is asked for, not given"
    page.lesson.view.viewer.truth = True
    assert "154 % of the living tumour" in shown()
    page.lesson.view.viewer.truth = False
    assert "PR" in shown()
    tabs.selected_index = 0
    assert "A, middle" in shown()
    tabs.selected_index = tabs.titles.index("How should she be treated?")
    assert "five metastases" in shown() or "four metastases" in shown()
    assert "primary tumours of the liver" in shown()
    tabs.selected_index = 0


def test_a_region_the_learner_draws_is_read_from_both_voltages(page):
    (tabs,) = every(page.cells["more"], widgets.Tab)
    tabs.selected_index = 0
    (viewer,) = every(tabs.children[0], Viewer)
    drawn = {"tool": "ellipse", "pane": "80 kV", "plane": "axial", "x_mm": -60.0, "y_mm": -90.0, "z_mm": 3.0}
    viewer.measurement = drawn | {"rx_mm": 12.0, "ry_mm": 10.0, "slice": 33, "visit": 0}
    shown = " ".join(words(one.value) for one in every(tabs.children[0], widgets.HTML))
    assert "your region" in shown
    viewer.truth = True
    shown = " ".join(words(one.value) for one in every(tabs.children[0], widgets.HTML))
    assert "Calcium, truth" in shown
    viewer.truth = False
    viewer.measurement = {}
