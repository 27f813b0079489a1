"""Form of the liver: known roughness, known partitions, published formulas."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.reading import morphometry

from .outlines import picture, rough_arc


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 0.8), st.floats(8, 13), st.floats(0, 6.3), st.floats(110, 120))
def test_nodularity_of_a_known_outline_within_5_percent(rms, wave, phase, length):
    x, y, mean_mm = rough_arc(rms, wave, length, phase=phase)
    floor = morphometry.surface_nodularity(*rough_arc(0.0, wave, length)[:2])
    assert abs(morphometry.surface_nodularity(x, y) - 10 * mean_mm) < 0.05 * 10 * mean_mm + floor


def test_a_smooth_outline_has_almost_none_however_it_lies():
    x, y, _ = rough_arc(0.0, 10.0, 100.0)
    assert morphometry.surface_nodularity(x, y) < 0.15
    rough = rough_arc(0.4, 10.0)[:2]
    turned = np.array([[math.cos(1.0), -math.sin(1.0)], [math.sin(1.0), math.cos(1.0)]]) @ np.array(rough)
    here = morphometry.surface_nodularity(*rough)
    assert morphometry.surface_nodularity(turned[0] + 55.0, turned[1] - 20.0) == pytest.approx(here)
    assert morphometry.surface_nodularity(rough[0][::-1], rough[1][::-1]) == pytest.approx(here)
    assert morphometry.surface_nodularity(2 * rough[0], 2 * rough[1]) == pytest.approx(2 * here)


def test_coarse_waves_are_partly_taken_for_form():
    x, y, mean_mm = rough_arc(2.0, 45.0)
    assert 0.4 * 10 * mean_mm < morphometry.surface_nodularity(x, y) < 0.95 * 10 * mean_mm


@pytest.mark.parametrize("rms", [0.3, 0.5, 0.8])
def test_nodularity_is_measured_from_the_picture(rms):
    hu, mask, mean_mm = picture(rms, wave_mm=14.0, noise_hu=12.0, seed=3)
    found = morphometry.picture_nodularity(hu, mask, 0.7)
    assert found.lsn == pytest.approx(10 * mean_mm, rel=0.08)
    assert found.length_mm > 150
    # A shrunken mask still finds the edge: it only says where to look.
    eaten = mask & np.roll(mask, 1, 0) & np.roll(mask, -1, 0) & np.roll(mask, 1, 1) & np.roll(mask, -1, 1)
    assert morphometry.picture_nodularity(hu, eaten, 0.7).lsn == pytest.approx(found.lsn, rel=0.05)


def test_noise_sets_a_floor_on_a_smooth_liver():
    quiet, noisy = (
        np.mean([morphometry.picture_nodularity(*picture(0.0, noise_hu=sd, seed=s)[:2], 0.7).lsn for s in range(3)])
        for sd in (0.0, 20.0)
    )
    assert quiet < 0.6
    assert quiet + 0.3 < noisy < 2.3


def test_a_surface_without_fat_beyond_it_is_not_measured():
    hu, mask, _ = picture(0.3)
    beside_muscle = np.where(hu < 58.0, 58.0, hu)
    nothing = morphometry.picture_nodularity(beside_muscle, mask, 0.7)
    assert math.isnan(nothing.lsn)
    assert nothing.stretches == 0


def test_caudate_ratio_of_a_line_across_a_known_liver():
    position = np.arange(-120.0, 120.0, 0.5)
    inside = np.abs(position + 10.0) < 70.0
    assert morphometry.caudate_right_ratio(inside, position, 15.0) == pytest.approx(45.0 / 95.0, abs=0.01)
    with pytest.raises(ValueError, match=r"^divide_mm is 90; it must have liver on both sides\.$"):
        morphometry.caudate_right_ratio(inside, position, 90.0)
    with pytest.raises(ValueError, match=r"^position_mm has shape \(480,\); it must rise and match inside, \(3,\)\.$"):
        morphometry.caudate_right_ratio([True] * 3, position, 0.0)


def test_segmental_volume_ratio_of_known_volumes():
    volumes = dict(zip(("I", "II", "III", "IVa", "IVb", "V", "VI", "VII", "VIII"), range(1, 10), strict=True))
    assert morphometry.segmental_volume_ratio(volumes) == pytest.approx(6 / 39)
    many = morphometry.segmental_volume_ratio({**volumes, "I": np.array([1.0, 13.0])})
    assert many == pytest.approx([6 / 39, 18 / 39])
    del volumes["IVb"]
    with pytest.raises(ValueError, match=r"^volume_ml has no segment IV; it must hold all of I, II, "):
        morphometry.segmental_volume_ratio(volumes)
    with pytest.raises(ValueError, match=r"^volume_ml has the segment 'IX'; "):
        morphometry.segmental_volume_ratio({"IX": 1.0})


def test_standard_volumes_rise_with_the_body_and_differ():
    for formula in ("feng2017", "urata1995", "vauthey2002"):
        assert (np.diff(morphometry.standard_liver_volume_ml(np.linspace(1, 2.5, 16), formula)) > 0).all()
    assert morphometry.standard_liver_volume_ml(1.8) > morphometry.standard_liver_volume_ml(1.8, "urata1995") + 200
    with pytest.raises(ValueError, match=r"^formula is 'mayo'; it must be one of feng2017, "):
        morphometry.standard_liver_volume_ml(1.8, "mayo")


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: morphometry.surface_nodularity([0, 1], [0, 1]), r"^x_mm and y_mm have shapes \(2,\) and \(2,\); "),
        (lambda: morphometry.surface_nodularity(np.ones(40), np.ones(40)), r"^x_mm and y_mm are one point repeated; "),
        (lambda: morphometry.surface_nodularity([float("nan")] * 40, np.ones(40)), r"^x_mm is nan; "),
        (lambda: morphometry.picture_nodularity(np.zeros((9, 9)), np.zeros((9, 9)), 1.0), r"^liver_mask has shape "),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
