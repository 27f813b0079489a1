"""The hidden truth drives everything: flip it and every test answers otherwise, though today's scan looks the same."""

import dataclasses

import ipywidgets as widgets
import numpy as np
import pytest

from liverlab import evidence
from liverlab.evidence import Scenario
from liverlab.imaging import anatomy
from liverlab.lessons import pseudoprogression
from liverlab.lessons.pseudoprogression import patient as patients
from liverlab.reading import next_tests, scan

from ..reading_the_page import words

LESSON = pseudoprogression
EV = evidence.load()
TESTS = [test["id"] for test in EV.lessons["02_pseudoprogression"]["tests"]]
MIMIC = EV.lessons["02_pseudoprogression"]["mimic"]["cases"]


@pytest.fixture(scope="module")
def responds():
    return patients.simulate(Scenario("gist_imatinib"), EV)


@pytest.fixture(scope="module")
def progresses():
    return patients.simulate(Scenario("true_progression"), EV)


@pytest.fixture(scope="module")
def twins():
    return [patients.simulate(Scenario(case), EV) for case in MIMIC]


def rendered(patient, visit, z_mm, seed=1):
    body = anatomy.default()
    index = int(np.abs(body.z_mm - z_mm).argmin())
    scene = dataclasses.replace(patient.scene(visit), seed=seed)
    return scene.render(index, 256).astype(float)


# --- response against progression ---


@pytest.mark.parametrize("test", TESTS)
def test_flipping_the_truth_changes_what_every_test_returns(responds, progresses, test):
    one, other = responds.order(test), progresses.order(test)
    assert one.text != other.text
    assert one.value != pytest.approx(other.value, rel=0.1)
    assert one.points_to == next_tests.RESPONSE
    assert other.points_to != next_tests.RESPONSE


def test_most_tests_name_the_progression_and_the_careful_ones_say_so(progresses):
    found = {test: progresses.order(test) for test in TESTS}
    clear = {test for test, finding in found.items() if finding.points_to == next_tests.PROGRESSION}
    assert clear == {"late_arterial", "pet", "other_sites", "early_rescan"}
    assert "surge" in found["markers"].text


def test_the_late_arterial_answer_is_what_the_picture_of_that_phase_shows(responds):
    label = responds.labels.index("E")
    told = dict((row[0], row[1]) for row in responds.order("late_arterial").rows)["E"]
    arterial = patients.simulate(responds.scenario.with_changes(delay_s=scan.LATE_ARTERIAL_S), EV)
    x, y, z = arterial.case.lesions[label].centre_mm
    hu, body = rendered(arterial, 0, z), anatomy.default()
    pixel = body.fov_mm / 256
    row, col = (
        int((mm - centre + body.fov_mm / 2) / pixel)
        for mm, centre in ((y, body.fov_centre_mm[1]), (x, body.fov_centre_mm[0]))
    )
    measured = hu[row - 2 : row + 3, col - 2 : col + 3].mean() - float(arterial.phase.liver_hu[0])
    assert measured == pytest.approx(told, abs=8)  # 25 pixels of noise


# --- the mimic pair ---


def test_the_twins_are_one_response_and_one_progression(twins):
    spots = [twin.follow_up.new_spots(twin.visit) for twin in twins]
    assert [len(spot) for spot in spots] == [1, 1]
    assert [twin.course.roles[spot[0]] for twin, spot in zip(twins, spots, strict=True)] == ["occult", "new"]
    assert len({twin.day for twin in twins}) == 1


def test_at_the_visit_the_twins_differ_by_less_than_reader_noise(twins):
    one, other = twins
    low, high = one.values["reader_low_pct"], one.values["reader_high_pct"]
    assert sorted(one.labels) == sorted(other.labels)
    for label in one.labels:
        i, k = one.labels.index(label), other.labels.index(label)
        for visit in (0, 1):
            assert one.follow_up.visible[i, visit] == other.follow_up.visible[k, visit], label
            if one.follow_up.visible[i, visit]:
                mm, other_mm = one.follow_up.diameter_mm[i, visit], other.follow_up.diameter_mm[k, visit]
                assert low < 100 * (other_mm / mm - 1) < high, label
                assert low < 100 * (mm / other_mm - 1) < high, label
                assert abs(one.follow_up.hu[i, visit] - other.follow_up.hu[k, visit]) < 3, label
    for call in ("unequivocal", "equivocal", "none"):
        verdicts = [[(row["criterion"], row["call"]) for row in twin.verdicts(call)] for twin in twins]
        assert verdicts[0] == verdicts[1]


