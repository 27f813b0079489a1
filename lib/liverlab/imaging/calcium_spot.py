"""The brightest spot of calcium as a slice shows it: the picture's own content, without noise.

A grain is smaller than the slice is thick and than the scanner's blur, so that its brightest pixel holds only a share
of its HU. The share belongs to geometry alone: one number serves every phase and voltage.
"""

from __future__ import annotations

import numpy as np

from liverlab.imaging import kernel, lesion_calcium
from liverlab.imaging.anatomy_canvas import grid
from liverlab.imaging.lesion_paint import blur_mm, form_on_slice, is_speck
from liverlab.imaging.lesions import LesionState

_MATRIX = 512  # the sharp picture
_MARGIN_MM = 6.0  # room for what a kernel takes from around


def brightest_share(
    lesions: LesionState, number: int, z_mm: float, slice_mm: float, kernel_sharpness_pct: float = 0.0
) -> float:
    """Largest share (0 and up) of a lesion's calcium in a pixel of the slice at z_mm; 0 where there is none.

    Of a lesion with a pattern: the share of lesions.calcium_hu; of one so small that it is painted as a dot: the share
    of its HU. z_mm, slice_mm: middle and thickness of the slice (mm). A sharp kernel overshoots: it may pass 1.
    """
    centre, semi = lesions.centre_mm[number], lesions.semi_axes_mm[number]
    calcified = bool(lesions.calcium_pattern[number]) and lesions.calcium_share[number] > 0
    if semi.min() <= 0 or not (calcified or is_speck(lesions, number)):
        return 0.0
    g, reach = grid(_MATRIX), 1.1 * semi + _MARGIN_MM
    x = g.x_mm[np.abs(g.x_mm - centre[0]) < reach[0]]
    y = g.y_mm[np.abs(g.y_mm - centre[1]) < reach[1]]
    sigma = blur_mm(g.pixel_mm)
    if is_speck(lesions, number):
        content = lesion_calcium.speck(x, y, z_mm, slice_mm, sigma, centre, semi)
    else:
        form = form_on_slice(lesions, number, x, y, z_mm, slice_mm, sigma)
        content = lesion_calcium.content(lesions, number, form, x, y, z_mm, slice_mm, sigma)
    return float(kernel.apply(content.astype(np.float32), g.pixel_mm, kernel_sharpness_pct).max())
