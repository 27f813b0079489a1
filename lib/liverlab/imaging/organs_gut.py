"""Stomach, duodenum, colon, small bowel, and what fills the fat between them (PHANTOM 4.2 and section 5)."""

import numpy as np

from liverlab.imaging.anatomy_shapes import capsules, ellipsoid, extent, tube

_STOMACH = ((66, -24, 44, 20), (64, -34, 30, 27), (63, -56, 14, 27), (60, -76, -2, 25), (50, -92, -18, 22),
            (38, -102, -36, 19), (30, -102, -54, 17), (16, -94, -68, 15), (0, -84, -74, 12),
            (-12, -78, -74, 8))  # fmt: skip
_DUODENUM = ((-12, -78, -74, 8), (-24, -74, -74, 11), (-35, -64, -76, 11.5), (-38, -54, -84, 12), (-36, -46, -104, 12))
_COLON = ((-110, -22, -112, 19), (-108, -44, -98, 21), (-92, -76, -94, 20), (-64, -102, -104, 18),
          (-22, -116, -104, 18), (20, -120, -88, 18), (58, -114, -62, 20), (86, -100, -40, 21), (98, -84, -14, 20),
          (100, -70, 8, 17), (112, -52, 2, 14), (120, -40, -22, 13), (121, -26, -50, 13),
          (118, -14, -100, 13))  # fmt: skip
_LOOPS = (
    ((26, -64, -58, 10), (44, -72, -58, 13), (64, -80, -64, 13), (84, -74, -70, 13), (92, -54, -76, 12),
     (78, -44, -84, 12), (58, -52, -90, 12), (40, -66, -96, 12)),
    ((74, -104, -82, 13), (48, -106, -92, 13), (22, -98, -98, 12)),
    ((98, -80, -92, 12), (84, -98, -98, 12)),
)  # fmt: skip
# Boxes of fat where small vessels, nodes and folds lie: ranges of x, y, z, number of chains, number of nodes.
_CLUTTER = (
    ((24, 100), (-108, -30), (-62, 36), 240, 30),
    ((-30, 40), (-112, -56), (-90, -20), 130, 20),
    ((-60, 96), (-140, -98), (-80, 40), 170, 8),
    ((-40, 110), (-110, -40), (-96, -56), 130, 14),
    ((-100, -20), (-110, -70), (-96, -60), 40, 5),
    ((30, 110), (-20, 30), (-40, 10), 16, 0),
)


_CLUTTER_KINDS = (("portal_vein", 0.55, 1.0), ("hepatic_artery", 0.25, 0.7), ("bowel_wall", 0.2, 0.7))
_CHAIN_STEPS = 5


class Clutter:
    """Seeded small vessels (rows of round cones) and nodes in the fat of the upper abdomen."""

    def __init__(self, seed):
        rng = np.random.default_rng((seed, 31))
        boxes = np.array([ranges for *ranges, _, _ in _CLUTTER], float)  # (box, axis, low or high)
        where = np.repeat(np.arange(len(_CLUTTER)), [row[3] for row in _CLUTTER])
        low, high = boxes[where, :, 0], boxes[where, :, 1]
        point = low + (high - low) * rng.random((len(where), 3))
        heading = rng.normal(size=point.shape)
        kind = np.searchsorted(np.cumsum([share for _, share, _ in _CLUTTER_KINDS]), rng.random(len(where)))
        kind = np.minimum(kind, len(_CLUTTER_KINDS) - 1)
        radius = rng.gamma(4.0, 0.36, len(where)) * np.array([size for *_, size in _CLUTTER_KINDS])[kind]
        steps = []
        for _ in range(_CHAIN_STEPS):
            heading = heading / np.sqrt((heading**2).sum(1, keepdims=True)) + 0.75 * rng.normal(size=point.shape)
            length = rng.uniform(5, 10, (len(where), 1)) / np.sqrt((heading**2).sum(1, keepdims=True))
            end, thinner = point + heading * length, radius * 0.94
            steps.append(np.column_stack([point, radius, end, thinner]))
            point, radius = end, thinner
        rows = np.stack(steps, axis=1)
        self.rows = {name: rows[kind == k].reshape(-1, 8) for k, (name, _, _) in enumerate(_CLUTTER_KINDS)}
        self.lung = _lung_vessels(rng)
        where = np.repeat(np.arange(len(_CLUTTER)), [row[4] for row in _CLUTTER])
        low, high = boxes[where, :, 0], boxes[where, :, 1]
        centres = low + (high - low) * rng.random((len(where), 3))
        shape = np.column_stack(
            [np.ones(len(where)), rng.uniform(0.6, 1, len(where)), rng.uniform(0.8, 1.5, len(where))]
        )
        semi = rng.uniform(1.8, 4.6, (len(where), 1)) * shape
        self.nodes = list(zip(centres, semi, rng.uniform(0, 180, len(where)), strict=True))


