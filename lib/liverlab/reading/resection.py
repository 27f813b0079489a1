"""What could be cut out, and what would be left: segments, tumour volume, future liver remnant.

The liver of the virtual body is counted on a grid of points that know their segment (`imaging.segments`). A resection
takes segments, or everything on one side of a plane through the inferior vena cava; it clears a lesion when every part
of it is taken. The future liver remnant is the liver that stays, in per cent of the whole liver, both without tumour.
What surgeons can do beyond that (wedges, ablation of what is left, growing the remnant first) is not simulated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from liverlab.disease.checks import number
from liverlab.imaging.lesions import LesionState
from liverlab.imaging.segments import SEGMENTS, segment_of
from liverlab.imaging.vessels import IVC

_GRID_MM = 5.0
# Standard resections: name -> segments taken, from the smallest to the largest (Brisbane 2000 terms).
RESECTIONS: Mapping[str, tuple[str, ...]] = {
    "left lateral sectionectomy": ("II", "III"),
    "right posterior sectionectomy": ("VI", "VII"),
    "left hepatectomy": ("II", "III", "IVa", "IVb"),
    "right hepatectomy": ("V", "VI", "VII", "VIII"),
    "left trisectionectomy": ("II", "III", "IVa", "IVb", "V", "VIII"),
    "right trisectionectomy": ("IVa", "IVb", "V", "VI", "VII", "VIII"),
}
# Directions in which a lesion's surface is looked at: its middle, its six ends and the diagonals.
_CORNERS = np.array([(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1)], float)
_CORNERS /= np.maximum(np.linalg.norm(_CORNERS, axis=1, keepdims=True), 1)


@dataclass(frozen=True)
class Remnant:
    """What a resection leaves. taken, left_ml: volumes without tumour; left_pct: of the whole liver; cleared: whether
    no lesion is left; left_behind: places of the lesions that are, wholly or in part."""

    name: str
    taken_ml: float
    left_ml: float
    left_pct: float
    cleared: bool
    left_behind: tuple[int, ...]

    def enough(self, limit_pct: float) -> bool:
        """Whether it clears the liver and leaves limit_pct (0..100) of it, compared at 0.1 %."""
        return self.cleared and round(self.left_pct, 1) >= number("limit_pct", limit_pct, 0, 100, "%")


def grid_points(anatomy: Any) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 3) in mm that fill the liver, and the segment (n,) of each: to draw it."""
    grid = _grid(anatomy)
    return grid.points, grid.names


def lesion_volume_ml(lesions: LesionState) -> np.ndarray:
    """Volume of each lesion (L,) in mL, as the ellipsoid it is."""
    return 4 / 3 * np.pi * lesions.semi_axes_mm.prod(axis=1) / 1000


def segment_volumes_ml(anatomy: Any) -> dict[str, float]:
    """Volume of each Couinaud segment in mL; together the volume of the liver."""
    names = _grid(anatomy).names
    share = {name: float((names == name).mean()) for name in SEGMENTS}
    return {name: part * anatomy.form().liver_ml for name, part in share.items()}


def segments_of(anatomy: Any, lesions: LesionState) -> tuple[str, ...]:
    """The segment in which the middle of each lesion lies."""
    if not lesions.ids:
        return ()
    return tuple(np.atleast_1d(segment_of(lesions.centre_mm, anatomy.form().scale)).tolist())


def standard(anatomy: Any, lesions: LesionState, name: str) -> Remnant:
    """The remnant of a resection out of RESECTIONS. ValueError for another name."""
    if name not in RESECTIONS:
        raise ValueError(f"name is {name!r}; it must be one of {', '.join(RESECTIONS)}.")
    taken = RESECTIONS[name]
    grid = _grid(anatomy)
    corners = _corners(lesions)
    inside = np.isin(segment_of(corners, anatomy.form().scale), taken) if len(corners) else np.ones((0, 27), bool)
    return _remnant(anatomy, lesions, name, np.isin(grid.names, taken), inside)


