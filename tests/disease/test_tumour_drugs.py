"""Drugs and doses: the closed form against steps, dose and effect, no drug, many patients, bad input."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.disease import tumour
from liverlab.disease import tumour_drugs as drugs

QUICK = settings(max_examples=30, deadline=None)
DOCETAXEL, CAPECITABINE = drugs.BRUNO_DOCETAXEL, drugs.BRUNO_CAPECITABINE
DAYS = np.arange(0.0, 365.0, 7.0)


def bruno(day=DAYS, capecitabine_g=2.125, docetaxel_mg=127.5, growth=drugs.BRUNO_GROWTH_PER_WEEK, count=18):
    return drugs.kpd(
        day,
        growth,
        [
            (DOCETAXEL, *drugs.cycles(docetaxel_mg, count)),
            (CAPECITABINE, *drugs.cycles(capecitabine_g, count, on_d=14, per_day=2)),
        ],
    )


def test_doses_fall_on_the_days_of_the_protocol():
    day, dose = drugs.cycles(2.0, 2, on_d=14, per_day=2)
    assert day.size == dose.size == 56
    assert day[:3].tolist() == [0.0, 0.5, 1.0]
    assert day[27:29].tolist() == [13.5, 21.0]
    assert drugs.cycles(100.0, 3)[0].tolist() == [0.0, 21.0, 42.0]


@QUICK
@given(
    gaps=st.lists(st.floats(0.0, 40.0), min_size=1, max_size=8),
    doses=st.lists(st.floats(0.0, 200.0), min_size=8, max_size=8),
    leave=st.floats(0.01, 5.0),
    fade=st.floats(0.0, 0.5),
    kill=st.floats(0.0, 0.01),
)
def test_the_closed_form_is_what_fine_steps_approach(gaps, doses, leave, fade, kill):
    drug = drugs.KpdDrug(kill, leave, fade)
    dose_day = np.cumsum(gaps)
    dose = np.array(doses[: dose_day.size])
    day = np.array([0.0, 10.0, 200.0, 400.0])
    # The virtual compartment, dose by dose, integrated by the midpoint rule.
    fine = (np.arange(80_000) + 0.5) * (400.0 / 80_000)
    since = fine[:, None] - dose_day
    flow = np.where(since >= 0, leave / 7 * np.exp(-leave / 7 * np.maximum(since, 0.0)), 0.0) @ dose
    taken = np.concatenate([[0.0], np.cumsum(kill * flow * np.exp(-fade / 7 * fine)) * (400.0 / 80_000)])
    stepped = np.interp(day, np.arange(80_001) * (400.0 / 80_000), taken)
    exact = drugs.kpd_log_kill(day, drug, dose_day, dose)
    assert exact == pytest.approx(stepped, rel=3e-3, abs=3e-3)
    assert (np.diff(exact) >= -1e-12).all()


def test_in_the_end_a_drug_that_does_not_fade_has_killed_its_whole_dose():
    drug = drugs.KpdDrug(0.002, 0.5, 0.0)
    assert drugs.kpd_log_kill([5000.0], drug, [0.0, 30.0], [100.0, 50.0]) == pytest.approx([0.3])


def test_no_drug_is_untreated_growth():
    grown = tumour.exponential(DAYS, tumour.per_day(drugs.BRUNO_GROWTH_PER_WEEK))
    assert bruno(capecitabine_g=0.0, docetaxel_mg=0.0) == pytest.approx(grown)
    assert drugs.kpd(DAYS, drugs.BRUNO_GROWTH_PER_WEEK, []) == pytest.approx(grown)
    # Before the first dose nothing has happened either; on its day neither.
    late = [(DOCETAXEL, *(np.array([50.0]), np.array([1000.0])))]
    assert drugs.kpd([0.0, 49.0, 50.0, 51.0], 0.0, late)[:3] == pytest.approx(np.ones(3))
    assert drugs.kpd([51.0], 0.0, late) < 1.0


@QUICK
@given(low=st.floats(0.0, 3.0), more=st.floats(0.01, 3.0))
def test_more_drug_never_leaves_more_tumour(low, more):
    less, much = bruno(capecitabine_g=low), bruno(capecitabine_g=low + more)
    assert (much <= less * (1 + 1e-12)).all()
    assert much[3] < less[3]
    assert (much > 0).all()


def test_a_population_gives_the_same_as_one_patient_after_the_other():
    rng = np.random.default_rng(4)
    growth, kill = rng.uniform(0.0, 0.02, 5), rng.uniform(0.0, 0.004, (3, 5))
    doses = drugs.cycles(127.5, 6)
    many = drugs.kpd(DAYS, growth, [(replace(DOCETAXEL, kill_per_unit=kill), *doses)])
    assert many.shape == (3, 5, DAYS.size)
    one = drugs.kpd(DAYS, growth[4], [(replace(DOCETAXEL, kill_per_unit=kill[1, 4]), *doses)])
    assert many[1, 4] == pytest.approx(one, rel=1e-12)
    faded = drugs.kpd_log_kill(DAYS, replace(DOCETAXEL, resistance_per_week=np.array([0.0, 0.045, 0.5])), *doses)
    assert (np.diff(faded[:, -1]) < 0).all()


# Sunitinib
def test_hansson_without_drug_kills_nothing_and_saturates_in_the_proteins_only():
    assert drugs.hansson_kill_per_week(0.0) == 0.0
    low, high = drugs.hansson_kill_per_week(np.array([100.0, 200.0]))
    assert high - low == pytest.approx(100.0 * drugs.HANSSON.exposure_kill_per_week, rel=1e-2)
    assert drugs.hansson_kill_per_week(1.0, replace(drugs.HANSSON, exposure_kill_per_week=0.0)) == pytest.approx(
        0.5 * (0.00282 + 0.0371)
    )


def test_uptake_falls_to_its_steady_state_and_starts_slowly():
    day = np.array([0.0, 1e-3, 7.0, 30.0, 3000.0])
    course = drugs.schindler_suv(day, 1.0)
    assert course[0] == 1.0
    assert (np.diff(course) <= 0).all()
    # Nothing at first: the exposure that acts lags behind the one in blood.
    assert course[1] == pytest.approx(1.0, abs=1e-7)
    assert course[-1] == pytest.approx(1.0 / (1.0 + drugs.SCHINDLER.suv_effect), rel=1e-9)
    assert drugs.schindler_suv(day, 0.0) == pytest.approx(np.ones(5))


@QUICK
@given(exposure=st.floats(0.0, 10.0), day=st.floats(0.0, 400.0))
def test_uptake_solves_its_equation(exposure, day):
    step = 1e-3
    before, now, after = drugs.schindler_suv(np.array([day, day + step, day + 2 * step]), exposure)
    model = drugs.SCHINDLER
    acting = exposure * -np.expm1(-np.log(2.0) / (50.0 / 24.0) * (day + step))
    turnover = tumour.per_day(model.suv_turnover_per_week)
    expected = turnover - turnover * (1.0 + model.suv_effect * acting) * now
    assert (after - before) / (2 * step) == pytest.approx(expected, abs=1e-6)


def test_uptake_of_a_population():
    effect = np.array([0.5, 0.94569, 2.0])
    many = drugs.schindler_suv(np.array([[0.0], [7.0]]), 1.0, replace(drugs.SCHINDLER, suv_effect=effect))
    assert many.shape == (2, 3)
    assert many[1, 1] == pytest.approx(drugs.schindler_suv(7.0, 1.0))


def test_less_uptake_after_a_week_means_longer_survival():
    none, fall = drugs.schindler_median_survival_weeks(np.array([0.0, -0.2268]))
    assert none == pytest.approx(np.log(2) / 0.01903)
    assert fall / none == pytest.approx(np.exp(5.3558 * 0.2268))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: drugs.cycles(-1.0, 3), r"^dose is -1; it must be at least 0\.$"),
        (lambda: drugs.cycles(1.0, 0), r"^count is 0; it must be 1 to 10000\.$"),
        (lambda: drugs.cycles(1.0, 2, on_d=30), r"^on_d is 30; it must be 1 to 21\.$"),
        (lambda: drugs.cycles(1.0, 2, per_day=1.5), r"^per_day is 1\.5; it must be a whole number\.$"),
        (lambda: drugs.kpd([], 0.1, []), r"^day has shape \(0,\); it must be one list of at least one day\.$"),
        (lambda: drugs.kpd([1.0], -0.1, []), r"^growth_per_week is -0\.1; it must be at least 0 per week\.$"),
        (
            lambda: drugs.kpd_log_kill([1.0], DOCETAXEL, [-1.0], [1.0]),
            r"^dose_day is -1; it must be at least 0 days\.$",
        ),
        (
            lambda: drugs.kpd_log_kill([1.0], DOCETAXEL, [3.0, 1.0], [1.0, 1.0]),
            r"^dose_day goes from 3 back to 1; days must not decrease\.$",
        ),
        (
            lambda: drugs.kpd_log_kill([1.0], DOCETAXEL, [0.0, 1.0], [1.0]),
            r"^dose has shape \(1,\); its last axis must be the 2 days of dose_day\.$",
        ),
        (
            lambda: drugs.kpd_log_kill([1.0], replace(DOCETAXEL, elimination_per_week=0.0), [0.0], [1.0]),
            r"^elimination_per_week is 0; it must be above 0\.$",
        ),
        (
            lambda: drugs.hansson_kill_per_week(float("nan")),
            r"^exposure_mg_h_l is nan; it must be at least 0 mg h/L\.$",
        ),
        (lambda: drugs.schindler_suv(-1.0, 1.0), r"^day is -1; it must be at least 0 days\.$"),
        (lambda: drugs.schindler_median_survival_weeks(-1.5), r"^suv_change is -1\.5; it must be at least -1\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
