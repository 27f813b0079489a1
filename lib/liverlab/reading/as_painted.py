"""The analytic reader on lesions as they are painted, whatever they are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from liverlab.imaging import ct
from liverlab.imaging.lesions import LesionState
from liverlab.imaging.protocol import Protocol
from liverlab.reading import analytic


def read(
    lesions: LesionState, liver_hu: float, protocol: Protocol, threshold_mm: float, pixel_mm: float = 0.7
) -> analytic.Readings:
    """What would be seen and measured of every lesion (L,) of one picture.

    liver_hu: HU of the liver around; threshold_mm: Rose threshold (mm, > 0), see `visibility`; pixel_mm: pixel (mm).
    The reader knows a rim and a core: the inner part with its centre, mixed by area, is the core. Raises ValueError as
    `analytic.read` does.
    """
    core_fraction, core_hu = core(lesions)
    semi = lesions.semi_axes_mm
    mean_mm = 2 * np.cbrt(semi.prod(axis=1))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(mean_mm > 0, 2 * semi[:, :2].max(axis=1) / mean_mm, 1.0)
    return analytic.read(
        lesions.rim_hu, core_hu, liver_hu, mean_mm, core_fraction, ct.noise_sd_hu(protocol), threshold_mm,
        slice_mm=protocol.slice_mm, pixel_mm=pixel_mm, axis_ratio=np.clip(ratio, 0.5, 3.0),
    )  # fmt: skip


def core(lesions: LesionState) -> tuple[np.ndarray, np.ndarray]:
    """Diameter of what lies inside the rim over the lesion's (L,), and its mean HU over the central slice (L,)."""
    inner, centre = lesions.inner_fraction, lesions.centre_fraction
    fraction = np.where(inner > 0, inner, centre)
    share = np.where((inner > 0) & (centre > 0), (centre / np.maximum(inner, 1e-9)) ** 2, 0.0)
    mixed = lesions.inner_hu + share * (lesions.centre_hu - lesions.inner_hu)
    hu = np.where(inner > 0, mixed, np.where(centre > 0, lesions.centre_hu, lesions.rim_hu))
    return fraction, hu


def mean_contrast_hu(lesions: LesionState, liver_hu: Any) -> np.ndarray:
    """Mean HU over the cross-section of each lesion (L,) minus the liver's, seen or not."""
    fraction, hu = core(lesions)
    return lesions.rim_hu + (hu - lesions.rim_hu) * fraction**2 - liver_hu
