"""From forces to laboratory values: limits, order, half-lives, balance of bilirubin."""

import csv
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.disease import liver_function
from liverlab.disease.liver_drivers import Drivers, grid
from liverlab.disease.liver_labs import Labs

from . import livers
from .livers import ANALYTES, LABS, VALUES, first_day, hit, respond

DONORS = Path(__file__).parents[3] / "shared" / "reference" / "labs" / "uci_hcvdat0.csv"


@pytest.mark.parametrize("key", ANALYTES)
def test_without_forces_everything_stays_typical_for_ever(key):
    labs = respond(Drivers([0.0, 400.0, 3000.0]), [0.0, 17.0, 3000.0])
    assert getattr(labs, key) == pytest.approx(np.full(3, LABS[key].typical), rel=0.02)
    assert getattr(labs, key) == pytest.approx(np.full(3, getattr(labs, key)[0]), rel=1e-9)


def test_typical_values_lie_within_the_middle_of_real_blood_donors():
    if not DONORS.is_file():
        pytest.skip("the public reference data is not beside this project")
    with DONORS.open(encoding="utf-8", newline="") as file:
        donors = [row for row in csv.DictReader(file) if row["Category"] == "0=Blood Donor"]
    columns = {
        "alt_u_l": "ALT", "ast_u_l": "AST", "alp_u_l": "ALP", "ggt_u_l": "GGT", "bilirubin_umol_l": "BIL",
        "albumin_g_l": "ALB", "creatinine_umol_l": "CREA",
    }  # fmt: skip
    for key, column in columns.items():
        found = np.array([float(row[column]) for row in donors if row[column] not in ("", "NA")])
        low, high = np.percentile(found, [20, 80])
        assert low < LABS[key].typical < high, key


def test_order_after_a_sudden_loss_of_most_of_the_liver():
    """Enzymes within hours, factor VII and INR within two days, bilirubin later, albumin hardly at all in a week."""
    days = np.arange(-1.0, 14.0, 0.05)
    labs = respond(hit(0.8, 14.0), days)
    enzymes = first_day(days, labs.alt_u_l > 10 * LABS["alt_u_l"].high)
    clotting = first_day(days, labs.inr > 1.5)
    jaundice = first_day(days, labs.bilirubin_umol_l > 2 * LABS["bilirubin_umol_l"].typical)
    albumin = first_day(days, labs.albumin_g_l < 0.9 * LABS["albumin_g_l"].typical)
    assert 0 < enzymes < clotting < 1
    assert clotting < jaundice < 7
    assert labs.inr[days < 2].max() > 2.5
    assert albumin > 3
    assert labs.albumin_g_l[np.searchsorted(days, 2.0)] > 0.94 * LABS["albumin_g_l"].typical


@settings(max_examples=20, deadline=None)
@given(kill=st.floats(0.35, 0.95))
def test_inr_moves_before_albumin_whatever_the_size_of_the_loss(kill):
    days = np.arange(-1.0, 30.0, 0.25)
    labs = respond(hit(kill, 30.0), days)
    inr = (labs.inr - 1) / (labs.inr.max() - 1)
    albumin = 1 - labs.albumin_g_l / 42
    assert first_day(days, inr > 0.5) + 2 < first_day(days, albumin > 0.5 * albumin.max())


@settings(max_examples=20, deadline=None)
@given(kill=st.floats(0.3, 0.9), decades=st.floats(1.5, 3.0))
def test_bilirubin_falls_more_slowly_than_alt_after_an_injury(kill, decades):
    """From their peaks to half of the excess: ALT within days, bilirubin later, because delta bilirubin stays."""
    days = np.arange(-1.0, 90.0, 0.25)
    blow = hit(kill, 90.0)
    stopped = np.clip(np.exp(-np.maximum(0.0, blow.days - 7.0)), 0, 1) * (blow.days > 0) * -np.expm1(-blow.days.clip(0))
    labs = respond(replace(blow, cholestasis=-np.expm1(-np.log(10) * decades * stopped)), days)

    def days_to(curve, share):
        """Days from the peak until `share` of the rise above the first day is left."""
        rise = (curve - curve[0]) / (curve.max() - curve[0])
        at = int(np.argmax(rise))
        return first_day(days[at:], rise[at:] < share) - days[at]

    assert days_to(labs.bilirubin_umol_l, 0.05) > days_to(labs.alt_u_l, 0.05)
    assert days_to(labs.bilirubin_delta_umol_l, 0.5) > 17


