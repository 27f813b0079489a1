"""The linear first-order equation: closed forms against each other and against fine steps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.disease.kinetics import (
    decaying_sum,
    exponential_lag,
    first_order,
    first_order_varying,
    logistic,
    saturation,
)


def test_saturation_is_smooth_through_zero():
    x = np.array([0.0, 1e-12, 1e-9, 1e-7, 1e-3, 1.0, 50.0, 5000.0])
    assert saturation(x) == pytest.approx([1, 1, 1, 1, 0.9995001666, 0.6321205588, 0.02, 0.0002], rel=1e-7)


@settings(max_examples=40, deadline=None)
@given(elapsed=st.floats(0.0, 800.0), fast=st.floats(1.0, 60.0), slow=st.floats(1.0, 60.0))
def test_lag_of_an_exponential_matches_the_textbook_difference(elapsed, fast, slow):
    if abs(fast - slow) < 1e-3:
        slow = fast + 1e-3
    expected = fast / (fast - slow) * (np.exp(-elapsed / fast) - np.exp(-elapsed / slow))
    assert exponential_lag(elapsed, fast, slow) == pytest.approx(expected, abs=1e-9)


def test_lag_is_exact_where_the_time_constants_agree():
    assert exponential_lag(14.0, 14.0, 14.0) == pytest.approx(np.exp(-1.0))
    assert exponential_lag(14.0, 14.0, 14.0 + 1e-7) == pytest.approx(np.exp(-1.0), rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(
    steps=st.lists(st.floats(0.01, 40.0), min_size=1, max_size=20),
    sources=st.lists(st.floats(0.0, 10.0), min_size=21, max_size=21),
    rate=st.floats(0.0, 3.0),
    start=st.floats(0.0, 5.0),
)
def test_first_order_solves_every_linear_piece_exactly(steps, sources, rate, start):
    time = np.concatenate([[0.0], np.cumsum(steps)])
    source = np.array(sources[: time.size])
    answer = first_order(time, source, rate, start)
    # Cutting every piece in two adds points on the same straight lines, so nothing may change.
    halved = np.sort(np.concatenate([time, (time[1:] + time[:-1]) / 2]))
    again = first_order(halved, np.interp(halved, time, source), rate, start)
    assert again[::2] == pytest.approx(answer, rel=1e-9, abs=1e-9)
    # Balance: what stays is what came in less what left; the area is found with Simpson's rule on a fine grid.
    assert (answer >= 0).all()
    fine = np.linspace(0.0, time[-1], 4001)
    curve = first_order(np.union1d(fine, time), np.interp(np.union1d(fine, time), time, source), rate, start)
    left = rate * np.trapezoid(curve, np.union1d(fine, time))
    came = np.trapezoid(source, time)
    assert answer[-1] == pytest.approx(start + came - left, abs=1e-3 * (1 + came + start))


def test_first_order_limits_and_broadcasting():
    time = np.array([0.0, 1.0, 5.0, 20.0])
    assert first_order(time, np.ones(4), 0.0) == pytest.approx(time)
    assert first_order(time, np.full(4, 3.0), 2.0, 1.5) == pytest.approx(np.full(4, 1.5))
    rates = np.array([0.0, 0.1, 4.0])
    together = first_order(time, np.sqrt(time), rates)
    alone = [first_order(time, np.sqrt(time), rate) for rate in rates]
    assert together.shape == (3, 4)
    assert together == pytest.approx(np.array(alone))


def test_what_is_left_of_several_doses_is_the_sum_of_what_is_left_of_each():
    time, gains = np.array([0.0, 1.0, 1.0, 4.0]), np.array([2.0, 1.0, 0.5, 3.0])
    for rate in (0.0, 0.3, 500.0):
        left = [sum(gains[: j + 1] * np.exp(-rate * (time[j] - time[: j + 1]))) for j in range(4)]
        assert decaying_sum(time, gains, rate) == pytest.approx(left)
    together = decaying_sum(time, gains * np.ones((2, 1, 1)), np.array([0.1, 0.2, 0.3]))
    assert together.shape == (2, 3, 4)
    assert together[1, 2] == pytest.approx(decaying_sum(time, gains, 0.3))


def test_a_varying_rate_is_exact_where_it_is_constant_or_nothing_comes_in():
    time = np.array([0.0, 0.3, 1.0, 4.0, 9.0])
    source = np.array([1.0, 0.0, 2.0, 5.0, 5.0])
    assert first_order_varying(time, source, np.full(5, 0.7), 2.0) == pytest.approx(first_order(time, source, 0.7, 2.0))
    rate = np.array([0.0, 1.0, 0.2, 0.0, 3.0])
    left = np.concatenate([[0.0], np.cumsum(np.diff(time) * (rate[1:] + rate[:-1]) / 2)])
    assert first_order_varying(time, np.zeros(5), rate, 2.0) == pytest.approx(2.0 * np.exp(-left))


def test_a_varying_rate_converges_with_the_square_of_the_step():
    """c = 1 + sin t solves c' = s - r c with r = 2 + cos t and s = cos t + r (1 + sin t)."""

    def error(step):
        time = np.arange(0.0, 10.0 + step / 2, step)
        rate = 2 + np.cos(time)
        exact = 1 + np.sin(time)
        return np.abs(first_order_varying(time, np.cos(time) + rate * exact, rate, 1.0) - exact).max()

    assert error(0.1) < 0.01
    assert error(0.05) == pytest.approx(error(0.1) / 4, rel=0.1)


def test_logistic_growth_matches_the_textbook_and_starts_anywhere():
    time = np.linspace(-20.0, 40.0, 13)
    at = int(np.searchsorted(time, 0.0))
    rate, start = 0.3, 0.2
    expected = start * np.exp(rate * time) / (1 - start + start * np.exp(rate * time))
    found = logistic(time, rate * time, np.full(time.size, rate), np.array([start]), at)
    assert found == pytest.approx(expected, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(
    rates=st.lists(st.floats(-3.0, 1.0), min_size=4, max_size=12),
    crowding=st.floats(0.0, 2.0),
    start=st.floats(0.01, 2.0),
)
def test_logistic_never_leaves_what_is_possible(rates, crowding, start):
    time = np.arange(len(rates), dtype=float)
    exponent = np.concatenate([[0.0], np.cumsum(rates[1:])])
    answer = logistic(time, exponent, np.full(time.size, crowding), np.array([start]))
    assert answer[0] == pytest.approx(start)
    assert (answer > 0).all()
    assert (answer <= start * np.exp(exponent) * (1 + 1e-12)).all()
