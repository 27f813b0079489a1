"""What fills the fat of the upper abdomen: small vessels, nodes and folds; and the vessels of the lungs.

PHANTOM section 5: how much there is per area matters more than where each piece lies. Vines wind from one place to
another, as the vessels at the hilum of the spleen, along the stomach and in the mesentery do; chains wander anywhere in
a box. Places and numbers by eye, held against a real scan by tools/compare_with_scan.py.
"""

import numpy as np

from liverlab.imaging.anatomy_shapes import capsules, ellipsoid

# Boxes of fat where chains and nodes lie: ranges of x, y, z, number of chains, number of nodes.
_CLUTTER = (
    ((24, 104), (-108, -26), (-62, 40), 330, 34),
    ((-30, 40), (-112, -56), (-90, -20), 170, 22),
    ((-60, 100), (-140, -98), (-80, 44), 210, 10),
    ((-40, 110), (-110, -40), (-96, -56), 190, 16),
    ((-100, -20), (-110, -70), (-96, -60), 50, 5),
    ((30, 110), (-20, 30), (-40, 10), 24, 0),
)
_CLUTTER_KINDS = (("portal_vein", 0.5, 1.0), ("hepatic_artery", 0.2, 0.7), ("bowel_wall", 0.3, 0.8))
_CHAIN_STEPS = 5
# Vines: tissue, number, centres and spreads (mm) of where they start and end, radius at the start (mm) and its spread.
_VINES = (
    # hilum of the spleen
    ("splenic_vein", 20, (84, -26, -10), (6, 6, 12), (98, -14, 6), (6, 24, 30), 2.6, 0.5),
    ("hepatic_artery", 7, (80, -30, -8), (5, 6, 10), (96, -16, 6), (6, 14, 20), 1.5, 0.3),
    # short gastric veins and the left gastroepiploic arcade along the greater curvature
    ("splenic_vein", 14, (88, -28, 2), (6, 8, 12), (86, -46, 26), (8, 14, 12), 2.0, 0.4),
    ("splenic_vein", 6, (88, -36, 6), (4, 6, 8), (78, -82, -16), (5, 8, 10), 1.8, 0.4),
    ("splenic_vein", 6, (78, -82, -16), (5, 8, 10), (48, -110, -46), (8, 6, 8), 1.6, 0.4),
    # omentum in front of spleen and stomach
    ("splenic_vein", 10, (62, -114, -16), (10, 8, 16), (100, -62, 20), (8, 14, 16), 2.0, 0.4),
    # lesser curvature and coeliac trunk
    ("portal_vein", 7, (14, -58, -20), (6, 5, 6), (40, -58, 14), (7, 9, 12), 1.8, 0.4),
    ("hepatic_artery", 5, (12, -56, -20), (5, 4, 5), (36, -78, 2), (8, 8, 12), 1.3, 0.3),
    # behind the stomach, around the tail of the pancreas
    ("splenic_vein", 12, (44, -44, -20), (18, 8, 9), (74, -34, 6), (12, 12, 16), 1.7, 0.4),
    # greater omentum under the front wall
    ("portal_vein", 12, (40, -126, -60), (40, 6, 12), (44, -124, 6), (38, 8, 16), 1.2, 0.3),
    # mesentery: from its root to the loops
    ("portal_vein", 22, (10, -58, -66), (8, 5, 12), (66, -74, -82), (22, 18, 12), 1.8, 0.4),
    ("hepatic_artery", 12, (10, -56, -64), (6, 5, 12), (64, -72, -80), (22, 18, 12), 1.2, 0.3),
    ("portal_vein", 9, (0, -70, -74), (10, 6, 8), (-40, -100, -90), (18, 10, 8), 1.6, 0.4),
    # mesocolon and splenic flexure
    ("portal_vein", 12, (46, -76, -44), (16, 10, 10), (94, -88, -22), (10, 12, 18), 1.5, 0.4),
)
_VINE_STEP_MM, _VINE_SWING_MM = 4.5, 4.2  # length of a piece; how far a vine strays from the straight way


class Clutter:
    """Seeded small vessels (rows of round cones) and nodes in the fat of the upper abdomen."""

    def __init__(self, seed):
        rng = np.random.default_rng((seed, 31))
        where, low, high = _boxes([row[3] for row in _CLUTTER])
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
        pieces = {name: [rows[kind == k].reshape(-1, 8)] for k, (name, _, _) in enumerate(_CLUTTER_KINDS)}
        vines = np.random.default_rng((seed, 32))
        for tissue, count, start, start_sd, end, end_sd, radius, radius_sd in _VINES:
            for _ in range(count):
                ends = vines.normal(start, start_sd), vines.normal(end, end_sd)
                pieces.setdefault(tissue, []).append(_vine(vines, *ends, max(vines.normal(radius, radius_sd), 0.7)))
        self.rows = {tissue: np.concatenate(parts) for tissue, parts in pieces.items()}
        self.lung = _lung_vessels(rng)
        where, low, high = _boxes([row[4] for row in _CLUTTER])
        centres = low + (high - low) * rng.random((len(where), 3))
        shape = np.column_stack(
            [np.ones(len(where)), rng.uniform(0.6, 1, len(where)), rng.uniform(0.8, 1.5, len(where))]
        )
        semi = rng.uniform(1.8, 4.6, (len(where), 1)) * shape
        self.nodes = list(zip(centres, semi, rng.uniform(0, 180, len(where)), strict=True))


def _boxes(counts):
    """Which box each of the things lies in (n,), and the corners of that box (n, 3)."""
    where = np.repeat(np.arange(len(_CLUTTER)), counts)
    boxes = np.array([ranges for *ranges, _, _ in _CLUTTER], float)
    return where, boxes[where, :, 0], boxes[where, :, 1]


def _vine(rng, start, end, radius):
    """Round cones (n, 8) that wind from start to end and thin to two thirds."""
    count = max(3, int(np.linalg.norm(end - start) / _VINE_STEP_MM))
    t = np.linspace(0, 1, count + 1)
    turns, phase = rng.uniform(0.6, 2.2, 3) * 2 * np.pi, rng.uniform(0, 2 * np.pi, 3)
    swing = _VINE_SWING_MM * np.sin(turns * t[:, None] + phase) * np.sin(np.pi * np.minimum(t, 0.5))[:, None]
    points = start + t[:, None] * (end - start) + swing + rng.normal(0, 0.7, (count + 1, 3))
    thick = radius * (1 - 0.33 * t) * rng.uniform(0.85, 1.15, count + 1)
    return np.column_stack([points[:-1], thick[:-1], points[1:], thick[1:]])


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
