"""Liver, lesions and vessels as surfaces: closed, of the volume the slices have, where the slices have them."""

import numpy as np
import pytest

from liverlab.imaging import anatomy, ct, surfaces, vessels
from liverlab.imaging.isosurface import isosurface
from liverlab.imaging.lesions import BULGE_MM
from liverlab.imaging.liver_state import Shape


@pytest.fixture(scope="module")
def patient():
    return anatomy.default()


@pytest.fixture(scope="module")
def lesions():
    centre = [[-100, -34, 3], [-70, -60, 30], [-118, -34, 3], [-20, -80, 10]]
    semi = [[12, 12, 12], [18, 14, 15], [25, 25, 25], [4, 4, 4]]
    return ct.LesionState(("a", "b", "edge", "small"), centre, semi, [50] * 4, [30] * 4, [0] * 4)


@pytest.fixture(scope="module")
def built(patient, lesions):
    return surfaces.build(patient, lesions)


@pytest.mark.parametrize("grid_mm", [2.0, 3.0, 4.0])
def test_the_liver_is_one_closed_surface_of_the_stated_volume(patient, grid_mm):
    liver = surfaces.build(patient, grid_mm=grid_mm).liver
    assert liver.is_closed
    assert liver.euler == 2
    assert liver.volume_ml == pytest.approx(patient.form().liver_ml, rel=0.01)


@pytest.mark.parametrize(("width", "ml"), [(300.0, 1500.0), (345.0, 2600.0), (320.0, 800.0)])
def test_other_livers_are_closed_too(width, ml):
    liver = surfaces.build(anatomy.Anatomy(width, ml)).liver
    assert liver.is_closed
    assert liver.euler == 2
    assert liver.volume_ml == pytest.approx(ml, rel=0.015)


CIRRHOTIC = Shape(liver_ml=1200, nodularity_mm=1.3, nodule_mm=14, right_atrophy_mm=6, caudate_growth_mm=8)


def test_a_liver_moved_by_disease_is_closed_and_has_the_stated_volume(patient, built):
    liver = surfaces.build(patient, shape=CIRRHOTIC).liver
    assert liver.is_closed
    assert liver.euler == 2
    assert liver.volume_ml == pytest.approx(1200, rel=0.02)

    def sphericity(mesh):
        return np.pi ** (1 / 3) * (6 * mesh.volume_ml) ** (2 / 3) / mesh.area_cm2

    assert sphericity(liver) < 0.97 * sphericity(built.liver)


def test_the_field_is_worked_out_wherever_the_surface_is(patient):
    """Far from the surface it is only interpolated; the mesh must be that of the whole field."""
    liver = surfaces.build(patient, grid_mm=5.0, shape=CIRRHOTIC).liver
    low, high = liver.vertices.min(0) - 10, liver.vertices.max(0) + 10
    # The same grid: it starts at a corner of the coarse one.
    field, (x, y, z) = surfaces._sampled(patient, 5.0, CIRRHOTIC)
    whole = np.stack([patient.liver_field(x[None, :], y[:, None], k, CIRRHOTIC) for k in z])
    assert np.array_equal(field < 0, whole < 0)
    assert x[0] < low[0] < high[0] < x[-1]
    assert isosurface(whole, x, y, z).volume_ml == pytest.approx(isosurface(field, x, y, z).volume_ml, rel=1e-4)


def test_the_surface_lies_where_the_field_is_zero(patient, built):
    apart = np.abs(patient.liver_field(*built.liver.vertices[::10].T))
    assert np.percentile(apart, 99) < 0.6
    assert apart.max() < 1.5  # at the crease where the liver leaves the diaphragm
    a, b, c = built.liver.vertices[built.liver.triangles].transpose(1, 0, 2)
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    some = slice(None, None, 60)
    middle = ((a + b + c) / 3)[some]
    assert (patient.liver_field(*(middle + 2 * normal[some]).T) > 0).mean() > 0.99
    assert (patient.liver_field(*(middle - 2 * normal[some]).T) < 0).mean() > 0.99


def test_lesions_have_the_volume_of_the_truth_masks(patient, lesions, built):
    voxel_ml = patient.pixel_mm(256) ** 2 * 3 / 1000
    masks = np.stack([ct.truth(patient, lesions, k, 256) for k in range(18, 56)])
    for place, mesh in enumerate(built.lesions[:3]):
        assert mesh.is_closed
        assert mesh.euler == 2
        one = ct.LesionState(*(getattr(lesions, name)[place : place + 1] for name in lesions.__dataclass_fields__))
        alone = sum(int(ct.truth(patient, one, k, 256).sum()) for k in range(18, 56)) * voxel_ml
        assert mesh.volume_ml == pytest.approx(alone, rel=0.04)
    assert set(np.unique(masks)) == {0, 1, 2, 3, 4}


