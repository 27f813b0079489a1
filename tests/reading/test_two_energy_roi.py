"""Iodine and calcium from rendered pictures: exact without noise, inside the predicted ellipse with it."""

from dataclasses import replace

import numpy as np
import pytest

from liverlab.imaging import ct, energy_scene, two_energies
from liverlab.imaging.lesions import LesionState
from liverlab.imaging.protocol import REFERENCE
from liverlab.imaging.scene import Scene
from liverlab.reading import two_energy_roi

from . import populations

IODINE, CALCIUM, TISSUE = 2.0, 50.0, 44.0
CENTRE, RADIUS = (-100.0, -34.0, 3.0), 16.0
BEAMS = (80.0, 140.0, REFERENCE.body_cm)


def examination(noise_hu=12.0, seed=1, tin_mm=0.0, iodine=IODINE, calcium=CALCIUM, **protocol):
    scenes = []
    for kvp in (80.0, 140.0):
        scan = replace(REFERENCE, kvp=kvp, noise_hu=noise_hu, tin_mm=tin_mm, **protocol)
        hu = TISSUE + iodine * scan.hu_per_mgi_ml + calcium * scan.hu_per_mg_hydroxyapatite_ml
        lesions = LesionState(("a",), [CENTRE], [[RADIUS] * 3], [hu])
        scenes.append(Scene(populations.tissue_hu(103.0), lesions, scan, seed))
    return energy_scene.TwoScans.of(*scenes)


def read(scans, radius=0.6 * RADIUS):
    index = scans.low.anatomy.slice_index(CENTRE[2])
    return two_energy_roi.read(scans, index, two_energy_roi.ellipse(CENTRE, (radius, radius)), TISSUE)


def test_without_noise_the_pictures_give_back_what_was_put_in():
    found = read(examination(noise_hu=0.001))
    # Pictures hold whole HU; means of many pixels and the inverse of the slopes carry half a HU to 2 mg/mL at most.
    assert found.iodine_mg_ml == pytest.approx(IODINE, abs=0.1)
    assert found.calcium_mg_ml == pytest.approx(CALCIUM, abs=2.0)
    exact = two_energies.forward(IODINE, CALCIUM, *BEAMS, TISSUE)
    assert two_energies.decompose(*exact, *BEAMS, TISSUE) == pytest.approx((IODINE, CALCIUM))


@pytest.mark.parametrize("tin_mm", [0.0, 0.4])
def test_with_noise_the_means_lie_in_the_predicted_ellipse(tin_mm):
    inside, found = [], []
    for seed in range(24):
        one = read(examination(seed=seed, tin_mm=tin_mm))
        inside.append(
            bool(two_energies.is_inside(one.iodine_mg_ml, one.calcium_mg_ml, (IODINE, CALCIUM), one.covariance))
        )
        found.append((one.iodine_mg_ml, one.calcium_mg_ml))
    assert 19 <= sum(inside) <= 24, "95 % of 24 are 23"
    spread = np.cov(np.array(found).T)
    ratio = np.linalg.eigvals(np.linalg.solve(one.covariance, spread))
    assert 0.3 < ratio.min() < ratio.max() < 2.5, "neither far too wide nor far too narrow"


def test_a_pixel_says_nothing_and_tin_helps():
    plain, tin = (two_energy_roi.pixel_covariance(examination(tin_mm=tin)) for tin in (0.0, 0.4))
    iodine, calcium = np.sqrt(np.diag(plain))
    assert 60 < calcium < 100
    assert 3 < iodine < 5
    assert np.linalg.det(tin) < 0.5 * np.linalg.det(plain)


def test_pixels_of_the_calcium_map_scatter_as_predicted():
    scans = examination()
    index = scans.low.anatomy.slice_index(CENTRE[2])
    chart = energy_scene.EnergyMap("calcium", scans, TISSUE).values(index, 512)
    liver = energy_scene.EnergyMap("iodine", scans, TISSUE).values(index, 512)
    sd_iodine, sd_calcium = np.sqrt(np.diag(two_energy_roi.pixel_covariance(scans)))
    row, column = (
        int((mm - centre + 180) / (360 / 512))
        for mm, centre in zip(CENTRE[1::-1], scans.low.anatomy.fov_centre_mm[::-1], strict=True)
    )
    part = (slice(row - 10, row + 11), slice(column - 10, column + 11))
    assert chart[part].std() == pytest.approx(sd_calcium, rel=0.35)
    assert liver[part].std() == pytest.approx(sd_iodine, rel=0.35)


def test_a_larger_region_is_surer_and_never_noisier_than_a_pixel():
    areas = np.array([0.5, 4.0, 50.0, 400.0])
    sd = two_energy_roi.mean_sd_hu(REFERENCE, areas)
    assert (np.diff(sd) <= 0).all()
    assert sd[0] == ct.noise_sd_hu(REFERENCE)
    assert sd[3] == pytest.approx(ct.noise_sd_hu(REFERENCE) / 10)


def test_bad_input_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match=r"^rx is 0; it must be above 0 to 200 mm\.$"):
        read(examination(), 0.0)
    with pytest.raises(ValueError, match=r"^inside holds no pixel; "):
        two_energy_roi.read(examination(), 33, np.zeros((512, 512), bool), TISSUE)


def test_a_wrong_guess_of_the_tissue_is_covered_by_its_own_uncertainty_and_by_no_region():
    scans = examination(noise_hu=0.001)
    index = scans.low.anatomy.slice_index(CENTRE[2])
    mask = two_energy_roi.ellipse(CENTRE, (10, 10))
    wrong = two_energy_roi.read(scans, index, mask, TISSUE + 10.0, tissue_sd_hu=10.0)
    assert wrong.calcium_mg_ml - CALCIUM == pytest.approx(-np.sqrt(wrong.covariance[1, 1]), rel=0.1)
    assert wrong.iodine_mg_ml - IODINE == pytest.approx(np.sqrt(wrong.covariance[0, 0]), rel=0.2)
    assert wrong.covariance[0, 1] < 0
