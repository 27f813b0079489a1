"""Calcium: follows death, lags, never leaves faster than it is resorbed, and its pattern keeps the mean."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.disease import calcium

VALUES = {key: parameter.value for key, parameter in evidence.load().parameters.items()}
DAYS = np.arange(0.0, 1001.0, 5.0)
DYING = 1 - np.exp(-DAYS / 30.0)


def mg_ml(dead=DYING, mucin=0.0, days=DAYS, volume=1.0, **changes):
    return calcium.simulate({**VALUES, **changes}, days, np.atleast_2d(dead), mucin, volume)[0]


def test_a_living_lesion_without_mucin_never_calcifies():
    assert (mg_ml(np.zeros(DAYS.size)) == 0).all()
    assert (mg_ml(np.full(DAYS.size, 0.5)) == 0).all()


def test_calcium_follows_death_after_months_and_outlives_regrowth():
    found = mg_ml()
    assert (found >= 0).all()
    at = {day: np.interp(day, DAYS, found) for day in (30, 90, 365)}
    assert at[30] < 0.2 * 150 < at[90] < at[365] <= 150
    assert DAYS[np.argmax(found)] > 300
    back = mg_ml(np.where(DAYS < 200, DYING, 0.0))
    assert back[-1] > 0.6 * found[-1]


def test_all_that_dies_is_accounted_for():
    """Without resorption the calcium of dead tissue ends at its share, whatever the pace."""
    for tau in (15.0, 90.0):
        found = mg_ml(0.6 * DYING, calcium_time_constant_d=tau, calcium_half_life_d=1e6)
        assert found[-1] == pytest.approx(0.6 * 150.0, rel=2e-3)


@settings(max_examples=20, deadline=None)
@given(st.floats(20, 300), st.floats(200, 3000), st.floats(0, 1))
def test_the_two_stages_solve_their_equations(tau, half_life, mucin):
    """c' = kd u' + km mucin - kr c with u' = (dead - u) / tau, by small steps."""
    fine = np.linspace(0.0, 400.0, 4001)
    dead = np.interp(fine, [0.0, 100.0, 200.0, 400.0], [0.0, 0.5, 0.5, 0.9])
    found = mg_ml(dead, mucin, fine, calcium_time_constant_d=tau, calcium_half_life_d=half_life)
    resorb, step = np.log(2) / half_life, fine[1]
    u, c, stepped = 0.0, 0.0, [0.0]
    for share in (dead[1:] + dead[:-1]) / 2:
        rate = (share - u) / tau
        u, c = u + step * rate, c + step * (150.0 * rate + 60.0 / calcium.DAYS_PER_YEAR * mucin - resorb * c)
        stepped.append(c)
    assert found == pytest.approx(np.array(stepped), abs=0.05)


def test_equal_rates_are_no_trap():
    same = mg_ml(calcium_time_constant_d=300.0, calcium_half_life_d=300.0 * np.log(2))
    near = mg_ml(calcium_time_constant_d=300.3, calcium_half_life_d=300.0 * np.log(2))
    assert np.isfinite(same).all()
    assert same == pytest.approx(near, rel=0.01, abs=0.01)


def test_mucin_calcifies_without_death_and_resorption_halves_what_was_there():
    year = mg_ml(np.zeros(DAYS.size), mucin=1.0, calcium_half_life_d=1e6)
    assert np.interp(calcium.DAYS_PER_YEAR, DAYS, year) == pytest.approx(60.0, rel=1e-3)
    old = mg_ml(np.zeros(DAYS.size), calcium_start_mg_ml=80.0, calcium_half_life_d=500.0)
    assert np.interp(500.0, DAYS, old) == pytest.approx(40.0)
    assert mg_ml(calcium_start_mg_ml=1190.0).max() == calcium.SOLID_MG_ML


@given(st.floats(0.01, 50), st.floats(0, 0.9))
def test_calcium_stays_when_the_lesion_changes_its_size(volume, dead):
    """Amount = concentration x volume: shrinkage condenses it, growth dilutes it, up to solid mineral."""
    course = np.geomspace(1.0, volume, DAYS.size)
    same, changed = (mg_ml(dead * DYING, volume=v, calcium_start_mg_ml=30.0) for v in (1.0, course))
    assert changed == pytest.approx(np.minimum(same / course, calcium.SOLID_MG_ML))


def test_a_lesion_that_grows_without_dying_becomes_poorer_in_calcium():
    found = mg_ml(np.zeros(DAYS.size), volume=1.0 + DAYS / 100.0, calcium_start_mg_ml=80.0)
    assert (np.diff(found) < 0).all()


def test_many_patients_at_once_give_the_same_as_one_by_one():
    values = {
        **VALUES,
        "calcium_necrosis_mg_ml": np.array([50.0, 200.0]),
        "calcium_time_constant_d": np.array([60.0, 120.0]),
    }
    dead = np.stack([DYING, DYING**2, 0.3 * DYING])
    many = calcium.simulate(values, DAYS, dead, np.array([0.0, 0.5, 1.0]))
    assert many.shape == (2, 3, DAYS.size)
    for row in range(2):
        one = {key: value[row] if isinstance(value, np.ndarray) else value for key, value in values.items()}
        assert many[row] == pytest.approx(calcium.simulate(one, DAYS, dead, np.array([0.0, 0.5, 1.0])))


@given(st.floats(0, 1200), st.sampled_from(list(calcium.PATTERNS)))
def test_a_pattern_keeps_the_mean_and_packs_no_more_than_solid_mineral(mean, pattern):
    share, local = calcium.in_the_grains(mean, pattern)
    assert share * local == pytest.approx(mean)
    assert calcium.PATTERNS[pattern].share <= share <= 1
    assert mean - 1e-9 <= local <= calcium.SOLID_MG_ML + 1e-9


def test_the_same_mean_is_denser_in_points_than_in_clouds():
    local = {name: calcium.in_the_grains(20.0, name)[1] for name in calcium.PATTERNS}
    assert local["punctate"] > local["linear"] > local["rim"] > local["amorphous"] > local["solid"]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: mg_ml(np.full(DAYS.size, 1.1)), r"^dead_share is 1.1; it must be 0 to 1\.$"),
        (lambda: mg_ml(np.zeros(3)), r"^dead_share has shape \(1, 3\); its last axis must be the 201 days\.$"),
        (lambda: mg_ml(mucin=-0.1), r"^mucin_share is -0.1; it must be 0 to 1\.$"),
        (lambda: mg_ml(calcium_half_life_d=0.0), r"^calcium_half_life_d is 0; "),
        (lambda: mg_ml(volume=0.0), r"^relative_volume is 0; it must be above 0 to 1e\+06\.$"),
        (lambda: calcium.in_the_grains(5.0, "eggshell"), r"^pattern is 'eggshell'; it must be one of punctate, "),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
