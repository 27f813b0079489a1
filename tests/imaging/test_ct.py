"""CT pictures: HU in their place, lesions, partial volume, truth, and refusals."""

import itertools
import math

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct
from liverlab.imaging.anatomy_canvas import TISSUES

from .scan_setting import ARTERIAL, PORTAL, protocol


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


def one_lesion(centre=(-100.0, -34.0, 3.0), semi=(12.0, 12.0, 12.0), hu=60.0, core_hu=30.0, core=0.0, name="a"):
    return ct.LesionState((name,), [centre], [semi], [hu], [core_hu], [core])


def pixel(patient, x, y, matrix):
    step = patient.pixel_mm(matrix)
    return int((y - patient.fov_centre_mm[1] + 180) / step), int((x - patient.fov_centre_mm[0] + 180) / step)


def roi(patient, picture, x, y, half=3):
    row, col = pixel(patient, x, y, picture.shape[0])
    return picture[row - half : row + half + 1, col - half : col + half + 1].astype(float)


# ---- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tissue", "x", "y", "z"),
    [
        ("aorta", 13, -31, 0),
        ("liver", -110, -10, 9),
        ("spleen", 112, -10, 0),
        ("bile", -52, -79, -72),
        ("ivc", -18, -45, -57),
    ],
)
@pytest.mark.parametrize("phase", [PORTAL, ARTERIAL])
def test_a_region_measures_the_tissue_it_lies_in(patient, phase, tissue, x, y, z):
    quiet = {**phase, "spleen_moire_hu": 0.0}
    clean = roi(patient, ct.render(patient, quiet, ct.NO_LESIONS, float(z), protocol(), 256, noise=False), x, y)
    noisy = roi(patient, ct.render(patient, quiet, ct.NO_LESIONS, float(z), protocol(), 256), x, y)
    assert clean.mean() == pytest.approx(phase[tissue], abs=4.0)
    assert noisy.mean() == pytest.approx(phase[tissue], abs=9.0)  # 49 correlated pixels of 12 HU


def test_a_picture_is_radiological_int16_hounsfield(patient):
    picture = ct.render(patient, PORTAL, ct.NO_LESIONS, 33, protocol(), 128)
    assert picture.dtype == np.int16
    assert picture.shape == (128, 128)
    assert picture.min() >= -1024
    liver = np.argwhere(patient.prepare(33, 128).liver_distance_mm() < -8)
    assert liver[:, 1].mean() < 55  # the patient's right is on the left of the picture
    bone = np.argwhere(picture[:100] > 350)
    assert bone[:, 0].mean() > 60  # the spine is below


def test_pictures_are_linear_in_the_tissues_hu(patient):
    half = {name: (PORTAL[name] + ARTERIAL[name]) / 2 for name in TISSUES}
    a, b, c = (
        ct.render(patient, {**hu, "spleen_moire_hu": 0}, ct.NO_LESIONS, 30, protocol(), 128, noise=False).astype(float)
        for hu in (PORTAL, ARTERIAL, half)
    )
    assert np.abs((a + b) / 2 - c).max() <= 1.01  # rounding to whole HU


def test_a_volume_is_its_slices(patient):
    volume = ct.render_volume(patient, PORTAL, one_lesion(), protocol(), 64, z_indices=[31, 33])
    assert volume.shape == (2, 64, 64)
    assert np.array_equal(volume[1], ct.render(patient, PORTAL, one_lesion(), 33, protocol(), 64))


def test_a_finer_picture_averages_to_the_coarser_one(patient):
    coarse, fine = (
        ct.render(patient, PORTAL, one_lesion(), 33, protocol(), m, noise=False).astype(float) for m in (256, 512)
    )
    apart = np.abs(coarse - fine.reshape(256, 2, 256, 2).mean((1, 3)))
    body = np.minimum(coarse, fine[::2, ::2]) > -200
    assert np.median(apart[body]) < 1.5
    assert np.mean(apart[body] > 20) < 0.1  # edges of bone and gas are a little softer on larger pixels


def test_a_thick_slice_averages_its_neighbours(patient):
    thick = ct.render(patient, PORTAL, ct.NO_LESIONS, 33, protocol(slice_mm=9.0), 128, noise=False).astype(float)
    three = [
        ct.render(patient, PORTAL, ct.NO_LESIONS, k, protocol(), 128, noise=False).astype(float) for k in (32, 33, 34)
    ]
    assert np.abs(thick - np.mean(three, axis=0)).max() <= 1.01


# ---- lesions ---------------------------------------------------------------------------------------------------------


def test_a_lesion_covers_what_it_lies_on_and_nothing_else(patient):
    without = ct.render(patient, PORTAL, ct.NO_LESIONS, 33, protocol(), 256, noise=False)
    with_it = ct.render(patient, PORTAL, one_lesion(), 33, protocol(), 256, noise=False)
    assert roi(patient, with_it, -100, -34).mean() == pytest.approx(60, abs=0.6)
    rows, cols = np.nonzero(with_it != without)
    step = patient.pixel_mm(256)
    x, y = (cols + 0.5) * step - 180 + patient.fov_centre_mm[0], (rows + 0.5) * step - 180 + patient.fov_centre_mm[1]
    assert np.hypot(x + 100, y + 34).max() < 12 * 1.12 + 4


def test_a_lesion_at_liver_hu_is_as_good_as_absent(patient):
    isodense = one_lesion(hu=103.0)
    noisy = ct.render(patient, PORTAL, isodense, 33, protocol(), 256).astype(float)
    inside, around = roi(patient, noisy, -100, -34, 5), roi(patient, noisy, -110, -10, 5)
    assert abs(inside.mean() - around.mean()) < 6


