"""Tumour, scar and liver function joined: what moves what, in which direction, and what stays still."""

import numpy as np
import pytest

from liverlab.disease import scar, scarred_liver, tumour

from .scarred import FAILING, NO_TUMOUR, VALUES, VISITS, liver


def at(one, array):
    return np.asarray(array)[one.at(VISITS)]


def test_without_tumour_and_drug_everything_stays_as_it_is():
    calm = liver(**NO_TUMOUR, visits=np.array([0.0, 3650.0]))
    assert calm.surface_mm == pytest.approx(0.0, abs=1e-9)
    assert np.ptp(calm.scars.liver_ml) < 0.1
    for name in ("albumin_g_l", "platelets_1e9_l", "inr", "bilirubin_umol_l"):
        course = getattr(calm.labs, name)
        assert course == pytest.approx(np.full(course.shape, course[0]), rel=1e-3), name


def test_the_founding_course_nodular_at_six_months_and_smoother_six_months_after_the_change():
    case = liver()
    first, six, twelve = (float(at(case, case.surface_mm)[k]) for k in (0, 3, 5))
    assert first == 0
    assert six > 0.85
    assert twelve < 0.15 * six
    volume = at(case, case.scars.liver_ml)
    assert (np.abs(volume / volume[0] - 1) < 0.06).all(), "a liver of normal size"
    assert not at(case, case.scars.ascites_ml).any()


def test_coarse_nodules_with_loss_of_volume_are_in_reach_too():
    coarse = liver(**FAILING)
    assert at(coarse, coarse.scars.liver_ml)[5] < 0.85 * VALUES["liver_ml"]
    assert at(coarse, coarse.surface_mm)[5] > 1.7


def test_the_tumour_can_shrink_while_the_liver_fails():
    ill = liver(**FAILING)
    assert at(ill, ill.tumour_ml)[5] < 0.5 * at(ill, ill.tumour_ml)[0]
    for name, sign in (("albumin_g_l", -1), ("platelets_1e9_l", -1), ("bilirubin_umol_l", 1), ("ammonia_umol_l", 1)):
        course = at(ill, getattr(ill.labs, name))
        assert sign * (course[5] - course[0]) > 0, name
    assert at(ill, ill.scars.ascites_ml)[5] > 1000
    assert at(ill, ill.sodium_mmol_l)[5] < 140


def test_nodules_recede_after_the_change_and_stay_without_it():
    changed, never = liver(), liver(therapy_change_months=24.0)
    assert at(changed, changed.surface_mm)[-1] < 0.05
    assert at(never, never.surface_mm)[-1] > 0.95
    hurt = liver(second_drug_injury_pct=100.0)
    assert hurt.surface_mm[-1] == pytest.approx(never.surface_mm[-1], rel=1e-3)


def test_the_change_of_therapy_acts_on_the_tumour_from_its_day():
    early, late = liver(therapy_change_months=3.0), liver(therapy_change_months=6.0)
    assert at(early, early.tumour_ml)[1] == pytest.approx(at(late, late.tumour_ml)[1])
    assert at(early, early.tumour_ml)[2] < at(late, late.tumour_ml)[2]


def test_lost_tissue_is_what_the_cells_settle_at():
    ill = liver(**FAILING)
    last = -1
    tissue = ill.scars.liver_ml[last] - ill.tumour_ml[last] - ill.scars.scar_ml[last]
    assert ill.labs.living_mass_pct[last] == pytest.approx(100 * tissue / VALUES["liver_ml"], abs=2)
    shunted = 1 - scarred_liver.SHUNT * ill.scars.collaterals[last]
    assert ill.labs.functional_mass_pct[last] == pytest.approx(shunted * ill.labs.living_mass_pct[last], rel=1e-3)


def test_ascites_is_that_of_the_albumin_the_laboratory_returns():
    ill = liver(**FAILING)
    wanted = scar.portal_consequences(
        ill.days, ill.scars.portal_gradient_mmhg, ill.scars.hvpg_mmhg, VALUES["spleen_ml"], ill.labs.albumin_g_l
    )[1]
    assert ill.scars.ascites_ml == pytest.approx(wanted)


def test_diffuse_tumour_roughens_the_surface_without_lesions():
    diffuse = liver(tumour_load_pct=0.0, nodule_amplitude_mm=0.0, infiltration_pct=20.0, shrinkage_rate_per_week=0.06)
    assert (np.diff(diffuse.infiltration_mm) >= -1e-9).all()
    assert diffuse.surface_mm[-1] == pytest.approx(diffuse.infiltration_mm[-1])
    assert diffuse.surface_mm[-1] > 0.4
    assert diffuse.tumour_ml[0] == pytest.approx(0.2 * VALUES["liver_ml"])


def test_what_was_uneven_before_stays():
    before = liver(**NO_TUMOUR, nodularity_mm=1.2)
    assert before.surface_mm == pytest.approx(np.full(before.days.size, 1.2))
    both = liver(nodularity_mm=1.2)
    nodules = at(both, both.scars.nodules_mm)[3]
    assert at(both, both.surface_mm)[3] == pytest.approx(np.hypot(1.2, nodules))


def test_a_liver_never_holds_more_tumour_than_it_can():
    full = liver(tumour_load_pct=30.0, shrinkage_rate_per_week=0.0, growth_rate_per_week=0.06)
    volumes = tumour.volume_ml(full.course.diameter_mm).sum(axis=0)
    assert volumes.max() == pytest.approx(scarred_liver.MOST_TUMOUR * VALUES["liver_ml"])
    assert np.isfinite(full.labs.albumin_g_l).all()


def test_halving_the_step_changes_nothing_by_half_a_percent():
    once, twice = liver(**FAILING), liver(**FAILING, step_d=scarred_liver.STEP_D / 2)
    for name in ("surface_mm", "tumour_ml"):
        a, b = at(once, getattr(once, name)), at(twice, getattr(twice, name))
        assert a == pytest.approx(b, rel=0.005), name
    for name in ("scar_ml", "liver_ml", "spleen_ml", "ascites_ml", "portal_gradient_mmhg"):
        a, b = at(once, getattr(once.scars, name)), at(twice, getattr(twice.scars, name))
        assert a == pytest.approx(b, abs=0.005 * b.max()), name
    for name in ("albumin_g_l", "bilirubin_umol_l", "platelets_1e9_l", "inr"):
        a, b = at(once, getattr(once.labs, name)), at(twice, getattr(twice.labs, name))
        assert a == pytest.approx(b, rel=0.005), name


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"visits": [5.0, 10.0]}, r"^visits_d starts at 5; the first scan is on day 0\.$"),
        ({"therapy_change_months": -1.0}, r"^therapy_change_months is -1; it must be 0 to 300 months\.$"),
        ({"infiltration_pct": 70.0}, r"^infiltration_pct is 70; it must be 0 to 60 %\.$"),
        ({"step_d": 0.0}, r"^step_d is 0; it must be above 0 to 100 days\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        liver(**changes)
