"""Signed distances (mm, negative inside) of simple solids on a plane of the canvas."""

import itertools

import numpy as np

from liverlab.imaging.anatomy_liver import smooth_min


def at_z(z_mm, stations):
    """Interpolate a table of (z, value, value, ...) rows at a height; the ends are held."""
    table = np.asarray(stations, float)
    return [float(np.interp(z_mm, table[:, 0], column)) for column in table[:, 1:].T]


def ellipse(box, centre, semi, angle_degrees=0.0):
    """Ellipse in the plane; the angle is the direction (cos, sin) of the first axis, as in PHANTOM section 4."""
    cos, sin = np.float32(np.cos(np.deg2rad(angle_degrees))), np.float32(np.sin(np.deg2rad(angle_degrees)))
    dx, dy = box.x - np.float32(centre[0]), box.y - np.float32(centre[1])
    a, b = np.float32(1 / semi[0]), np.float32(1 / semi[1])
    u, v = (dx * cos + dy * sin) * a, (dy * cos - dx * sin) * b
    k = np.sqrt(u * u + v * v)
    slope = np.sqrt((u * a) ** 2 + (v * b) ** 2)
    return k * (k - 1) / np.maximum(slope, np.float32(1e-4))


def ellipsoid(box, z_mm, centre, semi, angle_degrees=0.0, lean=(0.0, 0.0)):
    """Ellipsoid cut by a plane: semi-axes (a, b, height); lean is the drift of its axis in x and y per mm of z."""
    dz = z_mm - centre[2]
    share = 1 - (dz / semi[2]) ** 2
    if share <= 0.0:
        return None
    root = np.sqrt(share)
    middle = (centre[0] + lean[0] * dz, centre[1] + lean[1] * dz)
    # near the poles the surface is flat: distances shrink with the slope of the surface
    return ellipse(box, middle, (semi[0] * root, semi[1] * root), angle_degrees) * np.float32(max(root, 0.25))


def polyline(box, points, radii):
    """Distance to a line of points in the plane minus a radius that varies along it."""
    field = None
    for (ax, ay), (bx, by), ra, rb in zip(points[:-1], points[1:], radii[:-1], radii[1:], strict=True):
        wx, wy = bx - ax, by - ay
        dx, dy = box.x - np.float32(ax), box.y - np.float32(ay)
        t = np.clip((dx * np.float32(wx) + dy * np.float32(wy)) * np.float32(1 / max(wx * wx + wy * wy, 1e-9)), 0, 1)
        d = np.sqrt((dx - t * np.float32(wx)) ** 2 + (dy - t * np.float32(wy)) ** 2)
        d -= np.float32(ra) + t * np.float32(rb - ra)
        field = d if field is None else np.minimum(field, d)
    return field


def tube(box, z_mm, points, blend_mm=0.0):
    """Bent tube through points (x, y, z, radius), cut by a plane; None where the plane misses it by 15 mm."""
    field, z = None, np.float32(z_mm)
    for a, b in itertools.pairwise(points):
        if z < min(a[2] - a[3], b[2] - b[3]) - 15 or z > max(a[2] + a[3], b[2] + b[3]) + 15:
            continue
        w = np.subtract(b[:3], a[:3])
        dx, dy, dz = box.x - np.float32(a[0]), box.y - np.float32(a[1]), z - np.float32(a[2])
        wx, wy, wz = (np.float32(v) for v in w)
        t = np.clip((dx * wx + dy * wy + dz * wz) * np.float32(1 / max(float(w @ w), 1e-9)), 0, 1)
        d = np.sqrt((dx - t * wx) ** 2 + (dy - t * wy) ** 2 + (dz - t * wz) ** 2)
        d -= np.float32(a[3]) + t * np.float32(b[3] - a[3])
        if field is not None:
            d = smooth_min(field, d, np.float32(blend_mm)) if blend_mm else np.minimum(field, d)
        field = d
    return field


