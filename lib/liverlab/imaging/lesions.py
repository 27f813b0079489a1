"""Lesions of the liver in a CT slice: ellipsoids with slightly lobulated borders and an optional core.

Blurred in the plane, averaged over the slice thickness, held back by the liver's capsule. The border is seeded by the
lesion's name, so that a lesion keeps its form while it grows or shrinks.
"""

import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from liverlab.imaging.anatomy_canvas import PSF_SIGMA_MM

_LOBULATION = 0.035  # RMS of the border about the ellipsoid, relative to its radius [illustrative]
BULGE_MM = 3.0  # how far a lesion may lift the liver's capsule [illustrative]


@dataclass(frozen=True)
class LesionState:
    """Lesions at one visit and delay.

    ids (L,) str; centre_mm, semi_axes_mm (L, 3) in the patient frame; hu, core_hu (L,) mean HU of rim and core;
    core_fraction (L,) diameter of the core over that of the lesion, 0-1.
    """

    ids: tuple
    centre_mm: np.ndarray
    semi_axes_mm: np.ndarray
    hu: np.ndarray
    core_hu: np.ndarray
    core_fraction: np.ndarray

    def __post_init__(self):
        count = len(self.ids)
        for name, shape in (
            ("centre_mm", (count, 3)),
            ("semi_axes_mm", (count, 3)),
            ("hu", (count,)),
            ("core_hu", (count,)),
            ("core_fraction", (count,)),
        ):
            value = np.asarray(getattr(self, name), float).reshape(
                shape if count == 0 else np.shape(getattr(self, name))
            )
            if value.shape != shape:
                raise ValueError(f"{name} has shape {value.shape}; with {count} ids it must have shape {shape}.")
            if not np.isfinite(value).all():
                raise ValueError(f"{name} holds a value that is not a number; it must be finite.")
            object.__setattr__(self, name, value)
        object.__setattr__(self, "ids", tuple(str(name) for name in self.ids))
        if count and (self.semi_axes_mm < 0).any():
            raise ValueError("semi_axes_mm holds a negative value; it must be 0 mm or more.")
        if count and ((self.core_fraction < 0) | (self.core_fraction > 1)).any():
            raise ValueError("core_fraction holds a value outside its range; it must lie between 0 and 1.")


NO_LESIONS = LesionState((), np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0), np.zeros(0), np.zeros(0))


def _lesion_box(lesions, number, z, thickness, g):
    """Rows and columns a lesion may touch on a slice, or None."""
    centre, semi = lesions.centre_mm[number], lesions.semi_axes_mm[number] * (1 + 3 * _LOBULATION)
    if semi.min() <= 0 or abs(z - centre[2]) >= semi[2] + thickness / 2:
        return None
    pad = 3 * PSF_SIGMA_MM + g.pixel_mm
    cols = slice(*np.searchsorted(g.x_mm, (centre[0] - semi[0] - pad, centre[0] + semi[0] + pad)))
    rows = slice(*np.searchsorted(g.y_mm, (centre[1] - semi[1] - pad, centre[1] + semi[1] + pad)))
    return (rows, cols) if rows.start < rows.stop and cols.start < cols.stop else None