def test_at_the_visit_the_twins_scans_differ_less_than_two_scans_of_one_of_them(twins):
    one, other = twins
    for z_mm in np.arange(-12.0, 19.0, 3.0):
        first = rendered(one, 1, z_mm)
        gap, again = rendered(other, 1, z_mm) - first, rendered(one, 1, z_mm, seed=2) - first
        assert np.abs(gap).max() < 1.5 * one.values["noise_hu"], z_mm
        differs = gap != 0
        if differs.any():
            assert gap[differs].std() < 0.4 * again[differs].std(), z_mm


def test_the_right_test_tells_the_twins_apart_by_more_than_noise_and_the_others_do_not_pretend(twins):
    one = twins[0]
    found = {test: [twin.order(test) for twin in twins] for test in TESTS}
    telling = {test for test, (a, b) in found.items() if a.points_to != b.points_to}
    assert telling == {"late_arterial", "pet", "early_rescan"}
    for test in telling:
        assert [finding.points_to for finding in found[test]] == [next_tests.RESPONSE, next_tests.PROGRESSION]
    a, b = (finding.rows[0][2] for finding in found["early_rescan"])
    assert 100 * (b / a - 1) > one.values["reader_high_pct"]
    uptake = [next(row[2] for row in finding.rows if row[0] == "E") for finding in found["pet"]]
    assert uptake[0] < 1.5 * one.values["suv_liver"] < 2 * uptake[0] < uptake[1]
    # The baseline study in the late arterial phase: there in one, nothing in the other, in the picture too.
    pictures = [
        rendered(patients.simulate(twin.scenario.with_changes(delay_s=scan.LATE_ARTERIAL_S), EV), 0, 3.0)
        for twin in twins
    ]
    assert np.abs(pictures[0] - pictures[1]).max() > 1.5 * one.values["noise_hu"]


def test_the_mimic_panel_returns_what_the_tests_found_for_both(page, twins):
    tabs = page.cells["more"]
    pet = buttons(tabs, "FDG PET")[-1]  # the first one belongs to the patient of the sliders
    pet.click()
    shown = " ".join(words(one.value) for one in every(tabs, widgets.HTML))
    for twin in twins:
        assert twin.order("pet").text in shown


# --- decisions ---


def test_continue_and_switch_differ_in_opposite_sense(responds, progresses, twins):
    for right_to_go_on, right_to_switch in ((responds, progresses), tuple(twins)):
        going_on, switched = living_at_the_end(right_to_go_on)
        assert going_on < 0.95 * switched
        going_on, switched = living_at_the_end(right_to_switch)
        assert switched < 0.8 * going_on


def living_at_the_end(patient):
    return [float(patient.consequences[name].viable_volume_ml[-1]) for name in ("continue", "switch")]


def test_decisions_follow_the_sliders(responds):
    weaker = patients.simulate(responds.scenario.with_changes(second_line_effect_pct=0), EV)
    going_on, switched = living_at_the_end(responds)
    assert living_at_the_end(weaker)[0] == going_on
    assert living_at_the_end(weaker)[1] > switched
    later = patients.simulate(responds.scenario.with_changes(visit=5), EV)
    assert later.consequences["switch"].steps[0].day == later.day == 252


def test_until_the_decision_all_branches_are_the_same_patient(responds, progresses):
    for patient in (responds, progresses):
        volumes = []
        for branch in patient.consequences.values():
            before = branch.days <= patient.day
            volumes.append(branch.viable_volume_ml[before])
        assert all(volume == pytest.approx(volumes[0], rel=1e-9) for volume in volumes)


def test_waiting_keeps_a_working_drug_and_drops_a_failing_one(responds, progresses):
    assert responds.consequences["wait"].steps == ()
    (step,) = progresses.consequences["wait"].steps
    assert (step.kind, step.day) == ("switch", progresses.day + next_tests.RESCAN_D)


def test_the_panels_answer_for_the_patient_on_the_page_and_follow_the_sliders(page):
    lesson, tabs = page.lesson, page.cells["more"]
    buttons(tabs, "Late arterial phase")[0].click()
    choice = next(one for one in every(tabs, widgets.ToggleButtons) if one.description == "What do you do?")
    choice.value = "switch"
    for preset in ("gist", "progression"):
        lesson.panel.presets[preset].click()
        shown = " ".join(words(one.value) for one in every(tabs, widgets.HTML))
        assert lesson.page.state.order("late_arterial").text in shown
        assert lesson.page.state.consequences["switch"].text in shown
    lesson.panel.sliders["visit"].value = 0
    shown = " ".join(words(one.value) for one in every(tabs, widgets.HTML))
    assert shown.count("Choose a visit after the first scan.") == 2


def every(widget, kind):
    """All widgets of a kind inside a widget, in page order."""
    found = [widget] if isinstance(widget, kind) else []
    return found + [one for child in getattr(widget, "children", ()) for one in every(child, kind)]


def buttons(widget, label):
    return [one for one in every(widget, widgets.Button) if one.description == label]