def extent(points, z_mm, margin_mm=12.0):
    """(x0, x1, y0, y1) around the pieces of a tube that a plane may touch, or None."""
    reach = []
    for a, b in itertools.pairwise(points):
        if min(a[2] - a[3], b[2] - b[3]) - margin_mm < z_mm < max(a[2] + a[3], b[2] + b[3]) + margin_mm:
            reach += [a, b]
    if not reach:
        return None
    r = max(p[3] for p in reach) + margin_mm
    xs, ys = [p[0] for p in reach], [p[1] for p in reach]
    return min(xs) - r, max(xs) + r, min(ys) - r, max(ys) + r


def capsules(grid, z_mm, rows, grow_mm=0.0):
    """Coverage (N, N) by many thin round cones (n, 8: x, y, z, r at both ends), painted in batches of equal size."""
    cover = np.zeros((grid.matrix, grid.matrix), np.float32)
    if not len(rows):
        return cover
    radius = np.maximum(rows[:, 3], rows[:, 7]) + grow_mm
    low = np.minimum(rows[:, 2], rows[:, 6]) - radius - grid.pixel_mm
    high = np.maximum(rows[:, 2], rows[:, 6]) + radius + grid.pixel_mm
    rows = rows[(low < z_mm) & (z_mm < high)].astype(np.float32)
    if not len(rows):
        return cover
    a, b, ra, rb = rows[:, 0:3], rows[:, 4:7], rows[:, 3] + np.float32(grow_mm), rows[:, 7] + np.float32(grow_mm)
    # keep only the part of the axis near the plane, so that a long segment needs a small patch
    rise = b[:, 2] - a[:, 2]
    rise = np.where(np.abs(rise) < 1e-3, np.float32(1e-3), rise)
    reach = np.maximum(ra, rb) + grid.pixel_mm
    t = np.sort(np.clip(np.stack([(z_mm - reach - a[:, 2]) / rise, (z_mm + reach - a[:, 2]) / rise]), 0, 1), axis=0)
    p, q = a + t[0][:, None] * (b - a), a + t[1][:, None] * (b - a)
    pad = reach + grid.pixel_mm
    lower = np.minimum(p, q)[:, :2] - pad[:, None]
    size = np.ceil((np.maximum(p, q)[:, :2] + pad[:, None] - lower).max(1) / grid.pixel_mm).astype(int) + 1
    origin = np.array([grid.x_mm[0], grid.y_mm[0]], np.float32)
    corner = np.floor((lower - origin) / np.float32(grid.pixel_mm)).astype(int)
    flat = cover.reshape(-1)
    w = b - a
    scale = 1 / np.maximum((w * w).sum(1), np.float32(1e-6))
    size = -(-size // 6) * 6
    for step in sorted(set(size.tolist())):
        pick = np.flatnonzero(size == step)
        edge = np.arange(step)
        cols, lines = corner[pick, 0, None] + edge, corner[pick, 1, None] + edge
        x = cols.astype(np.float32) * np.float32(grid.pixel_mm) + origin[0]
        y = lines.astype(np.float32) * np.float32(grid.pixel_mm) + origin[1]
        dx, dy = x[:, None, :] - a[pick, 0, None, None], y[:, :, None] - a[pick, 1, None, None]
        dz = (np.float32(z_mm) - a[pick, 2])[:, None, None]
        wx, wy, wz = (w[pick, k, None, None] for k in range(3))
        s = np.clip((dx * wx + dy * wy + dz * wz) * scale[pick, None, None], 0, 1)
        d = np.sqrt((dx - s * wx) ** 2 + (dy - s * wy) ** 2 + (dz - s * wz) ** 2)
        d -= ra[pick, None, None] + s * (rb - ra)[pick, None, None]
        share = np.clip(0.5 - d * np.float32(1 / grid.pixel_mm), 0, 1)
        share *= np.minimum(2 * np.maximum(ra, rb)[pick] / np.float32(grid.pixel_mm), 1)[
            :, None, None
        ]  # thinner than a pixel
        inside = ((cols >= 0) & (cols < grid.matrix))[:, None, :] & ((lines >= 0) & (lines < grid.matrix))[:, :, None]
        inside &= share > 0
        np.maximum.at(flat, (lines[:, :, None] * grid.matrix + cols[:, None, :])[inside], share[inside])
    return cover
