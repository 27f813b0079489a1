"""Vessels: the grown trees inside the liver and the named ones around it, as round cones in the patient frame (mm).

The trees come from data/vessels.csv, written by tools/grow_vessels.py; branches outside the liver from
data/named_vessels.csv and collaterals from data/collaterals.csv, drawn by eye on the layout of PHANTOM 4.2 and 4.5.
"""

import csv
import itertools
from functools import lru_cache

import numpy as np

from liverlab.imaging.anatomy_liver import DATA, LIVER_CENTRE_MM
from liverlab.imaging.anatomy_shapes import at_z, capsules, ellipse
from liverlab.imaging.liver_state import OWN_PORTAL_VEIN_MM
from liverlab.imaging.organs_spleen import HOLLOW_GROWTH_MM

_COLLAR_MM = 1.2  # periportal fat: a thin rim 70 HU below liver around larger portal branches, PHANTOM 2
_COLLAR = {"liver": 0.65, "fat": 0.35}
_COLLAR_RADIUS_MM = 2.6
_CONFLUENCE_MM = (2.0, -60.0, -52.0)  # of splenic and superior mesenteric vein
_HILUM_MM = (52.0, 80.0)  # x from which collaterals belong to the spleen's hilum
_TRUNK_MM, _SMALL_VEIN_MM = 4.5, 1.8  # radii from which a vein follows the trunk's calibre wholly, and not at all

# Larger vessels by height: z, centre x, y, semi-axes, angle (PHANTOM 4.2; upper levels by eye).
AORTA = ((-96, 10, -34, 8.6, 8.6, 0), (-60, 13, -34, 9.2, 9.2, 0), (-30, 13, -34, 9.8, 9.8, 0), (0, 13, -31, 11, 11, 0),
         (30, 13, -28, 11.6, 11.4, 0), (60, 15, -22, 12, 11.8, 0), (96, 19, -14, 12.4, 12, 0))  # fmt: skip
IVC = ((-96, -15, -38, 13, 10, 155), (-62, -16, -42, 14, 10, 165), (-40, -18, -46, 14, 10.5, 170),
       (-15, -20, -46, 13, 9.5, 160), (5, -22, -42, 12.5, 8.5, 155), (25, -24, -38, 13, 9, 155),
       (40, -25, -36, 14, 10, 160), (52, -23, -38, 13, 11, 150), (66, -19, -44, 13.5, 12.5, 0))  # fmt: skip
IVC_TOP_MM = 74.0  # above it opens into the right atrium


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


@lru_cache(maxsize=1)
def _grown():
    """Grown trees {tissue: (n, 8)} and the scale of the liver they were grown in."""
    (_, scale), _, *rows = _rows("vessels.csv")
    trees = {}
    for tissue, *numbers in rows:
        trees.setdefault(tissue, []).append([float(v) for v in numbers])
    return {tissue: np.array(values) for tissue, values in trees.items()}, float(scale)


def _branches(name, column=0):
    """Branches of a table as round cones {tissue, or branch with column 1: (n, 8)}: x, y, z, r at both ends."""
    _, *rows = _rows(name)
    vessels = {}
    for (*names, x, y, z, r), (_, following, *end) in itertools.pairwise(rows):
        if names[1] == following:
            vessels.setdefault(names[column], []).append([float(v) for v in (x, y, z, r, *end)])
    return {key: np.array(values) for key, values in vessels.items()}


@lru_cache(maxsize=1)
def named():
    """Named branches outside the liver {tissue: (n, 8)}."""
    return _branches("named_vessels.csv")


@lru_cache(maxsize=1)
def _full_collaterals():
    branches = _branches("collaterals.csv", column=1)
    ligament = branches.pop("paraumbilical vein")
    return np.concatenate(list(branches.values())), ligament


