"""Why a treated liver turns nodular: scars that pull the capsule in, nodules that push it out; and what pressure does.

Three mechanisms can be mixed. Lesions that shrink (or, if they are desmoplastic, grow) leave scar, which contracts and
pulls the capsule over it; drugs that injure the sinusoids provoke regenerative nodules (nodular regenerative
hyperplasia), which recede after they are stopped; diffuse infiltration enters as lesions or as `infiltration`.

* scar laid down          S' = ks (shrinkage)+ + kg (growth)+        per lesion in mm, in all in mL
* scar contracted         r' = (S - r) / tau_c                       63 % of a step in 1-3 months
* nodules                 N' = (A exposure - N) / tau_n              RMS height in mm
* portal pressure         P = P0 + b r / liver + c N                 gradient, mmHg
* spleen and collaterals follow it, ascites the part of it that reaches the sinusoids, each at its own pace.

Scar is exact for sizes that are linear between the given days, nodules for any exposure in steps; what follows the
pressure takes it as linear between the days. The time constants come from
published courses; how much scar, nodules and pressure there are has not been published: illustrative.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import tumour
from .checks import days as checked_days
from .checks import number, take
from .kinetics import first_order

# Width (SD) of the dimple over a lesion, relative to its radius at its largest; illustrative, 8-14 mm at 12-20 mm.
DIMPLE_WIDTH = 0.7

# What follows the pressure; illustrative, chosen so that 10 mmHg is where clinically significant portal hypertension
# begins and 20 mmHg a spleen of twice the size, some litres of ascites and large varices.
SPLEEN_FROM_MMHG, SPLEEN_PER_MMHG, SPLEEN_TIME_CONSTANT_D = 5.0, 0.06, 90.0
SIGNIFICANT_MMHG = 10.0
COLLATERALS_FULL_MMHG, COLLATERALS_TIME_CONSTANT_D = 20.0, 120.0
ASCITES_ML_PER_D_MMHG, ASCITES_TIME_CONSTANT_D = 25.0, 20.0
MOST_ASCITES_ML = 10_000.0  # more is drained
# Low albumin lets fluid leave at a lower pressure: mmHg per g/L below normal.
ALBUMIN_G_L, ASCITES_MMHG_PER_G_L = 40.0, 0.2
NORMAL_MMHG, PORTAL_VEIN_MM_PER_MMHG = 4.0, 0.2
# Share of collaterals from which varices are called small, medium and large.
VARICES_FROM = (0.15, 0.45, 0.75)

_LIMITS = {
    "scar_share_pct": (0, 100, "%"),
    "desmoplasia_pct": (0, 100, "%"),
    "scar_time_constant_d": (0, 1e4, "days", True),
    "scar_reach_mm": (0, 1e3, "mm", True),
    "atrophy_pct": (0, 1000, "%"),
    "regeneration_pct": (0, 100, "%"),
    "nodule_amplitude_mm": (0, 10, "mm"),
    "nodule_time_constant_d": (0, 1e4, "days", True),
    "portal_gradient_mmhg": (0, 50, "mmHg"),
    "scar_pressure_mmhg": (0, 200, "mmHg"),
    "nodule_pressure_mmhg": (0, 200, "mmHg"),
    "presinusoidal_pct": (0, 100, "%"),
    "spleen_ml": (0, 5000, "mL", True),
}


@dataclass(frozen=True, eq=False)
class Scars:
    """State of the liver and of the portal circulation; L lesions, T days, leading axes in front.

    retraction_mm, retraction_width_mm (..., L, T) depth and SD of the dimple over each lesion; nodules_mm (..., T) RMS
    height of the regenerative nodules; scar_ml contracted scar; liver_ml the whole liver, tumour included;
    portal_gradient_mmhg the true gradient; hvpg_mmhg what a wedged hepatic vein shows of it, which misses most of what
    lies before the sinusoids, as the nodules do; spleen_ml; ascites_ml;
    collaterals 0..1; varices 0 none, 1 small, 2 medium, 3 large; portal_vein_mm how much wider it is than at 4 mmHg.
    """

    days: np.ndarray
    retraction_mm: np.ndarray
    retraction_width_mm: np.ndarray
    nodules_mm: np.ndarray
    scar_ml: np.ndarray
    liver_ml: np.ndarray
    portal_gradient_mmhg: np.ndarray
    hvpg_mmhg: np.ndarray
    spleen_ml: np.ndarray
    ascites_ml: np.ndarray
    collaterals: np.ndarray
    varices: np.ndarray
    portal_vein_mm: np.ndarray


def nodules_mm(days: Any, exposures: Iterable[Any], amplitude_mm: Any, time_constant_d: Any) -> Any:
    """RMS height (..., T) of regenerative nodules: N' = (amplitude * exposure - N) / time constant, N = 0 before.

    days (T,); exposures: (start_d, end_d, strength) of each course of an injuring drug, end_d may be infinite, strength
    (...) 1 for the reference drug at full dose; courses add up. amplitude_mm, time_constant_d (...). Closed form.
    Onset over some 6 months of chemotherapy and regression 6 months after a change: Radiopaedia case (Almoghazy).
    """
    days = checked_days("days", days)
    amplitude = _column(number("amplitude_mm", amplitude_mm, 0, unit="mm"))
    tau = _column(number("time_constant_d", time_constant_d, 0, unit="days", above=True))
    total = np.zeros(days.shape)
    for start, end, strength in exposures:
        if not start <= end:
            raise ValueError(f"exposures holds a course from day {start:g} to {end:g}; it must end after it starts.")
        strength = _column(number("strength", strength, 0, 100))
        risen = -np.expm1(-np.clip(days - start, 0.0, end - start) / tau)
        total = total + strength * risen * np.exp(-np.maximum(days - end, 0.0) / tau)
    return amplitude * total


def scar_laid_down(diameter_mm: Any, lost_share: Any, gained_share: Any) -> Any:
    """Scar (..., T) of a course of sizes (..., T): lost_share of what was lost and gained_share of what was gained.

    Summed up to each day, never taken back. Any size that adds up: mm of diameter for the pull on a capsule, mL for the
    liver.
    """
    change = np.diff(diameter_mm, axis=-1, prepend=np.asarray(diameter_mm)[..., :1])
    return np.cumsum(lost_share * np.maximum(-change, 0.0) + gained_share * np.maximum(change, 0.0), axis=-1)


def contracted(days: Any, laid_down: Any, time_constant_d: Any) -> Any:
    """How much of the scar laid_down (..., T) has contracted: r' = (S - r) / time constant, r = 0 on the first day."""
    return _follow(checked_days("days", days), laid_down, number("time_constant_d", time_constant_d, 0, above=True))


