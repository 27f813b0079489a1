"""Signal equations against their textbook limits, and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab.imaging import mr_signal as mr

TIMES = st.floats(10, 4000)


@given(t1=TIMES, tr=st.floats(2, 5000))
def test_the_gradient_echo_is_brightest_at_the_ernst_angle(t1, tr):
    angles = np.linspace(0.5, 90, 180)
    signal = mr.spoiled_gradient_echo(t1, 1e6, tr, 0.0, angles)
    ernst = np.rad2deg(np.arccos(np.exp(-tr / t1)))
    assert mr.spoiled_gradient_echo(t1, 1e6, tr, 0.0, ernst) >= signal.max() - 1e-12


@given(t1=TIMES)
def test_a_long_repetition_time_forgets_t1_and_a_right_angle_gives_all(t1):
    assert mr.spoiled_gradient_echo(t1, 1e6, 1e6, 0.0, 90.0) == pytest.approx(1, abs=1e-6)
    assert mr.spin_echo(t1, 1e6, 1e6, 0.0) == pytest.approx(1, abs=1e-6)


@given(t1=TIMES, t2=st.floats(10, 1000), te=st.floats(0, 200))
def test_echo_time_decays_by_t2_alone(t1, t2, te):
    first, second = mr.spin_echo(t1, t2, 3000.0, te), mr.spin_echo(t1, t2, 3000.0, te + 50)
    assert second / first == pytest.approx(np.exp(-50 / t2))


@given(short=st.floats(50, 1000), factor=st.floats(1.05, 4))
def test_shorter_t1_is_brighter_on_t1_and_longer_t2_on_t2(short, factor):
    assert mr.spoiled_gradient_echo(short, 50.0, 4.2, 2.0, 12.0) > mr.spoiled_gradient_echo(
        short * factor, 50.0, 4.2, 2.0, 12.0
    )
    assert mr.spin_echo(800.0, short * factor, 3500.0, 90.0) > mr.spin_echo(800.0, short, 3500.0, 90.0)


@given(adc=st.floats(0.05, 4), low=st.floats(0, 100), more=st.floats(100, 900))
def test_adc_comes_back_from_two_b_values(adc, low, more):
    signals = mr.diffusion(low, adc), mr.diffusion(low + more, adc)
    assert mr.adc_um2_ms(*signals, low, low + more) == pytest.approx(adc, rel=1e-9)


@given(fat=st.floats(0, 1))
def test_fat_fraction_is_right_up_to_one_half_and_then_counts_the_water(fat):
    in_phase, opposed = (mr.water_and_fat(1 - fat, fat, phase) for phase in ("in", "opposed"))
    assert mr.fat_fraction(in_phase, opposed) == pytest.approx(min(fat, 1 - fat), abs=1e-6)


def test_saturation_leaves_water_and_almost_no_fat():
    assert mr.water_and_fat(0.7, 0.0, "saturated") == pytest.approx(0.7)
    assert mr.water_and_fat(0.0, 1.0, "saturated") < 0.1


@given(c=st.floats(0, 5), r=st.floats(0, 20))
def test_contrast_medium_adds_to_the_rate(c, r):
    assert 1000 / mr.shortened_ms(500.0, c, r) == pytest.approx(2.0 + r * c)


def test_rician_noise_lifts_nothing_to_the_known_floor_and_leaves_strong_signals_alone():
    rng = np.random.default_rng(3)
    real, imaginary = rng.standard_normal((2, 200_000))
    assert mr.rician(0.0, 2.0, real, imaginary).mean() == pytest.approx(2 * np.sqrt(np.pi / 2), rel=0.01)
    strong = mr.rician(100.0, 2.0, real, imaginary)
    assert strong.mean() == pytest.approx(100.02, abs=0.02)
    assert strong.std() == pytest.approx(2.0, rel=0.01)
    assert (mr.rician(-0.0, 2.0, real, imaginary) >= 0).all()


def test_bad_input_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match="t1_ms is 0; it must be above 0 to"):
        mr.spin_echo(0, 50, 500, 10)
    with pytest.raises(ValueError, match="flip_deg is 120"):
        mr.spoiled_gradient_echo(500, 50, 5, 2, 120)
    with pytest.raises(ValueError, match="b_low_s_mm2 is 800; it must be below"):
        mr.adc_um2_ms(1.0, 0.5, 800, 50)
    with pytest.raises(ValueError, match="phase is 'out'; it must be one of in, opposed, saturated"):
        mr.water_and_fat(1, 1, "out")
    with pytest.raises(ValueError, match="signal_low is nan"):
        mr.adc_um2_ms(np.nan, 0.5, 50, 800)
