"""Calcium in metastases: laid down where tissue dies and in mucin, slowly resorbed.

c' = kd u' + km mucin - kr c, u' = (dead tissue - u) / tau, with c in mg of hydroxyapatite per mL of lesion, averaged
over it, u the dead tissue that has mineralised. Tissue that comes back to life does not give its calcium back.
Calcium does not shrink: it is denser in a lesion that has become smaller, thinner in one that has grown.
Calcium is no sign that a lesion is dead: it lies beside living cells (Easson 1996). Amounts and time constants have not
been published: illustrative. HU: `imaging.calcium`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .checks import days as checked_days
from .checks import number, take
from .kinetics import first_order

DAYS_PER_YEAR = 365.25
# A voxel full of mineral: dense cortical bone; more cannot be packed into a grain (reference adult; illustrative).
SOLID_MG_ML = 1200.0


@dataclass(frozen=True)
class Pattern:
    """How calcium lies in a lesion. share: of the lesion's volume that holds it; grain_mm: thickness of a piece."""

    share: float
    grain_mm: float
    words: str


# The words of radiology, from single grains to the whole lesion; shares and sizes by eye, illustrative.
PATTERNS = {
    "punctate": Pattern(0.02, 2.0, "scattered points"),
    "linear": Pattern(0.025, 1.5, "thin strands along septa"),
    "psammomatous": Pattern(0.02, 0.7, "grains too small to be counted, a haze"),
    "rim": Pattern(0.15, 1.5, "a shell at the border"),
    "amorphous": Pattern(0.40, 6.0, "ill-defined clouds"),
    "solid": Pattern(0.90, 20.0, "most of the lesion"),
}

_LIMITS = {
    "calcium_start_mg_ml": (0, SOLID_MG_ML, "mg/mL"),
    "calcium_necrosis_mg_ml": (0, SOLID_MG_ML, "mg/mL"),
    "calcium_mucin_mg_ml": (0, SOLID_MG_ML, "mg/mL"),
    "calcium_time_constant_d": (0, 1e5, "days", True),
    "calcium_half_life_d": (0, 1e6, "days", True),
}


def simulate(
    values: Mapping[str, Any], days: Any, dead_share: Any, mucin_share: Any = 0.0, relative_volume: Any = 1.0
) -> np.ndarray:
    """Hydroxyapatite (..., L, T) in mg per mL of lesion on the given days.

    values: calcium_start_mg_ml, calcium_necrosis_mg_ml (if all of a lesion dies), calcium_mucin_mg_ml (a year of pure
    mucin), calcium_time_constant_d, calcium_half_life_d (of resorption); floats or arrays whose axes lead.
    days (T,) in order, nothing is laid down before the first. dead_share (..., L, T) 0..1: 1 - viability, taken as
    linear between the days, for which the answer is exact. mucin_share (..., L) 0..1.
    relative_volume (..., L, T) > 0: the lesion's volume over that of the first day, by which the calcium is divided.
    At most SOLID_MG_ML. Raises ValueError with one sentence for a value out of range or a shape that does not fit.
    """
    days = checked_days("days", days)
    given = {key: take(values, key, *limits) for key, limits in _LIMITS.items()}
    dead = np.asarray(number("dead_share", dead_share, 0, 1))
    if dead.ndim < 1 or dead.shape[-1] != days.size:
        raise ValueError(f"dead_share has shape {dead.shape}; its last axis must be the {days.size} days.")
    mucin = np.asarray(number("mucin_share", mucin_share, 0, 1))[..., None]
    resorb = math.log(2.0) / _lesions(given["calcium_half_life_d"])
    mineralise = 1.0 / _lesions(given["calcium_time_constant_d"])
    # The solution below divides by their difference; nobody sees a millionth of either.
    mineralise = np.where(np.abs(mineralise - resorb) < 1e-6 * resorb, resorb * (1 + 1e-6), mineralise)

    died = np.cumsum(np.maximum(np.diff(dead, axis=-1, prepend=dead[..., :1]), 0.0), axis=-1)
    # Two first-order stages in a row: u lags the dying, c loses u again; written as the difference of two followers.
    lagging = [first_order(days, _days(rate) * died, rate) for rate in (mineralise, resorb)]
    weight = _days(mineralise / (mineralise - resorb))
    dystrophic = _days(_lesions(given["calcium_necrosis_mg_ml"])) * weight * (lagging[0] - lagging[1])

    left = np.exp(-_days(resorb) * (days - days[0]))
    of_mucin = _days(_lesions(given["calcium_mucin_mg_ml"]) / DAYS_PER_YEAR / resorb) * mucin * (1.0 - left)
    start = _days(_lesions(given["calcium_start_mg_ml"])) * left
    volume = number("relative_volume", relative_volume, 0, 1e6, above=True)
    return np.minimum((start + dystrophic + of_mucin) / volume, SOLID_MG_ML)


def in_the_grains(mean_mg_ml: Any, pattern: str) -> tuple[Any, Any]:
    """Share of a lesion's volume that is calcified and mg/mL in that share, for a mean over the lesion (...).

    The share is the pattern's, and grows once its grains are solid mineral. Raises ValueError for an unknown pattern.
    """
    if pattern not in PATTERNS:
        raise ValueError(f"pattern is {pattern!r}; it must be one of {', '.join(PATTERNS)}.")
    mean = number("mean_mg_ml", mean_mg_ml, 0, SOLID_MG_ML, "mg/mL")
    share = np.maximum(PATTERNS[pattern].share, np.asarray(mean) / SOLID_MG_ML)[()]
    return share, mean / share


def _lesions(value):
    """A parameter array with one more axis, for lesions."""
    return np.asarray(value, dtype=float)[..., None]


def _days(value):
    """An array with one more axis, for days."""
    return np.asarray(value)[..., None]
