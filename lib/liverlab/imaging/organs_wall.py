"""The body wall: outline, skin, subcutaneous fat, muscles, ribs with cartilage, and the table underneath.

Tables go round the body's centre (0 anterior, 90 patient's left, 180 posterior) and are given in mm for a body 330 mm
wide; measured values from PHANTOM 4.1, 4.4 and 4.6, asymmetries and layers by eye.
"""

import numpy as np

from liverlab.imaging.anatomy_canvas import POLAR_CENTRE_MM, smooth_around
from liverlab.imaging.anatomy_liver import diaphragm
from liverlab.imaging.anatomy_shapes import ellipse, polyline, tube
from liverlab.imaging.anatomy_waves import Waves

REFERENCE_WIDTH_MM = 330.0
_DEGREES = (np.arange(2880) + 0.5) / 8.0
_TWELVE = np.arange(0, 360, 30)
_RADIUS = (132, 140, 157, 164, 165, 145, 122, 144, 164, 166, 153, 140)  # native and portal scans, PHANTOM 4.1
_FAT = (17, 14, 9, 11, 13, 9, 5, 10, 14, 12, 8, 15)
_INNER = (
    (0, 20, 45, 65, 90, 112, 130, 145, 157, 168, 180, 192, 203, 215, 230, 248, 270, 295, 315, 340),
    (33, 33, 31, 27, 28, 30, 33, 42, 58, 86, 100, 85, 57, 41, 33, 31, 28, 26, 30, 33),
)
# Sex: fat under the skin and muscle relative to the tables, narrowing of the waist. [by eye, kept modest]
_BY_SEX = {"M": (1.0, 1.0, 0.02), "F": (1.55, 0.85, 0.05)}
_BACK_SCALE = 0.99
_SLOW = 0.4  # thickness varies less along the body than around it
_SKIN_MM = 2.4
_DEEP_MM = 7.4  # layer of ribs and intercostal muscles, or of the deep abdominal muscles
_SLIP_DEGREES = 15.0  # width of the slips in which serratus and oblique muscle arise from the ribs
_RIB_MARROW_MM, _RIB_SEMI_MM = 1.5, (9.6, 4.2)  # cortex thickness; section 19 x 7.6 mm, PHANTOM 4.4


class Wall:
    """Radii of the layers of the body wall at any height, as tables over the angle."""

    def __init__(self, body_width_mm, seed, sex="M", dome=1.0):
        """sex: "M" or "F", who has more fat under the skin, thinner muscles and a narrower waist; dome: relative height
        of the right dome of the diaphragm."""
        self.scale, self.dome = body_width_mm / REFERENCE_WIDTH_MM, dome
        self._fat_share, self.muscle, self._waist = _BY_SEX[sex]
        self._radius = smooth_around(_TWELVE, _RADIUS)
        self._fat = smooth_around(_TWELVE, _FAT)
        self._inner = smooth_around(*_INNER, harmonics=24)
        bins = np.deg2rad(np.arange(self._radius.size) * 360.0 / self._radius.size)
        self._cos = np.cos(bins).astype(np.float32)
        self._sin = np.sin(bins).astype(np.float32)
        self._bumps = Waves((seed, 11), wavelength_mm=70.0, count=16)
        self._fine = Waves((seed, 12), wavelength_mm=34.0, count=16)

    def _around_body(self, waves, z):
        """A random field on a ring of 120 mm radius: worked at every eighth bin, drawn out to all of them."""
        ring = waves.at(120 * self._sin[::8], -120 * self._cos[::8], z)
        return np.interp(_DEGREES, _DEGREES[::8], ring, period=360.0).astype(np.float32)

    def skin(self, z):
        """Radius of the skin: the chest slopes in at the front when z rises, the waist narrows below."""
        front = np.maximum(self._cos, 0)
        side = self._sin**2
        chest = np.clip((z - 10.0) / 80.0, 0, 1)
        waist = np.clip((-z - 20.0) / 80.0, 0, 1)
        form = 1 - 0.05 * chest * front - self._waist * waist * side + 0.015 * waist * front
        # the spine is as deep in narrow bodies: the back does not come forward with the sides
        scale = self.scale + max(_BACK_SCALE - self.scale, 0.0) * np.clip(-self._cos, 0, 1) ** 2
        return self._radius * (form * scale).astype(np.float32)

    def fat(self, z):
        """Thickness of the subcutaneous fat, skin included: more of it towards the waist."""
        growth = 1 + 0.0025 * np.clip(-z, -80, 90) + 0.08 * self._around_body(self._bumps, _SLOW * z)
        growth = growth.astype(np.float32) * np.float32(self.scale * self._fat_share)
        return np.maximum(self._fat * growth, 3.0)

    def inner(self, z):
        """Depth of the inner wall (pleura, peritoneum) under the skin."""
        uneven = 0.8 * self._around_body(self._bumps, _SLOW * z) + 0.5 * self._around_body(self._fine, _SLOW * z)
        thicker = self.fat(z) - self._fat * np.float32(self.scale)
        thicker -= np.float32((1 - self.muscle) * _DEEP_MM)
        return self._inner * np.float32(self.scale) + (0.8 * thicker + uneven).astype(np.float32)

    def uneven(self, z):
        """Unit variation over the angle (bins), slow in z: thickness of muscles differs from place to place."""
        return self._around_body(self._bumps, z * 0.6 + 40) * 0.7 + self._around_body(self._fine, z * 0.6) * 0.7

    def domes(self, x, y, z):
        """Field of the diaphragm at points that broadcast: negative below it."""
        return diaphragm(x, y, z, self.dome)

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


