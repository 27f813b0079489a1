"""The virtual abdomen: volume, layout, coverage, cache and refusals."""

import math

import numpy as np
import pytest

from liverlab.imaging import anatomy
from liverlab.imaging.anatomy_canvas import TISSUE_INDEX, TISSUES
from liverlab.imaging.anatomy_liver import free_liver, shape

from .reference_mesh import LIVERS, inside_mesh, sphericity


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


def share_of(slice_map, tissue):
    """Coverage (N, N) of one tissue: the picture of a body in which only that tissue has 1 HU."""
    vector = np.zeros(len(TISSUES), np.float32)
    vector[TISSUE_INDEX[tissue]] = 1.0
    return slice_map.hu(vector, texture=False)


def area_mm2(patient, z_mm, tissue, matrix=128):
    return float(share_of(patient.prepare(z_mm, matrix), tissue).sum()) * patient.pixel_mm(matrix) ** 2


# ---- liver -----------------------------------------------------------------------------------------------------------


def test_the_stated_volume_holds_after_contact_with_wall_and_diaphragm(patient):
    mask, *_ = patient.liver_mask(3.0)
    assert mask.sum() * 27 / 1000 == pytest.approx(patient.liver_ml, rel=0.02)
    assert patient.form().liver_ml == pytest.approx(patient.liver_ml, rel=0.005)


def test_the_kept_answer_for_the_standard_patient_is_what_solving_gives(patient):
    scale, volume = patient.solve_liver()
    assert patient.liver_scale == pytest.approx(scale, rel=0.002)
    assert patient.form().liver_ml == pytest.approx(volume, rel=0.003)


@pytest.mark.parametrize(("width", "volume"), [(300.0, 1400.0), (345.0, 2100.0)])
def test_other_bodies_hold_their_liver_too(width, volume):
    other = anatomy.Anatomy(body_width_mm=width, liver_ml=volume)
    mask, *_ = other.liver_mask(4.0)
    assert mask.sum() * 64 / 1000 == pytest.approx(volume, rel=0.02)


def test_the_free_shape_has_its_fitted_volume_and_scales_with_the_cube():
    x, y, z = (
        np.arange(-110, 140, 4.0)[None, :],
        np.arange(-90, 90, 4.0)[:, None],
        np.arange(-80, 90, 4.0)[:, None, None],
    )
    volume = (free_liver(x, y, z) < 0).sum() * 64 / 1000
    assert volume == pytest.approx(1503, rel=0.01)  # PHANTOM: +0.2 % of 1500 mL
    smaller = (free_liver(x, y, z, scale=0.9) < 0).sum() * 64 / 1000
    assert smaller == pytest.approx(volume * 0.9**3, rel=0.01)


@pytest.mark.skipif(not LIVERS["F"].exists(), reason="public reference data is not beside this project")
@pytest.mark.parametrize("name", ["F", "M"])
def test_the_free_shape_agrees_with_the_mesh_it_was_fitted_to(name):
    inside, x, y, z = inside_mesh(LIVERS[name], step_mm=3.0, volume_ml=1500.0)
    field = free_liver(x[None, None, :], y[None, :, None], z[:, None, None], name=name)
    ours = field < 0
    assert 2 * (ours & inside).sum() / (ours.sum() + inside.sum()) >= 0.97
    assert ours.sum() == pytest.approx(inside.sum(), rel=0.01)
    # surface as the integral of the gradient of a soft mask
    soft = np.clip(0.5 - field / 6.0, 0, 1).astype(float)
    area = np.sqrt(sum(g**2 for g in np.gradient(soft, 3.0))).sum() * 27
    assert np.pi ** (1 / 3) * (6 * soft.sum() * 27) ** (2 / 3) / area == pytest.approx(
        sphericity(LIVERS[name]), abs=0.03
    )
    filled = [mask.sum() / np.prod(np.ptp(np.argwhere(mask), axis=0) + 1) for mask in (ours, inside)]
    assert filled[0] == pytest.approx(filled[1], abs=0.01)


def test_sixteen_primitives_of_both_shapes_are_there():
    for name in ("F", "M"):
        _, centres, _, is_body, _ = shape(name)
        assert centres.shape == (16, 3)
        assert sum(is_body) == 10


def test_the_liver_is_where_a_radiologist_expects_it(patient):
    inside = [(-100, -40, 0), (-60, -60, 30), (-75, -45, 60), (-100, -30, -40), (0, -75, 10)]
    outside = [(13, -33, 0), (0, 0, 0), (110, 0, 0), (80, -60, 0), (-60, 10, -70), (-85, -45, 95)]
    assert (patient.liver_field(*np.array(inside, float).T) < -3).all()
    assert (patient.liver_field(*np.array(outside, float).T) > 0).all()


