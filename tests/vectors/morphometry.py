"""Form of the liver.

Section 4 of the dossier: vectors A2 (roughness), A3 (partition) and A5 (standard volume).
"""

import numpy as np

from liverlab.reading import morphometry

from . import Vector


def _nodularity(rms_mm):
    """LSN of a sinusoid of 10 mm on the front of an ellipse of 210 by 150 mm, 120 mm of it."""
    turn = np.linspace(np.pi, 2 * np.pi, 8001)
    x, y = 105 * np.cos(turn), 75 * np.sin(turn)
    way = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    at = way[-1] / 2 + np.arange(-60.0, 60.0, 0.7)
    height = rms_mm * np.sqrt(2) * np.sin(2 * np.pi * at / 10.0)
    x, y = np.interp(at, way, x), np.interp(at, way, y)
    along = np.stack([np.gradient(x), np.gradient(y)]) / np.hypot(np.gradient(x), np.gradient(y))
    return morphometry.surface_nodularity(x + height * along[1], y - height * along[0])


def _mean(rms_mm):
    """Mean distance of a sinusoid of this RMS, in tenths of a mm: 2 sqrt(2) / pi of it."""
    return 10 * rms_mm * 2 * np.sqrt(2) / np.pi


CUT = 0.3  # the plane that parts the lobes, as a share of the half axis
SHARE = (2 + CUT) * (1 - CUT) ** 2 / 4  # of an ellipsoid beyond it


def _partition():
    """Voxels of an ellipsoid of 180 x 140 x 120 mm on either side of the plane, as segments: (volumes, middle line)."""
    axes = (90.0, 70.0, 60.0)
    x, y, z = np.meshgrid(*(np.arange(-half + 0.5, half, 1.0) for half in axes), indexing="ij")
    inside = (x / axes[0]) ** 2 + (y / axes[1]) ** 2 + (z / axes[2]) ** 2 <= 1
    left = inside & (x > CUT * axes[0])
    small, large = left.sum() / 1000, (inside & ~left).sum() / 1000
    names = {"I": small / 3, "II": small / 3, "III": small / 3}
    names |= {name: large / 5 for name in ("IV", "V", "VI", "VII", "VIII")}
    return names, inside[:, 70, 60], x[:, 0, 0]


def _ratio():
    _, line, position = _partition()
    return morphometry.caudate_right_ratio(line, position, CUT * 90.0)


VECTORS = [
    *(Vector(f"A2 {rms}", f"Outline with waves of 10 mm and {rms} mm RMS: LSN, tenths of a mm", _mean(rms),
             "computed: mean distance of a sinusoid", lambda rms=rms: _nodularity(rms), 0.05 * _mean(rms))
      for rms in (0.25, 0.5, 0.8)),
    Vector("A2 smooth", "the same without waves: LSN, tenths of a mm", 0.0, "definition",
           lambda: _nodularity(0.0), 0.05),
    Vector("A3 LSVR", "Ellipsoid cut at 0.3 of its half axis: LSVR", SHARE / (1 - SHARE), "computed: cap",
           lambda: float(morphometry.segmental_volume_ratio(_partition()[0])), 0.002),
    Vector("A3 C/RL", "the same on its middle line: caudate over right lobe", 0.7 / 1.3, "computed: widths",
           _ratio, 0.002),
    Vector("A5 Feng", "Standard liver volume at 1.8 m2, Feng 2017: mL", 1240.6, "Feng 2017",
           lambda: morphometry.standard_liver_volume_ml(1.8, "feng2017"), 0.06),
    Vector("A5 Urata", "the same, Urata 1995: mL", 1273.6, "Urata 1995, not re-read",
           lambda: morphometry.standard_liver_volume_ml(1.8, "urata1995"), 0.06),
    Vector("A5 Vauthey", "the same, Vauthey 2002: mL", 1486.7, "Vauthey 2002, not re-read",
           lambda: morphometry.standard_liver_volume_ml(1.8, "vauthey2002"), 0.06),
]  # fmt: skip
