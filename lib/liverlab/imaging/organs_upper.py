"""Solid organs and the diaphragm: lungs, heart, crura, kidneys, adrenals, pancreas, gallbladder.

Centres and sizes by height: PHANTOM 4.2, 4.5; what the two scans do not show (dome, heart, lower poles) by eye.
"""

import numpy as np

from liverlab.imaging.anatomy_liver import LIVER_CENTRE_MM, smooth_min
from liverlab.imaging.anatomy_shapes import at_z, capsules, ellipse, ellipsoid, extent, polyline, tube
from liverlab.imaging.anatomy_waves import Waves

_HALO_MM = 1.2  # fat line around an organ, PHANTOM 5.5
_DIAPHRAGM_MM = 1.5  # half thickness
_SLIP_MM = 26.0  # slips of muscle thicken it this far from the wall
_OESOPHAGUS = ((31, -52, 8, 9.5), (22, -49, 18, 8.5), (14, -43, 34, 8), (10, -36, 60, 8), (9, -32, 100, 8))
_PANCREAS = ((-18, -57, -92, 9), (-18, -62, -78, 12.5), (-16, -66, -64, 13), (-4, -69, -53, 9), (8, -71, -46, 7.5),
             (24, -66, -36, 8.5), (42, -58, -27, 9), (58, -52, -22, 8.5), (72, -42, -17, 8),
             (83, -34, -13, 6))  # fmt: skip
_GALLBLADDER = ((-43, -50, -42, 3.2), (-44, -57, -50, 5.5), (-47, -66, -58, 9.5), (-50, -74, -67, 12.5),
                (-54, -81, -76, 13.5), (-58, -87, -84, 11))  # fmt: skip
# Fissure of the ligamentum venosum by height, from its mouth to its end, in the liver as it is drawn; half widths.
_DRAWN_SCALE = 0.8428  # of the standard patient's liver
# Falciform and round ligament: z, how far back their fat reaches (y), its half width.
_FALCIFORM = ((-95, 20, 4.6), (-75, 8, 4.4), (-60, -4, 3.4), (-40, -16, 2.4), (-20, -34, 1.7), (0, -50, 1.1),
              (26, -62, 0.5))  # fmt: skip
_VENOSUM = (
    (-10, ((14, -58), (2, -64), (-10, -66), (-20, -64))),
    (8, ((13, -57), (2, -63), (-10, -67), (-22, -67))),
    (22, ((9, -55), (0, -60), (-9, -63), (-17, -63))),
    (33, ((4, -53), (-2, -56), (-7, -58), (-12, -59))),
)
FISSURE_BOX = (-48, 66, -104, -30)  # x and y it may reach
_VENOSUM_MM = (2.4, 1.6, 1.2, 0.6)
_VENOSUM_GROWTH = ((1.0, 0.1), (0.35, -0.75), (0.1, -0.75), (0.0, -0.3))  # its way per mm of growth of the caudate
# side: centre, semi-axes, angle, lean
_KIDNEYS = {
    1: ((76, 8, -68), (31, 26, 56), 122, (-0.42, -0.10)),
    -1: ((-66, 6, -80), (31, 26, 55), 58, (0.36, -0.10)),
}
_RIGHT_CRUS = ((6, -46), (-3, -40), (-6, -28), (-18, -19), (-28, -6), (-31, 6))
_LEFT_CRUS = ((6, -46), (20, -47), (29, -38), (30, -22), (29, -6), (33, 10))
_RIGHT_CRUS_LOW = ((0, -25), (-3, -25), (-7, -25), (-13, -22), (-19, -16), (-22, -8))
_LEFT_CRUS_LOW = ((8, -25), (11, -25), (15, -24), (19, -20), (22, -14), (24, -7))
# Fat in the grooves between the chambers, with a coronary artery in each: line from the surface inwards, place.
_GROOVES = (
    (((72, -132), (60, -120), (50, -114)), (63, -123)),
    (((-44, -98), (-28, -90), (-12, -86)), (-29, -91)),
    (((30, -40), (24, -52), (18, -62)), (25, -51)),
)
_MYOCARDIUM = {"muscle": 0.5, "aorta": 0.5}
_RIGHT_HEART = {"ivc": 0.5, "aorta": 0.5}
_GALLBLADDER_WALL = {"muscle": 0.8, "fat": 0.2}


class Detail:
    """The random fields that make borders uneven, made once per patient."""

    def __init__(self, seed):
        self.coarse = Waves((seed, 21), wavelength_mm=42.0, count=16)
        self.medium = Waves((seed, 22), wavelength_mm=20.0, count=24)
        self.fine = Waves((seed, 23), wavelength_mm=9.0, count=24)
        self.folds = Waves((seed, 24), wavelength_mm=13.0, z_mm=26.0, count=32)


