"""Scar, nodules and portal pressure: what rises, what falls, how fast, and that nothing happens by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.disease import scar, tumour

VALUES = {key: parameter.value for key, parameter in evidence.load().parameters.items()}
VALUES["nodule_amplitude_mm"] = 1.0
DAYS = np.arange(0.0, 731.0, 5.0)
SHRINKING = 30.0 * np.exp(-DAYS / 90.0)
GROWING = 10.0 * np.exp(DAYS / 500.0)
YEAR = ((0.0, 365.0, 1.0),)


def course(diameter_mm=SHRINKING, gap_mm=0.0, exposures=(), days=DAYS, **changes):
    sizes = np.atleast_2d(diameter_mm)
    return scar.simulate({**VALUES, **changes}, days, sizes, np.full(sizes.shape[-2], gap_mm), exposures)


def test_without_tumour_and_drug_the_liver_stays_smooth_for_ever():
    century = np.arange(0.0, 36525.0, 365.0)
    calm = scar.simulate(VALUES, century, np.zeros((3, century.size)), np.zeros(3))
    assert (calm.retraction_mm == 0).all()
    for name in ("nodules_mm", "scar_ml", "ascites_ml", "collaterals", "varices", "portal_vein_mm"):
        assert (getattr(calm, name) == 0).all(), name
    assert calm.liver_ml == pytest.approx(1500.0)
    assert calm.spleen_ml == pytest.approx(VALUES["spleen_ml"])
    assert calm.portal_gradient_mmhg == pytest.approx(VALUES["portal_gradient_mmhg"])
    none = scar.simulate(VALUES, DAYS, np.zeros((0, DAYS.size)), np.zeros(0))
    assert none.retraction_mm.shape == (0, DAYS.size)
    assert (none.scar_ml == 0).all()


def test_a_stable_lesion_leaves_no_scar_and_shrinking_and_growing_ones_do():
    assert (course(np.full(DAYS.size, 30.0)).retraction_mm == 0).all()
    assert course().retraction_mm[0, -1] > 8
    assert 0 < course(GROWING).retraction_mm[0, -1] < 5
    assert (course(GROWING, desmoplasia_pct=0.0).retraction_mm == 0).all()


def test_retraction_follows_shrinkage_with_the_published_time_constant():
    """A lesion that vanishes between two days: 63 % of the retraction after one time constant, within 1 to 3 months."""
    days = np.concatenate([[0.0, 0.01], np.arange(1.0, 400.0)])
    gone = course(np.where(days > 0, 0.0, 20.0), days=days)
    full = VALUES["scar_share_pct"] / 100 * 20.0
    at = VALUES["scar_time_constant_d"]
    assert 30 <= at <= 90
    assert np.interp(at, days, gone.retraction_mm[0]) == pytest.approx(full * (1 - np.exp(-1)), rel=1e-3)
    assert gone.retraction_mm[0, -1] == pytest.approx(full, rel=0.01)


def test_a_deep_lesion_pulls_less_on_the_capsule_but_scars_as_much():
    near, far = course(gap_mm=0.0), course(gap_mm=20.0)
    assert far.retraction_mm[0, -1] == pytest.approx(np.exp(-2) * near.retraction_mm[0, -1])
    assert far.scar_ml == pytest.approx(near.scar_ml)
    assert near.retraction_width_mm[0] == pytest.approx(np.full(DAYS.size, 10.5))


def test_nodules_rise_under_the_drug_and_recede_within_half_a_year_of_stopping():
    nodules = course(exposures=YEAR).nodules_mm
    stop = int(np.searchsorted(DAYS, 365.0))
    assert (np.diff(nodules[: stop + 1]) > 0).all()
    assert (np.diff(nodules[stop + 1 :]) < 0).all()
    # Founding case: nodular after some six months of chemotherapy, much improved six months after the change.
    assert np.interp(180, DAYS, nodules) > 0.85
    assert np.interp(365 + 180, DAYS, nodules) < 0.15 * nodules.max()
    # Scar stays, nodules go: the two mechanisms part when therapy changes.
    both = course(exposures=YEAR)
    assert both.retraction_mm[0, -1] == both.retraction_mm[0].max()


@given(st.floats(1, 400), st.floats(1, 300), st.floats(0.1, 2), st.floats(30, 180))
def test_nodules_solve_their_equation(start, length, strength, tau):
    step = 0.01
    days = np.linspace(start - 1, start + length + 300, 400)
    found = scar.nodules_mm(days, [(start, start + length, strength)], 1.3, tau)
    later = scar.nodules_mm(days + step, [(start, start + length, strength)], 1.3, tau)
    exposure = strength * ((days > start) & (days < start + length))
    away = (np.abs(days - start) > 2 * step) & (np.abs(days - start - length) > 2 * step)
    assert ((later - found) / step)[away] == pytest.approx(((1.3 * exposure - found) / tau)[away], abs=2e-4)


def test_fine_nodules_at_unchanged_volume_and_coarse_with_volume_loss_are_both_in_reach():
    fine = course(np.zeros(DAYS.size), exposures=YEAR, nodule_amplitude_mm=0.6)
    assert fine.liver_ml == pytest.approx(1500.0)
    assert 0.5 < fine.nodules_mm.max() <= 0.6
    many = np.repeat(35.0 * np.exp(-DAYS / 90.0)[None], 20, axis=0)
    coarse = course(many, exposures=YEAR, nodule_amplitude_mm=2.0, regeneration_pct=0.0)
    assert coarse.liver_ml[-1] < 0.8 * 1500.0
    assert coarse.nodules_mm.max() > 1.9
    kept = course(many, regeneration_pct=100.0)
    assert kept.liver_ml[-1] == pytest.approx(1500.0, rel=0.01)


def test_a_response_can_decompensate():
    """Tumour falls by more than nine tenths while pressure, spleen, ascites and varices rise."""
    many = np.repeat(40.0 * np.exp(-DAYS / 60.0)[None], 20, axis=0)
    ill = course(many, exposures=((0.0, np.inf, 1.5),))
    assert tumour.volume_ml(many[:, -1]).sum() < 0.1 * tumour.volume_ml(many[:, 0]).sum()
    assert ill.portal_gradient_mmhg[-1] > 15
    assert ill.ascites_ml[-1] > 2000
    assert ill.spleen_ml[-1] > 314  # upper limit of normal
    assert ill.varices[-1] >= 2
    assert (np.diff(ill.varices) >= 0).all()


def test_wedge_pressure_misses_nodules_and_not_scar():
    nodules = course(np.zeros(DAYS.size), exposures=YEAR)
    rise, shown = (getattr(nodules, name).max() - 4.0 for name in ("portal_gradient_mmhg", "hvpg_mmhg"))
    assert shown == pytest.approx((1 - VALUES["presinusoidal_pct"] / 100) * rise)
    assert rise > 5 > shown
    only_scar = course()
    assert only_scar.hvpg_mmhg == pytest.approx(only_scar.portal_gradient_mmhg)


def test_a_block_before_the_sinusoids_gives_varices_with_little_fluid():
    nodules = course(np.zeros(DAYS.size), exposures=((0.0, np.inf, 3.0),))
    scarred = course(np.repeat(60.0 * np.exp(-DAYS / 60.0)[None], 12, axis=0), atrophy_pct=0.0)
    assert nodules.varices[-1] >= scarred.varices[-1] >= 2
    assert nodules.ascites_ml[-1] < 0.2 * scarred.ascites_ml[-1]


def test_low_albumin_brings_ascites_at_a_pressure_that_otherwise_does_not():
    level = np.full(DAYS.size, 8.0)
    dry, wet = (scar.portal_consequences(DAYS, level, level, 200.0, albumin)[1][-1] for albumin in (40.0, 25.0))
    assert dry == 0 < 400 < wet


@settings(max_examples=40, deadline=None)
@given(st.floats(5, 60), st.floats(-1, 1), st.integers(1, 8), st.floats(0, 2), st.floats(0, 40))
def test_nothing_is_negative_and_more_scar_means_more_pressure(size, rate, count, strength, gap):
    sizes = np.repeat(np.clip(size * np.exp(rate * DAYS / 365.0), 0, 150)[None], count, axis=0)
    less = course(sizes, gap, ((0.0, 300.0, strength),))
    more = course(sizes, gap, ((0.0, 300.0, strength),), scar_share_pct=80.0, desmoplasia_pct=20.0)
    for name in ("retraction_mm", "nodules_mm", "scar_ml", "liver_ml", "spleen_ml", "ascites_ml", "collaterals"):
        assert (getattr(less, name) >= 0).all(), name
    assert (more.portal_gradient_mmhg >= less.portal_gradient_mmhg - 1e-9).all()
    assert (more.ascites_ml >= less.ascites_ml - 1e-9).all()
    assert (less.hvpg_mmhg <= less.portal_gradient_mmhg + 1e-9).all()
    assert (less.collaterals <= 1).all()


def test_halving_the_step_changes_nothing_by_half_a_percent():
    fine = np.arange(0.0, 731.0, 2.5)
    once, twice = (
        course(np.repeat(35.0 * np.exp(-days / 90.0)[None], 20, axis=0), exposures=YEAR, days=days)
        for days in (DAYS, fine)
    )
    for name in ("scar_ml", "nodules_mm", "liver_ml", "portal_gradient_mmhg", "spleen_ml", "ascites_ml", "collaterals"):
        a, b = getattr(once, name), getattr(twice, name)[::2]
        assert a == pytest.approx(b, abs=0.005 * np.abs(b).max()), name


def test_diffuse_tumour_scars_the_liver_without_a_dimple():
    share = 0.3 * np.exp(-DAYS / 90.0)
    diffuse = scar.simulate(VALUES, DAYS, np.zeros((1, DAYS.size)), np.zeros(1), infiltration=share)
    assert diffuse.scar_ml[-1] == pytest.approx(0.4 * 0.3 * 1500.0, rel=0.01)
    assert (diffuse.retraction_mm == 0).all()
    assert diffuse.portal_gradient_mmhg[-1] > 10


def test_many_patients_at_once_give_the_same_as_one_by_one():
    share, amplitude = np.array([20.0, 60.0]), np.array([0.5, 2.0])
    sizes = np.stack([np.stack([SHRINKING, GROWING]), np.stack([GROWING, SHRINKING])])
    gaps = np.array([[0.0, 5.0], [3.0, 0.0]])
    values = {**VALUES, "scar_share_pct": share, "nodule_amplitude_mm": amplitude, "scar_time_constant_d": share + 20}
    many = scar.simulate(values, DAYS, sizes, gaps, YEAR, liver_ml=np.array([1400.0, 1600.0]))
    assert many.retraction_mm.shape == (2, 2, DAYS.size)
    for row in range(2):
        one = {key: value[row] if isinstance(value, np.ndarray) else value for key, value in values.items()}
        alone = scar.simulate(one, DAYS, sizes[row], gaps[row], YEAR, liver_ml=(1400.0, 1600.0)[row])
        for name in scar.Scars.__dataclass_fields__:
            if name != "days":
                assert getattr(many, name)[row] == pytest.approx(getattr(alone, name)), name


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: course(scar_share_pct=-1.0), r"^scar_share_pct is -1; it must be 0 to 100 %\.$"),
        (lambda: course(gap_mm=-2.0), r"^gap_mm is -2; it must be 0 to 1000 mm\.$"),
        (lambda: course(np.full(DAYS.size, np.nan)), r"^diameter_mm is nan; it must be 0 to 1000 mm\.$"),
        (lambda: course(np.ones((2, 3))), r"^diameter_mm has shape \(2, 3\); it must end in \(lesions, 147 days\)\.$"),
        (lambda: course(days=DAYS[::-1]), r"^days goes from 730 back to 725; days must not decrease\.$"),
        (lambda: course(exposures=[(9.0, 3.0, 1.0)]), r"^exposures holds a course from day 9 to 3; it must end after"),
        (lambda: scar.simulate({}, DAYS, np.ones((1, DAYS.size)), [0.0]), r"^values has no scar_share_pct; "),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
