"""The hidden truth drives everything: flip it and every test answers otherwise, though today's scan looks the same."""

import dataclasses

import ipywidgets as widgets
import numpy as np
import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.lessons import pseudocirrhosis
from liverlab.lessons.pseudocirrhosis import patient as patients
from liverlab.lessons.pseudocirrhosis import surface
from liverlab.reading.scar_tests import CIRRHOSIS, PSEUDOCIRRHOSIS

from ..reading_the_page import words

LESSON = pseudocirrhosis
EV = evidence.load()
DATA = EV.lessons["03_pseudocirrhosis"]
TESTS = [test["id"] for test in DATA["tests"]]
TELLING = {"old_studies", "risk_factors", "late_arterial", "segmental_volumes", "biopsy"}


@pytest.fixture(scope="module")
def twins():
    return [patients.simulate(Scenario(case), EV) for case in DATA["mimic"]["cases"]]


def rendered(patient, visit, index, seed=1):
    return dataclasses.replace(patient.scene(visit), seed=seed).render(index, 256).astype(float)


def test_flipping_the_truth_changes_what_every_test_returns():
    treated, old = (
        patients.simulate(Scenario(case).with_changes(visit=2), EV)
        for case in ("pseudocirrhosis_coarse", "cirrhosis_breast")
    )
    for test in TESTS:
        one, other = treated.order(test), old.order(test)
        assert one.text != other.text, test
        assert one.value != pytest.approx(other.value, rel=0.02), test
        assert one.points_to != CIRRHOSIS, test
        assert other.points_to != PSEUDOCIRRHOSIS, test


def test_the_twins_are_one_pseudocirrhosis_and_one_cirrhosis(twins):
    pseudo, true = twins
    assert pseudo.contour_at(0) == "smooth"
    assert pseudo.contour == true.contour == true.contour_at(0) != "smooth"
    assert (pseudo.values["liver_disease_years"], true.values["liver_disease_years"] > 0) == (0, True)
    assert pseudo.day == true.day


def test_at_the_visit_the_twins_differ_by_less_than_reader_noise(twins):
    one, other = twins
    low, high = one.values["reader_low_pct"], one.values["reader_high_pct"]
    visit = one.visit
    for i in range(len(one.layout.lesions)):
        mm, other_mm = (twin.phase.readings.diameter_mm[i, visit] for twin in twins)
        assert low < 100 * (other_mm / mm - 1) < high
        assert abs(one.phase.rim_hu[i, visit] - other.phase.rim_hu[i, visit]) < 1
    for measured in (
        lambda twin: twin.liver.scars.liver_ml[twin.now],
        lambda twin: twin.liver.scars.spleen_ml[twin.now],
        lambda twin: twin.lobes(visit).lsvr,
        lambda twin: twin.lobes(visit).caudate_right,
    ):
        assert measured(one) == pytest.approx(measured(other), rel=0.05)
    assert one.measured.lsn == pytest.approx(other.measured.lsn, rel=0.1)
    assert not one.status.ascites[one.now] + other.status.ascites[other.now]


def test_at_the_visit_the_twins_scans_differ_less_than_two_scans_of_one_of_them(twins):
    one, other = twins
    for index in range(25, 42, 4):
        first = rendered(one, one.visit, index)
        gap, again = rendered(other, other.visit, index) - first, rendered(one, one.visit, index, seed=2) - first
        assert gap.std() < 0.4 * again.std(), index


def test_the_right_tests_tell_the_twins_apart_and_the_others_do_not_pretend(twins):
    found = {test: [twin.order(test) for twin in twins] for test in TESTS}
    assert {test for test, (a, b) in found.items() if a.points_to != b.points_to} == TELLING
    for test in TELLING - {"segmental_volumes"}:
        assert [finding.points_to for finding in found[test]] == [PSEUDOCIRRHOSIS, CIRRHOSIS], test
    before = [rendered(twin, 0, 33) for twin in twins]
    assert np.abs(before[0] - before[1]).max() > 100, "the old studies differ at the surface"


def test_the_mimic_panel_returns_what_the_tests_found_for_both(page, twins):
    tabs = page.cells["more"]
    buttons(tabs, "Old studies")[-1].click()  # the first one belongs to the patient of the sliders
    shown = " ".join(words(one.value) for one in every(tabs, widgets.HTML))
    for twin in twins:
        assert twin.order("old_studies").text in shown


def test_the_panels_answer_for_the_patient_on_the_page_and_follow_the_sliders(page):
    lesson, tabs = page.lesson, page.cells["more"]
    buttons(tabs, "Endoscopy")[0].click()
    for preset in ("coarse", "nodules"):
        lesson.panel.presets[preset].click()
        shown = " ".join(words(one.value) for one in every(tabs, widgets.HTML))
        assert lesson.page.state.order("endoscopy").text in shown
    lesson.panel.sliders["visit"].value = 0
    shown = " ".join(words(one.value) for one in every(tabs, widgets.HTML))
    assert "Choose a visit after the first scan." in shown


def test_the_surface_is_measured_when_asked_and_again_at_rest(page):
    lesson, tabs = page.lesson, page.cells["more"]
    (button,) = buttons(tabs, "Measure the surface and the lobes")
    button.click()
    patient = lesson.page.state
    shown = " ".join(words(one.value) for one in every(tabs, widgets.HTML))
    assert f"surface nodularity (LSN) {patient.measured.lsn:.2f}" in shown
    assert "above the floor" in shown
    lesson.panel.sliders["visit"].value = 0
    lesson.page.rest()
    shown = " ".join(words(one.value) for one in every(tabs, widgets.HTML))
    assert "within the floor" in shown


def test_the_surface_is_coloured_by_what_moved_it():
    from liverlab.imaging import surfaces

    mixed = {"infiltration_pct": 30, "nodule_amplitude_mm": 0.5}
    patient = patients.simulate(Scenario("pseudocirrhosis_coarse").with_changes(**mixed), EV)
    scene = patient.scene(patient.visit)
    points = surfaces.build(scene.anatomy, scene.lesions, shape=scene.shape, grid_mm=6.0).liver.vertices
    shares = {name: surface.mechanism(patient, name)(points) for _, name in surface.COLOUR_BY if name}
    for name, share in shares.items():
        assert share.min() >= 0, name
        assert 0.1 < share.max() <= 1, name
    total = sum(shares.values())
    assert total[total > 0] == pytest.approx(1.0, abs=1e-3)
    smooth = patients.simulate(Scenario("pseudocirrhosis_breast").with_changes(visit=0), EV)
    assert not surface.mechanism(smooth, "nodules")(points).any()


def every(widget, kind):
    """All widgets of a kind inside a widget, in page order."""
    found = [widget] if isinstance(widget, kind) else []
    return found + [one for child in getattr(widget, "children", ()) for one in every(child, kind)]


def buttons(widget, label):
    return [one for one in every(widget, widgets.Button) if one.description == label]
