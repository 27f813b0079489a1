"""Next tests follow the hidden truth: flip it, and each of them answers otherwise."""

import numpy as np
import pytest

from liverlab.disease import markers
from liverlab.reading import next_tests, scan

from .hidden_truth import VISIT, progressing, responding


@pytest.fixture(scope="module")
def truths():
    return responding(), progressing()


@pytest.mark.parametrize("test", next_tests.TESTS)
def test_flipping_the_truth_changes_every_answer(truths, test):
    one, other = (next_tests.order(test, *truth, VISIT) for truth in truths)
    assert one.text != other.text
    assert one.value != other.value
    assert one.points_to == next_tests.RESPONSE
    assert other.points_to in (next_tests.PROGRESSION, next_tests.NEITHER)


@pytest.mark.parametrize("test", next_tests.TESTS)
def test_answers_are_complete_and_repeatable(truths, test):
    for truth in truths:
        found = next_tests.order(test, *truth, VISIT)
        assert found == next_tests.order(test, *truth, VISIT)
        assert found.test == test
        assert np.isfinite(found.value)
        assert found.rows
        assert all(np.isfinite(now) and (before is None or np.isfinite(before)) for _, before, now in found.rows)
        assert found.unit
        assert found.value_unit
        for sentence in (found.text, found.separates):
            assert sentence.endswith(".")
            assert "nan" not in sentence
            assert "  " not in sentence


def test_pet_follows_living_tumour_and_loses_small_lesions(truths):
    (values, _, course), _ = truths
    found = next_tests.pet(*truths[0], VISIT)
    alive = course.viability * course.perfusion
    largest = int(course.diameter_mm[:, 0].argmax())
    before, now = next((row[1], row[2]) for row in found.rows if row[0] == truths[0][1][largest].label)
    assert before == pytest.approx(values["suv_tumour"], abs=0.05)
    assert now == pytest.approx(values["suv_tumour"] * alive[largest, VISIT], abs=0.05)
    seed = next_tests.pet(*progressing(new_lesion_seed_mm=3.0, new_lesion_doubling_d=80.0), VISIT)
    assert min(row[2] for row in seed.rows) < 0.6 * values["suv_tumour"]


def test_marker_equals_the_disease_model_and_warns_of_an_early_surge(truths):
    values, lesions, course = truths[0]
    level = markers.simulate(values, lesions, course.days)
    assert next_tests.markers(values, lesions, course, VISIT).value == pytest.approx(100 * level[VISIT])
    surge = next_tests.markers(*responding(marker_surge_pct=400.0), 1)
    assert surge.value > 120
    assert surge.points_to == next_tests.NEITHER
    assert "surge" in surge.text


def test_a_late_rise_of_the_marker_points_to_progression(truths):
    late = next_tests.markers(*truths[1], 6)
    assert truths[1][2].days[6] > next_tests.MARKER_SURGE_D
    assert late.points_to == next_tests.PROGRESSION


def test_late_arterial_phase_names_the_spots_that_were_there(truths):
    found = next_tests.late_arterial(*truths[0], VISIT)
    _, lesions, course = truths[0]
    hidden = [lesion.label for k, lesion in enumerate(lesions) if lesion.role == "occult" and course.diameter_mm[k, 0]]
    assert hidden
    assert found.value == len(hidden)
    assert all(label in found.text for label in hidden)
    assert all(before > 10 for _, before, _ in found.rows)


def test_without_a_new_spot_phases_report_what_lesions_lost():
    swollen = responding(occult_count=0.0)
    found = next_tests.late_arterial(*swollen, VISIT)
    assert found.points_to == next_tests.RESPONSE
    assert found.value < -10
    assert "new spot" not in next_tests.unenhanced(*swollen, VISIT).text


def test_unenhanced_uptake_is_portal_minus_unenhanced(truths):
    found = next_tests.unenhanced(*truths[1], VISIT)
    uptake = scan.portal(*truths[1]).mean_hu - scan.unenhanced(*truths[1]).mean_hu
    labels = [lesion.label for lesion in truths[1][1]]
    for name, _, now in found.rows:
        assert now == pytest.approx(uptake[labels.index(name), VISIT])


def test_early_rescan_looks_six_weeks_ahead(truths):
    grown, shrunk = (next_tests.early_rescan(*truth, VISIT) for truth in truths[::-1])
    assert all(now > 1.15 * before for _, before, now in grown.rows)
    assert all(now < 1.05 * before for _, before, now in shrunk.rows)


def test_biopsy_misses_what_is_dead_and_its_luck_is_a_seed(truths):
    alive = next_tests.biopsy(*truths[1], VISIT)
    assert alive.value == pytest.approx(0, abs=1e-6)
    assert "living tumour" in alive.text
    found = [next_tests.biopsy(*truths[0], VISIT, seed=seed) for seed in range(200)]
    missed = np.mean(["necrosis only" in one.text for one in found])
    assert missed == pytest.approx(found[0].value / 100, abs=0.1)


def test_only_follow_up_visits_of_one_patient_are_accepted(truths):
    with pytest.raises(ValueError, match=r"visit is 0; allowed: 1 to \d, a visit after the baseline"):
        next_tests.pet(*truths[0], 0)
    with pytest.raises(ValueError, match="visit is 99; allowed: 1 to"):
        next_tests.early_rescan(*truths[0], 99)
    with pytest.raises(ValueError, match="test is 'x-ray'; allowed: late_arterial, unenhanced"):
        next_tests.order("x-ray", *truths[0], VISIT)
    cohort = responding(perfusion_loss_pct=np.array([10.0, 80.0]))
    with pytest.raises(ValueError, match="allowed: one patient"):
        next_tests.markers(*cohort, VISIT)
