"""The analytic reader: what would be seen and measured, straight from contrast, size, blur and noise.

A lesion is an ellipsoid of viable tissue (the rim) around a concentric core, in a liver of uniform HU. The reader looks
at the axial slice through its centre: the mean over the slice thickness, blurred by the scanner's point spread. It
draws the boundary where the contrast has fallen to half, and reports the mean HU of the whole region inside that
boundary on that slice (as Choi 2007 does: size-weighted by area, edge pixels included). All of it is closed form, so it
broadcasts over patients, lesions and visits, and gives the same answer every time. The pixel reader measures the same
things on rendered slices; tests hold the two together.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.reading import visibility

NOT_SEEN, CORE, OUTER = 0, 1, 2
BOUNDARY_LABELS = ("not seen", "core", "outer")

# In-plane point spread of the scanner, SD in mm: width of organ edges on a real scan (PHANTOM 3.5).
PSF_SIGMA_MM = 0.65

# Gauss-Legendre nodes and weights on 0..1: where the half slab is cut into discs.
_CUTS = ((0.0694318442, 0.1739274226), (0.3300094782, 0.3260725774), (0.6699905218, 0.3260725774))
_CUTS += ((0.9305681558, 0.1739274226),)


@dataclass(frozen=True)
class Readings:
    """What the reader reports, arrays of one shape (..., L, T).

    visible: seen at all. boundary: NOT_SEEN, CORE or OUTER, what was taken for the edge. diameter_mm: longest axial
    diameter as measured (0 if not seen). hu: mean HU inside that boundary (liver HU if not seen). contrast_hu: hu minus
    liver. detectability_mm: contrast * diameter / noise of rim and core together (their squares add).
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
    pixel_mm=0.7,
    psf_sigma_mm=PSF_SIGMA_MM,
    axis_ratio=1.0,
) -> Readings:
    """What would be seen and measured of every lesion. All arguments broadcast together, usually to (..., L, T).

    rim_hu, core_hu, liver_hu: HU (-1000..4000) of the viable outer tissue, of the core, of the liver around.
    diameter_mm: true outer diameter, swelling included (mm, 0..1000; of the sphere of equal volume).
    core_fraction: core diameter over outer (0..1). sigma_hu: SD of the image noise (HU, > 0).
    threshold_mm: Rose threshold (mm, > 0), see `visibility`. slice_mm, pixel_mm: slice thickness and pixel (mm).
    psf_sigma_mm: in-plane blur of the scanner, SD (mm). axis_ratio: longest semi-axis in the slice over the mean one
    (0.5..3; 1 = sphere); the reported diameter is the longest.
    Rule: a lesion is seen when rim and core together, each over its own area, pass the Rose threshold. Its outer
    boundary is measured if the rim passes alone or has at least half of the core's contrast (half contrast is where
    the edge is drawn); otherwise the core is measured alone. ValueError names a bad value.
    """
    rim_hu, core_hu, liver_hu = (
        _within(v, name, -1000, 4000, "HU")
        for v, name in ((rim_hu, "rim_hu"), (core_hu, "core_hu"), (liver_hu, "liver_hu"))
    )
    diameter_mm = _within(diameter_mm, "diameter_mm", 0, 1000, "mm")
    core_fraction = _within(core_fraction, "core_fraction", 0, 1, "")
    slice_mm = _within(slice_mm, "slice_mm", 0.1, 100, "mm")
    psf_sigma_mm = _within(psf_sigma_mm, "psf_sigma_mm", 0.01, 20, "mm")
    sigma_mm = np.sqrt(psf_sigma_mm**2 + _within(pixel_mm, "pixel_mm", 0.01, 20, "mm") ** 2 / 12)
    axis_ratio = _within(axis_ratio, "axis_ratio", 0.5, 3, "")
    threshold_mm = _within(threshold_mm, "threshold_mm", 0.01, 1000, "mm")

    outer_mm, core_mm = diameter_mm, diameter_mm * core_fraction
    rim_step, core_step = rim_hu - liver_hu, core_hu - rim_hu
    # A core like its rim, or without size, adds nothing; what is not seen is not measured.
    exists, cored = outer_mm > 0, (core_mm > 0) & (core_step != 0)
    rim_seen_hu = rim_step * _where(exists, peak_coverage, outer_mm, slice_mm, sigma_mm)
    core_seen_hu = rim_seen_hu + core_step * _where(cored, peak_coverage, core_mm, slice_mm, sigma_mm)
    # A rim is a ring: Rose's diameter is that of the disc with the ring's area.
    rim_score = visibility.detectability(rim_seen_hu, outer_mm * np.sqrt(1 - core_fraction**2), sigma_hu)
    core_score = visibility.detectability(core_seen_hu, core_mm, sigma_hu)
    score = np.sqrt(rim_score**2 + core_score**2)

    visible = score >= threshold_mm
    to_the_rim = (rim_score >= threshold_mm) | (rim_seen_hu * np.sign(core_seen_hu) >= np.abs(core_seen_hu) / 2)
    boundary = np.where(visible, np.where(to_the_rim, OUTER, CORE), NOT_SEEN).astype(np.int8)
    region_mm = _where(visible, apparent_diameter_mm, np.where(to_the_rim, outer_mm, core_mm), slice_mm, sigma_mm)
    core_alone = visible & ~to_the_rim & (core_step != 0)
    shift_mm = _where(core_alone, _edge_shift_mm, core_seen_hu, rim_step, core_step, sigma_mm)
    region_mm = np.maximum(region_mm + shift_mm, region_mm / 2)

    share = _where(visible, mean_coverage, outer_mm, region_mm, slice_mm, sigma_mm)
    core_share = _where(visible & cored, mean_coverage, core_mm, region_mm, slice_mm, sigma_mm)
    contrast = np.where(visible, rim_step * share + core_step * core_share, 0.0)
    measured_mm = np.where(visible, region_mm * axis_ratio, 0.0)
    shape = np.broadcast_shapes(contrast.shape, np.shape(measured_mm), np.shape(liver_hu))
    arrays = (visible, boundary, measured_mm, contrast + liver_hu, contrast, score)
    return Readings(*(a if a.shape == shape else np.broadcast_to(a, shape).copy() for a in map(np.asarray, arrays)))