def test_the_slice_map_carries_the_same_liver_as_the_points(patient):
    index = 33
    grid_mm = patient.prepare(index, 128).liver_distance_mm()
    rows, cols = np.array([60, 64, 70]), np.array([30, 40, 48])
    step = patient.pixel_mm(128)
    x = patient.fov_centre_mm[0] - 180 + (cols + 0.5) * step
    y = patient.fov_centre_mm[1] - 180 + (rows + 0.5) * step
    there = patient.liver_field(x, y, np.full(3, patient.z_mm[index]))
    assert np.allclose(np.clip(there, -31.75, 31.75), grid_mm[rows, cols], atol=0.3)


# ---- slices ----------------------------------------------------------------------------------------------------------


def test_every_slice_can_be_built_and_is_wholly_covered(patient):
    ones = np.ones(len(TISSUES), np.float32)
    for index in range(len(patient.z_mm)):
        slice_map = patient.prepare(index, 64)
        assert np.allclose(slice_map.hu(ones, texture=False), 1.0, atol=1e-3)
        assert share_of(slice_map, "air")[0, 0] == 1.0


def test_scrolling_from_dome_to_tip_meets_the_organs_in_their_order(patient):
    levels = {z: {t: area_mm2(patient, z, t) for t in TISSUES} for z in (-87.0, -60.0, -33.0, 0.0, 30.0, 54.0, 78.0)}
    assert levels[78.0]["lung"] > 15000 > levels[0.0]["lung"] > 200 > levels[-60.0]["lung"]
    assert levels[0.0]["liver"] > 14000
    assert levels[-87.0]["liver"] < 3000
    assert levels[-60.0]["kidney_cortex"] > 1500 > 50 > levels[0.0]["kidney_cortex"]
    assert levels[-60.0]["bile"] > 100 > levels[0.0]["bile"]
    assert levels[0.0]["spleen"] > 2500 > 100 > levels[78.0]["spleen"]
    assert levels[-33.0]["pancreas"] > 150 > levels[30.0]["pancreas"]
    assert levels[0.0]["gas"] > 200
    assert all(level["aorta"] > 200 for level in levels.values())
    assert all(level["spinal_canal"] > 60 for level in levels.values())


def test_discs_and_vertebral_bodies_alternate(patient):
    at_disc, at_body = area_mm2(patient, -45.0, "disc"), area_mm2(patient, -33.0, "disc")
    assert at_disc > 500
    assert at_body < 10


def test_the_body_is_as_wide_as_asked():
    for width in (300.0, 345.0):
        air = share_of(anatomy.Anatomy(body_width_mm=width).prepare(33, 128), "air")
        middle = air[40:80].min(axis=0) < 0.5
        assert np.flatnonzero(middle).size * 360 / 128 == pytest.approx(width, rel=0.03)


def test_a_woman_of_the_same_width_has_more_fat_and_less_muscle(patient):
    woman = anatomy.Anatomy(sex="F")
    for z in (-60.0, 0.0):
        for tissue, low, high in (("subcutaneous_fat", 1.15, 1.7), ("muscle", 0.75, 0.97)):
            ratio = area_mm2(woman, z, tissue) / area_mm2(patient, z, tissue)
            assert low < ratio < high, (tissue, z)
    outline = [share_of(one.prepare(-84.0, 128), "air")[60] < 0.5 for one in (woman, patient)]
    assert outline[0].sum() < outline[1].sum()  # a narrower waist
    with pytest.raises(ValueError, match=r"^sex is 'X'; it must be 'M' or 'F'\.$"):
        anatomy.Anatomy(sex="X")


def test_a_wider_matrix_shows_the_same_body(patient):
    vector = np.linspace(-100, 200, len(TISSUES)).astype(np.float32)
    coarse, fine = patient.prepare(30, 128).hu(vector), patient.prepare(30, 256).hu(vector)
    halved = fine.reshape(128, 2, 128, 2).mean(axis=(1, 3))
    assert np.abs(coarse - halved).mean() < 3.0
    assert np.corrcoef(coarse.ravel(), halved.ravel())[0, 1] > 0.99


def test_hu_are_linear_in_the_tissues(patient):
    rng = np.random.default_rng(3)
    one, two = rng.normal(60, 80, (2, len(TISSUES))).astype(np.float32)
    slice_map = patient.prepare(28, 128)
    both = slice_map.hu(2 * one - 0.5 * two, texture=False)
    assert np.allclose(both, 2 * slice_map.hu(one, texture=False) - 0.5 * slice_map.hu(two, texture=False), atol=0.05)


