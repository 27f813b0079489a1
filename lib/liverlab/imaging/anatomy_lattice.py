"""The body on a 6 mm lattice: coarse fields of liver, spleen and free fluid, and their volumes.

What disease does not move is worked once per patient; a trial of a new shape then costs a few additions. Partial cells
count with their share: the liver is within 0.5 % of a 2 mm grid. Arrays are (z, y, x).
"""

from functools import cached_property

import numpy as np

from liverlab.imaging import anatomy_canvas as canvas
from liverlab.imaging import anatomy_deform as deform
from liverlab.imaging import anatomy_liver as liver
from liverlab.imaging import organs_fluid as fluid
from liverlab.imaging import organs_spleen as spleen
from liverlab.imaging.anatomy_paint import beside_spleen

STEP_MM = 6.0
CELL_ML = STEP_MM**3 / 1000.0
_GRID = 60  # a canvas of this many pixels has pixels of STEP_MM
LIVER_BOX, LIVE_BOX = (-152, 92, -152, 66), (-152, 165, -152, 75)
_LOWEST_MM, _SCAN_MM, _TOP_MM = -200.0, -92.0, 100.0  # a large spleen reaches below the scan
_KEPT = 8
_FAR_MM = np.float32(99.0)


def inside(field):
    """Share of each cell inside a shape."""
    return np.clip(0.5 - field * np.float32(1 / STEP_MM), 0, 1)


def millilitres(share):
    return float(share.sum(dtype=np.float64)) * CELL_ML


