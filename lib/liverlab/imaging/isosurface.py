"""Closed triangle mesh of an implicit solid sampled on a grid: dual contouring with one vertex per sheet and cell.

Where the surface crosses a cell, a vertex stands at the mean of the crossings (surface nets, Gibson 1998, MICCAI,
doi:10.1007/BFb0056277). A cell that two sheets cross gets a vertex for each, so that they do not touch there (Nielson
2004, IEEE Visualization, doi:10.1109/VISUAL.2004.28). Every crossed grid edge makes one quad, split in two triangles.
The mean of the crossings lies inside a convex surface, by about 0.35 h^2 / R for spacing h and radius R.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

# Corner c of a cell lies at (x, y, z) = its bits 0, 1, 2. Edge e = 4 axis + place joins two corners along an axis.
_CORNERS = [(c & 1, c >> 1 & 1, c >> 2 & 1) for c in range(8)]
_EDGES = [(a, a | 1 << axis) for axis in range(3) for a in range(8) if not a >> axis & 1]
# Face 2 axis + side: its corners and its edges.
_FACES = [
    (
        [c for c in range(8) if (c >> axis & 1) == side],
        [edge for edge, ends in enumerate(_EDGES) if all((c >> axis & 1) == side for c in ends)],
    )
    for axis in range(3)
    for side in (0, 1)
]
# The cells around an edge along an axis, as corners of the cell that the edge's low end is: a ring about the axis.
_RING = ((0, 0), (1, 0), (1, 1), (0, 1))


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles of one or more closed surfaces, seen from outside counter-clockwise.

    vertices : (V, 3) float32, mm in the patient frame; triangles : (F, 3) int32, indices of vertices.
    """

    vertices: np.ndarray
    triangles: np.ndarray

    @property
    def volume_ml(self):
        """Enclosed volume (mL) by the divergence theorem: the sum of the signed tetrahedra to the mesh's own centre."""
        if not len(self.triangles):
            return 0.0
        points = self.vertices.astype(float)
        a, b, c = (points - points.mean(0))[self.triangles].transpose(1, 0, 2)
        return float(np.einsum("ij,ij->", a, np.cross(b, c))) / 6000.0

    @property
    def area_cm2(self):
        """Area of the surface (cm2)."""
        a, b, c = self.vertices.astype(float)[self.triangles].transpose(1, 0, 2)
        return float(np.sqrt((np.cross(b - a, c - a) ** 2).sum(1)).sum()) / 200.0

    @property
    def euler(self):
        """Euler characteristic V - E + F of the vertices in use: 2 for each closed surface without handles."""
        ends = np.sort(self.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
        return len(np.unique(self.triangles)) - len(np.unique(ends, axis=0)) + len(self.triangles)

    @property
    def is_closed(self):
        """Whether every edge is passed once in each direction: no hole, no seam, all triangles turned alike."""
        ends = self.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2).astype(np.int64)
        there = np.sort(ends[:, 0] * len(self.vertices) + ends[:, 1])
        back = np.sort(ends[:, 1] * len(self.vertices) + ends[:, 0])
        return bool(np.array_equal(there, back) and (np.diff(there) > 0).all())


def joined(meshes):
    """Several meshes as one."""
    meshes = [mesh for mesh in meshes if len(mesh.triangles)]
    if not meshes:
        return Mesh(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32))
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
    return Mesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate([mesh.triangles + np.int32(start) for mesh, start in zip(meshes, starts, strict=True)]),
    )


def largest_piece(mesh):
    """The connected piece with the most vertices: a grid point that lies inside by a hair leaves a crumb."""
    label = np.arange(len(mesh.vertices))
    while True:
        lowest = label.copy()
        np.minimum.at(lowest, mesh.triangles.reshape(-1), np.repeat(label[mesh.triangles].min(axis=1), 3))
        lowest = lowest[lowest]
        if np.array_equal(lowest, label):
            break
        label = lowest
    keep = label == np.bincount(label).argmax()
    if keep.all():
        return mesh
    renumbered = np.cumsum(keep, dtype=np.int32) - 1
    return Mesh(mesh.vertices[keep], renumbered[mesh.triangles[keep[mesh.triangles[:, 0]]]])


@lru_cache(maxsize=1024)
def _sheets(code, turned=0):
    """Sheet that crosses each of the 12 edges of a cell, -1 where none does; code : bits of its corners inside.

    Crossed edges of one face belong together. On a face with four crossings the inside corners are kept apart, or the
    outside corners if that face's bit is set in turned.
    """
    inside = [code >> c & 1 for c in range(8)]
    crossed = [number for number, (a, b) in enumerate(_EDGES) if inside[a] != inside[b]]
    label = {edge: edge for edge in crossed}
    for number, (corners, edges) in enumerate(_FACES):
        here, apart = [edge for edge in edges if edge in label], 1 - (turned >> number & 1)
        around = [[edge for edge in here if corner in _EDGES[edge]] for corner in corners if inside[corner] == apart]
        for one, *others in around if len(here) == 4 else [here] if here else []:
            for other in others:
                old, new = label[other], label[one]
                label = {edge: new if name == old else name for edge, name in label.items()}
    names = list(dict.fromkeys(label.values()))
    return tuple(names.index(label[edge]) if edge in label else -1 for edge in range(12))


@lru_cache(maxsize=1)
def _table():
    return np.array([_sheets(code) for code in range(256)], np.int8)


