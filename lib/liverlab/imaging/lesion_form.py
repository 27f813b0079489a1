"""How the borders of a lesion run through the planes of a slice, and how blur spreads them.

k is the relative radius: 0 in the centre, 1 on the lesion's border. An edge blurred by a Gaussian of SD sigma along its
normal is the normal distribution of -d / sigma. In the plane sigma is the scanner's; along z only the distance of the
planes, since the slice's thickness is averaged. Blur moves the half level of a border of radius R inwards by
sigma^2 / (2 R): with that the content of a small lesion is kept.
"""

import zlib
from functools import lru_cache

import numpy as np

from liverlab.imaging.lesions import LOBULATION

HILUM_MM = (-47.0, -45.0, -13.0)  # portal bifurcation of shape F in the patient frame, PHANTOM 1.3
_WEDGE_APEX = 0.15  # width of a wedge at its apex over that at its base [by eye]
# Waves of a border: number, range of their frequencies on the unit sphere.
LOBES, _RAGGED = (6, 2.5, 5.5), (10, 3.5, 8.0)


@lru_cache(maxsize=512)
def _border_waves(name, count, low, high):
    """Directions and phases of an uneven border, seeded by a name."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    wave = rng.normal(size=(count, 3))
    wave *= rng.uniform(low, high, (count, 1)) / np.sqrt((wave**2).sum(1, keepdims=True))
    return wave.astype(np.float32), rng.uniform(0, 2 * np.pi, count).astype(np.float32)


def uneven(name, form, u, v, w):
    """Random field of unit variance seeded by a name, over points (u, v, w), which broadcast.

    form : number of waves, lowest and highest frequency per unit.
    """
    wave, phase = _border_waves(name, *form)
    size = (-1,) + (1,) * max(np.ndim(part) for part in (u, v, w))
    kx, ky, kz, phase = (part.reshape(size) for part in (*wave.T, phase))
    total = np.cos(kx * u + ky * v + (kz * w + phase)).sum(0)
    return total * np.float32(np.sqrt(2.0 / form[0]))


def border(name, u, v, w, lobulation=LOBULATION):
    """Radius of a lesion's lobulated border relative to its ellipsoid's, about 1, in directions (u, v, w).

    u, v, w : parts of a unit vector along the semi-axes, each in units of its semi-axis; they broadcast.
    """
    return 1 + np.float32(lobulation) * uneven(name, LOBES, u, v, w)


def ragged(name, u, v, w, roughness):
    """Radius of an irregular inner border relative to its ellipsoid's, about 1; arguments as for border."""
    return 1 + np.float32(roughness) * uneven(name, _RAGGED, u, v, w)


def reach_mm(lesions, number, directions):
    """Distance (P,) from a lesion's centre to its border along directions (P, 3), unit vectors in the patient frame."""
    directions = np.asarray(directions, float)
    semi, lobulation = lesions.semi_axes_mm[number], lesions.lobulation[number]
    scaled = directions / semi
    length = np.sqrt((scaled**2).sum(1))
    round_about = border(lesions.ids[number], *(scaled / length[:, None]).T, lobulation)
    if not lesions.wedge[number]:
        return round_about / length
    # The cone of Form._wedge: its side and its ends, whichever the ray meets first.
    along = lesions.centre_mm[number] - HILUM_MM
    t = directions @ (along / max(np.sqrt(along @ along), 1e-3))
    width, opens = np.sqrt(semi[1] * semi[2]), (1 - _WEDGE_APEX) / 2
    side = width * (_WEDGE_APEX + opens + round_about - 1)
    end = semi[0] + width * (round_about - 1)
    closing = np.sqrt(np.maximum(1 - t * t, 0)) - opens * width / semi[0] * t
    return np.minimum(side / np.maximum(closing, 1e-6), end / np.maximum(np.abs(t), 1e-6))