@pytest.mark.parametrize(
    ("key", "half_life", "unit_d"),
    [
        ("alt_u_l", "alt_half_life_h", 1 / 24),
        ("ast_u_l", "ast_half_life_h", 1 / 24),
        ("ldh_u_l", "ldh_half_life_h", 1 / 24),
        ("alp_u_l", "alp_half_life_d", 1),
        ("ggt_u_l", "ggt_half_life_d", 1),
        ("bilirubin_delta_umol_l", "delta_bilirubin_half_life_d", 1),
    ],
)
@pytest.mark.parametrize("factor", [1.0, 1.4])
def test_half_lives_come_back_once_an_injury_is_over(key, half_life, unit_d, factor):
    """Of the excess over the usual value; nothing acts from day 11 on."""
    days = grid(0.0, 150.0)
    acting = np.interp(days, [0.0, 1.0, 10.0, 11.0], [0.0, 1.0, 1.0, 0.0])
    burst = np.interp(days, [9.0, 9.5, 10.0], [0.0, 0.1, 0.0])
    drivers = Drivers(
        days, necrosis_per_day=burst, mitochondrial_share=0.0, cholestasis=0.9 * acting, tumour_load=0.2 * acting
    )
    half_d = VALUES[half_life] * factor * unit_d
    curve = getattr(respond(drivers, days, **{half_life: half_d / unit_d}), key)
    excess = curve - curve[0]
    # Delta bilirubin is still made while the conjugated pool empties.
    start = np.searchsorted(days, 20.0 if "delta" in key else 11.0)
    end = np.searchsorted(days, days[start] + 2 * half_d)
    assert excess[start] > 0.1 * curve[0]
    found = (days[end] - days[start]) * np.log(2) / np.log(excess[start] / excess[end])
    assert found == pytest.approx(half_d, rel=0.015)


def test_a_blocked_duct_raises_bilirubin_by_what_is_made_and_levels_off():
    days = np.array([0.0, 0.01, 1.0, 3.0, 5.0, 60.0, 300.0])
    labs = respond(Drivers(days, cholestasis=np.minimum(1.0, days / 0.01)), days)
    rise = np.diff(labs.bilirubin_mg_dl) / np.diff(days)
    assert 1.3 < rise[3] < rise[2] < 4.0 / 0.22 / 10  # mg/dL a day: what 4 mg/kg would do if nothing left
    assert 20 < labs.bilirubin_mg_dl[-1] < 45
    assert labs.bilirubin_mg_dl[-1] == pytest.approx(labs.bilirubin_mg_dl[-2], rel=0.25)
    direct = labs.bilirubin_conjugated_umol_l + labs.bilirubin_delta_umol_l
    assert direct[-1] > 0.9 * labs.bilirubin_umol_l[-1]


def test_bilirubin_is_conserved_where_nothing_leaves():
    """No bile, no kidneys: all that is made is found again, but for what delta bilirubin loses with albumin."""
    days = grid(0.0, 20.0, [0.0])
    closed = np.minimum(1.0, days / 0.5)
    labs = respond(Drivers(days, cholestasis=closed, kidney_share=np.maximum(0.01, 1 - closed)), days)
    after = days >= 0.5
    total, delta = labs.bilirubin_umol_l[after], labs.bilirubin_delta_umol_l[after]
    rate = np.log(2) / VALUES["delta_bilirubin_half_life_d"]
    urine = liver_function.URINE_PER_DAY * 0.01 * labs.bilirubin_conjugated_umol_l[after]
    lost = np.trapezoid(rate * delta + urine, days[after])
    made = liver_function.BILIRUBIN_MADE_UMOL_L_D * (days[-1] - 0.5)
    assert total[-1] - total[0] == pytest.approx(made - lost, rel=0.01)


