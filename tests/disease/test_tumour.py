"""Tumour models: published vectors, limits, monotony."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.disease import tumour

QUICK = settings(max_examples=40, deadline=None)
RATE = st.floats(0.0, 0.05)


@pytest.mark.parametrize(
    ("growth", "decay", "nadir_d", "nadir", "within"),
    # The last vector is the median patient of a refit, known to two digits only.
    [(0.0032, 0.020, 79.0, 0.4936, 5e-4), (0.001, 0.01, 209.3, 0.3561, 5e-4), (0.00118, 0.00623, 225, 0.549, 2e-3)],
)
def test_stein_fojo_reaches_the_nadir_of_the_reference_vectors(growth, decay, nadir_d, nadir, within):
    day = tumour.stein_fojo_nadir_d(growth, decay)
    assert day == pytest.approx(nadir_d, rel=3e-3)
    assert tumour.stein_fojo(day, growth, decay) == pytest.approx(nadir, abs=within)
    assert tumour.stein_fojo(day - 5, growth, decay) > tumour.stein_fojo(day, growth, decay)
    assert tumour.stein_fojo(day + 5, growth, decay) > tumour.stein_fojo(day, growth, decay)


def test_claret_gives_the_published_sunitinib_course():
    # Hansson 2013 at 1.47 mg h/L: three effects add, two of them driven by the relative fall of a biomarker.
    exposure = 1.47
    fall = exposure / (1.0 + exposure)
    effect = 0.0050 * exposure + 0.0371 * fall + 0.00282 * fall
    assert fall == pytest.approx(0.595, abs=5e-4)
    assert effect == pytest.approx(0.03115, abs=5e-5)
    rates = [tumour.per_day(rate) for rate in (0.0118, 0.03115, 0.0217)]
    weeks = np.array([6, 12, 24, 52])
    assert tumour.claret(weeks * 7.0, *rates) == pytest.approx([0.901, 0.829, 0.741, 0.699], abs=1e-3)
    assert tumour.claret_time_to_growth_d(*rates) / 7.0 == pytest.approx(44.7, abs=0.1)
    assert tumour.claret_nadir(*rates) == pytest.approx(0.695, abs=1e-3)


@pytest.mark.parametrize(("exposure", "weeks", "nadir"), [(1.0, 22.9, 0.937), (1.47, 42.1, 0.777)])
def test_claret_gives_the_nadir_of_the_second_sunitinib_model(exposure, weeks, nadir):
    rates = [tumour.per_day(rate) for rate in (0.01048, 0.01660 * exposure, 0.02005)]
    assert tumour.claret_time_to_growth_d(*rates) / 7.0 == pytest.approx(weeks, abs=0.1)
    assert tumour.claret_nadir(*rates) == pytest.approx(nadir, abs=1e-3)


def test_claret_limits():
    day = np.array([0.0, 30.0, 400.0])
    assert tumour.claret(day, 0.002, 0.0, 0.01) == pytest.approx(tumour.exponential(day, 0.002))
    assert tumour.claret(day, 0.002, 0.005, 0.0) == pytest.approx(tumour.exponential(day, -0.003))
    # Fast fading leaves almost nothing of the effect.
    assert tumour.claret(day, 0.002, 0.005, 1e6) == pytest.approx(tumour.exponential(day, 0.002), rel=1e-6)
    assert tumour.claret_time_to_growth_d(0.003, 0.002, 0.01) == 0.0
    assert tumour.claret_time_to_growth_d(0.0, 0.002, 0.01) == np.inf
    assert tumour.claret_time_to_growth_d(0.001, 0.002, 0.0) == np.inf
    assert tumour.claret_nadir(0.003, 0.002, 0.01) == 1.0
    assert tumour.claret_nadir(0.0, 0.002, 0.01) == pytest.approx(np.exp(-0.2))
    assert tumour.claret_nadir(0.001, 0.002, 0.0) == 0.0


@QUICK
@given(kl=RATE, kde=RATE, fade=RATE, day=st.floats(0.0, 730.0))
def test_claret_is_positive_never_below_its_nadir_and_solves_its_equation(kl, kde, fade, day):
    size = tumour.claret(day, kl, kde, fade)
    assert size > 0
    assert size >= tumour.claret_nadir(kl, kde, fade) * (1 - 1e-9)
    slope = (np.log(tumour.claret(day + 1e-3, kl, kde, fade)) - np.log(size)) / 1e-3
    assert slope == pytest.approx(kl - kde * np.exp(-fade * day), abs=1e-5)


@QUICK
@given(kl=RATE, weak=RATE, more=RATE, fade=RATE, day=st.floats(1.0, 730.0))
def test_a_stronger_drug_never_leaves_a_larger_tumour(kl, weak, more, fade, day):
    assert tumour.claret(day, kl, weak + more, fade) <= tumour.claret(day, kl, weak, fade) * (1 + 1e-12)


def test_gompertz_slows_towards_its_capacity():
    day = np.linspace(0, 3000, 50)
    size = tumour.gompertz(day, 0.004, 8.0)
    assert size[0] == pytest.approx(1.0)
    assert (np.diff(size) > 0).all()
    assert size[-1] == pytest.approx(8.0, rel=1e-3)
    # Early on it is exponential at rate r ln K.
    assert np.log(tumour.gompertz(0.01, 0.004, 8.0)) / 0.01 == pytest.approx(0.004 * np.log(8.0), rel=1e-3)


def test_diameter_follows_the_doubling_of_the_volume():
    rate = tumour.diameter_rate_per_day(155.0)
    assert rate == pytest.approx(0.00149, abs=5e-6)
    assert np.log(1.2) / rate == pytest.approx(122, abs=1)
    assert tumour.exponential(155.0, rate) ** 3 == pytest.approx(2.0)
    assert tumour.volume_ml(20.0) == pytest.approx(4.18879, rel=1e-5)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: tumour.claret(-1.0, 0.1, 0.1, 0.1), r"^day is -1; it must be at least 0 days\.$"),
        (lambda: tumour.claret(1.0, float("nan"), 0.1, 0.1), r"^kl_per_day is nan; it must be at least 0 per day\.$"),
        (lambda: tumour.stein_fojo([1.0, np.inf], 0.1, 0.1), r"^day is inf; it must be at least 0 days\.$"),
        (lambda: tumour.diameter_rate_per_day(0.0), r"^volume_doubling_d is 0; it must be above 0 days\.$"),
        (lambda: tumour.exponential(1.0, float("-inf")), r"^rate_per_day is -inf; it must be finite per day\.$"),
        (lambda: tumour.gompertz(1.0, 0.1, "many"), r"^capacity is 'many'; it must be a number, above 0\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