def test_a_wedge_is_the_wedge_of_the_slices(patient):
    wedge = ct.LesionState(("w",), [[-95, -50, 0]], [[26, 15, 15]], 60.0, wedge=True)
    (mesh,) = surfaces.build(patient, wedge, grid_mm=6.0).lesions
    seen = (
        sum(int(ct.truth(patient, wedge, k, 256).sum()) for k in range(20, 50)) * patient.pixel_mm(256) ** 2 * 3 / 1000
    )
    assert mesh.is_closed
    assert mesh.volume_ml == pytest.approx(seen, rel=0.06)
    ellipsoid_ml = 4 / 3 * np.pi * 26 * 15 * 15 / 1000
    assert mesh.volume_ml < 0.8 * ellipsoid_ml


def test_a_lesion_at_the_capsule_is_held_back_as_in_the_slices(patient, built):
    edge = built.lesions[built.lesion_ids.index("edge")]
    depth = patient.liver_field(*edge.vertices.T)
    assert 1.5 < depth.max() < BULGE_MM + 0.5


def test_a_vanished_lesion_has_no_surface(patient):
    gone = ct.LesionState(("a", "b"), [[-100, -34, 3], [-70, -60, 3]], [[0] * 3, [9] * 3], [50] * 2, [0] * 2, [0] * 2)
    built = surfaces.build(patient, gone, grid_mm=6.0)
    assert built.lesion_ids == ("b",)
    assert len(built.lesions) == 1


def test_vessels_are_tubes_around_the_trees_with_their_volume(patient, built):
    for tissue, mesh in (("portal_vein", built.portal), ("hepatic_vein", built.hepatic)):
        cones = vessels.trees(patient.liver_scale)[tissue]
        a, b, r0, r1 = cones[:, :3], cones[:, 4:7], cones[:, 3], cones[:, 7]
        volume = (np.pi / 3 * np.linalg.norm(b - a, axis=1) * (r0**2 + r0 * r1 + r1**2)).sum() / 1000
        assert mesh.is_closed
        if tissue == "portal_vein":
            assert mesh.volume_ml == pytest.approx(volume, rel=0.1)
        distances = np.linalg.norm(mesh.vertices[:, None] - np.concatenate([a, b])[None, :, :], axis=2).min(1)
        assert np.median(distances) < 2.5


def test_hepatic_veins_end_in_the_vena_cava(built):
    top = built.hepatic.vertices[built.hepatic.vertices[:, 2] > vessels.IVC_TOP_MM - 6]
    assert np.ptp(top[:, 0]) == pytest.approx(26, abs=4)
    assert top.mean(0)[:2] == pytest.approx((-19, -44), abs=4)


def test_a_function_colours_the_liver(patient):
    built = surfaces.build(patient, grid_mm=6.0, values=lambda points: points[:, 2] * 2)
    assert np.allclose(built.liver_values, built.liver.vertices[:, 2] * 2)
    with pytest.raises(ValueError, match="values gave an array of shape"):
        surfaces.build(patient, grid_mm=6.0, values=lambda points: points)
    with pytest.raises(ValueError, match="finite numbers"):
        surfaces.build(patient, grid_mm=6.0, values=lambda points: points[:, 0] * np.nan)


def test_all_of_it_is_small_enough_to_send(built):
    meshes = [built.liver, built.portal, built.hepatic, *built.lesions]
    assert sum(mesh.vertices.nbytes + mesh.triangles.nbytes for mesh in meshes) < 1_500_000


@pytest.mark.parametrize("grid_mm", [0.0, 0.1, -3.0, float("nan"), 30.0])
def test_an_impossible_grid_is_refused_before_memory_is_taken(patient, grid_mm):
    with pytest.raises(ValueError, match="grid_mm is"):
        surfaces.build(patient, grid_mm=grid_mm)


def test_a_lesion_outside_the_liver_is_refused(patient):
    outside = ct.LesionState(("a",), [[100, 0, 0]], [[9] * 3], [50], [0], [0])
    with pytest.raises(ValueError, match="outside the liver"):
        surfaces.build(patient, outside)