@settings(max_examples=30, deadline=None)
@given(death=st.floats(0.0, 0.1), more=st.floats(0.01, 0.3), blocked=st.floats(0.0, 0.6))
def test_more_death_is_worse_everywhere_that_counts(death, more, blocked):
    days = np.arange(0.0, 20.0, 0.5)
    start = np.minimum(1.0, days / 2)
    less, worse = (
        respond(Drivers(days, death_per_day=rate * start, perfused_share=1 - blocked * start), days)
        for rate in (death, death + more)
    )
    for field in fields(Labs)[1:]:
        assert (getattr(worse, field.name) > 0).all(), field.name
    late = days > 4
    assert (worse.functional_mass_pct[late] < less.functional_mass_pct[late]).all()
    assert (worse.inr[late] > less.inr[late]).all()
    assert (worse.bilirubin_umol_l[late] > less.bilirubin_umol_l[late]).all()
    assert (worse.ammonia_umol_l[late] > less.ammonia_umol_l[late]).all()
    assert (worse.albumin_g_l[late] < less.albumin_g_l[late]).all()
    assert (worse.encephalopathy_grade >= less.encephalopathy_grade).all()


def test_failing_liver_with_normal_alt():
    """Flow is lost, cells hardly die: nothing is spilled, and yet nothing is cleared."""
    days = np.arange(0.0, 60.0)
    lost = np.minimum(0.8, days / 40)
    labs = respond(Drivers(days, perfused_share=1 - lost, cholestasis=lost), days)
    assert (labs.alt_u_l <= LABS["alt_u_l"].high).all()
    assert labs.bilirubin_umol_l[-1] > 2 * LABS["bilirubin_umol_l"].high
    assert labs.ammonia_umol_l[-1] > 2 * LABS["ammonia_umol_l"].high


def test_a_dead_liver_does_not_grow_back_and_a_halved_one_does_within_a_month():
    days = np.array([-1.0, 1.0, 30.0, 60.0])
    gone = respond(hit(1 - 1e-12, 60.0), days)
    assert (gone.living_mass_pct[1:] < 1e-3).all()
    half = respond(hit(0.5, 60.0), days).living_mass_pct
    assert half[1] == pytest.approx(53, abs=2)
    assert half[2] > 90
    assert half[3] > 99


def test_earlier_liver_disease_leaves_less_to_lose():
    days = np.array([-1.0, 2.0])
    healthy, ill = (respond(hit(0.5, 2.0), days, hepatic_reserve_pct=reserve) for reserve in (100.0, 50.0))
    assert 1.2 < ill.inr[0] < 1.7
    assert 30 < ill.albumin_g_l[0] < 35
    assert ill.alt_u_l[0] == pytest.approx(healthy.alt_u_l[0])
    assert ill.alt_u_l[1] < 0.6 * healthy.alt_u_l[1], "half a liver has half as much to spill"
    assert ill.inr[1] > healthy.inr[1] + 0.5


def test_scar_over_months_lowers_what_is_made_and_leaves_enzymes_alone():
    days = np.arange(0.0, 721.0, 30.0)
    room = np.interp(days, [0.0, 180.0, 720.0], [1.0, 0.4, 0.4])
    labs = respond(Drivers(days, room_share=room), days)
    assert labs.living_mass_pct[-1] == pytest.approx(40, abs=0.5)
    assert labs.albumin_g_l[-1] < 0.75 * labs.albumin_g_l[0]
    assert labs.albumin_g_l[2] > 0.9 * labs.albumin_g_l[0], "albumin follows over months"
    assert labs.inr[-1] > 1.5
    assert (labs.alt_u_l <= LABS["alt_u_l"].high).all()


def test_the_same_day_may_be_asked_for_twice():
    labs = respond(hit(0.5, 2.0), [0.0, 1.0, 1.0])
    assert labs.alt_u_l[1] == labs.alt_u_l[2] > labs.alt_u_l[0]


def test_large_spleen_lowers_platelets_and_nothing_else():
    days = np.array([0.0, 60.0])
    large, normal = (respond(Drivers(days, spleen_ratio=ratio), days) for ratio in (3.0, 1.0))
    assert large.platelets_1e9_l[-1] == pytest.approx(250 * 1.5 / 2.5)
    others = [field.name for field in fields(Labs) if field.name != "platelets_1e9_l"]
    assert all(np.array_equal(getattr(large, name), getattr(normal, name)) for name in others)


def test_vitamin_k_runs_out_late_and_comes_back():
    days = np.arange(0.0, 60.0)
    bile = np.where((days > 0) & (days < 40), 0.05, 1.0)
    inr = respond(Drivers(days, vitamin_k_share=bile), days).inr
    assert inr[4] < 1.1
    assert inr[39] > 1.8
    assert inr[59] < 1.2