def test_the_moire_stays_in_the_spleen(patient):
    slice_map = patient.prepare(33, 128)
    zero = np.zeros(len(TISSUES), np.float32)
    bands = slice_map.hu(zero, moire_hu=20.0, texture=False)
    spleen = share_of(slice_map, "spleen")
    assert not bands[spleen == 0].any()
    assert bands[spleen > 0.99].std() == pytest.approx(20, rel=0.5)
    assert abs(bands[spleen > 0.99].mean()) < 6


def test_two_patients_with_one_seed_are_the_same_and_with_another_differ():
    vector = np.linspace(-100, 200, len(TISSUES)).astype(np.float32)
    first, again, other = (anatomy.Anatomy(seed=s).prepare(33, 64).hu(vector) for s in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


# ---- cache and refusals ----------------------------------------------------------------------------------------------


def test_a_slice_is_built_once_and_small(patient):
    assert patient.prepare(33, 256) is patient.prepare(33, 256)
    patient = anatomy.Anatomy()
    patient.prepare(33, 256)
    assert patient._cache.nbytes < 1_400_000  # 64 of them fit into what may be kept


def test_the_cache_drops_what_was_not_used_for_longest(monkeypatch):
    small = anatomy.Anatomy()
    small.prepare(30, 64)
    one = small._cache.nbytes
    monkeypatch.setattr(anatomy, "CACHE_BYTES", int(2.5 * one))
    first = small.prepare(31, 64)
    small.prepare(32, 64)
    assert small.prepare(31, 64) is first
    small.prepare(33, 64)
    assert small._cache.nbytes <= 2.5 * one
    held = {key for key in small._cache if key[0] == "slice"}
    assert {key[1] for key in held} == {31, 33}


@pytest.mark.parametrize("matrix", [0, 63, 1025, 100_000, 256.0, True, None])
def test_a_picture_size_is_refused_before_memory_is_taken(patient, matrix):
    with pytest.raises(ValueError, match=r"matrix is .*between 64 and 1024"):
        patient.prepare(33, matrix)


@pytest.mark.parametrize("index", [-1, 64])
def test_a_slice_that_does_not_exist_is_refused(patient, index):
    with pytest.raises(ValueError, match=r"z_index is .* between 0 and 63"):
        patient.prepare(index, 64)


@pytest.mark.parametrize("height", [-120.0, 120.0, math.nan])
def test_a_height_outside_the_scan_is_refused(patient, height):
    with pytest.raises(ValueError, match="z_mm is"):
        patient.slice_index(height)


def test_a_height_finds_its_slice(patient):
    assert patient.slice_index(0.0) == 32
    assert patient.slice_index(float(patient.z_mm[10]) + 1.4) == 10
    assert patient.slice_index(-97.4) == 0


@pytest.mark.parametrize(
    ("sizes", "word"),
    [
        ({"liver_ml": math.nan}, "liver_ml"),
        ({"liver_ml": 5000.0}, "liver_ml"),
        ({"body_width_mm": 100.0}, "body_width_mm"),
        ({"body_width_mm": math.inf}, "body_width_mm"),
    ],
)
def test_impossible_patients_are_refused(sizes, word):
    with pytest.raises(ValueError, match=word):
        anatomy.Anatomy(**sizes)


def test_a_liver_too_large_for_its_body_is_refused():
    with pytest.raises(ValueError, match="cannot hold"):
        anatomy.Anatomy(body_width_mm=280.0, liver_ml=3000.0).prepare(33, 64)


def test_lesions_must_lie_in_the_liver(patient):
    anatomy.check_lesions(patient, [[-100.0, -40.0, 0.0]], [[10.0, 10.0, 10.0]])
    anatomy.check_lesions(patient, np.zeros((0, 3)), np.zeros((0, 3)))
    with pytest.raises(ValueError, match=r"lesion 1 is \(100, 0, 0\), .* mm outside the liver"):
        anatomy.check_lesions(patient, [[-100.0, -40, 0], [100, 0, 0]], np.full((2, 3), 5.0))
    with pytest.raises(ValueError, match="centre_mm holds"):
        anatomy.check_lesions(patient, [[math.nan, 0, 0]], [[5, 5, 5]])
    with pytest.raises(ValueError, match="semi_axes_mm is"):
        anatomy.check_lesions(patient, [[-100, -40, 0]], [[5, -5, 5]])
    with pytest.raises(ValueError, match="shape"):
        anatomy.check_lesions(patient, [[-100, -40, 0]], np.full((2, 3), 5.0))
