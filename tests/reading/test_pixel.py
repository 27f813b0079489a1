"""The pixel reader on pictures with known content; its refusals."""

import numpy as np
import pytest

from liverlab.reading import pixel

from . import ellipsoids

PIXEL_MM = 0.7


def scan(semi_axes_mm=(10.0, 10.0, 10.0), core_fraction=0.0, rim_hu=60.0, core_hu=60.0, sigma_hu=0.0, seed=1):
    picture, at = ellipsoids.picture(semi_axes_mm, core_fraction, rim_hu, core_hu, 106.0, PIXEL_MM, 3.0)
    if sigma_hu:
        picture = picture + ellipsoids.noise(picture.shape, PIXEL_MM, sigma_hu, np.random.default_rng(seed))
    return picture, at


def measure(picture, at, search_mm=18.0, **known):
    return pixel.measure(picture, PIXEL_MM, at, at, search_mm, 16.3, **known)


def test_measures_size_density_liver_and_noise():
    found = measure(*scan(sigma_hu=12.0))
    assert found.visible
    assert found.diameter_mm == pytest.approx(20, abs=1)
    assert found.hu == pytest.approx(63, abs=3)
    assert found.liver_hu == pytest.approx(106, abs=1.5)
    assert found.noise_hu == pytest.approx(12, abs=1.5)
    assert found.sd_hu == pytest.approx(12, abs=4)
    assert found.detectability_mm == pytest.approx(46 * 20 / 12, rel=0.15)


def test_an_empty_place_shows_nothing():
    for seed in range(20):
        found = measure(*scan(rim_hu=106.0, core_hu=106.0, sigma_hu=12.0, seed=seed))
        assert not found.visible
        assert (found.diameter_mm, found.contrast_hu) == (0, 0)


def test_isodense_rim_is_not_measured():
    found = measure(*scan((12, 12, 12), 0.6, rim_hu=106.0, core_hu=45.0), noise_hu=12.0)
    assert found.diameter_mm == pytest.approx(14.4, abs=0.7)


def test_faint_rim_around_a_dark_core_is_measured_when_it_can_be_seen():
    found = measure(*scan((20, 20, 20), 0.6, rim_hu=86.0, core_hu=40.0), 28.0, noise_hu=8.0)
    assert found.diameter_mm == pytest.approx(40, abs=1)


def test_bright_rim_around_a_dark_core_is_measured():
    found = measure(*scan((20, 20, 20), 0.7, rim_hu=136.0, core_hu=50.0), 28.0, noise_hu=12.0)
    assert found.diameter_mm == pytest.approx(40, abs=1)


@pytest.mark.parametrize(("semi", "angle"), [((14, 10, 12), 0), ((10, 14, 12), 90)])
def test_longest_diameter_and_its_direction(semi, angle):
    found = measure(*scan(semi), 20.0, noise_hu=12.0)
    assert found.diameter_mm == pytest.approx(28, abs=0.7)
    assert found.mean_diameter_mm == pytest.approx(2 * np.sqrt(140), abs=0.7)
    assert abs((found.angle_deg - angle + 90) % 180 - 90) < 5


def test_turning_the_picture_turns_the_axis_only():
    picture, at = scan((14, 10, 12))
    along, across = measure(picture, at, 20.0, noise_hu=12.0), measure(picture.T, at, 20.0, noise_hu=12.0)
    assert across.diameter_mm == pytest.approx(along.diameter_mm, abs=0.1)
    assert across.hu == pytest.approx(along.hu, abs=0.3)


def test_masked_neighbours_do_not_count():
    picture, at = scan(sigma_hu=8.0)
    spoilt, mask = picture.copy(), np.ones(picture.shape, dtype=bool)
    spoilt[: at - 16], mask[: at - 16] = -100.0, False
    whole, masked = measure(picture, at, 11.0), measure(spoilt, at, 11.0, liver_mask=mask)
    assert masked.diameter_mm == pytest.approx(whole.diameter_mm, abs=0.7)
    assert masked.liver_hu == pytest.approx(whole.liver_hu, abs=1.5)


def test_bad_input_is_refused_in_one_sentence():
    picture, at = scan()
    with pytest.raises(ValueError, match=r"picture_hu has shape \(3,\)"):
        pixel.measure(np.zeros(3), PIXEL_MM, 0, 0, 10, 16.3)
    with pytest.raises(ValueError, match=r"row is 999; allowed: 0 to \d+"):
        pixel.measure(picture, PIXEL_MM, 999, at, 18, 16.3)
    with pytest.raises(ValueError, match="search_mm is 1; allowed: 3 to 200"):
        pixel.measure(picture, PIXEL_MM, at, at, 1, 16.3)
    with pytest.raises(ValueError, match="liver around the lesion covers 0 mm2; allowed: 100 mm2 or more"):
        pixel.measure(picture, PIXEL_MM, at, at, 18, 16.3, liver_mask=np.zeros(picture.shape, dtype=bool))
    with pytest.raises(ValueError, match=r"liver_mask has shape \(2, 2\); allowed: that of picture_hu"):
        measure(picture, at, liver_mask=np.ones((2, 2)))
    with pytest.raises(ValueError, match="noise_hu is 0; allowed"):
        measure(picture, at, noise_hu=0)
    picture[0, 0] = np.nan
    with pytest.raises(ValueError, match="finite HU"):
        measure(picture, at)
