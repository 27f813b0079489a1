"""The next tests for a nodular liver: hidden truth in, findings out."""

import pytest
from tests.disease.scarred import NO_TUMOUR, VALUES, VISITS, liver

from liverlab.imaging import anatomy
from liverlab.imaging.liver_state import Shape
from liverlab.reading import lobes, scar_tests
from liverlab.reading.scar_tests import CIRRHOSIS, NEITHER, PSEUDOCIRRHOSIS

SHAPES = {"before": Shape(), "after": Shape(liver_ml=1500.0, right_atrophy_mm=14.0, caudate_growth_mm=9.0)}
OLD = {**NO_TUMOUR, "nodularity_mm": 1.0, "liver_disease_years": 14.0, "portal_gradient_mmhg": 11.0}


@pytest.fixture(scope="module")
def measured():
    return {name: lobes.measure(anatomy.default(), shape, grid_mm=6.0) for name, shape in SHAPES.items()}


def case(measured, visit=3, old=False, arterial_hu=-12.0, **changes):
    changes = (OLD if old else {}) | changes
    one = liver(**changes)

    def ahead(day):
        return liver(**changes, visits=[0.0, *VISITS[1 : visit + 1], day])

    def form(index):
        return measured["after" if old or index else "before"]

    return scar_tests.Case(VALUES | changes, one, int(one.at(VISITS)[visit]), form, ahead, lambda index: arterial_hu)


def test_flipping_the_truth_changes_what_every_test_returns(measured):
    treated, old = case(measured), case(measured, old=True, arterial_hu=14.0, spleen_ml=500.0)
    for test in scar_tests.TESTS:
        one, other = scar_tests.order(test, treated), scar_tests.order(test, old)
        if test == "endoscopy":
            continue  # both have none at this visit; see below
        assert one.text != other.text, test
        assert (one.points_to, other.points_to) != (CIRRHOSIS, PSEUDOCIRRHOSIS), test
    for test in ("old_studies", "risk_factors", "late_arterial", "segmental_volumes", "biopsy", "rescan"):
        assert scar_tests.order(test, treated).points_to == PSEUDOCIRRHOSIS, test
        assert scar_tests.order(test, old).points_to == CIRRHOSIS, test


def test_endoscopy_shows_what_the_pressure_did_and_not_why(measured):
    late = case(measured, visit=8, nodule_amplitude_mm=2.0, therapy_change_months=24.0)
    found = scar_tests.order("endoscopy", late)
    assert found.value == late.liver.scars.varices[late.index] >= 1
    assert found.points_to == NEITHER


def test_the_wedge_misses_nodules_and_says_so_where_there_are_varices(measured):
    late = case(measured, visit=8, nodule_amplitude_mm=2.0, scar_share_pct=0.0, therapy_change_months=24.0)
    found = scar_tests.order("pressures", late)
    assert found.value < 10 < late.liver.scars.portal_gradient_mmhg[late.index]
    assert "before the sinusoids" in found.text
    assert found.points_to == PSEUDOCIRRHOSIS


def test_a_liver_in_which_nothing_happened_points_nowhere(measured):
    calm = case(measured, **NO_TUMOUR, arterial_hu=None)
    calm = scar_tests.Case(
        calm.values, calm.liver, calm.index, lambda index: measured["before"], calm.ahead, lambda i: None
    )
    for test in ("old_studies", "late_arterial", "segmental_volumes", "biopsy", "pressures", "endoscopy", "rescan"):
        assert scar_tests.order(test, calm).points_to == NEITHER, test


def test_the_rescan_is_the_liver_three_months_later(measured):
    six = case(measured)
    found = scar_tests.order("rescan", six)
    assert found.value == pytest.approx(six.ahead(six.day + scar_tests.RESCAN_D).surface_mm[-1])
    assert found.value < six.liver.surface_mm[six.index], "the drug was changed at this visit"


def test_an_unknown_test_is_refused(measured):
    with pytest.raises(ValueError, match=r"^test is 'x'; allowed: old_studies, "):
        scar_tests.order("x", case(measured))
