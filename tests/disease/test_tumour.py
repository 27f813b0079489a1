"""Tumour models: limits, monotony, the equations they solve, the depth of their nadir (vectors: tests/vectors)."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from liverlab import evidence
from liverlab.disease import tumour

QUICK = settings(max_examples=40, deadline=None)
RATE = st.floats(0.0, 0.05)


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


def test_doubling_times_turn_into_rates_and_back():
    days = np.array([12.0, 155.0])
    rate = tumour.diameter_rate_per_day(days)
    assert tumour.volume_doubling_d(rate) == pytest.approx(days)
    assert tumour.exponential(tumour.days_to_increase(rate), rate) == pytest.approx([1.2, 1.2])
    # RECIST's 20 % of the diameter is 73 % of the volume: it comes before the volume has doubled.
    assert (tumour.days_to_increase(rate) < days).all()


def test_published_doubling_times_and_rates_give_courses_a_radiologist_would_believe():
    ev = evidence.load()
    for row in ev.series("doubling_times"):
        if row["low_d"] != "":
            assert row["low_d"] <= row["doubling_d"] <= row["high_d"]
        # Weeks to months from one scan to RECIST's 20 %, for every published tumour.
        assert 30 < tumour.days_to_increase(tumour.diameter_rate_per_day(row["doubling_d"])) < 130
    # The two sets of g and d are those of the vectors T1a and T1c.
    nadirs = {
        row["key"]: tumour.stein_fojo_nadir_d(row["growth_per_day"], row["decay_per_day"])
        for row in ev.series("growth_and_decay")
    }
    assert nadirs == pytest.approx({"prostate": 79.0, "colorectal": 224.5}, abs=0.1)


# Drugs
@QUICK
@given(
    rate=st.floats(1e-4, 0.01), capacity=st.floats(1.5, 1e4), kill=st.floats(0.0, 4.0), day=st.floats(0.0, 700.0),
    end=st.floats(1.0, 700.0),
)  # fmt: skip
def test_norton_simon_solves_its_equation_and_is_never_negative(rate, capacity, kill, day, end):
    assume(abs(day - end) > 0.1)
    size, later = tumour.norton_simon(np.array([day, day + 1e-3]), rate, capacity, kill, end)
    assert size >= 0
    if size > 1e-12:
        expected = rate * np.log(capacity / size) * (1 - kill * (day < end))
        assert np.log(later / size) / 1e-3 == pytest.approx(expected, rel=1e-3, abs=1e-5)


def test_norton_simon_kills_fast_growth_best_and_its_nadir_is_the_end_of_treatment():
    day = np.arange(0.0, 400.0)
    treated = tumour.norton_simon(day, 0.005, 100.0, 2.0, 90.0)
    assert day[np.argmin(treated)] == 90.0
    assert tumour.norton_simon(day, 0.005, 100.0, 0.0) == pytest.approx(tumour.gompertz(day, 0.005, 100.0))
    assert tumour.norton_simon(day, 0.005, 100.0, 1.0) == pytest.approx(np.ones_like(day))
    # A tumour near its capacity hardly grows, so the same drug hardly shrinks it.
    near, far = (tumour.norton_simon(30.0, 0.005, capacity, 2.0) for capacity in (1.1, 1e3))
    assert far < near < 1.0


def test_log_kill_takes_the_same_fraction_with_each_dose():
    day = np.array([0.0, 1.0, 21.0, 22.0, 43.0, 64.0, 1000.0])
    assert tumour.log_kill(day, 0.0, 1.0, 21.0, 3) == pytest.approx([1, 0.1, 0.1, 0.01, 0.001, 0.001, 0.001])
    assert tumour.log_kill(day, 0.01, 0.0, 21.0, 3) == pytest.approx(tumour.exponential(day, 0.01))
    assert tumour.log10_kill(0.99) == pytest.approx(2.0)
    assert tumour.killed_fraction(tumour.log10_kill(np.array([0.0, 0.5, 0.999]))) == pytest.approx([0.0, 0.5, 0.999])
    assert tumour.log10_kill(1.0) == np.inf


@QUICK
@given(growth=RATE, kill=st.floats(0.0, 2.0), cycle=st.floats(7.0, 28.0), cycles=st.integers(0, 8))
def test_log_kill_never_gets_below_its_nadir_and_reaches_it(growth, kill, cycle, cycles):
    day, size = tumour.log_kill_nadir(growth, kill, cycle, cycles)
    # Just after each dose, where the minima are.
    after = np.arange(max(cycles, 1)) * cycle + 1e-7
    course = tumour.log_kill(np.append(after, np.linspace(0, 12 * cycle, 200)), growth, kill, cycle, cycles)
    assert course.min() == pytest.approx(size, rel=1e-6)
    assert tumour.log_kill(day + 1e-7, growth, kill, cycle, cycles) == pytest.approx(size, rel=1e-6)


SHAPES = {
    "gd": (lambda t, g, d, phi: tumour.stein_fojo(t, g, d), lambda g, d, phi: tumour.stein_fojo_nadir_d(g, d)),
    "dx": (lambda t, g, d, phi: tumour.stein_fojo(t, 0.0, d), lambda g, d, phi: tumour.stein_fojo_nadir_d(0.0, d)),
    "gx": (lambda t, g, d, phi: tumour.stein_fojo(t, g, 0.0), lambda g, d, phi: tumour.stein_fojo_nadir_d(g, 0.0)),
    "gdphi": (tumour.stein_fojo_phi, tumour.stein_fojo_phi_nadir_d),
    "wang": (
        lambda t, g, d, phi: tumour.wang_mm(t, 100.0 * phi + 1.0, d, 20.0 * g),
        lambda g, d, phi: tumour.wang_nadir_d(100.0 * phi + 1.0, d, 20.0 * g),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
@QUICK
@given(growth=RATE, decay=RATE, phi=st.floats(0.0, 1.0))
def test_the_nadir_is_the_smallest_size(name, growth, decay, phi):
    size, nadir_d = SHAPES[name]
    assume(min(growth, decay) > 1e-6 and 1e-3 < phi < 0.999)
    day = nadir_d(growth, decay, phi)
    course = size(np.linspace(0.0, 3000.0, 301), growth, decay, phi)
    assert (course >= 0).all()
    if day == np.inf:
        assert (np.diff(course) <= 1e-12).all()
    else:
        assert (course >= size(day, growth, decay, phi) * (1 - 1e-9)).all()
        around = size(np.array([max(0.0, day - 1.0), day, day + 1.0]), growth, decay, phi)
        assert around.argmin() == 1 or around[1] == pytest.approx(around.min(), rel=1e-9)


def test_variants_of_stein_fojo():
    day = np.array([0.0, 50.0, 400.0])
    assert tumour.stein_fojo(day, 0.0, 0.01) == pytest.approx(np.exp(-0.01 * day))
    assert tumour.stein_fojo(day, 0.002, 0.0) == pytest.approx(np.exp(0.002 * day))
    assert tumour.stein_fojo_phi(day, 0.002, 0.01, 1.0) == pytest.approx(np.exp(-0.01 * day))
    assert tumour.stein_fojo_phi(day, 0.002, 0.01, 0.0) == pytest.approx(np.exp(0.002 * day))
    assert tumour.stein_fojo_nadir_d(0.0, 0.01) == tumour.stein_fojo_phi_nadir_d(0.002, 0.01, 1.0) == np.inf
    assert tumour.stein_fojo_nadir_d(0.01, 0.002) == tumour.stein_fojo_nadir_d(0.0, 0.0) == 0.0


def test_wang_regrows_along_a_straight_line():
    late = tumour.wang_mm(np.array([2000.0, 2001.0]), 80.0, 0.02, 0.03)
    assert late[1] - late[0] == pytest.approx(0.03)
    assert tumour.wang_mm(0.0, 80.0, 0.02, 0.03) == 80.0
    assert tumour.wang_nadir_d(80.0, 0.02, 0.0) == np.inf
    assert tumour.wang_nadir_d(80.0, 0.0, 0.0) == tumour.wang_nadir_d(80.0, 0.01, 1.0) == 0.0


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: tumour.claret(-1.0, 0.1, 0.1, 0.1), r"^day is -1; it must be at least 0 days\.$"),
        (lambda: tumour.claret(1.0, float("nan"), 0.1, 0.1), r"^kl_per_day is nan; it must be at least 0 per day\.$"),
        (lambda: tumour.stein_fojo([1.0, np.inf], 0.1, 0.1), r"^day is inf; it must be at least 0 days\.$"),
        (lambda: tumour.diameter_rate_per_day(0.0), r"^volume_doubling_d is 0; it must be above 0 days\.$"),
        (lambda: tumour.exponential(1.0, float("-inf")), r"^rate_per_day is -inf; it must be finite per day\.$"),
        (lambda: tumour.days_to_increase(0.0), r"^rate_per_day is 0; it must be above 0 per day\.$"),
        (lambda: tumour.volume_doubling_d(-1.0), r"^diameter_rate_per_day is -1; it must be above 0 per day\.$"),
        (lambda: tumour.norton_simon(1.0, 0.1, 0.5, 1.0), r"^capacity is 0\.5; it must be at least 1\.$"),
        (lambda: tumour.norton_simon(1.0, 0.1, 5.0, 1.0, float("nan")), r"^treated_d is nan; it must be .*\.$"),
        (lambda: tumour.log10_kill(1.5), r"^killed_fraction is 1\.5; it must be 0 to 1\.$"),
        (lambda: tumour.log_kill(1.0, 0.1, 1.0, 0.0, 3), r"^cycle_d is 0; it must be above 0 days\.$"),
        (lambda: tumour.stein_fojo_phi(1.0, 0.1, 0.1, 1.2), r"^sensitive_fraction is 1\.2; it must be 0 to 1\.$"),
        (lambda: tumour.wang_mm(1.0, 0.0, 0.1, 0.1), r"^baseline_mm is 0; it must be above 0 mm\.$"),
        (lambda: tumour.gompertz(1.0, 0.1, "many"), r"^capacity is 'many'; it must be a number, above 0\.$"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
