"""Stomach, duodenum, colon and small bowel (PHANTOM 4.2 and section 5): folded walls, mixed contents, uneven gas."""

from dataclasses import dataclass

import numpy as np

from liverlab.imaging.anatomy_shapes import extent, tube

_STOMACH = ((66, -24, 44, 20), (64, -34, 30, 27), (63, -56, 14, 27), (60, -76, -2, 25), (50, -92, -18, 22),
            (38, -102, -36, 19), (30, -102, -54, 17), (16, -94, -68, 15), (0, -84, -74, 12),
            (-12, -78, -74, 8))  # fmt: skip
_DUODENUM = ((-12, -78, -74, 8), (-24, -74, -74, 11), (-35, -64, -76, 11.5), (-38, -54, -84, 12), (-36, -46, -104, 12))
_COLON = ((-110, -22, -112, 19), (-108, -44, -98, 21), (-92, -76, -94, 20), (-64, -102, -104, 18),
          (-22, -116, -104, 17), (20, -120, -88, 15), (58, -114, -62, 16), (86, -100, -40, 17), (98, -84, -14, 16),
          (100, -70, 8, 14), (112, -52, 2, 12), (120, -40, -22, 11), (121, -26, -50, 12),
          (118, -14, -100, 13))  # fmt: skip
_LOOPS = (
    ((26, -64, -58, 10), (44, -72, -58, 13), (64, -80, -64, 13), (84, -74, -70, 13), (92, -54, -76, 12),
     (78, -44, -84, 12), (58, -52, -90, 12), (40, -66, -96, 12)),
    ((74, -104, -82, 13), (48, -106, -92, 13), (22, -98, -98, 12)),
    ((98, -80, -92, 12), (84, -98, -98, 12)),
    ((44, -76, -40, 9), (60, -84, -42, 11), (76, -74, -46, 11), (90, -56, -48, 11), (98, -40, -58, 10)),
)  # fmt: skip


@dataclass(frozen=True)
class _Hollow:
    """How a hollow organ is built. Lengths in mm.

    thickness of the wall; fold : height of its folds, which stand where the organ is not stretched by gas; collapse :
    how much narrower the lumen is in places; haustra : swelling and narrowing of the whole; gas : height of the fluid
    level from back (0) to front (1), 0 for none; stool : share of the content that holds bubbles; blend : how softly
    its pieces join.
    """

    wall: str
    content: str
    thickness: float
    fold: float
    collapse: float = 0.0
    haustra: float = 0.0
    gas: float = 0.0
    stool: float = 0.0
    blend: float = 4.0


_AS_STOMACH = _Hollow("stomach_wall", "stomach_content", 4.2, 7.5, collapse=7.0, gas=0.80, blend=10.0)
_AS_COLON = _Hollow("bowel_wall", "bowel_content", 2.4, 3.0, collapse=3.0, haustra=3.4, gas=0.66, stool=0.5, blend=5.0)
_AS_DUODENUM = _Hollow("bowel_wall", "bowel_content", 2.8, 3.0, collapse=2.0)
_AS_JEJUNUM = _Hollow("bowel_wall", "bowel_content", 2.6, 5.0, collapse=3.5, blend=3.0)


def _hollow(c, cavity, detail, points, form, offset=0.0):
    around = extent(points, c.z, 8)
    if around is None:
        return
    box = c.box(*around)
    field = None if box.empty else tube(box, c.z, points, form.blend)
    if field is None:
        return
    medium, coarse = c.wave(detail.medium, box, offset), c.wave(detail.coarse, box, offset)
    fine = c.wave(detail.fine, box, offset)
    field = field + 2.2 * coarse + (0.8 + form.haustra) * medium
    field = np.maximum(field, box.of(cavity) + 3.5)
    c.paint("fat", field - 1.0, box)
    c.paint(form.wall, field, box)
    level = _level(points, c.z, form.gas) + 2.5 * np.float32(np.sin(c.slice_z / 7.0 + offset)) if form.gas else -1e3
    stretched = np.clip((np.float32(level) - box.y + 4) * np.float32(1 / 8), 0, 1)  # where gas holds the wall smooth
    ridges = np.maximum(0, 1 - 1.9 * np.abs(c.wave(detail.folds, box, offset)))
    narrow = np.clip(0.7 * c.wave(detail.coarse, box, offset + 60) + 0.4 * medium, 0, 1.2)
    lumen = field + form.thickness * (1 + 0.2 * fine)
    lumen = lumen + (form.fold * ridges + form.collapse * narrow) * (1 - 0.75 * stretched)
    c.paint(form.content, lumen, box)
    if form.gas:
        _paint_gas(c, box, lumen, level, medium, fine, form.stool)


def _paint_gas(c, box, lumen, level, medium, fine, stool):
    """Gas above a level line, with an uneven edge, and bubbles in what lies below it."""
    inside = lumen < 0
    if not inside.any():
        return
    front = np.flatnonzero(inside.any(1))[0]
    if box.y[front, 0] < level:
        uneven = 0.5 + 0.8 * np.maximum(medium, 0) + 0.35 * fine
        c.paint("gas", np.maximum(lumen + uneven, box.y - np.float32(level)), box)
    if stool:
        bubbles = np.maximum(lumen + 1.5, 2.4 * (1.45 - fine - 0.5 * medium))
        c.paint("gas", bubbles, box, opacity=stool)


def _level(points, z, share):
    """Height (y) of the fluid line near a plane: a share of the way from the back to the front of the tube there."""
    table = np.array(points)
    near = np.exp(-(((table[:, 2] - z) / (table[:, 3] + 4)) ** 2))
    front, back = table[:, 1] - table[:, 3], table[:, 1] + table[:, 3]
    level = back - share * (back - front)
    return float((near * level).sum() / max(near.sum(), 1e-9))


def paint_gut(c, cavity, detail):
    """Back to front: duodenum, small bowel, colon, stomach."""
    _hollow(c, cavity, detail, _DUODENUM, _AS_DUODENUM)
    for number, loop in enumerate(_LOOPS):
        _hollow(c, cavity, detail, loop, _AS_JEJUNUM, 200.0 + 90 * number)
    _hollow(c, cavity, detail, _COLON, _AS_COLON, 500.0)
    _hollow(c, cavity, detail, _STOMACH, _AS_STOMACH, 900.0)