def collaterals(percent, spleen_size=1.0):
    """Collateral veins of portal hypertension at a share of their full cross-section (%), two arrays (n, 8).

    First gastric and oesophageal varices and the splenic hilum with a shunt to the left renal vein, which a large
    spleen (size 1 as drawn) pushes towards the middle; then the recanalised paraumbilical vein, in the falciform
    ligament.
    """
    varices, ligament = (rows.copy() for rows in _full_collaterals())
    for x in (0, 4):
        share = np.clip((varices[:, x] - _HILUM_MM[0]) / (_HILUM_MM[1] - _HILUM_MM[0]), 0, 1)
        varices[:, x] += share * HOLLOW_GROWTH_MM[0] * max(spleen_size - 1.0, 0.0)
    for rows in (varices, ligament):
        rows[:, [3, 7]] *= np.sqrt(percent / 100.0)
    return varices, ligament


@lru_cache(maxsize=4)
def trees(liver_scale):
    """The grown trees for a liver of the given scale: {tissue: (n, 8)}; positions scale about the liver's centre."""
    grown, grown_scale = _grown()
    factor, centre = liver_scale / grown_scale, np.array(LIVER_CENTRE_MM)
    scaled = {}
    for tissue, rows in grown.items():
        rows = rows.copy()
        for part in (slice(0, 3), slice(4, 7)):
            rows[:, part] = centre + factor * (rows[:, part] - centre)
        rows[:, [3, 7]] *= factor
        scaled[tissue] = rows
    return scaled


def calibre(rows, portal_vein_mm):
    """Round cones of the portal system with the trunk's diameter changed: large veins follow it, small ones do not."""
    share = np.clip((rows[:, [3, 7]] - _SMALL_VEIN_MM) / (_TRUNK_MM - _SMALL_VEIN_MM), 0, 1)
    wider = rows.copy()
    wider[:, [3, 7]] *= 1 + (portal_vein_mm / OWN_PORTAL_VEIN_MM - 1) * share
    return wider


def _cover(c, rows, grow_mm=0.0):
    """(box, coverage in it) of round cones, or None where the plane misses them all."""
    cover = capsules(c.grid, c.z, rows, grow_mm)
    lines, cols = np.flatnonzero(cover.any(1)), np.flatnonzero(cover.any(0))
    if not lines.size:
        return None
    box = c.box(c.grid.x_mm[cols[0]], c.grid.x_mm[cols[-1]], c.grid.y_mm[lines[0]], c.grid.y_mm[lines[-1]])
    return box, box.of(cover)


def _capsules(canvases, tissue, rows, grow_mm=0.0):
    found = _cover(canvases[0], rows, grow_mm)
    for c in canvases if found else ():
        c.paint_coverage(tissue, found[1], found[0])


def paint_liver_vessels(inner, outer, liver_scale, portal_vein_mm=OWN_PORTAL_VEIN_MM):
    """Portal tree with its rim of fat, hepatic veins and artery.

    inner : canvas seen where there is liver; outer : canvas of the trunks that run on outside it.
    """
    grown = trees(liver_scale)
    portal = calibre(grown["portal_vein"], portal_vein_mm)
    thick = portal[np.minimum(portal[:, 3], portal[:, 7]) > _COLLAR_RADIUS_MM]
    _capsules([inner], _COLLAR, thick, _COLLAR_MM)
    _capsules([inner, outer], "hepatic_artery", grown["hepatic_artery"])
    _capsules([inner, outer], "portal_vein", portal)
    _capsules([inner], "hepatic_vein", grown["hepatic_vein"])
    start = portal[:1, :4]  # the trunk's beginning moves with the liver, the confluence it comes from does not
    if np.abs(start[0, :3] - _CONFLUENCE_MM).max() > 0.5:
        _capsules([outer], "portal_vein", np.hstack([[[*_CONFLUENCE_MM, start[0, 3]]], start]))
    if portal_vein_mm > OWN_PORTAL_VEIN_MM:  # the veins that feed a wide trunk are wide too
        for tissue in ("splenic_vein", "portal_vein"):
            _capsules([outer], tissue, calibre(named()[tissue], portal_vein_mm))


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
    for tissue in ("ivc", "splenic_vein", "portal_vein", "hepatic_artery"):
        _capsules([c], tissue, named()[tissue])


def paint_veins(c, rows):
    """Veins (n, 8) with a thin line of fat around them, so that they stand out of a wall they touch."""
    _capsules([c], "fat", rows, 0.6)
    _capsules([c], "portal_vein", rows)
