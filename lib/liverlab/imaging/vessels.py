"""Vessels: the grown trees inside the liver and the named ones around it, as round cones in the patient frame (mm).

The trees come from data/vessels.csv, written by tools/grow_vessels.py. Layout outside the liver: PHANTOM 4.2 and 4.5.
"""

import csv
from functools import lru_cache

import numpy as np

from liverlab.imaging.anatomy_liver import DATA, LIVER_CENTRE_MM
from liverlab.imaging.anatomy_shapes import at_z, capsules, ellipse

GROWN_SCALE = 0.9053  # scale of the liver for which the trees were grown
_COLLAR_MM = 1.2  # periportal fat: a thin rim 70 HU below liver around larger portal branches, PHANTOM 2
_COLLAR = {"liver": 0.65, "fat": 0.35}
_COLLAR_RADIUS_MM = 2.6

# Larger vessels by height: z, centre x, y, semi-axes, angle (PHANTOM 4.2; upper levels by eye).
AORTA = ((-96, 10, -34, 8.6, 8.6, 0), (-60, 13, -34, 9.2, 9.2, 0), (-30, 13, -34, 9.8, 9.8, 0), (0, 13, -31, 11, 11, 0),
         (30, 13, -28, 11.6, 11.4, 0), (60, 15, -22, 12, 11.8, 0), (96, 19, -14, 12.4, 12, 0))  # fmt: skip
IVC = ((-96, -15, -38, 13, 10, 155), (-62, -16, -42, 14, 10, 165), (-40, -18, -46, 14, 10.5, 170),
       (-15, -20, -46, 13, 9.5, 160), (5, -22, -42, 12.5, 8.5, 155), (25, -24, -38, 13, 9, 155),
       (40, -25, -36, 14, 10, 160), (52, -23, -38, 13, 11, 150), (66, -19, -44, 13.5, 12.5, 0))  # fmt: skip
IVC_TOP_MM = 74.0  # above it opens into the right atrium


def _line(*points):
    """Rows of round cones along points (x, y, z, r)."""
    return [(*a, *b) for a, b in zip(points[:-1], points[1:], strict=True)]


# Named branches outside the liver: (x, y, z, radius) from their origin on. [by eye, on the layout of PHANTOM 4.2, 4.5]
ARTERIES = np.array(
    _line((13, -38, -20, 4.2), (12, -50, -21, 3.8), (10, -57, -22, 3.6))  # coeliac trunk
    + _line((10, -57, -22, 3.0), (-2, -61, -25, 2.7), (-14, -62, -31, 2.5), (-22, -60, -30, 2.3), (-34, -55, -20, 2.2), (-44, -53, -11, 2.0))  # common and proper hepatic
    + _line((-16, -62, -31, 2.0), (-20, -66, -40, 1.8), (-20, -70, -52, 1.6), (-12, -84, -60, 1.4))  # gastroduodenal
    + _line((10, -57, -22, 3.1), (24, -56, -16, 3.0), (34, -48, -11, 2.9), (46, -49, -15, 2.8), (56, -42, -9, 2.7), (66, -37, -13, 2.6), (76, -30, -8, 2.4))  # splenic, winding
    + _line((76, -30, -8, 2.0), (84, -26, 2, 1.6), (90, -20, 10, 1.2)) + _line((76, -30, -8, 2.0), (86, -22, -16, 1.5), (92, -14, -22, 1.1))
    + _line((10, -57, -22, 1.9), (14, -62, -10, 1.8), (20, -64, 4, 1.6), (26, -72, 8, 1.4), (30, -84, -2, 1.2), (26, -94, -16, 1.0))  # left gastric
    + _line((13, -42, -33, 4.0), (12, -52, -38, 3.8), (10, -56, -52, 3.6), (8, -57, -96, 3.2))  # superior mesenteric
    + _line((20, -33, -42, 3.0), (34, -24, -44, 2.7), (52, -10, -48, 2.4), (64, -4, -50, 2.0))  # left renal
    + _line((6, -32, -46, 2.9), (-10, -28, -48, 2.7), (-30, -22, -52, 2.5), (-52, -8, -58, 2.2), (-60, -3, -62, 1.9))  # right renal, behind the cava
)  # fmt: skip
SPLENIC_VEIN = np.array(
    _line((2, -60, -52, 5.6), (12, -60, -44, 4.6), (22, -55, -33, 4.4), (40, -46, -24, 4.2), (58, -42, -20, 4.0), (74, -32, -15, 3.8), (84, -24, -10, 3.4))
    + _line((84, -24, -10, 2.8), (90, -17, 0, 2.2), (94, -10, 8, 1.7)) + _line((84, -24, -10, 2.7), (92, -16, -18, 2.0), (97, -8, -24, 1.6))
    + _line((74, -32, -15, 2.2), (84, -40, -4, 1.8), (88, -44, 8, 1.4))  # short gastric
)  # fmt: skip
PORTAL_ROOTS = np.array(
    _line((2, -60, -52, 6.0), (0, -62, -64, 5.6), (0, -62, -96, 5.2))  # superior mesenteric vein
    + _line((0, -62, -70, 2.6), (-12, -74, -74, 2.2), (-8, -88, -72, 1.8), (6, -98, -64, 1.5))  # gastrocolic trunk
    + _line((8, -60, -46, 2.2), (14, -64, -28, 1.8), (20, -66, -10, 1.6), (24, -72, 4, 1.4), (28, -84, 0, 1.1))  # left gastric vein
    + _line((0, -64, -84, 2.6), (20, -72, -88, 2.2), (38, -80, -92, 1.8)) + _line((0, -62, -78, 2.4), (-18, -74, -86, 2.0), (-34, -80, -94, 1.6))
)  # fmt: skip
CAVAL_ROOTS = np.array(
    _line((-12, -44, -48, 4.6), (2, -48, -46, 4.2), (14, -47, -45, 3.6), (24, -42, -46, 4.2), (38, -28, -47, 4.0), (54, -14, -49, 3.6), (66, -6, -52, 2.8))  # left renal vein, before the aorta
    + _line((-20, -42, -54, 4.4), (-34, -30, -56, 4.0), (-50, -14, -60, 3.4), (-58, -6, -64, 2.8))  # right renal vein
    + _line((5, -8, 96, 2.6), (3, -20, 60, 2.4), (1, -24, 20, 2.0), (0, -26, -10, 1.4))  # azygos
    + _line((24, -8, 96, 1.8), (24, -14, 50, 1.6), (24, -18, 10, 1.2))  # hemiazygos
)  # fmt: skip