# Outer muscles: centre angle, half width (degrees), thickness (mm), z range, lean of the centre in degrees per mm of z.
_OUTER = (
    (13, 15, 8.0, (-200, 34), 0.0), (347, 15, 8.4, (-200, 32), 0.0),  # rectus
    (16, 17, 4.0, (28, 200), 0.0), (344, 17, 4.0, (26, 200), 0.0),  # lower pectoral and its sheath
    (62, 34, 6.4, (-200, 70), 0.10), (300, 33, 5.6, (-200, 66), -0.10),  # external oblique
    (84, 22, 6.0, (-10, 200), 0.15), (277, 24, 6.8, (-14, 200), -0.15),  # serratus
    (121, 26, 8.4, (-90, 200), 0.06), (238, 27, 7.4, (-90, 200), -0.06),  # latissimus
)  # fmt: skip
_RIB_LEVELS = ((12, -3.0), (11, 22.0), (10, 47.0), (9, 70.0), (8, 93.0), (7, 117.0), (6, 141.0), (5, 165.0))
# A rib's angle by its fall below its vertebra (mm); the slope of PHANTOM 4.4 at the side, steeper behind.
_RIB_FALL = ((-9, 171), (0, 164), (8, 153), (22, 140), (47, 122), (70, 105), (93, 86), (118, 65), (140, 47), (170, 26))
# Behind, ribs leave the wall for the spine: radius from the body's centre (mm), PHANTOM 4.4.
_RIB_BEHIND = np.array(((125, 131), (140, 118), (150, 107), (160, 94), (171, 72)), float)
_NECK_MM = 20.0  # the part of a rib this far below its vertebra is drawn as a tube
_RIB_END = {12: 128.0, 11: 92.0, 10: 66.0, 9: 60.0, 8: 55.0, 7: 51.0, 6: 45.0, 5: 40.0}  # where bone turns to cartilage
_ARCH = ((-70, 84), (-40, 66), (-10, 48), (20, 33), (50, 17), (70, 8))  # the costal arch by height: angle


def _lens(centre, half_width, thickness):
    """Thickness of a lens-shaped muscle over the angle (bins)."""
    away = (_DEGREES - centre + 180) % 360 - 180
    return thickness * np.maximum(1 - (away / half_width) ** 2, 0) ** 0.4


