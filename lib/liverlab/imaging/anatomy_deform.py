"""How disease moves the liver's surface: terms added to its signed field (mm; positive moves the surface inwards).

Nodules, retraction, atrophy of the right lobe and growth of the caudate after PHANTOM 1.4. The field is a distance only
to about 30 % near the surface, so what is meant in millimetres is multiplied by the slope |grad F| there.
"""

import math
from functools import lru_cache

import numpy as np

from liverlab.imaging.anatomy_liver import LIVER_CENTRE_MM
from liverlab.imaging.anatomy_waves import Waves

_NODULE_WAVES = 48
# Mean and SD of q = tanh(|n| / 0.9) for a normal n: they make the nodular term zero in the mean and 1 in the RMS.
_Q_SCALE, _Q_MEAN, _Q_SD = 0.9, 0.588, 0.296
_LOBE_PLANE_MM, _LOBE_BLEND_MM = -10.0, 12.0  # right of this x (liver frame) the lobe is "right"
_CAUDATE_MM, _CAUDATE_SEMI_MM = (4.0, -58.0, 4.0), (18.0, 13.0, 24.0)  # patient frame [by eye]
_DIMPLE_REACH = 3.0  # standard deviations to which a dimple is worked


@lru_cache(maxsize=16)
def _waves(seed, nodule_mm):
    # a nodule is half a wavelength across
    return Waves((seed, 51), wavelength_mm=2 * nodule_mm, count=_NODULE_WAVES)


def nodules_from(n):
    """Nodular term of unit RMS from a normal field n: rounded bulges with clefts between them."""
    return (np.float32(_Q_MEAN) - np.tanh(np.abs(n) * np.float32(1 / _Q_SCALE))) * np.float32(1 / _Q_SD)


def nodules_on(seed, nodule_mm, box, z_mm):
    """Nodular term of unit RMS on a plane; box has x (1, W) and y (H, 1)."""
    return nodules_from(_waves(seed, nodule_mm).on(box, z_mm))


def nodules_at(seed, nodule_mm, x, y, z):
    """The same at points (broadcast)."""
    return nodules_from(_waves(seed, nodule_mm).at(x, y, z).astype(np.float32))


def lobar(shape, scale, x, y, z):
    """Loss of the right lobe and growth of the caudate (mm) at points that broadcast; 0.0 where neither is asked."""
    term = np.float32(0.0)
    if shape.right_atrophy_mm:
        liver_x = (x - np.float32(LIVER_CENTRE_MM[0])) / np.float32(scale)
        side = 1 / (1 + np.exp((liver_x - np.float32(_LOBE_PLANE_MM)) / np.float32(_LOBE_BLEND_MM)))
        term = term + np.float32(shape.right_atrophy_mm) * side
    if shape.caudate_growth_mm:
        k2 = sum(
            ((v - np.float32(c)) / np.float32(s)) ** 2
            for v, c, s in zip((x, y, z), _CAUDATE_MM, _CAUDATE_SEMI_MM, strict=True)
        )
        term = term - np.float32(shape.caudate_growth_mm) * np.exp(np.float32(-0.5) * k2)
    return term


def local_at(shape, dimples, seed, x, y, z):
    """What nodules and dimples add to the field at points (n,), or None where there are none."""
    if not (shape.nodularity_mm or dimples):
        return None
    term = np.float32(shape.nodularity_mm) * nodules_at(seed, shape.nodule_mm, x, y, z) if shape.nodularity_mm else 0
    return term + sum(dimple(x, y, z, row) for row in dimples)


def dimple(x, y, z, row):
    """One dimple (mm) at points that broadcast; row: as `dimple_row` gives.

    Gaussian about the normal through a point of the surface, and along it a wider one: its exponent is quadratic.
    """
    dx, dy, dz = x - np.float32(row[0]), y - np.float32(row[1]), z - np.float32(row[2])
    xx, yy, zz, xy, xz, yz = (np.float32(v) for v in row[3:9])
    # rows, columns and planes first: only two sums and one product are as large as the answer
    k = (xx * dx + xz * dz) * dx + ((yy * dy + yz * dz) * dy + zz * dz * dz) + (xy * dx) * dy
    return np.float32(row[9]) * np.exp(k)


def dimple_row(point, normal, slope, depth_mm, width_mm):
    """Thirteen numbers of a dimple: point on the surface; coefficients xx, yy, zz, xy, xz, yz of its exponent; height;
    reach along x, y and z (mm).

    normal, slope : outward normal and slope of the field at the point; the height makes it as deep as was asked.
    """
    length = width_mm + depth_mm
    across, along = -0.5 / width_mm**2, -0.5 / length**2
    nx, ny, nz = normal
    squares = [across + (along - across) * n * n for n in normal]
    products = [2 * (along - across) * n for n in (nx * ny, nx * nz, ny * nz)]
    height = slope * depth_mm * math.exp(0.5 * (depth_mm / length) ** 2)
    reach = [_DIMPLE_REACH * math.sqrt(width_mm**2 * (1 - n * n) + length**2 * n * n) for n in normal]
    return (*point, *squares, *products, height, *reach)


def dimple_part(row, *axes):
    """Slices of ascending axes (x, y or x, y, z; flat) outside which a dimple is nothing."""
    return tuple(
        slice(*np.searchsorted(axis, (middle - reach, middle + reach)))
        for axis, middle, reach in zip(axes, row[:3], row[10:], strict=False)
    )
