"""The liver and the room it lives in: implicit shape, inner body wall, diaphragm, contact and stated volume.

Shape F of liver_shape.json (PHANTOM 1.1): ten ellipsoids and six cuts under one exponential smooth minimum, fitted to
Browne K, Schlehlein H 2022, Human Reference Atlas, CC BY 4.0, doi:10.48539/HBM798.JZZM.649. All lengths in mm.
"""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"
POLAR_CENTRE_MM = (2.0, -39.0)  # centre of the body's box, PHANTOM 4.1
LIVER_CENTRE_MM = (-60.0, -50.0, 0.0)  # centroid of shape F in the patient frame, PHANTOM 4.6
WALL_GAP_MM = 1.6  # liver to inner wall, PHANTOM 4.6
GROWTH_MM = 10.0  # how far the liver reaches out to touch the wall (G), PHANTOM 4.6
CONTACT_MM = 8.0  # width of the smooth minimum at the contact, PHANTOM 4.6
# Where the liver is parietal and may grow to the wall (angle of PHANTOM 4.6; 0 anterior, 270 patient's right).
# In front it reaches further: shape F is shallower than the room behind the anterior wall. [by eye]
_PARIETAL = ((0, 1.9), (15, 1.6), (40, 0), (186, 0), (208, 1), (265, 1), (290, 2.2), (335, 2.5), (360, 1.9))
# Domes of the diaphragm: centre; semi-axes in x, forwards, backwards and up; they circumscribe shape F. [by eye]
DOMES = (
    ((-75.0, -46.0, -14.0), (75.0, 93.0, 82.0, 91.0)),
    ((74.0, -40.0, -12.0), (68.0, 97.0, 84.0, 74.0)),
    ((4.0, -66.0, -10.0), (84.0, 88.0, 60.0, 58.0)),
)
# Column of spine, aorta, crura and oesophagus that the liver goes around: centre (x, y), semi-axes. [by eye]
_COLUMN = ((11.0, -22.0), (25.0, 29.0))
_COLUMN_BLEND_MM = 8.0
_DOME_FLARE_MM = 70.0  # the domes widen below their centre, so that the lung recess ends


@lru_cache(maxsize=2)
def shape(name="F"):
    """Primitives of a fitted liver: quadratic forms (K, 3, 3), centres, scales, roles, beta."""
    table = json.loads((DATA / "liver_shape.json").read_text(encoding="utf-8"))["shapes"][name]
    rows = table["primitives"]
    frames = np.array([np.array(p["R"]) / np.array(p["semi_axes_mm"])[:, None] for p in rows])
    centres = np.array([p["centre_mm"] for p in rows])
    scales = np.array([p["scale_mm"] for p in rows])
    return frames, centres, scales, [p["role"] == "body" for p in rows], table["beta_per_mm"]


def free_liver(x, y, z, scale=1.0, name="F"):
    """Signed distance-like field of the free liver about its centroid, negative inside; scale = (mL / 1500)^(1/3).

    x (1, W) or any, y (H, 1) or any, z a number or broadcastable; float32 result. F(p) = (1/b) ln(1/E + C).
    """
    frames, centres, scales, is_body, beta = shape(name)
    x, y, z = (np.asarray(v, np.float32) / np.float32(scale) for v in (x, y, z))
    bodies = cuts = np.float32(0.0)
    for frame, centre, size, body in zip(frames, centres, scales, is_body, strict=True):
        # (beta s k)^2 as a quadratic in x, y, z: cheap rows and columns, one product of the full size
        q = (frame.T @ frame * (beta * size) ** 2).astype(np.float32)
        dx, dy, dz = x - np.float32(centre[0]), y - np.float32(centre[1]), z - np.float32(centre[2])
        k2 = (q[0, 0] * dx + 2 * q[0, 2] * dz) * dx + ((q[1, 1] * dy + 2 * q[1, 2] * dz) * dy + q[2, 2] * dz * dz)
        k2 = k2 + (2 * q[0, 1] * dx) * dy
        np.maximum(k2, 0, out=k2)
        np.sqrt(k2, out=k2)
        term = np.exp(np.float32(beta * size) - k2)
        if body:
            bodies = bodies + term
        else:
            cuts = cuts + term
    field = np.log(1.0 / np.maximum(bodies, np.float32(1e-30)) + cuts)
    field *= np.float32(scale / beta)
    return field


def smooth_min(a, b, width):
    """Polynomial smooth minimum of two fields with blending width (mm)."""
    h = np.maximum(width - np.abs(a - b), 0) * np.float32(1.0 / width)
    return np.minimum(a, b) - h * h * np.float32(width / 4)


def diaphragm(x, y, z, right_height=1.0):
    """Signed distance-like field of the domes: negative below the diaphragm; right_height: of the right one, relative.

    Over a small liver the right dome stands lower.
    """
    field = None
    for number, (centre, (side, front, back, height)) in enumerate(DOMES):
        height = height * (right_height if number == 0 else 1.0)
        dz = np.asarray(z - centre[2], np.float32)
        up = np.maximum(dz, 0) * np.float32(1 / height)
        flare = 1 + np.maximum(-dz, 0) * np.float32(1 / _DOME_FLARE_MM)
        dx, dy = x - np.float32(centre[0]), y - np.float32(centre[1])
        dy = np.where(dy < 0, dy * np.float32(1 / front), dy * np.float32(1 / back))
        k = np.sqrt((dx / (side * flare)) ** 2 + (dy / flare) ** 2 + up**2)
        one = (k - 1) * np.float32((side * back * height) ** (1 / 3))
        field = one if field is None else smooth_min(field, one, np.float32(14.0))
    return field


def column(x, y):
    """Signed distance-like field of the column behind the liver, negative inside."""
    (cx, cy), (a, b) = _COLUMN
    k = np.sqrt(((x - np.float32(cx)) / np.float32(a)) ** 2 + ((y - np.float32(cy)) / np.float32(b)) ** 2)
    return (k - 1) * np.float32(np.sqrt(a * b))


def parietal(x, y):
    """Share of the growth towards the wall (1 = GROWTH_MM): the right and anterior side, fading at the left lobe."""
    degrees, values = zip(*_PARIETAL, strict=True)
    angle = np.rad2deg(np.arctan2(x - POLAR_CENTRE_MM[0], POLAR_CENTRE_MM[1] - y)) % 360
    left = np.clip((np.float32(60.0) - x) * np.float32(1 / 40.0), 0, 1)
    return np.interp(angle, degrees, values).astype(np.float32) * left


def weight_at(weight, x, z):
    """The growth's weight at a height: under the right dome the liver reaches out on every side."""
    dome = np.clip((z - np.float32(6.0)) / np.float32(42.0), 0, 1) * np.clip(-x / np.float32(50.0), 0, 1)
    return np.maximum(weight, np.float32(3.4) * dome)


def contact(free, cavity, weight, behind, local=None):
    """The liver grown to the wall, confined by it and by the column behind (fields; weight of the growth).

    local : what nodules and dimples add to the surface there; bulges flatten against the wall.
    """
    wall = cavity + np.float32(WALL_GAP_MM)
    reach = np.maximum(free - np.float32(GROWTH_MM) * weight, wall)
    grown = np.maximum(smooth_min(free, reach, np.float32(CONTACT_MM)), wall)
    field = -smooth_min(-grown, behind, np.float32(_COLUMN_BLEND_MM))
    return field if local is None else np.maximum(field + local, wall)