def paint_wall(c, wall):
    """Table, skin, subcutaneous fat, muscles in patches with fat between them; returns two depth maps for the rest."""
    g, z = c.grid, c.z
    skin, inner = wall.skin(z), wall.inner(z)
    depth = skin[g.angle_bin] - g.radius_mm
    _paint_table(c)
    c.paint("skin", -depth)
    c.paint("subcutaneous_fat", _SKIN_MM - depth)
    patchy, other = wall.uneven(z), wall.uneven(z + 150.0)
    deep = inner - _DEEP_MM * wall.muscle * (1 + 0.22 * patchy)
    gap = np.maximum(1.1 + 1.3 * other, 0.2)
    outer = np.zeros(deep.shape)
    for number, (centre, half_width, thickness, (low, high), lean) in enumerate(_OUTER):
        here = np.clip(min(z - low, high - z) / 14, 0, 1)
        if here > 0:
            one = _lens(centre + lean * z, half_width, thickness * here) * wall.muscle
            one = one * np.clip(1 + 0.32 * other, 0.35, 1.6)
            if abs(centre - 180) < 130:  # the flank's muscles arise in slips, with fat between them
                wave = np.sin(2 * np.pi * (_DEGREES / _SLIP_DEGREES + z / 26.0 + 0.37 * number) + 1.5 * patchy)
                one = one * (0.86 + 0.16 * wave)
            top = deep - gap - one
            bottom = np.where(one > 0.4, deep - gap, top - 50)
            outer = np.maximum(outer, one)
            middle, half = ((top + bottom) / 2).astype(np.float32), ((bottom - top) / 2).astype(np.float32)
            c.paint("muscle", np.abs(depth - middle[g.angle_bin]) - half[g.angle_bin])
    c.paint("muscle", deep.astype(np.float32)[g.angle_bin] - depth)
    c.paint("fat", (inner + 1.0)[g.angle_bin] - depth)
    return depth, deep


def paint_back(c, wall, depth, detail):
    """Fat behind the cavity with the erector muscles, psoas and quadratus in it."""
    z = c.z
    box = c.box(-105, 105, -10, 90)
    fat_mm = wall.fat(z)[box.of(c.grid.angle_bin)]
    under = fat_mm + 2.0 - box.of(depth)
    k = float(np.clip((20 - z) / 80, 0, 1))  # 0 at T11, 1 at L2
    warp = 1.2 * c.wave(detail.medium, box, -0.5 * z)
    frayed = 0.5 * c.wave(detail.fine, box)
    c.paint("fat", np.maximum(polyline(box, ((-52, 58), (-20, 56), (20, 56), (52, 58)), (17, 22, 22, 17)), under), box)
    bins = box.of(c.grid.angle_bin)
    aside = np.abs(bins * np.float32(0.125) - 180)
    sheet = np.maximum(np.abs(under - 0.6) - 1.6 + 0.4 * warp, (aside - 52) * 2)
    c.paint("muscle", np.maximum(sheet, (9 - aside) * 1.5), box)
    for side in (-1, 1):
        bellies = [
            ellipse(box, (side * 11, 55 + 2 * k), (19 + 2 * k, 11.5 + k), 90),
            ellipse(box, (side * (31 + 3 * k), 56 + 3 * k), (18 + 4 * k, 13 + 5 * k), side * 10),
            ellipse(box, (side * (56 + 2 * k), 51 + 4 * k), (17 + 2 * k, 8.5 + 4 * k), side * -24),
        ]
        for number, one in enumerate(bellies):
            others = np.minimum(bellies[number - 1], bellies[(number + 1) % 3])
            apart = 0.5 * (one - others) + 0.1 + 0.5 * warp  # a septum of fat that comes and goes
            c.paint("muscle", np.maximum(np.maximum(one + warp + frayed, apart), under), box)
        if z < -14:
            thick = np.clip((-14 - z) / 50, 0, 1)
            c.paint(
                "muscle",
                ellipse(box, (side * (29 + 5 * thick), 11), (8 + 13 * thick, 3 + 6 * thick), 90 - side * 14)
                + 0.5 * warp,
                box,
            )
        if z < -28:
            thick = np.clip((-28 - z) / 40, 0, 1)
            c.paint(
                "muscle", ellipse(box, (side * 60, 36), (14 + 5 * thick, 3 + 3.5 * thick), side * -38) + 0.5 * warp, box
            )


