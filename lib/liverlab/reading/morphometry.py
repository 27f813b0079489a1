"""Measuring the form of a liver: how nodular its surface is, how its lobes compare, how large it should be.

The cut-offs of all of these come from cirrhosis. In pseudocirrhosis none has been validated, and no value of surface
nodularity has been published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from liverlab.disease.checks import number

# Surface nodularity by stage of fibrosis in chronic liver disease, mean and SD in tenths of a mm (191 patients, 5
# centres). Another software prints other numbers for the same liver; never mix them.
# Source: multicentre study in AJR (Duke); abstract read.
LSN_BY_STAGE = {"F0-F1": (2.26, 0.44), "F2": (2.35, 0.37), "F3": (2.42, 0.38), "F4": (3.19, 0.89)}

# Of the smooth curve; the published software does not say. Waves of up to 16 mm are measured to 5-7 %, waves of 28 mm a
# fifth too low and of 45 mm by half: the curve takes them for the form of the liver.
DEGREE = 4
LONGEST_MM, SHORTEST_MM = 120.0, 40.0  # of a stretch of surface that one smooth curve is laid through
CORNER_DEG, CHORD_MM = 50.0, 12.0  # a sharper turn is a corner of the liver, which readers leave out; by eye


def surface_nodularity(x_mm: Any, y_mm: Any, degree: int = DEGREE) -> float:
    """Liver surface nodularity (LSN) of one stretch of outline: mean distance from a smooth curve, in tenths of a mm.

    x_mm, y_mm (N,): points along the outline, in order, N > 3 degree. The curve is a polynomial of the way along the
    outline in x and in y, fitted by least squares; distances are taken at right angles to it and averaged along it.
    Definition: Smith, Pickhardt et al., Radiology 2016;280:771-81 (mean over 10 slices), read in secondary sources.
    """
    x, y = (np.asarray(number(name, values, -1e5, 1e5, "mm")) for name, values in (("x_mm", x_mm), ("y_mm", y_mm)))
    if x.ndim != 1 or x.shape != y.shape or x.size <= 3 * degree:
        raise ValueError(
            f"x_mm and y_mm have shapes {x.shape} and {y.shape}; both must be one list of over {3 * degree}."
        )
    way = _way(x, y)
    if not way[-1] > 0:
        raise ValueError("x_mm and y_mm are one point repeated; they must be points along an outline.")
    along, weight = 2.0 * way / way[-1] - 1.0, np.gradient(way)
    legendre = np.polynomial.legendre
    basis = legendre.legvander(along, degree)
    root = np.sqrt(weight)[:, None]
    fit = np.linalg.lstsq(basis * root, np.stack([x, y], axis=1) * root, rcond=None)[0]
    away = np.stack([x, y], axis=1) - basis @ fit
    direction = legendre.legval(along, legendre.legder(fit)).T
    direction /= np.hypot(*direction.T)[:, None]
    distance = np.abs(away[:, 0] * direction[:, 1] - away[:, 1] * direction[:, 0])
    # Steep flanks of a nodule are long on the outline and short on the smooth curve: the curve counts.
    share = np.abs(np.gradient(x) * direction[:, 0] + np.gradient(y) * direction[:, 1])
    return float(10.0 * np.sum(share * distance) / np.sum(share))


@dataclass(frozen=True)
class Nodularity:
    """LSN of one picture: lsn in tenths of a mm (mean over the stretches, by length); the mm of surface behind it."""

    lsn: float
    length_mm: float
    stretches: int


def free_stretches(picture_hu: Any, liver_mask: Any, pixel_mm: float, step_hu: float = 60.0) -> tuple[Any, ...]:
    """Where `picture_nodularity` measures: stretches of free surface, each an array of the numbers of its rays.

    Found on one study of a patient and given to it for another, both are measured in the same places.
    """
    x, y, free = _edge(*_checked(picture_hu, liver_mask, pixel_mm), step_hu)
    return tuple(_stretches(x, y, free))


def picture_nodularity(
    picture_hu: Any, liver_mask: Any, pixel_mm: float, step_hu: float = 60.0, stretches: Any = None
) -> Nodularity:
    """LSN measured on a picture: the edge of the liver where half of the step to fat or lung is passed.

    picture_hu, liver_mask (rows, columns): HU, and True where the liver is; the mask says where to look, not where the
    edge is; rows run to the back. Rays from the middle of the liver meet the surface in front (where readers measure
    it, away from kidney, stomach and crus); a ray counts where the tissue 2 to 4 mm beyond is step_hu darker. Stretches
    of 40 to 120 mm without gap or corner are measured by `surface_nodularity`; or those given, which `free_stretches`
    found on another study, as far as they are free here.
    lsn is nan, stretches 0 where no stretch of surface is free. ValueError for shapes that do not fit.
    """
    x, y, free = _edge(*_checked(picture_hu, liver_mask, pixel_mm), step_hu)
    if stretches is None:
        parts = list(_stretches(x, y, free))
    else:
        parts = [part[free[part]] for part in stretches if free[part].mean() >= _MOSTLY and part.size > _FEW]
    found = [(surface_nodularity(x[part], y[part]), _length(x[part], y[part])) for part in parts]
    if not found:
        return Nodularity(float("nan"), 0.0, 0)
    lsn, length = np.array(found).T
    return Nodularity(float(np.average(lsn, weights=length)), float(length.sum()), len(found))


def _checked(picture_hu, liver_mask, pixel_mm):
    picture = np.asarray(number("picture_hu", picture_hu, -2000, 1e5, "HU"))
    mask = np.asarray(liver_mask, dtype=bool)
    if picture.ndim != 2 or mask.shape != picture.shape or not mask.any():
        raise ValueError(
            f"liver_mask has shape {mask.shape}; it must be that of picture_hu, {picture.shape}, with some True."
        )
    return picture, mask, number("pixel_mm", pixel_mm, 0.05, 10, "mm")


# Of a stretch that was free on another study: the share that must be free here, and how many rays it needs at least.
_MOSTLY, _FEW = 0.6, 8 * DEGREE
_RAYS = 720
_REACH_MM, _SAMPLE_MM = 5.0, 0.25
_FRONT = 0.2  # sine of the angle by which a ray may still point to the back


def _edge(picture, mask, pixel_mm, step_hu):
    """x, y (mm) of the edge on each ray, and whether the surface is free there."""
    rows, columns = np.nonzero(mask)
    middle = np.array([rows.mean(), columns.mean()])
    turn = np.arange(_RAYS) * 2 * np.pi / _RAYS
    direction = np.stack([np.sin(turn), np.cos(turn)], axis=-1)
    radii = np.arange(0.0, np.hypot(np.ptp(rows), np.ptp(columns)) + 2.0, dtype=np.float32)
    # With a margin of one pixel: what lies beyond the picture is not liver.
    wide = np.pad(mask, 1)
    row, column = (
        np.clip(np.rint(middle[k] + 1 + radii[:, None] * direction[:, k].astype(np.float32)), 0, wide.shape[k] - 1)
        for k in (0, 1)
    )
    hit = np.take(wide.ravel(), (row * np.float32(wide.shape[1]) + column).astype(np.int32))
    # The outermost liver on each ray: a fissure further in does not count.
    last = radii[-1] - hit[::-1].argmax(axis=0)
    offset = np.arange(-_REACH_MM, _REACH_MM + _SAMPLE_MM / 2, _SAMPLE_MM)
    profile = _sample(picture, middle + (last[:, None] + offset / pixel_mm)[..., None] * direction[:, None])
    liver = float(np.median(picture[mask]))
    beyond = profile[:, (offset >= 2.0) & (offset <= 4.0)].mean(axis=1)
    level = (liver + beyond)[:, None] / 2
    # From outside in: the first sample above the level, and the crossing just before it.
    above = profile[:, ::-1] > level
    first = above.argmax(axis=1)
    free = (liver - beyond >= step_hu) & (first > 0) & above.any(axis=1)
    first = np.maximum(first, 1)
    ray = np.arange(_RAYS)
    low, high = profile[:, ::-1][ray, first - 1], profile[:, ::-1][ray, first]
    share = np.where(free, (level[:, 0] - low) / np.where(high == low, 1.0, high - low), 0.0)
    radius = last * pixel_mm + offset[::-1][first - 1] - share * _SAMPLE_MM
    return radius * direction[:, 1], radius * direction[:, 0], free & (direction[:, 0] < _FRONT)


def _sample(picture, at):
    """Bilinear values at (..., 2) rows and columns; the border is continued."""
    at = np.clip(at, 0, np.array(picture.shape) - 1.001)
    low = at.astype(int)
    (v, u), (row, column) = np.moveaxis(at - low, -1, 0), np.moveaxis(low, -1, 0)
    top = picture[row, column] * (1 - u) + picture[row, column + 1] * u
    bottom = picture[row + 1, column] * (1 - u) + picture[row + 1, column + 1] * u
    return top * (1 - v) + bottom * v


def _stretches(x, y, free):
    """Runs of rays with a free surface and no jump, as index arrays, cut to at most LONGEST_MM."""
    step = np.hypot(x - np.roll(x, 1), y - np.roll(y, 1))
    joined = free & np.roll(free, 1) & (step < 3.0)
    breaks = np.flatnonzero(~joined)
    runs = [np.arange(x.size)] if breaks.size == 0 else []
    for start, end in zip(breaks, np.append(breaks[1:], breaks[:1] + x.size), strict=True):
        if end - start > 1:
            runs.append(np.arange(start, end) % x.size)
    for part in (part for run in runs if free[run].all() for part in _without_corners(x, y, run)):
        length = _length(x[part], y[part])
        if length >= SHORTEST_MM:
            pieces = int(np.ceil(length / LONGEST_MM))
            yield from np.split(part, np.searchsorted(_way(x[part], y[part]), length * np.arange(1, pieces) / pieces))


def _without_corners(x, y, run):
    """The run cut where the outline turns by more than CORNER_DEG within CHORD_MM: the tip of a lobe, a fissure."""
    way = _way(x[run], y[run])
    ahead, behind = (
        np.stack([np.interp(way + shift, way, x[run]) - x[run], np.interp(way + shift, way, y[run]) - y[run]])
        for shift in (CHORD_MM, -CHORD_MM)
    )
    turn = np.abs(np.arctan2(ahead[0] * -behind[1] + ahead[1] * behind[0], -(ahead * behind).sum(axis=0)))
    corner = (turn > np.radians(CORNER_DEG)) & (way >= CHORD_MM) & (way <= way[-1] - CHORD_MM)
    kept = np.flatnonzero(~corner)
    return [run[part] for part in np.split(kept, np.flatnonzero(np.diff(kept) > 1) + 1)] if kept.size else []


def _way(x, y):
    return np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])


def _length(x, y):
    return float(_way(x, y)[-1])


def caudate_right_ratio(inside: Any, position_mm: Any, divide_mm: float) -> float:
    """Width of the caudate over that of the right lobe, on one line across the liver just below the portal bifurcation.

    inside (N,): True where liver is; position_mm (N,) evenly spaced, rising to the patient's left; divide_mm: where the
    right wall of the main portal vein projects on the line. Above 0.65 was called cirrhosis in 50 patients (Harbin,
    Radiology 1980;135:273-83); in 312 adults it hardly separated (area under the curve 0.567).
    """
    position = np.asarray(number("position_mm", position_mm, -1e5, 1e5, "mm"))
    inside = np.asarray(inside, dtype=bool)
    if position.ndim != 1 or inside.shape != position.shape or position.size < 2 or (np.diff(position) <= 0).any():
        raise ValueError(f"position_mm has shape {position.shape}; it must rise and match inside, {inside.shape}.")
    step = (position[-1] - position[0]) / (position.size - 1)
    widths = [step * inside[side].sum() for side in (position >= divide_mm, position < divide_mm)]
    if not min(widths) > 0:
        raise ValueError(f"divide_mm is {divide_mm:g}; it must have liver on both sides.")
    return float(widths[0] / widths[1])


_SEGMENTS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def segmental_volume_ratio(volume_ml: Mapping[str, Any]) -> Any:
    """LSVR: volume of Couinaud's segments I to III over that of IV to VIII.

    volume_ml: segment (I to VIII; IVa and IVb instead of IV) -> volume (...) >= 0. Normal 0.27 +- 0.07, cirrhosis
    0.55 +- 0.29, cut-off 0.35 (Furusato Hunt, J Comput Assist Tomogr 2016, doi 10.1097/RCT.0000000000000389).
    """
    unknown = sorted(set(volume_ml) - {*_SEGMENTS, "IVa", "IVb"})
    if unknown:
        raise ValueError(
            f"volume_ml has the segment {unknown[0]!r}; it must be one of {', '.join(_SEGMENTS)}, IVa, IVb."
        )
    given = {name: number(f"volume_ml[{name}]", value, 0, 1e4, "mL") for name, value in volume_ml.items()}
    missing = [s for s in _SEGMENTS if s not in given and not (s == "IV" and {"IVa", "IVb"} <= set(given))]
    if missing:
        raise ValueError(f"volume_ml has no segment {missing[0]}; it must hold all of {', '.join(_SEGMENTS)}.")
    small = given["I"] + given["II"] + given["III"]
    large = sum(value for name, value in given.items() if name not in ("I", "II", "III"))
    if not np.all(np.asarray(large) > 0):
        raise ValueError("volume_ml has no volume in segments IV to VIII; it must be above 0 mL.")
    return small / large


# Standard liver volume in mL: slope per m2 of body surface, intercept.
_STANDARD = {
    "feng2017": (758.26, -124.3),  # World J Gastroenterol 2017;23:4968
    "urata1995": (706.2, 2.4),  # Hepatology 1995;21:1317
    "vauthey2002": (1267.3, -794.4),  # Liver Transpl 2002;8:233
}


def standard_liver_volume_ml(body_surface_m2: Any, formula: str = "vauthey2002") -> Any:
    """Volume (mL, ...) that a liver should have, from the body surface (m2, 0.9 to 3).

    formula: feng2017, urata1995, vauthey2002. They differ by 250 mL at 1.8 m2: Chinese, Japanese and western adults.
    """
    if formula not in _STANDARD:
        raise ValueError(f"formula is {formula!r}; it must be one of {', '.join(_STANDARD)}.")
    slope, intercept = _STANDARD[formula]
    return slope * number("body_surface_m2", body_surface_m2, 0.9, 3, "m2") + intercept
