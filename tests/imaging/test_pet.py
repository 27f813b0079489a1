"""PET pictures: recovery against sphere diameter, spill-over, noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liverlab.evidence.looks import Part
from liverlab.imaging import anatomy, ct, pet

from .in_the_magnet import EV, INDEX, PARTS, PLACES, camera, roi

HOT = {"metastasis": 10.0, "liver": 2.0}


@pytest.mark.parametrize("diameter_mm", [8.0, 10.0, 13.0, 17.0, 22.0, 28.0])
@pytest.mark.parametrize("fwhm_mm", [5.0, 6.0, 8.0])
def test_a_rendered_sphere_recovers_what_the_formula_says(diameter_mm, fwhm_mm):
    scene = camera(HOT, fwhm_mm=fwhm_mm, noise_pct=0.0, radius_mm=diameter_mm / 2, names=("metastasis",))
    peak = max(float(roi(scene.uptake(k), PLACES["metastasis"], 3.0).max()) for k in (INDEX - 1, INDEX, INDEX + 1))
    recovery = (peak - 2.0) / 8.0
    assert recovery == pytest.approx(pet.peak_recovery(diameter_mm, fwhm_mm), abs=0.07)


@given(a=st.floats(0, 60), b=st.floats(0, 60), fwhm=st.floats(3, 12))
def test_recovery_grows_from_none_to_all(a, b, fwhm):
    small, large = sorted((a, b))
    low, high = pet.peak_recovery(np.array([small, large]), fwhm)
    assert -1e-12 <= low <= high + 1e-12 <= 1 + 1e-12
    assert pet.peak_recovery(20 * fwhm, fwhm) == pytest.approx(1, abs=1e-9)


@given(suv=st.floats(0, 20), diameter=st.floats(0, 60))
def test_what_a_lesion_shows_lies_between_it_and_the_liver(suv, diameter):
    shown = pet.peak_suv(suv, 1.9, diameter)
    assert min(suv, 1.9) - 1e-9 <= shown <= max(suv, 1.9) + 1e-9


def test_a_small_hot_lesion_hides_and_a_large_one_shows():
    shown = [
        roi(camera(noise_pct=0.0, radius_mm=r, names=("metastasis",)).uptake(INDEX), PLACES["metastasis"], 3.0).max()
        for r in (2.5, 10.0)
    ]
    assert shown[0] < 1.5 * 1.9
    assert shown[1] > 2.5 * 1.9


def test_total_uptake_is_kept_by_blur():
    def total(fwhm):
        bare = camera(HOT, fwhm_mm=fwhm, noise_pct=0.0, radius_mm=0.0, names=("metastasis",))
        with_it = camera(HOT, fwhm_mm=fwhm, noise_pct=0.0, radius_mm=6.0, names=("metastasis",))
        return sum(float((with_it.uptake(k) - bare.uptake(k)).sum()) for k in range(INDEX - 7, INDEX + 8))

    volume = 4 / 3 * np.pi * 6**3 * 8.0 / (3.0 * (360 / 128) ** 2)
    assert total(5.0) == pytest.approx(total(9.0), rel=0.03)
    assert total(6.0) == pytest.approx(volume, rel=0.1)


def test_noise_is_fixed_has_its_size_and_never_goes_below_zero():
    scene = camera(names=("metastasis",))
    picture = scene.uptake(INDEX)
    assert np.array_equal(picture, camera(names=("metastasis",)).uptake(INDEX))
    clean = scene.uptake(INDEX, noise=False)
    liver = (-70.0, -60.0)
    spread = roi(picture - clean, liver, 16.0).std() / roi(clean, liver, 16.0).mean()
    assert spread == pytest.approx(0.10, rel=0.25)
    assert picture.min() >= 0


def test_every_matrix_shows_the_same_picture():
    scene = camera()
    coarse, fine = scene.render(INDEX, 128), scene.render(INDEX, 512)
    assert coarse.dtype == np.int16
    averaged = fine.reshape(128, 4, 128, 4).mean((1, 3))
    # Interpolation smooths the finest grain a little.
    assert np.abs(averaged - coarse).mean() < 0.05 * pet.COUNTS_PER_SUV * 1.9


@pytest.mark.parametrize("radius_mm", [5.0, 9.0, 14.0])
def test_what_the_middle_shows_is_what_the_picture_shows(radius_mm):
    scene = camera(HOT, noise_pct=0.0, radius_mm=radius_mm, names=("metastasis",))
    picture = roi(scene.uptake(INDEX), PLACES["metastasis"], 3.0).max()
    assert picture == pytest.approx(scene.middle_suv()[0], abs=0.6)


@given(diameter=st.floats(0.5, 60), fwhm=st.floats(3, 12))
def test_recovery_away_from_the_middle_falls_to_none_and_keeps_the_volume(diameter, fwhm):
    radius = np.linspace(0.01, diameter / 2 + 4 * fwhm, 4001)
    share = pet.recovery_at(radius, diameter, fwhm)
    assert share[0] == pytest.approx(pet.peak_recovery(diameter, fwhm), abs=1e-4)
    assert np.all(np.diff(share) < 1e-9)
    assert share[-1] < 1e-6
    kept = np.trapezoid(4 * np.pi * radius**2 * share, radius)
    assert kept == pytest.approx(np.pi / 6 * diameter**3, rel=2e-3)


def test_half_of_the_contrast_is_left_at_the_edge_of_a_large_sphere():
    assert pet.recovery_at(200.0, 400.0) == pytest.approx(0.5, abs=0.01)


def test_a_lesion_with_a_dead_core_is_hottest_in_its_wall_as_in_the_picture():
    ring = {"metastasis": 10.0, "necrosis": 0.0, "liver": 2.0}
    place = PLACES["metastasis"]
    lesion = ct.LesionState(("a",), [place], [[14.0] * 3], [0.0], lobulation=0.0, inner_fraction=[0.5])
    parts = {"rim": [PARTS["metastasis"]], "inner": [Part(1, 0, 0, 0, "none", "necrosis")]}
    scene = pet.PetScene(EV.tissues["pet"], lesion, parts, anatomy.default(), ring, noise_pct=0.0)
    picture = scene.uptake(INDEX)
    assert scene.hottest_suv()[0] > scene.middle_suv()[0] + 2
    near = roi(picture, place, 13.0)
    assert near.max() == pytest.approx(scene.hottest_suv()[0], abs=0.7)


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="fwhm_mm is 1; it must be 3 to 20 mm"):
        camera(fwhm_mm=1.0)
    with pytest.raises(ValueError, match="diameter_mm is -1"):
        pet.peak_recovery(-1.0)
