"""One patient on one scanner: what the analytic reader gets from every visit of a course."""

from dataclasses import dataclass

import numpy as np

from liverlab.imaging import contrast, ct, kernel
from liverlab.imaging.protocol import Protocol
from liverlab.reading import analytic

# Seconds from the start of the injection to the late arterial phase; published window 25-35 s.
LATE_ARTERIAL_S = 35.0


@dataclass(frozen=True, eq=False)
class Phase:
    """One phase of a CT study at every visit; arrays (..., L, T), liver_hu (..., T).

    mean_hu: HU averaged over the true cross-section of a lesion, seen or not (an ROI copied from another phase).
    """

    rim_hu: np.ndarray
    core_hu: np.ndarray
    liver_hu: np.ndarray
    mean_hu: np.ndarray
    readings: analytic.Readings


def read(values, lesions, course, protocol, pixel_mm=0.7) -> Phase:
    """The analytic reader on every lesion and visit of `course` under `protocol`.

    values: parameter key -> float; lesions: L objects with axes and core_fraction; pixel_mm: pixel of the picture (mm).
    Raises ValueError as `contrast.lesion_hu` and `analytic.read` do.
    """
    rim_hu, core_hu = contrast.lesion_hu(values, course, protocol)
    liver_hu = np.broadcast_to(contrast.liver_hu(values, course, protocol), course.viable_volume_ml.shape)
    fraction = np.array([[float(lesion.core_fraction)] for lesion in lesions])
    longest = np.array([[max(lesion.axes[:2])] for lesion in lesions], dtype=float)
    readings = analytic.read(
        rim_hu,
        core_hu,
        liver_hu[..., None, :],
        course.diameter_mm,
        fraction,
        ct.noise_sd_hu(protocol),
        values["visibility_threshold_mm"],
        slice_mm=protocol.slice_mm,
        pixel_mm=pixel_mm,
        psf_sigma_mm=kernel.psf_sigma_mm(protocol.kernel_sharpness_pct),
        axis_ratio=longest,
    )
    return Phase(rim_hu, core_hu, liver_hu, rim_hu + (core_hu - rim_hu) * fraction**2, readings)


def portal(values, lesions, course) -> Phase:
    """The study as the page's protocol acquires it."""
    return read(values, lesions, course, Protocol.from_values(values))


def late_arterial(values, lesions, course) -> Phase:
    """The same study, LATE_ARTERIAL_S after the start of the injection."""
    return read(values, lesions, course, Protocol.from_values(values, delay_s=LATE_ARTERIAL_S))


def unenhanced(values, lesions, course) -> Phase:
    """The same study without contrast medium."""
    return read(values, lesions, course, Protocol.from_values(values, iodine_g_per_kg=0.0))
