"""Calcified metastases as a reader meets them: the border, and a mean HU that counts the calcium as well.

Calcium in grains, clouds or a shell leaves the tissue between untouched: the border is drawn where the tissue ends,
unless the calcium makes the lesion stand out more than the tissue does. Calcium that is spread through the lesion
changes all of it, and a dark metastasis can match the liver. In either case the mean HU of the lesion, which Choi, SACT
and MASS read, rises by slope x mean calcium.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging import contrast, ct, kernel
from liverlab.imaging.calcium import calcified_hu
from liverlab.imaging.protocol import Protocol
from liverlab.reading import analytic
from liverlab.reading.scan import Phase

# Patterns that leave no tissue between for a reader to see.
SPREAD = ("solid", "psammomatous")


def read(
    values: Mapping[str, Any],
    lesions: Sequence[Any],
    course: Any,
    protocol: Protocol,
    calcium_mg_ml: Any,
    patterns: Sequence[str],
    pixel_mm: float = 0.7,
) -> Phase:
    """`scan.read` of lesions that hold calcium.

    calcium_mg_ml (..., L, T): hydroxyapatite per mL of lesion; patterns (L,): a name of `calcium.PATTERNS` each, empty
    where there is none; the rest as in `scan.read`. rim_hu and core_hu of the answer are those of the tissue, mean_hu
    and what the reader reports hold the calcium. Raises ValueError as `scan.read` does.
    """
    calcium = number("calcium_mg_ml", calcium_mg_ml, 0, 2000, "mg/mL")
    rim_hu, core_hu = contrast.lesion_hu(values, course, protocol)
    liver_hu = np.broadcast_to(contrast.liver_hu(values, course, protocol), course.viable_volume_ml.shape)
    added_hu = calcified_hu(0.0, calcium, protocol.kvp, protocol.body_cm, protocol.tin)
    fraction = np.array([[float(lesion.core_fraction)] for lesion in lesions])
    longest = np.array([[max(lesion.axes[:2])] for lesion in lesions], dtype=float)
    between = np.array([[pattern not in SPREAD] for pattern in patterns])
    tissue_hu = rim_hu + (core_hu - rim_hu) * fraction**2
    stands_out = np.abs(tissue_hu - liver_hu[..., None, :]) >= np.abs(tissue_hu + added_hu - liver_hu[..., None, :])
    apart = between & stands_out
    border_hu = np.where(apart, 0.0, added_hu)
    sigma_mm = _psf_sigma_mm(protocol.kernel_sharpness_pct)
    readings = analytic.read(
        rim_hu + border_hu,
        core_hu + border_hu,
        liver_hu[..., None, :],
        course.diameter_mm,
        fraction,
        ct.noise_sd_hu(protocol),
        values["visibility_threshold_mm"],
        slice_mm=protocol.slice_mm,
        pixel_mm=pixel_mm,
        psf_sigma_mm=sigma_mm,
        axis_ratio=longest,
    )
    seen = readings.visible & (readings.diameter_mm > 0)
    region_mm = np.where(seen, readings.diameter_mm / longest, 1.0)
    blur_mm = np.hypot(sigma_mm, pixel_mm / np.sqrt(12))
    held = analytic.mean_coverage(np.where(seen, course.diameter_mm, 1.0), region_mm, protocol.slice_mm, blur_mm)
    hu = readings.hu + np.where(apart & seen, added_hu * held, 0.0)
    readings = replace(readings, hu=hu, contrast_hu=np.where(seen, hu - liver_hu[..., None, :], 0.0))
    return Phase(rim_hu, core_hu, liver_hu, tissue_hu + added_hu, readings)


@lru_cache(maxsize=16)
def _psf_sigma_mm(kernel_sharpness_pct: float) -> float:
    return analytic.PSF_SIGMA_MM if kernel_sharpness_pct == 0 else kernel.psf_sigma_mm(kernel_sharpness_pct)
