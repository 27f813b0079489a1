"""The mimics: each has the pattern clinicians know, and each ends when its cause does."""

import numpy as np
import pytest

from liverlab.disease import liver_injury
from liverlab.disease.liver_drivers import Force

from . import livers
from .livers import LABS, first_day, injured, times_upper

DAYS = np.arange(-1.0, 42.0, 0.25)
ALL = tuple(liver_injury.INJURIES)
WHILE_ILL = {"ischaemic": 3.0}  # the day that shows it best; the others: day 10


def at(labs, key, day):
    return float(np.interp(day, labs.days, getattr(labs, key)))


def test_a_force_has_the_area_of_its_duration():
    days = np.linspace(-1.0, 60.0, 60_001)
    force = Force(0.3, 2.0, 5.0, 2.0)
    assert np.trapezoid(force.course(days, 1.0), days) == pytest.approx(0.3 * 5.0, rel=1e-4)
    assert force.course(np.array([0.0, 1.0]), 1.0) == pytest.approx(0.0)
    early = force.course(days, 1.0, 2.0)
    assert (early[days <= 2.0] == force.course(days, 1.0)[days <= 2.0]).all()
    assert np.trapezoid(early, days) < 0.3 * 1.0 + 1e-4


@pytest.mark.parametrize("name", ALL)
def test_nothing_before_the_onset_and_nothing_without_severity(name):
    labs, none = injured(name, DAYS, onset_d=5.0), injured(name, DAYS, severity_pct=0.0)
    for key in livers.ANALYTES:
        curve = getattr(labs, key)
        assert curve[DAYS <= 5.0] == pytest.approx(np.full((DAYS <= 5.0).sum(), curve[0]), rel=1e-6), key
        assert getattr(none, key) == pytest.approx(np.full(DAYS.size, curve[0]), rel=0.03), key


@pytest.mark.parametrize("name", ALL)
def test_ldh_stays_below_alt_in_every_mimic(name):
    """LDH over ALT, both in upper limits: 0.46 in other failure, 3.6 in small cell cancer."""
    labs = injured(name, DAYS)
    ill = (labs.alt_u_l > 1.5 * LABS["alt_u_l"].high) & (DAYS > 0)
    assert ill.any()
    assert (livers.ldh_over_alt(labs)[ill] < 0.7).all()
    tumour = livers.infiltrated(np.arange(10.0, 25.0)).labs
    assert (livers.ldh_over_alt(tumour) > 2.5).all()


@pytest.mark.parametrize("name", ["drug", "viral", "checkpoint"])
def test_hepatitis_is_hepatocellular_and_jaundice_follows_the_enzymes(name):
    labs = injured(name, DAYS)
    assert at(labs, "alt_u_l", 10) > 10 * LABS["alt_u_l"].high
    assert np.interp(10, DAYS, livers.r_factor(labs)) > 5
    assert at(labs, "alt_u_l", 10) > at(labs, "ast_u_l", 10)
    enzymes = first_day(DAYS, times_upper(labs, "alt_u_l") > 5)
    jaundice = first_day(DAYS, times_upper(labs, "bilirubin_umol_l") > 1.5)
    assert enzymes + 2 < jaundice < 30


def test_ischaemic_hepatitis_runs_its_course_in_days():
    """AST and LDH in the thousands on the first day, AST above ALT, gone within days; jaundice later."""
    labs = injured("ischaemic", DAYS)
    peak = {
        key: float(DAYS[np.argmax(getattr(labs, key))]) for key in ("ast_u_l", "alt_u_l", "ldh_u_l", "bilirubin_umol_l")
    }
    assert peak["ldh_u_l"] <= peak["ast_u_l"] <= peak["alt_u_l"] <= 1.5
    assert peak["bilirubin_umol_l"] > peak["alt_u_l"] + 2
    assert labs.ast_u_l.max() > labs.alt_u_l.max() > 50 * LABS["alt_u_l"].high
    assert labs.ldh_u_l.max() > 10 * LABS["ldh_u_l"].high
    assert 0.5 < labs.alt_u_l.max() / labs.ldh_u_l.max() < 1.5, "in viral hepatitis it is above 1.5"
    # The cytosolic part halves every 17 h, the mitochondrial part keeps the sum up longer.
    assert 0.3 < at(labs, "ast_u_l", 2) / at(labs, "ast_u_l", 1) < 0.7
    assert at(labs, "ldh_u_l", 3) < 2 * LABS["ldh_u_l"].high
    assert at(labs, "ast_u_l", 7) > at(labs, "alt_u_l", 7)
    assert 1.3 < labs.inr.max() < 3
    assert labs.creatinine_umol_l.max() > 1.5 * LABS["creatinine_umol_l"].high
    assert labs.lactate_mmol_l.max() > 4


def test_ast_falls_with_its_own_half_life_where_mitochondria_stay_whole():
    days = np.arange(0.0, 4.0, 0.25)
    injury = liver_injury.INJURIES["ischaemic"]
    whole = liver_injury.Injury(injury.label, injury.forces, mitochondrial_share=0.0)
    ast = livers.respond(liver_injury.drivers(whole, days), days).ast_u_l - LABS["ast_u_l"].typical
    assert ast[12] / ast[8] == pytest.approx(0.5 ** (24 / 17), rel=0.03)


def test_viral_hepatitis_has_little_ldh():
    labs = injured("viral", DAYS)
    assert (labs.alt_u_l[DAYS > 3] / labs.ldh_u_l[DAYS > 3]).max() > 1.5


