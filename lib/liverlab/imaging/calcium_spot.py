"""The brightest spot of calcium as a slice shows it: the picture's own content, without noise.

A grain is smaller than the slice is thick and than the scanner's blur, so that its brightest pixel holds only a share
of its HU. The share belongs to geometry alone: one number serves every phase and voltage.
"""

from __future__ import annotations

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging import kernel, lesion_calcium
from liverlab.imaging.anatomy_canvas import PSF_SIGMA_MM, grid
from liverlab.imaging.lesion_paint import blur_mm, form_on_slice, is_speck
from liverlab.imaging.lesions import LesionState

_MATRIX = 512  # the sharp picture
_MARGIN_MM = 6.0  # room for what a kernel takes from around
_FINE_MM = 0.2  # pixels of a drawn profile
# Nothing looks smaller than the blur: its full width at half maximum (mm).
SMALLEST_MM = 2.355 * PSF_SIGMA_MM


def brightest_share(
    lesions: LesionState, place: int, z_mm: float, slice_mm: float, kernel_sharpness_pct: float = 0.0
) -> float:
    """Largest share (0 and up) of a lesion's calcium in a pixel of the slice at z_mm; 0 where there is none.

    Of a lesion with a pattern: the share of lesions.calcium_hu; of one so small that it is painted as a dot: the share
    of its HU. z_mm, slice_mm: middle and thickness of the slice (mm). A sharp kernel overshoots: it may pass 1.
    """
    centre, semi = lesions.centre_mm[place], lesions.semi_axes_mm[place]
    calcified = bool(lesions.calcium_pattern[place]) and lesions.calcium_share[place] > 0
    if semi.min() <= 0 or not (calcified or is_speck(lesions, place)):
        return 0.0
    g, reach = grid(_MATRIX), 1.1 * semi + _MARGIN_MM
    x = g.x_mm[np.abs(g.x_mm - centre[0]) < reach[0]]
    y = g.y_mm[np.abs(g.y_mm - centre[1]) < reach[1]]
    sigma = blur_mm(g.pixel_mm)
    if is_speck(lesions, place):
        content = lesion_calcium.speck(x, y, z_mm, slice_mm, sigma, centre, semi)
    else:
        form = form_on_slice(lesions, place, x, y, z_mm, slice_mm, sigma)
        content = lesion_calcium.content(lesions, place, form, x, y, z_mm, slice_mm, sigma)
    return float(kernel.apply(content.astype(np.float32), g.pixel_mm, kernel_sharpness_pct).max())


def speck_profile(
    grain_mm: float, slice_mm: float, kernel_sharpness_pct: float = 0.0, reach_mm: float = 8.0
) -> tuple[np.ndarray, np.ndarray]:
    """Distance (mm) along a line through a grain in the middle of a slice, and the share of its HU that shows there."""
    half = round(reach_mm / _FINE_MM)
    line = np.arange(-half, half + 1) * _FINE_MM
    semi = np.full(3, number("grain_mm", grain_mm, 0, 50, "mm", above=True) / 2)
    slice_mm = number("slice_mm", slice_mm, 0, 100, "mm", above=True)
    content = lesion_calcium.speck(line, line, 0.0, slice_mm, blur_mm(_FINE_MM), np.zeros(3), semi)
    return line, kernel.apply(content.astype(np.float32), _FINE_MM, kernel_sharpness_pct)[half].astype(float)
