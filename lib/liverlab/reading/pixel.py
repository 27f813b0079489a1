"""The pixel reader: measures a lesion on a rendered slice, knowing only where to look.

Where is it? A blurred disc, stretched to an ellipse, is laid over the place in all sizes; the one that explains most of
the difference to the liver wins (S^2 / N, S its overlap with the difference, N with itself), and a second one inside it
counts as a core if it explains clearly more. Then each edge is moved to where half of the contrast inside is left: with
n pixels inside and S their summed difference, 2 c S - n c^2 is largest where growing further would add less than c / 2.
All pixels of an edge vote, so noise averages out. What is known of tumours, nearly round and slightly lobulated, enters
as a prior and keeps noise from drawing fringes.
"""

from dataclasses import dataclass

import numpy as np

from liverlab.reading.analytic import PSF_SIGMA_MM

# Area over which CT noise is correlated: noise power at low frequency over variance, 580 HU2 mm2 / (12 HU)^2.
NOISE_AREA_MM2 = 4.0
# A second boundary must explain this many times the noise of one resolution cell to be believed, and this share of what
# one boundary explains: a lobulated border mimics a faint rim.
EVIDENCE = 9.0
EVIDENCE_SHARE = 0.01
# Log of the axis ratio of tumours, SD about round; illustrative. Noise cannot stretch a lesion much beyond it.
ELONGATION = 0.25
# A rim thinner than this is the blur or the lobulation of the edge, not a rim.
RIM_MIN_MM = 2.5
RIM_MIN_SHARE = 0.18  # of the outer radius
# How far the border of a tumour lies from its ellipse, SD relative to the radius; illustrative.
LOBULATION = 0.05
_STEP_MM = 0.25
_TURNS = np.arange(8) * np.pi / 4
_SECTORS = 24


