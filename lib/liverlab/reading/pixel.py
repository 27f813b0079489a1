"""The pixel reader: measures a lesion on a rendered slice, knowing only where to look.

The boundary is an ellipse around the given centre, placed where the local contrast to the liver has fallen to half of
the contrast inside. With n pixels inside and S their summed difference to the liver, the ellipse that maximises S^2 / n
does this for the mean contrast; 2 c S - n c^2 then does it for the contrast c of the inner part, free of edge blur
(growing the edge pays as long as its pixels have more than c / 2). All pixels of the edge vote, so noise averages out.
A rim that differs from its core is found the same way, as a second ellipse of the same form around the first.
"""

from dataclasses import dataclass

import numpy as np

# Area over which CT noise is correlated: noise power at low frequency over variance, 580 HU2 mm2 / (12 HU)^2.
NOISE_AREA_MM2 = 4.0
# A second boundary, or a form that is not round, must explain this many times the noise of one resolution cell.
EVIDENCE = 9.0
# A rim thinner than this is the blur or the lobulation of the edge, not a rim.
RIM_MIN_MM = 2.5
RIM_MIN_SHARE = 0.12  # of the outer radius
_STEP_MM = 0.25
_ELONGATION_MAX = 1.8
_TURNS = np.arange(8) * np.pi / 4


@dataclass(frozen=True)
class Measurement:
    """What was measured on one slice.

    visible: by the Rose rule from the measured contrast, diameter and noise. diameter_mm: longest diameter;
    mean_diameter_mm: of the disc of equal area; both 0 if not seen. angle_deg: long axis, from the row axis of the
    picture towards its columns (0..180). hu, sd_hu: mean and SD inside the boundary (liver if not seen). liver_hu,
    noise_hu: median and SD of the ring of liver around. contrast_hu: hu minus liver_hu. detectability_mm: Rose score.
    """

    visible: bool
    diameter_mm: float
    mean_diameter_mm: float
    angle_deg: float
    hu: float
    sd_hu: float
    liver_hu: float
    noise_hu: float
    contrast_hu: float
    detectability_mm: float


def measure(picture_hu, pixel_mm, row, col, search_mm, threshold_mm, liver_mask=None, noise_hu=None) -> Measurement:
    """Measure the lesion at (row, col) of a slice.

    picture_hu: (rows, columns) HU. pixel_mm: pixel size (mm, > 0). row, col: centre of the lesion in pixels (pixel
    centres are whole numbers; fractions allowed). search_mm: no lesion reaches further than this from the centre
    (mm, >= 3). threshold_mm: Rose threshold (mm). liver_mask: True where liver or lesion is; the rest is ignored.
    noise_hu: SD of the noise if known (HU); measured in the liver around otherwise.
    ValueError names a bad argument or says that there is too little liver around to compare with.
    """
    picture = np.asarray(picture_hu, dtype=float)
    _check(picture, pixel_mm, row, col, search_mm, threshold_mm)
    x, y, hu = _window(picture, pixel_mm, row, col, search_mm, liver_mask)
    away = np.hypot(x, y)
    liver_hu, spread_hu = _liver(hu[away > search_mm], away.size, pixel_mm)
    noise_hu = spread_hu if noise_hu is None else float(noise_hu)

    near = away <= search_mm * 1.1
    x, y, difference = x[near], y[near], hu[near] - liver_hu
    cell = noise_hu**2 * max(1.0, NOISE_AREA_MM2 / pixel_mm**2)
    form, fit = _best_form(x, y, difference, search_mm, cell)
    radius = _elliptic_radius(x, y, form)

    core_mm, outer_mm = _half_contrast(radius, difference, *fit, pixel_mm)
    core_hu = _plateau(radius, difference, 0.0, core_mm, pixel_mm)
    rim_hu = _plateau(radius, difference, core_mm, outer_mm, pixel_mm) if outer_mm > core_mm else 0.0
    rim_score = 2 * np.sqrt(max(0.0, outer_mm**2 - core_mm**2)) * abs(rim_hu) / noise_hu
    score = float(np.hypot(rim_score, 2 * core_mm * abs(core_hu) / noise_hu))
    to_the_rim = rim_score >= threshold_mm or rim_hu * np.sign(core_hu) >= abs(core_hu) / 2
    edge_mm = outer_mm if to_the_rim else core_mm

    visible = bool(score >= threshold_mm)
    inside = hu[near][radius <= edge_mm] if visible else np.array([liver_hu])
    stretch = np.exp(np.hypot(*form) / 2)
    return Measurement(
        visible=visible,
        diameter_mm=float(2 * edge_mm * stretch) if visible else 0.0,
        mean_diameter_mm=float(2 * edge_mm) if visible else 0.0,
        angle_deg=float(np.degrees(np.arctan2(form[1], form[0]) / 2) % 180),
        hu=float(inside.mean()),
        sd_hu=float(inside.std()) if visible else noise_hu,
        liver_hu=liver_hu,
        noise_hu=noise_hu,
        contrast_hu=float(inside.mean() - liver_hu),
        detectability_mm=score,
    )


