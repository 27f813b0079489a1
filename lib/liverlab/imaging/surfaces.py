"""Liver, lesions and vessels of the virtual patient as closed surfaces, from the same implicit model as the slices.

The liver is the zero level of `anatomy.liver_field`; lesions are the lobulated ellipsoids that `ct` draws, held back by
the capsule as there; vessels are tubes along the trees of `vessels`. All in mm in the patient frame: x to the patient's
left, y posterior, z superior.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging import vessels
from liverlab.imaging.anatomy import check_lesions
from liverlab.imaging.isosurface import Mesh, isosurface, joined, largest_piece
from liverlab.imaging.lesion_form import reach_mm
from liverlab.imaging.lesions import BULGE_MM, NO_LESIONS, LesionState
from liverlab.imaging.liver_state import NORMAL

Values = Callable[[np.ndarray], np.ndarray]  # points (V, 3) in mm -> (V,) numbers
GRID_MM = 3.0
_GRID_RANGE_MM = (1.5, 8.0)  # finer: more triangles than a browser turns smoothly; coarser: the left lobe tears
_COARSE_MM = 12.0
_BAND_MM = 15.0  # of the coarse field about the surface: steeper than a distance, and nodules move it
_REACH_MM = ((-186.0, 186.0), (-174.0, 138.0), (-126.0, 126.0))  # x, y, z: room for the widest body
_SIDES, _THIN_SIDES, _THIN_MM = 10, 6, 1.5  # corners of a vessel's cross-section
_TRUNK_MM = 3.5  # radius from which a hepatic vein is a trunk
_LARGE_LESION_MM = 8.0  # semi-axis from which a lesion gets the finer sphere


@dataclass(frozen=True, eq=False)
class Surfaces:
    """What stands in the 3-D picture.

    liver, portal, hepatic : Mesh; hepatic holds the hepatic veins and the inferior vena cava at the liver's height.
    lesions : one Mesh each, in the order of lesion_ids. liver_values : (V,) a number for each vertex of the liver, or
    None.
    """

    liver: Mesh
    portal: Mesh
    hepatic: Mesh
    lesion_ids: tuple
    lesions: tuple
    liver_values: np.ndarray | None = None


def build(anatomy, lesions=NO_LESIONS, grid_mm=GRID_MM, values=None, shape=NORMAL):
    """All surfaces of a patient (Surfaces).

    lesions : LesionState; grid_mm : spacing of the grid the liver is sampled on (1.5-8 mm); values : function of
    points (V, 3) in mm that returns (V,) finite numbers, by which the liver is coloured; shape :
    liver_state.Shape, what disease moved. Raises ValueError for a lesion outside the liver, an impossible grid or
    values that do not fit.
    """
    grid_mm = number("grid_mm", grid_mm, *_GRID_RANGE_MM, "mm")
    if not isinstance(lesions, LesionState):
        raise ValueError(f"lesions is {lesions!r}; it must be a LesionState.")
    check_lesions(anatomy, lesions.centre_mm, lesions.semi_axes_mm)
    field, axes = _sampled(anatomy, grid_mm, shape)
    liver = largest_piece(isosurface(field, *axes))
    trees = vessels.trees(anatomy.form(shape).scale)
    veins = trees["hepatic_vein"]
    # As in the slices, no branch leaves the liver; the trunks go on to the vena cava.
    kept = (_at(field, axes, (veins[:, :3] + veins[:, 4:7]) / 2) < 0) | (veins[:, 3] > _TRUNK_MM)
    present = [place for place in range(len(lesions.ids)) if lesions.semi_axes_mm[place].min() > 0]
    return Surfaces(
        liver=liver,
        portal=_tree(vessels.calibre(trees["portal_vein"], shape.portal_vein_mm)),
        hepatic=joined([_tree(veins[kept]), _vena_cava(liver)]),
        lesion_ids=tuple(lesions.ids[place] for place in present),
        lesions=tuple(_lesion(lesions, place, field, axes) for place in present),
        liver_values=None if values is None else _checked(values(liver.vertices), len(liver.vertices)),
    )


def _checked(values, count):
    values = np.asarray(values, np.float32)
    if values.shape != (count,) or not np.isfinite(values).all():
        raise ValueError(f"values gave an array of shape {values.shape}; it must give {count} finite numbers.")
    return values


# ---- liver -----------------------------------------------------------------------------------------------------------


def _sampled(anatomy, grid_mm, shape):
    """Field of the liver on a grid that reaches beyond it on every side: (field (nz, ny, nx), (x, y, z) in mm)."""
    coarse = [np.arange(low, high + 1, _COARSE_MM) for low, high in _REACH_MM]
    x, y, z = coarse
    coarse_field = np.stack([anatomy.liver_field(x[None, :], y[:, None], height, shape) for height in z])
    near = np.argwhere(coarse_field < _COARSE_MM)[:, ::-1]
    ends = zip(coarse, near.min(0), near.max(0), strict=True)
    axes = [np.arange(axis[low] - _COARSE_MM, axis[high] + _COARSE_MM + grid_mm, grid_mm) for axis, low, high in ends]
    return _near_surface(anatomy, axes, shape, coarse_field, coarse), axes


def _near_surface(anatomy, axes, shape, coarse_field, coarse):
    """The field on a grid, worked out where the coarse one says that the surface is near, interpolated elsewhere."""
    x, y, z = axes
    planes = []
    # The coarse grid is gone through axis by axis: linear in each, so the order does not matter.
    rows = _between(coarse_field, coarse[0], x, 2)
    rows = _between(rows, coarse[1], y, 1)
    for height in z:
        plane = _between(rows, coarse[2], [height], 0)[0]
        j, i = np.nonzero(np.abs(plane) < _BAND_MM)
        if i.size:
            plane[j, i] = anatomy.liver_field(x[i], y[j], height, shape)
        planes.append(plane)
    return np.stack(planes)


def _between(values, knots, at, axis):
    """Values on equally spaced knots, interpolated linearly along one axis."""
    place = np.clip((np.asarray(at) - knots[0]) / (knots[1] - knots[0]), 0, len(knots) - 1.001)
    low = place.astype(int)
    share = (place - low).astype(np.float32).reshape([-1 if one == axis else 1 for one in range(values.ndim)])
    return np.take(values, low, axis) * (1 - share) + np.take(values, low + 1, axis) * share


def _at(field, axes, points):
    """Trilinear value of a sampled field at points (P, 3); points beyond the grid take its edge."""
    value, places = 0.0, []
    for axis, along in zip(axes, points.T, strict=True):
        at = np.clip((along - axis[0]) / (axis[1] - axis[0]), 0, len(axis) - 1.001)
        places.append((at.astype(int), at - at.astype(int)))
    for corner in itertools.product((0, 1), repeat=3):
        share = np.prod([t if step else 1 - t for step, (_, t) in zip(corner, places, strict=True)], axis=0)
        i, j, k = (low + step for step, (low, _) in zip(corner, places, strict=True))
        value = value + share * field[k, j, i]
    return value


# ---- lesions ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _sphere(halvings):
    """Mesh of the unit sphere: an icosahedron whose triangles are split in four, halvings times."""
    golden = (1 + 5**0.5) / 2
    points = [(0, s, t * golden) for s in (-1, 1) for t in (-1, 1)]
    points = np.array([np.roll(point, turn) for turn in range(3) for point in points])
    apart = np.linalg.norm(points[:, None] - points[None], axis=2) < 2.1
    faces = [
        f for f in itertools.combinations(range(12), 3) if all(apart[a, b] for a, b in itertools.combinations(f, 2))
    ]
    faces = np.array([f if np.linalg.det(points[list(f)]) > 0 else f[::-1] for f in faces])
    for _ in range(halvings):
        ends = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
        edges, which = np.unique(ends, axis=0, return_inverse=True)
        ab, bc, ca = (which.reshape(-1, 3) + len(points)).T
        a, b, c = faces.T
        faces = np.concatenate([np.stack(f, 1) for f in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
        points = np.concatenate([points, points[edges].mean(axis=1)])
    points = points / np.linalg.norm(points, axis=1, keepdims=True)
    return Mesh(points.astype(np.float32), faces.astype(np.int32))


def _lesion(lesions, place, field, axes):
    """The border of a lesion: where it is drawn in slices, at most BULGE_MM outside the liver."""
    centre, semi = lesions.centre_mm[place], lesions.semi_axes_mm[place]
    ball = _sphere(3 if semi.max() >= _LARGE_LESION_MM else 2)
    directions = ball.vertices * semi
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    arms = directions * reach_mm(lesions, place, directions)[:, None]
    near, far = np.zeros(len(arms)), np.ones(len(arms))
    beyond = np.flatnonzero(_at(field, axes, centre + arms) > BULGE_MM)
    for _ in range(10 if beyond.size else 0):
        middle = (near[beyond] + far[beyond]) / 2
        outside = _at(field, axes, centre + arms[beyond] * middle[:, None]) > BULGE_MM
        far[beyond[outside]], near[beyond[~outside]] = middle[outside], middle[~outside]
    return Mesh((centre + arms * far[:, None]).astype(np.float32), ball.triangles)


# ---- vessels ---------------------------------------------------------------------------------------------------------


def _tree(cones):
    return joined([_tube(*line) for line in _lines(cones)])


def _lines(cones):
    """Round cones (n, 8) strung to lines: (points (m, 3), radii (m,)), a new one where a cone does not go on."""
    goes_on = (np.abs(cones[1:, :3] - cones[:-1, 4:7]) < 1e-3).all(axis=1)
    for line in np.split(cones, np.flatnonzero(~goes_on) + 1):
        yield np.concatenate([line[:1, :3], line[:, 4:7]]), np.append(line[:1, 3], line[:, 7])


def _tube(points, radii):
    """Closed tube along a line of points (m, 3) with radii (m,), its ends drawn to a blunt tip."""
    steps = np.diff(points, axis=0)
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    along = np.concatenate([steps[:1], steps[:-1] + steps[1:], steps[-1:]])
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    across = np.empty_like(along)  # carried along the line without twist
    across[0] = np.cross(along[0], np.eye(3)[np.abs(along[0]).argmin()])
    for at in range(1, len(points)):
        across[at] = across[at - 1] - (across[at - 1] @ along[at]) * along[at]
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    up = np.cross(along, across)
    angle = np.linspace(0, 2 * np.pi, _THIN_SIDES if radii.max() < _THIN_MM else _SIDES, endpoint=False)
    rings = points[:, None] + radii[:, None, None] * (
        np.cos(angle)[:, None] * across[:, None] + np.sin(angle)[:, None] * up[:, None]
    )
    return _closed(rings, points[0] - 0.6 * radii[0] * along[0], points[-1] + 0.6 * radii[-1] * along[-1])


def _closed(rings, start, end):
    """Mesh of rings (m, sides, 3), turned counter-clockwise about the way from the first to the last, and two tips."""
    count, sides, _ = rings.shape
    at = np.arange(count * sides).reshape(count, sides)
    a, b, c, d = at[:-1], np.roll(at[:-1], -1, 1), np.roll(at[1:], -1, 1), at[1:]
    tip = np.full(sides, count * sides)
    parts = [(a, b, c), (a, c, d), (tip, np.roll(at[0], -1), at[0]), (tip + 1, at[-1], np.roll(at[-1], -1))]
    triangles = np.concatenate([np.stack([v.reshape(-1) for v in part], axis=1) for part in parts])
    vertices = np.concatenate([rings.reshape(-1, 3), [start, end]])
    return Mesh(vertices.astype(np.float32), triangles.astype(np.int32))


def _vena_cava(liver):
    """The inferior vena cava from the liver's lower third to its mouth in the right atrium."""
    low, high = liver.vertices[:, 2].min(), liver.vertices[:, 2].max()
    z = np.linspace(low + (high - low) / 3, vessels.IVC_TOP_MM, 24)
    table = np.array(vessels.IVC)
    x, y, a, b, degrees = (np.interp(z, table[:, 0], column)[:, None] for column in table[:, 1:].T)
    angle, turn = np.linspace(0, 2 * np.pi, 2 * _SIDES, endpoint=False), np.deg2rad(degrees)
    u, v = a * np.cos(angle), b * np.sin(angle)
    ring = (x + u * np.cos(turn) - v * np.sin(turn), y + u * np.sin(turn) + v * np.cos(turn), z[:, None] + 0 * u)
    ends = np.concatenate([x, y, z[:, None]], axis=1)[[0, -1]]
    return _closed(np.stack(ring, axis=2), *ends)