def paint_chest(c, cavity_wall, domes, detail, clutter):
    """Lungs above the domes, mediastinum and heart, the diaphragm as a thin sheet. Fields on the whole canvas."""
    box = c.full
    above = np.maximum(-domes, cavity_wall)
    if c.z > -45:
        c.paint("lung", above)
        if c.z > -20:
            inside = np.clip(-above - 2, 0, 1)
            c.paint_coverage("ivc", capsules(c.grid, c.z, clutter.lung) * inside)
        if c.z > 8:
            _paint_mediastinum(c, above, detail)
        uneven = c.wave(detail.coarse, box)
        slips = np.maximum(uneven, 0) * np.clip(1 + cavity_wall * np.float32(1 / _SLIP_MM), 0, 1)  # where it arises
        sheet = np.abs(domes + 0.5 + slips) - np.float32(_DIAPHRAGM_MM) + 0.5 * uneven - 1.6 * slips
        c.paint("muscle", np.maximum(sheet, cavity_wall))


def _paint_mediastinum(c, above, detail):
    z = c.z
    box = c.box(-75, 130, -160, 40)
    room = smooth_min(polyline(box, ((0, 4), (15, -24), (9, -42)), (27, 16, 12)),
                      ellipse(box, (8, -70), (20 + 0.2 * max(z, 0), 34)), 14.0)  # fmt: skip
    heart = ellipsoid(box, z, (28, -94, 92), (70, 50, 44), 20)
    if heart is not None:
        room = smooth_min(room, heart - 7, 12.0)
    room = room + 2.5 * c.wave(detail.coarse, box)
    c.paint("fat", np.maximum(room, box.of(above)), box)
    left = ellipsoid(box, z, (52, -86, 94), (40, 31, 36), 25)
    if heart is not None:
        c.paint(_MYOCARDIUM, np.maximum(heart, box.of(above)), box)
        # the right heart's cavities: a thin wall at the sides, a thicker floor on the diaphragm
        cavities = ellipsoid(box, z, (28, -94, 94), (66, 46, 38), 20)
        if cavities is not None:
            kept = np.maximum(cavities, box.of(above) + 2)
            c.paint(_RIGHT_HEART, kept if left is None else np.maximum(kept, -left), box)
    if left is not None:
        c.paint(_MYOCARDIUM, np.maximum(left, box.of(above)), box)
        c.paint("aorta", left + 11 + 1.5 * c.wave(detail.medium, box), box)
    atrium = ellipsoid(box, z, (-14, -62, 96), (28, 26, 34))
    if atrium is not None:
        c.paint("ivc", np.maximum(atrium, box.of(above)), box)
    if heart is not None:
        for points, (x, y) in _GROOVES:
            deep = np.clip((z - 58) / 14, 0, 1)  # none on the flat underside
            radii = np.array((4.5, 3.0, 0.8)) * deep
            c.paint("fat", np.maximum(polyline(box, points, radii), heart - 4), box)
            if deep > 0.4:
                c.paint("aorta", np.maximum(ellipse(box, (x, y), (1.5, 1.5)), heart - 3), box)


def paint_crura(c):
    """Both crura: in front of the aorta at the hiatus, along the vertebral bodies below it."""
    low = np.clip((-18 - c.z) / 40, 0, 1)
    if c.z > 34 or low >= 1:
        return
    thin = 1 - 0.25 * low - 0.5 * np.clip((c.z - 18) / 16, 0, 1)
    box = c.box(-48, 48, -62, 22)
    for high, down, radii in ((_RIGHT_CRUS, _RIGHT_CRUS_LOW, (2.4, 3.6, 4.6, 3.6, 2.4, 1.6)),
                              (_LEFT_CRUS, _LEFT_CRUS_LOW, (2.0, 2.4, 2.8, 2.4, 1.9, 1.5))):  # fmt: skip
        points = (1 - low) * np.array(high) + low * np.array(down)
        c.paint("muscle", polyline(box, points, np.array(radii) * thin), box)


def paint_oesophagus(c):
    around = extent(_OESOPHAGUS, c.z, 4)
    if around:
        box = c.box(*around)
        field = tube(box, c.z, _OESOPHAGUS, 4)
    if around and field is not None:
        c.paint("fat", field - 1.2, box)
        c.paint("stomach_wall", field, box)
        c.paint("stomach_content", field + 5.5, box)


def kidney(box, z, side):
    """Signed distance (mm) to the left (side 1) or right (-1) kidney on a plane; far outside where it is missed."""
    centre, semi, angle, lean = _KIDNEYS[side]
    field = ellipsoid(box, z, centre, semi, angle, lean)
    return np.full((box.y.size, box.x.size), np.float32(99.0)) if field is None else field


def paint_kidneys(c, detail):
    for side, (centre, semi, _, lean) in _KIDNEYS.items():
        box = c.box(centre[0] - 75, centre[0] + 75, -50, 60)
        if abs(c.z - centre[2]) >= semi[2]:
            continue
        field = kidney(box, c.z, side) + 0.6 * c.wave(detail.medium, box)
        dz = c.z - centre[2]
        sinus = ellipsoid(
            box, c.z, (centre[0] - side * 17 + lean[0] * dz, centre[1] - 9, centre[2]), (22, 10, 34), 90 - side * 62
        )
        c.paint("fat", field - _HALO_MM, box)
        c.paint("kidney_cortex", field, box)
        pyramids = np.maximum(np.abs(field + 12.5) - 6.0, 2.4 - 7.0 * c.wave(detail.medium, box, 40))
        c.paint("kidney_medulla", np.maximum(pyramids, field + 6.0), box)
        if sinus is not None:
            sinus = sinus + 1.5 * c.wave(detail.fine, box)
            c.paint("fat", sinus, box)
            c.paint("ivc", np.maximum(sinus + 3, 1.5 - 3 * c.wave(detail.medium, box, 90)), box)