def soft(distance_mm, sigma_mm):
    """Coverage of an edge blurred by a Gaussian: the normal distribution of -d/sigma (tanh form, error < 0.0005)."""
    t = distance_mm * (np.float32(-1) / np.float32(sigma_mm))
    return 0.5 + 0.5 * np.tanh(np.float32(0.7978845608) * t * (1 + np.float32(0.044715) * t * t))


class Form:
    """Where one lesion lies on some planes.

    x (W,), y (H,), z (planes,) in mm; sigma_mm, sigma_z_mm : blur in the plane and along z. uvw : the points in units
    of the semi-axes, which broadcast; direction : unit vectors on the middle plane, (H, W) each; k (planes, H, W).
    """

    def __init__(self, lesions, number, x, y, z, sigma_mm=1.0, sigma_z_mm=1.0):
        self._name, centre = lesions.ids[number], lesions.centre_mm[number].astype(np.float32)
        semi = lesions.semi_axes_mm[number].astype(np.float32)
        x, y, z = x[None, None, :] - centre[0], y[None, :, None] - centre[1], np.float32(z)[:, None, None] - centre[2]
        self.uvw = u, v, w = x / semi[0], y / semi[1], z / semi[2]
        self._shift_mm = np.float32(sigma_mm**2 / (2 * np.sqrt(semi[0] * semi[1])))
        middle = z.shape[0] // 2
        if lesions.wedge[number]:
            self._wedge(x, y, z, centre, semi)
            self.sigma_mm = np.float32(sigma_mm)
        else:
            self.k = np.sqrt(np.maximum(u * u + v * v + w * w, np.float32(1e-6)))
            level, rising = (u / semi[0]) ** 2 + (v / semi[1]) ** 2, (w / semi[2]) ** 2
            slope = np.sqrt(level + rising)
            blur = np.sqrt(np.float32(sigma_mm**2) * level + np.float32(sigma_z_mm**2) * rising)
            slope = np.maximum(slope, np.float32(1e-3) / semi.max())
            self.sigma_mm = np.maximum(blur / slope, np.float32(min(sigma_mm, sigma_z_mm)))
            self.mm = self.k / slope
        # the border's lobes change slowly with height: one plane serves the whole slice
        near = np.maximum(self.k[middle], np.float32(1e-3))
        self.direction = (u[0] / near, v[0] / near, w[middle] / near)
        if lesions.lobulation[number]:
            self.k = self.k - (border(self._name, *self.direction, lesions.lobulation[number]) - 1)

    def _wedge(self, x, y, z, centre, semi):
        """A cone from the hilum outwards through the centre, half as wide and high as its second and third axes."""
        along = centre - np.float32(HILUM_MM)
        along = along / max(float(np.sqrt(along @ along)), 1e-3)
        t = x * along[0] + y * along[1] + z * along[2]
        across = np.sqrt(np.maximum(x * x + y * y + z * z - t * t, np.float32(1e-4)))
        width = np.float32(np.sqrt(semi[1] * semi[2]))
        open_ = np.float32(_WEDGE_APEX) + np.float32(1 - _WEDGE_APEX) * np.clip((t / semi[0] + 1) / 2, 0, 1)
        side = 1 + (across - width * open_) / width
        self.k = np.maximum(np.maximum(side, 1 + (np.abs(t) - semi[0]) / width), np.float32(1e-3))
        self.mm = width

    def outside_mm(self, fraction=1.0, roughness=0.0, part=""):
        """Signed distance (planes, H, W) to the border at a fraction of the lesion's diameter, negative inside."""
        level = np.float32(fraction)
        if roughness:
            level = level * ragged(self._name + part, *self.direction, roughness)
        return (self.k - level) * self.mm

    def cover(self, fraction=1.0, roughness=0.0, part="", edge_mm=0.0):
        """Share (planes, H, W) of each voxel inside that border, blurred; edge_mm : SD of a softer border."""
        sigma = np.hypot(self.sigma_mm, np.float32(edge_mm)) if edge_mm else self.sigma_mm
        return soft(self.outside_mm(fraction, roughness, part) + self._shift_mm / np.float32(fraction), sigma)
