"""The analytic reader: what would be seen and measured, straight from contrast, size, blur and noise.

A lesion is a sphere of viable tissue (the rim) around a concentric core, in a liver of uniform HU. The reader looks at
the axial slice through its centre: the mean over the slice thickness, blurred by the scanner's point spread. It draws
the boundary where the contrast has fallen to half, and reports the mean HU of the whole region inside that boundary on
that slice (as Choi 2007 does). All of it is closed form, so it broadcasts over patients, lesions and visits. The pixel
reader measures the same things on rendered slices; tests hold the two together.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.reading import visibility

NOT_SEEN, CORE, OUTER = 0, 1, 2
BOUNDARY_LABELS = ("not seen", "core", "outer")

# Point spread of the scanner in the axial plane (SD, mm): CT edges of dossier PHANTOM 3.5, one slice without sub-slices.
PSF_SIGMA_MM = 0.85


@dataclass(frozen=True)
class Readings:
    """What the reader reports, arrays of one shape (..., L, T).

    visible: seen at all. boundary: NOT_SEEN, CORE or OUTER, what was taken for the edge. diameter_mm: longest axial
    diameter as measured (0 if not seen). hu: mean HU inside that boundary (liver HU if not seen). contrast_hu: hu minus
    liver. detectability_mm: the larger |contrast| * diameter / noise of rim and core.
    """

    visible: np.ndarray
    boundary: np.ndarray
    diameter_mm: np.ndarray
    hu: np.ndarray
    contrast_hu: np.ndarray
    detectability_mm: np.ndarray


def read(
    rim_hu,
    core_hu,
    liver_hu,
    diameter_mm,
    core_fraction,
    sigma_hu,
    threshold_mm,
    slice_mm=3.0,
    psf_sigma_mm=PSF_SIGMA_MM,
    axis_ratio=1.0,
) -> Readings:
    """What would be seen and measured of every lesion. All arguments broadcast together, usually to (..., L, T).

    rim_hu, core_hu, liver_hu: HU (-1000..4000) of the viable outer tissue, of the core, of the liver around.
    diameter_mm: true outer diameter, swelling included (mm, >= 0). core_fraction: core diameter over outer (0..1).
    sigma_hu: SD of the image noise (HU, > 0). threshold_mm: Rose threshold (mm, > 0), see `visibility`.
    slice_mm: slice thickness (mm, > 0). psf_sigma_mm: in-plane blur, SD (mm, > 0). axis_ratio: longest in-plane axis over
    the mean one (>= 1; 1 = sphere); it lengthens the reported diameter and nothing else.
    Rule: the rim is seen when its contrast, over the area of the rim, passes the Rose threshold: the outer boundary is
    measured. Otherwise, a core that passes is measured alone. Otherwise nothing is seen. ValueError names a bad argument.
    """
    rim_hu, core_hu, liver_hu = (
        _within(v, name, -1000, 4000, "HU")
        for v, name in ((rim_hu, "rim_hu"), (core_hu, "core_hu"), (liver_hu, "liver_hu"))
    )
    diameter_mm = _within(diameter_mm, "diameter_mm", 0, 1000, "mm")
    core_fraction = _within(core_fraction, "core_fraction", 0, 1, "")
    slice_mm = _within(slice_mm, "slice_mm", 0.1, 100, "mm")
    psf_sigma_mm = _within(psf_sigma_mm, "psf_sigma_mm", 0.01, 20, "mm")
    axis_ratio = _within(axis_ratio, "axis_ratio", 1, 5, "")

    outer_mm, core_mm = diameter_mm, diameter_mm * core_fraction
    rim_step, core_step = rim_hu - liver_hu, core_hu - rim_hu
    rim_seen_hu = rim_step * peak_coverage(outer_mm, slice_mm, psf_sigma_mm)
    # A rim is a ring: Rose's diameter is that of the disc with the ring's area.
    rim_mm = outer_mm * np.sqrt(1 - core_fraction**2)
    core_seen_hu = (core_hu - liver_hu) * peak_coverage(core_mm, slice_mm, psf_sigma_mm)
    rim_score = visibility.detectability(rim_seen_hu, rim_mm, sigma_hu)
    core_score = visibility.detectability(core_seen_hu, core_mm, sigma_hu)

    rim_seen, core_seen = rim_score >= threshold_mm, core_score >= threshold_mm
    boundary = np.where(rim_seen, OUTER, np.where(core_seen, CORE, NOT_SEEN)).astype(np.int8)
    region_mm = apparent_diameter_mm(np.where(rim_seen, outer_mm, core_mm), slice_mm, psf_sigma_mm)
    visible = boundary != NOT_SEEN

    share = mean_coverage(outer_mm, region_mm, slice_mm, psf_sigma_mm)
    core_share = mean_coverage(core_mm, region_mm, slice_mm, psf_sigma_mm)
    contrast = np.where(visible, rim_step * share + core_step * core_share, 0.0)
    measured_mm = np.where(visible, region_mm * axis_ratio, 0.0)
    arrays = (visible, boundary, measured_mm, contrast + liver_hu, contrast, np.maximum(rim_score, core_score))
    return Readings(*(np.array(a) for a in np.broadcast_arrays(*arrays)))


def peak_coverage(diameter_mm, slice_mm, psf_sigma_mm):
    """Share (0..1) of the true contrast that is left at the centre of a sphere: slice thickness and blur take the rest.

    A sphere thinner than the slice fills diameter / slice of it; the blur of a disc of radius r leaves
    1 - exp(-r^2 / 2 s^2).
    """
    fill = np.minimum(1.0, np.asarray(diameter_mm, dtype=float) / slice_mm)
    return fill * -np.expm1(-(np.asarray(diameter_mm) ** 2) / (8 * np.asarray(psf_sigma_mm) ** 2))


def apparent_diameter_mm(diameter_mm, slice_mm, psf_sigma_mm):
    """Diameter (mm) at half contrast of a sphere in a slice through its centre.

    Thickness: half of the slice is filled at radius sqrt(r^2 - h^2 / 4), h = min(r, slice / 2). Blur: a curved edge moves
    inwards by s^2 / 2r, until the lesion is as small as the blur, whose own width is then what is seen.
    """
    radius = np.asarray(diameter_mm, dtype=float) / 2
    half = np.minimum(radius, np.asarray(slice_mm) / 2)
    edge = np.sqrt(radius**2 - half**2 / 4)
    return 2 * np.sqrt(edge**2 + _blur_growth(edge, np.asarray(psf_sigma_mm, dtype=float)))


def _blur_growth(edge_mm, sigma_mm):
    """Change of the squared half-contrast radius of a blurred disc: -s^2 for large discs, +2 ln2 s^2 for points."""
    point = np.exp(-(edge_mm**2) / (2 * sigma_mm**2))
    return sigma_mm**2 * (-1 + (1 + 2 * np.log(2)) * point)


def mean_coverage(diameter_mm, region_mm, slice_mm, psf_sigma_mm):
    """Mean share (0..1) of a sphere's contrast inside a concentric disc of diameter region_mm on the central slice.

    The sphere's slab has volume 2 pi (r^2 h - h^3 / 3); blur moves part of it across the edge, about s / sqrt(2 pi)
    per mm of circumference where disc and sphere have the same edge, less where they differ.
    """
    radius = np.asarray(diameter_mm, dtype=float) / 2
    region = np.maximum(np.asarray(region_mm, dtype=float) / 2, 1e-6)
    half = np.minimum(radius, np.asarray(slice_mm) / 2)
    area = 2 * np.pi * (radius**2 * half - half**3 / 3) / slice_mm
    inside = np.minimum(radius, region)
    capped = np.where(radius > region, np.pi * region**2 * np.minimum(1.0, 2 * radius / slice_mm), area)
    gap = np.abs(radius - region) / psf_sigma_mm
    lost = 2 * np.pi * inside * psf_sigma_mm * _tail(gap)
    return np.clip(capped - lost, 0.0, None) / (np.pi * region**2)


def _tail(gap):
    """Integral of the upper tail of the standard normal from `gap`, an edge's leak across a line that far away."""
    return np.exp(-(gap**2) / 2) / np.sqrt(2 * np.pi) / (1 + gap**1.6)


def _within(value, name, low, high, unit):
    value = np.asarray(value, dtype=float)
    bad = ~((value >= low) & (value <= high))
    if bad.any():
        unit = f" {unit}" if unit else ""
        raise ValueError(f"{name} is {value[bad].flat[0]:g}{unit}; allowed: {low:g} to {high:g}{unit}.")
    return value
