"""Grow the vessel trees of the virtual liver and write lib/liverlab/imaging/data/vessels.csv (mm, patient frame).

Every tree feeds a cloud of points that fills its territory: a branch heads for the middle of its cloud, then splits
cloud and vessel in two. Radii follow Murray, r^3 = r1^3 + r2^3, with r^3 proportional to the points fed. Portal and
hepatic venous trees keep 3 mm apart: where they come closer, the finer branch is bent away or cut. Trunks and radii:
PHANTOM section 2. Run: python tools/grow_vessels.py
"""

import csv
import itertools
from pathlib import Path

import numpy as np

from liverlab.imaging import anatomy

TARGET = Path(__file__).parents[1] / "lib" / "liverlab" / "imaging" / "data" / "vessels.csv"
SEED = 7
APART_MM = 3.0
LEAST_RADIUS_MM = 0.7
FIXED_RADIUS_MM = 3.3  # larger trunks stay where they were put
DEPTH_MM = 5.0  # points closer to the surface feed nobody

# Trunks as (x, y, z, radius); a branch listed with the number of the trunk point it leaves from.
PORTAL = {
    "trunk": ([(2, -60, -52, 6.4), (-16, -55, -38, 6.3), (-32, -49, -24, 6.2), (-45, -46, -13, 6.0)], None),
    "right": ([(-45, -46, -13, 5.4), (-60, -40, -11, 5.0), (-72, -37, -10, 4.8)], "trunk"),
    "right anterior": ([(-72, -37, -10, 3.9), (-84, -48, -4, 3.7), (-90, -62, 2, 3.5)], "right"),
    "right posterior": ([(-72, -37, -10, 3.9), (-86, -24, -12, 3.7), (-96, -12, -14, 3.4)], "right"),
    "left": ([(-45, -46, -13, 4.4), (-36, -56, -5, 4.2), (-25, -66, 2, 4.0), (-18, -76, 4, 3.9)], "trunk"),
    "umbilical": ([(-18, -76, 4, 3.9), (-16, -88, 1, 3.6), (-16, -95, -4, 3.2)], "left"),
}
PORTAL_ENDS = ("right anterior", "right posterior", "umbilical")
VEINS = {
    "right vein": [(-27, -35, 41, 5.2), (-44, -34, 39, 4.9), (-66, -31, 31, 4.5), (-88, -30, 16, 4.0)],
    "middle vein": [(-26, -40, 42, 4.8), (-36, -54, 36, 4.4), (-50, -72, 24, 4.0), (-60, -86, 6, 3.5)],
    "left vein": [(-22, -40, 42, 4.4), (-11, -55, 37, 4.0), (-2, -68, 31, 3.6), (6, -79, 22, 3.4)],
}


class Field:
    """The liver's field on a 3 mm lattice, for many quick look-ups."""

    def __init__(self, a):
        self.low, self.step = np.array([-152.0, -152.0, -96.0]), 3.0
        x, y, z = (np.arange(low, high, self.step) for low, high in zip(self.low, (92.0, 66.0, 99.0), strict=True))
        self.values = np.stack([a.liver_field(x[:, None], y[None, :], k) for k in z], axis=2)

    def __call__(self, points):
        index = np.rint((np.asarray(points) - self.low) / self.step).astype(int)
        return self.values[tuple(np.clip(index, 0, np.array(self.values.shape) - 1).T)]


def gaps(points, radius, others):
    """Free space (n, m) between points with a radius and round cones (m, 8), and the nearest axis points (n, m, 3)."""
    start, way = others[None, :, 0:3], (others[:, 4:7] - others[:, 0:3])[None]
    t = ((points[:, None] - start) * way).sum(-1) / np.maximum((way**2).sum(-1), 1e-9)
    axis = start + np.clip(t, 0, 1)[..., None] * way
    distance = np.linalg.norm(points[:, None] - axis, axis=-1)
    return distance - np.maximum(others[:, 3], others[:, 7])[None] - np.asarray(radius)[:, None], axis


class Tree:
    def __init__(self, rng):
        self.rng, self.rows = rng, []

    def segment(self, start, r0, end, r1):
        self.rows.append((*start, r0, *end, r1))

    def curve(self, start, r0, end, r1):
        """Two pieces with a slight bend: no vessel is a stick."""
        start, end = np.asarray(start, float), np.asarray(end, float)
        length = np.linalg.norm(end - start)
        middle = (start + end) / 2 + self.rng.normal(0, 0.07 * length, 3)
        self.segment(start, r0, middle, (r0 + r1) / 2)
        self.segment(middle, (r0 + r1) / 2, end, r1)

    def trunk(self, points):
        points = np.asarray(points, float)
        for a, b in itertools.pairwise(points):
            self.segment(a[:3], a[3], b[:3], b[3])

    def grow(self, start, heading, radius, cloud):
        """Feed a cloud from a point: head for its middle, split, go on."""
        stack = [(np.asarray(start, float), np.asarray(heading, float), radius, cloud)]
        while stack:
            start, heading, radius, cloud = stack.pop()
            if len(cloud) < 2 or radius < LEAST_RADIUS_MM:
                continue
            way = cloud.mean(0) - start
            distance = np.linalg.norm(way)
            aim = way / max(distance, 1e-6) + 0.45 * heading
            aim /= np.linalg.norm(aim)
            length = min(0.46 * distance + 1.5, 9.5 * radius**0.72 + 3.0)
            end = start + aim * length
            self.curve(start, radius, end, radius * 0.93)
            spread = cloud - cloud.mean(0)
            spread = spread - np.outer(spread @ aim, aim)
            axis = np.linalg.svd(spread, full_matrices=False)[2][0]
            axis = axis + self.rng.normal(0, 0.25, 3)
            side = spread @ axis
            cut = np.quantile(side, self.rng.uniform(0.3, 0.7))
            for half in (cloud[side <= cut], cloud[side > cut]):
                share = len(half) / len(cloud)
                stack.append((end, aim, radius * 0.93 * share ** (1 / 3), half))


