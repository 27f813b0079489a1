"""CT noise: amount, grain, fixed place, and scaling only."""

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct, noise

from .scan_setting import ARTERIAL, PORTAL, protocol

MATRIX = 360  # 1.0 mm pixels


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


def grain(patient, z=33, matrix=MATRIX, hu=PORTAL, seed=1, **setting):
    """Noise alone, from two pictures that differ by it."""
    settings = protocol(**setting)
    noisy = ct.render(patient, hu, ct.NO_LESIONS, z, settings, matrix, seed)
    return noisy.astype(float) - ct.render(patient, hu, ct.NO_LESIONS, z, settings, matrix, seed, noise=False)


def in_body(patient, matrix=MATRIX):
    """Pixels that no noise drives to the scale's lower end."""
    return ct.render(patient, PORTAL, ct.NO_LESIONS, 33, protocol(), matrix, noise=False) > -800


def in_liver(patient, picture, z=33):
    inside = patient.prepare(z, picture.shape[0]).liver_distance_mm() < -6
    return picture[inside]


def lag(patient, picture, step, axis):
    """Autocorrelation inside the liver at a lag of some pixels."""
    inside = patient.prepare(33, picture.shape[0]).liver_distance_mm() < -6
    both = inside & np.roll(inside, step, axis)
    return np.corrcoef(picture[both], np.roll(picture, step, axis)[both])[0, 1]


@pytest.mark.parametrize("asked", [8.0, 12.0, 20.0])
def test_the_liver_has_the_sd_asked_for(patient, asked):
    values = np.concatenate([in_liver(patient, grain(patient, z, noise_hu=asked), z) for z in (30, 33, 36)])
    assert values.std() == pytest.approx(asked, rel=0.08)
    assert abs(values.mean()) < 0.05 * asked


@pytest.mark.parametrize("matrix", [128, 256, 512])
def test_every_matrix_has_the_same_sd(patient, matrix):
    assert in_liver(patient, grain(patient, matrix=matrix)).std() == pytest.approx(12, rel=0.08)


def test_neighbouring_pixels_correlate_like_a_real_scan(patient):
    picture = grain(patient)
    for axis in (0, 1):
        assert 0.25 < lag(patient, picture, 1, axis) < 0.6
        assert abs(lag(patient, picture, 2, axis)) < 0.3


def test_the_power_spectrum_has_the_mean_frequency_of_a_real_scan():
    field = noise.tile(MATRIX, 360.0, 1)[:MATRIX, :MATRIX]
    power = np.abs(np.fft.fft2(field)) ** 2
    f = np.hypot(*np.meshgrid(np.fft.fftfreq(MATRIX), np.fft.fftfreq(MATRIX)))
    assert 0.2 < (f * power).sum() / power.sum() < 0.35
    assert power[f < 0.019].sum() < 1e-6 * power.sum()


def test_neighbouring_slices_correlate_as_measured_and_more_so_when_thick(patient):
    def along(thickness, steps):
        planes = [noise.plane(k, 128, 360.0, thickness, 3.0, 1) for k in range(20, 28)]
        return np.mean([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(planes, planes[steps:], strict=False)])

    assert along(3.0, 1) == pytest.approx(float(noise.slice_correlation(3.0, 3.0)), abs=0.08)
    assert abs(along(3.0, 2)) < 0.12
    assert along(1.0, 1) < along(3.0, 1) < along(5.0, 1) < along(10.0, 1)


def test_sd_follows_dose_and_slice():
    base = ct.noise_sd_hu(protocol())
    assert base == pytest.approx(12.0)
    assert ct.noise_sd_hu(protocol(dose_pct=25.0)) == pytest.approx(2 * base)
    assert ct.noise_sd_hu(protocol(slice_mm=12.0)) == pytest.approx(base / 2)
    assert ct.noise_sd_hu(protocol(dose_pct=50.0, slice_mm=6.0)) == pytest.approx(base)
    assert ct.noise_sd_hu(protocol(kvp=80.0)) > base > ct.noise_sd_hu(protocol(kvp=140.0))
    assert ct.noise_sd_hu(protocol(weight_kg=110.0)) > base > ct.noise_sd_hu(protocol(weight_kg=50.0))


def test_sd_broadcasts_over_arrays():
    doses = np.array([25.0, 100.0, 400.0])
    assert np.allclose(ct.noise_sd_hu(protocol(dose_pct=doses)), [24.0, 12.0, 6.0])


def test_the_pictures_sd_follows_dose(patient):
    low, full = grain(patient, dose_pct=25.0), grain(patient)
    assert np.abs(low - 2 * full)[in_body(patient)].max() <= 2.01  # the same grain, scaled; rounding to whole HU


def test_the_grain_does_not_move_with_delay_voltage_or_lesions(patient):
    portal, arterial = grain(patient, hu=PORTAL), grain(patient, hu={**ARTERIAL, "spleen_moire_hu": 0})
    body = in_body(patient)
    assert np.abs(portal - arterial)[body].max() <= 2.01
    ratio = ct.noise_sd_hu(protocol(kvp=80.0)) / ct.noise_sd_hu(protocol())
    assert np.abs(grain(patient, kvp=80.0) - ratio * portal)[body].max() <= 2.51


def test_the_grain_is_fixed_by_seed_and_place(patient):
    assert np.array_equal(grain(patient), grain(patient))
    other_seed, other_slice = grain(patient, seed=2), grain(patient, z=43)
    here = grain(patient)
    for other in (other_seed, other_slice):
        assert abs(np.corrcoef(here.ravel(), other.ravel())[0, 1]) < 0.05


def test_coarse_and_fine_pictures_show_the_same_grain():
    fine, coarse = (noise.plane(33, m, 360.0, 3.0, 3.0, 1) for m in (512, 256))
    averaged = fine.reshape(256, 2, 256, 2).mean((1, 3))
    assert np.corrcoef(averaged.ravel(), coarse.ravel())[0, 1] > 0.9


def test_the_back_is_noisier_than_the_front():
    gain = noise.row_gain(np.array([-150.0, -50.0, 70.0]))
    assert gain[1] == pytest.approx(1.0)
    assert gain[2] / gain[0] == pytest.approx(1.07 / 0.85, rel=1e-3)
