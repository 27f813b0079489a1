"""Reconstruction kernels: sharper shows small bright things smaller and brighter, and noisier; means stay."""

import itertools

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct, kernel
from liverlab.imaging.lesions import NO_LESIONS

from .scan_setting import PORTAL, protocol
from .test_lesions import lesion, polar

STEPS = (-100.0, -50.0, 0.0, 50.0, 100.0)


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


def scan(patient, lesions=NO_LESIONS, sharpness=0.0, noise=False, matrix=512):
    setting = protocol(kernel_sharpness_pct=sharpness)
    return ct.render(patient, PORTAL, lesions, 33, setting, matrix, noise=noise).astype(float)


def test_the_kernel_of_the_measured_scan_leaves_the_picture_alone():
    picture = np.arange(16.0).reshape(4, 4)
    assert kernel.apply(picture, 0.7, 0.0) is picture
    assert kernel.noise_factor(0.0) == pytest.approx(1)
    assert kernel.psf_sigma_mm(0.0) == pytest.approx(0.65, abs=0.01)


def test_sharper_means_a_narrower_point_spread_and_more_noise():
    widths, noises = zip(*((kernel.psf_sigma_mm(s), kernel.noise_factor(s)) for s in STEPS), strict=True)
    assert all(a > b for a, b in itertools.pairwise(widths))
    assert all(a < b for a, b in itertools.pairwise(noises))


def test_a_calcified_grain_blooms_less_with_a_sharper_kernel(patient):
    grain, near = lesion(1.2, rim_hu=1500.0), polar(patient)[0] < 8
    bare = {s: scan(patient, sharpness=s) for s in STEPS}
    added = [(scan(patient, grain, s) - bare[s])[near] for s in STEPS]
    peaks = [values.max() for values in added]
    half_areas = [np.mean(values > values.max() / 2) for values in added]
    assert peaks == sorted(peaks)
    assert half_areas == sorted(half_areas, reverse=True)
    assert [values.sum() for values in added] == pytest.approx([added[2].sum()] * 5, rel=0.02)


def test_the_mean_of_a_large_region_does_not_depend_on_the_kernel(patient):
    cyst, inside = lesion(18.0, rim_hu=5.0), polar(patient)[0] < 12
    assert [scan(patient, cyst, s)[inside].mean() for s in STEPS] == pytest.approx([5.0] * 5, abs=1.0)


def test_a_bone_kernel_overshoots_at_edges_and_a_soft_one_does_not(patient):
    cyst, ring = lesion(18.0, rim_hu=-300.0, lobulation=0), np.abs(polar(patient)[0] - 15.5) < 1.5
    assert scan(patient, cyst, 100.0)[ring].min() < -320
    assert scan(patient, cyst, -100.0)[ring].min() > -305


@pytest.mark.parametrize("sharpness", [-100.0, 50.0, 100.0])
def test_noise_changes_by_the_stated_factor(patient, sharpness):
    liver = patient.prepare(33, 512).liver_distance_mm() < -6

    def sd(s):
        return (scan(patient, sharpness=s, noise=True) - scan(patient, sharpness=s))[liver].std()

    assert sd(sharpness) / sd(0.0) == pytest.approx(kernel.noise_factor(sharpness), rel=0.05)
    told = ct.noise_sd_hu(protocol(kernel_sharpness_pct=sharpness)) / ct.noise_sd_hu(protocol())
    assert told == pytest.approx(kernel.noise_factor(sharpness))


def test_noise_is_coarser_with_a_softer_kernel(patient):
    def neighbours(s):
        grain = scan(patient, sharpness=s, noise=True) - scan(patient, sharpness=s)
        part = grain[210:300, 130:220]
        return np.corrcoef(part[:, :-1].ravel(), part[:, 1:].ravel())[0, 1]

    found = [neighbours(s) for s in STEPS]
    assert found == sorted(found, reverse=True)