def test_an_obstructed_duct_is_cholestatic_and_its_inr_is_late():
    labs = injured("obstruction", DAYS)
    assert np.interp(10, DAYS, livers.r_factor(labs)) <= 2
    assert 2 < at(labs, "alp_u_l", 14) / LABS["alp_u_l"].high < 5
    assert at(labs, "ggt_u_l", 14) > 4 * LABS["ggt_u_l"].high
    direct = labs.bilirubin_conjugated_umol_l + labs.bilirubin_delta_umol_l
    assert np.interp(7, DAYS, direct / labs.bilirubin_umol_l) > 0.8
    assert at(labs, "inr", 4) < 1.2 < 1.5 < at(labs, "inr", 28)
    assert labs.encephalopathy_grade.max() == 0


def test_sepsis_is_jaundice_out_of_proportion():
    labs = injured("sepsis", DAYS)
    assert at(labs, "bilirubin_umol_l", 14) > 4 * LABS["bilirubin_umol_l"].high
    assert at(labs, "alt_u_l", 14) < 4 * LABS["alt_u_l"].high
    assert at(labs, "platelets_1e9_l", 14) < LABS["platelets_1e9_l"].low
    assert at(labs, "lactate_mmol_l", 2) > LABS["lactate_mmol_l"].high
    assert at(labs, "functional_mass_pct", 14) > 95


def test_budd_chiari_takes_flow_more_than_cells():
    labs = injured("budd_chiari", DAYS)
    assert at(labs, "functional_mass_pct", 5) < 65 < 85 < at(labs, "living_mass_pct", 5)
    assert at(labs, "alt_u_l", 5) > 10 * LABS["alt_u_l"].high
    assert at(labs, "platelets_1e9_l", 28) < at(labs, "platelets_1e9_l", 0)


@pytest.mark.parametrize("name", ALL)
def test_everything_comes_back_once_the_cause_is_gone_albumin_and_bilirubin_last(name):
    days = np.array([-1.0, 10.0, 300.0])
    labs = injured(name, days, ended_d=10.0)
    for key in livers.ANALYTES:
        curve = getattr(labs, key)
        assert curve[-1] == pytest.approx(curve[0], rel=0.02), key


@pytest.mark.parametrize("name", ALL)
def test_halving_the_steps_changes_nothing_that_matters(name, monkeypatch):
    days = np.arange(-1.0, 30.0)
    usual = injured(name, days)
    monkeypatch.setattr(liver_injury, "grid", lambda *at: livers.grid(*at, step_d=0.125))
    finer = injured(name, days)
    for key in livers.ANALYTES:
        assert getattr(usual, key) == pytest.approx(getattr(finer, key), rel=0.005), key


def test_many_patients_at_once():
    days = np.arange(0.0, 20.0)
    both = injured("drug", days, severity_pct=np.array([50.0, 100.0]), ended_d=np.array([5.0, np.inf]))
    alone = injured("drug", days, severity_pct=50.0, ended_d=5.0)
    assert both.alt_u_l.shape == (2, 20)
    assert both.alt_u_l[0] == pytest.approx(alone.alt_u_l, rel=2e-3)
    assert both.alt_u_l[1, -1] > 3 * both.alt_u_l[0, -1]


def test_cell_death_and_cholestasis_have_scales_of_their_own():
    days = np.arange(0.0, 20.0)
    usual = injured("drug", days)
    half = injured("drug", days, force_pct={"necrosis_per_day": 50.0})
    assert (half.alt_u_l[5:] < 0.7 * usual.alt_u_l[5:]).all()
    assert half.bilirubin_umol_l[5:] == pytest.approx(usual.bilirubin_umol_l[5:], rel=0.6)
    open_ducts = injured("drug", days, force_pct={"cholestasis": 0.0})
    assert open_ducts.alt_u_l == pytest.approx(usual.alt_u_l)
    assert open_ducts.bilirubin_umol_l.max() < 0.3 * usual.bilirubin_umol_l.max()
    same = injured("drug", days, severity_pct=40.0, force_pct={"necrosis_per_day": 40.0, "cholestasis": 40.0})
    assert same.alt_u_l == pytest.approx(injured("drug", days, severity_pct=40.0).alt_u_l)


@pytest.mark.parametrize("name", ALL)
def test_a_course_of_an_injury_has_no_tumour_and_the_same_laboratory(name):
    days = np.arange(-10.0, 30.0)
    values = {**livers.VALUES, "injury_onset_d": -5.0}
    one = liver_injury.course(liver_injury.INJURIES[name], values, days, LABS)
    labs = injured(name, days, onset_d=-5.0)
    for key in livers.ANALYTES:
        assert getattr(one.labs, key) == pytest.approx(getattr(labs, key)), key
    assert (one.occupancy == 0).all()
    assert one.nse_ug_l == pytest.approx(np.full(days.size, LABS["nse_ug_l"].typical))
    assert (one.blocked.max() > 0.2) == (name == "budd_chiari")
    assert (one.ascites_ml.max() > 100) == (name == "budd_chiari")
    cured = liver_injury.course(liver_injury.INJURIES[name], values, days, LABS, ended_d=2.0)
    assert cured.labs.bilirubin_umol_l[-1] <= one.labs.bilirubin_umol_l[-1] + 1e-9


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"severity_pct": 400.0}, r"^severity_pct is 400; it must be 0 to 300 %\.$"),
        ({"onset_d": np.nan}, r"^onset_d is nan; it must be .* days\.$"),
        ({"force_pct": {"luck": 50.0}}, r"^force_pct names 'luck'; it must be one of necrosis_per_day, cholestasis\.$"),
        ({"ended_d": np.nan}, r"^ended_d is nan; it must be a day, or infinite if the cause stays\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(how, sentence):
    with pytest.raises(ValueError, match=sentence):
        injured("drug", np.array([0.0, 1.0]), **how)