def test_core_and_rim_have_their_own_hu(patient):
    target = one_lesion(semi=(16.0, 16.0, 16.0), hu=90.0, core_hu=30.0, core=0.6)
    picture = ct.render(patient, PORTAL, target, 33, protocol(), 256, noise=False)
    assert roi(patient, picture, -100, -34, 2).mean() == pytest.approx(30, abs=1.5)
    assert roi(patient, picture, -100 + 13, -34, 0).mean() == pytest.approx(90, abs=12)


def test_a_small_lesion_fades_with_slice_thickness(patient):
    def depth(thickness):
        small = one_lesion(semi=(3.0, 3.0, 3.0), hu=30.0)
        thick = protocol(slice_mm=thickness)
        without = ct.render(patient, PORTAL, ct.NO_LESIONS, 33, thick, 256, noise=False)
        return float((without - ct.render(patient, PORTAL, small, 33, thick, 256, noise=False)).max())

    depths = [depth(t) for t in (1.0, 2.0, 3.0, 5.0, 7.0, 10.0)]
    assert all(a >= b for a, b in itertools.pairwise(depths))
    assert depths[0] > 60
    assert depths[-1] < 0.75 * depths[0]


def test_the_truth_mask_has_the_lesions_volume(patient):
    semi = np.array([17.0, 13.0, 15.0])
    lesion = one_lesion(centre=(-92.0, -34.0, 6.0), semi=semi, name="T1")
    pixels = sum(int(ct.truth(patient, lesion, k, 256).sum()) for k in range(27, 42))
    volume = pixels * patient.pixel_mm(256) ** 2 * 3
    assert volume == pytest.approx(4 / 3 * np.pi * semi.prod(), rel=0.08)


def test_the_truth_mask_agrees_with_the_picture(patient):
    lesion = one_lesion(semi=(15.0, 12.0, 14.0), hu=-300.0)
    seen = ct.render(patient, PORTAL, lesion, 33, protocol(slice_mm=1.0), 256, noise=False) < -100
    known = ct.truth(patient, lesion, 33, 256) == 1
    near = patient.prepare(33, 256).liver_distance_mm() < -2
    assert 2 * (seen & known & near).sum() / ((seen & near).sum() + known.sum()) > 0.96


def test_a_lesion_keeps_its_form_while_it_shrinks(patient):
    masks = [ct.truth(patient, one_lesion(semi=(r, r, r)), 33, 512) for r in (18.0, 9.0)]
    row, col = pixel(patient, -100, -34, 512)
    big, small = (m[row - 52 : row + 52, col - 52 : col + 52] for m in masks)
    doubled = np.kron(small[26:78, 26:78], np.ones((2, 2), np.uint8))
    assert 2 * (big & doubled).sum() / (big.sum() + doubled.sum()) > 0.95


def test_lesions_are_numbered_and_a_vanished_one_leaves_no_trace(patient):
    two = ct.LesionState(("a", "b"), [[-100, -34, 3], [-70, -60, 3]], [[10] * 3, [0] * 3], [50, 50], [0, 0], [0, 0])
    mask = ct.truth(patient, two, 33, 256)
    assert set(np.unique(mask)) == {0, 1}
    swapped = ct.LesionState(("b", "a"), [[-70, -60, 3], [-100, -34, 3]], [[0] * 3, [10] * 3], [50, 50], [0, 0], [0, 0])
    assert np.array_equal(ct.truth(patient, swapped, 33, 256) == 2, mask == 1)


def test_a_lesion_does_not_leave_the_liver_by_more_than_a_bulge(patient):
    edge = one_lesion(centre=(-118.0, -34.0, 3.0), semi=(25.0, 25.0, 25.0))
    distance = patient.prepare(33, 256).liver_distance_mm()
    assert distance[ct.truth(patient, edge, 33, 256) == 1].max() < 3.3


# ---- refusals --------------------------------------------------------------------------------------------------------


def test_bad_input_is_refused_in_one_sentence(patient):
    def render(hu=PORTAL, lesions=ct.NO_LESIONS, z=33, setting=None, matrix=64):
        return ct.render(patient, hu, lesions, z, setting or protocol(), matrix)

    with pytest.raises(ValueError, match="tissue_hu lacks spleen"):
        render({name: hu for name, hu in PORTAL.items() if name != "spleen"})
    with pytest.raises(ValueError, match=r"tissue_hu\['liver'\] is nan"):
        render({**PORTAL, "liver": math.nan})
    with pytest.raises(ValueError, match=r"spleen_moire_hu"):
        render({**PORTAL, "spleen_moire_hu": math.inf})
    with pytest.raises(ValueError, match=r"slice_mm is 0; it must be 0\.3 to 20 mm"):
        render(setting=protocol(slice_mm=0.0))
    with pytest.raises(ValueError, match="dose_pct is nan"):
        render(setting=protocol(dose_pct=math.nan))
    with pytest.raises(ValueError, match="matrix is 50000"):
        render(matrix=50_000)
    with pytest.raises(ValueError, match="outside the liver"):
        render(lesions=one_lesion(centre=(100.0, 0.0, 0.0)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hu": math.nan}, "hu holds"),
        ({"semi": (3.0, -1.0, 3.0)}, "semi_axes_mm holds"),
        ({"core": 1.5}, "inner_fraction holds"),
        ({"centre": (math.inf, 0.0, 0.0)}, "centre_mm holds"),
    ],
)
def test_impossible_lesions_are_refused(change, words):
    with pytest.raises(ValueError, match=words):
        one_lesion(**change)


def test_lesion_arrays_must_agree_in_number():
    with pytest.raises(ValueError, match=r"hu has shape \(2,\)"):
        ct.LesionState(("a",), [[0, 0, 0]], [[1, 1, 1]], [1, 2], [1], [0])