def along_plane(anatomy: Any, lesions: LesionState, angle_deg: float, side: str) -> Remnant:
    """The remnant when everything on one side of an upright plane through the inferior vena cava is taken.

    angle_deg -90..90: where the plane runs forwards of the cava, 0 straight forwards, positive to the patient's left;
    side: `right` or `left`, what is taken. Raises ValueError for others.
    """
    if side not in ("right", "left"):
        raise ValueError(f"side is {side!r}; it must be right or left.")
    angle = np.deg2rad(number("angle_deg", angle_deg, -90, 90, "degrees"))

    def taken(points: np.ndarray) -> np.ndarray:
        x, y = points[..., 0] - _CAVA[0], points[..., 1] - _CAVA[1]
        on_the_right = x * np.cos(angle) + y * np.sin(angle) < 0
        return on_the_right if side == "right" else ~on_the_right

    return _remnant(
        anatomy, lesions, f"plane at {angle_deg:g} degrees, {side} side taken", taken(_grid(anatomy).points),
        taken(_corners(lesions)),
    )  # fmt: skip


def plane_ends_mm(angle_deg: float, reach_mm: float = 190.0) -> tuple[tuple[float, float], tuple[float, float]]:
    """Two points (x, y) of the plane of `along_plane`, from the cava forwards, to draw it (mm)."""
    angle = np.deg2rad(number("angle_deg", angle_deg, -90, 90, "degrees"))
    end = _CAVA[0] + reach_mm * np.sin(angle), _CAVA[1] - reach_mm * np.cos(angle)
    return (float(_CAVA[0]), float(_CAVA[1])), (float(end[0]), float(end[1]))


def options(anatomy: Any, lesions: LesionState) -> tuple[Remnant, ...]:
    """Every standard resection, from the smallest to the largest."""
    return tuple(standard(anatomy, lesions, name) for name in RESECTIONS)


def best(remnants: Iterable[Remnant], limit_pct: float) -> Remnant | None:
    """The one that clears the liver and leaves most of it, if it leaves limit_pct or more; None where none does."""
    enough = [one for one in remnants if one.enough(limit_pct)]
    return max(enough, key=lambda one: one.left_pct, default=None)


@dataclass(frozen=True, eq=False)
class _Points:
    points: np.ndarray  # (n, 3) in the liver
    names: np.ndarray  # (n,) segment of each


@lru_cache(maxsize=4)
def _grid(anatomy: Any) -> _Points:
    mask, z, y, x = anatomy.liver_mask(_GRID_MM)
    places = np.nonzero(mask)
    points = np.stack([x[places[2]], y[places[1]], z[places[0]]], axis=-1).astype(float)
    return _Points(points, np.asarray(segment_of(points, anatomy.form().scale)))


def _corners(lesions: LesionState) -> np.ndarray:
    """(L, 27, 3) points of every lesion, its middle and its surface."""
    return lesions.centre_mm[:, None] + _CORNERS * lesions.semi_axes_mm[:, None]


def _remnant(anatomy: Any, lesions: LesionState, name: str, taken: np.ndarray, inside: np.ndarray) -> Remnant:
    """taken (n,): grid points that go; inside (L, 27): points of the lesions that go."""
    points = _grid(anatomy).points
    tumour = np.zeros(len(points), bool)
    for centre, semi in zip(lesions.centre_mm, lesions.semi_axes_mm, strict=True):
        if semi.min() > 0:
            tumour |= (((points - centre) / semi) ** 2).sum(axis=1) < 1
    liver_ml = anatomy.form().liver_ml * float((~tumour).mean())
    left_ml = anatomy.form().liver_ml * float((~tumour & ~taken).mean())
    there = (lesions.semi_axes_mm > 0).all(axis=1)
    behind = tuple(np.flatnonzero(there & ~inside.all(axis=1)).tolist())
    left_pct = 100 * left_ml / liver_ml if liver_ml else 0.0
    return Remnant(name, liver_ml - left_ml, left_ml, left_pct, not behind, behind)


def _cava_mm() -> tuple[float, float]:
    """Where the hepatic veins meet the inferior vena cava."""
    z, x, y = np.array(IVC)[:, :3].T
    at = 40.0
    return float(np.interp(at, z, x)), float(np.interp(at, z, y))


_CAVA = _cava_mm()
