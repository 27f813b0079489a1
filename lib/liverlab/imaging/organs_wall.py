"""The body wall: outline, skin, subcutaneous fat, muscles, ribs with cartilage, and the table underneath.

Tables go round the body's centre (0 anterior, 90 patient's left, 180 posterior) and are given in mm for a body 330 mm
wide; measured values from PHANTOM 4.1, 4.4 and 4.6, asymmetries and layers by eye.
"""

import numpy as np

from liverlab.imaging.anatomy_canvas import POLAR_CENTRE_MM, smooth_around
from liverlab.imaging.anatomy_waves import Waves

REFERENCE_WIDTH_MM = 330.0
_TWELVE = np.arange(0, 360, 30)
_RADIUS = (132, 140, 157, 164, 165, 145, 122, 144, 164, 166, 153, 140)  # native and portal scans, PHANTOM 4.1
_FAT = (17, 14, 9, 11, 13, 9, 5, 10, 14, 12, 8, 15)
_INNER = (
    (0, 20, 45, 65, 90, 112, 130, 145, 157, 168, 180, 192, 203, 215, 230, 248, 270, 295, 315, 340),
    (29, 29, 27, 25, 28, 30, 33, 42, 58, 86, 100, 85, 57, 41, 33, 31, 28, 24, 26, 28),
)
_RIB_MARROW_MM, _RIB_SEMI_MM = 1.9, (9.6, 4.0)  # cortex thickness; section 19 x 7.6 mm, PHANTOM 4.4


class Wall:
    """Radii of the layers of the body wall at any height, as tables over the angle."""

    def __init__(self, body_width_mm, seed):
        self.scale = body_width_mm / REFERENCE_WIDTH_MM
        self._radius = smooth_around(_TWELVE, _RADIUS)
        self._fat = smooth_around(_TWELVE, _FAT)
        self._inner = smooth_around(*_INNER, harmonics=24)
        bins = np.deg2rad(np.arange(self._radius.size) * 360.0 / self._radius.size)
        self._cos = np.cos(bins).astype(np.float32)
        self._sin = np.sin(bins).astype(np.float32)
        self._bumps = Waves((seed, 11), wavelength_mm=70.0, count=16)
        self._fine = Waves((seed, 12), wavelength_mm=34.0, count=16)

    def _around_body(self, waves, z):
        return waves.at(120 * self._sin, -120 * self._cos, z).astype(np.float32)

    def skin(self, z):
        """Radius of the skin: the chest slopes in at the front when z rises, the waist narrows below."""
        front = np.maximum(self._cos, 0)
        side = self._sin**2
        chest = np.clip((z - 10.0) / 80.0, 0, 1)
        waist = np.clip((-z - 20.0) / 80.0, 0, 1)
        form = 1 - 0.05 * chest * front - 0.02 * waist * side + 0.015 * waist * front
        return self._radius * (form * self.scale).astype(np.float32)

    def fat(self, z):
        """Thickness of the subcutaneous fat, skin included: more of it towards the waist."""
        growth = 1 + 0.0025 * np.clip(-z, -80, 90) + 0.10 * self._around_body(self._bumps, z)
        return np.maximum(self._fat * growth.astype(np.float32) * np.float32(self.scale), 3.0)

    def inner(self, z):
        """Depth of the inner wall (pleura, peritoneum) under the skin."""
        uneven = 1.1 * self._around_body(self._bumps, z) + 0.5 * self._around_body(self._fine, z)
        thicker = self.fat(z) - self._fat * np.float32(self.scale)
        return self._inner * np.float32(self.scale) + (0.8 * thicker + uneven).astype(np.float32)

    def inner_field(self, grid, z, box=None):
        """Signed distance to the inner wall (negative inside the cavity) on a box of the grid."""
        bins = grid.angle_bin if box is None else box.of(grid.angle_bin)
        radius = grid.radius_mm if box is None else box.of(grid.radius_mm)
        return radius - (self.skin(z) - self.inner(z))[bins]

    def inner_field_at(self, x, y, z):
        """The same at points; z a single number."""
        dx, dy = x - POLAR_CENTRE_MM[0], y - POLAR_CENTRE_MM[1]
        table = self.skin(z) - self.inner(z)
        bins = np.floor(np.arctan2(dx, -dy) * (table.size / (2 * np.pi))).astype(int) % table.size
        return np.sqrt(dx * dx + dy * dy) - table[bins]


def paint_wall(c, wall):
    """Table, skin, subcutaneous fat, muscle ring and the fat inside."""
    g = c.grid
    skin = wall.skin(c.z)[g.angle_bin] - g.radius_mm
    fat = wall.fat(c.z)[g.angle_bin]
    inner = wall.inner(c.z)[g.angle_bin]
    c.paint("skin", -skin)
    c.paint("subcutaneous_fat", 1.8 - skin)
    c.paint("muscle", fat - skin)
    c.paint("fat", inner - skin)
