"""What a shape means in one body: the numbers its fields are made of, solved so that the volumes asked for hold.

Secant steps inside a bracket on the coarse lattice. Volumes are those after deformation and contact with the wall.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.imaging import anatomy_deform as deform
from liverlab.imaging import anatomy_lattice as lattice
from liverlab.imaging import organs_fluid as fluid
from liverlab.imaging import organs_spleen as spleen
from liverlab.imaging.liver_state import OWN_SPLEEN_ML

# Volume goes with about scale^2.5 where the liver touches the wall. A change of its logarithm up to _BY_OFFSET moves
# the surface only, so that vessels stay where they are; what goes beyond it scales the whole organ, in steps.
_POWER, _BY_OFFSET, _SCALE_STEP = 2.5, 0.25, 0.02
_OFFSET_RANGE_MM = (-30.0, 30.0)
_LIVER_TOLERANCE, _TOLERANCE, _ROUGH = 0.001, 0.01, 0.02
# First guesses: how offset (mm) and size of the spleen move with the volume; level of the fluid as a power of it.
_OFFSET_PER_ML, _SIZE_PER_ML, _SIZE_POWER = -0.012, 0.0007, 0.32
_LEVEL_MM, _LEVEL_POWER = 0.74, 0.51


@dataclass(frozen=True)
class Form:
    """scale of the free liver; offset_mm added to its field; dimples: rows for anatomy_deform.dimple; spleen_size for
    organs_spleen.field; fluid_mm: level for organs_fluid.rim, 0 without ascites; and the volumes reached (mL)."""

    scale: float
    offset_mm: float = 0.0
    dimples: tuple = ()
    spleen_size: float = 1.0
    fluid_mm: float = 0.0
    liver_ml: float = 0.0
    spleen_ml: float = 0.0
    ascites_ml: float = 0.0


def root(volume_at, wanted, start, slope, low, high, tolerance):
    """(v, volume) with volume_at(v) = wanted within a relative tolerance, or None if it is not between low and high.

    slope : first guess of dv / dvolume; its sign says whether the volume rises with v. Secant steps in a bracket.
    """
    v, rises, last = start, slope > 0, None
    for _ in range(30):
        got = volume_at(v)
        if abs(got - wanted) <= tolerance * wanted:
            return v, got
        if (got < wanted) == rises:
            low = v
        else:
            high = v
        if not np.isfinite(got):  # more than the body can hold
            v = 0.5 * (low + high)
            continue
        if last is not None and (v - last[0]) * (got - last[1]) * slope > 0:
            slope = (v - last[0]) / (got - last[1])
        last = v, got
        guess = v + (wanted - got) * slope
        v = guess if low < guess < high else 0.5 * (low + high)
    return None


def own_scale(grid, liver_ml, body_width_mm):
    """(scale, volume in mL) of the undeformed liver that fills liver_ml; ValueError where the body cannot hold it."""
    found = root(lambda s: lattice.millilitres(lattice.inside(grid.liver_field(grid.free(s)))), liver_ml,
                 0.85 * (liver_ml / 1900) ** (1 / _POWER), 0.34 / liver_ml, 0.4, 1.7, _LIVER_TOLERANCE)  # fmt: skip
    if found is None:
        raise ValueError(
            f"liver_ml is {liver_ml:g}; a body {body_width_mm:g} mm wide cannot hold a liver of that volume."
        )
    return found


class _Full(ValueError):
    """An organ or the fluid does not fit."""


class _Trial:
    """One shape being fitted into one body; what was found last is where the next search starts."""

    def __init__(self, grid, shape, own_scale_, own_ml, body_width_mm):
        self.grid, self.shape, self.width = grid, shape, body_width_mm
        self.wanted = own_ml if shape.liver_ml is None else shape.liver_ml
        beyond = np.log(self.wanted / own_ml)
        beyond -= np.clip(beyond, -_BY_OFFSET, _BY_OFFSET)
        self.scale = own_scale_ * float(np.exp(_SCALE_STEP * np.rint(beyond / _POWER / _SCALE_STEP)))
        self.free = grid.kept_free(self.scale) + deform.lobar(shape, self.scale, *grid.at)
        self.offset = (own_ml - self.wanted) * -_OFFSET_PER_ML if self.scale == own_scale_ else 0.0
        self.size, self.local = (shape.spleen_ml / OWN_SPLEEN_ML) ** _SIZE_POWER, None

    def _full(self, name, value):
        held = f" with {self.shape.ascites_ml:g} mL of ascites" if self.shape.ascites_ml and "asc" not in name else ""
        return _Full(f"{name} is {value:.0f}; a body {self.width:g} mm wide{held} cannot hold that volume.")

    def liver(self, rim, tolerance=_LIVER_TOLERANCE):
        """Solve the offset; (field, volume)."""
        field = None

        def volume(offset):
            nonlocal field
            field = self.grid.liver_field(self.free + np.float32(offset), rim, self.local)
            return lattice.millilitres(lattice.inside(field))

        found = root(volume, self.wanted, self.offset, _OFFSET_PER_ML, *_OFFSET_RANGE_MM, tolerance)
        if found is None:
            raise self._full("liver_ml", self.wanted)
        self.offset = found[0]
        return field, found[1]

    def spleen(self, rim, liver_field, tolerance=_TOLERANCE):
        """Solve the size of the spleen; (field, volume)."""
        field = None

        def volume(size):
            nonlocal field
            field = self.grid.spleen_field(size, rim)
            return self.grid.spleen_ml(field, liver_field)

        found = root(volume, self.shape.spleen_ml, self.size, _SIZE_PER_ML, *spleen.SIZE_RANGE, tolerance)
        if found is None:
            raise self._full("spleen_ml", self.shape.spleen_ml)
        self.size = found[0]
        return field, found[1]

    def dimples(self):
        """Carry every retraction's centre to the nearest point of the smooth surface."""
        wanted = [one for one in self.shape.retractions if one[1] > 0]
        if not wanted:
            return ()
        field, _ = self.liver(None)
        point = np.array([centre for centre, _, _ in wanted], float)
        for _ in range(5):
            value, slope = self.grid.sample(field, point)
            point = point - slope * (value / np.maximum((slope**2).sum(1), 0.05))[:, None]
        _, slope = self.grid.sample(field, point)
        steep = np.maximum(np.sqrt((slope**2).sum(1)), 0.2)
        return tuple(
            deform.dimple_row(p.tolist(), (s / g).tolist(), float(g), depth, width)
            for p, s, g, (_, depth, width) in zip(point, slope, steep, wanted, strict=True)
        )

    def form(self):
        dimples = self.dimples()
        self.local, level, drained = self.grid.local(self.shape, dimples), 0.0, 0.0
        if self.shape.ascites_ml:

            def volume(level):
                rim = self.grid.rim(level)
                try:  # organs need not fit exactly while the level is sought
                    field, _ = self.liver(rim, _ROUGH)
                    return self.grid.fluid_ml(rim, field, self.spleen(rim, field, _ROUGH)[0])
                except _Full:
                    return np.inf

            asked = self.shape.ascites_ml
            start = _LEVEL_MM * asked**_LEVEL_POWER
            found = root(volume, asked, start, _LEVEL_POWER * start / asked, 0.0, fluid.HIGHEST_LEVEL_MM, _TOLERANCE)
            if found is None:
                raise self._full("ascites_ml", asked)
            level, drained = found
        rim = self.grid.rim(level)
        field, liver_ml = self.liver(rim)
        _, spleen_ml = self.spleen(rim, field)
        return Form(self.scale, self.offset, dimples, self.size, level, liver_ml, spleen_ml, drained)


def solve(grid, shape, own_scale_, own_ml, body_width_mm):
    """Form of a shape in a patient whose own liver has this scale and volume (mL), on the patient's Lattice.

    Raises ValueError in one sentence where liver, spleen or fluid do not fit into the body.
    """
    return _Trial(grid, shape, own_scale_, own_ml, body_width_mm).form()