@lru_cache(maxsize=1)
def _grown():
    """Rows of the grown trees by tissue: {tissue: (n, 8)}."""
    trees = {}
    with (DATA / "vessels.csv").open(encoding="utf-8", newline="") as lines:
        for row in list(csv.reader(lines))[1:]:
            trees.setdefault(row[0], []).append([float(v) for v in row[1:]])
    return {tissue: np.array(rows) for tissue, rows in trees.items()}


@lru_cache(maxsize=4)
def trees(liver_scale):
    """The grown trees for a liver of the given scale: {tissue: (n, 8)}; positions scale about the liver's centre."""
    factor, centre = liver_scale / GROWN_SCALE, np.array(LIVER_CENTRE_MM)
    scaled = {}
    for tissue, rows in _grown().items():
        rows = rows.copy()
        for part in (slice(0, 3), slice(4, 7)):
            rows[:, part] = centre + factor * (rows[:, part] - centre)
        rows[:, [3, 7]] *= factor
        scaled[tissue] = rows
    return scaled


def _capsules(c, tissue, rows, grow_mm=0.0, inside=None):
    cover = capsules(c.grid, c.z, rows, grow_mm)
    lines, cols = np.flatnonzero(cover.any(1)), np.flatnonzero(cover.any(0))
    if not lines.size:
        return
    box = c.box(c.grid.x_mm[cols[0]], c.grid.x_mm[cols[-1]], c.grid.y_mm[lines[0]], c.grid.y_mm[lines[-1]])
    part = box.of(cover)
    c.paint_coverage(tissue, part if inside is None else part * box.of(inside), box)


def paint_liver_vessels(c, liver_scale, liver_cover):
    """Portal tree with its rim of fat, hepatic veins and artery; liver_cover (N, N) keeps fine branches inside."""
    grown = trees(liver_scale)
    portal = grown["portal_vein"]
    thick = portal[np.minimum(portal[:, 3], portal[:, 7]) > _COLLAR_RADIUS_MM]
    _capsules(c, _COLLAR, thick, _COLLAR_MM, liver_cover)
    _capsules(c, "hepatic_artery", grown["hepatic_artery"])
    _capsules(c, "portal_vein", portal)
    _capsules(c, "hepatic_vein", grown["hepatic_vein"], 0.0, liver_cover)


def paint_great_vessels(c):
    """Aorta and inferior vena cava with thin walls of fat between them and their neighbours."""
    x, y, a, b, angle = at_z(c.z, AORTA)
    box = c.box(x - a - 6, x + a + 6, y - b - 6, y + b + 6)
    c.paint("aorta", ellipse(box, (x, y), (a, b), angle), box)
    if c.z < IVC_TOP_MM:
        x, y, a, b, angle = at_z(c.z, IVC)
        box = c.box(x - a - 6, x + a + 6, y - a - 6, y + a + 6)
        c.paint("ivc", ellipse(box, (x, y), (a, b), angle), box)


def paint_named_vessels(c):
    """Branches of the aorta, splenic and mesenteric veins, renal veins, azygos."""
    _capsules(c, "ivc", CAVAL_ROOTS)
    _capsules(c, "splenic_vein", SPLENIC_VEIN)
    _capsules(c, "portal_vein", PORTAL_ROOTS)
    _capsules(c, "hepatic_artery", ARTERIES)
