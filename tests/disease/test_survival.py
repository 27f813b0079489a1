"""Survival: distributions agree with themselves, published effects point the right way, bad input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.disease import survival

DISTRIBUTIONS = [survival.LogNormal(15.0), survival.LogNormal(8.0, 1.4), survival.Exponential(7.9)]


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_everybody_lives_at_first_half_at_the_median_nobody_for_ever(distribution):
    months = np.linspace(0.0, 400.0, 200)
    alive = distribution.survival(months)
    assert alive[0] == 1.0
    assert (np.diff(alive) < 0).all()
    assert distribution.survival(distribution.median_months) == pytest.approx(0.5)
    assert distribution.survival(1e6) < 1e-12


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_the_quantile_undoes_the_survival(distribution):
    dead = np.array([0.01, 0.25, 0.5, 0.9, 0.999])
    assert distribution.survival(distribution.quantile(dead)) == pytest.approx(1.0 - dead, rel=1e-9)
    assert distribution.quantile(0.0) == 0.0
    assert distribution.quantile(1.0) == np.inf


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_draws_follow_the_distribution(distribution):
    drawn = distribution.sample(np.random.default_rng(7), 100_000)
    for months in (2.0, 8.0, 30.0):
        assert (drawn > months).mean() == pytest.approx(distribution.survival(months), abs=0.008)


def test_medians_of_a_population_broadcast():
    medians = np.array([5.0, 10.0, 20.0])
    for distribution in (survival.LogNormal(medians), survival.Exponential(medians)):
        assert distribution.survival(np.array([[5.0], [10.0]])).shape == (2, 3)
        assert distribution.survival(medians) == pytest.approx(np.full(3, 0.5))
        assert distribution.sample(np.random.default_rng(1)).shape == (3,)


@settings(max_examples=40, deadline=None)
@given(size=st.floats(10.0, 520.0), change=st.floats(-1.0, 1.0), more=st.floats(0.05, 1.0))
def test_a_large_or_growing_tumour_a_poor_state_and_more_sites_shorten_life(size, change, more):
    median = survival.bruno(size, change).median_months
    assert survival.bruno(size, change + more).median_months < median
    assert survival.bruno(size + 10 * more, change).median_months < median
    assert survival.bruno(size, change, ecog=1).median_months < median
    assert survival.bruno(size, change, more_than_one_site=False).median_months > median
    assert survival.bruno(size, change, later_study=False).median_months < median


def test_bruno_takes_a_population():
    medians = survival.bruno(np.array([50.0, 150.0]), np.array([[-0.3], [0.3]]), ecog=np.array([0, 1])).median_months
    assert medians.shape == (2, 2)
    assert medians[0, 1] == pytest.approx(survival.bruno(150.0, -0.3, ecog=1).median_months)


def test_a_steady_tumour_is_a_constant_risk_and_a_growing_one_a_rising_risk():
    days = np.array([0.0, 100.0, 1000.0])
    alive = survival.alive_under_tumour(days, np.full(3, 60.0))
    assert alive == pytest.approx(np.exp(-days / 1450.0 * np.exp(0.6)))
    assert survival.alive_under_tumour(days, np.zeros(3)) == pytest.approx(np.exp(-days / 1450.0))
    # Linear growth between two days is exact: cutting it finer changes nothing.
    fine = np.linspace(0.0, 1000.0, 11)
    grown = survival.alive_under_tumour(fine, np.linspace(20.0, 220.0, 11))
    assert grown[-1] == pytest.approx(survival.alive_under_tumour([0.0, 1000.0], [20.0, 220.0])[-1])
    assert (np.diff(-np.log(grown), 2) > 0).all()
    many = survival.alive_under_tumour(fine, np.ones((4, 3, 11)) * 1e5)
    assert many.shape == (4, 3, 11)
    assert (many[..., 1:] == 0).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: survival.LogNormal(0.0), r"^median_months is 0; it must be above 0 months\.$"),
        (lambda: survival.LogNormal(3.0, 0.0), r"^sigma is 0; it must be above 0\.$"),
        (lambda: survival.Exponential(float("nan")), r"^median_months is nan; it must be above 0 months\.$"),
        (lambda: survival.Exponential(5.0).survival(-1.0), r"^months is -1; it must be at least 0 months\.$"),
        (lambda: survival.LogNormal(5.0).quantile(1.5), r"^dead is 1\.5; it must be 0 to 1\.$"),
        (lambda: survival.bruno(75.0, -1.5), r"^change_week_6 is -1\.5; it must be at least -1\.$"),
        (lambda: survival.bruno(75.0, 0.0, ecog=3), r"^ecog is 3; it must be 0 to 1\.$"),
        (lambda: survival.alive_under_tumour([1.0, 2.0], [1.0, 2.0]), r"^days starts at 1 and .*must start at 0.*\.$"),
        (
            lambda: survival.alive_under_tumour([0.0, 2.0], [1.0]),
            r"^days starts at 0 and sum_mm has shape \(1,\); .*\.$",
        ),
        (lambda: survival.alive_under_tumour([0.0, 2.0], [1.0, -2.0]), r"^sum_mm is -2; it must be at least 0 mm\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