def _where(mask, function, *arguments):
    """function(*arguments) where `mask`, 0 elsewhere; arguments broadcast to the mask's shape."""
    mask = np.asarray(mask)
    if mask.all():
        return function(*arguments)
    answer = np.zeros(mask.shape)
    if mask.any():
        chosen = (a if np.ndim(a) == 0 else np.broadcast_to(a, mask.shape)[mask] for a in arguments)
        answer[mask] = function(*chosen)
    return answer


def peak_coverage(diameter_mm, slice_mm, sigma_mm):
    """Share (0..1) of the true contrast left at the centre of a sphere: slice thickness and blur take the rest.

    diameter_mm of the sphere, slice_mm thickness, sigma_mm blur (SD), all mm; a blurred disc of radius r keeps
    1 - exp(-r^2 / 2 s^2).
    """
    radius, half, sigma = _geometry(diameter_mm, slice_mm, sigma_mm)
    width = -0.5 / sigma**2
    edge, step = radius**2 * width, half**2 * width
    lost = sum(share * np.exp(edge - cut**2 * step) for cut, share in _CUTS)
    return (1 - lost) * 2 * half / slice_mm


def apparent_diameter_mm(diameter_mm, slice_mm, sigma_mm):
    """Diameter (mm) at half contrast of a sphere in a slice through its centre.

    Thickness: half of the slice is filled at radius sqrt(r^2 - h^2 / 4), h = min(r, slice / 2). Blur: a curved edge
    moves inwards by s^2 / 2r, until the lesion is as small as the blur, whose own width is then what is seen.
    """
    radius, half, sigma = _geometry(diameter_mm, slice_mm, sigma_mm)
    edge_squared = radius**2 - half**2 / 4
    point = np.exp(-edge_squared / (2 * sigma**2))
    return 2 * np.sqrt(edge_squared + sigma**2 * (-1 + (1 + 2 * np.log(2)) * point))


def mean_coverage(diameter_mm, region_mm, slice_mm, sigma_mm):
    """Mean share (0..1) of a sphere's contrast inside a concentric disc of diameter region_mm on the central slice.

    The slab is cut into discs. Blur carries s * L(gap / s) of a disc's contrast across each mm of a circle that lies
    `gap` from the disc's edge, L(g) = phi(g) - g (1 - Phi(g)); a disc as small as the blur counts as a Gaussian spot.
    Within 0.02 of numerical integration for diameters of 5 mm or more, slices up to 10 mm.
    """
    radius, half, sigma = _geometry(diameter_mm, slice_mm, sigma_mm)
    region = np.maximum(np.asarray(region_mm, dtype=float) / 2, 1e-6)
    radius, half, region = radius / sigma, half / sigma, region / sigma
    region_squared, inside = region**2, 0.0
    for cut, share in _CUTS:
        disc_squared = radius**2 - (cut * half) ** 2
        disc = np.sqrt(disc_squared)
        smaller = np.minimum(disc, region)
        edge = smaller * (smaller - 2 * _leak(np.abs(disc - region)))
        spot = disc_squared * np.exp(disc_squared / -6.25) * (1 - np.exp(-region_squared / (2 + disc_squared / 2)))
        inside = inside + share * np.maximum(edge, spot)
    return inside * 2 * half * sigma / (slice_mm * region_squared)


def _edge_shift_mm(core_seen_hu, rim_step, core_step, sigma_mm):
    """How far the half-contrast edge of a core is from the core's: it stands on the rim's contrast, so its own half is
    elsewhere."""
    level = np.clip((core_seen_hu / 2 - rim_step) / core_step, 0.1, 0.9)
    return 2 * sigma_mm * _normal_quantile(1 - level)


def _normal_quantile(p):
    """Quantile of the standard normal, to 0.01 for p of 0.1 to 0.9 (Tukey's lambda form)."""
    return 4.91 * (p**0.14 - (1 - p) ** 0.14)


def _geometry(diameter_mm, slice_mm, sigma_mm):
    radius = np.asarray(diameter_mm, dtype=float) / 2
    return radius, np.minimum(radius, np.asarray(slice_mm, dtype=float) / 2), np.asarray(sigma_mm, dtype=float)


def _leak(gap):
    """phi(g) - g (1 - Phi(g)) for g >= 0, to 0.002."""
    return np.exp(-(gap**2) / 2) / np.sqrt(2 * np.pi) / (1 + gap * (1.25 + 0.65 * gap))


def _within(value, name, low, high, unit):
    value = np.asarray(value, dtype=float)
    # The extremes carry a NaN along, and take no array of flags.
    if value.size and not (value.min() >= low and value.max() <= high):
        unit = f" {unit}" if unit else ""
        bad = value[~((value >= low) & (value <= high))].flat[0]
        raise ValueError(f"{name} is {bad:g}{unit}; allowed: {low:g} to {high:g}{unit}.")
    return value