@dataclass(frozen=True)
class Measurement:
    """What was measured on one slice.

    visible: by the Rose rule from the measured contrast, diameter and noise. diameter_mm: longest diameter;
    mean_diameter_mm: of the disc of equal area; both 0 if not seen. angle_deg: long axis, from the row axis of the
    picture towards its columns (0..180). hu, sd_hu: mean and SD inside the boundary (liver if not seen). liver_hu,
    noise_hu: mean and SD of the liver around, trimmed. contrast_hu: hu minus liver_hu. detectability_mm: Rose score.
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
    _check(picture, pixel_mm, row, col, search_mm, threshold_mm, liver_mask, noise_hu)
    x, y, hu = _window(picture, pixel_mm, row, col, search_mm, liver_mask)
    away = np.hypot(x, y)
    liver_hu, spread_hu = _liver(hu[away > search_mm], away.size, pixel_mm)
    noise_hu = spread_hu if noise_hu is None else float(noise_hu)

    near = away <= search_mm * 1.1
    blur_mm = float(np.hypot(PSF_SIGMA_MM, pixel_mm / np.sqrt(12)))
    points = _Points(x[near], y[near], hu[near] - liver_hu, float(pixel_mm), float(search_mm), blur_mm)
    cell = noise_hu**2 * max(1.0, NOISE_AREA_MM2 / pixel_mm**2)
    form, pair = _best_form(points, cell)
    radius, difference = points.radius(form), points.difference

    core_mm, outer_mm = _half_contrast(points, radius, *pair)
    core_hu = _plateau(radius, difference, 0.0, core_mm, pixel_mm)
    rim_hu = _plateau(radius, difference, core_mm, outer_mm, pixel_mm) if outer_mm > core_mm else 0.0
    rim_score = 2 * np.sqrt(max(0.0, outer_mm**2 - core_mm**2)) * abs(rim_hu) / noise_hu
    score = float(np.hypot(rim_score, 2 * core_mm * abs(core_hu) / noise_hu))
    to_the_rim = rim_score >= threshold_mm or rim_hu * np.sign(core_hu) >= abs(core_hu) / 2
    edge_mm = outer_mm if to_the_rim else core_mm

    visible = bool(score >= threshold_mm)
    inside = np.array([liver_hu])
    if visible:
        inside = hu[near][_outline(points, radius, form, edge_mm, rim_hu if to_the_rim else core_hu, cell)]
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


def _check(picture, pixel_mm, row, col, search_mm, threshold_mm, liver_mask, noise_hu):
    if picture.ndim != 2 or not np.isfinite(picture).all():
        raise ValueError(f"picture_hu has shape {picture.shape}; allowed: (rows, columns) of finite HU.")
    for name, value, low, high in (
        ("pixel_mm", pixel_mm, 0.05, 10),
        ("row", row, 0, picture.shape[0] - 1),
        ("col", col, 0, picture.shape[1] - 1),
        ("search_mm", search_mm, 3, 200),
        ("threshold_mm", threshold_mm, 0.01, 1000),
        ("noise_hu", 1.0 if noise_hu is None else noise_hu, 0.01, 1000),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} is {value:g}; allowed: {low:g} to {high:g}.")
    if liver_mask is not None and np.shape(liver_mask) != picture.shape:
        raise ValueError(f"liver_mask has shape {np.shape(liver_mask)}; allowed: that of picture_hu, {picture.shape}.")


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
    """Mean and SD of the liver around, vessels and other lesions trimmed away."""
    if ring.size * pixel_mm**2 < 100 or ring.size < 0.1 * count:
        area = ring.size * pixel_mm**2
        raise ValueError(f"liver around the lesion covers {area:.0f} mm2; allowed: 100 mm2 or more to compare with.")
    for _ in range(3):
        middle = np.median(ring)
        spread = 1.4826 * np.median(np.abs(ring - middle))
        ring = ring[np.abs(ring - middle) <= 3 * max(spread, 0.5)]
    return float(ring.mean()), float(max(ring.std(), 0.1))


@dataclass(frozen=True, eq=False)
class _Points:
    """Pixels within reach: x, y from the centre (mm), difference to the liver (HU)."""

    x: np.ndarray
    y: np.ndarray
    difference: np.ndarray
    pixel_mm: float
    search_mm: float
    blur_mm: float

    def radius(self, form):
        """Radius (mm) of the disc of equal area on whose ellipse each pixel lies.

        form: log of the axis ratio, as a vector of twice the angle (so that a turn by 180 degrees changes nothing).
        """
        ratio = np.hypot(*form)
        angle = np.arctan2(form[1], form[0]) / 2
        along = (self.x * np.cos(angle) + self.y * np.sin(angle)) * np.exp(-ratio / 2)
        across = (self.y * np.cos(angle) - self.x * np.sin(angle)) * np.exp(ratio / 2)
        return np.hypot(along, across)

    def within(self, radius, weights, edge, kernel):
        """Sum of weights (None: count) inside each of the evenly spaced edges, softened by the kernel.

        kernel (odd length, sums to 1): derivative of the share in which a pixel counts as the edge passes it.
        """
        step, half = edge[1] - edge[0], kernel.size // 2
        first, bins = edge[0] - half * step, edge.size + 2 * half
        place = np.clip(np.ceil((radius - first) / step).astype(int), 0, bins)
        total = np.bincount(place, weights=weights, minlength=bins + 1)[:bins].cumsum()
        return np.convolve(total, kernel, mode="valid")


def _best_form(points, cell):
    """Form of the ellipses, and the radii of the core's and the outer boundary on them (equal: one boundary).

    One boundary first; the second is believed only if it explains clearly more than one boundary of the best form.
    """
    form, one, at = _climb(points, cell, (0.0, 0.0), _one_boundary)
    rim_form, two, pair = _climb(points, cell, form, _two_boundaries)
    return (rim_form, pair) if two - one > EVIDENCE * cell + EVIDENCE_SHARE * one else (form, at)


def _climb(points, cell, start, boundaries):
    """Most likely axis ratio and direction, from `start` uphill with ever smaller steps: (form, gain, radii)."""

    def likely(form):
        gain, radii = boundaries(points, form)
        return gain - cell * (form[0] ** 2 + form[1] ** 2) / ELONGATION**2, radii

    form, (gain, radii) = start, likely(start)
    step = 0.2
    while step > 0.02:
        trials = [(form[0] + step * np.cos(turn), form[1] + step * np.sin(turn)) for turn in _TURNS]
        found = [likely(trial) for trial in trials]
        best = max(range(len(found)), key=lambda k: found[k][0])
        if found[best][0] > gain:
            form, (gain, radii) = trials[best], found[best]
        else:
            step /= 2
    return form, gain, radii


def _one_boundary(points, form):
    """Gain of the best blurred disc, S^2 / N with S its overlap with the difference and N with itself."""
    edge, total, count, _ = _discs(points, form)
    gain = total**2 / count
    at = int(gain.argmax())
    return gain[at], (edge[at], edge[at])


def _two_boundaries(points, form):
    """Gain of the best pair of blurred discs, a core inside a lesion (least squares for both contrasts)."""
    edge, total, count, shared = _discs(points, form)
    thick = edge[None, :] - edge[:, None] >= np.maximum(RIM_MIN_MM, RIM_MIN_SHARE * edge[None, :])
    core, outer, overlap = total[:, None], total[None, :], shared[:, None]
    free = np.where(thick, count[:, None] * count[None, :] - overlap**2, 1.0)
    gain = (outer**2 * count[:, None] - 2 * outer * core * overlap + core**2 * count[None, :]) / free
    gain = np.where(thick & (free > 0), gain, 0.0)
    at, around = np.unravel_index(gain.argmax(), gain.shape)
    return gain[at, around], (edge[at], edge[around])


def _discs(points, form):
    """Blurred ellipses of growing radius (mm): overlap with the difference, with themselves, with larger ones."""
    radius = points.radius(form)
    edge = np.arange(2, int(points.search_mm / _STEP_MM)) * _STEP_MM
    spread = points.blur_mm / _STEP_MM
    at = np.arange(-int(4 * spread) - 1, int(4 * spread) + 2) / spread
    bell = np.exp(-(at**2) / 2)
    bell /= bell.sum()
    squared = bell * (bell.cumsum() - bell / 2)
    squared /= squared.sum()
    total = points.within(radius, points.difference, edge, bell)
    return edge, total, points.within(radius, None, edge, squared) + 1e-9, points.within(radius, None, edge, bell)


def _half_contrast(points, radius, core_mm, outer_mm):
    """Both boundaries moved to where half of the contrast inside them, to the liver, is left."""
    difference, pixel_mm = points.difference, points.pixel_mm
    if outer_mm == core_mm:
        # The outer part counts: a rim too thin to be told from its core still sets the level at the border.
        inner_mm = max(0.0, core_mm - max(RIM_MIN_MM, core_mm / 3))
        outer_part_hu = _plateau(radius, difference, inner_mm, core_mm, pixel_mm)
        edge = _edge(points, radius, outer_part_hu, core_mm, max(1.0, core_mm / 4))
        return edge, edge
    core_hu = _plateau(radius, difference, 0.0, core_mm, pixel_mm)
    rim_hu = _plateau(radius, difference, core_mm, outer_mm, pixel_mm)
    reach = (outer_mm - core_mm) / 2
    return (
        _edge(points, radius, core_hu, core_mm, min(reach, core_mm / 2)),
        _edge(points, radius, rim_hu, outer_mm, reach),
    )


def _edge(points, radius, inside_hu, near_mm, reach_mm):
    """Radius within reach of `near_mm` where the difference has fallen to half of inside_hu."""
    edge = np.arange(max(_STEP_MM, near_mm - reach_mm), near_mm + reach_mm, _STEP_MM / 2)
    # A pixel is as wide as it is: crossing it takes the edge one pixel.
    kernel = np.ones(max(1, round(points.pixel_mm / (edge[1] - edge[0])) // 2 * 2 + 1))
    gain = points.within(radius, (2 * points.difference - inside_hu) * inside_hu, edge, kernel / kernel.size)
    at = int(gain.argmax())
    if not 0 < at < gain.size - 1:
        return float(edge[at])
    left, middle, right = gain[at - 1 : at + 2]
    bend = left - 2 * middle + right
    return float(edge[at] + (0.5 * (left - right) / bend if bend < 0 else 0.0) * (edge[1] - edge[0]))


def _outline(points, radius, form, edge_mm, inside_hu, cell):
    """True inside the border: the ellipse, moved in each direction as far as the pixels there ask for.

    A direction moves when half contrast lies elsewhere; noise is kept out by what is known of tumours, which lie within
    LOBULATION of their ellipse.
    """
    turn = np.arctan2(points.y, points.x) - np.arctan2(form[1], form[0]) / 2
    sector = np.floor(turn / (2 * np.pi) * _SECTORS).astype(int) % _SECTORS
    edge = 1 + np.linspace(-3, 3, 49) * LOBULATION
    place = np.searchsorted(edge, radius / edge_mm)
    vote = (2 * points.difference - inside_hu) * inside_hu
    index = sector * (edge.size + 1) + place
    votes = np.bincount(index, weights=vote, minlength=_SECTORS * (edge.size + 1)).reshape(_SECTORS, -1)[:, :-1]
    votes = votes.cumsum(1)
    votes = 0.5 * votes + 0.25 * (np.roll(votes, 1, 0) + np.roll(votes, -1, 0))
    prior = ((edge - 1) / LOBULATION) ** 2 * cell
    border = edge[(votes - prior).argmax(1)]
    around = (turn / (2 * np.pi) * _SECTORS - 0.5) % _SECTORS
    low = np.floor(around).astype(int) % _SECTORS
    share = around - np.floor(around)
    return radius <= edge_mm * ((1 - share) * border[low] + share * border[(low + 1) % _SECTORS])


def _plateau(radius, difference, low_mm, high_mm, pixel_mm):
    """Mean difference to the liver between two radii, edges left out where there is room."""
    margin = min(pixel_mm, (high_mm - low_mm) / 4)
    chosen = (radius >= (low_mm + margin if low_mm else 0.0)) & (radius <= high_mm - margin)
    return float(difference[chosen].mean()) if chosen.any() else 0.0
