"""Paint lesions into a CT slice: blurred in the plane, averaged over its thickness, held back by the capsule."""

import numpy as np

from liverlab.imaging import lesion_calcium
from liverlab.imaging.anatomy_canvas import PSF_SIGMA_MM
from liverlab.imaging.lesion_form import Form, soft
from liverlab.imaging.lesions import BULGE_MM

_PLANE_MM = 0.8  # planes whose mean stands for a slice lie at most this far apart
_PLANE_BLUR = 0.45  # blur along z over the distance of the planes: least that leaves no trace of single planes
_SPECK_MM = 1.6  # a lesion of smaller semi-axes is a blurred dot: its content counts, not its outline


def paint(picture, lesions, z, thickness, g, room, liver=None):
    """Paint lesions into a picture in HU, float32 (N, N), in place.

    z, thickness : middle and thickness of the slice (mm); g : grid of the canvas; room : function of rows and columns
    (slices) -> share (h, w) of each pixel that lesions may fill, in_liver for one; liver : no arguments -> (share of
    liver tissue (N, N), its HU), asked for
    only where a parenchymal lesion needs it.
    """
    for number in range(len(lesions.ids)):
        box = _box(lesions, number, z, thickness, g)
        if box is not None:
            _put(picture, lesions, number, box, z, thickness, g, room, liver)


def in_liver(liver_mm, pixel_mm):
    """Room for lesions of the liver, as far as they may lift its capsule; liver_mm (N, N) : signed distance to it."""

    def room(rows, cols):
        return np.clip((np.float32(BULGE_MM) - liver_mm[rows, cols]) / np.float32(pixel_mm) + 0.5, 0, 1)

    return room


def mark(mask, lesions, z, g, liver_mm):
    """Write a lesion's number, from 1, into mask (N, N) uint8 where it covers a pixel's centre at the height z (mm)."""
    for number in range(len(lesions.ids)):
        box = _box(lesions, number, z, 0.0, g)
        if box is None:
            continue
        rows, cols = box
        outside = Form(lesions, number, g.x_mm[cols], g.y_mm[rows], np.array([z])).outside_mm()[0]
        mask[rows, cols][(outside < 0) & (liver_mm[rows, cols] < BULGE_MM)] = number + 1


def _box(lesions, number, z, thickness, g):
    """Rows and columns a lesion may touch on a slice, or None."""
    centre, semi = lesions.centre_mm[number], lesions.semi_axes_mm[number]
    if semi.min() <= 0:
        return None
    soft = 2.5 * lesions.edge_mm[number]
    semi = np.full(3, np.hypot(*sorted(semi)[1:])) if lesions.wedge[number] else semi
    semi = semi * (1 + 3 * lesions.lobulation[number]) + soft
    if abs(z - centre[2]) >= semi[2] + thickness / 2:
        return None
    pad = 3 * PSF_SIGMA_MM + g.pixel_mm
    cols = slice(*np.searchsorted(g.x_mm, (centre[0] - semi[0] - pad, centre[0] + semi[0] + pad)))
    rows = slice(*np.searchsorted(g.y_mm, (centre[1] - semi[1] - pad, centre[1] + semi[1] + pad)))
    return (rows, cols) if rows.start < rows.stop and cols.start < cols.stop else None


def blur_mm(pixel_mm):
    """SD of the blur in the plane, scanner and pixel together (mm)."""
    return float(np.hypot(PSF_SIGMA_MM, pixel_mm / np.sqrt(12)))


def is_speck(lesions, number):
    """Whether a lesion is painted as a blurred dot."""
    return lesions.semi_axes_mm[number].max() < _SPECK_MM


def form_on_slice(lesions, number, x, y, z, thickness, sigma_mm):
    """Where a lesion lies on the planes whose mean stands for a slice; x (W,), y (H,): pixel centres (mm)."""
    count = max(3, round(thickness / _PLANE_MM))
    planes = z + thickness * ((np.arange(count) + 0.5) / count - 0.5)
    return Form(lesions, number, x, y, planes, sigma_mm, _PLANE_BLUR * thickness / count)


def _put(picture, lesions, number, box, z, thickness, g, room, liver):
    rows, cols = box
    x, y = g.x_mm[cols], g.y_mm[rows]
    inside = room(rows, cols)
    sigma, form = blur_mm(g.pixel_mm), None
    if is_speck(lesions, number):
        whole = lesion_calcium.speck(x, y, z, thickness, sigma, lesions.centre_mm[number], lesions.semi_axes_mm[number])
        whole = whole * inside
        value = whole * np.float32(lesions.rim_hu[number])
    else:
        form = form_on_slice(lesions, number, x, y, z, thickness, sigma)
        cover = form.cover(edge_mm=lesions.edge_mm[number]) * inside
        whole = cover.mean(0)
        value = whole * np.float32(lesions.rim_hu[number])
        _add_compartments(value, lesions, number, form, cover, y, sigma)
    part = picture[rows, cols]
    if lesions.parenchymal[number]:
        share, liver_hu = liver()
        part += share[rows, cols] * (value - whole * np.float32(liver_hu))
    else:
        part *= 1 - whole
        part += value
    if form is not None and lesions.calcium_pattern[number] and lesions.calcium_share[number] > 0:
        content = lesion_calcium.content(lesions, number, form, x, y, z, thickness, sigma)
        part += content * inside * np.float32(lesions.calcium_hu[number])


def _add_compartments(value, lesions, number, form, cover, y, sigma):
    """Add to value (H, W) what the inner compartments and the sediment differ from what lies around them."""
    around, innermost, reach = lesions.rim_hu[number], cover, 1.0
    for name in ("inner", "centre"):
        fraction = getattr(lesions, f"{name}_fraction")[number]
        if fraction > 0:
            hu, roughness = (getattr(lesions, f"{name}_{what}")[number] for what in ("hu", "roughness"))
            innermost, reach = form.cover(fraction, roughness, name) * innermost, fraction
            value += innermost.mean(0) * np.float32(hu - around)
            around = hu
    depth = lesions.sediment_fraction[number]
    if depth > 0:  # the patient lies on the back: what is heavy sinks to posterior
        level = lesions.centre_mm[number, 1] + reach * lesions.semi_axes_mm[number, 1] * (1 - 2 * depth)
        below = soft(np.float32(level) - y, sigma)[:, None]
        value += innermost.mean(0) * below * np.float32(lesions.sediment_hu[number] - around)
