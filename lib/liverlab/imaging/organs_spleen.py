"""The spleen: a crescent under the left dome that grows towards the middle, forwards and downwards."""

import numpy as np

from liverlab.imaging.anatomy_liver import column, smooth_min

# Present size 1: centre, semi-axes (mm), angle and lean of an ellipsoid, hollowed by stomach and kidney (PHANTOM 4.2).
_CENTRE, _SEMI, _ANGLE, _LEAN = (110.0, 0.0, -4.0), (66.0, 46.0, 60.0), 118.0, (-0.32, 0.05)
_HOLLOW, _HOLLOW_SEMI, _HOLLOW_ANGLE, _HOLLOW_LEAN = (56.0, -24.0, -6.0), (48.0, 44.0, 95.0), 100.0, (-0.1, 0.2)
# How centre and hollow move while the ellipsoid grows by its own size (mm). [by eye]
_GROWTH, HOLLOW_GROWTH_MM = (-20.0, -18.0, -40.0), (-72.0, -10.0, 0.0)
_BLEND_MM = np.float32(9.0)
_WALL_GAP_MM = np.float32(2.6)
_KIDNEY_GAP_MM = np.float32(2.0)
_BACK_SLACK_MM = 90.0  # how far the drawn spleen may lie behind it, per size below 1.25
_FAR_MM = np.float32(99.0)
SIZE_RANGE = (0.6, 1.9)
BOX = (-10, 165, -120, 75)


def _solid(x, y, z, centre, semi, angle_degrees, lean):
    """Ellipsoid whose axis leans (as anatomy_shapes.ellipsoid), for heights that broadcast."""
    cos, sin = (np.float32(v) for v in (np.cos(np.deg2rad(angle_degrees)), np.sin(np.deg2rad(angle_degrees))))
    dz = np.asarray(z, np.float32) - np.float32(centre[2])
    share = 1 - (dz / np.float32(semi[2])) ** 2
    root = np.sqrt(np.maximum(share, np.float32(0.01)))
    a, b = 1 / (np.float32(semi[0]) * root), 1 / (np.float32(semi[1]) * root)
    dx = x - (np.float32(centre[0]) + np.float32(lean[0]) * dz)
    dy = y - (np.float32(centre[1]) + np.float32(lean[1]) * dz)
    u, v = (dx * cos + dy * sin) * a, (dy * cos - dx * sin) * b
    k = np.sqrt(u * u + v * v)
    u *= a
    v *= b
    slope = np.maximum(np.sqrt(u * u + v * v), np.float32(1e-4))
    k *= k - 1
    k /= slope
    # near the poles the surface is flat: distances shrink with the slope of the surface
    k *= np.maximum(root, np.float32(0.25))
    return k + np.where(share <= 0, _FAR_MM, np.float32(0))


def reach_z_mm(size):
    """(lowest, highest) z of a spleen."""
    middle = _CENTRE[2] + (size - 1.0) * _GROWTH[2]
    return middle - size * _SEMI[2], middle + size * _SEMI[2]


def field(x, y, z, cavity, kidney, back, size=1.0):
    """Signed distance-like field (mm) at points that broadcast; far outside above and below it.

    cavity : field of the room (wall and diaphragm, moved in by ascites); kidney, back : fields of the left kidney and
    of what lies behind it; size : 1 for the drawn spleen.
    """
    grown = size - 1.0
    centre = [c + grown * g for c, g in zip(_CENTRE, _GROWTH, strict=True)]
    place = [c + max(grown, 0.0) * g for c, g in zip(_HOLLOW, HOLLOW_GROWTH_MM, strict=True)]
    outer = _solid(x, y, z, centre, [s * size for s in _SEMI], _ANGLE, _LEAN)
    hollow = _solid(x, y, z, place, _HOLLOW_SEMI, _HOLLOW_ANGLE, _HOLLOW_LEAN)
    inside = -smooth_min(-outer, -(cavity + _WALL_GAP_MM), _BLEND_MM)
    inside = -smooth_min(-inside, hollow, _BLEND_MM)
    # a large spleen meets kidney and spine, but does not grow in behind the kidney
    inside = np.maximum(np.maximum(inside, -column(x, y)), _KIDNEY_GAP_MM - kidney)
    return np.maximum(inside, -back - np.float32(_BACK_SLACK_MM * max(1.25 - size, 0.0)))
