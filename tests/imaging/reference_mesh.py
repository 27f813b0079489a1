"""Voxels inside a reference mesh (Wavefront OBJ), for comparison with the analytic liver. The mesh stays outside."""

from pathlib import Path

import numpy as np

_FOLDER = Path(__file__).parents[3] / "shared" / "reference" / "mesh"
LIVERS = {name: _FOLDER / f"hubmap_liver_{name}_4000f.obj" for name in ("F", "M")}


def _triangles(path):
    """Corners (n, 3, 3) of a mesh and its volume (mL)."""
    corners, faces = [], []
    for line in path.read_text().splitlines():
        kind, *rest = line.split() or [""]
        if kind == "v":
            corners.append([float(v) for v in rest[:3]])
        elif kind == "f":
            faces.append([int(v.split("/")[0]) - 1 for v in rest])
    triangles = np.array(corners)[np.array(faces)]
    volume = abs(np.einsum("ij,ij->i", triangles[:, 0], np.cross(triangles[:, 1], triangles[:, 2])).sum() / 6) / 1000
    return triangles, volume


def sphericity(path):
    """Surface of the ball of the same volume over the surface of a mesh."""
    triangles, volume = _triangles(path)
    edges = triangles[:, 1:] - triangles[:, :1]
    area = np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1).sum() / 2
    return np.pi ** (1 / 3) * (6000 * volume) ** (2 / 3) / area


def inside_mesh(path, step_mm, volume_ml):
    """(mask (nz, ny, nx), x, y, z) of a watertight mesh scaled to a volume: parity of crossings along z."""
    triangles, volume = _triangles(path)
    triangles = triangles * (volume_ml / volume) ** (1 / 3)
    low, high = triangles.min((0, 1)) - step_mm, triangles.max((0, 1)) + step_mm
    x, y, z = (np.arange(a, b, step_mm) + 0.1234 for a, b in zip(low, high, strict=True))
    crossings = np.zeros((len(z), len(y), len(x)), int)
    for a, b, c in triangles:
        area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
        if abs(area) < 1e-9:
            continue
        cols = np.flatnonzero((x >= min(a[0], b[0], c[0])) & (x <= max(a[0], b[0], c[0])))
        rows = np.flatnonzero((y >= min(a[1], b[1], c[1])) & (y <= max(a[1], b[1], c[1])))
        for row in rows:
            px, py = x[cols], y[row]
            u = ((px - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (py - a[1])) / area
            v = ((b[0] - a[0]) * (py - a[1]) - (px - a[0]) * (b[1] - a[1])) / area
            hit = (u >= 0) & (v >= 0) & (u + v <= 1)
            height = a[2] + u[hit] * (b[2] - a[2]) + v[hit] * (c[2] - a[2])
            crossings[:, row, cols[hit]] += z[:, None] > height[None, :]
    return crossings % 2 == 1, x, y, z