def territories(cloud, ends):
    """Split a cloud by the nearest of several trunk ends, larger trunks reaching further."""
    distance = np.stack([np.linalg.norm(cloud - np.array(p[:3]), axis=1) / p[3] ** 0.7 for p in ends])
    owner = distance.argmin(0)
    return [cloud[owner == k] for k in range(len(ends))]


def cloud_in(field, rng, count):
    points = rng.uniform((-150, -150, -90), (90, 62, 90), (count * 12, 3))
    return points[field(points) < -DEPTH_MM][:count]


def keep_apart(rows, others):
    """Bend the rows of a tree away from another tree; drop what still comes too close, and all that hangs on it."""
    rows, others = np.array(rows), np.array(others)
    for _ in range(15):
        ends, radius = rows[:, [0, 1, 2, 4, 5, 6]].reshape(-1, 3), rows[:, [3, 7]].reshape(-1)
        free, axis = gaps(ends, radius, others)
        nearest = free.argmin(1)
        gap = free[np.arange(len(ends)), nearest]
        away = ends - axis[np.arange(len(ends)), nearest]
        away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-3)
        short = np.where(radius <= FIXED_RADIUS_MM, APART_MM + 0.8 - gap, 0)
        if (short <= 0).all():
            break
        moved = np.round(ends + away * np.clip(short, 0, 2.0)[:, None], 6)
        # an end shared by several rows moves once, so that the tree stays joined
        moves = {tuple(old): new for old, new, s in zip(ends, moved, short, strict=True) if s > 0}
        for row in rows:
            for part in (slice(0, 3), slice(4, 7)):
                row[part] = moves.get(tuple(row[part]), row[part])
    kept, dead = [], set()
    share = np.linspace(0, 1, 9)[:, None]
    for row in rows:
        samples = row[0:3] + share * (row[4:7] - row[0:3])
        gap = gaps(samples, np.full(9, max(row[3], row[7])), others)[0].min()
        cut = gap < APART_MM and max(row[3], row[7]) <= FIXED_RADIUS_MM
        if tuple(row[0:3]) in dead or cut:
            dead.add(tuple(row[4:7]))
        else:
            kept.append(row)
    return np.array(kept)


def main():
    a = anatomy.default()
    field, rng = Field(a), np.random.default_rng(SEED)
    portal = Tree(rng)
    for points, _ in PORTAL.values():
        portal.trunk(points)
    cloud = cloud_in(field, rng, 1200)
    ends = [PORTAL[name][0][-1] for name in PORTAL_ENDS]
    shares = territories(cloud, ends)
    for name, own in zip(PORTAL_ENDS, shares, strict=True):
        points = np.array(PORTAL[name][0])
        heading = points[-1, :3] - points[-2, :3]
        portal.grow(points[-1, :3], heading / np.linalg.norm(heading), points[-1, 3], own)
        # branches that leave the trunk on its way
        for point in points[1:-1]:
            near = own[np.linalg.norm(own - point[:3], axis=1) < 34]
            portal.grow(point[:3], rng.normal(0, 0.4, 3), point[3] * 0.5, near[:: max(1, len(near) // 30)])
    veins = {}
    cloud = cloud_in(field, rng, 1100)
    shares = territories(cloud, [points[-1] for points in VEINS.values()])
    trunks = Tree(rng)
    for points in VEINS.values():
        trunks.trunk(points)
    portal.rows = keep_apart(portal.rows, trunks.rows)
    for (name, points), own in zip(VEINS.items(), shares, strict=True):
        tree = Tree(rng)
        tree.trunk(points)
        points = np.array(points)
        heading = points[-1, :3] - points[-2, :3]
        tree.grow(points[-1, :3], heading / np.linalg.norm(heading), points[-1, 3], own)
        for point in points[1:-1]:
            near = own[np.linalg.norm(own - point[:3], axis=1) < 38]
            tree.grow(point[:3], rng.normal(0, 0.4, 3), point[3] * 0.5, near[:: max(1, len(near) // 30)])
        veins[name] = keep_apart(tree.rows, portal.rows)
    # The hepatic artery runs with the larger portal branches, in front and to the inner side of them.
    artery = [(x0, y0 - r0 - 2.2, z0 + 1, 0.42 * r0, x1, y1 - r1 - 2.2, z1 + 1, 0.42 * r1)
              for x0, y0, z0, r0, x1, y1, z1, r1 in portal.rows if min(r0, r1) > 2.4]  # fmt: skip
    with TARGET.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["liver scale", f"{a.liver_scale:.4f}"])
        writer.writerow(["tissue", "x0_mm", "y0_mm", "z0_mm", "r0_mm", "x1_mm", "y1_mm", "z1_mm", "r1_mm"])
        trees = [("portal_vein", portal.rows), *(("hepatic_vein", rows) for rows in veins.values())]
        for tissue, rows in [*trees, ("hepatic_artery", artery)]:
            kept = [row for row in rows if max(row[3], row[7]) >= LEAST_RADIUS_MM]
            writer.writerows([tissue, *(f"{v:.2f}" for v in row)] for row in kept)
            print(f"{tissue}: {len(kept)} segments")
    print(f"liver scale {a.liver_scale:.4f} -> {TARGET}")


if __name__ == "__main__":
    main()