def _part_pinches(inside, codes, number, sheets):
    """Cells that meet in a face with four crossings, with one sheet in each of them, would share an edge of four
    quads. Turn that face: it makes two sheets of the one, in both (Wenger 2013, Isosurfaces, section 3.3.5)."""
    turned = {}
    for axis in range(3):
        along, (one, other) = 2 - axis, ((axis + 1) % 3, (axis + 2) % 3)

        def corner(u, v, steps=(one, other), shape=inside.shape):
            step = dict(zip(steps, (u, v), strict=True))
            return inside[tuple(_shift(count, step.get(2 - dim)) for dim, count in enumerate(shape))]

        crossed = (corner(0, 0) == corner(1, 1)) & (corner(1, 0) == corner(0, 1)) & (corner(0, 0) != corner(1, 0))
        for place in np.argwhere(crossed):
            before = place.copy()
            before[along] -= 1
            pair = [(number[tuple(before)], 2 * axis + 1), (number[tuple(place)], 2 * axis)]
            if all(len({int(sheets[cell, edge]) for edge in _FACES[face][1]}) == 1 for cell, face in pair):
                for cell, face in pair:
                    turned[cell] = turned.get(cell, 0) | 1 << face
                    sheets[cell] = _sheets(int(codes[cell]), turned[cell])


def _shift(count, step):
    return slice(None) if step is None else slice(step, count - 1 + step)


def isosurface(field, x_mm, y_mm, z_mm):
    """Mesh of the surface where a sampled field is zero; the solid is where it is negative.

    field : (nz, ny, nx); x_mm, y_mm, z_mm : its axes, ascending. Raises ValueError if the axes do not fit, a value is
    not finite, or the solid touches the edge of the grid (the surface would be open).
    """
    field, axes = np.asarray(field, np.float32), [np.asarray(axis, float) for axis in (x_mm, y_mm, z_mm)]
    if field.shape != tuple(len(axis) for axis in axes[::-1]) or min(field.shape, default=0) < 2:
        raise ValueError(f"field has shape {field.shape}; its axes have {[len(axis) for axis in axes[::-1]]} points.")
    if not np.isfinite(field).all():
        raise ValueError("field holds a value that is not a number; it must be finite.")
    inside = field < 0
    if any(np.take(inside, end, axis).any() for axis in range(3) for end in (0, -1)):
        raise ValueError("field is negative at the edge of the grid; the grid must reach beyond the solid.")
    nz, ny, nx = (count - 1 for count in field.shape)
    code = np.zeros((nz, ny, nx), np.uint8)
    for bit, (dx, dy, dz) in enumerate(_CORNERS):
        code |= inside[dz : nz + dz, dy : ny + dy, dx : nx + dx].view(np.uint8) << np.uint8(bit)
    cells = np.flatnonzero((code > 0) & (code < 255))
    k, j, i = np.unravel_index(cells, code.shape)
    codes = code.reshape(-1)[cells]
    number = np.full(code.shape, -1, np.int32)  # of a cell among those the surface crosses
    number.reshape(-1)[cells] = np.arange(cells.size)
    sheets = _table()[codes]
    _part_pinches(inside, codes, number, sheets)
    counts = sheets.max(axis=1, initial=-1).astype(np.int32) + 1
    vertex = np.where(sheets < 0, -1, (np.cumsum(counts) - counts)[:, None] + sheets)  # (cells, 12)

    total = int(counts.sum())
    sums, crossings = np.zeros((total, 3)), np.zeros(total)
    for edge, (low, high) in enumerate(_EDGES):
        here = np.flatnonzero(vertex[:, edge] >= 0)
        own = vertex[here, edge]
        (lx, ly, lz), (hx, hy, hz) = _CORNERS[low], _CORNERS[high]
        a = field[k[here] + lz, j[here] + ly, i[here] + lx]
        b = field[k[here] + hz, j[here] + hy, i[here] + hx]
        t = a / (a - b)
        for column, (axis, at, lo, hi) in enumerate(zip(axes, (i, j, k), (lx, ly, lz), (hx, hy, hz), strict=True)):
            start = axis[at[here] + lo]
            sums[own, column] += start + t * (axis[at[here] + hi] - start)
        crossings[own] += 1

    quads = np.concatenate([_quads(inside, number, vertex, axis) for axis in range(3)])
    vertices = sums / crossings[:, None]
    return Mesh(vertices.astype(np.float32), _triangles(vertices, quads))


def _quads(inside, number, vertex, axis):
    """Four vertices (Q, 4) around every crossed grid edge along an axis (0 x, 1 y, 2 z), turned outwards."""
    along, (one, other) = 2 - axis, ((axis + 1) % 3, (axis + 2) % 3)
    low, high = (np.take(inside, range(s, inside.shape[along] - 1 + s), along) for s in (0, 1))
    place = np.array(np.nonzero(low != high))  # (k, j, i) of the low end; never at the edge of the grid
    corners = []
    for step_one, step_other in _RING:
        cell = place.copy()
        cell[2 - one] -= 1 - step_one
        cell[2 - other] -= 1 - step_other
        start = (1 - step_one) << one | (1 - step_other) << other  # the edge's low end, seen from that cell
        corners.append(vertex[number[tuple(cell)], _EDGES.index((start, start | 1 << axis))])
    ring = np.stack(corners, axis=1)
    return np.where(low[tuple(place)][:, None], ring, ring[:, ::-1])


def _triangles(vertices, quads):
    """Quads split along their shorter diagonal."""
    a, b, c, d = quads.T
    ac, bd = (((vertices[p] - vertices[q]) ** 2).sum(1) for p, q in ((a, c), (b, d)))
    first = (ac <= bd)[:, None]
    one = np.where(first, np.stack([a, b, c], 1), np.stack([a, b, d], 1))
    two = np.where(first, np.stack([a, c, d], 1), np.stack([b, c, d], 1))
    return np.concatenate([one, two]).astype(np.int32)
