"""How the lobes of the drawn liver compare: segmental volumes, LSVR, caudate over right lobe, measured on the model.

The landmarks are those of the body before disease, as a reader keeps to the vessels while the surface moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging.anatomy_liver import LIVER_CENTRE_MM
from liverlab.imaging.liver_state import NORMAL, OWN_PORTAL_VEIN_MM
from liverlab.imaging.segments import segment_of
from liverlab.reading.morphometry import caudate_right_ratio, segmental_volume_ratio

GRID_MM = 5.0
# Main portal vein just below its bifurcation, in the liver's frame (mm at 1500 mL), and how far behind it Harbin's line
# runs towards the vena cava: as far as the caudate of the model is free of the cava.
_PORTA, _BEHIND_MM = (33.0, -7.0, -8.0), 3.0
_LINE_STEP_MM = 1.0
_X, _Y, _Z = (-150.0, 100.0), (-150.0, 70.0), (-96.0, 100.0)


@dataclass(frozen=True)
class Lobes:
    """volume_ml: segment -> mL; lsvr: segments I-III over IV-VIII; caudate_right: width of caudate over right lobe."""

    volume_ml: dict[str, float]
    lsvr: float
    caudate_right: float

    @property
    def liver_ml(self) -> float:
        """The whole liver."""
        return sum(self.volume_ml.values())


def measure(anatomy: Any, shape: Any = NORMAL, grid_mm: float = GRID_MM) -> Lobes:
    """Segments counted on a grid of points (2 to 10 mm apart), widths on one line across the liver."""
    step = number("grid_mm", grid_mm, 2, 10, "mm")
    x, y, z = (np.arange(low, high + step, step) for low, high in (_X, _Y, _Z))
    inside = np.stack([anatomy.liver_field(x[None, :], y[:, None], height, shape) < 0 for height in z])
    k, j, i = np.nonzero(inside)
    names, counts = np.unique(segment_of(np.stack([x[i], y[j], z[k]], axis=1), anatomy.liver_scale), return_counts=True)
    volume = {str(name): float(count) * step**3 / 1000 for name, count in zip(names, counts, strict=True)}
    return Lobes(volume, float(segmental_volume_ratio(volume)), _caudate_right(anatomy, shape))


def _caudate_right(anatomy, shape):
    px, py, pz = np.array(LIVER_CENTRE_MM) + anatomy.liver_scale * np.array(_PORTA)
    line = np.arange(_X[0], _X[1], _LINE_STEP_MM)
    inside = anatomy.liver_field(line, np.full(line.size, py + _BEHIND_MM), pz, shape) < 0
    divide = px - OWN_PORTAL_VEIN_MM / 2
    # Beyond the caudate's left border other liver may follow; it does not count.
    left = (line >= divide) & (np.cumsum(~inside & (line >= divide)) == 0)
    return caudate_right_ratio(inside & (left | (line < divide)), line, float(divide))