@lru_cache(maxsize=256)
def _border_waves(name):
    """Directions and phases of a lesion's lobulation, seeded by its name so that it keeps its form over time."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    wave = rng.normal(size=(6, 3))
    wave *= rng.uniform(2.5, 5.5, (6, 1)) / np.sqrt((wave**2).sum(1, keepdims=True))
    return wave.astype(np.float32), rng.uniform(0, 2 * np.pi, 6).astype(np.float32)


def border(name, u, v, w):
    """Radius of a lesion's lobulated border relative to its ellipsoid's, about 1, in directions (u, v, w).

    u, v, w : parts of a unit vector along the semi-axes, each in units of its semi-axis; they broadcast.
    """
    lobes = np.float32(0.0)
    for (ku, kv, kw), phase in zip(*_border_waves(name), strict=True):
        lobes = lobes + np.cos(ku * u + kv * v + kw * w + phase)
    return 1 + np.float32(_LOBULATION / np.sqrt(3.0)) * lobes


def _lesion_distance(lesions, number, x, y, z):
    """Signed distances (planes, H, W) to a lesion's border and to its core's border, negative inside (mm)."""
    centre, semi = lesions.centre_mm[number].astype(np.float32), lesions.semi_axes_mm[number].astype(np.float32)
    u = (x[None, None, :] - centre[0]) / semi[0]
    v = (y[None, :, None] - centre[1]) / semi[1]
    w = (np.asarray(z, np.float32)[:, None, None] - centre[2]) / semi[2]
    k = np.sqrt(np.maximum(u * u + v * v + w * w, np.float32(1e-6)))
    slope = np.sqrt((u / semi[0]) ** 2 + (v / semi[1]) ** 2 + (w / semi[2]) ** 2) / k
    # the border's lobes change slowly with height: one plane serves the whole slice
    middle = len(k) // 2
    radius = k[middle]
    k -= border(lesions.ids[number], u[0] / radius, v[0] / radius, w[middle] / radius) - 1
    mm = 1 / np.maximum(slope, np.float32(1e-3) / semi.max())
    return (k - 1) * mm, (k - np.float32(lesions.core_fraction[number])) * mm


def _soft(distance_mm, sigma_mm):
    """Coverage of an edge blurred by a Gaussian: the normal distribution of -d/sigma (tanh form, error < 0.0005)."""
    t = distance_mm * np.float32(-1 / sigma_mm)
    return 0.5 + 0.5 * np.tanh(np.float32(0.7978845608) * t * (1 + np.float32(0.044715) * t * t))


def paint(picture, lesions, z, thickness, g, liver_mm):
    """Paint lesions into a picture in HU, float32 (N, N), in place.

    z, thickness : middle and thickness of the slice (mm); g : grid of the canvas; liver_mm (N, N) : signed distance to
    the liver's surface, negative inside (mm).
    """
    for number in range(len(lesions.ids)):
        _put_lesion(picture, lesions, number, z, thickness, g, liver_mm)


def _put_lesion(picture, lesions, number, z, thickness, g, liver_mm):
    box = _lesion_box(lesions, number, z, thickness, g)
    if box is None:
        return
    rows, cols = box
    count = max(3, round(thickness / 0.8))
    planes = z + thickness * ((np.arange(count) + 0.5) / count - 0.5)
    outer, inner = _lesion_distance(lesions, number, g.x_mm[cols], g.y_mm[rows], planes)
    sigma = float(np.hypot(PSF_SIGMA_MM, g.pixel_mm / np.sqrt(12)))
    cover = _soft(outer, sigma)
    cover *= np.clip((np.float32(BULGE_MM) - liver_mm[rows, cols]) / np.float32(g.pixel_mm) + 0.5, 0, 1)
    whole = cover.mean(0)
    value = whole * np.float32(lesions.hu[number])
    if lesions.core_fraction[number] > 0:
        core = (_soft(inner, sigma) * cover).mean(0)
        value += core * np.float32(lesions.core_hu[number] - lesions.hu[number])
    part = picture[rows, cols]
    part *= 1 - whole
    part += value


def mark(mask, lesions, z, g, liver_mm):
    """Write a lesion's number, from 1, into mask (N, N) uint8 where it covers a pixel's centre at the height z (mm)."""
    for number in range(len(lesions.ids)):
        box = _lesion_box(lesions, number, z, 0.0, g)
        if box is None:
            continue
        rows, cols = box
        distance = _lesion_distance(lesions, number, g.x_mm[cols], g.y_mm[rows], np.array([z]))[0][0]
        inside = (distance < 0) & (liver_mm[rows, cols] < BULGE_MM)
        mask[rows, cols][inside] = number + 1
