"""Triangle meshes of implicit solids: closed, turned outwards, of the right size, whatever the field."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liverlab.imaging.isosurface import Mesh, isosurface, joined, largest_piece

AXIS = np.arange(-12.0, 13.0)


def ball(centre=(0.0, 0.0, 0.0), radius=8.0):
    x, y, z = np.meshgrid(AXIS, AXIS, AXIS, indexing="ij")
    return (np.sqrt((x - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z - centre[2]) ** 2) - radius).T


def closed(field):
    """The field with a positive shell around it."""
    return np.pad(field, 1, constant_values=1.0)


def test_a_ball_has_its_volume_area_and_place():
    mesh = isosurface(ball((1.5, -2.0, 0.5), 7.0), AXIS, AXIS, AXIS)
    assert mesh.volume_ml == pytest.approx(4 / 3 * np.pi * 0.343, rel=0.03)
    assert mesh.area_cm2 == pytest.approx(4 * np.pi * 0.49, rel=0.02)
    assert mesh.vertices.mean(0) == pytest.approx((1.5, -2.0, 0.5), abs=0.05)
    assert np.abs(np.linalg.norm(mesh.vertices - (1.5, -2.0, 0.5), axis=1) - 7).max() < 0.15
    assert mesh.euler == 2
    assert mesh.is_closed


def test_a_finer_grid_comes_nearer_to_the_true_volume():
    def error(step):
        axis = np.arange(-10.0, 10.0 + step, step)
        x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
        field = np.sqrt(x**2 + y**2 + z**2).T - 8
        return abs(isosurface(field, axis, axis, axis).volume_ml - 4 / 3 * np.pi * 0.512)

    assert error(0.5) < 0.35 * error(1.0) < 0.15 * error(2.0)


def test_triangles_are_turned_outwards():
    mesh = isosurface(ball(), AXIS, AXIS, AXIS)
    a, b, c = mesh.vertices[mesh.triangles].transpose(1, 0, 2)
    assert (np.einsum("ij,ij->i", np.cross(b - a, c - a), (a + b + c) / 3) > 0).all()


def test_unequal_axes_keep_millimetres():
    z = AXIS * 0.5
    x, y, height = np.meshgrid(AXIS, AXIS, z, indexing="ij")
    mesh = isosurface((np.sqrt((x / 8) ** 2 + (y / 6) ** 2 + (height / 4) ** 2) - 1).T, AXIS, AXIS, z)
    assert np.ptp(mesh.vertices, axis=0) == pytest.approx((16, 12, 8), abs=0.4)
    assert mesh.volume_ml == pytest.approx(4 / 3 * np.pi * 0.192, rel=0.03)


def test_a_ring_has_a_handle():
    x, y, z = np.meshgrid(AXIS, AXIS, AXIS, indexing="ij")
    mesh = isosurface((np.hypot(np.hypot(x, y) - 7, z) - 2.5).T, AXIS, AXIS, AXIS)
    assert mesh.euler == 0
    assert mesh.volume_ml == pytest.approx(2 * np.pi**2 * 7 * 2.5**2 / 1000, rel=0.06)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.1, 0.9))
def test_even_noise_gives_a_surface_without_holes_or_pinches(seed, share):
    field = closed(np.random.default_rng(seed).uniform(-share, 1 - share, (6, 7, 8)))
    mesh = isosurface(field, np.arange(10.0), np.arange(9.0), np.arange(8.0))
    assert mesh.is_closed
    assert mesh.euler % 2 == 0
    # a vertex is one fan of triangles: as many neighbours as triangles
    ends = np.unique(np.sort(mesh.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0)
    neighbours = np.bincount(ends.reshape(-1), minlength=len(mesh.vertices))
    assert np.array_equal(neighbours, np.bincount(mesh.triangles.reshape(-1), minlength=len(mesh.vertices)))


@pytest.mark.parametrize("pair", [((2, 2, 2), (3, 3, 2)), ((2, 2, 2), (3, 3, 3))])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_two_points_that_touch_at_a_corner_stay_apart_or_join_but_never_pinch(pair, sign):
    field = np.full((6, 6, 6), sign)
    for place in pair:
        field[place] = -sign
    axis = np.arange(8.0)
    mesh = isosurface(closed(field), axis, axis, axis)
    assert mesh.is_closed
    assert mesh.volume_ml > 0


def test_the_largest_piece_drops_crumbs():
    two = np.minimum(ball((-4, 0, 0), 5.0), ball((8, 8, 8), 1.5))
    mesh = isosurface(two, AXIS, AXIS, AXIS)
    assert mesh.euler == 4
    kept = largest_piece(mesh)
    assert kept.euler == 2
    assert kept.is_closed
    assert kept.volume_ml == pytest.approx(4 / 3 * np.pi * 0.125, rel=0.05)
    assert len(kept.vertices) == kept.triangles.max() + 1


def test_joined_meshes_add_up():
    one, other = (isosurface(ball(c, 3.0), AXIS, AXIS, AXIS) for c in ((-6, 0, 0), (6, 0, 0)))
    both = joined([one, Mesh(np.zeros((0, 3)), np.zeros((0, 3), int)), other])
    assert both.volume_ml == pytest.approx(one.volume_ml + other.volume_ml, rel=1e-3)
    assert both.euler == 4
    assert joined([]).volume_ml == 0


def test_an_empty_field_gives_an_empty_mesh():
    mesh = isosurface(np.ones((3, 3, 3)), range(3), range(3), range(3))
    assert mesh.vertices.shape == (0, 3)
    assert mesh.volume_ml == 0


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="at the edge of the grid"):
        isosurface(ball(radius=14.0), AXIS, AXIS, AXIS)
    with pytest.raises(ValueError, match=r"field has shape \(25, 25, 25\)"):
        isosurface(ball(), AXIS, AXIS, AXIS[:-1])
    with pytest.raises(ValueError, match="not a number"):
        isosurface(np.where(ball() > 9, np.nan, ball()), AXIS, AXIS, AXIS)
    with pytest.raises(ValueError, match="field has shape"):
        isosurface(np.zeros((0, 0, 0)), [], [], [])
