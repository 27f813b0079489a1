"""What a region of a two-energy examination says: iodine and calcium of its mean, and how far noise may move them.

The mean of a region is less noisy than a pixel, but less so than the number of pixels suggests: neighbours share their
noise. Seen from a region much larger than the grain, only the noise power at low frequencies counts, which no kernel
changes: SD of the mean = sigma sqrt(A / area), A = power at low frequency over variance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging import ct, two_energies
from liverlab.imaging.anatomy_canvas import grid
from liverlab.imaging.energy_scene import TwoScans
from liverlab.imaging.protocol import Protocol
from liverlab.reading.pixel import NOISE_AREA_MM2

_MATRIX = 512  # the sharp picture


@dataclass(frozen=True, eq=False)
class Region:
    """A region's mean at both voltages and what follows; covariance (2, 2) of iodine and calcium, (mg/mL)^2.

    hu, sd_hu, expected_sd_hu: (low, high) mean, SD of the pixels, SD of the mean expected from noise. area_mm2.
    """

    hu: tuple[float, float]
    sd_hu: tuple[float, float]
    expected_sd_hu: tuple[float, float]
    area_mm2: float
    iodine_mg_ml: float
    calcium_mg_ml: float
    covariance: np.ndarray


def mean_sd_hu(protocol: Protocol, area_mm2: Any) -> Any:
    """SD (HU) of the mean of a region of area_mm2 (..., > 0), by noise alone; at most that of a pixel."""
    area_mm2 = number("area_mm2", area_mm2, 0, 1e6, "mm2", above=True)
    flat = ct.noise_sd_hu(replace(protocol, kernel_sharpness_pct=0.0))
    return np.minimum(flat * np.sqrt(NOISE_AREA_MM2 / np.asarray(area_mm2)), ct.noise_sd_hu(protocol))[()]


def ellipse(centre_mm: Any, radii_mm: Any) -> np.ndarray:
    """Pixels (512, 512) of the sharp picture in an ellipse; centre x, y and radii x, y, all mm."""
    g = grid(_MATRIX)
    (x, y), (rx, ry) = (np.asarray(pair, dtype=float)[:2] for pair in (centre_mm, radii_mm))
    rx, ry = (number(name, radius, 0, 200, "mm", above=True) for name, radius in (("rx", rx), ("ry", ry)))
    return ((g.x_mm[None, :] - x) / rx) ** 2 + ((g.y_mm[:, None] - y) / ry) ** 2 < 1


def read(scans: TwoScans, index: int, inside: np.ndarray, tissue_hu: float, tissue_sd_hu: float = 0.0) -> Region:
    """Iodine and calcium in the pixels `inside` (512, 512) of slice `index`, read from the pictures.

    tissue_hu: what the tissue has without either, tissue_sd_hu how unsure that is. Raises ValueError for a region
    without a pixel.
    """
    if not np.any(inside):
        raise ValueError("inside holds no pixel; it must hold at least one.")
    pixels = [picture[inside] for picture in scans.pictures(index, _MATRIX)]
    hu = tuple(float(one.mean()) for one in pixels)
    area = float(inside.sum()) * grid(_MATRIX).pixel_mm ** 2
    expected = tuple(float(mean_sd_hu(one.protocol, area)) for one in (scans.low, scans.high))
    iodine, calcium = two_energies.decompose(*hu, *scans.beams, tissue_low_hu=tissue_hu, tin=scans.tin)
    return Region(
        hu=hu,
        sd_hu=tuple(float(one.std()) for one in pixels),
        expected_sd_hu=expected,
        area_mm2=area,
        iodine_mg_ml=float(iodine),
        calcium_mg_ml=float(calcium),
        covariance=two_energies.covariance(*scans.beams, *expected, tin=scans.tin, tissue_sd_hu=tissue_sd_hu),
    )


def pixel_covariance(scans: TwoScans) -> np.ndarray:
    """Covariance (2, 2) of iodine and calcium in a single pixel, (mg/mL)^2."""
    sigma = [float(ct.noise_sd_hu(one.protocol)) for one in (scans.low, scans.high)]
    return two_energies.covariance(*scans.beams, *sigma, tin=scans.tin)
