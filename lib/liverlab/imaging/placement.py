"""Lesions placed by a seeded rule: in a lobe, at a depth, apart from vessels and from each other.

Centres are drawn from points about 4.5 mm apart that fill the liver and know their depth, their distance to vessels and
fissures and their segment; the points are worked out once for a body. Rule and defaults: illustrative.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging import vessels
from liverlab.imaging.anatomy_liver import LIVER_CENTRE_MM
from liverlab.imaging.liver_state import NORMAL
from liverlab.imaging.segments import RIGHT_LOBE, segment_of

_STEP_MM = 4.5
_LARGE_MM, _SMALL_MM = 3.0, 1.7  # radii of vessels: one that no lesion crosses, one that small lesions keep clear of
_SMALL_LESION_MM = 9.0  # semi-axis up to which a lesion keeps clear of smaller vessels too
_APART_MM, _INSIDE_MM = 2.0, 2.0  # least gaps between lesions, and between a deep lesion and the capsule
_ROUND = 0.8  # shortest over longest axis of the roughest ellipsoid
_MOST = 200
LOBES = ("right", "left", "both")
# Fat of the falciform ligament and of the ligamentum venosum, as rods: x, y at its end, lowest and highest z; mm at
# 1500 mL from the centroid (PHANTOM 1.3), with a radius.
_FISSURES = ((41, -36, -60, 20, 4.0), (41, -52, -60, 20, 4.0), (41, -15, -70, -40, 4.0), (73, -15, -10, 36, 3.0),
             (59, -20, -10, 36, 3.0), (46, -20, -10, 36, 3.0))  # fmt: skip


@dataclass(frozen=True, eq=False)
class Placement:
    """Where lesions lie: centre_mm, semi_axes_mm (L, 3); segment (L,) names; depth_mm (L,) of the centre under the
    capsule; subcapsular (L,) whether the rule put it there."""

    centre_mm: np.ndarray
    semi_axes_mm: np.ndarray
    segment: tuple
    depth_mm: np.ndarray
    subcapsular: np.ndarray


@dataclass(frozen=True, eq=False)
class _Room:
    """Points (n, 3) in the liver, float32, and what is around them (n,)."""

    point: np.ndarray
    depth: np.ndarray
    to_large: np.ndarray
    to_small: np.ndarray
    right: np.ndarray
    caudate: np.ndarray


@lru_cache(maxsize=8)
def _room(anatomy, shape=NORMAL):
    rng = np.random.default_rng((anatomy.seed, 51))
    x, y = np.meshgrid(np.arange(-150, 92, _STEP_MM), np.arange(-152, 66, _STEP_MM))
    points, fields = [], []
    for z in np.arange(-96, 96, _STEP_MM) + rng.uniform(-0.5, 0.5) * _STEP_MM:
        px, py = (v + rng.uniform(-0.5, 0.5, v.shape) * _STEP_MM for v in (x, y))
        field = anatomy.liver_field(px, py, float(z), shape)
        inside = field < -1.0
        points.append(np.stack([px[inside], py[inside], np.full(inside.sum(), z)], axis=1))
        fields.append(field[inside])
    point = np.asfortranarray(np.concatenate(points), np.float32)
    segment = segment_of(point, anatomy.liver_scale)
    large, small = _obstacles(anatomy.liver_scale)
    return _Room(
        point,
        -np.concatenate(fields),
        _clearance(point, large),
        _clearance(point, small),
        np.isin(segment, RIGHT_LOBE),
        segment == "I",
    )


def _obstacles(scale):
    """Round cones (n, 8) no lesion crosses, and the smaller vessels that small lesions avoid."""
    trees = vessels.trees(scale)
    cones = np.concatenate([trees[name] for name in ("portal_vein", "hepatic_vein")])
    radius = np.minimum(cones[:, 3], cones[:, 7])
    table = np.array(vessels.IVC)
    cava = np.column_stack([table[:, 1:3], table[:, 0], np.sqrt(table[:, 3] * table[:, 4])])
    x, y, low, high, r = (np.array(v, float) for v in zip(*_FISSURES, strict=True))
    centre = np.array(LIVER_CENTRE_MM)
    ends = [np.column_stack([centre + scale * np.column_stack([x, y, z]), scale * r]) for z in (low, high)]
    large = np.concatenate([cones[radius >= _LARGE_MM], np.hstack([cava[:-1], cava[1:]]), np.hstack(ends)])
    return large, cones[(radius >= _SMALL_MM) & (radius < _LARGE_MM)]


def _clearance(point, cones):
    """Distance (n,) of points to the nearest surface of round cones (m, 8), mm."""
    nearest = np.full(len(point), np.float32(1e3))
    for cone in cones.astype(np.float32):
        a, ra, b, rb = cone[:3], cone[3], cone[4:7], cone[7]
        w = b - a
        t = np.clip((point - a) @ w / max(float(w @ w), 1e-6), 0, 1)[:, None]
        away = point - a - t * w
        np.minimum(nearest, np.sqrt((away * away).sum(1)) - (ra + t[:, 0] * (rb - ra)), out=nearest)
    return nearest


def place_lesions(
    anatomy, count, diameters_mm, seed, lobe=None, subcapsular_share=0.3, depth_mm=(0.0, 200.0), avoid_vessels=True,
    allow_overlap=False, others=None, shape=NORMAL,
):  # fmt: skip
    """Places (Placement) for `count` lesions (0-200) in the liver, the same for the same seed.

    diameters_mm : longest axial diameter (1-150 mm), one number or one each; lobe : None (anywhere), 'right', 'left'
    (without caudate) or 'both' (at least one in each); subcapsular_share (0-1) of the lesions touches the capsule, the
    rest lies wholly inside; depth_mm : lowest and highest depth of the centre under the capsule; avoid_vessels : off
    large vessels and fissures, small lesions off smaller vessels too; allow_overlap : lesions may touch; others :
    LesionState already there; shape : liver_state.Shape the lesions shall fit. Raises ValueError for bad input, and
    where the liver has no room for them all.
    """
    count, diameters = _checked(count, diameters_mm, lobe)
    subcapsular_share = number("subcapsular_share", subcapsular_share, 0, 1)
    low, high = (number("depth_mm", v, 0, 1000, "mm") for v in depth_mm)
    rng = np.random.default_rng((int(seed), 61))
    longest = diameters / 2
    semi = longest[:, None] * np.concatenate([np.ones((count, 1)), rng.uniform(_ROUND, 1, (count, 2))], axis=1)
    turned = rng.random(count) < 0.5
    semi[turned, :2] = semi[turned, 1::-1]
    outer = np.zeros(count, bool)
    outer[rng.permutation(count)[: round(subcapsular_share * count)]] = True
    side = {"right": ["right"], "left": ["left"], "both": ["right", "left"], None: []}[lobe]
    sides = (side * count)[:count] if lobe in ("right", "left") else side[:count] + [None] * (count - len(side))
    room, draw = _room(anatomy, shape), rng.random((count, 2))
    gap = _gap_to(room.point, others)
    chosen = np.zeros(count, int)
    for place in np.argsort(-longest, kind="stable"):
        radius = longest[place]
        free = _free(room, radius, sides[place], outer[place], avoid_vessels)
        free &= (room.depth >= low) & (room.depth <= high)
        if not allow_overlap:
            free &= gap >= radius + _APART_MM
        spots = np.flatnonzero(free)
        if not spots.size:
            raise ValueError(
                f"count is {count}: the liver has no room for the lesion of {diameters[place]:g} mm that keeps all "
                "rules; ask for fewer or smaller ones, or set allow_overlap=True or avoid_vessels=False."
            )
        chosen[place] = spots[int(draw[place, 0] * spots.size)]
        np.minimum(gap, _away(room.point, room.point[chosen[place]]) - np.float32(radius), out=gap)
    centre = room.point[chosen].astype(float)
    segment = segment_of(centre, anatomy.liver_scale) if count else np.zeros(0, str)
    return Placement(centre, semi, tuple(str(name) for name in segment), room.depth[chosen].astype(float), outer)


def _free(room, radius, side, outer, avoid_vessels):
    """Points where a lesion of this semi-axis may lie by its own rules, (n,) bool."""
    if outer:
        free = (room.depth >= 0.4 * radius) & (room.depth <= max(radius, 0.4 * radius + _STEP_MM / 2))
    else:
        free = room.depth >= radius + _INSIDE_MM
    if avoid_vessels:
        free &= room.to_large >= radius + 1
        if radius <= _SMALL_LESION_MM:
            free &= room.to_small >= radius
    if side is not None:
        free &= room.right if side == "right" else ~room.right & ~room.caudate
    return free


def _away(point, centre):
    """Distance (n,) of points to a centre."""
    x, y, z = (column - np.float32(value) for column, value in zip(point.T, centre, strict=True))
    return np.sqrt(x * x + y * y + z * z)


def _gap_to(point, others):
    gap = np.full(len(point), np.float32(1e3))
    for centre, semi in zip(others.centre_mm, others.semi_axes_mm, strict=True) if others is not None else ():
        np.minimum(gap, _away(point, centre) - np.float32(semi.max()), out=gap)
    return gap


def _checked(count, diameters_mm, lobe):
    if isinstance(count, bool) or not isinstance(count, int | np.integer) or not 0 <= count <= _MOST:
        raise ValueError(f"count is {count}; it must be a whole number between 0 and {_MOST}.")
    if lobe is not None and lobe not in LOBES:
        raise ValueError(f"lobe is {lobe!r}; it must be None or one of {', '.join(LOBES)}.")
    diameters = np.asarray(number("diameters_mm", diameters_mm, 1, 150, "mm"), float)
    if diameters.ndim > 1 or (diameters.ndim == 1 and diameters.size != count):
        raise ValueError(f"diameters_mm has shape {diameters.shape}; it must be one number or {count} of them.")
    return int(count), np.broadcast_to(diameters, (count,)).copy()