def _check(picture, pixel_mm, row, col, search_mm, threshold_mm):
    if picture.ndim != 2 or not np.isfinite(picture).all():
        raise ValueError(f"picture_hu has shape {picture.shape}; allowed: (rows, columns) of finite HU.")
    for name, value, low, high in (
        ("pixel_mm", pixel_mm, 0.05, 10),
        ("row", row, 0, picture.shape[0] - 1),
        ("col", col, 0, picture.shape[1] - 1),
        ("search_mm", search_mm, 3, 200),
        ("threshold_mm", threshold_mm, 0.01, 1000),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} is {value:g}; allowed: {low:g} to {high:g}.")


def _window(picture, pixel_mm, row, col, search_mm, liver_mask):
    """x, y (mm from the centre) and HU of the pixels within reach, as flat arrays."""
    reach = search_mm * 1.5 + 6.0
    half = int(np.ceil(reach / pixel_mm))
    top, left = max(0, int(row) - half), max(0, int(col) - half)
    part = (slice(top, int(row) + half + 2), slice(left, int(col) + half + 2))
    hu = picture[part]
    y = (np.arange(hu.shape[0]) + top - row)[:, None] * pixel_mm
    x = (np.arange(hu.shape[1]) + left - col)[None, :] * pixel_mm
    wanted = np.hypot(x, y) <= reach
    if liver_mask is not None:
        wanted &= np.asarray(liver_mask, dtype=bool)[part]
    x, y = np.broadcast_arrays(x, y)
    return x[wanted], y[wanted], hu[wanted]


def _liver(ring, count, pixel_mm):
    """Median and SD of the liver around, vessels and other lesions trimmed away."""
    if ring.size * pixel_mm**2 < 100 or ring.size < 0.1 * count:
        area = ring.size * pixel_mm**2
        raise ValueError(f"liver around the lesion covers {area:.0f} mm2; allowed: 100 mm2 or more to compare with.")
    for _ in range(3):
        middle = np.median(ring)
        spread = 1.4826 * np.median(np.abs(ring - middle))
        ring = ring[np.abs(ring - middle) <= 3 * max(spread, 0.5)]
    return float(ring.mean()), float(max(ring.std(), 0.1))


def _elliptic_radius(x, y, form):
    """Radius of the disc of equal area on whose ellipse each point lies.

    form: log of the axis ratio, as a vector of twice the angle (so that a turn by 180 degrees changes nothing).
    """
    ratio = np.hypot(*form)
    angle = np.arctan2(form[1], form[0]) / 2
    along = (x * np.cos(angle) + y * np.sin(angle)) * np.exp(-ratio / 2)
    across = (y * np.cos(angle) - x * np.sin(angle)) * np.exp(ratio / 2)
    return np.hypot(along, across)


def _best_form(x, y, difference, search_mm, cell):
    """Form of the ellipses, and the radii of the core's and the outer boundary on them (equal: one boundary).

    One boundary first; the second is believed only if it explains clearly more than one boundary of the best form.
    """
    form, one, at = _climb(x, y, difference, search_mm, cell, (0.0, 0.0), _one_boundary)
    rim_form, two, pair = _climb(x, y, difference, search_mm, cell, form, _two_boundaries)
    return (rim_form, pair) if two - one > EVIDENCE * cell else (form, at)