class Lattice:
    """Coarse fields of one patient, whose wall, painter and seed are given."""

    def __init__(self, wall, painter, seed):
        self._wall, self._painter, self._seed = wall, painter, seed
        self._grid, self._kept = canvas.grid(_GRID), {}
        self._live = canvas.Box(self._grid, *LIVE_BOX)
        self._heights = np.arange(_LOWEST_MM, _TOP_MM, STEP_MM)
        scan = int(np.searchsorted(self._heights, _SCAN_MM))
        self.x, self.y = self._live.x[None], self._live.y[None]
        self.z = self._heights.astype(np.float32)[:, None, None]
        part = canvas.Box(self._grid, *LIVER_BOX)
        self._liver_box = part
        self.liver = np.s_[scan:, : part.y.size, : part.x.size]  # both boxes start in the same corner
        self.scan = np.s_[scan:]
        self.at = self.x[..., : part.x.size], self.y[:, : part.y.size], self.z[scan:]

    def _keep(self, key, make):
        """A field that several trials share; a handful is kept."""
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = make()
        return self._kept[key]

    @cached_property
    def _cavity(self):
        box = self._live
        planes = [np.maximum(self._wall.inner_field(self._grid, k, box), self._wall.domes(box.x, box.y, k))
                  for k in self._heights]  # fmt: skip
        return np.stack(planes)

    @cached_property
    def _wet(self):
        return 1 - fluid.dry(self.x, self.y, self.z)

    def rim(self, level_mm):
        """Thickness of the fluid along the wall (mm), None without fluid."""
        return fluid.rim(self.y, level_mm) * self._wet if level_mm else None

    # ---- liver -------------------------------------------------------------------------------------------------------

    @cached_property
    def _growth(self):
        x, y, z = self.at
        return liver.weight_at(liver.parietal(x[0], y[0]), x, z), liver.column(x, y)

    def free(self, scale):
        x, y, z = (v - np.float32(c) for v, c in zip(self.at, liver.LIVER_CENTRE_MM, strict=True))
        return liver.free_liver(x, y, z, scale)

    def kept_free(self, scale):
        return self._keep(("free", scale), lambda: self.free(scale))

    def liver_field(self, free, rim=None, local=None):
        """Field of the liver in contact; free: of the free liver, deformed; rim, local: as `rim` and `local` give."""
        cavity = self._cavity[self.liver]
        if rim is not None:
            cavity = cavity + rim[self.liver]
        return liver.contact(free, cavity, *self._growth, local)

    def local(self, shape, dimples):
        """What nodules and dimples add to the field, or None where there are none."""
        if not (shape.nodularity_mm or dimples):
            return None
        x, y, z = self.at
        term = np.zeros((z.size, y.size, x.size), np.float32)
        if shape.nodularity_mm:
            term += np.float32(shape.nodularity_mm) * self._keep(("nodules", shape.nodule_mm), lambda: np.stack(
                [deform.nodules_on(self._seed, shape.nodule_mm, self._liver_box, k) for k in z.ravel()]))  # fmt: skip
        for row in dimples:
            i, j, k = deform.dimple_part(row, x.ravel(), y.ravel(), z.ravel())
            term[k, j, i] += deform.dimple(x[..., i], y[:, j], z[k], row)
        return term

    def sample(self, field, points):
        """Value (n,) and gradient (n, 3) per mm of a field on the liver's part at points (n, 3), trilinear."""
        steps = np.concatenate([np.zeros((1, 3)), 3.0 * np.eye(3), -3.0 * np.eye(3)])
        at = (points[None] + steps[:, None]).reshape(-1, 3)
        start = np.array([float(axis.flat[0]) for axis in self.at])
        cell = np.clip((at - start) / STEP_MM, 0, np.array(field.shape[::-1]) - 1.001)
        low = cell.astype(int)
        share, value = cell - low, 0.0
        for corner in np.ndindex(2, 2, 2):
            i, j, k = (low + corner).T
            value = value + np.prod(np.where(corner, share, 1 - share), axis=1) * field[k, j, i]
        value = value.reshape(7, -1)
        return value[0], (value[1:4] - value[4:7]).T / 6.0

    # ---- spleen and fluid --------------------------------------------------------------------------------------------

    @cached_property
    def _spleen_part(self):
        """Where the spleen may lie in a plane of the lattice, its axes there, and kidney and back."""
        box = canvas.Box(self._grid, *spleen.BOX)
        row, col = box.rows.start - self._live.rows.start, box.cols.start - self._live.cols.start
        part = np.s_[row : row + box.y.size, col : col + box.x.size]
        return (
            part,
            box.x[None],
            box.y[None],
            np.stack([beside_spleen(box, k) for k in self._heights], axis=1),
        )

    def spleen_field(self, size, rim):
        """Field of the spleen on the whole lattice."""
        (rows, cols), x, y, taken = self._spleen_part
        planes = slice(*np.searchsorted(self._heights, spleen.reach_z_mm(size)))
        part = planes, rows, cols
        whole = np.full(self._cavity.shape, _FAR_MM)
        room = self._cavity[part] if rim is None else self._cavity[part] + rim[part]
        whole[part] = spleen.field(x, y, self.z[planes], room, *taken[:, planes], size)
        return whole

    @cached_property
    def _room(self):
        """Share of every cell of the scan that free fluid may fill: not organs, nor what lies behind the peritoneum."""
        planes = []
        for z, cavity in zip(self._heights[self.scan], self._cavity[self.scan], strict=True):
            c = canvas.Canvas(self._grid, z)
            whole, left = np.full((_GRID, _GRID), _FAR_MM), np.ones((_GRID, _GRID), np.float32)
            self._live.of(whole)[...] = cavity
            self._painter.organs(c, whole)
            self._painter.front(c, None)
            c.add_to({}, left)
            planes.append(self._live.of(left) * (1 - inside(self._painter.behind_peritoneum(self._live, z))))
        return np.stack(planes)

    def fluid_ml(self, rim, liver_field, spleen_field):
        """Volume of the fluid with a given rim, around a liver and a spleen."""
        hepatic = np.full(self._cavity.shape, _FAR_MM)
        hepatic[self.liver] = liver_field
        cut = [field[self.scan] for field in (self._cavity, rim, hepatic, spleen_field)]
        share = fluid.fluid(*cut, STEP_MM) * self._room
        for organ in cut[2:]:
            share *= 1 - inside(organ)
        return millilitres(share)

    def spleen_ml(self, spleen_field, liver_field):
        """Volume of the spleen that the liver, drawn over it, leaves to be seen."""
        share = inside(spleen_field)
        share[self.liver] *= 1 - inside(liver_field)
        return millilitres(share)
