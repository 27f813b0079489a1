"""Vertebrae with canal, arch and processes, and the discs between them (layout: PHANTOM 4.3, levels 4.2)."""

import numpy as np

from liverlab.imaging.anatomy_liver import smooth_min
from liverlab.imaging.anatomy_shapes import ellipse, polyline

# Disc centres and half heights (mm), L2/3 up to T7/8, from the levels of the organ table.
DISCS = ((-101, 5.2), (-73, 5.0), (-45, 4.8), (-20, 4.2), (6, 3.4), (31, 3.0), (55, 2.8), (78, 2.6), (101, 2.4))
_ENDPLATE_MM, _CORTEX_MM = 1.6, 1.1
_ENDPLATE = {"bone_trabecular": 0.6, "bone_cortex": 0.4}
_ROOT = {"muscle": 0.8, "fat": 0.2}


def level(z_mm):
    """Position between discs: distance to the nearest disc centre, its half height, and phase 0 (lower) - 1 (upper)."""
    centres = np.array([d[0] for d in DISCS], float)
    near = int(np.abs(centres - z_mm).argmin())
    below = int(np.clip(np.searchsorted(centres, z_mm) - 1, 0, len(centres) - 2))
    phase = (z_mm - centres[below]) / (centres[below + 1] - centres[below])
    return abs(z_mm - centres[near]), DISCS[near][1], float(np.clip(phase, 0, 1))


def vertebra_above(z_mm):
    """0 for thoracic form, 1 for lumbar, sliding between T12 and L2."""
    return float(np.clip((-z_mm - 10) / 40, 0, 1))


def paint_spine(c, detail):
    """One level of the spine, back to front: arch, canal, body or disc."""
    gap, half, phase = level(c.z)
    lumbar = vertebra_above(c.z)
    box = c.box(-58, 58, -30, 84)
    uneven = 0.5 * c.wave(detail.fine, box) + 0.4 * c.wave(detail.medium, box)
    _paint_arch(c, box, phase, lumbar, uneven)
    waist = 1.6 * np.cos(np.pi * (2 * phase - 1)) - 0.6
    body = ellipse(box, (0, 0), (22.6 + 1.8 * lumbar - waist, 17 + 1.2 * lumbar - waist), 0)
    body = -smooth_min(-body, ellipse(box, (0, 27), (12.5, 11.5)), 3.0) + uneven
    # a disc bulges between concave endplates: it is thicker in the middle
    share = np.clip(1 + body * np.float32(1 / 18.0), 0, 1)
    disc = np.float32(gap) - np.float32(half) * (np.float32(1.25) - np.float32(0.75) * share * share)
    c.paint("bone_cortex", body, box)
    c.paint("bone_trabecular", body + _CORTEX_MM, box)
    c.paint(_ENDPLATE, np.maximum(disc - _ENDPLATE_MM, body + 0.5), box)
    c.paint("disc", np.maximum(disc, body - 0.6), box)
    if 0.35 < phase < 0.65:  # the basivertebral vein enters from behind
        c.paint("ivc", polyline(box, ((0, 8), (0, 17)), (0.7, 2.4)), box, opacity=0.5)
    canal = ellipse(box, (0, 26), (10.5 + 0.8 * lumbar, 8.2), 0)
    c.paint("fat", canal, box)
    c.paint("spinal_canal", ellipse(box, (0, 25.2), (8.4 + 1.0 * lumbar, 6.6), 0), box)
    if phase < 0.42:  # neural foramina with their root
        for side in (-1, 1):
            hole = ellipse(box, (side * 15.5, 20), (6.0, 4.2), side * 30)
            c.paint("fat", hole, box)
            c.paint(_ROOT, ellipse(box, (side * 15, 20.5), (2.6, 2.0)), box)


def _bone(c, box, field, marrow_mm):
    c.paint("bone_cortex", field, box)
    c.paint("bone_trabecular", field + np.float32(marrow_mm), box)


def _paint_arch(c, box, phase, lumbar, uneven):
    upper = np.clip((phase - 0.38) / 0.12, 0, 1) * np.clip((1.02 - phase) / 0.1, 0, 1)  # pedicle level
    facet = np.clip((0.30 - min(phase, 1 - phase)) / 0.08, 0, 1)
    spine = np.clip((0.75 - phase) / 0.2, 0, 1)
    if upper > 0.05:
        for side in (-1, 1):
            out = 38 + 5 * lumbar
            wing = polyline(box, ((side * 15, 27), (side * 27, 32 - 2 * lumbar), (side * out, 38 - 5 * lumbar)),
                            (4.6, 3.2, 4.2 - 1.2 * lumbar))  # fmt: skip
            _bone(c, box, wing + uneven + 2.5 * (1 - upper), 1.5)
            _bone(
                c, box, polyline(box, ((side * 15, 8), (side * 14.5, 26)), (5.2, 4.4)) + uneven + 3 * (1 - upper), 1.5
            )
    if facet > 0.05:
        for side in (-1, 1):
            lateral = ellipse(box, (side * 16.5, 33.5), (7.2, 5.2), side * (60 - 20 * lumbar)) + uneven
            _bone(c, box, lateral + 3 * (1 - facet), 1.8)
            joint = polyline(box, ((side * 13.5, 38), (side * 20, 30)), (0.55, 0.55))
            c.paint("cartilage", joint, box)
    lamina = polyline(box, ((-14, 28), (-9, 37), (0, 44), (9, 37), (14, 28)), (3.4, 3.4, 4.2, 3.4, 3.4)) + uneven
    _bone(c, box, lamina + 2.2 * np.clip((phase - 0.6) / 0.3, 0, 1), 1.4)
    if spine > 0.35:
        tip = 60 + 11 * spine
        process = polyline(box, ((0, 44), (0.6, 54), (0, tip)), (3.4, 2.6, 3.8 + lumbar)) + uneven
        _bone(c, box, process + 1.5 * (1 - spine), 1.5)
    else:
        c.paint("fat", polyline(box, ((0, 48), (0, 70)), (1.6, 1.0)), box)