def test_dying_tumour_releases_ldh_and_urate():
    days = grid(0.0, 10.0)
    lysis = 0.15 * np.exp(-(((days - 3) / 1.5) ** 2))
    labs = respond(Drivers(days, tumour_load=0.3, tumour_lysis_per_day=lysis), days)
    assert labs.ldh_u_l.max() > 1.3 * labs.ldh_u_l[0]
    assert labs.uric_acid_umol_l.max() > 1.3 * labs.uric_acid_umol_l[0]
    assert labs.ldh_u_l[-1] == pytest.approx(labs.ldh_u_l[0], rel=0.05)


def test_leading_axes_give_the_same_as_a_loop_and_only_the_days_asked_for():
    days = np.array([0.0, 3.0, 10.0])
    fine = grid(0.0, 10.0)
    death = np.array([[0.0], [0.1]]) * np.minimum(1, fine)
    half_lives = np.array([40.0, 55.0])
    both = respond(Drivers(fine, death_per_day=death), days, alt_half_life_h=half_lives)
    for row in range(2):
        alone = respond(Drivers(fine, death_per_day=death[row]), days, alt_half_life_h=float(half_lives[row]))
        for field in fields(Labs):
            if field.name != "days":
                assert getattr(both, field.name).shape == (2, 3)
                assert getattr(both, field.name)[row] == pytest.approx(getattr(alone, field.name)), field.name


def test_monthly_forces_mean_the_same_as_daily_ones():
    months = np.arange(0.0, 721.0, 30.0)
    shrinking = 1 - 0.5 * months / 720
    days = np.arange(0.0, 721.0)
    slow = respond(Drivers(months, perfused_share=shrinking), days)
    daily = respond(Drivers(days, perfused_share=np.interp(days, months, shrinking)), days)
    for key in ANALYTES:
        assert getattr(slow, key) == pytest.approx(getattr(daily, key), rel=1e-6), key


def test_units_of_bilirubin():
    labs = respond(Drivers([0.0]), [0.0])
    assert labs.bilirubin_mg_dl * 17.1 == pytest.approx(labs.bilirubin_umol_l)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: respond(Drivers([0.0, 1.0], cholestasis=1.2), [0.0]), r"^cholestasis is 1.2; it must be 0 to 1\.$"),
        (
            lambda: respond(Drivers([0.0, 1.0], death_per_day=[0.0, np.nan]), [0.0]),
            r"^death_per_day is nan; .*per day\.$",
        ),
        (
            lambda: respond(Drivers([0.0, 1.0], hypoxia=[0.0, 1.0, 0.0]), [0.0]),
            r"^hypoxia has shape \(3,\); .* 2 days\.$",
        ),
        (lambda: respond(Drivers([0.0, 1.0]), [2.0]), r"^days holds 2; the drivers are given for day 0 to 1\.$"),
        (lambda: respond(Drivers([0.0, 0.0, 1.0]), [1.0]), r"^days of the drivers hold one day twice; .*\.$"),
        (lambda: respond(Drivers([0.0, 9999.0]), [1.0]), r"is 9999; it must be 0 to 3650 days\.$"),
        (lambda: respond(Drivers([0.0]), [0.0], hepatic_reserve_pct=0.0), r"^hepatic_reserve_pct is 0; .*100 %\.$"),
        (lambda: respond(Drivers([0.0]), [0.0], alt_half_life_h=0.0), r"^alt_half_life_h is 0; .*above 0 hours\.$"),
        (lambda: liver_function.simulate({}, [0.0], Drivers([0.0]), LABS), r"^values has no \w+; it must be .*\.$"),
        (lambda: grid(2.0, 1.0), r"^last_d is 1; it must be at least 2 days\.$"),
        (lambda: grid(0.0, 1.0, step_d=0.0), r"^step_d is 0; it must be above 0 days\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


def test_reading_helpers_agree_with_the_clinical_scores():
    """R as the readers compute it."""
    from liverlab.reading import scores

    labs = livers.injured("drug", np.array([-1.0, 10.0]))
    theirs = scores.r_factor(labs.alt_u_l, LABS["alt_u_l"].high, labs.alp_u_l, LABS["alp_u_l"].high)
    assert livers.r_factor(labs) == pytest.approx(theirs.raw)