def simulate(
    values: Mapping[str, Any],
    days: Any,
    diameter_mm: Any,
    gap_mm: Any,
    exposures: Iterable[Any] = (),
    liver_ml: Any = 1500.0,
    infiltration: Any = 0.0,
    albumin_g_l: Any = ALBUMIN_G_L,
) -> Scars:
    """What scar, nodules and portal pressure do to a liver.

    values: parameter key -> float or array, whose axes lead. days (T,) in order; before days[0] nothing has happened.
    diameter_mm (..., L, T): each lesion without swelling, which leaves no scar; L may be 0. gap_mm (..., L): from the
    lesion's edge to the capsule at the start, >= 0; the pull fades as e^(-gap / scar_reach_mm). exposures: courses of
    injuring drugs as in `nodules_mm`. liver_ml (...): the whole liver at days[0]. infiltration (..., T): share of the
    liver 0..1 that diffuse tumour takes; it scars as lesions do but has no place on the capsule. albumin_g_l (..., T).
    Raises ValueError with one sentence for a missing key, a shape that does not fit or a value out of range.
    """
    days = checked_days("days", days)
    given = {key: take(values, key, *limits) for key, limits in _LIMITS.items()}
    size = np.asarray(number("diameter_mm", diameter_mm, 0, 1000, "mm"))
    if size.ndim < 2 or size.shape[-1] != days.size:
        raise ValueError(f"diameter_mm has shape {size.shape}; it must end in (lesions, {days.size} days).")
    gap = np.asarray(number("gap_mm", gap_mm, 0, 1000, "mm"))
    liver = _column(number("liver_ml", liver_ml, 100, 10000, "mL"))
    diffuse_ml = liver * number("infiltration", infiltration, 0, 1)

    # One more axis for lesions (..., L, T) than for the liver (..., T).
    of_lesion, of_liver = (
        tuple(_column(given[key] / 100, axes) for key in ("scar_share_pct", "desmoplasia_pct")) for axes in (2, 1)
    )
    tau = given["scar_time_constant_d"]
    pull = np.exp(-gap / _column(given["scar_reach_mm"]))
    retraction = pull[..., None] * _follow(days, scar_laid_down(size, *of_lesion), _column(tau))
    width = DIMPLE_WIDTH * np.maximum.accumulate(size, axis=-1) / 2

    volume = tumour.volume_ml(size)
    scar = scar_laid_down(volume, *of_lesion).sum(axis=-2) + scar_laid_down(diffuse_ml + 0.0 * days, *of_liver)
    scar = _follow(days, scar, tau)
    nodules = nodules_mm(days, exposures, given["nodule_amplitude_mm"], given["nodule_time_constant_d"])

    tumour_ml = volume.sum(axis=-2) + diffuse_ml
    change = tumour_ml - tumour_ml[..., :1]
    atrophy = liver * -np.expm1(-_column(given["atrophy_pct"]) / 100 * scar / liver)
    regrown = _column(given["regeneration_pct"]) / 100 * (atrophy + _follow(days, np.maximum(-change, 0.0), tau))

    by_scar = _column(given["scar_pressure_mmhg"]) * scar / (0.1 * liver)
    by_nodules = _column(given["nodule_pressure_mmhg"]) * nodules
    base = _column(given["portal_gradient_mmhg"])
    gradient = base + by_scar + by_nodules
    hvpg = gradient - _column(given["presinusoidal_pct"]) / 100 * by_nodules
    after = portal_consequences(days, gradient, hvpg, given["spleen_ml"], albumin_g_l)
    retraction, width = np.broadcast_arrays(retraction, width)
    wider = PORTAL_VEIN_MM_PER_MMHG * (gradient - NORMAL_MMHG)
    flat = np.broadcast_arrays(
        nodules, scar, liver + change - atrophy + regrown, gradient, hvpg, *after, wider
    )  # fmt: skip
    return Scars(days, np.array(retraction), np.array(width), *(np.array(array) for array in flat))