def _lung_vessels(rng):
    """Vessels of the lung bases (rows of round cones), coming down from the hila and thinning outwards."""
    rows = []
    for side in (-1, 1):
        start = np.array((side * 38.0, -22.0, 112.0)) + rng.normal(0, 13, (70, 3))
        aim = np.column_stack([side * rng.uniform(28, 138, 70), rng.uniform(-110, 52, 70), rng.uniform(-15, 95, 70)])
        radius, steps = rng.uniform(1.6, 2.9, 70), 6
        for k in range(steps):
            end = start + (aim - start) / (steps - k) + rng.normal(0, 3.0, (70, 3))
            rows.append(np.column_stack([start, radius, end, radius * 0.82]))
            start, radius = end, radius * 0.82
    return np.concatenate(rows)


def paint_clutter(c, clutter, cavity):
    """Small vessels and nodes, only inside the abdominal cavity."""
    inside = np.clip(-cavity - 3, 0, 1)
    for kind, rows in clutter.rows.items():
        c.paint_coverage(kind, capsules(c.grid, c.z, rows) * inside)
    for centre, semi, angle in clutter.nodes:
        if abs(c.z - centre[2]) < semi[2]:
            reach = max(semi) + 3
            box = c.box(centre[0] - reach, centre[0] + reach, centre[1] - reach, centre[1] + reach)
            if not box.empty:
                field = ellipsoid(box, c.z, centre, semi, angle)
                c.paint_coverage("bowel_wall", c.coverage(field) * box.of(inside), box)


def _hollow(c, cavity, detail, points, wall, content, thickness, fold, gas_share, blend, offset=0.0, haustra=0.0):
    """Hollow organ: a warped tube with folded wall, contents, and gas above a level fluid line.

    thickness : wall (mm); fold : depth of the folds inside (mm); gas_share : height of the
    fluid level, 0 back - 1 front.
    """
    around = extent(points, c.z, 8)
    if around is None:
        return
    box = c.box(*around)
    field = None if box.empty else tube(box, c.z, points, blend)
    if field is None:
        return
    medium, coarse = c.wave(detail.medium, box, offset), c.wave(detail.coarse, box, offset)
    field = field + 2.2 * coarse + (0.8 + haustra) * medium
    field = np.maximum(field, box.of(cavity) + 3.5)
    c.paint("fat", field - 1.0, box)
    c.paint(wall, field, box)
    folds = c.wave(detail.folds, box, offset)
    lumen = field + thickness + np.maximum(folds, -0.3) * fold
    c.paint(content, lumen, box)
    inside = lumen < 0
    if gas_share > 0 and inside.any():
        lines = np.flatnonzero(inside.any(1))
        y = box.y[:, 0]
        level = _level(points, c.z, gas_share)
        if y[lines[0]] < level:
            gas = np.maximum(lumen + 0.4, box.y - np.float32(level))
            c.paint("gas", gas, box)


def _level(points, z, share):
    """Height (y) of the fluid line near a plane: a share of the way from the back to the front of the tube there."""
    table = np.array(points)
    near = np.exp(-(((table[:, 2] - z) / (table[:, 3] + 4)) ** 2))
    front, back = table[:, 1] - table[:, 3], table[:, 1] + table[:, 3]
    level = back - share * (back - front)
    return float((near * level).sum() / max(near.sum(), 1e-9))


def paint_gut(c, cavity, detail):
    """Back to front: duodenum, small bowel, colon, stomach."""
    _hollow(c, cavity, detail, _DUODENUM, "bowel_wall", "bowel_content", 2.6, 2.2, 0.0, 4)
    for number, loop in enumerate(_LOOPS):
        _hollow(c, cavity, detail, loop, "bowel_wall", "bowel_content", 2.4, 3.4, 0.0, 3, 200.0 + 90 * number)
    _hollow(c, cavity, detail, _COLON, "bowel_wall", "bowel_content", 2.2, 1.6, 0.62, 5, 500.0, haustra=2.2)
    _hollow(c, cavity, detail, _STOMACH, "stomach_wall", "stomach_content", 4.0, 3.2, 0.70, 10, 900.0)