def _climb(x, y, difference, search_mm, cell, start, boundaries):
    """Axis ratio and direction that separate best, from `start` uphill with ever smaller steps: (form, gain, radii)."""
    form, (gain, radii) = start, boundaries(x, y, difference, search_mm, start)
    start_gain, start_radii = gain, radii
    step = np.log(_ELONGATION_MAX) / 3
    while step > 0.02:
        trials = [(form[0] + step * np.cos(turn), form[1] + step * np.sin(turn)) for turn in _TURNS]
        trials = [trial for trial in trials if np.hypot(*trial) <= np.log(_ELONGATION_MAX)]
        found = [boundaries(x, y, difference, search_mm, trial) for trial in trials]
        best = max(range(len(found)), key=lambda k: found[k][0])
        if found[best][0] > gain:
            form, (gain, radii) = trials[best], found[best]
        else:
            step /= 2
    if gain - start_gain < EVIDENCE * cell:
        return start, start_gain, start_radii
    return form, gain, radii


def _rings(x, y, difference, search_mm, form):
    """Edges (mm) of thin elliptic rings, and inside each edge the number of pixels and their summed difference."""
    radius = _elliptic_radius(x, y, form)
    bins = int(search_mm / _STEP_MM)
    place = np.minimum((radius / _STEP_MM).astype(int), bins)
    count = np.bincount(place, minlength=bins + 1)[:bins].cumsum()
    total = np.bincount(place, weights=difference, minlength=bins + 1)[:bins].cumsum()
    return (np.arange(bins) + 1) * _STEP_MM, count, total


def _one_boundary(x, y, difference, search_mm, form):
    edge, count, total = _rings(x, y, difference, search_mm, form)
    gain = total**2 / np.maximum(count, 1)
    at = int(gain.argmax())
    return gain[at], (edge[at], edge[at])


def _two_boundaries(x, y, difference, search_mm, form):
    edge, count, total = _rings(x, y, difference, search_mm, form)
    thick = edge[None, :] - edge[:, None] >= np.maximum(RIM_MIN_MM, RIM_MIN_SHARE * edge[None, :])
    ring = (total[None, :] - total[:, None]) ** 2 / np.maximum(count[None, :] - count[:, None], 1)
    gain = np.where(thick, (total**2 / np.maximum(count, 1))[:, None] + ring, 0.0)
    core, outer = np.unravel_index(gain.argmax(), gain.shape)
    return gain[core, outer], (edge[core], edge[outer])


def _half_contrast(radius, difference, core_mm, outer_mm, pixel_mm):
    """Both boundaries moved to half contrast between the plateaus on their two sides."""
    core_hu = _plateau(radius, difference, 0.0, core_mm, pixel_mm)
    if outer_mm == core_mm:
        edge = _edge(radius, difference, core_hu, core_mm, max(1.0, core_mm / 4))
        return edge, edge
    rim_hu = _plateau(radius, difference, core_mm, outer_mm, pixel_mm)
    reach = (outer_mm - core_mm) / 2
    return (
        _edge(radius, difference - rim_hu, core_hu - rim_hu, core_mm, min(reach, core_mm / 2)),
        _edge(radius, difference, rim_hu, outer_mm, reach),
    )


def _edge(radius, difference, step_hu, near_mm, reach_mm):
    """Radius within reach of `near_mm` where the difference, step_hu inside and 0 outside, has fallen to half."""
    edges = np.arange(max(_STEP_MM, near_mm - reach_mm), near_mm + reach_mm, _STEP_MM / 2)
    between = (radius >= edges[0]) & (radius < edges[-1])
    place = np.searchsorted(edges, radius[between], side="right")
    gain = np.bincount(place, weights=(2 * difference[between] - step_hu) * step_hu, minlength=edges.size)
    gain = gain[: edges.size].cumsum()
    return _vertex(edges, gain, int(gain.argmax()))


def _vertex(edge, gain, at):
    """Position of the peak between grid points (parabola through three)."""
    if not 0 < at < gain.size - 1:
        return float(edge[at])
    left, middle, right = gain[at - 1 : at + 2]
    bend = left - 2 * middle + right
    return float(edge[at] + (0.5 * (left - right) / bend if bend < 0 else 0.0) * (edge[1] - edge[0]))


def _plateau(radius, difference, low_mm, high_mm, pixel_mm):
    """Mean difference to the liver between two radii, edges left out where there is room."""
    margin = min(pixel_mm, (high_mm - low_mm) / 4)
    chosen = (radius >= (low_mm + margin if low_mm else 0.0)) & (radius <= high_mm - margin)
    return float(difference[chosen].mean()) if chosen.any() else 0.0