def portal_consequences(
    days: Any, gradient_mmhg: Any, sinusoidal_mmhg: Any, spleen_ml: Any, albumin_g_l: Any = ALBUMIN_G_L
) -> tuple:
    """Spleen (mL), ascites (mL), collaterals (0..1) and varices (0..3) under a portal pressure gradient, each (..., T).

    days (T,); gradient_mmhg (..., T), taken as linear between the days; sinusoidal_mmhg (..., T): the part of it that
    the sinusoids feel; spleen_ml (...) at the start; albumin_g_l (..., T). At the start all are in balance.
    Spleen and collaterals approach what the whole gradient asks for. Ascites leaks from the sinusoids, so that a block
    before them gives varices with little fluid: A' = a (P - threshold)+ - A / tau, P sinusoidal, threshold 10 mmHg,
    lower with low albumin. All numbers here are illustrative.
    """
    gradient = np.asarray(number("gradient_mmhg", gradient_mmhg, 0, 1000, "mmHg"))
    sinusoidal = np.asarray(number("sinusoidal_mmhg", sinusoidal_mmhg, 0, 1000, "mmHg"))
    albumin = number("albumin_g_l", albumin_g_l, 1, 100, "g/L")
    enlarged = 1 + SPLEEN_PER_MMHG * np.maximum(gradient - SPLEEN_FROM_MMHG, 0.0)
    spleen = _column(spleen_ml) * _follow(days, enlarged / enlarged[..., :1], SPLEEN_TIME_CONSTANT_D, 1.0)
    threshold = SIGNIFICANT_MMHG - ASCITES_MMHG_PER_G_L * np.maximum(ALBUMIN_G_L - albumin, 0.0)
    leak = ASCITES_ML_PER_D_MMHG * np.maximum(sinusoidal - threshold, 0.0)
    ascites = first_order(days, leak, 1.0 / ASCITES_TIME_CONSTANT_D, ASCITES_TIME_CONSTANT_D * leak[..., 0])
    ascites = np.minimum(ascites, MOST_ASCITES_ML)
    asked = np.clip((gradient - SIGNIFICANT_MMHG) / (COLLATERALS_FULL_MMHG - SIGNIFICANT_MMHG), 0.0, 1.0)
    collaterals = _follow(days, asked, COLLATERALS_TIME_CONSTANT_D, asked[..., 0])
    varices = np.searchsorted(VARICES_FROM, collaterals, side="right")
    return spleen, ascites, collaterals, varices


def _follow(days, target, time_constant_d, start=0.0):
    """First-order follower of a target (..., T) linear between the days."""
    rate = 1.0 / np.asarray(time_constant_d, dtype=float)
    return first_order(days, rate[..., None] * target, rate, start)


def _column(value, axes=1):
    """A parameter array with more axes behind, for days (and lesions); a float stays a float."""
    return value if isinstance(value, float) else np.asarray(value)[(..., *[None] * axes)]
