"""Iodine or calcium? Two scans at two tube voltages, two unknowns.

HU_low - tissue = a_low I + b_low H and HU_high - tissue = a_high I + b_high H, with I iodine and H hydroxyapatite in
mg/mL and the slopes of `hu`. Both fade with voltage, iodine a little faster (80/140 kV: 1.92 against 1.56): the two
lines lie close together, so the solution multiplies the noise of the images. The mean of a region is the tool, not a
pixel.

Everything is linear, works on numbers and whole images alike and broadcasts. Tissue without iodine and calcium is taken
to have the same HU at both voltages unless two are given, which holds for soft tissue, not for fat.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from liverlab.disease.checks import number

from . import hu


def slopes(kvp_low: float, kvp_high: float, body_cm: float, tin: bool = False) -> np.ndarray:
    """The matrix (2, 2) of HU per mg/mL: rows low and high voltage, columns iodine and hydroxyapatite.

    tin: 0.4 mm of tin on the high voltage, which then must be 140 kV. Raises ValueError unless kvp_low < kvp_high.
    """
    if not kvp_low < kvp_high:
        raise ValueError(f"kvp_low is {kvp_low:g}; it must be below kvp_high, {kvp_high:g} kV.")
    return np.array(
        [
            [hu.hu_per_mgi_ml(kvp_low, body_cm), hu.hu_per_mg_hydroxyapatite_ml(kvp_low, body_cm)],
            [hu.hu_per_mgi_ml(kvp_high, body_cm, tin), hu.hu_per_mg_hydroxyapatite_ml(kvp_high, body_cm, tin)],
        ]
    )


def forward(
    iodine_mg_ml: Any,
    hydroxyapatite_mg_ml: Any,
    kvp_low: float,
    kvp_high: float,
    body_cm: float,
    tissue_low_hu: Any = 0.0,
    tissue_high_hu: Any = None,
    tin: bool = False,
) -> tuple[Any, Any]:
    """HU at the low and at the high voltage of tissue that holds iodine and bone mineral (mg/mL, ..., >= 0)."""
    iodine = number("iodine_mg_ml", iodine_mg_ml, 0, 1e4, "mg/mL")
    mineral = number("hydroxyapatite_mg_ml", hydroxyapatite_mg_ml, 0, 1e4, "mg/mL")
    low_hu, high_hu = _tissue(tissue_low_hu, tissue_high_hu)
    (a, b), (c, d) = slopes(kvp_low, kvp_high, body_cm, tin)
    return low_hu + a * iodine + b * mineral, high_hu + c * iodine + d * mineral


def decompose(
    hu_low: Any,
    hu_high: Any,
    kvp_low: float,
    kvp_high: float,
    body_cm: float,
    tissue_low_hu: Any = 0.0,
    tissue_high_hu: Any = None,
    tin: bool = False,
) -> tuple[Any, Any]:
    """Iodine and hydroxyapatite in mg/mL from HU at two voltages (numbers or images); exact inverse of `forward`.

    Noise makes either negative; that is left as it is, for cutting it off would bias every mean.
    """
    low, high = number("hu_low", hu_low, -2000, 1e5, "HU"), number("hu_high", hu_high, -2000, 1e5, "HU")
    low_hu, high_hu = _tissue(tissue_low_hu, tissue_high_hu)
    (a, b), (c, d) = np.linalg.inv(slopes(kvp_low, kvp_high, body_cm, tin))
    low, high = low - low_hu, high - high_hu
    return a * low + b * high, c * low + d * high


def covariance(
    kvp_low: float,
    kvp_high: float,
    body_cm: float,
    sigma_low_hu: float,
    sigma_high_hu: float | None = None,
    tin: bool = False,
    tissue_sd_hu: float = 0.0,
) -> np.ndarray:
    """Covariance (2, 2) in (mg/mL)^2 of the iodine and hydroxyapatite that `decompose` finds in one pixel.

    sigma_*_hu: noise SD (HU, >= 0) of the two images, taken as independent; of a region's mean, give the SD of that
    mean (smaller than that of a pixel by less than the root of the pixels, since neighbours are correlated).
    tissue_sd_hu: how unsure the HU of tissue without either is, the same error at both voltages; no region is large
    enough to average it out.
    """
    sigma_low = number("sigma_low_hu", sigma_low_hu, 0, 1000, "HU")
    sigma_high = number("sigma_high_hu", sigma_low_hu if sigma_high_hu is None else sigma_high_hu, 0, 1000, "HU")
    tissue = number("tissue_sd_hu", tissue_sd_hu, 0, 1000, "HU")
    inverse = np.linalg.inv(slopes(kvp_low, kvp_high, body_cm, tin))
    errors = inverse @ np.array([[sigma_low, 0.0, tissue], [0.0, sigma_high, tissue]])
    return errors @ errors.T


def ellipse(
    iodine_mg_ml: float, hydroxyapatite_mg_ml: float, covariance: np.ndarray, share: float = 0.95, points: int = 73
) -> tuple[np.ndarray, np.ndarray]:
    """Outline (points,) of the region around a mean that holds `share` (0..1) of the noisy pixels, in mg/mL."""
    radius = math.sqrt(_chi_square(share))
    turn = np.linspace(0.0, 2.0 * np.pi, points)
    outline = radius * np.linalg.cholesky(covariance) @ np.array([np.cos(turn), np.sin(turn)])
    return iodine_mg_ml + outline[0], hydroxyapatite_mg_ml + outline[1]


def is_inside(iodine_mg_ml: Any, hydroxyapatite_mg_ml: Any, mean: Any, covariance: np.ndarray, share: float = 0.95):
    """True where a point (...) lies within the ellipse of `share` around mean = (iodine, hydroxyapatite)."""
    away = np.stack(np.broadcast_arrays(iodine_mg_ml - mean[0], hydroxyapatite_mg_ml - mean[1]), axis=-1)
    return np.einsum("...i,ij,...j->...", away, np.linalg.inv(covariance), away) <= _chi_square(share)


def virtual_unenhanced(
    hu_low: Any, hu_high: Any, kvp_low: float, kvp_high: float, body_cm: float, tin: bool = False
) -> tuple[Any, Any]:
    """Virtual unenhanced HU and iodine (mg/mL) of a water-and-iodine decomposition, as scanners compute them.

    I = (HU_low - HU_high) / (a_low - a_high), HU - a I. It knows no calcium: calcium is read as some iodine and taken
    off, so that 50 mg/mL of bone mineral add 23 HU instead of 60 to 93, and 1.7 mg/mL of iodine that is not there.
    """
    low, high = number("hu_low", hu_low, -2000, 1e5, "HU"), number("hu_high", hu_high, -2000, 1e5, "HU")
    a, c = slopes(kvp_low, kvp_high, body_cm, tin)[:, 0]
    iodine = (low - high) / (a - c)
    return low - a * iodine, iodine


def mono_energetic_hu(iodine_mg_ml: Any, hydroxyapatite_mg_ml: Any, kev: float, tissue_hu: Any = 0.0) -> Any:
    """HU of a virtual mono-energetic image (40-100 keV) of decomposed iodine and hydroxyapatite (mg/mL, ...)."""
    iodine = number("iodine_mg_ml", iodine_mg_ml, -1e4, 1e4, "mg/mL")
    mineral = number("hydroxyapatite_mg_ml", hydroxyapatite_mg_ml, -1e4, 1e4, "mg/mL")
    mono = hu.mono_hu_per_mgi_ml(kev), hu.mono_hu_per_mg_hydroxyapatite_ml(kev)
    return number("tissue_hu", tissue_hu, -1100, 4000, "HU") + mono[0] * iodine + mono[1] * mineral


def _tissue(low_hu: Any, high_hu: Any) -> tuple[Any, Any]:
    low_hu = number("tissue_low_hu", low_hu, -1100, 4000, "HU")
    return low_hu, low_hu if high_hu is None else number("tissue_high_hu", high_hu, -1100, 4000, "HU")


def _chi_square(share: float) -> float:
    """Squared radius that holds `share` of a normal distribution in two dimensions."""
    if not 0 < share < 1:
        raise ValueError(f"share is {share:g}; it must be above 0 and below 1.")
    return -2.0 * math.log1p(-share)