def paint_ribs(c, wall, deep):
    """Ribs, oblique and shifting with height, their cartilage, the costal arch and the xiphoid."""
    z, skin, uneven = c.z, wall.skin(c.z), wall.uneven(c.z)
    fall, angle = np.array(_RIB_FALL, float).T
    arch = float(np.interp(z, *np.array(_ARCH, float).T))
    for side in (1, -1):
        for number, top in _RIB_LEVELS:
            drop = top - z + 2.5 * side
            if not fall[0] < drop < fall[-1]:
                continue
            theta = float(np.interp(drop, fall, angle))
            end = _RIB_END[number]
            if (number >= 11 and theta < end) or theta < arch + 9:
                continue
            place = int(theta * 8) if side > 0 else 2879 - int(theta * 8)
            size = 1 + 0.25 * float(uneven[(place + 97 * number) % 2880])
            taper = np.clip((theta - end) / 6, 0.35, 1) if number >= 11 else 1.0
            long = _RIB_SEMI_MM[0] * size * (1.25 if theta > 135 else 1.0) * taper
            thick = _RIB_SEMI_MM[1] * (0.92 + 0.1 * size) * (0.6 + 0.4 * taper)
            if drop < _NECK_MM:
                continue  # drawn as a neck below: it runs too level for a section
            behind = float(np.clip((theta - 122) / 18, 0, 1))
            radius = (1 - behind) * (skin[place] - deep[place] - 3.8)
            radius += behind * wall.scale * float(np.interp(theta, *_RIB_BEHIND.T))
            bony = theta > end
            _paint_rib(c, radius, theta * side, long if bony else 1.6 * long, thick if bony else 1.25 * thick, bony)
        _paint_necks(c, wall.scale, side)
        if z < 62:
            place = int(arch * 8) if side > 0 else 2879 - int(arch * 8)
            _paint_rib(c, skin[place] - deep[place] - 2.5, arch * side, 14.0, 4.8, False)
    if z > 44:
        box = c.box(-30, 30, -180, -120)
        plate = ellipse(
            box, (1, POLAR_CENTRE_MM[1] - (skin[0] - deep[0] - 2.5)), (8 + 6 * np.clip((z - 44) / 20, 0, 1), 4.2)
        )
        c.paint("bone_cortex", plate, box)
        c.paint("bone_trabecular", plate + _RIB_MARROW_MM, box)


def _paint_necks(c, scale, side):
    """Heads, necks and angles of the ribs as tubes from the vertebra outwards."""
    fall, angle = np.array(_RIB_FALL, float).T
    drops = np.linspace(fall[0], _NECK_MM + 6, 8)
    theta = np.deg2rad(np.interp(drops, fall, angle))
    radius = scale * np.interp(np.rad2deg(theta), *_RIB_BEHIND.T)
    x = POLAR_CENTRE_MM[0] + side * radius * np.sin(theta)
    y = POLAR_CENTRE_MM[1] - radius * np.cos(theta)
    for _, top in _RIB_LEVELS[:6]:
        z = top + 2.5 * side - drops
        if z[-1] - 8 < c.z < z[0] + 8:
            points = np.stack([x, y, z, np.linspace(5.2, 4.6, len(z))], axis=1)
            box = c.box(x.min() - 9, x.max() + 9, y.min() - 9, y.max() + 9)
            field = tube(box, c.z, points, 3.0)
            c.paint("bone_cortex", field, box)
            c.paint("bone_trabecular", field + _RIB_MARROW_MM, box)


def _paint_rib(c, radius, degrees, long, thick, bony):
    t = np.deg2rad(degrees)
    x, y = POLAR_CENTRE_MM[0] + radius * np.sin(t), POLAR_CENTRE_MM[1] - radius * np.cos(t)
    reach = long + 4
    box = c.box(x - reach, x + reach, y - reach, y + reach)
    field = ellipse(box, (x, y), (long, thick), degrees)
    if bony:
        c.paint("bone_cortex", field, box)
        c.paint("bone_trabecular", field + _RIB_MARROW_MM, box)
    else:
        c.paint({"cartilage": 0.75, "bone_cortex": 0.25}, field, box)
        c.paint("cartilage", field + 1.3, box)


def _paint_table(c):
    """Two shells of the couch as arcs behind the back."""
    box = c.box(-200, 200, 40, 160)
    for bottom, radius, half in ((101.0, 420.0, 1.2), (107.0, 420.0, 1.0), (132.0, 520.0, 1.3)):
        far = np.sqrt(box.x**2 + (box.y - np.float32(bottom - radius)) ** 2)
        c.paint("table", np.abs(far - np.float32(radius)) - np.float32(half), box)