def paint_adrenals(c):
    z = c.z
    if -34 < z < 2:
        box = c.box(10, 62, -40, 12)
        size = 1.8 * np.sqrt(max(1 - ((z + 16) / 18) ** 2, 0.02))
        spread = np.clip((z + 34) / 20, 0.2, 1)
        stem, medial, lateral = (37, -20), (36 - 6 * spread, -20 + 16 * spread), (38 + 8 * spread, -20 + 17 * spread)
        c.paint("adrenal", polyline(box, (medial, stem, lateral), (size, size * 1.2, size)), box)
    if -24 < z < 14:
        box = c.box(-66, -14, -40, 22)
        size = 1.7 * np.sqrt(max(1 - ((z + 5) / 19) ** 2, 0.02))
        c.paint("adrenal", polyline(box, ((-29, -24), (-35, -12), (-45, 4)), (size, size * 1.1, size * 0.8)), box)
        if z < -4:
            c.paint("adrenal", polyline(box, ((-35, -12), (-34, 2)), (size, size * 0.8)), box)


def paint_pancreas(c, detail):
    around = extent(_PANCREAS, c.z, 6)
    if around:
        box = c.box(*around)
        field = tube(box, c.z, _PANCREAS, 6)
        if field is not None:
            field = field + 1.5 * c.wave(detail.fine, box) + 1.0 * c.wave(detail.medium, box)
            c.paint("pancreas", field, box)


def paint_gallbladder(c, detail, liver_scale):
    """Under the liver whose scale is given: it lies nearer to the middle of a smaller one."""
    k, centre = liver_scale / _DRAWN_SCALE, np.array(LIVER_CENTRE_MM)
    bladder = [(*(centre + k * (np.array(point) - centre)), radius) for *point, radius in _GALLBLADDER]
    around = extent(bladder, c.z, 4)
    if around:
        box = c.box(*around)
        field = tube(box, c.z, bladder, 8)
        if field is not None:
            field = field + 0.6 * c.wave(detail.coarse, box)
            c.paint("fat", field - 0.6, box)
            c.paint(_GALLBLADDER_WALL, field, box)
            c.paint("bile", field + 1.5, box)


def venosum(box, z_mm, scale, caudate_growth_mm=0.0):
    """Signed distance (mm) to the fissure of the ligamentum venosum, in front of the caudate; None where it is missed.

    It opens to the left, beside the oesophagus, and ends at the left portal vein; a growing caudate pushes it forwards.
    """
    k = scale / _DRAWN_SCALE
    z = z_mm / k
    low, high = _VENOSUM[0][0], _VENOSUM[-1][0]
    if not low < z < high:
        return None
    row = at_z(z, [(height, *np.ravel(points)) for height, points in _VENOSUM])
    points, centre = np.reshape(row, (4, 2)), np.array(LIVER_CENTRE_MM[:2])
    points = centre + k * (points - centre) + caudate_growth_mm * np.array(_VENOSUM_GROWTH)
    mouth = points[0] + (14, 5)  # runs on until it leaves the liver
    return polyline(box, [mouth, *points], (_VENOSUM_MM[0], *_VENOSUM_MM))


def venosum_depth(z_mm, scale):
    """Share 0-1 to which the fissure is open at a height: it fades in and out."""
    z, low, high = z_mm * _DRAWN_SCALE / scale, _VENOSUM[0][0], _VENOSUM[-1][0]
    return float(np.clip(min(z - low, high - z) / 8, 0, 1))


def paint_fissures(c, detail, scale, cavity):
    """Fat of the falciform and round ligaments (PHANTOM 1.3), in the liver's frame."""
    k = scale
    z = c.z / k
    box = c.box(-40, 20, -170, -15)
    if -95 < z < 26:
        depth, width = at_z(z, _FALCIFORM)
        x = -60 + k * (41 + 0.06 * z)
        bend = -50 + k * 0.5 * (depth - 90)
        sway = 2.5 * np.sin(z / 13.0)  # no two levels open alike
        points = [(x - 6, -165), (x - 3 + sway, bend - 22), (x + 2 - sway, bend), (x + 1, -50 + k * (depth - 20))]
        notch = polyline(box, points, (width * 1.5, width * 0.75, width, 0.4))
        notch = notch + 0.5 * c.wave(detail.medium, box)
        c.paint("fat", np.maximum(notch, box.of(cavity)), box)
        if z < -12:  # the round ligament itself, a dot in its fat
            dot = c.box(x - 8, x + 10, -50 + k * (depth - 34), -50 + k * depth)
            c.paint("muscle", ellipse(dot, (x + 1, -50 + k * (depth - 24)), (2.0, 1.6)), dot)
